"""How long contracts have lasted: three forms of data, counted alike; and what cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.contracts.tenures import as_tenures, life_table
from crm_analysis.errors import InputError
from crm_analysis.survival import kaplan_meier

STILL = [100, 60, 45, 45, 30]


def contracts(*rows, weights=None):
    frame = pd.DataFrame(rows, columns=["tenure", "ended"])
    return frame if weights is None else frame.assign(weights=weights)


def same(one, two):
    np.testing.assert_allclose(one.renewed, two.renewed)
    np.testing.assert_allclose(one.lost, two.lost)
    assert one.customers == pytest.approx(two.customers)


def test_three_forms_of_the_same_data():
    expected = as_tenures(STILL)
    assert expected.lost.tolist() == [40, 15, 0, 15]
    assert expected.renewed.tolist() == [60, 45, 45, 30]
    assert (expected.customers, expected.periods, expected.unit) == (100, 4, "")
    table = pd.DataFrame({"period": range(5), "customers": STILL})
    table.attrs["unit"] = "year"
    assert as_tenures(table).unit == "year"
    each = contracts(*[(1, True)] * 40, *[(2, True)] * 15, *[(4, True)] * 15, *[(4, False)] * 30)
    weighted = contracts((1, 1), (2, 1), (4, 1), (4, 0), weights=[40, 15, 15, 30])
    for data in (table, table.sample(frac=1, random_state=2), pd.Series(STILL), np.array(STILL, float), each, weighted):
        same(as_tenures(data), expected)
    assert as_tenures(expected) is expected
    shuffled = pd.Series(STILL).sample(frac=1, random_state=3)
    same(as_tenures(shuffled), expected)


def test_contracts_that_still_run_count_for_the_renewals_they_came_to():
    found = as_tenures(contracts((1, True), (2, False), (3, True), (3, False), (0, False)))
    assert found.at_risk.tolist() == [4, 3, 2]
    assert found.lost.tolist() == [1, 0, 1]
    assert found.customers == 5


def test_cohorts_add_up():
    old = pd.DataFrame({"cohort": "2019", "period": [0, 1, 2, 3], "customers": [100, 60, 45, 40]})
    new = pd.DataFrame({"cohort": "2021", "period": [1, 0], "customers": [30, 50]})
    found = as_tenures(pd.concat([old, new]))
    assert found.at_risk.tolist() == [150, 60, 45]
    assert found.lost.tolist() == [60, 15, 5]
    assert found.customers == 150


def test_periods_without_customers_are_left_out():
    assert as_tenures([10, 4, 0, 0]).periods == 2
    assert as_tenures(contracts((0, False), (0, False))).periods == 0


def test_the_frame_is_left_alone():
    table = pd.DataFrame({"customers": STILL, "period": range(5), "extra": "x"}).iloc[::-1]
    copy = table.copy()
    as_tenures(table)
    pd.testing.assert_frame_equal(table, copy)


def test_the_life_table_is_kaplan_meier():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"tenure": rng.integers(1, 7, 200), "ended": rng.random(200) < 0.6})
    found = life_table(frame, level=0.9)
    expected = kaplan_meier(frame["tenure"], frame["ended"], level=0.9).iloc[1:]
    for name in ("survival", "survival_low", "survival_high"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, err_msg=name)
    assert found["at_risk"].tolist() == expected["at_risk"].tolist()
    np.testing.assert_allclose(found["retention_rate"].cumprod(), found["survival"])
    assert (found["retention_rate_low"] < found["retention_rate"]).all()


def test_limits_where_nothing_or_everything_was_lost():
    found = life_table([10, 10, 5, 0])
    assert found["survival"].tolist() == [1, 0.5, 0]
    assert found["survival_low"].isna().tolist() == [True, False, True]
    assert found["retention_rate_high"].iloc[0] == 1


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (pd.DataFrame({"period": [0, 1, 3], "customers": [9, 5, 6]}), ["missing: 2", "grow again in period 3"]),
        (pd.DataFrame({"period": [1, 2], "customers": [9, 5]}), ["missing: 0"]),
        (pd.DataFrame({"period": [0, 1, 1], "customers": [9, 5, 4]}), ["period stands in more than one row"]),
        (pd.DataFrame({"period": [0, 0.5], "customers": [9, 5]}), ["not whole"]),
        (pd.DataFrame({"period": [0, np.nan], "customers": [9, -5]}), ["period is empty", "customers is empty"]),
        ([9, np.inf], ["customers is empty, infinite or negative in 1 rows"]),
        ([0, 0, 0], ["nobody is there at the start"]),
        ([9], ["there is only the start"]),
        ([9, 10, 8], ["customers grow again in period 1"]),
        (
            pd.DataFrame({"period": [0, 1] * 2, "customers": [9, 5, 4, 5], "cohort": list("aabb")}),
            ["customers grow again in period 1 of cohort b"],
        ),
        (contracts((0, True), (1.5, False)), ["ended before the first renewal", "not a whole number of renewals"]),
        (contracts((-1, False), (2, 7)), ["tenure is empty, infinite or negative", "ended is neither true nor false"]),
        (contracts((2, None), (np.nan, True)), ["ended is neither", "tenure is empty"]),
        (contracts((1, 1), (2, 0), weights=[0, np.nan]), ["weights is not a positive number: 2 rows (0, 1)"]),
        (contracts((1_000_000, False)), ["tenure is above 100,000"]),
    ],
)
def test_all_that_cannot_be_is_named(data, rules):
    with pytest.raises(InputError) as caught:
        as_tenures(data)
    for rule in rules:
        assert rule in str(caught.value)
    assert caught.value.zh != caught.value.what


@pytest.mark.parametrize("data", [pd.DataFrame({"a": [1]}), pd.DataFrame({"period": [1]}), "text", 5, [[1, 2], [3, 4]]])
def test_data_of_no_known_form(data):
    with pytest.raises(InputError, match="how long contracts have lasted"):
        as_tenures(data)


@pytest.mark.parametrize("data", [[], pd.DataFrame(columns=["period", "customers"])])
def test_no_rows(data):
    with pytest.raises(InputError, match="no rows"):
        as_tenures(data)


@pytest.mark.parametrize("data", [["a", "b"], pd.Series([9, 5], index=["2019", "year 2"])])
def test_texts_are_no_numbers(data):
    with pytest.raises(InputError, match="something other than numbers"):
        as_tenures(data)
