"""Plots of churn, one file per subject; each returns its axes."""

from crm_analysis.churn.plots.after import plot_comparison
from crm_analysis.churn.plots.assumptions import plot_loyalty_claim, plot_sensitivity, plot_sensitivity_grid
from crm_analysis.churn.plots.calibration import (
    plot_brier,
    plot_calibration_drift,
    plot_mending,
    plot_reliability,
    plot_resampling_lesson,
)
from crm_analysis.churn.plots.models import plot_forward_rates, plot_forward_scores, plot_model_comparison
from crm_analysis.churn.plots.money import plot_break_even, plot_budget, plot_expected_maximum, plot_profit_curve
from crm_analysis.churn.plots.rankings import (
    plot_churn_by_part,
    plot_gains,
    plot_precision_recall,
    plot_roc,
    plot_score_distribution,
)
from crm_analysis.churn.plots.rates import plot_bridge, plot_churn_rates, plot_retention_triangle
from crm_analysis.churn.plots.reasons import (
    plot_customer_reasons,
    plot_feature_groups,
    plot_first_reasons,
    plot_group_importance,
    plot_metric_cohorts,
    plot_odds_ratios,
)
from crm_analysis.churn.plots.survival import plot_effects, plot_hazard, plot_projection, plot_tenure_curves
from crm_analysis.churn.plots.windows import plot_churn_by_cutoff, plot_feature_aucs, plot_outcome_lengths, plot_windows

__all__ = [
    "plot_break_even", "plot_bridge", "plot_brier", "plot_budget", "plot_calibration_drift", "plot_churn_by_cutoff",
    "plot_churn_by_part", "plot_churn_rates", "plot_comparison", "plot_customer_reasons", "plot_effects",
    "plot_expected_maximum", "plot_feature_aucs", "plot_feature_groups", "plot_first_reasons", "plot_forward_rates",
    "plot_forward_scores", "plot_gains", "plot_group_importance", "plot_hazard", "plot_loyalty_claim",
    "plot_mending", "plot_metric_cohorts", "plot_model_comparison", "plot_odds_ratios", "plot_outcome_lengths",
    "plot_precision_recall", "plot_profit_curve", "plot_projection", "plot_reliability", "plot_resampling_lesson",
    "plot_retention_triangle", "plot_roc", "plot_score_distribution", "plot_sensitivity", "plot_sensitivity_grid",
    "plot_tenure_curves", "plot_windows",
]  # fmt: skip
