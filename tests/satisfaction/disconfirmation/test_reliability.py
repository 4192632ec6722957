"""Reliability of a difference: the formula, the moments of the mobile-phone survey, simulation, blocked claims."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.reliability import (
    difference_reliability,
    gap_reliability,
    published_gap_reliability,
    raw_alpha,
)
from crm_analysis.satisfaction.survey.moments import mobi as moments
from crm_analysis.words import all_words

share = st.floats(0.05, 0.99)


def test_the_mobile_phone_survey_from_its_rows(mobi, mobi_items):
    pairs = {"quality": (mobi_items["expectation"], mobi_items["perception"])}
    row = gap_reliability(mobi, pairs, low=1, high=10, draws=50).table.loc["quality"]
    found = row[["alpha_perception", "alpha_expectation", "sides_correlation", "gap_reliability"]].tolist()
    assert found == pytest.approx([0.872406, 0.432597, 0.546517, 0.233744], abs=1e-6)
    assert row["individual_claims"] is False or not row["individual_claims"]


def test_the_mobile_phone_survey_from_its_moments(mobi_items):
    """The same number without the answers, as published moments give it."""
    part = moments().take([*mobi_items["expectation"], *mobi_items["perception"]])
    cover = part.correlations * np.outer(part.sds, part.sds)
    e, p = np.r_[np.ones(3) / 3, np.zeros(7)], np.r_[np.zeros(3), np.ones(7) / 7]

    def alpha(rows: slice, k: int) -> float:
        block = cover[rows, rows]
        return k / (k - 1) * (1 - np.trace(block) / block.sum())

    sd_e, sd_p = np.sqrt(e @ cover @ e), np.sqrt(p @ cover @ p)
    found = difference_reliability(
        reliability_perception=alpha(slice(3, 10), 7), reliability_expectation=alpha(slice(0, 3), 3),
        correlation=e @ cover @ p / (sd_e * sd_p), sd_perception=sd_p, sd_expectation=sd_e,
    )  # fmt: skip
    assert found == pytest.approx(0.233744, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(share, share, st.floats(-0.9, 0.9), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 9))
def test_the_formula_has_its_symmetries(rho_p, rho_e, r, sp, se, factor):
    def found(a: float, b: float, sa: float, sb: float) -> float:
        return difference_reliability(reliability_perception=a, reliability_expectation=b, correlation=r,
                                      sd_perception=sa, sd_expectation=sb)  # fmt: skip

    value = found(rho_p, rho_e, sp, se)
    assert value == pytest.approx(found(rho_e, rho_p, se, sp), rel=1e-6, abs=1e-9)
    assert value == pytest.approx(found(rho_p, rho_e, factor * sp, factor * se), rel=1e-6, abs=1e-9)
    assert value <= 1 + 1e-9
    assert found(1, 1, sp, se) == pytest.approx(1)


def test_simulated_gaps_are_as_reliable_as_the_formula_says():
    """The squared correlation of observed with true gaps is the reliability."""
    rng = np.random.default_rng(1)
    count = 60_000
    true = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1.5]], count)
    e = true[:, [0]] + rng.normal(0, 0.8, (count, 2))
    p = true[:, [1]] + rng.normal(0, 1.1, (count, 3))
    survey = pd.DataFrame(np.hstack([e, p]), columns=["e1", "e2", "p1", "p2", "p3"])
    found = gap_reliability(survey, {"d": (("e1", "e2"), ("p1", "p2", "p3"))}, draws=2).table.loc[
        "d", "gap_reliability"
    ]
    observed = p.mean(axis=1) - e.mean(axis=1)
    assert found == pytest.approx(np.corrcoef(observed, true[:, 1] - true[:, 0])[0, 1] ** 2, abs=0.01)


def test_limits_cover_the_reliability():
    rng, hits, true = np.random.default_rng(2), 0, (2 - 2 * 0.5) / (2 - 2 * 0.5 + 2 * 0.5)
    for seed in range(30):
        latent = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 200)
        e, p = (latent[:, [k]] + rng.normal(0, 1, (200, 2)) for k in (0, 1))
        survey = pd.DataFrame(np.hstack([e, p]), columns=["e1", "e2", "p1", "p2"])
        row = gap_reliability(survey, {"d": (("e1", "e2"), ("p1", "p2"))}, draws=120, seed=seed).table.loc["d"]
        hits += row["gap_reliability_low"] <= true <= row["gap_reliability_high"]
    assert hits >= 25


def test_alpha_of_the_mobile_phone_survey(mobi):
    image = mobi[[f"IMAG{k}" for k in range(1, 6)]].to_numpy(float)
    assert raw_alpha(image) == pytest.approx(0.714447, abs=1e-6)
    assert np.isnan(raw_alpha(image[:, :1]))


def test_claims_on_single_customers_are_blocked_and_named(survey, pairs):
    found = gap_reliability(survey, pairs, low=1, high=10, draws=20)
    assert not found.table["individual_claims"].any()
    assert "nothing may be claimed on single customers' gaps" in found.text("en")
    assert "不得按单个客户的差距下结论" in found.text("zh")
    lenient = gap_reliability(survey, pairs, limit=0.5, draws=20)
    assert lenient.table["individual_claims"].all()
    assert lenient.text("en").startswith("Reliable enough")
    assert lenient.text("zh").startswith("信度足够")


def test_one_item_needs_a_reliability_from_elsewhere():
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({"e": rng.normal(size=50), "p": rng.normal(size=50), "same": 3.0})
    found = gap_reliability(survey, {"d": ("e", "p")}, draws=10)
    assert found.table[["alpha_expectation", "gap_reliability", "gap_reliability_low"]].isna().all(axis=None)
    assert not found.table["individual_claims"].any()
    assert "cannot be computed" in found.text("en")
    assert "无法计算" in found.text("zh")
    given_ = gap_reliability(survey, {"d": ("e", "p")}, reliabilities={"d": (0.8, 0.9)}, draws=10).table.loc["d"]
    assert given_["gap_reliability"] == pytest.approx(
        difference_reliability(
            reliability_perception=0.9, reliability_expectation=0.8, correlation=given_["sides_correlation"],
            sd_perception=survey["p"].std(), sd_expectation=survey["e"].std(),
        )
    )  # fmt: skip
    flat = gap_reliability(survey, {"d": ("same", "p")}, reliabilities={"d": (0.8, 0.9)}, draws=5).table.loc["d"]
    assert np.isnan(flat["gap_reliability"])


@pytest.mark.parametrize(
    ("change", "what"),
    [({"reliability_perception": 1.2}, "reliability_perception is 1.2"), ({"correlation": 2}, "correlation is 2"),
     ({"sd_perception": 0}, "not above 0")],
)  # fmt: skip
def test_numbers_outside_their_range(change, what):
    numbers = {"reliability_perception": 0.8, "reliability_expectation": 0.7, "correlation": 0.3}
    with pytest.raises(InputError, match=what) as error:
        difference_reliability(**(numbers | change))
    assert "超出取值范围" in error.value.zh


def test_differences_that_do_not_vary_have_no_reliability():
    assert np.isnan(difference_reliability(reliability_perception=1, reliability_expectation=1, correlation=1))


def test_every_column_has_a_word(survey, pairs):
    table = gap_reliability(survey, pairs, draws=2).table
    names = {*table.columns, table.index.name}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_published_moments_give_what_the_answers_give(mobi_items):
    """The function for published moments against the formula fed by hand."""
    found = published_gap_reliability(
        moments(), expectation=mobi_items["expectation"], perception=mobi_items["perception"]
    )
    assert found == pytest.approx(0.233744, abs=1e-5)


def test_names_that_are_no_dimension_and_single_items():
    survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    with pytest.raises(InputError, match="there is no dimension y"):
        gap_reliability(survey, {"x": ("e", "p")}, reliabilities={"y": (0.8, 0.8)})
    with pytest.raises(InputError, match="two items or more"):
        published_gap_reliability(moments(), expectation=["CUEX1"], perception=["PERQ1", "PERQ2"])
