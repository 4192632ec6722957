"""The parts of a seller's service score: shrunk estimates of each, and draws of what they may really be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import betaincinv, gammaincinv, ndtr

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.dsr import DIMENSIONS, HIGHEST, LOWEST
from crm_analysis.satisfaction.sellers.feedback import seller_table
from crm_analysis.tables.needs import check_table

PARTS = ("good_share", "dsr_mean", "refund_share", "complaint_share", "violations")
GOOD_IS_HIGH = {"good_share": 1, "dsr_mean": 1, "refund_share": -1, "complaint_share": -1, "violations": -1}
RATES = {"refund_share": "refunds", "complaint_share": "complaints"}  # of orders, from the table sellers
ALIKE = 1e6  # prior weight where sellers do not differ beyond chance: all get the common value
NONE = 1e-9  # parameter of the draws where no seller, or every one, has a hit: draws of 0, or of 1, instead of NaN
NODES = np.linspace(-5, 5, 41)  # normal deviates at which quantiles are tabled
WHERE = "table sellers"


@dataclass(frozen=True)
class Parts:
    """What is known of each seller, and what the draws need.

    Parameters
    ----------
    facts : pandas.DataFrame, index seller_id
        feedbacks, orders, good, refunds, complaints, violations_seen, ratings, dsr_total.
    estimates : pandas.DataFrame, index seller_id
        The parts, each drawn towards the mean of all sellers.
    priors : dict of str to tuple of float
        Common value and prior weight of each part.
    scales : pandas.Series, index part
        Standard deviation of the part between sellers, chance taken out; infinite where they do not differ.
    within : float
        Variance of a feedback's mean detailed rating on one seller.
    likeness : float
        Correlation, on one seller, of a feedback's verdict and its mean detailed rating.
    """

    facts: pd.DataFrame
    estimates: pd.DataFrame
    priors: dict[str, tuple[float, float]]
    scales: pd.Series
    within: float
    likeness: float


def read_parts(feedback: pd.DataFrame, sellers: pd.DataFrame) -> tuple[Parts, pd.Series]:
    """Return the parts of sellers with feedback and orders, and counts of those left out.

    Raises
    ------
    InputError
        If columns are missing, counts are impossible, or fewer than two sellers remain.
    """
    facts, left_out = _facts(feedback, sellers)
    grouped = facts["good"], facts["feedbacks"]
    priors = {"good_share": _share_prior(*grouped)}
    for part, count in RATES.items():
        priors[part] = _share_prior(facts[count], facts["orders"])
    priors["violations"] = _count_prior(facts["violations_seen"])
    ratings = _ratings(feedback, facts.index)
    within, priors["dsr_mean"] = _mean_prior(ratings, facts)
    estimates = pd.DataFrame(index=facts.index)
    for part in PARTS:
        hits, n = _counts(part, facts)
        centre, weight = priors[part]
        estimates[part] = (hits + weight * centre) / (n + weight)
    scales = {part: _scale(part, *priors[part], within) for part in PARTS}
    return Parts(facts, estimates, priors, pd.Series(scales), within, _likeness(ratings)), left_out


def draw_parts(parts: Parts, draws: int, rng: np.random.Generator, *, tabled: bool = False) -> dict[str, np.ndarray]:
    """Draw each part of each seller from what the data leave open: beta, normal and gamma posteriors.

    Verdict and detailed ratings come from the same feedbacks; their draws are correlated as feedbacks are. `tabled`
    reads quantiles from a table of each seller, straight lines between quarters of a normal deviate: some twenty
    times as quick, and off by a small part of a draw's standard deviation.
    """
    facts, shape = parts.facts, (draws, len(parts.facts))
    first, other = rng.standard_normal(shape), rng.standard_normal(shape)
    second = parts.likeness * first + np.sqrt(1 - parts.likeness**2) * other
    found = {}
    for part in PARTS:
        hits, n = (values.to_numpy(float) for values in _counts(part, facts))
        centre, weight = parts.priors[part]
        hits_and, misses_and = (np.maximum(x, NONE) for x in (hits + weight * centre, n - hits + weight * (1 - centre)))
        if part == "dsr_mean":
            spread = np.sqrt(parts.within / (n + weight))
            found[part] = np.clip(parts.estimates[part].to_numpy() + spread * second, LOWEST, HIGHEST)
        elif part == "violations":
            found[part] = _quantiles(partial(gammaincinv, hits_and), rng.standard_normal(shape), tabled) / (n + weight)
        else:
            normal = first if part == "good_share" else rng.standard_normal(shape)
            found[part] = _quantiles(partial(betaincinv, hits_and, misses_and), normal, tabled)
    return found


def _quantiles(inverse: Callable[[np.ndarray], np.ndarray], normal: np.ndarray, tabled: bool) -> np.ndarray:
    """Quantiles of each seller (column) at normal deviates: exact, or between the nodes of a table."""
    if not tabled:
        return inverse(ndtr(normal))
    table = inverse(ndtr(NODES)[:, None])
    place = (np.clip(normal, NODES[0], NODES[-1]) - NODES[0]) / (NODES[1] - NODES[0])
    node = np.minimum(place.astype("int64"), len(NODES) - 2)
    place -= node
    cell = node * normal.shape[1] + np.arange(normal.shape[1])
    low = table.take(cell)
    return low + place * (table.take(cell + normal.shape[1]) - low)


def _scale(part: str, centre: float, weight: float, within: float) -> float:
    """Standard deviation between sellers that a prior weight stands for."""
    if weight >= ALIKE:
        return np.inf
    if part in ("dsr_mean", "violations"):
        return float(np.sqrt((within if part == "dsr_mean" else centre) / weight))
    return float(np.sqrt(centre * (1 - centre) / (weight + 1)))


def _counts(part: str, facts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Total and number of what a part is the mean of."""
    if part in RATES:
        return facts[RATES[part]], facts["orders"]
    return {
        "good_share": (facts["good"], facts["feedbacks"]),
        "dsr_mean": (facts["dsr_total"], facts["ratings"]),
        "violations": (facts["violations_seen"], pd.Series(1, index=facts.index)),
    }[part]


