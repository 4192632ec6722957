from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.compare import compare
from crm_analysis.churn.models.forward import forward
from crm_analysis.churn.plots.models import plot_forward_rates, plot_forward_scores, plot_model_comparison
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text, png
from crm_analysis.words import word


def made(seed: int, cutoff: str) -> Sample:
    rng = np.random.default_rng(seed)
    index = pd.Index([f"c{i}" for i in range(200)], name="customer_id")
    X = pd.DataFrame({"days_since_last": rng.integers(0, 100, 200), "orders": rng.poisson(3, 200)}, index=index)
    y = pd.Series((rng.random(200) < X["days_since_last"] / 120).astype(int), index=index)
    return Sample(X, y, (Windows(cutoff, data_end="2012-12-31", outcome=60),), kind="forward")


@pytest.fixture(scope="module")
def comparison():
    return compare(made(0, "2012-03-31"), ["prior", "recency_only", "logistic"], folds=5, repeats=1)


@pytest.fixture(scope="module")
def test():
    days = ("2012-03-31", "2012-06-30", "2012-09-30")
    return forward([made(i, day) for i, day in enumerate(days)], ["prior", "recency_only", "logistic"], draws=50)


@pytest.fixture(autouse=True)
def _closed():
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def test_means_intervals_and_folds_are_drawn(comparison):
    ax = plot_model_comparison(comparison)
    folds = [line for line in ax.lines if line.get_marker() == "."]
    assert [len(line.get_xdata()) for line in folds] == [5, 5, 5]
    first = comparison.folds[comparison.folds["model"] == "logistic"]["auc"]
    np.testing.assert_allclose(folds[0].get_xdata(), first)  # learned models come first
    means = [bars.lines[0].get_xdata()[0] for bars in ax.containers]
    np.testing.assert_allclose(means, comparison.table.loc[["logistic", "prior", "recency_only"], "auc"])
    segments = ax.containers[0].lines[2][0].get_segments()[0][:, 0]
    np.testing.assert_allclose(segments, comparison.table.loc["logistic", ["auc_low", "auc_high"]].astype(float))
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        word(key, "en") for key in ("logistic", "prior", "recency_only")
    ]


def test_expected_rates_are_drawn_beside_the_rates_that_came(test):
    ax = plot_forward_rates(test)
    rates = test.cutoffs.iloc[-1]
    assert [line.get_xdata()[0] for line in ax.lines[:2]] == pytest.approx(
        [rates["train_churn_rate"], rates["test_churn_rate"]]
    )
    means = [bars.lines[0].get_xdata()[0] for bars in ax.containers]
    np.testing.assert_allclose(means, test.table.loc[pd.Timestamp("2012-09-30"), "mean_probability"])
    earlier = plot_forward_rates(test, cutoff="2012-06-30")
    assert "2012-06-30" in alt_text(earlier)


def test_scores_are_drawn_by_cutoff(test):
    ax = plot_forward_scores(test, measure="brier")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["2012-06-30", "2012-09-30"]
    for bars, key in zip(ax.containers, test.pooled.index):
        np.testing.assert_allclose(
            np.asarray(bars.lines[0].get_ydata(), float), test.table["brier"].xs(key, level="model")
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_given_axes_and_alt_texts(comparison, test, lang):
    for draw, data in ((plot_model_comparison, comparison), (plot_forward_rates, test), (plot_forward_scores, test)):
        _, ax = plt.subplots()
        assert draw(data, ax=ax, lang=lang) is ax
        assert word("logistic", lang) in alt_text(ax)
        assert draw(data, lang=lang).figure is not ax.figure
        assert png(ax)[1:4] == b"PNG"


def test_bad_input_is_named(comparison, test):
    with pytest.raises(InputError, match="did you mean 'auc'"):
        plot_model_comparison(comparison, measure="AUC".lower() + "c")
    with pytest.raises(InputError, match="was not tested"):
        plot_forward_rates(test, cutoff="2012-03-31")
