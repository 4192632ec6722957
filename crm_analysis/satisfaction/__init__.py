"""What customers say and what it says about them: surveys, reviews, feedback for sellers, complaint tickets.

===========================  ======================================================================================
one question                 `nps`, `csat`, `ces`, their ``_table``, ``_difference``; `nps_trend`, `nps_change`; `plan`
expectation, perception      `gap_table`, `gap_reliability`, `gain_loss`, `response_surface`, `servqual_table`
a satisfaction index         `PathModel` or `ecsi`, `acsi`, `ccsi`; `PLS`; `bootstrap`, `satisfaction_index`,
                             `importance_performance`, `what_if`, `pls_predict`, `compare_groups`
what may not be claimed      `measurement_gate`; `alpha`, `omega`, `scale_table`
what goes with satisfaction  `driver_table`; `ordinal_model`, `brant_test`
what to improve first        `kano_table`, `ipa_table`, `prca_table`, `triangulate`
stars and reviews            `star_table`, `rank_items`, `rating_trend`, `selection_bounds`, `verified_table`
texts                        `aspect_table`, `explain`, `labelling_sheet`, `agreement`
sellers                      `seller_table`, `dsr_table`, `service_ranking`, `five_star_needed`, `rating_bursts`
complaints                   `triage`, `waiting_table`, `sla_table`, `staying_table`, `complaint_periods`
===========================  ======================================================================================

Results that need words have ``.text("en")`` and ``.text("zh")``; plots are in `crm_analysis.satisfaction.plots`.

>>> from crm_analysis import satisfaction
>>> fitted = satisfaction.PLS(satisfaction.ecsi(low=1, high=10)).fit_moments(satisfaction.mobi())
>>> index = satisfaction.satisfaction_index(fitted, construct="satisfaction")
>>> round(index.estimate("satisfaction").value, 3)
72.454
"""

