"""How stars are spread: shares with limits, the ends, and whether the spread has one peak, two, or the form of a J."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, wilson
from crm_analysis.satisfaction.reviews.stars import (
    STARS,
    TOO_FEW,
    check_stars,
    checked_counts,
    clusters_of,
)
from crm_analysis.satisfaction.scores.segments import check_by, places_of
from crm_analysis.tables.needs import stated

UNIFORM = 5 / 9  # the bimodality coefficient of even shares
CLEAR = 1.645  # a difference of two counts beyond chance, 5 % on one side
TOTAL = "total"
VALUE = np.array(STARS, float)
ROUNDING = 1e-18  # a variance below it is rounding
SAID = {
    "shape_j": (
        "评分呈 J 形：五星最多，一星又多于二星",
        "The stars form a J: five stars are the most frequent, and more give one than two",
    ),
    "shape_reverse_j": (
        "评分呈反 J 形：一星最多，五星又多于四星",
        "The stars form a reversed J: one star is the most frequent, and more give five than four",
    ),
    "shape_u": (
        "评分呈 U 形：两端都高，一星与五星孰多不能断定",
        "The stars form a U: both ends are high, and which is higher cannot be told",
    ),
    "shape_one_peak": ("评分只有一个峰", "The stars have one peak"),
    "shape_unclear": (
        "两端是否各有一峰，现有评论还不能断定",
        "Whether both ends have a peak cannot be told from these reviews",
    ),
    "shape_too_few": (f"评论不足 {TOO_FEW} 条，不判断形状", f"With fewer than {TOO_FEW} reviews no shape is named"),
}
SKEWED = (
    "双峰系数虽高于 0.555，但那只是因为分布偏斜：没有第二个峰。",
    " The bimodality coefficient lies above 0.555 only because the spread is skewed: there is no second peak.",
)
CAUSE = (
    "文献（Hu、Pavlou 和 Zhang，2009）把两端偏高归因于购买偏差（预期满意的人才买）和漏报偏差"
    "（感受平平的人不写）；仅凭这些评论不能证明原因，评分均值也不必等于全体购买者的均值。",
    " The literature (Hu, Pavlou & Zhang 2009) puts raised ends down to who buys (those who expect to be pleased) and "
    "who reports (not the lukewarm). These reviews alone do not prove the cause, and their mean need not be that "
    "of all buyers.",
)


@dataclass(frozen=True)
class Stars:
    """The spread of stars, of all reviews or by group.

    Parameters
    ----------
    table : pandas.DataFrame, index `by`
        The group with most reviews first, ``total`` last: reviews, mean_stars, one_star and five_star (shares) with
        limits, bimodality, shape, too_few.
    distribution : pandas.DataFrame
        Group (column named as `by`), stars, star_reviews, reviews (of the group), star_share with limits that hold
        for the five shares of a group together.
    by : str
    """

    table: pd.DataFrame
    distribution: pd.DataFrame
    by: str

    def text(self, lang: str, group: object = TOTAL) -> str:
        """Return the shape of a group in words, its cause named as the literature's, not the data's."""
        row, place = self.table.loc[group], int(lang == "en")
        said = SAID[row["shape"]][place]
        if row["shape"] == "shape_too_few":
            return said + ("。", ".")[place]
        ends = {"zh": f"（一星 {row['one_star']:.1%}，五星 {row['five_star']:.1%}，"
                      f"双峰系数 {row['bimodality']:.2f}）。",
                "en": f" ({row['one_star']:.1%} one star, {row['five_star']:.1%} five stars, bimodality coefficient "
                      f"{row['bimodality']:.2f})."}[lang]  # fmt: skip
        if row["shape"] == "shape_one_peak":
            return said + ends + SKEWED[place] * bool(row["bimodality"] > UNIFORM)
        return said + ends + CAUSE[place]


def star_table(
    ratings: pd.DataFrame, *, by: str | None = None, cluster: str | None = None, level: float = 0.95
) -> Stars:
    """Spread of stars: shares with limits, mean, both ends, bimodality and the name of the shape.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Column stars (1 to 5) and the columns named.
    by : str, optional
        Column to group by, such as item_id; blanks are ``not_stated``, true and false ``flag_yes`` and ``flag_no``.
    cluster : str, optional
        Column within which reviews are alike, such as customer_id: limits are widened by its design
        effect, and a shape must stand out by the largest of the five.
    level : float in (0, 1)

    Returns
    -------
    Stars
        one_star and five_star have Wilson's limits, each at `level`; the five shares of the distribution Wilson's
        limits at 1 - (1 - level) / 5, which hold together (Goodman 1965).

    Raises
    ------
    InputError
        If stars are not whole numbers from 1 to 5 (rows named), or a column is missing.

    References
    ----------
    .. [1] Goodman (1965). Technometrics 7, 247-254.
    .. [2] Hu, Pavlou & Zhang (2009). Communications of the ACM 52(10), 144-147 (J-shaped distribution).

    Examples
    --------
    >>> ratings = pd.DataFrame({"stars": [1] * 20 + [2] * 5 + [3] * 5 + [4] * 15 + [5] * 55})
    >>> found = star_table(ratings)
    >>> found.table[["reviews", "mean_stars", "shape"]].values.tolist()
    [[100, 3.8, 'shape_j']]
    """
    ratings = check_stars(ratings)
    names, place = _groups(ratings, by)
    owner = np.concatenate([place, np.full(len(ratings), len(names) - 1)]) if len(names) > 1 else place
    star = np.resize(ratings["stars"].to_numpy(int) - 1, len(owner))
    counts = np.bincount(owner * 5 + star, minlength=5 * len(names)).reshape(-1, 5)
    spread = _spread(counts) if cluster is None else _clustered(counts, owner, star, _units(ratings, cluster))
    index = pd.Index(names, name=by or "group", dtype=object)
    table = _table(counts, *spread, level).set_axis(index)
    return Stars(table, _distribution(counts, spread[0], level, index), index.name)


def bimodality(counts: ArrayLike) -> float:
    r"""Bimodality coefficient of a spread of stars.

    .. math:: b = \frac{g_1^2 + 1}{g_2 + \frac{3 (n - 1)^2}{(n - 2)(n - 3)}}

    with skewness g1 and excess kurtosis g2 corrected for bias. An even spread of a continuous measure has
    5/9 = .555, even shares of five stars .588; above .555 two peaks are possible, but a skewed spread with one
    peak lies above it too.

    Parameters
    ----------
    counts : array_like, shape (5,)
        Reviews with 1 to 5 stars.

    Returns
    -------
    float
        NaN for fewer than four reviews, or where all are alike.

    References
    ----------
    .. [1] Pfister, Schwarz, Janczyk, Dale & Freeman (2013). Frontiers in Psychology 4, 700.

    Examples
    --------
    >>> round(bimodality([50, 0, 0, 0, 50]), 3), round(bimodality([10**7] * 5), 3)
    (0.951, 0.588)
    """
    return float(_bimodality(checked_counts(counts)[None])[0])


def _bimodality(counts: np.ndarray) -> np.ndarray:
    n = counts.sum(axis=1).astype(float)
    away = VALUE - (counts @ VALUE / n)[:, None]
    m2, m3, m4 = ((counts * away**power).sum(axis=1) / n for power in (2, 3, 4))
    known = (n >= 4) & (counts.max(axis=1) < n)
    n, m2 = np.where(known, n, np.nan), np.where(known, m2, np.nan)
    skew = np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


def shape_of(counts: ArrayLike, *, effect: float = 1.0) -> str:
    """Name the shape of a spread of stars: both ends must stand out beyond chance before two peaks are named.

    An end stands out if it has more reviews than its neighbour by 1.645 standard errors. Two such ends and a
    bimodality coefficient above 5/9 make a J (more fives), a reversed J (more ones) or a U (neither clearly),
    unless the stars between are more than what the name calls high. One end or none above its neighbour, however
    little: one peak.

    Parameters
    ----------
    counts : array_like, shape (5,)
    effect : float >= 1
        Design effect: how many times the variance of a count is that of independent reviews.

    Examples
    --------
    >>> shape_of([217, 250, 772, 2084, 6938]), shape_of([300, 80, 70, 200, 900]), shape_of([9, 8, 2, 4, 30])
    ('shape_one_peak', 'shape_j', 'shape_unclear')
    """
    one, two, _, four, five = counts = checked_counts(counts)
    if counts.sum() < TOO_FEW:
        return "shape_too_few"
    if one <= two or five <= four:
        return "shape_one_peak" if _peaks(counts) == 1 else "shape_unclear"
    if not (_clear(one, two, effect) and _clear(five, four, effect) and bimodality(counts) > UNIFORM):
        return "shape_unclear"
    even = not _clear(max(one, five), min(one, five), effect)
    if counts[1:4].max() > (min if even else max)(one, five):
        return "shape_unclear"
    return "shape_u" if even else "shape_j" if five > one else "shape_reverse_j"


def _clear(larger: float, smaller: float, effect: float) -> bool:
    return larger - smaller > CLEAR * np.sqrt(effect * (larger + smaller))


def _peaks(counts: np.ndarray) -> int:
    """Local peaks; neighbours with the same count are one step."""
    steps = np.sign(np.diff(np.concatenate([[-1.0], counts, [-1.0]])))
    steps = steps[steps != 0]
    return int(((steps[:-1] > 0) & (steps[1:] < 0)).sum())


def _groups(ratings: pd.DataFrame, by: str | None) -> tuple[list[object], np.ndarray]:
    """Names of the groups, the largest first and the total last, and the place of each review's group."""
    if by is None:
        return [TOTAL], np.zeros(len(ratings), int)
    check_by(ratings, "ratings", by)
    names = stated(ratings[by])
    if (names == TOTAL).any():
        raise InputError(f"a group of {by} is named {TOTAL!r}, as the row of all is", where="table ratings",
                         mend="rename it or set these rows aside",
                         zh=f"“{by}”中有一组名为“{TOTAL}”，与合计行重名")  # fmt: skip
    if pd.api.types.is_bool_dtype(ratings[by].dtype):
        names = names.replace({True: "flag_yes", False: "flag_no"})
    found, place = places_of(names)
    return [*found, TOTAL], place


