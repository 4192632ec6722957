from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.checks import check_sample, constant_columns, looked_at, model_frame
from crm_analysis.churn.models.compare import compare
from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def test_a_failed_audit_stops_unless_the_leak_is_wanted(made):
    audit = pd.DataFrame({"passed": [True, False]}, index=pd.Index(["id_features", "tautology"], name="audit_check"))
    leaky = replace(made(), audit=audit)
    with pytest.raises(InputError, match="audit for leaks failed: tautology"):
        check_sample(leaky)
    check_sample(leaky, allow_leaks=True)
    check_sample(replace(made(), audit=audit.assign(passed=True)))


def test_ids_and_empty_frames_are_refused(made):
    sample = made()
    with pytest.raises(InputError, match="email holds 300 different texts"):
        check_sample(Sample(sample.X.assign(email=[f"{i}@x.cn" for i in range(300)]), sample.y))
    with pytest.raises(InputError, match="no feature"):
        check_sample(Sample(sample.X[[]], sample.y))
    with pytest.raises(InputError, match="not DataFrame"):
        check_sample(sample.X)
    check_sample(Sample(sample.X.assign(town=[f"t{i % 60}" for i in range(300)]), sample.y))


def test_every_dtype_reaches_the_models():
    n = 120
    rng = np.random.default_rng(0)
    X = pd.DataFrame({
        "count": pd.array(rng.integers(0, 9, n), "Int64"), "paid": pd.array([True, None, False] * 40, "boolean"),
        "flag": [True, False] * 60, "money": rng.normal(size=n), "plan": pd.Categorical(["a", "b", None] * 40),
        "grade": pd.Categorical([1, 2] * 60), "city": ["沪", "杭", None] * 40, "empty": np.nan,
    })  # fmt: skip
    before = X.copy()
    frame = model_frame(X)
    pd.testing.assert_frame_equal(X, before)
    assert frame.dtypes.map(str).tolist() == ["float64"] * 4 + ["object"] * 3 + ["float64"]
    assert frame["grade"].tolist()[:2] == ["1", "2"]
    assert constant_columns(X) == ["empty"]
    y = (X["money"] > 0).astype(int)
    for model in (logistic(), boosting()):
        chance = model.fit(frame, y).predict_proba(frame)[:, 1]
        assert np.isfinite(chance).all()


def test_a_sample_made_by_hand_is_audited_before_models_learn_from_it(made):
    sample = made()
    for name, values in {"left": sample.y, "account": sample.X.index.str[1:].astype(int)}.items():
        X = sample.X.assign(**{name: values})
        if name == "account":
            X, y = X.set_axis(values), sample.y.set_axis(values)
        else:
            y = sample.y
        leaky = replace(sample, X=X, y=y)
        for learn in (lambda one, **more: compare(one, ["prior"], folds=2, repeats=1, **more), fit):
            with pytest.raises(InputError, match=rf"audit for leaks failed: .*\({name}\)"):
                learn(leaky)
            learn(leaky, allow_leaks=True)
    assert looked_at(sample).leaks.empty
    assert sample.audit is None
