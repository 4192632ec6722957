"""Who writes is not who buys: bounds on the mean stars of all buyers, and the mean for known propensities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level
from crm_analysis.satisfaction.reviews.stars import STARS, checked_counts

VALUE = np.array(STARS, float)
FACTORS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
STEPS = 80  # of the bisection: more than doubles can tell apart


@dataclass(frozen=True)
class SelectionBounds:
    """What the mean of all buyers' stars may be, if the propensity to review varies by at most a factor.

    Parameters
    ----------
    written : float
        Mean of the stars written.
    low, high : float
        Sharp bounds on the mean of all buyers.
    limit_low, limit_high : float
        The same with chance in sampling: the lower limit of the lower bound, the upper limit of the upper. NaN
        where all reviews give the same stars: then nothing shows how far chance reaches.
    factor : float
    """

    written: float
    low: float
    high: float
    limit_low: float
    limit_high: float
    factor: float

    def text(self, lang: str) -> str:
        """Return the bounds in words."""
        known = np.isfinite([self.limit_low, self.limit_high]).all()
        chance = {
            "zh": f"（计入抽样误差：{self.limit_low:.2f} 到 {self.limit_high:.2f}）",
            "en": f" (with chance in sampling: {self.limit_low:.2f} to {self.limit_high:.2f})",
        }[lang] * bool(known)
        return {
            "zh": f"写出来的评分均值为 {self.written:.2f}。若各星级的购买者写评论的概率最多相差 {self.factor:g} 倍，"
                  f"全体购买者的均值在 {self.low:.2f} 与 {self.high:.2f} 之间{chance}。"
                  f"该倍数是假定，不能从评论中看出。",
            "en": f"The written stars have mean {self.written:.2f}. If buyers of any stars are at most {self.factor:g} "
                  f"times as likely to write as others, the mean of all buyers lies between {self.low:.2f} and "
                  f"{self.high:.2f}{chance}. The factor is an assumption; reviews cannot show it.",
        }[lang]  # fmt: skip


def selection_bounds(counts: Sequence[float], *, factor: float, level: float = 0.95) -> SelectionBounds:
    r"""Sharp bounds on the mean of all buyers' stars if the propensity to review varies by at most a factor G.

    .. math:: \bar s_{\max} = \max_c \frac{\sum_k w_k s_k n_k}{\sum_k w_k n_k},\qquad
              w_k = G \text{ for } s_k \ge c,\ 1 \text{ below}

    and the reverse for the minimum. A review of a kind of buyer who seldom writes stands for many; the bounds
    give the weight G to the best, or to the worst, stars. They are attained, so they cannot be narrower.

    Parameters
    ----------
    counts : sequence of five numbers
        Reviews with 1 to 5 stars.
    factor : float >= 1
        G, the largest propensity over the smallest; 1 means that all write alike.
    level : float in (0, 1)
        Of the limits with chance in sampling; reviews are taken as independent.

    Returns
    -------
    SelectionBounds

    References
    ----------
    .. [1] Hu, Pavlou & Zhang (2009). Communications of the ACM 52(10), 144-147 (under-reporting).
    .. [2] Aronow & Lee (2013). Biometrika 100, 235-240 (bounds on a mean under bounded weights).

    Examples
    --------
    >>> found = selection_bounds([100, 0, 0, 0, 300], factor=3)
    >>> found.written, found.low, found.high
    (4.0, 3.0, 4.6)
    """
    n = checked_counts(counts)
    if not (factor >= 1 and np.isfinite(factor)):
        raise InputError(f"factor={factor} is no ratio of the largest to the smallest propensity",
                         expected="a number from 1 on", zh="倍数必须不小于 1")  # fmt: skip
    z = ndtri(0.5 + check_level(level) / 2)
    down, up = _extremes(n, factor)
    (low, error), (high, more) = _weighted(n, down), _weighted(n, up)
    return SelectionBounds(_weighted(n, np.ones(5))[0], low, high, float(np.maximum(1.0, low - z * error)),
                           float(np.minimum(5.0, high + z * more)), float(factor))  # fmt: skip


def corrected_mean(counts: Sequence[float], propensities: Sequence[float], *, level: float = 0.95) -> Estimate:
    r"""Mean of all buyers' stars where the propensity to review is known for each star.

    .. math:: \frac{\sum_k s_k n_k / q_k}{\sum_k n_k / q_k}

    Parameters
    ----------
    counts : sequence of five numbers
    propensities : sequence of five numbers above 0
        q, up to a common factor; taken as known without error.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        Limits by linearisation of the ratio, cut to 1..5; none where all reviews give the same stars.

    Examples
    --------
    >>> f"{corrected_mean([100, 0, 0, 0, 300], [0.6, 0.2, 0.1, 0.1, 0.3]):.3f}"
    '4.429 [4.318, 4.539]'
    """
    n = checked_counts(counts)
    mean, error = _weighted(n, 1 / _propensities(propensities))
    half = ndtri(0.5 + check_level(level) / 2) * error
    return Estimate(mean, float(np.maximum(1.0, mean - half)), float(np.minimum(5.0, mean + half)))


def corrected_shares(counts: Sequence[float], propensities: Sequence[float]) -> pd.DataFrame:
    """Shares of stars as written, and as all buyers would give them, with known propensities to review.

    Parameters
    ----------
    counts, propensities
        As in `corrected_mean`.

    Returns
    -------
    pandas.DataFrame, index stars
        star_reviews, propensity, written_share, buyer_share.

    Examples
    --------
    >>> corrected_shares([100, 0, 0, 0, 300], [0.6, 0.2, 0.1, 0.1, 0.3])["buyer_share"].round(3).tolist()
    [0.143, 0.0, 0.0, 0.0, 0.857]
    """
    n, q = checked_counts(counts), _propensities(propensities)
    shares = {"written_share": n / n.sum(), "buyer_share": (n / q) / (n / q).sum()}
    return pd.DataFrame(
        {"star_reviews": n.astype("int64"), "propensity": q} | shares, index=pd.Index(STARS, name="stars")
    )


def selection_table(
    counts: Sequence[float], *, factors: Iterable[float] = FACTORS, level: float = 0.95
) -> pd.DataFrame:
    """How the bounds widen with the factor assumed.

    Parameters
    ----------
    counts, level
        As in `selection_bounds`.
    factors : iterable of float >= 1

    Returns
    -------
    pandas.DataFrame, index selection_factor
        written_mean, bound_low, bound_high, bound_limit_low, bound_limit_high.

    Examples
    --------
    >>> selection_table([100, 0, 0, 0, 300], factors=[1, 3])[["bound_low", "bound_high"]].values.tolist()
    [[4.0, 4.0], [3.0, 4.6]]
    """
    found = [selection_bounds(counts, factor=factor, level=level) for factor in factors]
    rows = [(x.written, x.low, x.high, x.limit_low, x.limit_high) for x in found]
    names = ["written_mean", "bound_low", "bound_high", "bound_limit_low", "bound_limit_high"]
    return pd.DataFrame(rows, columns=names, index=pd.Index([x.factor for x in found], name="selection_factor"))


def turning_factor(first: Sequence[float], second: Sequence[float]) -> float:
    r"""Return the factor G from which on who writes might explain why one mean of stars lies above another.

    The smallest G at which the lower bound of the higher mean meets the upper bound of the lower mean, when buyers of
    each item (or period) may have their own habits. Below it the order of the two stands whatever the habits; chance in
    sampling is not in it. 1.2 is fragile: habits need to differ by a fifth only.

    Parameters
    ----------
    first, second : sequence of five numbers
        Reviews with 1 to 5 stars of two items or periods.

    Returns
    -------
    float
        1 for equal means; infinite where every star of one is at least as high as every star of the other.

    Examples
    --------
    >>> round(turning_factor([100, 0, 0, 0, 300], [200, 0, 0, 0, 200]), 3)
    1.732
    >>> turning_factor([0, 0, 0, 0, 9], [9, 0, 0, 0, 0])
    inf
    """
    a, b = checked_counts(first), checked_counts(second)
    high, low = (a, b) if a @ VALUE / a.sum() >= b @ VALUE / b.sum() else (b, a)

    def apart(factor: float) -> float:
        return _weighted(high, _extremes(high, factor)[0])[0] - _weighted(low, _extremes(low, factor)[1])[0]

    if apart(1.0) <= 1e-12:
        return 1.0
    if VALUE[high > 0].min() >= VALUE[low > 0].max():
        return float("inf")
    inside, outside = 1.0, 2.0
    while apart(outside) > 0:
        inside, outside = outside, outside * 2
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if apart(middle) > 0 else (inside, middle)
    return float(outside)


def _extremes(n: np.ndarray, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights of 1 to 5 stars that give the smallest and the largest mean."""
    steps = [np.where(c <= VALUE, factor, 1.0) for c in (*STARS, 6)]
    up = max(steps, key=lambda w: (w * n) @ VALUE / (w @ n))
    down = min((np.where(w > 1, 1.0, factor) for w in steps), key=lambda w: (w * n) @ VALUE / (w @ n))
    return down, up


def _weighted(n: np.ndarray, w: np.ndarray) -> tuple[float, float]:
    """Weighted mean of stars, and its standard error by linearisation, reviews independent; NaN if all are alike."""
    mean = (w * n) @ VALUE / (w @ n)
    error = np.sqrt((n * w**2) @ (VALUE - mean) ** 2) / (w @ n)
    return float(mean), float(error) if (n > 0).sum() > 1 else float("nan")


def _propensities(propensities: Sequence[float]) -> np.ndarray:
    q = np.asarray(propensities, float)
    if q.shape != (5,) or not (np.isfinite(q).all() and (q > 0).all()):
        raise InputError(f"{np.asarray(propensities).tolist()} are no propensities to review",
                         expected="five numbers above 0, for 1 to 5 stars", zh="评论倾向须为五个正数")  # fmt: skip
    return q
