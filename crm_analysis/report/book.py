"""What a notebook writes with: sentences with their numbers, figures, tables, and a line where data are missing."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd
from IPython.display import HTML, Markdown, display
from matplotlib.axes import Axes

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.report import front, present
from crm_analysis.tables import DataSet


@dataclass
class Book:
    """A report in the making: one language, one data set.

    Everything shown carries the origin of its data. Sentences are given in both
    languages side by side, so that they are kept side by side.

    Parameters
    ----------
    case : str
        Name of the case.
    data : DataSet
    language : {"zh", "en"}
    parameters : dict
        All parameters of the run, for the title block.
    """

    case: str
    data: DataSet
    language: str
    parameters: dict[str, object] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"figure": 0, "table": 0})

    def say(self, *, zh: str, en: str, **values: object) -> None:
        """Show a sentence in the language of the report, with `values` put in by ``str.format``.

        A value with an interval prints as ``73.5% [70.1%, 76.7%]``; a text is
        escaped, for it may come from data.
        """
        display(Markdown(self.text(zh=zh, en=en, **values)))

    def text(self, *, zh: str, en: str, **values: object) -> str:
        """Return the sentence that `say` shows."""
        safe = {name: present.plain(value) if isinstance(value, str) else value for name, value in values.items()}
        return {"zh": zh, "en": en}[self.language].format(**safe)

    def show(self, ax: Axes, *, zh: str, en: str, origin: str | None = None) -> None:
        """Show a plot as a numbered figure with caption, alt text and the origin of its data."""
        alt = figures.alt_text(ax)
        caption = self._caption("figure", zh, en, origin)
        block = present.figure_html(figures.png(ax), alt=alt, caption=caption)
        display({"text/html": block, "text/plain": alt}, raw=True)

    def table(
        self,
        frame: pd.DataFrame,
        *,
        zh: str,
        en: str,
        styles: dict[str, str] | None = None,
        most: int = 30,
        origin: str | None = None,
    ) -> None:
        """Show a frame as a numbered table; of more than `most` rows the first are shown and the rest counted."""
        caption = self._caption("table", zh, en, origin)
        if len(frame) > most:
            more = {"zh": f"共 {len(frame):,} 行,列出前 {most} 行", "en": f"the first {most} of {len(frame):,} rows"}
            caption += f'<span class="more">({more[self.language]})</span>'
        block = present.table_html(frame.head(most), lang=self.language, caption=caption, styles=styles)
        display(HTML(block))

    @contextmanager
    def part(self) -> Iterator[None]:
        """Let a part of the report end with one line when the data do not carry it, and the report go on.

        A table that is not there, or a measure that refuses data too short for it,
        raises `InputError`; the reader sees why in place of the rest of the part.
        """
        try:
            yield
        except InputError as error:
            why = present.plain({"zh": error.zh, "en": error.what}[self.language])
            line = {"zh": f"本部分从略:{why}。", "en": f"This part is left out: {why}."}[self.language]
            display(HTML(f'<p class="missing">{line}</p>'))

    def title(self) -> None:
        """Show the title block: case, data, parameters, versions, date."""
        display(HTML(front.title_block(self.case, self.data, self.language, self.parameters)))

    def rows(self) -> None:
        """Show the ledger of rows: read, kept, set aside and why."""
        self.table(
            front.ledger_table(self.data, self.language),
            zh="行数台账:读入 = 保留 + 搁置",
            en="Row ledger: read = kept + set aside",
            most=60,
        )

    def _caption(self, kind: str, zh: str, en: str, origin: str | None) -> str:
        self.counts[kind] += 1
        names = {"figure": {"zh": "图", "en": "Figure"}, "table": {"zh": "表", "en": "Table"}}
        label = f"{names[kind][self.language]} {self.counts[kind]}"
        text = html.escape({"zh": zh, "en": en}[self.language])
        source = html.escape(origin or self.data.about.line(self.language))
        stop = {"zh": "。", "en": ". "}[self.language]
        return f'<b>{label}</b> {text}{stop}<span class="origin">{source}</span>'
