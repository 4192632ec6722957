"""A fitted path model on the scale from 0 to 100: item weights, indices and paths in points, for many fits at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import percentile_limits
from crm_analysis.satisfaction.pls.algorithm import Solution, total_effects
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.fitted import check_fitted
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments

WEIGHTS = ("unstandardised", "standardised", "equal")
FULL = 100.0
CANCELLING = 5.0  # an item counting five times its block, against the others: the index hangs on noise


@dataclass(frozen=True)
class Points:
    """B fits of a model with p items and q constructs, in points from 0 to 100.

    Parameters
    ----------
    shares : ndarray, shape (B, p)
        Weight of each item in the index of its construct; those of a block add up to 1.
    items : ndarray, shape (B, p)
        Item means.
    index : ndarray, shape (B, q)
    sds : ndarray, shape (B, q)
        Standard deviation of the index among respondents.
    paths : ndarray, shape (B, q, q)
        Points of j per point of i at [i, j], for a path from i to j; meant for unstandardised weights, with which
        an index is the construct's score on another scale.
    coefficients : ndarray, shape (B, q, q)
        The same paths in standard deviations.
    """

    shares: np.ndarray
    items: np.ndarray
    index: np.ndarray
    sds: np.ndarray
    paths: np.ndarray
    coefficients: np.ndarray

    @property
    def effects(self) -> np.ndarray:
        """Total effects of the paths, shape (B, q, q)."""
        return total_effects(self.paths)


def points(
    moments: Moments, solution: Solution, design: Design, *, scale: tuple[float, float], weights: str = "unstandardised"
) -> Points:
    r"""Put fits on the scale from 0 to 100.

    .. math:: I_j = \sum_i u_i\, 100\,\frac{\bar x_i - \min}{\max - \min}, \qquad
              u_i \propto \frac{w_i}{s_i},\ w_i \text{ or } 1, \qquad b^*_{jk} = b_{jk}\,\frac{s(I_k)}{s(I_j)}

    With PLSc s(I) is freed of measurement error, times the root of rho_A, as its paths are.

    Parameters
    ----------
    moments, solution
        Of B fits, or of one.
    design : Design
    scale : (low, high)
    weights : {"unstandardised", "standardised", "equal"}
        w / s, as in ECSI and ACSI; w; or 1.

    References
    ----------
    .. [1] Tenenhaus et al. (2005). Computational Statistics & Data Analysis 48, 159-205, section 2.3.4 (index).
    .. [2] Ringle & Sarstedt (2016). Industrial Management & Data Systems 116, 1865-1886 (effects in points).
    """
    low, high = scale
    per_mark = FULL / (high - low)
    shares = item_shares(moments.sds, solution.weights.sum(axis=2), design, weights)
    means = np.broadcast_to((moments.means - low) * per_mark, shares.shape)
    spread = (shares * moments.sds * per_mark)[:, :, None] * design.member
    sds = np.sqrt((spread * (moments.correlations @ spread)).sum(axis=1))
    true = sds * np.sqrt(solution.rho)
    paths = solution.paths * true[:, None, :] / true[:, :, None]
    return Points(shares, means, (shares * means) @ design.member, sds, paths, solution.paths)


def item_shares(sds: np.ndarray, outer: np.ndarray, design: Design, weights: str) -> np.ndarray:
    """Weights of items (B, p), those of a block adding up to 1, from standard deviations and outer weights."""
    raw = {"equal": np.ones_like(outer), "standardised": outer, "unstandardised": outer / sds}[weights]
    return raw / (raw @ design.member)[:, design.block]


def point_fit(fitted: PLS, weights: str = "unstandardised", *, names: Iterable[str] | None = None) -> Points:
    """Return the fit itself in points, checked: the scale and the means are known, the weights make an index.

    The latter of the constructs named, or of all.
    """
    found, cancelled = _fit_points(fitted, weights)
    wanted = fitted.model.constructs if names is None else names
    broken = [name for name, bad in zip(fitted.model.constructs, cancelled) if bad and name in wanted]
    if broken:
        raise InputError(f"the weights of {', '.join(broken)} nearly cancel out, so they make no index",
                         where="the index", mend="use weights='equal' or Mode A for this construct",
                         zh=f"{'、'.join(broken)}的权重正负相抵，无法计算指数")  # fmt: skip
    return found


def index_by(fitted: PLS, weights: str) -> np.ndarray:
    """Index of each construct by a convention of weights, shape (q,); NaN where the weights nearly cancel out."""
    found, cancelled = _fit_points(fitted, weights)
    return np.where(cancelled, np.nan, found.index[0])


def point_replicates(fitted: PLS, weights: str, *, draws: int, seed: int) -> tuple[Points | None, object]:
    """Return the bootstrap replicates in points, and the resamples; None for a model without rows, or no draws."""
    if fitted.answers_ is None or not draws:
        return None, None
    drawn = fitted.resample(draws=draws, seed=seed)
    found = points(drawn.moments, drawn.solution, fitted.design_, scale=scale_of(fitted.model), weights=weights)
    return found, drawn


def scale_of(model: PathModel) -> tuple[float, float]:
    """Return the ends of the scale, or say that the model does not tell them."""
    if model.low is None or model.high is None:
        raise InputError("an index from 0 to 100 needs the ends of the answer scale", where="the path model",
                         expected="low and high, such as 1 and 10", mend="model.change(low=1, high=10), then fit again",
                         zh="计算 0-100 的指数需要量表的最低分和最高分（low、high）")  # fmt: skip
    return float(model.low), float(model.high)


def limits(replicates: np.ndarray | None, level: float, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Percentile limits over the first axis; NaN of `shape` where there are no replicates."""
    if replicates is None:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    return percentile_limits(replicates, level=level)


