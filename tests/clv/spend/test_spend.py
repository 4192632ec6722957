"""Independence of spend and frequency: known dependence, none, and what the sentence says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.clv import BGNBD
from crm_analysis.clv.spend import independence as spend_module
from crm_analysis.clv.spend.correlations import _pearson, _ranks, correlations
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.independence import frequency_edges, independence
from crm_analysis.errors import InputError
from crm_analysis.words import all_words

TRUTH = GammaGamma.with_params(p=6, q=4, v=15)


@pytest.fixture(autouse=True)
def few_simulations(monkeypatch):
    monkeypatch.setattr("crm_analysis.clv.spend.correlations.SIMULATIONS", 199)


@pytest.fixture(scope="module")
def cg_result(cg):
    model = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907, unit="week")
    return independence(cg, model=model, horizon=52, draws=60)


def simulated(count: int, *, seed: int = 1, dearer: float = 1.0) -> pd.DataFrame:
    """Customers whose spend rises by the factor `dearer` from 2 repeat purchases on."""
    x = pd.Series(np.random.default_rng(seed).geometric(0.4, count) - 1.0)
    m = TRUTH.simulate(x, seed=seed) * np.where(x >= 2, dearer, 1.0)
    return pd.DataFrame({"frequency": x, "monetary_value": m})


# CDNOW


def test_correlations_of_cdnow(cg, cg_result):
    buyers = cg[cg["frequency"] > 0]
    found = cg_result.correlations
    assert found["correlation"].round(3).tolist() == [0.114, 0.206]
    assert found["correlation"].tolist() == pytest.approx([
        stats.pearsonr(buyers["frequency"], buyers["monetary_value"]).statistic,
        stats.spearmanr(buyers["frequency"], buyers["monetary_value"]).statistic,
    ])  # fmt: skip
    assert (found["correlation_low"] < found["correlation"]).all()
    assert (found["correlation"] < found["correlation_high"]).all()
    assert found.loc["pearson", "under_independence"] == pytest.approx(0, abs=0.01)
    assert 0.02 < found.loc["spearman", "under_independence"] < 0.06
    assert (found["p_value"] < 0.02).all()


def test_lifetime_value_of_cdnow_moves_little_and_one_time_buyers_much(cg, cg_result):
    groups = cg_result.groups.set_index("frequency_group")
    assert groups.index.tolist() == ["0", "1", "2", "3", "4+", "total"]
    assert groups["customers"].tolist() == [1411, 439, 214, 100, 193, 2357]
    assert cg_result.buyers == 946
    assert cg_result.change.value == pytest.approx(-0.0242, abs=5e-4)
    assert cg_result.change.low < cg_result.change.value < cg_result.change.high < 0
    assert groups.loc["0", "total_change"] == pytest.approx(-0.130, abs=1e-3)
    means = cg[cg["frequency"] > 0].groupby(cg["frequency"].clip(upper=4))["monetary_value"].mean()
    assert groups.loc["1":"4+", "mean_spend"].tolist() == pytest.approx(means.tolist())
    assert groups.loc["total", "pooled_total"] == pytest.approx(groups["pooled_total"].iloc[:-1].sum())
    assert groups.loc["total", "grouped_total"] == pytest.approx(groups["grouped_total"].iloc[:-1].sum())
    assert cg_result.change.value == groups.loc["total", "total_change"]


def test_pooled_spend_is_that_of_the_gamma_gamma_model(cg, cg_result):
    expected = GammaGamma().fit(cg).expected_spend(cg)
    assert cg_result.customers["pooled_spend"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)
    assert cg_result.customers.index.equals(cg.index)
    assert cg_result.customers["frequency_group"].value_counts()["0"] == 1411


def test_grouped_model_is_the_maximum_that_a_plain_search_finds(cg, cg_result):
    """Divide spend by a factor per group and fit the ordinary model: the best factors give the same likelihood."""
    from scipy.optimize import minimize

    buyers = cg[cg["frequency"] > 0]
    place = np.digitize(buyers["frequency"], [2, 3, 4])

    def loss(logs):
        factor = np.exp(np.append(0.0, logs))[place]
        fit = GammaGamma().fit(buyers.assign(monetary_value=buyers["monetary_value"] / factor))
        return -(fit.log_likelihood_ - np.log(factor).sum())

    found = minimize(loss, np.array([0.17, 0.2, 0.35]), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-4})
    pooled = GammaGamma().fit(cg).log_likelihood_
    assert cg_result.chi2 == pytest.approx(2 * (-found.fun - pooled), abs=1e-2)
    assert cg_result.degrees == 3
    assert cg_result.p_value == pytest.approx(stats.chi2.sf(cg_result.chi2, 3))


# Known truth


def test_known_dependence_is_measured():
    frame = simulated(8000, dearer=1.5)
    result = independence(frame, draws=40, most_groups=3)
    moved = result.groups.set_index("frequency_group")
    assert moved.index.tolist() == ["0", "1", "2–3", "4+", "total"]
    mean = 6 * 15 / 3
    assert moved.loc["0", "grouped_spend"] == pytest.approx(mean, rel=0.05)
    assert moved.loc["4+", "grouped_spend"] == pytest.approx(1.5 * mean, rel=0.05)
    assert result.p_value < 1e-6
    assert (result.correlations["p_value"] < 0.02).all()
    pooled = GammaGamma().fit(frame).population_mean_
    assert moved.loc["0", "total_change"] == pytest.approx(moved.loc["0", "grouped_spend"] / pooled - 1)
    assert moved.loc["0", "total_change_high"] < 0


def test_ranks_correlate_under_independence_and_the_simulated_null_knows_it():
    frame = simulated(6000)
    result = independence(frame, draws=20)
    spearman = result.correlations.loc["spearman"]
    assert spearman["correlation_low"] > 0  # a plain test would find dependence
    assert spearman["p_value"] > 0.05
    assert spearman["under_independence"] == pytest.approx(spearman["correlation"], abs=0.04)
    assert abs(result.change.value) < 0.02


def test_likelihood_ratio_has_its_size_under_independence():
    edges = np.array([1.0, 2.0, 3.0])
    cases = [spend_module.as_spend_cases(simulated(500, seed=seed)) for seed in range(60)]
    chi2 = np.array([spend_module._Moved.of(case, edges).chi2 for case in cases])
    assert np.mean(chi2 > stats.chi2.ppf(0.9, 2)) < 0.25
    assert chi2.mean() == pytest.approx(2, abs=0.9)


def test_many_customers_are_drawn_in_part_and_the_spread_is_scaled(monkeypatch):
    frame = simulated(8000)
    x, m = (frame.loc[frame["frequency"] > 0, name].to_numpy() for name in ("frequency", "monetary_value"))
    options = {"model": TRUTH, "level": 0.95, "draws": 300, "seed": 0}
    whole = correlations(x, m, **options)
    monkeypatch.setattr("crm_analysis.clv.spend.correlations.MOST_DRAWN", 600)
    part = correlations(x, m, **options)
    width = [table["correlation_high"] - table["correlation_low"] for table in (whole, part)]
    assert (width[1] / width[0]).to_numpy() == pytest.approx(1, abs=0.35)
    assert part["correlation"].equals(whole["correlation"])
    assert (part["p_value"] > 0.01).all()


def test_correlation_helpers_equal_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, 50).astype(float), rng.normal(size=50)
    assert _ranks(a) == pytest.approx(stats.rankdata(a))
    assert _pearson(a, b) == pytest.approx(stats.pearsonr(a, b).statistic)


# Properties


def test_weights_equal_repeated_rows():
    frame = simulated(900)
    weights = np.arange(900) % 3 + 1
    weighted = independence(frame.assign(weights=weights), draws=5, least=60)
    repeated = independence(frame.loc[frame.index.repeat(weights)].reset_index(drop=True), draws=5, least=60)
    pd.testing.assert_frame_equal(weighted.groups, repeated.groups, rtol=1e-6)
    pd.testing.assert_frame_equal(weighted.correlations, repeated.correlations, rtol=1e-6)


def test_two_runs_are_equal_and_the_frame_is_left_alone():
    frame = simulated(1200)
    before = frame.copy()
    first, second = (independence(frame, draws=5) for _ in range(2))
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(first.groups, second.groups)
    assert first.text("zh") == second.text("zh")


@pytest.mark.parametrize("least", [10, 37, 100])
@pytest.mark.parametrize("most", [2, 5, 9])
def test_groups_are_big_enough_and_not_too_many(least, most):
    x = np.random.default_rng(3).geometric(0.3, 700)
    edges = frequency_edges(x, least=least, most=most)
    sizes = np.bincount(np.digitize(x, edges[1:]))
    assert sizes.min() >= least
    assert len(edges) <= most
    assert edges[0] == x.min()
    assert sizes.sum() == 700


def test_every_column_has_a_word(cg_result):
    keys = [*cg_result.groups.columns, *cg_result.correlations.columns, *cg_result.correlations.index,
            *cg_result.customers.columns, "total"]  # fmt: skip
    plain = {re.sub("_(low|high)$", "", key) for key in keys}
    assert plain - set(all_words()) <= {"p_value"}


# Sentences


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"[-+]?\d[\d,]*\.?\d*%?", text))


def test_the_verdict_says_the_same_in_both_languages(cg_result):
    zh, en = cg_result.text("zh"), cg_result.text("en")
    assert numbers(zh) == numbers(en)
    assert "946" in zh
    assert "0.114" in zh
    assert "lifetime value changes by -2.4%" in en
    assert "stays within ±5%" in en
    assert "影响很小" in zh
    assert not re.search(r"[一-鿿][,:;?()]|[,:;?()][一-鿿]", zh)


def test_the_verdict_on_a_large_change_and_an_open_one(cg):
    alone = independence(cg, draws=60)  # one purchase of every customer: one-time buyers weigh most
    assert alone.change.high < -0.05
    assert "whole interval lies beyond ±5%" in alone.text("en")
    assert "整个区间超出 ±5%" in alone.text("zh")
    few = independence(simulated(260), draws=60, least=20)
    assert few.change.low < -0.05 or few.change.high > 0.05
    assert "cannot be ruled out" in few.text("en")
    assert "不能排除" in few.text("zh")


def test_too_few_customers_for_groups_are_said_to_be_too_few():
    result = independence(simulated(150), draws=5)
    assert not np.isfinite(result.change).any()
    assert np.isnan(result.p_value)
    assert result.customers["spend_change"].isna().all()
    assert "too few customers" in result.text("en")
    assert "客户太少" in result.text("zh")


def test_frequency_that_does_not_vary_correlates_with_nothing():
    frame = pd.DataFrame({"frequency": np.ones(300)})
    frame["monetary_value"] = TRUTH.simulate(frame["frequency"], seed=2)
    result = independence(frame, draws=3)
    assert result.correlations["correlation"].isna().all()
    assert "does not vary" in result.text("en")
    assert "没有差异" in result.text("zh")


# Bad input


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0, "least": 3, "most_groups": 1}, "draws=0, least=3, most_groups=1"),
        ({"model": BGNBD.with_params(r=1, alpha=1, a=1, b=1, unit="week")}, "needs a horizon"),
        ({"model": BGNBD.with_params(r=1, alpha=1, a=1, b=1), "horizon": 3}, "recency, T are missing|unit of time"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(InputError, match=message):
        independence(simulated(100), **options)


def test_bad_customers_are_named():
    with pytest.raises(InputError, match="whole numbers here"):
        independence(simulated(100).assign(weights=0.5))
    with pytest.raises(InputError, match="monetary_value is 0"):
        independence(pd.DataFrame({"frequency": [1, 2], "monetary_value": [0.0, 3.0]}))
    with pytest.raises(ValueError, match="level"):
        independence(simulated(100), level=95)


def test_unusable_amounts_can_be_set_aside():
    frame = simulated(1000)
    rows = frame.index[frame["frequency"] > 0][:7]
    frame.loc[rows, "monetary_value"] = 0.0
    result = independence(frame, nonpositive="set_aside", draws=2)
    assert result.buyers == (frame["frequency"] > 0).sum() - 7
    assert (result.customers.loc[rows, "frequency_group"] == "0").all()
