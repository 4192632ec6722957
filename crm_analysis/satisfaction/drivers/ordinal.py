"""The cumulative logit or probit model of an ordinal outcome, with its thresholds as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.drivers.cases import Cases, Weights, read_cases
from crm_analysis.satisfaction.drivers.cumulative import case_gradients
from crm_analysis.satisfaction.drivers.ordinal_fit import (
    category_codes,
    fit_one,
    null_log_likelihood,
    pseudo_r_squared,
    scaled,
    unscaled,
)
from crm_analysis.tables.ledger import TableLedger


@dataclass(frozen=True)
class OrdinalModel:
    r"""A cumulative model, :math:`P(y > c) = F(x^\top b - \tau_c)` with the same b at every cut.

    Parameters
    ----------
    table : pandas.DataFrame, index driver
        coefficient (positive: higher drivers go with higher answers) with limits, standard_error, p, p_holm; of the
        logit odds_ratio (of an answer above any cut, per point of the driver) with limits.
    thresholds : pandas.DataFrame, index threshold
        threshold with limits and standard_error; named ``a | b`` after the categories it divides.
    covariance : pandas.DataFrame
        Of thresholds and coefficients; of weighted answers the robust (sandwich) one.
    log_likelihood, null_log_likelihood : float
        With all drivers and with none.
    link : str
    categories : tuple of str
    ledger : TableLedger
        Respondents used and left out.
    """

    table: pd.DataFrame
    thresholds: pd.DataFrame
    covariance: pd.DataFrame
    log_likelihood: float
    null_log_likelihood: float
    link: str
    categories: tuple[str, ...]
    ledger: TableLedger

    @property
    def respondents(self) -> int:
        """Respondents used."""
        return self.ledger.kept

    @property
    def mcfadden(self) -> float:
        """McFadden's pseudo-R2, 1 - ln L / ln L0."""
        return float(pseudo_r_squared(self.log_likelihood, self.null_log_likelihood, self.respondents))

    @property
    def nagelkerke(self) -> float:
        """Nagelkerke's pseudo-R2, (1 - (L0 / L)^(2/n)) / (1 - L0^(2/n))."""
        found = pseudo_r_squared(self.log_likelihood, self.null_log_likelihood, self.respondents, measure="nagelkerke")
        return float(found)


def ordinal_model(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    link: str = "logit",
    weights: Weights = None,
    level: float = 0.95,
    missing: str = "listwise",
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    low: float | None = None,
    high: float | None = None,
) -> OrdinalModel:
    """Fit an ordinal outcome on drivers by maximum likelihood.

    Parameters
    ----------
    survey, outcome, drivers, weights, missing, missing_codes, reversed_items, low, high
        As in `read_cases`; the values of the outcome that occur are its categories.
    link : {"logit", "probit"}
    level : float in (0, 1)

    Returns
    -------
    OrdinalModel

    Raises
    ------
    InputError
        As `read_cases`; if a driver separates the answers; with more than 20 categories.

    References
    ----------
    .. [1] McCullagh (1980). Regression models for ordinal data. JRSS B 42, 109-142.

    Examples
    --------
    >>> survey = pd.DataFrame({"stars": [1, 1, 2, 2, 3, 3, 1, 3], "quality": [1, 2, 2, 3, 3, 4, 3, 2]})
    >>> ordinal_model(survey, outcome="stars", drivers=["quality"]).thresholds.index.tolist()
    ['1 | 2', '2 | 3']
    """
    cases = read_cases(survey, outcome=outcome, drivers=drivers, weights=weights, low=low, high=high, missing=missing,
                       missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    return fit_ordinal(cases, link=link, level=level)


def fit_ordinal(cases: Cases, *, link: str = "logit", level: float = 0.95) -> OrdinalModel:
    """Fit the model to answers read before."""
    codes, categories = category_codes(cases)
    names = list(cases.drivers.columns)
    x, centre, scale = scaled(cases.drivers)
    design, fits = fit_one(codes, x, cases.weights, link=link, names=names)
    theta, covariance = fits.theta[0], np.linalg.inv(fits.information[0])
    if np.ptp(cases.weights) > 0:
        meat = case_gradients(design, theta) * cases.weights[:, None]
        covariance = covariance @ meat.T @ meat @ covariance
    back = unscaled(design.cuts, centre, scale)
    theta, covariance = back @ theta, back @ covariance @ back.T
    limits = _limits(theta, covariance, level)
    cut_names = [f"{low} | {high}" for low, high in pairwise(categories)]
    thresholds = limits.iloc[: design.cuts].set_axis(pd.Index(cut_names, name="threshold"))
    table = limits.iloc[design.cuts :].set_axis(pd.Index(names, name="driver"))
    rename = {name: name.replace("estimate", "threshold") for name in limits}
    parts = ["estimate", "estimate_low", "estimate_high", "standard_error"]
    table = table.rename(columns={name: name.replace("estimate", "coefficient") for name in table})
    table = table.assign(p_holm=holm(table["p"]), **_odds(table) if link == "logit" else {})
    every = [*cut_names, *names]
    return OrdinalModel(
        table, thresholds[parts].rename(columns=rename), pd.DataFrame(covariance, index=every, columns=every),
        float(fits.log_likelihood[0]), null_log_likelihood(codes, cases.weights), link, tuple(categories), cases.ledger,
    )  # fmt: skip


def _limits(theta: np.ndarray, covariance: np.ndarray, level: float) -> pd.DataFrame:
    """Estimates with Wald limits, standard errors and p-values of being zero."""
    error = np.sqrt(np.diag(covariance))
    reach = ndtri(0.5 + check_level(level) / 2) * error
    columns = {"estimate": theta, "estimate_low": theta - reach, "estimate_high": theta + reach}
    return pd.DataFrame(columns | {"standard_error": error, "p": 2 * ndtr(-np.abs(theta / error))})


def _odds(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {f"odds_ratio{end}": np.exp(table[f"coefficient{end}"]) for end in ("", "_low", "_high")}
