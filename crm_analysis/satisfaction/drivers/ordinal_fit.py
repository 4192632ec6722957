"""What every ordinal fit needs: categories, scaled drivers, one fit that says why it fails, pseudo-R2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.drivers.cases import Cases
from crm_analysis.satisfaction.drivers.cumulative import (
    LINKS,
    Design,
    Fits,
    cumulative_design,
    fit_cumulative,
    scores,
    starting_values,
)
from crm_analysis.satisfaction.drivers.separation import separating

MOST_CATEGORIES = 20  # with more, treat the outcome as a number
EXTREME = 12.0  # score on the link's scale at which separation is looked for: chances below 1 in 100,000
MEASURES = ("mcfadden", "nagelkerke")


def fit_one(
    codes: np.ndarray, x: np.ndarray, weights: np.ndarray, *, link: str, names: Sequence[str], where: str = "",
    freed: Sequence[int] = (),
) -> tuple[Design, Fits]:  # fmt: skip
    """Fit one model to scaled drivers, or say which driver separates the answers (and at which cut, `where`)."""
    if link not in LINKS:
        raise InputError(f"there is no link {link!r}", where="link", expected=" or ".join(LINKS),
                         mend=nearest(link, LINKS), zh=f"没有名为 {link} 的连接函数")  # fmt: skip
    design = cumulative_design(codes, x, link=link, freed=freed)
    start = starting_values(codes, weights, design.upper.shape[1], link=link)[None]
    fits = fit_cumulative(design, weights, start=start, free=np.ones(start.shape, bool))
    high, low = scores(design, fits.theta)
    furthest = max(np.abs(high[:, design.upper_shift == 0]).max(), np.abs(low[:, design.lower_shift == 0]).max())
    parameters = [name for j, name in enumerate(names) for _ in range(design.cuts if j in freed else 1)]
    at_fault = separating(design, parameters) if furthest > EXTREME or not fits.converged[0] else []
    if at_fault or not fits.converged[0]:
        guilty = ", ".join(dict.fromkeys(at_fault)) or "no single driver"
        raise InputError(
            f"the answers{where} are separated by {guilty}: no finite coefficient exists", where="the ordinal model",
            expected="answers on both sides of every cut at overlapping values of the drivers",
            mend="merge rare categories of the outcome (merge_categories) or leave the driver out",
            zh=f"{guilty} 把回答完全分开，系数不存在有限的估计值；请合并回答较少的类别或去掉该因素",
        )  # fmt: skip
    return design, fits


def category_codes(cases: Cases) -> tuple[np.ndarray, list[str]]:
    """Codes 0, ..., J - 1 of the outcome's values that occur, and their names."""
    values, codes = np.unique(cases.outcome.to_numpy(float), return_inverse=True)
    if len(values) > MOST_CATEGORIES:
        raise InputError(f"{cases.outcome.name} has {len(values)} different values", where="the ordinal model",
                         expected=f"at most {MOST_CATEGORIES} ordered categories",
                         mend="use kind='ols', or merge categories (merge_categories)",
                         zh=f"{cases.outcome.name} 的取值多达 {len(values)} 个，不宜作为有序类别")  # fmt: skip
    return codes, [cases.labels[value] for value in values]


def scaled(drivers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drivers with mean 0 and standard deviation 1, and what was subtracted and divided by."""
    values = drivers.to_numpy(float)
    centre, scale = values.mean(axis=0), values.std(axis=0)
    return (values - centre) / scale, centre, scale


def unscaled(cuts: int, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Matrix that turns thresholds and coefficients of scaled drivers into those of the drivers as answered."""
    back = np.diag(np.concatenate([np.ones(cuts), 1 / scale]))
    back[:cuts, cuts:] = centre / scale
    return back


def null_log_likelihood(codes: np.ndarray, weights: np.ndarray) -> float:
    """Log-likelihood of the shares of the categories alone."""
    held = np.bincount(codes, weights)
    return float((held * np.log(held / held.sum())).sum())


def pseudo_r_squared(
    log_likelihood: np.ndarray | float, null: float, n: float, *, measure: str = "mcfadden"
) -> np.ndarray:
    """McFadden's or Nagelkerke's pseudo-R2 of log-likelihoods.

    References
    ----------
    .. [1] McFadden (1974). Conditional logit analysis of qualitative choice behavior. Frontiers in Econometrics, 121.
    .. [2] Nagelkerke (1991). Biometrika 78, 691-692.

    Examples
    --------
    >>> float(pseudo_r_squared(-75.0, -100.0, 100)), round(float(pseudo_r_squared(-75, -100, 100,
    ...     measure="nagelkerke")), 4)
    (0.25, 0.4551)
    """
    log_likelihood = np.asarray(log_likelihood, float)
    if measure == "mcfadden":
        return 1 - log_likelihood / null
    return np.expm1(2 * (null - log_likelihood) / n) / np.expm1(2 * null / n)
