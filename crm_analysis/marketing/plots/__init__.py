"""Plots of the room: paths and groups, experiments, uplift."""

from crm_analysis.marketing.plots.experiments import plot_balance, plot_effects, plot_peeking, plot_power
from crm_analysis.marketing.plots.uplift import (
    plot_policy,
    plot_qini,
    plot_risk_and_uplift,
    plot_uplift_by_decile,
)
from crm_analysis.marketing.plots.visits import plot_funnel, plot_session_depth, plot_sources, plot_uplift

__all__ = [
    "plot_balance", "plot_effects", "plot_funnel", "plot_peeking", "plot_policy", "plot_power", "plot_qini",
    "plot_risk_and_uplift", "plot_session_depth", "plot_sources", "plot_uplift", "plot_uplift_by_decile",
]  # fmt: skip
