"""Slope and intercept against statsmodels, for single rows and whole customers."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from crm_analysis.churn.models.calibration_line import calibration_line


def drawn(seed: int = 0, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.normal(-1, 1.5, n)
    return z, (rng.random(n) < expit(0.4 + 0.7 * z)).astype(float)


def test_line_and_limits_are_those_of_statsmodels():
    z, y = drawn()
    line = calibration_line(z, y, level=0.9)
    fitted = sm.Logit(y, sm.add_constant(z)).fit(disp=0)
    limits = fitted.conf_int(0.1)
    np.testing.assert_allclose(line.intercept, [fitted.params[0], *limits[0]], atol=1e-6)
    np.testing.assert_allclose(line.slope, [fitted.params[1], *limits[1]], atol=1e-6)
    large = sm.GLM(y, np.ones((len(y), 1)), offset=z, family=sm.families.Binomial()).fit()
    np.testing.assert_allclose(line.large, [large.params[0], *large.conf_int(0.1)[0]], atol=1e-6)


def test_customers_limits_are_the_sandwich_of_statsmodels():
    z, y = drawn(1)
    who = np.arange(400) // 4
    line = calibration_line(z, y, customer=who)
    options = {"groups": who, "use_correction": False}
    fitted = sm.Logit(y, sm.add_constant(z)).fit(disp=0, cov_type="cluster", cov_kwds=options)
    error = fitted.bse * np.sqrt(100 / 99)
    assert (line.slope.high - line.slope.value) / 1.959964 == pytest.approx(error[1], rel=1e-5)
    assert (line.intercept.high - line.intercept.value) / 1.959964 == pytest.approx(error[0], rel=1e-5)


@given(st.floats(-3, 3), st.floats(0.2, 5))
@settings(max_examples=30, deadline=None)
def test_moving_predictions_moves_the_line(shift, stretch):
    z, y = drawn(2, 200)
    plain, moved = calibration_line(z, y), calibration_line(shift + stretch * z, y)
    assert moved.slope.value == pytest.approx(plain.slope.value / stretch, rel=1e-6)
    np.testing.assert_allclose(moved.mend(shift + stretch * z), plain.mend(z), atol=1e-6)


def test_extreme_log_odds_are_solved():
    z = np.array([-600.0, -40.0, 30.0, 500.0, -5.0, 5.0])
    line = calibration_line(z, np.array([0, 1, 0, 1, 0, 1.0]))
    assert np.isfinite(line.large.value)
    assert expit(z + line.large.value).sum() == pytest.approx(3, abs=1e-6)
    assert np.isfinite(line.slope.value)


def test_one_class_or_a_parted_sample_has_no_slope():
    z = np.array([-1.0, 0.0, 1.0])
    assert np.isnan(calibration_line(z, np.zeros(3)).large.value)
    assert np.isnan(calibration_line(z, np.array([0, 0, 1.0])).slope.value)
    assert np.isnan(calibration_line(z, np.array([1, 0, 0.0])).slope.value)
    assert np.isnan(calibration_line(np.zeros(4), np.array([1, 0, 0, 0.0])).slope.value)
