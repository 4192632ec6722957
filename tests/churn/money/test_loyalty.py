"""The arithmetic of loyalty, against sums of streams."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm_analysis.churn.money.loyalty import discount_range, loyalty_gain, retention_range
from crm_analysis.churn.money.loyalty_claim import loyalty_claim
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate


def summed(r, i, points, margin_starts, periods=6000):
    t = np.arange(periods) if margin_starts == "now" else np.arange(1, periods)
    value = [((rate / (1 + i)) ** t).sum() for rate in (r, r + points)]
    return value[1] / value[0] - 1


@pytest.mark.parametrize(
    ("discount", "retention", "expected"),
    [(0.1, 0.8, 0.2), (0.1, 0.85, 0.25), (0.1, 0.9, 1 / 3), (0.05, 0.85, 1 / 3), (0.05, 0.95, 1.0), (0, 0.9, 1.0)],
)
def test_the_published_table(discount, retention, expected):
    assert loyalty_gain(retention=retention, discount=discount) == pytest.approx(expected, abs=1e-12)


def test_a_first_margin_a_period_later():
    assert loyalty_gain(retention=0.85, margin_starts="later") == pytest.approx(0.32353, abs=5e-6)


@given(st.floats(0.05, 0.9), st.floats(0.02, 0.3), st.floats(0.01, 0.08), st.sampled_from(["now", "later"]))
def test_the_gain_is_that_of_two_streams(r, i, points, starts):
    found = loyalty_gain(retention=r, discount=i, points=points, margin_starts=starts)
    assert found == pytest.approx(summed(r, i, points, starts), rel=1e-6)


@given(st.floats(0, 0.95), st.floats(0, 0.95), st.floats(0.01, 0.3), st.sampled_from(["now", "later"]))
def test_the_interval_holds_the_gain_of_every_rate_in_it(a, b, discount, starts):
    low, high = sorted((a + 1e-3, b + 1e-3))
    assume(high <= 0.95)
    middle = (low + high) / 2
    found = loyalty_gain(retention=Estimate(middle, low, high), discount=discount, margin_starts=starts)
    each = loyalty_gain(retention=np.linspace(low, high, 50), discount=discount, margin_starts=starts)
    assert found.low <= each.min() + 1e-9
    assert found.high >= each.max() - 1e-9
    assert found.value == pytest.approx(loyalty_gain(retention=middle, discount=discount, margin_starts=starts))


@given(st.floats(0.05, 0.5), st.floats(0.6, 2.0), st.floats(0, 0.3), st.sampled_from(["now", "later"]))
def test_ranges_hold_the_rates_that_meet_the_claim_and_no_others(least, most, discount, starts):
    stretches = retention_range(least, most, discount=discount, margin_starts=starts)
    rates = np.linspace(0.001, 0.9499, 200)
    gains = loyalty_gain(retention=rates, discount=discount, margin_starts=starts)
    inside = np.any([(rates >= a) & (rates <= b) for a, b in stretches], axis=0) if stretches else np.zeros(200, bool)
    clear = (np.abs(gains - least) > 1e-6) & (np.abs(gains - most) > 1e-6)
    assert (inside == ((gains >= least) & (gains <= most)))[clear].all()


@given(st.floats(0.1, 0.94), st.sampled_from(["now", "later"]))
def test_discounts_hold_the_claim_at_their_ends(r, starts):
    found = discount_range(0.25, 0.85, retention=r, margin_starts=starts)
    if found is None:
        assert loyalty_gain(retention=r, discount=0.0, margin_starts=starts) < 0.25
        return
    low, high = found
    assert loyalty_gain(retention=r, discount=low, margin_starts=starts) <= 0.85 + 1e-9
    if np.isfinite(high):
        assert loyalty_gain(retention=r, discount=high, margin_starts=starts) == pytest.approx(0.25)


def test_series_keep_their_index_and_too_high_a_rate_is_blank():
    found = loyalty_gain(retention=pd.Series([0.85, 0.97], index=["a", "b"]))
    assert found.index.tolist() == ["a", "b"]
    assert found.isna().tolist() == [False, True]
    assert loyalty_gain(retention=0.95, discount=0) == np.inf
    clipped = loyalty_gain(retention=Estimate(0.9, 0.85, 0.99))
    assert clipped.high == pytest.approx(loyalty_gain(retention=0.95))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"retention": 85}, "no rate between"), ({"retention": "0.85"}, "no rate"), ({"retention": np.nan}, "no rate"),
        ({"retention": 0.85, "points": 5}, "five points are"), ({"retention": 0.97}, "would exceed 100 %"),
        ({"retention": 0.85, "discount": -0.1}, "discount=-0.1"), ({"retention": 0.8, "margin_starts": "soon"}, "soon"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(values, message):
    with pytest.raises(InputError, match=message):
        loyalty_gain(**values)


def test_a_claim_that_is_none_is_refused():
    with pytest.raises(InputError, match="claim"):
        loyalty_claim(0.85, claim=(0.85, 0.25))


def test_the_claim_is_worked_out_and_said_in_both_languages():
    found = loyalty_claim(Estimate(0.78, 0.75, 0.81))
    assert f"{found.gain:.3f}" == "0.185 [0.167, 0.208]"
    assert found.discounts == pytest.approx((0.0, 0.03))
    assert found.table["claim_holds"].tolist() == [True, False, False, False, False]
    assert found.table["retention_from"][1] == pytest.approx(0.8)
    fewer = (1.1 - 0.78) / (1.1 - (1 - 0.22 * 0.95)) - 1
    assert found.gain_of_fewer.value == pytest.approx(fewer)
    assert "不是下一年利润" in found.text("zh")
    assert "not next year's profit" in found.text("en")
    for lang in ("zh", "en"):
        assert all(text in found.text(lang) for text in ("18.5% [16.7%, 20.8%]", "25%–85%", "3.0%", "20.90%"))
    assert "holds here" in loyalty_claim(0.9).text("en")
    assert "Not so" not in loyalty_claim(Estimate(0.9, 0.88, 0.92)).text("en")
    assert "holds here. Not so, however" in loyalty_claim(Estimate(0.86, 0.8, 0.9)).text("en")
    assert "成立。但在增幅的整个区间内并非如此。" in loyalty_claim(Estimate(0.86, 0.8, 0.9)).text("zh")
    assert "no discount" in loyalty_claim(0.5).text("en")
    assert "首笔在一年后" in loyalty_claim(0.9, margin_starts="later").text("zh")
