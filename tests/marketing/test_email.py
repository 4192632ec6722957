"""Campaigns counted, and their effect against a holdout arm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.errors import InputError
from crm_analysis.intervals import newcombe
from crm_analysis.marketing import campaign_table, campaign_uplift, holm, sample_ratio

SENT = pd.Timestamp("2012-11-01 09:00", tz="Asia/Shanghai")
DAY = pd.Timedelta("1D")
SPLIT = {"mail": 0.45, "sms": 0.45, "holdout": 0.1}


def contacts_of(n: int = 4000, *, seed: int = 0, effect: float = 0.05) -> pd.DataFrame:
    """Customers drawn by lot into two arms and a holdout; mail adds `effect` to a conversion of 10 %."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(list(SPLIT), n, p=list(SPLIT.values()))
    converted = rng.random(n) < 0.10 + effect * (arm == "mail")
    opened = (rng.random(n) < 0.3) & (arm != "holdout")
    frame = pd.DataFrame({"campaign": "11.11", "customer_id": np.arange(n).astype(str), "arm": arm, "sent_at": SENT})
    return frame.assign(
        opened_at=frame["sent_at"].where(opened) + DAY / 24,
        clicked_at=frame["sent_at"].where(opened & (rng.random(n) < 0.2)) + DAY / 12,
        converted_at=frame["sent_at"].where(converted) + DAY,
        value=np.where(converted, rng.gamma(2, 50, n), np.nan),
    )


def test_rates_by_hand():
    contacts = contacts_of()
    mailed = contacts[contacts["arm"] != "holdout"]
    row = campaign_table(contacts).iloc[0]
    assert row.sent == row.delivered == len(mailed)
    assert row.opened == mailed["opened_at"].notna().sum()
    assert row.open_rate == pytest.approx(row.opened / row.delivered)
    assert row.click_to_open_rate == pytest.approx(row.clicked / row.opened)
    assert row.conversion_rate == pytest.approx(mailed["converted_at"].notna().mean())
    assert row.open_rate_low < row.open_rate < row.open_rate_high


def test_a_click_is_an_open_and_an_early_response_is_none():
    contacts = contacts_of(3).assign(arm="mail", opened_at=pd.NaT, converted_at=SENT - DAY)
    contacts["clicked_at"] = [SENT + DAY, pd.NaT, SENT - DAY]
    row = campaign_table(contacts.assign(opened_at=contacts["opened_at"].dt.tz_localize("UTC"))).iloc[0]
    assert (row.opened, row.clicked, row.converted, row.too_early) == (1, 1, 0, 3)


def test_what_was_not_delivered_is_not_counted_further():
    contacts = contacts_of(10).assign(arm="mail", opened_at=SENT, delivered=[True] * 6 + [False] * 4)
    row = campaign_table(contacts).iloc[0]
    assert (row.sent, row.delivered, row.opened, row.open_rate) == (10, 6, 6, 1.0)


def test_no_opens_give_no_click_to_open_rate():
    row = campaign_table(contacts_of(5).assign(arm="mail").drop(columns=["opened_at", "clicked_at"])).iloc[0]
    assert row.open_rate == 0
    assert np.isnan(row.click_to_open_rate)


def test_readers_attributes_group_the_messages():
    contacts = contacts_of(100).assign(city=["Beijing", None] * 50)
    table = campaign_table(contacts, by="city").set_index("city")
    assert set(table.index) == {"Beijing", "not_stated"}
    assert table["sent"].sum() == (contacts["arm"] != "holdout").sum()


