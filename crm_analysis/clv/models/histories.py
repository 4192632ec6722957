"""Customers made from a model, with their truth: summaries in continuous time, or logs of dated purchases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.clv.units import PER_YEAR, check_unit
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from crm_analysis.clv.models.model import PurchaseModel
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

MOST_PURCHASES = 1e7  # of one customer; beyond it the parameters are not those of buying
LEAST_TIME = np.finfo(float).tiny


def simulate(
    model: PurchaseModel, customers: int = 1000, *, T: ArrayLike = 52.0, holdout: float = 0.0, seed: int = 0
) -> pd.DataFrame:
    """Simulate customers of a model, with what no company knows.

    Each customer draws a purchase rate and an end of buying from the model, then buys at random until that end.
    Time is continuous: nothing is rounded to days, and no two purchases are merged. In a model on discrete
    occasions, times are numbers of occasions.

    Parameters
    ----------
    model : PurchaseModel
        Fitted, or at known parameters (`with_params`).
    customers : int
    T : float or array of shape (customers,)
        Length of observation since the first purchase, in the unit of the model.
    holdout : float
        Time after T in which purchases are counted too.
    seed : int
        The same seed gives the same customers.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``customer_id`` (text); ``frequency``, ``recency``, ``T``, with a holdout also
        ``frequency_holdout`` and ``duration_holdout``; and the truth: ``rate`` (purchases per unit while active; on
        occasions: the chance of buying), ``dead_at`` (time since the first purchase of leaving for good, inf if
        never; on occasions: the first one missed for ever) and ``alive_at_T``.

    Raises
    ------
    InputError
        If `customers`, `T` or `holdout` cannot be, or a customer would make more than 10 million purchases.

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> model = BGNBD.with_params(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, unit="week")
    >>> made = simulate(model, 1000, T=39, seed=1)
    >>> list(made.columns)
    ['frequency', 'recency', 'T', 'rate', 'dead_at', 'alive_at_T']
    >>> bool((made["recency"] <= made["dead_at"]).all())
    True
    """
    rng, T = np.random.default_rng(seed), _lengths(customers, T)
    if not (np.isfinite(holdout) and holdout >= 0):
        raise InputError(f"the holdout must be a time of 0 or more; got {holdout!r}", zh="留出期应为非负数字")
    made = _on_occasions if model.discrete else _in_time
    frame = pd.DataFrame(made(rng, model, T, float(holdout)), index=_ids(customers))
    frame.attrs["unit"] = model.unit_
    return frame if holdout else frame.drop(columns=["frequency_holdout", "duration_holdout"])


def simulate_log(
    model: PurchaseModel,
    customers: int = 1000,
    *,
    start: str = "2011-01-01",
    end: str | None = None,
    T: float | None = None,
    joined_by: str | None = None,
    unit: str = "",
    spend: GammaGamma | None = None,
    zone: str = "UTC",
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate the dated purchases of customers of a model, the first ones included.

    First purchases are spread evenly from `start` to `joined_by`. Moments are cut to days, so that a customer may
    have several rows on a day.

    Parameters
    ----------
    model : PurchaseModel
        Fitted, or at known parameters (`with_params`).
    customers : int
    start, end : str
        First and last day of the log.
    T : float, optional
        Instead of `end`: length of the log in units.
    joined_by : str, optional
        Last day of first purchases; by default after a quarter of the log.
    unit : str, optional
        ``day``, ``week``, ``month`` or ``year``; by default that of the model. On occasions: what lies between two.
    spend : GammaGamma, optional
        Draws the amounts: each is Gamma(p, rate nu), nu of a customer is Gamma(q, rate v).
    zone : str
        Time zone of ``ordered_at``.
    seed : int
        The same seed gives the same log.

    Returns
    -------
    pandas.DataFrame
        ``customer_id`` (text), ``ordered_at`` (midnight of the day), with `spend` also ``amount``; by day.

    Raises
    ------
    InputError
        If the days or the unit cannot be.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.55, alpha=10.6, s=0.61, beta=11.7, unit="week")
    >>> log = simulate_log(model, 200, start="2011-01-01", end="2011-12-31", seed=1)
    >>> log["customer_id"].nunique(), list(log.columns), str(log["ordered_at"].min().date())
    (200, ['customer_id', 'ordered_at'], '2011-01-01')
    """
    rng = np.random.default_rng(seed)
    scale = PER_YEAR["day"] / PER_YEAR[check_unit(unit or model.unit_ or "week")]  # days per unit
    first_day, days, joining = _window(start, end, T, joined_by, scale)
    first = rng.uniform(0, joining, len(_lengths(customers, 1.0)))
    purchases = _occasion_times if model.discrete else _times
    owner, time = purchases(rng, model, (days - first) / scale)
    owner = np.concatenate([np.arange(customers), owner])
    day = np.floor(np.concatenate([first, first[owner[customers:]] + time * scale])).astype(int)
    order = np.lexsort((owner, day))
    owner, day = owner[order], day[order]
    calendar = pd.date_range(first_day, periods=days, unit="us").tz_localize(zone)
    log = pd.DataFrame({"customer_id": _ids(customers).take(owner), "ordered_at": calendar.take(day)})
    if spend is not None:
        p, q, v = (float(spend.params_[name]) for name in ("p", "q", "v"))
        log["amount"] = rng.gamma(p, 1.0, len(log)) / rng.gamma(q, 1 / v, customers)[owner]
    return log


