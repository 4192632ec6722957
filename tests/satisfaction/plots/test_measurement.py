"""Plots of measurement, read back."""

from __future__ import annotations

import logging
from functools import cache

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgba

from crm_analysis import figures
from crm_analysis.satisfaction.measurement.gate import Gate, measurement_gate
from crm_analysis.satisfaction.measurement.lights import light_table
from crm_analysis.satisfaction.plots.measurement import (
    COEFFICIENTS,
    plot_discriminant,
    plot_item_correlations,
    plot_item_drop,
    plot_loadings,
    plot_reliability,
)
from crm_analysis.satisfaction.plots.measurement_gate import SIGNS, plot_gate
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.templates import ecsi
from crm_analysis.satisfaction.survey.moments import mobi

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


@cache
def gate() -> Gate:
    return measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=100)


PLOTS = {
    "reliability": lambda **how: plot_reliability(gate().reliability, model=gate().model, **how),
    "discriminant": lambda **how: plot_discriminant(gate().discriminant, model=gate().model, **how),
    "loadings": lambda **how: plot_loadings(gate().items, model=gate().model, **how),
    "item_drop": lambda **how: plot_item_drop(gate().items, model=gate().model, **how),
    "item_correlations": lambda **how: plot_item_correlations(mobi(), model=gate().model, **how),
    "gate": lambda **how: plot_gate(gate(), **how),
}
ALL = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


def marks(ax: mpl.axes.Axes, marker: str) -> np.ndarray:
    """Places of the dots with a marker, in legends left out."""
    found = [line.get_xydata() for line in ax.lines if line.get_marker() == marker and len(line.get_xdata())]
    return np.concatenate(found) if found else np.empty((0, 2))


def labels(ax: mpl.axes.Axes) -> list[str]:
    return [text.get_text() for text in ax.get_yticklabels()]


def texts(ax: mpl.axes.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@LANGUAGES
def test_reliability_shows_every_coefficient_and_says_why_one_is_missing(lang):
    table = gate().reliability
    ax = PLOTS["reliability"](lang=lang)
    for name, marker in COEFFICIENTS.items():
        np.testing.assert_allclose(marks(ax, marker)[:, 0], table[name].dropna())
    assert {"zh": "单一题项", "en": "single item"}[lang] in texts(ax)
    assert labels(ax)[0] == {"zh": "企业形象", "en": "image"}[lang]
    assert {"zh": "顾客期望、顾客忠诚", "en": "expectations, loyalty"}[lang] in figures.alt_text(ax)


def test_reliability_intervals_are_those_of_the_table():
    table = gate().reliability.dropna(subset="alpha_standardised")
    ax = PLOTS["reliability"]()
    drawn = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(drawn, table[["alpha_standardised_low", "alpha_standardised_high"]])


@LANGUAGES
def test_discriminant_stands_largest_first_with_its_limits(lang):
    table = gate().discriminant.sort_values("htmt", ascending=False)
    ax = PLOTS["discriminant"](lang=lang)
    dots = np.concatenate([marks(ax, "o"), marks(ax, "s")])
    np.testing.assert_allclose(dots[np.argsort(dots[:, 1]), 0], table["htmt"])
    np.testing.assert_allclose(marks(ax, "|")[-len(table) :, 0], table["htmt_upper"])
    apart = table["htmt_distinct"].to_numpy(bool)
    np.testing.assert_allclose(np.sort(marks(ax, "s")[:, 1]), np.flatnonzero(~apart))
    assert {"0.85", "0.90", "1.00"} <= set(texts(ax))
    assert labels(ax)[0] == {"zh": "顾客满意 – 顾客忠诚", "en": "satisfaction – loyalty"}[lang]


def test_discriminant_without_tests_goes_by_the_value_alone():
    table = measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=0).discriminant
    ax = plot_discriminant(table)
    assert len(marks(ax, "s")) == 0
    assert len(marks(ax, "o")) == 21
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["below 1 (not tested)"]
    assert "told apart" not in figures.alt_text(ax)


