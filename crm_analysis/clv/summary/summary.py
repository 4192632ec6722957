"""From orders to the summary that every model here reads: repeat purchases, recency, time observed, mean spend."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from crm_analysis.clv.orders import Given, Reading, open_orders
from crm_analysis.clv.orders.days import one_day
from crm_analysis.clv.summary.account import Found
from crm_analysis.clv.summary.rules import Rules
from crm_analysis.clv.summary.run import Request, find, find_days
from crm_analysis.clv.summary.table import people_frame, periods, stamps, steady
from crm_analysis.clv.units import check_unit
from crm_analysis.errors import InputError
from crm_analysis.tables import TableLedger
from crm_analysis.tables.days import Moment, day_stamp

MOST_DAYS = 5_000_000
FIRST_DAYS = 30  # a customer first seen so soon after the log begins may have bought before


@dataclass(frozen=True, eq=False)
class Summary:
    """Customers as the models read them, and the account of how they came from rows of orders.

    Parameters
    ----------
    frame : pandas.DataFrame, index customer_id (text, sorted)
        frequency (days with a purchase after the first), recency (from the first day to the last) and T
        (from the first day to the end), both in `unit`; monetary_value (mean money of a repeat purchase day; NaN
        without one, or without money); first_at, last_at; with a holdout also frequency_holdout (purchase days in
        it), duration_holdout and monetary_value_holdout (mean money of those days).
    unit : str
        ``day``, ``week``, ``month`` or ``year``.
    start, until : pandas.Timestamp
        Day of the first purchase, and last day of complete data.
    calibration_end : pandas.Timestamp or None
        Last day of the calibration; the holdout is the days after it.
    ledger : TableLedger
        Rows read = kept + set aside, and what is worth knowing of those kept.
    steps : pandas.DataFrame, index rule
        rows_in, rows_out, customers_in, customers_out, money_in, money_out; the last step is customer-days.
    rules : Rules
        What was done with refunds, amounts of zero and the first purchase.
    currency, origin, source : str
        Of the money; ``real``, ``simulated`` or ``unstated``; file or table.
    """

    frame: pd.DataFrame = field(repr=False)
    unit: str
    start: pd.Timestamp
    until: pd.Timestamp
    calibration_end: pd.Timestamp | None
    ledger: TableLedger = field(repr=False)
    steps: pd.DataFrame = field(repr=False)
    rules: Rules
    currency: str = ""
    origin: str = "unstated"
    source: str = ""
    _periods: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    _given: Given | None = field(default=None, repr=False)
    _request: Request | None = field(default=None, repr=False)

    @property
    def holdout(self) -> bool:
        """Whether days after the calibration are kept for testing."""
        return self.calibration_end is not None

    def __len__(self) -> int:
        return len(self.frame)

    def describe(self) -> pd.DataFrame:
        """One row for the calibration (and the holdout): days, customers who bought, repeat buyers, purchases, money.

        Returns
        -------
        pandas.DataFrame, index period (calibration, holdout)
            first_day, last_day, customers (who bought in it), repeat_customers (of them, who had bought before),
            purchase_days, repeat_purchases, money.
        """
        return self._periods.copy()

    def at(self, calibration_end: Moment, until: Moment | None = None) -> Summary:
        """Summarize the same orders by the same rules with another split.

        Parameters
        ----------
        calibration_end : day
        until : day, optional
            End of the holdout; by default that of this summary.

        Returns
        -------
        Summary
        """
        zone = self._given.orders.zone
        last = self._request.until if until is None else one_day(until, name="until", zone=zone)
        split = one_day(calibration_end, name="calibration_end", zone=zone)
        return _build(self._given, replace(self._request, calibration_end=split, until=last))

    def days(self, *, most: int = MOST_DAYS) -> pd.DataFrame:
        """Customer-days behind the summary, calibration and holdout: customer_id, day, [amount].

        Parameters
        ----------
        most : int
            Refuse more rows than this.

        Raises
        ------
        InputError
            If there are more.
        """
        count = int(self._periods["purchase_days"].sum())
        if count > most:
            raise InputError(f"there are {count:,} customer-days, more than {most:,}", where=self.source,
                             mend="days(most=...), or summarize a part of the customers",
                             zh=f"购买天数共 {count:,} 行，超过上限 {most:,}")  # fmt: skip
        days = find_days(self._given.orders, self._request)
        days = days[days["customer_id"].isin(self.frame.index)].reset_index(drop=True)
        days["day"] = stamps(days["day"].to_numpy())
        return days[[name for name in ("customer_id", "day", "amount") if name in days]]


def summarize(
    orders: object,
    *,
    until: Moment | None = None,
    unit: str = "week",
    calibration_end: Moment | None = None,
    refunds: str = "set_aside",
    zero_amounts: str = "keep",
    first_purchase: str = "exclude",
    observed_from: Moment | None = None,
    customer: str | None = None,
    when: str | None = None,
    amount: str | None = "",
    zone: str | None = None,
    time_format: str | None = None,
    currency: str = "",
    memory: str = "",
) -> Summary:
    r"""Summarize orders to one row per customer: frequency, recency, T and monetary_value.

    .. math:: x_i = D_i - 1, \quad t_{x,i} = last_i - first_i, \quad T_i = end - first_i, \quad
              m_i = \frac{1}{x_i} \sum_{d > first_i} money_{i,d}

    A purchase is a day on which a customer bought: orders of one day are one purchase, their money is added.
    :math:`D_i` counts such days up to the end of the calibration. Every row that does not count stands in the
    ledger with its rule, in this order: ``blank_id``, ``bad_time`` (no day), ``after_until``, ``cancelled_row``
    (column status), ``missing_amount`` (empty money is not zero), ``negative_amount`` (refunds), ``zero_amount`` if
    asked, ``net_not_positive``, ``first_seen_after_calibration``. Kept and noted: ``same_day_merged``,
    ``zero_amount``, ``refund_netted``, ``duplicate_row`` (up to a million rows; equal in all columns but order_id),
    ``only_last_day`` (customers with T = 0), ``maybe_bought_before``.

    Parameters
    ----------
    orders : DataFrame, path, list of paths, Ibis table, tables.DataSet, or log of `segments.purchases`
        One row per order or line of an order. Paths end in .csv or .parquet, patterns such as ``orders/*.parquet``
        are allowed; they are read by an embedded DuckDB, an Ibis table by its own backend.
    until : day, optional
        Last day of complete data, included; default what the data set states, else the last day of any row.
    unit : str
        Of recency and T: ``day``, ``week`` (seven days), ``month``, ``year`` (of the calendar, see `elapsed`).
    calibration_end : day, optional
        Last day of the calibration; the days after it, up to `until`, are the holdout. Customers first seen in the
        holdout are set aside.
    refunds : {"set_aside", "net", "error"}
        Rows with a negative amount: left out; or taken off the money of that customer's day, which is no purchase
        if nothing remains (a refund on a later day takes nothing off an earlier one); or refused.
    zero_amounts : {"keep", "set_aside", "error"}
        A purchase that cost nothing is a purchase, so that frequency times monetary_value is the money of repeat
        purchases.
    first_purchase : {"exclude", "include"}
        Whether monetary_value is the mean of repeat days (what Gamma-Gamma needs) or of all. Frequency never counts
        the first.
    observed_from : day, optional
        Since when the log is complete; customers first seen within 30 days of it are noted: they may have bought
        before.
    customer, when, amount : str, optional
        Names of columns; by default those of the project's tables. ``amount=None``: no money.
    zone : str, optional
        Time zone whose days count, for moments that name a zone; default the column's or the data set's own. Times
        without a zone are local already.
    time_format : str, optional
        How texts of time are written, such as ``%d/%m/%Y``; only needed where day and month could be confused.
    currency : str, optional
        Of the amounts; default what the data set states.
    memory : str
        What the embedded engine may use before it spills to disk; default 1 GB, and 3 GB for more than 500 MB of
        orders (10 million customers need that much).

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        If columns are missing, days cannot be told, no row is left, or the dates do not fit the data.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284, p. 276.
    .. [2] Fader, Hardie (2013). The Gamma-Gamma model of monetary value. brucehardie.com/notes/025, p. 1.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "a", "b", "b"], "amount": [9.0, 4.0, 6.0, 5.0, -5.0],
    ...     "ordered_at": ["1997-01-01", "1997-01-15", "1997-01-15", "1997-01-08", "1997-01-09"]})
    >>> summary = summarize(orders, until="1997-01-29")
    >>> summary.frame[["frequency", "recency", "T", "monetary_value"]]
                 frequency  recency    T  monetary_value
    customer_id
    a                    1      2.0  4.0            10.0
    b                    0      0.0  3.0             NaN
    >>> [(line.rule, line.rows) for line in summary.ledger.lines]
    [('negative_amount', 1), ('same_day_merged', 1)]
    """
    check_unit(unit)
    rules = Rules(refunds, zero_amounts, first_purchase)
    given = open_orders(orders, Reading(customer, when, amount, zone, time_format, memory))
    given = replace(given, currency=currency or given.currency)
    dates = {"until": until, "calibration_end": calibration_end, "observed_from": observed_from}
    days = {name: None if day is None else one_day(day, name=name, zone=given.orders.zone)
            for name, day in dates.items()}  # fmt: skip
    days["until"] = given.until if until is None else days["until"]
    return _build(given, Request(unit, rules, **days))


def _build(given: Given, request: Request) -> Summary:
    asked, (found, request) = request, find(given.orders, request)
    steps = found.steps(net=request.rules.refunds == "net")
    steps = steps.assign(**{name: steady(steps[name].to_numpy()) for name in ("money_in", "money_out")})
    people = found.people[~found.late]
    ledger = found.ledger(steps, table="orders", source=given.orders.name, notes=_notes(found, people, request))
    end = request.until if request.calibration_end is None else request.calibration_end
    frame = people_frame(people, request, end)
    split = None if request.calibration_end is None else day_stamp(request.calibration_end)
    return Summary(frame, request.unit, day_stamp(people["first"].min()), day_stamp(request.until), split, ledger,
                   steps, request.rules, given.currency, given.origin, given.orders.name,
                   periods(people, request, end), given, asked)  # fmt: skip


def _notes(found: Found, people: pd.DataFrame, request: Request) -> dict[str, int]:
    """Rows, or customers, that are kept and that the reader should know of."""
    end = request.until if request.calibration_end is None else request.calibration_end
    notes = {"only_last_day": int((people["first"] == end).sum())}
    if request.rules.zero_amounts == "keep":
        notes["zero_amount"] = found.tally.zeros
    if request.rules.refunds == "net":
        notes["refund_netted"] = found.tally.refunds
    if found.repeated:
        notes["duplicate_row"] = found.repeated
    if request.observed_from is not None:
        notes["maybe_bought_before"] = int((people["first"] < request.observed_from + FIRST_DAYS).sum())
    return notes
