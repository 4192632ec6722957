from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.curves import gains, precision_recall_curve, roc_curve
from crm_analysis.churn.plots.model_parts import OWN, looks
from crm_analysis.churn.plots.rankings import (
    plot_churn_by_part,
    plot_gains,
    plot_precision_recall,
    plot_roc,
    plot_score_distribution,
)
from crm_analysis.figures import alt_text, png


@pytest.fixture
def scored():
    rng = np.random.default_rng(0)
    p = rng.random(300)
    y = pd.Series((rng.random(300) < p).astype(int))
    return pd.DataFrame({"prior": y.mean(), "logistic": p, "mine$": rng.random(300)}), y


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_curves_are_those_of_the_tables(scored):
    p, y = scored
    ax = plot_roc(p, y)
    assert len(ax.lines) == 3  # chance, and the models that rank
    np.testing.assert_allclose(ax.lines[1].get_xydata(), roc_curve(p["logistic"], y)[["false_alarms", "recall"]])
    ax = plot_precision_recall(p, y)
    curve = precision_recall_curve(p["logistic"], y)
    np.testing.assert_allclose(ax.lines[1].get_xydata(), curve[["recall", "precision"]])
    assert ax.lines[0].get_ydata()[0] == pytest.approx(y.mean())


def test_gains_and_parts_are_those_of_the_table(scored):
    p, y = scored
    table = gains(p["logistic"], y, draws=50)
    ax = plot_gains(table)
    np.testing.assert_allclose(ax.lines[1].get_ydata()[1:], table["captured"])
    ax = plot_churn_by_part(table)
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], table["churn_rate"])
    assert ax.lines[-1].get_ydata()[0] == pytest.approx(y.mean())
    assert ax.texts[0].get_text() == f"{table['lift'].iloc[0]:.2f}×"


def test_distributions_hold_every_customer_once(scored):
    p, y = scored
    ax = plot_score_distribution(p["logistic"], y, bins=10)
    for patch, value in zip(ax.patches, (1, 0)):
        share = np.histogram(p["logistic"][y == value], np.linspace(0, 1, 11))[0] / (y == value).sum()
        np.testing.assert_allclose(patch.get_data().values, share)
        assert patch.get_data().values.sum() == pytest.approx(1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_given_axes_and_alt_texts(scored, lang):
    p, y = scored
    table = gains(p["logistic"], y, draws=20)
    for draw in (
        lambda **how: plot_roc(p, y, **how), lambda **how: plot_precision_recall(p, y, **how),
        lambda **how: plot_gains(table, **how), lambda **how: plot_churn_by_part(table, **how),
        lambda **how: plot_score_distribution(p["logistic"], y, **how),
    ):  # fmt: skip
        _, ax = plt.subplots()
        assert draw(ax=ax, lang=lang) is ax
        assert alt_text(ax)
        assert (ax.get_xlabel() + ax.get_ylabel()).isascii() == (lang == "en")
        assert png(ax)[1:4] == b"PNG"


def test_models_look_apart():
    found = looks([*OWN, "mine", "yours"])
    assert len({(look.color, look.marker) for key, look in found.items() if not key.endswith("only")}) >= 7
