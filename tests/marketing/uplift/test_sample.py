"""Rows from contacts: who counts, what was known before, what came after."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import campaign_sample

SENT = pd.Timestamp("2012-11-10 10:00", tz="Asia/Shanghai")
HOUR = pd.Timedelta("1h")


@pytest.fixture
def contacts():
    return pd.DataFrame(
        {
            "campaign": "a", "customer_id": ["1", "2", "3", "4"], "arm": ["mail", "holdout", "mail", "holdout"],
            "sent_at": SENT, "converted_at": [SENT + HOUR, SENT - HOUR, pd.NaT, SENT],
        }
    )  # fmt: skip


@pytest.fixture
def features():
    return pd.DataFrame({"age": [10, 20, 30, 40]}, index=pd.Index(["1", "2", "3", "4"], name="customer_id"))


def test_one_row_each_with_conversions_after_the_sending_only(contacts, features):
    sample = campaign_sample(contacts, features)
    assert sample.X["age"].tolist() == [10, 20, 30, 40]
    assert sample.y.tolist() == [1, 0, 0, 1]
    assert sample.treated.tolist() == [1, 0, 1, 0]
    assert sample.X.index.names == ["customer_id", "campaign"]
    assert sample.y.index.equals(sample.X.index)


def test_several_mails_of_a_campaign_are_one_row(contacts, features):
    again = contacts.iloc[[2]].assign(sent_at=SENT + 24 * HOUR, converted_at=SENT + 30 * HOUR)
    sample = campaign_sample(pd.concat([contacts, again]), features)
    assert len(sample.X) == 4
    assert sample.y.tolist() == [1, 0, 1, 1]


def test_features_of_cutoffs_are_those_of_an_evening_before_the_sending(contacts):
    days = pd.to_datetime(["2012-11-08", "2012-11-09", "2012-11-10"])
    index = pd.MultiIndex.from_product([["1", "2", "3", "4"], days], names=["customer_id", "cutoff"])
    features = pd.DataFrame({"day": index.get_level_values("cutoff").day}, index=index)
    assert campaign_sample(contacts, features).X["day"].tolist() == [9, 9, 9, 9]
    zoned = features.copy()
    zoned.index = zoned.index.set_levels(days.tz_localize("Asia/Shanghai"), level="cutoff")
    assert campaign_sample(contacts, zoned).X["day"].tolist() == [9, 9, 9, 9]
    with pytest.raises(InputError, match="4 of 4 contacts have no features"):
        campaign_sample(contacts, features.loc[(slice(None), days[2]), :])


def test_inputs_stay_as_they_are(contacts, features):
    before = contacts.copy(), features.copy()
    campaign_sample(contacts, features)
    pd.testing.assert_frame_equal(contacts, before[0])
    pd.testing.assert_frame_equal(features, before[1])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c, f: (c.drop(columns="converted_at"), f), "converted_at is missing"),
        (lambda c, f: (c.assign(arm="mail"), f), "the arms are mail"),
        (lambda c, f: (c.assign(arm=["mail", "sms", "holdout", "mail"]), f), "the arms are"),
        (lambda c, f: (pd.concat([c, c.iloc[[0]].assign(arm="holdout")]), f), "both arms"),
        (lambda c, f: (c, f.iloc[:3]), "1 of 4 contacts have no features"),
        (lambda c, f: (c, f.assign(clicked_at=1)), "known only after the sending: clicked_at"),
        (lambda c, f: (c, f.reset_index()), "no usable index"),
        (lambda c, f: (c, pd.concat([f, f])), "no usable index"),
        (lambda c, f: (c.assign(sent_at=c["sent_at"].dt.tz_localize(None)), f), "no time zone"),
        (
            lambda c, f: (c.assign(campaign=list("aabb"), arm=["mail", "mail", "mail", "holdout"]), f),
            "different splits",
        ),
    ],
)
def test_bad_input(contacts, features, change, told):
    with pytest.raises(InputError, match=told):
        campaign_sample(*change(contacts, features))


def test_the_sample_company(small):
    assert len(small.X) == len(small.contacts) == 4006
    assert small.y.sum() == small.contacts["converted_at"].notna().sum()
    assert small.treated.sum() == (small.contacts["arm"] == "treatment").sum()


def test_conversions_that_all_lie_before_the_sending_are_refused(contacts, features):
    early = contacts.assign(converted_at=[SENT - HOUR, SENT - HOUR, pd.NaT, pd.NaT])
    with pytest.raises(InputError, match="all 2 conversions lie before the sending"):
        campaign_sample(early, features)
    nobody = contacts.assign(converted_at=pd.Series(pd.NaT, index=contacts.index, dtype=contacts["converted_at"].dtype))
    assert campaign_sample(nobody, features).y.tolist() == [0, 0, 0, 0]
