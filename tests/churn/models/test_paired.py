from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.churn.models.metrics import MEASURES
from crm_analysis.churn.models.paired import best_models, corrected_interval, model_table, paired_differences, pairs_of


def test_the_interval_is_that_of_the_formula():
    x = np.random.default_rng(0).normal(0.01, 0.02, 30)
    found, p = corrected_interval(x, ratio=1 / 9)
    error = np.sqrt((1 / 30 + 1 / 9) * x.var(ddof=1))
    low, high = stats.t.interval(0.95, 29, x.mean(), error)
    assert found == pytest.approx((x.mean(), low, high))
    assert p == pytest.approx(2 * stats.t.sf(abs(x.mean() / error), 29))


def test_more_repeats_do_not_make_anything_sure():
    rng = np.random.default_rng(0)
    width = [np.ptp(corrected_interval(np.tile(rng.normal(size=10), times), ratio=1 / 9)[0][1:]) for times in (1, 100)]
    assert width[1] > 0.55 * width[0]  # of folds that share rows the plain interval would shrink to a tenth


def test_folds_without_spread_have_no_width():
    assert corrected_interval([0.5] * 4, ratio=1 / 3) == ((0.5, 0.5, 0.5), 0.0)
    assert corrected_interval([0.0] * 4, ratio=1 / 3)[1] == 1.0
    alone, p = corrected_interval([0.3], ratio=1 / 3)
    assert alone.value == 0.3
    assert np.isnan([alone.low, alone.high, p]).all()


def test_same_fold_differences_are_far_sharper_than_two_intervals():
    rng = np.random.default_rng(0)
    luck = rng.normal(0, 0.03, 10)
    rows = [{"model": key, "repeat": 0, "fold": i, **{name: 0.7 + luck[i] + gain + rng.normal(0, 0.001)
                                                      for name in MEASURES}}
            for key, gain in (("prior", 0.0), ("logistic", 0.01)) for i in range(10)]  # fmt: skip
    scores = pd.DataFrame(rows)
    table = model_table(scores, ["prior", "logistic", "lost"], ratio=1 / 9)
    assert table.loc["lost"].isna().all()
    assert table.loc["logistic", "auc_low"] < table.loc["prior", "auc"]  # side by side nothing could be said
    pairs = paired_differences(scores, best_models(table), ratio=1 / 9).set_index("measure")
    assert pairs.loc["auc", ["model", "other_model", "better"]].tolist() == ["logistic", "prior", "logistic"]
    assert pairs.loc["brier", "better"] == "prior"  # less is better, and prior has less here
    assert not pairs["within_noise"].any()


def test_holm_is_within_a_measure_and_not_below_p():
    rng = np.random.default_rng(1)
    rows = [{"model": key, "repeat": 0, "fold": i, **dict.fromkeys(MEASURES, rng.normal())}
            for key in ("prior", "recency_only", "logistic", "boosting") for i in range(10)]  # fmt: skip
    scores = pd.DataFrame(rows)
    pairs = paired_differences(scores, best_models(model_table(scores, list(scores["model"].unique()), ratio=1 / 9)),
                               ratio=1 / 9)  # fmt: skip
    assert (pairs["p_holm"] >= pairs["p"]).all()
    assert pairs["within_noise"].equals(pairs["p"] > 0.05)
    assert (pairs.groupby("measure").size() >= 3).all()


def test_the_best_and_the_baselines_are_what_others_are_held_against():
    assert pairs_of(["prior", "logistic", "boosting"], "prior") == [("prior", "logistic"), ("prior", "boosting")]
    assert ("boosting", "bg_nbd") in pairs_of(["bg_nbd", "logistic", "boosting"], "logistic")
