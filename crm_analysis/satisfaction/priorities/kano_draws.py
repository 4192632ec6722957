"""Counts of Kano classes drawn again: respondents with replacement, or shares from a Dirichlet distribution."""

from __future__ import annotations

import numpy as np

from crm_analysis.satisfaction.priorities.clouds import redraws
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES

WAYS = ("bootstrap", "dirichlet")
PRIOR = 0.5  # of each class: Jeffreys


def class_counts(classes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted counts of the six classes, shape (attributes, 6).

    Parameters
    ----------
    classes : ndarray of int, shape (respondents, attributes)
        Codes, -1 without a class.

    Examples
    --------
    >>> class_counts(np.array([[0, 2], [0, -1]]), np.array([1.0, 2.0]))[:, :3].tolist()
    [[3.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    hits = classes[:, :, None] == np.arange(len(CLASSES))
    return np.einsum("n,nkc->kc", weights, hits.astype(float))


def draws_of_rows(classes: np.ndarray, weights: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """Counts of the classes when respondents are drawn again, shape (draws, attributes, 6); all attributes together.

    Examples
    --------
    >>> draws_of_rows(np.zeros((5, 1), int), np.ones(5), draws=2, seed=0)[:, 0, 0].tolist()
    [5.0, 5.0]
    """
    n, k = classes.shape
    hits = (classes[:, :, None] == np.arange(len(CLASSES))).reshape(n, -1) * weights[:, None]
    found = [block @ hits for block in redraws(n, draws, seed)]
    return np.concatenate(found).reshape(draws, k, len(CLASSES))


def draws_of_counts(counts: np.ndarray, *, way: str, draws: int, seed: int) -> np.ndarray:
    """Counts of the classes drawn from each attribute's own shares, shape (draws, attributes, 6).

    ``bootstrap`` draws as many respondents again; ``dirichlet`` draws shares given the counts and half a respondent
    more in each class, so that a class nobody chose remains possible. Attributes are drawn independently.

    Examples
    --------
    >>> draws_of_counts(np.array([[4.0, 0, 0, 0, 0, 0]]), way="bootstrap", draws=2, seed=0)[:, 0, 0].tolist()
    [4.0, 4.0]
    """
    source = np.random.default_rng(np.random.SeedSequence(seed))
    found = np.zeros((draws, *counts.shape))
    for at, row in enumerate(counts):
        total = row.sum()
        if way == "dirichlet" and total > 0:
            found[:, at] = source.dirichlet(row + PRIOR, draws) * total
        elif total > 0:
            found[:, at] = source.multinomial(max(1, round(total)), row / total, draws)
    return found
