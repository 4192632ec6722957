"""The plot of retention: lines are the model's projection, points the data; both languages."""

from __future__ import annotations

import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.contracts.tenures import life_table
from crm_analysis.clv.plots.retention import plot_retention
from crm_analysis.errors import InputError
from crm_analysis.words import word

STILL = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


@pytest.fixture(scope="module")
def fit():
    table = pd.DataFrame({"period": range(8), "customers": STILL[:8]})
    table.attrs["unit"] = "year"
    return BdW().fit(table)


@pytest.fixture(autouse=True)
def closed():
    before = mpl.rcParams.copy()
    yield
    assert mpl.rcParams == before
    plt.close("all")


def drawn(ax, colour, marker="None"):
    lines = [line for line in ax.lines if line.get_color() == colour and line.get_marker() == marker]
    return [line.get_xydata() for line in lines if len(line.get_xdata())]


def test_lines_are_the_projection_and_points_the_data(fit):
    ax = plot_retention(fit, STILL)
    table, counted = fit.project(14), life_table(STILL)
    for name, colour, marker in (("retention_rate", figures.PALETTE[1], "s"), ("survival", figures.PALETTE[0], "o")):
        inside, beyond = drawn(ax, colour)
        whole = np.vstack([inside, beyond[1:]])
        start = [[0, 1]] if name == "survival" else np.empty((0, 2))
        np.testing.assert_allclose(whole, np.vstack([start, np.c_[table.index, table[name]]]))
        assert beyond[0].tolist() == inside[-1].tolist()
        assert inside[-1][0] == 7
        seen, later = drawn(ax, colour, marker)
        np.testing.assert_allclose(np.vstack([seen, later]), np.c_[counted.index, counted[name]])
        assert seen[-1][0] == 7
    bands = [band.get_paths()[0].vertices for band in ax.collections if band.get_paths() and len(band.get_paths()[0])]
    assert bands[0][:, 1].max() == pytest.approx(table["retention_rate_high"].max())
    assert bands[1][:, 1].min() == pytest.approx(table["survival_low"].min())


def test_later_data_are_hollow_and_projections_dashed(fit):
    ax = plot_retention(fit, STILL)
    faces = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() in "os"]
    assert faces == [figures.PALETTE[1], "white", figures.PALETTE[0], "white"]
    dashed = [line.is_dashed() for line in ax.lines if line.get_marker() == "None"]
    assert dashed == [False, True, False, True]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts(fit, lang, caplog):
    ax = plot_retention(fit, STILL, lang=lang)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[:2] == [word("retention_rate", lang), word("survival", lang)]
    assert len(legend) == 5
    assert ("年" if lang == "zh" else "years") in ax.get_xlabel()
    alt = figures.alt_text(ax)
    for number in ("39.4%", "40.4%", "86.9%", "95%"):
        assert number in alt
    with caplog.at_level(logging.WARNING):
        figures.png(ax)
    assert not [record for record in caplog.records if "missing" in record.message.lower()]
    box = ax.get_legend().get_window_extent()
    assert box.x1 <= ax.figure.bbox.x1


def test_by_default_the_data_of_the_fit(fit):
    ax = plot_retention(fit)
    assert [len(points) for points in drawn(ax, figures.PALETTE[0], "o")] == [7]
    assert ax.get_xlim()[1] == pytest.approx(14 * 1.02)
    assert len(ax.get_legend().get_texts()) == 4


def test_known_parameters_need_data_or_a_time(fit):
    model = SBG.with_params(alpha=0.7, beta=3.8)
    with pytest.raises(InputError, match="nothing to draw"):
        plot_retention(model)
    ax = plot_retention(model, periods=6)
    assert len(drawn(ax, figures.PALETTE[0])) == 1
    assert "known parameters" in figures.alt_text(ax)
    ax = plot_retention(model, STILL)
    assert len(drawn(ax, figures.PALETTE[0], "o")[0]) == 12


def test_the_axes_given_are_the_axes_returned(fit):
    _, ax = plt.subplots()
    assert plot_retention(fit, ax=ax) is ax
    assert plot_retention(fit).figure is not plot_retention(fit).figure


def test_short_axes_show_the_data_they_hold(fit):
    ax = plot_retention(fit, STILL, periods=5)
    assert drawn(ax, figures.PALETTE[0], "o")[0][-1][0] == 5
    assert "In period" not in figures.alt_text(ax)
