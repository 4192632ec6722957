"""Answers to pairs of Kano questions: codes or names read, checked and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.priorities.kano_rules import ANSWERS
from crm_analysis.satisfaction.priorities.respondents import check_mapping, read_weights

SIDES = ("functional", "dysfunctional")
SPELLINGS = (
    ("like", "i like it", "enjoy", "喜欢", "我很喜欢", "很喜欢", "满意"),
    ("must_be", "must-be", "must be", "expect", "expected", "理应如此", "我认为理应如此", "必须的", "应该的"),
    ("neutral", "indifferent", "无所谓", "我无所谓", "一般"),
    ("live_with", "live-with", "live with", "tolerate", "勉强接受", "我能勉强接受", "能忍受", "可以忍受"),
    ("dislike", "i dislike it", "不喜欢", "我很不喜欢", "很不喜欢", "讨厌", "不满意"),
)
NAMED = {spelling: code for code, spellings in enumerate(SPELLINGS) for spelling in spellings}
NAMED |= {name: code for code, name in enumerate(ANSWERS)} | {str(code + 1): code for code in range(5)}


@dataclass(frozen=True)
class KanoAnswers:
    """Pairs of answers as codes 0 (like) to 4 (dislike), -1 where the pair is incomplete.

    Parameters
    ----------
    functional, dysfunctional : pandas.DataFrame, shape (respondents, attributes)
    weights : pandas.Series
    account : pandas.DataFrame, index attribute
        respondents (with both answers), kano_unpaired (one or both missing), functional_missing,
        dysfunctional_missing.
    """

    functional: pd.DataFrame
    dysfunctional: pd.DataFrame
    weights: pd.Series
    account: pd.DataFrame

    def take(self, chosen: pd.Series) -> KanoAnswers:
        """Return the answers of some respondents, with their own account."""
        parts = self.functional[chosen], self.dysfunctional[chosen]
        whole = (parts[0] >= 0).sum()
        account = self.account.assign(respondents=whole, kano_unpaired=int(chosen.sum()) - whole)
        return KanoAnswers(*parts, self.weights[chosen], account[["respondents", "kano_unpaired"]])


def read_kano(
    survey: pd.DataFrame,
    pairs: Mapping[str, tuple[str, str]],
    *,
    answers: Mapping[object, str] | None = None,
    missing_codes: Iterable[object] = (),
    weights: str | pd.Series | None = None,
) -> KanoAnswers:
    """Read the pairs of questions of a Kano survey.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    pairs : dict of attribute to (functional column, dysfunctional column)
        How do you feel if it is there; how do you feel if it is not.
    answers : mapping, optional
        What your codes or texts mean: like, must_be, neutral, live_with or dislike. By default 1 to 5 in this
        order, these names, and the usual Chinese wordings.
    missing_codes : iterable
        Codes for no answer; blanks are missing anyway.
    weights : str or Series, optional

    Raises
    ------
    InputError
        With all problems in one message: columns missing or used twice, answers that are none of the five.

    Examples
    --------
    >>> survey = pd.DataFrame({"f": [1, 2, None], "d": ["dislike", "无所谓", "like"]})
    >>> found = read_kano(survey, {"grip": ("f", "d")})
    >>> found.functional["grip"].tolist(), found.account["kano_unpaired"].tolist()
    ([0, 1, -1], [1])
    """
    _check_pairs(survey, check_mapping(pairs, "pairs"))
    meaning = _meaning(answers)
    missing = {_spelt(code) for code in missing_codes}
    codes, strange = {}, []
    for side, name in enumerate(SIDES):
        for attribute, pair in pairs.items():
            texts = survey[pair[side]].astype(object).map(_spelt, na_action="ignore")
            texts = texts.mask(texts.isin(list(missing)))
            codes[name, attribute] = texts.map(meaning).astype(float)
            wrong = texts[texts.notna() & codes[name, attribute].isna()]
            strange += [f"{pair[side]} holds {wrong.iloc[0]!r} in row {wrong.index[0]}"] if len(wrong) else []
    if strange:
        raise InputError("; ".join(strange), where="table survey", expected="1 to 5, from like to dislike, or names",
                         mend="say what your answers mean: answers={'code': 'like', ...}; codes for no answer "
                         "go to missing_codes", zh="部分 Kano 题项的回答无法识别")  # fmt: skip
    frames = [pd.DataFrame({name: codes[side, name] for name in pairs}, index=survey.index) for side in SIDES]
    whole = frames[0].notna() & frames[1].notna()
    account = pd.DataFrame(
        {"respondents": whole.sum(), "kano_unpaired": (~whole).sum()}
        | {f"{side}_missing": frame.isna().sum() for side, frame in zip(SIDES, frames)}
    ).rename_axis("attribute")  # fmt: skip
    coded = [frame.where(whole).fillna(-1).astype(int) for frame in frames]
    return KanoAnswers(*coded, read_weights(survey, weights), account)


def _meaning(answers: Mapping[object, str] | None) -> dict[str, int]:
    if answers is None:
        return NAMED
    wrong = [f"{code!r}: {name!r}" for code, name in answers.items() if _spelt(name) not in NAMED]
    if wrong:
        raise InputError(f"answers names no Kano answer in {', '.join(wrong)}", where="answers",
                         expected="like, must_be, neutral, live_with or dislike", zh="答案对应表无效")  # fmt: skip
    return {_spelt(code): NAMED[_spelt(name)] for code, name in answers.items()}


def _spelt(value: object) -> str:
    """An answer as it is compared: numbers without a point, texts without case and outer blanks."""
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return f"{float(value):g}"
    text = str(value).strip().lower()
    return text[:-2] if text[:-2].isdigit() and text.endswith(".0") else text


def _check_pairs(survey: pd.DataFrame, pairs: Mapping[str, tuple[str, str]]) -> None:
    wrong = [str(name) for name, pair in pairs.items() if isinstance(pair, str) or len(pair) != 2]
    columns = [column for name, pair in pairs.items() if str(name) not in wrong for column in pair]
    absent = [column for column in columns if column not in survey]
    twice = sorted({str(column) for column in columns if columns.count(column) > 1})
    double = sorted({str(column) for column in survey.columns[survey.columns.duplicated()] if column in columns})
    problems = ["no pair of questions was named"] if not pairs else []
    problems += [f"{name} does not name two columns" for name in wrong]
    problems += [f"{column} is missing" for column in absent]
    problems += [f"{', '.join(twice)} is used more than once"] if twice else []
    problems += [f"more than one column is named {', '.join(double)}"] if double else []
    problems += ["the survey has no row"] if survey.empty else []
    if problems:
        hints = [f"{column}: {hint}" for column in absent if (hint := nearest(column, map(str, survey.columns)))]
        raise InputError("; ".join(problems), where="pairs", mend="; ".join(hints),
                         expected="{attribute: (functional column, dysfunctional column)}",
                         zh="Kano 题项设置有误：" + "、".join([*wrong, *map(str, absent), *twice]))  # fmt: skip
