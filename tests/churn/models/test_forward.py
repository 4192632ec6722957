from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.forward import forward, measured
from crm_analysis.churn.models.metrics import auc, measures
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.errors import InputError


def test_may_foretells_august_as_in_the_reference(retail_samples):
    samples = [replace(one, X=one.X.assign(purchase_days=one.X["purchase_days"] - 1))
               for one in retail_samples.values()]  # fmt: skip
    test = forward(samples, {"logistic": logistic(log=list(samples[0].X))}, draws=100)
    row = test.table.loc[(pd.Timestamp("2010-08-31"), "logistic")]
    assert (row["auc"], row["brier"], row["mean_probability"]) == pytest.approx((0.7305, 0.2121, 0.482), abs=0.004)
    assert row["excess_low"] > 0.03  # the base rate fell
    shift = test.cutoffs.iloc[0]
    assert (shift["train_churn_rate"], shift["test_churn_rate"]) == pytest.approx((0.50462, 0.41915), abs=1e-5)
    assert "too high by 6." in test.text("en")
    assert "The churn rate went from 50.5% to 41.9%; recalibrate" in test.text("en")
    assert "高估" in test.text("zh")


def test_a_steady_rule_is_calibrated_forward_and_the_order_is_right(made):
    samples = [made(1500, seed=seed, cutoff=day)
               for seed, day in enumerate(("2012-02-28", "2012-05-31", "2012-08-31"))]  # fmt: skip
    test = forward(samples, ["prior", "recency_only", "logistic"], draws=200)
    assert list(test.cutoffs["train_rows"]) == [1500, 3000]
    last = test.table.xs(pd.Timestamp("2012-08-31"), level="cutoff")
    assert last["auc"].idxmax() == "logistic"
    assert last.loc["logistic", "excess_low"] < 0 < last.loc["logistic", "excess_high"]
    assert "within chance" in test.text("en")
    assert "Over 2 test cutoffs" in test.text("en")
    assert test.cutoffs["known_share"].eq(1).all()


def test_numbers_are_those_of_the_predictions_and_limits_hold_them(made):
    test = forward([made(), made(seed=1, cutoff="2012-06-30")], draws=100)
    for key, row in test.table.loc[pd.Timestamp("2012-06-30")].iterrows():
        found = measures(test.predictions[key], test.y)
        assert {name: row[name] for name in found} == pytest.approx(found)
        assert row["mean_probability"] == pytest.approx(test.predictions[key].mean())
        for name in [*found, "excess"]:
            assert row[f"{name}_low"] <= row[name] + 1e-9
            assert row[name] <= row[f"{name}_high"] + 1e-9
    pd.testing.assert_frame_equal(test.pooled, test.table.loc[pd.Timestamp("2012-06-30")], check_names=False)
    assert test.predictions.index.names == ["customer_id", "cutoff"]
    assert pickle.loads(pickle.dumps(test)).text("zh") == test.text("zh")


def test_a_moved_base_rate_shows(made):
    test = forward([made(1000), made(1000, seed=1, cutoff="2012-06-30", base=-1.0)], ["logistic"], draws=200)
    row = test.table.iloc[0]
    assert row["excess_low"] > 0
    assert "recalibrate" in test.text("en")
    assert "重新校准" in test.text("zh")


def test_whole_customers_are_drawn_and_the_bootstrap_is_that_of_brute_force():
    rng = np.random.default_rng(0)
    customers = np.repeat(np.arange(60), 2)
    p = np.repeat(rng.random(60), 2)
    churned = rng.random(120) < p
    table, pairs = measured(pd.DataFrame({"mine": p, "prior": 0.5}), churned, customers, level=0.9, draws=400, seed=0)
    rows = [np.flatnonzero(customers == one) for one in range(60)]
    again = []
    for _ in range(400):
        drawn = np.concatenate([rows[one] for one in rng.integers(0, 60, 60)])
        again.append(auc(p[drawn], churned[drawn]))
    low, high = np.quantile(again, [0.05, 0.95])
    assert table.loc["mine", ["auc_low", "auc_high"]].tolist() == pytest.approx([low, high], abs=0.02)
    row = pairs[(pairs["measure"] == "auc")].iloc[0]
    assert row["difference"] == pytest.approx(table.loc["mine", "auc"] - 0.5)
    assert row["better"] == "mine"


def test_pooled_rows_hold_all_test_cutoffs_and_models_meet_the_same_draws(made):
    samples = [made(seed=seed, cutoff=day) for seed, day in enumerate(("2012-02-28", "2012-05-31", "2012-08-31"))]
    test = forward(samples, ["prior", "logistic"], draws=60)
    found = measures(test.predictions["logistic"], test.y)
    assert {name: test.pooled.loc["logistic", name] for name in found} == pytest.approx(found)
    alone, _ = measured(test.predictions[["logistic"]], test.y.to_numpy() == 1,
                        np.asarray(test.y.index.get_level_values(0)), level=0.95, draws=60, seed=0)  # fmt: skip
    pd.testing.assert_series_equal(test.pooled.loc["logistic"], alone.loc["logistic"])


def test_without_draws_there_are_no_limits_and_nothing_is_told_apart(made):
    test = forward([made(), made(seed=1, cutoff="2012-06-30")], ["prior", "logistic"], draws=0)
    assert test.table["auc_low"].isna().all()
    assert test.differences["within_noise"].all()


def test_a_model_that_fails_is_reported(made):
    from sklearn.linear_model import LogisticRegression

    samples = [made(), made(seed=1, cutoff="2012-06-30")]
    test = forward(samples, {"mine": LogisticRegression(), "logistic": logistic()}, draws=20)
    assert test.troubles["model"].tolist() == ["mine"]
    assert list(test.predictions) == ["logistic"]
    assert "Not compared, for it failed: mine" in test.text("en")
    with pytest.raises(InputError, match="all models failed"):
        forward(samples, {"mine": LogisticRegression()}, draws=20)
