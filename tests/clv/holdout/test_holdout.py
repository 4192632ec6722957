"""Customers with their holdout: equal ones counted once, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.holdout.holdout import as_holdout
from crm_analysis.errors import InputError


def test_pairs_stand_for_all_customers(cx):
    held = as_holdout(cx)
    distinct = cx.groupby(["frequency", "recency", "T", "frequency_holdout"]).size()
    assert len(held.pairs) == len(distinct) == 1144
    found = pd.Series(held.weight, [held.pairs.x, held.pairs.tx, held.pairs.T, held.actual]).sort_index()
    assert found.tolist() == distinct.tolist()
    assert (held.horizon, held.unit, held.calibration.customers) == (39.0, "week", 2357)
    assert held.weight @ held.actual == 1882
    assert held.zero_share == pytest.approx(0.7098, abs=5e-5)
    assert held.one_time_share == pytest.approx(1 - 946 / 2357)


def test_weights_are_exploded_rows(cx):
    part = cx.iloc[:300]
    grouped = part.drop(columns="monetary_value").groupby(
        ["frequency", "recency", "T", "frequency_holdout", "duration_holdout"]
    )
    weighted = as_holdout(grouped.size().rename("weights").reset_index())
    exploded = as_holdout(part)
    np.testing.assert_array_equal(weighted.weight, exploded.weight)
    np.testing.assert_array_equal(weighted.actual, exploded.actual)


@pytest.mark.parametrize(
    ("changes", "horizon", "message"),
    [
        ({"frequency_holdout": None}, None, "no holdout to compare with"),
        ({"duration_holdout": None}, None, "length of the holdout is not known"),
        ({"duration_holdout": 0.0}, None, "longer than 0"),
        ({"duration_holdout": [39.0, 38.0, 39.0]}, None, "different length, from 38 to 39"),
        ({"duration_holdout": [39.0, np.nan, 39.0]}, None, "empty in 1 rows"),
        ({}, 26, "horizon is 26, but the holdout is 39 long"),
        ({}, "39", "longer than 0; got '39'"),
        ({"frequency_holdout": [0, -1, 0.5]}, None, "not a whole number from 0 in 2 rows"),
        ({"frequency_holdout": ["a", 1, 1]}, None, "not a whole number from 0 in 1 rows"),
        ({"frequency": None}, None, "columns frequency are missing"),
    ],
)
def test_bad_input_is_named(changes, horizon, message):
    frame = pd.DataFrame({"frequency": [0, 1, 2], "recency": [0, 3.0, 9.0], "T": 39.0, "frequency_holdout": [0, 1, 3],
                          "duration_holdout": 39.0})  # fmt: skip
    for name, values in changes.items():
        frame = frame.drop(columns=name) if values is None else frame.assign(**{name: values})
    with pytest.raises(InputError, match=message):
        as_holdout(frame, horizon=horizon)


def test_the_horizon_may_be_given_where_the_data_lack_it():
    frame = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [39.0], "frequency_holdout": [0]})
    assert as_holdout(frame, horizon=26).horizon == 26
