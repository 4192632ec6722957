"""Items ranked by their stars: by limits, by shrunk means, and how far the ranks can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level, wilson
from crm_analysis.satisfaction.reviews.stars import STARS, check_stars

METHODS = {"wilson": "wilson_bound", "bayes": "bayes_mean", "multinomial": "multinomial_bound", "mean": "mean_stars"}
POSITIVE = 4  # stars from which a review is good
BLOCK = 1000  # items whose drawn ranks are sorted at a time
LIKE = 1e6  # prior reviews that make all items alike
VALUE = np.array(STARS, float)


def rank_items(
    ratings: pd.DataFrame,
    *,
    method: str = "wilson",
    min_reviews: int = 5,
    positive: int = POSITIVE,
    prior_reviews: float | None = None,
    top: int = 10,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Rank items by one of four scores, all shown, with the true rank that each may have.

    .. math:: \text{bayes: } \frac{C m + \sum s}{C + n},\qquad \text{multinomial: }
              \bar s - z\sqrt{\frac{\sum_k s_k^2 p_k - \bar s^2}{n + 6}},\quad p_k = \frac{n_k + 1}{n + 5}

    A plain mean puts 5.0 from three reviews before 4.9 from three thousand; a lower limit
    (``wilson`` of the share of good reviews, ``multinomial`` of the mean) or a mean drawn towards that of all
    reviews (``bayes``) does not.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns item_id, stars.
    method : {"wilson", "bayes", "multinomial", "mean"}
    min_reviews : int >= 1
        Items with fewer are listed last without a rank.
    positive : int
        Stars from which a review is good.
    prior_reviews : float > 0, optional
        C; by default the variance of reviews of one item over the variance between items (`prior_strength`).
    top : int >= 1
        Places of ``p_top``.
    level : float in (0, 1)
    draws : int
        Of the true shares of stars of each item, given its reviews and C reviews spread as all are (Dirichlet). Each
        draw ranks the items by what the score stands for: the share of good reviews with ``wilson``, else the mean.
    seed : int

    Returns
    -------
    pandas.DataFrame, index item_id
        item_rank, reviews, mean_stars, good_reviews (share), wilson_bound, bayes_mean, multinomial_bound; true_rank
        (median over the draws) with limits, p_top (chance to be truly among the top). Best first; of equal scores the
        item with more reviews comes first. A rank by a lower limit is a careful choice, no guess of the true rank, and
        may lie outside its interval. Where these intervals overlap widely, the order means little.

    Raises
    ------
    InputError
        If stars are not whole numbers from 1 to 5, an argument is out of range or no item has enough reviews.

    References
    ----------
    .. [1] Miller (2009). How not to sort by average rating. Evan Miller's notes (Wilson's limit for rankings).
    .. [2] Bühlmann & Gisler (2005). A Course in Credibility Theory, section 4.8 (C).
    .. [3] Goldstein & Spiegelhalter (1996). JRSS A 159, 385-443 (intervals of ranks).

    Examples
    --------
    >>> ratings = pd.DataFrame({"item_id": ["new"] * 5 + ["old"] * 100, "stars": [5] * 5 + [5] * 95 + [1] * 5})
    >>> rank_items(ratings, draws=100)["wilson_bound"].round(4).to_dict()
    {'old': 0.8882, 'new': 0.5655}
    """
    ratings = check_stars(ratings, "item_id")
    _check(method, min_reviews, positive, prior_reviews, top, draws)
    counts = pd.crosstab(ratings["item_id"].astype(object), ratings["stars"].astype(int)).reindex(
        columns=STARS, fill_value=0
    )
    n = counts.to_numpy(float)
    prior = prior_strength(n) if prior_reviews is None else float(prior_reviews)
    table = _scores(n, positive, prior, level).set_index(counts.index)
    table["ranked"] = table["reviews"] >= min_reviews
    if not table["ranked"].any():
        raise InputError(f"no item has {min_reviews} reviews", where="table ratings", mend="lower min_reviews",
                         zh=f"没有商品达到 {min_reviews} 条评论")  # fmt: skip
    keys = ["ranked", METHODS[method], "reviews", "item_id"]
    table = table.rename_axis("item_id").reset_index().sort_values(keys, ascending=[False, False, False, True])
    worth = (positive <= VALUE).astype(float) if method == "wilson" else VALUE
    return _add_ranks(table.set_index("item_id"), counts, worth, prior, top, level, draws, seed)


