"""The value of renewals to come: how many, each discounted to the next one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from crm_analysis.clv.models.estimator import Theta
from crm_analysis.clv.models.special import gauss_legendre
from crm_analysis.errors import InputError

Kept = Callable[[Theta, np.ndarray, np.ndarray], np.ndarray]  # ln P(t renewals more | tenure)

STEPS = 256  # renewals added one by one after the largest tenure
NODES, FAR = 64, 40.0  # of quadrature beyond them, up to a discount of exp(-40)
CELLS = 500_000  # draws times renewals worked on at once


def residual_life(log_kept: Kept, theta: Theta, tenure: np.ndarray, v: float, horizon: float) -> np.ndarray:
    r"""Discounted expected renewals of customers about to renew.

    .. math:: \mathrm{DERL}(n) = \sum_{k=0}^{h-1} \frac{S(n+1+k)}{S(n)} v^k

    Without a horizon the sum is worked out backwards, ``DERL(n) = r_(n+1) (1 + v DERL(n+1))``, from 256 renewals after
    the largest tenure. What comes later is ``int f + f(0)/2 - f'(0)/12`` by Euler and Maclaurin; the first term left
    out, the third derivative over 720, is small as 256 renewals change little from one to the next (measured: 2e-11 of
    the sum). The integral ends at K = 40 / ln(1/v): survival never exceeds 1, so no more than
    ``v^K / (1 - v)``, 1e-17 / (1 - v), is left out there.

    Parameters
    ----------
    log_kept : callable
        (parameters, tenure, t) to the log of the chance of t renewals more.
    theta : tuple of numbers, or of arrays of draws of shape (draws, 1)
    tenure : numpy.ndarray of int, shape (n,)
    v : float in [0, 1]
        Value now of one unit a period later.
    horizon : float
        Number of renewals counted, or inf.

    Returns
    -------
    numpy.ndarray of shape (n,) or (draws, n)

    Raises
    ------
    InputError
        If there is no horizon and no discount.

    Examples
    --------
    >>> def half(theta, tenure, t):
    ...     return t * np.log(theta[0])
    >>> residual_life(half, (np.array(0.5),), np.array([0]), 1.0, 3).round(12).tolist()  # 1/2 + 1/4 + 1/8
    [0.875]
    >>> residual_life(half, (np.array(0.5),), np.array([0, 4]), 0.5, np.inf).round(9).tolist()  # 1/2 / (1 - 1/4)
    [0.666666667, 0.666666667]
    """
    endless = np.isinf(horizon)
    if endless and v == 1:
        raise InputError("without a horizon and a discount, the sum of all renewals is not worked out",
                         mend="give a horizon (the number of renewals to count), or a discount above 0",
                         zh="请给出期限，或大于 0 的每期折现率")  # fmt: skip
    ahead = STEPS + int(np.ptp(tenure)) if endless else int(horizon)
    size = max(1, CELLS // max(ahead, 1))
    pieces = [tuple(part[at : at + size] for part in theta) if theta[0].ndim else theta
              for at in range(0, theta[0].size, size)]  # fmt: skip
    add = _backwards if endless else _to_horizon
    parts = [add(log_kept, piece, tenure, v, ahead) for piece in pieces]
    return np.concatenate(parts) if theta[0].ndim else parts[0]


def _to_horizon(log_kept: Kept, theta: Theta, tenure: np.ndarray, v: float, ahead: int) -> np.ndarray:
    k = np.arange(ahead)
    return np.stack([np.exp(log_kept(theta, n, k + 1.0)) @ v**k for n in tenure], axis=-1)


def _backwards(log_kept: Kept, theta: Theta, tenure: np.ndarray, v: float, ahead: int) -> np.ndarray:
    renewals = int(tenure.min()) + np.arange(ahead)
    rates = np.exp(log_kept(theta, renewals, np.ones(ahead)))
    life, after = np.empty_like(rates), _integral(log_kept, theta, float(renewals[-1] + 1), v)
    for k in range(ahead - 1, -1, -1):
        life[..., k] = after = rates[..., k] * (1 + v * after)
    return life[..., tenure - renewals[0]]


def _integral(log_kept: Kept, theta: Theta, n: float, v: float) -> np.ndarray:
    """Return the discounted renewals after a long tenure n."""
    rate = np.log(v)
    nodes, weights = gauss_legendre(NODES)
    reach = np.log1p(-FAR / rate / n)
    k = n * np.expm1(reach * nodes)
    inside = np.exp(log_kept(theta, n, k + 1) + rate * k) @ (weights * reach * (n + k))
    before, first, after = np.moveaxis(log_kept(theta, n, np.array([0.5, 1.0, 1.5])), -1, 0)
    return inside + np.exp(first) * (0.5 - (after - before + rate) / 12)


def value_per_period(discount: float) -> float:
    """Return what one unit a period later is worth now: ``1 / (1 + discount)``.

    Parameters
    ----------
    discount : float in [0, 1]
        Effective rate per period: 10 % a year is ``1.1 ** (1/12) - 1`` a month.

    Examples
    --------
    >>> value_per_period(0.25)
    0.8
    """
    if not (isinstance(discount, (int, float, np.number)) and 0 <= discount <= 1):
        percent = isinstance(discount, (int, float)) and 1 < discount < 100
        raise InputError(f"discount_per_period must lie between 0 and 1; got {discount!r}",
                         expected="an effective rate per period; 10 % a year is 1.1 ** (1/12) - 1 a month",
                         mend=f"{discount} % is {discount / 100:g}" if percent else "",
                         zh="每期折现率应在 0 与 1 之间")  # fmt: skip
    return 1 / (1 + float(discount))
