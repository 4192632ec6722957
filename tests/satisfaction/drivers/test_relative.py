"""Closed-form measures: published values, sums, variance inflation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.drivers.relative import betas, pratt, relative_weights, vif
from crm_analysis.satisfaction.drivers.subsets import subset_r_squared
from crm_analysis.satisfaction.survey.moments import mobi
from tests.satisfaction.drivers.published import MTCARS, PERQ, SWISS, any_correlations

MOBI = mobi().take(["CUSA1", *PERQ]).correlations


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (SWISS, [0.048417, 0.154708, 0.271964, 0.114680, 0.116966]),
        (MTCARS, [0.209690, 0.188304, 0.179959, 0.270681]),  # R rwa
        (MOBI, [0.129505, 0.055248, 0.045587, 0.075747, 0.035170, 0.042756, 0.062737]),
    ],
)
def test_relative_weights_of_published_correlations(matrix, expected):
    np.testing.assert_allclose(relative_weights(matrix), expected, atol=1e-6)


def test_pratt_of_swiss_has_a_negative_part():
    np.testing.assert_allclose(pratt(SWISS), [-0.110486, 0.106427, 0.445005, 0.161177, 0.104612], atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_parts_add_up_to_r_squared(seed, k):
    matrix = any_correlations(seed, k)
    whole = subset_r_squared(matrix)[-1]
    assert relative_weights(matrix).sum() == pytest.approx(whole, abs=1e-9)
    assert pratt(matrix).sum() == pytest.approx(whole, abs=1e-9)
    assert (relative_weights(matrix) >= 0).all()


def test_inflation_is_one_over_what_the_others_leave():
    for j in range(1, 6):
        others = [i for i in range(1, 6) if i != j]
        part = SWISS[np.ix_([j, *others], [j, *others])]
        assert vif(SWISS)[j - 1] == pytest.approx(1 / (1 - subset_r_squared(part)[-1]), rel=1e-9)


def test_stacks_of_matrices():
    stack = np.stack([SWISS, SWISS])
    for measure in (relative_weights, betas, pratt, vif):
        np.testing.assert_allclose(measure(stack)[1], measure(SWISS))
