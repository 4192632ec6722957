"""The purchases (or all actions) of a data set as one log, with the period for which it is complete."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables import NOTED, About, DataSet, Line, TableLedger
from crm_analysis.tables.days import MICROSECOND, last_moment, wall
from crm_analysis.tables.status import CANCELLED


@dataclass(frozen=True)
class Log:
    """Dated rows of customers and the period for which they are complete.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per purchase: customer_id, at (with zone), day (local, without zone), amount (NaN
        without money), order_id; or per action: customer_id, at, day, action, item_id, category_id.
    unit : str
        ``orders``, ``buy_events`` or ``actions``: what a row is.
    has_money : bool
    start, end : pandas.Timestamp
        First and last moment of complete data, in the zone of the data set.
    end_stated : bool
        Whether the data set states them. If not, orders are taken to be complete from the first to
        the last day seen, both whole; events from the first to the last moment seen.
    ledger : TableLedger
        What became of the rows of the table.
    """

    frame: pd.DataFrame
    unit: str
    has_money: bool
    start: pd.Timestamp
    end: pd.Timestamp
    end_stated: bool
    ledger: TableLedger

    @property
    def first_day(self) -> pd.Timestamp:
        """First calendar day of the data, without a zone."""
        return self.start.tz_localize(None).normalize()

    @property
    def last_day(self) -> pd.Timestamp:
        """Last calendar day of the data, without a zone: the natural `as_of`."""
        return self.end.tz_localize(None).normalize()

    @property
    def days(self) -> int:
        """Calendar days from the first to the last."""
        return (self.last_day - self.first_day).days + 1


def purchases(data: DataSet, *, refunds: str = "set_aside") -> Log:
    """Purchases of a data set: the `orders` if it has any, else the ``buy`` rows of `events`.

    Rows with one customer and one order_id are one purchase: their amounts are
    added, the first moment counts. Set aside and counted are rows whose status
    says cancelled or refunded (``cancelled_row``), rows with a negative amount
    (``refund_row``), and rows outside the window that the data set states
    (``outside_stated_window``). A purchase that cost nothing is a purchase; such rows
    are kept and noted (``zero_amount_row``).

    Parameters
    ----------
    data : DataSet
    refunds : str
        ``set_aside``: each row with a negative amount is left out. ``within_order``: such a
        row (a discount line) lowers its own order; orders that come to nothing are left out.

    Returns
    -------
    Log
        Sorted by moment.

    Raises
    ------
    InputError
        If the data set has neither orders nor buy events, or no purchase is left.

    Examples
    --------
    >>> from crm_analysis.tables import from_frames
    >>> rows = pd.DataFrame({"order_id": [1, 1, 2], "customer_id": "a", "ordered_at": "2010-12-09",
    ...                      "amount": [5, 3, -8]})
    >>> log = purchases(from_frames({"orders": rows}, About("shop")))
    >>> log.frame["amount"].tolist(), log.unit, log.ledger.lines[0].rule, log.end_stated
    ([8.0], 'orders', 'refund_row', False)
    """
    if refunds not in ("set_aside", "within_order"):
        raise InputError(f"refunds={refunds!r} is not known", expected="'set_aside' or 'within_order'")
    if data.has("orders"):
        rows = data["orders"].rename(columns={"ordered_at": "at"})
        fates = {"cancelled_row": _cancelled(rows)}
        if refunds == "set_aside":
            fates |= {"refund_row": rows["amount"] < 0}
        else:
            net = rows["amount"].where(~fates["cancelled_row"], 0.0)
            net = net.groupby([rows["customer_id"], rows["order_id"]]).transform("sum")
            fates |= {"refund_row": (net < 0) | (net == 0) & (rows["amount"] != 0)}
        return _log(data, "orders", "orders", rows, fates)
    if data.has("events"):
        rows = data["events"].rename(columns={"happened_at": "at"})
        rows = rows[rows["action"] == "buy"].assign(amount=np.nan, order_id=pd.NA)
        if len(rows):
            return _log(data, "events", "buy_events", rows, {})
    raise InputError(
        "this data set has no purchases",
        where=data.about.name,
        expected="a table orders, or events with the action buy",
        zh="数据中没有购买记录",
    )


def actions(data: DataSet) -> Log:
    """All rows of `events` (view, favourite, cart, buy) inside the window that the data set states.

    Raises
    ------
    InputError
        If the data set has no events.

    Examples
    --------
    >>> from crm_analysis.tables import from_frames
    >>> rows = pd.DataFrame({"customer_id": ["a", "a"], "item_id": "x", "category_id": "y", "action": ["view", "buy"],
    ...                      "happened_at": ["2017-11-25 10:00", "2017-12-04 00:10"]})
    >>> log = actions(from_frames({"events": rows}, About("shop", window=["2017-11-25", "2017-12-03"])))
    >>> log.frame["action"].tolist(), log.days
    (['view'], 9)
    """
    rows = data["events"].rename(columns={"happened_at": "at"})
    return _log(data, "events", "actions", rows, {})


def stated_window(about: About, table: str = "") -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and last moment of complete data that a data set states, or None for what it does not.

    A `table` may have a window of its own (`About.window_of`).

    Examples
    --------
    >>> about = About("shop", zone="Asia/Shanghai", window=["2017-11-25", "2017-12-03"])
    >>> [str(moment) for moment in stated_window(about)]
    ['2017-11-25 00:00:00+08:00', '2017-12-03 23:59:59.999999+08:00']
    """
    window = about.window_of(table)
    if not window:
        return None, None
    try:
        start, end = window
        first, last = wall(start, about.zone), wall(end, about.zone)
    except ValueError as error:
        raise InputError(
            f"the window {window} cannot be read as two moments", where="about.yml", expected="first, last"
        ) from error
    if len(end.strip()) <= len("2017-12-03"):
        last = last_moment(last)
    elif last == last.normalize():
        last -= MICROSECOND  # midnight written out ends the day before
    if last < first:
        raise InputError("the window ends before it starts", where=f"about.yml {window}", mend="swap the two")
    return _in_zone(first, about.zone), _in_zone(last, about.zone)


