"""Forward plans: training outcomes end by the test cutoff, and whoever is refused is told why."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.churn.windows.forward import Plan, forward_plan
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError

TEST = Windows("2010-08-31", data_end="2010-12-09", outcome=90, data_start="2009-12-01")


def roles(plan: Plan) -> dict[str, str]:
    return {f"{day:%m-%d}": role.removeprefix("forward_") for day, role in plan.table["forward_role"].items()}


def test_steps_back_from_the_test():
    plan = forward_plan(TEST, cutoffs=2)
    assert roles(plan) == {"03-04": "training", "06-02": "training", "08-31": "test"}
    assert plan.training[-1].outcome_end_day == TEST.cutoff_day
    assert [each.outcome for each in plan.training] == [90, 90]


def test_short_steps_refuse_those_whose_outcome_runs_past_the_test():
    plan = forward_plan(TEST, cutoffs=1, step=31)
    assert roles(plan) == {"05-30": "training", "06-30": "refused", "07-31": "refused", "08-31": "test"}
    assert plan.table["forward_reason"].tolist() == ["", "runs_past_test", "runs_past_test", ""]
    assert "Refused: 2010-06-30, 2010-07-31 (the outcome runs past the test cutoff" in plan.text("en")
    assert "不可用：2010-06-30、2010-07-31（结果期晚于测试截止日" in plan.text("zh")


def test_named_cutoffs_are_judged_one_by_one():
    plan = forward_plan(TEST, cutoffs=["2010-05-31", "2010-06-30", "2009-11-30", "2010-01-10"])
    reasons = plan.table["forward_reason"].to_dict()
    assert {f"{day:%Y-%m-%d}": reason for day, reason in reasons.items()} == {
        "2009-11-30": "before_data", "2010-01-10": "short_history", "2010-05-31": "", "2010-06-30": "runs_past_test",
        "2010-08-31": "",
    }  # fmt: skip
    assert all(each in plan.text("en") for each in ("lies before the data", "shorter than the observation"))


def test_the_search_ends_where_the_data_begin():
    plan = forward_plan(TEST, cutoffs=9)
    assert roles(plan) == {"12-04": "refused", "03-04": "training", "06-02": "training", "08-31": "test"}
    long = Windows("2010-08-31", data_end="2010-12-09", outcome=90, data_start="2009-12-01", observation=180)
    assert roles(forward_plan(long, cutoffs=9)) == {"03-04": "refused", "06-02": "training", "08-31": "test"}
    endless = Windows("2010-08-31", data_end="2010-12-09", outcome=90)
    assert len(forward_plan(endless, cutoffs=9).training) == 9


@given(st.integers(1, 120), st.integers(0, 40), st.integers(1, 200), st.integers(1, 5))
def test_no_training_label_is_later_than_the_test_cutoff(outcome, gap, step, cutoffs):
    test = Windows("2010-08-31", data_end="2012-12-09", outcome=outcome, gap=gap)
    plan = forward_plan(test, cutoffs=cutoffs, step=step)
    assert len(plan.training) == cutoffs
    assert all(each.outcome_end_day <= test.cutoff_day for each in plan.training)
    refused = plan.table[plan.table["forward_role"] == "forward_refused"]
    assert (refused["outcome_end"] > test.cutoff_date).all()
    latest = pd.Series([each.cutoff_day for each in plan.training]).max()
    assert latest + step + gap + outcome > test.cutoff_day  # the latest usable step is taken


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"cutoffs": 0}, "cutoffs=0"),
        ({"cutoffs": 2.0}, "cutoffs=2.0"),
        ({"cutoffs": True}, "cutoffs=True"),
        ({"step": 0}, "step=0"),
        ({"cutoffs": []}, "no cutoff is named"),
        ({"cutoffs": ["2010-05-31", "2010-05-31"]}, "stands twice"),
        ({"cutoffs": "2010-09-30"}, "not before the test cutoff: 2010-09-30"),
        ({"cutoffs": ["2010-07-31"]}, "No cutoff can train a model to be tested on 2010-08-31"),
    ],
)
def test_plans_that_cannot_be(options, match):
    with pytest.raises(InputError, match=match):
        forward_plan(TEST, **options)
