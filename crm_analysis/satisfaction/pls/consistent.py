"""Consistent PLS (PLSc): reliability of scores, and loadings and correlations freed of measurement error."""

from __future__ import annotations

import numpy as np

from crm_analysis.satisfaction.pls.design import Design


def rho_a(correlations: np.ndarray, weights: np.ndarray, design: Design) -> np.ndarray:
    r"""Dijkstra and Henseler's reliability of each construct's scores; 1 where the block is not reflective.

    .. math:: \rho_A = (w'w)^2 \frac{w'(S - \mathrm{diag} S) w}{w'(ww' - \mathrm{diag}\, ww') w}

    Parameters
    ----------
    correlations : ndarray, shape (B, p, p)
    weights : ndarray, shape (B, p, q)
        With w'Sw = 1.
    design : Design

    Returns
    -------
    ndarray, shape (B, q)

    References
    ----------
    .. [1] Dijkstra & Henseler (2015). MIS Quarterly 39, 297-316, equation 3.
    """
    squares = (weights**2).sum(axis=1)
    fourth = (weights**4).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):  # single items: 0 / 0, set to 1 below
        found = squares**2 * (1 - squares) / (squares**2 - fourth)  # w'Sw = 1 and diag S = 1
    return np.where(design.common, found, 1.0)


def corrected(
    loadings: np.ndarray, weights: np.ndarray, between: np.ndarray, rho: np.ndarray, design: Design
) -> tuple[np.ndarray, np.ndarray]:
    """Loadings and construct correlations freed of measurement error (PLSc)."""
    with np.errstate(invalid="ignore"):  # rho_A below 0: NaN, reported as inadmissible
        root = np.sqrt(rho)
        factor = root / (weights**2).sum(axis=1)
    own = weights.sum(axis=2) * factor[:, design.block]
    common = design.common[design.block]
    fixed = between / (root[:, :, None] * root[:, None, :])
    places = np.arange(between.shape[1])
    fixed[:, places, places] = 1.0
    return np.where(common, own, loadings), fixed
