"""Campaigns by mail: delivered, opened, clicked, converted; and what they brought against a holdout arm.

The funnel of a campaign says what happened to its messages; it cannot say what the
messages caused, for some recipients would have bought anyway. Only a holdout arm,
drawn by lot before sending, can: `campaign_uplift` compares **all** customers of an
arm, opened or not, with all customers held out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import holm, share_columns, with_limits
from crm_analysis.marketing.experiments import NO_COMPARISON, sample_ratio, two_means, two_proportions
from crm_analysis.tables.needs import check_columns, groups

HOLDOUT = "holdout"
NEEDED = ("campaign", "customer_id", "arm", "sent_at")
TIMES = ("sent_at", "opened_at", "clicked_at", "converted_at")
CAUSES = {"opened": ("opened_at", "clicked_at"), "clicked": ("clicked_at",), "converted": ("converted_at",)}


def campaign_table(
    contacts: pd.DataFrame, *, by: str = "campaign", holdout: str = HOLDOUT, level: float = 0.95
) -> pd.DataFrame:
    r"""Count each campaign's messages delivered, opened, clicked and converted, with their rates.

    .. math:: open = opened/delivered, \quad CTOR = clicked/opened, \quad conversion = converted/delivered

    Each delivered message counts once, however often it was opened. A click counts as
    an open, for many mail programs hide opens. A response dated before the sending is
    not one: it is counted as `too_early` and otherwise left out.

    Parameters
    ----------
    contacts : pandas.DataFrame
        Table ``contacts``. A column ``delivered`` of true and false is used if there is
        one; without it every message sent counts as delivered.
    by : str
        Column that groups the messages, such as ``campaign``, ``arm`` or an attribute of the reader joined to it.
    holdout : str
        Arm that was sent nothing; its rows are left out here.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        One row per group: sent, delivered, opened, clicked, converted, too_early, and with limits open_rate,
        click_to_open_rate, conversion_rate.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> sent = pd.Timestamp("2012-11-01 09:00", tz="Asia/Shanghai")
    >>> read = sent + pd.Timedelta("1h")
    >>> contacts = pd.DataFrame({"campaign": "11.11", "customer_id": list("abcd"), "arm": "mail", "sent_at": sent,
    ...     "opened_at": [read, None, read, None], "clicked_at": [None, None, read, None]})
    >>> campaign_table(contacts)[["delivered", "opened", "clicked", "click_to_open_rate"]].values.tolist()
    [[4.0, 2.0, 1.0, 0.5]]
    """
    check_columns(contacts, "contacts", NEEDED, times=TIMES)
    mailed = contacts[contacts["arm"] != holdout]
    delivered = mailed["delivered"].fillna(False).astype(bool) if "delivered" in mailed else mailed["sent_at"].notna()
    counts = pd.DataFrame({"sent": 1, "delivered": delivered.astype(int)}, index=mailed.index)
    for name in CAUSES:
        counts[name] = _after_sending(mailed, name).where(delivered, False).astype(int)
    counts["too_early"] = _too_early(mailed).astype(int)
    table = counts.groupby(groups(mailed, by).to_numpy()).sum().rename_axis(index=by).reset_index()
    for name, part, whole in (("open_rate", "opened", "delivered"), ("click_to_open_rate", "clicked", "opened"),
                              ("conversion_rate", "converted", "delivered")):  # fmt: skip
        table = table.assign(**share_columns(name, table[part], table[whole], level=level))
    return table


def campaign_uplift(
    contacts: pd.DataFrame,
    *,
    holdout: str = HOLDOUT,
    planned: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each arm of each campaign with its holdout arm: conversion, lift and value per customer.

    The unit is the customer as assigned: converted if any of its contacts of the
    campaign did, value the sum over them, 0 where there is none.

    Parameters
    ----------
    contacts : pandas.DataFrame
        Table ``contacts``, the customers held out included with their moment of assignment as sent_at.
    holdout : str
        Name of the holdout arm.
    planned : mapping of arm to float, optional
        Planned split, such as ``{"mail": 0.9, "holdout": 0.1}``. Without it the split is not checked.
    level : float in (0, 1)
        Level of each interval; p_holm is corrected for the number of rows, the intervals are not.

    Returns
    -------
    pandas.DataFrame
        One row per campaign and arm: campaign, arm, customers, held_out, conversion_rate, holdout_rate, and with
        limits uplift (Newcombe), relative_lift and value_uplift (Welch, per customer); p, p_holm, split_p, split_check
        (``split_checked``; ``split_unchecked``; ``stopped_by_split``: the split is not the planned one (p < .001),
        so the groups are not comparable and all measures are NaN).

    Raises
    ------
    InputError
        If a campaign has no holdout arm or no other arm, a customer stands in two arms of one campaign, a column is
        missing, or the planned split does not name the arms.

    Examples
    --------
    >>> sent = pd.Timestamp("2012-11-01", tz="Asia/Shanghai")
    >>> contacts = pd.DataFrame({"campaign": "11.11", "customer_id": range(200), "arm": ["mail", "holdout"] * 100,
    ...     "sent_at": sent, "converted_at": [sent] * 40 + [None, None] * 80})
    >>> contacts.loc[1:39:4, "converted_at"] = None
    >>> campaign_uplift(contacts)[["conversion_rate", "holdout_rate", "uplift"]].round(3).values.tolist()
    [[0.2, 0.1, 0.1]]
    """
    check_columns(contacts, "contacts", NEEDED, times=TIMES)
    people = _by_customer(contacts, holdout)
    rows = []
    for campaign, part in people.groupby("campaign", sort=False, observed=True):
        arms = dict(list(part.groupby("arm", sort=False, observed=True)))
        split_p, verdict = _split(arms, planned)
        for arm in arms:
            if arm != holdout:
                rows.append({"campaign": campaign, "arm": arm} | _effect(arms[arm], arms[holdout], verdict, level)
                            | {"split_p": split_p, "split_check": verdict})  # fmt: skip
    table = pd.DataFrame(rows)
    table.insert(table.columns.get_loc("p") + 1, "p_holm", holm(table["p"]))
    return table


