"""Stars over time: each period with its interval, the trend, and the trend within the same items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from crm_analysis.intervals import UNKNOWN, Estimate, check_level, clustered_share, with_limits
from crm_analysis.satisfaction.reviews.stars import TOO_FEW, check_stars, clusters_of, mean_of, sum_variance
from crm_analysis.satisfaction.scores.difference import p_text
from crm_analysis.satisfaction.scores.periods import periods_of, times_of

CLUSTERS = ("item_id", "customer_id")
UNITS = {"day": ("天", "day"), "week": ("周", "week"), "month": ("月", "month"), "quarter": ("季度", "quarter"),
         "year": ("年", "year")}  # fmt: skip


@dataclass(frozen=True)
class RatingTrend:
    """Stars by period.

    Parameters
    ----------
    table : pandas.DataFrame, index period
        reviews, rated_items, new_item_share (share of reviews of items first reviewed in that period), mean_stars,
        five_star and one_star (shares) with limits, too_few. Periods without reviews are blank.
    trends : pandas.DataFrame, index trend
        overall_trend and within_items: stars_slope (stars per period) with limits, p, reviews (that can show it).
    freq : str
    level : float
    """

    table: pd.DataFrame
    trends: pd.DataFrame
    freq: str
    level: float

    def text(self, lang: str) -> str:
        """Return both trends in words: a change of the mean may be a change of what is reviewed."""
        unit = UNITS[self.freq][lang == "en"]
        overall, within = (self._trend(name) for name in ("overall_trend", "within_items"))
        if not np.isfinite(overall[0].low):
            few = {
                "zh": "有评论的时期不足三个，或评分没有差异，无法检验趋势。",
                "en": "Too few periods have reviews, or all stars are alike: no trend can be tested.",
            }
            return few[lang]
        p, p_within = (p_text(found[1], lang) for found in (overall, within))
        said = {"zh": f"评分均值平均每{unit}变化 {overall[0]:+.3f} 星{p}。",
                "en": f"The mean changes by {overall[0]:+.3f} stars per {unit}{p}."}[lang]  # fmt: skip
        if not np.isfinite(within[0].low):
            open_end = {"zh": "没有商品在不同时期都有足够评论，不能排除商品构成的变化。",
                        "en": " Too few items were reviewed in several periods to rule out that other items are "
                              "reviewed."}  # fmt: skip
            return said + open_end[lang]
        return said + {
            "zh": f"只比较同一商品，每{unit}变化 {within[0]:+.3f} 星{p_within}；"
                  f"两者之差来自被评论商品的构成变化。",
            "en": f" Within the same items it changes by {within[0]:+.3f}{p_within}; the rest is a "
                  f"change of which items are reviewed.",
        }[lang]  # fmt: skip

    def _trend(self, name: str) -> tuple[Estimate, float]:
        row = self.trends.loc[name]
        return Estimate(*(row[f"stars_slope{side}"] for side in ("", "_low", "_high"))), float(row["p"])


def rating_trend(
    ratings: pd.DataFrame, *, freq: str = "month", cluster: Sequence[str] | str | None = CLUSTERS, level: float = 0.95
) -> RatingTrend:
    r"""Mean stars by period, with a test of linear trend overall and within items.

    .. math:: s_{it} = \alpha + \beta t + e, \qquad s_{it} = \alpha_i + \beta_w t + e

    Least squares over reviews; limits and p know that reviews of one item and of one customer are alike
    (two-way clusters). Where beta and beta_w differ, the mean moves because other items are reviewed.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns item_id, stars, rated_at and those of `cluster`.
    freq : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the zone of the times.
    cluster : sequence of at most two column names, optional
        None takes all reviews as independent. Limits of shares know the first only. The trend within items always
        knows the items: what is left of two reviews after their item's mean is taken off is alike.
    level : float in (0, 1)

    Returns
    -------
    RatingTrend
        A trend needs reviews in three periods at least.

    References
    ----------
    .. [1] Cameron, Gelbach & Miller (2011). Journal of Business & Economic Statistics 29, 238-249.
    .. [2] Godes & Silva (2012). Marketing Science 31, 448-473 (stars over time and order).

    Examples
    --------
    >>> times = pd.to_datetime(["2012-01-05", "2012-02-05", "2012-03-05"] * 20).tz_localize("UTC")
    >>> ratings = pd.DataFrame({"item_id": list("abcdef") * 10, "stars": [3, 4, 5] * 20, "rated_at": times})
    >>> found = rating_trend(ratings, cluster=None)
    >>> found.table["mean_stars"].tolist(), found.trends["stars_slope"].round(3).tolist()[0]
    ([3.0, 4.0, 5.0], 1.0)
    """
    ratings = check_stars(ratings, "item_id")
    place, labels = periods_of(times_of(ratings, "rated_at", where="table ratings"), freq)
    codes, items = clusters_of(ratings, cluster), pd.factorize(ratings["item_id"])[0]
    named = [cluster] if isinstance(cluster, str) else list(cluster or ())
    within = clusters_of(ratings, list(dict.fromkeys(["item_id", *named]))[:2])
    stars = ratings["stars"].to_numpy(float)
    first = pd.Series(place).groupby(items).min().to_numpy()[items]
    rows = [_period(place == t, stars, codes, items, first == t, level) for t in range(len(labels))]
    table = pd.DataFrame(rows, index=pd.Index(labels, name="period", dtype=object))
    trends = {"overall_trend": _slope(place, stars, codes, None, level),
              "within_items": _slope(place, stars, within, items, level)}  # fmt: skip
    return RatingTrend(table, pd.DataFrame.from_dict(trends, orient="index").rename_axis("trend"), freq, level)


def _period(
    rows: np.ndarray, stars: np.ndarray, codes: list[np.ndarray], items: np.ndarray, fresh: np.ndarray, level: float
) -> dict[str, float]:
    here, own = stars[rows], [pd.factorize(code[rows])[0] for code in codes]
    alike = own[0] if own else np.arange(len(here))
    new = float(fresh[rows].mean()) if len(here) else float("nan")
    return (
        {"reviews": len(here), "rated_items": len(np.unique(items[rows])), "new_item_share": new}
        | with_limits("mean_stars", mean_of(here, own, level=level))
        | with_limits("five_star", clustered_share(here == 5, alike, level=level))
        | with_limits("one_star", clustered_share(here == 1, alike, level=level))
        | {"too_few": len(here) < TOO_FEW}
    )


def _slope(
    place: np.ndarray, stars: np.ndarray, codes: list[np.ndarray], within: np.ndarray | None, level: float
) -> dict[str, float]:
    """Least-squares slope of stars on the period, with cluster-robust limits; within items both are centred by item."""
    group = np.zeros(len(stars), int) if within is None else within
    x, y = (_centred(values, group) for values in (place.astype(float), stars))
    moved = np.bincount(group, np.abs(x) > 1e-12)[group] > 0  # items seen in one period only show no trend
    spread, blank = float(x @ x), {"p": float("nan"), "reviews": int(moved.sum())}
    if len(np.unique(place)) < 3 or spread < 1e-9:
        return with_limits("stars_slope", UNKNOWN) | blank
    slope = float(x @ y / spread)
    own = [pd.factorize(code[moved])[0] for code in codes]
    variance, freedom = sum_variance((x * (y - slope * x))[moved], own)
    if freedom < 1 or not variance > 0:
        return with_limits("stars_slope", Estimate(slope, UNKNOWN.low, UNKNOWN.high)) | blank
    error = np.sqrt(variance) / spread
    half = float(stdtrit(freedom, 0.5 + check_level(level) / 2) * error)
    p = float(2 * stdtr(freedom, -abs(slope) / error))
    return with_limits("stars_slope", Estimate(slope, slope - half, slope + half)) | blank | {"p": p}


def _centred(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    count = np.bincount(group)
    return values - (np.bincount(group, values) / np.where(count > 0, count, 1))[group]
