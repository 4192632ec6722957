from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.models.likelihood import mixture

MODELS = [ParetoNBD, BGNBD, MBGNBD, NBD]
ROWS = [(0, 0, 38.9), (0, 0, 0.5), (1, 38.9, 38.9), (2, 30.4, 38.9), (7, 5.0, 31.0), (29, 37.0, 38.0), (400, 20, 39)]
CASES = as_cases(pd.DataFrame(ROWS, columns=["frequency", "recency", "T"]).assign(weights=[40, 3, 2, 9, 1, 5, 1]))


def slope(function, u, step=1e-5):
    """Central differences along each parameter."""
    return np.array([(function(u + e) - function(u - e)) / (2 * step) for e in step * np.eye(len(u))])


def log_likelihood(model, u):
    return model._rows(tuple(np.exp(u)), CASES.x, CASES.tx, CASES.T) @ CASES.weight


@pytest.mark.parametrize("model", MODELS)
@settings(derandomize=True, deadline=None, max_examples=25)
@given(data=st.data())
def test_gradient_and_hessian_are_those_of_the_likelihood(model, data):
    u = np.array(data.draw(st.lists(st.floats(-3, 4), min_size=len(model.names), max_size=len(model.names))))
    exact = model._derivatives(u, CASES)
    assert exact.value == pytest.approx(log_likelihood(model, u), abs=1e-4)
    scale = 1 + np.abs(exact.gradient).max()
    np.testing.assert_allclose(exact.gradient, slope(lambda v: log_likelihood(model, v), u), atol=1e-5 * scale)
    bent = slope(lambda v: model._derivatives(v, CASES).gradient, u)
    np.testing.assert_allclose(exact.hessian, bent, atol=2e-5 * (1 + np.abs(exact.hessian).max()))


@pytest.mark.parametrize("model", MODELS)
def test_hessian_is_symmetric_and_weights_are_repeated_rows(model):
    u = np.full(len(model.names), 0.3)
    weighted = model._derivatives(u, CASES)
    parts = [
        model._derivatives(u, as_cases(pd.DataFrame([row], columns=["frequency", "recency", "T"]))) for row in ROWS
    ]
    counts = [40, 3, 2, 9, 1, 5, 1]
    assert weighted.value == pytest.approx(sum(n * part.value for n, part in zip(counts, parts)), rel=1e-13)
    np.testing.assert_allclose(weighted.hessian, sum(n * part.hessian for n, part in zip(counts, parts)), rtol=1e-9)
    np.testing.assert_array_equal(weighted.hessian, weighted.hessian.T)


def test_a_mixture_of_normals():
    """Three components exp(-(u - c)^2 / 2) with u = (m, m): value, slope and bend by differences."""
    centres = np.array([[0.0], [1.0], [4.0]]) + np.array([0.0, 0.5])
    weight = np.array([2.0, 3.0])

    def value(u):
        return weight @ (np.sin(u[1]) + np.log(np.exp(-((u[0] - centres) ** 2) / 2 - u[1] * centres).sum(axis=0)))

    def found(u):
        common = np.full(2, np.sin(u[1])), [np.zeros(2), np.full(2, np.cos(u[1]))], {(1, 1): np.full(2, -np.sin(u[1]))}
        logs = -((u[0] - centres) ** 2) / 2 - u[1] * centres
        return mixture(weight, common, logs, [centres - u[0], -centres], {(0, 0): -np.ones((3, 2))})

    u = np.array([0.7, 0.2])
    exact = found(u)
    assert exact.value == pytest.approx(value(u))
    np.testing.assert_allclose(exact.gradient, slope(value, u), rtol=1e-7)
    np.testing.assert_allclose(exact.hessian, slope(lambda v: found(v).gradient, u), rtol=1e-7)


def test_impossible_components_leave_no_trace():
    one = np.ones(1)
    zero = [0 * one]
    alone = mixture(one, (one, zero, {}), np.array([[-2.0]]), [np.array([[3.0]])], {})
    beside = mixture(one, (one, zero, {}), np.array([[-2.0], [-np.inf]]), [np.array([[3.0], [1e9]])], {})
    assert beside.value == alone.value
    assert beside.gradient.tolist() == alone.gradient.tolist()
    assert beside.hessian.tolist() == alone.hessian.tolist() == [[0.0]]