def _effect(arm: pd.DataFrame, held: pd.DataFrame, verdict: str, level: float) -> dict[str, float]:
    x1, n1, x2, n2 = int(arm["converted"].sum()), len(arm), int(held["converted"].sum()), len(held)
    stopped = verdict == "stopped_by_split"
    shares = NO_COMPARISON if stopped else two_proportions(x1, n1, x2, n2, level=level)
    values = NO_COMPARISON if stopped else two_means(arm["value"], held["value"], level=level)
    row = {"customers": n1, "held_out": n2, "conversion_rate": x1 / n1, "holdout_rate": x2 / n2}
    measures = (("uplift", shares.difference), ("relative_lift", shares.lift), ("value_uplift", values.difference))
    for name, found in measures:
        row |= with_limits(name, found)
    return row | {"p": shares.p}


def _split(arms: dict[str, pd.DataFrame], planned: Mapping[str, float] | None) -> tuple[float, str]:
    if planned is None:
        return float("nan"), "split_unchecked"
    if set(planned) != set(arms):
        raise InputError("the planned split does not name the arms of the campaign",
                         where=f"planned: {', '.join(planned)}; found: {', '.join(map(str, arms))}",
                         mend="give each arm its planned share")  # fmt: skip
    found = sample_ratio([len(part) for part in arms.values()], [planned[arm] for arm in arms])
    return found.p, "stopped_by_split" if found.stop else "split_checked"


def _by_customer(contacts: pd.DataFrame, holdout: str) -> pd.DataFrame:
    """Return one row per campaign and customer, after checking that each has one arm and each campaign a holdout."""
    value = contacts["value"] if "value" in contacts else pd.Series(np.nan, index=contacts.index)
    rows = contacts[["campaign", "customer_id", "arm"]].assign(
        converted=_after_sending(contacts, "converted"), value=value.astype(float)
    )
    keys = ["campaign", "customer_id", "arm"]
    people = rows.groupby(keys, sort=False, observed=True, as_index=False).agg({"converted": "max", "value": "sum"})
    if (people["arm"] == holdout).all():
        raise InputError(f"there is no arm beside the holdout arm {holdout!r}", where="table contacts",
                         expected="customers to whom something was sent", zh="除对照组外没有其他组别")  # fmt: skip
    with_holdout = set(people.loc[people["arm"] == holdout, "campaign"])
    lacking = [name for name in people["campaign"].unique() if name not in with_holdout]
    if lacking:
        arms = sorted(map(str, people["arm"].unique()))
        raise InputError(
            f"without a holdout arm no uplift can be told: {', '.join(map(str, lacking))}",
            where=f"arms found: {', '.join(arms)}",
            expected=f"customers drawn by lot into the arm {holdout!r} of each campaign, to whom nothing is sent",
            mend=nearest(holdout, arms) or "name it with holdout=…, or keep one in the next campaign",
            zh=f"没有对照组，无法衡量增量：{'、'.join(map(str, lacking))}",
        )
    twice = int(people.duplicated(["campaign", "customer_id"]).sum())
    if twice:
        raise InputError(f"{twice:,} customers stand in two arms of one campaign",
                         expected="each customer in one arm", mend="set these customers aside and say so",
                         zh=f"有 {twice:,} 位客户在同一活动中分属两组")  # fmt: skip
    return people


def _after_sending(contacts: pd.DataFrame, name: str) -> pd.Series:
    """Tell whether any of the responses that count as `name` came at or after the sending."""
    hit = pd.Series(False, index=contacts.index)
    for column in CAUSES[name]:
        if column in contacts:
            hit |= contacts[column].notna() & ~(contacts[column] < contacts["sent_at"])
    return hit


def _too_early(contacts: pd.DataFrame) -> pd.Series:
    early = pd.Series(False, index=contacts.index)
    for column in TIMES[1:]:
        if column in contacts:
            early |= contacts[column] < contacts["sent_at"]
    return early
