"""Thresholds instead of resampling: counts by hand, other libraries, reference numbers, mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from crm_analysis.churn.models.imbalance import imbalance_table, imbalance_text
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.words import all_words


def made(n: int = 300) -> tuple[Sample, pd.Series]:
    rng = np.random.default_rng(0)
    p = rng.beta(1, 4, n)
    index = pd.Index([f"c{i:03d}" for i in range(n)], name="customer_id")
    y = pd.Series((rng.random(n) < p).astype(int), index=index, name="churned")
    return Sample(pd.DataFrame({"x": p}, index=index), y), pd.Series(p, index=index)


def test_measures_agree_with_scikit_learn():
    sample, p = made()
    table = imbalance_table(sample, p=p, threshold=[0.3, 0.16])
    assert table.index.tolist()[-2:] == ["threshold_cost"] * 2
    assert table["probability_threshold"].tolist()[-2:] == [0.16, 0.3]
    y = sample.y
    for _, row in table.iloc[2:].iterrows():
        called = p >= row["probability_threshold"]
        assert row["accuracy"] == pytest.approx(accuracy_score(y, called))
        assert row["recall"] == pytest.approx(recall_score(y, called))
        assert row["precision"] == pytest.approx(precision_score(y, called))
        assert row["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(y, called))
        assert row["f1_score"] == pytest.approx(f1_score(y, called))
        assert row["auc"] == pytest.approx(roc_auc_score(y, p))
        low, high = wilson((called & (y == 1)).sum(), y.sum())
        assert (row["recall_low"], row["recall_high"]) == pytest.approx((float(low), float(high)), rel=1e-6)


def test_calling_nobody_and_everybody():
    sample, p = made()
    table = imbalance_table(sample, p=p)
    nobody, everybody = table.loc["nobody_churns"], table.loc["everybody_churns"]
    assert nobody["accuracy"] == pytest.approx(1 - sample.churn_rate)
    assert (nobody["recall"], nobody["called_share"], nobody["balanced_accuracy"]) == (0, 0, 0.5)
    assert np.isnan([nobody["precision"], nobody["probability_threshold"]]).all()
    assert everybody["precision"] == pytest.approx(sample.churn_rate)
    assert (nobody["auc"], everybody["auc"], everybody["recall"]) == (0.5, 0.5, 1)


def test_a_balanced_model_is_a_plain_one_with_another_threshold_on_telco(telco):
    table = imbalance_table(telco, threshold=11 / 67)
    assert table.loc["nobody_churns", "accuracy"] == pytest.approx(0.7346, abs=1e-4)
    assert table.loc["threshold_half", "accuracy"] == pytest.approx(0.8038, abs=0.004)
    share, balanced = table.loc["threshold_churn_share"], table.loc["balanced_half"]
    assert balanced["auc"] == pytest.approx(share["auc"], abs=0.002)
    assert balanced["called_share"] == pytest.approx(share["called_share"], abs=0.03)
    assert table.loc["threshold_cost", "called_share"] == pytest.approx(0.538, abs=0.01)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_holds_the_numbers(lang):
    sample, p = made()
    table = imbalance_table(sample, p=p, threshold=0.16)
    text = imbalance_text(table, lang)
    assert f"{table.loc['nobody_churns', 'accuracy']:.1%}" in text
    assert "16.0%" in text
    assert "nan" not in text
    assert {"zh": "盈亏平衡", "en": "break-even"}[lang] in imbalance_text(imbalance_table(sample, p=p), lang)


def test_without_chances_two_logistic_regressions_are_fitted():
    sample, _ = made()
    table = imbalance_table(sample)
    assert "balanced_half" in table.index
    assert "balanced weights" in imbalance_text(table, "en").lower()


def test_limits_are_those_of_customers_where_they_repeat():
    sample, p = made(100)
    X, y = (pd.concat([part] * 3, keys=list("abc"), names=["cutoff"]).swaplevel() for part in (sample.X, sample.y))
    X.index = y.index = X.index.set_names(["customer_id", "cutoff"])
    again = imbalance_table(Sample(X, y), p=np.tile(p, 3)).loc["threshold_half"]
    once = imbalance_table(sample, p=p).loc["threshold_half"]
    assert again["recall"] == pytest.approx(once["recall"])
    assert again["recall_high"] - again["recall_low"] == pytest.approx(
        once["recall_high"] - once["recall_low"], rel=0.1
    )


@pytest.mark.parametrize("threshold", [16, 0, [0.1, 1.0], True, "x"])
def test_thresholds_are_probabilities(threshold):
    sample, p = made(50)
    with pytest.raises(InputError, match="thresholds outside"):
        imbalance_table(sample, p=p, threshold=threshold)


def test_chances_must_meet_the_sample():
    sample, p = made(50)
    with pytest.raises(InputError, match="same index"):
        imbalance_table(sample, p=p.iloc[::-1])


def test_all_that_is_shown_has_a_word():
    table, words = imbalance_table(made()[0]), all_words()
    shown = [*table.columns, table.index.name] + [name for name in table.index if isinstance(name, str)]
    plain = [name for name in shown if not name.endswith(("_low", "_high"))]
    assert [name for name in plain if name not in words] == []
