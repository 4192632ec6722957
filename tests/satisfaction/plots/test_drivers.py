"""Plots of drivers, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.satisfaction.drivers.cuts import cut_coefficients
from crm_analysis.satisfaction.drivers.result import Drivers
from crm_analysis.satisfaction.drivers.table import driver_table
from crm_analysis.satisfaction.plots.drivers import (
    plot_cut_coefficients,
    plot_dominance,
    plot_importance,
    plot_importance_signs,
    plot_rank_chances,
)

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
NAMES = ["tangibles", "empathy", "$x_1$ <b>", "flat"]


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 4)) + 0.5 * rng.normal(size=(200, 1))
    y = x @ [1, -0.8, 0.4, 0] + rng.normal(size=200)
    return pd.DataFrame(x, columns=NAMES).assign(y=y, level=np.digitize(y, [-1, 0.5]))


def found(**arguments) -> Drivers:
    return driver_table(rows(), **{"outcome": "y", "drivers": NAMES, "draws": 50} | arguments)


def cuts() -> pd.DataFrame:
    return cut_coefficients(rows(), outcome="level", drivers=NAMES)


PLOTS = [
    (plot_importance, lambda: found().table),
    (plot_rank_chances, lambda: found().ranks),
    (plot_dominance, lambda: found().dominance.strongest),
    (plot_importance_signs, lambda: found().table),
    (plot_cut_coefficients, cuts),
]


def containers(ax: mpl.axes.Axes) -> list[np.ndarray]:
    """Values of the dots of every series with intervals."""
    return [np.asarray(part.lines[0].get_xdata(), float) for part in ax.containers if hasattr(part, "has_xerr")]


def limits(ax: mpl.axes.Axes, series: int) -> np.ndarray:
    return np.array([path.vertices[:, 0] for path in ax.collections[series].get_paths()])


def rows_named(ax: mpl.axes.Axes) -> list[str]:
    return [text.get_text() for text in ax.get_yticklabels()]


@LANGUAGES
def test_importance_shows_both_measures_with_limits(lang):
    table = found().table
    ax = plot_importance(table, lang=lang)
    for series, name in enumerate(["lmg", "relative_weight"]):
        np.testing.assert_allclose(containers(ax)[series], table[name])
        np.testing.assert_allclose(limits(ax, series), table[[f"{name}_low", f"{name}_high"]])
    assert rows_named(ax)[0] == {"zh": "有形性", "en": "tangibles"}[lang]
    assert "$x_1$ <b>" in rows_named(ax)
    assert ax.get_xlim()[0] == 0
    assert "95%" in ax.get_xlabel()


def test_importance_of_an_ordinal_outcome_has_one_measure():
    table = found(outcome="level", kind="ordinal_logit", draws=20).table
    ax = plot_importance(table, level=0.9)
    assert len(containers(ax)) == 1
    assert ax.get_legend() is None
    assert "90%" in ax.get_xlabel()


@LANGUAGES
def test_rank_chances_are_the_colours_and_the_words(lang):
    ranks = found().ranks
    ax = plot_rank_chances(ranks, lang=lang)
    np.testing.assert_allclose(ax.images[0].get_array(), ranks)
    said = [text.get_text() for text in ax.texts]
    assert said[0] == f"{ranks.iloc[0, 0]:.0%}"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "2", "3", "4"]


def test_no_ranks_without_draws():
    with pytest.raises(ValueError, match="draws=0"):
        plot_rank_chances(found(draws=0).ranks)


@LANGUAGES
def test_dominance_names_the_kind_in_each_cell(lang):
    strongest = found().dominance.strongest
    ax = plot_dominance(strongest, lang=lang)
    kinds = ["complete_dominance", "conditional_dominance", "general_dominance"]
    expected = sum(int((strongest == kind).sum().sum()) for kind in kinds)
    assert len(ax.texts) == expected
    assert {text.get_text() for text in ax.texts} <= {
        "zh": {"完全", "条件", "一般"}, "en": {"complete", "conditional", "general"},
    }[lang]  # fmt: skip
    for text in ax.texts:
        column, row = text.get_position()
        assert strongest.iloc[row, column] in kinds


@LANGUAGES
def test_a_large_matrix_uses_marks_and_explains_them(lang):
    names = [f"q{i}" for i in range(9)]
    table = pd.DataFrame("dominated", index=names, columns=names)
    table.iloc[0, 1:4] = ["complete_dominance", "conditional_dominance", "general_dominance"]
    ax = plot_dominance(table, lang=lang)
    assert [text.get_text() for text in ax.texts] == ["+++", "++", "+"]
    assert {"zh": "+++ 完全，++ 条件，+ 一般", "en": "+++ complete, ++ conditional, + general"}[lang] in ax.get_xlabel()


@LANGUAGES
def test_signs_are_those_of_the_coefficients(lang):
    table = found().table
    ax = plot_importance_signs(table, lang=lang)
    expected = np.where(table["coefficient_low"] > 0, "+", np.where(table["coefficient_high"] < 0, "-", "?"))
    assert [text.get_text() for text in ax.texts] == expected.tolist()
    bars = sorted(ax.patches, key=lambda bar: bar.get_y())
    np.testing.assert_allclose([bar.get_width() for bar in bars], table["lmg_share"])
    assert len(ax.get_legend().get_texts()) == len(set(expected))


def test_a_group_has_no_sign():
    table = found(groups={"pair": NAMES[:2]}).table
    ax = plot_importance_signs(table)
    assert ax.texts[list(table.index).index("pair")].get_text() == ""


@LANGUAGES
def test_coefficients_of_every_cut(lang):
    table = cuts()
    ax = plot_cut_coefficients(table, lang=lang)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["≥ 1", "≥ 2"]
    for series, cut in enumerate(["≥ 1", "≥ 2"]):
        part = table.xs(cut, level="cut")
        np.testing.assert_allclose(containers(ax)[series], part["coefficient"])
        np.testing.assert_allclose(limits(ax, series), part[["coefficient_low", "coefficient_high"]])


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


@LANGUAGES
def test_labels_speak_of_intervals_only_where_there_are_any(lang):
    word = {"zh": "区间", "en": "interval"}[lang]
    for plot in (plot_importance, plot_importance_signs):
        assert word in plot(found().table, lang=lang).get_xlabel()
        ax = plot(found(draws=0).table, lang=lang)
        assert word not in ax.get_xlabel() + figures.alt_text(ax)
