from __future__ import annotations

import pickle
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.compare import compare
from crm_analysis.churn.models.contenders import contenders
from crm_analysis.churn.models.folds import out_of_fold
from crm_analysis.churn.models.metrics import MEASURES, accuracy, lift, measures
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def test_telco_is_that_of_the_reference_and_its_sensible_models_are_within_noise(telco):
    assert (len(telco), int(telco.y.sum()), int(telco.X["total_charges"].eq(0).sum())) == (7043, 1869, 11)  # C2
    found = compare(telco, contenders(telco, C=1.0), folds=10, repeats=1)
    row = found.table.loc["logistic"]
    assert row["auc"] == pytest.approx(0.8454, abs=0.003)  # C3
    assert row["average_precision"] == pytest.approx(0.6575, abs=0.003)
    assert row["brier"] == pytest.approx(0.1355, abs=0.003)
    assert row["auc_sd"] == pytest.approx(0.018, abs=0.003)
    assert len(found.folds) == 40
    p = found.out_of_fold["logistic"]
    assert accuracy(p, found.y) == pytest.approx(0.8038, abs=0.003)
    pooled = measures(p, found.y)
    assert (pooled["auc"], pooled["brier"]) == pytest.approx((0.8454, 0.1353), abs=0.005)  # C4
    assert lift(p, found.y, 704 / 7043) == pytest.approx(2.86, abs=0.05)
    assert found.prior_brier == pytest.approx(0.1949, abs=5e-5)
    assert found.table.loc["tenure_only", "auc"] == pytest.approx(0.740, abs=0.003)
    assert found.table.loc["prior", "auc"] == 0.5
    assert found.table.loc["boosting", "auc"] == pytest.approx(0.8487, abs=0.004)
    sensible = found.differences["model"].isin(["logistic", "boosting"]) & found.differences["other_model"].isin(
        ["logistic", "boosting"])  # fmt: skip
    of_auc = found.differences["measure"] == "auc"
    assert found.differences.loc[sensible & of_auc, "within_noise"].all()
    assert not found.differences.loc[~sensible, "within_noise"].any()
    assert "This is a snapshot" in found.text("en")
    assert "时点快照" in found.text("zh")
    assert "within the noise of the folds" in found.text("en")
    assert "波动之内" in found.text("zh")


def test_august_of_the_shop_is_that_of_the_reference(retail_samples):
    sample = retail_samples["august"]
    assert (len(sample), round(sample.churn_rate, 5)) == (3321, 0.41915)  # R6
    assert (len(retail_samples["may"]), round(retail_samples["may"].churn_rate, 5)) == (2703, 0.50462)
    shifted = replace(sample, X=sample.X.assign(purchase_days=sample.X["purchase_days"] - 1))
    from crm_analysis.churn.models.pipelines import logistic

    p = out_of_fold(shifted, {"logistic": logistic(log=list(shifted.X))})["logistic"]
    found = measures(p, sample.y)
    assert (found["auc"], found["brier"]) == pytest.approx((0.7296, 0.2060), abs=0.004)


def test_a_model_of_noise_does_not_beat_the_baseline():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(400, 3)), columns=list("abc"), index=[f"c{i}" for i in range(400)])
    y = pd.Series((rng.random(400) < 0.3).astype(int), index=X.index)
    found = compare(Sample(X, y), ["prior", "logistic"], folds=5, repeats=2)
    rows = found.differences[found.differences["measure"] == "auc"]
    assert rows["within_noise"].all()
    assert "the baseline will do" in found.text("en") or "within the noise" in found.text("en")
    assert "not below that of the churn rate given to all" in found.text("en")


def test_a_planted_rule_is_found_and_baselines_are_beaten(made):
    found = compare(made(600, seed=2), folds=5, repeats=1)
    assert list(found.table.index) == ["prior", "recency_only", "bg_nbd", "logistic", "boosting"]
    assert found.best["auc"] in ("logistic", "boosting", "recency_only", "bg_nbd")
    assert found.table["brier_skill"].drop(["prior", "bg_nbd"]).gt(0.05).all()
    for name in MEASURES:
        known = found.table[f"{name}_low"].notna()
        assert (found.table[f"{name}_low"] <= found.table[name] + 1e-12)[known].all()
    assert "Cross-validation tests on other customers of the same cutoff" in found.text("en")
    assert pickle.loads(pickle.dumps(found)).text("en") == found.text("en")


def test_row_order_of_the_answer_and_seed(made):
    sample = made()
    one, two = (compare(sample, ["prior", "logistic"], folds=5, repeats=1, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.out_of_fold, out_of_fold(sample, ["prior", "logistic"], folds=5, seed=3))


def test_several_cutoffs_say_that_time_is_mixed(made, panel):
    both = panel(made(), made(seed=1, cutoff="2012-06-30"))
    found = compare(both, ["prior", "logistic"], folds=5, repeats=1)
    assert found.cutoffs == 2
    assert "mix cutoffs" in found.text("en")


def test_troubles_constants_and_small_folds_are_said(made):
    from sklearn.linear_model import LogisticRegression

    sample = made(60)
    odd = Sample(sample.X.assign(one=1.0), sample.y, sample.windows, kind="forward")
    found = compare(odd, {"prior": __import__("sklearn.dummy").dummy.DummyClassifier(),
                          "mine": LogisticRegression()}, folds=3, repeats=1)  # fmt: skip
    assert found.troubles["trouble"].tolist() == ["failed"]  # texts went in unprepared
    assert found.table.loc["mine"].isna().all()
    assert "mine" not in found.out_of_fold
    said = found.text("en")
    assert "Not compared, for it failed: mine" in said
    assert "1 features have one value in all rows and tell nothing: one" in said
    assert "customers of the rarer class on average" in said
    assert re.search(r"mine\s*未能拟合", found.text("zh"))


def test_leaks_and_one_class_are_refused(made):
    audit = pd.DataFrame({"passed": [False]}, index=["tautology"])
    with pytest.raises(InputError, match="tautology"):
        compare(replace(made(), audit=audit))
    assert len(compare(replace(made(), audit=audit), ["prior"], folds=3, repeats=1, allow_leaks=True).table) == 1
    with pytest.raises(ValueError, match="level"):
        compare(made(), level=95)


def test_warnings_of_the_sample_s_audit_are_said(made):
    audit = pd.DataFrame({"verdict": ["audit_warned"], "passed": [True], "flagged_items": ["47 d"]}, ["silent_end"])
    found = compare(replace(made(), audit=audit), ["prior"], folds=2, repeats=1)
    assert "To be heeded: silent end of the data (47 d)." in found.text("en")
