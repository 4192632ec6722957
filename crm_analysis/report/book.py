"""What a notebook writes with: sentences with their numbers, figures, tables, and a line where data are missing."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd
from IPython.display import HTML, Markdown, display
from matplotlib.axes import Axes

from crm_analysis import figures
from crm_analysis.errors import InputError, MissingData
from crm_analysis.intervals import Estimate
from crm_analysis.report import attachments, front, present
from crm_analysis.tables import DataSet, TableLedger
from crm_analysis.words import word

WIDE = 5  # columns beyond which a single row is set upright
PIXELS_PER_INCH = 105  # letters of figures and of the text are then of one size


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
    last: str = ""  # label of the figure or table shown last, for sentences that point to it

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

    def word(self, name: str) -> str:
        """Return the term for a name used in code, in the language of the report."""
        return word(name, self.language)

    def list(self, parts: Iterable[str]) -> str:
        """Return texts joined as the language of the report joins a list."""
        return {"zh": "、", "en": ", "}[self.language].join(parts)

    @staticmethod
    def estimate(row: pd.Series, name: str) -> Estimate:
        """Return the value `name` of a row with its limits `name_low` and `name_high`."""
        return Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))

    @staticmethod
    def negated(estimate: Estimate) -> Estimate:
        """Return the estimate of the opposite: staying away, where coming back was estimated."""
        return Estimate(-estimate.value, -estimate.high, -estimate.low)

    @staticmethod
    def pick(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
        """Return some columns of a frame in this order, each with its limits; absent ones are left out."""
        kept = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
        return frame[[name for name in kept if name in frame]]

    def show(self, ax: Axes, *, zh: str, en: str, origin: str | None = None) -> None:
        """Show a plot as a numbered figure with caption, alt text and the origin of its data."""
        alt = figures.alt_text(ax)
        caption = self._caption("figure", zh, en, origin)
        width = round(ax.figure.get_figwidth() * PIXELS_PER_INCH)
        block = present.figure_html(figures.png(ax), alt=alt, caption=caption, width=width)
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
        if len(frame) == 1 and frame.shape[1] > WIDE:
            frame = present.upright(frame, self.language)
        if len(frame) > most:
            more = {"zh": "（共 {n:,} 行，列出前 {most} 行）", "en": " (the first {most} of {n:,} rows)"}[self.language]
            caption += f'<span class="more">{more.format(n=len(frame), most=most)}</span>'
        block = present.table_html(frame.head(most), lang=self.language, caption=caption, styles=styles)
        display(HTML(block))

    def attach(self, name: str, text: str, *, zh: str, en: str) -> None:
        """Give the reader a CSV file: a link in the page that saves it, and the file beside the finished report."""
        caption = html.escape({"zh": zh, "en": en}[self.language])
        display(attachments.block(name, text, caption=caption), raw=True)

    @contextmanager
    def part(self, *, quiet: bool = False) -> Iterator[None]:
        """Let a part of the report end with one line when the data do not carry it, and the report go on.

        A table that is not there, or a measure that refuses data too short for it,
        raises `InputError`; the reader sees why in place of the rest of the part. With
        `quiet` nothing is shown, for a part whose gap is told elsewhere.
        """
        try:
            yield
        except InputError as error:
            if quiet:
                return
            why = present.plain(self._reason(error))
            line = {"zh": f"本部分从略：{why}。", "en": f"This part is left out: {why}."}[self.language]
            display(HTML(f'<p class="missing">{line}</p>'))

    @staticmethod
    def require(value: object, *, zh: str, en: str) -> None:
        """End this part with one line if an earlier part did not come to `value`, which is None then.

        Raises
        ------
        InputError
            With the reason in both languages, which `part` shows.
        """
        if value is None:
            raise InputError(en, zh=zh)

    def _reason(self, error: InputError) -> str:
        if not isinstance(error, MissingData):
            return {"zh": error.zh, "en": error.what}[self.language]
        if self.language == "en":
            return f"the data do not hold {self.list(error.missing)}"
        named = [f"{self.word('table.' + name.partition('.')[0])} {name}" for name in error.missing]
        return f"所给数据中没有{self.list(named)}"

    def title(self) -> None:
        """Show the title block: case, data, parameters, versions, date."""
        display(HTML(front.title_block(self.case, self.data, self.language, self.parameters)))

    def rows(self, *used: TableLedger) -> None:
        """Show the ledger of rows: read, kept, set aside, and below it every rule that touched rows.

        `used` are ledgers of what the report itself took from the tables.
        """
        counts, rules = front.ledger_tables([*self.data.ledger, *used], self.language)
        self.table(counts, zh="行数台账：读入 = 保留 + 搁置", en="Row ledger: read = kept + set aside", most=60)
        if len(rules):
            self.table(rules, zh="被搁置或加注的行", en="Rows set aside or noted", most=60)

    def provenance(self) -> None:
        """Show the checksums of the data files and the versions of the packages."""
        files, versions = front.provenance(self.data)
        if len(files):
            self.table(files, zh="数据文件与校验和", en="Data files and their checksums")
        origin = {"zh": "来源：本次运行环境", "en": "Source: the environment of this run"}[self.language]
        self.table(versions, zh="软件版本", en="Versions of the software", origin=origin)

    def _caption(self, kind: str, zh: str, en: str, origin: str | None) -> str:
        self.counts[kind] += 1
        names = {"figure": {"zh": "图", "en": "Figure"}, "table": {"zh": "表", "en": "Table"}}
        self.last = label = f"{names[kind][self.language]} {self.counts[kind]}"
        text = html.escape({"zh": zh, "en": en}[self.language])
        source = html.escape(origin or self.data.about.line(self.language))
        stop = {"zh": "。", "en": ". "}[self.language]
        return f'<b>{label}</b> {text}{stop}<span class="origin">{source}</span>'
