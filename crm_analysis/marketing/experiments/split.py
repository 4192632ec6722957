"""The check of the split of an experiment: has each arm as many units as the plan gives it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from crm_analysis.errors import InputError

SRM_LIMIT = 0.001
NAN = float("nan")


class SampleRatio(NamedTuple):
    """The check of a split: chi-square, its p-value, and whether the split is so unlike the plan that all stops."""

    statistic: float
    p: float
    stop: bool


def sample_ratio(counts: ArrayLike, planned: ArrayLike | None = None) -> SampleRatio:
    r"""Check that the groups of an experiment have the sizes that the planned split would give.

    .. math:: \chi^2 = \sum_i (n_i - n\pi_i)^2 / (n\pi_i)

    A split far from its plan (p < .001) means that units were lost or added on the
    way, as a rule not by chance: the groups cannot be compared and the analysis stops.

    Parameters
    ----------
    counts : array_like of int, shape (k,)
        Units found in each group.
    planned : array_like of float, shape (k,), optional
        Planned sizes in any unit (1, 1 or .9, .1); equal groups if not given.

    Raises
    ------
    InputError
        If there are fewer than two groups, a count is blank or below 0, or a planned size is missing or not above 0.

    References
    ----------
    .. [1] Kohavi, Tang & Xu (2020). Trustworthy Online Controlled Experiments, chapter 21.

    Examples
    --------
    >>> found = sample_ratio([10000, 10500])
    >>> f"{found.statistic:.4f} {found.p:.5f} {found.stop}"
    '12.1951 0.00048 True'
    """
    counts = np.asarray(counts, float)
    plan = np.ones(len(counts)) if planned is None else np.asarray(planned, float)
    if len(counts) < 2 or plan.shape != counts.shape or not (plan > 0).all():
        raise InputError(
            "the planned split does not fit the groups",
            where=f"{counts.tolist()}, {plan.tolist()}",
            expected="two groups or more, a planned size above 0 for each",
            zh="计划比例与组数不符",
        )
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise InputError(f"not sizes of groups: {counts.tolist()}", where="counts", expected="whole numbers from 0",
                         zh="组的大小不能为空或为负")  # fmt: skip
    expected = counts.sum() * plan / plan.sum()
    if not counts.sum():
        return SampleRatio(NAN, NAN, False)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    p = float(chdtrc(len(counts) - 1, statistic))
    return SampleRatio(statistic, p, p < SRM_LIMIT)
