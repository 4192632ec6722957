"""Answers to survey items made fit for a model: codes, scale, reversed items, missing answers, all counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.survey.numbers import as_numbers, first_odd
from crm_analysis.tables.ledger import Line, TableLedger

POLICIES = ("listwise", "mean", "keep")
WHERE = "table survey"
# What questionnaires customarily print for "no answer", "refused" or "don't know"
CODES = (
    -999.0, -998.0, -99.0, -98.0, -97.0, -88.0, -77.0, -9.0, -8.0,
    77.0, 88.0, 97.0, 98.0, 99.0, 777.0, 888.0, 998.0, 999.0, 9999.0,
)  # fmt: skip
WIDEST = 20.0  # no answer of a survey scale lies beyond, unless it is a percentage


@dataclass(frozen=True)
class Answers:
    """Answers that a model may use, and the account of what was done to get them.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (respondents kept, items)
        Floats, in the order of the items, with the caller's index; reversed items turned round.
    account : pandas.DataFrame, index item
        answered, missing (blank), coded_missing (a declared code), share_missing, mean, sd (of the answers given).
    ledger : TableLedger
        Respondents read, kept, set aside (``incomplete_answers``) or completed (``answers_filled``).
    policy : str
        What was done about missing answers: ``listwise``, ``mean`` or ``keep``.
    """

    frame: pd.DataFrame
    account: pd.DataFrame
    ledger: TableLedger
    policy: str

    @property
    def filled(self) -> int:
        """Respondents of whom an answer was filled in."""
        return sum(line.rows for line in self.ledger.lines if line.rule == "answers_filled")


def read_answers(
    survey: pd.DataFrame,
    items: Iterable[str],
    *,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] | float = (),
    reversed_items: Iterable[str] = (),
    missing: str = "listwise",
    at_least: int = 2,
) -> Answers:
    """Take the items out of a survey, checked, with missing answers treated by a named policy.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item; extra columns do not matter.
    items : iterable of str
        Columns to take, each once.
    low, high : float, optional
        Ends of the scale; an answer outside is an error. Without them, a customary code for "no answer" (-99, 999, ...)
        among answers from 0 to 20 is an error too, so that it is declared and does not pass for an answer.
    missing_codes : sequence of float, or one
        Numbers that stand for "no answer", such as -99; counted as missing.
    reversed_items : iterable of str
        Items of which a high answer is bad news: x becomes low + high - x. Needs both ends of the scale.
    missing : {"listwise", "mean", "keep"}
        Leave out respondents with a gap in any item; or fill the item's mean (which understates spread and
        relations); or keep the gap as NaN.
    at_least : int
        Respondents that must remain.

    Returns
    -------
    Answers

    Raises
    ------
    InputError
        With all problems in one message: items missing, named twice, not numbers, infinite, outside the scale or
        the same for all; too few respondents left.

    Examples
    --------
    >>> survey = pd.DataFrame({"q1": [8, 7, -99, 9], "q2": [1, 3, 2, None]})
    >>> found = read_answers(survey, ["q1", "q2"], low=1, high=10, missing_codes=[-99], reversed_items=["q2"])
    >>> found.frame.values.tolist(), found.account["coded_missing"].tolist(), found.ledger.set_aside
    ([[8.0, 10.0], [7.0, 8.0]], [1, 0], 2)
    """
    items, reversed_items = list(items), list(reversed_items)
    _check_arguments(items, reversed_items, low, high, missing)
    check_items(survey, items)
    raw = numbers_of(survey, items)
    blank, coded = raw.isna(), raw.isin(np.ravel(missing_codes).tolist())
    given = raw.mask(coded)
    _check_values(given, low, high)
    check_codes(given, low, high)
    given[reversed_items] = low + high - given[reversed_items] if reversed_items else given[reversed_items]
    account = pd.DataFrame(
        {
            "answered": given.notna().sum(), "missing": blank.sum(), "coded_missing": coded.sum(),
            "share_missing": given.isna().mean(), "mean": given.mean(), "sd": given.std(),
        }
    ).rename_axis("item")  # fmt: skip
    frame, ledger = _complete(given, missing)
    _check_rest(frame, at_least, account, missing)
    return Answers(frame, account, ledger, missing)


def _complete(given: pd.DataFrame, missing: str) -> tuple[pd.DataFrame, TableLedger]:
    """Answers after the policy for gaps, and the ledger of respondents."""
    gaps = given.isna().any(axis=1)
    count, lines = int(gaps.sum()), []
    first = str(given.index[gaps][0]) if count else ""
    if missing == "listwise":
        lines, frame = [Line("incomplete_answers", count, where=first)], given[~gaps]
    elif missing == "mean":
        lines, frame = [Line("answers_filled", count, "noted", where=first)], given.fillna(given.mean())
    else:
        frame = given
    return frame, TableLedger("survey", WHERE, len(given), len(frame), lines, step="model")


def _check_arguments(
    items: list[str], reversed_items: list[str], low: float | None, high: float | None, missing: str
) -> None:
    twice = sorted({item for item in items if items.count(item) > 1})
    strange = [item for item in reversed_items if item not in items]
    problems = ["no item was named"] if not items else []
    problems += [f"{', '.join(twice)} named twice"] if twice else []
    problems += [f"{', '.join(strange)} is to be reversed but is none of the items"] if strange else []
    if reversed_items and (low is None or high is None):
        problems.append("reversed items need the ends of the scale, low and high")
    problems += [en for en, _ in scale_faults(low, high)]
    if missing not in POLICIES:
        problems.append(f"missing={missing!r} is no policy; there are {', '.join(POLICIES)}")
    if problems:
        raise InputError("; ".join(problems), where="the measurement model", zh="测量模型的设置有误")


def scale_faults(low: object, high: object) -> list[tuple[str, str]]:
    """Faults of the ends of a scale, each in English and Chinese.

    Examples
    --------
    >>> [en for en, _ in scale_faults(10, 1)], [en for en, _ in scale_faults("1", None)]
    (['the scale runs from 10 to 1'], ["low='1' is no number"])
    """
    ends = {name: end for name, end in (("low", low), ("high", high)) if end is not None}
    faults = [(f"{name}={end!r} is no number", f"量表端点 {name}={end!r} 不是数字") for name, end in ends.items()
              if not isinstance(end, Real)]  # fmt: skip
    if not faults and len(ends) == 2 and not low < high:
        faults.append((f"the scale runs from {low} to {high}", f"量表从 {low} 到 {high}，最低分应小于最高分"))
    return faults


def numbers_of(survey: pd.DataFrame, items: list[str]) -> pd.DataFrame:
    """Return the items as floats; see `numbers.as_numbers`."""
    return pd.DataFrame({item: as_numbers(survey[item])[0] for item in items}, index=survey.index)


def check_items(survey: pd.DataFrame, items: list[str]) -> None:
    """Raise `InputError` unless the survey has rows and one column of numbers for each item."""
    twice = [item for item in items if (survey.columns == item).sum() > 1]
    if twice:
        raise InputError(f"more than one column is named {', '.join(twice)}", where=WHERE,
                         mend="rename or drop all but one", zh=f"列名重复：{'、'.join(twice)}")  # fmt: skip
    absent = [item for item in items if item not in survey]
    odd = {item: text for item in items if item in survey and (text := _odd(survey[item]))}
    if survey.empty:
        raise InputError("the survey has no rows", where=WHERE, zh="问卷没有数据")
    if absent or odd:
        hints = [f"{item}: {hint}" for item in absent if (hint := nearest(item, map(str, survey.columns)))]
        problems = [f"{item} is missing" for item in absent]
        problems += [f"{item} holds no numbers: {text}" for item, text in odd.items()]
        raise InputError("; ".join(problems), where=WHERE, expected="a column of numbers for each item",
                         mend="; ".join(hints) or "turn the texts into numbers, or declare them blank",
                         zh=f"问卷缺少可用的题项：{'、'.join([*absent, *odd])}")  # fmt: skip


def _odd(column: pd.Series) -> str:
    """Say what in a column is no number: the first such value, its row and how many follow; empty if nothing is."""
    wrong = as_numbers(column)[1]
    if not wrong.any():
        return ""
    first, more = first_odd(column, wrong)
    return f"{first}{f' and {more:,} more' if more else ''}"


def _check_values(given: pd.DataFrame, low: float | None, high: float | None) -> None:
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    outside = (given < least) | (given > most) | np.isinf(given)
    wrong = [item for item in given if outside[item].any()]
    problems = []
    for item in wrong:
        values = given.loc[outside[item], item]
        more = f" and {len(values) - 1:,} more values outside the scale" if len(values) > 1 else ""
        problems.append(f"{item} holds {values.iloc[0]:g} in row {values.index[0]}{more}")
    if problems:
        ends = f"numbers from {least:g} to {most:g}"
        raise InputError("; ".join(problems), where=WHERE, expected=ends,
                         mend="declare codes for no answer in missing_codes, or mend the scale or the data",
                         zh=f"部分题项的回答超出量表范围：{'、'.join(wrong)}")  # fmt: skip


def check_codes(given: pd.DataFrame, low: float | None, high: float | None) -> None:
    """Raise `InputError` for a customary code for no answer, not declared, that no end of the scale tells apart."""
    problems, names = [], []
    for item in given if low is None or high is None else []:
        suspect = given[item].isin(CODES)
        others = given.loc[~suspect, item].dropna()
        if suspect.any() and len(others) and others.between(0, WIDEST).all():
            problems.append(f"{item} holds {given.loc[suspect, item].iloc[0]:g} in {suspect.sum():,} rows")
            names.append(item)
    if problems:
        raise InputError(f"{'; '.join(problems)}: a code for no answer?", where=WHERE,
                         expected="answers, blanks and declared codes",
                         mend="declare it in missing_codes; or give both ends of the scale, low and high",
                         zh=f"疑似未声明的“未答”代码：{'、'.join(names)}")  # fmt: skip


def _check_rest(frame: pd.DataFrame, at_least: int, account: pd.DataFrame, missing: str) -> None:
    empty = list(account.index[account["answered"] == 0])
    if empty:
        raise InputError(f"nobody answered {', '.join(empty)}", where=WHERE, mend="leave these items out",
                         zh=f"没有人回答这些题项：{'、'.join(empty)}")  # fmt: skip
    if len(frame) < at_least:
        worst, most = account["share_missing"].idxmax(), account["share_missing"].max()
        gap = f"; most gaps are in {worst} ({most:.0%})" if missing == "listwise" and most > 0 else ""
        raise InputError(f"{len(frame)} respondents are left, at least {at_least} are needed{gap}", where=WHERE,
                         mend="ask more respondents, use fewer items or another policy for missing answers",
                         zh=f"可用的受访者只有 {len(frame)} 人，至少需要 {at_least} 人")  # fmt: skip
    constant = [item for item in frame if frame[item].nunique() < 2]
    if constant:
        raise InputError(f"all respondents gave the same answer to {', '.join(constant)}", where=WHERE,
                         expected="answers that differ", mend="leave these items out of the model",
                         zh=f"所有受访者的回答相同，无法建模：{'、'.join(constant)}")  # fmt: skip
