"""The plots of this room: each takes what a table function returns and gives back its axes, in Chinese or English.

>>> "plot_tracking" in __all__
True
"""

from crm_analysis.clv.plots.calibration import plot_calibration, plot_coverage
from crm_analysis.clv.plots.frequency import plot_frequency_fit, plot_holdout_by_frequency
from crm_analysis.clv.plots.heatmaps import plot_recency_frequency
from crm_analysis.clv.plots.histories import plot_histories
from crm_analysis.clv.plots.iso_value import plot_iso_value
from crm_analysis.clv.plots.posterior import plot_posterior, plot_posterior_pairs
from crm_analysis.clv.plots.retention import plot_retention
from crm_analysis.clv.plots.scoreboard import plot_scoreboard, scoreboard
from crm_analysis.clv.plots.spend import plot_spend, plot_spend_by_frequency
from crm_analysis.clv.plots.timeline import plot_p_alive_path
from crm_analysis.clv.plots.tracking import plot_tracking
from crm_analysis.clv.plots.value import plot_top_customers, plot_value_classes, plot_value_deciles

__all__ = [
    "plot_calibration", "plot_coverage", "plot_frequency_fit", "plot_histories", "plot_holdout_by_frequency",
    "plot_iso_value", "plot_p_alive_path", "plot_posterior", "plot_posterior_pairs", "plot_recency_frequency",
    "plot_retention", "plot_scoreboard", "plot_spend", "plot_spend_by_frequency", "plot_top_customers", "plot_tracking",
    "plot_value_classes", "plot_value_deciles", "scoreboard",
]  # fmt: skip