def prior_strength(counts: np.ndarray) -> float:
    r"""Reviews that the mean of all counts for: variance of reviews of one item over variance between items.

    .. math:: C = \hat\sigma^2 / \hat\tau^2,\qquad \hat\tau^2 =
              \frac{\sum_i n_i (\bar s_i - \bar s)^2 - (I - 1) \hat\sigma^2}{n - \sum n_i^2 / n}

    Parameters
    ----------
    counts : numpy.ndarray, shape (n_items, 5)

    Returns
    -------
    float
        Infinite where items do not differ more than chance makes them, or nothing shows how reviews of one differ.

    Examples
    --------
    >>> round(prior_strength(np.array([[0, 0, 0, 5, 5], [5, 5, 0, 0, 0]])), 4)
    0.0621
    """
    n = counts.sum(axis=1)
    mean, total = counts @ VALUE / n, n.sum()
    within = (counts * (VALUE - mean[:, None]) ** 2).sum()
    if total == len(n) or len(n) < 2:
        return float("inf")
    within /= total - len(n)
    around = (n * (mean - n @ mean / total) ** 2).sum()
    between = (around - (len(n) - 1) * within) / (total - (n**2).sum() / total)
    return float(within / between) if between > 0 else float("inf")


def _scores(counts: np.ndarray, positive: int, prior: float, level: float) -> pd.DataFrame:
    n = counts.sum(axis=1)
    good, mean = counts[:, positive <= VALUE].sum(axis=1), counts @ VALUE / n
    centre = counts.sum(axis=0) @ VALUE / n.sum()
    own = n / (prior + n) if np.isfinite(prior) else np.zeros(len(n))
    p = (counts + 1) / (n + 5)[:, None]
    middle = p @ VALUE
    spread = np.sqrt((p @ VALUE**2 - middle**2) / (n + 6))
    return pd.DataFrame(
        {
            "reviews": n.astype("int64"), "mean_stars": mean, "good_reviews": good / n,
            "wilson_bound": wilson(good, n, level=level)[0], "bayes_mean": own * mean + (1 - own) * centre,
            "multinomial_bound": middle - ndtri(0.5 + check_level(level) / 2) * spread,
        }
    )  # fmt: skip


def _add_ranks(
    table: pd.DataFrame, counts: pd.DataFrame, worth: np.ndarray, prior: float, top: int, level: float,
    draws: int, seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Ranks as scored, true ranks with limits, the chance of the top; blank for items with too few reviews."""
    ranked = table.index[table["ranked"]]
    shares = counts.to_numpy(float).sum(axis=0) / counts.to_numpy().sum()
    alpha = counts.loc[ranked].to_numpy(float) + np.maximum(min(prior, LIKE) * shares, 1e-6)
    rng, drawn = np.random.default_rng(seed), np.empty((draws, len(ranked)), np.int32)
    for place in range(draws):
        gamma = rng.standard_gamma(alpha)
        order = np.argsort(-(gamma @ worth) / gamma.sum(axis=1), kind="stable")
        drawn[place, order] = np.arange(1, len(ranked) + 1)
    tails, starts = [0.5, (1 - level) / 2, (1 + level) / 2], range(0, len(ranked), BLOCK)
    limits = [np.quantile(drawn[:, at : at + BLOCK], tails, axis=0, method="inverted_cdf") for at in starts]
    middle, low, high = np.concatenate(limits, axis=1).astype(float)
    chance = (drawn <= top).mean(axis=0)
    ranks = {"true_rank": middle, "true_rank_low": low, "true_rank_high": high, "p_top": chance}
    added = pd.DataFrame(ranks, index=ranked).reindex(table.index)
    found = table.drop(columns="ranked").join(added)
    found.insert(0, "item_rank", pd.Series(np.arange(1.0, len(ranked) + 1), index=ranked).reindex(table.index))
    return found


def _check(method: str, min_reviews: int, positive: int, prior: float | None, top: int, draws: int) -> None:
    problems = []
    if method not in METHODS:
        problems.append(f"there is no method {method!r}")
    problems += [
        f"{name}={value} is below 1"
        for name, value in (("min_reviews", min_reviews), ("top", top), ("draws", draws)) if value < 1
    ]  # fmt: skip
    if not 2 <= positive <= 5:
        problems.append(f"positive={positive} does not part the stars")
    if prior is not None and not (prior > 0 and np.isfinite(prior)):
        problems.append(f"prior_reviews={prior} is no number of reviews")
    if problems:
        raise InputError("; ".join(problems), where="rank_items",
                         expected=f"method one of {', '.join(METHODS)}; positive from 2 to 5",
                         mend=nearest(method, METHODS), zh="排名参数有误")  # fmt: skip
