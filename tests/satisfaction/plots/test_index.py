"""Plots of the index, of the importance-performance map and of what-if, read back."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from crm_analysis import figures
from crm_analysis.satisfaction.index.index import satisfaction_index
from crm_analysis.satisfaction.index.ipma import importance_performance
from crm_analysis.satisfaction.index.segments import index_by_segment
from crm_analysis.satisfaction.index.trend import index_trend
from crm_analysis.satisfaction.index.what_if import what_if
from crm_analysis.satisfaction.plots.index import plot_index, plot_index_trend, plot_segment_index, plot_what_if
from crm_analysis.satisfaction.plots.ipma import plot_ipma
from crm_analysis.satisfaction.pls.estimator import PLS

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture
def fitted(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


@pytest.fixture
def results(fitted, sample_survey) -> dict[Callable[..., Axes], object]:
    by = pd.Series(np.where(np.arange(500) < 20, "$few_1$", np.where(np.arange(500) % 2, "odd", "even")))
    at = pd.to_datetime(sample_survey["answered_at"])
    ipma = importance_performance(fitted, target="loyalty", draws=50)
    return {
        plot_index: satisfaction_index(fitted, draws=50),
        plot_segment_index: index_by_segment(fitted, by, construct=["satisfaction", "loyalty"], draws=50),
        plot_index_trend: index_trend(fitted, at, period="day", draws=50),
        plot_ipma: ipma,
        plot_what_if: what_if(ipma, {"quality": 5}),
    }


def spans(ax: Axes) -> list[np.ndarray]:
    """Ends of all intervals drawn across."""
    return [path.vertices[:, 0] for part in ax.collections for path in part.get_paths() if len(path.vertices) == 2]


@LANGUAGES
def test_index_shows_bars_limits_and_labels(results, sample_model, lang):
    found = results[plot_index]
    ax = plot_index(found, lang=lang)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], found.table["index_value"])
    np.testing.assert_allclose(spans(ax), found.table[["index_value_low", "index_value_high"]])
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        sample_model.label(name, lang) for name in found.table.index
    ]
    assert ax.get_xlim() == (0, 100)
    assert {"zh": "自助法", "en": "bootstrap"}[lang] in ax.get_xlabel()


def test_index_without_rows_shows_the_other_interval_and_says_so(mobi_moments, ecsi_model):
    found = satisfaction_index(PLS(ecsi_model).fit_moments(mobi_moments))
    ax = plot_index(found)
    np.testing.assert_allclose(spans(ax), found.table[["index_fixed_low", "index_fixed_high"]])
    assert "weights held fixed" in ax.get_xlabel()


def test_segments_are_side_by_side_and_small_ones_hollow(results):
    found = results[plot_segment_index]
    ax = plot_segment_index(found)
    marked = [line for line in ax.lines if line.get_marker() in "os^"]
    assert len(marked) == 3
    for line, (_, own) in zip(marked, found.table.groupby("segment", sort=True)):
        np.testing.assert_allclose(line.get_xydata()[:, 0], own["index_value"])
        np.testing.assert_allclose(np.round(line.get_xydata()[:, 1]), [0, 1])
        assert (line.get_markerfacecolor() == "white") == own["too_few"].iloc[0]
    assert ax.get_legend().get_texts()[0].get_text() == "$few_1$ (20)"


def test_trend_shows_every_period_with_its_respondents(results):
    found = results[plot_index_trend]
    ax = plot_index_trend(found)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), found.table["index_value"])
    label = f"{found.table['period'].iloc[0]}\n{found.table['respondents'].iloc[0]}"
    assert ax.get_xticklabels()[0].get_text() == label
    assert found.table["too_few"].any()
    assert len(ax.lines[1].get_xdata()) == found.table["too_few"].sum()


def test_what_if_hatches_what_is_supposed(results):
    found = results[plot_what_if]
    ax = plot_what_if(found)
    width = {bar.get_y() + bar.get_height() / 2: bar for bar in ax.patches}
    for y, row in enumerate(found.table.to_dict("records")):
        bar = width[min(width, key=lambda place: abs(place - y))]
        assert bar.get_width() == pytest.approx(row["index_change"])
        assert bool(bar.get_hatch()) == (row["what_if_role"] == "change_supposed")
    texts = [text.get_text() for text in ax.texts]
    assert any(text.startswith("+5.0  (64.") for text in texts)
    assert "a survey cannot prove" in figures.alt_text(ax)


def test_what_if_has_room_for_losses(results):
    ax = plot_what_if(what_if(results[plot_ipma], {"quality": -5}))
    assert ax.get_xlim()[0] < -5
    assert ax.get_xlim()[1] < 1


@pytest.mark.parametrize("items", [False, True])
@LANGUAGES
def test_map_shows_points_limits_crosshair_and_labels_apart(results, sample_model, items, lang):
    found = results[plot_ipma]
    table = found.items if items else found.constructs
    ax = plot_ipma(found, items=items, lang=lang)
    points = np.vstack([line.get_xydata() for line in ax.lines if line.get_marker() in "os^DvPX"])
    np.testing.assert_allclose(points, table[["importance", "performance"]])
    cross = found.crosshair["items" if items else "constructs"]
    assert (ax.lines[0].get_xdata()[0], ax.lines[1].get_ydata()[0]) == pytest.approx(cross)
    names = [name if items else sample_model.label(name, lang) for name in table.index]
    shown = [text for text in ax.texts if text.get_text().strip("()") in names]
    assert len(shown) == len(table)
    bracketed = [text.get_text().startswith("(") for text in shown]
    assert bracketed == (~table["quadrant_settled"]).tolist()
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    for a, b in itertools.combinations(boxes, 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) <= 1 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 3


def test_map_without_bootstrap_has_no_brackets(mobi_moments, ecsi_model):
    ax = plot_ipma(importance_performance(PLS(ecsi_model).fit_moments(mobi_moments)))
    assert not any(text.get_text().startswith("(") for text in ax.texts)
    assert "brackets" not in ax.get_xlabel()


def test_all_signs_are_drawn_settings_stay_and_both_languages_speak(results, caplog):
    before = dict(mpl.rcParams)
    for draw, data in results.items():
        given = figures.new_axes()
        zh, en = draw(data, lang="zh"), draw(data, ax=given)
        assert en is given
        assert zh.figure is not en.figure
        assert figures.alt_text(zh) != figures.alt_text(en)
        with caplog.at_level(logging.WARNING):
            assert all(figures.png(ax, dpi=40).startswith(b"\x89PNG") for ax in (zh, en))
        with pytest.raises(ValueError, match="lang must be one of"):
            draw(data, lang="fr")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before
