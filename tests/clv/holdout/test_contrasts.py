"""Differences of all pairs at once: intervals that hold together, and how often they cry wolf."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.holdout.contrasts import best_of, differences_of


def measured(rng, shifts, draws=400):
    noise = rng.normal(size=(draws, len(shifts)))
    point = {f"m{i}": {"mae": float(shift)} for i, shift in enumerate(shifts)}
    return point, {f"m{i}": {"mae": shift + noise[:, i] / 10} for i, shift in enumerate(shifts)}


def test_the_width_is_the_same_multiple_of_each_spread():
    point, drawn = measured(np.random.default_rng(0), [1.0, 1.1, 3.0])
    rows = differences_of(point, drawn, level=0.95)
    spread = [(drawn[a]["mae"] - drawn[b]["mae"]).std() for a, b in zip(rows["model"], rows["other_model"])]
    multiples = (rows["difference_high"] - rows["difference"]) / spread
    assert np.ptp(multiples) < 1e-12
    assert 1.96 < multiples[0] < 2.7  # between one comparison and three independent ones
    assert rows["better"].tolist() == ["", "m0", "m1"]


def test_no_false_difference_among_equal_models_in_most_samples():
    rng, wolves = np.random.default_rng(1), 0
    for _ in range(100):
        truth = rng.normal(size=4) / 10  # where the sample happened to fall: all models are equal
        point, drawn = measured(rng, truth, draws=300)
        wolves += differences_of(point, drawn, level=0.95)["matters"].any()
    assert wolves <= 12  # 5 expected; six comparisons at 95 % each would give about 20


def test_the_bias_is_compared_by_its_size_and_rankings_the_other_way_round():
    flat = np.linspace(-0.01, 0.01, 50)
    point = {"a": {"bias": -0.1, "normalised_gini": 0.7}, "b": {"bias": 0.3, "normalised_gini": 0.5}}
    drawn = {key: {name: value + flat * (key == "a") for name, value in part.items()} for key, part in point.items()}
    rows = differences_of(point, drawn, level=0.95).set_index("measure")
    assert rows.loc["bias", "difference"] == pytest.approx(-0.2)
    assert rows["better"].to_dict() == {"bias": "a", "normalised_gini": "a"}
    table = pd.DataFrame(point).T
    table[["mae", "rmse", "msle", "top_decile", "log_score"]] = np.nan
    best = best_of(table, rows.reset_index())
    assert best["model"].to_dict() == {"bias": "a", "normalised_gini": "a"}
    assert best["best_value"].to_dict() == {"bias": -0.1, "normalised_gini": 0.7}
    assert best["tied"].to_list() == [(), ()]


def test_undefined_draws_are_left_out_and_nothing_is_said_without_draws():
    point, drawn = measured(np.random.default_rng(2), [1.0, 9.0])
    drawn["m0"]["mae"][:10] = np.nan
    assert differences_of(point, drawn, level=0.95)["matters"].tolist() == [True]
    assert differences_of(point, {"m0": {}, "m1": {}}, level=0.95).empty
    point["m1"]["mae"] = np.nan
    assert differences_of(point, drawn, level=0.95).empty


def test_a_difference_that_is_sure_but_negligible_does_not_matter():
    draws = np.linspace(-1e-9, 1e-9, 101)
    point, drawn = {"a": {"mae": 1.0}, "b": {"mae": 1.0005}}, {"a": {"mae": 1 + draws}, "b": {"mae": 1.0005 - draws}}
    row = differences_of(point, drawn, level=0.95).iloc[0]
    assert row["difference_high"] < 0
    assert not row["matters"]
    assert row["better"] == ""
