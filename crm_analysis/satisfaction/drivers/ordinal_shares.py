"""Pseudo-R2 of an ordinal outcome on every subset of drivers, in the sample and in draws of respondents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.cases import Cases
from crm_analysis.satisfaction.drivers.cumulative import Fits, cumulative_design, fit_cumulative, starting_values
from crm_analysis.satisfaction.drivers.ordinal_fit import (
    MEASURES,
    category_codes,
    null_log_likelihood,
    pseudo_r_squared,
    scaled,
)
from crm_analysis.satisfaction.drivers.resampling import Draws, check_failures, drawn_counts, failures
from crm_analysis.satisfaction.drivers.shapley import shapley

MOST_ORDINAL = 12  # drivers or groups: 4,096 models
Progress = Callable[[int, int], None] | None


def subset_pseudo_r_squared(cases: Cases, *, link: str = "logit", measure: str = "mcfadden") -> np.ndarray:
    """Pseudo-R2 of the outcome on every subset of drivers, all models fitted together.

    Parameters
    ----------
    cases : Cases
    link : {"logit", "probit"}
    measure : {"mcfadden", "nagelkerke"}

    Returns
    -------
    ndarray, shape (2 ** m,)
        In the order of `subset_r_squared`, for `shapley`, `dominance` and the rest.

    Raises
    ------
    InputError
        With more than 12 drivers or groups, or an unknown measure.

    References
    ----------
    .. [1] Azen & Traxel (2009). Using dominance analysis to determine predictor importance in logistic regression.
       Journal of Educational and Behavioral Statistics 34, 319-347.
    """
    return _point(cases, link, measure)[0]


def drawn_ordinal_shares(
    cases: Cases, *, link: str, measure: str, draws: int, seed: int, progress: Progress = None
) -> tuple[np.ndarray, Draws]:
    """Pseudo-R2 of every subset in the sample, and the shares in every draw.

    A draw in which a category of the outcome does not occur is fitted with the categories that do. Draws with a
    constant driver, or without convergence, are counted, not used.

    Parameters
    ----------
    cases, link, measure
        As in `subset_pseudo_r_squared`.
    draws, seed : int
    progress : callable, optional
        Called after each draw with the draws done and their number.

    Returns
    -------
    fit : ndarray, shape (2 ** m,)
    drawn : Draws
    """
    fit, fits, free = _point(cases, link, measure)
    codes, x = category_codes(cases)[0], scaled(cases.drivers)[0]
    totals, shares, constant, stuck = [], [], 0, 0
    done = 0
    for batch in drawn_counts(len(codes), draws, seed=seed) if draws else ():
        for count in batch:
            drawn = count > 0
            done += 1
            if not _varied(codes[drawn], x[drawn]):
                constant += 1
            else:
                found = _refit(codes[drawn], x[drawn], (count * cases.weights)[drawn], fits, free, link, measure)
                stuck += found is None
                totals += [] if found is None else [found[-1]]
                shares += [] if found is None else [shapley(found)]
            if progress:
                progress(done, draws)
    failed = failures({"constant_in_draw": (constant, []), "not_converged": (stuck, [])})
    check_failures(failed, draws)
    m = len(cases.groups)
    return fit, Draws(np.array(totals), {"lmg": np.array(shares).reshape(-1, m)}, draws, failed)


def _point(cases: Cases, link: str, measure: str) -> tuple[np.ndarray, Fits, np.ndarray]:
    """Fit of every subset in the sample, with its parameters and which of them are free."""
    m = len(cases.groups)
    if m > MOST_ORDINAL:
        raise InputError(f"{m} drivers need {2**m:,} ordinal models", where="drivers",
                         expected=f"at most {MOST_ORDINAL} drivers or groups", mend="form groups, or use kind='ols'",
                         zh=f"{m} 个驱动因素需要拟合 {2**m:,} 个有序模型，请先分组")  # fmt: skip
    if measure not in MEASURES:
        raise InputError(f"there is no measure {measure!r}", where="measure", expected=" or ".join(MEASURES),
                         zh=f"没有名为 {measure} 的拟合度量")  # fmt: skip
    codes, x = category_codes(cases)[0], scaled(cases.drivers)[0]
    design = cumulative_design(codes, x, link=link)
    group = np.repeat(np.arange(m), cases.sizes)
    inside = (np.arange(2**m)[:, None] >> group) & 1 == 1
    free = np.hstack([np.ones((2**m, design.cuts), bool), inside])
    start = np.tile(starting_values(codes, cases.weights, free.shape[1], link=link), (2**m, 1))
    fits = fit_cumulative(design, cases.weights, start=start, free=free)
    null = null_log_likelihood(codes, cases.weights)
    return pseudo_r_squared(fits.log_likelihood, null, len(codes), measure=measure), fits, free


def _refit(
    codes: np.ndarray, x: np.ndarray, weights: np.ndarray, fits: Fits, free: np.ndarray, link: str, measure: str
) -> np.ndarray | None:
    """Fit of every subset in one draw, started from the sample's parameters; None if a model did not converge."""
    present, codes = np.unique(codes, return_inverse=True)
    cuts = fits.theta.shape[1] - x.shape[1]
    kept = np.concatenate([present[1:] - 1, np.arange(cuts, fits.theta.shape[1])])  # the cut below each category
    found = fit_cumulative(cumulative_design(codes, x, link=link), weights, start=fits.theta[:, kept],
                           free=free[:, kept])  # fmt: skip
    if not found.converged.all():
        return None
    n = weights.sum()
    return pseudo_r_squared(found.log_likelihood, null_log_likelihood(codes, weights), n, measure=measure)


def _varied(codes: np.ndarray, x: np.ndarray) -> bool:
    """Whether the outcome varies in a draw and the drivers are not collinear."""
    if np.ptp(codes) == 0 or (np.ptp(x, axis=0) == 0).any():
        return False
    return bool(np.linalg.eigvalsh(np.corrcoef(x, rowvar=False).reshape(2 * [x.shape[1]]))[0] > 1e-9)
