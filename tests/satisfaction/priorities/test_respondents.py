"""Weights, resamples and what clouds of resamples say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities import clouds
from crm_analysis.satisfaction.priorities.respondents import effective_size, read_scaled, read_weights


def test_resamples_do_not_hang_on_the_size_of_blocks(monkeypatch):
    whole = np.concatenate(list(clouds.redraws(50, 20, seed=3)))
    monkeypatch.setattr(clouds, "BLOCK", 120)
    parts = list(clouds.redraws(50, 20, seed=3))
    assert len(parts) == 10
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert (whole.sum(axis=1) == 50).all()


def test_a_region_holds_its_level_and_a_flat_cloud_gives_a_line():
    cloud = np.random.default_rng(0).multivariate_normal([1, 2], [[1, 0.8], [0.8, 1]], 3000)
    path = clouds.region(cloud, level=0.9)
    from matplotlib.path import Path

    assert Path(path).contains_points(cloud).mean() == pytest.approx(0.9, abs=0.01)
    flat = clouds.region(np.column_stack([np.arange(10.0), np.zeros(10)]))
    assert np.abs(flat[:, 1]).max() < 1e-6
    assert np.isnan(clouds.region(np.full((5, 2), np.nan))).all()


def test_chances_of_nothing_are_unknown_and_percentiles_skip_failed_draws():
    assert np.isnan(clouds.chances(np.full((4, 1), -1), 2)).all()
    cloud = np.array([[1.0, np.nan], [2, np.nan], [np.nan, np.nan]])
    found = clouds.percentiles("x", np.array([1.5, np.nan]), cloud, level=0.5)
    assert found["x_low"][0] == 1.25
    assert np.isnan(found["x_low"][1])


def test_weights_are_read_and_refused():
    survey = pd.DataFrame({"w": [1.0, None, -1]}, index=["a", "b", "c"])
    assert read_weights(survey, pd.Series([3.0, 2, 1], index=["c", "b", "a"])).tolist() == [1, 2, 3]
    with pytest.raises(InputError, match="2 respondents have no positive weight"):
        read_weights(survey, "w")
    assert effective_size(np.ones(7)) == 7
    assert effective_size(np.array([])) == 0


def test_mean_filling_is_noted_and_outcome_has_its_own_scale():
    survey = pd.DataFrame({"q": [1, 5, 3, None], "nps": [10, 0, 7, 8]})
    found = read_scaled(survey, ["q"], outcome="nps", low=1, high=5, missing="mean")
    assert found.frame.loc[3, "q"] == 3
    assert found.ledger.lines[0].rule == "answers_filled"


def test_weights_that_cannot_be_aligned():
    survey = pd.DataFrame({"q": [1, 2]}, index=["a", "a"])
    assert read_weights(survey, pd.Series([1, 3], index=["a", "a"])).tolist() == [1, 3]
    with pytest.raises(InputError, match="row b has more than one weight"):
        read_weights(survey, pd.Series([1, 3], index=["b", "b"]))
    with pytest.raises(InputError, match="no column and no series"):
        read_weights(survey, [1.0, 3.0])


def test_rows_named_twice_are_refused_and_not_joined_to_each_other():
    survey = pd.DataFrame({"q": [1, 5, 3], "all": [1, 9, 4]}, index=["a", "b", "b"])
    with pytest.raises(InputError, match="row b stands more than once"):
        read_scaled(survey, ["q"], outcome="all")
