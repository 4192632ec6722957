"""Limits of a net promoter score from counts: Wald's, and Wald's after adding three respondents."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level

ADDED = {"adjusted_wald": (0.75, 1.5, 0.75), "wald": (0.0, 0.0, 0.0)}  # promoters, passives, detractors


def check_method(method: str) -> str:
    """Return the name of a method for limits if there is one, else raise `InputError`."""
    if method not in ADDED:
        raise InputError(f"there is no method {method!r}", expected=", ".join(ADDED), mend=nearest(method, ADDED))
    return method


def nps_moments(
    promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, *, method: str = "adjusted_wald"
) -> tuple[np.ndarray, np.ndarray]:
    r"""Centre and variance of the estimated score.

    .. math:: \tilde N = \tilde p - \tilde d,\qquad
              \widehat{\mathrm{var}} = \frac{\tilde p + \tilde d - (\tilde p - \tilde d)^2}{n + 3}

    with :math:`\tilde p = (x_p + 3/4)/(n + 3)` and :math:`\tilde d = (x_d + 3/4)/(n + 3)`;
    by ``wald`` nothing is added.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts, or effective counts; broadcast against each other.
    method : {"adjusted_wald", "wald"}

    Returns
    -------
    centre, variance : numpy.ndarray
        NaN where there is nobody.

    References
    ----------
    .. [1] Rocks (2016). Interval estimation for the Net Promoter Score. The American Statistician 70, 365-372.

    Examples
    --------
    >>> centre, variance = nps_moments(50, 30, 20)
    >>> round(float(centre), 6), round(float(variance), 6)
    (0.291262, 0.005916)
    """
    x, y, z = (np.asarray(count, float) + more for count, more in
               zip((promoters, passives, detractors), ADDED[check_method(method)]))  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody: 0 / 0 is NaN on purpose
        n = x + y + z
        centre = (x - z) / n
        return centre, np.maximum(0.0, (x + z) / n - centre**2) / n


def nps_limits(
    promoters: ArrayLike,
    passives: ArrayLike,
    detractors: ArrayLike,
    *,
    level: float = 0.95,
    method: str = "adjusted_wald",
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the score; those of ``adjusted_wald`` stay in [-1, 1], hold the score and always have a width.

    Parameters
    ----------
    promoters, passives, detractors, method
        As in `nps_moments`.
    level : float in (0, 1)
        Three respondents are added at any level; they were found for 95 %.

    Returns
    -------
    low, high : numpy.ndarray
        Of ``wald`` as the formula has them: width 0 where all are alike, and beyond 1 near the ends.

    Examples
    --------
    >>> low, high = nps_limits([50, 100], [30, 0], [20, 0])
    >>> low.round(6).tolist(), high.round(6).tolist()
    ([0.140511, 0.930901], [0.442013, 1.0])
    """
    centre, variance = nps_moments(promoters, passives, detractors, method=method)
    half = ndtri(0.5 + check_level(level) / 2) * np.sqrt(variance)
    if method == "wald":
        return centre - half, centre + half
    plain, _ = nps_moments(promoters, passives, detractors, method="wald")
    low, high = np.fmin(centre - half, plain), np.fmax(centre + half, plain)
    empty = np.isnan(plain)
    return np.where(empty, np.nan, np.maximum(low, -1)), np.where(empty, np.nan, np.minimum(high, 1))
