"""Calibration over cutoffs: base rates drift, and what recalibration in the large could have done about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import logit

from crm_analysis.churn.models.calibration import mean_over_customers
from crm_analysis.churn.models.calibration_input import Pairs, check_pairs, inner
from crm_analysis.churn.models.calibration_line import calibration_line, log_loss_rows
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, proportion, with_limits
from crm_analysis.tables.days import day_number
from crm_analysis.words import Sentence, join


@dataclass(frozen=True)
class CalibrationDrift:
    """Calibration cutoff by cutoff.

    Parameters
    ----------
    table : pandas.DataFrame, index cutoff
        rows, churners, observed_churn with limits, mean_probability, calibration_intercept and calibration_slope with
        limits, brier, log_loss; known_from (the cutoff whose intercept was known by then, blank for the first),
        log_loss_saved with limits (by moving log odds by that intercept), hindsight_saved (by the cutoff's own
        intercept, which nobody had: the most that a shift can save).
    """

    table: pd.DataFrame

    def text(self, lang: str) -> str:
        """Return the drift, and what recalibration in the large did, in ``zh`` or ``en``."""
        return _text(self.table).text(lang)


def calibration_forward(sample: Sample, p: ArrayLike, *, level: float = 0.95) -> CalibrationDrift:
    """Judge probabilities cutoff by cutoff, as they were given, and corrected by what was known at the time.

    The shift of log odds learned at an earlier cutoff (`calibration_line.calibration_line`) is applied at a later one
    only if the earlier outcome had ended by then; of several the latest is taken.

    Parameters
    ----------
    sample : Sample
        Of several cutoffs (index customer_id, cutoff), with their windows.
    p : array_like of shape (rows,)
        Chances of churn from models that had learned from earlier cutoffs alone.
    level : float in (0, 1)

    Returns
    -------
    CalibrationDrift

    Raises
    ------
    InputError
        If the index of the sample has no cutoffs, or their windows are not known, or `p` and the sample do not meet.

    Examples
    --------
    >>> from crm_analysis.churn.windows.windows import Windows
    >>> first = Windows("2010-03-31", data_end="2010-12-31", outcome=90)
    >>> windows = (first, first.at("2010-06-30"))
    >>> index = pd.MultiIndex.from_product([range(100), [pd.Timestamp(w.cutoff) for w in windows]],
    ...                                    names=["customer_id", "cutoff"])
    >>> y = pd.Series(np.repeat([1, 0, 0, 0], 50), index=index)
    >>> sample = Sample(pd.DataFrame({"x": 0.0}, index=index), y, windows)
    >>> drift = calibration_forward(sample, np.full(200, 0.5))
    >>> drift.table["calibration_intercept"].round(4).tolist(), drift.table["log_loss_saved"].round(4).tolist()
    ([-1.0986, -1.0986], [nan, 0.1308])
    """
    pairs = check_pairs(p, sample.y, customers=sample.customers)
    day, windows = _cutoffs(sample)
    parts = {cutoff: _part(pairs, day == cutoff) for cutoff in sorted(windows)}
    lines = {cutoff: calibration_line(logit(inner(part.p)[0]), part.y, customer=part.customer, level=level)
             for cutoff, part in parts.items()}  # fmt: skip
    rows = []
    for cutoff, part in parts.items():
        earlier = [
            day for day in parts if windows[day].outcome_end_day <= cutoff and np.isfinite(lines[day].large.value)
        ]
        known = max(earlier, default=None)
        row = _row(part, level) | with_limits("calibration_intercept", lines[cutoff].large)
        row |= with_limits("calibration_slope", lines[cutoff].slope)
        row["known_from"] = _stamp(windows[known]) if known is not None else pd.NaT
        shift = lines[known].large.value if known is not None else np.nan
        row |= with_limits("log_loss_saved", _saved(part, shift, level))
        rows.append(row | {"hindsight_saved": _saved(part, lines[cutoff].large.value, level).value})
    index = pd.DatetimeIndex([_stamp(windows[cutoff]) for cutoff in parts], name="cutoff")
    return CalibrationDrift(pd.DataFrame(rows, index=index))


def _cutoffs(sample: Sample) -> tuple[np.ndarray, dict[int, object]]:
    """Return the cutoff of each row as a day number, and the windows by it."""
    index = sample.X.index
    named = isinstance(index, pd.MultiIndex) and "cutoff" in index.names
    windows = {one.cutoff_day: one for one in sample.windows}
    if not named or not windows:
        raise InputError("calibration over time needs rows of several cutoffs", where="the sample",
                         expected="an index (customer_id, cutoff) and the windows of each cutoff",
                         mend="build the sample at several cutoffs", zh="跨期校准需要带截止日的样本")  # fmt: skip
    level = index.get_level_values("cutoff")
    numbers = {value: day_number(value) for value in level.unique()}
    day = level.map(numbers).to_numpy()
    strange = sorted(set(numbers.values()) - set(windows))
    if strange:
        raise InputError(f"{len(strange)} cutoffs of the rows have no windows", where="the sample",
                         expected="the windows of each cutoff", zh="部分截止日没有对应的时间窗口")  # fmt: skip
    return day, {cutoff: one for cutoff, one in windows.items() if cutoff in set(numbers.values())}


def _part(pairs: Pairs, rows: np.ndarray) -> Pairs:
    customer = None if pairs.customer is None else pd.factorize(pairs.customer[rows], sort=True)[0]
    if customer is not None and len(np.unique(customer)) == len(customer):
        customer = None
    return Pairs(pairs.p[rows], pairs.y[rows], customer, pairs.index[rows])


def _row(part: Pairs, level: float) -> dict[str, float]:
    churned = int(part.y.sum())
    share = proportion(churned, len(part.y), level=level)
    loss = log_loss_rows(logit(inner(part.p)[0]), part.y).mean()
    return (
        {"rows": len(part.y), "churners": churned} | with_limits("observed_churn", share)
        | {"mean_probability": float(part.p.mean()), "brier": float(((part.p - part.y) ** 2).mean()),
           "log_loss": float(loss)}
    )  # fmt: skip


def _saved(part: Pairs, shift: float, level: float) -> Estimate:
    if not np.isfinite(shift):
        return Estimate(float("nan"), float("nan"), float("nan"))
    z = logit(inner(part.p)[0])
    return mean_over_customers(log_loss_rows(z, part.y) - log_loss_rows(z + shift, part.y), part.clusters, level=level)


def _stamp(windows: object) -> pd.Timestamp:
    return pd.Timestamp(windows.cutoff).normalize()


def _text(table: pd.DataFrame) -> Sentence:
    said = [_line(cutoff, row) for cutoff, row in table.iterrows()]
    tried = table.dropna(subset=["log_loss_saved"])
    if tried.empty:
        said.append(Sentence("没有一个截止日能用上更早的校准结果：之前的结果期尚未结束。",
                             "At no cutoff was an earlier calibration known: no earlier outcome had"
                             " ended."))  # fmt: skip
    for cutoff, row in tried.iterrows():
        change = Estimate(-row["log_loss_saved"], -row["log_loss_saved_high"], -row["log_loss_saved_low"])
        said.append(Sentence(
            f"在 {cutoff:%Y-%m-%d} 用 {row['known_from']:%Y-%m-%d} 的截距整体修正，每行对数损失变化 {change:+z.4f}。",
            f"Shifting by the intercept of {row['known_from']:%Y-%m-%d} changes the log loss per row at"
            f" {cutoff:%Y-%m-%d} by"
            f" {change:+z.4f}."))  # fmt: skip
    return join(said)


def _line(cutoff: pd.Timestamp, row: pd.Series) -> Sentence:
    intercept = Estimate(*(row[f"calibration_intercept{side}"] for side in ("", "_low", "_high")))
    return Sentence(
        f"截止日 {cutoff:%Y-%m-%d}：平均预测流失率 {row['mean_probability']:.1%}，实际 {row['observed_churn']:.1%}，"
        f"校准截距 {intercept:z.2f}。",
        f"Cutoff {cutoff:%Y-%m-%d}: {row['mean_probability']:.1%} predicted, {row['observed_churn']:.1%} churned,"
        " intercept"
        f" {intercept:z.2f}.",
    )
