"""What reviews say of each aspect: how many mention it, who is content with it, how their stars differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, clustered_share, with_limits
from crm_analysis.satisfaction.reviews.stars import given_stars
from crm_analysis.satisfaction.text.engine import Engine
from crm_analysis.satisfaction.text.reading import Readings, read_texts
from crm_analysis.satisfaction.text.topics import GENERAL
from crm_analysis.tables.needs import check_group, stated
from crm_analysis.words import word

TOO_BROAD = 0.8  # an aspect named in more of the texts than this tells them apart no longer
FEW_MENTIONS = 30  # below this the limits of a share span more than 35 points: no share is worth a sentence


@dataclass(frozen=True)
class AspectTable:
    """The table of aspects, and the account of the texts behind it.

    Parameters
    ----------
    table : pandas.DataFrame, index aspect (or group and aspect)
    account : pandas.DataFrame
        As in `reading.Readings`.
    engine : str
    """

    table: pd.DataFrame
    account: pd.DataFrame
    engine: str

    def text(self, lang: str = "en") -> str:
        """Say in words what the table rests on and what may not be claimed; aspects too broad (not ``general``)."""
        count = self.account["texts"]
        few = int(self.table["few_mentions"].sum())
        said = {
            "zh": f"共读入 {count['texts_read']:,} 条评论，其中 {count['text_empty']:,} 条没有文字，"
                  f"{count['without_aspect']:,} 条没有提到具体方面，{count['without_polarity']:,} 条没有褒贬词。"
                  f"{few} 行的提及数不足 {FEW_MENTIONS}，只列数字，不作结论。褒贬由“{self.engine}”引擎判断，"
                  f"未经人工标注核对之前，不能断言某方面的好评比例就是这么多；写评论的人也不代表全部买家。",
            "en": f"Of {count['texts_read']:,} reviews read, {count['text_empty']:,} have no text, "
                  f"{count['without_aspect']:,} name no particular aspect and {count['without_polarity']:,} have no "
                  f"word of polarity. {few} rows rest on fewer than {FEW_MENTIONS} mentions: no findings. Polarity "
                  f"is the judgement of the engine '{self.engine}'; until hand labels confirm it, no share may be "
                  f"claimed as the share of content customers, and those who write do not speak for all buyers.",
        }[lang]  # fmt: skip
        return said + ("" if lang == "zh" else " ") + self._of_aspects(lang)

    def _of_aspects(self, lang: str) -> str:
        """Say how texts got their aspects, and which aspects are found nearly everywhere."""
        sums = self.table.groupby(level="aspect", sort=False)[["mentioning", "texts"]].sum()
        share = (sums["mentioning"] / sums["texts"]).drop(GENERAL, errors="ignore")
        named = [f"{word(aspect, lang)} ({value:.0%})" for aspect, value in share[share > TOO_BROAD].items()]
        shown = ("、" if lang == "zh" else ", ").join(named)
        broad = {"zh": f"以下方面出现在超过 {TOO_BROAD:.0%} 的文本中，范围太宽，不能据此区分评论：{shown}。",
                 "en": f" Found in more than {TOO_BROAD:.0%} of the texts, too broad to tell reviews apart: "
                       f"{shown}."}[lang]  # fmt: skip
        return {
            "zh": "方面由词表判定，在人工标注表核对之前未经证实。",
            "en": "Aspects are assigned by word lists and are unconfirmed until a labelling sheet says otherwise.",
        }[lang] + (broad if named else "")


def aspect_table(
    ratings: Readings | pd.DataFrame | pd.Series | Iterable[str],
    *,
    lang: str = "auto",
    by: str | None = None,
    engine: Engine | str = "dictionary",
    text: str = "text",
    stars: str = "stars",
    customer: str = "customer_id",
    level: float = 0.95,
) -> AspectTable:
    r"""Aspects of reviews: mentions, shares of positive and negative ones, stars of those who mention them.

    A review has one vote on each aspect it mentions: positive, negative, or neither (within 0.2 of 0, on a scale
    from -1 to 1). Shares have Wilson's limits for the effective number of reviews, since reviews of one customer
    are alike. The difference of stars has the limits

    .. math:: \bar x_1 - \bar x_0 \pm t_{U-1} \sqrt{\frac{U}{U-1} \sum_u \Big(\sum_{i \in u} \pm e_i / n_{g(i)}\Big)^2}

    over the U customers, e the distance of a review's stars from the mean of its group.

    Parameters
    ----------
    ratings : Readings, pandas.DataFrame, pandas.Series or iterable of str
        Reviews, or what `read_texts` made of them.
    lang, engine, text
        As in `read_texts`; not used for readings.
    by : str, optional
        Column to group by; blank values are named ``not_stated``.
    stars, customer : str
        Columns of stars and customer; without them the measures of stars are blank and each review is a customer.
    level : float in (0, 1)

    Returns
    -------
    AspectTable
        Its table: texts (with words), mentioning and mention_share of these; positive, negative and their shares of
        the mentioning (the rest says neither); stars_mentioning, stars_others (means) and stars_difference; all with
        limits. few_mentions where fewer than 30 mention it. Aspects nobody mentions have rows of 0.

    Raises
    ------
    InputError
        As `read_texts`; if the column `by` is missing or no review has a text.

    References
    ----------
    .. [1] Hu & Liu (2004). Mining and summarizing customer reviews. KDD, 168-177 (opinions by aspect).
    .. [2] Cameron & Miller (2015). Journal of Human Resources 50, 317-372 (clustered errors).

    Examples
    --------
    >>> found = aspect_table(["物流很快", "物流太慢了，质量不错", "质量很好", ""]).table
    >>> found.loc[["logistics", "goods_quality"], ["texts", "mentioning", "positive", "negative"]].values.tolist()
    [[3, 2, 1, 1], [3, 2, 2, 0]]
    """
    check_level(level)
    found = ratings if isinstance(ratings, Readings) else read_texts(ratings, text=text, lang=lang, engine=engine)
    facts = _facts(found, stars, customer)
    if facts.empty:
        raise InputError("no review has a text", where="table ratings", zh="没有任何评论带有文字")
    if by is not None:
        check_group(found.rows, "ratings", by)
        facts["group"] = stated(found.rows[by]).to_numpy()[facts.index]
    parts = {"": facts} if by is None else dict(list(facts.groupby("group", sort=True)))
    tables = {name: _table(part, found, level) for name, part in parts.items()}
    return AspectTable(tables[""] if by is None else pd.concat(tables, names=[by]), found.account, found.engine)


def _facts(found: Readings, stars: str, customer: str) -> pd.DataFrame:
    """Stars and customer of each text with words, by its position."""
    rows = found.rows
    facts = pd.DataFrame(
        {
            "stars": given_stars(rows, stars) if stars in rows else np.nan,
            "customer": rows[customer].astype(object).to_numpy() if customer in rows else None,
        },
        index=np.arange(len(rows)),
    )
    alone = facts["customer"].isna()
    facts["customer"] = pd.factorize(facts["customer"])[0]
    facts.loc[alone, "customer"] = -1 - np.flatnonzero(alone)  # a review without customer is a customer of its own
    return facts[(found.texts["text_label"] != "").to_numpy()]


def _table(facts: pd.DataFrame, found: Readings, level: float) -> pd.DataFrame:
    opinions = found.opinions[found.opinions["place"].isin(facts.index)]
    rows = [_row(facts, opinions[opinions["aspect"] == aspect], level) for aspect in found.aspects]
    return pd.DataFrame(rows, index=pd.Index(found.aspects, name="aspect"))


def _row(facts: pd.DataFrame, own: pd.DataFrame, level: float) -> dict[str, object]:
    votes = own.set_index("place")["text_label"]
    mentions = facts.index.isin(votes.index)
    customer = facts["customer"].to_numpy()
    said = votes.reindex(facts.index[mentions])
    row: dict[str, object] = {"texts": len(facts), "mentioning": int(mentions.sum())}
    row |= with_limits("mention_share", clustered_share(mentions, customer, level=level))
    for vote in ("positive", "negative"):
        hit = (said == vote).to_numpy()
        row[vote] = int(hit.sum())
        row |= with_limits(f"{vote}_share", clustered_share(hit, customer[mentions], level=level))
    x = facts["stars"].to_numpy()
    there, absent, gap = star_means(x, mentions, customer, level=level)
    row |= with_limits("stars_mentioning", there) | with_limits("stars_others", absent)
    return row | with_limits("stars_difference", gap) | {"few_mentions": bool(row["mentioning"] < FEW_MENTIONS)}


def star_means(
    stars: np.ndarray, mentions: np.ndarray, customer: np.ndarray, *, level: float = 0.95
) -> tuple[Estimate, Estimate, Estimate]:
    """Mean stars of reviews that mention an aspect, of the others, and the difference, limits by whole customers."""
    known = ~np.isnan(stars)
    stars, mentions, customer = stars[known], mentions[known], pd.factorize(customer[known])[0]
    sizes = {True: int(mentions.sum()), False: int((~mentions).sum())}
    means, errors = {}, np.zeros(len(stars))
    for side, rows in ((True, mentions), (False, ~mentions)):
        means[side] = float(stars[rows].mean()) if sizes[side] else float("nan")
        errors[rows] = (stars[rows] - means[side]) / max(1, sizes[side])
    there = _around(means[True], np.where(mentions, errors, 0.0), mentions, customer, level)
    absent = _around(means[False], np.where(mentions, 0.0, errors), ~mentions, customer, level)
    signed = np.where(mentions, errors, -errors)
    both = np.ones(len(stars), bool) if min(sizes.values()) > 1 else np.zeros(len(stars), bool)
    return there, absent, _around(means[True] - means[False], signed, both, customer, level)


def _around(value: float, errors: np.ndarray, rows: np.ndarray, customer: np.ndarray, level: float) -> Estimate:
    """Put limits around a value from the errors of whole customers; none with fewer than two or without any spread."""
    if np.isnan(value):
        return UNKNOWN
    clusters = len(np.unique(customer[rows]))
    spread = (np.bincount(customer, errors) ** 2).sum()
    if clusters < 2 or spread == 0:
        return Estimate(value, UNKNOWN.low, UNKNOWN.high)
    half = stdtrit(clusters - 1, 0.5 + level / 2) * np.sqrt(clusters / (clusters - 1) * spread)
    return Estimate(value, float(value - half), float(value + half))
