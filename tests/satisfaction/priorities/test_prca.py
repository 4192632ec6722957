"""Penalty-reward contrasts: reference numbers, statsmodels' HC3, recovery, thin cells, wrong signs, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.prca import prca_table
from crm_analysis.satisfaction.priorities.prca_fit import design, fit
from crm_analysis.satisfaction.priorities.prca_impact import factor_of, impact

MOBI = {f"PERQ{i}": f"PERQ{i}" for i in (1, 3, 4, 7)}
CUTS = {"low_cut": 5, "high_cut": 9}


def made(n: int = 1500, seed: int = 0) -> pd.DataFrame:
    """A survey in which speed is basic, page exciting, price both and colour nothing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.integers(1, 11, (n, 4)), columns=["speed", "page", "price", "colour"])
    low, high = frame <= 3, frame >= 8
    return frame.assign(y=6 - 1.5 * low["speed"] + 0.3 * high["speed"] - 0.2 * low["page"] + 1.2 * high["page"]
                        - low["price"] + high["price"] + rng.normal(0, 1, n))  # fmt: skip


ITEMS = {name: name for name in ("speed", "page", "price", "colour")}


@pytest.fixture(scope="module")
def found():
    return prca_table(made(), outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=300)


def test_the_mobile_phone_survey(real_data):
    survey = pd.read_csv(real_data("mobi.csv"))
    result = prca_table(survey, outcome="CUSA1", attributes=MOBI, low=1, high=10, **CUTS)
    table = result.table
    assert result.model["constant"].iloc[0] == pytest.approx(7.5718, abs=1e-4)
    assert result.model["prca_r2"].iloc[0] == pytest.approx(0.3851, abs=1e-4)
    np.testing.assert_allclose(table["penalty"], [-0.5632, 0.1151, -0.5232, -0.4279], atol=1e-4)
    np.testing.assert_allclose(table["reward"], [0.7012, 0.1019, 0.5492, 0.2522], atol=1e-4)
    np.testing.assert_allclose(table.loc[["PERQ1", "PERQ7"], "ia"], [0.1092, -0.2584], atol=1e-4)
    assert table["wrong_sign"].tolist() == [False, True, False, False]
    assert table.loc["PERQ3", "prca_factor"] == "not_classed"
    assert not table["decided"].any()  # 250 respondents do not tell reward and penalty apart
    assert table.loc["PERQ1", "ia_low"] < 0 < table.loc["PERQ1", "ia_high"]


def test_limits_and_tests_are_those_of_statsmodels(found):
    from statsmodels.regression.linear_model import OLS

    survey = made()
    setup = design(survey[list(ITEMS)], np.full(4, 3.0), np.full(4, 8.0))
    model = OLS(survey["y"].to_numpy(), setup.matrix).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(found.table["penalty"], model.params[1:5])
    np.testing.assert_allclose(found.table[["reward_low", "reward_high"]], model.conf_int()[5:9])
    assert found.model["prca_adjusted_r2"].iloc[0] == pytest.approx(model.rsquared_adj)
    for at in range(4):
        contrast = np.zeros(9)
        contrast[[1 + at, 5 + at]] = 1
        assert found.table["p"].iloc[at] == pytest.approx(float(model.t_test(contrast).pvalue), rel=1e-6, abs=1e-12)
        joint = model.f_test(np.eye(9)[[1 + at, 5 + at]])
        assert found.table["p_effect"].iloc[at] == pytest.approx(float(joint.pvalue), rel=1e-6, abs=1e-12)


