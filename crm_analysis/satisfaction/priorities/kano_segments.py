"""Whether segments of respondents sort an attribute differently."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import holm
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES


def segment_test(
    classes: pd.DataFrame, weights: pd.Series, segment: pd.Series, *, draws: int, seed: int
) -> pd.DataFrame:
    """Test for each attribute that the classes are spread alike in all segments, by permuting the segments.

    Pearson's chi-square of classes by segments is found again with the segments of respondents shuffled;
    p = (1 + shuffles with as large a value) / (1 + shuffles).

    Parameters
    ----------
    classes : pandas.DataFrame of int, shape (respondents, attributes)
        Codes, -1 without a class.
    weights, segment : pandas.Series
        Of each respondent.

    Returns
    -------
    pandas.DataFrame, index attribute
        class_chi_square, p, p_holm; blank with one segment only.

    References
    ----------
    .. [1] Good (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed., chapter 3.

    Examples
    --------
    >>> classes = pd.DataFrame({"speed": [0] * 20 + [2] * 20})
    >>> found = segment_test(classes, pd.Series(1.0, classes.index), pd.Series(["a", "b"] * 20), draws=99, seed=0)
    >>> float(found["p"].iloc[0])
    1.0
    """
    n, k = classes.shape
    hits = (classes.to_numpy()[:, :, None] == np.arange(len(CLASSES))).reshape(n, -1) * weights.to_numpy()[:, None]
    code, names = pd.factorize(segment)
    member = (code == np.arange(len(names))[:, None]).astype(float)
    found = _chi_square((member @ hits).reshape(len(names), k, -1))
    source = np.random.default_rng(np.random.SeedSequence(seed))
    larger = np.zeros(k)
    for _ in range(draws):
        shuffled = _chi_square((member[:, source.permutation(n)] @ hits).reshape(len(names), k, -1))
        larger += shuffled >= found - 1e-9
    p = (1 + larger) / (1 + draws) if len(names) > 1 else np.full(k, np.nan)
    index = pd.Index(list(classes), name="attribute")
    return pd.DataFrame({"class_chi_square": found, "p": p, "p_holm": holm(p)}, index=index)


def _chi_square(counts: np.ndarray) -> np.ndarray:
    """Pearson's chi-square of each attribute from counts (segments, attributes, classes)."""
    total = counts.sum(axis=(0, 2))
    product = counts.sum(axis=2, keepdims=True) * counts.sum(axis=0, keepdims=True)
    expected = np.divide(product, total[None, :, None], out=np.zeros_like(product), where=total[None, :, None] > 0)
    parts = np.divide((counts - expected) ** 2, expected, out=np.zeros_like(expected), where=expected > 0)
    return parts.sum(axis=(0, 2))
