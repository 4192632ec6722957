"""Leaving: a gamma-mixed hazard that spells of good and bad experience raise and lower."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Dropout:
    r"""Proportional hazards of leaving for good.

    .. math:: h_i(t) = \mu_i \exp\Big(\sum_k \beta_k x_{ik}(t)\Big), \qquad \mu_i \sim \text{gamma}(s, \beta)

    With all effects zero this is the Pareto/NBD model. Every effect is the natural
    logarithm of a hazard ratio.

    Parameters
    ----------
    s, beta_days : float
        Shape and rate of the base hazard, per calendar day since the first purchase.
    kind : dict of str to float
        Effect of the kind of customer, always on.
    satisfaction, late : float
        Effects of the satisfaction with the last delivered order, per unit, and of its being late; on from
        the delivery to the next one.
    complaint : dict of str to float
        Effect of the last complaint's reason, on from its opening to the next complaint.
    severity : float
        Effect per level above 1, while the reason's effect is on.
    slow : float
        Effect of a complaint not resolved in time, on from that moment to the next complaint.
    compensated : float
        Effect of compensation for the last complaint, on from the solution to the next complaint.
    closing : float
        Probability of leaving at the moment a seller closes down with whom the customer has placed at least
        two orders and at least half of all orders so far.
    """

    s: float = 0.8
    beta_days: float = 200.0
    kind: dict[str, float] = field(
        default_factory=lambda: {"consumer": 0.0, "small_seller": -0.5, "large_merchant": -1.0}
    )
    satisfaction: float = -0.5
    late: float = 0.3
    complaint: dict[str, float] = field(
        default_factory=lambda: {
            "seller_service": 0.4,
            "scattered_information": 0.2,
            "no_community": 0.0,
            "delivery": 0.3,
        }
    )
    severity: float = 0.2
    slow: float = 0.9
    compensated: float = -0.7
    closing: float = 0.5


def spells(orders: pd.DataFrame, tickets: pd.DataFrame, part: Dropout) -> pd.DataFrame:
    """Return when each effect is on.

    Returns
    -------
    pandas.DataFrame
        ``customer``, ``start``, ``end`` (days; inf if it stays on) and ``effect`` (log hazard ratio).
    """
    felt = orders.sort_values(["customer", "delivered"], kind="stable")
    mood = part.satisfaction * felt["satisfaction"] + part.late * felt["late"]
    reason = tickets["reason"].map(part.complaint) + part.severity * (tickets["severity"] - 1)
    slow, content = np.full(len(tickets), part.slow), np.where(tickets["compensated"], part.compensated, 0.0)
    who, last = tickets["customer"], _until_next(tickets["customer"], tickets["opened"])
    parts = [
        (felt["customer"], felt["delivered"], _until_next(felt["customer"], felt["delivered"]), mood),
        (who, tickets["opened"], last, reason),
        (who, tickets["overdue"], last, slow),
        (who, tickets["resolved"], last, content),
    ]
    names = ("customer", "start", "end", "effect")
    frames = [pd.DataFrame(dict(zip(names, map(np.asarray, values)))) for values in parts]
    every = pd.concat(frames, ignore_index=True)
    return every[(every["start"] < every["end"]) & (every["effect"] != 0)].reset_index(drop=True)


def _until_next(customer: pd.Series, start: pd.Series) -> np.ndarray:
    """Start of the same customer's next row, inf for the last; rows stand by customer and time."""
    following = start.shift(-1).where(customer.eq(customer.shift(-1)))
    return following.fillna(np.inf).to_numpy()


def closings(orders: pd.DataFrame, sellers: pd.DataFrame, part: Dropout) -> pd.DataFrame:
    """Return the moments at which customers lose the seller they mostly bought from.

    Returns
    -------
    pandas.DataFrame
        ``customer``, ``seller``, ``time`` and ``jump``, which is added to the cumulative hazard.
    """
    closed = sellers["closed"].to_numpy()
    at = orders[np.isfinite(closed[orders["seller"]])]
    pairs = at.groupby(["customer", "seller"]).size().rename("here").reset_index()
    time = closed[pairs["seller"]]
    span = 1e6  # days; longer than any window, so that (customer, time) sorts as one number
    key = np.sort(orders["customer"].to_numpy() * span + orders["t"].to_numpy())
    before = np.searchsorted(key, pairs["customer"] * span + time) - np.searchsorted(key, pairs["customer"] * span - 1)
    mostly = (pairs["here"] >= 2) & (2 * pairs["here"] >= before)
    return pairs.assign(time=time, jump=-np.log1p(-part.closing))[mostly].reset_index(drop=True)


def lifetimes(
    rng: np.random.Generator, people: pd.DataFrame, spells: pd.DataFrame, closings: pd.DataFrame, part: Dropout
) -> pd.DataFrame:
    r"""Draw when each customer leaves: where the cumulative hazard meets a unit exponential.

    The hazard is constant between the moments at which a spell begins or ends, and
    the cumulative hazard jumps when a seller closes down. What customers do after
    leaving is thrown away later; as the hazard at `t` hangs on nothing later than
    `t`, this is the same as letting them live it.

    Returns
    -------
    pandas.DataFrame
        `people` with ``dropout_rate`` (base hazard per day, kind included) and ``left`` (days; NaN without a
        first purchase).
    """
    base = rng.gamma(part.s, 1 / part.beta_days, len(people)) * np.exp(people["kind"].map(part.kind).to_numpy())
    limit = rng.exponential(1.0, len(people))
    rows = _steps(people, spells, closings)
    customer, time = rows["customer"].to_numpy(), rows["time"].to_numpy()
    rate = base[customer] * np.exp(rows.groupby("customer")["change"].cumsum().to_numpy())
    last = np.append(customer[1:] != customer[:-1], True)
    length = np.where(last, 0.0, np.append(time[1:], 0.0) - time)
    grown = (rate * length + rows["jump"]).groupby(customer).cumsum().to_numpy()
    start = grown - rate * length  # cumulative hazard when the step begins, its jump included
    here = (start - rows["jump"].to_numpy() <= limit[customer]) & (last | (limit[customer] < grown))
    left = time + np.maximum(limit[customer] - start, 0.0) / rate
    found = pd.Series(left[here], index=customer[here])
    return people.assign(dropout_rate=base, left=found[~found.index.duplicated()].reindex(people.index))


def _steps(people: pd.DataFrame, spells: pd.DataFrame, closings: pd.DataFrame) -> pd.DataFrame:
    """One row per moment at which a customer's hazard changes, the first at the first purchase."""
    first = people["first"].dropna()
    ends = spells[np.isfinite(spells["end"])]
    frames = [
        pd.DataFrame({"customer": first.index, "time": first.to_numpy()}),
        pd.DataFrame({"customer": spells["customer"], "time": spells["start"], "change": spells["effect"]}),
        pd.DataFrame({"customer": ends["customer"], "time": ends["end"], "change": -ends["effect"]}),
        closings[["customer", "time", "jump"]],
    ]
    steps = pd.concat(frames).fillna({"change": 0.0, "jump": 0.0})
    return steps.sort_values(["customer", "time"], kind="stable", ignore_index=True)
