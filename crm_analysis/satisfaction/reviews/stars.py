"""Stars of reviews, checked; and means of reviews that are alike because of one customer or one item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level
from crm_analysis.satisfaction.survey.numbers import as_numbers, first_odd
from crm_analysis.tables.needs import check_table

STARS = (1, 2, 3, 4, 5)
TOO_FEW = 30  # with fewer reviews the interval of a share is some 35 points wide
SHOWN = 3


def check_stars(ratings: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the table, its stars as numbers, if each review has 1 to 5 whole ones; else an `InputError` names rows.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Column stars and `columns`, none blank.

    Examples
    --------
    >>> check_stars(pd.DataFrame({"rating_id": ["r1", "r2"], "stars": [5, 6]}))
    Traceback (most recent call last):
    crm_analysis.errors.InputError: 1 rows have stars other than 1 to 5: 6 in r2
      where: table ratings
      expected: whole stars from 1 to 5
      how to mend: rescale them or set these rows aside; 0 as a rule means that no stars were given
    """
    if not isinstance(ratings, pd.DataFrame):
        given = "text" if isinstance(ratings, str) else type(ratings).__name__
        raise InputError(f"a table is expected, got {given}", where="table ratings", expected="a pandas.DataFrame",
                         mend="read the file first, for instance with pandas.read_csv",
                         zh="须给出表（pandas.DataFrame）")  # fmt: skip
    check_table(ratings, "ratings", "stars", *columns)
    stars, odd = as_numbers(ratings["stars"])
    if odd.any():
        first, more = first_odd(ratings["stars"], odd)
        raise InputError(f"stars are no numbers: {first}{f' and {more:,} more' * bool(more)}", where="table ratings",
                         expected="whole stars from 1 to 5",
                         mend="load the table with tables.load or tables.from_frames", zh="星级不是数字")  # fmt: skip
    wrong = ~stars.isin(STARS)
    if wrong.any():
        rows = ratings[wrong]
        names = rows.get("rating_id", rows.index.to_series())
        first = ", ".join(f"{given:g} in {name}" for given, name in zip(stars[wrong].head(SHOWN), names))
        raise InputError(f"{len(rows):,} rows have stars other than 1 to 5: {first}{', …' * (len(rows) > SHOWN)}",
                         where="table ratings", expected="whole stars from 1 to 5",
                         mend="rescale them or set these rows aside; 0 as a rule means that no stars were given",
                         zh=f"有 {len(rows):,} 行的星级不是 1 到 5 的整数")  # fmt: skip
    return ratings if pd.api.types.is_numeric_dtype(ratings["stars"].dtype) else ratings.assign(stars=stars)


def given_stars(ratings: pd.DataFrame, column: str = "stars") -> np.ndarray:
    """Stars of each review as floats, NaN where none were given; others than 1 to 5 are an `InputError`.

    Examples
    --------
    >>> given_stars(pd.DataFrame({"stars": [5, None]})).tolist()
    [5.0, nan]
    """
    stars, odd = as_numbers(ratings[column])
    given = ratings[odd | stars.notna().to_numpy()].rename(columns={column: "stars"})
    if len(given):
        check_stars(given)
    return stars.to_numpy()


def star_counts(stars: pd.Series | np.ndarray) -> np.ndarray:
    """Return how many reviews give 1 to 5 stars.

    Examples
    --------
    >>> star_counts([5, 5, 1]).tolist()
    [1, 0, 0, 0, 2]
    """
    return np.bincount(np.asarray(stars, int), minlength=6)[1:6]


def checked_counts(counts: Sequence[float]) -> np.ndarray:
    """Return the numbers of reviews with 1 to 5 stars, checked."""
    found, _ = as_numbers(pd.Series(np.ravel(np.asarray(counts, dtype=object))))
    found = found.to_numpy()
    if np.shape(counts) != (5,) or not (np.isfinite(found).all() and (found >= 0).all() and found.sum() > 0):
        raise InputError(f"{_shortly(counts)} are no counts of stars",
                         expected="five numbers of reviews, those with 1 to 5 stars, not all 0",
                         mend="star_counts(ratings['stars']) makes them",
                         zh="须给出一星到五星各有多少条评论，可用 star_counts 得到")  # fmt: skip
    return found


def _shortly(counts: Sequence[float]) -> str:
    shape = np.shape(counts)
    return str(np.asarray(counts).tolist()) if shape == (5,) else f"{int(np.prod(shape)):,} values"


def clusters_of(ratings: pd.DataFrame, cluster: str | Sequence[str] | None) -> list[np.ndarray]:
    """Return codes of the customer, item or whatever each row belongs to, for each column named."""
    names = [] if cluster is None else [cluster] if isinstance(cluster, str) else list(cluster)
    if len(names) > 2:
        raise InputError(f"{len(names)} columns of clusters: {', '.join(names)}", where="table ratings",
                         expected="at most two", zh=f"聚类列至多两个，给出了 {len(names)} 个")  # fmt: skip
    check_table(ratings, "ratings", *names)
    return [pd.factorize(ratings[name])[0] for name in names]


def sum_variance(excess: np.ndarray, clusters: Sequence[np.ndarray]) -> tuple[float, int]:
    r"""Variance of a sum of rows that are alike within clusters of one or two kinds, and the degrees of freedom.

    .. math:: V = V_a + V_b - V_{ab}

    at least the larger of the first two; each is U / (U - 1) times the sum over U clusters of squared sums.

    References
    ----------
    .. [1] Cameron, Gelbach & Miller (2011). Journal of Business & Economic Statistics 29, 238-249.

    Examples
    --------
    >>> sum_variance(np.array([1.0, 1.0, -1.0, -1.0]), [np.array([0, 0, 1, 1])])
    (16.0, 1)
    """
    if not clusters:
        return _variance(excess), len(excess) - 1
    sums = [np.bincount(codes, excess) for codes in clusters]
    single = [_variance(total) for total in sums]
    freedom = min(map(len, sums)) - 1
    if len(clusters) == 1:
        return single[0], freedom
    pair = pd.factorize(clusters[0] * (clusters[1].max() + 1) + clusters[1])[0]
    return max(single[0] + single[1] - _variance(np.bincount(pair, excess)), *single), freedom


def mean_of(
    values: np.ndarray,
    clusters: Sequence[np.ndarray] = (),
    *,
    level: float = 0.95,
    ends: tuple[float, float] = (1, 5),
) -> Estimate:
    """Mean with Student's limits, cut to `ends`, of rows alike within clusters; no limits where there is no spread."""
    if not len(values):
        return UNKNOWN
    mean = float(np.mean(values))
    variance, freedom = sum_variance(values - mean, clusters)
    if freedom < 1 or not variance > 0 or np.ptp(values) == 0:
        return Estimate(mean, UNKNOWN.low, UNKNOWN.high)
    half = float(stdtrit(freedom, 0.5 + check_level(level) / 2) * np.sqrt(variance)) / len(values)
    return Estimate(mean, max(ends[0], mean - half), min(ends[1], mean + half))


def _variance(sums: np.ndarray) -> float:
    return float(len(sums) / max(1, len(sums) - 1) * (sums**2).sum())
