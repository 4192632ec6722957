"""Sellers ranked by service: declared weights, intervals of the ranks, and how much the weights matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.sellers.parts import GOOD_IS_HIGH, PARTS, Parts, draw_parts, read_parts
from crm_analysis.satisfaction.sellers.ranking import seller_column
from crm_analysis.satisfaction.sellers.ranks import (
    COMPARED,
    PAIRS,
    blocks,
    limits,
    ranks_by_draw,
    ranks_of,
    taus,
    undecided_pairs,
)

WEIGHTS = {"good_share": 0.3, "dsr_mean": 0.3, "refund_share": 0.15, "complaint_share": 0.15, "violations": 0.1}
CONCENTRATION = 50.0  # of the Dirichlet draws of weights: a weight of .3 varies by about .06
TOP = 10


@dataclass(frozen=True)
class ServiceRanking:
    """A ranking, and how far it may be believed.

    Parameters
    ----------
    table : pandas.DataFrame
        service_rank, seller_id, kind, feedbacks, orders, the parts (shrunk), weighted_score and service_rank with
        limits, equal_rank (equal weights), credit_rank (credit score alone), weight_rank (median under other weights,
        limits the middle part of these ranks).
    stability : pandas.DataFrame, index stability_measure
        measured with limits over the draws of weights: kendall_tau (with the declared ranking), rank_change (mean
        places moved), top_kept (share of the first ten that stay); and without limits undecided_pairs,
        equal_tau, credit_tau.
    account : pandas.Series
        all_sellers; no_feedback and no_orders (left out); ranked; no_difference (parts that count nothing).
    weights : dict of str to float
    level : float
    """

    table: pd.DataFrame
    stability: pd.DataFrame
    account: pd.Series
    weights: dict[str, float]
    level: float = 0.95

    def text(self, lang: str = "en") -> str:
        """Say in words how far the order may be believed."""
        value = self.stability["measured"]
        account, first = self.account, self.table.iloc[0]
        low, high = f"{first['service_rank_low']:.0f}", f"{first['service_rank_high']:.0f}"
        return {
            "zh": f"{account['all_sellers']} 家卖家中，{account['no_feedback']} 家没有评价、{account['no_orders']} 家"
                  f"没有订单，不参与排名。{value['undecided_pairs']:.0%} 的卖家两两之间分不出先后；名列第一的卖家，"
                  f"名次的 {self.level:.0%} 区间为 {low}–{high}。换用相近的权重，与本排名的肯德尔 τ 平均为 "
                  f"{value['kendall_tau']:.2f}，前 {TOP} 名平均保留 {value['top_kept']:.0%}。权重是事先声明的选择，"
                  f"不是由数据估计的；区间重叠的卖家不宜说谁好谁差。{self._sampled(lang)}",
            "en": f"Of {account['all_sellers']} sellers, {account['no_feedback']} without feedback and "
                  f"{account['no_orders']} without orders are not ranked. The order of {value['undecided_pairs']:.0%} "
                  f"of all pairs is undecided; the seller in first place has a {self.level:.0%} interval of ranks of "
                  f"{low} to {high}. Under weights close by, Kendall's tau with this ranking is "
                  f"{value['kendall_tau']:.2f} on average, and {value['top_kept']:.0%} of the first {TOP} stay. The "
                  f"weights are a declared choice, not an estimate; of sellers whose intervals overlap none should be "
                  f"called the better.{self._sampled(lang)}",
        }[lang]  # fmt: skip

    def _sampled(self, lang: str) -> str:
        """Say what was measured on a sample, where there are too many sellers to take all."""
        sellers = int(self.account["ranked"])
        pairs = sellers * (sellers - 1) // 2
        drawn = ""
        if pairs > PAIRS:
            drawn += {"zh": f"先后的比例由 {pairs:,} 对中随机抽取的 {PAIRS:,} 对算出。",
                      "en": f" The share of undecided pairs is that of {PAIRS:,} of the {pairs:,} pairs, drawn at "
                            f"random."}[lang]  # fmt: skip
        if sellers > COMPARED:
            drawn += {"zh": f"肯德尔 τ 由随机抽取的 {COMPARED:,} 家卖家算出。",
                      "en": f" Tau is that of {COMPARED:,} sellers drawn at random."}[lang]  # fmt: skip
        return drawn


def service_ranking(
    feedback: pd.DataFrame,
    sellers: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    concentration: float = CONCENTRATION,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> ServiceRanking:
    r"""Rank sellers by a weighted service score, with intervals of the ranks and a test of the weights.

    .. math:: S_s = \sum_k w_k\, g_k\, \frac{\hat\theta_{sk} - \bar\theta_k}{\operatorname{sd}_k}

    :math:`\hat\theta` are the parts, each drawn towards the mean of all sellers the more, the less is known:
    good-rating share, mean detailed rating, refunds and complaints per order, violations; g is +1 or -1, so that
    more is better, and sd the standard deviation between sellers with chance taken out. A part in which sellers do
    not differ beyond chance counts nothing (`no_difference`). **The default weights are ours**: good
    share .3, detailed ratings .3, refunds .15, complaints .15, violations .1; the platform publishes none.

    Intervals come from draws of the parts (beta, normal, gamma) given the data; the order of two sellers is decided
    where 95 % of the draws agree. The weights are then drawn around the declared ones from a Dirichlet distribution
    with parameters `concentration` times w.

    Of more than 20,000 pairs as many are drawn at random for `undecided_pairs`, of more than 2,000 sellers as many for
    `kendall_tau`; the text says so. Beyond a million draws times sellers, the draws are read from a table of quantiles
    of each seller (see `parts.draw_parts`).

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict, item_match, service, delivery.
    sellers : pandas.DataFrame
        Columns seller_id (unique), orders, refunds, complaints, violations, [kind].
    weights : mapping, optional
        Weight of each part, none negative; those not named count 0; scaled to a sum of 1.
    concentration : float > 0
        Higher draws weights closer to the declared ones.
    draws : int >= 1
        Draws of parts, and of weights.
    seed : int
    level : float in (0, 1)

    Returns
    -------
    ServiceRanking
        Sellers without feedback or orders are counted, not ranked. Ties stand in the order of their names.

    Raises
    ------
    InputError
        As `parts.read_parts`; if weights name unknown parts, are negative or all 0; if sellers differ beyond chance in
        no part that counts.

    References
    ----------
    .. [1] Goldstein & Spiegelhalter (1996). JRSS A 159, 385-443 (intervals of ranks).
    .. [2] Saisana, Saltelli & Tarantola (2005). JRSS A 168, 307-323 (uncertain weights of composite indicators).

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": ["a"] * 40 + ["b"] * 40, "verdict": ["good"] * 60 + ["bad"] * 20,
    ...     "item_match": [5] * 40 + [3] * 40, "service": [5, 4] * 40, "delivery": 4})
    >>> sellers = pd.DataFrame({"seller_id": ["a", "b"], "orders": 100, "refunds": [1, 20], "complaints": [1, 9],
    ...     "violations": [0, 1]})
    >>> found = service_ranking(feedback, sellers, draws=200)
    >>> found.table["seller_id"].tolist(), float(found.stability.loc["undecided_pairs", "measured"])
    (['a', 'b'], 0.0)
    """
    w = _weights(weights)
    tail = (1 - check_level(level)) / 2
    if draws < 1:
        raise InputError(f"draws={draws} is none", expected="1 or more", zh="抽样次数至少为 1")
    parts, account = read_parts(feedback, sellers)
    if not np.isfinite(parts.scales[list(PARTS)].to_numpy()[w > 0]).any():
        raise InputError("sellers differ beyond chance in no part that counts: nothing to rank them by",
                         where="tables sellers and seller_feedback", mend="take more sellers or more feedback",
                         zh="各项指标上卖家之间的差异都没有超出随机波动，无法排名")  # fmt: skip
    rng = np.random.default_rng(seed)
    centre, scale = parts.estimates.mean(), parts.scales * pd.Series(GOOD_IS_HIGH)
    scaled = ((parts.estimates - centre) / scale)[list(PARTS)]
    score = pd.Series(scaled.to_numpy() @ w, index=scaled.index)
    scores = _draw_scores(parts, w, centre, scale, draws, rng)
    table = _table(parts.facts, parts.estimates, score, scores, tail)
    table["equal_rank"] = ranks_of(scaled.to_numpy().mean(axis=1)).astype("int64")
    table["credit_rank"] = ranks_of(parts.facts["credit_score"].to_numpy(float)).astype("int64")
    other = _dirichlet(concentration, w, draws, rng) @ scaled.to_numpy().T
    ranks = ranks_by_draw(other)
    stability = _stability(score.to_numpy(), other, ranks, scores, table, rng, tail)
    names = ["weight_rank", "weight_rank_low", "weight_rank_high"]
    table[names] = limits(ranks, [0.5, tail, 1 - tail], method="nearest").T.astype("int64")
    kinds = seller_column(sellers, "kind", pd.Series(table.index)) if "kind" in sellers else "not_stated"
    table.insert(0, "kind", kinds)
    table = table.reset_index().sort_values(["service_rank", "seller_id"], ignore_index=True)
    table.insert(0, "service_rank", table.pop("service_rank"))
    account["ranked"] = len(table)
    account["no_difference"] = int(np.isinf(parts.scales).sum())
    return ServiceRanking(table, stability, account, dict(zip(PARTS, map(float, w))), level)


def _weights(weights: Mapping[str, float] | None) -> np.ndarray:
    given = dict(WEIGHTS if weights is None else weights)
    problems = [f"{name!r} is no part {nearest(name, PARTS)}".strip() for name in given if name not in PARTS]
    problems += [f"{name}={value!r} is no weight" for name, value in given.items() if not value >= 0]
    if problems or not sum(given.values()) > 0:
        raise InputError("; ".join(problems) or "all weights are 0", where="weights", zh="权重设置有误",
                         expected=f"weights of 0 or more for {', '.join(PARTS)}")  # fmt: skip
    found = np.array([float(given.get(part, 0)) for part in PARTS])
    return found / found.sum()


def _draw_scores(
    parts: Parts, w: np.ndarray, centre: pd.Series, scale: pd.Series, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Scores of draws of the parts, shape (draws, sellers), a block of sellers at a time."""
    scores = np.empty((draws, len(parts.facts)))
    taken = blocks(*scores.shape)
    for block in taken:
        some = replace(parts, facts=parts.facts.iloc[block], estimates=parts.estimates.iloc[block])
        drawn = draw_parts(some, draws, rng, tabled=len(taken) > 1)
        scores[:, block] = sum(share * (drawn[part] - centre[part]) / scale[part] for part, share in zip(PARTS, w))
    return scores