def _in_time(rng: np.random.Generator, model: PurchaseModel, T: np.ndarray, holdout: float) -> dict[str, np.ndarray]:
    rate, dead_at, left = _lives(rng, model, len(T))
    count, last, ended = _buy(rng, rate, np.minimum(T, dead_at), left)
    later, last_later, ended_later = _buy(rng, rate, np.clip(dead_at - T, 0, holdout), left - count)
    dead_at = np.select([ended, ended_later], [last, T + last_later], default=dead_at)
    left = left - count - later
    open_end = np.isinf(dead_at) & np.isfinite(left)  # leaves after a purchase later than all this
    with np.errstate(divide="ignore", over="ignore"):
        dead_at[open_end] = T[open_end] + holdout + rng.gamma(left[open_end]) / rate[open_end]
    return {
        "frequency": count, "recency": last, "T": T,
        "frequency_holdout": later, "duration_holdout": np.full(len(T), holdout),
        "rate": rate, "dead_at": dead_at, "alive_at_T": dead_at > T,
    }  # fmt: skip


def _lives(rng: np.random.Generator, model: PurchaseModel, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with np.errstate(divide="ignore", over="ignore"):  # who hardly ever leaves lives for ever
        return model._lives(rng, model.theta_, count)


def _buy(
    rng: np.random.Generator, rate: np.ndarray, time: np.ndarray, left: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return purchases in `time` by customers with `left` purchases to live, when the last was, and who left with it.

    Of N arrivals the k-th is at ``time * Beta(k, N - k + 1)``.
    """
    arrivals = _poisson(rng, rate * time)
    count = np.minimum(arrivals, left)
    some, last = count > 0, np.zeros(len(time))
    share = rng.beta(count[some], arrivals[some] - count[some] + 1)
    last[some] = np.maximum(time[some] * share, LEAST_TIME)
    return count, last, arrivals >= left


def _times(rng: np.random.Generator, model: PurchaseModel, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return whose each repeat purchase is, and its time since the first one."""
    rate, dead_at, left = _lives(rng, model, len(length))
    span = np.minimum(length, dead_at)
    arrivals = _poisson(rng, rate * span).astype(int)
    owner = np.repeat(np.arange(len(length)), arrivals)
    time = rng.random(len(owner)) * span[owner]
    time = time[np.lexsort((time, owner))]
    number = np.arange(len(owner)) - np.repeat(np.cumsum(arrivals) - arrivals, arrivals)
    kept = number < left[owner]
    return owner[kept], time[kept]


def _on_occasions(
    rng: np.random.Generator, model: PurchaseModel, T: np.ndarray, holdout: float
) -> dict[str, np.ndarray]:
    if (np.rint(T) != T).any() or holdout != round(holdout):
        raise InputError("T and the holdout must be whole numbers of occasions", zh="T 与留出期应为整数次购买机会")
    bought, chance, lived = model._occasions(rng, model.theta_, len(T), int(T.max() + holdout))
    number = np.arange(1, bought.shape[1] + 1)
    seen = bought & (number <= T[:, None])
    later = bought & (number > T[:, None]) & (number <= T[:, None] + holdout)
    return {
        "frequency": seen.sum(axis=1).astype(float), "recency": (seen * number).max(axis=1).astype(float), "T": T,
        "frequency_holdout": later.sum(axis=1).astype(float), "duration_holdout": np.full(len(T), holdout),
        "rate": chance, "dead_at": lived + 1, "alive_at_T": lived >= T,
    }  # fmt: skip


def _occasion_times(
    rng: np.random.Generator, model: PurchaseModel, length: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    bought, _, _ = model._occasions(rng, model.theta_, len(length), int(length.max()))
    owner, number = np.nonzero(bought)
    kept = number + 1 < length[owner]
    return owner[kept], number[kept] + 1.0


def _poisson(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    if not (mean < MOST_PURCHASES).all():
        raise InputError(f"a customer of this model would make more than {MOST_PURCHASES:,.0f} purchases",
                         expected="parameters and times in the same unit",
                         zh="模拟的购买次数过多，请检查参数与时间单位")  # fmt: skip
    return rng.poisson(mean).astype(float)


def _lengths(customers: int, T: ArrayLike) -> np.ndarray:
    if not (isinstance(customers, (int, np.integer)) and customers > 0):
        raise InputError(f"{customers!r} customers cannot be simulated", expected="a whole number from 1",
                         zh=f"无法模拟 {customers!r} 位客户")  # fmt: skip
    length = np.asarray(T, dtype=float)
    if length.ndim and length.shape != (customers,):
        raise InputError(f"{length.size} lengths T were given for {customers} customers", expected="one, or one each")
    if not (np.isfinite(length).all() and (length > 0).all()):
        raise InputError(f"T must be a time above 0; got {T!r}", zh="T 应为正数")
    return np.broadcast_to(length, (customers,)).copy()


def _window(
    start: str, end: str | None, T: float | None, joined_by: str | None, scale: float
) -> tuple[pd.Timestamp, int, float]:
    """Return the first day, the number of days, and over how many of them customers join."""
    if (end is None) == (T is None):
        raise InputError("the log needs an end or a length T, and not both", mend="end='2012-12-31', or T=104")
    days = T * scale if end is None else (_day(end) - _day(start)).days + 1
    joining = days / 4 if joined_by is None else (_day(joined_by) - _day(start)).days + 1
    if not 1 <= joining <= days:
        raise InputError("the days of the log are not in order", where=f"start {start}, joined_by {joined_by}, "
                         f"end {end if T is None else f'after {days:g} days'}",
                         expected="start <= joined_by <= end", zh="日期顺序有误")  # fmt: skip
    return _day(start), int(np.ceil(days)), float(joining)


def _day(text: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(text).normalize().tz_localize(None)
    except (TypeError, ValueError) as error:
        raise InputError(f"{text!r} is not a day", expected="a day such as 2011-01-01",
                         zh=f"{text!r} 不是日期") from error  # fmt: skip


def _ids(customers: int) -> pd.Index:
    return pd.RangeIndex(1, customers + 1).astype(str).rename("customer_id")
