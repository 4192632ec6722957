import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.segments import STATES, between, state_table, states, transitions

FIRST, LAST = pd.Timestamp("2017-11-25"), pd.Timestamp("2017-12-04")
rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 9), st.sampled_from(["view", "favourite", "cart", "buy"])),
    min_size=1,
    max_size=40,
)


def frame(found: list[tuple]) -> pd.DataFrame:
    found = [(9, 0, "view"), *found, (9, 9, "view")]
    log = pd.DataFrame(found, columns=["customer_id", "day", "action"])
    return log.assign(customer_id=log["customer_id"].astype(str), at=FIRST + pd.to_timedelta(log["day"], "D"))


def by_hand(part: pd.DataFrame, as_of: pd.Timestamp, window: int) -> str:
    past = part[part["at"].dt.normalize() <= as_of]
    buys = past[past["action"] == "buy"]
    if (buys["at"].dt.normalize() > as_of - pd.Timedelta(window, "D")).any():
        return "buying"
    if len(buys):
        return "lapsed"
    return "intending" if past["action"].isin(["cart", "favourite"]).any() else "potential"


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(1, 3), st.integers(5, 9))
def test_states_part_the_users_and_follow_the_definition(found, window, day):
    log, as_of = frame(found), FIRST + pd.Timedelta(day, "D")
    seen = states(log, as_of=as_of, window_days=window)
    expected = {name: by_hand(part, as_of, window) for name, part in log[log["at"] <= as_of].groupby("customer_id")}
    assert seen["state"].astype(str).to_dict() == expected
    assert state_table(seen)["users"].sum() == len(expected)
    assert not seen.loc[seen["state"] != "lapsed", "intends_again"].any()


@settings(max_examples=40, deadline=None)
@given(rows)
def test_rows_of_transitions_sum_to_one_and_buyers_never_become_prospects(found):
    log = frame(found)
    before = states(log, as_of=FIRST + pd.Timedelta(6, "D"), window_days=3)
    after = states(log, as_of=LAST, window_days=3)
    moves = transitions(before, after)
    sums = moves.groupby("state_before", observed=True)["share"].sum(min_count=1).dropna()
    assert sums.to_numpy() == pytest.approx(1)
    assert moves["users"].sum() == len(after)
    buyers = moves[
        moves["state_before"].isin(["buying", "lapsed"]) & moves["state_after"].isin(["intending", "potential"])
    ]
    assert buyers["users"].sum() == 0


def test_truncation_row_order_and_names_do_not_matter(taobao):
    options = {"as_of": "2017-11-30", "window_days": 3}
    found = states(taobao, **options)
    pd.testing.assert_frame_equal(states(between(taobao, "2017-11-25", "2017-11-30"), **options), found)
    pd.testing.assert_frame_equal(states(taobao.sample(frac=1, random_state=0), **options), found)
    renamed = states(taobao.assign(customer_id="x" + taobao["customer_id"]), **options)
    assert renamed["state"].tolist() == found["state"].tolist()


def test_newcomers_stand_in_a_row_of_their_own():
    log = frame([(1, 8, "buy")])
    before = states(log, as_of="2017-12-01", window_days=3)
    moves = transitions(before, states(log, as_of="2017-12-04", window_days=3))
    row = moves[(moves["state_before"] == "unseen") & (moves["state_after"] == "buying")].iloc[0]
    assert (row["users"], row["base"], row["share"]) == (1, 1, 1.0)


def test_users_cannot_vanish():
    log = frame([(1, 8, "buy")])
    early, late = (states(log, as_of=day, window_days=3) for day in ("2017-12-01", "2017-12-04"))
    with pytest.raises(InputError, match="1 users of the earlier day are missing"):
        transitions(late, early)


def test_short_data_are_refused_by_name(slice_of_two_hours):
    with pytest.raises(InputError, match=r"lifecycle states: .* 6 days of data; these data span 2 hours"):
        states(slice_of_two_hours, as_of="2017-11-25", window_days=3)
    with pytest.raises(InputError, match="these data span 5 days"):
        states(frame([]), as_of="2017-11-29", window_days=3)
    with pytest.raises(InputError, match="nobody was seen"):
        states(frame([]), as_of="2016-11-29", window_days=3)
    with pytest.raises(InputError, match="window_days=0"):
        states(frame([]), as_of="2017-12-04", window_days=0)
    with pytest.raises(InputError, match="'action' is missing"):
        states(frame([]).drop(columns="action"), as_of="2017-12-04", window_days=3)


def test_taobao_t7_and_t5(taobao):
    before = states(taobao, as_of="2017-11-30", window_days=3, start="2017-11-25")
    after = states(taobao, as_of="2017-12-03", window_days=3, start="2017-11-25")
    order = ["buying", "lapsed", "intending", "potential"]
    assert state_table(before)["users"][order].tolist() == [350, 169, 294, 170]
    assert state_table(after)["users"][order].tolist() == [390, 281, 243, 69]  # 69 view-only users
    moves = transitions(before, after).pivot_table(
        index="state_before", columns="state_after", values="users", observed=True
    )
    assert moves.loc["buying", ["buying", "lapsed"]].tolist() == [160, 190]
    assert moves.loc["lapsed", ["buying", "lapsed"]].tolist() == [78, 91]
    assert moves.loc["intending", ["buying", "intending"]].tolist() == [99, 195]
    assert moves.loc["potential", ["buying", "intending", "potential"]].tolist() == [53, 48, 69]
    assert list(moves.index) == list(STATES)
