"""The steps on pandas frames: the same verbs as in `lazy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.features.cut import Cut
from crm_analysis.churn.features.sources import LOWERED, Expression, Last, Source, Sum
from crm_analysis.tables.days import local_days
from crm_analysis.tables.plain import plain


@dataclass
class Frames:
    """Tables in memory.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
    zone : tzinfo or str
        Whose days are meant.
    """

    frames: Mapping[str, pd.DataFrame]
    zone: object
    ids: dict[str, np.ndarray] = field(default_factory=dict)
    index: pd.Index = field(default_factory=lambda: pd.Index([]))

    @classmethod
    def of(cls, frames: Mapping[str, pd.DataFrame], zone: object) -> Frames:
        """Number the customers of all tables alike: sums by number are quicker than by text."""
        parts = [_ids(frame["customer_id"]) for frame in frames.values()]
        codes, index = pd.factorize(np.concatenate(parts), sort=True)
        ends = np.cumsum([0, *map(len, parts)])
        ids = {name: codes[a:b] for name, a, b in zip(frames, ends[:-1], ends[1:])}
        return cls(frames, zone, ids, pd.Index(index, name="customer_id").infer_objects())

    @property
    def tables(self) -> set[str]:
        """Names of the tables that are there."""
        return set(self.frames)

    @property
    def bought(self) -> str:
        """The table that tells of purchases."""
        return "orders" if "orders" in self.frames else "events"

    def columns(self, table: str) -> set[str]:
        """Names of the columns of a table."""
        return set(map(str, self.frames[table]))

    def rows(self, source: Source, cut: Cut) -> pd.DataFrame:
        """Return the rows of a table with the columns of its source, numbers as float64, times as two numbers."""
        frame = self.frames[source.table]
        codes = self.ids[source.table]
        columns = {"customer_id": np.where(codes < 0, np.nan, codes)}
        for name in (source.time, *source.times):
            us, day = self._moments(frame, name)
            own = name == source.time
            columns |= {"us" if own else f"{name}_us": us, "day" if own else f"{name}_day": day}
        for name in source.numbers:
            columns[name] = _numbers(frame[name]) if name in frame else np.nan
        for name in source.texts:
            columns[name] = _texts(frame[name], lower=name in LOWERED) if name in frame else None
        return pd.DataFrame(columns)

    def _moments(self, frame: pd.DataFrame, name: str) -> tuple[object, object]:
        if name not in frame or frame[name].isna().all():
            return np.nan, np.nan
        times = frame[name].dt.tz_convert(self.zone)
        blank = times.isna().to_numpy()
        us = times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]").astype("int64")
        return np.where(blank, np.nan, us), np.where(blank, np.nan, local_days(times))

    def judge(
        self, rows: pd.DataFrame, rules: Mapping[str, Expression]
    ) -> tuple[dict[str, int], dict[str, int], pd.DataFrame]:
        """Return how many rows break each rule first, how many values the others have, and these others."""
        left = np.ones(len(rows), bool)
        counts = {"read": len(rows)}
        for rule, broken in rules.items():
            hit = left & np.asarray(broken(rows), bool)
            counts[rule], left = int(hit.sum()), left & ~hit
        return counts, rows[left].count().to_dict(), rows[left]

    def blank_unless(self, rows: pd.DataFrame, columns: Iterable[str], known: Expression) -> pd.DataFrame:
        """Return the rows with `columns` blank where they were not yet known."""
        keep = known(rows)
        return rows.assign(**{name: rows[name].where(keep) for name in columns})

    def with_columns(self, rows: pd.DataFrame, columns: Mapping[str, Expression]) -> pd.DataFrame:
        """Return the rows with new columns, each of which may use those before it."""
        return rows.assign(**columns)

    def different(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return equal rows once."""
        return rows.drop_duplicates()

    def size(self, rows: pd.DataFrame) -> int:
        """Return how many rows there are."""
        return len(rows)

    def group(self, rows: pd.DataFrame, keys: list[str], sums: Mapping[str, Sum]) -> pd.DataFrame:
        """Return one row per group with its sums."""
        values = {name: _summand(rows, one) for name, one in sums.items()}
        how = {name: {"count": "sum"}.get(one.how, one.how) for name, one in sums.items()}
        frame = pd.DataFrame({**{key: rows[key] for key in keys}, **values})
        return frame.groupby(keys, sort=False, as_index=False).agg(how)

    def with_first(self, days: pd.DataFrame) -> pd.DataFrame:
        """Return the days with each customer's first."""
        return days.assign(first=days.groupby("customer_id", sort=False)["day"].transform("min"))

    def distinct(self, rows: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
        """Return how many different values each customer has."""
        pairs = rows.loc[rows[column].notna(), ["customer_id", column]].drop_duplicates()
        return pairs.groupby("customer_id", sort=False, as_index=False).agg(**{name: (column, "size")})

    def last(self, rows: pd.DataFrame, last: Last, name: str) -> pd.DataFrame:
        """Return each customer's last value."""
        known = rows.loc[rows[last.of].notna(), ["customer_id", "us", last.of]]
        ordered = known.sort_values(last.of, kind="stable", ascending=last.tie == "max")
        ordered = ordered.sort_values("us", kind="stable").drop_duplicates("customer_id", keep="last")
        return ordered.set_axis(["customer_id", "us", name], axis=1)[["customer_id", name]]

    def people(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of one row per customer with the customers as its index."""
        codes = table["customer_id"].to_numpy("int64")
        return table.drop(columns="customer_id").set_axis(self.index[codes], axis=0)


def _summand(rows: pd.DataFrame, one: Sum) -> np.ndarray:
    """Return what each row adds: its value, or 1 for a row that counts; nothing where the condition does not hold."""
    hit = np.ones(len(rows), bool) if one.where is None else np.asarray(one.where(rows), bool)
    values = None if one.of is None else one.of(rows) if callable(one.of) else rows[one.of]
    if one.how == "count":
        return (hit if values is None else hit & values.notna().to_numpy()).astype("int64")
    return np.where(hit, values, np.nan)


def _ids(values: pd.Series) -> np.ndarray:
    """Return ids as they are, blanks missing."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("object").to_numpy()
    codes, different = pd.factorize(values)
    texts = pd.Series(different).astype("object")
    blank = texts.astype("str").str.strip() == ""
    return np.append(texts.mask(blank, None).to_numpy(), None)[codes]


def _numbers(values: pd.Series) -> np.ndarray:
    numbers = values.to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _texts(values: pd.Series, *, lower: bool) -> np.ndarray:
    codes, different = pd.factorize(values)
    texts = plain(pd.Series(different)).astype("object")
    texts = texts.str.lower() if lower else texts
    return np.append(texts.where(texts.notna(), None).to_numpy(), None)[codes]
