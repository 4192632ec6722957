"""Complaints per 1,000 orders: over time as a u chart, and by group with Poisson intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.tables.days import Moment, end_of
from crm_analysis.tables.needs import check_group, check_table, stated

PER = 1000
PERIODS = {"week": "W-SUN", "month": "M"}
RUN = 8  # periods in a row on one side of the centre: by chance 1 in 128
MOVING_RANGE = 1.128  # mean range of two normal values in standard deviations (d2)


def complaint_periods(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    period: str = "week",
    as_of: Moment,
    overdispersed: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Complaints per 1,000 orders in each week or month, with the limits of a u chart.

    .. math:: \bar u = \frac{\sum c_t}{\sum n_t}, \qquad \bar u \pm 3 \sqrt{\bar u / n_t}

    A period beyond the limits, or eight in a row on one side of the centre, is a signal that something changed;
    all others are ordinary variation, which nobody should be asked to explain. With `overdispersed` the distance
    of the limits is multiplied by Laney's factor, the spread of the periods from one to the next against that of
    Poisson counts.

    Complaints count in the period in which they were opened, orders in that in which they were placed; a complaint
    comes some days after its order, so that a promotion lowers the rate first and raises it afterwards.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at.
    orders : pandas.DataFrame
        Columns order_id, ordered_at. Each row is an order: set refunds and cancellations aside before.
    period : {"week", "month"}
        Weeks run from Monday to Sunday.
    as_of : str or Timestamp
        Last day of complete data; later rows do not count.
    overdispersed : bool
    level : float in (0, 1)
        Of the interval of each rate.

    Returns
    -------
    pandas.DataFrame, index period
        First day: tickets, orders, complaint_rate with Garwood's limits; centre_rate, lower_control and upper_control;
        signal (``above_limit``, ``below_limit``, ``long_run`` or empty); partial (a period that the data do not
        hold wholly: neither in the centre nor a signal); sigma_factor (1, or Laney's). Rates are blank without orders.

    Raises
    ------
    InputError
        If columns are missing, or no whole period holds an order.

    References
    ----------
    .. [1] Montgomery (2020). Introduction to Statistical Quality Control, section 7.3 (u chart); Laney (2002).
           Quality Engineering 14, 531-537 (u' chart). Garwood (1936). Biometrika 28, 437-442 (limits of a rate).

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": list("abcd"),
    ...     "ordered_at": day("2012-03-05", "2012-03-06", "2012-03-11", "2012-03-18")})
    >>> tickets = pd.DataFrame({"ticket_id": ["1"], "opened_at": day("2012-03-09")})
    >>> complaint_periods(tickets, orders, as_of="2012-03-18")[["orders", "complaint_rate"]].round(1).values.tolist()
    [[3.0, 333.3], [1.0, 0.0]]
    """
    check_table(tickets, "tickets", "ticket_id", "opened_at")
    check_table(orders, "orders", "order_id", "ordered_at")
    if period not in PERIODS:
        raise InputError(f"the period {period!r} is not known", expected=f"one of {', '.join(PERIODS)}",
                         zh=f"不存在周期“{period}”")  # fmt: skip
    table, partial = _counts(tickets, orders, period, as_of)
    whole = ~partial & (table["orders"] > 0)
    if not whole.any():
        raise InputError(f"no whole {period} holds an order", where="table orders", mend="take more data or weeks",
                         zh="没有一个完整周期内有订单")  # fmt: skip
    table = table.assign(**rate_columns("complaint_rate", table["tickets"], table["orders"], level=level))
    centre = table.loc[whole, "tickets"].sum() / table.loc[whole, "orders"].sum()
    sigma = np.sqrt(centre / table["orders"].where(table["orders"] > 0))
    score = (table["complaint_rate"] / PER - centre) / sigma.where(sigma > 0)
    factor = _laney(score[whole]) if overdispersed else 1.0
    table["centre_rate"] = PER * centre
    table["lower_control"] = PER * (centre - 3 * factor * sigma).clip(lower=0)
    table["upper_control"] = PER * (centre + 3 * factor * sigma)
    table["signal"] = _signals(table["complaint_rate"].where(whole), table)
    return table.assign(partial=partial, sigma_factor=float(factor))


