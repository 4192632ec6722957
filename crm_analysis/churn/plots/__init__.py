"""Plots of churn, one file per subject; each returns its axes."""

from crm_analysis.churn.plots.after import plot_comparison

__all__ = ["plot_comparison"]
