"""Who leaves, what goes with it, and whom it pays to contact.

=======================  ==============================================================================================
the calendar             `Windows`, `windows_for`, `history`, `forward_plan`; `outcome_lengths`, `purchase_gaps`
a sample                 `make_sample`, `make_contract_sample`, `contract_sample`; `customer_features`; `audit`
how many leave           `contract_rates`, `monthly_rates`, `rescale`; `inactivity_rates`; `churn_by_cutoff`
how long they stay       `tenure_curves`, `hazard_table`, `DiscreteHazard`, `project_retention`, `contract_cohorts`
models and baselines     `compare`, `forward`, `fit`; `contenders`
can they be trusted      `calibration`, `mend`, `probability_warnings`, `repair_odds`; `resampling_lesson`
reasons                  `feature_groups`, `group_importance`, `contributions`, `reason_codes`, `metric_cohorts`
money                    `Campaign`, `break_even`, `profit_curve`, `choose_threshold`, `sensitivity`, `loyalty_claim`
today's customers        `scoring_windows`, `scoring_features`, then ``fit(sample).predict(X)``
after an event           `later_buying` (complaints), `closed_shop_customers`
=======================  ==============================================================================================

Whom to contact, within a budget: `crm_analysis.segments.worklist`. Whom a contact changes: `crm_analysis.marketing`
(`experiment`, `qini`). Results that need words have ``.text("en")`` and ``.text("zh")``; plots are in
`crm_analysis.churn.plots`.

>>> from crm_analysis import churn
>>> print(churn.Windows("2012-09-30", data_end="2012-12-31", outcome=90).text("en"))
known up to 2012-09-30, outcome from 2012-10-01 to 2012-12-29 (90 days)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crm_analysis.churn.after.closed_shops import closed_shop_customers
from crm_analysis.churn.after.complaints import later_buying
from crm_analysis.churn.features.customer_features import customer_features, feature_account
from crm_analysis.churn.features.dictionary import families_of, feature_table
from crm_analysis.churn.models.calibration import Calibration, calibration
from crm_analysis.churn.models.calibration_forward import CalibrationDrift, calibration_forward
from crm_analysis.churn.models.calibration_mend import Mended, mend
from crm_analysis.churn.models.calibration_repair import repair_odds, weighted_share
from crm_analysis.churn.models.calibration_warnings import probability_warnings
from crm_analysis.churn.models.compare import Comparison, compare
from crm_analysis.churn.models.contenders import contenders, single_feature
from crm_analysis.churn.models.curves import gains, precision_recall_curve, roc_curve
from crm_analysis.churn.models.fitted import FittedModel, fit
from crm_analysis.churn.models.folds import out_of_fold
from crm_analysis.churn.models.forward import ForwardTest, forward
from crm_analysis.churn.models.imbalance import imbalance_table, imbalance_text
from crm_analysis.churn.models.metrics import average_precision, brier, lift, log_loss, measures
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.models.resampling import Lesson, resampling_lesson
from crm_analysis.churn.models.resampling_smote import smote
from crm_analysis.churn.models.scoring import scoring_features, scoring_windows
from crm_analysis.churn.money.budget import BudgetUse, spend_budget
from crm_analysis.churn.money.campaign import Campaign, break_even, expected_profit
from crm_analysis.churn.money.compare import profit_table, ranking_table
from crm_analysis.churn.money.curve import profit_curve
from crm_analysis.churn.money.kept import value_if_kept
from crm_analysis.churn.money.loyalty import discount_range, loyalty_gain, retention_range
from crm_analysis.churn.money.loyalty_claim import LoyaltyClaim, loyalty_claim
from crm_analysis.churn.money.maximum import expected_maximum_profit, maximum_profit
from crm_analysis.churn.money.sensitivity import Sensitivity, sensitivity, sensitivity_grid
from crm_analysis.churn.money.threshold import ThresholdChoice, choose_threshold
from crm_analysis.churn.rates.account_months import account_months, recent_events
from crm_analysis.churn.rates.activity import activity_churn, inactivity_rates
from crm_analysis.churn.rates.contract_cohorts import ContractCohorts, contract_cohorts
from crm_analysis.churn.rates.contract_rates import account_bridge, contract_rates, rates_text
from crm_analysis.churn.rates.contract_tenures import contract_tenures
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.late_entry import kaplan_meier_late, log_rank_late
from crm_analysis.churn.rates.monthly_rates import monthly_rates
from crm_analysis.churn.rates.proportionality import proportionality
from crm_analysis.churn.rates.rescaling import rate_mistakes, rescale
from crm_analysis.churn.rates.retention_projection import RetentionProjection, project_retention
from crm_analysis.churn.rates.tenure_curves import TenureCurves, tenure_curves
from crm_analysis.churn.rates.tenure_mistakes import tenure_mistakes
from crm_analysis.churn.reasons.codes import ReasonCodes, reason_codes
from crm_analysis.churn.reasons.coefficients import coefficient_table
from crm_analysis.churn.reasons.cohort_table import metric_cohort_table
from crm_analysis.churn.reasons.cohorts import metric_cohorts
from crm_analysis.churn.reasons.contributions import Contributions, contributions, what_if_typical
from crm_analysis.churn.reasons.groups import Groups, feature_groups
from crm_analysis.churn.reasons.importance import Importance, group_importance
from crm_analysis.churn.reasons.standardised import standardised_cohorts
from crm_analysis.churn.windows.alarms import feature_aucs
from crm_analysis.churn.windows.auc import auc, auc_interval
from crm_analysis.churn.windows.audit import Audit, LeakError, audit, audit_sample
from crm_analysis.churn.windows.contract_sample import contract_sample
from crm_analysis.churn.windows.contract_terms import contract_features, contract_terms
from crm_analysis.churn.windows.contract_windows import contract_labels, make_contract_sample
from crm_analysis.churn.windows.forward import Plan, forward_plan
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.labels import churn_by_cutoff, label, qualifying
from crm_analysis.churn.windows.leaky import leaky_recency
from crm_analysis.churn.windows.lengths import lengths_text, outcome_lengths
from crm_analysis.churn.windows.make_sample import make_sample
from crm_analysis.churn.windows.purchase_gaps import purchase_gaps
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.splits import audit_folds, audit_split
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.churn.windows.windows_for import windows_for

if TYPE_CHECKING:
    from crm_analysis.churn.models.bg_nbd_churn import BGNBDChurn
    from crm_analysis.churn.models.calibration_estimator import MendedClassifier

# names whose modules load scikit-learn
LATER = {"BGNBDChurn": "models.bg_nbd_churn", "MendedClassifier": "models.calibration_estimator"}

__all__ = [
    "Audit", "BGNBDChurn", "BudgetUse", "Calibration", "CalibrationDrift", "Campaign", "Comparison",
    "ContractCohorts", "Contributions", "DiscreteHazard", "FittedModel", "ForwardTest", "Groups", "Importance",
    "LeakError", "Lesson", "LoyaltyClaim", "Mended", "MendedClassifier", "Plan", "ReasonCodes",
    "RetentionProjection", "Sample", "Sensitivity", "TenureCurves", "ThresholdChoice", "Windows", "account_bridge",
    "account_months", "activity_churn", "auc", "auc_interval", "audit", "audit_folds", "audit_sample",
    "audit_split", "average_precision", "boosting", "break_even", "brier", "calibration", "calibration_forward",
    "choose_threshold", "churn_by_cutoff", "closed_shop_customers", "coefficient_table", "compare", "contenders",
    "contract_cohorts", "contract_features", "contract_labels", "contract_rates", "contract_sample",
    "contract_tenures", "contract_terms", "contributions", "customer_features", "discount_range",
    "expected_maximum_profit", "expected_profit", "families_of", "feature_account", "feature_aucs",
    "feature_groups", "feature_table", "fit", "forward", "forward_plan", "gains", "group_importance",
    "hazard_table", "history", "imbalance_table", "imbalance_text", "inactivity_rates", "kaplan_meier_late",
    "label", "later_buying", "leaky_recency", "lengths_text", "lift", "log_loss", "log_rank_late", "logistic",
    "loyalty_claim", "loyalty_gain", "make_contract_sample", "make_sample", "maximum_profit", "measures", "mend",
    "metric_cohort_table", "metric_cohorts", "monthly_rates", "out_of_fold", "outcome_lengths",
    "precision_recall_curve", "probability_warnings", "profit_curve", "profit_table", "project_retention",
    "proportionality", "purchase_gaps", "qualifying", "ranking_table", "rate_mistakes", "rates_text",
    "reason_codes", "recent_events", "repair_odds", "resampling_lesson", "rescale", "retention_range", "roc_curve",
    "scoring_features", "scoring_windows", "sensitivity", "sensitivity_grid", "single_feature", "smote",
    "spend_budget", "standardised_cohorts", "tenure_curves", "tenure_mistakes", "value_if_kept", "weighted_share",
    "what_if_typical", "windows_for",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"crm_analysis.churn.{LATER[name]}"), name)