def _table(
    facts: pd.DataFrame, estimates: pd.DataFrame, score: pd.Series, scores: np.ndarray, tail: float
) -> pd.DataFrame:
    """Parts, score and rank of each seller with limits from the draws."""
    table = facts[["feedbacks", "orders"]].astype("int64").join(estimates[list(PARTS)])
    table["weighted_score"] = score
    table["weighted_score_low"], table["weighted_score_high"] = limits(scores, [tail, 1 - tail])
    table["service_rank"] = ranks_of(score.to_numpy()).astype("int64")
    low, high = limits(ranks_by_draw(scores), [tail, 1 - tail], method="nearest")
    table["service_rank_low"], table["service_rank_high"] = low.astype("int64"), high.astype("int64")
    return table


def _dirichlet(concentration: float, w: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw weights around the declared ones; parts of weight 0 stay 0."""
    if not concentration > 0:
        raise InputError(f"concentration={concentration!r} is none", expected="a number above 0", zh="集中度必须大于 0")
    shape = concentration * w
    gamma = np.where(shape > 0, gammaincinv(np.where(shape > 0, shape, 1), rng.random((draws, len(w)))), 0)
    return gamma / gamma.sum(axis=1, keepdims=True)


def _stability(
    score: np.ndarray,
    other: np.ndarray,
    ranks: np.ndarray,
    scores: np.ndarray,
    table: pd.DataFrame,
    rng: np.random.Generator,
    tail: float,
) -> pd.DataFrame:
    """How the ranking holds under other weights, against two baselines, and pair by pair."""
    from scipy.stats import kendalltau

    declared = ranks_of(score)
    top = np.flatnonzero(declared <= min(TOP, len(score)))
    moved = [np.abs(drawn - declared).mean() for drawn in ranks]
    found = {"kendall_tau": taus(score, other, rng), "rank_change": moved,
             "top_kept": (ranks[:, top] <= len(top)).mean(axis=1)}  # fmt: skip
    rows = {name: (np.nanmean(values), *np.nanquantile(values, [tail, 1 - tail])) if not np.isnan(values).all()
            else (np.nan,) * 3 for name, values in found.items()}  # fmt: skip
    rows["undecided_pairs"] = (undecided_pairs(scores, rng), np.nan, np.nan)
    for name, baseline in (("equal_tau", table["equal_rank"]), ("credit_tau", table["credit_rank"])):
        rows[name] = (kendalltau(baseline, declared).statistic, np.nan, np.nan)
    index = pd.Index(list(rows), name="stability_measure")
    return pd.DataFrame(list(rows.values()), columns=["measured", "measured_low", "measured_high"], index=index)
