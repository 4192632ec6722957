"""Plans: the printed sizes, statsmodels, simulation, and answers that agree with each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments import plan_experiment, sample_size


@pytest.mark.parametrize(
    ("p0", "effect", "power", "n"), [(0.5, 0.25, 0.9, 77), (0.10, 0.02, 0.8, 3841), (0.02, 0.002, 0.8, 80_682)]
)
def test_printed_sizes(p0, effect, power, n):
    plan = plan_experiment(p0, effect=effect, power=power)
    assert plan.control_units == plan.treated_units == n == sample_size(p0, p0 + effect, power=power)
    assert plan.units == 2 * n
    assert plan_experiment(p0, relative=effect / p0, power=power).units == 2 * n


@given(st.floats(0.02, 0.6), st.floats(0.01, 0.3), st.floats(0.2, 0.8), st.floats(0.6, 0.95))
@settings(max_examples=40)
def test_size_power_and_effect_agree(p0, effect, share, power):
    plan = plan_experiment(p0, effect=effect, treated_share=share, power=power)
    again = plan_experiment(p0, effect=effect, units=plan.units, treated_share=share)
    assert again.power == pytest.approx(power, abs=0.05 if plan.units < 200 else 0.01)
    found = plan_experiment(p0, units=plan.units, treated_share=share, power=power)
    assert found.effect == pytest.approx(effect, rel=0.1 if plan.units < 200 else 0.02)
    fewer = plan_experiment(p0, effect=effect, treated_share=share, power=power, correlation=0.7)
    assert fewer.units <= 0.51 * plan.units + 3


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_means_are_those_of_statsmodels(share):
    plan = plan_experiment(40.0, effect=2.0, sd=25.0, treated_share=share)
    other = NormalIndPower().solve_power(effect_size=2 / 25, alpha=0.05, power=0.8, ratio=share / (1 - share))
    assert plan.control_units == int(np.ceil(other))
    power = NormalIndPower().power(2 / 25, plan.control_units, 0.05, ratio=plan.treated_units / plan.control_units)
    assert plan_experiment(40.0, effect=2.0, sd=25.0, units=plan.units, treated_share=share).power == pytest.approx(
        power, abs=1e-3
    )
    assert plan_experiment(40.0, sd=25.0, units=plan.units, treated_share=share).effect == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize(("share", "effect"), [(0.5, 0.05), (0.8, 0.05), (0.3, -0.05)])
def test_the_power_is_what_simulation_gives(share, effect):
    plan, rng = plan_experiment(0.2, effect=effect, treated_share=share), np.random.default_rng(0)
    n1, n0 = plan.treated_units, plan.control_units
    a, b = rng.binomial(n1, 0.2 + effect, 20_000) / n1, rng.binomial(n0, 0.2, 20_000) / n0
    mean = (a * n1 + b * n0) / (n1 + n0)
    z = (a - b) / np.sqrt(mean * (1 - mean) * (1 / n1 + 1 / n0))
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.02)


def test_days_curve_and_several_comparisons():
    plan = plan_experiment(0.1, effect=0.02, units_per_day=500)
    assert plan.days == 16
    assert plan.curve["power"].is_monotonic_increasing
    assert plan.curve["detectable_effect"].is_monotonic_decreasing
    here = plan.curve[plan.curve["units"] == plan.units].iloc[0]
    assert here["power"] == pytest.approx(0.8, abs=1e-3)
    assert here["detectable_effect"] == pytest.approx(0.02, abs=1e-5)
    assert here["days"] == 16
    three = plan_experiment(0.1, effect=0.02, comparisons=3)
    assert three.level == pytest.approx(1 - 0.05 / 3)
    assert three.units > plan.units
    assert "21 days" in plan.text("en")
    assert "21 天" in plan.text("zh")
    assert "CUPED" in plan_experiment(10, sd=5, effect=1, correlation=0.5).text("zh")


def test_nothing_to_find_above_all():
    assert np.isnan(plan_experiment(0.999, units=20).effect)


@pytest.mark.parametrize(
    ("baseline", "more", "told"),
    [
        (0.1, {}, "neither an effect nor a size"),
        (10, {"effect": 1}, "no share"),
        (0.9, {"effect": 0.2}, "baseline \\+ effect is 1.1"),
        (0.1, {"effect": 0.02, "relative": 0.2}, "both given"),
        (0.1, {"effect": 0}, "effect is 0"),
        (0.1, {"effect": 0.02, "power": 80}, "power 80"),
        (0.1, {"effect": 0.02, "treated_share": 1}, "treated_share 1"),
        (0.1, {"units": 1}, "fewer than 2"),
        (10, {"effect": 1, "sd": -1}, "sd -1"),
        (0.1, {"effect": 0.02, "correlation": 1}, "correlation 1"),
        (0.1, {"effect": 0.02, "comparisons": 0}, "comparisons 0"),
        (0.1, {"effect": 0.02, "units_per_day": 0}, "units_per_day 0"),
    ],
)
def test_plans_that_make_no_sense(baseline, more, told):
    with pytest.raises(InputError, match=told):
        plan_experiment(baseline, **more)


def test_a_small_effect_is_told_with_enough_digits():
    plan = plan_experiment(0.1, effect=1.2e-5)
    assert "+0.0012 percentage points" in plan.text("en")
    assert "+0.0012 个百分点" in plan.text("zh")
    assert "control of 0.0010%" in plan_experiment(1e-5, effect=0.02).text("en")
    assert "+2.00 percentage points" in plan_experiment(0.1, effect=0.02).text("en")
