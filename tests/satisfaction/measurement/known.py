"""Models and surveys with known truth for the tests of measurement."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.survey.model import PathModel

SMALL = PathModel(
    {"Image": [f"IMAG{k}" for k in range(1, 6)], "Expectation": ["CUEX1", "CUEX2", "CUEX3"],
     "Value": ["PERV1", "PERV2"], "Satisfaction": ["CUSA1", "CUSA2", "CUSA3"]},
    [(name, "Satisfaction") for name in ("Image", "Expectation", "Value")],
)  # fmt: skip
TRUE_MODEL = PathModel(
    {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3", "b4"], "c": ["c1", "c2", "c3"], "d": ["d1"]},
    [("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")],
)
TRUE_LOADINGS = np.array([0.9, 0.8, 0.7, 0.85, 0.75, 0.65, 0.6, 0.8, 0.7, 0.9, 1.0])
TRUE_RHO = np.array([[1, 0.5, 0.5, 0.3], [0.5, 1, 0.55, 0.33], [0.5, 0.55, 1, 0.6], [0.3, 0.33, 0.6, 1]])


def true_matrix() -> pd.DataFrame:
    """Correlations of the items of `TRUE_MODEL` if `TRUE_LOADINGS` and `TRUE_RHO` hold exactly."""
    items = list(TRUE_MODEL.items)
    block = np.repeat(np.arange(4), [3, 4, 3, 1])
    matrix = np.outer(TRUE_LOADINGS, TRUE_LOADINGS) * TRUE_RHO[np.ix_(block, block)]
    np.fill_diagonal(matrix, 1)
    return pd.DataFrame(matrix, items, items)


def true_survey(n: int, seed: int) -> pd.DataFrame:
    """Normal answers of n respondents from the same truth."""
    matrix = true_matrix()
    rows = np.random.default_rng(seed).multivariate_normal(np.zeros(len(matrix)), matrix, n, method="cholesky")
    return pd.DataFrame(rows, columns=matrix.columns)
