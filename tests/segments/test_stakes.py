import pandas as pd

from crm_analysis.segments import at_stake

LOG = pd.DataFrame(
    {
        "customer_id": list("aabb"),
        "at": pd.to_datetime(
            ["2010-01-01 00:00", "2010-12-30 23:00", "2010-12-31 01:00", "2009-01-01 00:00"]
        ).tz_localize("UTC"),
        "amount": [5.0, 3.0, 2.0, 9.0],
    }
)


def test_only_the_last_days_and_the_chosen_customers_count():
    assert at_stake(LOG, customers=["a"], as_of="2010-12-31") == 8.0
    assert at_stake(LOG, customers=["a"], as_of="2010-12-31", days=2) == 3.0
    assert at_stake(LOG, customers=["b"], as_of="2010-12-31") == 2.0


def test_days_count_back_from_the_last_one():
    assert at_stake(LOG, customers=["a", "b"], as_of="2010-12-31", days=1) == 2.0
    assert at_stake(LOG, customers=["a", "b"], as_of="2010-12-30", days=1) == 3.0


def test_without_money_purchases_count():
    assert at_stake(LOG.drop(columns="amount"), customers=["a", "b"], as_of="2010-12-31") == 3.0


def test_nobody_brings_nothing():
    assert at_stake(LOG, customers=[], as_of="2010-12-31") == 0.0
