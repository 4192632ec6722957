import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD, Zero
from crm_analysis.clv.holdout.choice import choose
from crm_analysis.clv.holdout.scorecard import scorecard
from crm_analysis.errors import InputError


@pytest.fixture(scope="module")
def card(cx):
    return scorecard([ParetoNBD(), BGNBD(), MBGNBD(), NBD(), Zero()], cx, draws=200)


def test_of_models_alike_in_accuracy_the_one_right_in_total_is_chosen(card):
    choice = choose(card)
    assert choice.key == "pareto_nbd"
    assert choice.candidates == ("pareto_nbd", "mbg_nbd")
    assert abs(card.table.loc["pareto_nbd", "bias"]) < abs(card.table.loc["mbg_nbd", "bias"])
    assert f"{card.table.loc['pareto_nbd', 'bias']:+.1%}" in choice.reason.en
    assert f"{card.table.loc['pareto_nbd', 'bias']:+.1%}" in choice.reason.zh


def test_models_that_assume_activity_are_passed_over_and_named(card):
    assert "BG/NBD, NBD" in choose(card).reason.en.replace(" and ", ", ")
    assert choose(card, among=["bg_nbd", "nbd"]).key == "bg_nbd"


def test_a_model_beaten_beyond_chance_is_no_candidate(card):
    choice = choose(card, among=["pareto_nbd", "nbd"])
    assert choice.candidates == ("pareto_nbd",)
    assert "beyond chance" in choice.reason.en


def test_with_nothing_to_choose_from_the_error_says_so(cx):
    with pytest.raises(InputError, match="no model of this scorecard has a usable fit"):
        choose(scorecard([Zero()], cx, draws=0))
    only = choose(scorecard([ParetoNBD(), Zero()], cx, draws=50))
    assert "the only candidate" in only.reason.en
