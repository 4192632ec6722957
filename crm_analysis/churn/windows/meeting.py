"""Whether tables speak of the same customers and of the same days."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm_analysis.errors import InputError

EXACT = 2**53  # floats hold whole numbers exactly up to here


def check_zones(tables: Mapping[str, pd.DataFrame], times: Mapping[str, str]) -> None:
    """Raise unless the times of all tables stand in one zone: else the cutoff would be another moment in each.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
    times : mapping of str to str
        Table -> its column of times. Tables and columns that are not there do not count.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-31 20:00"])
    >>> orders = pd.DataFrame({"ordered_at": at.tz_localize("UTC")})
    >>> tickets = pd.DataFrame({"opened_at": at.tz_localize("Asia/Shanghai")})
    >>> check_zones({"orders": orders, "tickets": tickets}, {"orders": "ordered_at", "tickets": "opened_at"})
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the tables name days in different zones
      where: orders.ordered_at in UTC, tickets.opened_at in Asia/Shanghai
      expected: one zone, as a day ends at another moment in each
      how to mend: orders["ordered_at"] = orders["ordered_at"].dt.tz_convert("Asia/Shanghai")
    """
    found = {}
    for table, column in times.items():
        if table in tables and column in tables[table] and len(tables[table]):
            dtype = tables[table][column].dtype
            if isinstance(dtype, pd.DatetimeTZDtype):
                found[table, column] = str(dtype.tz)
    if len(set(found.values())) > 1:
        (table, column), other = next(iter(found)), list(found.values())[-1]
        raise InputError("the tables name days in different zones",
                         where=", ".join(f"{t}.{c} in {zone}" for (t, c), zone in found.items()),
                         expected="one zone, as a day ends at another moment in each",
                         mend=f'{table}["{column}"] = {table}["{column}"].dt.tz_convert("{other}")',
                         zh="各表的时区不一致")  # fmt: skip


def check_ids(tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise unless customers are named alike in all tables: a customer 17 is not the customer "17".

    Nor may two ids differ by blanks around them alone, or as "17" and "17.0" do: they would count as two customers.
    Floats beyond 2**53 are refused: their last digits are lost, and two customers may have become one.

    Examples
    --------
    >>> orders, people = pd.DataFrame({"customer_id": [17]}), pd.DataFrame({"customer_id": ["17"]})
    >>> check_ids({"orders": orders, "customers": people})
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the ids of customers do not meet
      where: numbers in orders; texts in customers
      expected: texts in each table
      how to mend: orders["customer_id"] = orders["customer_id"].astype("str")
    """
    kinds: dict[str, list[str]] = {}
    for name, frame in tables.items():
        if "customer_id" in frame and len(frame):
            _check_digits(frame["customer_id"], name)
            kinds.setdefault(_kind(frame["customer_id"]), []).append(name)
    kinds.pop("blank", None)
    if len(kinds) > 1 or any(kind.startswith("mixed") for kind in kinds):
        wrong = next((names[0] for kind, names in kinds.items() if kind != "texts"), "")
        raise InputError("the ids of customers do not meet",
                         where="; ".join(f"{kind} in {', '.join(names)}" for kind, names in kinds.items()),
                         expected="texts in each table",
                         mend=f'{wrong}["customer_id"] = {wrong}["customer_id"].astype("str")',
                         zh="各表的客户编号类型不一致，无法对应")  # fmt: skip
    if "texts" in kinds:
        _check_spelling({name: tables[name]["customer_id"] for name in kinds["texts"]})


def _check_spelling(tables: Mapping[str, pd.Series]) -> None:
    """Raise if ids are the same once trimmed and without ".0"."""
    ids = {name: pd.Series(own.dropna().unique()).astype("str") for name, own in tables.items()}
    raw = pd.Series(pd.concat(list(ids.values())).unique())
    trimmed = raw.str.strip()
    plain = trimmed.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    twice = plain.duplicated(keep=False)
    if not twice.any():
        return
    shown = raw[plain == plain[twice].iloc[0]].tolist()[:2]
    strange = set(raw[raw != plain])
    names = [name for name, own in ids.items() if own.isin(strange).any()]
    ending = r'.str.replace(r"\.0+$", "", regex=True)' if (trimmed != plain).any() else ""
    merged = int(twice.sum()) - plain[twice].nunique()
    raise InputError(
        f"customers are written in two ways: {' and '.join(map(repr, shown))}; ids in excess: {merged:,}",
        where=", ".join(f"{name}.customer_id" for name in names), expected="one spelling per customer",
        mend="; ".join(f'{name}["customer_id"] = {name}["customer_id"].astype("str").str.strip(){ending}'
                       for name in names),
        zh=f"同一客户的编号有两种写法：{'、'.join(map(repr, shown))}，多出 {merged:,} 个编号",
    )  # fmt: skip


def _kind(ids: pd.Series) -> str:
    if pd.api.types.is_numeric_dtype(ids.dtype):
        return "numbers"
    inferred = pd.api.types.infer_dtype(ids, skipna=True)
    names = {"string": "texts", "integer": "numbers", "floating": "numbers", "empty": "blank"}
    return names.get(inferred, "texts" if inferred == "categorical" else f"mixed values ({inferred})")


def _check_digits(ids: pd.Series, name: str) -> None:
    if pd.api.types.is_float_dtype(ids.dtype) and (ids.abs() >= EXACT).any():
        raise InputError("ids are floats and too long for them: their last digits are lost",
                         where=f"{name}.customer_id", expected="texts or whole numbers",
                         mend='read the file again with dtype={"customer_id": "str"}',
                         zh="客户编号以浮点数存储，末位数字已丢失")  # fmt: skip
