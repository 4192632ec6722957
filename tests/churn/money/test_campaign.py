"""Campaigns, break-evens and expected profits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.churn.money.campaign import Campaign, break_even, expected_profit
from crm_analysis.errors import InputError

CAMPAIGNS = st.builds(
    lambda clv, accept, offer, contact: Campaign(clv=clv + offer + 1, accept=accept, offer=offer, contact=contact),
    st.floats(0, 500), st.floats(0.05, 1), st.floats(0.1, 50), st.floats(0.1, 20),
)  # fmt: skip


def by_hand(p, campaign, clv):
    """Average over the two outcomes of a customer and the two answers of a churner."""
    gamma, d, f = campaign.accept_mean, campaign.offer, campaign.contact
    return p * (gamma * (clv - d - f) + (1 - gamma) * (-f)) + (1 - p) * (-d - f)


def test_the_defaults_break_even_at_eleven_sixty_sevenths():
    assert break_even(Campaign()) == pytest.approx(11 / 67, abs=1e-15)


@given(CAMPAIGNS, st.floats(0, 1))
def test_profit_is_the_mean_over_outcomes_and_zero_at_the_break_even(campaign, p):
    assert expected_profit(p, campaign) == pytest.approx(by_hand(p, campaign, campaign.clv), abs=1e-9)
    limit = break_even(campaign)
    if np.isfinite(limit):
        assert expected_profit(limit, campaign) == pytest.approx(0, abs=1e-9)
        assert 0 < limit < 1
    else:
        assert expected_profit(1.0, campaign) <= 1e-12


@given(CAMPAIGNS, st.floats(0.01, 5))
def test_break_even_rises_in_costs_and_falls_in_acceptance_and_value(campaign, more):
    base = break_even(campaign)
    dearer = campaign.changed(clv=campaign.clv + 100)
    assert break_even(campaign.changed(contact=campaign.contact + more)) >= base
    assert break_even(dearer.changed(offer=campaign.offer + more)) >= break_even(dearer)
    assert break_even(campaign.changed(accept=min(1.0, campaign.accept + more / 10))) <= base
    assert break_even(campaign, campaign.clv + more) <= base


def test_values_that_never_pay_are_infinite_and_order_and_index_are_kept():
    clv = pd.Series([200.0, 10.0, 13.0, -5.0, 14.0], index=list("abcde"))
    limit = break_even(Campaign(), clv)
    assert list(limit.index) == list("abcde")
    assert np.isfinite(limit).tolist() == [True, False, False, False, True]
    profit = expected_profit(pd.Series([0.5, 0.5], index=["b", "a"]), Campaign(), clv=clv[["a", "b"]])
    assert profit.to_dict() == pytest.approx({"b": by_hand(0.5, Campaign(), 10), "a": by_hand(0.5, Campaign(), 200)})
    assert isinstance(break_even(Campaign(), [200.0]), np.ndarray)


def test_nobody_accepts():
    assert break_even(Campaign(accept=0)) == np.inf
    assert Campaign(accept=[6, 14]).accept == (6, 14)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"offer": -1}, "offer=-1"), ({"contact": float("nan")}, "contact=nan"), ({"clv": "200"}, "clv='200'"),
        ({"clv": 10}, "does not exceed"), ({"accept": 30}, r"pass 0\.3"), ({"accept": (0, 3)}, "no pair"),
        ({"accept": (1, 2, 3)}, "no pair"), ({"accept": True}, "no chance"), ({"offer": -1, "accept": 2}, "; accept"),
    ],
)  # fmt: skip
def test_a_campaign_that_cannot_be_is_refused(values, message):
    with pytest.raises(InputError, match=message) as caught:
        Campaign(**values)
    assert "营销活动" in caught.value.zh


@pytest.mark.parametrize("p", [[1.2], [np.nan], ["0.5"], [-0.1], [np.inf]])
def test_chances_that_are_none_are_refused(p):
    with pytest.raises(InputError, match="the chance of churn"):
        expected_profit(p, Campaign())


@pytest.mark.parametrize("clv", [[np.nan], ["100"], [np.inf]])
def test_values_that_are_none_are_refused(clv):
    with pytest.raises(InputError, match="clv"):
        break_even(Campaign(), clv)
    with pytest.raises(InputError, match="clv"):
        expected_profit([0.5], Campaign(), clv=clv)


def test_values_of_other_customers_are_refused():
    with pytest.raises(InputError, match="do not meet"):
        expected_profit(pd.Series([0.5], index=["a"]), Campaign(), clv=pd.Series([1.0], index=["b"]))


def test_the_text_states_each_assumption_in_both_languages():
    campaign = Campaign(clv=250, contact=1.5)
    for lang in ("zh", "en"):
        assert all(number in campaign.text(lang) for number in ("250", "1.5", "10", "30%", "15%", "48%"))
    assert "90" not in Campaign(accept=0.4).text("en")
