"""The Qini curve: how much more is gained by treating the best scored first than by treating at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level
from crm_analysis.intervals.percentiles import percentile_limits
from crm_analysis.marketing.uplift.rows import Rows, difference, points, read_rows
from crm_analysis.words import Sentence

GRID = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Qini:
    """The Qini coefficient, its curve and its interval.

    Attributes
    ----------
    coefficient : Estimate
        Area between the curve and the line of a random order; in good outcomes per treated customer.
    ate : Estimate
        Average effect of the treatment, the end of the curve (Newcombe).
    curve : pandas.DataFrame
        share (of customers, best scored first), qini with limits, random (the straight line).
    steps : pandas.DataFrame
        The exact curve at every block of equal scores: customers, responses_gained (Q in customers), share, qini.
    customers, treated, control : int
        Rows, of them treated and not.
    level : float
    """

    coefficient: Estimate
    ate: Estimate
    curve: pd.DataFrame
    steps: pd.DataFrame
    customers: int
    treated: int
    control: int
    level: float

    def text(self, lang: str) -> str:
        """Return what the coefficient says and does not say."""
        q, ate = self.coefficient, self.ate
        if not np.isfinite(q.low):
            verdict = Sentence("没有区间，不能下结论。", "There is no interval, and so no verdict.")
        elif q.low > 0:
            verdict = Sentence(
                "区间高于 0：按得分先后触达优于随机触达。",
                "The interval lies above 0: treating the best scored first beats treating at random.",
            )
        elif q.high < 0:
            verdict = Sentence(
                "区间低于 0：得分的次序是反的，比随机更差。",
                "The interval lies below 0: the order is the wrong way round, worse than random.",
            )
        else:
            verdict = Sentence(
                "区间包含 0：这些数据不能说明按得分触达优于随机触达。",
                "The interval holds 0: these data do not show that the scores beat a random order.",
            )
        return Sentence(
            f"Qini 系数为 {q:+.4f}（{self.treated:,} 位处理组客户，{self.control:,} 位对照组客户）。{verdict.zh}"
            f"全部触达时，好结果的比例平均增加 {points(ate)} 个百分点。"
            f"这里的系数是曲线与随机直线之间的面积，单位为每位处理组客户多得的好结果；"
            f"其他软件或除以“完美”曲线的面积，或除以曲线终点，或以人数计，数值不可直接相比。",
            f"The Qini coefficient is {q:+.4f} ({self.treated:,} treated, {self.control:,} control). {verdict.en}"
            f" Treating everybody adds {points(ate)} percentage points of good outcomes on average."
            " Here the coefficient is the area between the curve and the straight line, in good outcomes per treated"
            " customer; other packages divide by a 'perfect' curve or by the curve's end, or count customers,"
            " so that numbers of different packages cannot be compared.",
        ).text(lang)


def qini(
    score: ArrayLike,
    y: ArrayLike,
    treated: ArrayLike,
    *,
    customer: ArrayLike | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Qini:
    r"""Qini curve and coefficient of a score on randomised customers.

    .. math:: Q(k) = Y_t(k) - Y_c(k)\frac{N_t(k)}{N_c(k)},\quad q = \frac{Q}{N_t},\quad
              \text{coefficient} = \int_0^1 q(\varphi)\,d\varphi - \frac{q(1)}{2},\quad \varphi = k/N

    Among the k best scored, Y are good outcomes and N customers, treated (t) and control (c); the second term is 0
    while :math:`N_c = 0`. Equal scores enter as one block; the integral is the trapezoid over blocks. q(1) is the
    average effect, a constant score has coefficient 0, and so has a random order on average. With an uplift of .2x,
    x uniform, the best score reaches 1/60. Score customers the model has not seen (`cross_fitted_uplift`). The
    interval is that of these scores on new customers of the same kind; that a model trained again would score a
    little differently is not in it.

    Parameters
    ----------
    score : array_like, shape (n,)
        The higher, the sooner treated.
    y : array_like of 0 and 1, shape (n,)
        1 is the good outcome: bought, stayed.
    treated : array_like of 0 and 1, shape (n,)
        By lot.
    customer : array_like, shape (n,), optional
        Customer of each row where a customer may stand in several: whole customers are drawn again.
    level : float in (0, 1)
    draws : int
        Bootstrap draws, within treated and control apart; 0 for none.
    seed : int

    Returns
    -------
    Qini

    Raises
    ------
    InputError
        If y or treated hold anything but 0 and 1, a score is blank, an arm is empty, or indexes differ.

    References
    ----------
    .. [1] Radcliffe (2007). Using control groups to target on predicted lift. Direct Marketing
       Analytics Journal, 14-21.
    .. [2] Radcliffe & Surry (2011). Real-World Uplift Modelling with Significance-Based Uplift Trees. TR-2011-1.

    Examples
    --------
    >>> y, treated = [1, 1, 0, 0, 1, 0, 0, 1, 0, 0], [1, 1, 0, 1, 0, 0, 1, 1, 0, 0]
    >>> found = qini(range(10, 0, -1), y, treated, draws=0)
    >>> found.steps["responses_gained"].round(4).tolist()
    [0.0, 1.0, 2.0, 2.0, 2.0, 0.5, 1.0, 0.6667, 1.3333, 1.75, 2.0]
    >>> round(found.coefficient.value, 4), round(found.ate.value, 4)
    (0.065, 0.4)
    """
    rows = read_rows(score, y, treated, customer=customer)
    check_level(level)
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 0:
        raise InputError(f"draws must be a whole number from 0; got {draws!r}", zh="draws 应为非负整数")
    blocks = _Blocks.of(rows)
    gained, share, q = blocks.curve(np.ones(len(rows.y)))
    value = area(share, q)
    low, high, band = _limits(blocks, rows, level, draws, seed)
    steps = pd.DataFrame({"customers": np.concatenate([[0], blocks.ends + 1]), "responses_gained": gained,
                          "share": share, "qini": q})  # fmt: skip
    curve = pd.DataFrame({"share": GRID, "qini": np.interp(GRID, share, q), "qini_low": band[0], "qini_high": band[1],
                          "random": GRID * q[-1]})  # fmt: skip
    n = int(rows.treated.sum())
    return Qini(Estimate(value, low, high), difference(rows.y, rows.treated, rows.customer, level=level), curve, steps,
                len(rows.y), n, len(rows.y) - n, level)  # fmt: skip


def area(share: np.ndarray, q: np.ndarray) -> float:
    """Area between a curve and the straight line to its end.

    Examples
    --------
    >>> round(area(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.2, 0.2])), 6)
    0.05
    """
    return float(np.trapezoid(q, share) - q[-1] / 2)


@dataclass(frozen=True)
class _Blocks:
    """Rows by falling score, and where each block of equal scores ends."""

    order: np.ndarray
    ends: np.ndarray
    y: np.ndarray
    treated: np.ndarray

    @classmethod
    def of(cls, rows: Rows) -> _Blocks:
        order = np.argsort(-rows.score, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(rows.score[order]) != 0, True))
        return cls(order, ends, rows.y[order], rows.treated[order])

    def curve(self, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Q in customers, share of customers and q at the start and after each block, rows counting by `weight`."""
        w = weight[self.order]
        wt = w * self.treated
        nt, n, yt, y = (
            np.concatenate([[0.0], np.cumsum(part)[self.ends]]) for part in (wt, w, wt * self.y, w * self.y)
        )
        nc, yc = n - nt, y - yt
        other = np.divide(yc * nt, nc, out=np.zeros_like(nc), where=nc > 0)
        gained = yt - other
        if not nt[-1]:  # nobody treated was drawn
            return gained, n / n[-1], np.full_like(gained, np.nan)
        return gained, n / n[-1], gained / nt[-1]