def find_construct(model: PathModel, name: str, where: str) -> int:
    """Return the place of a construct, or say that there is none of that name."""
    if name not in model.constructs:
        raise InputError(f"there is no construct {name!r}", where=where, expected=", ".join(model.constructs),
                         mend=nearest(name, model.constructs), zh=f"模型中没有潜变量 {name}")  # fmt: skip
    return model.constructs.index(name)


def _check(fitted: PLS, weights: str) -> None:
    check_fitted(fitted)
    if weights not in WEIGHTS:
        raise InputError(f"weights={weights!r} is none of {', '.join(WEIGHTS)}", where="the index",
                         mend=nearest(weights, WEIGHTS), zh="未知的指数权重方式")  # fmt: skip
    if not (np.isfinite(fitted.moments_.means).all() and np.isfinite(fitted.moments_.sds).all()):
        raise InputError("an index needs the means and standard deviations of the items", where="the moments",
                         mend="Moments.from_correlations(..., means=, sds=)",
                         zh="计算指数需要各题项的均值和标准差")  # fmt: skip
    low, high = scale_of(fitted.model)
    off = [f"{item} ({mean:.2f})" for item, mean in zip(fitted.moments_.items, fitted.moments_.means)
           if item in fitted.answered_.items and not low - 1e-9 <= mean <= high + 1e-9]  # fmt: skip
    if off:
        raise InputError(f"the mean lies outside the scale: {', '.join(off)}", where="the moments",
                         expected=f"means from {low:g} to {high:g}", mend="model.change(low=..., high=...)",
                         zh=f"题项均值超出量表范围：{'、'.join(off)}")  # fmt: skip


def _fit_points(fitted: PLS, weights: str) -> tuple[Points, np.ndarray]:
    """Return the fit in points, and for each construct whether weights of both signs nearly cancel out."""
    _check(fitted, weights)
    found = points(fitted.moments_, fitted.solution_, fitted.design_, scale=scale_of(fitted.model), weights=weights)
    largest = (np.abs(found.shares[0])[:, None] * fitted.design_.member).max(axis=0)
    return found, ~(np.isfinite(found.index[0]) & (largest <= CANCELLING))
