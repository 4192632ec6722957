"""How unequal customers are: Lorenz curve, Gini coefficient, the share that the best customers bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate
from crm_analysis.segments.frames import code, has_money

SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)
DIGITS = 3
NAN = float("nan")


def customer_values(purchases: pd.DataFrame, *, of: str = "auto", customers: Iterable | None = None) -> pd.Series:
    """Value of each customer: the sum of amounts or, where there is no money, the number of purchases.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    of : str
        ``amount``, ``orders``, ``days`` (purchase days), or ``auto``.
    customers : iterable of ids, optional
        All customers, buyers or not: those without a purchase have value 0. Default: buyers only.
        Say which base was taken, for it moves every measure of this file.

    Returns
    -------
    pandas.Series, index customer_id
        Named ``money``, ``orders`` or ``purchase_days``.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b"], "at": pd.Timestamp("2010-12-09")})
    >>> customer_values(log).to_dict(), customer_values(log, of="days", customers=["a", "c"]).to_dict()
    ({'a': 2, 'b': 1}, {'a': 1, 'c': 0})
    """
    of = ("amount" if has_money(purchases) else "orders") if of == "auto" else of
    coded = code(purchases, measure="value of customers")
    if of not in ("amount", "orders", "days") or (of == "amount" and coded.amount is None):
        raise InputError(f"customers cannot be valued by {of!r}", expected="orders, days, or amount if there is money")
    count = coded.by_day()["code"] if of == "days" else coded.code
    values = np.bincount(count, coded.amount if of == "amount" else None)
    name = {"amount": "money", "orders": "orders", "days": "purchase_days"}[of]
    found = pd.Series(values, index=coded.customers, name=name)
    return found if customers is None else found.reindex(pd.Index(customers, name="customer_id").unique(), fill_value=0)


def lorenz(values: ArrayLike, *, points: int = 1001) -> pd.DataFrame:
    """Points of the Lorenz curve, from the customers who bring least.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative.
    points : int
        Most points returned; the curve is exact at each.

    Returns
    -------
    pandas.DataFrame
        customer_share and value_share, from (0, 0) to (1, 1); the curve is NaN if all values are 0.

    Examples
    --------
    >>> lorenz([3, 1]).values.tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    ascending = np.sort(checked_values(values))
    total = np.r_[0.0, np.cumsum(ascending)]
    at = np.unique(np.linspace(0, len(ascending), min(points, len(ascending) + 1)).round().astype(int))
    share = total[at] / total[-1] if total[-1] else np.full(len(at), NAN)
    return pd.DataFrame({"customer_share": at / len(ascending), "value_share": share})


def gini(values: ArrayLike, *, level: float = 0.95, draws: int = 1000, rng: int | np.random.Generator = 0) -> Estimate:
    r"""Gini coefficient with its bootstrap interval.

    .. math:: G = \frac{\sum_i (2i - n - 1)\,x_i}{n \sum_i x_i}, \quad x \text{ ascending}

    0 if all customers bring the same, (n - 1)/n if one brings everything. It is the mean difference
    between two customers, divided by twice the mean.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative. Whether customers without purchases stand in it as 0 is for the caller to say.
    level : float in (0, 1)
    draws : int
        Bootstrap samples of customers. They are drawn from the values rounded to three significant
        digits, which keeps large data quick and cannot be seen in the interval.
    rng : int or numpy.random.Generator

    Returns
    -------
    Estimate
        NaN if all values are 0.

    Raises
    ------
    InputError
        If a value is negative or not a number.

    References
    ----------
    .. [1] Damgaard & Weiner (2000). Describing inequality in plant size or fecundity. Ecology 81, 1139-1142.

    Examples
    --------
    >>> round(gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]).value, 8)
    0.46209113
    """
    x = checked_values(values)
    point = _gini(np.sort(x), np.ones((1, len(x))))[0]
    return _interval(point, (_gini(*draw) for draw in _resample(x, draws, rng)), level)


def top_share(
    values: ArrayLike,
    *,
    share: float = 0.2,
    level: float = 0.95,
    draws: int = 1000,
    rng: int | np.random.Generator = 0,
) -> Estimate:
    """Part of the total that the best customers bring, with its bootstrap interval: 80/20 computed, not assumed.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative.
    share : float in (0, 1]
        Part of the customers, rounded up to whole ones (`top_count`).
    level, draws, rng
        As in `gini`.

    Returns
    -------
    Estimate
        NaN if all values are 0.

    Examples
    --------
    >>> top_share([7, 1, 1, 1, 0], share=0.2).value
    0.7
    """
    found = top_shares(values, shares=(share,), level=level, draws=draws, rng=rng).iloc[0]
    return Estimate(*(float(found[f"value_share{side}"]) for side in ("", "_low", "_high")))