def _limits(
    blocks: _Blocks, rows: Rows, level: float, draws: int, seed: int
) -> tuple[float, float, tuple[np.ndarray, np.ndarray]]:
    """Percentile limits of the coefficient and of the curve on the grid."""
    nothing = np.full(len(GRID), np.nan)
    if draws < 2 or min(rows.treated.sum(), (1 - rows.treated).sum()) < 2:
        return float("nan"), float("nan"), (nothing, nothing)
    rng, found, curves = np.random.default_rng(seed), np.empty(draws), np.empty((draws, len(GRID)))
    for k in range(draws):
        _, share, q = blocks.curve(weights(rows, rng))
        found[k], curves[k] = area(share, q), np.interp(GRID, share, q)
    low, high = percentile_limits(found[:, None], level=level)
    return float(low[0]), float(high[0]), percentile_limits(curves, level=level)


def weights(rows: Rows, rng: np.random.Generator) -> np.ndarray:
    """How often each row is drawn: rows within each arm, or whole customers where rows have one.

    Examples
    --------
    >>> rows = read_rows([1, 2, 3, 4], [1, 0, 1, 0], [1, 1, 0, 0])
    >>> drawn = weights(rows, np.random.default_rng(0))
    >>> drawn[:2].sum(), drawn[2:].sum()
    (np.float64(2.0), np.float64(2.0))
    """
    if rows.customer is not None:
        count = int(rows.customer.max()) + 1
        return np.bincount(rng.integers(0, count, count), minlength=count).astype(float)[rows.customer]
    drawn = np.zeros(len(rows.y))
    for code in (0, 1):
        places = np.flatnonzero(rows.treated == code)
        drawn[places] = np.bincount(rng.integers(0, len(places), len(places)), minlength=len(places))
    return drawn
