from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import eigh_tridiagonal
from scipy.special import beta as beta_function
from scipy.stats import nbinom

from crm_analysis.clv.models.special import beta_average, bg_mean, bg_survival, gauss_legendre, log_nbd

FEW = settings(derandomize=True, deadline=None, max_examples=40)


@cache
def gauss_jacobi(a: float, b: float, nodes: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the Beta(a, b) distribution, from the recurrence of its polynomials (Golub and Welsch)."""
    n, s = np.arange(1.0, nodes), a + b - 2
    diagonal = np.r_[(a - b) / (s + 2), (a - b) * s / ((2 * n + s) * (2 * n + s + 2))]
    first = 4 * a * b / ((s + 2) ** 2 * (s + 3))
    k = n[1:]
    square = 4 * k * (k + a - 1) * (k + b - 1) * (k + s) / ((2 * k + s) ** 2 * (2 * k + s + 1) * (2 * k + s - 1))
    values, vectors = eigh_tridiagonal(diagonal, np.sqrt(np.r_[first, square]))
    return (1 + values) / 2, vectors[0] ** 2


def mean_and_survival(r, alpha, a, b, t):
    p, weight = gauss_jacobi(a, b)
    staying = np.exp(-r * np.log1p(p * t / alpha))
    purchases = -np.expm1(-r * np.log1p(p * t / alpha)) / p
    return weight @ purchases, weight @ staying


def test_gauss_legendre_is_exact_to_degree_two_n_less_one_and_read_only():
    x, w = gauss_legendre(6)
    for degree in range(12):
        assert w @ x**degree == pytest.approx(1 / (degree + 1), rel=1e-13)
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 0


def test_gauss_jacobi_of_the_tests_knows_the_moments():
    p, weight = gauss_jacobi(0.5, 3.0)
    for k in range(4):
        assert weight @ p**k == pytest.approx(beta_function(0.5 + k, 3) / beta_function(0.5, 3), rel=1e-12)


@pytest.mark.parametrize(("r", "alpha", "t"), [(0.24, 4.4, 39.0), (10.0, 50.0, 1.0), (2.0, 1e-3, 1.0)])
def test_log_nbd_is_the_negative_binomial(r, alpha, t):
    n = np.arange(40)
    np.testing.assert_allclose(np.exp(log_nbd(n, r, t / (alpha + t))), nbinom.pmf(n, r, alpha / (alpha + t)), rtol=1e-9)


def test_nobody_buys_in_no_time():
    assert np.exp(log_nbd(np.arange(3), 0.5, 0.0)).tolist() == [1, 0, 0]
    assert bg_mean(0.5, 10.0, [0.8, 1.0, 0.6, 1e5], [2.4, 2.0, 0.4, 1e5], 0.0).tolist() == [0] * 4
    assert bg_survival(0.5, 10.0, 0.8, 2.4, 0.0) == 1


powers = st.floats(-2, 5)


@FEW
@given(powers, st.floats(-2, 2.3), st.floats(-1, 3), st.floats(-1.5, 1.5), st.floats(0, 4))
def test_mean_and_survival_are_averages_over_p(log_a, log_b, log_alpha, log_time, log_x):
    x = np.floor(10**log_x) - 1
    r, alpha, a, b = 0.3 + x, 10**log_alpha, 10**log_a, 10**log_b + x
    t = alpha * 10**log_time
    assume(r * t / alpha < 2000)  # beyond it 256 nodes of the check do not follow
    mean, survival = mean_and_survival(r, alpha, a, b, t)
    assert bg_mean(r, alpha, a, b, t) == pytest.approx(mean, rel=2e-7)
    assert bg_survival(r, alpha, a, b, t) == pytest.approx(survival, rel=1e-7, abs=1e-10)


@pytest.mark.parametrize("a", [1e3, 1e4, 1e5])
@pytest.mark.parametrize("b", [0.5, 30.0, 1e5])
@pytest.mark.parametrize("x", [0, 200, 2000])
def test_many_alike_customers_where_the_hypergeometric_function_fails(a, b, x):
    arguments = (0.3 + x, 44.0, a, b + x, 39.0)
    mean, survival = mean_and_survival(*arguments)
    assert bg_mean(*arguments) == pytest.approx(mean, rel=1e-9)
    assert bg_survival(*arguments) == pytest.approx(survival, abs=1e-11)


@pytest.mark.parametrize("b", [0.05, 1.0, 2.0, 1e3])
@pytest.mark.parametrize("gap", [0, 1e-12, -1e-12, 1e-9, 1e-6, -1e-6, 1e-5, 1e-4, -1e-3])
@pytest.mark.parametrize("t", [1e-4, 1.0, 39.0])
def test_near_a_of_one_nothing_is_lost(b, gap, t):
    arguments = (0.5, 10.0, 1 + gap, b, t)
    assert bg_mean(*arguments) == pytest.approx(mean_and_survival(*arguments)[0], rel=2e-8)


@pytest.mark.parametrize("gap", [0, 1e-12, -1e-12, 1e-8, -1e-8, 1e-5])
@pytest.mark.parametrize("a", [0.05, 0.5, 0.95])
def test_near_a_plus_b_of_one_nothing_is_lost(a, gap):
    arguments = (0.5, 10.0, a, 1 - a + gap, 39.0)
    assert bg_mean(*arguments) == pytest.approx(mean_and_survival(*arguments)[0], rel=1e-8)


def test_a_hundred_thousand_purchases():
    r, alpha, a, b, t = 1e5 + 0.24, 44.0, 0.8, 1e5 + 2.4, 39.0
    mean = float(bg_mean(r, alpha, a, b, t))
    assert 0 < mean < r * t / alpha

    def purchases(p):
        return np.where(p > 0, -np.expm1(-r * np.log1p(p * t / alpha)) / np.maximum(p, 1e-300), r * t / alpha)

    assert mean == pytest.approx(float(beta_average(purchases, np.array([a]), np.array([b]))[0]), rel=1e-8)


def test_time_without_end():
    assert bg_mean(0.24, 4.4, 1.05, 2.4, np.inf) == pytest.approx(2.45 / 0.05)  # the mean of 1/p
    assert bg_mean([5.0, 5.0], 4.4, 3.0, 2.4, [np.inf, 1e9]) == pytest.approx(2.2)
    assert bg_mean(0.24, 4.4, 1.0, 2.4, np.inf) == bg_mean(0.24, 4.4, 0.7, 2.4, np.inf) == np.inf


@FEW
@given(powers, powers, st.integers(0, 6))
def test_beta_average_knows_the_moments(log_a, log_b, degree):
    a, b = 10**log_a, 10**log_b
    moment = np.prod([(a + k) / (a + b + k) for k in range(degree)])
    assert beta_average(lambda p: p**degree, np.array([a]), np.array([b]))[0] == pytest.approx(moment, abs=1e-13)


def test_shapes_broadcast_and_pieces_make_no_difference(monkeypatch):
    alpha = np.linspace(20, 60, 50)
    a = np.array([[0.8], [1.0], [1e5]])
    whole = bg_mean(0.3, alpha, a, 2.0, 39.0)
    assert whole.shape == (3, 50)
    monkeypatch.setattr("crm_analysis.clv.models.special.AT_ONCE", 7)
    np.testing.assert_allclose(bg_mean(0.3, alpha, a, 2.0, 39.0), whole, rtol=1e-12)
    for i, j in ((0, 3), (1, 20), (2, 49)):
        assert bg_mean(0.3, alpha[j], a[i, 0], 2.0, 39.0) == pytest.approx(whole[i, j], rel=1e-12)
