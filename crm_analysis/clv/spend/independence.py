"""What a spend model assumes, that spend is independent of how often a customer buys, and what that assumption costs.

The Gamma-Gamma model values a customer who buys often and one who buys seldom by the same distribution of spend. Here
it is measured how far that is from the data, and how far customer lifetime value moves when it is given up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from crm_analysis.clv.spend.cases import SpendCases, as_spend_cases
from crm_analysis.clv.spend.correlations import correlations, samples, spread
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.likelihood import search
from crm_analysis.clv.units import rate_per_unit
from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, mean_t

if TYPE_CHECKING:
    from crm_analysis.clv.models.model import PurchaseModel

LEAST = 10


@dataclass(frozen=True)
class Independence:
    """How independent spend is of frequency, and how far the assumption moves the value of customers.

    Parameters
    ----------
    buyers : int
        Customers with repeat purchases, whose spend is known.
    correlations : pandas.DataFrame
        Rows ``pearson``, ``spearman``; columns ``correlation`` (with ``_low``, ``_high``), ``under_independence``
        (what the model expects if spend does not depend on frequency) and ``p_value``.
    groups : pandas.DataFrame
        One row per group of frequency and a last row ``total``: ``frequency_group``, ``customers``,
        ``mean_frequency``, ``mean_spend`` (observed, with limits), ``pooled_spend`` and ``grouped_spend`` (mean of the
        expected spend, one scale for all or one per group), ``weighing_purchases``, ``pooled_total`` and
        ``grouped_total`` (expected spend times those purchases), ``total_change`` (with limits).
    customers : pandas.DataFrame
        Per customer: ``frequency_group``, ``pooled_spend``, ``grouped_spend``, ``spend_change``.
    change : Estimate
        Of the total: ``grouped_total / pooled_total - 1``.
    chi2, degrees, p_value : float
        Likelihood ratio test of one scale for all against one per group.
    valued : bool
        Whether the totals are lifetime values (a purchase model was given) or one purchase of every customer.
    level : float
        Of the intervals.
    """

    buyers: int
    correlations: pd.DataFrame
    groups: pd.DataFrame
    customers: pd.DataFrame
    change: Estimate
    chi2: float
    degrees: int
    p_value: float
    valued: bool
    level: float

    def text(self, lang: str = "en") -> str:
        """Return the verdict in plain words, Chinese (``zh``) or English (``en``)."""
        from crm_analysis.clv.spend.verdict import sentence

        return sentence(self, lang)


def independence(
    data: object,
    *,
    model: PurchaseModel | None = None,
    horizon: float | None = None,
    annual_discount: float = 0.10,
    level: float = 0.95,
    draws: int = 300,
    least: int = 100,
    most_groups: int = 5,
    nonpositive: str = "error",
    seed: int = 0,
) -> Independence:
    r"""Measure the independence of spend and frequency, and how far the value of customers moves without it.

    Two Gamma-Gamma models are fitted: one scale v for all (independence), and one scale :math:`v_g` per group of
    frequency with p and q shared. They are nested, so a likelihood ratio test compares them; and the expected spend
    under both, times the purchases expected of each customer, gives the change of the total

    .. math:: \sum_i D_i E[M_i | v_{g(i)}] / \sum_i D_i E[M_i | v] - 1

    Nothing is known of the spend of customers without repeat purchases (or whose amounts were set aside): in the
    second model they take the scale of the lowest group. The interval comes from drawing whole customers again and
    fitting both models each time; the purchase model is kept as it is.

    Correlations alone mislead: the mean of few purchases is more skewed than that of many, so ranks correlate even
    where spend does not depend on frequency. The table says how much of that to expect.

    Parameters
    ----------
    data : pandas.DataFrame or Summary
        ``frequency``, ``monetary_value``, optionally ``weights`` (whole numbers); with `model` also ``recency``, ``T``.
    model : PurchaseModel, optional
        Fitted model of repeat buying: D is then the discounted number of purchases over `horizon` and the total is
        lifetime value before margin. Without it D = 1: one purchase of every customer.
    horizon : float, optional
        In the unit of the data; needed with `model`, may be infinite.
    annual_discount : float
        Effective yearly rate.
    level : float in (0, 1)
    draws : int
        Bootstrap samples; with more than 10,000 customers so many are drawn and the spread scaled [2]_.
    least : int >= 10
        Customers with repeat purchases a group must have.
    most_groups : int >= 2
    nonpositive : {"error", "set_aside"}
        As in `GammaGamma`.
    seed : int

    Returns
    -------
    Independence
        Without an estimate of the change (NaN) where there are too few customers for two groups.

    Raises
    ------
    InputError
        If rows are impossible, or options do not fit.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). RFM and CLV. Journal of Marketing Research 42, 415-430, section on spend.
    .. [2] Bickel, Gotze, van Zwet (1997). Resampling fewer than n observations. Statistica Sinica 7, 1-31.

    Examples
    --------
    >>> truth = GammaGamma.with_params(p=6, q=4, v=15)
    >>> frame = pd.DataFrame({"frequency": [0, 1, 2, 5] * 200})
    >>> frame["monetary_value"] = truth.simulate(frame["frequency"], seed=1)
    >>> result = independence(frame, draws=50)
    >>> result.groups["frequency_group"].tolist(), bool(result.change.low < 0 < result.change.high)
    (['0', '1', '2', '5', 'total'], True)
    """
    check_level(level)
    _check_options(draws, least, most_groups)
    cases, pooled = as_spend_cases(data, nonpositive=nonpositive), GammaGamma(nonpositive=nonpositive).fit(data)
    each = _each(cases)
    purchases = _purchases(data, model, horizon, annual_discount, len(cases.x))
    buyers = each[cases.x[each] > 0]
    related = correlations(cases.x[buyers], cases.m[buyers], model=pooled, level=level, draws=draws, seed=seed)
    edges = frequency_edges(cases.x[buyers], least=least, most=most_groups)
    labels = ["0", *_labels(cases.x[buyers], edges)]
    shown = np.where(cases.x > 0, 1 + _group(cases.x, edges), 0)
    moved = _Moved.of(cases, edges)
    groups = _table(cases, labels, shown, purchases, moved, level)
    redrawn = _redrawn(cases, each, edges, shown, purchases, moved, draws, seed)
    found = np.array(list(redrawn)) if len(edges) > 1 else None
    changes = _changes(groups["pooled_total"], groups["grouped_total"], found, len(each), level)
    groups[["total_change", "total_change_low", "total_change_high"]] = changes
    names = np.array(labels, dtype=object)[shown]
    customers = pd.DataFrame({"frequency_group": names, "pooled_spend": moved.pooled, "grouped_spend": moved.grouped},
                             index=cases.index)  # fmt: skip
    customers["spend_change"] = customers["grouped_spend"] / customers["pooled_spend"] - 1
    p_value = float(chdtrc(len(edges) - 1, moved.chi2)) if len(edges) > 1 else math.nan
    return Independence(len(buyers), related, groups[groups["customers"] > 0].reset_index(drop=True), customers,
                        changes[-1], moved.chi2, len(edges) - 1, p_value, model is not None, level)  # fmt: skip


def frequency_edges(x: np.ndarray, *, least: int = 100, most: int = 5) -> np.ndarray:
    """Return the lowest frequency of each group: at most `most` of similar size, each with at least `least` customers.

    Examples
    --------
    >>> frequency_edges(np.repeat([1, 2, 3, 4], [50, 20, 15, 15]), least=20).tolist()
    [1, 2, 3]
    """
    levels, count = np.unique(x, return_counts=True)
    edges, inside, wanted = [], 0, 0.0
    for level, customers, left in zip(levels, count, count[::-1].cumsum()[::-1]):
        if not edges or (inside >= wanted and left >= least and len(edges) < most):
            wanted = max(least, left / (most - len(edges)))
            edges.append(level)
            inside = 0
        inside += customers
    return np.array(edges)


class _Moved(NamedTuple):
    """Expected spend of each customer under both models, and how much better the second one fits."""

    pooled: np.ndarray
    grouped: np.ndarray
    chi2: float
    ends: tuple[np.ndarray | None, np.ndarray | None] = (None, None)  # the maxima, in logarithms

    @classmethod
    def of(cls, cases: SpendCases, edges: np.ndarray, *, near: _Moved | None = None) -> _Moved:
        buyers, value, first = cases.take(cases.x > 0), GammaGamma._value, near.ends if near else (None, None)
        one = search(buyers, first=first[0])
        pooled = value(tuple(map(np.asarray, one.params)), cases.x, cases.m)
        if len(edges) < 2:
            return cls(pooled, np.full(len(pooled), math.nan), math.nan)
        several = search(buyers.take(slice(None), group=_group(buyers.x, edges)), first=first[1])
        p, q, *scales = several.params
        theta = (np.asarray(p), np.asarray(q), np.array(scales)[_group(cases.x, edges)])
        gain = 2 * (several.derivatives.value - one.derivatives.value)
        ends = one.log_params, several.log_params
        return cls(pooled, value(theta, cases.x, cases.m), max(float(gain), 0.0), ends)


def _group(x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the group of each customer; those without repeat purchases take the lowest."""
    return np.maximum(np.searchsorted(edges, x, side="right") - 1, 0)


