"""What spoils probabilities is found however deep it stands, and nothing else is."""

from __future__ import annotations

import pytest
import sklearn
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from crm_analysis.churn.models.calibration_estimator import MendedClassifier
from crm_analysis.churn.models.calibration_warnings import probability_warnings
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.errors import InputError


class Sampler(BaseEstimator):
    """A resampling step, as imbalanced-learn has them."""

    def fit_resample(self, X, y):
        return X, y


class Booster(BaseEstimator):
    """A booster with the parameters of others' libraries."""

    def __init__(self, scale_pos_weight=1, is_unbalance=False, auto_class_weights=None):
        self.scale_pos_weight, self.is_unbalance = scale_pos_weight, is_unbalance
        self.auto_class_weights = auto_class_weights

    def fit(self, X, y):
        return self


class PlattSVC(SVC):
    """Asks for probabilities without the warning of newer versions."""

    def get_params(self, deep=True):
        return super().get_params(deep) | {"probability": True}


def balanced() -> LogisticRegression:
    return LogisticRegression(class_weight="balanced")


@pytest.mark.parametrize(
    "estimator",
    [
        logistic(),
        boosting(),
        Booster(),
        LogisticRegression(class_weight={0: 1, 1: 1}),
        RandomForestClassifier(min_samples_leaf=10),
        CalibratedClassifierCV(GaussianNB()),
        CalibratedClassifierCV(balanced()),
        MendedClassifier(balanced()),
        GridSearchCV(logistic(), {"model__C": [1, 2], "model__class_weight": [None]}),
        GradientBoostingClassifier(),
        SGDClassifier(loss="log_loss"),
    ],
)
def test_nothing_is_said_where_nothing_is_known(estimator):
    assert probability_warnings(estimator) == []


@pytest.mark.parametrize(
    ("estimator", "text"),
    [
        (balanced(), "class_weight='balanced'"),
        (LogisticRegression(class_weight={0: 1, 1: 5}), "class_weight="),
        (logistic().set_params(model__class_weight="balanced"), "(model): class_weight"),
        (Booster(scale_pos_weight=3), "scale_pos_weight=3"),
        (Booster(is_unbalance=True), "is_unbalance=True"),
        (Booster(auto_class_weights="Balanced"), "auto_class_weights"),
        (VotingClassifier([("x", GaussianNB())]), "GaussianNB (x)"),
        (BaggingClassifier(DecisionTreeClassifier(class_weight="balanced", max_depth=3)), "class_weight"),
        (StackingClassifier([("x", logistic())], final_estimator=balanced()), "(final_estimator): class_weight"),
        (GridSearchCV(logistic(), [{"model__class_weight": [None, "balanced"]}]), "searched over"),
        (GridSearchCV(balanced(), {"C": [1]}), "class_weight='balanced'"),
        (BernoulliNB(), "too extreme"),
        (RandomForestClassifier(), "pure leaves"),
        (DecisionTreeClassifier(), "0 or 1"),
        (KNeighborsClassifier(7), "1/7"),
        (AdaBoostClassifier(), "too timid"),
        (GradientBoostingClassifier(loss="exponential"), "log_loss"),
        (SVC(), "no probability"),
        (PlattSVC(), "Platt"),
        (LinearSVC(), "no probability"),
        (SGDClassifier(), "no probability"),
        (SGDClassifier(loss="modified_huber"), "exactly 0 or 1"),
        (Sampler(), "training folds only"),
    ],
)
def test_what_spoils_probabilities_is_named(estimator, text):
    found = probability_warnings(estimator)
    assert len(found) == 1
    assert text in found[0].en
    assert found[0].zh.endswith("。")


def test_a_sampler_within_nested_pipelines_is_found_and_said_once():
    inner = Pipeline([("model", balanced())])
    inner.steps.insert(0, ("smote", Sampler()))
    found = probability_warnings(Pipeline([("inner", inner)]))
    assert [said.en.split(")")[0] for said in found] == [
        "Sampler (inner__smote", "LogisticRegression (inner__model"]  # fmt: skip
    assert len(probability_warnings(VotingClassifier([("a", Pipeline([("m", balanced())]))]))) == 1


def test_asking_for_sample_weights_is_found():
    with sklearn.config_context(enable_metadata_routing=True):
        model = LogisticRegression().set_fit_request(sample_weight=True)
    assert "sample weights" in probability_warnings(model)[0].en


@pytest.mark.parametrize("wrong", [LogisticRegression, "logistic", None])
def test_what_is_no_estimator_is_refused(wrong):
    with pytest.raises(InputError, match="no estimator"):
        probability_warnings(wrong)
