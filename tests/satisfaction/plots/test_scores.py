"""Plots of scores, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.plots import scores as plots
from crm_analysis.satisfaction.scores.change import nps_change
from crm_analysis.satisfaction.scores.coverage import coverage_table
from crm_analysis.satisfaction.scores.nps import nps_table
from crm_analysis.satisfaction.scores.planner import precision_table
from crm_analysis.satisfaction.scores.trend import nps_trend

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def survey(seed: int = 1, n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = pd.to_datetime("2012-01-05") + pd.to_timedelta(rng.integers(0, 150, n), "D")
    return pd.DataFrame({"nps": rng.integers(0, 11, n), "answered_at": days.tz_localize("Asia/Shanghai"),
                         "channel": rng.choice(["friend", "$x_1$ <b>"], n)})  # fmt: skip


PLOTS = [
    (plots.plot_nps, lambda: nps_table(survey(), by="channel")),
    (plots.plot_nps_trend, lambda: nps_trend(survey())),
    (plots.plot_nps_change, lambda: nps_change(survey(), survey(2), by="channel", draws=50)),
    (plots.plot_precision, lambda: precision_table([20, 100, 1000])),
    (plots.plot_nps_coverage, lambda: coverage_table((0.9, 0.05, 0.05), sizes=[10, 20, 30])),
]


@LANGUAGES
def test_nps_bars_and_scores(lang):
    table = nps_table(survey(), by="channel")
    ax = plots.plot_nps(table, lang=lang)
    width = np.array([bar.get_width() for bar in ax.patches]).reshape(3, -1)
    shares = table[["detractor_share", "promoter_share", "passive_share"]].to_numpy().T
    np.testing.assert_allclose(width, shares * np.array([[-1], [1], [1]]))
    np.testing.assert_allclose([bar.get_x() for bar in ax.patches][-3:], table["promoter_share"])
    marks = next(line for line in ax.lines if line.get_marker() == "D")
    np.testing.assert_allclose(np.asarray(marks.get_xdata(), float), table["nps"])
    limits = [path.vertices[:, 0] for path in ax.collections[0].get_paths()]
    np.testing.assert_allclose(limits, table[["nps_low", "nps_high"]])
    assert "$x_1$ <b>" in "".join(text.get_text() for text in ax.get_yticklabels())


def test_nps_leaves_out_segments_without_answers():
    frame = pd.DataFrame({"nps": [10, 2, np.nan], "g": list("aab")})
    assert len(plots.plot_nps(nps_table(frame, by="g")).get_yticks()) == 2


@LANGUAGES
def test_trend_draws_each_period_and_hollow_dots_for_few(lang):
    trend = nps_trend(survey())
    ax = plots.plot_nps_trend(trend, lang=lang)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), trend.table["nps"])
    few = int(trend.table["too_few"].sum())
    assert few > 0
    hollow = [line for line in ax.lines if line.get_marker() == "o" and line.get_markerfacecolor() == "white"]
    assert len(hollow[0].get_xdata()) == few


@LANGUAGES
def test_waterfall_steps_lead_from_before_to_after(lang):
    change = nps_change(survey(), survey(2), by="channel", draws=50)
    bars = plots.plot_nps_change(change, lang=lang).patches
    start, mix, within, end = (bar.get_height() for bar in bars)
    assert start + mix + within == pytest.approx(end)
    assert bars[1].get_y() == pytest.approx(start)
    assert bars[2].get_y() == pytest.approx(start + mix)


@LANGUAGES
def test_precision_and_coverage_lines(lang):
    table = precision_table([20, 100, 1000])
    ax = plots.plot_precision(table, lang=lang)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), table["nps_margin"])
    np.testing.assert_allclose(ax.lines[1].get_ydata(), table["share_margin"])
    table = coverage_table((0.9, 0.05, 0.05), sizes=[10, 30])
    ax = plots.plot_nps_coverage(table, lang=lang)
    np.testing.assert_allclose([*ax.lines[0].get_ydata(), *ax.lines[1].get_ydata()], table["coverage"])
    assert ax.lines[2].get_ydata()[0] == 0.95


@pytest.mark.parametrize(("draw", "data"), PLOTS)
@LANGUAGES
def test_plots_draw_all_their_signs_and_leave_settings_alone(draw, data, lang, caplog):
    before = dict(mpl.rcParams)
    with caplog.at_level(logging.WARNING):
        picture = figures.png(draw(data(), lang=lang), dpi=60)
    assert picture.startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("draw", "data"), PLOTS)
def test_plots_use_the_axes_given_and_speak_both_languages(draw, data):
    result, ax = data(), figures.new_axes()
    assert draw(result, ax=ax) is ax
    first, second = draw(result, lang="zh"), draw(result, lang="en")
    assert first.figure is not second.figure
    assert figures.alt_text(first) != figures.alt_text(second)
    assert (first.get_xlabel(), first.get_ylabel()) != (second.get_xlabel(), second.get_ylabel())
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(result, lang="fr")


def test_a_period_without_answers_needs_no_legend():
    times = pd.to_datetime(["2012-01-05"] * 40 + ["2012-03-05"] * 40).tz_localize("UTC")
    ax = plots.plot_nps_trend(nps_trend(pd.DataFrame({"answered_at": times, "nps": [10, 9, 3, 8] * 20})))
    assert ax.get_legend() is None


def test_sizes_in_any_order():
    drawn = plots.plot_precision(precision_table([1600, 100, 400])).lines[0]
    assert drawn.get_xdata().tolist() == [100, 400, 1600]


def test_parts_without_limits_show_none():
    before, after = (pd.DataFrame({"kind": "a", "nps": [answer] * 3}) for answer in (10, 8))
    ax = plots.plot_nps_change(nps_change(before, after, by="kind", draws=10))
    assert not any("nan" in label.get_text() for label in ax.get_xticklabels())
