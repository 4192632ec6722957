"""Who is held out, drawn by lot once and for all, and which effect so many customers can show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from scipy.special import ndtri

SHARES = tuple(np.arange(1, 51) / 100)


def drawn_lots(ids: Iterable[str], *, seed: int) -> np.ndarray:
    """Return a number between 0 and 1 for each id, from a hash of seed and id.

    The lot of a customer depends on nobody else, not on the order of rows, not on the machine.

    Examples
    --------
    >>> drawn_lots(["00123", "b"], seed=0).round(4).tolist()
    [0.9732, 0.8755]
    """
    digests = (hashlib.sha256(f"{seed}:{one}".encode()).digest() for one in ids)
    return np.array([int.from_bytes(digest[:8], "big") / 2**64 for digest in digests])


def detectable_difference(
    contacted: int, held_out: int, *, rate: float, power: float = 0.8, level: float = 0.95
) -> float:
    r"""Smallest fall of a churn rate that a comparison of contacted and held-out customers will find.

    .. math:: \delta = z_{1-\alpha/2}\sqrt{\bar p \bar q\,(1/n_1 + 1/n_2)} + z_{1-\beta}
              \sqrt{p_1 q_1/n_1 + p_2 q_2/n_2}, \qquad p_1 = p_2 - \delta

    with the pooled rate :math:`\bar p`; solved by halving the range from 0 to `rate`.

    Parameters
    ----------
    contacted, held_out : int
        Customers of each kind.
    rate : float in [0, 1]
        Churn rate without contact.
    power, level : float in (0, 1)

    Returns
    -------
    float
        NaN where a side is empty; a fall larger than `rate` cannot happen, so none can be found.

    References
    ----------
    .. [1] Fleiss, Levin, Paik (2003). Statistical Methods for Rates and Proportions, 3rd ed., chapter 4.

    Examples
    --------
    >>> round(detectable_difference(900, 100, rate=0.3), 3)
    0.121
    """
    if not (contacted and held_out):
        return float("nan")
    z_level, z_power = ndtri(0.5 + level / 2), ndtri(power)

    def needed(delta: float) -> float:
        lower = rate - delta
        pooled = (contacted * lower + held_out * rate) / (contacted + held_out)
        spread = lower * (1 - lower) / contacted + rate * (1 - rate) / held_out
        within = pooled * (1 - pooled) * (1 / contacted + 1 / held_out)
        return float(z_level * np.sqrt(within) + z_power * np.sqrt(spread))

    low, high = 0.0, float(rate)
    if needed(high) > high:
        return needed(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if needed(middle) <= middle else (middle, high)
    return high


def holdout_needed(customers: int, *, rate: float, effect: float, power: float = 0.8, level: float = 0.95) -> float:
    """Smallest share of the customers (whole per cent, up to half) that must be held out to find an effect.

    Returns
    -------
    float
        NaN if even half of them are too few.

    Examples
    --------
    >>> holdout_needed(1000, rate=0.3, effect=0.09)
    0.24
    """
    for share in SHARES:
        held = round(customers * share)
        if detectable_difference(customers - held, held, rate=rate, power=power, level=level) <= effect:
            return float(share)
    return float("nan")
