"""CUPED: unbiased, as much narrower as rho squared says, the slope of statsmodels, affected variables refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments import cuped


def sample(rng, n=200, rho=0.8, effect=0.5):
    before = rng.normal(10, 2, n)
    noise = 2 * np.sqrt(1 - rho**2) * rng.normal(size=n)
    arm = rng.permutation(np.repeat(["mail", "holdout"], [n - n // 3, n // 3]))
    outcome = 3 + rho * (before - 10) + noise + effect * (arm == "mail")
    return pd.Series(outcome), pd.Series(before, name="spend_before"), pd.Series(arm)


def test_it_is_unbiased_covers_and_saves_rho_squared():
    rng, found = np.random.default_rng(0), []
    for _ in range(500):
        one = cuped(*sample(rng))
        held = one.adjusted.difference.low <= 0.5 <= one.adjusted.difference.high
        found.append((one.adjusted.difference.value, one.plain.difference.value, held, one.variance_reduction))
    adjusted, plain, held, saved = np.array(found).T
    assert adjusted.mean() == pytest.approx(0.5, abs=3 * adjusted.std() / np.sqrt(500))
    assert (adjusted.var() / plain.var()) == pytest.approx(1 - 0.64, abs=0.06)
    assert saved.mean() == pytest.approx(0.64, abs=0.01)
    assert 0.925 <= held.mean() <= 0.975


def test_slope_and_effect_are_those_of_the_regression():
    outcome, before, arm = sample(np.random.default_rng(1))
    found = cuped(outcome, before, arm)
    design = pd.DataFrame({"one": 1.0, "treated": (arm == "mail").astype(float), "x": before})
    fit = sm.OLS(outcome, design).fit()
    assert found.theta["spend_before"] == pytest.approx(fit.params["x"])
    assert found.adjusted.difference.value == pytest.approx(fit.params["treated"])
    groups = [outcome[arm == name] for name in ("mail", "holdout")]
    inner = pd.concat([group - group.mean() for group in groups])
    x = pd.concat([before[arm == name] - before[arm == name].mean() for name in ("mail", "holdout")])
    assert found.variance_reduction == pytest.approx(np.corrcoef(inner, x)[0, 1] ** 2)


def test_several_variables_save_more_and_useless_ones_nothing():
    outcome, before, arm = sample(np.random.default_rng(2))
    rng = np.random.default_rng(3)
    noise = pd.Series(rng.normal(size=len(outcome)))
    alone, both = cuped(outcome, before, arm), cuped(outcome, pd.DataFrame({"a": before, "b": noise}), arm)
    assert both.variance_reduction >= alone.variance_reduction
    assert cuped(outcome, noise, arm).variance_reduction < 0.05
    assert list(both.theta.index) == ["a", "b"]
    assert both.table.index.tolist() == ["unadjusted", "cuped"]
    assert both.table.loc["cuped", "effect"] == both.adjusted.difference.value


def test_units_do_not_matter():
    outcome, before, arm = sample(np.random.default_rng(4))
    there, here = cuped(outcome, before, arm), cuped(outcome, before * 100 - 7, arm)
    assert here.adjusted.difference == pytest.approx(there.adjusted.difference)
    assert here.theta.iloc[0] == pytest.approx(there.theta.iloc[0] / 100)


def test_what_the_treatment_changed_is_refused():
    outcome, before, arm = sample(np.random.default_rng(5))
    with pytest.raises(InputError, match="differs between the arms"):
        cuped(outcome, before + 2 * (arm == "mail"), arm)


def test_the_text_says_both():
    found = cuped(*sample(np.random.default_rng(6)))
    assert "variance within arms" in found.text("en")
    assert "组内方差减少" in found.text("zh")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda y, x, a: (y, x, a.replace("holdout", "sms")), "the arms are"),
        (lambda y, x, a: (y, x, pd.Series(["mail", "sms", "holdout"] * 66 + ["mail"] * 2)), "the arms are"),
        (lambda y, x, a: (y, x, a.mask(a.index == 0)), "the arms are"),
        (lambda y, x, a: (y.mask(y.index == 3), x, a), "outcome: 1 values are blank"),
        (lambda y, x, a: (y.astype(str), x, a), "no numbers"),
        (lambda y, x, a: (y, x * 0, a), "never varies"),
        (lambda y, x, a: (y, x.iloc[::-1], a), "different indexes"),
    ],
)
def test_bad_input(change, told):
    with pytest.raises(InputError, match=told):
        cuped(*change(*sample(np.random.default_rng(7))))
