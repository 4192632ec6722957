"""The plots of this room: each takes what a measure returns and gives back its axes, in Chinese or English.

>>> "plot_lorenz" in __all__
True
"""

from crm_analysis.segments.plots.activity import plot_hours, plot_inactivity, plot_week_hours, plot_weekdays
from crm_analysis.segments.plots.groups import plot_groups, plot_rfm_grid, plot_tiers
from crm_analysis.segments.plots.states import plot_cohorts, plot_states, plot_transitions
from crm_analysis.segments.plots.timing import plot_gaps, plot_months, plot_purchases_per_customer, plot_second_purchase
from crm_analysis.segments.plots.value import (
    plot_change,
    plot_deciles,
    plot_lorenz,
    plot_periods,
    plot_revenue_by_cohort,
)
from crm_analysis.segments.plots.worklist import plot_worklist, plot_worklist_account

__all__ = [
    "plot_change", "plot_cohorts", "plot_deciles", "plot_gaps", "plot_groups", "plot_hours", "plot_inactivity",
    "plot_lorenz", "plot_months", "plot_periods", "plot_purchases_per_customer", "plot_revenue_by_cohort",
    "plot_rfm_grid", "plot_second_purchase", "plot_states", "plot_tiers", "plot_transitions", "plot_week_hours",
    "plot_weekdays", "plot_worklist",
    "plot_worklist_account",
]  # fmt: skip
