"""Credit levels of sellers: the published bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.credit import LEVEL_BOUNDS, credit_level, points_to_next_level

quick = settings(max_examples=25, deadline=None)


def test_published_levels():
    scores = [3, 4, 10, 11, 250, 251, 10000, 10001, 500000, 500001, 10000000, 10000001]
    assert credit_level(scores).tolist() == [0, 1, 1, 2, 5, 6, 10, 11, 15, 16, 19, 20]
    assert credit_level(scores, levels=15).max() == 15
    assert credit_level(-7) == 0


@quick
@given(st.lists(st.integers(-100, 20_000_000), min_size=1), st.integers(1, 20))
def test_a_level_is_the_number_of_bounds_reached(scores, levels):
    expected = [sum(score >= bound for bound in LEVEL_BOUNDS[:levels]) for score in scores]
    assert credit_level(scores, levels=levels).tolist() == expected


@pytest.mark.parametrize("levels", [0, 21, 2.5])
def test_scales_that_do_not_exist(levels):
    with pytest.raises(InputError, match="no scale"):
        credit_level([1], levels=levels)


@pytest.mark.parametrize("score", [[np.nan, 5], ["5", "1000"], [None]])
def test_a_blank_score_is_not_the_highest_level(score):
    for function in (credit_level, points_to_next_level):
        with pytest.raises(InputError, match="blank or no number"):
            function(score)
