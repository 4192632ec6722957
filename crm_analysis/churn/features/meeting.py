"""Whose features: the customers asked for or known, and whether the ids of the tables meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crm_analysis.errors import InputError

MANY = 20  # customers of two tables of whom at least one is expected to be the same


def check_meeting(people: Mapping[str, pd.Index]) -> None:
    """Raise `InputError` if the customers of one table are all unknown to the others because ids are written apart.

    Parameters
    ----------
    people : dict of str to pandas.Index
        The customers of each table, or of the caller.
    """
    for name, own in people.items():
        others = [ids for other, ids in people.items() if other != name and len(ids)]
        if not len(own) or not others or any(len(own.intersection(ids)) for ids in others):
            continue
        rest = others[0].append(others[1:])
        would = _written(own).isin(_written(rest)).any()
        if would or (len(own) >= MANY and rest.nunique() >= MANY):
            raise InputError(
                f"no customer of {name} is in any other table", where=f"{name}: {own[0]!r}; others: {rest[0]!r}",
                expected="the same ids, written alike, in all tables",
                mend="ids as trimmed texts: frame.assign(customer_id=frame['customer_id'].astype('str').str.strip())"
                if would else "check which column is the customer's id",
                zh=f"{name} 中的客户编号与其他表都不相同（{own[0]!r} 与 {rest[0]!r}）",
            )  # fmt: skip


def _written(ids: pd.Index) -> pd.Index:
    return pd.Index(ids.astype("str").str.strip().str.replace(r"^0+(?=.)|\.0$", "", regex=True).str.casefold())


def chosen_customers(asked: Iterable | None, people: Mapping[str, pd.Index]) -> pd.Index:
    """Return the customers asked for, or all that are known, in order.

    Raises
    ------
    InputError
        If one is asked for twice, is blank, or none of them is known.
    """
    if asked is None:
        known = next(iter(people.values()), pd.Index([]))
        for ids in people.values():
            known = known.union(ids, sort=False)
        return known.sort_values().rename("customer_id")
    index = pd.Index(asked.index if isinstance(asked, pd.Series) else asked).rename("customer_id")
    problems = ["a customer stands twice"] if index.has_duplicates else []
    problems += ["an id is blank"] if index.hasnans else []
    problems += ["there are none"] if index.empty else []
    if problems:
        raise InputError("; ".join(problems), where="customers", expected="different ids, none blank",
                         zh="客户名单有重复、空值或为空")  # fmt: skip
    check_meeting({"customers=": index, **people})
    return index.sort_values()
