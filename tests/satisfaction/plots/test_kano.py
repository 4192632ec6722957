"""Plots of a Kano analysis, read back: points, regions, parts of bars, names that do not overlap."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import figures
from crm_analysis.satisfaction.plots.kano import plot_better_worse, plot_kano_scores, plot_kano_shares
from crm_analysis.satisfaction.plots.numbered import label, named, numbers
from crm_analysis.satisfaction.priorities.kano import kano_table
from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
from crm_analysis.satisfaction.priorities.kano_scores import kano_scores
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
SHARES = {"grip $x_1$": {"M": 0.7, "I": 0.3}, "售后主动回访关怀客户需求与满意程度": {"A": 0.6, "I": 0.4},
          "turn": {"O": 0.5, "M": 0.5}, "wax": {"O": 0.6, "A": 0.4}}  # fmt: skip
SURVEY = simulate_kano(SHARES, n=200, seed=1)


@pytest.fixture(scope="module")
def kano():
    return kano_table(SURVEY, pairs=kano_pairs(SHARES), draws=100)


@pytest.fixture(scope="module")
def scores():
    return kano_scores(SURVEY, pairs=kano_pairs(SHARES), draws=100)


def points(ax) -> tuple[np.ndarray, list[str]]:
    """Places of the marks and their shapes."""
    drawn = [line for line in ax.lines if line.get_marker() in ("o", "D")]
    return np.array([line.get_xydata()[0] for line in drawn]), [line.get_marker() for line in drawn]


def boxes(ax) -> np.ndarray:
    """Boxes of the numbers and of the names of the quadrants, in pixels."""
    ax.figure.draw_without_rendering()
    texts = [text for text in ax.texts if text.get_text()]
    return np.array([mpl.text.Text.get_window_extent(text).extents for text in texts])


def overlaps(found: np.ndarray) -> int:
    width = np.minimum(found[:, None, 2], found[None, :, 2]) - np.maximum(found[:, None, 0], found[None, :, 0])
    height = np.minimum(found[:, None, 3], found[None, :, 3]) - np.maximum(found[:, None, 1], found[None, :, 1])
    return int(((width > 0.5) & (height > 0.5)).sum() - len(found))


@LANGUAGES
def test_the_diagram_shows_points_lines_regions_and_undecided_ones_open(kano, lang):
    ax = plot_better_worse(kano, lang=lang)
    drawn, shapes = points(ax)
    np.testing.assert_allclose(drawn, np.column_stack([-kano.table["kano_worse"], kano.table["kano_better"]]))
    assert shapes == ["o" if decided else "D" for decided in kano.table["decided"]]
    assert "D" in shapes
    outline = ax.patches[0].get_xy()
    region = kano.regions[kano.regions["attribute"] == "grip $x_1$"]
    np.testing.assert_allclose(outline[: len(region)], np.column_stack([-region["kano_worse"], region["kano_better"]]))
    assert [text.get_text() for text in ax.texts[:4]] == {
        "zh": ["魅力需求", "期望需求", "无差异需求", "必备需求"],
        "en": ["attractive", "one-dimensional", "indifferent", "must-be"],
    }[lang]  # fmt: skip
    listing = next(child for child in ax.get_children() if isinstance(child, mpl.legend.Legend))
    assert listing.get_texts()[0].get_text() == "1  grip $x_1$ (M)"
    assert overlaps(boxes(ax)) == 0


def test_the_lines_stand_at_the_crosshair():
    counts = pd.DataFrame({"M": [10, 60], "O": [10, 20], "A": [60, 10], "I": [20, 10]}, index=["x", "y"])
    ax = plot_better_worse(kano_from_counts(counts, draws=50, crosshair="mean"))
    assert ax.lines[2].get_ydata()[0] == pytest.approx((0.7 + 0.3) / 2)
    assert ax.lines[3].get_xdata()[0] == pytest.approx((0.2 + 0.8) / 2)


@LANGUAGES
def test_stacked_parts_are_the_shares(kano, lang):
    ax = plot_kano_shares(kano, lang=lang)
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(6, -1).T
    np.testing.assert_allclose(widths, kano.shares["share"].to_numpy().reshape(-1, 6))
    first = ax.get_yticklabels()[0].get_text()
    assert first.startswith("grip $x_1$\n")
    assert {"zh": "必备需求（", "en": "must-be ("}[lang] in first
    written = [text.get_text() for text in ax.texts]
    assert f"M {kano.shares['share'].iloc[0]:.0%}" in written


@LANGUAGES
def test_the_plane_shows_mean_scores(scores, lang):
    ax = plot_kano_scores(scores, lang=lang)
    drawn, _ = points(ax)
    np.testing.assert_allclose(drawn, scores.table[["dysfunctional_score", "functional_score"]])
    assert ax.get_xlim() == (-2, 4)
    assert 2 in [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2]


def test_segments_and_attributes_without_answers_are_drawn():
    survey = SURVEY.assign(g=["a", "b"] * 100, wax_functional=np.nan)
    by = kano_table(survey, pairs=kano_pairs(SHARES), by="g", draws=30)
    ax = plot_better_worse(by)
    drawn, _ = points(ax)
    assert len(drawn) == 6
    rows = plot_kano_shares(by, lang="zh").get_yticklabels()
    assert rows[0].get_text().startswith("a / grip")
    assert "无回答" in rows[3].get_text()
    plane, _ = points(plot_kano_scores(kano_scores(survey, pairs=kano_pairs(SHARES), draws=9)))
    assert len(plane) == 3


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=12, max_size=12), st.booleans())
def test_numbers_of_twelve_points_never_overlap(places, together):
    ax = figures.new_axes()
    x, y = np.array(places).T * (0.05 if together else 1) + (0.5 if together else 0)
    ax.plot(x, y, "o")
    ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    numbers(ax, x, y)
    assert overlaps(boxes(ax)) == 0
    mpl.pyplot.close(ax.figure)


def test_long_names_run_over_lines():
    assert label("售后主动回访关怀客户需求与满意程度", "zh") == "售后主动回访关怀客\n户需求与满意程度"
    assert max(map(len, label("a name of many rather short words which goes on", "en").split("\n"))) <= 26
    assert label("recommendations fit my needs", "en") == "recommendations\nfit my needs"
    assert label(("must_be", "x"), "zh") == "必备需求 / x"
    assert named([("keep", ["x", "y"]), ("must_be", ["v"])], "zh") == "保持：x、y；必备需求：v"


PLOTS = [(plot_better_worse, "kano"), (plot_kano_shares, "kano"), (plot_kano_scores, "scores")]


@pytest.mark.parametrize(("draw", "data"), PLOTS)
@LANGUAGES
def test_plots_draw_all_their_signs_and_leave_settings_alone(draw, data, lang, request, caplog):
    before = dict(mpl.rcParams)
    with caplog.at_level(logging.WARNING):
        picture = figures.png(draw(request.getfixturevalue(data), lang=lang))
    assert picture.startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("draw", "data"), PLOTS)
def test_plots_use_the_axes_given_and_speak_both_languages(draw, data, request):
    result, ax = request.getfixturevalue(data), figures.new_axes()
    assert draw(result, ax=ax) is ax
    first, second = draw(result, lang="zh"), draw(result, lang="en")
    assert first.figure is not second.figure
    assert first.get_xlabel() != second.get_xlabel()
    assert figures.alt_text(first) != figures.alt_text(second)
    assert "must-be: grip $x_1$" in figures.alt_text(second)
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(result, lang="fr")
