import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import actions, counted_orders, purchases, rfm, stated_window
from crm_analysis.tables import About, from_frames


def shop(rows: list[tuple], *, window=(), **more) -> object:
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "amount"]).assign(**more)
    return from_frames({"orders": frame}, About("shop", zone="Asia/Shanghai", window=list(window)))


ROWS = [
    ("1", "a", "2010-01-05 10:00", 10.0),
    ("1", "a", "2010-01-05 10:01", 5.0),
    ("2", "b", "2010-01-06 09:00", 7.0),
    ("3", "b", "2010-01-07 09:00", -7.0),
    ("4", "c", "2010-01-08 09:00", 0.0),
]


def test_lines_of_one_order_are_one_purchase():
    log = purchases(shop(ROWS))
    assert log.frame["customer_id"].tolist() == ["a", "b", "c"]
    assert log.frame["amount"].tolist() == [15.0, 7.0, 0.0]
    assert str(log.frame["at"].iloc[0]) == "2010-01-05 10:00:00+08:00"
    assert (log.unit, log.has_money) == ("orders", True)


def test_every_row_is_accounted_for():
    ledger = purchases(shop(ROWS)).ledger
    assert (ledger.read, ledger.kept, ledger.set_aside) == (5, 4, 1)
    assert {line.rule: (line.rows, line.fate) for line in ledger.lines} == {
        "refund_row": (1, "set_aside"),
        "zero_amount_row": (1, "noted"),
        "merged_lines": (1, "noted"),
    }
    assert ledger.lines[0].where == "orders, row 4"


def test_discount_lines_lower_their_own_order_when_asked():
    rows = [*ROWS[:2], ("1", "a", "2010-01-05 10:02", -3.0), *ROWS[2:]]
    assert purchases(shop(rows)).frame["amount"].tolist() == [15.0, 7.0, 0.0]
    netted = purchases(shop(rows), refunds="within_order")
    assert netted.frame["amount"].tolist() == [12.0, 7.0, 0.0]
    assert {line.rule for line in netted.ledger.lines} == {"refund_row", "zero_amount_row", "merged_lines"}


@pytest.mark.parametrize("status", ["Cancelled", " refunded ", "交易关闭", "已退款"])
def test_cancelled_orders_are_set_aside(status):
    log = purchases(shop(ROWS, status=[status, status, "paid", "paid", "paid"]))
    assert log.frame["customer_id"].tolist() == ["b", "c"]
    assert {line.rule: line.rows for line in log.ledger.lines}["cancelled_row"] == 2


def test_the_window_of_the_data_set_sets_its_ends_and_excludes_what_lies_outside():
    log = purchases(shop(ROWS, window=("2010-01-05", "2010-01-05")))
    assert log.frame["order_id"].tolist() == ["1"]
    assert log.end_stated
    assert str(log.end) == "2010-01-05 23:59:59.999999+08:00"
    assert {line.rule: line.rows for line in log.ledger.lines}["outside_stated_window"] == 3


def test_without_a_window_orders_are_complete_from_the_first_to_the_last_day_seen():
    log = purchases(shop(ROWS))
    assert not log.end_stated
    assert (str(log.first_day.date()), str(log.last_day.date()), log.days) == ("2010-01-05", "2010-01-08", 4)
    assert str(log.end) == "2010-01-08 23:59:59.999999+08:00"


def test_a_window_that_ends_at_midnight_written_out_ends_the_day_before():
    _, end = stated_window(About("shop", zone="UTC", window=["2017-11-25 00:00:00", "2017-12-04 00:00:00"]))
    assert str(end) == "2017-12-03 23:59:59.999999+00:00"


@pytest.mark.parametrize("window", [["soon", "later"], ["2010-01-02", "2010-01-01"], ["2010-01-01"]])
def test_a_window_that_cannot_be_read_is_named(window):
    with pytest.raises(InputError, match="window"):
        stated_window(About("shop", window=window))


def events(actions_: list[str]) -> pd.DataFrame:
    days = pd.date_range("2017-11-25 10:00", periods=len(actions_), freq="D").astype(str)
    return pd.DataFrame(
        {"customer_id": "u", "item_id": "i", "category_id": "c", "action": actions_, "happened_at": days}
    )


def test_buy_events_stand_in_for_orders_and_have_no_money():
    log = purchases(from_frames({"events": events(["view", "buy", "cart", "buy"])}, About("log")))
    assert (log.unit, log.has_money, len(log.frame)) == ("buy_events", False, 2)
    assert log.frame["amount"].isna().all()
    assert rfm(log.frame, as_of=log.last_day).mode == "RF"


def test_actions_keep_all_events_of_the_window():
    data = from_frames({"events": events(["view", "cart", "buy"])}, About("log", window=["2017-11-25", "2017-11-26"]))
    log = actions(data)
    assert log.frame["action"].tolist() == ["view", "cart"]
    assert (log.ledger.read, log.ledger.kept, log.days) == (3, 2, 2)


def test_a_table_with_a_window_of_its_own_is_complete_for_that():
    about = About("log", window=["2017-11-01", "2017-11-30"], notes={"events_window": ["2017-11-25", "2017-11-26"]})
    data = from_frames({"events": events(["view", "cart", "buy"])}, about)
    assert actions(data).days == 2
    assert [str(day)[:10] for day in stated_window(about)] == ["2017-11-01", "2017-11-30"]


def test_counted_orders_leave_out_refunds_and_cancellations():
    rows = pd.DataFrame({"order_id": list("123"), "amount": [5.0, -1.0, 0.0], "status": ["paid", "paid", "已退款"]})
    assert counted_orders(rows)["order_id"].tolist() == ["1"]
    assert counted_orders(rows.drop(columns="status"))["order_id"].tolist() == ["1", "3"]


def test_the_data_are_not_changed():
    data = shop(ROWS)
    before = data["orders"].copy()
    purchases(data)
    pd.testing.assert_frame_equal(data["orders"], before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: purchases(from_frames({"events": events(["view"])}, About("log"))), "no purchases"),
        (lambda: purchases(from_frames({}, About("log"))), "no purchases"),
        (lambda: purchases(shop(ROWS[3:4])), "no row of orders can be used"),
        (lambda: purchases(shop(ROWS), refunds="ignore"), "refunds='ignore'"),
        (lambda: actions(shop(ROWS)), "events"),
    ],
)
def test_data_without_purchases_are_refused_in_words(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_retail_has_the_rows_and_money_it_is_known_for(retail_lines):
    data = from_frames(
        {"orders": retail_lines.rename(columns={"at": "ordered_at"})}, About("Retail", zone="Europe/London")
    )
    log = purchases(data)
    assert log.ledger.kept == 407664
    assert log.frame["customer_id"].nunique() == 4312
    assert len(log.frame) == 19213
    assert log.frame["amount"].sum() == pytest.approx(8832003.27, abs=0.01)


def test_taobao_keeps_its_window_in_china_time(taobao_all):
    frame = taobao_all.rename(columns={"at": "happened_at"})
    about = About("Taobao", zone="Asia/Shanghai", window=["2017-11-25", "2017-12-03"])
    data = from_frames({"events": frame}, about)
    log = actions(data)
    assert (log.ledger.kept, log.ledger.set_aside, log.days) == (99957, 44, 9)
    assert log.frame["customer_id"].nunique() == 983
    assert log.frame["action"].value_counts().to_dict() == {"view": 89666, "cart": 5446, "favourite": 2744, "buy": 2101}
    assert purchases(data).frame["customer_id"].nunique() == 671
