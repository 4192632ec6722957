"""Plots of expectation and perception, read back: both sides, ceiling, surface, gains and losses."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.disconfirmation.ceiling import Ceiling, ceiling_counts, expectation_ceiling
from crm_analysis.satisfaction.disconfirmation.gain_loss import GainLoss, gain_loss
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table
from crm_analysis.satisfaction.disconfirmation.surface import ResponseSurface, response_surface
from crm_analysis.satisfaction.plots.disconfirmation import plot_ceiling, plot_sides
from crm_analysis.satisfaction.plots.surface import plot_gain_loss, plot_surface, region

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def answers() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    e, p = rng.integers(5, 11, 80), rng.integers(3, 10, 80)
    gap = p - e
    z = 7 + 0.5 * np.maximum(gap, 0) + np.minimum(gap, 0) - 0.2 * (e - 7.5) ** 2 + rng.normal(size=80)
    return pd.DataFrame({"e": e, "p": p, "q": np.minimum(e + 1, 10), "z": z})


def gaps() -> pd.DataFrame:
    return gap_table(answers(), {"tangibles": ("e", "q"), "$x$ <b>": ("e", "p")})


def ceiling() -> Ceiling:
    return expectation_ceiling(answers(), {"$x$ <b>": ("e", "p"), "empathy": ("p", "e")}, low=1, high=10,
                               asked_afterwards=True)  # fmt: skip


def surface() -> ResponseSurface:
    return response_surface(answers(), outcome="z", expectation="e", perception="p", draws=10)


def kink() -> GainLoss:
    return gain_loss(answers(), outcome="z", expectation="e", perception="p", draws=10)


PLOTS = [(plot_sides, gaps), (plot_ceiling, ceiling), (plot_surface, surface), (plot_gain_loss, kink)]


@LANGUAGES
def test_sides_stand_with_their_gap_between_them(lang):
    table = gaps()
    ax = plot_sides(table, lang=lang)
    ordered = table.sort_values("gap")
    expected, perceived = ax.lines
    np.testing.assert_allclose(expected.get_xdata(), ordered["expectation"])
    np.testing.assert_allclose(perceived.get_xdata(), ordered["perception"])
    assert expected.get_marker() != perceived.get_marker()
    assert [text.get_text() for text in ax.texts] == [f"{gap:+.2f}" for gap in ordered["gap"]]
    assert ax.get_yticklabels()[0].get_text() == "$x$ <b>"


@LANGUAGES
def test_ceiling_shows_the_dimension_with_the_highest_expectation(lang):
    found = ceiling()
    ax = plot_ceiling(found, lang=lang)
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], ceiling_counts(found, "$x$ <b>")["share"])
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False] * 9 + [True]
    assert "$x$ <b>" in ax.get_xlabel()
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [answers()["e"].mean()] * 2)
    other = plot_ceiling(found, dimension="empathy", lang=lang)
    assert other.get_xlabel() != ax.get_xlabel()


@LANGUAGES
def test_the_surface_is_coloured_among_the_respondents_only(lang):
    found = surface()
    ax = plot_surface(found, outcome="$z$", lang=lang)
    points, same, across = ax.lines[:3]
    np.testing.assert_allclose(points.get_xdata(), found.points["expectation"])
    np.testing.assert_allclose(same.get_xydata(), [[1, 1], [10, 10]])
    np.testing.assert_allclose(across.get_xydata(), [[1, 10], [10, 1]])
    assert same.get_linestyle() != across.get_linestyle()
    filled = np.vstack([path.vertices for path in ax.collections[0].get_paths() if len(path.vertices)])
    low, high = found.points[["expectation", "perception"]].min(), found.points[["expectation", "perception"]].max()
    assert (filled.min(axis=0) >= low - 0.1).all()
    assert (filled.max(axis=0) <= high + 0.1).all()
    assert ax.figure.axes[1].get_ylabel() == "$z$"


def test_the_region_is_the_hull_without_its_empty_parts():
    corners = pd.DataFrame({"e": [1, 1, 10, 10, 2, 9, 5], "p": [1, 10, 1, 10, 9, 3, 5], "z": [1, 2, 4, 3, 5, 7, 6.0]})
    found = response_surface(corners, outcome="z", expectation="e", perception="p", draws=0)
    x, y = np.array([5.2, 3.0, 1.0, 0.5]), np.array([5.2, 3.0, 1.0, 0.5])
    assert region(found, x, y).tolist() == [True, False, True, False]  # by a point, far from all, at one, outside


@LANGUAGES
def test_gains_and_losses_bend_at_zero_with_a_band(lang):
    found = kink()
    ax = plot_gain_loss(found, lang=lang)
    points, line = ax.lines[:2]
    np.testing.assert_allclose(points.get_xydata(), found.points[["gap", "outcome"]])
    curve = found.curve(np.asarray(line.get_xdata(), float))
    np.testing.assert_allclose(line.get_ydata(), curve["outcome"])
    assert 0 in line.get_xdata()
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(curve["outcome_low"].min())
    assert band[:, 1].max() == pytest.approx(curve["outcome_high"].max())
    assert f"{found.table.loc['loss', 'estimate']:.2f}" in ax.texts[0].get_text()


@pytest.mark.parametrize(("draw", "data"), PLOTS)
@LANGUAGES
def test_plots_draw_all_their_signs_and_leave_settings_alone(draw, data, lang, caplog):
    before = dict(mpl.rcParams)
    with caplog.at_level(logging.WARNING):
        picture = figures.png(draw(data(), lang=lang))
    assert picture.startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("draw", "data"), PLOTS)
def test_plots_use_the_axes_given_and_speak_both_languages(draw, data):
    found = data()
    ax = figures.new_axes()
    assert draw(found, ax=ax) is ax
    first, second = draw(found, lang="zh"), draw(found, lang="en")
    assert first.figure is not second.figure
    assert first.get_xlabel() != second.get_xlabel()
    assert figures.alt_text(first) != figures.alt_text(second)
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(found, lang="fr")
