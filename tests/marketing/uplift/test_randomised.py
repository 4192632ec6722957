"""The check of the lot: it lets lots pass, at its stated rate, and refuses what is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import check_randomised
from crm_analysis.marketing.uplift.randomised import _auc


def people(n=400, seed=0):
    rng = np.random.default_rng(seed)
    age = rng.normal(40, 10, n)
    return pd.DataFrame({"age": age, "sex": rng.choice(["f", "m", None], n), "spend": rng.gamma(2, 30, n)}), rng


def test_lots_pass():
    passed = 0
    for seed in range(40):
        X, rng = people(200, seed)
        try:
            found = check_randomised(X, rng.integers(0, 2, 200), seed=seed, permutations=100)
        except InputError:
            continue
        passed += found.p >= 0.01
    assert passed >= 38


@pytest.mark.parametrize("rule", [lambda X: X["age"] > 45, lambda X: X["sex"] == "f",
                                  lambda X: (X["age"] - 40).abs() > 8])  # fmt: skip
def test_rules_are_refused(rule):
    X, _ = people()
    with pytest.raises(InputError, match="can be foretold"):
        check_randomised(X, rule(X).astype(int))


def test_a_tendency_is_refused_too():
    X, rng = people(3000)
    treated = (rng.random(3000) < np.where(X["age"] > 45, 0.7, 0.5)).astype(int)
    with pytest.raises(InputError, match="AUC"):
        check_randomised(X, treated)


def test_any_classifier_may_look():
    X, rng = people(150)
    numbers = X[["age", "spend"]]
    found = check_randomised(
        numbers, rng.integers(0, 2, 150), model=DecisionTreeClassifier(max_depth=2), permutations=100, folds=2
    )
    assert found.permutations == 100
    checks = (numbers["age"] // 4 % 2 == 1).astype(int)  # stripes of age, which only a tree sees
    with pytest.raises(InputError, match="can be foretold"):
        check_randomised(numbers, checks, model=DecisionTreeClassifier(random_state=0), permutations=100, folds=2)


def test_customers_drawn_once_for_all_their_rows_are_no_leak():
    X, rng = people(120)
    arm = rng.integers(0, 2, 120)
    rows = X.loc[np.repeat(np.arange(120), 5)].reset_index(drop=True)
    found = check_randomised(rows, np.repeat(arm, 5), customer=np.repeat(np.arange(120), 5))
    assert found.p > 0.01
    assert found.threshold > 0.58  # 120 customers, not 600 rows


def test_the_area_is_that_of_sklearn():
    rng = np.random.default_rng(1)
    score, y = rng.integers(0, 9, 200).astype(float), rng.integers(0, 2, 200)
    assert _auc(score, y.astype(float)) == pytest.approx(roc_auc_score(y, score))


def test_the_text_claims_no_more():
    X, rng = people()
    found = check_randomised(X, rng.integers(0, 2, 400))
    assert "nothing speaks against a lot" in found.text("en")
    assert "未记录的特征无从检验" in found.text("zh")


@pytest.mark.parametrize(
    ("treated", "told"), [([0, 1, 2, 1], "treated holds 2"), ([1, 1, 1, 1], "nobody is in the control")]
)
def test_bad_treatments(treated, told):
    with pytest.raises(InputError, match=told):
        check_randomised(pd.DataFrame({"a": [1.0, 2, 3, 4]}), treated)


def test_bad_frames_and_folds():
    with pytest.raises(InputError, match="at least one column"):
        check_randomised(pd.DataFrame(index=[0, 1]), [0, 1])
    with pytest.raises(InputError, match="too few"):
        check_randomised(pd.DataFrame({"a": [1.0, 2.0]}), [0, 1], permutations=19)
    with pytest.raises(InputError, match="folds"):
        check_randomised(pd.DataFrame({"a": [1.0, 2.0]}), [0, 1], folds=5)
