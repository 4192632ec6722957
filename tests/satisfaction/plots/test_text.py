"""Plots of what reviews say, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.plots.text import plot_agreement, plot_aspect_stars, plot_aspects
from crm_analysis.satisfaction.text.aspects import aspect_table
from crm_analysis.satisfaction.text.engine import LABELS

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def aspects() -> pd.DataFrame:
    texts = [
        "物流很快",
        "物流太慢",
        "质量好",
        "质量差，物流还行",
        "价格贵",
        "退款拖了很久",
        "客服耐心，质量也好",
        "物流给力",
    ] * 6
    stars = [5, 1, 5, 2, 3, 1, 5, 4] * 6
    return aspect_table(pd.DataFrame({"text": texts, "stars": stars})).table


def confusion() -> pd.DataFrame:
    return pd.DataFrame([[0.1, 0.02, 0.03], [0.01, 0.05, 0.04], [0.0, 0.05, 0.7]], index=LABELS, columns=LABELS)


PLOTS = [(plot_aspects, aspects), (plot_aspect_stars, aspects), (plot_agreement, confusion)]


@LANGUAGES
def test_bars_show_both_shares_with_their_limits(lang):
    table = aspects()
    table = table[table["mentioning"] > 0].sort_values("mentioning", ascending=False, kind="stable")
    ax = plot_aspects(table[::-1], lang=lang)
    shown = table[::-1].sort_values("mentioning", ascending=False, kind="stable")
    width = np.array([bar.get_width() for bar in ax.patches])
    np.testing.assert_allclose(width[: len(shown)], shown["positive_share"])
    np.testing.assert_allclose(width[len(shown) :], -shown["negative_share"])
    good, bad = (np.array([path.vertices[:, 0] for path in line.get_paths()]) for line in ax.collections)
    np.testing.assert_allclose(good, shown[["positive_share_low", "positive_share_high"]])
    np.testing.assert_allclose(bad, -shown[["negative_share_high", "negative_share_low"]])
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert labels[0].startswith({"zh": "物流\n", "en": "delivery\n"}[lang])
    assert len(ax.get_legend().get_texts()) == 2


@LANGUAGES
def test_stars_stand_lowest_first(lang):
    table = aspects()
    ax = plot_aspect_stars(table, lang=lang)
    shown = table[table["stars_difference"].notna()].sort_values("stars_difference")
    dots = next(line for line in ax.lines if line.get_marker() == "o").get_xdata()
    np.testing.assert_allclose(np.asarray(dots, float), shown["stars_difference"])
    assert len(shown) < len(table)


@LANGUAGES
def test_the_table_of_labels_shows_its_shares(lang):
    ax = plot_agreement(confusion(), lang=lang)
    np.testing.assert_allclose(ax.images[0].get_array(), confusion())
    assert [text.get_text() for text in ax.texts][:3] == ["10.0%", "2.0%", "3.0%"]
    assert "85.0%" in figures.alt_text(ax)


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


def test_nothing_mentioned_and_tables_by_group():
    assert "No aspect is mentioned" in figures.alt_text(plot_aspects(aspect_table(["桌子"]).table))
    groups = aspect_table(pd.DataFrame({"text": ["物流快", "物流慢"], "shop": ["a", "b"]}), by="shop").table
    for draw in (plot_aspects, plot_aspect_stars):
        with pytest.raises(InputError, match="by group") as error:
            draw(groups)
        assert "table.loc['a']" in str(error.value)
        with pytest.raises(InputError, match="by group"):
            draw(groups.set_axis(groups.index.to_flat_index()))
        draw(groups.loc["a"])
