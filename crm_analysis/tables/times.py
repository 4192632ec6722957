"""Texts into moments: the format is found once for a column and applied to all of it, never row by row."""

from __future__ import annotations

import pandas as pd

from crm_analysis.errors import InputError

DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y",
        "%m-%d-%Y", "%d-%m-%Y", "%Y年%m月%d日", "%b %d, %Y", "%d %b %Y")  # fmt: skip
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %H", " %I:%M:%S %p", " %I:%M %p", "T%H:%M:%S", "T%H:%M",
          "T%H:%M:%S.%f")  # fmt: skip
FORMATS = tuple(day + clock for day in DAYS for clock in CLOCKS)
SAMPLE = 2000
OFFSET = r"(?:Z|UTC|[+-]\d{2}:?\d{2})$"


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
    read = {form: pd.to_datetime(sample, format=form, errors="coerce").notna().mean() for form in FORMATS}
    best = max(read.values())
    return [form for form, share in read.items() if share == best] if best >= 0.5 else []


def parse_times(texts: pd.Series, *, zone: str, form: str | None = None, where: object = "") -> pd.Series:
    """Read a column of texts as moments in `zone`; what cannot be read becomes NaT.

    A text with an offset (``Z``, ``+08:00``) names its own moment; one without is
    local time in `zone`. Where clocks are put back, the first of the two hours is
    taken; where they are put forward, the next hour that exists.

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
        If no format reads the column, or day and month cannot be told apart.

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
    texts = texts.astype("str").str.strip()
    texts = texts.where(texts.ne("") & texts.ne("nan") & texts.ne("None") & texts.ne("NaT"))
    if texts.notna().sum() == 0:
        return pd.Series(pd.NaT, index=texts.index, dtype=f"datetime64[us, {zone}]")
    if form is None:
        with_offset = texts.str.contains(OFFSET, na=False)
        if with_offset.any():
            moments = pd.to_datetime(texts[with_offset], format="ISO8601", utc=True, errors="coerce")
            named = moments.dt.tz_convert(zone).astype(f"datetime64[us, {zone}]").reindex(texts.index)
            rest = texts.mask(with_offset)
            return named.fillna(parse_times(rest, zone=zone, where=where)) if rest.notna().any() else named
        form = _one_format(texts, where)
    return localize(pd.to_datetime(texts, format=form, errors="coerce"), zone)


def localize(naive: pd.Series, zone: str) -> pd.Series:
    """Give local times their zone, by the rule of `parse_times` where clocks change."""
    first = pd.Series(True, index=naive.index).to_numpy()
    moments = naive.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return moments.astype(f"datetime64[us, {zone}]")


def _one_format(texts: pd.Series, where: object) -> str:
    found = guess_formats(texts)
    example = texts.dropna().iloc[0]
    if not found:
        raise InputError(
            f"the times of column {texts.name!r} cannot be read (first: {example!r})",
            where=where,
            expected="one format for the whole column, such as 2017-11-25 21:30:00",
            mend="name the format, for example time_format='%d.%m.%Y %H:%M'",
        )
    if len({form.index("%d") > form.index("%m") for form in found}) > 1:
        raise InputError(
            f"column {texts.name!r} does not say which number is the month (first: {example!r})",
            where=where,
            expected="a format in which day and month cannot be mistaken",
            mend=f"name the format: time_format={found[0]!r} or {found[1]!r}",
        )
    return found[0]
