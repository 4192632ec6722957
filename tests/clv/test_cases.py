from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import NBD, ParetoNBD
from crm_analysis.clv.cases import COLUMNS, as_cases
from crm_analysis.errors import InputError


def table(*rows: tuple, columns=COLUMNS, index=None) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns), index=index)


GOOD = table((0, 0.0, 5.0), (2, 3.0, 5.0), index=["a", "b"])


def test_equal_customers_are_counted_once(cx):
    cases = as_cases(cx)
    assert (len(cases), cases.customers) == (1016, 2357)
    assert cases.unit == "week"
    for name, column in zip(COLUMNS, (cases.x, cases.tx, cases.T)):
        pd.testing.assert_series_equal(cases.spread(column, name), cx[name], check_exact=True)


whole = st.integers(0, 3)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(whole, whole, st.sampled_from([0.5, 1.0, 2.5])), min_size=1, max_size=40))
def test_cases_are_the_distinct_rows_with_their_counts(drawn):
    rows = [(x, 0.1 * (1 + tx) if x else 0.0, T) for x, tx, T in drawn]
    cases = as_cases(table(*rows))
    counted = pd.Series(rows).value_counts()
    found = {(x, tx, T): w for x, tx, T, w in zip(cases.x, cases.tx, cases.T, cases.weight)}
    assert found == counted.to_dict()
    assert [(cases.x[k], cases.tx[k], cases.T[k]) for k in cases.row] == rows


def test_many_rows_are_counted_as_few_are(cm):
    big = pd.concat([cm] * 2, ignore_index=True)
    cases = as_cases(big)
    expected = big.groupby(list(COLUMNS)).size()
    assert len(big) > 10_000
    assert cases.weight.tolist() == expected.to_list()
    assert list(zip(cases.x, cases.tx, cases.T)) == expected.index.to_list()


def test_the_order_of_rows_and_columns_and_the_ids_do_not_matter(cx):
    mixed = cx.sample(frac=1, random_state=3)[["T", "recency", "monetary_value", "frequency"]]
    renamed = mixed.set_axis(range(len(mixed)))
    first, second = as_cases(cx), as_cases(renamed)
    for name in ("x", "tx", "T", "weight"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert second.index is renamed.index


def test_weights_are_exploded_rows():
    weighted = as_cases(GOOD.assign(weights=[3, 2]))
    exploded = as_cases(GOOD.loc[list("aaabb")].reset_index(drop=True))
    for name in ("x", "tx", "T", "weight"):
        np.testing.assert_array_equal(getattr(weighted, name), getattr(exploded, name))


def test_the_callers_table_is_left_alone():
    frame = GOOD.assign(extra="x")
    before = frame.copy()
    as_cases(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("kind", ["int64", "Int64", "float32", "Float64", "int64[pyarrow]", "double[pyarrow]", object])
def test_any_kind_of_number_is_taken(kind):
    assert as_cases(GOOD.assign(T=GOOD["T"].astype(kind))).T.tolist() == [5.0, 5.0]


RULES = {
    "frequency is negative": (-1, 1.0, 5.0),
    "frequency is not a whole number": (1.5, 1.0, 5.0),
    "recency is negative": (1, -1.0, 5.0),
    "recency is above T": (1, 6.0, 5.0),
    "frequency is 0 but recency is not": (0, 1.0, 5.0),
    "recency is 0 but frequency is not": (1, 0.0, 5.0),
    "frequency is empty or infinite": (np.nan, 1.0, 5.0),
    "recency is empty or infinite": (1, np.nan, 5.0),
    "T is empty or infinite": (1, 1.0, np.inf),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("use", [as_cases, ParetoNBD().fit, NBD.with_params(r=1, alpha=1).probability_alive])
def test_each_rule_is_named_with_its_rows(rule, use):
    frame = table((2, 3.0, 5.0), RULES[rule], index=["fine", "odd"])
    with pytest.raises(InputError) as caught:
        use(frame)
    assert f"{rule}: 1 rows (odd)" in str(caught.value)


def test_all_breaches_stand_in_one_message():
    frame = table(*RULES.values()).assign(weights=[0.0, np.nan, *[1] * 7])
    with pytest.raises(InputError) as caught:
        as_cases(frame)
    message = str(caught.value)
    assert all(rule in message for rule in RULES)
    assert "weights is not a positive number: 2 rows (0, 1)" in message
    assert "not from the last to today" in message


def test_only_some_of_many_rows_are_shown():
    with pytest.raises(InputError, match=r"12 rows \(0, 1, 2, 3, 4, and 7 more\)"):
        as_cases(table(*[(1, 6.0, 5.0)] * 12))


def test_advice_on_recency_only_where_it_helps():
    with pytest.raises(InputError) as caught:
        as_cases(table((-1, 1.0, 5.0)))
    assert "today" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], "not list"),
        (None, "not NoneType"),
        (GOOD.drop(columns=["T", "recency"]), "the columns recency, T are missing"),
        (GOOD.iloc[:0], "no customers"),
        (GOOD.set_axis(["a", "a"]), "1 customer ids stand in more than one row"),
        (GOOD.assign(T="five"), "column T holds something other than numbers"),
        (GOOD.assign(T=["5", "5"]), "to_numeric"),
        (GOOD.assign(T=pd.Timestamp("2020-01-01")), "T: datetime64"),
        (GOOD.assign(recency=pd.to_timedelta([0, 3], "D")), "recency: timedelta64"),
        (GOOD.assign(T=5 + 1j), "T: complex"),
        (pd.concat([GOOD, GOOD[["T"]]], axis=1), "2 columns have the name T"),
    ],
)
def test_unusable_tables_are_refused_by_name(data, message):
    with pytest.raises(InputError, match=message):
        as_cases(data)


def test_customers_of_the_last_day_are_kept_with_a_warning():
    with pytest.warns(UserWarning, match=r"1 customers have T = 0 \(new\)"):
        cases = as_cases(table((0, 0.0, 0.0), (1, 2.0, 5.0), index=["new", "old"]))
    assert cases.customers == 2
