"""Ranked customers: cumulative customers and purchases by distinct prediction."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.clv.holdout.ranking import Ranking


def test_groups_cumulate_over_distinct_predictions():
    ranking = Ranking.of(np.array([1.0, 3.0, 1.0, 2.0]))
    customers, purchases = ranking.groups(np.array([4.0, 1.0, 0.0, 2.0]), np.array([1.0, 2.0, 1.0, 1.0]))
    assert customers.tolist() == [2, 3, 5]
    assert purchases.tolist() == [2, 4, 8]


def test_weights_are_left_as_they_were_and_draws_stand_in_rows():
    actual, weight = np.array([4.0, 1.0]), np.array([[1.0, 1.0], [2.0, 0.0]])
    before = weight.copy()
    found = Ranking.of(np.array([2.0, 1.0])).gini(actual, weight)
    assert found == pytest.approx([0.3, 0.0])
    np.testing.assert_array_equal(weight, before)
