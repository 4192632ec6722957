"""Whether two people judge the same tickets alike: weighted kappa with its interval, and the confusion table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, proportion

WEIGHTS = ("none", "linear", "quadratic")
FEW_TICKETS = 30  # below, the normal interval of kappa is rough (Fleiss, Levin & Paik 2003, section 18.1)


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree.

    Parameters
    ----------
    kappa : Estimate
        Agreement beyond chance: 1 is perfect, 0 what chance gives.
    same : Estimate
        Share of tickets given the same level, with Wilson's limits.
    within_one : float
        Share of tickets whose levels are at most one step apart.
    table : pandas.DataFrame, shape (levels, levels)
        Tickets by level of the first rater (rows) and of the second (columns).
    weights : str
    rated, left_out : int
        Tickets judged by both, and those that lack a judgement.
    """

    kappa: Estimate
    same: Estimate
    within_one: float
    table: pd.DataFrame
    weights: str
    rated: int
    left_out: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few tickets for the interval to be trusted."""
        return self.rated < FEW_TICKETS

    def text(self, lang: str) -> str:
        """Say what was found, in Chinese (``zh``) or English (``en``)."""
        return _in_chinese(self) if lang == "zh" else _in_english(self)


def agreement(
    first: ArrayLike,
    second: ArrayLike,
    *,
    levels: Sequence | None = None,
    weights: str = "linear",
    level: float = 0.95,
) -> Agreement:
    r"""Weighted kappa of two raters, with its large-sample interval.

    .. math:: \kappa_w = \frac{\sum w_{ij} p_{ij} - \sum w_{ij} p_{i.} p_{.j}}{1 - \sum w_{ij} p_{i.} p_{.j}}, \qquad
        w_{ij} = 1 - \left(\frac{|i - j|}{k - 1}\right)^q

    with q = 1 (linear) or 2 (quadratic); ``none`` counts equal levels only. A priority that two people judge
    differently is no priority: have some tickets judged twice before the order of work hangs on it.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Level that each rater gave each ticket; blank where one gave none.
    levels : sequence, optional
        The levels in order; by default those that occur, if they are numbers, sorted. Name them all, as the
        weights depend on their number; texts must be named, as only you know their order.
    weights : {"linear", "quadratic", "none"}
    level : float in (0, 1)

    Returns
    -------
    Agreement

    Raises
    ------
    InputError
        If the two do not match in length, a level is not among those named, texts are to be weighted without their
        order, or nobody rated anything twice.

    References
    ----------
    .. [1] Cohen (1968). Psychological Bulletin 70, 213-220.
    .. [2] Fleiss, Cohen & Everitt (1969). Psychological Bulletin 72, 323-327 (standard error).

    Examples
    --------
    >>> found = agreement([1, 1, 2, 3, 3, 2], [1, 2, 2, 3, 3, 3], levels=[1, 2, 3])
    >>> f"{found.kappa:.2f}", found.table.loc[1, 2]
    ('0.62 [0.20, 1.00]', np.int64(1))
    """
    pairs = _pairs(first, second)
    both = pairs.dropna()
    named = _levels(both, levels, weights)
    place = {name: k for k, name in enumerate(named)}
    i, j = (both[column].map(place).to_numpy(int) for column in ("first", "second"))
    counts = np.zeros((len(named), len(named)), int)
    np.add.at(counts, (i, j), 1)
    table = pd.DataFrame(
        counts, index=pd.Index(named, name="first_rater"), columns=pd.Index(named, name="second_rater")
    )
    return Agreement(
        kappa=_kappa(counts, weights, check_level(level)), same=proportion(int((i == j).sum()), len(both), level=level),
        within_one=float((abs(i - j) <= 1).mean()), table=table, weights=weights, rated=len(both),
        left_out=len(pairs) - len(both),
    )  # fmt: skip


def _in_chinese(found: Agreement) -> str:
    left = f"（另有 {found.left_out} 张缺少一方的评级）" if found.left_out else ""
    if not np.isfinite(found.kappa.value):
        return f"两人对 {found.rated} 张工单{left}都只用了同一个等级，无法计算 kappa。"
    name = {"none": "", "linear": "线性加权 ", "quadratic": "平方加权 "}[found.weights]
    few = f"工单不足 {FEW_TICKETS} 张，区间较粗略。" if found.too_few else ""
    return (
        f"两人对 {found.rated} 张工单评级{left}：{name}kappa = {found.kappa:.2f}，评级相同的占 {found.same:.0%}，"
        f"相差不超过一级的占 {found.within_one:.0%}。{few}"
        "kappa 受各等级占比影响，不宜在占比不同的样本之间比较。"
    )


def _in_english(found: Agreement) -> str:
    left = f" ({found.left_out} more lack a judgement)" if found.left_out else ""
    if not np.isfinite(found.kappa.value):
        return f"Both raters gave all {found.rated} tickets{left} one and the same level: kappa is undefined."
    name = {"none": "kappa", "linear": "linearly weighted kappa", "quadratic": "quadratically weighted kappa"}
    few = f" With fewer than {FEW_TICKETS} tickets the interval is rough." if found.too_few else ""
    return (
        f"Two raters judged {found.rated} tickets{left}: {name[found.weights]} {found.kappa:.2f}; same level "
        f"{found.same:.0%}, at most one level apart {found.within_one:.0%}.{few} Kappa depends on how common each "
        "level is: do not compare it between samples that differ in this."
    )


def _kappa(counts: np.ndarray, weights: str, level: float) -> Estimate:
    k, n = len(counts), counts.sum()
    p = counts / n
    row, column = p.sum(axis=1), p.sum(axis=0)
    apart = abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    w = {"none": (apart == 0).astype(float), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]
    seen, chance = (w * p).sum(), row @ w @ column
    if chance >= 1 - 1e-12:
        return UNKNOWN
    kappa = (seen - chance) / (1 - chance)
    mean = (w @ column)[:, None] + (w.T @ row)[None, :]
    spread = (p * (w - mean * (1 - kappa)) ** 2).sum() - (kappa - chance * (1 - kappa)) ** 2
    if spread < 1e-12:  # all alike: nothing shows how far it may be off
        return Estimate(float(kappa), UNKNOWN.low, UNKNOWN.high)
    half = ndtri(0.5 + level / 2) * np.sqrt(spread / n) / (1 - chance)
    return Estimate(float(kappa), float(max(-1.0, kappa - half)), float(min(1.0, kappa + half)))


def _pairs(first: ArrayLike, second: ArrayLike) -> pd.DataFrame:
    a, b = pd.Series(np.asarray(first, object)), pd.Series(np.asarray(second, object))
    if len(a) != len(b):
        raise InputError(f"one rater judged {len(a)} tickets, the other {len(b)}", where="raters",
                         expected="one row per ticket for both", zh="两位评级者的工单数不一致")  # fmt: skip
    pairs = pd.DataFrame({"first": a, "second": b})
    if not pairs.notna().all(axis=1).any():
        raise InputError("no ticket was judged by both raters", where="raters", zh="没有一张工单由两人都评过级")
    return pairs


def _levels(both: pd.DataFrame, levels: Sequence | None, weights: str) -> list:
    if weights not in WEIGHTS:
        raise InputError(f"weights {weights!r} are not known", expected=f"one of {', '.join(WEIGHTS)}",
                         zh=f"不存在权重“{weights}”")  # fmt: skip
    used = set(both["first"]) | set(both["second"])
    texts = sorted({str(name) for name in used if isinstance(name, str)})
    if levels is None and texts and (weights != "none" or len(texts) < len(used)):
        raise InputError(f"the order of the levels {', '.join(texts)} is not known", where="levels",
                         mend="name all levels from low to high: levels=[...]",
                         zh="评级为文字，请用 levels 按从低到高的顺序列出全部等级")  # fmt: skip
    named = sorted(used) if levels is None else list(levels)
    strange = sorted(map(str, used - set(named)))
    if strange or len(set(named)) != len(named):
        what = f"the level {', '.join(strange)} is not among those named" if strange else "a level is named twice"
        raise InputError(what, where="levels", expected=", ".join(map(str, named)),
                         zh="评级中有未列出的等级")  # fmt: skip
    return named
