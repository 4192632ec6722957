"""Index of groups of respondents on common weights, with bootstrap intervals and permutation tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.index.index import respondent_scores
from crm_analysis.satisfaction.index.points import FULL, point_fit, points, scale_of
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.resampling import draw_counts

CHUNK = 500  # draws worked on at once
TOO_FEW = 30  # below, the percentile interval of a mean of skewed marks is clearly too short


def compare_groups(
    fitted: PLS,
    codes: np.ndarray,
    pairs: list[tuple[int, int]],
    names: list[str],
    *,
    weights: str,
    draws: int,
    seed: int,
    level: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Index of each coded group, and the differences of some pairs of groups, as two tables with codes."""
    place = [fitted.model.constructs.index(name) for name in names]
    shares = point_fit(fitted, weights, names=names).shares[0]
    scores = respondent_scores(fitted, shares).to_numpy()[:, place]
    groups = range(codes.max() + 1)
    drawn = _replicates(fitted, codes, weights, draws=draws, seed=seed)[:, :, place]
    drawn[:, [(codes == g).sum() < 2 for g in groups]] = np.nan  # one respondent: drawn again it is the same
    low, high = _limits(drawn, level)
    rows = [
        {"construct": name, "code": g, "respondents": int((codes == g).sum()),
         "index_value": scores[codes == g, k].mean(), "index_value_low": low[g, k], "index_value_high": high[g, k],
         "index_sd": scores[codes == g, k].std(ddof=1) if (codes == g).sum() > 1 else np.nan,
         "too_few": bool((codes == g).sum() < TOO_FEW)}
        for k, name in enumerate(names) for g in groups if (codes == g).any()
    ]  # fmt: skip
    return pd.DataFrame(rows), _differences(scores, codes, pairs, drawn, names, draws, seed, level)


def _differences(
    scores: np.ndarray, codes: np.ndarray, pairs: list[tuple[int, int]], drawn: np.ndarray, names: list[str],
    draws: int, seed: int, level: float,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    streams = np.random.SeedSequence([seed, 1]).spawn(len(pairs))
    for (a, b), stream in zip(pairs, streams):
        gap = scores[codes == a].mean(axis=0) - scores[codes == b].mean(axis=0)
        low, high = _limits(drawn[:, a] - drawn[:, b], level)
        p = permutation_p(scores[codes == a], scores[codes == b], draws, np.random.default_rng(stream))
        rows += [
            {"construct": name, "first": a, "second": b, "index_difference": gap[k], "index_difference_low": low[k],
             "index_difference_high": high[k], "p": p[k]}
            for k, name in enumerate(names)
        ]  # fmt: skip
    keys = ["construct", "first", "second", "index_difference", "index_difference_low", "index_difference_high", "p"]
    table = pd.DataFrame(rows, columns=keys)
    order = {name: k for k, name in enumerate(names)}
    table = table.sort_values("construct", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return table.assign(p_holm=holm(table["p"]))


def permutation_p(a: np.ndarray, b: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Two-sided p of equal means by permuting Welch's t, for columns of (n_a, k) and (n_b, k).

    Examples
    --------
    >>> a, b = np.arange(8.0)[:, None], np.arange(8.0)[:, None] + 20
    >>> float(permutation_p(a, b, 999, np.random.default_rng(0))[0])
    0.001
    """
    if min(len(a), len(b)) < 2 or not draws:
        return np.full(a.shape[1], np.nan)
    values = np.vstack([a, b])
    values = values - values.mean(axis=0)
    first = (np.arange(len(values)) < len(a)).astype(float)
    seen, reached = np.abs(_welch(first[None], values, len(a))), 1
    for start in range(0, draws, CHUNK):
        splits = rng.permuted(np.tile(first, (min(CHUNK, draws - start), 1)), axis=1)
        reached = reached + (np.abs(_welch(splits, values, len(a))) >= seen - 1e-9).sum(axis=0)
    return reached / (draws + 1)


def _welch(first: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Welch's t of each split of the rows, shape (splits, columns); infinite where only the means differ, else 0."""
    other, squares = len(values) - size, values**2
    sum_a, square_a = first @ values, first @ squares
    sum_b, square_b = values.sum(axis=0) - sum_a, squares.sum(axis=0) - square_a
    variance = [(q - s**2 / n).clip(min=0) / (n - 1) / n for s, q, n in
                ((sum_a, square_a, size), (sum_b, square_b, other))]  # fmt: skip
    error = np.sqrt(variance[0] + variance[1])
    gap = sum_a / size - sum_b / other
    fixed = np.where(np.abs(gap) > 1e-9, np.inf, 0.0)  # nothing varies within either group
    return np.divide(gap, error, out=fixed, where=error > 1e-9)


def _replicates(fitted: PLS, codes: np.ndarray, weights: str, *, draws: int, seed: int) -> np.ndarray:
    """Index of each group in each bootstrap draw, shape (B, groups, q); NaN where a group was not drawn."""
    values = fitted.answers_.frame.to_numpy(float)
    low, high = scale_of(fitted.model)
    groups, q = codes.max() + 1, len(fitted.model.constructs)
    if not draws:
        return np.full((1, groups, q), np.nan)
    drawn = fitted.resample(draws=draws, seed=seed)
    shares = points(drawn.moments, drawn.solution, fitted.design_, scale=(low, high), weights=weights).shares
    marks, own = (values - low) * FULL / (high - low), (codes == np.arange(groups)[:, None]).astype(float)
    means = [_group_means(draw_counts(len(marks), min(CHUNK, draws - first), seed, first=first), marks, own)
             for first in range(0, draws, CHUNK)]  # fmt: skip
    return (shares[:, None, :] * np.concatenate(means)[drawn.kept]) @ fitted.design_.member


def _group_means(counts: np.ndarray, marks: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Item means of each group under each row of counts, shape (B, groups, p); NaN where nobody was drawn."""
    size = (counts @ own.T)[:, :, None]
    sums = np.stack([counts[:, group > 0] @ marks[group > 0] for group in own], axis=1)
    return np.divide(sums, size, out=np.full_like(sums, np.nan), where=size > 0)


def _limits(drawn: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Percentile limits over draws in which the group was there; NaN if there are none."""
    tail = (1 - check_level(level)) / 2
    there = ~np.isnan(drawn).all(axis=0)
    low, high = np.full(there.shape, np.nan), np.full(there.shape, np.nan)
    if there.any():
        low[there], high[there] = np.nanquantile(drawn[:, there], [tail, 1 - tail], axis=0)
    return low, high
