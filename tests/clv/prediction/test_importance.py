import numpy as np
import pytest

from crm_analysis.clv.prediction.importance import Proposal, around, sample


def normal(mean, root):
    return lambda points: -0.5 * (np.linalg.solve(root, (points - mean).T) ** 2).sum(axis=0)


def test_moments_of_a_normal_are_found_from_a_poor_start():
    mean, root = np.array([2.0, -1.0]), np.array([[1.0, 0.0], [0.9, 0.3]])
    start = around(np.zeros(2), np.eye(2), draws=1000)
    found = sample(normal(mean, root), first=start, draws=2000, rng=np.random.default_rng(0))
    weight = np.exp(found.log_weights)
    centre = weight @ found.points
    spread = ((found.points - centre) * weight[:, None]).T @ (found.points - centre)
    assert found.pareto_k < 0.7
    np.testing.assert_allclose(centre, mean, atol=0.1)
    np.testing.assert_allclose(spread, root @ root.T, atol=0.1)


def test_a_second_mode_is_weighed_rightly_if_proposed():
    def two(points):
        near, far = (-0.5 * ((points - at) ** 2).sum(axis=1) for at in (0.0, 8.0))
        return np.logaddexp(np.log(0.9) + near, np.log(0.1) + far)

    first = [Proposal(1000, np.full(2, at), np.eye(2)) for at in (0.0, 8.0)]
    found = sample(two, first=first, draws=1000, rng=np.random.default_rng(1))
    far = np.exp(found.log_weights) @ (found.points.sum(axis=1) > 8)
    assert far == pytest.approx(0.1, abs=0.01)


def test_density_outside_the_support_is_nothing():
    found = sample(lambda z: np.where(z[:, 0] > 0, -z[:, 0], -np.inf), first=around(np.ones(1), np.eye(1), draws=1000),
                   draws=1000, rng=np.random.default_rng(2))  # fmt: skip
    weight = np.exp(found.log_weights)
    assert weight[found.points[:, 0] <= 0].sum() == 0
    assert weight @ found.points[:, 0] == pytest.approx(1, abs=0.1)
