"""Plots of the room, one file per subject."""

from crm_analysis.satisfaction.plots.disconfirmation import plot_ceiling, plot_gaps, plot_sides
from crm_analysis.satisfaction.plots.drivers import (
    plot_cut_coefficients,
    plot_dominance,
    plot_importance,
    plot_importance_signs,
    plot_rank_chances,
)
from crm_analysis.satisfaction.plots.index import plot_index, plot_index_trend, plot_segment_index, plot_what_if
from crm_analysis.satisfaction.plots.ipma import plot_ipma
from crm_analysis.satisfaction.plots.kano import plot_better_worse, plot_kano_scores, plot_kano_shares
from crm_analysis.satisfaction.plots.measurement import (
    plot_discriminant,
    plot_item_correlations,
    plot_item_drop,
    plot_loadings,
    plot_reliability,
)
from crm_analysis.satisfaction.plots.measurement_gate import plot_gate
from crm_analysis.satisfaction.plots.path_diagram import plot_path_diagram
from crm_analysis.satisfaction.plots.pls import plot_cross_loadings, plot_effects
from crm_analysis.satisfaction.plots.prediction import plot_cvpat, plot_prediction
from crm_analysis.satisfaction.plots.priorities import plot_ipa, plot_prca, plot_triangulation
from crm_analysis.satisfaction.plots.reviews import (
    plot_item_ranking,
    plot_item_ranks,
    plot_rating_trend,
    plot_selection_bounds,
    plot_stars,
    plot_verified,
)
from crm_analysis.satisfaction.plots.satisfied import plot_ces, plot_csat
from crm_analysis.satisfaction.plots.scores import (
    plot_nps,
    plot_nps_change,
    plot_nps_coverage,
    plot_nps_trend,
    plot_precision,
)
from crm_analysis.satisfaction.plots.sellers import (
    plot_credit_history,
    plot_credit_levels,
    plot_dsr,
    plot_good_share,
    plot_service_ranking,
)
from crm_analysis.satisfaction.plots.surface import plot_gain_loss, plot_surface
from crm_analysis.satisfaction.plots.text import plot_agreement, plot_aspect_stars, plot_aspects
from crm_analysis.satisfaction.plots.tickets import plot_pareto, plot_sla, plot_triage, plot_u_chart
from crm_analysis.satisfaction.plots.waiting import plot_staying, plot_waiting

__all__ = [
    "plot_agreement", "plot_aspect_stars", "plot_aspects", "plot_better_worse", "plot_ceiling", "plot_ces",
    "plot_credit_history", "plot_credit_levels", "plot_cross_loadings", "plot_csat", "plot_cut_coefficients",
    "plot_cvpat", "plot_discriminant", "plot_dominance", "plot_dsr", "plot_effects", "plot_gain_loss", "plot_gaps",
    "plot_gate", "plot_good_share", "plot_importance", "plot_importance_signs", "plot_index", "plot_index_trend",
    "plot_ipa", "plot_ipma", "plot_item_correlations", "plot_item_drop", "plot_item_ranking", "plot_item_ranks",
    "plot_kano_scores", "plot_kano_shares", "plot_loadings", "plot_nps", "plot_nps_change", "plot_nps_coverage",
    "plot_nps_trend", "plot_pareto", "plot_path_diagram", "plot_prca", "plot_precision", "plot_prediction",
    "plot_rank_chances", "plot_rating_trend", "plot_reliability", "plot_segment_index", "plot_selection_bounds",
    "plot_service_ranking", "plot_sides", "plot_sla", "plot_stars", "plot_staying", "plot_surface", "plot_triage",
    "plot_triangulation", "plot_u_chart", "plot_verified", "plot_waiting", "plot_what_if",
]  # fmt: skip
