"""An executed notebook into one self-contained HTML page: no scripts, no outside address, code only in lessons."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import nbformat
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader

from crm_analysis.report import attachments, cases

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

    from crm_analysis.report.run import Job

HERE = Path(__file__).parent
HIDDEN = {False: {"parameters", "injected-parameters", "setup"}, True: {"parameters", "injected-parameters"}}
CODE_HIDDEN = {"hide-input"}  # cells of a lesson whose code would tell nothing
DROP = "script, style, iframe, object, embed, form, link, meta, base, .output_stderr"
KEEP = {"href", "src", "alt", "width", "class", "colspan", "rowspan", "id", "download"}
OURS = {"crm", "num", "title", "note", "missing", "origin", "more", "simulated", "prose", "file"}
PICTURE = "data:image/png;base64,"
ONE_AT_A_TIME = Lock()  # two reports finish in two threads
LINKS = ("#", "https://", "http://", "mailto:", attachments.LINK)


def page(notebook: nbformat.NotebookNode, job: Job) -> str:
    """Return the report as an HTML page in the language of the job.

    Everything a browser would run or fetch is taken out, so that a text in the
    data can do no harm and the page opens without a network.
    """
    language = str(job.parameters["language"])
    body = clean_body(notebook, code=cases.get(job.case).is_lesson)
    contents = number_headings(body)
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    heading = body.find("h1")
    return environment.get_template("page.html").render(
        language={"zh": "zh-Hans", "en": "en"}[language],
        title=heading.get_text() if heading else job.case,
        contents_title={"zh": "目录", "en": "Contents"}[language],
        contents=contents,
        css=(HERE / "page.css").read_text(encoding="utf-8"),
        body=str(body),
    )


@cache
def _exporter(code: bool) -> HTMLExporter:
    """Return the exporter without prompts and hidden cells; made once, for it compiles its templates."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    removed = {"enabled": True, "remove_cell_tags": HIDDEN[code], "remove_input_tags": CODE_HIDDEN}
    return HTMLExporter(
        config=Config({"TagRemovePreprocessor": removed}),
        template_name="basic",
        exclude_input=not code,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def clean_body(notebook: nbformat.NotebookNode, *, code: bool = False) -> BeautifulSoup:
    """Return prose and outputs of a notebook, and its code if asked, freed of what a browser would run or fetch."""
    told = [cell for cell in notebook.cells if code or cell.cell_type == "markdown" or cell.get("outputs")]
    shown = nbformat.v4.new_notebook(cells=told, metadata=notebook.metadata)
    with ONE_AT_A_TIME:
        text = _exporter(code).from_notebook_node(shown)[0]
    return clean(text)


def clean(text: str) -> BeautifulSoup:
    """Return HTML without scripts, styles, handlers, outside pictures and doubtful links.

    Examples
    --------
    >>> print(clean('<p onclick="x()">a<script>x()</script><img src="x.png"><a href="javascript:x()">b</a></p>'))
    <p>a<a>b</a></p>
    """
    soup = BeautifulSoup(text, "html.parser")
    for node in soup.select(DROP):
        node.decompose()
    for image in soup.select("img"):
        if not image.get("src", "").startswith(PICTURE):
            image.decompose()
    for tag in soup.find_all(True):
        _strip(tag)
    for tag in soup.find_all("div"):
        tag.unwrap()
    return soup


def _strip(tag: Tag) -> None:
    tag.attrs = {name: value for name, value in tag.attrs.items() if name in KEEP}
    classes = [name for name in tag.attrs.pop("class", []) if name in OURS]
    if classes:
        tag["class"] = classes
    if not tag.get("href", "#").strip().lower().startswith(LINKS):
        del tag["href"]


def number_headings(body: BeautifulSoup) -> list[dict[str, str]]:
    """Give second and third level headings an anchor and return them as the list of contents."""
    contents = []
    for position, heading in enumerate(body.find_all(["h2", "h3"]), 1):
        heading["id"] = f"s{position}"
        text = re.sub(r"\s*¶$", "", heading.get_text())
        contents.append({"id": heading["id"], "level": heading.name, "text": html.unescape(text)})
    return contents
