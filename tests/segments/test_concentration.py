import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import bootstrap
from crm_analysis.segments import customer_values, gini, lorenz, top_count, top_share, top_shares

values = st.lists(st.integers(0, 500).map(float), min_size=1, max_size=40).filter(lambda found: sum(found) > 0)


def mean_difference(x: np.ndarray) -> float:
    return np.abs(x[:, None] - x).mean() / (2 * x.mean())


def test_the_published_value():
    assert gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]).value == pytest.approx(
        0.46209113, abs=5e-9
    )


@settings(max_examples=50, deadline=None)
@given(values)
def test_gini_is_the_mean_difference_twice_the_area_and_within_its_bounds(found):
    x = np.array(found)
    value = gini(x, draws=0).value
    curve = lorenz(x)
    area = np.trapezoid(curve["value_share"], curve["customer_share"])
    assert value == pytest.approx(mean_difference(x), abs=1e-9)
    assert value == pytest.approx(1 - 2 * area, abs=1e-9)
    assert -1e-12 <= value <= (len(x) - 1) / len(x) + 1e-12


@settings(max_examples=50, deadline=None)
@given(values, st.integers(1, 4), st.sampled_from([0.01, 8.0, 6.5]))
def test_replication_currency_and_order_do_not_matter(found, times, scale):
    x = np.array(found)
    value = gini(x, draws=0).value
    assert gini(np.repeat(x, times), draws=0).value == pytest.approx(value, abs=1e-9)
    assert gini(x[::-1] * scale, draws=0).value == pytest.approx(value, abs=1e-9)
    half = top_share(np.repeat(x, 2), share=0.5, draws=0).value
    assert half == pytest.approx(np.sort(np.repeat(x, 2))[len(x) :].sum() / (2 * x.sum()))


def test_the_interval_is_the_bootstraps():
    x = np.random.default_rng(1).lognormal(3, 1.2, 400)
    fast = gini(x, draws=3000)
    slow = bootstrap(mean_difference, x, draws=400)
    assert [fast.low, fast.high] == pytest.approx([slow.low, slow.high], abs=0.012)
    share = bootstrap(lambda drawn: np.sort(drawn)[-80:].sum() / drawn.sum(), x, draws=2000)
    found = top_share(x, draws=3000)
    assert [found.low, found.high] == pytest.approx([share.low, share.high], abs=0.01)


def test_the_interval_covers_the_truth():
    """Lognormal values of sd 1 have the Gini coefficient erf(1/2) = .5205."""
    rng = np.random.default_rng(3)
    found = [gini(rng.lognormal(0, 1, 300), draws=200, rng=i) for i in range(120)]
    covered = np.mean([estimate.low <= 0.5205 <= estimate.high for estimate in found])
    assert 0.84 <= covered <= 0.99


def test_the_same_seed_gives_the_same_interval():
    x = np.arange(50.0)
    assert gini(x, rng=5) == gini(x, rng=5)
    assert gini(x, rng=5) != gini(x, rng=6)


def test_shares_rise_with_the_part_of_the_customers():
    table = top_shares(np.random.default_rng(0).lognormal(size=500), draws=100)
    assert table["value_share"].is_monotonic_increasing
    assert table["customers"].tolist() == [5, 25, 50, 100, 250]
    assert (table["value_share_low"] <= table["value_share"]).all()


@pytest.mark.parametrize(("customers", "share", "count"), [(4312, 0.2, 863), (15, 0.2, 3), (10, 0.01, 1), (7, 1, 7)])
def test_a_part_of_the_customers_is_rounded_up(customers, share, count):
    assert top_count(customers, share) == count


def test_all_zero_has_no_concentration():
    assert np.isnan(gini([0, 0, 0]).value)
    assert np.isnan(top_share([0, 0]).value)
    assert lorenz([0, 0])["value_share"].isna().all()


def test_one_customer_has_no_interval():
    estimate = gini([5.0])
    assert (estimate.value, np.isnan(estimate.low)) == (0, True)


@pytest.mark.parametrize("bad", [[1, -1], [1, np.nan], [], [np.inf, -2, np.nan]])
def test_negative_and_blank_values_are_refused(bad):
    for measure in (gini, top_share, lorenz):
        with pytest.raises(InputError):
            measure(bad)


@pytest.mark.parametrize("share", [0, 1.5, 20])
def test_a_share_given_in_per_cent_is_explained(share):
    with pytest.raises(InputError, match=f"share={share}"):
        top_share([1, 2], share=share)


def test_lorenz_points_are_exact_when_there_are_many_customers():
    x = np.random.default_rng(0).lognormal(size=5000)
    curve = lorenz(x, points=11)
    assert len(curve) == 11
    tenth = np.sort(x)[: round(curve["customer_share"][3] * 5000)].sum() / x.sum()
    assert curve["value_share"][3] == pytest.approx(tenth)


def test_values_of_customers(make_log):
    log = make_log(1)
    assert customer_values(log).to_dict() == pytest.approx(log.groupby("customer_id")["amount"].sum().to_dict())
    assert customer_values(log, of="orders").to_dict() == log["customer_id"].value_counts().to_dict()
    days = log.assign(day=log["at"].dt.date).groupby("customer_id")["day"].nunique()
    assert customer_values(log, of="days").to_dict() == days.to_dict()
    with_all = customer_values(log, customers=[*log["customer_id"], "stranger"])
    assert with_all["stranger"] == 0
    assert len(with_all) == log["customer_id"].nunique() + 1
    with pytest.raises(InputError, match="valued by 'amount'"):
        customer_values(log.drop(columns="amount"), of="amount")


def test_retail_r2(retail):
    money = customer_values(retail)
    started = time.perf_counter()
    inequality, top = gini(money), top_share(money)
    assert time.perf_counter() - started < 3  # about 0.2 s on a free machine
    assert inequality == pytest.approx((0.70444, 0.669, 0.738), abs=0.01)
    assert inequality.value == pytest.approx(0.70444, abs=5e-6)
    assert top_count(len(money), 0.2) == 863
    assert top == pytest.approx((0.73476, 0.701, 0.767), abs=0.01)
    assert top.value == pytest.approx(0.73476, abs=5e-6)


def test_the_caller_frame_is_not_changed(make_log):
    log = make_log()
    before = log.copy()
    customer_values(log)
    pd.testing.assert_frame_equal(log, before)
