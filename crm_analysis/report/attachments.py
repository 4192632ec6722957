"""Files that a report gives its reader: a link inside the page, and the file beside it."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable

from crm_analysis.errors import InputError

KIND = "application/vnd.crm.file+json"
LINK = "data:text/csv;base64,"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.csv")


def block(name: str, text: str, *, caption: str) -> dict[str, object]:
    """Return the display of an attached CSV file: a link that saves it, and the file for whoever runs the notebook.

    The content stands in the link itself, so that the page still is one file without an address.

    Parameters
    ----------
    name : str
        Small letters, digits and hyphens, ending in ``.csv``.
    text : str
        The file, with the mark of byte order where Excel should read it.
    caption : str
        What the file is, as HTML.

    Raises
    ------
    InputError
        If the name could point elsewhere.

    Examples
    --------
    >>> block("list.csv", "a,b", caption="the list")["text/html"]
    '<p class="file"><a download="list.csv" href="data:text/csv;base64,YSxi">list.csv</a> the list</p>'
    """
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name of an attached file", expected="a name such as worklist.csv")
    data = base64.b64encode(text.encode("utf-8")).decode("ascii")
    link = f'<a download="{html.escape(name)}" href="{LINK}{data}">{html.escape(name)}</a>'
    return {
        "text/html": f'<p class="file">{link} {caption}</p>',
        "text/plain": name,
        KIND: {"name": name, "text": text},
    }


def attached(cells: Iterable[dict]) -> dict[str, str]:
    """Return the files among the outputs of a notebook's cells: name and content."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    files = [output["data"][KIND] for output in outputs if KIND in output.get("data", {})]
    return {file["name"]: file["text"] for file in files if NAME.fullmatch(file["name"])}
