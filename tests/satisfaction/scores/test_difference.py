"""Signed differences of scores, and when "no change" may be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.difference import VERDICTS, nps_difference
from crm_analysis.satisfaction.scores.limits import nps_moments
from crm_analysis.satisfaction.scores.nps import nps

quick = settings(max_examples=30, deadline=None)
answers = st.lists(st.integers(0, 10), min_size=1, max_size=29)


def given_by(promoters: int, passives: int, detractors: int) -> list[int]:
    return [10] * promoters + [8] * passives + [3] * detractors


def test_difference_published():
    found = nps_difference(given_by(50, 30, 20), given_by(35, 40, 25))
    adjusted = nps_moments(50, 30, 20)[0] - nps_moments(35, 40, 25)[0]
    assert float(adjusted) == pytest.approx(0.194175, abs=1e-6)
    assert found.difference[1:] == pytest.approx((-0.017114, 0.405464), abs=1e-6)
    assert found.difference.value == pytest.approx(0.20)
    assert found.p == pytest.approx(0.0717, abs=5e-5)
    assert found.verdict == "diff_undecided"


@quick
@given(answers, answers)
def test_swapping_the_sides_turns_the_sign(first, second):
    a, b = nps_difference(first, second).difference, nps_difference(second, first).difference
    assert (b.value, b.low, b.high) == pytest.approx((-a.value, -a.high, -a.low))
    assert a.low <= a.value <= a.high


def test_verdicts_need_what_they_claim():
    many, same, less = given_by(5000, 3000, 2000), given_by(5000, 3000, 2000), given_by(4800, 3000, 2200)
    assert nps_difference(many, same).verdict == "diff_none"
    assert nps_difference(many, same, delta=0.001).verdict == "diff_undecided"
    assert nps_difference(many, less, delta=0.01).verdict == "diff_higher"
    assert nps_difference(less, many, delta=0.01).verdict == "diff_lower"
    assert nps_difference(many, less, delta=0.10).verdict == "diff_higher_small"
    assert nps_difference(less, many, delta=0.10).verdict == "diff_lower_small"
    assert nps_difference(given_by(3, 2, 1), given_by(3, 2, 1)).verdict == "diff_undecided"  # equal is not "no change"


def test_no_change_is_rarely_claimed_where_delta_is_true():
    rng, claimed = np.random.default_rng(5), []
    for _ in range(300):
        a, b = rng.multinomial(2000, (0.5, 0.3, 0.2)), rng.multinomial(2000, (0.45, 0.3, 0.25))
        claimed.append(
            nps_difference(given_by(*a), given_by(*b), delta=0.10).verdict in ("diff_none", "diff_higher_small")
        )
    assert np.mean(claimed) < 0.09  # nominal 5 %


def test_weights_reach_the_difference_through_the_scores():
    values, weights = given_by(20, 10, 10), np.r_[np.full(20, 3.0), np.full(20, 1.0)]
    a = nps(values, weights=weights)
    found = nps_difference(a, values)
    assert found.difference.value == pytest.approx(a.nps.value - 0.25)
    assert found.n_eff == pytest.approx(80**2 / 200)


def test_texts_say_what_may_not_be_claimed():
    found = nps_difference(given_by(5, 3, 2), given_by(4, 3, 3))
    assert "不能断定" in found.text("zh")
    assert "不足 30 人" in found.text("zh")
    assert "do not rely on it" in found.text("en")
    assert all(zh and en for zh, en in VERDICTS.values())
    with pytest.raises(InputError, match="delta=0"):
        nps_difference([10], [9], delta=0)
