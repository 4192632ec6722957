"""Simulated answers to Kano questions, of respondents whose classes are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES, LETTERS, evaluation_table, read_evaluation


def simulate_kano(shares: Mapping[str, Mapping[str, float]], *, n: int, seed: int = 0) -> pd.DataFrame:
    """Simulate the answers of n respondents to Kano questions with known shares of the classes. Nobody was asked.

    Each respondent gets a class for each attribute, independently, and then one of the pairs of answers which the
    standard evaluation table puts into that class, all equally likely.

    Parameters
    ----------
    shares : dict of attribute to dict of class to share
        Classes by name or letter; the shares of an attribute add up to 1.
    n : int
        Respondents.
    seed : int

    Returns
    -------
    pandas.DataFrame, index respondent_id
        For each attribute the columns `attribute`_functional and `attribute`_dysfunctional, codes 1 (like) to
        5 (dislike); see `kano_pairs`.

    Raises
    ------
    InputError
        If a class is unknown, or shares are negative or do not add up to 1.

    Examples
    --------
    >>> survey = simulate_kano({"grip": {"M": 1.0}}, n=3, seed=1)
    >>> survey["grip_dysfunctional"].tolist()
    [5, 5, 5]
    """
    cells = read_evaluation(evaluation_table())
    source = np.random.default_rng(np.random.SeedSequence(seed))
    columns = {}
    for attribute, given in shares.items():
        chance = _chances(attribute, given)
        classes = source.choice(len(CLASSES), size=n, p=chance)
        pairs = np.zeros((n, 2), int)
        for code in np.unique(classes):
            places = np.argwhere(cells == code)
            rows = classes == code
            pairs[rows] = places[source.integers(0, len(places), rows.sum())]
        columns |= {f"{attribute}_functional": pairs[:, 0] + 1, f"{attribute}_dysfunctional": pairs[:, 1] + 1}
    index = pd.Index([f"simulated_{at + 1}" for at in range(n)], name="respondent_id")
    return pd.DataFrame(columns, index=index)


def kano_pairs(attributes: Mapping | list[str]) -> dict[str, tuple[str, str]]:
    """Return the pairs of columns that `simulate_kano` writes.

    Examples
    --------
    >>> kano_pairs(["grip"])
    {'grip': ('grip_functional', 'grip_dysfunctional')}
    """
    return {name: (f"{name}_functional", f"{name}_dysfunctional") for name in attributes}


def _chances(attribute: str, given: Mapping[str, float]) -> np.ndarray:
    named = {LETTERS.get(name, name): float(share) for name, share in given.items()}
    strange = [name for name in named if name not in CLASSES]
    values = np.array([named.get(name, 0.0) for name in CLASSES])
    if strange or (values < 0).any() or not np.isclose(values.sum(), 1):
        raise InputError(f"the shares of {attribute} are no shares of Kano classes", where="shares",
                         expected=f"shares of {', '.join(CLASSES)} that add up to 1",
                         zh=f"“{attribute}”的类别占比无效")  # fmt: skip
    return values / values.sum()
