"""Rules of thumb: what they predict, and that they take customers as the models do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.holdout.baselines import Baseline, Rate, SameAgain, Zero
from crm_analysis.errors import InputError


@pytest.fixture
def frame():
    return pd.DataFrame(
        {"frequency": [0, 2, 0, 5], "recency": [0, 30.0, 0, 20.0], "T": [39.0, 39.0, 10.0, 20.0]}, index=list("dbca")
    )


def test_predictions_keep_the_index(frame):
    before = frame.copy()
    for rule, expected in ((Zero(), [0, 0, 0, 0]), (SameAgain(), [0, 2, 0, 5]), (Rate(), [0, 4, 0, 19.5])):
        found = rule.fit(frame).expected_purchases(frame, horizon=78)
        assert found.index.equals(frame.index)
        assert found.tolist() == expected
    pd.testing.assert_frame_equal(frame, before)


def test_totals_on_cdnow(cx):
    assert SameAgain().expected_purchases(cx, horizon=39).sum() == 2457
    assert Rate().expected_purchases(cx, horizon=39).sum() == pytest.approx(2930.10, abs=0.005)


@pytest.mark.filterwarnings("ignore:1 customers have T = 0")
def test_customers_of_the_last_day_are_predicted_nothing_by_the_rate():
    frame = pd.DataFrame({"frequency": [0, 1], "recency": [0, 1.0], "T": [0, 2.0]})
    assert Rate().expected_purchases(frame, horizon=4).tolist() == [0, 2]


def test_bad_input_is_named(frame):
    with pytest.raises(InputError, match="recency are missing"):
        Zero().fit(frame.drop(columns="recency"))
    for horizon in (-1, "39", np.nan, np.inf):
        with pytest.raises(InputError, match="horizon must be a number"):
            Rate().expected_purchases(frame, horizon=horizon)


def test_a_rule_of_ones_own_is_a_subclass(frame):
    class Once(Baseline):
        key = "once"

        @staticmethod
        def _rule(x, T, horizon):
            return np.ones_like(x)

    assert Once().expected_purchases(frame, horizon=1).tolist() == [1, 1, 1, 1]
    assert (repr(Once()), Once().get_params()) == ("Once()", {})