def _units(ratings: pd.DataFrame, cluster: str) -> np.ndarray:
    if not isinstance(cluster, str):
        raise InputError(f"cluster={cluster!r} is not the name of one column", where="table ratings",
                         zh="cluster 须为一个列名")  # fmt: skip
    return clusters_of(ratings, cluster)[0]


def _spread(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design effects of the five shares, variance of the sum of stars and its degrees of freedom, by group."""
    n = counts.sum(axis=1)
    squares = (counts * (VALUE - (counts @ VALUE / n)[:, None]) ** 2).sum(axis=1)
    return np.ones(counts.shape), squares * n / np.maximum(n - 1, 1), n - 1


def _clustered(
    counts: np.ndarray, owner: np.ndarray, star: np.ndarray, cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `_spread`, for reviews alike within clusters; a cluster within a group is one unit."""
    pair, units = pd.factorize(owner * (cluster.max() + 1) + np.resize(cluster, len(owner)))
    group = units // (cluster.max() + 1)
    own = np.bincount(pair * 5 + star, minlength=5 * len(units)).reshape(-1, 5).astype(float)
    n, units_of = counts.sum(axis=1), np.bincount(group, minlength=len(counts))
    share, more = counts / n[:, None], units_of / np.maximum(units_of - 1, 1)
    away = own - share[group] * own.sum(axis=1)[:, None]
    squares = np.column_stack([np.bincount(group, away[:, k] ** 2, len(counts)) for k in range(5)])
    simple = share * (1 - share) / np.maximum(n - 1, 1)[:, None]
    effects = np.maximum(1.0, squares * (more / n**2)[:, None] / np.where(simple > 0, simple, np.inf))
    return effects, more * np.bincount(group, (away @ VALUE) ** 2, len(counts)), units_of - 1


def _table(
    counts: np.ndarray, effects: np.ndarray, variance: np.ndarray, freedom: np.ndarray, level: float
) -> pd.DataFrame:
    n = counts.sum(axis=1)
    mean = counts @ VALUE / n
    known = (freedom > 0) & (variance > ROUNDING) & (counts.max(axis=1) < n)
    half = stdtrit(np.maximum(freedom, 1), 0.5 + check_level(level) / 2) * np.sqrt(variance) / n
    half = np.where(known, half, np.nan)
    columns = {"reviews": n, "mean_stars": mean, "mean_stars_low": np.maximum(1, mean - half),
               "mean_stars_high": np.minimum(5, mean + half)}  # fmt: skip
    for name, k in (("one_star", 0), ("five_star", 4)):
        low, high = wilson(counts[:, k] / effects[:, k], n / effects[:, k], level=level)
        columns |= {name: counts[:, k] / n, f"{name}_low": low, f"{name}_high": high}
    shapes = [shape_of(own, effect=effect) if own.sum() >= TOO_FEW else "shape_too_few"
              for own, effect in zip(counts, effects.max(axis=1))]  # fmt: skip
    return pd.DataFrame(columns | {"bimodality": _bimodality(counts), "shape": shapes, "too_few": n < TOO_FEW})


def _distribution(counts: np.ndarray, effects: np.ndarray, level: float, names: pd.Index) -> pd.DataFrame:
    n = counts.sum(axis=1, keepdims=True)
    low, high = wilson(counts / effects, n / effects, level=1 - (1 - level) / len(STARS))
    columns = {"star_reviews": counts, "reviews": np.broadcast_to(n, counts.shape), "star_share": counts / n,
               "star_share_low": low, "star_share_high": high}  # fmt: skip
    named = {names.name: names.repeat(5).to_numpy(), "stars": np.tile(STARS, len(names))}
    return pd.DataFrame(named | {key: values.ravel() for key, values in columns.items()})
