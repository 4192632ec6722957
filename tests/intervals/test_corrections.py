"""Holm's correction: printed values, statsmodels as a second opinion, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from crm_analysis import intervals, marketing
from crm_analysis.intervals import holm


def test_the_room_of_experiments_shows_the_same_function():
    assert marketing.holm is intervals.holm


def test_holm_to_printed_precision():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_raw_and_bonferroni(p):
    found = holm(p)
    assert (found >= np.array(p) - 1e-15).all()
    assert (found <= np.minimum(1, len(p) * np.array(p)) + 1e-15).all()


def test_holm_is_that_of_statsmodels():
    for p in np.random.default_rng(0).random((20, 7)) / 10:
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_holm_leaves_out_what_was_not_tested():
    assert holm([np.nan, 0.01, 0.04]) == pytest.approx([np.nan, 0.02, 0.04], nan_ok=True)
    assert holm([]).tolist() == []
