"""Plots of effects, cross-loadings and prediction, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.plots.pls import plot_cross_loadings, plot_effects
from crm_analysis.satisfaction.plots.prediction import plot_cvpat, plot_prediction
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.prediction.cvpat import cvpat
from crm_analysis.satisfaction.prediction.predict import pls_predict
from crm_analysis.satisfaction.survey.model import PathModel

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture
def fitted(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


def dots(ax: mpl.axes.Axes, marker: str = "o") -> np.ndarray:
    return np.concatenate([line.get_xydata()[:, 0] for line in ax.lines if line.get_marker() == marker])


@LANGUAGES
def test_effects_stand_in_order_and_those_that_cover_0_are_hollow(fitted, sample_model, lang):
    table = bootstrap(fitted, draws=100).paths
    ax = plot_effects(table, model=sample_model, lang=lang)
    ordered = table.sort_values("path", ascending=False)
    first = ordered.iloc[0]
    assert ax.get_yticklabels()[0].get_text() == " → ".join(
        sample_model.label(first[end], lang) for end in ("source", "target")
    )
    np.testing.assert_allclose(np.sort(dots(ax))[::-1], ordered["path"])
    covers = (table["path_low"] <= 0) & (table["path_high"] >= 0)
    hollow = [line for line in ax.lines if line.get_marker() == "o" and line.get_markerfacecolor() == "white"]
    np.testing.assert_allclose(np.sort(hollow[0].get_xydata()[:, 0]), np.sort(table["path"][covers]))
    ends = np.array([path.vertices[:, 0] for part in ax.collections for path in part.get_paths()])
    np.testing.assert_allclose(np.sort(ends[:, 0]), np.sort(table["path_low"]))


def test_effects_without_limits_and_without_names(fitted):
    ax = plot_effects(fitted.effects_, "total_effect")
    np.testing.assert_allclose(np.sort(dots(ax)), np.sort(fitted.effects_["total_effect"]))
    assert "interval" not in ax.get_xlabel()
    with pytest.raises(InputError, match="no column total"):
        plot_effects(fitted.effects_, "total")


@LANGUAGES
def test_cross_loadings_frame_the_own_construct_and_mark_strays(lang):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 200))
    survey = pd.DataFrame({"a1": x, "a2": x + 0.3 * y, "a3": 0.3 * x + 2 * y, "b1": y + 0.3 * x, "b2": y})
    model = PathModel({"a": ["a1", "a2", "a3"], "b": ["b1", "b2"]}, [("a", "b")])
    fitted = PLS(model).fit(survey)
    ax = plot_cross_loadings(fitted, lang=lang)
    np.testing.assert_allclose(ax.images[0].get_array(), fitted.cross_loadings_)
    framed = [(round(box.get_y() + 0.46), round(box.get_x() + 0.48)) for box in ax.patches]
    assert framed == [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1)]
    marked = [text.get_text() for text in ax.get_yticklabels()]
    assert marked[2] == "a3 !"
    assert marked[4] == "b2"
    assert f"{fitted.cross_loadings_.iloc[3, 1]:.2f}" in [text.get_text() for text in ax.texts]


@LANGUAGES
def test_prediction_shows_three_errors_and_q2(fitted, lang):
    found = pls_predict(fitted, repeats=1)
    ax = plot_prediction(found, lang=lang)
    np.testing.assert_allclose(dots(ax, "|"), found.items["rmse_mean"])
    np.testing.assert_allclose(dots(ax, "D"), found.items["rmse_lm"])
    good = found.items["beats_lm"]
    filled, hollow = (line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_allclose(filled.get_xydata()[:, 0], found.items["rmse_pls"][good])
    np.testing.assert_allclose(hollow.get_xydata()[:, 0], found.items["rmse_pls"][~good])
    assert f"{found.items['q_squared'].iloc[0]:.2f}" in [text.get_text() for text in ax.texts]
    assert len(ax.get_legend().get_texts()) == 3
    assert found.text(lang) in figures.alt_text(ax)


@LANGUAGES
def test_losses_against_both_benchmarks(fitted, sample_model, lang):
    table = cvpat(pls_predict(fitted, repeats=1))
    ax = plot_cvpat(table, model=sample_model, lang=lang)
    np.testing.assert_allclose(dots(ax, "o"), table["loss_difference"].iloc[:7])
    np.testing.assert_allclose(dots(ax, "s"), table["loss_difference"].iloc[7:])
    assert ax.get_yticklabels()[1].get_text() == sample_model.label("expectations", lang)


def test_all_signs_are_drawn_settings_stay_and_both_languages_speak(fitted, caplog):
    before = dict(mpl.rcParams)
    prediction = pls_predict(fitted, repeats=1)
    plots = [
        (plot_effects, fitted.paths_),
        (plot_cross_loadings, fitted),
        (plot_prediction, prediction),
        (plot_cvpat, cvpat(prediction)),
    ]
    for draw, data in plots:
        given = figures.new_axes()
        zh, en = draw(data, lang="zh"), draw(data, ax=given)
        assert en is given
        assert zh.figure is not en.figure
        assert figures.alt_text(zh) != figures.alt_text(en)
        with caplog.at_level(logging.WARNING):
            assert all(figures.png(ax, dpi=40).startswith(b"\x89PNG") for ax in (zh, en))
        with pytest.raises(ValueError, match="lang must be one of"):
            draw(data, lang="fr")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


def test_an_effect_that_cannot_be_is_not_drawn_as_a_find(fitted, sample_model):
    table = bootstrap(fitted, draws=50).effects
    none = table["direct_effect_low"].isna()
    assert none.any()
    ax = plot_effects(table, "direct_effect", model=sample_model)
    filled = next(line for line in ax.lines if line.get_marker() == "o" and line.get_markerfacecolor() != "white")
    assert (filled.get_xydata()[:, 0] != 0).all()
    with pytest.raises(InputError, match="no row"):
        plot_effects(table.iloc[:0], "direct_effect")
