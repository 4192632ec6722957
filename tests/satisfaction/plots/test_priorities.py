"""Plots of priorities, read back: the map, diverging bars, the table of methods."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.plots.priorities import plot_ipa, plot_prca, plot_triangulation
from crm_analysis.satisfaction.priorities.ipa import ipa_table
from crm_analysis.satisfaction.priorities.kano import kano_table
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano
from crm_analysis.satisfaction.priorities.prca import prca_table
from crm_analysis.satisfaction.priorities.triangulate import triangulate

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
NAMES = ["speed $v$", "售后主动回访关怀客户需求与满意程度", "price", "colour"]
ITEMS = {name: name for name in NAMES}


def survey() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(1, 11, (400, 4)) * [0.6, 1, 0.8, 1], columns=NAMES).round()
    y = 6 - 1.5 * (frame[NAMES[0]] <= 3) + 1.2 * (frame[NAMES[1]] >= 8) + 0.2 * frame["price"]
    return frame.assign(y=y + rng.normal(0, 1, 400))


@pytest.fixture(scope="module")
def ipa():
    return ipa_table(survey(), attributes=ITEMS, outcome="y", draws=100)


@pytest.fixture(scope="module")
def prca():
    return prca_table(survey(), outcome="y", attributes=ITEMS, low_cut=3, high_cut=6, draws=100)


@pytest.fixture(scope="module")
def found(ipa, prca):
    shares = dict(zip(NAMES, [{"M": 0.8, "I": 0.2}, {"A": 0.8, "I": 0.2}, {"O": 0.5, "I": 0.5}, {"I": 1.0}]))
    kano = kano_table(simulate_kano(shares, n=200), pairs=kano_pairs(NAMES), draws=50)
    return triangulate(kano=kano, prca=prca, ipa=ipa, drivers=pd.Series(0.1, index=NAMES))


@LANGUAGES
def test_the_map_shows_points_crosshair_and_its_limits(ipa, lang):
    ax = plot_ipa(ipa, lang=lang)
    drawn = [line for line in ax.lines if line.get_marker() in ("o", "D")]
    np.testing.assert_allclose([line.get_xydata()[0] for line in drawn],
                               ipa.table[["ipa_performance", "ipa_importance"]])  # fmt: skip
    assert [line.get_marker() for line in drawn] == ["o" if flag else "D" for flag in ipa.table["decided"]]
    crosshair = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert crosshair[0].get_xdata()[0] == pytest.approx(ipa.lines.loc["ipa_performance", "line"])
    assert crosshair[1].get_ydata()[0] == pytest.approx(ipa.lines.loc["ipa_importance", "line"])
    spans = [patch for patch in ax.patches if isinstance(patch, mpl.patches.Rectangle)]
    assert spans[0].get_x() == pytest.approx(ipa.lines.loc["ipa_performance", "line_low"])
    assert {"zh": "相关系数", "en": "correlation"}[lang] in ax.get_ylabel()


def test_the_diagonal_is_where_nothing_is_left_to_gain():
    result = ipa_table(survey(), attributes=ITEMS, outcome="y", draws=20, crosshair="diagonal")
    ax = plot_ipa(result)
    line = next(line for line in ax.lines if line.get_linestyle() == "--")
    (x0, x1), (y0, y1) = line.get_xdata(), line.get_ydata()
    above = result.table["ipa_importance"] > y0 + (y1 - y0) / (x1 - x0) * (result.table["ipa_performance"] - x0)
    np.testing.assert_array_equal(above, result.table["quadrant"] == "concentrate_here")


@LANGUAGES
def test_bars_are_penalty_and_reward_sorted_by_asymmetry(prca, lang):
    ax = plot_prca(prca, lang=lang)
    table = prca.table.sort_values("ia")
    widths = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(widths, [*table["penalty"], *table["reward"]])
    ends = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(ends, table[["penalty_low", "penalty_high"]])
    assert [bool(bar.get_hatch()) for bar in ax.patches[:4]] == (~table["decided"]).tolist()
    assert "IA" in ax.get_yticklabels()[0].get_text()


@LANGUAGES
def test_the_table_says_what_each_method_says(found, lang):
    ax = plot_triangulation(found, lang=lang)
    assert len(ax.patches) == 4 * 5
    assert [text.get_text() for text in ax.get_xticklabels()][-1] == {"zh": "建议", "en": "advice"}[lang]
    texts = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert texts[0].startswith({"zh": "必备（基本）", "en": "must-be / basic"}[lang])
    open_ = (found.table["kano_says"] == "not_decided").to_numpy()
    assert [bool(patch.get_hatch()) for patch in ax.patches[::5]] == open_.tolist()


def test_texts_stay_inside_their_cells(found):
    for lang in ("zh", "en"):
        ax = plot_triangulation(found, lang=lang)
        ax.figure.draw_without_rendering()
        for patch, text in zip(ax.patches, ax.texts):
            cell, words = patch.get_window_extent(), text.get_window_extent()
            assert words.x0 >= cell.x0 - 1
            assert words.x1 <= cell.x1 + 1
            assert words.height <= cell.height + 2


PLOTS = [(plot_ipa, "ipa"), (plot_prca, "prca"), (plot_triangulation, "found")]


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
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(result, lang="fr")


@LANGUAGES
def test_the_level_named_is_the_level_of_the_analysis(lang):
    found = prca_table(survey(), outcome="y", attributes=ITEMS, low_cut=3, high_cut=6, draws=20, level=0.9)
    ax = plot_prca(found, lang=lang)
    assert "90" in ax.get_xlabel()
    assert "90" in figures.alt_text(ax)
    assert "95" not in ax.get_xlabel() + figures.alt_text(ax)


def test_no_penalty_is_called_the_largest_where_none_is_below_zero():
    found = prca_table(survey(), outcome="y", attributes=ITEMS, low_cut=-1, high_cut=6, draws=20)
    assert "No penalty is below zero" in figures.alt_text(plot_prca(found))


def test_no_asymmetry_is_written_where_there_is_no_class(prca):
    assert "not_classed" in set(prca.table["prca_factor"])
    for text in plot_prca(prca).get_yticklabels():
        assert ("not classed" in text.get_text()) == text.get_text().endswith("IA –")
