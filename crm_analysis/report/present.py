"""How things look in a report: frames as tables, plots as figures, all text from data escaped."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from crm_analysis.intervals import Estimate
from crm_analysis.words import all_words, word

NONE = "–"
VERBATIM = ("next_action", "where", "example", "file", "package", "version", "checksum")
SHORT = 14  # characters that stay on one line
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$])")


def plain(text: object) -> str:
    """Escape a text from data so that neither Markdown nor HTML reads anything in it.

    Examples
    --------
    >>> plain("<b>$5</b>")
    '&lt;b&gt;&#36;5&lt;/b&gt;'
    """
    escaped = html.escape(str(text), quote=False)
    return MARKDOWN.sub(lambda sign: sign[0] if sign[0] in "<>" else f"&#{ord(sign[0])};", escaped)


def number(value: object, style: str = "") -> str:
    """Print one value: a dash where there is none, thousands separated, an interval in brackets.

    Examples
    --------
    >>> number(1234.0, ",d"), number(float("nan"), ".1%"), number(Estimate(0.5, 0.4, 0.6), ".0%")
    ('1,234', '–', '50% [40%, 60%]')
    """
    if isinstance(value, Estimate):
        return format(value, style)
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return NONE
    if isinstance(value, (bool, np.bool_)):
        return "✓" if value else NONE
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    if style == "p":
        return "<0.001" if value < 0.001 else f"{value:.3f}"
    if isinstance(value, (int, float, np.integer, np.floating)):
        style = style or (",d" if float(value).is_integer() else ",.2f")
        return format(round(value) if style.endswith("d") else value, style)
    return str(value)


def upright(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Turn a table of one row into one of two columns, measure and value, each value in its own format.

    Examples
    --------
    >>> upright(pd.DataFrame({"customers": [1234], "share": [0.5]}), "en").values.tolist()
    [['customers', '1,234'], ['share', '50.0%']]
    """
    known = all_words()
    row = merge_intervals(frame).iloc[0]
    values = [_cell(value, known[name].style if name in known else "", lang) for name, value in row.items()]
    return pd.DataFrame({"measure": [word(name, lang) for name in row.index], "measured": values})


def merge_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Join each column ``x`` with its limits ``x_low`` and ``x_high`` into one column of estimates.

    Examples
    --------
    >>> frame = pd.DataFrame({"share": [0.5], "share_low": [0.4], "share_high": [0.6]})
    >>> list(merge_intervals(frame)), merge_intervals(frame)["share"][0]
    (['share'], Estimate(value=0.5, low=0.4, high=0.6))
    """
    joined = [name for name in frame if f"{name}_low" in frame and f"{name}_high" in frame]
    columns = {}
    for name in frame:
        if name in joined:
            parts = (frame[name], frame[f"{name}_low"], frame[f"{name}_high"])
            columns[name] = [Estimate(*map(float, row)) for row in zip(*parts)]
        elif not any(name == f"{stem}{end}" for stem in joined for end in ("_low", "_high")):
            columns[name] = frame[name].tolist()
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def table_html(frame: pd.DataFrame, *, lang: str, caption: str, styles: dict[str, str] | None = None) -> str:
    """Return a frame as an HTML table: terms in the report's language, numbers to the right, text escaped.

    Parameters
    ----------
    frame : pandas.DataFrame
        A named index becomes the first columns.
    lang : {"zh", "en"}
    caption : str
        HTML of the caption.
    styles : dict, optional
        Formats by column that go before those of the dictionary of words.
    """
    named = [name for name in frame.index.names if name is not None]
    flat = merge_intervals(frame.reset_index() if named else frame.reset_index(drop=True))
    known = all_words()
    styles = {name: known[name].style for name in flat if name in known} | (styles or {})
    styles |= {name: ",d" for name, style in styles.items() if style.endswith("f") and _is_whole(flat.get(name, []))}
    heads, body = [], [[] for _ in range(len(flat))]
    for name in flat:
        texts = [_cell(value, styles.get(name, ""), _language(name, lang)) for value in flat[name]]
        look = _class(flat[name], texts)
        heads.append(f"<th{look}>{html.escape(word(name, lang))}</th>")
        for row, text in zip(body, texts):
            row.append(f"<td{look}>{html.escape(text)}</td>")
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in body)
    return (
        f'<figure class="crm"><table class="crm"><caption>{caption}</caption><thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{rows}</tbody></table></figure>"
    )


def figure_html(picture: bytes, *, alt: str, caption: str, width: int = 760) -> str:
    """Return a PNG as an HTML figure with alt text and caption (HTML), `width` pixels wide on a screen."""
    data = base64.b64encode(picture).decode("ascii")
    return (
        f'<figure class="crm"><img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" width="{width}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _cell(value: object, style: str, lang: str) -> str:
    return word(value, lang) if lang and isinstance(value, str) else number(value, style)


def _language(column: str, lang: str) -> str:
    """Return no language for columns whose texts come from data and must stay as they are."""
    return "" if column.endswith("_id") or column in VERBATIM else lang


def _is_numeric(column: pd.Series) -> bool:
    filled = [value for value in column if value is not None and value is not pd.NaT]
    return bool(filled) and all(isinstance(value, (int, float, np.number, Estimate)) for value in filled)


def _is_whole(column: Iterable) -> bool:
    """Tell whether all numbers of a column are whole, so that no digits after the point are wanted."""
    plain = [value for value in column if isinstance(value, (int, float, np.number)) and np.isfinite(value)]
    return len(plain) == len([value for value in column if value is not None]) and all(v == int(v) for v in plain)


def _class(column: pd.Series, texts: list[str]) -> str:
    """Return how a column is set: numbers to the right, short texts on one line, long ones as prose."""
    if _is_numeric(column):
        return ' class="num"'
    return ' class="prose"' if max(map(len, texts), default=0) > SHORT else ""
