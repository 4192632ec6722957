"""Gains and losses: published numbers, known slopes, coverage, no ratio where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.gain_loss import gain_loss
from crm_analysis.words import all_words

ITEMS = {"outcome": "z", "expectation": "e", "perception": "p"}


def simulated(rng: np.random.Generator, *, gain: float, loss: float, count: int = 250) -> pd.DataFrame:
    e, p = rng.integers(2, 10, count).astype(float), rng.integers(1, 11, count).astype(float)
    gap = p - e
    noise = rng.normal(size=count) * (0.5 + 0.2 * abs(gap))
    return pd.DataFrame({"e": e, "p": p, "z": 7 + gain * np.maximum(gap, 0) + loss * np.minimum(gap, 0) + noise})


def test_the_mobile_phone_survey(mobi, mobi_items):
    found = gain_loss(mobi, **mobi_items)
    assert found.table["estimate"].tolist() == pytest.approx([7.666734, 0.060682, 0.623379], abs=1e-6)
    assert found.table.loc[["gain", "loss"], "standard_error"].tolist() == pytest.approx([0.117214, 0.145568], abs=1e-6)
    plain = gain_loss(mobi, **mobi_items, covariance="OLS")
    assert plain.chi_squared == pytest.approx(8.1982, abs=5e-5)
    assert np.isnan(found.ratio).all()  # the interval of the gain holds 0
    assert "no ratio is given" in found.text("en")
    assert "不报告两者之比" in found.text("zh")
    assert found.sides.sum() == found.respondents == 250


@settings(max_examples=20, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2), st.integers(0, 100))
def test_known_slopes_are_recovered_without_noise(gain, loss, seed):
    survey = simulated(np.random.default_rng(seed), gain=gain, loss=loss, count=40)
    gap = survey["p"] - survey["e"]
    survey["z"] = 5 + gain * np.maximum(gap, 0) + loss * np.minimum(gap, 0) + 1e-3 * np.sin(np.arange(40))
    found = gain_loss(survey, **ITEMS, draws=2)
    assert found.table["estimate"].tolist() == pytest.approx([5, gain, loss], abs=2e-3)


def test_limits_and_ratio_cover_the_truth_under_unequal_spread():
    rng, hits = np.random.default_rng(3), np.zeros(3)
    for seed in range(40):
        found = gain_loss(simulated(rng, gain=0.5, loss=1.0), **ITEMS, draws=200, seed=seed)
        low, high = found.table["estimate_low"], found.table["estimate_high"]
        hits += [
            low["gain"] <= 0.5 <= high["gain"],
            low["loss"] <= 1 <= high["loss"],
            found.ratio.low <= 2 <= found.ratio.high,
        ]
    assert (hits >= 34).all()


def test_equal_slopes_are_seldom_called_different():
    rng = np.random.default_rng(4)
    p = [gain_loss(simulated(rng, gain=0.6, loss=0.6), **ITEMS, draws=1).p for _ in range(100)]
    assert 0.005 < np.mean(np.array(p) < 0.05) < 0.12


def test_the_sample_company_weighs_losses_as_it_was_made_to(survey, sides, truth):
    found = gain_loss(survey, **sides)
    for term, true in zip(("constant", "gain", "loss"), truth["overall"]):
        row = found.table.loc[term]
        assert row["estimate_low"] <= true <= row["estimate_high"], term
    assert found.ratio.low <= truth["overall"][2] / truth["overall"][1] <= found.ratio.high
    assert found.p < 0.001
    assert "a loss weighs more than a gain" in found.text("en")
    assert "损失的分量大于收益" in found.text("zh")


def test_the_curve_bends_at_0_and_has_limits():
    found = gain_loss(simulated(np.random.default_rng(1), gain=0.5, loss=1.0), **ITEMS, draws=20)
    curve = found.curve(np.array([-2.0, 0.0, 2.0]))
    constant, gain, loss = found.table["estimate"]
    assert curve["outcome"].tolist() == pytest.approx([constant - 2 * loss, constant, constant + 2 * gain])
    assert curve.loc[0.0, ["outcome_low", "outcome_high"]].tolist() == pytest.approx(
        found.table.loc["constant", ["estimate_low", "estimate_high"]].tolist()
    )


def test_the_ratio_hangs_on_the_seed_alone():
    data = simulated(np.random.default_rng(1), gain=0.5, loss=1.0)
    first, again, other = (gain_loss(data, **ITEMS, draws=50, seed=seed).ratio for seed in (1, 1, 2))
    assert first == again != other


def test_few_respondents_and_missing_answers_are_told():
    data = simulated(np.random.default_rng(1), gain=0.5, loss=1.0, count=24)
    data.loc[[0, 1], "z"] = [np.nan, -9]
    found = gain_loss(data, **ITEMS, missing_codes=[-9], draws=20)
    assert (found.respondents, found.left_out) == (22, 2)
    assert found.too_few
    assert "fewer than 20" in found.text("en")
    assert "2 more did not answer" in found.text("en")
    assert "不足 20 人" in found.text("zh")
    same = gain_loss(simulated(np.random.default_rng(5), gain=0.6, loss=0.6), **ITEMS, draws=20)
    assert "do not claim loss aversion" in same.text("en")
    assert "不应声称损失厌恶" in same.text("zh")


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({"p": 10.0}, {}, "all respondents gave the same answer to p"),
        ({}, {"high": 5}, "outside the scale"),
        ({}, {"outcome": "e"}, "e is both outcome and predictor"),
        ({}, {"outcome": "zz"}, "zz is missing"),
    ],
)
def test_surveys_that_cannot_be_used(change, options, what):
    data = simulated(np.random.default_rng(1), gain=0.5, loss=1.0, count=30).assign(**change)
    with pytest.raises(InputError, match=what) as error:
        gain_loss(data, **(ITEMS | options))
    assert error.value.zh != error.value.what


def test_nobody_below_expectation_leaves_no_loss_to_estimate():
    data = pd.DataFrame({"e": [1, 2, 1, 2, 1], "p": [2, 3, 4, 5, 6], "z": [1.0, 2, 3, 4, 6]})
    with pytest.raises(InputError, match="cannot be fitted"):
        gain_loss(data, **ITEMS)


def test_every_column_has_a_word():
    found = gain_loss(simulated(np.random.default_rng(1), gain=0.5, loss=1.0), **ITEMS, draws=5)
    names = {*found.table.columns, found.table.index.name, *found.table.index, *found.sides.index, *found.failed.index}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