from crm_analysis.satisfaction.disconfirmation.ceiling import Ceiling, expectation_ceiling
from crm_analysis.satisfaction.disconfirmation.gain_loss import GainLoss, gain_loss
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table, model_pairs, standing_table
from crm_analysis.satisfaction.disconfirmation.reliability import (
    GapReliability,
    difference_reliability,
    gap_reliability,
    published_gap_reliability,
)
from crm_analysis.satisfaction.disconfirmation.servqual import Servqual, servqual_table
from crm_analysis.satisfaction.disconfirmation.surface import ResponseSurface, response_surface
from crm_analysis.satisfaction.drivers.brant import BrantTest, brant_test
from crm_analysis.satisfaction.drivers.cuts import cut_coefficients
from crm_analysis.satisfaction.drivers.importance import importance_table
from crm_analysis.satisfaction.drivers.ordinal import OrdinalModel, ordinal_model
from crm_analysis.satisfaction.drivers.partial import PartialModel, merge_categories, partial_proportional_odds
from crm_analysis.satisfaction.drivers.result import Drivers
from crm_analysis.satisfaction.drivers.table import driver_table
from crm_analysis.satisfaction.index.index import SatisfactionIndex, satisfaction_index
from crm_analysis.satisfaction.index.ipma import ImportancePerformance, importance_performance
from crm_analysis.satisfaction.index.segments import SegmentIndex, index_by_segment
from crm_analysis.satisfaction.index.trend import IndexTrend, index_trend
from crm_analysis.satisfaction.index.what_if import WhatIf, what_if
from crm_analysis.satisfaction.measurement.collinearity import collinearity_table
from crm_analysis.satisfaction.measurement.fit import fit_table
from crm_analysis.satisfaction.measurement.gate import Gate, measurement_gate
from crm_analysis.satisfaction.measurement.items import item_table
from crm_analysis.satisfaction.measurement.reliability import reliability_table
from crm_analysis.satisfaction.measurement.scale import alpha, omega, scale_items, scale_table
from crm_analysis.satisfaction.measurement.validity import discriminant_table
from crm_analysis.satisfaction.pls.effects import effect_sizes
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.groups import GroupComparison, compare_groups
from crm_analysis.satisfaction.pls.higher_order import HigherOrderPLS, bundle
from crm_analysis.satisfaction.pls.inference import Bootstrap, bootstrap, statistic_table
from crm_analysis.satisfaction.pls.templates import acsi, ccsi, ecsi
from crm_analysis.satisfaction.prediction.cvpat import cvpat
from crm_analysis.satisfaction.prediction.predict import Prediction, pls_predict
from crm_analysis.satisfaction.priorities.ipa import Ipa, ipa_table
from crm_analysis.satisfaction.priorities.kano import Kano, kano_table
from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
from crm_analysis.satisfaction.priorities.kano_scores import KanoScores, kano_scores
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano
from crm_analysis.satisfaction.priorities.prca import Prca, prca_table
from crm_analysis.satisfaction.priorities.triangulate import Triangulation, triangulate
from crm_analysis.satisfaction.reviews.contrast import verified_table
from crm_analysis.satisfaction.reviews.ranking import rank_items
from crm_analysis.satisfaction.reviews.selection import (
    SelectionBounds,
    corrected_mean,
    corrected_shares,
    selection_bounds,
    selection_table,
    turning_factor,
)
from crm_analysis.satisfaction.reviews.shape import Stars, star_table
from crm_analysis.satisfaction.reviews.stars import star_counts
from crm_analysis.satisfaction.reviews.trend import RatingTrend, rating_trend
from crm_analysis.satisfaction.scores.ces import EffortScore, ces, ces_difference, ces_table
from crm_analysis.satisfaction.scores.change import NpsChange, nps_change
from crm_analysis.satisfaction.scores.coverage import coverage_table, nps_coverage
from crm_analysis.satisfaction.scores.csat import SatisfiedShare, csat, csat_difference, csat_table
from crm_analysis.satisfaction.scores.difference import Difference, nps_difference
from crm_analysis.satisfaction.scores.nps import PromoterScore, nps, nps_table
from crm_analysis.satisfaction.scores.planner import (
    plan,
    precision_table,
    sample_size_mean,
    sample_size_nps,
    sample_size_pls,
    sample_size_share,
    sample_size_two_groups,
)
from crm_analysis.satisfaction.scores.trend import NpsTrend, nps_trend
from crm_analysis.satisfaction.sellers.bursts import Bursts, rating_bursts
from crm_analysis.satisfaction.sellers.credit import LEVEL_BOUNDS, credit_level, credit_table, points_to_next_level
from crm_analysis.satisfaction.sellers.dsr import dsr_table
from crm_analysis.satisfaction.sellers.feedback import credit_history, level_table, seller_table
from crm_analysis.satisfaction.sellers.industry import dsr_against_industry, five_star_needed
from crm_analysis.satisfaction.sellers.ranking import kind_table, seller_ranking
from crm_analysis.satisfaction.sellers.service import ServiceRanking, service_ranking
from crm_analysis.satisfaction.survey.answers import Answers, read_answers
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments, mobi
from crm_analysis.satisfaction.text.adapters import make_engine
from crm_analysis.satisfaction.text.agreement import Agreement, agreement
from crm_analysis.satisfaction.text.aspects import AspectTable, aspect_table
from crm_analysis.satisfaction.text.engine import DictionaryEngine
from crm_analysis.satisfaction.text.explain import explain
from crm_analysis.satisfaction.text.labelling import LabellingSheet, labelling_sheet
from crm_analysis.satisfaction.text.reading import Readings, read_texts
from crm_analysis.satisfaction.text.stars import stars_auc, stars_table
from crm_analysis.satisfaction.tickets.ends import ends_curves, ends_table
from crm_analysis.satisfaction.tickets.rates import complaint_periods, complaint_rates
from crm_analysis.satisfaction.tickets.service import reason_table, service_table
from crm_analysis.satisfaction.tickets.sla import sla_table
from crm_analysis.satisfaction.tickets.staying import staying_comparison, staying_curves, staying_table
from crm_analysis.satisfaction.tickets.triage import triage, triage_matrix
from crm_analysis.satisfaction.tickets.triage_rules import Rule
from crm_analysis.satisfaction.tickets.waiting import still_waiting, waiting_comparison, waiting_curves, waiting_table
from crm_analysis.survival import km_median

