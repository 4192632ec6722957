"""BG/BB: the donations of the paper, every history enumerated, and what it refuses."""

from __future__ import annotations

import itertools
import json
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import roots_jacobi

from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.models.occasions import occasions, with_occasions
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import bundled_file

PAPER = {"alpha": 1.203522, "beta": 0.749716, "gamma": 0.656718, "delta": 2.783441}
FEW = settings(derandomize=True, deadline=None, max_examples=25)
params = st.tuples(*[st.floats(-3, 4).map(np.exp)] * 4)


@pytest.fixture(scope="module")
def donations():
    """22 patterns of 11,104 donors on 6 yearly occasions."""
    return pd.read_csv(bundled_file(sample=True).with_name("donations.csv"))


@pytest.fixture(scope="module")
def fit(donations):
    return BGBB().fit(donations)


def at(values):
    return BGBB.with_params(**dict(zip(BGBB.names, values)))


def people(*rows):
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


class Truth:
    """Every history of n occasions by the sum over chances of buying and leaving; Gauss-Jacobi sums are exact here."""

    def __init__(self, values, n):
        alpha, beta, gamma, delta = values
        self.n = n
        (p, wp), (q, wq) = self.nodes(alpha, beta, n), self.nodes(gamma, delta, n)
        self.p, self.q = p[:, None], q[None]
        self.weight = wp[:, None] * wq[None]

    @staticmethod
    def nodes(a, b, n):
        x, w = roots_jacobi(n // 2 + 3, b - 1, a - 1)
        return (1 + x) / 2, w / w.sum()

    def probability(self, history):
        """P(history), and P(history and alive at the end)."""
        total = 0.0
        for lived in range(self.n + 1):
            if any(history[lived:]):
                continue
            bought = sum(history[:lived])
            chance = (1 - self.q) ** lived * (self.q if lived < self.n else 1)
            part = (self.weight * chance * self.p**bought * (1 - self.p) ** (lived - bought)).sum()
            total, alive = total + part, part if lived == self.n else 0.0
        return total, alive


def last(history):
    return max((i for i, bought in enumerate(history, 1) if bought), default=0)


# Published numbers


def test_the_fit_of_the_paper(fit):
    assert fit.log_likelihood_ == pytest.approx(-33225.5813, abs=1e-3)
    np.testing.assert_allclose(fit.params_, list(PAPER.values()), rtol=1e-4)
    np.testing.assert_allclose(fit.standard_errors_, [0.0694, 0.0295, 0.0510, 0.3208], rtol=2e-3, atol=5e-5)
    assert fit.params_.round(3).tolist() == [1.204, 0.750, 0.657, 2.783]
    assert fit.customers_ == 11104
    assert fit.optimum_.gradient_norm < 1e-6


def test_predictions_of_the_paper(donations):
    model = BGBB.with_params(**PAPER)
    ahead = model.probability_alive(people((0, 0, 6), (2, 4, 6), (6, 6, 6)), ahead=1)
    np.testing.assert_allclose(ahead, [0.108133, 0.589657, 0.930434], atol=5e-7)
    ten = model.expected_purchases(people((0, 0, 6), (4, 5, 6)), horizon=10)
    np.testing.assert_allclose(ten, [0.130218, 3.627968], atol=5e-7)
    assert model.expected_purchases(horizon=10) == pytest.approx(3.179829, abs=5e-7)
    five = model.expected_purchases(donations, horizon=5) * donations["weights"]
    assert five.sum() == pytest.approx(12884.157, abs=5e-4)
    donors = 11104 * model.purchase_probability(n=[0, 3, 6], horizon=6)
    np.testing.assert_allclose(donors, [3454.88, 1113.38, 1253.11], atol=6e-3)


# Every history


@pytest.mark.parametrize("values", [tuple(PAPER.values()), (0.3, 2.0, 1.0, 0.5), (12.0, 5.0, 2.5, 30.0)])
def test_likelihoods_of_all_histories(values):
    n, model = 6, at(values)
    truth, total = Truth(values, n), 0.0
    for history in itertools.product((0, 1), repeat=n):
        frame = people((sum(history), last(history), n))
        likelihood, alive = truth.probability(history)
        assert np.exp(model.log_likelihood(frame)[0]) == pytest.approx(likelihood, rel=1e-10)
        assert model.probability_alive(frame)[0] == pytest.approx(alive / likelihood, rel=1e-10)
        total += likelihood
    assert total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("values", [tuple(PAPER.values()), (0.3, 2.0, 1.0, 0.5)])
@pytest.mark.parametrize("past", [(), (0, 0, 0), (1, 0, 1), (1, 1, 0)])
def test_predictions_by_all_continuations(values, past):
    model, ahead = at(values), 4
    truth, now = Truth(values, len(past) + ahead), Truth(values, len(past))
    chances, alive = np.zeros(ahead + 1), 0.0
    for future in itertools.product((0, 1), repeat=ahead):
        likelihood, living = truth.probability(past + future)
        chances[sum(future)] += likelihood
        alive += living
    known = now.probability(past)[0]
    frame = people((sum(past), last(past), len(past))) if past else None
    found = np.ravel(model.purchase_probability(frame, n=range(ahead + 2), horizon=ahead))
    np.testing.assert_allclose(found, [*chances / known, 0], rtol=1e-9, atol=1e-15)
    mean = np.ravel(model.expected_purchases(frame, horizon=ahead))[0]
    assert mean == pytest.approx(chances @ np.arange(ahead + 1) / known, rel=1e-10)
    assert np.ravel(model.probability_alive(frame, ahead=ahead))[0] == pytest.approx(alive / known, rel=1e-10)


# Properties


@FEW
@given(values=params, n=st.integers(1, 60), share=st.floats(0, 1), lapse=st.floats(0, 1), horizon=st.integers(1, 40))
def test_predictions_hang_together(values, n, share, lapse, horizon):
    tx = round(n * (1 - lapse))
    x = max(min(tx, 1), round(tx * share))
    model, frame = at(values), people((x, tx, n))
    chance = model.purchase_probability(frame, n=range(horizon + 1), horizon=horizon).iloc[0].to_numpy()
    mean = np.array([model.expected_purchases(frame, horizon=t)[0] for t in range(horizon + 1)])
    assert chance.sum() == pytest.approx(1, abs=1e-10)
    assert chance @ np.arange(horizon + 1) == pytest.approx(mean[-1], abs=1e-10)
    steps = np.diff(mean)
    assert mean[0] == 0
    assert (steps >= 0).all()
    assert (np.diff(steps) <= 1e-12).all()
    alive = [model.probability_alive(frame, ahead=t)[0] for t in (0, 1, horizon + 1)]
    assert 1 >= alive[0] >= alive[1] >= alive[2] >= 0
    assert alive[0] == 1 or tx < n


def test_discounted_purchases_are_the_sum():
    model, frame = BGBB.with_params(**PAPER), people((4, 5, 6), (0, 0, 6))
    d, total, before = 0.1, 0.0, 0.0
    for i in range(1, 400):
        mean = model.expected_purchases(frame, horizon=i)
        total, before = total + (mean - before) * (1 + d) ** -i, mean
        if i == 20:
            found = model.discounted_purchases(frame, discount=np.log1p(d), horizon=20)
            np.testing.assert_allclose(found, total, rtol=1e-12)
    np.testing.assert_allclose(model.discounted_purchases(frame, discount=np.log1p(d)), total, rtol=1e-10)
    falling = [model.discounted_purchases(frame, discount=rate)[0] for rate in (0.01, 0.1, 0.5)]
    assert falling == sorted(falling, reverse=True)


def test_without_discount_the_sum_has_an_end_only_if_gamma_is_above_1():
    frame = people((4, 5, 6))
    finite = BGBB.with_params(**PAPER | {"gamma": 2.5})
    far = finite.expected_purchases(frame, horizon=30_000)[0]
    assert finite.discounted_purchases(frame, discount=0)[0] == pytest.approx(far, rel=1e-5)
    with pytest.raises(InputError, match="without end"):
        BGBB.with_params(**PAPER).discounted_purchases(frame, discount=0)


@pytest.mark.parametrize("name", ["gamma", "delta", "alpha", "beta"])
def test_nothing_special_happens_at_1(name):
    frame = people((2, 4, 6))
    models = [BGBB.with_params(**PAPER | {name: value}) for value in (1 - 1e-7, 1, 1 + 1e-7)]
    for ask in (
        lambda m: m.expected_purchases(frame, horizon=10)[0],
        lambda m: m.probability_alive(frame, ahead=3)[0],
        lambda m: m.discounted_purchases(frame, discount=0.05)[0],
        lambda m: m.log_likelihood(frame)[0],
    ):
        below, exactly, above = (ask(model) for model in models)
        assert exactly == pytest.approx((below + above) / 2, rel=1e-11)


@pytest.mark.parametrize("values", list(itertools.product((1e-3, 1e5), repeat=4)))
def test_extreme_parameters_and_long_histories(values):
    model, frame = at(values), people((0, 0, 1000), (1, 1, 1000), (400, 800, 1000), (1000, 1000, 1000), (3, 5, 6))
    alive = model.probability_alive(frame)
    assert alive.between(0, 1).all()
    assert alive[3] == 1
    assert np.isfinite(model.log_likelihood(frame)).all()
    for found in (
        model.expected_purchases(frame, horizon=10),
        model.discounted_purchases(frame, discount=0.1),
        model.purchase_probability(frame, n=10, horizon=10),
    ):
        assert np.isfinite(found).all()
        assert (found >= 0).all()


def test_formulas_broadcast_draws_against_customers():
    draws = np.exp(np.random.default_rng(0).normal(0, 0.2, (5, 4))) * list(PAPER.values())
    x, tx, n = np.array([0.0, 2, 6]), np.array([0.0, 4, 6]), np.array([6.0, 6, 7])
    theta, frame = tuple(draws.T[:, :, None]), people((0, 0, 6), (2, 4, 6), (6, 6, 7))
    updated = BGBB._updated(theta, x, n)
    together = [
        BGBB._rows(theta, x, tx, n),
        BGBB._alive(theta, x, tx, n),
        BGBB._alive(theta, x, tx, n) * BGBB._mean(updated, np.asarray(5.0)),
        BGBB._alive(theta, x, tx, n) * BGBB()._discounted(updated, 0.1, np.inf),
        BGBB._alive(theta, x, tx, n) * BGBB._pmf(updated, np.asarray(3.0), np.asarray(5.0)),
    ]
    for k, values in enumerate(draws):
        model = at(values)
        one = [
            model.log_likelihood(frame),
            model.probability_alive(frame),
            model.expected_purchases(frame, horizon=5),
            model.discounted_purchases(frame, discount=0.1),
            model.purchase_probability(frame, n=3, horizon=5),
        ]
        for found, expected in zip(together, one):
            np.testing.assert_allclose(found[k], expected, rtol=1e-12)


def test_horizons_per_customer():
    model, frame = BGBB.with_params(**PAPER), people((0, 0, 6), (2, 4, 6))
    found = model.expected_purchases(frame, horizon=[3, 7])
    expected = [model.expected_purchases(frame.iloc[[k]], horizon=t).iloc[0] for k, t in enumerate((3, 7))]
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert model.expected_purchases(horizon=[1, 2]).shape == (2,)


# Fits


@pytest.mark.parametrize("shift", [0.0, 0.3, -0.5])
def test_derivatives_are_those_of_the_likelihood(fit, donations, shift):
    cases, u, h = occasions(donations), fit.optimum_.log_params + shift, 1e-5
    found = BGBB._derivatives(u, cases)
    x, tx, n = cases.x, cases.tx, cases.T
    assert found.value == pytest.approx(BGBB._rows(tuple(np.exp(u)), x, tx, n) @ cases.weight, rel=1e-12)
    assert fit._log_posterior(u[None])[0] == pytest.approx(found.value, rel=1e-12)
    sides = [[BGBB._derivatives(u + side * step, cases) for side in (1, -1)] for step in h * np.eye(4)]
    slope = [(up.value - down.value) / (2 * h) for up, down in sides]
    np.testing.assert_allclose(found.gradient, slope, rtol=1e-6, atol=1e-3)
    bend = [(up.gradient - down.gradient) / (2 * h) for up, down in sides]
    np.testing.assert_allclose(found.hessian, bend, rtol=1e-6, atol=1e-4)


def test_derivatives_of_long_histories_of_unequal_length():
    T = np.random.default_rng(2).integers(30, 300, 500)
    cases = occasions(at((0.5, 3.0, 0.6, 15.0)).simulate(500, T=T, seed=1))
    u, h = np.log([0.7, 2.0, 0.9, 9.0]), 1e-5
    found, weight = BGBB._derivatives(u, cases), cases.weight

    def value(u):
        return BGBB._rows(tuple(np.exp(u)), cases.x, cases.tx, cases.T) @ weight

    assert found.value == pytest.approx(value(u), rel=1e-12)
    slope = [(value(u + step) - value(u - step)) / (2 * h) for step in h * np.eye(4)]
    np.testing.assert_allclose(found.gradient, slope, rtol=1e-6)
    sides = [[BGBB._derivatives(u + side * step, cases).gradient for side in (1, -1)] for step in h * np.eye(4)]
    np.testing.assert_allclose(found.hessian, [(up - down) / (2 * h) for up, down in sides], rtol=1e-6, atol=1e-4)


def test_weights_order_and_names_of_columns_do_not_matter(fit, donations):
    rows = donations.loc[donations.index.repeat(donations["weights"] // 10)].drop(columns="weights")
    tenth = donations.assign(weights=donations["weights"] // 10)
    mixed = rows.sample(frac=1, random_state=1)[["periods", "recency", "frequency"]].reset_index(drop=True)
    one, two = BGBB().fit(tenth), BGBB().fit(mixed)
    pd.testing.assert_series_equal(one.params_, two.params_, check_exact=True)
    for name in ("T", "n_periods", "n"):
        again = BGBB().fit(donations.rename(columns={"periods": name}))
        pd.testing.assert_series_equal(again.params_, fit.params_, check_exact=True)
    assert donations.columns.tolist() == ["frequency", "recency", "periods", "weights"]


def test_clone_pickle_and_json_predict_the_same(fit, donations):
    from sklearn.base import clone

    copies = [
        clone(fit).fit(donations),
        pickle.loads(pickle.dumps(fit)),
        BGBB.with_params(**json.loads(json.dumps(fit.params_.to_dict()))),
    ]
    expected = fit.expected_purchases(donations, horizon=5)
    for copy in copies:
        pd.testing.assert_series_equal(copy.expected_purchases(donations, horizon=5), expected, check_exact=True)
    covariance = fit.covariance_
    assert (np.linalg.eigvalsh(covariance) > 0).all()
    pd.testing.assert_frame_equal(covariance, covariance.T, check_exact=True)


def test_recovery_of_known_parameters():
    true = (1.2, 0.75, 0.66, 2.8)
    made = at(true).simulate(30_000, T=np.repeat([6, 9], 15_000), seed=5)
    model = BGBB().fit(made[["frequency", "recency", "T"]])
    off = (np.log(model.params_) - np.log(true)) / np.sqrt(np.diag(model.log_covariance_))
    assert (off.abs() < 3).all(), off


def test_mean_prediction_over_simulated_customers():
    """E over histories of CET(t) = E(T+t) - E(T), and of P(alive)."""
    model = BGBB.with_params(**PAPER)
    made = model.simulate(40_000, T=6, seed=3)
    for found, expected in (
        (model.expected_purchases(made, horizon=8), np.diff(model.expected_purchases(horizon=[6, 14]))[0]),
        (model.probability_alive(made, ahead=2), model.probability_alive(ahead=8)),
        (made["frequency"], model.expected_purchases(horizon=6)),
        (made["alive_at_T"].astype(float), model.probability_alive(ahead=6)),
    ):
        assert abs(found.mean() - expected) <= 4 * found.std() / 200


def test_simulated_occasions():
    model = BGBB.with_params(alpha=2, beta=3, gamma=1, delta=4)
    bought, chance, lived = model._occasions(np.random.default_rng(1), model.theta_, 2000, 10)
    assert bought.shape == (2000, 10)
    assert not (bought & (np.arange(1, 11) > lived[:, None])).any()
    assert (lived == 0).mean() == pytest.approx(0.2, abs=0.04)
    among = bought.sum() / np.minimum(lived, 10).sum()
    assert among == pytest.approx((chance * np.minimum(lived, 10)).sum() / np.minimum(lived, 10).sum(), abs=0.02)


# What is refused


def test_columns_of_occasions():
    frame = people((1, 2, 6))
    with pytest.raises(InputError, match="there is no column with the number of occasions"):
        BGBB().fit(frame.drop(columns="T"))
    with pytest.raises(InputError, match="columns n_periods and n may both be"):
        BGBB().fit(frame.drop(columns="T").assign(n_periods=6, n=6))
    assert with_occasions(frame) is frame
    with pytest.raises(InputError, match="a table of customers was expected"):
        BGBB().fit([1, 2])


def test_all_that_is_wrong_with_occasions_is_named():
    frame = people((1, 2.5, 6.5), (3, 2, 6), (1, 2, 6)).set_axis(["a", "b", "c"])
    with pytest.raises(InputError) as caught:
        BGBB.with_params(**PAPER).expected_purchases(frame, horizon=1)
    message = str(caught.value)
    for rule in ("recency is not whole: 1 rows (a)", "T is not whole: 1 rows (a)", "above recency: 1 rows (b)"):
        assert rule in message
    with pytest.raises(InputError, match="recency is above T"):
        BGBB().fit(people((1, 7, 6), (1, 2, 6)))
    many = people(*[(3, 2, 6)] * 8)
    with pytest.raises(InputError, match=r"8 rows \(0, 1, 2, 3, 4, and 3 more\)"):
        BGBB().fit(many)


def test_customers_in_continuous_time_are_refused(cx):
    with pytest.raises(InputError, match="T is not whole"):
        BGBB().fit(cx)


@pytest.mark.parametrize("ask", ["expected", "alive", "probability", "discounted"])
def test_horizons_are_whole(ask):
    model, frame = BGBB.with_params(**PAPER), people((1, 2, 6))
    with pytest.raises(InputError, match=r"2\.5 is not a whole number"):
        {
            "expected": lambda: model.expected_purchases(frame, horizon=2.5),
            "alive": lambda: model.probability_alive(frame, ahead=2.5),
            "probability": lambda: model.purchase_probability(frame, n=1, horizon=2.5),
            "discounted": lambda: model.discounted_purchases(frame, discount=0.1, horizon=2.5),
        }[ask]()


def test_nobody_bought_again():
    with pytest.raises(InputError, match="nobody bought twice"):
        BGBB().fit(people((0, 0, 6)))


def test_a_customer_without_an_occasion_tells_nothing():
    model = BGBB.with_params(**PAPER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = model.expected_purchases(people((0, 0, 0)), horizon=10)[0]
    assert found == pytest.approx(model.expected_purchases(horizon=10))
    assert as_cases(with_occasions(people((1, 2, 6)))).unit == ""
