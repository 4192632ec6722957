from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, NBD
from tests.helpers.purchase_models import HISTORIES, check_all, check_fit, correlation, customers

CX = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907)
ROW = customers((2, 30.43, 38.86))


@pytest.fixture(scope="module")
def fit(cx):
    return BGNBD().fit(cx)


def test_fit_of_the_sample(fit):
    """Fader, Hardie & Lee (2005a), table 2: .243, 4.414, .793, 2.426, LL -9582.4."""
    check_fit(fit, [0.2425945, 4.4136021, 0.792922, 2.425907], -9582.4292)
    np.testing.assert_allclose(fit.standard_errors_, [0.01256, 0.37822, 0.18573, 0.70541], rtol=2e-3)
    assert correlation(fit, "r", "alpha") == pytest.approx(0.780, abs=1e-3)
    assert correlation(fit, "a", "b") == pytest.approx(0.941, abs=1e-3)


def test_fit_of_the_rounded_table(cg):
    check_fit(BGNBD().fit(cg), [0.242593, 4.413532, 0.792886, 2.425754], -9582.4256)


def test_fit_of_all_customers(cm):
    check_fit(BGNBD().fit(cm), [0.251624, 4.788943, 0.723434, 2.161088], -95368.4439)


def test_expectation_of_new_customers():
    times = [0.1429, 1, 3, 31.8571, 32, 78]
    expected = [0.007816, 0.053184, 0.150631, 1.040489, 1.043732, 1.857958]
    np.testing.assert_allclose(CX.expected_purchases(horizon=times), expected, atol=5e-7)
    assert CX.expected_purchases(horizon=52) == pytest.approx(1.444012, abs=5e-7)


def test_a_customer_of_the_sample():
    """Fader, Hardie & Lee (2005a), page 280: 1.226 purchases in the next 39 weeks."""
    assert CX.expected_purchases(ROW, horizon=39)[0] == pytest.approx(1.225907, abs=5e-7)
    probability = CX.purchase_probability(ROW, n=range(5), horizon=39)
    np.testing.assert_allclose(probability.iloc[0], [0.445393, 0.239330, 0.144178, 0.080842, 0.043538], atol=5e-7)
    assert CX.probability_alive(ROW)[0] == pytest.approx(0.726609, abs=5e-7)
    assert CX.probability_alive(ROW, ahead=39)[0] == pytest.approx(0.567193, abs=5e-7)
    assert CX.discounted_purchases(ROW, discount=0.0027, horizon=52)[0] == pytest.approx(1.461362, abs=5e-7)


def test_customer_1516():
    customer = customers((26, 216 / 7, 31))
    assert CX.expected_purchases(customer, horizon=52)[0] == pytest.approx(25.75734, abs=5e-6)
    assert CX.probability_alive(customer)[0] == pytest.approx(0.968854, abs=5e-7)


def test_probabilities_of_new_customers():
    model = BGNBD.with_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
    assert model.purchase_probability(n=10, horizon=2) == pytest.approx(1.0786896e-7, rel=5e-8)
    assert model.purchase_probability(n=0, horizon=39) == pytest.approx(0.57378635, abs=5e-9)
    found = model.purchase_probability(n=[11, 20], horizon=30)
    assert found[11] == pytest.approx(0.00199952, abs=5e-9)
    assert found[20] == pytest.approx(0.000222226, abs=5e-10)
    assert CX.purchase_probability(n=200, horizon=39) == pytest.approx(4.067313e-14, rel=2e-7)


def test_horizons():
    rows = customers((0, 0, 38.86), (2, 30.43, 38.86), (7, 29.43, 38.86))
    np.testing.assert_allclose(CX.expected_purchases(rows, horizon=39), [0.194782, 1.225907, 3.337185], atol=5e-7)
    np.testing.assert_allclose(CX.expected_purchases(rows, horizon=520), [1.462410, 7.319349, 17.775708], atol=5e-7)
    found = CX.discounted_purchases(rows, discount=0.0027)
    np.testing.assert_allclose(found, [1.014213, 5.156362, 12.672154], atol=5e-7)


def test_frequent_buyers_and_small_a_and_b():
    """lifetimes gives NaN (its issue 302)."""
    assert CX.expected_purchases(customers((2000, 39, 39)), horizon=39)[0] == pytest.approx(1370.83599, abs=5e-6)
    model = BGNBD.with_params(r=0.11, alpha=2.24, a=0.31, b=0.5)
    assert model.expected_purchases(customers((0, 0, 1)), horizon=30)[0] == pytest.approx(0.5645886155, abs=5e-11)


def test_a_of_one():
    model = BGNBD.with_params(r=0.5, alpha=10, a=1, b=2)
    assert model.expected_purchases(horizon=39) == pytest.approx(1.14168364, abs=5e-9)


@pytest.mark.parametrize(
    "params",
    [tuple(CX.params_), (0.5, 10, 1, 2), (0.24, 4.4, 0.5, 0.5), (2, 5, 6, 40), (1, 2, 0.3, 0.4), (0.3, 9, 80, 300)],
)
def test_every_prediction_is_a_mean_over_rates_of_buying_and_chances_of_leaving(params):
    check_all(BGNBD.with_params(**dict(zip(BGNBD.names, params))))


@pytest.mark.parametrize("a", [1 - 1e-6, 1 - 1e-9, 1 + 1e-9, 1 + 1e-6])
def test_a_near_one_is_continuous(a):
    rows = customers(*HISTORIES)
    near = BGNBD.with_params(r=0.5, alpha=10, a=a, b=2).expected_purchases(rows, horizon=39)
    at = BGNBD.with_params(r=0.5, alpha=10, a=1, b=2).expected_purchases(rows, horizon=39)
    np.testing.assert_allclose(near, at, rtol=2e-6)


def test_one_time_buyers_are_alive_by_assumption():
    assert CX.probability_alive(customers((0, 0, 1), (0, 0, 1000))).tolist() == [1, 1]


@pytest.mark.parametrize("model", [CX, BGNBD.with_params(r=0.24, alpha=4.4, a=1e5, b=1e5)])
def test_a_hundred_thousand_purchases_stay_finite(model):
    rows = customers((100_000, 39, 39), (100_000, 38.99, 39), (99_999, 1, 39))
    answers = [
        model.probability_alive(rows),
        model.expected_purchases(rows, horizon=39),
        model.discounted_purchases(rows, discount=0.0027),
        model.purchase_probability(rows, n=0, horizon=39),
        model.log_likelihood(rows),
    ]
    table = pd.concat(answers, axis=1)
    assert np.isfinite(table).all(axis=None)
    assert table["p_alive"].between(0, 1).all()
    assert (table["expected_purchases"] >= 0).all()


def test_nobody_leaving_is_the_nbd():
    bg = BGNBD.with_params(r=0.4, alpha=12, a=1e-9, b=1)
    nbd, rows = NBD.with_params(r=0.4, alpha=12), customers(*HISTORIES[:5])
    np.testing.assert_allclose(bg.log_likelihood(rows), nbd.log_likelihood(rows), atol=1e-6)
    np.testing.assert_allclose(
        bg.expected_purchases(rows, horizon=39), nbd.expected_purchases(rows, horizon=39), rtol=1e-6
    )


def test_without_discount_all_purchases_to_come_where_they_are_finite():
    model = BGNBD.with_params(r=5, alpha=10.6, a=3, b=2.4)
    found = model.discounted_purchases(ROW, discount=0)
    np.testing.assert_allclose(found, model.probability_alive(ROW) * (3 + 4.4 - 1) / 2, rtol=1e-9)
