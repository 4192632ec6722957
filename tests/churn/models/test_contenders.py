from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from crm_analysis.churn.models.contenders import BASELINES, chosen_models, contenders, default_log
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def test_a_snapshot_gets_tenure_and_no_purchase_model(telco):
    found = contenders(telco)
    assert list(found) == ["prior", "tenure_only", "logistic", "boosting"]
    assert {"prior", "tenure_only"} <= set(BASELINES)


def test_the_feature_of_the_baseline_is_an_argument(made):
    assert list(contenders(made()))[:3] == ["prior", "recency_only", "bg_nbd"]
    assert "single_feature" in contenders(made(), feature="purchase_days")
    assert list(contenders(made().take(np.arange(50))))[1] == "recency_only"


def test_what_does_not_apply_is_left_out(made, panel):
    sample = made()
    assert "bg_nbd" not in contenders(Sample(sample.X, sample.y))  # a snapshot has no outcome
    assert "bg_nbd" not in contenders(
        Sample(sample.X.drop(columns="tenure_days"), sample.y, sample.windows, kind="forward")
    )
    assert list(contenders(Sample(sample.X[["city"]], sample.y))) == ["prior", "logistic", "boosting"]
    assert "bg_nbd" in contenders(panel(sample, made(seed=1, cutoff="2012-05-31")))


def test_logs_follow_the_catalogue_and_negative_columns_have_none(made):
    sample = made()
    chosen = default_log(sample)
    assert set(chosen) <= {"purchase_days", "days_since_last", "tenure_days"}
    assert "days_since_last" in chosen
    below = Sample(sample.X.assign(days_since_last=-1.0), sample.y)
    assert "days_since_last" not in default_log(below)
    with pytest.raises(InputError, match="negative, so without a log: days_since_last"):
        contenders(below, log=["days_since_last"])


def test_keys_and_estimators_can_be_chosen(made):
    sample = made()
    assert list(chosen_models(sample, ["logistic", "prior"])) == ["logistic", "prior"]
    assert list(chosen_models(sample, "prior")) == ["prior"]
    mine = {"mine": LogisticRegression()}
    assert chosen_models(sample, mine) == mine


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (["logistics"], "did you mean 'logistic'"),
        ([], "no model"),
        ({}, "there is no model"),
        ({"svm": LinearSVC()}, "LinearSVC.* gives no probabilities"),
        ({"mine": LogisticRegression}, "is a class, not an instance"),
        ([LogisticRegression()], "cannot be compared"),
    ],
)
def test_wrong_models_are_named(made, models, said):
    with pytest.raises(InputError, match=said):
        chosen_models(made(), models)


def test_wrong_columns_are_named(made):
    with pytest.raises(InputError, match="not a feature: tenure_day"):
        contenders(made(), log=["tenure_day"])
    with pytest.raises(InputError, match="no numbers: city"):
        contenders(made(), feature="city")


def test_a_new_key_needs_no_word(made):
    X = pd.DataFrame({"visits": np.arange(10.0)})
    assert list(contenders(Sample(X, (X["visits"] < 4).astype(int)), feature="visits"))[1] == "single_feature"
