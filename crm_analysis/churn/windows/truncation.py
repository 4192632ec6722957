"""Truncation invariance: what is known at the cutoff does not depend on what comes after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from crm_analysis.churn.windows.feature_frame import Features, feature_frame
from crm_analysis.churn.windows.futures import FUTURES, future, touched, undated
from crm_analysis.churn.windows.windows import Windows

Caller = Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]
ALL, UNDATED, TWICE = "all tables", "table_removed", "called_twice"


class Move(NamedTuple):
    """A feature that is not what it was: by which change of which table, for how many customers.

    `feature` is blank, and `error` is not, where the function did not get through.
    """

    feature: str
    table: str
    cause: str
    customers: int
    error: str = ""


def moves(
    features: Features, tables: Mapping[str, pd.DataFrame], windows: Windows, customers: pd.Index,
    *, base: pd.DataFrame | None = None,
) -> list[Move]:  # fmt: skip
    """Return every feature that changes when only the time after the cutoff does.

    The function is called as it was written, with whole tables, once for each of `futures.FUTURES`; where a feature
    moves, table by table, to name the one it looks into. Values must be the same to the last bit. Before that the
    function is called twice on the same tables (a feature that differs is no function of the data: cause
    ``called_twice``), and without the tables whose rows have no known time (``table_removed``).

    Parameters
    ----------
    features : callable
        ``features(tables, windows)``, see `feature_frame`.
    tables : mapping of str to pandas.DataFrame
    windows : Windows
    customers : pandas.Index
        Those of whom the features are compared.
    base : pandas.DataFrame, optional
        What the function gives for the tables as they are, if it was called already.

    Returns
    -------
    list of Move

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": [9.0, 5.0]})
    >>> spend = lambda tables, windows: tables["orders"].groupby("customer_id")[["amount"]].sum()
    >>> for move in moves(spend, {"orders": orders}, Windows("2012-05-31", data_end="2012-12-31"), pd.Index(["a"])):
    ...     print(move.feature, move.table, move.cause)
    amount orders rows_dropped
    amount orders rows_doubled
    amount orders rows_revalued
    """

    def of(changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        return _plain(feature_frame(features, changed, windows, customers))

    base = of(tables) if base is None else _plain(base)
    unsteady = moved(base, of(tables))
    found = [Move(name, "", TWICE, rows) for name, rows in unsteady.items()]
    shaky = [name for name in base if str(name) in unsteady]
    steady = base.drop(columns=shaky)

    def again(changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        return of(changed).drop(columns=shaky, errors="ignore")

    for kind in FUTURES:
        there = touched(tables, windows, kind)
        if there and list(_compared(steady, again, future(tables, windows, kind), ALL, kind)):
            found += _by_table(steady, again, tables, windows, kind, there)
    for table in undated(tables):
        rest = {name: frame for name, frame in tables.items() if name != table}
        found += _compared(steady, again, rest, table, UNDATED)
    return found


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without its attrs: pandas copies them for every column that is looked at."""
    frame = frame.copy(deep=False)
    frame.attrs = {}
    return frame


def moved(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    """Return the features that differ, and for how many customers; a column that came or went differs for all.

    Examples
    --------
    >>> moved(pd.DataFrame({"a": [1.0, None], "b": [1, 2]}), pd.DataFrame({"a": [1, None], "b": [1, 3]}))
    {'b': 1}
    """
    found = {str(name): len(before) for name in before.columns.symmetric_difference(after.columns, sort=False)}
    for name in before.columns.intersection(after.columns, sort=False):
        if before[name].equals(after[name]):
            continue
        x, y = (frame[name].astype("object").to_numpy() for frame in (before, after))
        blank, filled = pd.isna(x) & pd.isna(y), ~pd.isna(x) & ~pd.isna(y)
        same = blank.copy()
        same[filled] = x[filled] == y[filled]
        if not same.all():
            found[str(name)] = int((~same).sum())
    return found


def _compared(
    base: pd.DataFrame, of: Caller, tables: Mapping[str, pd.DataFrame], table: str, kind: str
) -> Iterator[Move]:
    try:
        after = of(tables)
    except Exception as error:  # a function may fail in any way on data it has not met
        yield Move("", table, kind, len(base), f"{type(error).__name__}: {error}".splitlines()[0])
        return
    yield from (Move(name, table, kind, rows) for name, rows in moved(base, after).items())


def _by_table(
    base: pd.DataFrame, of: Caller, tables: Mapping[str, pd.DataFrame], windows: Windows, kind: str, there: list[str]
) -> list[Move]:
    """What moves by each table alone; by all together where none does alone."""
    found = [move for table in there
             for move in _compared(base, of, future(tables, windows, kind, only=table), table, kind)]  # fmt: skip
    return found or list(_compared(base, of, future(tables, windows, kind), ALL, kind))
