"""sBG and BdW: the published contracts, sums and simulations, invariants, and what they refuse."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import betaln, chdtrc

from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.contract_draws import count_limits, drawn, with_limits
from crm_analysis.clv.contracts.contractual import ContractModel
from crm_analysis.clv.contracts.residual import residual_life
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.contracts.tenures import as_tenures
from crm_analysis.errors import InputError

SURVIVING = {  # per cent of 1,000 customers after 0-12 years, Fader & Hardie (2007), table 1
    "regular": [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3],
    "high": [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4],
}
DATA = {name: 10 * np.array(shares) for name, shares in SURVIVING.items()}
FEW = settings(derandomize=True, deadline=None, max_examples=30)
shape = st.floats(-3, 4).map(np.exp)
params = st.tuples(shape, shape, st.floats(0.4, 2.5))
each = pytest.mark.parametrize("kind", [SBG, BdW])
TRUE = {SBG: (0.7, 3.8), BdW: (0.5, 1.5, 1.4)}


def at(kind, values):
    return kind.with_params(**dict(zip(kind.names, values)))


@pytest.fixture(scope="module")
def fits():
    return {(kind, name): kind().fit(data[:8]) for kind in (SBG, BdW) for name, data in DATA.items()}


# Published numbers


@pytest.mark.parametrize(
    ("kind", "name", "values", "likelihood", "rel"),
    [
        (SBG, "regular", [0.704077, 1.182043], -1680.2652, 1e-4),
        (SBG, "high", [0.668088, 3.806095], -1611.1581, 1e-4),
        (BdW, "regular", [0.455614, 0.779325, 1.283451], -1679.6028, 1e-3),
        (BdW, "high", [0.214253, 1.426575, 1.723565], -1605.3142, 1e-3),
    ],
)
def test_fits_of_the_papers(kind, name, values, likelihood, rel, fits):
    fit = fits[kind, name]
    assert fit.log_likelihood_ == pytest.approx(likelihood, abs=1e-3)
    np.testing.assert_allclose(fit.params_, values, rtol=rel)
    assert fit.customers_ == 1000
    assert fit.optimum_.gradient_norm < 1e-6
    assert fit.log_likelihood(DATA[name][:8]) == pytest.approx(fit.log_likelihood_, rel=1e-12)


def test_fader_and_hardies_rounded_parameters(fits):
    assert fits[SBG, "regular"].params_.round(3).tolist() == [0.704, 1.182]
    assert fits[SBG, "high"].params_.round(3).tolist() == [0.668, 3.806]


@pytest.mark.parametrize(("kind", "regular", "high"), [(SBG, 17.0, 37.8), (BdW, 17.7, 40.4)])
def test_projection_to_year_12(kind, regular, high, fits):
    for name, expected in (("regular", regular), ("high", high)):
        assert 100 * fits[kind, name].survival(12) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((3.80, 15.20), [3.31, 3.45, 3.59, 3.72, 3.84]), ((0.067, 0.267), [7.67, 9.46, 9.85, 10.06, 10.19])],
)
def test_residual_lifetimes_of_the_paper(values, expected):
    """Before renewal n = 1 ... 5, that is after n - 1 renewals (Fader & Hardie 2010, table 3)."""
    found = at(SBG, values).residual_lifetime(range(5), discount_per_period=0.1)
    np.testing.assert_allclose(found["residual_lifetime"], expected, atol=0.01)


def test_the_bdw_fits_high_end_better_and_regular_not(fits):
    gain = {name: 2 * (fits[BdW, name].log_likelihood_ - fits[SBG, name].log_likelihood_) for name in DATA}
    assert chdtrc(1, gain["high"]) == pytest.approx(0.00063, abs=5e-5)
    assert chdtrc(1, gain["regular"]) == pytest.approx(0.25, abs=0.005)
    assert fits[BdW, "high"].aic_ < fits[SBG, "high"].aic_
    assert fits[SBG, "regular"].bic_ == pytest.approx(2 * np.log(1000) + 2 * 1680.2652, abs=2e-3)


# By hand


@FEW
@given(values=params, n=st.integers(0, 40))
def test_survival_is_the_ratio_of_betas(values, n):
    alpha, beta, c = values
    t = np.arange(13)
    plain = np.exp(betaln(alpha, beta + (n + t) ** c) - betaln(alpha, beta + n**c))
    np.testing.assert_allclose(at(BdW, values).survival(t, tenure=n), plain, rtol=1e-9)
    plain = np.exp(betaln(alpha, beta + n + t) - betaln(alpha, beta + n))
    np.testing.assert_allclose(at(SBG, values[:2]).survival(t, tenure=n), plain, rtol=1e-9)


@FEW
@given(values=params)
def test_what_is_lost_is_what_is_not_kept(values):
    for model in (at(SBG, values[:2]), at(BdW, values)):
        t = np.arange(1, 30)
        survival, rate, lost = model.survival(t), model.retention_rate(t), model.churn_probability(t)
        np.testing.assert_allclose(rate.cumprod(), survival, rtol=1e-10)
        np.testing.assert_allclose(1 - lost.cumsum(), survival, atol=1e-12)
        np.testing.assert_allclose(model.survival(t, tenure=5) * model.survival(5), model.survival(t + 5), rtol=1e-10)
        np.testing.assert_allclose(model.retention_rate(t, tenure=5), model.retention_rate(t + 5), rtol=1e-12)


@FEW
@given(alpha=shape, beta=shape, n=st.integers(0, 30))
def test_the_sbg_in_closed_form(alpha, beta, n):
    model, t = at(SBG, (alpha, beta)), np.arange(1, 20)
    np.testing.assert_allclose(model.retention_rate(t), (beta + t - 1) / (alpha + beta + t - 1), rtol=1e-10)
    lost = np.exp(betaln(alpha + 1, beta + t - 1) - betaln(alpha, beta))
    np.testing.assert_allclose(model.churn_probability(t), lost, rtol=1e-9)
    assert (np.diff(model.retention_rate(t)) > 0).all()
    life = model.residual_lifetime([n, n + 1, n + 7], discount_per_period=0.1)["residual_lifetime"]
    assert (np.diff(life) > 0).all()


@FEW
@given(alpha=shape, beta=shape)
def test_the_bdw_with_c_1_is_the_sbg(alpha, beta):
    one, two = at(SBG, (alpha, beta)), at(BdW, (alpha, beta, 1.0))
    t = np.arange(1, 15)
    np.testing.assert_allclose(two.survival(t, tenure=3), one.survival(t, tenure=3), rtol=1e-12)
    assert two.log_likelihood(DATA["high"]) == pytest.approx(one.log_likelihood(DATA["high"]), rel=1e-12)
    lives = [m.residual_lifetime([0, 4], discount_per_period=0.1)["residual_lifetime"] for m in (one, two)]
    np.testing.assert_allclose(*lives, rtol=1e-9)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(SBG, (0.7, 1.2)), (SBG, (3.0, 0.5)), (BdW, (0.5, 1.5, 1.4)), (BdW, (0.2, 3.0, 0.5)), (BdW, (5.0, 200.0, 2.5))],
)
@pytest.mark.parametrize("d", [0.9, 0.1, 0.01])
def test_lifetimes_are_the_sums(kind, values, d):
    model, v, k = at(kind, values), 1 / (1 + d), np.arange(6000)
    expected = [v**k @ (model.survival(n + 1 + k) / model.survival(n)) for n in (0, 3, 40)]
    found = model.residual_lifetime([40, 0, 3], discount_per_period=d)["residual_lifetime"]
    np.testing.assert_allclose(found, np.roll(expected, 1), rtol=1e-9)
    base = residual_life(model._log_kept, model.theta_, np.array([0, 3, 40]), v, np.inf)
    np.testing.assert_allclose(base, expected, rtol=1e-9)
    whole = model.discounted_lifetime(discount_per_period=d).value
    assert whole == pytest.approx(v**k @ model.survival(k), rel=1e-9)
    assert whole == pytest.approx(1 + v * expected[0], rel=1e-9)
    five = model.discounted_lifetime(discount_per_period=d, horizon=5).value
    assert five == pytest.approx(v ** k[:5] @ model.survival(k[:5]), rel=1e-12)
    two = model.residual_lifetime(3, discount_per_period=d, horizon=2)["residual_lifetime"].iloc[0]
    assert two == pytest.approx(model.survival(1, tenure=3) + v * model.survival(2, tenure=3), rel=1e-12)


def test_without_discount():
    ends = at(SBG, (3.0, 4.0))
    assert ends.discounted_lifetime(discount_per_period=0).value == pytest.approx(6 / 2)
    assert ends.residual_lifetime(2, discount_per_period=0)["residual_lifetime"][0] == pytest.approx(6 / 2)
    with pytest.raises(InputError, match="stay for ever"):
        at(SBG, (0.7, 4.0)).discounted_lifetime(discount_per_period=0)
    with pytest.raises(InputError, match="without a horizon and a discount"):
        at(BdW, (3, 4.0, 1.2)).residual_lifetime(0, discount_per_period=0)
    within = at(BdW, (3, 4.0, 1.2))
    assert within.discounted_lifetime(discount_per_period=0, horizon=4).value == pytest.approx(
        within.survival(range(4)).sum()
    )


def test_lifetimes_fall_with_the_discount():
    for model in (at(SBG, TRUE[SBG]), at(BdW, TRUE[BdW])):
        lives = [model.discounted_lifetime(discount_per_period=d).value for d in (1e-4, 1e-3, 0.01, 0.1, 1)]
        assert lives == sorted(lives, reverse=True)


@each
@pytest.mark.parametrize("values", [(1e-3, 1e5), (1e5, 1e-3), (1e5, 1e5), (1e-3, 1e-3), (1, 1)])
@pytest.mark.parametrize("c", [0.1, 1.0, 5.0])
def test_extreme_parameters_and_long_tenures(kind, values, c):
    model, t = at(kind, (*values, c)), np.array([1, 2, 100, 5000])
    for found in (
        model.survival(t),
        model.retention_rate(t),
        model.churn_probability(t),
        model.survival(t, tenure=999),
    ):
        assert found.between(0, 1).all()
    life = model.residual_lifetime([0, 10, 5000], discount_per_period=0.01)["residual_lifetime"]
    assert life.between(0, 101).all()


# Fits


@each
@pytest.mark.parametrize("shift", [0.0, 0.4, -0.6])
def test_derivatives_are_those_of_the_likelihood(kind, shift, fits):
    fit, tenures, h = fits[kind, "high"], as_tenures(DATA["high"][:8]), 1e-5
    u = fit.optimum_.log_params + shift
    found = kind._derivatives(u, tenures)
    assert fit._log_posterior(u[None])[0] == pytest.approx(found.value, rel=1e-13)
    sides = [[kind._derivatives(u + side * step, tenures) for side in (1, -1)] for step in h * np.eye(len(u))]
    slope = [(up.value - down.value) / (2 * h) for up, down in sides]
    np.testing.assert_allclose(found.gradient, slope, rtol=1e-6, atol=1e-4)
    bend = [(up.gradient - down.gradient) / (2 * h) for up, down in sides]
    np.testing.assert_allclose(found.hessian, bend, rtol=1e-6, atol=1e-4)


def test_draws_are_scored_in_pieces(fits, monkeypatch):
    fit = fits[SBG, "high"]
    points = fit.optimum_.log_params + np.random.default_rng(0).normal(0, 0.1, (50, 2))
    whole = fit._log_posterior(points)
    monkeypatch.setattr("crm_analysis.clv.contracts.contractual.CELLS", 20)
    np.testing.assert_array_equal(fit._log_posterior(points), whole)


@each
def test_forms_of_the_data_give_the_same_fit(kind, fits):
    still = DATA["high"][:8].astype(int)
    lost = -np.diff(still)
    each_one = pd.DataFrame(
        {"tenure": [*np.repeat(np.arange(1, 8), lost), *[7] * still[-1]], "ended": [True] * lost.sum() + [False] * 491}
    )
    mixed = each_one.sample(frac=1, random_state=1)
    weighted = each_one.groupby(["tenure", "ended"]).size().rename("weights").reset_index()
    for data in (each_one, mixed, weighted, pd.Series(still), still.tolist()):
        again = kind().fit(data)
        pd.testing.assert_series_equal(again.params_, fits[kind, "high"].params_, check_exact=True)
        pd.testing.assert_frame_equal(again.covariance_, fits[kind, "high"].covariance_, check_exact=True)


@FEW
@given(seed=st.integers(0, 10_000), values=params)
def test_the_larger_model_never_fits_worse(seed, values):
    data = at(BdW, values).simulate(400, periods=7, seed=seed)
    tenures = as_tenures(data)
    assume(tenures.periods >= 3)
    assume(tenures.lost.sum() > 0)
    small, large = SBG().fit(data), BdW().fit(data)
    assert large.log_likelihood_ >= small.log_likelihood_ - 1e-3


@each
def test_clone_pickle_and_json_predict_the_same(kind, fits):
    from sklearn.base import clone

    fit = fits[kind, "high"]
    copies = [
        clone(fit).fit(DATA["high"][:8]),
        pickle.loads(pickle.dumps(fit)),
        kind.with_params(**json.loads(json.dumps(fit.params_.to_dict()))),
    ]
    for copy in copies:
        pd.testing.assert_series_equal(copy.survival(range(20)), fit.survival(range(20)), check_exact=True)
    pd.testing.assert_frame_equal(copies[1].project(3), fit.project(3), check_exact=True)
    assert (np.linalg.eigvalsh(fit.covariance_) > 0).all()
    pd.testing.assert_frame_equal(fit.covariance_, fit.covariance_.T, check_exact=True)


@each
def test_recovery_of_known_parameters(kind):
    true = at(kind, TRUE[kind])
    data = true.simulate(30_000, periods=10, seed=3)
    fit = kind().fit(data)
    off = (np.log(fit.params_) - np.log(true.params_)) / np.sqrt(np.diag(fit.log_covariance_))
    assert (off.abs() < 3).all(), off


@each
def test_simulated_contracts(kind):
    model = at(kind, TRUE[kind])
    made = model.simulate(40_000, periods=8, seed=1)
    assert made.index[:2].tolist() == ["1", "2"]
    assert made["tenure"].between(1, 8).all()
    assert (made["ended"] == (made["leaves_at"] <= 8)).all()
    assert made["first_churn"].mean() == pytest.approx(model.churn_probability(1), abs=0.005)
    for t in (1, 4, 8):
        share = (made["leaves_at"] > t).mean()
        assert share == pytest.approx(model.survival(t), abs=4 * 0.5 / 200)
    pd.testing.assert_frame_equal(made, model.simulate(40_000, periods=8, seed=1))


def test_customers_alike_leave_their_spread_open():
    """Constant retention: alpha and beta grow together, survival is known all the same."""
    still = np.rint(1000 * 0.8 ** np.arange(8))
    for kind in (SBG, BdW):
        fit = kind().fit(still)
        assert fit.survival(7) == pytest.approx(0.21, abs=0.005)
        table = fit.project(14, customers=210, tenure=7)
        assert table["survival"].iloc[0] == pytest.approx(0.8, abs=0.01)
        assert table.notna().all(axis=None)
        assert (table["survival_high"] - table["survival_low"]).iloc[0] < 0.12


# Projections


def test_the_projection_table(fits):
    fit = fits[BdW, "high"]
    table = fit.project(5, customers=491, tenure=7)
    assert table.index.tolist() == [8, 9, 10, 11, 12]
    assert table.index.name == "period"
    np.testing.assert_allclose(table["survival"], fit.survival(range(1, 6), tenure=7))
    np.testing.assert_allclose(table["retention_rate"], fit.retention_rate(range(1, 6), tenure=7))
    np.testing.assert_allclose(table["churn_probability"], fit.churn_probability(range(1, 6), tenure=7))
    np.testing.assert_allclose(table["expected_customers"], 491 * table["survival"])
    for name in ("survival", "retention_rate", "churn_probability", "expected_customers"):
        assert ((table[f"{name}_low"] < table[name]) & (table[name] < table[f"{name}_high"])).all()
    assert (table["customers_low"] < table["expected_customers_low"]).all()
    assert (table["customers_high"] > table["expected_customers_high"]).all()
    assert table.attrs == {"model": "bdw", "customers": 491, "tenure": 7, "level": 0.95, "unit": ""}
    actual = DATA["high"][8:]
    assert ((table["customers_low"] <= actual) & (actual <= table["customers_high"])).all()
    assert "expected_customers" not in fit.project(2)
    narrow = fit.project(5, level=0.5)
    wide = fit.project(5)
    assert (narrow["survival_high"] < wide["survival_high"]).all()


def test_projection_at_known_parameters():
    table = at(SBG, (0.7, 3.8)).project(3, customers=100)
    assert table[["survival_low", "retention_rate_high"]].isna().all(axis=None)
    assert table["customers_low"].tolist() == sorted(table["customers_low"], reverse=True)
    assert (table["customers_low"] < table["expected_customers"]).all()
    assert not table.isna().any()[["customers_low", "customers_high", "survival"]].any()


def test_outcome_intervals_hold_what_they_promise():
    """Counts drawn from the same draws of the share lie within the limits as often as stated."""
    rng = np.random.default_rng(0)
    share = rng.beta(30, 20, (500, 2))
    low, high = count_limits(share, 80, level=0.9)
    counts = rng.binomial(80, np.repeat(share, 200, axis=0))
    inside = ((counts >= low) & (counts <= high)).mean(axis=0)
    assert (inside >= 0.895).all()
    assert (inside < 0.93).all()
    assert [part.tolist() for part in count_limits(np.array([[0.0, 1.0]]), 5, level=0.95)] == [[0, 5], [0, 5]]


def test_parameter_intervals_agree_with_the_standard_error(fits):
    """With 1,000 customers the posterior of alpha is nearly log-normal."""
    fit = fits[SBG, "regular"]
    value, low, high = with_limits(fit, lambda theta: theta[0][..., None][..., 0], drawn(fit, 0), level=0.95)
    width = np.log(high / low) / (2 * 1.96)
    assert width == pytest.approx(np.sqrt(fit.log_covariance_.loc["alpha", "alpha"]), rel=0.15)
    assert low < value < high


def test_lifetimes_with_their_interval(fits):
    fit = fits[SBG, "high"]
    found = fit.discounted_lifetime(discount_per_period=0.1)
    assert found.low < found.value < found.high
    ids = pd.Series([3, 0, 3], index=["a", "b", "c"])
    table = fit.residual_lifetime(ids, discount_per_period=0.1)
    assert table.index.tolist() == ["a", "b", "c"]
    assert table["tenure"].tolist() == [3, 0, 3]
    assert table.loc["a"].equals(table.loc["c"].rename("a"))
    assert (table["residual_lifetime_low"] < table["residual_lifetime"]).all()
    again = fit.residual_lifetime(ids, discount_per_period=0.1)
    pd.testing.assert_frame_equal(table, again, check_exact=True)


def test_answers_take_the_shape_of_the_question():
    model = at(SBG, TRUE[SBG])
    assert isinstance(model.survival(3), float)
    assert model.survival(0) == 1
    over = model.survival([0, 2, 5])
    assert (over.index.name, over.index.tolist(), over.name) == ("period", [0, 2, 5], "survival")
    tenures = pd.Series([4, 0], index=["x", "y"])
    by = model.retention_rate(1, tenure=tenures)
    assert by.index.tolist() == ["x", "y"]
    both = model.churn_probability([1, 2], tenure=tenures)
    assert both.shape == (2, 2)
    assert both.loc["y", 2] == pytest.approx(model.churn_probability(2))


# What is refused


def test_what_cannot_be_fitted():
    with pytest.raises(InputError, match="3 parameters cannot be told from 2 renewals"):
        BdW().fit([100, 60, 40])
    with pytest.raises(InputError, match="nobody left"):
        SBG().fit([100, 100, 100])
    with pytest.raises(InputError, match="customers grow again"):
        SBG().fit([100, 60, 70])


@each
def test_a_model_must_be_fitted_first(kind):
    for ask in (
        lambda m: m.survival(1),
        lambda m: m.project(3),
        lambda m: m.simulate(10),
        lambda m: m.discounted_lifetime(discount_per_period=0.1),
        lambda m: m.log_likelihood([9, 5]),
    ):
        with pytest.raises(InputError, match="not fitted yet"):
            ask(kind())


@pytest.mark.parametrize("t", [-1, 1.5, "3", None, np.nan, np.inf, [[1]], [1, -2]])
def test_impossible_times(t):
    model = at(SBG, TRUE[SBG])
    with pytest.raises(InputError, match="t must be whole numbers from 0"):
        model.survival(t)
    with pytest.raises(InputError, match="tenure must be whole numbers from 0"):
        model.survival(1, tenure=t)
    with pytest.raises(InputError, match="t must be whole numbers from 1"):
        model.retention_rate(0)


@pytest.mark.parametrize("discount", [-0.1, 10, "0.1", None, np.nan])
def test_impossible_discounts(discount):
    with pytest.raises(InputError, match="discount_per_period must lie between 0 and 1"):
        at(SBG, TRUE[SBG]).discounted_lifetime(discount_per_period=discount)


def test_a_discount_in_per_cent_is_explained():
    with pytest.raises(InputError, match=r"10 % is 0\.1"):
        at(SBG, TRUE[SBG]).discounted_lifetime(discount_per_period=10)


def test_impossible_horizons_and_counts():
    model = at(SBG, TRUE[SBG])
    with pytest.raises(InputError, match="horizon must be whole numbers from 1"):
        model.discounted_lifetime(discount_per_period=0.1, horizon=2.5)
    with pytest.raises(InputError, match="periods must be a whole number from 1; got 0; tenure must be"):
        model.project(0, tenure=-1)
    with pytest.raises(InputError, match="customers must be a whole number from 1"):
        model.project(3, customers=10.5)
    with pytest.raises(InputError, match="customers must be whole"):
        model.simulate(0)
    with pytest.raises(ValueError, match="level"):
        model.project(3, level=95)


def test_a_model_states_its_formulas():
    for name, many in (("_log_kept", 3), ("_slopes", 2), ("_centre", 1), ("_leaving", 3)):
        with pytest.raises(NotImplementedError):
            getattr(ContractModel, name)(*[None] * many)
