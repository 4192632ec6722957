"""Texts into moments: the format is found once for a column and applied to all of it, never row by row."""

from __future__ import annotations

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.plain import plain

DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y",
        "%m-%d-%Y", "%d-%m-%Y", "%Y年%m月%d日", "%b %d, %Y", "%d %b %Y")  # fmt: skip
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %H", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S", "T%H:%M",
          "T%H:%M:%S.%f")  # fmt: skip
FORMATS = tuple(day + clock for day in DAYS for clock in CLOCKS)
SAMPLE = 2000
SHAPES = {
    r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}": "%Y-%m-%d %H:%M:%S",
    r"\d{4}-\d{2}-\d{2}": "%Y-%m-%d",
}
CLOCK = r"(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|T\d{4,6})"
OFFSET = CLOCK + r"\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$"
ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"


def guess_formats(texts: pd.Series) -> list[str]:
    """Return every known format that reads at least half of the column, the best ones only.

    Two results that put the month in different places mean that the column
    does not say which is the month.

    Examples
    --------
    >>> guess_formats(pd.Series(["12/1/2010 8:26", "12/13/2010 9:02"]))
    ['%m/%d/%Y %H:%M']
    >>> guess_formats(pd.Series(["1/2/2010", "3/4/2010"]))
    ['%m/%d/%Y', '%d/%m/%Y']
    """
    filled = texts.dropna().drop_duplicates()
    sample = filled if len(filled) <= SAMPLE else filled.sample(SAMPLE, random_state=0)
    if sample.empty:
        return []
    likely = [form for shape, form in SHAPES.items() if sample.str.fullmatch(shape).all()]  # spares trying them all
    read = {form: pd.to_datetime(sample, format=form, errors="coerce").notna().mean() for form in likely or FORMATS}
    best = max(read.values())
    return [form for form, share in read.items() if share == best] if best >= 0.5 else []


def parse_times(texts: pd.Series, *, zone: str, form: str | None = None, where: object = "") -> pd.Series:
    """Read a column of texts as moments in `zone`; what cannot be read becomes NaT.

    A text with an offset (``Z``, ``+08:00``) names its own moment; one without is
    local time in `zone`. Where days are written ``2017-11-25``, times to the minute,
    the second and parts of it may stand in one column. Where clocks are put back, the
    first of the two hours is taken; where they are put forward, the next hour that exists.

    Parameters
    ----------
    texts : pandas.Series of str, or of datetimes
    zone : str
        IANA time zone.
    form : str, optional
        A ``strptime`` format; found from the column when not given.
    where : object
        File or table, for the message.

    Returns
    -------
    pandas.Series of datetime64[us, zone]
        Same index.

    Raises
    ------
    InputError
        If no format reads the column, `form` cannot be used, or day and month cannot be told apart.

    Examples
    --------
    >>> read = parse_times(pd.Series(["2017-11-25 00:30:00", "soon"]), zone="Asia/Shanghai")
    >>> str(read[0]), read.isna().tolist()
    ('2017-11-25 00:30:00+08:00', [False, True])
    """
    if isinstance(texts.dtype, pd.DatetimeTZDtype):
        return texts.dt.tz_convert(zone).astype(f"datetime64[us, {zone}]")
    if pd.api.types.is_datetime64_any_dtype(texts.dtype):
        return localize(texts, zone)
    texts = plain(texts)
    if texts.isna().all():
        return pd.Series(pd.NaT, index=texts.index, name=texts.name, dtype=f"datetime64[us, {zone}]")
    if form is not None:
        return _by_form(texts, form, zone, where)
    offset = texts.str.contains(OFFSET, na=False)
    named = _with_offset(texts.where(offset), zone, where) if offset.any() else None
    if named is not None and texts.mask(offset).isna().all():
        return named
    local = localize(_without_offset(texts.mask(offset), where), zone)
    return local if named is None else local.fillna(named)


def localize(naive: pd.Series, zone: str) -> pd.Series:
    """Give local times their zone, by the rule of `parse_times` where clocks change."""
    first = pd.Series(True, index=naive.index).to_numpy()
    moments = naive.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return moments.astype(f"datetime64[us, {zone}]")


def _by_form(texts: pd.Series, form: str, zone: str, where: object) -> pd.Series:
    try:
        read = pd.to_datetime(texts, format=form, errors="coerce", utc="%z" in form)
    except ValueError as error:
        raise InputError(f"the time format {form!r} cannot be used", where=where, mend=str(error),
                         expected="codes such as %Y-%m-%d %H:%M:%S") from error  # fmt: skip
    if read.isna().all():
        raise _unreadable(texts, where, f"times written as {form}", "name the format in which they are written")
    return read.dt.tz_convert(zone).astype(f"datetime64[us, {zone}]") if "%z" in form else localize(read, zone)


def _with_offset(texts: pd.Series, zone: str, where: object) -> pd.Series:
    plus = texts.str.replace(r"\s*(?:UTC|GMT)$", "Z", regex=True).str.replace(r"\s+([+-][\d:]+)$", r"\1", regex=True)
    read = pd.to_datetime(plus, format="ISO8601", utc=True, errors="coerce")
    if read.notna().sum() * 2 < texts.notna().sum():
        raise _unreadable(texts, where, "times with an offset such as 2017-11-25T21:30:00+08:00",
                          "name the format, for example time_format='%d.%m.%Y %H:%M %z'")  # fmt: skip
    return read.dt.tz_convert(zone).astype(f"datetime64[us, {zone}]")


def _without_offset(texts: pd.Series, where: object) -> pd.Series:
    form = _one_format(texts, where)
    read = pd.to_datetime(texts, format=form, errors="coerce")
    missed = read.isna() & texts.notna()
    if not form.startswith("%Y-%m-%d") or not missed.any():
        return read
    return read.fillna(_iso(texts.where(missed)))


def _iso(texts: pd.Series) -> pd.Series:
    written = texts.where(texts.str.fullmatch(ISO, na=False))
    return pd.to_datetime(written, format="ISO8601", errors="coerce")


def _one_format(texts: pd.Series, where: object) -> str:
    found = guess_formats(texts)
    if not found and _iso(texts).notna().sum() * 2 >= texts.notna().sum():
        return "%Y-%m-%d"
    if not found:
        raise _unreadable(texts, where, "one format for the whole column, such as 2017-11-25 21:30:00",
                          "name the format, for example time_format='%d.%m.%Y %H:%M'")  # fmt: skip
    orders: dict[bool, str] = {}
    for form in found:
        orders.setdefault(_day_first(form), form)
    if len(orders) == 1:
        return found[0]
    reads = {form: pd.to_datetime(texts, format=form, errors="coerce") for form in orders.values()}
    (first, one), (second, other) = reads.items()
    if one.notna().sum() == other.notna().sum() and not one.equals(other):
        raise InputError(
            f"column {texts.name!r} does not say which number is the month (first: {texts.dropna().iloc[0]!r})",
            where=where,
            expected="a format in which day and month cannot be mistaken",
            mend=f"name the format: time_format={first!r} or {second!r}",
        )
    return first if one.notna().sum() >= other.notna().sum() else second


def _day_first(form: str) -> bool:
    return form.index("%d") < form.replace("%b", "%m").index("%m")


def _unreadable(texts: pd.Series, where: object, expected: str, mend: str) -> InputError:
    first = texts.dropna().iloc[0]
    return InputError(f"the times of column {texts.name!r} cannot be read (first: {first!r})", where=where,
                      expected=expected, mend=mend)  # fmt: skip
