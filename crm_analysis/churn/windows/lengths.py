"""How long to wait before a customer counts as churned: the churn rate by length, and who comes back after all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.windows import Windows, check_lengths
from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, proportion, with_limits
from crm_analysis.survival import survival_at
from crm_analysis.tables.days import day_number, local_days
from crm_analysis.words import Sentence, join

LENGTHS = (30, 60, 90, 180)


def outcome_lengths(
    tables: Mapping[str, pd.DataFrame],
    windows: Windows,
    *,
    lengths: int | Iterable[int] = LENGTHS,
    within: int = 90,
    event: str = "purchase",
    level: float = 0.95,
) -> pd.DataFrame:
    """Churn rate by length of the outcome, and how many of the churned come back after it.

    A short outcome calls many churned who are only between two purchases; a long one says so late. Those who buy
    later after all are counted from the end of each outcome to the end of the data (days_after_outcome: the longer the
    outcome, the shorter the time in which anybody could come back), and, to compare lengths, by Kaplan-Meier within
    the same number of days, which is blank where nobody was followed for so long. A length that does not fit into the
    data has no churn rate.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        With ``orders`` or ``events``.
    windows : Windows
        Its cutoff, gap and days; its own outcome does not matter.
    lengths : int or iterable of int
        Days.
    within : int
        Days after the outcome in which a return is compared.
    event : {"purchase", "any"}
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index outcome_days
        base (customers eligible), churned, churn_rate with Wilson's limits; days_after_outcome, bought_later
        (customers), bought_later_share of the churned with Wilson's limits; bought_later_within with limits.
        ``attrs`` holds ``within`` and ``level``.

    Raises
    ------
    InputError
        If a length or `within` is no number of days, stands twice, or none fits into the data.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-05-20", "2012-06-20", "2012-05-09"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": range(4), "customer_id": list("abbc"), "ordered_at": at, "amount": 9.0})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31", outcome=10)
    >>> table = outcome_lengths({"orders": orders}, windows, lengths=[10, 30])
    >>> table[["base", "churned", "days_after_outcome", "bought_later"]].values.tolist()
    [[3, 3, 204, 1], [3, 2, 184, 0]]
    """
    check_level(level)
    lengths = _checked([lengths] if isinstance(lengths, Real) else [*lengths], within)
    events = qualifying(tables, event=event)
    last = day_number(windows.data_end)
    rows = [
        _row(events, windows, length, within, level) if windows.cutoff_day + windows.gap + length <= last else {}
        for length in lengths
    ]
    if not any(rows):
        raise InputError("no length fits into the data", where=f"cutoff {windows.cutoff_date:%Y-%m-%d}",
                         expected=f"up to {last - windows.cutoff_day - windows.gap} days",
                         mend="take an earlier cutoff or shorter lengths",
                         zh="没有一个结果期长度可以容纳在数据之内")  # fmt: skip
    blank = {name: np.nan for name in next(filter(None, rows))}
    table = pd.DataFrame([row or blank for row in rows], index=pd.Index(lengths, name="outcome_days"))
    counts = ["base", "churned", "days_after_outcome", "bought_later"]
    whole = table[counts].notna().all(axis=None)
    table = table.astype(dict.fromkeys(counts, "int64")) if whole else table.astype(dict.fromkeys(counts, "Int64"))
    table.attrs |= {"within": within, "level": level}
    return table


def _row(events: pd.DataFrame, windows: Windows, length: int, within: int, level: float) -> dict[str, float]:
    """One length: who is churned, and who of them comes back."""
    spans = Windows(windows.cutoff, data_end=windows.data_end, outcome=length, gap=windows.gap,
                    observation=windows.observation, data_start=windows.data_start)  # fmt: skip
    y, account = label(events, spans)
    gone, end = y.index[y == 1], spans.outcome_end_day
    followed = day_number(windows.data_end) - end
    later = events.assign(day=local_days(events["at"]))
    later = later[later["customer_id"].isin(gone) & (later["day"] > end) & (later["day"] <= end + followed)]
    back = (later.groupby("customer_id")["day"].min() - end).reindex(gone)
    share, early = UNKNOWN, UNKNOWN
    if len(gone) and followed:
        share = proportion(int(back.notna().sum()), len(gone), level=level)
        early = _within_days(back.fillna(followed).to_numpy(), back.notna().to_numpy(), followed, within, level)
    return (
        {"base": account["eligible"], "churned": len(gone)}
        | with_limits("churn_rate", proportion(len(gone), len(y), level=level))
        | {"days_after_outcome": followed, "bought_later": int(back.notna().sum())}
        | with_limits("bought_later_share", share) | with_limits("bought_later_within", early)
    )  # fmt: skip


def _within_days(days: np.ndarray, came: np.ndarray, followed: int, within: int, level: float) -> Estimate:
    """Share that came back within so many days, by Kaplan-Meier; unknown where nobody was followed for so long."""
    if followed < within:
        return UNKNOWN
    row = survival_at(days, came, times=[within], level=level).iloc[0]
    return Estimate(1 - row["survival"], 1 - row["survival_high"], 1 - row["survival_low"])


def lengths_text(table: pd.DataFrame, lang: str) -> str:
    """Return the table of `outcome_lengths` in words: the shortest and the longest that could be observed.

    Examples
    --------
    >>> row = {"base": 100, "churn_rate": 0.6, "bought_later_within": 0.3, "bought_later_within_low": 0.2,
    ...        "bought_later_within_high": 0.42}
    >>> table = pd.DataFrame([row, row | {"churn_rate": 0.4, "bought_later_within": float("nan")}], index=[30, 90])
    >>> table.attrs["within"] = 60
    >>> print(lengths_text(table, "en"))
    With an outcome of 30 days 60.0% count as churned; of them 30.0% [20.0%, 42.0%] buy again within the next 60 days. \
With an outcome of 90 days 40.0% count as churned; how many come back cannot be seen yet.
    """
    usable = table[table["churn_rate"].notna()]
    chosen = usable.iloc[[0, -1]] if len(usable) > 1 else usable
    return join([_length_told(days, row, table.attrs["within"]) for days, row in chosen.iterrows()]).text(lang)


def _length_told(days: object, row: pd.Series, within: int) -> Sentence:
    zh, en = f"结果期为 {days} 天时，", f"With an outcome of {days} days {row['churn_rate']:.1%} count as churned; "
    zh += f"{row['churn_rate']:.1%} 的客户计为流失；"
    if pd.isna(row["bought_later_within"]):
        return Sentence(zh + "其中有多少人会回来，数据尚看不出。", en + "how many come back cannot be seen yet.")
    back = Estimate(*(row[f"bought_later_within{end}"] for end in ("", "_low", "_high")))
    return Sentence(f"{zh}其中 {back:.1%} 在随后 {within} 天内再次购买。",
                    f"{en}of them {back:.1%} buy again within the next {within} days.")  # fmt: skip


def _checked(lengths: list[int], within: int) -> list[int]:
    for length in lengths:
        check_lengths(outcome=length)
    check_lengths(outcome=within)
    if not lengths or len(set(lengths)) < len(lengths):
        raise InputError("a length stands twice" if lengths else "no length is given", where=f"lengths={lengths}",
                         expected="different numbers of days, such as 30, 60, 90",
                         zh="结果期长度重复或为空")  # fmt: skip
    return sorted(int(length) for length in lengths)