def _labels(x: np.ndarray, edges: np.ndarray) -> list[str]:
    ends = [x[_group(x, edges) == place].max() for place in range(len(edges))]
    names = [f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}" for low, high in zip(edges, ends)]
    return [*names[:-1], f"{edges[-1]:.0f}+" if edges[-1] < ends[-1] else names[-1]]


def _table(
    cases: SpendCases, labels: list[str], shown: np.ndarray, purchases: np.ndarray, moved: _Moved, level: float
) -> pd.DataFrame:
    rows = []
    for place, label in enumerate([*labels, "total"]):
        inside = shown == place if label != "total" else np.ones(len(shown), bool)
        weight = cases.weight[inside]
        known = np.repeat(cases.m[inside], weight.astype(int))
        mean = mean_t(known[np.isfinite(known)], level=level)
        pooled, grouped = moved.pooled[inside], moved.grouped[inside]
        count = float(weight.sum()) or math.nan
        rows.append({
            "frequency_group": label,
            "customers": int(weight.sum()),
            "mean_frequency": float(weight @ cases.x[inside]) / count,
            "mean_spend": mean.value, "mean_spend_low": mean.low, "mean_spend_high": mean.high,
            "pooled_spend": float(weight @ pooled) / count,
            "grouped_spend": float(weight @ grouped) / count,
            "weighing_purchases": float(weight @ purchases[inside]),
            "pooled_total": float(weight @ (purchases[inside] * pooled)),
            "grouped_total": float(weight @ (purchases[inside] * grouped)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _redrawn(
    cases: SpendCases, each: np.ndarray, edges: np.ndarray, shown: np.ndarray, purchases: np.ndarray, whole: _Moved,
    draws: int, seed: int,
) -> Iterator[np.ndarray]:  # fmt: skip
    """Yield the change of each group and of the total in samples of customers drawn again."""
    for rows in samples(len(each), draws, seed):
        drawn = each[rows]
        sample = SpendCases(cases.x[drawn], cases.m[drawn], np.ones(len(drawn)), pd.RangeIndex(len(drawn)),
                            cases.ledger, cases.group[drawn])  # fmt: skip
        moved, groups = _Moved.of(sample, edges, near=whole), len(edges) + 1
        weight = purchases[drawn]
        sums = [np.bincount(shown[drawn], weights=weight * values, minlength=groups) for values in moved[:2]]
        with np.errstate(invalid="ignore", divide="ignore"):
            yield np.append(sums[1] / sums[0], sums[1].sum() / sums[0].sum()) - 1


def _changes(
    pooled: pd.Series, grouped: pd.Series, found: np.ndarray | None, customers: int, level: float
) -> list[Estimate]:
    if found is None:
        return [UNKNOWN] * len(pooled)
    with np.errstate(invalid="ignore", divide="ignore"):
        points = (grouped / pooled - 1).to_numpy()
    return [spread(point, column, customers, level) for point, column in zip(points, found.T)]


def _each(cases: SpendCases) -> np.ndarray:
    """Return the place of each customer's row, as often as the row has customers."""
    if (cases.weight != np.rint(cases.weight)).any():
        raise InputError("weights must be whole numbers here: customers are drawn one by one",
                         zh="权重必须是整数")  # fmt: skip
    return np.repeat(np.arange(len(cases.x)), cases.weight.astype(int))


def _purchases(
    data: object, model: PurchaseModel | None, horizon: float | None, annual_discount: float, rows: int
) -> np.ndarray:
    if model is None:
        return np.ones(rows)
    if horizon is None:
        raise InputError("a purchase model needs a horizon", mend="horizon=52 values the next 52 units of time",
                         zh="给出购买模型时须给出期限 horizon")  # fmt: skip
    unit = getattr(model, "unit_", "") or getattr(data, "unit", "") or getattr(data, "attrs", {}).get("unit", "")
    rate = rate_per_unit(annual_discount, unit=unit) if annual_discount else 0.0
    return model.discounted_purchases(data, discount=rate, horizon=horizon).to_numpy(float)


def _check_options(draws: int, least: int, most_groups: int) -> None:
    wrong = [f"draws={draws}"] * (draws < 1) + [f"least={least}"] * (least < LEAST)
    wrong += [f"most_groups={most_groups}"] * (most_groups < 2)
    if wrong:
        raise InputError(f"these options do not fit: {', '.join(wrong)}",
                         expected=f"draws >= 1, least >= {LEAST}, most_groups >= 2")  # fmt: skip
