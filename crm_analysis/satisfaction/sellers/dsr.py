"""Detailed seller ratings (DSR): item as described, service, delivery; means drawn towards that of all sellers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t, with_limits
from crm_analysis.tables.days import end_of, local_days, month_of
from crm_analysis.tables.needs import check_table

DIMENSIONS = ("item_match", "service", "delivery")
LOWEST, HIGHEST = 1, 5


def dsr_table(
    feedback: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    window_days: int = 180,
    prior_ratings: float | None = None,
    max_per_buyer_month: int | None = None,
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
    max_per_buyer_month : int >= 1, optional
        Ratings of one buyer on one seller that count in a calendar month, the earliest first (the platform is said
        to count 3); needs customer_id. All count when not given.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        seller_id, dimension (dsr_item_match, dsr_service, dsr_delivery), ratings, mean (t interval; limits blank
        for fewer than two different ratings), dsr (the shrunk mean; normal interval with the variances taken as
        known), prior_ratings (`C`). Limits are cut to 1..5. With a maximum also uncounted: ratings of the seller
        in the window that it leaves out.
        One row per seller and dimension with a rating in the window.

    Raises
    ------
    InputError
        If no rating lies in the window, one is no number or outside 1 to 5, or `C` is needed and no seller has two.

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
    uncounted = None
    if max_per_buyer_month is not None:
        extra = _beyond(rows, max_per_buyer_month)
        uncounted = pd.Series(extra).groupby(rows["seller_id"].to_numpy()).sum()
        rows = rows[~extra]
    if prior_ratings is not None and not prior_ratings > 0:
        raise InputError(f"prior_ratings={prior_ratings!r} is no number of ratings", expected="a number above 0")
    parts = [_dsr(rows, name, prior_ratings, level) for name in DIMENSIONS if name in rows and rows[name].notna().any()]
    table = pd.concat(parts, ignore_index=True)
    return table if uncounted is None else table.assign(uncounted=table["seller_id"].map(uncounted).astype("int64"))


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


def _beyond(rows: pd.DataFrame, most: int) -> np.ndarray:
    """Whether a buyer has rated the seller `most` times before in the calendar month."""
    check_table(rows, "seller_feedback", "customer_id")
    if most < 1:
        raise InputError(f"max_per_buyer_month={most} is no number of ratings", expected="1 or more, or None")
    columns = ["seller_id", "customer_id", "rated_at"]
    ordered = rows[columns].assign(month=month_of(local_days(rows["rated_at"]))).reset_index(drop=True)
    place = ordered.sort_values("rated_at", kind="stable").groupby(["seller_id", "customer_id", "month"]).cumcount()
    return (place.sort_index() >= most).to_numpy()


def _window(feedback: pd.DataFrame, as_of: str | pd.Timestamp, window_days: int) -> pd.DataFrame:
    check_table(feedback, "seller_feedback", "seller_id", "rated_at")
    if window_days < 1:
        raise InputError(f"window_days={window_days} is not a window", expected="1 or more days")
    names = [name for name in DIMENSIONS if name in feedback]
    texts = [
        name for name in names if not pd.api.types.is_numeric_dtype(feedback[name]) and feedback[name].notna().any()
    ]
    if texts:
        raise InputError(f"{', '.join(texts)}: ratings are no numbers", where="table seller_feedback",
                         expected="1 to 5", mend="pd.to_numeric", zh="卖家动态评分须为数字")  # fmt: skip
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
