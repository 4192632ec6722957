"""A log-likelihood near its maximum as a polynomial of fourth order, from exact second derivatives around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from crm_analysis.clv.models.fitting import Likelihood

STEP = 1.5  # standard deviations to either side at which curvature is taken
REACH = 4.0  # standard deviations beyond which the polynomial is not believed


@dataclass(frozen=True)
class Expansion:
    r"""A log-density around its mode, on standardised principal axes z.

    .. math:: f(z) = g'z + \tfrac12 z'Hz + \tfrac16 \sum T_{ijk} z_i z_j z_k + \tfrac1{24} \sum Q_{iijk} z_i^2 z_j z_k

    The third derivatives T and those fourth derivatives Q that repeat an axis are central differences of the exact
    Hessian at 1.5 standard deviations along each axis: 2 k + 1 Hessians give all. Terms with four different axes are
    left out. Beyond four standard deviations what is above second order goes on as a square.

    Parameters
    ----------
    centre, root : numpy.ndarray of shape (k,), (k, k)
        The mode, and the axes: log-parameters are ``centre + root @ z``.
    gradient, hessian : numpy.ndarray of shape (k,), (k, k)
    third, fourth : numpy.ndarray of shape (k, k, k)
        T, made symmetric; Q_iijk as ``fourth[i, j, k]``.
    """

    centre: np.ndarray
    root: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    third: np.ndarray
    fourth: np.ndarray

    @classmethod
    def around(cls, likelihood: Likelihood, centre: np.ndarray, root: np.ndarray) -> Self:
        """Expand a log-likelihood, given with its derivatives, around `centre`.

        Examples
        --------
        >>> from crm_analysis.clv.models.likelihood import Derivatives
        >>> def quartic(u):
        ...     value = -(u**2) / 2 + u**3 / 60 - u**4 / 240
        ...     return Derivatives(float(value[0]), -u + u**2 / 20 - u**3 / 60, np.diag(-1 + u / 10 - u**2 / 20))
        >>> float(Expansion.around(quartic, np.zeros(1), np.eye(1))(np.array([[1.0]]))[0].round(6))
        -0.4875
        """

        def hessian(z: np.ndarray) -> np.ndarray:
            return root.T @ likelihood(centre + root @ z).hessian @ root

        best = likelihood(centre)
        middle = root.T @ best.hessian @ root
        ahead, behind = (np.stack([hessian(sign * STEP * axis) for axis in np.eye(len(centre))]) for sign in (1, -1))
        slope = (ahead - behind) / (2 * STEP)
        bend = (ahead + behind - 2 * middle) / STEP**2
        third = (slope + slope.transpose(1, 0, 2) + slope.transpose(1, 2, 0)) / 3
        return cls(centre, root, root.T @ best.gradient, middle, third, _shared(bend))

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the log-density over that at the mode, of log-parameters of shape (n, k)."""
        z = np.linalg.solve(self.root, (points - self.centre).T).T
        length = np.sqrt((z**2).sum(axis=1))
        near = z * np.minimum(1, REACH / np.maximum(length, 1e-300))[:, None]
        higher = np.einsum("ijk,ni,nj,nk->n", self.third, near, near, near, optimize=True) / 6
        higher += np.einsum("ijk,ni,nj,nk->n", self.fourth, near**2, near, near, optimize=True) / 24
        second = z @ self.gradient + np.einsum("ni,ij,nj->n", z, self.hessian, z) / 2
        return second + higher * np.maximum(1, length / REACH) ** 2


def _shared(bend: np.ndarray) -> np.ndarray:
    """Weigh fourth derivatives so that the sum over i, j, k counts each as often as Taylor's series does.

    iiii once; iiij four times (met as i,i,j and i,j,i: two); iijj six times (met twice); iijk twelve (met twice).
    """
    weight = np.full(bend.shape, 6.0)
    size = len(bend)
    for i in range(size):
        weight[i, i, :] = weight[i, :, i] = 2.0
        weight[i, i, i] = 1.0
        for j in range(size):
            if j != i:
                weight[i, j, j] = 3.0
    return weight * bend
