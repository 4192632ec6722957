import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.segments import rfm

rows = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 40), st.integers(1, 4)), min_size=2, max_size=40).filter(
    lambda found: len({day for _, day, _ in found}) > 1
)


def frame(found: list[tuple]) -> pd.DataFrame:
    log = pd.DataFrame(found, columns=["customer_id", "day", "amount"])
    return log.assign(customer_id=log["customer_id"].astype(str), amount=log["amount"] / 10,
                      at=pd.Timestamp("2010-01-01") + pd.to_timedelta(log["day"], "D"))  # fmt: skip


def brute(log: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Scores by the definition, one customer at a time."""
    measures = {}
    for customer, part in log.groupby("customer_id"):
        recency = (pd.Timestamp(as_of) - part["at"].max().normalize()).days
        measures[customer] = (-recency, part["at"].dt.normalize().nunique(), round(part["amount"].sum(), 6))
    table = pd.DataFrame(measures, index=["r", "f", "m"]).T
    cuts = {key: [np.quantile(table[key], q).round(6) for q in (0.2, 0.4, 0.6, 0.8)] for key in table}
    return table.apply(lambda column: [1 + sum(cut < x for cut in cuts[column.name]) for x in column]).astype(int)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_scores_follow_their_definition(found):
    log = frame(found)
    scores = rfm(log, as_of="2010-03-01").table[["r", "f", "m"]]
    pd.testing.assert_frame_equal(scores, brute(log, "2010-03-01"), check_names=False, check_dtype=False)


@settings(max_examples=40, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_scores_are_monotone_equal_for_equals_and_blind_to_order_ids_dates_and_currency(found, random):
    log = frame(found)
    table = rfm(log, as_of="2010-03-01").table
    for score, measure, sign in (("r", "recency", -1), ("f", "frequency", 1), ("m", "monetary", 1)):
        by_value = table.assign(value=sign * table[measure]).groupby("value")[score]
        assert by_value.nunique().eq(1).all()
        assert by_value.first().is_monotonic_increasing
    shuffled = log.sample(frac=1, random_state=random.randint(0, 9999))
    pd.testing.assert_frame_equal(rfm(shuffled, as_of="2010-03-01").table, table)
    scores = table[["r", "f", "m"]]
    renamed = rfm(log.assign(customer_id="x" + log["customer_id"]), as_of="2010-03-01").table[["r", "f", "m"]]
    assert renamed.set_axis(scores.index).equals(scores)
    shifted = rfm(log.assign(at=log["at"] + pd.Timedelta(3653, "D")), as_of="2020-03-01").table[["r", "f", "m"]]
    assert shifted.equals(scores)
    scaled = rfm(log.assign(amount=log["amount"] * 8), as_of="2010-03-01").table[["r", "f", "m"]]
    assert scaled.equals(scores)


def test_later_rows_change_nothing(make_log):
    log, as_of = make_log(1), "2010-07-01"
    early = log[log["at"] < "2010-07-02"]
    later = pd.concat([log, log.assign(amount=1e6, at=log["at"] + pd.Timedelta(400, "D"))])
    pd.testing.assert_frame_equal(rfm(early, as_of=as_of).table, rfm(later, as_of=as_of).table)


def test_the_cuts_of_one_period_score_another(make_log):
    first, second = make_log(1), make_log(2)
    cuts = rfm(first, as_of="2010-12-31").cuts
    scores = rfm(second, as_of="2010-12-31", cuts=cuts)
    assert scores.cuts == cuts
    value = scores.table["monetary"].iloc[0]
    assert scores.table["m"].iloc[0] == 1 + sum(cut < value for cut in cuts["m"])


def test_coinciding_cuts_leave_levels_empty_and_say_so():
    log = pd.DataFrame({"customer_id": list("abcdefghij"), "at": pd.date_range("2010-01-01", periods=10)})
    log = pd.concat([log, log.iloc[:1].assign(at=pd.Timestamp("2010-02-01"))])
    scores = rfm(log, as_of="2010-02-01")
    assert scores.cuts["f"] == [1.0, 1.0, 1.0, 1.0]
    assert scores.empty == {"f": [2, 3, 4]}
    assert scores.table.loc["a", "f"] == 5


def test_options_of_frequency_money_and_mode(make_log):
    log = make_log(5)
    by_orders = rfm(log, as_of="2010-12-31", frequency="orders", monetary="mean").table
    grouped = log.groupby("customer_id")["amount"]
    assert by_orders["frequency"].tolist() == grouped.size().tolist()
    np.testing.assert_allclose(by_orders["monetary"], grouped.mean(), atol=1e-6)
    assert "m" not in rfm(log, as_of="2010-12-31", mode="RF").table
    assert rfm(log.drop(columns="amount"), as_of="2010-12-31").mode == "RF"


def test_the_frame_is_not_changed(make_log):
    log = make_log()
    before = log.copy()
    rfm(log, as_of="2010-12-31")
    pd.testing.assert_frame_equal(log, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "RFMX", "frequency": "weeks"}, "mode='RFMX'.*frequency='weeks'"),
        ({"cuts": {"r": [1, 2, 3]}}, "four numbers"),
        ({"cuts": {"f": [4, 3, 2, 1]}}, "ascending"),
        ({"cuts": {"x": [1, 2, 3, 4]}}, "cuts for x"),
        ({"as_of": "2009-01-01"}, "no row up to 2009-01-01"),
    ],
)
def test_options_that_cannot_be_used(make_log, options, message):
    with pytest.raises(InputError, match=message):
        rfm(make_log(), **{"as_of": "2010-12-31"} | options)


def test_money_is_needed_for_mode_rfm(make_log):
    with pytest.raises(InputError, match="mode='RF'"):
        rfm(make_log().drop(columns="amount"), as_of="2010-12-31", mode="RFM")


def test_two_hours_are_too_few(slice_of_two_hours):
    with pytest.raises(InputError, match=r"RFM recency: .* 2 days of data; these data span 2 hours"):
        rfm(slice_of_two_hours, as_of="2017-11-25")


def test_retail_r5(retail):
    scores = rfm(retail, as_of="2010-12-10")
    assert scores.mode == "RFM"
    assert scores.cuts["r"] == [15, 36, 71, 176]
    assert scores.cuts["f"] == [1, 2, 3, 5]
    assert scores.cuts["m"] == pytest.approx([252.608, 506.646, 992.162, 2146.116], abs=5e-4)
    assert scores.table["f"].value_counts().sort_index().tolist() == [1494, 843, 537, 605, 833]
    assert scores.empty == {}
