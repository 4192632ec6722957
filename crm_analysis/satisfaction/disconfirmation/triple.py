"""Outcome, expectation and perception of each respondent: what the models of disconfirmation are fitted to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.sides import WHERE, Items, check_ends, listed
from crm_analysis.satisfaction.survey.answers import read_answers
from crm_analysis.tables.ledger import Line, TableLedger

COLUMNS = ("outcome", "expectation", "perception")


@dataclass(frozen=True)
class Triple:
    """Answers that a model of disconfirmation may use.

    Parameters
    ----------
    frame : pandas.DataFrame
        outcome, expectation, perception: means of the items of each, with the caller's index.
    account : pandas.DataFrame, index item
        As in `survey.answers.Answers`.
    ledger : TableLedger
        Respondents read, kept and left out as they did not answer all items.
    """

    frame: pd.DataFrame
    account: pd.DataFrame
    ledger: TableLedger


def triple(
    survey: pd.DataFrame,
    *,
    outcome: Items,
    expectation: Items,
    perception: Items,
    low: float,
    high: float,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    at_least: int = 2,
) -> Triple:
    """Means of the items of outcome, expectation and perception, of the respondents who answered them all.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    outcome, expectation, perception : str or tuple of str
        Item or items of each. The outcome may have a scale of its own.
    low, high : float
        Ends of the scale of expectation and perception; an answer outside is an error.
    missing_codes : sequence of float
        Numbers that stand for "no answer"; counted as missing.
    reversed_items : iterable of str
        Items of expectation or perception of which a high answer is bad news.
    at_least : int
        Respondents that must remain.

    Returns
    -------
    Triple

    Raises
    ------
    InputError
        As `survey.answers.read_answers`, or if too few respondents answered everything.

    Examples
    --------
    >>> survey = pd.DataFrame({"z": [5, 6, 7], "e": [8, 7, None], "p": [6, 7, 8]})
    >>> found = triple(survey, outcome="z", expectation="e", perception="p", low=1, high=10)
    >>> found.frame.values.tolist(), found.ledger.set_aside
    ([[5.0, 8.0, 6.0], [6.0, 7.0, 7.0]], 1)
    """
    check_ends(low, high)
    parts = dict(zip(COLUMNS, (listed(outcome), listed(expectation), listed(perception))))
    how = {"missing_codes": missing_codes, "missing": "keep"}
    sides = read_answers(survey, parts["expectation"] + parts["perception"], low=low, high=high,
                         reversed_items=reversed_items, **how)  # fmt: skip
    result = read_answers(survey, parts["outcome"], **how)
    answers = pd.concat([result.frame, sides.frame], axis=1)
    twice = sorted(set(parts["outcome"]) & {*parts["expectation"], *parts["perception"]})
    if twice:
        raise InputError(f"{', '.join(twice)} is both outcome and predictor", where=WHERE,
                         mend="take another question as outcome",
                         zh=f"题项同时用作结果和自变量：{'、'.join(twice)}")  # fmt: skip
    complete = answers.dropna()
    if len(complete) < at_least:
        raise InputError(f"{len(complete)} respondents answered all items, at least {at_least} are needed", where=WHERE,
                         mend="ask more respondents or use fewer items",
                         zh=f"答全所有题项的受访者只有 {len(complete)} 人，至少需要 {at_least} 人")  # fmt: skip
    gone = answers.index.difference(complete.index, sort=False)
    lines = [Line("incomplete_answers", len(answers) - len(complete), where=str(gone[0]) if len(gone) else "")]
    ledger = TableLedger("survey", WHERE, len(answers), len(complete), lines, step="model")
    frame = pd.DataFrame({name: complete[items].mean(axis=1) for name, items in parts.items()})
    return Triple(frame, pd.concat([result.account, sides.account]), ledger)


def resampled(
    statistic: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, *, draws: int, seed: int
) -> Iterator[np.ndarray]:
    """Yield a statistic of rows drawn again, one seeded stream per draw.

    Parameters
    ----------
    statistic : callable
        Takes rows, returns an array; NaN where it does not exist.
    rows : numpy.ndarray, shape (n, k)
    draws, seed : int
    """
    for stream in np.random.SeedSequence(seed).spawn(draws):
        yield statistic(rows[np.random.default_rng(stream).integers(0, len(rows), len(rows))])
