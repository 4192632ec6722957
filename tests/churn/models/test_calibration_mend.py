"""Mending: left alone where it does not help, applied and measured out of fold where it does."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from crm_analysis.churn.models.calibration import calibration
from crm_analysis.churn.models.calibration_estimator import MendedClassifier
from crm_analysis.churn.models.calibration_maps import fit_map
from crm_analysis.churn.models.calibration_mend import mend
from crm_analysis.churn.models.calibration_repair import repair_odds
from crm_analysis.churn.models.contenders import contenders
from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.folds import out_of_fold
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.words import all_words


def made(n: int = 1500, *, seed: int = 0) -> Sample:
    """Three numbers, two of them alike, and a churn rate of about a fifth."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n))
    X = pd.DataFrame({"a": a, "again": a + rng.normal(0, 0.1, n), "b": b})
    X.index = pd.Index([f"c{i:04d}" for i in range(n)], name="customer_id")
    y = rng.random(n) < expit(-1.8 + 1.2 * a + 0.6 * b)
    return Sample(X, pd.Series(y.astype(int), index=X.index, name="churned"))


def balanced(**kwargs: object) -> object:
    return logistic().set_params(model__class_weight="balanced", **kwargs)


def test_a_plain_logistic_is_left_as_it_is():
    found = mend(made(), logistic())
    assert found.method == "as_is"
    assert not found.is_mended
    assert found.candidates["applied"].to_dict() == {"as_is": True, "sigmoid": False, "isotonic": False}
    assert "need no mending" in found.text("en")
    assert "无需修正" in found.text("zh")
    assert (found.predictions["probability_before"] == found.predictions["probability_after"]).all()


def test_balanced_weights_are_mended_by_the_line():
    sample = made()
    found = mend(sample, balanced())
    assert found.method == "sigmoid"
    assert found.before.intercept.high < -0.8
    assert found.after.verdict == "as_is"
    assert found.after.brier.value < found.before.brier.value - 0.02
    assert found.candidates.loc["sigmoid", "log_loss_saved_low"] > 0
    p = found.predict(sample.X.iloc[:50])
    assert p.name == "churn_probability"
    assert p.index.equals(sample.X.index[:50])
    assert p.mean() == pytest.approx(sample.churn_rate, abs=0.08)
    assert "Logistic recalibration (Platt) is applied" in found.text("en")


def test_predictions_are_out_of_fold_and_so_is_their_map():
    sample = made(300)
    found = mend(sample, balanced(), method="sigmoid", seed=3)
    p, q = np.empty(300), np.empty(300)
    parts = list(StratifiedKFold(5, shuffle=True, random_state=3).split(sample.X, sample.y))
    for train, test in parts:
        p[test] = balanced().fit(sample.X.iloc[train], sample.y.iloc[train]).predict_proba(sample.X.iloc[test])[:, 1]
    for train, test in parts:
        z = np.log(p / (1 - p))
        line = LogisticRegression(C=1e9, tol=1e-9).fit(z[train, None], sample.y.iloc[train])
        q[test] = line.predict_proba(z[test, None])[:, 1]
    np.testing.assert_allclose(found.predictions["probability_before"], p)
    np.testing.assert_allclose(found.predictions["probability_after"], q, atol=1e-5)


def test_isotonic_is_that_of_scikit_learn():
    sample = made(600)
    forest = RandomForestClassifier(20, min_samples_leaf=5, random_state=0)
    found = mend(sample, forest, method="isotonic")
    cv = StratifiedKFold(5, shuffle=True, random_state=0)
    theirs = CalibratedClassifierCV(forest, method="isotonic", cv=cv, ensemble=False).fit(sample.X, sample.y)
    p = theirs.predict_proba(sample.X)[:, 1].clip(0.5 / 600, 1 - 0.5 / 600)
    np.testing.assert_allclose(found.predict(sample.X), p, atol=2e-3)
    assert found.predict(sample.X).between(0.5 / 600, 1 - 0.5 / 600).all()


def test_naive_bayes_counts_features_twice_and_is_mended():
    found = mend(made(), GaussianNB())
    assert found.before.slope.high < 1
    assert found.is_mended
    assert found.after.ece < found.before.ece


def test_a_named_method_is_applied_whatever_it_brings():
    found = mend(made(400), logistic(), method="isotonic")
    assert found.method == "isotonic"
    assert "without a gain beyond noise" in found.text("en")
    assert "按要求采用保序回归" in found.text("zh")
    left = mend(made(400), balanced(), method="none")
    assert not left.is_mended
    assert "as asked" in left.text("en")


def test_a_small_sample_tries_no_free_curve():
    assert list(mend(made(400), logistic()).candidates.index) == ["as_is", "sigmoid"]


def test_rows_of_one_customer_stay_together():
    sample = made(400)
    index = pd.MultiIndex.from_product([range(200), ["x", "y"]], names=["customer_id", "cutoff"])
    repeated = Sample(sample.X.set_axis(index), sample.y.set_axis(index))
    found = mend(repeated, balanced())
    assert found.before.pairs.customer.max() == 199
    assert found.predictions.index.equals(index)


