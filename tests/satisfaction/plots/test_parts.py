"""Names that fit and arguments of plots: long names in both languages, results in place of their tables."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.table import driver_table
from crm_analysis.satisfaction.index.index import satisfaction_index
from crm_analysis.satisfaction.index.ipma import importance_performance
from crm_analysis.satisfaction.index.segments import index_by_segment
from crm_analysis.satisfaction.measurement.gate import measurement_gate
from crm_analysis.satisfaction.plots import parts
from crm_analysis.satisfaction.plots.drivers import plot_importance, plot_importance_signs, plot_rank_chances
from crm_analysis.satisfaction.plots.index import plot_index, plot_segment_index
from crm_analysis.satisfaction.plots.ipma import plot_ipma
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
from crm_analysis.satisfaction.plots.reviews import plot_item_ranking, plot_item_ranks, plot_rating_trend
from crm_analysis.satisfaction.plots.satisfied import plot_csat
from crm_analysis.satisfaction.plots.scores import plot_nps
from crm_analysis.satisfaction.plots.tickets import plot_pareto, plot_sla
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.reviews.ranking import rank_items
from crm_analysis.satisfaction.reviews.trend import rating_trend
from crm_analysis.satisfaction.scores.csat import csat_table
from crm_analysis.satisfaction.scores.nps import nps_table
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.tickets.service import reason_table

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
LONG = "Customers in the eastern provinces with premium membership and a subscription"
LANG = "居住在东部沿海省份并且持有高级会员资格和自动续费订阅服务的老顾客"
ITEM = "I would recommend this shop to my friends and family, question {}"
NAMES = [LONG, LANG, "web"]


@cache
def sentences() -> tuple[PLS, pd.DataFrame]:
    """A model whose items and constructs have sentences for names, fitted to 120 respondents in three segments."""
    rng = np.random.default_rng(0)
    items = [ITEM.format(k) for k in range(9)]
    common = rng.normal(size=(120, 1))
    rows = pd.DataFrame(np.clip(np.round(5.5 + 1.5 * common + rng.normal(size=(120, 9))), 1, 10), columns=items)
    labels = {name: {"zh": LANG, "en": f"{LONG} {name}"} for name in "abc"}
    model = PathModel({"a": items[:3], "b": items[3:6], "c": items[6:]}, [("a", "b"), ("b", "c"), ("a", "c")],
                      labels=labels, low=1, high=10)  # fmt: skip
    return PLS(model).fit(rows), rows.assign(kind=np.repeat(NAMES, 40))


@cache
def gate():
    return measurement_gate(sentences()[0], draws=50)


@cache
def resampled():
    return bootstrap(sentences()[0], draws=50)


@cache
def drivers():
    rows = sentences()[1]
    return driver_table(rows, drivers=list(rows)[:3], outcome=ITEM.format(8), draws=100, level=0.9)


@cache
def ranked() -> pd.DataFrame:
    ratings = pd.DataFrame({"item_id": NAMES * 4, "stars": [5, 4, 3, 5, 5, 1, 4, 4, 4, 5, 2, 3]})
    return rank_items(ratings, min_reviews=1, draws=20)


def csat() -> pd.DataFrame:
    return csat_table(sentences()[1], question=ITEM.format(0), by="kind", low=1, high=10, satisfied=(8, 9, 10))


def nps() -> pd.DataFrame:
    return nps_table(sentences()[1], question=ITEM.format(0), by="kind")


def sla() -> pd.DataFrame:
    columns = {"target_hours": 4.0, "tickets": 50, "in_time_share": 0.8, "in_time_share_low": 0.7}
    return pd.DataFrame({**columns, "in_time_share_high": 0.9}, index=NAMES)


PLOTS = {
    "nps": lambda **how: plot_nps(nps(), **how),
    "csat": lambda **how: plot_csat(csat(), **how),
    "index": lambda **how: plot_index(satisfaction_index(sentences()[0]), **how),
    "segment_index": lambda **how: plot_segment_index(
        index_by_segment(sentences()[0], sentences()[1]["kind"], draws=50), **how
    ),
    "ipma": lambda **how: plot_ipma(importance_performance(sentences()[0], target="c", draws=50), **how),
    "importance": lambda **how: plot_importance(drivers(), **how),
    "importance_signs": lambda **how: plot_importance_signs(drivers(), **how),
    "rank_chances": lambda **how: plot_rank_chances(drivers(), **how),
    "reliability": lambda **how: plot_reliability(gate(), **how),
    "discriminant": lambda **how: plot_discriminant(gate(), **how),
    "loadings": lambda **how: plot_loadings(gate(), **how),
    "item_drop": lambda **how: plot_item_drop(gate(), **how),
    "item_correlations": lambda **how: plot_item_correlations(
        sentences()[0].moments_, model=sentences()[0].model, **how
    ),
    "gate": lambda **how: plot_gate(gate(), **how),
    "effects": lambda **how: plot_effects(resampled(), **how),
    "cross_loadings": lambda **how: plot_cross_loadings(sentences()[0], **how),
    "path_diagram": lambda **how: plot_path_diagram(sentences()[0], resampled(), items=True, **how),
    "pareto": lambda **how: plot_pareto(reason_table(pd.DataFrame({"reason": [*NAMES, LONG]})), **how),
    "sla": lambda **how: plot_sla(sla(), **how),
    "item_ranks": lambda **how: plot_item_ranks(ranked(), **how),
    "item_ranking": lambda **how: plot_item_ranking(ranked(), **how),
}


def rows_of(ax: mpl.axes.Axes) -> list[str]:
    return [text.get_text() for text in ax.get_yticklabels()]


@LANGUAGES
@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_long_names_leave_room_for_what_is_drawn(draw, lang):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as: constrained_layout not applied
        ax = draw(lang=lang)
        ax.figure.draw_without_rendering()
    frame, page = ax.get_window_extent(), ax.figure.bbox
    assert frame.width > 0.4 * page.width
    places = [text.get_window_extent() for text in ax.get_yticklabels() if text.get_visible() and text.get_text()]
    if ax.axison:
        assert min((box.x0 for box in places), default=0) >= -1
        places = sorted(places, key=lambda box: box.y0)
        assert all(below.y1 <= above.y0 + 1 for below, above in pairwise(places))
    plt.close(ax.figure)


@given(text=st.text(alphabet="ab 质量，-", max_size=90), columns=st.integers(6, 40), lines=st.integers(1, 4))
def test_folded_names_keep_to_their_lines_and_columns(text, columns, lines):
    found = parts.fold(text, columns, lines).split("\n")
    assert len(found) <= lines
    assert all(parts.width(line) <= columns for line in found)
    assert parts.width(parts.short(text, columns)) <= columns


def test_what_stands_below_a_name_is_kept():
    assert parts.fold(f"{LONG}\n12 respondents").endswith("…\n12 respondents")
    assert len(parts.fold(LANG).split("\n")) == 3
    assert parts.fold("web\n3") == "web\n3"


def test_rows_grow_with_the_lines_of_their_names():
    one, three = (parts.new_rows(None, 6, [name] * 6, "en").figure.get_figheight() for name in ("web", LONG))
    assert three > one + 1
    plt.close("all")


def test_results_are_drawn_as_their_tables():
    assert "90%" in plot_importance(drivers()).get_xlabel()
    assert "95%" in plot_importance(drivers().table).get_xlabel()
    same = [(plot_reliability, gate(), gate().reliability), (plot_discriminant, gate(), gate().discriminant),
            (plot_loadings, gate(), gate().items), (plot_item_drop, gate(), gate().items),
            (plot_effects, resampled(), resampled().paths)]  # fmt: skip
    for draw, result, table in same:
        assert rows_of(draw(result)) == rows_of(draw(table, model=sentences()[0].model))
    total = plot_effects(resampled(), "total_effect")
    assert total.get_xlabel().startswith("total effect")
    plt.close("all")


@pytest.mark.parametrize(
    ("draw", "given", "take"),
    [
        (plot_importance, lambda: 3, "the Drivers, or its table"),
        (plot_rank_chances, lambda: drivers().table, "the Drivers, or its ranks"),
        (plot_loadings, lambda: resampled().loadings, r"gate\.items.*item_table"),
        (plot_item_drop, lambda: resampled().loadings, r"gate\.items.*item_table"),
        (plot_reliability, lambda: gate().items, "reliability_table"),
        (plot_discriminant, lambda: sentences()[0], "discriminant_table"),
        (plot_effects, gate, "a Bootstrap"),
        (plot_index, lambda: satisfaction_index(sentences()[0]).table, "the SatisfactionIndex"),
        (plot_segment_index, lambda: pd.DataFrame(), "the SegmentIndex"),
        (plot_ipma, lambda: pd.DataFrame(), "the ImportancePerformance"),
        (plot_gate, lambda: gate().items, "measurement_gate"),
        (plot_gate, lambda: sentences()[0], "measurement_gate"),
        (plot_cross_loadings, lambda: gate().items, "a fitted PLS"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_what_to_pass(draw, given, take):
    with pytest.raises(InputError, match=f"(?s)how to mend: pass .*{take}"):
        draw(given())


def test_item_names_are_short_in_the_gate_and_in_the_diagram():
    for ax in (plot_gate(gate()), plot_path_diagram(sentences()[0], items=True)):
        said = [line for text in ax.texts for line in text.get_text().split("\n") if line.startswith("I would")]
        assert said
        assert max(map(len, said)) <= parts.SHORT
    plt.close("all")


@LANGUAGES
def test_the_axis_of_ranks_says_what_cross_and_interval_are(lang):
    label = plot_item_ranks(ranked(), lang=lang).get_xlabel()
    for word in {"zh": ("叉", "可信区间"), "en": ("cross", "credible interval")}[lang]:
        assert word in label
    plt.close("all")


def test_intervals_of_mean_stars_stay_inside_the_frame():
    times = pd.to_datetime(["2012-01-05"] * 5 + ["2012-02-05"] * 5).tz_localize("UTC")
    ratings = pd.DataFrame({"item_id": "a", "stars": [5, 5, 5, 5, 3, 1, 1, 1, 1, 3], "rated_at": times})
    trend = rating_trend(ratings, cluster=None)
    low, high = plot_rating_trend(trend).get_ylim()
    assert low < min(1, trend.table["mean_stars_low"].min())
    assert high > max(5, trend.table["mean_stars_high"].max())
    assert figures.alt_text(plot_rating_trend(trend))
    plt.close("all")
