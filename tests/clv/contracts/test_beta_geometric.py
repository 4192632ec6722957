"""Chances of staying when the chance of leaving is beta: against exact products, sums and fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv.contracts.beta_geometric import discounted_life, log_beta_rise

FEW = settings(derandomize=True, deadline=None, max_examples=60)
positive = st.floats(-7, 11.5).map(math.exp)


def log_product(a, b, t):
    """Sum of ln(1 - a/(a+b+j)) over j < t, each in exact fractions before its logarithm."""
    a, b = Fraction(a), Fraction(b)
    return math.fsum(math.log1p(float(-a / (a + b + j))) for j in range(t))


@FEW
@given(a=positive, b=positive, t=st.sampled_from([1, 2, 7, 40]))
def test_the_rise_is_the_product_of_chances(a, b, t):
    loose = 1e-16 * a / b  # where the first chance of staying is nearly 0
    assert log_beta_rise(a, b, t) == pytest.approx(log_product(a, b, t), rel=2e-11 + loose, abs=0)


@pytest.mark.parametrize("b", [15.9, 16.0, 16.1])
def test_there_is_no_step_where_the_way_of_summing_changes(b):
    assert log_beta_rise(2.0, b, 3.0) == pytest.approx(log_product(2.0, b, 3), rel=1e-12)


def test_rises_add_up_and_need_not_be_whole():
    whole, first = log_beta_rise(0.7, 1.2, 5.5), log_beta_rise(0.7, 1.2, 2.2)
    assert first + log_beta_rise(0.7, 3.4, 3.3) == pytest.approx(whole, rel=1e-12)
    assert log_beta_rise(3.0, 2.0, 0.0) == pytest.approx(0, abs=1e-20)
    a, b = np.array([[0.1], [2.0]]), np.array([1.0, 30.0, 1e4])
    assert log_beta_rise(a, b, 4.0).shape == (2, 3)


@FEW
@given(a=positive, b=positive, v=st.sampled_from([0.0, 0.3, 0.9, 0.99]))
def test_discounted_life_is_the_sum(a, b, v):
    total, term = 0.0, 1.0
    for t in range(3000):
        total, term = total + term, term * v * (b + t) / (a + b + t)
    assert discounted_life(a, b, v) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize("a", [1.5, 3.0, 400.0])
def test_without_discount_life_ends_only_if_a_is_above_1(a):
    assert discounted_life(a, 2.0, 1.0) == pytest.approx((a + 1) / (a - 1))
    assert discounted_life(a, 2.0, 1 - 1e-7) == pytest.approx((a + 1) / (a - 1), rel=1e-3)
    assert np.isinf(discounted_life(1.0, 2.0, 1.0))
