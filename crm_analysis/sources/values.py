"""Texts of a shop's file into values: customer and order numbers, amounts, moments."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables import parse_times
from crm_analysis.tables.plain import plain

MONEY = r"(?:人民币|元|圆|RMB|CNY|USD|GBP|EUR|HKD|TWD|JPY|HK\$|US\$|NT\$|[¥$£€])"
BEFORE = re.compile(rf"^([(+-]?)\s*{MONEY}\s*", re.IGNORECASE)
AFTER = re.compile(rf"\s*{MONEY}\s*([)-]?)$", re.IGNORECASE)
NUMBER = {
    point: re.compile(
        rf"(?P<sign>[+-]?)\s*(?=[.,]?\d)(?P<whole>\d{{1,3}}(?:(?P<mark>[{other}' ’])\d{{3}}(?:(?P=mark)\d{{3}})*)|\d*)"
        rf"(?:[{point}](?P<part>\d*))?(?P<power>e[+-]?\d+)?",
        re.IGNORECASE,
    )
    for point, other in ((".", ","), (",", "."))
}
WRAPPED = r"""^="\s*(.*?)\s*"$|^['`‘’]+(?=\d)"""
MARKS = ("=", "'", "`", "‘", "’")
ROUNDED = r"\d\.\d+[eE]\+?\d{2}|\d[eE]\+\d{2}"
UNITS = {"unix": "s", "unix_ms": "ms", "excel": "D"}
EXCEL_DAY_0 = pd.Timestamp("1899-12-30")


def is_text(values: pd.Series) -> bool:
    """Tell whether a column holds texts, and not numbers, moments or categories."""
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)


def filled(values: pd.Series) -> pd.Series:
    """Tell for each row whether anything stands there."""
    return plain(values).notna() if is_text(values) else values.notna()


def clean_ids(texts: pd.Series) -> pd.Series:
    r"""Return ids without the wrapping of exports: ``="12"``, a leading ``'`` or tab, ``.0`` on every one.

    Examples
    --------
    >>> clean_ids(pd.Series(['="0012"', "'17", "\t5 "])).tolist(), clean_ids(pd.Series(["13085.0", ""])).tolist()
    (['0012', '17', '5'], ['13085', nan])
    """
    if not is_text(texts):
        return texts
    ids = plain(texts)
    marked = ids.str.startswith(MARKS, na=False)
    if marked.any():
        ids = ids.mask(marked, ids[marked].str.replace(WRAPPED, r"\1", regex=True))
    floats = ids.notna().any() and ids.dropna().str.fullmatch(r"\d+\.0").all()
    return ids.str.replace(r"\.0$", "", regex=True) if floats else ids


def is_rounded(ids: pd.Series) -> pd.Series:
    """Tell which ids a spreadsheet has rounded, such as ``6.22848E+17``: several customers may share one."""
    if not is_text(ids):
        return pd.Series(False, index=ids.index)
    return ids.str.fullmatch(ROUNDED, na=False)


def read_numbers(values: pd.Series, *, decimal: str = ".") -> pd.Series:
    """Read numbers as people write them; what cannot be read becomes NaN.

    Currency signs, grouped thousands, full-width digits, a minus before or after,
    and brackets for negative amounts are understood.

    Examples
    --------
    >>> read_numbers(pd.Series(["1,234.50", "¥1,234", "￥12 ", "(12.00)", "12,50", "free"])).tolist()
    [1234.5, 1234.0, 12.0, -12.0, nan, nan]
    >>> read_numbers(pd.Series(["12,50", "1.234,50 €"]), decimal=",").tolist()
    [12.5, 1234.5]
    """
    if not is_text(values):
        return pd.to_numeric(values, errors="coerce").astype("float64")
    texts = plain(values)
    easy = texts.str.fullmatch(r"[+-]?[0-9]+" if decimal == "," else r"[+-]?[0-9]*\.?[0-9]+", na=False)
    read = pd.to_numeric(texts.where(easy), errors="coerce").astype("float64")
    hard = texts[~easy & texts.notna()]
    known = {text: _number(text, decimal) for text in hard.unique()}
    return read.fillna(hard.map(known).astype("float64")) if known else read


def _number(text: str, decimal: str) -> float:
    text = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    text = AFTER.sub(r"\1", BEFORE.sub(r"\1", text))
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1].strip()
    if text.endswith("-"):
        text = "-" + text[:-1].strip()
    found = NUMBER[decimal].fullmatch(text)
    if not found:
        return float("nan")
    whole = re.sub(r"\D", "", found["whole"])
    return float(f"{found['sign']}{whole or '0'}.{found['part'] or '0'}{found['power'] or ''}")


def read_times(values: pd.Series, *, zone: str, form: str = "", where: str = "") -> pd.Series:
    """Read moments by `tables.parse_times`, or numbers of seconds, milliseconds or Excel days.

    Parameters
    ----------
    values : pandas.Series
        Texts, numbers or moments.
    zone : str
        Zone of times that name none.
    form : str
        A ``strptime`` format, ``unix``, ``unix_ms`` or ``excel``; found from the column where empty.
    where : str
        File and column, for messages.

    Examples
    --------
    >>> read_times(pd.Series(["1511544070"]), zone="Asia/Shanghai", form="unix").astype(str).tolist()
    ['2017-11-25 01:21:10+08:00']
    >>> read_times(pd.Series(["40148.5"]), zone="UTC", form="excel").astype(str).tolist()
    ['2009-12-01 12:00:00+00:00']
    """
    if form in UNITS:
        numbers = read_numbers(values)
        sane = numbers.where(numbers.between(0, {"unix": 4e9, "unix_ms": 4e12, "excel": 80_000}[form]))
        origin = EXCEL_DAY_0 if form == "excel" else pd.Timestamp(0)
        moments = origin + pd.to_timedelta(sane, unit=UNITS[form]).dt.round("ms")
        naive = moments.astype("datetime64[us]")
        return parse_times(naive if form == "excel" else naive.dt.tz_localize("UTC"), zone=zone)
    try:
        return parse_times(values, zone=zone, form=form or None, where=where)
    except InputError as error:
        first = values[filled(values)].astype("str").str.strip().iloc[0]
        digits = {10: "unix", 13: "unix_ms"}.get(len(first)) if first.isdigit() else None
        mend = f"if these are seconds or milliseconds since 1970: time_format={digits}" if digits else error.mend
        raise InputError(error.what, where=error.where, expected=error.expected, mend=mend) from error
