from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from crm_analysis.churn.models.bg_nbd_churn import BGNBDChurn, histories
from crm_analysis.churn.models.contenders import contenders, single_feature
from crm_analysis.churn.models.metrics import auc
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.clv import BGNBD
from crm_analysis.errors import InputError


@pytest.fixture(scope="module")
def company():
    """Reference 1.7: purchase rates Gamma(.8, 1/25), dropout Gamma(.9, 1/400), entry 0-365, cutoff 500, outcome 180."""
    rng, rows = np.random.default_rng(0), []
    for _ in range(3000):
        rate, leaving, entry = rng.gamma(0.8, 1 / 25), rng.gamma(0.9, 1 / 400), rng.uniform(0, 365)
        end = min(entry + rng.exponential(1 / leaving), 680)
        bought = np.r_[entry, entry + np.sort(rng.uniform(0, end - entry, rng.poisson(rate * (end - entry))))]
        known = bought[bought <= 500]
        rows.append((len(known), 500 - known[-1], 500 - entry, len(known) == len(bought)))
    X = pd.DataFrame(rows, columns=["purchase_days", "days_since_last", "tenure_days", "churned"])
    return X.drop(columns="churned"), X["churned"].astype(int)


def test_the_ranking_of_the_reference_is_reproduced(company):
    X, y = company
    model = BGNBDChurn(horizon=180).fit(X, y)
    gone = BGNBDChurn(horizon=180, answer="gone").fit(X, y).predict_proba(X)[:, 1]
    assert auc(X["days_since_last"], y) == pytest.approx(0.894, abs=0.014)
    assert auc(gone, y) == pytest.approx(0.5855, abs=0.02)
    assert auc(-model.expected_purchases(X), y) == pytest.approx(0.9005, abs=0.0125)
    assert auc(model.predict_proba(X)[:, 1], y) == pytest.approx(0.912, abs=0.013)
    assert (gone[X["purchase_days"] == 1] == 0).all()  # why: nobody with one purchase is ever gone


def test_contenders_rank_as_the_reference_says(company):
    X, y = company
    X = X.assign(gap_days=(X["tenure_days"] - X["days_since_last"]) / X["purchase_days"])
    windows = Windows("2012-03-31", data_end="2012-12-31", outcome=180)
    models = contenders(Sample(X, y, (windows,), kind="forward"), log=list(X))
    assert list(models) == ["prior", "recency_only", "bg_nbd", "logistic", "boosting"]
    assert models["bg_nbd"].get_params() == {"horizon": 180, "gap": 0, "answer": "no_purchase"}
    chance = {key: models[key].fit(X, y).predict_proba(X)[:, 1] for key in ("recency_only", "logistic")}
    assert auc(chance["logistic"], y) == pytest.approx(0.8915, abs=0.0145)
    assert auc(chance["recency_only"], y) == pytest.approx(auc(X["days_since_last"], y))  # its order is that of recency


def test_the_chance_is_the_closed_form_and_that_of_the_model():
    X = pd.DataFrame({"purchase_days": [1, 4, 9], "days_since_last": [50, 20, 200], "tenure_days": [50, 240, 300]})
    model = BGNBDChurn(horizon=90).fit(pd.concat([X] * 4, ignore_index=True), None)
    model.model_ = BGNBD.with_params(r=0.8, alpha=20.0, a=0.9, b=3.0)
    found, frame = model.predict_proba(X)[:, 1], histories(X)
    alive = model.model_.probability_alive(frame)
    expected = 1 - alive * (1 - ((20 + frame["T"]) / (110 + frame["T"])) ** (0.8 + frame["frequency"]))
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(found, model.model_.purchase_probability(frame, n=0, horizon=90.0), atol=1e-12)


