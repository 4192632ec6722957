"""The learners: scikit-learn's contract, known effects found, and what an additive model cannot see."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import SLearner, TLearner, cross_fitted_uplift, qini

TREE = DecisionTreeClassifier(max_depth=3, random_state=0)
LEARNERS = [TLearner(), SLearner(), TLearner(TREE), SLearner(TREE, interactions=False)]


def crossing(n=4000, seed=0):
    """The young are won, the old are lost: uplift .2 and -.2."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"young": rng.integers(0, 2, n), "city": rng.choice(["a", "b"], n)}, index=np.arange(n) + 100)
    treated = rng.integers(0, 2, n)
    y = (rng.random(n) < 0.4 + treated * np.where(X["young"], 0.2, -0.2)).astype(int)
    return X, y, treated


@pytest.mark.parametrize("learner", [LEARNERS[0], LEARNERS[1]])
def test_effects_of_both_signs_are_found(learner):
    X, y, treated = crossing()
    found = learner.fit(X, y, treated).predict(X)
    assert found.index.equals(X.index)
    assert found.name == "uplift"
    assert found.groupby(X["young"]).mean().to_numpy() == pytest.approx([-0.2, 0.2], abs=0.06)
    both = learner.predict_both(X)
    assert (both["treated_rate"] - both["control_rate"]).to_numpy() == pytest.approx(found.to_numpy())


@pytest.mark.parametrize("learner", LEARNERS)
def test_clone_pickle_and_parameters(learner):
    X, y, treated = crossing(600)
    X = X[["young"]]
    copy = clone(learner)
    assert copy.get_params().keys() == learner.get_params().keys()
    assert not hasattr(copy, "feature_names_in_")
    fitted = copy.fit(X, y, treated)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict(X).equals(fitted.predict(X))
    assert fitted.n_features_in_ == 1
    assert repr(fitted).startswith(type(learner).__name__)
    with pytest.raises(InputError, match="no parameter speed"):
        learner.set_params(speed=1)


def test_trees_take_the_treatment_as_a_column():
    X, y, treated = crossing()
    found = LEARNERS[3].fit(X, y, treated).predict(X)
    assert found.groupby(X["young"]).mean().to_numpy() == pytest.approx([-0.2, 0.2], abs=0.06)


def test_an_additive_logistic_gives_everybody_the_same_effect_on_the_log_odds():
    X, y, treated = crossing()
    both = SLearner(interactions=False).fit(X, y, treated).predict_both(X)
    gap = logit(both["treated_rate"]) - logit(both["control_rate"])
    assert np.ptp(gap) < 1e-9
    both = SLearner().fit(X, y, treated).predict_both(X)
    assert np.ptp(logit(both["treated_rate"]) - logit(both["control_rate"])) > 1


@pytest.mark.parametrize(("learner", "loose"), [
    (TLearner(), TLearner(logistic())),
    (SLearner(), SLearner(effect_spread=1.0)),
])  # fmt: skip
def test_columns_that_do_not_matter_drown_the_effect_unless_held_back(learner, loose):
    """An effect of .1 × young, and thirty cities without any: a weak penalty takes their noise for effects."""
    rng = np.random.default_rng(8)
    young, treated = rng.integers(0, 2, 4000), rng.integers(0, 2, 4000)
    X = pd.DataFrame({"young": young, "city": rng.choice([f"c{k}" for k in range(30)], 4000)})
    y = (rng.random(4000) < 0.12 + treated * 0.1 * (young - 0.5)).astype(int)
    found = [np.corrcoef(cross_fitted_uplift(X, y, treated, learner=one, check=False), young)[0, 1]
             for one in (learner, loose)]  # fmt: skip
    assert found[0] > 0.85
    assert found[0] > found[1] + 0.1


@pytest.mark.parametrize("spread", [0, -1, True, "0.2", np.inf])
def test_a_spread_that_is_none(spread):
    with pytest.raises(InputError, match="is no spread"):
        SLearner(effect_spread=spread).fit(*crossing(200))


def test_two_models_are_the_two_arms():
    X, y, treated = crossing(800)
    learner = TLearner(logistic(C=2.0)).fit(X, y, treated)
    alone = logistic(C=2.0).fit(X[treated == 1], y[treated == 1])
    assert learner.predict_both(X)["treated_rate"].to_numpy() == pytest.approx(alone.predict_proba(X)[:, 1])
    assert learner.model.get_params()["model__C"] == 2.0
    assert not hasattr(learner.model, "classes_")


def test_the_order_of_columns_does_not_matter_and_missing_ones_are_named():
    X, y, treated = crossing(600)
    learner = TLearner().fit(X, y, treated)
    assert learner.predict(X[["city", "young"]]).equals(learner.predict(X))
    with pytest.raises(InputError, match="lacks columns: city"):
        learner.predict(X[["young"]])
    with pytest.raises(InputError, match="not fitted"):
        TLearner().predict(X)


def test_cross_fitting_is_honest_where_training_is_not():
    """Without any difference between customers, a model judged on its own rows looks useful; on others it does not."""
    rng = np.random.default_rng(3)
    X = pd.DataFrame(rng.normal(size=(1200, 6)), columns=list("abcdef"))
    treated, y = rng.integers(0, 2, 1200), rng.integers(0, 2, 1200)
    learner = TLearner(DecisionTreeClassifier(min_samples_leaf=15, random_state=0))
    own = qini(learner.fit(X, y, treated).predict(X), y, treated, draws=100).coefficient
    honest = qini(cross_fitted_uplift(X, y, treated, learner=learner), y, treated, draws=100).coefficient
    assert own.low > 0.05
    assert honest.low < 0 < honest.high


def test_customers_stay_in_one_fold():
    seen = []

    class Spy(TLearner):
        def fit(self, X, y, treatment):
            seen.append(set(X["who"]))
            return super().fit(X[["x"]], y, treatment)

        def predict(self, X):
            assert not seen[-1] & set(X["who"])
            return super().predict(X[["x"]])

    rng = np.random.default_rng(4)
    X = pd.DataFrame({"who": np.repeat(np.arange(100), 3), "x": rng.normal(size=300)})
    treated, y = rng.integers(0, 2, 300), rng.integers(0, 2, 300)
    found = cross_fitted_uplift(X, y, treated, learner=Spy(), customer=X["who"], check=False)
    assert found.notna().all()
    assert len(seen) == 5


def test_what_was_not_drawn_by_lot_is_refused():
    X, y, _ = crossing(800)
    with pytest.raises(InputError, match="can be foretold"):
        cross_fitted_uplift(X, y, X["young"].to_numpy())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda X, y, t: (X.to_numpy(), y, t), "DataFrame"),
        (lambda X, y, t: (X, y + 1, t), "y holds 2"),
        (lambda X, y, t: (X, y * t, t), "control group has 0 good outcomes"),
        (lambda X, y, t: (X, y, t * 0), "nobody is in the treated group"),
        (lambda X, y, t: (X, y[:-1], t), "lengths differ"),
    ],
)
def test_bad_input(change, told):
    X, y, treated = change(*crossing(200))
    with pytest.raises(InputError, match=told):
        TLearner().fit(X, y, treated)


def test_folds_that_cannot_be_made():
    X, y, treated = crossing(60)
    with pytest.raises(InputError, match="folds cannot be made"):
        cross_fitted_uplift(X, y, treated, folds=50, check=False)


def test_a_model_of_the_users_own():
    X, y, treated = crossing(800)
    found = cross_fitted_uplift(X[["young"]], y, treated, learner=TLearner(LogisticRegression()))
    assert found.groupby(X["young"]).mean().diff().iloc[-1] > 0.2
