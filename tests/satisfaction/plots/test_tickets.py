"""Plots of complaints, read back: waits, staying, promised times, control chart, triage."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.plots.tickets import plot_sla, plot_triage, plot_u_chart
from crm_analysis.satisfaction.plots.waiting import at_risk, plot_staying, plot_waiting
from crm_analysis.survival import kaplan_meier
from crm_analysis.words import word

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def waits(name: str = "channel") -> pd.DataFrame:
    rng = np.random.default_rng(2)
    groups = {"online_chat": 2.0, "email": 30.0, "$x$ <b>": 8.0}
    curves = {group: kaplan_meier(rng.exponential(mean, 60), rng.random(60) < 0.8) for group, mean in groups.items()}
    return pd.concat(curves, names=[name])


def promised() -> pd.DataFrame:
    return pd.DataFrame(
        {"target_hours": [4.0, np.nan], "tickets": [50, 60], "in_time_share": [0.8, 0.85],
         "in_time_share_low": [0.7, 0.75], "in_time_share_high": [0.9, 0.93]},
        index=pd.Index([3, "total"], name="severity"),
    )  # fmt: skip


def periods() -> pd.DataFrame:
    rate = [80.0, 200, 70, 20, 85, np.nan, 60]
    signal = ["", "above_limit", "", "below_limit", "long_run", "", ""]
    return pd.DataFrame(
        {"complaint_rate": rate, "centre_rate": 78.0, "lower_control": 30.0, "upper_control": 130.0, "signal": signal,
         "partial": [False] * 6 + [True]}, index=pd.date_range("2012-01-02", periods=7, freq="7D"),
    )  # fmt: skip


def cells() -> pd.DataFrame:
    rows = [(s, u, 7 - s - u, 3 * s + u, 24.0 * s) for s in (1, 2, 3) for u in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["severity_level", "urgency", "priority", "tickets", "longest_wait"])
    table.loc[0, ["tickets", "longest_wait"]] = [0, np.nan]
    return table


def staying(curves: pd.DataFrame, **options: object) -> mpl.axes.Axes:
    return plot_staying(curves, landmark_days=7, until=60, **options)


PLOTS = [(plot_waiting, waits), (staying, waits), (plot_sla, promised), (plot_u_chart, periods), (plot_triage, cells)]


@LANGUAGES
@pytest.mark.parametrize("log", [True, False])
def test_waits_are_steps_with_bands_and_numbers_at_risk(lang, log):
    curves = waits()
    ax = plot_waiting(curves, log=log, until=72, lang=lang)
    for line, (name, part) in zip(ax.lines, curves.groupby(level=0, sort=False)):
        assert line.get_label() == word(name, lang)
        np.testing.assert_allclose(line.get_xdata(), part.index.get_level_values("time"))
        np.testing.assert_allclose(line.get_ydata(), part["survival"])
    assert len({line.get_linestyle() for line in ax.lines}) == 3
    assert len(ax.collections) == 3
    texts = [text.get_text() for text in ax.texts]
    ticks = [tick for tick in ax.get_xticks() if ax.get_xlim()[0] <= tick <= ax.get_xlim()[1]]
    start = texts.index(word("email", lang)) + 1
    email = curves.loc["email"]
    assert texts[start : start + len(ticks)] == [str(at_risk(email, tick)) for tick in ticks]
    assert ax.get_xscale() == ("log" if log else "linear")


def test_numbers_at_risk_count_who_is_still_seen():
    curve = kaplan_meier([1.0, 2, 2, 5], [True, True, False, True])
    assert [at_risk(curve, time) for time in (0, 1, 1.5, 2, 3, 5, 6)] == [4, 4, 3, 3, 1, 1, 0]


@LANGUAGES
def test_staying_rises_and_says_it_is_an_association(lang):
    curves = waits("handling_then")
    ax = staying(curves, lang=lang)
    for line, (_, part) in zip(ax.lines, curves.groupby(level=0, sort=False)):
        np.testing.assert_allclose(line.get_ydata(), 1 - part["survival"])
    assert {"zh": "关联", "en": "association"}[lang] in figures.alt_text(ax)
    assert ax.get_xlim()[1] == 60


@LANGUAGES
@pytest.mark.parametrize("draw", [plot_waiting, plot_staying])
def test_of_many_groups_the_six_largest_are_drawn_and_it_says_so(draw, lang):
    sizes = {"g0": 5, "g1": 2, "g2": 9, "g3": 1, "g4": 7, "g5": 4, "g6": 8, "g7": 6}
    parts = {name: kaplan_meier(np.arange(1.0, n + 1), np.ones(n, bool)) for name, n in sizes.items()}
    curves = pd.concat(parts, names=["city"])
    curves.attrs = {"step": "resolve", "landmark_days": 14}
    ax = draw(curves, lang=lang)
    assert [line.get_label() for line in ax.lines] == ["g0", "g2", "g4", "g5", "g6", "g7"]
    note = {"zh": "共 8 组", "en": "6 largest of 8 groups"}[lang]
    assert note in ax.get_legend().get_title().get_text()
    assert note in figures.alt_text(ax)
    assert {"zh": ("解决", "14"), "en": ("solution", "14 days")}[lang][draw is plot_staying] in (
        ax.get_xlabel() + ax.get_ylabel()
    )
    few = draw(curves[curves.index.get_level_values(0) != "g1"].drop("g3"), lang=lang)
    assert few.get_legend().get_title().get_text() == ""
    assert note not in figures.alt_text(few)


@LANGUAGES
def test_promised_times_show_shares_and_targets(lang):
    table = promised()
    ax = plot_sla(table, lang=lang)
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_allclose(np.asarray(dots.get_xdata(), float), table["in_time_share"])
    drawn = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(drawn, table[["in_time_share_low", "in_time_share_high"]])
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert (
        labels
        == {"zh": ["3\n目标 4 小时，50 件", "合计\n60 件"], "en": ["3\ntarget 4 h, 50 tickets", "total\n60 tickets"]}[
            lang
        ]
    )


@LANGUAGES
def test_the_control_chart_names_its_signals(lang):
    table = periods()
    ax = plot_u_chart(table, lang=lang)
    known = table[table["complaint_rate"].notna()]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), known["complaint_rate"])
    labels = {line.get_label(): line for line in ax.lines}
    for key, value in (("above_limit", 200), ("below_limit", 20), ("long_run", 85)):
        np.testing.assert_allclose(labels[word(key, lang)].get_ydata(), [value])
    np.testing.assert_allclose(labels[word("partial", lang)].get_ydata(), [60])
    upper = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert np.isnan(upper.get_ydata()[-1])  # no limit for a period that is not whole
    assert "3" in figures.alt_text(ax)


@LANGUAGES
def test_triage_writes_priority_and_count_into_each_cell(lang):
    matrix = cells()
    ax = plot_triage(matrix, lang=lang)
    texts = [text.get_text() for text in ax.texts]
    assert texts[::2] == [str(x) for x in matrix["priority"]]
    assert texts[1] == {"zh": "0 张", "en": "0 tickets"}[lang]
    assert texts[-1].splitlines()[0] == {"zh": "12 张", "en": "12 tickets"}[lang]
    assert texts[-1].splitlines()[1] == {"zh": "最长 3 天", "en": "longest 3 days"}[lang]
    np.testing.assert_allclose(-ax.images[0].get_array(), matrix["priority"].to_numpy().reshape(3, 3))


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


def test_labels_say_what_the_curves_wait_for():
    curves = waits()
    curves.attrs["step"] = "resolve"
    assert "solution" in plot_waiting(curves).get_ylabel()
    assert "reply" in plot_waiting(curves, step="reply").get_ylabel()
    curves.attrs["landmark_days"] = 14
    assert "14 days" in plot_staying(curves).get_xlabel()


def test_alt_text_does_not_say_more_than_was_followed():
    curves = pd.concat({"not_resolved": kaplan_meier([10, 20], [1, 0])}, names=["handling_then"])
    ax = plot_staying(curves, landmark_days=7, until=180, lang="en")
    assert "50% (followed to day 20 only)" in figures.alt_text(ax)
    ax = plot_staying(curves, landmark_days=7, until=15, lang="zh")
    assert "只跟踪到" not in figures.alt_text(ax)


def test_promised_times_of_which_nothing_is_known():
    table = pd.DataFrame({"target_hours": [4.0], "tickets": [5], "in_time_share": [np.nan],
                          "in_time_share_low": [np.nan], "in_time_share_high": [np.nan]}, index=[3])  # fmt: skip
    with pytest.raises(InputError, match="no share in time is known"):
        plot_sla(table)
