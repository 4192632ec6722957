"""Plots of features: what is drawn is read back."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.features.customer_features import customer_features
from crm_analysis.churn.plots.features import (
    plot_feature_correlations,
    plot_feature_distributions,
    plot_missing_features,
)
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def sample(company) -> tuple[pd.DataFrame, pd.Series]:
    windows = Windows("2012-06-30", data_end="2012-12-31")
    y, _ = label(qualifying(company.tables), windows)
    return customer_features(company, windows, customers=y), y


def test_distributions_are_those_of_the_groups(sample):
    X, y = sample
    ax = plot_feature_distributions(X, y=y, features=["spend", "mean_stars"])
    assert len(ax.child_axes) == 2
    for cell, name in zip(ax.child_axes, ["spend", "mean_stars"]):
        for line, group in zip(cell.lines, (1, 0)):
            values, share = line.get_xydata().T
            there = X.loc[y == group, name].dropna()
            assert np.array_equal(values, np.sort(there))
            assert share[-1] == 1
            assert np.interp(there.median(), values, share) == pytest.approx(0.5, abs=0.2)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["churned", "stayed"]


def test_the_most_telling_features_come_first(sample):
    X, y = sample
    ax = plot_feature_distributions(X, y=y, most=3)
    assert ax.child_axes[0].get_title(loc="left") == "days since the last purchase"
    assert len(ax.child_axes) == 3


def test_missing_shares(sample):
    X, _ = sample
    ax = plot_missing_features(X, lang="zh")
    found = {text.get_text(): bar.get_width() for text, bar in zip(ax.get_yticklabels(), ax.patches)}
    assert found["评分均值"] == X["mean_stars"].isna().mean()
    assert len(found) == (X.isna().mean() > 0).sum()
    assert "评价与满意度" in [text.get_text() for text in ax.texts]


def test_correlations_are_spearmans_and_families_stand_together(sample):
    X, _ = sample
    names = ["age", "spend", "purchase_days", "recent_spend"]
    ax = plot_feature_correlations(X, features=names)
    drawn = ax.images[0].get_array()
    expected = X[["purchase_days", "spend", "recent_spend", "age"]].corr(method="spearman")
    assert np.allclose(drawn, expected)
    assert [line.get_gid() for line in ax.lines] == ["purchases", "money", "person"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_alt_text_language_and_axes(sample, lang):
    X, y = sample
    given = plt.figure().add_subplot()
    assert plot_missing_features(X, ax=given, lang=lang) is given
    first, second = plot_feature_distributions(X, y=y, most=2, lang=lang), plot_feature_correlations(X, lang=lang)
    assert first.figure is not second.figure
    for ax in (given, first, second):
        assert alt_text(ax).isascii() == (lang == "en")


def test_bad_input(sample):
    X, y = sample
    with pytest.raises(InputError, match="do not meet"):
        plot_feature_distributions(X, y=y[::-1])
    with pytest.raises(InputError, match="two classes"):
        plot_feature_distributions(X, y=y * 0)
    with pytest.raises(InputError, match="no numbers to draw: city"):
        plot_feature_distributions(X, y=y, features=["city"])
    with pytest.raises(InputError, match="two features"):
        plot_feature_correlations(X[["spend", "city"]])
    with pytest.raises(InputError, match="no features"):
        plot_missing_features(X[[]])
