"""The coefficients of an ordinal outcome at each of its cuts: one binary logit for every "more than"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.drivers.cases import Cases, read_cases
from crm_analysis.satisfaction.drivers.ordinal_fit import category_codes, fit_one, scaled

FEW_PER_DRIVER = 10  # answers on the smaller side of a cut per driver: below, logits are biased (Peduzzi 1996)


@dataclass(frozen=True)
class CutFits:
    """Binary logits of an answer above each cut, named by the lowest category above it.

    Parameters
    ----------
    slopes : ndarray, shape (cuts, k)
        Per point of the driver.
    covariance : ndarray, shape (cuts, k, cuts, k)
        Of all slopes, also between cuts: they come from the same respondents.
    above : ndarray of int, shape (cuts,)
        Answers above the cut.
    n : int
    names : list of str
        The k drivers.
    cut_names : list of str
    """

    slopes: np.ndarray
    covariance: np.ndarray
    above: np.ndarray
    n: int
    names: list[str]
    cut_names: list[str]

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """Coefficients with limits, as `cut_coefficients` returns them."""
        k = len(self.names)
        error = np.sqrt(np.einsum("ckck->ck", self.covariance))
        reach = ndtri(0.5 + check_level(level) / 2) * error
        smaller = np.minimum(self.above, self.n - self.above)
        index = pd.MultiIndex.from_product([self.names, self.cut_names], names=["driver", "cut"])
        return pd.DataFrame(
            {
                "coefficient": self.slopes.T.ravel(), "coefficient_low": (self.slopes - reach).T.ravel(),
                "coefficient_high": (self.slopes + reach).T.ravel(),
                "answers_below": np.tile(self.n - self.above, k), "answers_above": np.tile(self.above, k),
                "sparse_cut": np.tile(smaller < FEW_PER_DRIVER * k, k),
            },
            index=index,
        )  # fmt: skip


def cut_coefficients(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    level: float = 0.95,
    missing: str = "listwise",
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    low: float | None = None,
    high: float | None = None,
) -> pd.DataFrame:
    r"""Coefficients of :math:`\mathrm{logit}\,P(y > c) = \alpha_c + x^\top \beta_c` at every cut c.

    If the odds are proportional, the coefficients of a driver are the same at all cuts up to chance.

    Parameters
    ----------
    survey, outcome, drivers, missing, missing_codes, reversed_items, low, high
        As in `read_cases`.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index (driver, cut)
        coefficient with Wald limits, answers_below, answers_above, sparse_cut (fewer than ten answers per driver on the
        smaller side of the cut).

    Raises
    ------
    InputError
        As `read_cases`; with fewer than three categories; if a driver separates the answers at a cut.

    References
    ----------
    .. [1] Peduzzi, Concato, Kemper, Holford & Feinstein (1996). Journal of Clinical Epidemiology 49, 1373-1379.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> quality = rng.integers(1, 6, 200)
    >>> stars = np.digitize(quality + rng.logistic(size=200), [2.0, 4.0])
    >>> survey = pd.DataFrame({"stars": stars, "quality": quality})
    >>> cut_coefficients(survey, outcome="stars", drivers=["quality"])["coefficient"].round(2).tolist()
    [0.88, 0.71]
    """
    cases = read_cases(survey, outcome=outcome, drivers=drivers, low=low, high=high, missing=missing,
                       missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    return fit_cuts(cases).table(level=level)


def fit_cuts(cases: Cases) -> CutFits:
    r"""Fit the logits and the covariance of their coefficients across cuts.

    .. math:: \mathrm{Cov}(\hat\beta_k, \hat\beta_l) = (X^\top W_{kk} X)^{-1} X^\top W_{kl} X (X^\top W_{ll} X)^{-1},
              \quad W_{kl} = \mathrm{diag}(\pi_l - \pi_k \pi_l),\ k \le l
    """
    codes, categories = category_codes(cases)
    cuts, names = len(categories) - 1, list(cases.drivers.columns)
    if cuts < 2:
        raise InputError(f"{cases.outcome.name} has {cuts + 1} categories: there is one cut and nothing to compare",
                         where="the ordinal model", expected="three categories or more",
                         zh=f"{cases.outcome.name} 只有 {cuts + 1} 个类别，无法比较各切分点")  # fmt: skip
    x, _, scale = scaled(cases.drivers)
    cut_names = [f"≥ {name}" for name in categories[1:]]
    full = np.column_stack([np.ones(len(x)), x])
    theta = []
    for cut, name in enumerate(cut_names):
        above = (codes > cut).astype(int)
        fits = fit_one(above, x, cases.weights, link="logit", names=names, where=f" at the cut {name}")[1]
        theta.append(np.append(-fits.theta[0, 0], fits.theta[0, 1:]))  # the intercept is minus the threshold
    chance = expit(full @ np.array(theta).T)
    inverse = [np.linalg.inv(full.T @ (full * (p * (1 - p))[:, None])) for p in chance.T]
    covariance = np.empty((cuts, len(names), cuts, len(names)))
    for k in range(cuts):
        for j in range(k, cuts):
            shared = full.T @ (full * (chance[:, j] * (1 - chance[:, k]))[:, None])
            covariance[k, :, j] = (inverse[k] @ shared @ inverse[j])[1:, 1:] / np.outer(scale, scale)
            covariance[j, :, k] = covariance[k, :, j].T
    above = np.array([(codes > cut).sum() for cut in range(cuts)])
    return CutFits(np.array(theta)[:, 1:] / scale, covariance, above, len(codes), names, cut_names)
