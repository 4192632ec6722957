"""Published correlations and ordinal answers that several tests of this folder use."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest


def _matrix(*rows: str) -> np.ndarray:
    """Full matrix from the rows of an upper triangle."""
    upper = [[float(value) for value in row.split()] for row in rows]
    matrix = np.eye(len(upper) + 1)
    for i, row in enumerate(upper):
        matrix[i, i + 1 :] = matrix[i + 1 :, i] = row
    return matrix


# Fertility, Agriculture, Examination, Education, Catholic, Infant.Mortality (R datasets::swiss)
SWISS = _matrix(
    ".3530792 -.6458827 -.6637889 .4636847 .4165560", "-.6865422 -.6395225 .4010951 -.0608586",
    ".6984153 -.5727418 -.1140216", "-.1538589 -.0993218", ".1754959",
)  # fmt: skip
# mpg, cyl, disp, hp, wt (R datasets::mtcars)
MTCARS = _matrix(
    "-.8521620 -.8475514 -.7761684 -.8676594", ".9020329 .8324475 .7824958", ".7909486 .8879799", ".6587479"
)  # fmt: skip
PERQ = [f"PERQ{i}" for i in range(1, 8)]
UCLA_DRIVERS = ["pared", "public", "gpa"]


def ucla() -> pd.DataFrame:
    """400 students and how likely they are to apply, from the test resources of statsmodels."""
    path = files("statsmodels.miscmodels.tests.results") / "ologit_ucla.csv"
    if not path.is_file():
        pytest.skip("statsmodels is installed without its test resources")
    frame = pd.read_csv(path)
    order = ["unlikely", "somewhat likely", "very likely"]
    return frame.assign(apply=pd.Categorical(frame["apply"], order, ordered=True))


def any_correlations(seed: int, k: int) -> np.ndarray:
    """A correlation matrix of k + 1 variables."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(k + 12, k + 1)) + rng.normal(size=(k + 12, 1)) * rng.normal(size=k + 1)
    return np.corrcoef(values, rowvar=False).reshape(k + 1, k + 1)
