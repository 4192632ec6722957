"""What is known of each customer on the evening of the cutoff, as one row of numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from crm_analysis.churn.features.catalogue import CATALOGUE, FAMILIES, Feature
from crm_analysis.churn.features.cut import Cut
from crm_analysis.churn.features.given import open_tables
from crm_analysis.churn.features.lines import Lines
from crm_analysis.churn.features.meeting import check_meeting, chosen_customers
from crm_analysis.churn.features.plan import Part, run
from crm_analysis.churn.features.sources import Source, sources
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import Ledger, Line, TableLedger
from crm_analysis.tables.days import day_stamp


def customer_features(
    tables: Any,
    windows: Windows,
    *,
    customers: Iterable | None = None,
    families: Iterable[str] | None = None,
    recent_days: int = 30,
    slow_days: int = 7,
    keep_empty: bool = False,
    zone: str | None = None,
    memory: str = "",
) -> pd.DataFrame:
    r"""Return one row per customer with what was known at the cutoff: numbers, and some texts.

    .. math:: x_i = f(\{\text{rows of } i \text{ in } (c - observation,\ c]\})

    The tables are cut as by `history`: nothing from after the cutoff, a complaint solved later is open, a delivery
    under way has not come, and people are known from the day they joined. Days are local calendar days in the zone of
    the data. Counts are 0 where nothing happened; days since something, means and shares are NaN where it never
    happened. Purchases are orders that were not cancelled or refunded, with an amount not below 0; in data without
    orders, the events with the action ``buy``. `feature_table` explains each column, with its formula.

    A status of an order has no date: one refunded after the cutoff does not count at the cutoff either. Where refunds
    come late, this lets a little of the future in.

    Parameters
    ----------
    tables : DataSet, or mapping of str to tables
        Tables of the schema: orders, events, tickets, ratings, seller_feedback, contacts, customers, those there are.
        All DataFrames (computed in pandas); or all paths or patterns of Parquet or CSV files, or all Ibis tables
        (computed where they lie; only one row per customer comes back). Both ways give the same numbers.
    windows : Windows
        The cutoff, and how far back the observation goes.
    customers : iterable of ids, or Series with them as its index, optional
        Whose features; all that the tables know at the cutoff if not given. Customers without rows have 0 and NaN.
    families : str or iterable of str, optional
        Some of `FAMILIES`; all if not given.
    recent_days : int >= 1
        Length of the last stretch before the cutoff, for the features that begin with ``recent_``.
    slow_days : int >= 1
        Days after which a complaint took long.
    keep_empty : bool
        Keep features whose table or column is there but holds nothing known at the cutoff, as 0 and NaN, so that all
        cutoffs have the same columns. Only where 0 is true: a log that began after the cutoff says nothing of views.
    zone : str, optional
        Whose days are meant, where the times do not say: an IANA name. Needed for CSV files.
    memory : str
        Most memory the engine for files may use, such as ``4GB``; beyond it, it writes to the disk.

    Returns
    -------
    pandas.DataFrame, index customer_id (sorted)
        Counts are int64, other numbers float64, texts str. ``attrs["left_out"]``: features that the data cannot give,
        and the table or column that has no value known at the cutoff. ``attrs["ledger"]``: see `feature_account`.

    Raises
    ------
    InputError
        If there is no table to read, times have no zone, the ids of tables do not meet, a customer stands in two rows
        of customers, or an argument cannot be used.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-02", "2012-05-30", "2012-06-02"]).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": "a", "ordered_at": at, "amount": 9.5})
    >>> X = customer_features({"orders": orders}, Windows("2012-05-31", data_end="2012-12-31"))
    >>> X.loc["a", ["days_since_last", "orders", "spend", "tenure_days"]].tolist()
    [1.0, 2.0, 19.0, 29.0]
    >>> X.attrs["left_out"]["views"], feature_account(X)["rule"][2]
    ('events', 'after_cutoff')
    """
    chosen = _families(families)
    wanted = [one for one in CATALOGUE.values() if one.family in chosen]
    with open_tables(tables, zone=zone, memory=memory) as engine:
        cut = Cut.of(windows, engine.zone, recent_days=recent_days, slow_days=slow_days)
        known = sources(cut, bought=engine.bought)
        needed = {one.needs.split(".")[0] for one in wanted}
        parts = {name: run(engine, one, cut) for name, one in known.items()
                 if name in needed and one.table in engine.tables}  # fmt: skip
    people = {name: part.people.index for name, part in parts.items()}
    check_meeting(people)
    lines = Lines.of(parts, chosen_customers(customers, people), cut)
    left_out = {one.name: lack for one in wanted if (lack := _lacking(one, parts, known, keep_empty))}
    columns = {one.name: one.value(lines) for one in wanted if one.name not in left_out}
    X = pd.DataFrame(columns, index=lines.index)
    X.attrs = {"left_out": left_out, "ledger": _account(parts, known), "cutoff": str(day_stamp(cut.day).date())}
    return X


def _lacking(feature: Feature, parts: Mapping[str, Part], known: Mapping[str, Source], keep_empty: bool) -> str:
    """Return the table or column that a feature needs and the data lack, or an empty text."""
    for need in feature.needs.split():
        source, _, names = need.partition(".")
        if source not in parts or not (keep_empty or parts[source].filled["rows"]):
            return known[source].table
        columns = [name for name in names.split("|") if name]
        if columns and not any(parts[source].has(name, keep_empty) for name in columns):
            return f"{known[source].table}.{columns[0].removesuffix('_day')}"
    return ""


def _account(parts: Mapping[str, Part], known: Mapping[str, Source]) -> str:
    """Return the account of the rows of each source as one text: pandas copies nested attrs at each column taken."""
    ledger = Ledger()
    for name, part in parts.items():
        rules = [Line(rule, rows) for rule, rows in part.counts.items() if rule != "read"]
        ledger.add(TableLedger(name, known[name].table, part.counts["read"], part.filled["rows"], rules, "features"))
    return json.dumps(ledger.frame().to_dict("records"))


def feature_account(X: pd.DataFrame) -> pd.DataFrame:
    """Return what became of the rows behind the features: read, kept, and set aside by which rule.

    Parameters
    ----------
    X : pandas.DataFrame
        From `customer_features`.

    Returns
    -------
    pandas.DataFrame
        step, table (what the rows were used for), source (the table they came from), fate, rule, rows.

    Raises
    ------
    InputError
        If the frame carries no account: it was made in another way, or joined with others.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-02", "2012-06-02"]).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": 9.5})
    >>> X = customer_features({"orders": orders}, Windows("2012-05-31", data_end="2012-12-31"), families="purchases")
    >>> feature_account(X)[["table", "fate", "rule", "rows"]].values.tolist()
    [['purchases', 'read', '', 2], ['purchases', 'kept', '', 1], ['purchases', 'set_aside', 'after_cutoff', 1]]
    """
    if "ledger" not in X.attrs:
        raise InputError("these features carry no account of rows", expected="what customer_features returned",
                         zh="该特征表没有行数台账")  # fmt: skip
    return pd.DataFrame(json.loads(X.attrs["ledger"])).drop(columns=["where", "example"])


def _families(asked: Iterable[str] | None) -> tuple[str, ...]:
    chosen = FAMILIES if asked is None else (asked,) if isinstance(asked, str) else tuple(asked)
    wrong = [name for name in chosen if name not in FAMILIES]
    if wrong or not chosen:
        raise InputError(f"there is no family {', '.join(map(repr, wrong))}" if wrong else "no family is named",
                         expected=", ".join(FAMILIES), mend=nearest(str(wrong[0]), FAMILIES) if wrong else "",
                         zh=f"没有这些特征类别：{'、'.join(map(str, wrong))}")  # fmt: skip
    return chosen