def top_shares(
    values: ArrayLike,
    *,
    shares: Sequence[float] = SHARES,
    level: float = 0.95,
    draws: int = 1000,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Part of the total that the best 1, 5, 10, 20 and 50 % of customers bring.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative.
    shares : sequence of float in (0, 1]
        Parts of the customers.
    level, draws, rng
        As in `gini`.

    Returns
    -------
    pandas.DataFrame
        top (part of the customers), customers (how many these are), value_share with its limits.

    Examples
    --------
    >>> top_shares([7, 1, 1, 1, 0], shares=(0.2, 0.4))[["customers", "value_share"]].values.tolist()
    [[1.0, 0.7], [2.0, 0.8]]
    """
    x = checked_values(values)
    counts = [top_count(len(x), share) for share in shares]
    points = _tops(np.sort(x), np.ones((1, len(x))), counts)[0]
    found = np.concatenate([np.empty((0, len(counts))), *(_tops(*draw, counts) for draw in _resample(x, draws, rng))])
    estimates = [_interval(point, [found[:, i]], level) for i, point in enumerate(points)]
    low_high = {f"value_share_{side}": [getattr(e, side) for e in estimates] for side in ("low", "high")}
    return pd.DataFrame({"top": shares, "customers": counts, "value_share": points} | low_high)


def top_count(customers: int, share: float) -> int:
    """Return how many customers a part of them is, rounded up: the fifth of 4,312 are 863.

    Examples
    --------
    >>> top_count(4312, 0.2), top_count(15, 0.2)
    (863, 3)
    """
    if not 0 < share <= 1:
        raise InputError(f"share={share} is not a part of the customers", expected="more than 0, at most 1",
                         mend=f"pass {share / 100:g}" if 1 < share <= 100 else "")  # fmt: skip
    return int(np.ceil(round(customers * share, 6)))


def checked_values(values: ArrayLike) -> np.ndarray:
    """Return the values as numbers; blank or negative ones are an `InputError`."""
    x = np.asarray(values, "float64")
    if x.ndim != 1 or not len(x):
        raise InputError("there are no values", expected="one value per customer", zh="没有客户可供排序")
    wrong = [
        f"{int(np.sum(hit))} {name}" for name, hit in (("blank", ~np.isfinite(x)), ("negative", x < 0)) if hit.any()
    ]
    if wrong:
        raise InputError(f"{' and '.join(wrong)} of {len(x)} values cannot be ranked by concentration",
                         expected="0 or more for each customer", mend="set refunds aside first",
                         zh=f"{len(x)} 位客户的价值中有空值或负值，无法排序")  # fmt: skip
    return x


def _resample(x: np.ndarray, draws: int, rng: int | np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield ascending distinct values and, for some hundred draws at a time, how often each was drawn."""
    rng = np.random.default_rng(rng)
    scale = 10.0 ** (np.floor(np.log10(np.where(x > 0, x, 1.0))) - DIGITS + 1)
    distinct, counts = np.unique(np.round(x / scale) * scale, return_counts=True)
    for done in range(0, draws if len(x) > 1 else 0, 100):
        yield distinct, rng.multinomial(len(x), counts / len(x), size=min(100, draws - done))


def _gini(ascending: np.ndarray, weights: np.ndarray) -> np.ndarray:
    n = weights.sum(axis=1, keepdims=True)
    rank = 2 * np.cumsum(weights, axis=1) - weights - n
    return _ratio((rank * weights) @ ascending, n[:, 0] * (weights @ ascending))


def _tops(ascending: np.ndarray, weights: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    values, weights = ascending[::-1], weights[:, ::-1]
    before = np.cumsum(weights, axis=1) - weights
    parts = [np.clip(count - before, 0, weights) @ values for count in counts]
    return np.column_stack([_ratio(part, weights @ values) for part in parts])


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), NAN), where=whole > 0)


def _interval(point: float, drawn: Iterable[np.ndarray], level: float) -> Estimate:
    found = np.concatenate([np.empty(0), *drawn])
    found = found[np.isfinite(found)]
    if not len(found) or not np.isfinite(point):
        return Estimate(float(point), NAN, NAN)
    low, high = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2])
    return Estimate(float(point), float(low), float(high))
