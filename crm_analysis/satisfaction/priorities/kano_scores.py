"""Kano with numbers: mean scores of both questions, their plane and the class they fall into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.priorities.clouds import DECIDED, chances, redraws, region_frame
from crm_analysis.satisfaction.priorities.kano_answers import KanoAnswers, read_kano
from crm_analysis.satisfaction.priorities.kano_rules import class_names
from crm_analysis.satisfaction.priorities.kano_text import scores_text
from crm_analysis.satisfaction.priorities.respondents import (
    FEW,
    check_draws,
    effective_size,
    settings_frame,
    weighting,
)

FUNCTIONAL_SCORES = (4, 2, 0, -1, -2)
DYSFUNCTIONAL_SCORES = (-2, -1, 0, 2, 4)
CUT = 2.0


@dataclass(frozen=True)
class KanoScores:
    """Attributes in the plane of functional and dysfunctional scores.

    Parameters
    ----------
    table : pandas.DataFrame, index attribute
        See `kano_scores`.
    regions : pandas.DataFrame
        attribute, functional_score, dysfunctional_score: outline of the joint region at `level`.
    settings : pandas.DataFrame, index setting
    failures : pandas.DataFrame
        attribute, cause, failed_draws.
    """

    table: pd.DataFrame
    regions: pd.DataFrame
    settings: pd.DataFrame
    failures: pd.DataFrame

    def text(self, lang: str) -> str:
        """Return what the table says and what it does not, in Chinese (``zh``) or English (``en``)."""
        return scores_text(self, lang)


def kano_scores(
    survey: pd.DataFrame,
    *,
    pairs: Mapping[str, tuple[str, str]],
    functional_scores: Sequence[float] = FUNCTIONAL_SCORES,
    dysfunctional_scores: Sequence[float] = DYSFUNCTIONAL_SCORES,
    cut: float = CUT,
    answers: Mapping[object, str] | None = None,
    missing_codes: Iterable[object] = (),
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> KanoScores:
    r"""Place attributes by the mean scores of having them (F) and of not having them (D).

    .. math:: F = \bar f,\quad D = \bar d; \qquad F, D \ge 2 \text{ one-dimensional};\ F \text{ attractive};\
              D \text{ must-be; else indifferent}

    The scores are not symmetric: must-be and live-with answers say less than like and dislike. Unlike the class of
    the majority, means use every answer, and near-ties show as such. A mean below zero points to a feature that
    some do not want.

    Parameters
    ----------
    survey, pairs, answers, missing_codes, weights
        As in `kano_table`.
    functional_scores, dysfunctional_scores : five numbers
        Of like, must-be, neutral, live-with, dislike.
    cut : float
        Line between the classes.
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    KanoScores
        Its table holds, by attribute: respondents, kano_unpaired, effective_n, functional_score and
        dysfunctional_score (Student's limits), kano_class, p_class (share of resamples), decided, below_zero,
        too_few.

    Raises
    ------
    InputError
        As `kano_table`.

    References
    ----------
    .. [1] DuMouchel, in Berger et al. (1993). Center for Quality of Management Journal 2(4), 17-19.

    Examples
    --------
    >>> survey = pd.DataFrame({"f": [1, 1, 1, 2] * 10, "d": [5, 5, 3, 5] * 10})
    >>> kano_scores(survey, pairs={"speed": ("f", "d")}).table[["functional_score", "dysfunctional_score"]].values
    array([[3.5, 3. ]])
    """
    check_draws(draws)
    _check_scores(functional_scores=functional_scores, dysfunctional_scores=dysfunctional_scores, cut=[cut])
    read = read_kano(survey, pairs, answers=answers, missing_codes=missing_codes, weights=weights)
    values, known = score_values(read, functional_scores, dysfunctional_scores)
    w = read.weights.to_numpy()
    point = _means(w[None, :], values, known)[0]
    cloud = np.concatenate([_means(block * w, values, known) for block in redraws(len(w), draws, seed)])
    names = list(pairs)
    table = read.account[["respondents", "kano_unpaired"]].copy()
    table["effective_n"] = [effective_size(w[known[:, at]]) for at in range(len(names))]
    for side, name in enumerate(("functional_score", "dysfunctional_score")):
        table = table.assign(**_student(name, values[:, :, side], known, w, check_level(level)))
    codes = score_class(point[:, 0], point[:, 1], cut=cut)
    chance = chances(score_class(cloud[..., 0], cloud[..., 1], cut=cut), 4)
    table["kano_class"] = class_names(codes)
    table["p_class"] = np.where(codes >= 0, chance[np.arange(len(names)), np.maximum(codes, 0)], np.nan)
    table["too_few"] = table["effective_n"] < FEW
    table["decided"] = (table["p_class"] >= DECIDED) & ~table["too_few"]
    table["below_zero"] = (point < 0).any(axis=1)
    failed = np.isnan(cloud[..., 0]).sum(axis=0)
    failures = pd.DataFrame({"attribute": names, "cause": "no_pair_drawn", "failed_draws": failed})
    settings = settings_frame(functional_scores=tuple(functional_scores), score_cut=cut, level=level,
                              dysfunctional_scores=tuple(dysfunctional_scores), resamples=draws, random_seed=seed,
                              respondent_weights=weighting(weights))  # fmt: skip
    regions = region_frame(names, cloud, ["functional_score", "dysfunctional_score"], level=level)
    return KanoScores(table, regions, settings, failures[failures["failed_draws"] > 0].reset_index(drop=True))


def _check_scores(**given: Sequence[float]) -> None:
    """Raise `InputError` unless there are five numbers for each question and one for the cut."""
    sizes = {name: 1 if name == "cut" else 5 for name in given}
    wrong = [name for name, values in given.items() if len(values) != sizes[name] or not all(map(_is_finite, values))]
    if wrong:
        raise InputError(f"five scores are needed, and one cut: see {', '.join(wrong)}", where="kano_scores",
                         expected="finite numbers, from like to dislike",
                         zh="需要给出五个分值和一个分界值")  # fmt: skip


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float | np.number) and bool(np.isfinite(value))


def score_class(functional: ArrayLike, dysfunctional: ArrayLike, *, cut: float = CUT) -> np.ndarray:
    """Class of mean scores as codes of `kano_rules.CLASSES`; -1 where a mean is unknown.

    Examples
    --------
    >>> score_class([3, 3, 1, 1], [3, 1, 3, 1]).tolist()
    [1, 2, 0, 3]
    """
    f, d = np.asarray(functional, float), np.asarray(dysfunctional, float)
    up, right = f >= cut - 1e-9, d >= cut - 1e-9
    found = np.where(up & right, 1, np.where(up, 2, np.where(right, 0, 3)))
    return np.where(np.isfinite(f) & np.isfinite(d), found, -1)


def score_values(
    read: KanoAnswers,
    functional_scores: Sequence[float] = FUNCTIONAL_SCORES,
    dysfunctional_scores: Sequence[float] = DYSFUNCTIONAL_SCORES,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores, shape (respondents, attributes, 2), 0 where a pair is incomplete, and which are complete."""
    f, d = read.functional.to_numpy(), read.dysfunctional.to_numpy()
    known = f >= 0
    values = np.stack([np.asarray(functional_scores, float)[f], np.asarray(dysfunctional_scores, float)[d]], axis=-1)
    return np.where(known[..., None], values, 0.0), known


def mean_scores(read: KanoAnswers) -> np.ndarray:
    """Return the weighted mean scores, shape (attributes, 2), by the usual scores."""
    return _means(read.weights.to_numpy()[None, :], *score_values(read))[0]


def _means(weights: np.ndarray, values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Weighted means, shape (draws, attributes, 2), from weights (draws, respondents); NaN without any answer."""
    n, k, _ = values.shape
    sums = (weights @ values.reshape(n, -1)).reshape(-1, k, 2)
    total = (weights @ known.astype(float))[..., None]
    return np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)


def _student(name: str, values: np.ndarray, known: np.ndarray, w: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Weighted means with Student's limits; with equal weights as `intervals.mean_t`."""
    weight = w[:, None] * known
    total, n = weight.sum(axis=0), known.sum(axis=0)
    mean = np.divide((weight * values).sum(axis=0), total, out=np.full(len(n), np.nan), where=total > 0)
    squares = (weight**2 * np.where(known, values - mean, 0) ** 2).sum(axis=0)
    free = np.maximum(n - 1, 1)
    error = np.sqrt(np.divide(squares * n / free, total**2, out=np.full(len(n), np.nan), where=(total > 0) & (n > 1)))
    half = np.where(error > 0, stdtrit(free, 0.5 + level / 2) * error, np.nan)
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}