def complaint_rates(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    by: str,
    as_of: Moment,
    customers: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Complaints per 1,000 orders of each group, with Poisson limits.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at and the column `by`, or order_id (the group of the order counts), or customer_id
        (where `by` is a column of `customers`).
    orders : pandas.DataFrame
        Columns order_id, ordered_at, the column `by` or customer_id.
    by : str
        seller_id, category, city, ...
    as_of : str or Timestamp
        Last day of complete data; later rows do not count.
    customers : pandas.DataFrame, optional
        Columns customer_id, `by`.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by`
        The largest number of orders first: tickets, orders, complaint_rate with Garwood's limits (blank without
        orders). The limits take complaints as independent: a customer who complains often makes them too narrow.

    Raises
    ------
    InputError
        If columns are missing.

    References
    ----------
    .. [1] Garwood (1936). Biometrika 28, 437-442.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": list("abc"), "ordered_at": day(*["2012-03-05"] * 3),
    ...     "category": ["food", "food", "books"]})
    >>> tickets = pd.DataFrame({"ticket_id": ["1"], "opened_at": day("2012-03-09"), "order_id": ["b"]})
    >>> complaint_rates(tickets, orders, by="category", as_of="2012-03-31")["complaint_rate"].to_dict()
    {'food': 500.0, 'books': 0.0}
    """
    check_table(tickets, "tickets", "ticket_id", "opened_at")
    check_table(orders, "orders", "order_id", "ordered_at")
    tickets = tickets[tickets["opened_at"] < end_of(as_of, tickets["opened_at"])]
    orders = orders[orders["ordered_at"] < end_of(as_of, orders["ordered_at"])]
    placed = _column(orders, "orders", by, customers)
    if by not in tickets and by in orders and "order_id" in tickets:
        groups = orders.drop_duplicates("order_id").set_index("order_id")[by]
        opened = stated(tickets["order_id"].map(groups))
    else:
        opened = _column(tickets, "tickets", by, customers)
    found, base = opened.value_counts(), placed.value_counts()
    names = sorted(set(base.index) | set(found.index), key=lambda name: (-base.get(name, 0), str(name)))
    table = pd.DataFrame({"tickets": found, "orders": base}).reindex(names).fillna(0).astype(int).rename_axis(by)
    return table.assign(**rate_columns("complaint_rate", table["tickets"], table["orders"], level=level))


def rate_columns(name: str, counts: ArrayLike, base: ArrayLike, *, level: float = 0.95) -> dict[str, np.ndarray]:
    r"""Return rates per 1,000 as the columns `name`, `name_low` and `name_high`, with Garwood's Poisson limits.

    .. math:: \tfrac12 \chi^2_{2c}(\alpha/2), \qquad \tfrac12 \chi^2_{2c+2}(1 - \alpha/2)

    Examples
    --------
    >>> {key: x.round(2).tolist() for key, x in rate_columns("rate", [0, 10], 1000).items()}
    {'rate': [0.0, 10.0], 'rate_low': [0.0, 4.8], 'rate_high': [3.69, 18.39]}
    """
    c, n = np.asarray(counts, float), np.broadcast_to(np.asarray(base, float), np.shape(counts))
    tail = (1 - check_level(level)) / 2
    low = np.where(c > 0, gammaincinv(np.maximum(c, 1), tail), 0.0)
    high = gammaincinv(c + 1, 1 - tail)
    some = np.where(n > 0, n, np.nan)
    return {name: PER * c / some, f"{name}_low": PER * low / some, f"{name}_high": PER * high / some}


def _counts(tickets: pd.DataFrame, orders: pd.DataFrame, period: str, as_of: Moment) -> tuple[pd.DataFrame, pd.Series]:
    """Tickets and orders of each period from the first order on, and whether the data hold it only in part."""
    end = end_of(as_of, orders["ordered_at"])
    placed = orders.loc[orders["ordered_at"] < end, "ordered_at"].dt.tz_localize(None)
    opened = tickets.loc[tickets["opened_at"] < end, "opened_at"].dt.tz_convert(end.tz).dt.tz_localize(None)
    if placed.empty:
        raise InputError(f"no order was placed by {as_of}", where="table orders", zh=f"截至 {as_of} 没有订单")
    kind, last = PERIODS[period], (end - pd.Timedelta(1, "us")).tz_localize(None)
    every = pd.period_range(placed.min().to_period(kind), last.to_period(kind), freq=kind)
    table = pd.DataFrame(
        {"tickets": opened.dt.to_period(kind).value_counts().reindex(every, fill_value=0),
         "orders": placed.dt.to_period(kind).value_counts().reindex(every, fill_value=0)}
    )  # fmt: skip
    first_day, day_after = placed.min().normalize(), end.tz_localize(None)
    partial = (every.start_time < first_day) | (every.end_time >= day_after)
    table.index = pd.Index(every.start_time.astype("datetime64[us]"), name="period")
    return table, pd.Series(partial, index=table.index)


def _laney(score: pd.Series) -> float:
    """Mean moving range of the standardised rates, in standard deviations."""
    ranges = score.dropna().diff().abs().dropna()
    return float(ranges.mean() / MOVING_RANGE) if len(ranges) else 1.0


def _signals(rate: pd.Series, table: pd.DataFrame) -> pd.Series:
    side = np.sign((rate - table["centre_rate"]).round(12)).fillna(0)
    run = side.groupby((side != side.shift()).cumsum()).cumcount() + 1
    found = pd.Series("", index=rate.index, dtype=object)
    found[(run >= RUN) & (side != 0)] = "long_run"
    found[rate > table["upper_control"]] = "above_limit"
    found[rate < table["lower_control"]] = "below_limit"
    return found


def _column(frame: pd.DataFrame, table: str, by: str, customers: pd.DataFrame | None) -> pd.Series:
    if by not in frame and customers is not None and "customer_id" in frame:
        check_table(customers, "customers", "customer_id", times=())
        check_group(customers, "customers", by)
        return stated(frame["customer_id"].map(customers.drop_duplicates("customer_id").set_index("customer_id")[by]))
    check_group(frame, table, by)
    return stated(frame[by])
