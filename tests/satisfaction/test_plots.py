"""Plots of the room, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table
from crm_analysis.satisfaction.plots import plot_gaps, plot_good_share, plot_pareto
from crm_analysis.satisfaction.sellers.ranking import kind_table
from crm_analysis.satisfaction.tickets.service import reason_table

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def reasons() -> pd.DataFrame:
    return reason_table(pd.DataFrame({"reason": ["delivery"] * 6 + ["seller_service"] * 3 + ["$x_1$ <b>"]}))


def kinds() -> pd.DataFrame:
    rows = [("a", "good")] * 9 + [("a", "bad")] + [("b", "good")] * 3 + [("c", "good")]
    feedback = pd.DataFrame(rows, columns=["seller_id", "verdict"])
    sellers = pd.DataFrame({"seller_id": list("abd"), "kind": ["small_seller", "large_merchant", "consumer"]})
    return kind_table(feedback, sellers)


def gaps() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    survey = pd.DataFrame({"e": rng.integers(5, 10, 50), "p": rng.integers(3, 9, 50), "q": rng.integers(6, 11, 50)})
    return gap_table(survey, {"tangibles": ("e", "q"), "reliability": ("e", "p"), "same": ("e", "e")})


PLOTS = [(plot_pareto, reasons), (plot_good_share, kinds), (plot_gaps, gaps)]


def dots(ax: mpl.axes.Axes) -> np.ndarray:
    return np.asarray(next(line for line in ax.lines if line.get_marker() == "o").get_xdata(), float)


def limits(ax: mpl.axes.Axes) -> np.ndarray:
    """Ends of the intervals drawn, row by row."""
    return np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])


@LANGUAGES
def test_pareto_shows_shares_limits_and_the_running_total(lang):
    table = reasons()
    ax = plot_pareto(table, lang=lang)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], table["share"])
    np.testing.assert_allclose(dots(ax), table["cumulative_share"])
    np.testing.assert_allclose(limits(ax), table[["share_low", "share_high"]])
    assert [text.get_text() for text in ax.get_yticklabels()][2] == "$x_1$ <b>"
    assert ax.get_xlim()[1] >= 1


@LANGUAGES
def test_good_share_leaves_out_kinds_without_feedback(lang):
    table = kinds()
    ax = plot_good_share(table, lang=lang)
    rated = table[table["feedbacks"] > 0]
    np.testing.assert_allclose(dots(ax), rated["good_share"])
    np.testing.assert_allclose(limits(ax), rated[["good_share_low", "good_share_high"]])
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert labels[0] == {"zh": "小店家\n10 条评价", "en": "small seller\n10 feedbacks"}[lang]
    assert labels[2] == {"zh": "未注明\n1 条评价", "en": "not stated\n1 feedbacks"}[lang]


@LANGUAGES
def test_gaps_stand_worst_first_around_a_line_at_zero(lang):
    table = gaps().sort_values("gap")
    ax = plot_gaps(table[::-1], lang=lang)
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0, 0])
    np.testing.assert_allclose(dots(ax), table["gap"])
    drawn = limits(ax)
    np.testing.assert_allclose(drawn[[0, 2]], table[["gap_low", "gap_high"]].iloc[[0, 2]])
    np.testing.assert_allclose(drawn[1], [0, 0])  # no spread, no limits
    first = ax.get_yticklabels()[0].get_text()
    assert first == {"zh": "可靠性", "en": "reliability"}[lang]
    assert first in figures.alt_text(ax)


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
    table = data()
    ax = figures.new_axes()
    assert draw(table, ax=ax) is ax
    first, second = draw(table, lang="zh"), draw(table, lang="en")
    assert first.figure is not second.figure
    assert first.get_xlabel() != second.get_xlabel()
    assert figures.alt_text(first) != figures.alt_text(second)
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(table, lang="fr")
