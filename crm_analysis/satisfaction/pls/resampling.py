"""The seeded bootstrap of a PLS model: respondents drawn again, many fits at once, failures counted by cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.faults import find_faults
from crm_analysis.satisfaction.pls.fitted import check_fitted
from crm_analysis.satisfaction.pls.resampled_moments import Products, draw_counts
from crm_analysis.satisfaction.pls.signs import align, check_policy
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

CHUNK_BYTES = 200_000_000  # memory for the replicates that are worked on at once
WARN_ABOVE, STOP_ABOVE = 0.01, 0.10  # share of replicates that failed
NO_FAILURES = pd.MultiIndex.from_arrays([[], []], names=["cause", "name"])


@dataclass(frozen=True)
class Resamples:
    """Moments and solutions of the replicates that could be fitted, in the order of their streams.

    Parameters
    ----------
    moments : Moments
        With a leading axis of replicates.
    solution : Solution
    kept : ndarray of bool, shape (draws,)
        Which replicates these are.
    failures : pandas.Series, index cause and name
        Replicates left out; each is counted once, under the first of its causes (see `pls.faults`) and the first item
        or construct in which it lies. Empty when all could be fitted.
    draws, seed, signs
        As asked for; the seed is None where the replicates were given.
    """

    moments: Moments
    solution: Solution
    kept: np.ndarray
    failures: pd.Series
    draws: int
    seed: int | None
    signs: str

    @property
    def share_failed(self) -> float:
        """Share of the replicates that are left out."""
        return float(self.failures.sum() / self.draws)


def resample(fitted: PLS, *, draws: int = 5000, seed: int = 0, signs: str = "orient") -> Resamples:
    """Draw the respondents of a fitted model again, with replacement, and fit each time.

    Each replicate has its own stream of random numbers (`SeedSequence(seed).spawn`), so the result does not
    depend on how the work is cut up, and the first 100 of 5,000 replicates are those of ``draws=100``.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers.
    draws : int
    seed : int
    signs : {"orient", "construct", "none"}
        See `pls.signs`.

    Raises
    ------
    InputError
        If the model was fitted to correlations alone, or more than 10 % of the replicates have no solution.
    """
    values = answers_of(fitted)
    if draws < 2:
        raise InputError(f"draws={draws}", where="the bootstrap", expected="2 or more; 5,000 for a report",
                         zh="重抽样次数至少为 2")  # fmt: skip
    size = _chunk(*values.shape)
    counts = (draw_counts(len(values), min(size, draws - first), seed, first=first) for first in range(0, draws, size))
    found = refit(fitted, counts, signs=signs, seed=seed)
    check_share(found, consistent=fitted.consistent)
    return found


def jackknife(fitted: PLS) -> Resamples:
    """Fit again without each respondent in turn; for the acceleration of BCa intervals.

    Signs follow the fit (policy ``construct``).
    """
    values = answers_of(fitted)
    size, products = _chunk(*values.shape), Products.of(values, tuple(fitted.answers_.frame))
    rows = (range(first, min(first + size, len(values))) for first in range(0, len(values), size))
    return _fit_all(fitted, (products.without(part) for part in rows), "construct", None)


def refit(fitted: PLS, counts: Iterable[np.ndarray], *, signs: str = "orient", seed: int | None = None) -> Resamples:
    """Fit again to respondents who count as often as told.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers.
    counts : iterable of ndarray of int, shape (B, respondents)
        How often each respondent counts in each replicate, in pieces; all rows with the same sum.
    signs : {"orient", "construct", "none"}
    seed : int, optional
        Told in the result.
    """
    products = Products.of(answers_of(fitted), tuple(fitted.answers_.frame))
    check_policy(signs)
    return _fit_all(fitted, (products.counted(chunk) for chunk in counts), signs, seed)


def weighted_moments(values: np.ndarray, counts: np.ndarray, items: tuple[str, ...]) -> Moments:
    """Moments of respondents who count several times, for each row of counts; see `Products.counted`."""
    return Products.of(values, items).counted(counts)


def answers_of(fitted: PLS) -> np.ndarray:
    """Return the answers behind a fit, shape (respondents, items); an error where there are none."""
    check_fitted(fitted)
    if fitted.answers_ is None:
        raise InputError("a bootstrap draws respondents again, and this model was fitted to correlations alone",
                         where="PLS", mend="fit it to the answers with fit(survey)",
                         zh="模型仅由相关矩阵拟合，没有受访者数据，无法重抽样")  # fmt: skip
    return fitted.answers_.frame.to_numpy(float)


def _fit_all(fitted: PLS, pieces: Iterable[Moments], signs: str, seed: int | None) -> Resamples:
    moments, solutions, kept, causes = zip(*(_fit_piece(fitted, piece, signs) for piece in pieces))
    kept = np.concatenate(kept)
    return Resamples(_join_moments(moments), _join_solutions(solutions), kept, _count(causes), len(kept), seed, signs)


def _fit_piece(fitted: PLS, answered: Moments, signs: str) -> tuple[Moments, Solution, np.ndarray, pd.Series]:
    """Moments and solutions of the replicates that have one, which these are, and why the others have none."""
    moments = fitted.prepare(answered)
    solution = fitted.solve(moments.correlations, oriented=signs == "orient")
    if signs == "construct":
        solution = align(solution, fitted.solution_.loadings[0], fitted.design_)
    names = {"item": list(moments.items), "construct": list(fitted.model.constructs), "model": [""]}
    cause = np.full((len(moments.means), 2), "", dtype=object)
    left = np.ones(len(moments.means), bool)
    for fault in find_faults(moments.correlations, solution, fitted.design_, consistent=fitted.consistent):
        hit = left & fault.hit.any(axis=1)
        cause[hit, 0] = fault.code
        cause[hit, 1] = np.array(names[fault.of], object)[fault.hit[hit].argmax(axis=1)]
        left &= ~hit
    why = pd.DataFrame(cause[~left], columns=["cause", "name"]).value_counts(sort=False)
    rows = Moments(moments.items, moments.correlations[left], moments.means[left], moments.sds[left], moments.n)
    return rows, solution.take(left), left, why


def _chunk(n: int, p: int) -> int:
    """Replicates that fit into the memory set aside: their counts, and about ten matrices of the items each."""
    return max(1, int(CHUNK_BYTES / 8 / (3 * n + 10 * p * p)))


def _join_moments(parts: Iterable[Moments]) -> Moments:
    parts = list(parts)
    stacked = (np.concatenate([getattr(part, name) for part in parts]) for name in ("correlations", "means", "sds"))
    return Moments(parts[0].items, *stacked, parts[0].n)


def _join_solutions(parts: Iterable[Solution]) -> Solution:
    parts = list(parts)
    return Solution(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Solution)))


def _count(causes: Iterable[pd.Series]) -> pd.Series:
    some = [part for part in causes if len(part)]
    if not some:
        return pd.Series([], index=NO_FAILURES, dtype=int, name="replicates")
    counted = pd.concat(some).groupby(level=["cause", "name"]).sum()
    return counted.sort_values(ascending=False, kind="stable").rename("replicates")


def check_share(found: Resamples, *, consistent: bool) -> None:
    """Raise where more than a tenth of the replicates failed."""
    if found.share_failed > STOP_ABOVE:
        worst = "; ".join(f"{cause} {name}".strip() + f": {count:,}" for (cause, name), count in found.failures.items())
        mend = "leave out the items named, take more respondents, or a simpler model"
        raise InputError(f"{found.failures.sum():,} of {found.draws:,} resamples have no usable solution ({worst})",
                         where="the bootstrap", expected=f"at most {STOP_ABOVE:.0%}",
                         mend=mend + (", or do without PLSc (consistent=False)" if consistent else ""),
                         zh=f"{found.draws:,} 次重抽样中有 {found.failures.sum():,} 次无可用解")  # fmt: skip
