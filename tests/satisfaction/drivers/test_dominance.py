"""Dominance: the published pattern of mtcars, and every definition by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.drivers.dominance import dominance
from crm_analysis.satisfaction.drivers.shapley import shapley
from crm_analysis.satisfaction.drivers.subsets import subset_r_squared
from tests.satisfaction.drivers.published import MTCARS, any_correlations

CARS = ["cyl", "disp", "hp", "wt"]


def pairs(table, value=1.0):
    return {(row, column) for row in table.index for column in table.columns if table.loc[row, column] == value}


def test_mtcars():
    found = dominance(subset_r_squared(MTCARS), CARS)
    complete = {("wt", "cyl"), ("wt", "disp"), ("wt", "hp"), ("cyl", "hp")}
    assert pairs(found.complete) == complete
    assert pairs(found.conditional) == complete | {("cyl", "disp")}
    assert pairs(found.general) == complete | {("cyl", "disp"), ("disp", "hp")}
    assert found.strongest.loc["cyl", "disp"] == "conditional_dominance"
    assert found.strongest.loc["disp", "cyl"] == "dominated"
    assert found.strongest.loc["wt", "wt"] == ""
    np.testing.assert_allclose(found.levels.mean(axis=1), shapley(subset_r_squared(MTCARS)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_definitions_by_hand(seed, k):
    fit = subset_r_squared(any_correlations(seed, k))
    names = list("abcde"[:k])
    found = dominance(fit, names)
    for i in range(k):
        for j in range(k):
            if i == j:
                assert np.isnan(found.complete.iloc[i, j])
                continue
            gaps = [fit[s | 1 << i] - fit[s | 1 << j] for s in range(2**k) if not s >> i & 1 and not s >> j & 1]
            assert (found.complete.iloc[i, j] == 1) == (min(gaps) >= -1e-12 and max(gaps) > 1e-12)
            assert found.complete.iloc[i, j] + found.complete.iloc[j, i] == 1
            if found.complete.iloc[i, j] == 1:
                assert found.conditional.iloc[i, j] == 1
            if found.conditional.iloc[i, j] == 1:
                assert found.general.iloc[i, j] == 1


def test_equal_drivers_do_not_dominate_each_other():
    matrix = np.array([[1, 0.5, 0.5], [0.5, 1, 0.2], [0.5, 0.2, 1]])
    found = dominance(subset_r_squared(matrix), ["a", "b"])
    assert found.strongest.loc["a", "b"] == found.strongest.loc["b", "a"] == "no_dominance"
    assert found.complete.loc["a", "b"] == 0.5


def test_one_driver():
    found = dominance(np.array([0.0, 0.3]), ["a"])
    assert found.levels.loc["a", 0] == pytest.approx(0.3)
