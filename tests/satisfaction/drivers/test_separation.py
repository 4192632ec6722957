"""Separation: found by linear programming where estimates do not exist, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.satisfaction.drivers.cumulative import cumulative_design
from crm_analysis.satisfaction.drivers.separation import separating

NAMES = ["a", "b"]


def points(seed: int = 1, n: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2))


def test_overlapping_answers_are_not_separated():
    x = points()
    codes = (np.random.default_rng(2).random(30) < 0.5).astype(int)
    assert separating(cumulative_design(codes, x), NAMES) == []


@pytest.mark.parametrize("cuts", [[0.0], [-0.5, 0.5]])
def test_complete_separation_names_the_driver(cuts):
    x = points()
    assert separating(cumulative_design(np.digitize(x[:, 1], cuts), x), NAMES) == ["b"]


def test_separation_by_a_sum_names_both():
    x = points()
    assert separating(cumulative_design((x.sum(axis=1) > 0).astype(int), x), NAMES) == ["a", "b"]


def test_quasi_separation_counts_too():
    x = np.array([[0.0, 1], [0, 2], [1, 1], [1, 2], [1, 3], [0, 3]])
    codes = np.array([0, 0, 0, 1, 1, 0])  # a = 0 always goes with 0, a = 1 with both
    assert "a" in separating(cumulative_design(codes, x), NAMES)
