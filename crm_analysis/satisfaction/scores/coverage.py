"""How often limits of a net promoter score hold the true score: every possible sample, weighed with its chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.limits import ADDED, nps_limits

LARGEST = 1000  # half a million possible samples


class Coverage(NamedTuple):
    """What becomes of intervals over all samples: share that hold the truth, mean width, share without any width."""

    coverage: float
    mean_width: float
    zero_width: float


def nps_coverage(shares: Sequence[float], n: int, method: str = "adjusted_wald", *, level: float = 0.95) -> Coverage:
    r"""Exact coverage of the limits of a net promoter score.

    .. math:: \sum_{x_p + x_s + x_d = n} \frac{n!}{x_p!\,x_s!\,x_d!}\, p^{x_p} s^{x_s} d^{x_d}\;
              \mathbf 1\{l \le p - d \le u\}

    Nothing is drawn at random: each of the (n + 1)(n + 2) / 2 possible samples of n respondents
    counts with its chance.

    Parameters
    ----------
    shares : three numbers
        True shares of promoters, passives and detractors; they add up to 1.
    n : int
        Respondents, 1 to 1,000.
    method : {"adjusted_wald", "wald"}
    level : float in (0, 1)
        What the limits promise.

    Returns
    -------
    Coverage

    Raises
    ------
    InputError
        If the shares are none or n is out of range.

    Examples
    --------
    >>> [round(nps_coverage((0.9, 0.05, 0.05), 10, method).coverage, 3) for method in ("wald", "adjusted_wald")]
    [0.649, 0.959]
    """
    p = np.asarray(shares, float)
    if p.shape != (3,) or (p < 0).any() or abs(p.sum() - 1) > 1e-9:
        raise InputError(f"{tuple(shares)} are no shares of promoters, passives and detractors",
                         expected="three numbers from 0 to 1 that add up to 1")  # fmt: skip
    if not (1 <= n <= LARGEST and n == int(n)):
        raise InputError(f"n={n} cannot be enumerated", expected=f"a whole number from 1 to {LARGEST:,}")
    x, z = (part.ravel() for part in np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0), indexing="ij"))
    x, z = x[x + z <= n], z[x + z <= n]
    y = n - x - z
    chance = np.exp(gammaln(n + 1) + sum(xlogy(k, share) - gammaln(k + 1) for k, share in zip((x, y, z), p)))
    low, high = nps_limits(x, y, z, level=level, method=method)
    held = (low <= p[0] - p[2] + 1e-12) & (p[0] - p[2] - 1e-12 <= high)
    width = high - low
    return Coverage(float(chance[held].sum()), float(chance @ width), float(chance[width < 1e-12].sum()))


def coverage_table(
    shares: Sequence[float], *, sizes: Iterable[int], methods: Iterable[str] = tuple(ADDED), level: float = 0.95
) -> pd.DataFrame:
    """Exact coverage by method and number of respondents.

    Parameters
    ----------
    shares, level
        As in `nps_coverage`.
    sizes : iterable of int
    methods : iterable of str

    Returns
    -------
    pandas.DataFrame
        nps_method, respondents, coverage, mean_width, zero_width.

    Examples
    --------
    >>> coverage_table((0.9, 0.05, 0.05), sizes=[30]).round(3)[["nps_method", "coverage"]].values.tolist()
    [['adjusted_wald', 0.973], ['wald', 0.883]]
    """
    sizes = list(sizes)
    rows = [(method, n, *nps_coverage(shares, n, method, level=level)) for method in methods for n in sizes]
    return pd.DataFrame(rows, columns=["nps_method", "respondents", *Coverage._fields])
