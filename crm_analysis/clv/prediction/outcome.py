"""What a customer may really spend: the distribution of total spend over a random number of purchases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy.special import betainc, ndtri, polygamma, psi

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.estimator import Theta
from crm_analysis.clv.prediction.counts import Counts

if TYPE_CHECKING:
    from crm_analysis.clv.prediction.purchases import Foreseen
    from crm_analysis.clv.spend.cases import SpendCases
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

CLASSES = 48  # of numbers of purchases, over which spend is averaged; of equal width in the square root
FAINT = 1e-5  # probability at either end that is put into the last class
POINTS, SPREADS = 40, 4.0  # amounts at which the distribution is worked out; their reach in normal scores
PAIRS_AT_ONCE = 256


@dataclass(frozen=True)
class Spend:
    r"""Total spend of somebody alive at T who buys at least once, for the distinct (x, T), in multiples of (v + x m).

    Given n purchases the sum is Gamma(p n) over a customer's own nu, which is Gamma(p x + q, v + x m) given the
    history; so sum / (v + x m) is a beta prime (p n, p x + q):

    .. math:: F(y) = \sum_{n \ge 1} P(n) I_{y/(1+y)}(p n, p x + q)

    Parameters
    ----------
    logs : numpy.ndarray of shape (pairs, points)
        ln y, ascending.
    log_odds : numpy.ndarray of shape (pairs, points)
        ln F/(1 - F) there, given at least one purchase.
    """

    logs: np.ndarray
    log_odds: np.ndarray

    @classmethod
    def of(cls, counts: Counts, theta: Theta, *, known: bool = True) -> Self:
        """Work the distribution out at 40 amounts per pair, numbers of purchases in at most 48 classes.

        `known` says whether the spend of earlier purchases is known; else customers are new to the spend model.
        """
        p, q, _ = (float(value) for value in theta)
        pair, n, probability = _classes(counts)
        shape = p * counts.x * known + q
        first = np.searchsorted(pair, np.arange(len(shape) + 1))
        logs = np.empty((len(shape), POINTS))
        odds = np.empty_like(logs)
        for at in range(0, len(shape), PAIRS_AT_ONCE):
            pairs = slice(at, min(at + PAIRS_AT_ONCE, len(shape)))
            rows = slice(first[pairs.start], first[pairs.stop])
            own, bought, chance = pair[rows] - at, p * n[rows], probability[rows]
            logs[pairs] = _amounts(own, bought, chance, shape[pairs])
            share = 1 / (1 + np.exp(-logs[pairs]))
            below = betainc(bought[:, None], shape[pairs][own][:, None], share[own])
            below = np.add.reduceat(chance[:, None] * below, first[pairs] - first[at], axis=0)
            below = np.clip(below, 1e-15, 1 - 1e-15)
            odds[pairs] = np.maximum.accumulate(np.log(below) - np.log1p(-below), axis=1)
        return cls(logs, odds)

    def quantile(self, counts: Counts, alive: np.ndarray, prob: float) -> np.ndarray:
        """Return the quantile of total spend of each case, in multiples of (v + x m); 0 where nothing is bought.

        Between the amounts worked out, the log of the amount is a cubic in the log-odds of F.
        """
        none = 1 - alive * (1 - counts.zero[counts.of_case])
        aim = (prob - none) / np.maximum(1 - none, 1e-300)
        some = np.flatnonzero(aim > 0)
        found = np.zeros(len(alive))
        aim = np.minimum(aim[some], 1 - 1e-12)
        aim = np.log(aim) - np.log1p(-aim)
        found[some] = np.exp(_inverse(self.log_odds, self.logs, counts.of_case[some], aim))
        return found


def total_spend(
    spend: GammaGamma,
    bought: SpendCases,
    cases: Cases,
    foreseen: Foreseen,
    *,
    tail: float,
) -> list[np.ndarray]:
    """Return the quantiles `tail` and 1 - `tail` of the discounted total spend of each customer.

    Each purchase is discounted by the customer's mean discount, discounted over expected purchases.
    """
    alive, counts = foreseen.columns["p_alive"], foreseen.counts
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = foreseen.columns["discounted_purchases"] / foreseen.columns["expected_purchases"]
    worth, scale = np.nan_to_num(worth, nan=1.0), float(spend.theta_[2]) + bought.spent
    total = Spend.of(counts, spend.theta_)
    found = [scale * (worth * total.quantile(counts, alive, prob))[cases.row] for prob in (tail, 1 - tail)]
    strangers = np.flatnonzero((bought.x == 0) & (cases.x[cases.row] > 0))
    if len(strangers):  # they bought again, but nothing is known of their spend
        rows = cases.row[strangers]
        some = counts.take(rows)
        total = Spend.of(some, spend.theta_, known=False)
        for values, prob in zip(found, (tail, 1 - tail)):
            values[strangers] = scale[strangers] * worth[rows] * total.quantile(some, alive[rows], prob)
    return found


def _classes(counts: Counts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pair, mean number and probability given at least one purchase, in at most 48 classes per pair."""
    size = len(counts.x)
    some = counts.n > 0
    pair, n, probability = counts.pair[some], counts.n[some], counts.probability[some]
    total = np.bincount(pair, weights=probability, minlength=size)
    probability = probability / np.maximum(total, 1e-300)[pair]
    below = _within(pair, probability, size)
    likely = (below > FAINT) & (below - probability < 1 - FAINT)
    low, high = np.full(size, np.inf), np.zeros(size)
    np.minimum.at(low, pair[likely], n[likely])
    np.maximum.at(high, pair[likely], n[likely])
    start, end = np.sqrt(low), np.sqrt(high + 1)
    share = (np.sqrt(n) - start[pair]) / (end - start)[pair]
    alone = (high - low < CLASSES)[pair]
    place = np.where(alone, n - low[pair], np.floor(share * CLASSES))
    place = np.clip(place, 0, CLASSES - 1).astype(int)
    key = pair * CLASSES + place
    weight = np.bincount(key, weights=probability, minlength=size * CLASSES)
    sums = np.bincount(key, weights=probability * n, minlength=size * CLASSES)
    kept = np.flatnonzero(weight > 0)
    return kept // CLASSES, sums[kept] / weight[kept], weight[kept]


