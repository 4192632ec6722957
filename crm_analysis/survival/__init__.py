"""Waiting times of which the end of the data cuts some: curves, medians, restricted means, tests, competing ends.

>>> from crm_analysis import survival
>>> f"{survival.restricted_mean([1, 2, 3], [True, True, True], until=3):.2f}"
'2.00 [1.08, 2.92]'
"""

from crm_analysis.survival.competing import cumulative_incidence, incidence_at
from crm_analysis.survival.curves import kaplan_meier, km_median, km_quantile, survival_at
from crm_analysis.survival.groups import LogRank, log_rank, pairwise_log_rank
from crm_analysis.survival.means import common_limit, restricted_mean, restricted_mean_difference

__all__ = [
    "LogRank", "common_limit", "cumulative_incidence", "incidence_at", "kaplan_meier", "km_median", "km_quantile",
    "log_rank", "pairwise_log_rank", "restricted_mean", "restricted_mean_difference", "survival_at",
]  # fmt: skip
