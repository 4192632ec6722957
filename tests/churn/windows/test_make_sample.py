"""Making samples: one cutoff, several, the default features, and what cannot be joined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.windows.audit import LeakError
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.make_sample import make_sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import About, from_frames
from tests.churn.windows.parts import WINDOWS, ZONE, honest, shop

SPANS = [WINDOWS, WINDOWS.at("2012-03-31")]
LARGE = shop(customers=200)


def test_one_cutoff():
    tables = LARGE
    sample = make_sample(tables, WINDOWS, features=honest)
    y, account = label(qualifying(tables), WINDOWS)
    pd.testing.assert_series_equal(sample.y, y)
    pd.testing.assert_frame_equal(sample.X, honest(tables, WINDOWS).loc[y.index], check_names=False)
    assert sample.account.loc["2012-05-31"].tolist() == [pytest.approx(value) for value in account.values()]
    assert sample.kind == "forward"
    assert sample.windows == (WINDOWS,)
    assert sample.audit["passed"].all()


def test_several_cutoffs_are_keyed_by_customer_and_cutoff():
    sample = make_sample(LARGE, SPANS, features=honest, progress=True)
    assert sample.X.index.names == ["customer_id", "cutoff"]
    assert [f"{each.cutoff_date:%m-%d}" for each in sample.windows] == ["03-31", "05-31"]
    for each in sample.windows:
        alone = make_sample(LARGE, each, features=honest, audit=False)
        pd.testing.assert_frame_equal(sample.X.xs(each.cutoff_date, level="cutoff"), alone.X)
        pd.testing.assert_series_equal(sample.y.xs(each.cutoff_date, level="cutoff"), alone.y)
    assert sample.account["eligible"].sum() == len(sample)
    assert sample.audit.loc["shared_outcome_days", "verdict"] == "audit_passed"
    only = make_sample(LARGE, [WINDOWS], features=honest, audit=False)
    assert only.X.index.nlevels == 1


@given(st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_order_of_rows_does_not_matter_and_nothing_of_the_caller_s_changes(seed):
    tables = shop(seed)
    copies = {name: frame.copy() for name, frame in tables.items()}
    mixed = {name: frame.sample(frac=1, random_state=seed) for name, frame in tables.items()}
    first, second = (make_sample(each, WINDOWS, features=honest, audit=False) for each in (tables, mixed))
    pd.testing.assert_frame_equal(first.X, second.X)
    pd.testing.assert_series_equal(first.y, second.y)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, copies[name])


def test_a_function_cannot_spoil_the_caller_s_tables_and_may_ask_for_customers():
    tables, asked = shop(), []

    def greedy(tables, windows, customers):
        tables["orders"]["amount"] = 0.0
        del tables["tickets"]
        asked.append(customers)
        return pd.DataFrame({"one": 1}, index=customers)

    sample = make_sample(tables, WINDOWS, features=greedy, audit=False)
    assert tables["orders"]["amount"].gt(0).any()
    assert "tickets" in tables
    assert asked[0].equals(sample.X.index)


def test_a_leak_raises_is_reported_or_is_not_looked_for():
    def leaky(tables, windows):
        return tables["orders"].groupby("customer_id")[["amount"]].sum()

    with pytest.raises(LeakError, match=r"(?s)amount changes.*where: leaky, known from 2012-01-01"):
        make_sample(shop(), WINDOWS, features=leaky)
    assert make_sample(shop(), WINDOWS, features=leaky, audit="report").leaks.index.tolist() == [
        "truncation_invariance"
    ]
    unseen = make_sample(shop(), WINDOWS, features=leaky, audit=False)
    assert unseen.audit is None
    assert unseen.leaks.empty
    with pytest.raises(InputError, match="audit='yes'"):
        make_sample(shop(), WINDOWS, features=leaky, audit="yes")


BAD = {
    "it returns a Series": lambda t, w: honest(t, w)["orders"],
    "customer_id is a column": lambda t, w: honest(t, w).reset_index(),
    "several rows": lambda t, w: pd.concat([honest(t, w)] * 2),
    "no column": lambda t, w: honest(t, w)[[]],
    r"1 of \d+ customers to be foretold have no row": lambda t, w: honest(t, w).iloc[1:],
    r"(\d+) of \1 customers to be foretold have no row": lambda t, w: honest(t, w).set_axis(range(len(honest(t, w)))),
    "holds times": lambda t, w: honest(t, w).assign(cutoff=w.cutoff_date),
}


@pytest.mark.parametrize("match", BAD)
def test_functions_that_give_no_features_are_refused(match):
    with pytest.raises(InputError, match=match):
        make_sample(shop(), WINDOWS, features=BAD[match])


def test_columns_that_differ_between_cutoffs_are_named():
    def moody(tables, windows):
        return honest(tables, windows).rename(columns={"spend": f"spend_{windows.cutoff_date:%m}"})

    with pytest.raises(InputError, match="spend_03, spend_05"):
        make_sample(shop(), SPANS, features=moody)


@pytest.mark.parametrize(
    ("windows", "match"),
    [
        ([], "no windows"),
        (["2012-05-31"], "no Windows"),
        ([WINDOWS, WINDOWS.at(pd.Timestamp("2012-05-31"))], "a cutoff stands twice"),
        ([WINDOWS, Windows("2012-03-31", data_end="2012-12-31", outcome=30)], "different lengths"),
    ],
)
def test_windows_that_do_not_belong_together(windows, match):
    with pytest.raises(InputError, match=match):
        make_sample(shop(), windows, features=honest)


def test_ids_that_do_not_meet_between_tables():
    tables = shop()
    numbered = tables["customers"].assign(customer_id=np.arange(40))
    with pytest.raises(InputError, match="do not meet"):
        make_sample(tables | {"customers": numbered}, WINDOWS, features=honest)
    other = tables["customers"].assign(customer_id=lambda frame: "C" + frame["customer_id"])
    with pytest.raises(InputError, match="no customer with an event stands in the table customers"):
        make_sample(tables | {"customers": other}, WINDOWS, features=honest)
    with pytest.raises(InputError, match="tables is a DataFrame"):
        make_sample(tables["orders"], WINDOWS, features=honest)


def test_everybody_churned_says_so():
    at = pd.to_datetime(["2012-05-01", "2012-05-02"]).tz_localize(ZONE)
    orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", "b"], "ordered_at": at, "amount": 1.0})
    with pytest.raises(InputError, match="the last event is on 2012-05-02"):
        make_sample({"orders": orders}, WINDOWS, features=honest, audit=False)


def test_a_data_set_and_tables_with_more_columns_give_the_same():
    frames = {"orders": LARGE["orders"].assign(more="x")}
    data = from_frames({"orders": LARGE["orders"]}, About("shop", zone=ZONE))
    one, two = (make_sample(each, WINDOWS, features=honest, audit=False) for each in (frames, data))
    pd.testing.assert_frame_equal(one.X, two.X)


def spelled(ids: pd.Series, change) -> pd.Series:
    return ids.where(np.arange(len(ids)) % 2 == 0, change(ids))


@pytest.mark.parametrize("change", [lambda ids: ids + " ", lambda ids: "\u3000" + ids, lambda ids: ids + ".0"])
def test_one_customer_written_in_two_ways_is_refused(change):
    orders = LARGE["orders"].assign(customer_id=lambda frame: spelled(frame["customer_id"].str[1:], change))
    with pytest.raises(InputError, match=r"(?s)written in two ways.*where: orders\.customer_id.*str\.strip") as caught:
        make_sample({"orders": orders}, WINDOWS, features=honest)
    scope = {"orders": orders}
    exec(caught.value.mend, scope)
    assert len(make_sample({"orders": orders}, WINDOWS, features=honest, audit=False)) == len(
        make_sample({"orders": LARGE["orders"]}, WINDOWS, features=honest, audit=False)
    )


def test_blanks_around_every_id_are_no_two_spellings():
    orders = LARGE["orders"].assign(customer_id=lambda frame: frame["customer_id"] + " ")
    assert len(make_sample({"orders": orders}, WINDOWS, features=honest, audit=False))
    with pytest.raises(InputError, match=r"where: orders\.customer_id"):
        make_sample({"orders": orders, "customers": LARGE["customers"]}, WINDOWS, features=honest)


def test_an_outcome_after_the_last_event_names_its_day():
    orders = LARGE["orders"][LARGE["orders"]["ordered_at"] < pd.Timestamp("2012-05-20", tz=ZONE)]
    last = orders["ordered_at"].max()
    with pytest.raises(InputError, match=f"the last event is on {last:%Y-%m-%d}, the outcome begins on 2012-06-01"):
        make_sample({"orders": orders}, WINDOWS, features=honest)
