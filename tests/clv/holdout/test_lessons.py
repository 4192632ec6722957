"""Small parts of the sentences; whole sentences are tested with the scorecard."""

from __future__ import annotations

from crm_analysis.clv import BGNBD, NBD, ParetoNBD, scorecard
from crm_analysis.clv.holdout.lessons import length
from crm_analysis.words import Sentence, join, names


def test_parts_of_sentences():
    assert names(["zero_baseline"], "en") == "all zeros"
    assert names(["a", "b"], "en") == "a and b"
    assert length(1, "week") == Sentence("1 周", "1 week")
    assert length(2.5, "month") == Sentence("2.5 个月", "2.5 months")
    assert length(3, "").en == "3 units of time"
    assert join([Sentence("甲。", "A."), Sentence("乙。", "B.")]) == Sentence("甲。乙。", "A. B.")


def test_models_that_all_come_to_the_nbd_are_said_to_see_nobody_leave():
    truth = NBD.with_params(r=1.0, alpha=10.0)
    customers = truth.simulate(1500, T=26, holdout=26, seed=1)
    card = scorecard([NBD(), ParetoNBD(), BGNBD()], customers, horizon=26, draws=100)
    assert any("nobody ever leaves" in lesson.en for lesson in card.lessons)
    assert not any("highest log-likelihood" in lesson.en for lesson in card.lessons)
    assert not card.differences["matters"].any()
    with_leaving = ParetoNBD.with_params(r=0.55, alpha=10.6, s=0.61, beta=11.7).simulate(1500, T=39, holdout=39, seed=1)
    card = scorecard([NBD(), ParetoNBD()], with_leaving, horizon=39, draws=100)
    assert not any("nobody ever leaves" in lesson.en for lesson in card.lessons)
