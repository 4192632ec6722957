"""The check of the end of a term: agreed beforehand, or written when the contract had ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.alarms import FEW_ROWS
from crm_analysis.churn.windows.check import FAILED, WARNED, Check, decided, first
from crm_analysis.churn.windows.feature_frame import Features, feature_frame
from crm_analysis.churn.windows.futures import LATER
from crm_analysis.churn.windows.truncation import moved
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.days import local_days
from crm_analysis.tables.plain import plain
from crm_analysis.words import Sentence

OFTEN = 0.9  # part of the accounts that left on the very day of ends_on, from which it looks like the actual end


def terms_check(
    features: Features, frames: Mapping[str, pd.DataFrame], windows: Windows, y: pd.Series, base: pd.DataFrame
) -> list[Check]:
    """Return the check ``overwritten_terms``; nothing where contracts have no dates ``ends_on``.

    Features that use ends_on are those that move when it is dated later. If they do, and (nearly) all who left did so
    on that very day, the date may have been written afterwards: a warning. If besides nobody stayed whose ends_on
    lay in the outcome, the date is the outcome: a failure (a warning with fewer than ten who left).

    Parameters
    ----------
    features : callable
    frames : mapping of str to pandas.DataFrame
    windows : Windows
    y : pandas.Series of 0 and 1, index customer_id (the account)
    base : pandas.DataFrame
        The features of `y`.
    """
    contracts = frames["contracts"]
    if "ends_on" not in contracts or not isinstance(contracts["ends_on"].dtype, pd.DatetimeTZDtype):
        return []
    used = _using(features, frames, windows, base)
    ends, left = _days(contracts, windows, y.index)
    gone, stayed = (y == 1).to_numpy(), (y == 0).to_numpy()
    same = int((gone & (ends == left)).sum())
    past = int((stayed & (ends >= windows.outcome_first_day) & (ends <= windows.outcome_end_day)).sum())
    alike = bool(gone.any()) and same >= OFTEN * gone.sum()
    names = first(used)
    return [decided(
        "overwritten_terms", used if alike else [], verdict=WARNED if past or gone.sum() < FEW_ROWS else FAILED,
        examined=len(y), value=same / gone.sum() if gone.any() else float("nan"), limit=OFTEN,
        bad=Sentence(
            f"{int(gone.sum()):,} 个流失账户中有 {same:,} 个恰在 ends_on 当日离开；ends_on 落在结果期内而仍在约的账户有"
            f" {past:,} 个。该日期可能是事后填写的，而以下特征用到了它：{names.zh}。",
            f"Of {int(gone.sum()):,} accounts that left, {same:,} left on the very day of ends_on; {past:,} stayed"
            " whose ends_on lay in the outcome. The date may have been written afterwards, and features use it:"
            f" {names.en}."),
        good=Sentence("没有特征用到 ends_on。", "No feature uses ends_on.") if not used else
        Sentence("用到了 ends_on，但它并不总是实际离开的日子。",
                 "Features use ends_on, which is not simply the day on which accounts left."),
        mend=Sentence("由合约类型推算到期日：terms={\"yearly\": 12}", 'tell terms by plan: terms={"yearly": 12}'),
    )]  # fmt: skip


def _using(features: Features, frames: Mapping[str, pd.DataFrame], windows: Windows, base: pd.DataFrame) -> list[str]:
    """The features that move when ends_on is dated later."""
    contracts = frames["contracts"]
    later = contracts.assign(ends_on=contracts["ends_on"] + LATER)
    try:
        after = feature_frame(features, {**frames, "contracts": later}, windows, base.index)
    except Exception:  # a function may fail in any way on dates that it has not met
        return ["ends_on"]
    return list(moved(base, after))


def _days(contracts: pd.DataFrame, windows: Windows, accounts: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Day of ends_on, and of the actual end, of the contract that each account held at the cutoff; NaN if blank."""
    zone = contracts["started_on"].dt.tz
    rows = pd.DataFrame({"account": plain(contracts["account_id"]).to_numpy()})
    for name in ("started_on", "ends_on", "ended_on"):
        rows[name] = np.nan
        there = contracts[name].notna().to_numpy()
        if there.any():
            rows.loc[there, name] = local_days(contracts.loc[there, name].dt.tz_convert(zone)).astype(float)
    held = rows[(rows["started_on"] <= windows.cutoff_day) & ~(rows["ended_on"] <= windows.cutoff_day)]
    held = held.sort_values("started_on", kind="stable").drop_duplicates("account", keep="last").set_index("account")
    held = held.reindex(accounts)
    return held["ends_on"].to_numpy(), held["ended_on"].to_numpy()