def test_weighted_fit_is_that_of_statsmodels_and_vif_too():
    from statsmodels.regression.linear_model import WLS
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    survey = made(300)
    weights = np.linspace(1, 3, 300)
    result = prca_table(survey, outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=20,
                        weights=pd.Series(weights, survey.index))  # fmt: skip
    matrix = design(survey[list(ITEMS)], np.full(4, 3.0), np.full(4, 8.0)).matrix
    model = WLS(survey["y"].to_numpy(), matrix, weights=weights).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(result.table["penalty_low"], model.conf_int()[1:5, 0])
    assert result.model["prca_r2"].iloc[0] == pytest.approx(model.rsquared)
    plain = prca_table(survey, outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=20)
    expected = [variance_inflation_factor(matrix, 1 + at) for at in range(8)]
    np.testing.assert_allclose([*plain.table["vif_low"], *plain.table["vif_high"]], expected)


def test_known_factors_are_recovered(found):
    table = found.table
    assert table["prca_factor"].tolist()[:3] == ["basic_factor", "excitement_factor", "performance_factor"]
    assert table["decided"].tolist() == [True, True, False, False] or table["decided"].tolist() == [True] * 3 + [False]
    assert table.loc["speed", "penalty_low"] < -1.5 < table.loc["speed", "penalty_high"]
    assert table.loc["page", "reward_low"] < 1.2 < table.loc["page", "reward_high"]
    assert table.loc["colour", "p_effect_holm"] > 0.05
    assert (table[["low_count", "middle_count", "high_count"]].sum(axis=1) == 1500).all()


def test_limits_cover_the_truth_as_often_as_they_say():
    truth, hits = np.array([-1.5, -0.2, -1, 0, 0.3, 1.2, 1, 0]), []
    for seed in range(250):
        frame = made(300, seed)
        setup = design(frame[list(ITEMS)], np.full(4, 3.0), np.full(4, 8.0))
        one = fit(setup.matrix, frame["y"].to_numpy(), np.ones(300))
        hits.append(np.abs(one.coefficients[1:] - truth) <= 1.968 * one.errors()[1:])
    assert 0.935 < np.mean(hits) < 0.965


def test_choices_cover_cuts_and_limits(found):
    choices = found.choices
    assert len(choices) == 4 * 9 * 5
    own = choices[(choices["low_cut"] == 3) & (choices["high_cut"] == 8) & (choices["ia_limit"] == 0.1)]
    assert own["prca_factor"].tolist() == found.table["prca_factor"].tolist()
    speed = choices[choices["attribute"] == "speed"]["prca_factor"]
    assert found.table.loc["speed", "share_same"] == pytest.approx((speed == "basic_factor").mean())
    still = prca_table(made(), outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=5, cut_step=0).choices
    assert len(still) == 4 * 5


def test_an_empty_cell_has_no_index_and_a_thin_one_is_flagged():
    survey = made(200)
    survey["page"] = survey["page"].clip(lower=4)
    survey.loc[0, "page"] = 1
    survey["colour"] = survey["colour"].clip(lower=4)
    survey.loc[:5, "colour"] = 2
    table = prca_table(survey, outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=50).table
    assert table["low_count"].tolist()[1] == 1
    assert np.isnan(table.loc["page", ["penalty", "ia", "p", "vif_low"]].astype(float)).all()
    assert table.loc["page", "reward"] > 0
    assert table.loc["page", "prca_factor"] == "not_classed"
    assert table["thin_cell"].tolist() == [False, True, False, True]


def test_resamples_with_an_empty_cell_are_counted():
    survey = made(60, seed=3)
    survey["page"] = survey["page"].clip(lower=4)
    survey.loc[:1, "page"] = 1
    result = prca_table(survey, outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=300)
    failed = result.failures.set_index("cause")["failed_draws"]
    assert 15 < failed["empty_cell"] < 80  # (58/60)^60 = .13 of 300


def test_cuts_may_differ_and_items_may_be_reversed():
    survey = made()
    survey["speed"] = 11 - survey["speed"]
    low, high = {"speed": 3, "page": 4, "price": 3, "colour": 2}, dict.fromkeys(ITEMS, 8)
    result = prca_table(survey, outcome="y", attributes=ITEMS, low_cut=low, high_cut=high, low=1, high=10, draws=10,
                        reversed_items=["speed"])  # fmt: skip
    assert result.table.loc["speed", "prca_factor"] == "basic_factor"
    assert result.table.loc["page", "low_count"] == (survey["page"] <= 4).sum()