@LANGUAGES
def test_loadings_stand_by_block_with_the_highest_elsewhere(lang):
    table = gate().items
    ax = PLOTS["loadings"](lang=lang)
    np.testing.assert_allclose(marks(ax, "o")[:, 0], table["loading"])
    np.testing.assert_allclose(marks(ax, "D")[:, 0], table["other_loading"])
    assert labels(ax) == list(table.index)
    assert {"zh": "感知质量", "en": "perceived quality"}[lang] in texts(ax)
    assert "CUSL2" in figures.alt_text(ax)


@LANGUAGES
def test_item_drop_marks_items_without_which_alpha_rises(lang):
    table = gate().items.dropna(subset="alpha_standardised_dropped")
    ax = PLOTS["item_drop"](lang=lang)
    rises = table["alpha_standardised_dropped"] > table["alpha_standardised"]
    np.testing.assert_allclose(marks(ax, "^")[:, 0], table["alpha_standardised_dropped"][rises])
    np.testing.assert_allclose(marks(ax, "o")[:, 0], table["alpha_standardised_dropped"][~rises])
    assert labels(ax) == list(table.index)
    assert "PERV1" not in labels(ax)


def test_item_drop_of_one_scale_needs_no_model():
    table = gate().items.query("construct == 'image'").drop(columns="construct")
    assert len(labels(plot_item_drop(table))) == 5


@LANGUAGES
def test_correlations_stand_in_the_cells_and_blocks_are_framed(lang):
    ax = PLOTS["item_correlations"](lang=lang)
    matrix = mobi().take(gate().model.items).correlations
    np.testing.assert_allclose(ax.images[0].get_array(), matrix)
    cells = [text for text in ax.texts if text.get_text().lstrip("-").isdigit()]
    assert len(cells) == 24 * 23
    assert cells[0].get_text() == f"{100 * matrix[0, 1]:.0f}"
    sizes = [frame.get_width() for frame in ax.patches]
    assert sizes == [5, 3, 7, 2, 3, 1, 3]


@LANGUAGES
def test_gate_tells_verdicts_by_shape_and_number(lang):
    lights = light_table(gate())
    ax = PLOTS["gate"](lang=lang)
    for (verdict, (_, color)), drawn in zip(SIGNS.items(), ax.collections):
        assert len(drawn.get_offsets()) == (lights["claim_verdict"] == verdict).sum()
        np.testing.assert_allclose(drawn.get_facecolor()[0], to_rgba(color))
    assert len({tuple(map(tuple, drawn.get_paths()[0].vertices)) for drawn in ax.collections}) == 3
    assert any(text.startswith("0.20\nCUSL2") for text in texts(ax))
    assert labels(ax)[-1] == {"zh": "整个模型", "en": "whole model"}[lang]
    assert "nan" not in " ".join(texts(ax))


@ALL
@LANGUAGES
def test_plots_draw_all_their_signs_and_leave_settings_alone(draw, lang, caplog):
    before = dict(mpl.rcParams)
    with caplog.at_level(logging.WARNING):
        picture = figures.png(draw(lang=lang), dpi=60)
    assert picture.startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


@ALL
def test_plots_use_the_axes_given_and_speak_both_languages(draw):
    ax = figures.new_axes()
    assert draw(ax=ax) is ax
    first, second = draw(lang="zh"), draw(lang="en")
    assert first.figure is not second.figure
    assert figures.alt_text(first) != figures.alt_text(second)
    with pytest.raises(ValueError, match="lang must be one of"):
        draw(lang="fr")


@LANGUAGES
def test_labels_speak_of_intervals_only_where_there_are_any(lang):
    word = {"zh": "区间", "en": "interval"}[lang]
    bare = measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=0)
    for plot, name in (
        (plot_reliability, "reliability"),
        (plot_discriminant, "discriminant"),
        (plot_loadings, "items"),
    ):
        ax = plot(getattr(gate(), name), level=0.9, lang=lang)
        assert "90%" in ax.get_xlabel()
        assert word in figures.alt_text(ax)
        ax = plot(getattr(bare, name), lang=lang)
        assert word not in ax.get_xlabel() + figures.alt_text(ax)


def test_a_table_with_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="no HTMT to draw"):
        plot_discriminant(gate().discriminant.assign(htmt=np.nan))
    with pytest.raises(ValueError, match="three items or more"):
        plot_item_drop(gate().items.query("construct == 'value'"))
