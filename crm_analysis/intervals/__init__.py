"""Estimates with their intervals: shares, means, medians and ratios, of independent rows or of whole customers.

>>> from crm_analysis import intervals
>>> f"{intervals.proportion(15, 148):.3f}"
'0.101 [0.062, 0.160]'
"""

from crm_analysis.intervals.clusters import clustered_median, clustered_share, design_effect, effective_counts
from crm_analysis.intervals.corrections import holm
from crm_analysis.intervals.estimate import UNKNOWN, Estimate, check_level, with_limits
from crm_analysis.intervals.means import mean_t, t_half
from crm_analysis.intervals.p_values import p_text
from crm_analysis.intervals.percentiles import percentile_limits, quantile_of_draws
from crm_analysis.intervals.resampling import bootstrap, bootstrap_ratios
from crm_analysis.intervals.shares import newcombe, proportion, share_columns, wilson

__all__ = [
    "UNKNOWN", "Estimate", "bootstrap", "bootstrap_ratios", "check_level", "clustered_median", "clustered_share",
    "design_effect", "effective_counts", "holm", "mean_t", "newcombe", "p_text", "percentile_limits", "proportion",
    "quantile_of_draws", "share_columns", "t_half", "wilson", "with_limits",
]  # fmt: skip
