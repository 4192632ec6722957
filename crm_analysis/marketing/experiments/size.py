"""How many units tell two shares apart."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level


def sample_size(p1: float, p2: float, *, power: float = 0.8, level: float = 0.95) -> int:
    r"""Units needed in each of two groups to find the difference between two shares.

    .. math:: n = \left[z_{1-\alpha/2}\sqrt{2\bar p\bar q} + z_{power}\sqrt{p_1q_1 + p_2q_2}\right]^2 / (p_1-p_2)^2

    Parameters
    ----------
    p1, p2 : float in [0, 1]
        Shares to be told apart.
    power : float in (0, 1)
        Chance to find the difference if it is there.
    level : float in (0, 1)
        One minus the chance to find one if it is not.

    Raises
    ------
    InputError
        If the shares are equal or lie outside [0, 1].

    References
    ----------
    .. [1] Fleiss, Levin & Paik (2003). Statistical Methods for Rates and Proportions, chapter 4.

    Examples
    --------
    >>> sample_size(0.10, 0.12), sample_size(0.50, 0.75, power=0.9)
    (3841, 77)
    """
    if not 0 < power < 1:
        raise InputError(f"power must lie between 0 and 1; got {power}", mend="80 % is written 0.8",
                         zh="检验功效应在 0 与 1 之间")  # fmt: skip
    if p1 == p2 or not (0 <= p1 <= 1 and 0 <= p2 <= 1):
        raise InputError(f"no sample size tells {p1} from {p2}", expected="two different shares between 0 and 1",
                         mend="5 % is written 0.05", zh="需要两个 0 与 1 之间的不同比例")  # fmt: skip
    mean = (p1 + p2) / 2
    root = ndtri(0.5 + check_level(level) / 2) * np.sqrt(2 * mean * (1 - mean))
    root += ndtri(power) * np.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return int(np.ceil((root / (p1 - p2)) ** 2))