def counted_orders(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table ``orders`` that stand for purchases: not cancelled or refunded, no negative amount.

    For measures that need the seller or the item beside the purchase; `purchases` counts what is left out.

    Examples
    --------
    >>> rows = pd.DataFrame({"order_id": [1, 2, 3], "amount": [5.0, -8.0, 4.0], "status": ["", "", "refunded"]})
    >>> counted_orders(rows)["order_id"].tolist()
    [1]
    """
    return orders[~_cancelled(orders) & (orders["amount"] >= 0)]


def _cancelled(rows: pd.DataFrame) -> pd.Series:
    if "status" not in rows:
        return pd.Series(False, index=rows.index)
    return rows["status"].astype("str").str.strip().str.casefold().isin(CANCELLED)


def _log(data: DataSet, table: str, unit: str, rows: pd.DataFrame, fates: dict[str, pd.Series]) -> Log:
    start, end = stated_window(data.about, table)
    if start is not None:
        fates = {"outside_stated_window": (rows["at"] < start) | (rows["at"] > end), **fates}
    reason = pd.Series("", index=rows.index)
    for rule, hit in fates.items():
        reason = reason.mask(reason.eq("") & hit, rule)
    kept = rows[reason == ""]
    if kept.empty:
        raise InputError(f"no row of {table} can be used as {unit.replace('_', ' ')}", where=data.about.name,
                         expected="positive amounts inside the window of the data set",
                         mend=f"rows set aside: {reason.value_counts().to_dict()}",
                         zh="没有一行可以算作购买或行为")  # fmt: skip
    lines = [_line(rule, reason, rows, table) for rule in fates]
    frame = _merged(kept) if unit == "orders" else kept
    if unit == "orders":
        free = pd.Series(np.where(kept["amount"] == 0, "zero_amount_row", ""), index=kept.index)
        lines.append(replace(_line("zero_amount_row", free, kept, table), fate=NOTED))
    if len(kept) > len(frame):
        lines.append(Line("merged_lines", len(kept) - len(frame), NOTED))
    columns = ["action", "item_id", "category_id"] if unit == "actions" else ["amount", "order_id"]
    frame = frame.assign(day=frame["at"].dt.tz_localize(None).dt.normalize())[["customer_id", "at", "day", *columns]]
    frame = frame.sort_values("at", kind="stable", ignore_index=True)
    ledger = TableLedger(table, data.about.name, len(rows), len(kept), lines, unit)
    first, last = (wall(frame["at"].iloc[at]) for at in (0, -1))
    if unit == "orders":
        first, last = first.normalize(), last_moment(last.normalize())
    zone = data.about.zone
    start, end, stated = start or _in_zone(first, zone), end or _in_zone(last, zone), end is not None
    return Log(frame, unit, unit == "orders", start, end, stated, ledger)


def _in_zone(moment: pd.Timestamp, zone: str) -> pd.Timestamp:
    """Return the moment at which the wall of `zone` shows `moment`; a midnight that is skipped moves on."""
    return moment.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby(["customer_id", "order_id"], sort=False, as_index=False)
    return grouped.agg(at=("at", "min"), amount=("amount", "sum"))


def _line(rule: str, reason: pd.Series, rows: pd.DataFrame, table: str) -> Line:
    hit = reason.eq(rule).to_numpy()
    if not hit.any():
        return Line(rule, 0)
    first = int(np.argmax(hit))
    example = ",".join(str(value) for value in rows.iloc[first].tolist())
    return Line(rule, int(hit.sum()), where=f"{table}, row {rows.index[first] + 1}", example=example[:200])
