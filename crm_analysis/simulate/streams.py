"""Chance, by name: every part of a simulated company draws from a stream of its own."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the random stream of one part of a simulation.

    The stream hangs on the seed and the name alone, so that a part added later
    leaves the numbers of all others as they were.

    Examples
    --------
    >>> a, b, c = stream(7, "orders"), stream(7, "orders"), stream(7, "events")
    >>> x = a.random()
    >>> x == b.random(), x == c.random()
    (True, False)
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=tuple(part.encode()))))


def pick(rng: np.random.Generator, shares: Mapping[str, float], size: int) -> np.ndarray:
    """Draw `size` names with probabilities in proportion to `shares`.

    Examples
    --------
    >>> pick(stream(7, "example"), {"a": 3, "b": 0}, 2).tolist()
    ['a', 'a']
    """
    weights = np.fromiter(shares.values(), float, len(shares))
    return np.array(list(shares), dtype=object)[rng.choice(len(shares), size, p=weights / weights.sum())]


def pick_by(rng: np.random.Generator, groups: np.ndarray, shares: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    """Draw a name for each row with the shares of the row's group.

    Examples
    --------
    >>> shares = {"late": {"delivery": 1}, "else": {"seller": 1}}
    >>> pick_by(stream(7, "example"), np.array(["late", "else", "late"]), shares).tolist()
    ['delivery', 'seller', 'delivery']
    """
    drawn = np.full(len(groups), "", dtype=object)
    for group, its_shares in shares.items():
        rows = np.asarray(groups) == group
        drawn[rows] = pick(rng, its_shares, int(rows.sum()))
    return drawn


def chance(rng: np.random.Generator, probability: np.ndarray) -> np.ndarray:
    """Toss one coin for each probability.

    Examples
    --------
    >>> chance(stream(7, "example"), np.array([0.0, 1.0])).tolist()
    [False, True]
    """
    return rng.random(np.shape(probability)) < probability


def ids(letter: str, numbers: np.ndarray, width: int = 5) -> np.ndarray:
    """Return ids of one width, numbered from 1, such as ``C00001`` for customer 0.

    Examples
    --------
    >>> ids("C", np.array([0, 41])).tolist()
    ['C00001', 'C00042']
    """
    return np.array([f"{letter}{number:0{width}d}" for number in (np.asarray(numbers) + 1).tolist()], dtype=object)
