import numpy as np
import pytest

from crm_analysis.clv import BGNBD, ParetoNBD
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.prediction.expansion import Expansion
from crm_analysis.clv.prediction.posterior import _exact, _likelihood, _start


def test_a_polynomial_of_fourth_order_is_met_exactly():
    rng = np.random.default_rng(0)
    third, fourth = rng.normal(size=2) / 30

    def f(u):
        x, y = u
        value = -(x**2 + y**2) / 2 + third * x**2 * y + fourth * x**2 * y**2
        gradient = [-x + 2 * third * x * y + 2 * fourth * x * y**2, -y + third * x**2 + 2 * fourth * x**2 * y]
        cross = 2 * third * x + 4 * fourth * x * y
        hessian = [[-1 + 2 * third * y + 2 * fourth * y**2, cross], [cross, -1 + 2 * fourth * x**2]]
        return Derivatives(value, np.array(gradient), np.array(hessian))

    points = rng.normal(size=(50, 2))
    found = Expansion.around(f, np.zeros(2), np.eye(2))(points)
    np.testing.assert_allclose(found, [f(u).value for u in points], atol=1e-12)


@pytest.mark.parametrize("model", [ParetoNBD, BGNBD])
def test_likelihood_of_many_customers_is_met(model, cm):
    fitted = model().fit(cm)
    centre, root = _start(fitted)
    points = centre + np.random.default_rng(1).normal(size=(12, 4)) @ root.T
    expanded, exact = Expansion.around(_likelihood(fitted), centre, root)(points), _exact(fitted)(points)
    assert np.abs(expanded - exact).max() < 0.02


def test_far_out_it_falls_like_a_square():
    def cubic(u):
        return Derivatives(float(-(u[0] ** 2) / 2 + u[0] ** 3 / 30), -u + u**2 / 10, np.diag(-1 + u / 5))

    expansion = Expansion.around(cubic, np.zeros(1), np.eye(1))
    far = expansion(np.array([[8.0], [16.0], [32.0]]))
    np.testing.assert_allclose(far[1:] / far[:-1], 4)
