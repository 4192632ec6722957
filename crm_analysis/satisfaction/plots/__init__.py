"""Plots of the room, one file per subject."""

from crm_analysis.satisfaction.plots.disconfirmation import plot_gaps
from crm_analysis.satisfaction.plots.sellers import plot_good_share
from crm_analysis.satisfaction.plots.tickets import plot_pareto

__all__ = ["plot_gaps", "plot_good_share", "plot_pareto"]
