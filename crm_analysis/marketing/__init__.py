"""From a visit to a purchase: funnels, sessions, visits, mail campaigns; experiments, and whom a contact changes.

>>> from crm_analysis import marketing
>>> f"{marketing.two_proportions(56, 70, 48, 80).difference:.4f}"
'0.2000 [0.0524, 0.3339]'
"""

from crm_analysis.intervals import holm
from crm_analysis.marketing.email import campaign_table, campaign_uplift
from crm_analysis.marketing.experiments import (
    Comparison,
    Cuped,
    Experiment,
    Plan,
    SampleRatio,
    balance_table,
    cuped,
    experiment,
    peeking_table,
    plan_experiment,
    relative_lift,
    sample_ratio,
    sample_size,
    two_means,
    two_proportions,
    two_ratios,
)
from crm_analysis.marketing.funnel import censored_share, ordered_funnel, time_to_convert
from crm_analysis.marketing.linkage import event_counts, linkage_coverage
from crm_analysis.marketing.sessions import find_sessions, session_depth, session_summary, view_only_users
from crm_analysis.marketing.uplift.before import campaign_features, campaign_risk
from crm_analysis.marketing.uplift.cross_fit import cross_fitted_uplift
from crm_analysis.marketing.uplift.groups import customer_kinds, kinds_text, uplift_by_decile
from crm_analysis.marketing.uplift.learners import SLearner, TLearner
from crm_analysis.marketing.uplift.policy import policy_table
from crm_analysis.marketing.uplift.qini import Qini, qini
from crm_analysis.marketing.uplift.randomised import Randomised, check_randomised
from crm_analysis.marketing.uplift.risk import RiskAndUplift, risk_and_uplift
from crm_analysis.marketing.uplift.sample import UpliftSample, campaign_sample
from crm_analysis.marketing.visits import compare_visits, source_table

__all__ = [
    "Comparison", "Cuped", "Experiment", "Plan", "Qini", "Randomised", "RiskAndUplift", "SLearner", "SampleRatio",
    "TLearner", "UpliftSample", "balance_table", "campaign_features", "campaign_risk", "campaign_sample",
    "campaign_table", "campaign_uplift", "censored_share", "check_randomised", "compare_visits",
    "cross_fitted_uplift", "cuped", "customer_kinds", "event_counts", "experiment", "find_sessions", "holm",
    "kinds_text", "linkage_coverage", "ordered_funnel", "peeking_table", "plan_experiment", "policy_table", "qini",
    "relative_lift", "risk_and_uplift", "sample_ratio", "sample_size", "session_depth", "session_summary",
    "source_table", "time_to_convert", "two_means", "two_proportions", "two_ratios", "uplift_by_decile",
    "view_only_users",
]  # fmt: skip