@given(st.floats(-3, -0.01), st.floats(0.01, 3), st.floats(0.1, 50))
def test_impact_shares_add_up_and_do_not_hang_on_the_scale(penalty, reward, times):
    one, many = impact(np.array(penalty), np.array(reward)), impact(np.array(penalty * times), np.array(reward * times))
    assert one["sgp"] + one["dgp"] == pytest.approx(1)
    assert one["ia"] == pytest.approx(one["sgp"] - one["dgp"])
    assert one["ia"] == pytest.approx(many["ia"])
    swapped = impact(np.array(-reward), np.array(-penalty))
    assert swapped["ia"] == pytest.approx(-one["ia"])


def test_no_range_of_impact_has_no_class():
    assert factor_of(np.array([0.0]), np.array([0.0])).tolist() == [-1]
    assert np.isnan(impact(np.array(0.0), np.array(0.0))["ia"])


def test_a_pure_basic_factor_is_found_though_its_reward_falls_below_zero_half_the_time():
    rewards, codes = [], []
    for seed in range(40):
        frame = made(400, seed)
        frame["y"] -= 0.3 * (frame["speed"] >= 8)
        setup = design(frame[list(ITEMS)], np.full(4, 3.0), np.full(4, 8.0))
        found = fit(setup.matrix, frame["y"].to_numpy(), np.ones(400)).coefficients
        rewards.append(found[setup.high[0]])
        codes.append(int(factor_of(found[setup.low[:1]], found[setup.high[:1]])[0]))
    assert set(codes) == {0}
    assert 10 < np.sum(np.array(rewards) < 0) < 30


def test_a_respondent_who_alone_determines_a_coefficient_leaves_no_limits():
    matrix = np.column_stack([np.ones(6), [1, 0, 0, 0, 0, 0]])
    assert np.isnan(fit(matrix, np.arange(6.0), np.ones(6)).covariance).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_claim_no_cause(found, lang):
    text = found.text(lang)
    assert {"zh": "基本因素：speed", "en": "Basic factor: speed"}[lang] in text
    assert {"zh": "不说明提高评价会带来什么结果", "en": "do not say what would follow"}[lang] in text
    assert {"zh": "未显示与总体满意度有关", "en": "No relation with the outcome is shown"}[lang] in text


def test_bad_input_is_told():
    survey = made(100)
    with pytest.raises(InputError, match="low cut is not below the high cut for speed"):
        prca_table(survey, outcome="y", attributes=ITEMS, low_cut=8, high_cut=8)
    with pytest.raises(InputError, match="cuts lack a number for 'speed'"):
        prca_table(survey, outcome="y", attributes=ITEMS, low_cut={"page": 3}, high_cut=8)
    with pytest.raises(InputError, match="no attribute was named"):
        prca_table(survey, outcome="y", attributes={}, low_cut=3, high_cut=8)
    with pytest.raises(InputError, match="mark the same respondents"):
        prca_table(survey.assign(page=survey["speed"]), outcome="y", attributes=ITEMS, low_cut=3, high_cut=8)
    with pytest.raises(InputError, match="too few for 9 coefficients"):
        prca_table(survey.iloc[:10], outcome="y", attributes=ITEMS, low_cut=4, high_cut=6)
    with pytest.raises(InputError, match="z is missing"):
        prca_table(survey, outcome="z", attributes=ITEMS, low_cut=3, high_cut=8)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"draws": 0}, "draws=0"), ({"ia_limit": -1}, "ia_limit=-1"), ({"attributes": ["speed"]}, "attributes is no")],
)
def test_arguments_of_the_wrong_kind(wrong, named):
    with pytest.raises(InputError, match=named):
        prca_table(made(50), **({"outcome": "y", "attributes": ITEMS, "low_cut": 3, "high_cut": 8} | wrong))
