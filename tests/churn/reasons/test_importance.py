"""Importance of groups of features on held-out customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.reasons.importance import group_importance
from crm_analysis.churn.reasons.ranking import auc_parts, clustered, log_losses
from crm_analysis.churn.windows.auc import auc_interval
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def sample(n: int = 900, seed: int = 0, twins: bool = True) -> Sample:
    rng = np.random.default_rng(seed)
    strong = rng.normal(0, 1, n)
    X = pd.DataFrame({"strong": strong, "twin": strong + rng.normal(0, 0.05, n), "weak": rng.normal(0, 1, n),
                      "null": rng.normal(0, 1, n), "city": rng.choice(list("abcd"), n)})  # fmt: skip
    y = (rng.random(n) < 1 / (1 + np.exp(-1.5 * strong - 0.5 * X["weak"]))).astype(int)
    return Sample(X if twins else X.drop(columns="twin"), pd.Series(y))


def test_drop_is_that_by_hand_for_one_fold_of_two():
    from sklearn.metrics import log_loss, roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    data = sample(200)
    found = group_importance(logistic(), data, groups={"both": ["strong", "twin"]}, folds=2, repeats=2, seed=4)
    rng, drops, rises, share = np.random.default_rng(4), [], [], []
    y = data.y.to_numpy()
    for train, test in StratifiedKFold(2, shuffle=True, random_state=4).split(y, y):
        model = logistic().fit(data.X.iloc[train], y[train])
        held = data.X.iloc[test]
        base = model.predict_proba(held)[:, 1]
        for order in [rng.permutation(len(test)) for _ in range(2)]:
            mixed = held.copy()
            mixed[["strong", "twin"]] = held[["strong", "twin"]].to_numpy()[order]
            p = model.predict_proba(mixed)[:, 1]
            drops.append(roc_auc_score(y[test], base) - roc_auc_score(y[test], p))
            rises.append(log_loss(y[test], p) - log_loss(y[test], base))
            share.append(len(test) / 400)
    assert found.table.loc["both", "auc_drop"] == pytest.approx(np.dot(share, drops), abs=1e-10)
    assert found.table.loc["both", "log_loss_rise"] == pytest.approx(np.dot(share, rises), abs=1e-10)


def test_groups_show_what_twins_hide():
    data = sample()
    apart = group_importance(logistic(), data, groups={name: [name] for name in data.X}, repeats=3).table
    together = group_importance(logistic(), data, repeats=3, refit=True)
    assert together.groups.members["strong"] == ["strong", "twin"]
    table = together.table
    assert table.loc["strong", "auc_drop"] > 1.5 * apart["auc_drop"].max()
    assert table.index[:2].tolist() == ["strong", "weak"]
    assert table["visible"].to_dict() == {"strong": True, "weak": True, "null": False, "city": False}
    assert table.loc["strong", "refit_auc_drop"] > 0.1
    assert abs(table.loc["null", "refit_auc_drop"]) < 0.01
    assert together.auc.low < 0.85 < together.auc.high + 0.1
    assert "association, not cause" in together.text("en")
    assert "是相关，不是因果" in together.text("zh")
    assert "null" in together.text("en")


def test_one_of_two_twins_left_out_costs_nothing():
    data = sample()
    table = group_importance(logistic(), data, groups={name: [name] for name in data.X}, repeats=2, refit=True).table
    assert abs(table.loc["twin", "refit_auc_drop"]) < 0.005


def test_intervals_hold_the_mean_over_samples():
    found = [group_importance(logistic(), sample(300, seed, twins=False), repeats=2, folds=3, seed=seed,
                              groups={"strong": ["strong"], "others": ["weak", "null", "city"]}).table.loc["strong"]
             for seed in range(15)]  # fmt: skip
    mean = np.mean([row["auc_drop"] for row in found])
    inside = sum(row["auc_drop_low"] <= mean <= row["auc_drop_high"] for row in found)
    assert inside >= 12


def test_rows_of_a_customer_stay_together_and_count_once():
    data = sample(250)
    index = pd.MultiIndex.from_product([data.X.index, ["2012-01", "2012-02", "2012-03"]])
    many = Sample(data.X.loc[index.get_level_values(0)].set_axis(index), data.y.loc[index.get_level_values(0)].set_axis(
        index))  # fmt: skip
    once = group_importance(logistic(), data, repeats=3, folds=3).table.loc["strong"]
    three = group_importance(logistic(), many, repeats=3, folds=3).table.loc["strong"]
    assert three["auc_drop"] == pytest.approx(once["auc_drop"], abs=0.05)
    wide = [row["auc_drop_high"] - row["auc_drop_low"] for row in (once, three)]
    assert wide[1] == pytest.approx(wide[0], rel=0.45)  # for independent rows it would be 1 / sqrt(3)
    assert wide[1] > 0.7 * wide[0]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1, 3]))
def test_auc_and_its_variance_are_those_of_delong(seed, scale):
    rng = np.random.default_rng(seed)
    y = np.append([0, 0, 1, 1], rng.integers(0, 2, 30))
    score = rng.integers(0, 6 * scale, 34) / 2 + y
    auc, parts = auc_parts(y, score)
    pairs = [
        (score[i] > score[j]) + (score[i] == score[j]) / 2 for i in np.flatnonzero(y) for j in np.flatnonzero(1 - y)
    ]
    assert auc[0] == pytest.approx(np.mean(pairs))
    assert auc[0] == pytest.approx(auc_interval(score, y).value)
    assert parts.sum() == pytest.approx(0, abs=1e-12)
    if 0.01 < auc[0] < 0.99:
        assert clustered(0, parts[:, 0], np.arange(34), level=0.95).high > 0


def test_log_loss_is_exact_however_sure():
    y, logit = np.array([1, 0, 1]), np.array([0.3, -900.0, -900.0])
    assert log_losses(y, logit).tolist() == pytest.approx([np.log1p(np.exp(-0.3)), 0, 900])


def test_boosting_and_blank_texts_work_and_the_model_is_left_alone():
    data = sample(300)
    X = data.X.assign(city=data.X["city"].where(data.X["city"] != "a"), many=pd.Series([None, 1.0] * 150))
    model = boosting().set_params(model__max_iter=5)
    found = group_importance(model, Sample(X, data.y), repeats=2, folds=2, refit=True)
    assert not hasattr(model, "n_features_in_")
    assert found.table.notna().all(axis=None)


def test_telco_tenure_stands_on_top(telco):
    columns = ["tenure_months", "total_charges", "plan", "sex", "payment_method"]
    small = Sample(telco.X[columns], telco.y)
    found = group_importance(logistic(), small, repeats=2, folds=3)
    assert found.table.index[0] == "tenure_months"
    assert found.groups.members["tenure_months"] == ["tenure_months", "total_charges"]
    assert found.table["visible"].to_dict() == {
        "tenure_months": True, "plan": True, "payment_method": True, "sex": False}  # fmt: skip


def test_bad_input():
    data = sample(60)
    for how in ({"repeats": 1}, {"folds": 1}, {"folds": 2.5}):
        with pytest.raises(InputError, match="cannot be used"):
            group_importance(logistic(), data, **how)
    with pytest.raises(InputError, match="needs a sample"):
        group_importance(logistic(), data.X)
    few = Sample(data.X, pd.Series([1] * 3 + [0] * 57))
    with pytest.raises(InputError, match="only 3 customers for 5 folds"):
        group_importance(logistic(), few)
    with pytest.raises(InputError, match="not there"):
        group_importance(logistic(), data, groups={"a": ["nothing"]})
    with pytest.raises(ValueError, match="level must lie"):
        group_importance(logistic(), data, level=95)


def test_a_fitted_model_and_a_key_are_taken():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"orders": rng.poisson(3, 300), "plan": rng.choice(["a", "b", None], 300)})
    sample = Sample(X, pd.Series((X["orders"] + rng.normal(0, 1, 300) < 3).astype(int)))
    by_key = group_importance("logistic", sample, repeats=2, folds=3)
    wider = Sample(X.assign(shoe=rng.normal(size=300)), sample.y)
    by_model = group_importance(fit(sample, "logistic"), wider, repeats=2, folds=3)
    pd.testing.assert_frame_equal(by_key.table, by_model.table)
    assert by_key.table["visible"].to_dict() == {"orders": True, "plan": False}
    with pytest.raises(InputError, match="did you mean 'logistic'"):
        group_importance("logistc", sample)
