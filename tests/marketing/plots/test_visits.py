"""The plots read back: what was drawn is what the tables hold, in both languages."""

from __future__ import annotations

import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.marketing import campaign_uplift, find_sessions, ordered_funnel, session_depth, source_table
from crm_analysis.marketing.plots import plot_funnel, plot_session_depth, plot_sources, plot_uplift
from crm_analysis.words import word
from tests.helpers.logs import log_of

STEP_NAMES = {"en": ["view", "favourite or cart", "buy"], "zh": ["浏览", "收藏或加购物车", "购买"]}


@pytest.fixture
def log():
    rng = np.random.default_rng(0)
    actions = rng.choice(["view", "cart", "favourite", "buy"], 400, p=[0.7, 0.1, 0.1, 0.1])
    users, seconds = rng.integers(0, 60, 400).astype(str), rng.integers(0, 200_000, 400)
    return log_of(list(zip(users, ["x1"] * 400, actions, seconds)))


@pytest.fixture
def sources():
    rng = np.random.default_rng(1)
    names = ["search", "mail", "a very long name of a portal with a price of $5 and $6"]
    visits = pd.DataFrame({"source": rng.choice(names, 300), "pages": rng.geometric(0.3, 300)})
    return source_table(visits.assign(bought=rng.random(300) < 0.2))


@pytest.fixture
def uplift():
    sent = pd.Timestamp("2012-11-01", tz="Asia/Shanghai")
    arm = np.array(["mail", "sms", "holdout"] * 200)
    rows = pd.DataFrame({"campaign": "11.11", "customer_id": range(600), "arm": arm, "sent_at": sent})
    converted = np.arange(600) % 10 < np.where(arm == "mail", 6, 2)
    return campaign_uplift(rows.assign(converted_at=rows["sent_at"].where(converted), value=converted * 9.0))


def plots(log, sources, uplift):
    return [
        (plot_funnel, ordered_funnel(log)),
        (plot_funnel, ordered_funnel(log, entry="any")),
        (plot_session_depth, session_depth(find_sessions(log))),
        (plot_sources, sources),
        (plot_uplift, uplift),
    ]


def texts(ax, names="yticklabels"):
    return [label.get_text() for label in getattr(ax, f"get_{names}")()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_plot_draws_in_its_axes_with_alt_text_and_no_missing_glyph(log, sources, uplift, lang, caplog):
    before = dict(mpl.rcParams)
    for draw, table in plots(log, sources, uplift):
        _, given = plt.subplots()
        assert draw(table, ax=given, lang=lang) is given
        ax = draw(table, lang=lang)
        assert ax is not draw(table, lang=lang)
        assert figures.alt_text(ax)
        with caplog.at_level(logging.WARNING):
            assert figures.png(ax)
    assert not caplog.records
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_funnel_bars_are_the_shares_with_their_intervals(log, lang):
    table = ordered_funnel(log)
    ax = plot_funnel(table, lang=lang)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1, *table["of_first"][1:]])
    assert texts(ax) == STEP_NAMES[lang]
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    assert ends[1:] == pytest.approx(table[["of_first_low", "of_first_high"]].to_numpy()[1:])
    assert ax.yaxis_inverted()
    shown = [text.get_text() for text in ax.texts]
    assert shown[0] == str(table["units"][0])
    assert shown[2].startswith(f"{table['units'][2]} (")


def test_funnel_of_a_log_without_entries_is_drawn_empty():
    ax = plot_funnel(ordered_funnel(log_of([("a", "x", "buy", 0)])))
    assert [bar.get_width() for bar in ax.patches] == [0, 0, 0]


def test_open_funnel_bars_are_counts_with_the_entered_hatched(log):
    table = ordered_funnel(log, entry="any")
    ax = plot_funnel(table)
    came, entered = ax.patches[:3], ax.patches[3:]
    assert [bar.get_width() for bar in came] == (table["units"] - table["entered"]).tolist()
    assert [bar.get_width() for bar in entered] == table["entered"].tolist()
    assert all(bar.get_hatch() for bar in entered)


def test_depth_bars_are_the_shares(log):
    table = session_depth(find_sessions(log))
    ax = plot_session_depth(table, lang="zh")
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(table["share"].tolist())
    assert [text.get_text() for text in ax.texts] == [f"{n:,}" for n in table["sessions"]]
    assert texts(ax, "xticklabels")[0] == word("one_event", "zh")


@pytest.mark.parametrize("measure", ["bought_share", "bounce_rate"])
def test_source_dots_are_the_shares_from_high_to_low(sources, measure):
    ax = plot_sources(sources, measure=measure)
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == pytest.approx(sorted(sources[measure], reverse=True))
    highest = sources.loc[sources[measure].idxmax()]
    assert texts(ax)[0].endswith(f"({highest.visits:,})")
    assert ax.get_xlabel() == word(measure, "en")


def test_long_names_are_cut_and_dollars_are_no_maths(sources):
    ax = plot_sources(sources)
    cut = next(label for label in ax.get_yticklabels() if "…" in label.get_text())
    assert len(cut.get_text()) < 40
    assert not cut.get_parse_math()


def test_uplift_dots_are_full_where_the_interval_is_clear_of_zero(uplift):
    ax = plot_uplift(uplift)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx((100 * uplift["uplift"]).tolist())
    clear = (uplift["uplift_low"] > 0) | (uplift["uplift_high"] < 0)
    assert [dot.get_markerfacecolor() != "white" for dot in dots] == clear.tolist() == [True, False]


def test_a_stopped_campaign_is_named_without_a_dot(uplift):
    stopped = uplift.assign(uplift=np.nan, uplift_low=np.nan, uplift_high=np.nan)
    ax = plot_uplift(stopped, lang="zh")
    assert texts(ax) == ["11.11 / mail", "11.11 / sms"]
    assert "–" in figures.alt_text(ax)


def test_value_uplift_has_its_currency(uplift):
    assert plot_uplift(uplift, measure="value_uplift", currency="CNY").get_xlabel().endswith("(CNY)")
