"""The one prediction table of customers: P(alive), purchases, spend and lifetime value, each with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import Cases, as_cases
from crm_analysis.clv.counts import Counts
from crm_analysis.clv.gamma_gamma import GammaGamma
from crm_analysis.clv.model import PurchaseModel
from crm_analysis.clv.money import Expectation, product_interval
from crm_analysis.clv.outcome import Spend
from crm_analysis.clv.posterior import Posterior, posterior
from crm_analysis.clv.setting import Setting
from crm_analysis.clv.uncertainty import LINKS, limits, part, quantities
from crm_analysis.errors import InputError

NO_INTERVALS = {
    "zh": "模型参数是给定的，没有经过拟合，因此没有参数区间。",
    "en": "The parameters were given, not fitted, so how sure they are is not known: no parameter intervals.",
}
MEDIAN = {
    "zh": "消费模型的总体均值不存在，或无法与无穷大区分：spend_basis 为中位数的客户改用中位数，其价值不是期望值。",
    "en": "The mean spend does not exist for some customers, or cannot be told from infinity: where spend_basis says "
    "so, the median stands in, and the value is no expectation.",
}


def predict(
    model: PurchaseModel,
    data: object,
    *,
    horizon: float | str,
    level: float = 0.95,
    annual_discount: float = 0.10,
    unit: str = "",
    seed: int = 0,
    draws: int = 1000,
) -> pd.DataFrame:
    """What each customer is expected to do, with what the parameters leave open and what chance does.

    Two intervals are told apart. ``expected_purchases_low`` to ``_high`` is the parameter interval of the mean: it
    shrinks as more customers are observed. ``purchases_low`` to ``purchases_high`` is the outcome interval: what this
    customer may really do (at the model's parameters); it does not shrink.

    Parameters
    ----------
    model : PurchaseModel
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``.
    horizon : float or str
        Time after T, in the unit of the data; or a text such as ``"12 months"``.
    level : float
        Of all intervals.
    annual_discount : float
        Yearly rate; 0.10 is 10 %.
    unit : str
        What T is counted in, if neither model nor data say.
    seed, draws : int
        Of the posterior of the parameters.

    Returns
    -------
    pandas.DataFrame
        The caller's index; ``frequency``, ``recency``, ``T``; ``p_alive`` and ``p_alive_end`` (at T + horizon),
        ``expected_purchases``, ``discounted_purchases``, each with ``_low``, ``_high`` (parameter interval);
        ``purchases_low``, ``purchases_high`` (outcome interval); ``p_zero``, the probability of no purchase.
        ``attrs`` state model, horizon, unit, discount and level, and in ``notes`` what to know about the intervals.

    Raises
    ------
    InputError
        If customers, horizon, level or discount cannot be, the model is not fitted, or units differ.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738, unit="week")
    >>> frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    >>> table = predict(model, frame, horizon=39)
    >>> table[["expected_purchases", "purchases_low", "purchases_high", "p_zero"]].round(3).to_numpy().tolist()
    [[1.455, 0.0, 6.0, 0.408], [0.107, 0.0, 1.0, 0.931]]
    """
    setting = Setting.of(model, data, horizon=horizon, annual_discount=annual_discount, level=level, draws=draws,
                         seed=seed, unit=unit)  # fmt: skip
    frame, cases = _customers(model, data)
    columns, _, notes = _purchases(model, cases, setting)
    table = _table(frame, ["frequency", "recency", "T"], cases, columns)
    return _state(table, model, setting, notes)


def value(
    model: PurchaseModel,
    spend: GammaGamma,
    data: object,
    *,
    horizon: float | str,
    annual_discount: float = 0.10,
    margin: float = 1.0,
    currency: str = "",
    level: float = 0.95,
    unit: str = "",
    seed: int = 0,
    draws: int = 1000,
) -> pd.DataFrame:
    r"""Customer lifetime value in a horizon, with all that leads to it.

    .. math:: CLV = margin \cdot E[M \mid x, m] \cdot E[\text{discounted purchases} \mid x, t_x, T]

    Spend is taken as independent of how often a customer buys. The parameter interval ``clv_low`` to ``clv_high``
    joins what both models' parameters leave open. The outcome interval ``value_low`` to ``value_high`` is what this
    customer may really bring: the sum of a random number of purchases of random size, each discounted by the
    customer's mean discount (in simulations with purchases discounted at their own times, 10 % a year and up to five
    years, its limits were off by less than 2 %).

    Parameters
    ----------
    model : PurchaseModel
    spend : GammaGamma
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``, ``monetary_value`` (mean spend per repeat purchase; empty if there is none).
    horizon : float or str
        Time after T, in the unit of the data; or a text such as ``"12 months"``.
    annual_discount : float
        Yearly rate; 0.10 is 10 %.
    margin : float
        Share of spend that is margin, above 0 and at most 1; 1 values revenue.
    currency : str
        Only stated in ``attrs``.
    level, unit, seed, draws
        As in `predict`.

    Returns
    -------
    pandas.DataFrame
        The columns of `predict` with ``monetary_value``, and ``expected_spend``, ``clv`` with their parameter
        intervals, ``value_low``, ``value_high``, and ``spend_basis``: ``own_history`` or ``population_mean`` (nothing
        known of this customer's spend), or ``own_median``, ``population_median`` where no mean exists.

    Raises
    ------
    InputError
        As `predict`; if the spend model is not fitted, or customers with repeat purchases have no usable amount.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738, unit="week")
    >>> spend = GammaGamma.with_params(p=6.248802, q=3.744589, v=15.447751)
    >>> frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86],
    ...                       "monetary_value": [22.35, float("nan")]})
    >>> table = value(model, spend, frame, horizon="12 months", margin=0.3, currency="USD")
    >>> table[["expected_spend", "clv", "value_low", "value_high"]].round(2).to_numpy().tolist()
    [[24.66, 13.14, 0.0, 58.62], [35.17, 1.38, 0.0, 17.22]]
    >>> table.attrs["unit"], table.attrs["currency"], round(table.attrs["horizon"], 4)
    ('week', 'USD', 52.1775)
    """
    setting = Setting.of(model, data, horizon=horizon, annual_discount=annual_discount, level=level, draws=draws,
                         seed=seed, unit=unit)  # fmt: skip
    _check_money(spend, margin)
    frame, cases = _customers(model, data)
    bought = spend._cases_of(frame)
    columns, counts, notes = _purchases(model, cases, setting)
    table = _table(frame, ["frequency", "recency", "T", "monetary_value"], cases, columns)

    tail = (1 - level) / 2
    known = posterior(spend, draws=draws, seed=seed) if spend.fitted_ else None
    expected = Expectation.of(spend, bought, known, tail)
    low, high = expected.interval(spend, known, level) if known else (np.nan, np.nan)
    _put(table, "expected_spend", expected.value, low, high)
    points = margin * expected.value * table["discounted_purchases"].to_numpy()
    parts = (_three(table, name) for name in ("expected_spend", "discounted_purchases"))
    _put(table, "clv", points, *product_interval(points, *parts))
    outcome = _outcome(model, spend, bought, cases, counts, columns, setting)
    table["value_low"], table["value_high"] = (margin * values for values in outcome)
    table["spend_basis"] = expected.basis

    notes += _spend_notes(expected, known)
    return _state(table, model, setting, notes, spend_model=spend.key, margin=float(margin),
                  currency=currency or spend.currency_ or str(getattr(data, "currency", "") or ""))  # fmt: skip


# Purchases


def _purchases(
    model: PurchaseModel, cases: Cases, setting: Setting
) -> tuple[dict[str, np.ndarray], Counts, list[dict[str, str]]]:
    """Return the columns of purchases per distinct case, how many purchases there may be, and what to know."""
    params = model.params_.to_numpy()[None, :]
    points = dict(zip(LINKS, quantities(model, params, cases, setting.ahead)[:, 0]))
    found = posterior(model, draws=setting.draws, seed=setting.seed) if model.fitted_ else None
    sides = limits(model, found, cases, setting.ahead, level=setting.level) if found else {}
    columns: dict[str, np.ndarray] = {}
    for name, point in points.items():
        columns[name] = point
        columns[f"{name}_low"] = np.minimum(sides.get(f"{name}_low", np.nan), point)
        columns[f"{name}_high"] = np.maximum(sides.get(f"{name}_high", np.nan), point)
        if name == "expected_purchases":
            counts, tail = Counts.of(model, cases, setting.horizon), (1 - setting.level) / 2
            alive = points["p_alive"]
            columns["purchases_low"] = counts.quantile(alive, tail).astype(np.int64)
            columns["purchases_high"] = counts.quantile(alive, 1 - tail).astype(np.int64)
            columns["p_zero"] = 1 - alive * (1 - counts.zero[counts.of_case])
    return columns, counts, _notes(found)


def _notes(found: Posterior | None) -> list[dict[str, str]]:
    if found is None:
        return [NO_INTERVALS]
    return [] if found.reliable and not found.undetermined else [{"zh": found.zh, "en": found.en}]


def _customers(model: PurchaseModel, data: object) -> tuple[pd.DataFrame, Cases]:
    if not isinstance(model, PurchaseModel):
        raise InputError(f"a purchase model was expected, not {type(model).__name__}",
                         expected="a fitted ParetoNBD, BGNBD, MBGNBD, NBD or BGBB", zh="需要购买模型")  # fmt: skip
    model.theta_  # noqa: B018  (tells if the model is not fitted)
    if not model.discrete:
        cases = as_cases(data)
        return getattr(data, "frame", data), cases
    from crm_analysis.clv.occasions import occasions, with_occasions

    data = with_occasions(data)
    cases = occasions(data)
    return getattr(data, "frame", data), cases


# Money


def _outcome(
    model: PurchaseModel,
    spend: GammaGamma,
    bought: Any,
    cases: Cases,
    counts: Counts,
    columns: dict[str, np.ndarray],
    setting: Setting,
) -> list[np.ndarray]:
    """Return quantiles of the total spend of each customer, discounted by the customer's mean discount."""
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = np.nan_to_num(columns["discounted_purchases"] / columns["expected_purchases"], nan=1.0)
    tail, alive, scale = (1 - setting.level) / 2, columns["p_alive"], float(spend.theta_[2]) + bought.spent
    total = Spend.of(counts, spend.theta_)
    found = [scale * (worth * total.quantile(counts, alive, prob))[cases.row] for prob in (tail, 1 - tail)]
    strangers = np.flatnonzero((bought.x == 0) & (cases.x[cases.row] > 0))
    if len(strangers):  # they bought again, but nothing is known of their spend
        rows = cases.row[strangers]
        some = Counts.of(model, part(cases, rows), setting.horizon)
        total = Spend.of(some, spend.theta_, known=False)
        for values, prob in zip(found, (tail, 1 - tail)):
            values[strangers] = scale[strangers] * worth[rows] * total.quantile(some, alive[rows], prob)
    return found


