"""Uplift: what a treatment changes for whom, learned from and judged on customers drawn by lot."""

from crm_analysis.marketing.uplift.before import campaign_features, campaign_risk
from crm_analysis.marketing.uplift.cross_fit import cross_fitted_uplift
from crm_analysis.marketing.uplift.groups import customer_kinds, kinds_text, uplift_by_decile
from crm_analysis.marketing.uplift.learners import SLearner, TLearner
from crm_analysis.marketing.uplift.policy import policy_table
from crm_analysis.marketing.uplift.qini import Qini, qini
from crm_analysis.marketing.uplift.randomised import Randomised, check_randomised
from crm_analysis.marketing.uplift.risk import RiskAndUplift, risk_and_uplift, spearman
from crm_analysis.marketing.uplift.sample import UpliftSample, campaign_sample

__all__ = [
    "Qini", "Randomised", "RiskAndUplift", "SLearner", "TLearner", "UpliftSample", "campaign_features",
    "campaign_risk", "campaign_sample", "check_randomised", "cross_fitted_uplift", "customer_kinds", "kinds_text",
    "policy_table", "qini", "risk_and_uplift", "spearman", "uplift_by_decile",
]  # fmt: skip