def test_uplift_is_newcombe_by_arm_as_assigned():
    contacts = contacts_of()
    table = campaign_uplift(contacts, planned=SPLIT).set_index("arm")
    held = contacts[contacts["arm"] == "holdout"]
    for arm in ("mail", "sms"):
        part = contacts[contacts["arm"] == arm]
        counts = part["converted_at"].notna().sum(), len(part), held["converted_at"].notna().sum(), len(held)
        row = table.loc[arm]
        assert (row.uplift, row.uplift_low, row.uplift_high) == pytest.approx(newcombe(*counts))
        other = stats.ttest_ind(part["value"].fillna(0), held["value"].fillna(0), equal_var=False)
        assert row.value_uplift_low == pytest.approx(other.confidence_interval().low)
    assert table["p_holm"].tolist() == pytest.approx(holm(table["p"]).tolist())
    sizes = contacts["arm"].value_counts()
    split_p = sample_ratio(sizes[list(SPLIT)], list(SPLIT.values())).p
    assert table["split_p"].tolist() == pytest.approx([split_p, split_p])
    assert (table["split_check"] == "split_checked").all()


def test_the_interval_holds_the_true_effect():
    held = sum(
        row.uplift_low <= 0.05 <= row.uplift_high
        for seed in range(60)
        for row in campaign_uplift(contacts_of(1500, seed=seed)).query("arm == 'mail'").itertuples()
    )
    assert held >= 53


def test_without_a_holdout_arm_uplift_is_refused_by_name():
    contacts = contacts_of(200)
    other = contacts.assign(campaign="618", arm="mail")
    with pytest.raises(InputError, match="without a holdout arm no uplift can be told: 618") as caught:
        campaign_uplift(pd.concat([contacts, other]))
    assert "arms found: holdout, mail, sms" in str(caught.value)


def test_the_holdout_arm_may_have_another_name():
    contacts = contacts_of(500)
    renamed = contacts.assign(arm=contacts["arm"].replace("holdout", "control"))
    pd.testing.assert_frame_equal(campaign_uplift(contacts), campaign_uplift(renamed, holdout="control"))


def test_a_split_that_is_not_the_planned_one_stops_the_analysis():
    table = campaign_uplift(contacts_of(), planned={"mail": 1, "sms": 1, "holdout": 1})
    assert (table["split_check"] == "stopped_by_split").all()
    assert table[["uplift", "relative_lift", "value_uplift", "p", "p_holm"]].isna().all(axis=None)
    assert (table["split_p"] < 0.001).all()
    assert (table["customers"] > 0).all()


def test_an_unplanned_split_is_not_checked():
    table = campaign_uplift(contacts_of(500))
    assert (table["split_check"] == "split_unchecked").all()
    assert table["split_p"].isna().all()


def test_a_plan_must_name_the_arms():
    with pytest.raises(InputError, match="does not name the arms"):
        campaign_uplift(contacts_of(500), planned={"mail": 1, "holdout": 1})


def test_the_unit_is_the_customer_not_the_message():
    contacts = contacts_of(500)
    unanswered = contacts.assign(converted_at=pd.Series(pd.NaT, contacts.index, dtype=contacts["sent_at"].dtype))
    twice = pd.concat([contacts, unanswered.assign(value=np.nan)])
    pd.testing.assert_frame_equal(campaign_uplift(twice), campaign_uplift(contacts))


def test_a_customer_in_two_arms_is_refused():
    contacts = contacts_of(50)
    mixed = pd.concat([contacts, contacts.head(1).assign(arm=contacts["arm"].iloc[1] + "2")])
    with pytest.raises(InputError, match="1 customers stand in two arms"):
        campaign_uplift(mixed)


def test_missing_and_blank_columns_are_named():
    with pytest.raises(InputError, match="arm is missing"):
        campaign_table(contacts_of(5).drop(columns="arm"))
    with pytest.raises(InputError, match="sent_at is blank in 5 rows"):
        campaign_uplift(contacts_of(5).assign(sent_at=pd.NaT))


def test_the_frame_given_is_not_changed():
    contacts = contacts_of(50)
    before = contacts.copy()
    campaign_table(contacts)
    campaign_uplift(contacts)
    pd.testing.assert_frame_equal(contacts, before)


def test_a_holdout_arm_alone_is_refused():
    with pytest.raises(InputError, match="no arm beside the holdout"):
        campaign_uplift(contacts_of(5).assign(arm="holdout"))