__all__ = [
    "LEVEL_BOUNDS",
    "PLS",
    "Agreement",
    "Answers",
    "AspectTable",
    "Bootstrap",
    "BrantTest",
    "Bursts",
    "Ceiling",
    "DictionaryEngine",
    "Difference",
    "Drivers",
    "EffortScore",
    "GainLoss",
    "GapReliability",
    "Gate",
    "GroupComparison",
    "HigherOrderPLS",
    "ImportancePerformance",
    "IndexTrend",
    "Ipa",
    "Kano",
    "KanoScores",
    "LabellingSheet",
    "Moments",
    "NpsChange",
    "NpsTrend",
    "OrdinalModel",
    "PartialModel",
    "PathModel",
    "Prca",
    "Prediction",
    "PromoterScore",
    "RatingTrend",
    "Readings",
    "ResponseSurface",
    "Rule",
    "SatisfactionIndex",
    "SatisfiedShare",
    "SegmentIndex",
    "SelectionBounds",
    "ServiceRanking",
    "Servqual",
    "Stars",
    "Triangulation",
    "WhatIf",
    "acsi",
    "agreement",
    "alpha",
    "aspect_table",
    "bootstrap",
    "brant_test",
    "bundle",
    "ccsi",
    "ces",
    "ces_difference",
    "ces_table",
    "collinearity_table",
    "compare_groups",
    "complaint_periods",
    "complaint_rates",
    "corrected_mean",
    "corrected_shares",
    "coverage_table",
    "credit_history",
    "credit_level",
    "credit_table",
    "csat",
    "csat_difference",
    "csat_table",
    "cut_coefficients",
    "cvpat",
    "difference_reliability",
    "discriminant_table",
    "driver_table",
    "dsr_against_industry",
    "dsr_table",
    "ecsi",
    "effect_sizes",
    "ends_curves",
    "ends_table",
    "expectation_ceiling",
    "explain",
    "fit_table",
    "five_star_needed",
    "gain_loss",
    "gap_reliability",
    "gap_table",
    "importance_performance",
    "importance_table",
    "index_by_segment",
    "index_trend",
    "ipa_table",
    "item_table",
    "kano_from_counts",
    "kano_pairs",
    "kano_scores",
    "kano_table",
    "kind_table",
    "km_median",
    "labelling_sheet",
    "level_table",
    "make_engine",
    "measurement_gate",
    "merge_categories",
    "mobi",
    "model_pairs",
    "nps",
    "nps_change",
    "nps_coverage",
    "nps_difference",
    "nps_table",
    "nps_trend",
    "omega",
    "ordinal_model",
    "partial_proportional_odds",
    "plan",
    "pls_predict",
    "points_to_next_level",
    "prca_table",
    "precision_table",
    "published_gap_reliability",
    "rank_items",
    "rating_bursts",
    "rating_trend",
    "read_answers",
    "read_texts",
    "reason_table",
    "reliability_table",
    "response_surface",
    "sample_size_mean",
    "sample_size_nps",
    "sample_size_pls",
    "sample_size_share",
    "sample_size_two_groups",
    "satisfaction_index",
    "scale_items",
    "scale_table",
    "selection_bounds",
    "selection_table",
    "seller_ranking",
    "seller_table",
    "service_ranking",
    "service_table",
    "servqual_table",
    "simulate_kano",
    "sla_table",
    "standing_table",
    "star_counts",
    "star_table",
    "stars_auc",
    "stars_table",
    "statistic_table",
    "staying_comparison",
    "staying_curves",
    "staying_table",
    "still_waiting",
    "triage",
    "triage_matrix",
    "triangulate",
    "turning_factor",
    "verified_table",
    "waiting_comparison",
    "waiting_curves",
    "waiting_table",
    "what_if",
]  # fmt: skip
