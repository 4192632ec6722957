"""Impact asymmetry: from penalty and reward indices to the three factors of satisfaction."""

from __future__ import annotations

import numpy as np

FACTORS = ("basic_factor", "performance_factor", "excitement_factor")
NOT_CLASSED = "not_classed"
NOISE = 0.5  # an index of the wrong sign up to this part of the other counts as nothing: a convention of ours


def impact(penalty: np.ndarray, reward: np.ndarray) -> dict[str, np.ndarray]:
    """Return riocs, sgp, dgp and ia from penalty and reward indices; NaN where both are 0 or one is unknown.

    Examples
    --------
    >>> {name: float(x.round(2)) for name, x in impact(np.array(-0.6), np.array(0.2)).items()}
    {'riocs': 0.8, 'sgp': 0.25, 'dgp': 0.75, 'ia': -0.5}
    """
    size = np.abs(reward) + np.abs(penalty)
    whole = np.where(size > 0, size, np.nan)
    sgp, dgp = np.abs(reward) / whole, np.abs(penalty) / whole
    return {"riocs": size, "sgp": sgp, "dgp": dgp, "ia": sgp - dgp}


def factor_of(penalty: np.ndarray, reward: np.ndarray, *, ia_limit: float = 0.1) -> np.ndarray:
    """Return the class as code of `FACTORS`; -1 where there is none.

    An index of the wrong sign (a penalty above 0, a reward below) that is less than half as large as the other is
    read as nothing at all, as a pure basic factor has no reward, and its estimate falls below 0 half the time. With a
    larger one, or with both signs wrong, shares of absolute values mean nothing: no class.

    Examples
    --------
    >>> factor_of(np.array([-0.6, -0.4, 0.2, -0.8]), np.array([0.2, 0.4, 0.2, -0.1])).tolist()
    [0, 1, -1, 0]
    """
    ia = impact(penalty, reward)["ia"]
    code = np.where(ia > ia_limit, 2, np.where(ia < -ia_limit, 0, 1))
    right = np.where(penalty <= 0, -penalty, 0) + np.where(reward >= 0, reward, 0)
    wrong = np.where(penalty > 0, penalty, 0) + np.where(reward < 0, -reward, 0)
    return np.where(np.isfinite(ia) & (wrong <= NOISE * right), code, -1)


def factor_names(codes: np.ndarray) -> list[str]:
    """Return the names of codes, ``not_classed`` for -1.

    Examples
    --------
    >>> factor_names(np.array([2, -1]))
    ['excitement_factor', 'not_classed']
    """
    return [FACTORS[code] if code >= 0 else NOT_CLASSED for code in codes]
