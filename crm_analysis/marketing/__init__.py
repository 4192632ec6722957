"""From a visit to a purchase: funnels, sessions, advertisements, mail campaigns, and groups compared.

>>> from crm_analysis import marketing
>>> f"{marketing.two_proportions(56, 70, 48, 80).difference:.4f}"
'0.2000 [0.0524, 0.3339]'
"""

from crm_analysis.intervals import holm
from crm_analysis.marketing.email import campaign_table, campaign_uplift
from crm_analysis.marketing.experiments import (
    Comparison,
    SampleRatio,
    relative_lift,
    sample_ratio,
    sample_size,
    two_means,
    two_proportions,
)
from crm_analysis.marketing.funnel import censored_share, ordered_funnel, time_to_convert
from crm_analysis.marketing.linkage import event_counts, linkage_coverage
from crm_analysis.marketing.sessions import find_sessions, session_depth, session_summary, view_only_users
from crm_analysis.marketing.visits import compare_visits, source_table

__all__ = [
    "Comparison", "SampleRatio", "campaign_table", "campaign_uplift", "censored_share", "compare_visits",
    "event_counts", "find_sessions", "holm", "linkage_coverage", "ordered_funnel", "relative_lift", "sample_ratio",
    "sample_size", "session_depth", "session_summary", "source_table", "time_to_convert", "two_means",
    "two_proportions", "view_only_users",
]  # fmt: skip