def _within(pair: np.ndarray, probability: np.ndarray, size: int) -> np.ndarray:
    """Return the running sum of probabilities within each pair."""
    steps = np.cumsum(probability)
    first = np.searchsorted(pair, np.arange(size))
    before = np.concatenate([[0.0], steps])[first]
    return steps - before[pair]


def _amounts(pair: np.ndarray, bought: np.ndarray, chance: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Return the logs of amounts at which to work the distribution out, dense where amounts are likely.

    Each is what its normal score says of the number of purchases and of their size, both together.
    """
    scores = np.linspace(-SPREADS, SPREADS, POINTS)
    first = np.searchsorted(pair, np.arange(len(shape) + 1))
    middle = ndtri(np.clip(_within(pair, chance, len(shape)) - chance / 2, 1e-12, 1 - 1e-12))
    level, spread = psi(bought), np.sqrt(polygamma(1, bought))
    cuts = [slice(*first[at : at + 2]) for at in range(len(shape))]
    level, spread = (
        np.array([np.interp(scores, middle[cut], values[cut]) for cut in cuts]) for values in (level, spread)
    )
    own = polygamma(1, shape)[:, None]
    return np.maximum.accumulate(level - psi(shape)[:, None] + scores * np.sqrt(spread**2 + own), axis=1)


def _inverse(odds: np.ndarray, logs: np.ndarray, rows: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Return where each row's curve reaches `aim`: a cubic through four points, kept between the middle two."""
    right = np.clip((odds[rows] < aim[:, None]).sum(axis=1), 2, POINTS - 2)
    places = right[:, None] + np.arange(-2, 2)
    known, values = odds[rows[:, None], places], logs[rows[:, None], places]
    total = np.zeros(len(rows))
    for j in range(4):
        others = [i for i in range(4) if i != j]
        apart = np.maximum(np.abs(known[:, [j]] - known[:, others]), 1e-9) * np.sign(np.array([j]) - others)
        total += values[:, j] * np.prod((aim[:, None] - known[:, others]) / apart, axis=1)
    return np.where((aim > known[:, 1]) & (aim < known[:, 2]), np.clip(total, values[:, 1], values[:, 2]), total)