def test_a_gap_is_right_by_simulation():
    rng, n = np.random.default_rng(0), 400_000
    r, alpha, a, b, gap, horizon = 0.8, 20.0, 0.9, 3.0, 30, 60
    X = pd.DataFrame({"purchase_days": [1, 4], "days_since_last": [40, 10], "tenure_days": [40, 90]})
    model = BGNBDChurn(horizon=horizon, gap=gap).fit(pd.concat([X] * 4, ignore_index=True), None)
    model.model_ = BGNBD.with_params(r=r, alpha=alpha, a=a, b=b)
    frame = histories(X)
    for place, (x, T) in enumerate(zip(frame["frequency"], frame["T"])):
        rate, leaving = rng.gamma(r + x, 1 / (alpha + T), n), rng.beta(a, b + x, n)
        stays = rng.random(n) < (1 - leaving) ** rng.poisson(rate * gap)  # no purchase of the gap was the last
        buys = stays & (rng.poisson(rate * horizon) > 0)
        alive = float(model.model_.probability_alive(frame).iloc[place])
        assert model.predict_proba(X)[place, 1] == pytest.approx(1 - alive * buys.mean(), abs=0.004)
    longer = BGNBDChurn(horizon=gap + horizon).fit(pd.concat([X] * 4, ignore_index=True), None)
    longer.model_ = model.model_
    early = BGNBDChurn(horizon=gap).fit(pd.concat([X] * 4, ignore_index=True), None)
    early.model_ = model.model_
    parts = longer.expected_purchases(X) - early.expected_purchases(X)
    np.testing.assert_allclose(model.expected_purchases(X), parts)


def test_where_dropout_vanishes_the_limit_holds(retail_samples):
    sample = retail_samples["august"]
    model = BGNBDChurn(horizon=90).fit(sample.X, sample.y)
    r, alpha, a, b = model.model_.params_
    assert a / (a + b) < 0.01
    frame = histories(sample.X)
    limit = (90 * (r + frame["frequency"]) / (alpha + frame["T"])).to_numpy()
    many = frame["frequency"].to_numpy() >= 2
    assert (model.expected_purchases(sample.X)[many] / limit[many]).between(0.9, 1.001).mean() > 0.99
    assert auc(-model.expected_purchases(sample.X), sample.y) == pytest.approx(0.716, abs=0.004)
    assert auc(model.predict_proba(sample.X)[:, 1], sample.y) == pytest.approx(0.720, abs=0.004)
    assert auc(sample.X["days_since_last"], sample.y) == pytest.approx(0.664, abs=0.004)


def test_it_keeps_the_contract_of_scikit_learn(made):
    sample = made()
    model = BGNBDChurn(horizon=60)
    twin = clone(model)
    assert twin.get_params() == model.get_params()
    fitted = twin.fit(sample.X, sample.y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(sample.X), fitted.predict_proba(sample.X))
    np.testing.assert_allclose(fitted.predict_proba(sample.X).sum(axis=1), 1)
    assert set(fitted.predict(sample.X)) <= {0, 1}
    assert fitted.expected_purchases(sample.X).index.equals(sample.X.index)
    order = np.random.default_rng(0).permutation(len(sample))
    np.testing.assert_allclose(fitted.predict_proba(sample.X.iloc[order]), fitted.predict_proba(sample.X)[order])


def test_a_customer_of_the_last_day_makes_no_noise():
    X = pd.DataFrame({"purchase_days": [1, 3, 4, 2], "days_since_last": [0, 9, 20, 50], "tenure_days": [0, 99, 90, 80]})
    assert BGNBDChurn().fit(X, [0, 1, 0, 1]).predict_proba(X).shape == (4, 2)


def test_bad_input_is_named():
    X = pd.DataFrame({"purchase_days": [1, 3], "days_since_last": [5, np.nan], "tenure_days": [5, 99]})
    with pytest.raises(InputError, match="1 customers have no purchase"):
        BGNBDChurn().fit(X, [0, 1])
    with pytest.raises(InputError, match="needs the columns tenure_days"):
        BGNBDChurn().fit(X.drop(columns="tenure_days"), [0, 1])
    with pytest.raises(InputError, match="answer"):
        BGNBDChurn(answer="alive").fit(X, [0, 1])


def test_one_feature_keeps_its_order_and_takes_blanks():
    X = pd.DataFrame({"days_since_last": [1.0, 5, 40, np.nan, 90, 200], "other": 0})
    chance = single_feature("days_since_last").fit(X, [0, 0, 1, 1, 1, 1]).predict_proba(X)[:, 1]
    assert (np.diff(chance[[0, 1, 2, 4, 5]]) > 0).all()
    assert np.isfinite(chance[3])
