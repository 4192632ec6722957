from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from crm_analysis.churn.models.calibration import calibration
from crm_analysis.churn.models.contenders import BASELINES, chosen_models, contenders, default_log
from crm_analysis.churn.models.folds import out_of_fold
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


def test_the_ridge_grows_with_the_number_of_features_and_is_an_argument(made):
    rng, sample = np.random.default_rng(0), made()
    noise = pd.DataFrame(rng.normal(size=(300, 46)), index=sample.X.index).add_prefix("noise_")
    wide = Sample(sample.X.join(noise), sample.y, sample.windows, kind="forward")
    ridge = [contenders(one, **given)["logistic"].get_params()["model__C"]
             for one, given in ((wide, {}), (sample, {}), (sample.take(np.arange(50)), {"C": 3}))]  # fmt: skip
    assert ridge == [0.04, 0.5, 3.0]
    for wrong in (0, -1, True, "1", float("nan"), float("inf")):
        with pytest.raises(InputError, match="C="):
            contenders(sample, C=wrong)


def test_with_many_features_the_chances_keep_their_word_where_scikit_learn_s_ridge_is_too_extreme(made):
    rng, sample = np.random.default_rng(1), made(400, seed=1)
    noise = pd.DataFrame(rng.normal(size=(400, 46)), index=sample.X.index).add_prefix("noise_")
    wide = Sample(sample.X.join(noise), sample.y, sample.windows, kind="forward")
    p = out_of_fold(wide, {name: contenders(wide, **given)["logistic"]
                           for name, given in (("house", {}), ("plain", {"C": 1.0}))}, folds=5)  # fmt: skip
    house, plain = (calibration(p[name], wide.y) for name in ("house", "plain"))
    assert plain.slope.high < 1 < house.slope.high
    assert house.log_loss.value < plain.log_loss.value


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


def test_a_key_in_place_of_an_estimator_is_pointed_to_the_contenders(made):
    with pytest.raises(InputError, match=r"contenders\(sample\)\['logistic'\]"):
        chosen_models(made(), {"mine": "logistic"})
