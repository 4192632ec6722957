"""Kano's classes of attributes, with how sure they are: from a survey, or from a published table of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.priorities.kano_answers import KanoAnswers, read_kano
from crm_analysis.satisfaction.priorities.kano_assess import assess, choices_of_counts
from crm_analysis.satisfaction.priorities.kano_draws import WAYS, class_counts, draws_of_counts, draws_of_rows
from crm_analysis.satisfaction.priorities.kano_rules import (
    RULES,
    VARIANTS,
    better_worse,
    diagram_class,
    evaluation_table,
    read_evaluation,
)
from crm_analysis.satisfaction.priorities.kano_scores import mean_scores, score_class
from crm_analysis.satisfaction.priorities.kano_segments import segment_test
from crm_analysis.satisfaction.priorities.kano_text import kano_text
from crm_analysis.satisfaction.priorities.respondents import check_draws, effective_size, settings_frame, weighting
from crm_analysis.tables.needs import groups

OWN = "own_table"
TESTS = ("multinomial", "fong")
CROSSHAIRS = ("half", "mean")


@dataclass(frozen=True)
class Kano:
    """What respondents feel about having and not having each attribute.

    Parameters
    ----------
    table : pandas.DataFrame, index attribute (or segment and attribute)
        See `kano_table`.
    shares : pandas.DataFrame
        attribute, kano_class, answers (count), share with Wilson's limits.
    choices : pandas.DataFrame, index attribute
        The class under every combination of rule and evaluation table, by the Better-Worse diagram and by mean
        scores.
    regions : pandas.DataFrame
        attribute, kano_better, kano_worse: outline of the joint region of both coefficients at `level`.
    settings : pandas.DataFrame, index setting
        Every choice made.
    failures : pandas.DataFrame
        attribute, cause, failed_draws: resamples that could not be used.
    segments : pandas.DataFrame, index attribute, or None
        Test that the classes are spread alike in all segments: class_chi_square, p (by permutation), p_holm.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    choices: pd.DataFrame
    regions: pd.DataFrame
    settings: pd.DataFrame
    failures: pd.DataFrame
    segments: pd.DataFrame | None = None

    def text(self, lang: str) -> str:
        """Return what the table says and what it does not, in Chinese (``zh``) or English (``en``)."""
        return kano_text(self, lang)


