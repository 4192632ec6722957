from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.models import search as search_file
from crm_analysis.clv.models.fitting import FLAT, GRADIENT, Optimum, maximise
from crm_analysis.clv.models.histories import simulate
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.errors import InputError

MODELS = [ParetoNBD, BGNBD, MBGNBD, NBD]
TIMES = ["alpha", "beta"]
BG = BGNBD.with_params(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
PARETO = ParetoNBD.with_params(r=0.5533, alpha=10.578, s=0.6062, beta=11.669)


def in_unit(frame, k):
    return frame.assign(recency=frame["recency"] * k, T=frame["T"] * k)


def small_bg_sets():
    """Sixteen data sets of 50 to 200 customers, on which the heterogeneity of dropout is often not to be had."""
    return [simulate(BG, n, T=39, seed=seed)[["frequency", "recency", "T"]]
            for n in (50, 80, 120, 200) for seed in range(4)]  # fmt: skip


# The search


def bowl(u):
    return Derivatives(-float((u - 1) @ (u - 1)), -2 * (u - 1), -2 * np.eye(len(u)))


def two_hills(u):
    """Maxima near -2 (value 1) and 3 (value 2)."""
    low, high = np.exp(-((u[0] + 2) ** 2) / 2), 2 * np.exp(-((u[0] - 3) ** 2) / 2)
    slope = -(u[0] + 2) * low - (u[0] - 3) * high
    bend = ((u[0] + 2) ** 2 - 1) * low + ((u[0] - 3) ** 2 - 1) * high
    return Derivatives(float(low + high), np.array([slope]), np.array([[bend]]))


def rising(u):
    """A likelihood that rises for ever along the first axis."""
    fall = np.exp(-u[0])
    return Derivatives(
        float(-fall - u[1] ** 2), np.array([fall, -2 * u[1]]), np.array([[-fall, 0.0], [0.0, -2.0]])
    )  # fmt: skip


def banana(u):
    """Rosenbrock's valley, turned upside down."""
    x, y = u
    gradient = np.array([2 * (1 - x) + 400 * x * (y - x * x), -200 * (y - x * x)])
    hessian = -np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]])
    return Derivatives(float(-((1 - x) ** 2) - 100 * (y - x * x) ** 2), gradient, hessian)


def test_a_bowl_takes_one_newton_step_and_a_valley_few():
    found = maximise(bowl, centre=[1, 1, 1], customers=1)
    np.testing.assert_allclose(found.log_params, 1, atol=1e-12)
    assert found.iterations <= 2
    found = maximise(banana, centre=np.exp([-1.2, 1.0]), customers=1)
    np.testing.assert_allclose(found.log_params, 1, atol=1e-6)
    assert found.iterations < 60
    assert found.reached


def test_the_highest_of_several_ends_counts():
    near = maximise(two_hills, centre=[np.exp(-2)], customers=1)
    assert near.log_params[0] == pytest.approx(-2, abs=0.05)
    best = maximise(two_hills, centre=[np.exp(-2)], customers=1, starts=[[np.exp(4.5)]])
    assert best.log_params[0] == pytest.approx(3, abs=0.05)
    again = maximise(two_hills, centre=[np.exp(-2)], customers=1, starts=[[np.exp(4.5)]], first=near.log_params)
    assert again.log_params[0] == near.log_params[0]


def test_a_likelihood_without_a_maximum_ends_at_the_fence():
    found = maximise(rising, centre=[1, 1], customers=1, reach=[8.0, 12.0])
    assert 8 <= found.log_params[0] < 8.5
    assert found.at_limit.tolist() == [True, False]
    assert found.reached
    assert np.isnan(found.log_covariance[0]).all()
    assert found.log_covariance[1, 1] == pytest.approx(0.5)
    assert found.log_error(np.array([1.0, 0.0])) == np.inf
    assert found.log_error(np.array([0.0, 2.0])) == pytest.approx(2 * np.sqrt(0.5))


def test_where_a_likelihood_is_undefined_the_search_turns_back():
    def walled(u):
        return bowl(u) if u[0] < 2 else Derivatives(np.nan, np.full(1, np.nan), np.full((1, 1), np.nan))

    found = maximise(walled, centre=[np.exp(-9)], customers=1)
    assert found.log_params[0] == pytest.approx(1)


