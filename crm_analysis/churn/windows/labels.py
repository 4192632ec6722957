"""Who counts at a cutoff, and who of them stayed away: labels with the account of everybody left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.meeting import check_ids, check_zones
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.intervals import proportion, with_limits
from crm_analysis.segments import counted_orders
from crm_analysis.tables.days import local_days
from crm_analysis.tables.needs import check_table

EVENTS = ("purchase", "any")
TIMES = {"orders": "ordered_at", "events": "happened_at"}


def qualifying(tables: Mapping[str, pd.DataFrame], *, event: str = "purchase") -> pd.DataFrame:
    """Return the events that keep a customer from being churned: customer_id, at.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        With ``orders`` or ``events``.
    event : {"purchase", "any"}
        ``purchase``: counted orders (not cancelled, refunded or negative), or the buys among the events where there
        are no orders. ``any``: orders and every event.

    Raises
    ------
    InputError
        If there is no such event, or orders and events name customers or days in different ways.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02"]).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": [9.0, -9.0]})
    >>> qualifying({"orders": orders})["at"].dt.day.tolist()
    [30]
    """
    if event not in EVENTS:
        raise InputError(f"event={event!r} is not known", expected=", ".join(EVENTS))
    own = {name: tables[name] for name in TIMES if name in tables}
    check_zones(own, TIMES)
    check_ids(own)
    parts = []
    if "orders" in tables and len(tables["orders"]):
        check_table(tables["orders"], "orders", "customer_id", "ordered_at", "amount")
        parts.append(
            counted_orders(tables["orders"])[["customer_id", "ordered_at"]].set_axis(["customer_id", "at"], axis=1)
        )
    if "events" in tables and len(tables["events"]) and (event == "any" or not parts):
        check_table(tables["events"], "events", "customer_id", "action", "happened_at")
        rows = tables["events"] if event == "any" else tables["events"][tables["events"]["action"] == "buy"]
        parts.append(rows[["customer_id", "happened_at"]].set_axis(["customer_id", "at"], axis=1))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if found.empty:
        raise InputError("there is no event that could show a customer staying", where=", ".join(tables) or "no table",
                         expected="a table orders with purchases, or events with buys",
                         zh="没有可以说明客户留存的购买或行为记录")  # fmt: skip
    return found


def label(events: pd.DataFrame, windows: Windows) -> tuple[pd.Series, dict[str, float]]:
    r"""Label the customers of one cutoff: 1 for no event in the outcome, 0 for at least one.

    .. math:: y_i = 1 - \mathbf 1\{\text{event of } i \in (c + gap,\ c + gap + outcome]\}

    A customer is eligible with an event in the observation. Others have no label, not 0: whoever
    came only after the cutoff was unknown then, whoever was last seen before the observation is gone already.

    Parameters
    ----------
    events : pandas.DataFrame
        customer_id, at (with a zone), from `qualifying`.
    windows : Windows

    Returns
    -------
    y : pandas.Series of int, index customer_id (sorted), name ``churned``
    account : dict
        seen (customers with any event up to the end of the outcome), eligible, not_seen_lately (last event before the
        observation), acquired_later (first event after the cutoff), churned, churn_rate with Wilson's limits.

    Raises
    ------
    InputError
        If nobody is eligible, or the events lack a customer or a time.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02", "2012-05-01", "2012-06-09"]).tz_localize("UTC")
    >>> events = pd.DataFrame({"customer_id": list("aabc"), "at": at})
    >>> y, account = label(events, Windows("2012-05-31", data_end="2012-12-31", outcome=30))
    >>> y.to_dict(), account["acquired_later"]
    ({'a': 0, 'b': 1}, 1)
    """
    _check_events(events)
    codes, customers = pd.factorize(events["customer_id"], sort=True)
    day = local_days(events["at"])
    first = -np.inf if windows.first_day is None else windows.first_day

    def have(low: float, high: float) -> np.ndarray:
        return np.bincount(codes[(day >= low) & (day <= high)], minlength=len(customers)) > 0

    cutoff, end = windows.cutoff_day, windows.outcome_end_day
    eligible, before = have(first, cutoff), have(-np.inf, cutoff)
    if not eligible.any():
        raise InputError(f"no customer has an event in the observation ({windows.text('en')})",
                         expected="a cutoff within the data", mend="take a later cutoff or a longer observation",
                         zh=f"观察期内没有客户（{windows.text('zh')}）")  # fmt: skip
    stayed = have(windows.outcome_first_day, end)
    index = pd.Index(customers[eligible], name="customer_id")
    y = pd.Series((~stayed[eligible]).astype("int64"), index=index, name="churned")
    seen = have(-np.inf, end)
    account = {
        "seen": int(seen.sum()), "eligible": int(eligible.sum()), "not_seen_lately": int((before & ~eligible).sum()),
        "acquired_later": int((seen & ~before).sum()), "churned": int(y.sum()),
    }  # fmt: skip
    return y, account | with_limits("churn_rate", proportion(account["churned"], account["eligible"]))


def churn_by_cutoff(
    tables: Mapping[str, pd.DataFrame], windows: Windows | Iterable[Windows], *, event: str = "purchase"
) -> pd.DataFrame:
    """Churn rate at several cutoffs: a rate that moves is a warning for every model that learned from one of them.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        With ``orders`` or ``events``.
    windows : Windows or iterable of Windows
        All of the same lengths: rates of different outcomes cannot be compared.
    event : {"purchase", "any"}
        As in `qualifying`.

    Returns
    -------
    pandas.DataFrame, index cutoff
        The account of `label`, one row per cutoff, in order of time.

    Raises
    ------
    InputError
        As `qualifying` and `label`; if there are no windows, a cutoff stands twice, or lengths differ.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02", "2012-05-01", "2012-06-09"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": range(4), "customer_id": list("aabc"), "ordered_at": at, "amount": 1.0})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31", outcome=30)
    >>> churn_by_cutoff({"orders": orders}, [windows, windows.at("2012-06-10")])["churn_rate"].round(2).tolist()
    [0.5, 1.0]
    """
    from crm_analysis.churn.windows.assembly import in_order

    spans, events = in_order(windows), qualifying(tables, event=event)
    rows = [label(events, each)[1] for each in spans]
    return pd.DataFrame(rows, index=pd.Index([each.cutoff_date for each in spans], name="cutoff"))


def _check_events(events: pd.DataFrame) -> None:
    problems = [f"{name} is missing" for name in ("customer_id", "at") if name not in events]
    problems += [f"{name} has blanks" for name in ("customer_id", "at") if name in events and events[name].isna().any()]
    if "at" in events and not isinstance(events["at"].dtype, pd.DatetimeTZDtype):
        problems.append("at has no time zone")
    if problems:
        raise InputError("; ".join(problems), where="the events of the label",
                         expected="customer_id and at, with a zone, in each row",
                         mend="take them from qualifying(tables)", zh="行为记录缺少客户编号或带时区的时间")  # fmt: skip
    check_ids({"events": events})