def test_the_sample_is_not_changed_and_the_estimator_not_fitted():
    sample, estimator = made(300), balanced()
    before = sample.X.copy()
    mend(sample, estimator)
    pd.testing.assert_frame_equal(sample.X, before)
    assert not hasattr(estimator[-1], "coef_")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"method": "platt"}, "not known"),
        ({"folds": 1}, "folds"),
        ({"estimator": LinearSVC()}, "no probabilities"),
        ({"estimator": LogisticRegression}, "class, not an instance"),
        ({"folds": 200}, "too few"),
    ],
)
def test_mistakes_are_named(change, text):
    arguments = {"estimator": logistic()} | change
    with pytest.raises(InputError, match=text):
        mend(made(300), **arguments)


def test_a_sample_that_failed_its_audit_is_refused():
    audit = pd.DataFrame({"check": ["truncation"], "passed": [False]})
    with pytest.raises(InputError, match="audit"):
        mend(replace(made(300), audit=audit), logistic())


def test_the_mended_classifier_is_one_of_scikit_learns():
    sample = made(400)
    model = MendedClassifier(balanced(), method="sigmoid", seed=1)
    assert clone(model).get_params()["method"] == "sigmoid"
    model.fit(sample.X, sample.y)
    assert model.predict_proba(sample.X).sum(axis=1) == pytest.approx(1)
    assert set(model.predict(sample.X)) == {0, 1}
    assert model.predict_proba(sample.X)[:, 1].mean() == pytest.approx(sample.churn_rate, abs=0.01)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(sample.X), model.predict_proba(sample.X))


def test_maps_know_edges_and_parted_samples():
    p, y = np.array([0.0, 0.0, 0.4, 0.6, 1.0, 1.0]), np.array([0, 0, 1, 0, 1, 1.0])
    for method in ("as_is", "sigmoid", "isotonic"):
        q = fit_map(method, p, y)(np.array([0.0, 0.5, 1.0]))
        assert ((q >= 0) & (q <= 1)).all()
        assert (np.diff(q) >= 0).all()
    parted = fit_map("sigmoid", np.array([0.6, 0.6, 0.9]), np.array([0, 0, 1.0]))
    assert parted(np.array([0.6, 0.6, 0.9])).sum() == pytest.approx(1)


def test_telco_numbers_of_the_plain_and_the_balanced_logistic(telco):
    p = out_of_fold(telco, {"plain": logistic(), "balanced": balanced()})
    plain, weighted = calibration(p["plain"], telco.y), calibration(p["balanced"], telco.y)
    assert plain.brier.value == pytest.approx(0.1353, abs=0.0005)
    assert plain.ece == pytest.approx(0.013, abs=0.005)
    assert plain.slope.value == pytest.approx(0.986, abs=0.005)
    assert plain.parts["brier_uncertainty"] == pytest.approx(0.1949, abs=5e-5)
    assert plain.verdict == "as_is"
    assert p["balanced"].mean() == pytest.approx(0.414, abs=0.003)
    assert weighted.brier.value == pytest.approx(0.1658, abs=0.003)
    assert weighted.verdict == "mend"
    repaired = calibration(repair_odds(p["balanced"], telco.churn_rate), telco.y)
    assert repaired.brier.value == pytest.approx(0.1355, abs=0.003)
    assert repaired.verdict == "as_is"


def test_plain_logistic_needs_no_repair_on_telco(telco):
    found = mend(telco, logistic())
    assert found.method == "as_is"
    assert (found.candidates["log_loss_saved_low"].dropna() < 0).all()


def test_a_gain_that_is_hardly_beyond_noise_is_not_printed_as_none():
    found = mend(made(300), logistic(), method="sigmoid")
    rows = found.candidates.copy()
    columns = ["log_loss_saved", "log_loss_saved_low", "log_loss_saved_high"]
    rows.loc["sigmoid", columns] = [0.01, 0.00001, 0.02]
    assert "-0.010000 [-0.020000, -0.000010]" in replace(found, candidates=rows).text("en")
    rows.loc["sigmoid", columns] = [0.01, -0.00001, 0.02]
    assert "-0.0100 [-0.0200, +0.0000]" in replace(found, candidates=rows).text("zh")


def test_all_that_is_shown_has_a_word():
    table, words = mend(made(300), logistic()).candidates, all_words()
    shown = [*table.columns, table.index.name] + [name for name in table.index if isinstance(name, str)]
    plain = [name for name in shown if not name.endswith(("_low", "_high"))]
    assert [name for name in plain if name not in words] == []


def test_a_key_or_a_fitted_model_may_be_mended(made):
    sample = made()
    plain = mend(sample, contenders(sample)["logistic"]).predictions
    for given_as in ("logistic", fit(sample, "logistic")):
        pd.testing.assert_frame_equal(mend(sample, given_as).predictions, plain)
    with pytest.raises(InputError, match="'logisti' cannot be compared"):
        mend(sample, "logisti")
    with pytest.raises(InputError, match=r"(?s)is a class, not an instance.*LogisticRegression\(\)"):
        mend(sample, LogisticRegression)
