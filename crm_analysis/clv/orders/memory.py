"""Orders that lie in memory: the columns of a frame, read once, as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from crm_analysis.clv.orders.columns import COUNT_REPEATS, ROW_NAME, Columns, unreadable_amounts
from crm_analysis.clv.orders.days import NO_DAY, days_of
from crm_analysis.clv.orders.engine import Run, engine
from crm_analysis.errors import InputError
from crm_analysis.tables.plain import plain
from crm_analysis.tables.status import CANCELLED

if TYPE_CHECKING:
    import ibis.expr.types as ir

SHOWN = 100


@dataclass(frozen=True)
class FrameOrders:
    """Orders that lay in memory.

    Parameters
    ----------
    table : pyarrow.Table
        customer_id, day (int32 from 1970-01-01), unread (text), [amount], [cancelled].
    name : str
        For ledger and messages.
    memory : str
        Most memory the engine may use; empty for what their size asks.
    repeated : int or None
        Rows equal to an earlier one; None if not counted.
    """

    table: pa.Table = field(repr=False)
    name: str
    memory: str
    repeated: int | None
    zone: str | None = None

    def repeats(self, rows: int) -> int | None:
        """Return how many rows are equal to an earlier one; None if not counted."""
        return self.repeated

    def are_ragged(self, ids: pd.Series) -> bool:
        """Ids were cleaned when the frame was read."""
        return False

    def refuse_unreadable_amounts(self) -> None:
        """Nothing to refuse: a column without a single amount was looked at before."""

    @contextmanager
    def opened(self) -> Iterator[tuple[ir.Table, Run]]:
        """Give the table and the function that runs expressions on it."""
        import ibis

        with engine(self.memory, size=self.table.nbytes) as con:
            yield ibis.memtable(self.table), Run(con)


def frame_orders(
    frame: pd.DataFrame, columns: Columns, *, name: str, memory: str, zone: str | None, time_format: str | None
) -> FrameOrders:
    """Read the columns of a frame once, leaving the frame as it is."""
    twice = [column for column in frame.columns[frame.columns.duplicated()] if column in vars(columns).values()]
    if twice:
        raise InputError(f"the orders have the column {twice[0]!r} twice", where=name, mend="keep one of them",
                         zh=f"列 {twice[0]} 出现两次")  # fmt: skip
    when = frame[columns.when]
    day = days_of(when, zone=zone, time_format=time_format, where=name)
    missing = day == NO_DAY
    unread = np.full(len(frame), None, object)
    unread[missing] = plain(when[missing]).str.slice(0, SHOWN)
    arrays = {
        "customer_id": _ids(frame[columns.customer]),
        "day": pa.array(np.where(missing, 0, day).astype("int32"), mask=missing),
        "unread": pa.array(unread, pa.string(), from_pandas=True),
    }
    if columns.amount is not None:
        amount = _numbers(frame[columns.amount], name)
        if not np.isnan(amount).all():
            arrays["amount"] = pa.array(amount, mask=np.isnan(amount))
        elif plain(frame[columns.amount]).notna().any():
            raise unreadable_amounts(columns.amount, name)
    if columns.status is not None:
        arrays["cancelled"] = pa.array(plain(frame[columns.status]).str.lower().isin(sorted(CANCELLED)).to_numpy(bool))
    own = str(when.dt.tz) if isinstance(when.dtype, pd.DatetimeTZDtype) else None
    return FrameOrders(pa.table(arrays), name, memory, _repeated(frame), zone or own)


def _ids(values: pd.Series) -> pa.Array:
    if pd.api.types.is_integer_dtype(values.dtype):
        return pa.array(values, from_pandas=True)
    codes, distinct = pd.factorize(values)
    texts = pa.array(plain(pd.Series(distinct)).to_numpy(object), pa.string(), from_pandas=True)
    return texts.take(pa.array(codes, mask=codes < 0))


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    kinds = pd.api.types
    if kinds.is_datetime64_any_dtype(values.dtype) or kinds.is_timedelta64_dtype(values.dtype):
        raise InputError(f"column {values.name!r} holds {values.dtype}, no amounts of money", where=name,
                         mend="name the column: amount='column name', or amount=None",
                         zh=f"列 {values.name} 不是金额")  # fmt: skip
    numbers = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _repeated(frame: pd.DataFrame) -> int | None:
    if len(frame) > COUNT_REPEATS:
        return None
    try:
        return int(frame.drop(columns=ROW_NAME, errors="ignore").duplicated().sum())
    except TypeError:  # lists and the like cannot be compared
        return None