def _check_money(spend: object, margin: object) -> None:
    if not isinstance(spend, GammaGamma):
        raise InputError(f"a spend model was expected, not {type(spend).__name__}", expected="a fitted GammaGamma",
                         zh="需要消费金额模型")  # fmt: skip
    spend.theta_  # noqa: B018  (tells if the model is not fitted)
    number = isinstance(margin, (int, float, np.number)) and not isinstance(margin, bool)
    if not (number and 0 < margin <= 1):
        hint = f"if {margin:g} % was meant, give {margin / 100:g}" if number and 1 < margin <= 100 else ""
        raise InputError(f"margin must be a share of spend above 0 and at most 1; got {margin!r}", mend=hint,
                         zh="毛利率应大于 0 且不超过 1")  # fmt: skip


def _spend_notes(expected: Expectation, known: Posterior | None) -> list[dict[str, str]]:
    notes = [MEDIAN] if expected.median.any() else []
    if known is not None and not known.reliable:
        notes.append({"zh": f"消费模型：{known.zh}", "en": f"Spend model: {known.en}"})
    return notes


# The table


def _table(frame: pd.DataFrame, kept: list[str], cases: Cases, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    own = {name: frame[name].to_numpy(copy=True) for name in kept}
    spread = {name: values[cases.row] for name, values in columns.items()}
    return pd.DataFrame(own | spread, index=cases.index, copy=False)


def _put(table: pd.DataFrame, name: str, point: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Add an estimate and its interval, which always holds the estimate."""
    table[name], table[f"{name}_low"], table[f"{name}_high"] = point, np.minimum(low, point), np.maximum(high, point)


def _three(table: pd.DataFrame, name: str) -> tuple[np.ndarray, ...]:
    return tuple(table[f"{name}{side}"].to_numpy() for side in ("", "_low", "_high"))


def _state(
    table: pd.DataFrame,
    model: PurchaseModel,
    setting: Setting,
    notes: list[dict[str, str]],
    *,
    spend_model: str = "",
    margin: float | None = None,
    currency: str = "",
) -> pd.DataFrame:
    table.attrs = {
        "model": model.key,
        "spend_model": spend_model,
        "horizon": setting.horizon,
        "unit": setting.unit,
        "annual_discount": setting.annual,
        "discount_per_unit": setting.discount,
        "margin": margin,
        "currency": currency,
        "level": setting.level,
        "notes": notes,
    }
    return table
