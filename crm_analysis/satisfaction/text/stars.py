"""Polarity of the text against the stars of the same review."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, mean_t, share_columns, with_limits
from crm_analysis.satisfaction.reviews.stars import given_stars
from crm_analysis.satisfaction.text.reading import Readings

GOOD, BAD = 4, 2  # stars from which a review is content, up to which it is not


def stars_table(found: Readings, *, stars: str = "stars", level: float = 0.95) -> pd.DataFrame:
    """Polarity of the texts by stars.

    Parameters
    ----------
    found : Readings
        Of a table with the column `stars`.
    stars : str
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index stars
        texts (with words), text_polarity (mean, t limits), positive, negative and their shares (Wilson's limits).

    Raises
    ------
    InputError
        If there is no such column, or no review has both stars and a text.

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.reading import read_texts
    >>> reviews = pd.DataFrame({"text": ["good", "bad", "great"], "stars": [5, 1, 5]})
    >>> stars_table(read_texts(reviews))[["texts", "positive"]].values.tolist()
    [[1, 0], [2, 2]]
    """
    facts = _facts(found, stars)
    groups = facts.groupby("stars")
    rows = {
        star: {"texts": len(part)} | with_limits("text_polarity", mean_t(part["polarity"], level=level))
        for star, part in groups
    }
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="stars"))
    for vote in ("positive", "negative"):
        table[vote] = groups["text_label"].agg(lambda votes, vote=vote: int((votes == vote).sum())).to_numpy()
        table = table.assign(**share_columns(f"{vote}_share", table[vote], table["texts"], level=level))
    return table


def stars_auc(
    found: Readings, *, stars: str = "stars", customer: str = "customer_id", level: float = 0.95
) -> tuple[Estimate, pd.Series]:
    r"""Chance that a content review has the higher polarity of text than a discontent one (ties count half).

    .. math:: \widehat{AUC} = \frac{1}{mn}\sum_{i,j} \left[1(x_i > y_j) + \tfrac12 1(x_i = y_j)\right]

    Four and five stars against one and two; three stars take no part. The variance is that of sums over whole
    customers of each review's mean win (Obuchowski 1997; with one review each it is DeLong's).
    .5 is a coin. Stars are no hand label of the text: people praise in words and give three stars.

    Parameters
    ----------
    found : Readings
    stars, customer : str
        Without the column `customer` each review is a customer.
    level : float in (0, 1)

    Returns
    -------
    auc : Estimate
        Limits cut to 0..1; blank where every content review beats every other, as nothing shows the chance error.
    counts : pandas.Series
        content, discontent and middle_stars (three stars) reviews with a text.

    Raises
    ------
    InputError
        As `stars_table`; if there are no content or no discontent reviews.

    References
    ----------
    .. [1] Obuchowski (1997). Biometrics 53, 567-578.

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.reading import read_texts
    >>> reviews = pd.DataFrame({"text": ["good", "bad", "great", "fine"], "stars": [5, 1, 5, 2]})
    >>> auc, counts = stars_auc(read_texts(reviews))
    >>> auc.value, counts.tolist()
    (1.0, [2, 2, 0])
    """
    facts = _facts(found, stars)
    rows = found.rows
    facts["customer"] = rows[customer].astype(object).to_numpy()[facts.index] if customer in rows else facts.index
    content, bad = facts["stars"] >= GOOD, facts["stars"] <= BAD
    counts = pd.Series({"content": int(content.sum()), "discontent": int(bad.sum())})
    counts["middle_stars"] = len(facts) - int(counts.sum())
    if not counts["content"] or not counts["discontent"]:
        raise InputError("there are no content or no discontent reviews with a text", where="table ratings",
                         expected="reviews of 4-5 and of 1-2 stars", zh="缺少 4—5 星或 1—2 星的带文字评论")  # fmt: skip
    used = facts[content | bad]
    return _auc(used["polarity"].to_numpy(), (used["stars"] >= GOOD).to_numpy(), used["customer"], level), counts


def _auc(score: np.ndarray, content: np.ndarray, customer: pd.Series, level: float) -> Estimate:
    high, low = np.sort(score[content]), np.sort(score[~content])
    wins = (np.searchsorted(low, score, "left") + np.searchsorted(low, score, "right")) / (2 * len(low))
    losses = 1 - (np.searchsorted(high, score, "left") + np.searchsorted(high, score, "right")) / (2 * len(high))
    own = np.where(content, wins, losses)
    auc = float(own[content].mean())
    share = (own - auc) / np.where(content, *(np.sqrt(n * max(1, n - 1)) for n in (len(high), len(low))))
    sums = np.bincount(pd.factorize(customer)[0], share)
    spread = (sums**2).sum()
    half = ndtri(0.5 + check_level(level) / 2) * np.sqrt(spread) if spread > 1e-12 else np.nan
    if np.isnan(half):
        return Estimate(auc, UNKNOWN.low, UNKNOWN.high)
    return Estimate(auc, max(0.0, float(auc - half)), min(1.0, float(auc + half)))


def _facts(found: Readings, stars: str) -> pd.DataFrame:
    if stars not in found.rows:
        raise InputError(f"there is no column {stars!r}", where="table ratings", expected="stars of each review",
                         mend="read the texts of a table that has stars", zh="没有星级，无法与文本对照")  # fmt: skip
    facts = found.texts[["polarity", "text_label"]].reset_index(drop=True)
    facts["stars"] = given_stars(found.rows, stars)
    facts = facts[(facts["text_label"] != "") & facts["stars"].notna()]
    if facts.empty:
        raise InputError("no review has both stars and a text", where="table ratings", zh="没有既有星级又有文字的评论")
    return facts.astype({"stars": "int64"})