def test_a_slope_left_over_is_no_maximum():
    point = np.zeros(2)
    sloping = Derivatives(0.0, np.array([5.0, 0.0]), -np.eye(2))
    assert not Optimum(point, sloping, 100.0, point, 7).reached
    steep = Derivatives(0.0, np.array([5.0, 0.0]), -1e9 * np.eye(2))  # only rounding: nothing left to gain
    assert Optimum(point, steep, 100.0, point, 7).reached


# Units, weights, order


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("k", [7.0, 7 / 365.2425, 86400.0])
def test_another_unit_of_time_scales_alpha_and_beta_only(cx, model, k):
    one, other = model().fit(cx), model().fit(in_unit(cx, k))
    scale = np.array([k if name in TIMES else 1.0 for name in model.names])
    np.testing.assert_allclose(other.params_, one.params_ * scale, rtol=1e-7)
    np.testing.assert_allclose(other.standard_errors_, one.standard_errors_ * scale, rtol=1e-6)
    shift = -cx["frequency"].sum() * np.log(k)
    assert other.log_likelihood_ - one.log_likelihood_ == pytest.approx(shift, abs=1e-6)
    assert other.verdict_.kind == one.verdict_.kind == "converged"


def test_another_unit_of_time_gives_the_same_verdict_on_small_data():
    for frame in small_bg_sets()[::3]:
        one, other = BGNBD().fit(frame), BGNBD().fit(in_unit(frame, 7))
        assert (one.verdict_.kind, one.verdict_.limits) == (other.verdict_.kind, other.verdict_.limits)
        np.testing.assert_allclose(other.params_ / one.params_, [1, 7, 1, 1], rtol=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_order_and_index_of_the_rows_do_not_matter_and_runs_agree_to_the_bit(cx, model):
    one = model().fit(cx)
    mixed = cx.sample(frac=1, random_state=3).reset_index(drop=True)
    for other in (model().fit(cx), model().fit(mixed)):
        assert other.params_.tolist() == one.params_.tolist()
        assert other.log_likelihood_ == one.log_likelihood_


@pytest.mark.parametrize("model", MODELS)
def test_weights_count_as_rows_and_a_million_of_each_sharpens_the_errors_a_thousandfold(cx, model):
    part = cx.iloc[:400]
    one, twice = model().fit(part), model().fit(pd.concat([part, part], ignore_index=True))
    many, double = model().fit(part.assign(weights=1e6)), model().fit(part.assign(weights=2))
    assert double.params_.tolist() == twice.params_.tolist()
    np.testing.assert_allclose(many.params_, one.params_, rtol=1e-6)
    np.testing.assert_allclose(many.standard_errors_ * 1000, one.standard_errors_, rtol=1e-5)


def test_very_many_cases_are_searched_in_part_and_climbed_inpieces_of(monkeypatch):
    frame = simulate(PARETO, 3000, T=39, seed=1)
    whole = ParetoNBD().fit(frame)
    monkeypatch.setattr(search_file, "ENOUGH", 300)
    monkeypatch.setattr(search_file, "AT_ONCE", 500)
    cases = as_cases(frame)
    few = search_file.thinned(cases)
    assert len(few) <= 300
    assert few.weight.sum() == 300
    assert np.average(few.x, weights=few.weight) == pytest.approx(frame["frequency"].mean(), rel=0.02)
    pieces = search_file.pieces_of(cases)
    assert sum(map(len, pieces)) == len(cases)
    np.testing.assert_allclose(ParetoNBD().fit(frame).params_, whole.params_, rtol=1e-8)


# Maxima


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_on_cdnow_is_a_sharp_maximum(cx, model):
    found = model().fit(cx).optimum_
    assert found.gradient_norm < GRADIENT
    assert found.eigenvalues[0] > FLAT
    assert not found.at_limit.any()
    assert found.reached
    covariance = found.log_covariance
    assert (covariance == covariance.T).all()
    assert np.linalg.eigvalsh(covariance)[0] > 0


def test_the_higher_of_two_maxima_is_found():
    truth = MBGNBD.with_params(r=4.5, alpha=60, a=0.8, b=0.08)
    frame = simulate(truth, 1000, T=39, seed=5)
    fitted, cases = MBGNBD().fit(frame), as_cases(frame)
    ends = []
    for start in ((5.0, 60.0, 0.9, 0.08), (0.06, 6.0, 4.0, 7.0)):
        found = maximise(lambda u: MBGNBD._derivatives(u, cases), centre=start, customers=1000)
        ends.append(found.derivatives.value)
    assert ends[0] > ends[1] + 1
    assert fitted.log_likelihood_ == pytest.approx(max(ends), abs=1e-4)


@pytest.mark.parametrize("larger", [ParetoNBD, BGNBD, MBGNBD])
def test_a_model_with_dropout_is_never_worse_than_the_nbd_it_contains(larger):
    steady = NBD.with_params(r=0.5, alpha=8.0)
    for truth, seed in ((steady, 1), (steady, 2), (BG, 3), (PARETO, 4)):
        frame = simulate(truth, 300, T=39, seed=seed)
        assert larger().fit(frame).log_likelihood_ > NBD().fit(frame).log_likelihood_ - 0.01


def test_small_bg_sets_all_end_quickly_with_a_verdict():
    kinds, start = [], time.process_time()
    for frame in small_bg_sets():
        fitted = BGNBD().fit(frame)
        verdict = fitted.verdict_
        kinds.append(verdict.kind)
        assert verdict.usable
        assert fitted.optimum_.iterations < 200
        if verdict.limits:
            assert verdict.limits == ("a", "b")
            assert "a/(a+b)" in verdict.en
    assert time.process_time() - start < 10
    assert kinds.count("boundary") >= 2
    assert kinds.count("not_converged") == 0
    assert len({*kinds}) == 3


# Torture: extreme but possible customers


@st.composite
def customers(draw):
    count = draw(st.integers(1, 6))
    scale = 10.0 ** draw(st.integers(-6, 6))
    rows = []
    for _ in range(count):
        length = scale * 10.0 ** draw(st.floats(-2, 2))
        x = draw(st.sampled_from([0, 0, 1, 1, 2, 3, 7, 52, 1000, 100_000]))
        share = draw(st.sampled_from([1.0, 1.0, 1e-3, 0.5, 0.9, 0.999]))
        rows.append((x, length * share if x else 0.0, length, draw(st.sampled_from([1.0, 3.0, 1e6]))))
    return pd.DataFrame(rows, columns=["frequency", "recency", "T", "weights"])


@pytest.mark.parametrize("model", MODELS)
@settings(derandomize=True, deadline=None, max_examples=12)
@given(frame=customers())
def test_whatever_the_customers_a_fit_ends_with_a_verdict(model, frame):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if not frame["frequency"].any():
            with pytest.raises(InputError, match="nobody bought twice"):
                model().fit(frame)
            return
        fitted = model().fit(frame)
        verdict = fitted.verdict_
        assert verdict.kind in {"converged", "boundary", "not_identified", "not_converged"}
        assert verdict.zh
        assert verdict.en
        assert np.isfinite(fitted.params_).all()
        assert (fitted.params_ > 0).all()
        assert np.isfinite(fitted.log_likelihood_)
        table = fitted.summary()
        assert table.attrs["verdict"] == verdict.kind


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("k", [1e-8, 1e8])
def test_tiny_and_huge_times_change_nothing(model, k):
    frame = simulate(PARETO, 200, T=39, seed=2)
    one, other = model().fit(frame), model().fit(in_unit(frame, k))
    assert other.verdict_.kind == one.verdict_.kind
    scale = np.array([k if name in TIMES else 1.0 for name in model.names])
    if one.verdict_.kind == "converged":
        np.testing.assert_allclose(other.params_, one.params_ * scale, rtol=1e-6)


def test_the_second_start_finds_the_higher_of_two_maxima():
    """Most stay for good and a few leave at once: from the middle the search ends at one dropout rate for all."""
    truth = ParetoNBD.with_params(r=1, alpha=5, s=0.02, beta=1e-12)
    cases = as_cases(simulate(truth, 500, T=39, seed=2))
    model = ParetoNBD()
    region = {"centre": model._centre(cases), "reach": model._reach(cases), "customers": cases.customers}
    middle = maximise(lambda u: model._derivatives(u, cases), **region)
    both = maximise(lambda u: model._derivatives(u, cases), starts=ParetoNBD.starts, **region)
    assert both.derivatives.value > middle.derivatives.value + 0.1
    assert both.params[2] < 0.1 < middle.params[2]
