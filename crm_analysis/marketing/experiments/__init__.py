"""Experiments: groups drawn by lot and compared; planned before, checked first, read with intervals."""

from crm_analysis.marketing.experiments.balance import balance_table, balance_test
from crm_analysis.marketing.experiments.compare import (
    NO_COMPARISON,
    Comparison,
    relative_lift,
    two_means,
    two_proportions,
)
from crm_analysis.marketing.experiments.cuped import Cuped, cuped
from crm_analysis.marketing.experiments.experiment import Experiment, experiment
from crm_analysis.marketing.experiments.peeking import peeking_table
from crm_analysis.marketing.experiments.plan import Plan, plan_experiment
from crm_analysis.marketing.experiments.ratios import fieller, ratio_of_totals, relative_means, two_ratios
from crm_analysis.marketing.experiments.size import sample_size
from crm_analysis.marketing.experiments.split import SRM_LIMIT, SampleRatio, sample_ratio

__all__ = [
    "NO_COMPARISON", "SRM_LIMIT", "Comparison", "Cuped", "Experiment", "Plan", "SampleRatio", "balance_table",
    "balance_test", "cuped", "experiment", "fieller", "peeking_table", "plan_experiment", "ratio_of_totals",
    "relative_lift", "relative_means", "sample_ratio", "sample_size", "two_means", "two_proportions", "two_ratios",
]  # fmt: skip
