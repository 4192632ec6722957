"""Curves behind the measures: ROC, precision and recall, and the gains of going down the ranking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.models.metrics import captured, checked_chances
from crm_analysis.churn.windows.auc import checked
from crm_analysis.clv.holdout.metrics import resampled
from crm_analysis.clv.holdout.ranking import Ranking
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, design_effect, percentile_limits, share_columns


def roc_curve(p: ArrayLike, y: ArrayLike) -> pd.DataFrame:
    """Churners found against false alarms, threshold by threshold.

    Parameters
    ----------
    p : array_like, shape (n,)
        The higher, the likelier churned.
    y : array_like of 0 and 1, shape (n,)

    Returns
    -------
    pandas.DataFrame
        threshold (from infinity down: customers with a score of at least this are called churners), false_alarms
        (share of those who stayed), recall (share of churners). Equal scores are one step, so that the area under the
        straight lines between points is the AUC.

    Examples
    --------
    >>> roc_curve([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])[["false_alarms", "recall"]].values.tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.5, 1.0], [1.0, 1.0]]
    """
    s, customers, churners = _steps(p, y)
    stayed = customers - churners
    return pd.DataFrame({"threshold": np.r_[np.inf, s], "false_alarms": np.r_[0, stayed / stayed[-1]],
                         "recall": np.r_[0, churners / churners[-1]]})  # fmt: skip


def precision_recall_curve(p: ArrayLike, y: ArrayLike) -> pd.DataFrame:
    """Share of churners among those called churners against the share of churners found.

    Parameters
    ----------
    p, y
        As in `roc_curve`.

    Returns
    -------
    pandas.DataFrame
        threshold (falling), recall, precision. Between two points precision is no straight line: draw it in steps.

    References
    ----------
    .. [1] Davis & Goadrich (2006). The relationship between precision-recall and ROC curves. ICML, 233-240.

    Examples
    --------
    >>> precision_recall_curve([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])[["recall", "precision"]].round(2).values.tolist()
    [[0.5, 1.0], [1.0, 0.67], [1.0, 0.5]]
    """
    s, customers, churners = _steps(p, y)
    return pd.DataFrame({"threshold": s, "recall": churners / churners[-1], "precision": churners / customers})


def gains(
    p: ArrayLike,
    y: ArrayLike,
    *,
    parts: int = 10,
    customers: ArrayLike | None = None,
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Churners found in each part of the ranking, and down to it, with intervals.

    .. math:: captured(q) = \frac{\text{churners among the first } q}{\text{all churners}},\quad
              lift(q) = \frac{captured(q)}{q}

    Customers of equal chance are shared out among the parts they straddle in proportion, so a part may hold
    fractions of churners, and the table does not depend on the order of rows.

    Parameters
    ----------
    p : array_like, shape (n,)
        Chances of churn.
    y : array_like of 0 and 1, shape (n,)
    parts : int >= 2
        Equal parts of the ranking, 1 has the highest chances.
    customers : array_like, shape (n,), optional
        Customer of each row, where one gives several: they are drawn as a whole.
    level : float in (0, 1)
    draws : int
        Of customers again, for the limits of what is cumulated.
    seed : int

    Returns
    -------
    pandas.DataFrame, index ranked_part (1 first)
        contacted_share (customers up to and with the part), churners (in the part), churn_rate with Wilson's limits
        (of the effective number of rows, where customers have several), captured and lift of all down to it, with
        percentile limits.

    Raises
    ------
    InputError
        If chances or labels cannot be used, or there are fewer customers than parts.

    Examples
    --------
    >>> gains([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0], parts=2, draws=0)[["churners", "captured", "lift"]].values.tolist()
    [[1.5, 0.75, 1.5], [0.5, 1.0, 1.0]]
    """
    s, churned, weight = checked_chances(p, y)
    if not (isinstance(parts, int) and 2 <= parts <= len(s)):
        raise InputError(f"the ranking cannot be cut into {parts!r} parts", where=f"{len(s):,} customers",
                         expected="a whole number from 2 to the number of customers",
                         zh=f"无法分成 {parts!r} 组")  # fmt: skip
    _both(churned)
    shares, ranking = np.arange(1, parts + 1) / parts, Ranking.of(s)

    def found(w: np.ndarray) -> np.ndarray:
        counted = ranking.groups(churned.astype(float), w)
        return np.stack([captured(*counted, share) for share in shares], axis=-1)

    part, size = found(weight) * churned.sum(), len(s) / parts
    churners = np.clip(np.diff(part, prepend=0), 0, size)
    alike = np.ones(parts) if customers is None else _likeness(s, churned, customers, parts)
    drawn = [found(w) for w in redrawn(np.arange(len(s)) if customers is None else customers, draws, seed)]
    low, high = percentile_limits(np.concatenate(drawn) if drawn else np.empty((0, parts)), level=check_level(level))
    table = pd.DataFrame({"contacted_share": shares, "churners": churners, **share_columns(
        "churn_rate", churners / alike, size / alike, level=level)})  # fmt: skip
    sides = {"": part / churned.sum(), "_low": low, "_high": high}
    columns = {f"captured{side}": x for side, x in sides.items()} | {f"lift{s}": x / shares for s, x in sides.items()}
    return table.assign(**columns).set_axis(pd.RangeIndex(1, parts + 1, name="ranked_part"), axis=0)


def _likeness(s: np.ndarray, churned: np.ndarray, customers: ArrayLike, parts: int) -> np.ndarray:
    """Design effect of each part; rows of equal score count where the middle of their block lies."""
    place = (pd.Series(-s).rank().to_numpy() - 0.5) / len(s)
    rows = pd.DataFrame({"part": (place * parts).astype(int), "customer": np.asarray(customers), "churned": churned})
    by = rows.groupby(["part", "customer"])["churned"].agg(["sum", "size"])
    found = {part: design_effect(one["sum"], one["size"]) for part, one in by.groupby("part")}
    return pd.Series(found).reindex(range(parts)).ffill().bfill().to_numpy()


def redrawn(clusters: ArrayLike, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Yield blocks of weights, shape (some draws, rows): whole clusters drawn again with replacement.

    Examples
    --------
    >>> next(redrawn(["a", "a", "b"], 2, 1)).tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 0.0]]
    """
    codes = pd.factorize(np.asarray(clusters), use_na_sentinel=False)[0]
    return (block[:, codes] for block in resampled(np.ones(codes.max() + 1), draws=draws, seed=seed))


def _steps(p: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct scores, the highest first, with customers and churners down to each."""
    s, churned = checked(p, y)
    _both(churned)
    ranking = Ranking.of(s)
    return s[ranking.order][ranking.ends], *ranking.groups(churned.astype(float), np.ones(len(s)))


def _both(churned: np.ndarray) -> None:
    if churned.all() or not churned.any():
        raise InputError(f"all {len(churned):,} customers {'churned' if churned.any() else 'stayed'}",
                         expected="customers who churned and customers who stayed",
                         zh="标签只有一类，无法评价排序")  # fmt: skip
