"""Two kinds of reviews set beside each other: of verified purchases and not, rewarded and not."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, stdtr, stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import (
    UNKNOWN,
    Estimate,
    check_level,
    design_effect,
    holm,
    newcombe,
    proportion,
    with_limits,
)
from crm_analysis.satisfaction.reviews.stars import check_stars, clusters_of, mean_of, sum_variance
from crm_analysis.satisfaction.scores.segments import check_by

MEASURES = ("mean_stars", "five_star", "one_star", "helpful_votes")


def verified_table(
    ratings: pd.DataFrame, *, by: str = "verified", cluster: str | None = "customer_id", level: float = 0.95
) -> pd.DataFrame:
    """Reviews with a mark (verified purchase, rewarded) against those without it.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns stars, `by` (true or false; blanks are left out and counted), [helpful_votes], the column `cluster`.
    by : str
        ``verified``, ``rewarded`` or another column of true and false.
    cluster : str, optional
        Column within which reviews are alike; None takes them as independent.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index measure
        mean_stars, five_star, one_star (shares) and, where the table has them, helpful_votes (mean): with_mark and
        without_mark with limits, mark_difference (with less without) with limits, p, p_holm; reviews_with,
        reviews_without and unmarked (blank; the same in each row). Differences of means by Welch's t with
        clustered variances, of shares by Newcombe with effective counts. Sides are taken as independent; a customer
        with reviews on both sides makes the interval too wide rather than too narrow.

    Raises
    ------
    InputError
        If a column is missing, is not of true and false, or one side has fewer than two reviews.

    Notes
    -----
    The two kinds were not made alike by chance: who is rewarded or leaves no trace of a purchase differs in other
    ways too, so a difference is no effect of the mark.

    Examples
    --------
    >>> ratings = pd.DataFrame({"stars": [5, 4, 5, 1, 5, 1], "verified": [True] * 4 + [False] * 2})
    >>> verified_table(ratings, cluster=None)["mark_difference"].round(3).to_dict()
    {'mean_stars': 0.75, 'five_star': 0.0, 'one_star': -0.25}
    """
    ratings = check_stars(ratings)
    check_by(ratings, "ratings", by)
    mark = _flag(ratings[by], by)
    known = mark.notna().to_numpy()
    rows, marked = ratings[known], mark[known].astype(bool).to_numpy()
    if min(marked.sum(), (~marked).sum()) < 2:
        raise InputError(f"{by} is true in {marked.sum():,} and false in {(~marked).sum():,} reviews",
                         where="table ratings", expected="two or more of each",
                         zh=f"{by} 的两类评论中有一类不足两条")  # fmt: skip
    sides = [(rows[side], clusters_of(rows[side], cluster)) for side in (marked, ~marked)]
    votes = "helpful_votes" in ratings and ratings["helpful_votes"].notna().any()
    found = {name: _measure(name, sides, level) for name in MEASURES if votes or name != "helpful_votes"}
    table = pd.DataFrame.from_dict(found, orient="index").rename_axis("measure")
    table.insert(len(table.columns), "p_holm", holm(table["p"]))
    return table.assign(
        reviews_with=int(marked.sum()), reviews_without=int((~marked).sum()), unmarked=int((~known).sum())
    )


def _flag(values: pd.Series, by: str) -> pd.Series:
    """Return a column of true and false as nullable booleans."""
    try:
        return values.astype("boolean")
    except (TypeError, ValueError) as error:
        raise InputError(f"{by} holds values other than true and false", where="table ratings",
                         mend="load the table with tables.load or tables.from_frames",
                         zh=f"{by} 不是是/否列") from error  # fmt: skip


def _measure(name: str, sides: list[tuple[pd.DataFrame, list[np.ndarray]]], level: float) -> dict[str, float]:
    if name in ("mean_stars", "helpful_votes"):
        column = "stars" if name == "mean_stars" else name
        ends = (1, 5) if column == "stars" else (0, np.inf)
        return _means([_given(rows, column, codes) for rows, codes in sides], level, ends)
    stars = 5 if name == "five_star" else 1
    return _shares([((rows["stars"] == stars).to_numpy(), codes) for rows, codes in sides], level)


def _given(rows: pd.DataFrame, column: str, codes: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    there = rows[column].notna().to_numpy()
    return rows[column][there].to_numpy(float), [pd.factorize(code[there])[0] for code in codes]


def _means(
    sides: list[tuple[np.ndarray, list[np.ndarray]]], level: float, ends: tuple[float, float]
) -> dict[str, float]:
    means = [mean_of(values, codes, level=level, ends=ends) for values, codes in sides]
    gap, p = Estimate(means[0].value - means[1].value, UNKNOWN.low, UNKNOWN.high), float("nan")
    if all(len(values) > 1 for values, _ in sides):
        parts = [(*sum_variance(values - values.mean(), codes), len(values)) for values, codes in sides]
        parts = [(variance / n**2, freedom) for variance, freedom, n in parts]
        total = sum(variance for variance, _ in parts)
        if total > 0 and min(freedom for _, freedom in parts) > 0:
            freedom = total**2 / sum(variance**2 / df for variance, df in parts)
            half = float(stdtrit(freedom, 0.5 + check_level(level) / 2) * np.sqrt(total))
            gap = Estimate(gap.value, gap.value - half, gap.value + half)
            p = float(2 * stdtr(freedom, -abs(gap.value) / np.sqrt(total)))
    return _row(means, gap, p)


def _shares(sides: list[tuple[np.ndarray, list[np.ndarray]]], level: float) -> dict[str, float]:
    counts = []
    for hit, codes in sides:
        effect = design_effect(np.bincount(codes[0], hit), np.bincount(codes[0])) if codes else 1.0
        counts += [hit.sum() / effect, len(hit) / effect]
    gap = newcombe(*counts, level=level)
    pooled = (counts[0] + counts[2]) / (counts[1] + counts[3])
    error = np.sqrt(pooled * (1 - pooled) * (1 / counts[1] + 1 / counts[3]))
    p = float(2 * ndtr(-abs(gap.value) / error)) if error > 0 else float("nan")
    return _row([proportion(*counts[:2], level=level), proportion(*counts[2:], level=level)], gap, p)


def _row(means: list[Estimate], gap: Estimate, p: float) -> dict[str, float]:
    named = zip(("with_mark", "without_mark", "mark_difference"), (*means, gap))
    return {key: value for name, found in named for key, value in with_limits(name, found).items()} | {"p": p}
