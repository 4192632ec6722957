"""A budget over customers with one action each: by gain per cost, with a bound on what is left on the table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-9  # of the budget: sums of costs are not exact


class Allocation(NamedTuple):
    """Which action each customer gets.

    Parameters
    ----------
    action : numpy.ndarray of int, shape (customers,)
        Column of the chosen action; -1 for none.
    affordable : numpy.ndarray of bool, shape (customers,)
        Whom the budget reaches, before the list is cut to its length.
    shortfall_bound : float
        The best possible use of the budget gains at most so much more.
    largest_step : float
        Largest gain of one step (a customer's first action, or a dearer one instead); never below the bound.
    """

    action: np.ndarray
    affordable: np.ndarray
    shortfall_bound: float
    largest_step: float


class Steps(NamedTuple):
    """Steps from no action to dearer ones along each customer's concave hull, the best value for money first."""

    customer: np.ndarray
    action: np.ndarray
    cost: np.ndarray
    gain: np.ndarray
    ratio: np.ndarray  # gain per cost; inf where a step costs nothing


def allocate(cost: np.ndarray, gain: np.ndarray, *, budget: float = np.inf, most: float = np.inf) -> Allocation:
    """Spend a budget: take steps along the concave hulls by gain per cost until one does not fit.

    The optimum of the relaxed problem, in which a step may be taken in part, is what was taken plus a part of the step
    that did not fit. So the best list there is gains no more than that part beyond this one. Nobody gets an action
    without a positive gain, and a larger budget never gains less.

    Parameters
    ----------
    cost, gain : numpy.ndarray, shape (customers, actions)
        Cost of each action, 0 or more, and gain after cost; -inf where an action is not allowed. Rows stand in the
        order in which ties are decided.
    budget : float >= 0
    most : float >= 0
        At most so many customers; those with the highest gains are kept.

    Returns
    -------
    Allocation

    References
    ----------
    .. [1] Kellerer, Pferschy, Pisinger (2004). Knapsack Problems, section 11.2 (multiple-choice knapsack: the greedy
       algorithm on the hulls; its gap is below the step that splits).

    Examples
    --------
    >>> cost, gain = np.array([[2.0, 6.0], [3.0, 9.0]]), np.array([[8.0, 10.0], [6.0, 21.0]])
    >>> allocate(cost, gain, budget=11).action.tolist()
    [0, 1]
    >>> found = allocate(cost, gain, budget=8)
    >>> found.action.tolist(), found.shortfall_bound  # what is left, 6, at the 21/9 of the step that did not fit
    ([0, -1], 14.0)
    """
    steps = hull_steps(cost, gain)
    best = np.full(len(cost), -1)
    best[steps.customer] = steps.action  # the last step of a customer is the one of the highest gain
    spent = np.cumsum(steps.cost)
    fits = int(np.searchsorted(spent, budget * (1 + TOLERANCE), side="right"))
    action = np.full(len(cost), -1)
    action[steps.customer[:fits]] = steps.action[:fits]
    left = budget - (spent[fits - 1] if fits else 0.0)
    possible = _total(gain, action) + (max(left, 0.0) * steps.ratio[fits] if fits < len(steps.cost) else 0.0)
    affordable = action >= 0
    action = _cut(gain, action, most)
    possible = min(possible, _total(gain, _cut(gain, best, most)))
    largest = float(steps.gain.max()) if len(steps.gain) else 0.0
    return Allocation(action, affordable, float(max(0.0, possible - _total(gain, action))), largest)


def hull_steps(cost: np.ndarray, gain: np.ndarray) -> Steps:
    """Return the steps of all customers in the order in which a growing budget takes them.

    From where a customer stands, the next step leads to the action of the steepest rise (of several, the highest).

    Examples
    --------
    >>> steps = hull_steps(np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, 5.0, 9.0]]))
    >>> steps.action.tolist(), steps.gain.tolist()
    ([0, 2], [4.0, 5.0])
    """
    n, actions = gain.shape
    at_cost, at_gain, at_ratio, rows = np.zeros(n), np.zeros(n), np.full(n, np.inf), np.arange(n)
    found: list[tuple] = []
    for step in range(actions):
        more, extra = gain[rows] - at_gain[rows, None], cost[rows] - at_cost[rows, None]
        ratio = np.divide(more, extra, out=np.full(more.shape, np.inf), where=extra > 0)
        ratio = np.where(more > 0, ratio, -np.inf)
        steepest = ratio.max(axis=1, keepdims=True, initial=-np.inf)
        chosen = np.where(ratio == steepest, more, -np.inf).argmax(axis=1)
        rises = steepest[:, 0] > -np.inf
        rows, chosen = rows[rises], chosen[rises]
        if not len(rows):
            break
        at_ratio[rows] = np.minimum(
            at_ratio[rows], steepest[rises, 0]
        )  # a hull bends down; rounding must not bend it up
        found.append((rows, chosen, np.maximum(cost[rows, chosen] - at_cost[rows], 0.0),
                      gain[rows, chosen] - at_gain[rows], at_ratio[rows], np.full(len(rows), step)))  # fmt: skip
        at_cost[rows], at_gain[rows] = cost[rows, chosen], gain[rows, chosen]
    if not found:
        return Steps(*(np.zeros(0, kind) for kind in (int, int, float, float, float)))
    *columns, step = (np.concatenate(parts) for parts in zip(*found))
    steps = Steps(*columns)
    order = np.lexsort(
        (steps.customer, step, -steps.ratio)
    )  # equal ratios: first steps before dearer ones, then by row
    return Steps(*(column[order] for column in steps))


def _total(gain: np.ndarray, action: np.ndarray) -> float:
    rows = np.flatnonzero(action >= 0)
    return float(gain[rows, action[rows]].sum())


def _cut(gain: np.ndarray, action: np.ndarray, most: float) -> np.ndarray:
    """Return the actions of the `most` customers with the highest gains, the others without one."""
    rows = np.flatnonzero(action >= 0)
    if len(rows) <= most:
        return action
    kept = rows[np.argsort(-gain[rows, action[rows]], kind="stable")[: int(most)]]
    cut = np.full(len(action), -1)
    cut[kept] = action[kept]
    return cut
