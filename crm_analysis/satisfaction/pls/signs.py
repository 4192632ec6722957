"""Signs of constructs, which PLS leaves open: how those of a resample are made to agree with the fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.design import Design

POLICIES = ("orient", "construct", "none")
TEXTS = {
    "orient": (
        "每次重抽样中，各潜变量的符号取使其载荷之和（或指定题项的载荷）为正者",
        "in each resample a construct's sign makes the sum of its loadings (or the dominant item's loading) positive",
    ),
    "construct": (
        "每次重抽样中，各潜变量的符号取使其载荷之和与原拟合同号者",
        "in each resample a construct's sign gives the sum of its loadings the sign it has in the fit",
    ),
    "none": ("重抽样中的符号未作处理", "signs in the resamples are left as the algorithm ends"),
}


def check_policy(signs: str) -> str:
    """Return the policy if there is one of this name."""
    if signs not in POLICIES:
        raise InputError(f"signs={signs!r} is none of {', '.join(POLICIES)}", where="the bootstrap",
                         zh=f"符号处理方式 {signs} 不存在")  # fmt: skip
    return signs


def align(solution: Solution, reference: np.ndarray, design: Design) -> Solution:
    r"""Turn each construct of which the loadings then come closer, in sum, to those of a reference.

    .. math:: \text{turn where } \left|\textstyle\sum (l - l^*)\right| > \left|\textstyle\sum (l + l^*)\right|

    That is where the two sums differ in sign; so the policy differs from ``orient`` only where a dominant item settles
    the sign of the fit.

    Parameters
    ----------
    solution : Solution
        B solutions, loadings l*.
    reference : ndarray, shape (p,)
        Loadings l.
    design : Design

    References
    ----------
    .. [1] Tenenhaus et al. (2005). Computational Statistics & Data Analysis 48, 159-205, section 5.3
       (construct level changes).
    """
    apart = np.abs((reference - solution.loadings) @ design.member)
    turned = np.abs((reference + solution.loadings) @ design.member)
    return flip(solution, np.where(apart > turned, -1.0, 1.0), design)


def flip(solution: Solution, sign: np.ndarray, design: Design) -> Solution:
    """Multiply the scores of construct j in solution b by sign[b, j], which is 1 or -1."""
    pairs = sign[:, :, None] * sign[:, None, :]
    columns = sign[:, None, :]
    return replace(
        solution,
        weights=solution.weights * columns,
        cross_loadings=solution.cross_loadings * columns,
        loadings=solution.loadings * sign[:, design.block],
        correlations=solution.correlations * pairs,
        paths=solution.paths * pairs,
    )
