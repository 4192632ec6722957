"""What a model says of every possible customer: a measure over frequency and recency at a given T."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import as_cases
from crm_analysis.errors import InputError


def recency_frequency(
    measure: Callable[..., pd.Series], *, T: float, most: int = 12, steps: int = 48, unit: str = "", **options: Any
) -> pd.DataFrame:
    """A measure of customers over frequency (rows) and recency (columns), all observed for the same time T.

    Parameters
    ----------
    measure : callable
        Takes customers (``frequency``, ``recency``, ``T``) and returns a Series: ``model.probability_alive``,
        ``model.expected_purchases`` with ``horizon=52``, ``model.discounted_purchases`` with ``discount=0.0027``,
        or what `value_at` returns.
    T : float
        Time since the first purchase, in the unit of the model.
    most : int
        Highest frequency.
    steps : int
        How many values of recency from 0 to T.
    unit : str
        Unit of time, for labels.
    **options
        For `measure`.

    Returns
    -------
    pandas.DataFrame
        Index ``frequency`` (0 ... most), columns ``recency`` (0 ... T). A customer without repeat purchase has
        recency 0, all others have recency above 0: cells that cannot be are NaN. ``attrs`` holds measure (its name), T,
        unit and the options.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
    >>> recency_frequency(model.probability_alive, T=38.86, most=2, steps=2).round(2).to_numpy().tolist()
    [[0.3, nan, nan], [nan, 0.66, 1.0], [nan, 0.58, 1.0]]
    """
    if not (np.isfinite(T) and T > 0 and most >= 1 and steps >= 1):
        raise InputError(f"T must be above 0, most and steps from 1; got T={T}, most={most}, steps={steps}",
                         zh="T 必须大于 0")  # fmt: skip
    recency = np.append(np.linspace(0, T, int(steps) + 1)[:-1], T)
    rows = [(0, 0.0), *((x, tx) for x in range(1, int(most) + 1) for tx in recency[1:])]
    frame = pd.DataFrame(rows, columns=["frequency", "recency"]).assign(T=float(T))
    values = measure(frame, **options)
    cells = np.full((int(most) + 1, len(recency)), np.nan)
    cells[0, 0], cells[1:, 1:] = values.iloc[0], values.iloc[1:].to_numpy(float).reshape(int(most), -1)
    table = pd.DataFrame(cells, index=pd.RangeIndex(int(most) + 1, name="frequency"),
                         columns=pd.Index(recency, name="recency"))  # fmt: skip
    table.attrs = {"measure": values.name, "T": float(T), "unit": unit, **options}
    return table


def value_at(
    model: Any, spend: Any, *, mean_spend: float, discount: float, horizon: float = float("inf"), margin: float = 1.0
) -> Callable[[pd.DataFrame], pd.Series]:
    """CLV of customers with a given mean spend, as a measure for `recency_frequency`.

    ``CLV = margin * E[M | x, m] * discounted expected purchases``; a customer without repeat purchase gets the mean
    spend of the population.

    Parameters
    ----------
    model : model of repeat buying
    spend : GammaGamma
    mean_spend : float
        Mean spend per repeat purchase of these customers.
    discount : float
        Continuous rate per unit of time (see `rate_per_unit`).
    horizon : float
        In the unit of the model; infinite by default.
    margin : float
        Share of spend that is profit.

    Returns
    -------
    callable
        From customers to a Series named ``clv``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.5629966, alpha=12.5590370, s=0.4081095, beta=10.5148048)
    >>> spend = SimpleNamespace(expected_spend=lambda frame: frame["monetary_value"])
    >>> measure = value_at(model, spend, mean_spend=100.0, discount=0.0027)
    >>> measure(pd.DataFrame({"frequency": [7], "recency": [35.0], "T": [77.86]})).round(2).tolist()
    [186.42]
    """

    def clv(frame: pd.DataFrame) -> pd.Series:
        spends = spend.expected_spend(frame.assign(monetary_value=np.where(frame["frequency"] > 0, mean_spend, np.nan)))
        purchases = model.discounted_purchases(frame, discount=discount, horizon=horizon)
        return (margin * spends * purchases).rename("clv")

    return clv


def falling_from(table: pd.DataFrame) -> pd.Series:
    """For each recency the frequency at which the value is highest: beyond it, more purchases mean less value.

    The paradox of increasing frequency: of two customers who bought last on the same day long ago, the one who used
    to buy more often is more surely gone.

    Parameters
    ----------
    table : pandas.DataFrame
        From `recency_frequency`.

    Returns
    -------
    pandas.Series
        Index recency; NaN where the value rises up to the highest frequency of the table.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). RFM and CLV. Journal of Marketing Research 42, 415-430, fig. 3.

    Examples
    --------
    >>> table = pd.DataFrame({0.0: [1, None, None], 5.0: [None, 3.0, 2.0], 9.0: [None, 3.0, 6.0]})
    >>> falling_from(table).tolist()
    [1.0, nan]
    """
    rising = table.loc[table.index > 0, table.columns > 0]
    peak = rising.idxmax().astype(float)
    return peak.where(peak < rising.index[-1]).rename("frequency")


def customers_at(data: object, *, T: float, most: int = 12, near: float = 0.1, bins: int = 24) -> pd.DataFrame:
    """Where customers are on the map of `recency_frequency`: how many, by frequency and stretch of recency.

    Only customers whose own T differs from `T` by at most the share `near` are on the map, each placed so that the time
    since the last purchase is right: at recency + (T - own T). One-time buyers stand at recency 0.

    Parameters
    ----------
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``, optionally ``weights``.
    T : float
    most : int
        Customers who bought more often are not on the map.
    near : float
    bins : int
        Stretches of recency.

    Returns
    -------
    pandas.DataFrame
        ``frequency``, ``recency`` (mean of the stretch), ``customers``. ``attrs`` holds near, and customers_away: those
        who are not on the map.

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [2, 2, 0, 2], "recency": [8.0, 8.2, 0, 3], "T": [10.0, 10.2, 10, 4]})
    >>> customers_at(frame, T=10.0).round(1).to_numpy().tolist()
    [[0.0, 0.0, 1.0], [2.0, 8.0, 2.0]]
    """
    cases = as_cases(data)
    place = np.where(cases.x > 0, np.clip(cases.tx + (T - cases.T), 0, T), 0.0)
    here = (np.abs(cases.T - T) <= near * T + 1e-9) & (cases.x <= most)
    stretch = np.minimum((place / T * bins).astype(int), bins - 1)
    frame = pd.DataFrame({"frequency": cases.x, "stretch": stretch, "customers": cases.weight,
                          "recency": cases.weight * place})[here]  # fmt: skip
    table = frame.groupby(["frequency", "stretch"], as_index=False)[["recency", "customers"]].sum()
    table["recency"] /= table["customers"]
    table = table.drop(columns="stretch")
    table.attrs = {"near": near, "customers_away": cases.customers - float(table["customers"].sum())}
    return table
