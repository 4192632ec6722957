"""Training and test apart: in time, by customer, and no copies on both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.windows.forward import forward_plan
from crm_analysis.churn.windows.make_sample import make_sample
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.splits import audit_folds, audit_split
from crm_analysis.errors import InputError
from tests.churn.windows.parts import WINDOWS, honest, shop

TABLES = shop(customers=100)


def made(*cutoffs: str) -> Sample:
    return make_sample(TABLES, [WINDOWS.at(day) for day in cutoffs], features=honest, audit=False)


def test_a_plan_gives_an_honest_split():
    plan = forward_plan(WINDOWS.at("2012-09-30"), cutoffs=2)
    train, test = (make_sample(TABLES, each, features=honest, audit=False) for each in (plan.training, plan.test))
    assert len(train.customers.unique().intersection(test.customers))  # the same people, at other cutoffs
    assert audit_split(train, test).table["verdict"].tolist() == ["audit_passed"] * 3


def test_a_training_outcome_that_runs_past_the_test_cutoff_fails():
    found = audit_split(made("2012-04-30", "2012-08-31"), made("2012-09-30"))
    assert found.table.loc["training_outcome_ends", ["verdict", "flagged_items"]].tolist() == [
        "audit_failed",
        "2012-08-31",
    ]
    assert "2012-08-31 runs past the test cutoff 2012-09-30" in found.text("en")
    assert "2012-09-30" in found.text("zh")


def test_the_same_customers_at_one_cutoff_fail_and_others_do_not():
    sample = made("2012-05-31")
    half = np.arange(len(sample)) % 2 == 0
    assert audit_split(sample.take(half), sample.take(~half)).table.loc["shared_customers", "passed"]
    both = audit_split(sample, sample.take(half)).table
    assert both.loc["shared_customers", "flagged_items"] == f"{half.sum()} customers"
    other = Sample(sample.X.drop(columns="spend"), sample.y)
    table = audit_split(sample, other).table
    assert table.loc["same_features", "flagged_items"] == "spend"
    assert table.loc["training_outcome_ends", "verdict"] == "audit_warned"
    assert table.loc["shared_customers", "verdict"] == "audit_failed"


@given(st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_groups_hold_and_rows_do_not(seed):
    from sklearn.model_selection import GroupKFold, KFold

    ids = pd.Series(np.repeat(np.arange(20), 3)).sample(frac=1, random_state=seed)
    assert audit_folds(ids, GroupKFold(4).split(ids, groups=ids)).passed
    assert not audit_folds(ids, KFold(4, shuffle=True, random_state=seed).split(ids)).passed


def test_oversampling_before_the_split_shows():
    ids = pd.Series(np.arange(50))
    more = pd.concat([ids, ids[:25]])  # churners doubled
    found = audit_folds(more, [(np.arange(50), np.arange(50, 75))])
    assert found.table.loc["shared_customers", "flagged_items"] == "fold 1: 25"
    assert "resample inside the training folds alone" in found.checks[0].mend.en
    panel = made("2012-03-31", "2012-05-31")
    assert not audit_folds(panel, [(np.arange(0, len(panel), 2), np.arange(1, len(panel), 2))]).passed


@pytest.mark.parametrize("folds", [[], [([0, 9], [1])], [([0], [-1])]])
def test_folds_that_do_not_fit(folds):
    with pytest.raises(InputError):
        audit_folds(["a", "b"], folds)


def test_several_cutoffs_on_both_sides_are_compared_cutoff_by_cutoff():
    sample = made("2012-04-30", "2012-08-31")
    cutoff = sample.X.index.get_level_values("cutoff")
    early, late = sample.take(cutoff == "2012-04-30"), sample.take(cutoff == "2012-08-31")
    assert len(early.customers.intersection(late.customers))
    assert audit_split(early, late).table.loc["shared_customers", "passed"]
    assert not audit_split(sample, late).table.loc["shared_customers", "passed"]
