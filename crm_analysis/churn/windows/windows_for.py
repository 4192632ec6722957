"""The windows of a data set: as late as its complete days allow."""

from __future__ import annotations

from crm_analysis.churn.windows.windows import LAST_MINUTE, Windows, check_lengths
from crm_analysis.errors import InputError
from crm_analysis.segments.purchases import stated_window
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import Moment, day_number, day_stamp


def windows_for(
    data: DataSet, *, outcome: int = 90, gap: int = 0, observation: int | None = None, cutoff: Moment | None = None
) -> Windows:
    """Return windows within the days for which a data set is complete, with the latest cutoff they allow.

    The days are those that the data set states (for its orders, or its events where it has no orders); where it
    states none, from the first to the last day seen. A first or last day that is stated in part does not count.

    Parameters
    ----------
    data : DataSet
    outcome, gap, observation : int
        Days, as in `Windows`.
    cutoff : str or Timestamp, optional
        Last day that is known.

    Returns
    -------
    Windows

    Raises
    ------
    InputError
        If the data set has neither orders nor events, or its days are too few.

    Examples
    --------
    >>> import pandas as pd
    >>> from crm_analysis.tables import About, from_frames
    >>> orders = pd.DataFrame({"order_id": ["1"], "customer_id": "a", "ordered_at": "2012-03-01", "amount": 9.0})
    >>> data = from_frames({"orders": orders}, About("shop", window=["2012-01-01", "2012-12-31"]))
    >>> print(windows_for(data, outcome=90).text("en"))
    known from 2012-01-01 to 2012-10-02, outcome from 2012-10-03 to 2012-12-31 (90 days)
    """
    if not isinstance(data, DataSet):
        raise InputError(f"{type(data).__name__} states no days", expected="a data set from tables.load or from_frames",
                         mend='for frames: Windows("2012-09-30", data_end="2012-12-31", outcome=90)')  # fmt: skip
    check_lengths(outcome=outcome, gap=gap, observation=observation)
    first, last = _days(data)
    day = last - gap - outcome if cutoff is None else day_number(cutoff, data.about.zone)
    if cutoff is None and day < first:
        raise InputError(f"{last - first + 1} days are too few for a gap of {gap} and an outcome of {outcome} days",
                         where=data.about.name, expected="at least one day before the outcome",
                         mend="take a shorter outcome", zh="数据天数不足以容纳间隔期和结果期")  # fmt: skip
    return Windows(day_stamp(day), data_end=day_stamp(last), outcome=outcome, gap=gap, observation=observation,
                   data_start=day_stamp(first))  # fmt: skip


def _days(data: DataSet) -> tuple[int, int]:
    """First and last complete day, as numbers."""
    if data.has("contracts") and not (data.has("orders") or data.has("events")):
        raise InputError("there are contracts, but neither orders nor events to take days from", where=data.about.name,
                         expected="orders or events",
                         mend='for contracts with dates: windows = Windows("2012-09-30", data_end="2012-12-31",'
                              ' outcome=90), then make_contract_sample(data, windows)',
                         zh="数据集只有合同表：请用 Windows(...) 给出日期，再用 make_contract_sample")  # fmt: skip
    table, time = ("orders", "ordered_at") if data.has("orders") else ("events", "happened_at")
    times = data.need(table, time)[time]
    start, end = stated_window(data.about, table)
    first, last = (times.min() if start is None else start), (times.max() if end is None else end)
    first, last = (moment.tz_convert(data.about.zone).tz_localize(None) for moment in (first, last))
    begun = start is not None and first > first.normalize()
    unfinished = end is not None and last - last.normalize() < LAST_MINUTE
    return day_number(first.normalize()) + begun, day_number(last.normalize()) - unfinished
