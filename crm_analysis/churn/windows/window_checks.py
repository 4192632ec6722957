"""Checks of windows against the data and against each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.check import Check, decided
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.days import local_days
from crm_analysis.words import Sentence

SILENT = 3  # times the longest silence of all customers together: then the data may end before they are said to
SILENT_DAYS = 7


def window_checks(windows: Sequence[Windows], event_times: pd.Series) -> list[Check]:
    """Return the checks of windows in order of time: data that end early or begin late, outcomes that share days.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2012-05-01", "2012-05-09", "2012-05-30"]).tz_localize("UTC"))
    >>> checks = window_checks([Windows("2012-05-31", data_end="2012-12-31", outcome=180)], times)
    >>> [(each.name, each.verdict) for each in checks]
    [('silent_end', 'audit_warned'), ('short_observation', 'audit_passed')]
    """
    several = [_shared_days(windows)] if len(windows) > 1 else []
    return [_silent_end(windows[-1], event_times), _short_observation(windows), *several]


def _silent_end(last: Windows, event_times: pd.Series) -> Check:
    days = np.unique(local_days(event_times))
    silent, longest = int(last.outcome_end_day - days.max()), int(np.diff(days).max(initial=1))
    limit = max(SILENT_DAYS, SILENT * longest)
    return decided(
        "silent_end", [f"{silent} d"] if silent > limit else [], examined=1, value=max(silent, 0), limit=limit,
        bad=Sentence(
            f"结果期的最后 {silent} 天没有任何客户的记录（此前最长的空白为 {longest} 天）："
            "数据可能提前结束，流失率会因此偏高。",
            f"No customer has an event in the last {silent} days of the outcome (longest silence before: {longest}"
            " days): the data may end earlier than stated, and churn would be overstated."),
        good=Sentence("结果期末没有异常的空白。", "No unusual silence at the end of the outcome."),
        mend=Sentence("核对数据的最后一个完整日", "check the last complete day of the data"),
    )  # fmt: skip


def _short_observation(windows: Sequence[Windows]) -> Check:
    return decided(
        "short_observation", [f"{each.cutoff_date:%Y-%m-%d}" for each in windows if each.is_short],
        examined=len(windows),
        bad=Sentence("有的观察期早于数据起点：最初几天没有数据。",
                     "An observation begins before the data do: its first days are empty."),
        good=Sentence("观察期均在数据范围内。", "Each observation lies within the data."),
        mend=Sentence("取更晚的截止日，或缩短观察期", "take a later cutoff or a shorter observation"),
    )  # fmt: skip


def _shared_days(windows: Sequence[Windows]) -> Check:
    close = [b for a, b in pairwise(windows) if a.outcome_end_day >= b.outcome_first_day]
    return decided(
        "shared_outcome_days", [f"{each.cutoff_date:%Y-%m-%d}" for each in close], examined=len(windows),
        bad=Sentence("相邻截止日的结果期有重叠，同一客户的各行并不独立，区间须按客户聚类。",
                     "Outcomes of neighbouring cutoffs share days: rows of a customer are not independent, so"
                     " intervals must be clustered by customer."),
        good=Sentence("各截止日的结果期互不重叠。", "Outcomes of the cutoffs share no day."),
    )  # fmt: skip
