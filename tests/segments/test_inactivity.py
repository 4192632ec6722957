import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import between, gone_quiet, inactivity, lapsed_customers, share_inactive


def test_days_since_the_last_action(make_log):
    log = make_log(9)
    found = inactivity(log, as_of="2010-09-30")
    past = between(log, "2010-01-01", "2010-09-30").groupby("customer_id")["at"]
    day = pd.Timestamp("2010-09-30", tz="UTC")
    assert found["inactive_days"].tolist() == (day - past.max().dt.normalize()).dt.days.tolist()
    assert found["observed_days"].tolist() == (day - past.min().dt.normalize()).dt.days.tolist()
    assert found["last_active_day"].tolist() == past.max().dt.tz_localize(None).dt.normalize().tolist()


def test_newcomers_are_not_in_the_base_of_long_silences(make_log):
    found = inactivity(make_log(9), as_of="2010-12-31")
    table = share_inactive(found, over=(0, 7, 30, 400)).set_index("days")
    for days, row in table.iterrows():
        assert row["customers"] == (found["observed_days"] > days).sum()
        assert row["inactive"] == (found["inactive_days"] > days).sum()
    assert np.isnan(table.loc[400, "share"])
    assert table.loc[7, "share"] <= table.loc[0, "share"]
    with pytest.raises(InputError, match="negative"):
        share_inactive(found, over=(-1,))


def test_lapsed_customers_come_by_value(make_log):
    log = make_log(9)
    found = lapsed_customers(log, as_of="2010-12-31", after_days=40)
    assert (found["inactive_days"] > 40).all()
    assert found["money"].is_monotonic_decreasing
    everybody = inactivity(log, as_of="2010-12-31")
    assert set(found.index) == set(everybody.index[everybody["inactive_days"] > 40])
    assert found["money"].to_dict() == pytest.approx(log.groupby("customer_id")["amount"].sum()[found.index].to_dict())


def test_silence_is_judged_by_ones_own_rhythm():
    weekly = pd.date_range("2010-01-01", periods=20, freq="7D")
    yearly = pd.DatetimeIndex(["2008-05-14", "2009-05-14", "2010-05-14"])
    log = pd.concat(
        [pd.DataFrame({"customer_id": name, "at": days}) for name, days in (("weekly", weekly), ("yearly", yearly))]
    )
    found = gone_quiet(log, as_of="2010-07-31")
    assert found.index.tolist() == ["weekly"]
    silence = (pd.Timestamp("2010-07-31") - weekly[-1]).days
    assert found.loc["weekly", "silence_chance"] == pytest.approx((1 + silence / (19 * 7)) ** -19)
    assert found.loc["weekly", ["typical_gap", "longest_gap", "inactive_days"]].tolist() == [7, 7, silence]


def test_about_the_stated_part_of_unchanged_customers_is_listed():
    """Poisson buyers who never change: the chance is exact for exponential gaps."""
    rng = np.random.default_rng(0)
    days = np.cumsum(rng.exponential(1, (3000, 5)) * rng.uniform(20, 60, (3000, 1)), axis=1)
    last = days[:, 3]
    silence = days[:, 4] - last
    chance = (1 + silence / (last - days[:, 0])) ** -3
    assert (chance < 0.05).mean() == pytest.approx(0.05, abs=0.012)
    customers = np.repeat(np.arange(3000), 4)
    log = pd.DataFrame(
        {"customer_id": customers, "at": pd.Timestamp("2000-01-01") + pd.to_timedelta(days[:, :4].ravel(), "D")}
    )
    one = log[log["customer_id"] == 7]
    as_of = one["at"].max().normalize() + pd.Timedelta(int(silence[7]), "D")
    assert (7 in gone_quiet(one, as_of=as_of, level=0.2).index) == (chance[7] < 0.2)


def test_customers_with_too_few_gaps_are_left_out(make_log):
    log = make_log(9)
    assert gone_quiet(log, as_of="2010-12-31", min_gaps=2, level=0.5)["purchase_days"].min() >= 3
    with pytest.raises(InputError, match="min_gaps=0"):
        gone_quiet(log, as_of="2010-12-31", min_gaps=0)


def test_row_order_and_later_rows_do_not_matter(make_log):
    log = make_log(9)
    for measure in (inactivity, gone_quiet):
        found = measure(log, as_of="2010-09-30")
        pd.testing.assert_frame_equal(measure(log.sample(frac=1, random_state=0), as_of="2010-09-30"), found)
        pd.testing.assert_frame_equal(measure(between(log, "2010-01-01", "2010-09-30"), as_of="2010-09-30"), found)


def test_two_hours_are_too_few(slice_of_two_hours):
    for measure in (inactivity, gone_quiet):
        with pytest.raises(InputError, match=r"inactivity: .* these data span 2 hours"):
            measure(slice_of_two_hours, as_of="2017-11-25")
