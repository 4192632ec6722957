"""Whether the two largest Kano classes of an attribute really differ: the multinomial test, and Fong's."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from crm_analysis.satisfaction.priorities.kano_rules import classify

FONG, MULTINOMIAL = 1.65, 1.645


def fong_limit(first: ArrayLike, second: ArrayLike, respondents: ArrayLike) -> np.ndarray:
    r"""Least difference of the two largest counts by Fong's test, :math:`1.65\sqrt{(a+b)(2n-a-b)/2n}`.

    It treats the two counts as independent, though a respondent in one class is not in the other: of 100 attributes
    whose two classes are equally frequent it calls 15 to 22 different, not the 10 it promises. Kept for comparison
    with published tables.

    References
    ----------
    .. [1] Fong (1996). Center for Quality of Management Journal 5(3).

    Examples
    --------
    >>> float(fong_limit(40, 28, 100).round(3))
    11.054
    """
    both, n = np.add(first, second, dtype=float), np.asarray(respondents, float)
    spread = np.divide(both * (2 * n - both), 2 * n, out=np.zeros(np.broadcast(both, n).shape), where=n > 0)
    return FONG * np.sqrt(np.maximum(spread, 0))


def multinomial_limit(first: ArrayLike, second: ArrayLike) -> np.ndarray:
    r"""Least difference of the two largest counts if they are parts of one multinomial, :math:`1.645\sqrt{a+b}`.

    Given a + b, equal shares make a binomial with chance 1/2, whose difference a - b has variance a + b. Errs in
    about 10 % of ties.

    Examples
    --------
    >>> float(multinomial_limit(40, 28).round(3))
    13.565
    """
    return MULTINOMIAL * np.sqrt(np.add(first, second, dtype=float))


def margin_table(counts: np.ndarray, *, test: str, rule: str = "majority") -> dict[str, np.ndarray]:
    """Compare the two largest classes of each attribute: strengths, the limit as a share, and p.

    Parameters
    ----------
    counts : ndarray, shape (k, 6)
        Effective counts.
    test : {"multinomial", "fong"}
    rule : {"majority", "grouped"}
        By ``grouped`` the first class and the second are the two largest of the group that won.

    Returns
    -------
    dict
        second_class (code), category_strength (first less second, as a share), strength_limit, distinct,
        total_strength (share of A, O and M), p.

    Examples
    --------
    >>> found = margin_table(np.array([[40, 28, 12, 20, 0, 0]]), test="multinomial")
    >>> found["category_strength"].tolist(), found["distinct"].tolist()
    ([0.12], [False])
    """
    n, top, rows = counts.sum(axis=1), classify(counts, rule=rule), np.arange(len(counts))
    rest = counts.copy()
    rest[rows, np.maximum(top, 0)] = -1
    if rule == "grouped":
        rest[(np.arange(6) < 3) != (top < 3)[:, None]] = -1
    second = np.argmax(np.round(rest, 9), axis=1)
    first_count, second_count = counts[rows, np.maximum(top, 0)], np.maximum(rest.max(axis=1), 0)
    margin, both = first_count - second_count, first_count + second_count
    limit = fong_limit(first_count, second_count, n) if test == "fong" else multinomial_limit(first_count, second_count)
    spread = limit / (FONG if test == "fong" else MULTINOMIAL)
    z = np.divide(margin, spread, out=np.full(len(n), np.nan), where=spread > 0)
    whole = np.where(n > 0, n, np.nan)
    return {
        "second_class": np.where((top >= 0) & (second_count > 0), second, -1), "category_strength": margin / whole,
        "strength_limit": limit / whole, "distinct": (margin >= limit) & (both > 0),
        "total_strength": counts[:, :3].sum(axis=1) / whole, "p": 2 * ndtr(-z),
    }  # fmt: skip
