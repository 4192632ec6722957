"""The one prediction table of customers: P(alive), purchases, spend and lifetime value, each with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.prediction.money import Expectation, product_interval
from crm_analysis.clv.prediction.outcome import total_spend
from crm_analysis.clv.prediction.posterior import Posterior, posterior
from crm_analysis.clv.prediction.purchases import Foreseen, foresee
from crm_analysis.clv.prediction.setting import Setting, check_money, customers_of
from crm_analysis.clv.spend.gamma_gamma import GammaGamma

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
    frame, cases = customers_of(model, data)
    setting = Setting.of(model, data, horizon=horizon, annual_discount=annual_discount, level=level, draws=draws,
                         seed=seed, unit=unit)  # fmt: skip
    foreseen = foresee(model, cases, setting)
    table = _table(frame, ["frequency", "recency", "T"], cases, foreseen)
    return _state(table, model, setting, foreseen.notes)


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
    customer's mean discount. Who stays longest buys latest, so that the upper limit is a little too high: beside
    simulated customers whose purchases are discounted at their own times, at 10 % a year, by at most 1 % for one
    year, 3 % for three and 6 % for five.

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
    >>> table[["expected_spend", "clv", "value_low", "value_high"]].round(1).to_numpy().tolist()
    [[24.7, 13.1, 0.0, 58.6], [35.2, 1.4, 0.0, 17.2]]
    >>> table.attrs["unit"], table.attrs["currency"], round(table.attrs["horizon"], 4)
    ('week', 'USD', 52.1775)
    """
    check_money(spend, margin)
    frame, cases = customers_of(model, data)
    setting = Setting.of(model, data, horizon=horizon, annual_discount=annual_discount, level=level, draws=draws,
                         seed=seed, unit=unit)  # fmt: skip
    bought = spend._cases_of(frame)
    foreseen = foresee(model, cases, setting)
    table = _table(frame, ["frequency", "recency", "T", "monetary_value"], cases, foreseen)

    tail = (1 - level) / 2
    known = posterior(spend, draws=draws, seed=seed) if spend.fitted_ else None
    expected = Expectation.of(spend, bought, known, tail)
    low, high = expected.interval(spend, known, level) if known else (np.nan, np.nan)
    _put(table, "expected_spend", expected.value, low, high)
    points = margin * expected.value * table["discounted_purchases"].to_numpy()
    parts = (_three(table, name) for name in ("expected_spend", "discounted_purchases"))
    _put(table, "clv", points, *product_interval(points, *parts))
    outcome = total_spend(spend, bought, cases, foreseen, tail=tail)
    table["value_low"], table["value_high"] = (margin * values for values in outcome)
    table["spend_basis"] = expected.basis

    notes = foreseen.notes + _spend_notes(expected, known)
    return _state(table, model, setting, notes, spend_model=spend.key, margin=float(margin),
                  currency=currency or spend.currency_ or str(getattr(data, "currency", "") or ""))  # fmt: skip


def _spend_notes(expected: Expectation, known: Posterior | None) -> list[dict[str, str]]:
    notes = [MEDIAN] if expected.median.any() else []
    if known is not None and not known.reliable:
        notes.append({"zh": f"消费模型：{known.zh}", "en": f"Spend model: {known.en}"})
    return notes


def _table(frame: pd.DataFrame, kept: list[str], cases: Cases, foreseen: Foreseen) -> pd.DataFrame:
    own = {name: frame[name].to_numpy(copy=True) for name in kept}
    spread = {name: values[cases.row] for name, values in foreseen.columns.items()}
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
