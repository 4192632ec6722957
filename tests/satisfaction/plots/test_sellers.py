"""Plots of sellers, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.plots.sellers import (
    plot_credit_history,
    plot_credit_levels,
    plot_dsr,
    plot_good_share,
    plot_service_ranking,
)
from crm_analysis.satisfaction.sellers.feedback import credit_history, level_table
from crm_analysis.satisfaction.sellers.industry import dsr_against_industry
from crm_analysis.satisfaction.sellers.ranking import kind_table, seller_ranking

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def feedback() -> pd.DataFrame:
    seller = ["$a_1$"] * 300 + ["b"] * 60 + ["c"] * 2
    at = (pd.Timestamp("2012-01-01", tz="Asia/Shanghai") + pd.to_timedelta(np.arange(362) // 2, "D")).as_unit("us")
    verdict = np.where(np.arange(362) % 9 == 0, "bad", "good")
    return pd.DataFrame({"seller_id": seller, "verdict": verdict, "rated_at": at})


def levels() -> pd.DataFrame:
    return level_table(feedback())


def history() -> pd.DataFrame:
    return credit_history(feedback())


def industry() -> pd.DataFrame:
    rows = [("$a_1$", name, mean) for name, mean in (("dsr_service", 4.7), ("dsr_delivery", 4.2))]
    rows += [(f"s{k}", name, 4 + k / 10) for k in range(9) for name in ("dsr_service", "dsr_delivery")]
    table = pd.DataFrame(rows, columns=["seller_id", "dimension", "mean"]).assign(ratings=40)
    return dsr_against_industry(table.assign(mean_low=table["mean"] - 0.1, mean_high=table["mean"] + 0.1))


def ranking() -> pd.DataFrame:
    rank = np.arange(1, 31)
    found = pd.DataFrame({"seller_id": [f"s{k}" for k in rank], "service_rank": rank, "credit_rank": rank[::-1]})
    return found.assign(service_rank_low=np.maximum(1, rank - 4), service_rank_high=np.minimum(30, rank + 6))


def own_dsr(table: pd.DataFrame, **options) -> mpl.axes.Axes:
    return plot_dsr(table, "$a_1$", **options)


PLOTS = [
    (plot_credit_levels, levels),
    (own_dsr, industry),
    (plot_service_ranking, ranking),
    (plot_credit_history, history),
]


def dots(ax: mpl.axes.Axes) -> np.ndarray:
    return np.asarray(next(line for line in ax.lines if line.get_marker() == "o").get_xdata(), float)


@LANGUAGES
def test_levels_show_their_sellers_up_to_the_highest_reached(lang):
    table = levels()
    ax = plot_credit_levels(table, lang=lang)
    top = table.index[table["sellers"] > 0].max()
    by_place = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches}
    assert by_place == table.loc[:top, "sellers"].to_dict()
    ends = np.array([path.vertices[:, 1] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(ends, table.loc[:top, ["share_low", "share_high"]] * table["sellers"].sum())
    assert ax.get_legend().get_texts()[0].get_text() == {"zh": "无等级", "en": "none yet"}[lang]


@LANGUAGES
def test_good_share_is_of_kinds_and_refuses_other_tables(lang):
    sellers = pd.DataFrame({"seller_id": ["$a_1$", "b", "c"], "kind": ["small", "large", "small"]})
    table = kind_table(feedback(), sellers)
    np.testing.assert_allclose(dots(plot_good_share(table, lang=lang)), table["good_share"])
    ranking_of_sellers = seller_ranking(feedback(), sellers)
    for wrong, what in (
        (ranking_of_sellers, "its rows are sellers"),
        (ranking_of_sellers.set_index("seller_id"), "its rows are sellers"),
        (table.reset_index(), "kind is a column"),
        (table.drop(columns="good_share_low"), "good_share_low is missing"),
    ):
        with pytest.raises(InputError, match=what) as error:
            plot_good_share(wrong, lang=lang)
        assert "kind_table" in error.value.zh


@LANGUAGES
def test_ratings_stand_on_the_range_of_their_industry(lang):
    table = industry()
    ax = own_dsr(table, lang=lang)
    own = table[table["seller_id"] == "$a_1$"]
    np.testing.assert_allclose(dots(ax), own["mean"])
    bars = np.array([[bar.get_x(), bar.get_x() + bar.get_width()] for bar in ax.patches])
    np.testing.assert_allclose(bars, own[["industry_worst", "industry_best"]])
    assert any("(+" in text.get_text() for text in ax.texts)
    with pytest.raises(InputError, match="seller 'z'"):
        plot_dsr(table, "z")


@LANGUAGES
def test_ranks_show_their_limits_and_the_rank_by_credit(lang):
    table = ranking()
    ax = plot_service_ranking(table, most=8, lang=lang)
    np.testing.assert_allclose(dots(ax), table["service_rank"].head(8))
    drawn = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(drawn, table[["service_rank_low", "service_rank_high"]].head(8))
    np.testing.assert_allclose(ax.collections[1].get_offsets()[:, 0], table["credit_rank"].head(8))


@LANGUAGES
def test_history_draws_every_seller_as_steps(lang):
    table = history()
    ax = plot_credit_history(table, lang=lang)
    sellers = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sellers == ["$a_1$", "b", "c"]
    for line, seller in zip(ax.lines, sellers):
        np.testing.assert_allclose(line.get_ydata(), table.loc[table["seller_id"] == seller, "credit_score"])
        assert line.get_drawstyle() == "steps-post"
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.lines[:3]}) == 3
    many = pd.concat([table.assign(seller_id=f"s{k}") for k in range(7)])
    with pytest.raises(InputError, match="7 sellers cannot be told apart"):
        plot_credit_history(many)


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
    table = data()
    ax = figures.new_axes()
    assert draw(table, ax=ax) is ax
    first, second = draw(table, lang="zh"), draw(table, lang="en")
    assert first.figure is not second.figure
    assert first.get_xlabel() != second.get_xlabel()
    assert figures.alt_text(first) != figures.alt_text(second)
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(table, lang="fr")
