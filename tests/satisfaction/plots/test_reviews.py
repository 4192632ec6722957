"""Plots of reviews, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.plots import reviews as plots
from crm_analysis.satisfaction.reviews.contrast import verified_table
from crm_analysis.satisfaction.reviews.ranking import rank_items
from crm_analysis.satisfaction.reviews.selection import selection_table
from crm_analysis.satisfaction.reviews.shape import star_table
from crm_analysis.satisfaction.reviews.trend import rating_trend

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def ratings(n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    days = pd.to_datetime("2012-01-05") + pd.to_timedelta(rng.integers(0, 150, n), "D")
    stars, item = rng.choice([1, 2, 3, 4, 5], n, p=[0.2, 0.05, 0.05, 0.2, 0.5]), rng.choice(["a", "b", "$x_1$"], n)
    who, verified = rng.integers(0, 90, n).astype(str), rng.random(n) < 0.7
    frame = pd.DataFrame({"stars": stars, "item_id": item, "customer_id": who, "verified": verified})
    return frame.assign(rated_at=days.tz_localize("UTC"))


PLOTS = [
    (plots.plot_stars, lambda: star_table(ratings())),
    (plots.plot_item_ranking, lambda: rank_items(ratings(), draws=50)),
    (plots.plot_item_ranks, lambda: rank_items(ratings(), draws=50)),
    (plots.plot_selection_bounds, lambda: selection_table([20, 5, 5, 20, 50])),
    (plots.plot_rating_trend, lambda: rating_trend(ratings())),
    (plots.plot_verified, lambda: verified_table(ratings())),
]


def limits(ax: mpl.axes.Axes, axis: int, group: int = 0) -> np.ndarray:
    return np.array([path.vertices[:, axis] for path in ax.collections[group].get_paths()])


@LANGUAGES
def test_stars_and_their_joint_limits(lang):
    found = star_table(ratings(), by="item_id")
    ax = plots.plot_stars(found, group="a", lang=lang)
    rows = found.distribution[found.distribution["item_id"] == "a"]
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], rows["star_share"])
    np.testing.assert_allclose(limits(ax, 1), rows[["star_share_low", "star_share_high"]])


@LANGUAGES
def test_ranking_shows_scores_and_ranks(lang):
    table = rank_items(ratings(), draws=50)
    ax = plots.plot_item_ranking(table, lang=lang)
    for line, name in zip(ax.lines, ("mean_stars", "bayes_mean", "multinomial_bound")):
        np.testing.assert_allclose(line.get_xdata(), table[name])
    assert any("$x_1$" in text.get_text() for text in ax.get_yticklabels())
    ax = plots.plot_item_ranks(table, top=2, lang=lang)
    np.testing.assert_allclose(limits(ax, 0), table[["true_rank_low", "true_rank_high"]].head(2))


@LANGUAGES
def test_bounds_trend_and_marks(lang):
    table = selection_table([20, 5, 5, 20, 50])
    ax = plots.plot_selection_bounds(table, lang=lang)
    for line, name in zip(ax.lines, ("bound_low", "bound_high", "bound_limit_low", "bound_limit_high")):
        np.testing.assert_allclose(line.get_ydata(), table[name])
    trend = rating_trend(ratings())
    ax = plots.plot_rating_trend(trend, lang=lang)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), trend.table["mean_stars"])
    known = trend.table["mean_stars_low"].notna().to_numpy()  # no limits where all stars are alike
    np.testing.assert_allclose(limits(ax, 1)[known], trend.table.loc[known, ["mean_stars_low", "mean_stars_high"]])
    table = verified_table(ratings())
    ax = plots.plot_verified(table, lang=lang)
    np.testing.assert_allclose(limits(ax, 0), table.loc[["five_star", "one_star"], ["with_mark_low", "with_mark_high"]])


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