def _facts(feedback: pd.DataFrame, sellers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    needed = ["seller_id", "orders", "refunds", "complaints", "violations"]
    check_table(sellers, "sellers", *needed, times=())
    absent = [name for name in DIMENSIONS if name not in feedback]
    if absent:
        raise InputError(f"{', '.join(absent)} is missing", where="table seller_feedback", zh="卖家评价缺少动态评分")
    listed = sellers.set_index("seller_id")[needed[1:]].astype(float)
    twice = int(listed.index.duplicated().sum())
    problems = [f"{twice} rows name a seller again"] if twice else []
    problems += [f"{name} is negative" for name in listed if (listed[name] < 0).any()]
    problems += [f"more {name} than orders" for name in RATES.values() if (listed[name] > listed["orders"]).any()]
    if problems:
        raise InputError("; ".join(problems), where=WHERE, mend="correct these counts", zh="卖家表中的计数有误")
    table = seller_table(feedback)[["feedbacks", "good", "credit_score"]]
    facts = table.join(listed.rename(columns={"violations": "violations_seen"}), how="outer")
    rated = _ratings(feedback, facts.index)["rating"].groupby(level=0).agg(["size", "sum"])
    facts = facts.join(rated.rename(columns={"size": "ratings", "sum": "dsr_total"}))
    no_feedback = facts["feedbacks"].isna() | facts["ratings"].isna()
    no_orders = ~no_feedback & ~(facts["orders"] > 0)
    counts = {"all_sellers": len(facts), "no_feedback": no_feedback.sum(), "no_orders": no_orders.sum()}
    left_out = pd.Series(counts, dtype="int64")
    kept = facts[~(no_feedback | no_orders)]
    if len(kept) < 2:
        raise InputError("fewer than two sellers have feedback, detailed ratings and orders", where=WHERE,
                         zh="同时有评价、动态评分和订单的卖家不足两家")  # fmt: skip
    return kept.astype({"feedbacks": "int64", "good": "int64", "credit_score": "int64"}), left_out


def _ratings(feedback: pd.DataFrame, sellers: pd.Index) -> pd.DataFrame:
    """Mean of the detailed ratings of each feedback, and whether its verdict was good, by seller."""
    rows = pd.DataFrame({"rating": feedback[list(DIMENSIONS)].astype(float).mean(axis=1).to_numpy(),
                         "good": (feedback["verdict"] == "good").to_numpy(float)},
                        index=pd.Index(feedback["seller_id"].astype(object), name="seller_id"))  # fmt: skip
    return rows[rows["rating"].notna() & rows.index.isin(sellers)]


def _share_prior(hits: pd.Series, n: pd.Series) -> tuple[float, float]:
    """Common share and its prior weight: variance of one row over that between sellers (as for detailed ratings)."""
    total = float(n.sum())
    p = hits / n
    centre = float(hits.sum() / total)
    within = float((n * p * (1 - p)).sum() / max(1.0, total - len(n)))
    between = _between(n, p, centre, within)
    return centre, _weight(within, between)


def _mean_prior(ratings: pd.DataFrame, facts: pd.DataFrame) -> tuple[float, tuple[float, float]]:
    ratings = ratings[ratings.index.isin(facts.index)]["rating"]
    n, mean = facts["ratings"], facts["dsr_total"] / facts["ratings"]
    centre = float(facts["dsr_total"].sum() / n.sum())
    squares = float(((ratings - mean.reindex(ratings.index)) ** 2).sum())
    within = squares / max(1.0, float(n.sum() - len(n)))
    between = _between(n, mean, centre, within)
    weight = _weight(within, between)
    return (within if weight >= ALIKE else weight * between), (centre, weight)


def _weight(within: float, between: float) -> float:
    """Rows that the common value counts for; one where all rows of each seller are alike, so that draws have width."""
    if not between > 1e-12:
        return ALIKE
    return within / between if within > 1e-12 else 1.0


def _between(n: pd.Series, mean: pd.Series, centre: float, within: float) -> float:
    total = float(n.sum())
    around = float((n * (mean - centre) ** 2).sum())
    return (around - (len(n) - 1) * within) / (total - float((n**2).sum()) / total)


def _count_prior(count: pd.Series) -> tuple[float, float]:
    """Common number and prior weight of a gamma-Poisson: mean over variance beyond Poisson's."""
    mean, excess = float(count.mean()), float(count.var(ddof=1) - count.mean())
    return mean, mean / excess if excess > 0 and mean > 0 else ALIKE


def _likeness(ratings: pd.DataFrame) -> float:
    """Correlation of verdict and detailed rating within sellers; 0 where either does not vary."""
    inner = ratings - ratings.groupby(level=0).transform("mean")
    spread = np.sqrt((inner**2).sum())
    both = float((inner["rating"] * inner["good"]).sum())
    return both / float(spread.prod()) if spread.prod() > 0 else 0.0
