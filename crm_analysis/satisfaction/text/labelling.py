"""A sheet of reviews for two people to label by hand: drawn by stars, blind to stars and engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.text.engine import Engine
from crm_analysis.satisfaction.text.reading import Readings, read_texts
from crm_analysis.tables.needs import check_group, stated
from crm_analysis.words import word

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
INSTRUCTIONS = {
    "zh": "两位标注者各自独立填写，互不商量，也不看星级：在 label_first（第一位）或 label_second（第二位）列填 "
          "positive（正面）、negative（负面）或 neither（中性：无褒贬，或褒贬相当）。判断文字对{about}说了什么，"
          "不猜没有说出的意思；反话按本意填。看不懂的留空，并在 remark 列说明。两人都填完之后，"
          "分歧处可商定一个结果填入 label_final。",
    "en": "Two raters work apart, without talking and without the stars: write positive, negative or neither (no "
          "judgement, or as much praise as blame) into label_first (first rater) or label_second (second rater). "
          "Judge what the words say of {about}, not what may have been meant; irony counts as what it means. Leave "
          "blank what you cannot read and say so under remark. When both are done, an agreed label for the lines in "
          "dispute may go into label_final.",
}  # fmt: skip


@dataclass(frozen=True)
class LabellingSheet:
    """A sheet for raters, and the key that they do not see.

    Parameters
    ----------
    sheet : pandas.DataFrame
        line_number, text (safe to open in a spreadsheet), label_first, label_second, label_final, remark (all blank).
    key : pandas.DataFrame, index line_number
        place (position in the table of reviews), stratum, weight (reviews that a line stands for), stars (where
        known), text_label (the engine's).
    instructions : dict of str to str
        For the raters, ``zh`` and ``en``.
    account : pandas.DataFrame, index stratum
        texts (with words) and lines (drawn). Reviews without text are no part of any stratum.
    """

    sheet: pd.DataFrame
    key: pd.DataFrame
    instructions: dict[str, str]
    account: pd.DataFrame


def labelling_sheet(
    ratings: Readings | pd.DataFrame | pd.Series | Iterable[str],
    *,
    n: int = 200,
    seed: int = 0,
    strata: str | None = "stars",
    aspect: str | None = None,
    lang: str = "auto",
    engine: Engine | str = "dictionary",
    text: str = "text",
) -> LabellingSheet:
    """Draw reviews for two raters, as many of each stratum as of the others as far as it has them.

    Five of six reviews have four or five stars; drawn by stars, the sheet has enough discontent ones to judge. Each
    line carries the number of reviews it stands for, so that `agreement.agreement` speaks of all reviews again.

    Parameters
    ----------
    ratings, lang, engine, text
        As in `aspects.aspect_table`.
    n : int
        Lines; all reviews with text, if they are fewer.
    seed : int
    strata : str, optional
        Column of the strata; one stratum when None or (for ``stars``) when there is no such column.
    aspect : str, optional
        Label what is said of this aspect; only reviews in which the engine finds it are drawn, so that the figures
        hold for these alone.

    Returns
    -------
    LabellingSheet
        Write `sheet` for the raters with ``to_csv(..., index=False, encoding="utf-8-sig")``; keep `key`.

    Raises
    ------
    InputError
        If `n` is below 1, the column or the aspect is unknown, or no review can be drawn.

    Examples
    --------
    >>> made = labelling_sheet(pd.DataFrame({"text": ["=1+1 good", "bad", "ok", ""], "stars": [5, 1, 3, 5]}), n=3)
    >>> sorted(made.sheet["text"]), made.key["weight"].tolist()
    (["'=1+1 good", 'bad', 'ok'], [1.0, 1.0, 1.0])
    """
    if n < 1:
        raise InputError(f"n={n} is no number of lines", expected="1 or more", zh="标注条数至少为 1")
    found = ratings if isinstance(ratings, Readings) else read_texts(ratings, text=text, lang=lang, engine=engine)
    labels = _labels(found, aspect)
    if labels.empty:
        raise InputError("no review can be drawn", where="table ratings", expected="reviews with a text",
                         zh="没有可供标注的评论")  # fmt: skip
    stratum = _strata(found, strata).loc[labels.index]
    sizes = stratum.value_counts().sort_index()
    drawn = _allot(sizes, n)
    rng = np.random.default_rng(seed)
    places = np.concatenate([rng.choice(np.flatnonzero((stratum == name).to_numpy()), take, replace=False)
                             for name, take in drawn.items() if take])  # fmt: skip
    rows = labels.index[rng.permutation(places)]
    line = pd.RangeIndex(1, len(rows) + 1, name="line_number")
    key = pd.DataFrame({"place": rows, "stratum": stratum[rows].to_numpy()}, index=line)
    key["weight"] = (sizes / drawn.where(drawn > 0)).reindex(key["stratum"]).to_numpy(float)
    if "stars" in found.rows:
        key["stars"] = pd.to_numeric(found.rows["stars"]).to_numpy(float)[rows]
    key["text_label"] = labels[rows].to_numpy()
    sheet = pd.DataFrame({"line_number": line, "text": [safe_cell(str(one)) for one in found.rows[text].iloc[rows]]})
    blank = dict.fromkeys(("label_first", "label_second", "label_final", "remark"), "")
    account = pd.DataFrame({"texts": sizes, "lines": drawn}).rename_axis("stratum")
    return LabellingSheet(sheet.assign(**blank), key, _instructions(aspect), account)


def safe_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run: an apostrophe before what would start a formula.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell(" @SUM(1)"), safe_cell("good")
    ("'=HYPERLINK(1)", "' @SUM(1)", 'good')
    """
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text


def _instructions(aspect: str | None) -> dict[str, str]:
    """What the raters are told, in both languages."""
    about = {"zh": "商品、服务与购物的整体评价", "en": "the product, the service and the purchase as a whole"}
    if aspect is not None:
        about = {"zh": f"“{word(aspect, 'zh')}”", "en": f"'{word(aspect, 'en')}'"}
    return {lang: words.format(about=about[lang]) for lang, words in INSTRUCTIONS.items()}


def _labels(found: Readings, aspect: str | None) -> pd.Series:
    """The engine's label of each review that may be drawn, by its position."""
    if aspect is None:
        labels = found.texts["text_label"].reset_index(drop=True)
        return labels[labels != ""]
    if aspect not in found.aspects:
        raise InputError(f"there is no aspect {aspect!r}", expected=", ".join(found.aspects), zh="没有这个方面")
    return found.opinions[found.opinions["aspect"] == aspect].set_index("place")["text_label"].rename_axis(None)


def _strata(found: Readings, strata: str | None) -> pd.Series:
    if strata is None or (strata == "stars" and strata not in found.rows):
        return pd.Series("all", index=range(len(found.rows)))
    check_group(found.rows, "ratings", strata)
    return (
        stated(found.rows[strata])
        .map(lambda name: f"{name:g}" if isinstance(name, float) else str(name))
        .reset_index(drop=True)
    )


def _allot(sizes: pd.Series, n: int) -> pd.Series:
    """Share `n` lines out equally; what a small stratum cannot take goes to the others."""
    drawn = pd.Series(0, index=sizes.index)
    left = min(n, int(sizes.sum()))
    while left:
        open_strata = sizes.index[drawn < sizes]
        each, rest = divmod(left, len(open_strata))
        extra = pd.Series([each + (place < rest) for place in range(len(open_strata))], index=open_strata)
        added = np.minimum(extra, (sizes - drawn)[open_strata])
        drawn[open_strata] += added
        left -= int(added.sum())
    return drawn
