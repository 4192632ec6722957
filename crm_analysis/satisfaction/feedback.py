"""Feedback for sellers: credit score and level, good-rating share, detailed seller ratings (DSR)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.satisfaction.gaps import mean_t
from crm_analysis.satisfaction.tickets import check_table, end_of, with_limits

POINTS = {"good": 1, "neutral": 0, "bad": -1}
LEVEL_BOUNDS = (
    4, 11, 41, 91, 151,
    251, 501, 1001, 2001, 5001,
    10001, 20001, 50001, 100001, 200001,
    500001, 1000001, 2000001, 5000001, 10000001,
)  # lowest score of each level  # fmt: skip
BADGES = ("heart", "diamond", "crown", "gold_crown")  # five levels each
DIMENSIONS = ("item_match", "service", "delivery")
LOWEST, HIGHEST = 1, 5


def credit_level(score: ArrayLike, *, levels: int = 20) -> np.ndarray:
    """Credit level of a score: how many of the published lower bounds it reaches; below 4 points none.

    Five levels each are hearts, diamonds, crowns and gold crowns.

    Parameters
    ----------
    score : array_like of int
        Good verdicts less bad ones.
    levels : int, 1 to 20
        20 for the published scale; 15 for the older one, which ends at five crowns.

    Returns
    -------
    numpy.ndarray of int

    Raises
    ------
    InputError
        If `levels` lies outside 1 to 20.

    References
    ----------
    .. [1] Taobao's published table of seller credit levels (20 lower bounds).

    Examples
    --------
    >>> credit_level([3, 4, 250, 251, 10_000_001]).tolist(), credit_level(10_000_001, levels=15).tolist()
    ([0, 1, 5, 6, 20], 15)
    """
    if levels not in range(1, len(LEVEL_BOUNDS) + 1):
        raise InputError(f"there is no scale of {levels!r} levels", expected="1 to 20", mend="levels=20 or levels=15")
    return np.searchsorted(LEVEL_BOUNDS[:levels], np.asarray(score), side="right")


def seller_table(feedback: pd.DataFrame, *, levels: int = 20, level: float = 0.95) -> pd.DataFrame:
    """Verdicts, good-rating share, credit score and credit level of each seller.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict (good, neutral, bad).
    levels : int
        As in `credit_level`.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    pandas.DataFrame, index seller_id
        feedbacks, good, neutral, bad, good_share (of all feedbacks) with Wilson's limits, credit_score
        (good +1, neutral 0, bad -1) and credit_level. Sellers without feedback do not appear.

    Raises
    ------
    InputError
        If there is no feedback, or a verdict is blank or unknown.

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": list("aaab"), "verdict": ["good", "good", "bad", "neutral"]})
    >>> seller_table(feedback)[["feedbacks", "good", "credit_score", "credit_level"]].values.tolist()
    [[3, 2, 1, 0], [1, 0, 0, 0]]
    """
    _check_feedback(feedback)
    counts = pd.crosstab(feedback["seller_id"].astype(object), feedback["verdict"].astype(object))
    counts = counts.reindex(columns=list(POINTS), fill_value=0).rename_axis(columns=None)
    table = counts.assign(feedbacks=counts.sum(axis=1))[["feedbacks", *POINTS]]
    table["good_share"] = table["good"] / table["feedbacks"]
    table["good_share_low"], table["good_share_high"] = wilson(table["good"], table["feedbacks"], level=level)
    table["credit_score"] = sum(points * table[verdict] for verdict, points in POINTS.items())
    table["credit_level"] = credit_level(table["credit_score"], levels=levels)
    return table


def level_table(feedback: pd.DataFrame, *, levels: int = 20, level: float = 0.95) -> pd.DataFrame:
    """How many sellers stand on each credit level.

    Parameters
    ----------
    feedback, levels, level
        As in `seller_table`.

    Returns
    -------
    pandas.DataFrame, index credit_level
        0 (no level yet) to `levels`: badge and symbols (2 diamonds are level 7), lowest_score (blank for 0),
        sellers, share of all sellers with feedback (Wilson's limits).

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": "a", "verdict": ["good"] * 4})
    >>> level_table(feedback, levels=2)[["badge", "sellers"]].values.tolist()
    [['no_badge', 0], ['heart', 1], ['heart', 0]]
    """
    found = seller_table(feedback, levels=levels)["credit_level"]
    steps = np.arange(1, levels + 1)
    table = pd.DataFrame(
        {
            "badge": ["no_badge", *(BADGES[(step - 1) // 5] for step in steps)],
            "symbols": [0, *((steps - 1) % 5 + 1)],
            "lowest_score": [np.nan, *LEVEL_BOUNDS[:levels]],
            "sellers": found.value_counts().reindex(range(levels + 1), fill_value=0).to_numpy(),
        },
        index=pd.RangeIndex(levels + 1, name="credit_level"),
    )
    table["share"] = table["sellers"] / len(found)
    table["share_low"], table["share_high"] = wilson(table["sellers"], len(found), level=level)
    return table


def kind_table(feedback: pd.DataFrame, sellers: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    r"""Good-rating share by kind of seller, with limits that know that verdicts on one seller are alike.

    .. math:: n^* = n / \max(1, d), \qquad
              d = \frac{m}{m-1}\,\frac{\sum_s (x_s - \hat p\, n_s)^2}{n^2} \Big/ \frac{\hat p(1-\hat p)}{n-1}

    Seller s of m has n_s feedbacks, x_s of them good. The limits are Wilson's for
    the effective number n* of feedbacks; d is the design effect.

    Parameters
    ----------
    feedback : pandas.DataFrame
        As in `seller_table`.
    sellers : pandas.DataFrame
        Columns seller_id (unique), kind.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index kind
        The kind with most feedbacks first: sellers, rated_sellers (with feedback), feedbacks, good_share with
        limits, design_effect. Sellers that the table `sellers` does not hold are of the kind ``not_stated``.

    Raises
    ------
    InputError
        As `seller_table`; if the table `sellers` names a seller twice.

    References
    ----------
    .. [1] Rao & Scott (1992). Biometrics 48, 577-585 (design effect of clustered counts).
    .. [2] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": list("aabb"), "verdict": ["good", "good", "bad", "bad"]})
    >>> sellers = pd.DataFrame({"seller_id": list("abc"), "kind": "small"})
    >>> kind_table(feedback, sellers)[["sellers", "rated_sellers", "good_share", "design_effect"]].values.tolist()
    [[3.0, 2.0, 0.5, 3.0]]
    """
    table = seller_table(feedback)
    kinds = _kinds(sellers)
    known = kinds.reindex(kinds.index.union(table.index)).fillna("not_stated")
    listed = known.value_counts()
    rows = {}
    for kind, part in table.groupby(known.reindex(table.index)):
        good, count = part["good"].to_numpy(float), part["feedbacks"].to_numpy(float)
        effect = _design_effect(good, count)
        low, high = wilson(good.sum() / effect, count.sum() / effect, level=level)
        rows[kind] = {
            "sellers": int(listed[kind]), "rated_sellers": len(part), "feedbacks": int(count.sum()),
            "good_share": good.sum() / count.sum(), "good_share_low": float(low), "good_share_high": float(high),
            "design_effect": effect,
        }  # fmt: skip
    for kind in listed.index.difference(list(rows)):
        rows[kind] = {"sellers": int(listed[kind]), "rated_sellers": 0, "feedbacks": 0}
    found = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="kind", dtype=object)).sort_index()
    return found.sort_values("feedbacks", ascending=False, kind="stable")


def seller_ranking(
    feedback: pd.DataFrame, sellers: pd.DataFrame, *, levels: int = 20, level: float = 0.95
) -> pd.DataFrame:
    """Rank sellers by the lower Wilson limit of their good-rating share.

    The limit rewards a high share and many feedbacks: 95 good of 100 stand
    before 5 of 5. Service weights (violations, refunds, complaints) do not enter.

    Parameters
    ----------
    feedback, sellers, levels, level
        As in `kind_table` and `credit_level`.

    Returns
    -------
    pandas.DataFrame
        seller_rank, seller_id, kind, feedbacks, good_share with limits, credit_score, credit_level. Of equal
        limits the seller with more feedbacks comes first, then the lower seller_id. Sellers without
        feedback have nothing to be ranked by and do not appear.

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": ["new"] * 5 + ["old"] * 100, "verdict": ["good"] * 100 + ["bad"] * 5})
    >>> sellers = pd.DataFrame({"seller_id": ["new", "old"], "kind": "small"})
    >>> seller_ranking(feedback, sellers)[["seller_id", "good_share_low"]].round(4).values.tolist()
    [['old', 0.8882], ['new', 0.5655]]
    """
    table = seller_table(feedback, levels=levels, level=level)
    table["kind"] = _kinds(sellers).reindex(table.index).fillna("not_stated")
    order = ["good_share_low", "feedbacks", "seller_id"]
    table = table.reset_index().sort_values(order, ascending=[False, False, True], ignore_index=True)
    table.insert(0, "seller_rank", np.arange(1, len(table) + 1))
    shares = ["good_share", "good_share_low", "good_share_high"]
    return table[["seller_rank", "seller_id", "kind", "feedbacks", *shares, "credit_score", "credit_level"]]


def dsr_table(
    feedback: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    window_days: int = 180,
    prior_ratings: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Detailed seller ratings over a window: plain mean, and mean drawn towards all sellers' mean.

    .. math:: \tilde x_s = \frac{C\mu + \sum x}{C + n_s}, \qquad C = \hat\sigma^2 / \hat\tau^2

    `C` is the number of ratings that all sellers' mean counts for: the variance of
    ratings on one seller over the variance between sellers, so that 5.0 from three
    ratings does not beat 4.9 from three thousand. If sellers do not differ, `C` is
    infinite and all get the common mean.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, rated_at and at least one of item_match, service, delivery (1 to 5, blanks allowed).
    as_of : str or Timestamp
        Last day of the window.
    window_days : int >= 1
        Length of the window, in calendar days.
    prior_ratings : float > 0, optional
        `C`; estimated from the data of each dimension when not given.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        seller_id, dimension (dsr_item_match, dsr_service, dsr_delivery), ratings, mean (t interval; limits blank
        for fewer than two different ratings), dsr (the shrunk mean; normal interval with the variances taken as
        known), prior_ratings (`C`). Limits are cut to 1..5.
        One row per seller and dimension with a rating in the window.

    Raises
    ------
    InputError
        If no rating lies in the window, one lies outside 1 to 5, or `C` is needed and no seller has two.

    References
    ----------
    .. [1] Bühlmann & Gisler (2005). A Course in Credibility Theory, section 4.8 (estimators of the variances).

    Examples
    --------
    >>> at = pd.to_datetime(["2012-03-01"] * 4).tz_localize("Asia/Shanghai")
    >>> feedback = pd.DataFrame({"seller_id": list("aabb"), "rated_at": at, "service": [5, 4, 2, 1]})
    >>> found = dsr_table(feedback, as_of="2012-03-31", prior_ratings=2)
    >>> found[["seller_id", "mean", "dsr"]].values.tolist()
    [['a', 4.5, 3.75], ['b', 1.5, 2.25]]
    """
    rows = _window(feedback, as_of, window_days)
    if prior_ratings is not None and not prior_ratings > 0:
        raise InputError(f"prior_ratings={prior_ratings!r} is no number of ratings", expected="a number above 0")
    parts = [_dsr(rows, name, prior_ratings, level) for name in DIMENSIONS if name in rows and rows[name].notna().any()]
    return pd.concat(parts, ignore_index=True)


def _dsr(rows: pd.DataFrame, dimension: str, prior: float | None, level: float) -> pd.DataFrame:
    grouped = rows.dropna(subset=[dimension]).groupby("seller_id")[dimension]
    n, total = grouped.size().to_numpy(float), grouped.sum().to_numpy(float)
    mean, count = total / n, n.sum()
    centre = total.sum() / count
    within, between = _variances(n, mean, (grouped.var(ddof=1).fillna(0).to_numpy() * (n - 1)).sum())
    if prior is None and count == len(n):
        raise InputError(f"{dimension}: no seller has two ratings, so nothing shows how far ratings of one differ",
                         where="table seller_feedback", mend="pass prior_ratings=20 or a longer window",
                         zh="没有卖家在窗口内得到两次以上评分，无法估计收缩权重")  # fmt: skip
    c = prior if prior is not None else (within / between if between > 0 else np.inf)
    own = n / (c + n) if np.isfinite(c) else np.zeros(len(n))  # weight of a seller's own ratings
    shrunk = own * mean + (1 - own) * centre
    of_centre = between * (n**2).sum() / count**2 + within / count
    spread = ndtri(0.5 + level / 2) * np.sqrt(own * within / n + (1 - own) ** 2 * of_centre)
    table = pd.DataFrame({"seller_id": list(grouped.groups), "dimension": f"dsr_{dimension}"})
    limits = pd.DataFrame([with_limits("mean", mean_t(values, level=level)) for _, values in grouped])
    table["ratings"] = n.astype("int64")
    table[["mean", "mean_low", "mean_high"]] = limits.clip(LOWEST, HIGHEST)
    table["dsr"] = shrunk
    table["dsr_low"], table["dsr_high"] = (np.clip(shrunk + side * spread, LOWEST, HIGHEST) for side in (-1, 1))
    return table.assign(prior_ratings=float(c))


def _variances(n: np.ndarray, mean: np.ndarray, squares: float) -> tuple[float, float]:
    """Variance of ratings on one seller and between sellers (at least 0), from sums of squares within sellers."""
    count, sellers = n.sum(), len(n)
    centre = (n * mean).sum() / count
    around = (n * (mean - centre) ** 2).sum()
    if count == sellers:
        return float(around / max(1, count - 1)), 0.0
    within = squares / (count - sellers)
    if sellers < 2:
        return float(within), 0.0
    return float(within), float(max(0.0, (around - (sellers - 1) * within) / (count - (n**2).sum() / count)))


def _design_effect(good: np.ndarray, count: np.ndarray) -> float:
    n, sellers = count.sum(), len(count)
    p = good.sum() / n
    simple = p * (1 - p) / max(1.0, n - 1)
    variance = sellers / max(1, sellers - 1) * ((good - p * count) ** 2).sum() / n**2
    return float(max(1.0, variance / simple)) if simple > 0 else 1.0


def _window(feedback: pd.DataFrame, as_of: str | pd.Timestamp, window_days: int) -> pd.DataFrame:
    check_table(feedback, "seller_feedback", "seller_id", "rated_at")
    if window_days < 1:
        raise InputError(f"window_days={window_days} is not a window", expected="1 or more days")
    names = [name for name in DIMENSIONS if name in feedback]
    wrong = [name for name in names if not feedback[name].dropna().between(LOWEST, HIGHEST).all()]
    if wrong:
        raise InputError(f"{', '.join(wrong)}: ratings outside 1 to 5", where="table seller_feedback",
                         mend="rescale them or set these rows aside",
                         zh="部分卖家动态评分不在 1 至 5 之间")  # fmt: skip
    end = end_of(as_of, feedback["rated_at"])
    rows = feedback[(feedback["rated_at"] < end) & (feedback["rated_at"] >= end - pd.DateOffset(days=window_days))]
    if not names or rows[names].isna().all(axis=None):
        raise InputError(f"no detailed rating lies in the {window_days} days up to {as_of}",
                         where="table seller_feedback", expected=f"values in {', '.join(DIMENSIONS)}",
                         zh=f"截至 {as_of} 的 {window_days} 天内没有卖家动态评分")  # fmt: skip
    return rows


def _check_feedback(feedback: pd.DataFrame) -> None:
    check_table(feedback, "seller_feedback", "seller_id", "verdict")
    unknown = sorted(set(feedback["verdict"].astype(str)) - set(POINTS))
    if unknown:
        raise InputError(f"unknown verdict {', '.join(map(repr, unknown[:5]))}", where="table seller_feedback",
                         expected=", ".join(POINTS), mend="rename them", zh="卖家评价中有未知的评价类型")  # fmt: skip


def _kinds(sellers: pd.DataFrame) -> pd.Series:
    check_table(sellers, "sellers", "seller_id", "kind")
    twice = sellers["seller_id"][sellers["seller_id"].duplicated()]
    if len(twice):
        raise InputError(f"{len(twice)} rows name a seller again (first: {twice.iloc[0]})", where="table sellers",
                         mend="keep one row per seller", zh="卖家表中有重复的卖家编号")  # fmt: skip
    return sellers.set_index("seller_id")["kind"].astype(object)
