"""Totals over customers: how many are active, how often they will buy, what they are worth, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.clv.prediction.money import Expectation, line_of
from crm_analysis.clv.prediction.posterior import Posterior, posterior
from crm_analysis.clv.prediction.setting import Setting, check_money, customers_of
from crm_analysis.clv.prediction.uncertainty import quantities

if TYPE_CHECKING:
    from crm_analysis.clv.cases import Cases
    from crm_analysis.clv.models.model import PurchaseModel
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

AT_ONCE = 20  # draws held in memory together


def totals(
    model: PurchaseModel,
    data: object,
    *,
    horizon: float | str,
    spend: GammaGamma | None = None,
    annual_discount: float = 0.10,
    margin: float = 1.0,
    level: float = 0.95,
    draws: int = 200,
    seed: int = 0,
    unit: str = "",
) -> pd.DataFrame:
    r"""Sums over customers, each with its interval for what the parameters leave open.

    .. math:: \sum_i P_i(alive), \quad \sum_i E[X_i(t)], \quad g \sum_i E[M_i] \, DET_i(t)

    computed at each draw of the posterior, so that errors common to all customers do not cancel as they would if
    intervals of single customers were added. The interval does not hold what chance does to the customers, which
    for a total of many is small, nor a change of the market: a holdout tells how large that can be.

    Parameters
    ----------
    model : PurchaseModel
        Fitted.
    data : pandas.DataFrame or Summary
        The customers to add up: all, or a part of them.
    horizon : float or str
        In the unit of the data, or a text such as ``12 months``.
    spend : GammaGamma, optional
        Fitted; adds the row ``clv``.
    annual_discount, margin, level, draws, seed, unit
        As in `clv.value`.

    Returns
    -------
    pandas.DataFrame
        Rows ``active_customers``, ``expected_purchases`` [and ``clv``]; columns ``total``, ``total_low``,
        ``total_high``.

    Raises
    ------
    InputError
        If an argument cannot be used, or a model is not fitted.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738, unit="week")
    >>> frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    >>> totals(model, frame, horizon=39)["total"].round(3).tolist()
    [1.164, 1.562]
    """
    setting = Setting.of(model, data, horizon=horizon, annual_discount=annual_discount, level=level, draws=draws,
                         seed=seed, unit=unit)  # fmt: skip
    frame, cases = customers_of(model, data)
    found = posterior(model, draws=draws, seed=seed) if model.fitted_ else None
    alive, bought, *discounted = _per_draw(model, cases, setting, found, discounted=spend is not None)
    rows = {"active_customers": alive @ cases.weight, "expected_purchases": bought @ cases.weight}
    if spend is not None:
        check_money(spend, margin)
        rows["clv"] = margin * _money(spend, frame, cases, discounted[0], setting)
    tail = (1 - level) / 2
    table = {}
    for name, drawn in rows.items():
        low, high = np.quantile(drawn[1:], [tail, 1 - tail]) if found is not None else (np.nan, np.nan)
        table[name] = {"total": drawn[0], "total_low": np.fmin(low, drawn[0]), "total_high": np.fmax(high, drawn[0])}
        if found is None:
            table[name] |= {"total_low": np.nan, "total_high": np.nan}
    result = pd.DataFrame.from_dict(table, orient="index").rename_axis("measure")
    result.attrs = {"horizon": setting.horizon, "unit": setting.unit, "annual_discount": annual_discount,
                    "margin": float(margin), "level": level, "model": model.key}  # fmt: skip
    return result


def _per_draw(
    model: PurchaseModel, cases: Cases, setting: Setting, found: Posterior | None, *, discounted: bool
) -> list[np.ndarray]:
    """Return P(alive), purchases [and discounted purchases] of each case: first the estimate, then each draw."""
    params = model.params_.to_numpy()[None, :]
    if found is not None:
        params = np.vstack([params, found.draws.to_numpy()])
    parts = [quantities(model, params[at : at + AT_ONCE], cases, setting.ahead, discounted=discounted)
             for at in range(0, len(params), AT_ONCE)]  # fmt: skip
    alive, _, *purchases = np.concatenate(parts, axis=1)
    return [alive, *purchases]


def _money(
    spend: GammaGamma, frame: pd.DataFrame, cases: Cases, discounted: np.ndarray, setting: Setting
) -> np.ndarray:
    """Return the sum of expected spend times discounted purchases: spend is a line in the customer's own mean."""
    known = posterior(spend, draws=setting.draws, seed=setting.seed) if spend.fitted_ and len(discounted) > 1 else None
    expected = Expectation.of(spend, spend._cases_of(frame), known, (1 - setting.level) / 2)
    theta = spend.theta_ if known is None else (np.append(at, drawn) for at, drawn in zip(spend.theta_, known.theta))
    constant, slope = line_of(spend, theta, expected.x, expected.median)
    weight = frame["weights"].to_numpy(float) if "weights" in frame else np.ones(len(frame))
    pairs, place = np.unique(cases.row * len(expected.x) + expected.level, return_inverse=True)
    case, level = np.divmod(pairs, len(expected.x))
    count, money = np.bincount(place, weight), np.bincount(place, weight * expected.m)
    total = np.empty(len(discounted))
    for draw, ahead in enumerate(discounted):
        line = min(draw, len(constant) - 1)
        total[draw] = ahead[case] @ (constant[line, level] * count + slope[line, level] * money)
    return total
