"""Ranks of many draws of scores, and how far they agree, in blocks that fit into memory however many sellers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SURE = 0.95  # probability from which the order of two sellers counts as decided
PAIRS = 20_000  # pairs of sellers compared; drawn at random when there are more
COMPARED = 2000  # sellers among whom tau is taken over the draws of weights; drawn at random when there are more
BLOCK = 1_000_000  # cells (draws by sellers) held at a time


def ranks_of(score: np.ndarray) -> np.ndarray:
    """Rank 1 for the highest score; equal scores in the order they stand.

    Examples
    --------
    >>> ranks_of(np.array([0.2, 0.9, 0.2])).tolist()
    [2, 1, 3]
    """
    ranks = np.empty(len(score), "int32")
    ranks[np.argsort(-score, kind="stable")] = np.arange(1, len(score) + 1, dtype="int32")
    return ranks


def ranks_by_draw(scores: np.ndarray) -> np.ndarray:
    """Return the ranks of the sellers within each draw, shape (draws, sellers)."""
    ranks = np.empty(scores.shape, "int32")
    for draw, score in enumerate(scores):
        ranks[draw] = ranks_of(score)
    return ranks


def blocks(draws: int, sellers: int) -> list[slice]:
    """Sellers in slices of at most `BLOCK` cells.

    Examples
    --------
    >>> blocks(1000, 211), len(blocks(1000, 20_000))
    ([slice(0, 1000, None)], 20)
    """
    width = max(1, BLOCK // draws)
    return [slice(start, start + width) for start in range(0, sellers, width)]


def limits(values: np.ndarray, shares: Sequence[float], *, method: str = "linear") -> np.ndarray:
    """Quantiles of each seller over the draws, shape (shares, sellers)."""
    parts = [np.quantile(values[:, part], shares, axis=0, method=method) for part in blocks(*values.shape)]
    return np.concatenate(parts, axis=1)


def pairs_of(sellers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the two sellers of each pair: of all pairs, or of `PAIRS` drawn at random where there are more.

    Examples
    --------
    >>> [side.tolist() for side in pairs_of(3, np.random.default_rng(0))]
    [[0, 0, 1], [1, 2, 2]]
    """
    count = sellers * (sellers - 1) // 2
    chosen = rng.choice(count, PAIRS, replace=False) if count > PAIRS else np.arange(count)
    first = np.arange(sellers - 1)
    starts = first * (2 * sellers - first - 1) // 2  # pairs are numbered row by row above the diagonal
    row = np.searchsorted(starts, chosen, side="right") - 1
    return row, chosen - starts[row] + row + 1


def undecided_pairs(scores: np.ndarray, rng: np.random.Generator) -> float:
    """Share of pairs of which neither is ahead in 95 % of the draws; a tie puts neither ahead."""
    first, second = pairs_of(scores.shape[1], rng)
    count = 0
    for a, b in zip(np.array_split(first, 20), np.array_split(second, 20)):
        gap = scores[:, a] - scores[:, b]
        count += int((np.maximum((gap > 0).mean(axis=0), (gap < 0).mean(axis=0)) < SURE).sum())
    return count / len(first)


def taus(score: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> list[float]:
    """Kendall's tau of each row of `other` with `score`; blank where either does not vary."""
    from scipy.stats import kendalltau

    if len(score) > COMPARED:
        chosen = rng.choice(len(score), COMPARED, replace=False)
        score, other = score[chosen], other[:, chosen]
    varies = np.ptp(score) > 0
    return [kendalltau(drawn, score).statistic if varies and np.ptp(drawn) > 0 else np.nan for drawn in other]
