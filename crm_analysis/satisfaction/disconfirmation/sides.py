"""Answers on both sides of a gap: expectation and perception of each dimension, checked and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.survey.answers import check_codes, check_items, numbers_of

SIDES = ("expectation", "perception")
Items = str | tuple[str, ...]
Pairs = Mapping[str, tuple[Items, Items]]
WHERE = "table survey"


class Sides(NamedTuple):
    """One dimension: the answers of those who gave all of them, one column per item."""

    expected: pd.DataFrame
    perceived: pd.DataFrame


def side_answers(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
) -> dict[str, Sides]:
    """Return the answers to the items of each dimension, of the respondents who gave all of them.

    Unlike `survey.answers.read_answers` this takes items that all respondents answered alike, as a gap can be
    measured against them.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    pairs : dict of dimension to (expectation, perception)
        Item, or tuple of items, of each side.
    low, high : float, optional
        Ends of the scale; an answer outside is an error. Without them, a customary code for "no answer" (-99, 999, ...)
        among answers from 0 to 20 is an error too.
    missing_codes : sequence of float
        Numbers that stand for "no answer"; counted as missing.

    Raises
    ------
    InputError
        With all problems in one message: items missing, not numbers or outside the scale; fewer than two
        respondents of a dimension.

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [8, 7, -9], "p": [6, 7, 8]})
    >>> side_answers(survey, {"reliability": ("e", "p")}, missing_codes=[-9])["reliability"].perceived["p"].tolist()
    [6.0, 7.0]
    """
    _check_pairs(pairs)
    sides = {name: tuple(listed(side) for side in pair) for name, pair in pairs.items()}
    items = list(dict.fromkeys(item for pair in sides.values() for side in pair for item in side))
    if not items:
        raise InputError("no pair of items was named", where="pairs", zh="没有给出成对题项")
    check_items(survey, items)
    given = numbers_of(survey, items)
    given = given.mask(given.isin(np.ravel(missing_codes).tolist()))
    _check_scale(given, low, high)
    check_codes(given, low, high)
    found, few = {}, []
    for name, (expected, perceived) in sides.items():
        rows = given[list(dict.fromkeys([*expected, *perceived]))].dropna()
        found[name] = Sides(rows[expected], rows[perceived])
        few += [name] if len(rows) < 2 else []
    if few:
        raise InputError(f"fewer than two respondents answered both sides of {', '.join(few)}", where=WHERE,
                         mend="leave these dimensions out or use a larger survey",
                         zh=f"回答了成对题项的受访者不足两人：{'、'.join(few)}")  # fmt: skip
    return found


def listed(side: Items | Iterable[str]) -> list[str]:
    """Return the items of a side as a list.

    Examples
    --------
    >>> listed("e1"), listed(("e1", "e2"))
    (['e1'], ['e1', 'e2'])
    """
    return [side] if isinstance(side, str) else list(side)


def _check_pairs(pairs: Pairs) -> None:
    wrong = [str(name) for name, pair in pairs.items() if isinstance(pair, str) or len(pair) != 2]
    if wrong:
        raise InputError(f"{', '.join(wrong)} is no pair of sides", where="pairs",
                         expected="dimension: (expectation, perception), each an item or a tuple of items",
                         zh=f"这些维度没有给出（期望，感知）两方：{'、'.join(wrong)}")  # fmt: skip


def check_ends(low: float, high: float) -> None:
    """Raise `InputError` unless the scale runs from a lower to a higher end."""
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise InputError(f"the scale runs from {low} to {high}", expected="low below high", zh="量表的两端设置有误")


def _check_scale(given: pd.DataFrame, low: float | None, high: float | None) -> None:
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    outside = (given < least) | (given > most) | np.isinf(given)
    wrong = {item: given.loc[outside[item], item] for item in given if outside[item].any()}
    if wrong:
        problems = [f"{item} holds {values.iloc[0]:g} ({len(values):,} rows)" for item, values in wrong.items()]
        raise InputError("; ".join(problems), where=WHERE, expected=f"numbers from {least:g} to {most:g}",
                         mend="declare codes for no answer in missing_codes, or mend the scale or the data",
                         zh=f"部分题项的回答超出量表范围：{'、'.join(wrong)}")  # fmt: skip
