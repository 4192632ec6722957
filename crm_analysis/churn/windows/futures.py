"""Other futures: the same tables up to the cutoff, with all that came after changed in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.history import KNOWN_FROM, ROW_TIME, TOTALS, later_columns
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.schema import TABLES

Tables = Mapping[str, pd.DataFrame]
LATER = pd.Timedelta(37, "D")
ROWS = ("rows_dropped", "rows_doubled", "rows_revalued", "rows_redated")  # what is done to rows after the cutoff
COLUMNS = ("columns_blanked", "columns_filled")  # what is done to what became known after the cutoff of earlier rows
FUTURES = (*ROWS, *COLUMNS)


def future(tables: Tables, windows: Windows, kind: str, *, only: str | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables with another future; what was known at the cutoff is the same.

    - ``rows_dropped``: rows after the cutoff are gone;
    - ``rows_doubled``: each stands twice (keys stay unique);
    - ``rows_revalued``: their numbers are mirrored within their range, their texts exchanged;
    - ``rows_redated``: they lie 37 days later;
    - ``columns_blanked``: what became known after the cutoff of earlier rows (solutions, ratings of service,
      deliveries) never did;
    - ``columns_filled``: it became known on other days and is something else; totals over all time are others.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
    windows : Windows
    kind : str
        One of `FUTURES`.
    only : str, optional
        Change this table alone.

    Returns
    -------
    dict of str to pandas.DataFrame

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": [9.0, 5.0]})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31")
    >>> future({"orders": orders}, windows, "rows_revalued")["orders"]["amount"].tolist()
    [9.0, 9.0]
    """
    change = _CHANGES[kind]
    return {
        name: change(frame, name, windows)
        if name in ROW_TIME and len(frame) and only in (None, name) else frame.copy(deep=False)
        for name, frame in tables.items()
    }  # fmt: skip


def touched(tables: Tables, windows: Windows, kind: str) -> list[str]:
    """Return the tables that a future changes: one without rows after the cutoff has no other future.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": [9.0, 5.0]})
    >>> touched({"orders": orders, "more": orders}, Windows("2012-05-31", data_end="2012-12-31"), "rows_dropped")
    ['orders']
    """
    changed = future(tables, windows, kind)
    return [name for name, frame in tables.items() if not changed[name].equals(frame)]


def undated(tables: Tables) -> list[str]:
    """Return the tables whose rows have no known time: nobody can say what of them was known at the cutoff.

    Examples
    --------
    >>> undated({"orders": pd.DataFrame(), "web_log": pd.DataFrame()})
    ['web_log']
    """
    return [name for name in tables if name not in ROW_TIME]


def _after(frame: pd.DataFrame, name: str, windows: Windows) -> pd.Series:
    return frame[ROW_TIME[name]] >= windows.ends(frame[ROW_TIME[name]])


def _dropped(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    return frame[~_after(frame, name, windows)]


def _doubled(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    again = frame[_after(frame, name, windows)].copy()
    key = TABLES[name].key
    if key in again and pd.api.types.is_numeric_dtype(again[key].dtype):
        again[key] += frame[key].max() + 1
    elif key in again:
        again[key] = again[key].astype("str") + "*"
    return pd.concat([frame, again], ignore_index=True) if len(again) else frame


def _revalued(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    after = _after(frame, name, windows)
    names = [column for column in frame if column not in (TABLES[name].key, "customer_id", *_times(frame))]
    return _changed(frame, {column: after for column in names})


def _redated(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    after, moved = _after(frame, name, windows), frame.copy(deep=False)
    for column in _times(frame):
        moved[column] = frame[column].mask(after, frame[column] + LATER)
    return moved


def _blanked(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    blank = frame.copy(deep=False)
    for column, known in later_columns(frame, name, windows).items():
        blank[column] = frame[column].where(known)
    return blank


def _filled(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    """Columns known later are filled with days after the cutoff and other values; totals are others."""
    end, since = windows.ends(frame[ROW_TIME[name]]), KNOWN_FROM.get(name, {})
    known = {column: seen for column, seen in later_columns(frame, name, windows).items() if not seen.all()}
    values = {column: ~seen for column, seen in known.items() if since.get(column) != column}
    values |= {column: pd.Series(True, index=frame.index) for column in TOTALS.get(name, ()) if column in frame}
    arriving = values.pop("delivery_days", None)
    filled = _changed(frame, values)
    for place, column in enumerate(column for column in known if since.get(column) == column):
        filled[column] = _dated(frame[column], frame[ROW_TIME[name]]).where(known[column], end + (place + 3) * LATER)
    if arriving is not None:
        filled["delivery_days"] = _late(filled, end).where(arriving, frame["delivery_days"])
    return filled


def _dated(column: pd.Series, like: pd.Series) -> pd.Series:
    """The column as times with a zone: one that is wholly blank may have none."""
    return column if isinstance(column.dtype, pd.DatetimeTZDtype) else pd.Series(pd.NaT, like.index, like.dtype)


def _late(orders: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Days of a delivery that arrives 11 days after the cutoff."""
    return ((end - orders["ordered_at"]) / pd.Timedelta(1, "D") + 11).round()


def _times(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame if isinstance(frame[name].dtype, pd.DatetimeTZDtype)]


def _changed(frame: pd.DataFrame, where: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Numbers mirrored within their range (a blank becomes the highest), truth turned round, other values exchanged."""
    changed = frame.copy(deep=False)
    for column, hit in where.items():
        values = frame[column]
        if pd.api.types.is_bool_dtype(values.dtype):
            changed[column] = values.where(~hit, ~values)
        elif pd.api.types.is_numeric_dtype(values.dtype):
            changed[column] = values.where(~hit, _mirrored(values))
        else:
            changed[column] = _exchanged(values, hit.to_numpy())
    return changed


def _mirrored(values: pd.Series) -> pd.Series:
    low, high = values.min(), values.max()
    if pd.isna(low):
        return values.fillna(1)
    return values.fillna(low) + 1 if low == high else low + high - values.fillna(low)


def _exchanged(values: pd.Series, hit: np.ndarray) -> pd.Series:
    """The values of the rows `hit`, sorted, each given to the row half of them further on."""
    rows, order = np.flatnonzero(hit), np.arange(len(values))
    ranked = rows[np.argsort(values.iloc[rows].astype("object").map(str).to_numpy(), kind="stable")]
    order[ranked] = np.roll(ranked, len(ranked) // 2)
    return values.iloc[order].set_axis(values.index)


_CHANGES: dict[str, Callable[[pd.DataFrame, str, Windows], pd.DataFrame]] = {
    "rows_dropped": _dropped, "rows_doubled": _doubled, "rows_revalued": _revalued, "rows_redated": _redated,
    "columns_blanked": _blanked, "columns_filled": _filled,
}  # fmt: skip