def kano_table(
    survey: pd.DataFrame,
    *,
    pairs: Mapping[str, tuple[str, str]],
    evaluation: str | pd.DataFrame = "standard",
    answers: Mapping[object, str] | None = None,
    missing_codes: Iterable[object] = (),
    weights: str | pd.Series | None = None,
    by: str | None = None,
    rule: str = "majority",
    test: str = "multinomial",
    crosshair: str = "half",
    draws_from: str = "bootstrap",
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Kano:
    """Sort attributes into Kano's classes and say how sure each class is.

    Each respondent's pair of answers gives a class by the evaluation table; an attribute has the class of most
    respondents. The two largest classes are compared by the multinomial test: Fong's test, in wide use, takes their
    counts for independent and therefore finds too many differences (see `kano_margin.fong_limit`). The class is
    found again in each resample. It counts as decided where 80 % of them agree and the test tells the two largest
    classes apart: of exact ties, resamples alone would decide four in ten.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    pairs : dict of attribute to (functional column, dysfunctional column)
    evaluation : {"standard", "strict"} or DataFrame, shape (5, 5)
        From `kano_rules.evaluation_table`, changed or not.
    answers, missing_codes
        As in `kano_answers.read_kano`.
    weights : str or Series, optional
        Weight of each respondent; tests and limits use the effective number.
    by : str, optional
        Column of segments: one part of the tables for each, and a test whether they differ. Where segments want
        different things, the classes of all respondents together may fit none.
    rule : {"majority", "grouped"}
        See `kano_rules.classify`.
    test : {"multinomial", "fong"}
    crosshair : {"half", "mean"}
        Lines of the Better-Worse diagram: at one half, or at the mean of all attributes.
    draws_from : {"bootstrap", "dirichlet"}
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    Kano
        Its table holds, by attribute: respondents, kano_unpaired (without both answers), effective_n, kano_class,
        p_class (share of resamples with that class), decided, second_class, category_strength (share of the first
        class less the second; by ``grouped`` both of the group that won), strength_limit (what the test asks for),
        distinct, p, p_holm, total_strength,
        questionable_share and reverse_share, kano_better and kano_worse (each with Wilson's limits, given those who
        count), diagram_class with p_diagram, share_same (share of `choices` with the same class), too_few.

    Raises
    ------
    InputError
        If a column is missing, an answer is none of the five, or an argument is none of its choices.

    References
    ----------
    .. [1] Kano, Seraku, Takahashi & Tsuji (1984). Hinshitsu 14(2), 39-48.
    .. [2] Berger et al. (1993). Center for Quality of Management Journal 2(4), 3-35.
    .. [3] Lee & Newcomb (1997). Journal of Engineering and Technology Management 14 (category, total strength).

    Examples
    --------
    >>> survey = pd.DataFrame({"f": [1, 1, 1, 2] * 10, "d": [5, 5, 3, 5] * 10})
    >>> kano_table(survey, pairs={"speed": ("f", "d")}).table[["kano_class", "kano_better", "kano_worse"]].values
    array([['one_dimensional', 0.75, -0.75]], dtype=object)
    """
    check_choices(rule=rule, test=test, crosshair=crosshair, draws_from=draws_from)
    check_draws(draws)
    tables = {OWN: evaluation} if isinstance(evaluation, pd.DataFrame) else {}
    main = OWN if tables else str(evaluation)
    tables |= {name: evaluation_table(name) for name in dict.fromkeys([*VARIANTS, *([] if tables else [main])])}
    cells = {name: read_evaluation(table) for name, table in tables.items()}
    read = read_kano(survey, pairs, answers=answers, missing_codes=missing_codes, weights=weights)
    how = {"rule": rule, "test": test, "crosshair": crosshair, "level": check_level(level)}
    again = {"way": draws_from, "draws": draws, "seed": seed}
    settings = settings_frame(evaluation=main, segments_by=by, respondent_weights=weighting(weights),
                              draws_from=draws_from, resamples=draws, random_seed=seed, **how)  # fmt: skip
    if by is None:
        return Kano(**_part(read, cells, main, how, again), settings=settings)
    segment = groups(survey, by)
    parts = {
        name: _part(read.take(segment == name), cells, main, how, again) for name in sorted(segment.unique(), key=str)
    }
    frames = {name: _stack({key: part[name] for key, part in parts.items()}, by) for name in next(iter(parts.values()))}
    differ = segment_test(_classes(read, cells[main]), read.weights, segment, draws=draws, seed=seed)
    return Kano(**frames, settings=settings, segments=differ)


def _part(read: KanoAnswers, cells: dict[str, np.ndarray], main: str, how: dict, again: dict) -> dict:
    """Tables of some respondents."""
    weights = read.weights.to_numpy()
    classes = _classes(read, cells[main]).to_numpy()
    sizes = np.array([effective_size(weights[column >= 0]) for column in classes.T])
    counts = _effective(class_counts(classes, weights), sizes)
    if again["way"] == "bootstrap":
        clouds = draws_of_rows(classes, weights, draws=again["draws"], seed=again["seed"])
    else:
        clouds = draws_of_counts(counts, **again)
    choices = {}
    for name, table in cells.items():
        choices |= choices_of_counts(class_counts(_classes(read, table).to_numpy(), weights), name)
    point, means = better_worse(counts), mean_scores(read)
    choices["better_worse"] = diagram_class(point[:, 0], point[:, 1])
    choices["mean_scores"] = score_class(means[:, 0], means[:, 1])
    account = read.account[["respondents", "kano_unpaired"]].assign(effective_n=sizes)
    return assess(account, counts, clouds, choices, **how)


def _classes(read: KanoAnswers, cells: np.ndarray) -> pd.DataFrame:
    """Class of each respondent's pair of answers, -1 where it is incomplete."""
    f, d = read.functional.to_numpy(), read.dysfunctional.to_numpy()
    return pd.DataFrame(np.where(f >= 0, cells[f, d], -1), index=read.functional.index, columns=read.functional.columns)


def _effective(counts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    total = counts.sum(axis=1)
    return counts * np.divide(sizes, total, out=np.zeros(len(total)), where=total > 0)[:, None]


def _stack(parts: dict[object, pd.DataFrame], by: str) -> pd.DataFrame:
    """Put the tables of the segments below each other: as first index level, or as first column."""
    if next(iter(parts.values())).index.name == "attribute":
        return pd.concat(parts, names=[by])
    return pd.concat(parts, names=[by, None]).reset_index(level=0).reset_index(drop=True)


def check_choices(**choices: str) -> None:
    """Raise `InputError` if an argument of a Kano analysis is none of its choices."""
    allowed = {"rule": RULES, "test": TESTS, "crosshair": CROSSHAIRS, "draws_from": WAYS}
    wrong = [name for name, value in choices.items() if value not in allowed[name]]
    if wrong:
        raise InputError("; ".join(f"{name}={choices[name]!r} is no choice" for name in wrong), where="kano",
                         expected="; ".join(f"{name}: {', '.join(allowed[name])}" for name in wrong),
                         zh="Kano 分析的选项无效：" + "、".join(wrong))  # fmt: skip
