"""How the value of customers is spread: classes of value, tenths of the customers, the best ones by name."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError

TOP_COLUMNS = {"clv": ("value_low", "value_high"), "expected_purchases": ("purchases_low", "purchases_high")}


def value_classes(values: ArrayLike, *, most: int = 10) -> pd.DataFrame:
    """Customers and their value in classes with round limits: 1, 2, 5, 10, 20, 50, ...

    Parameters
    ----------
    values : array_like, shape (customers,)
        Values from 0, such as ``clv`` of the prediction table; NaN is left out and counted in ``attrs``.
    most : int >= 2
        At most so many classes; the lowest ones are joined.

    Returns
    -------
    pandas.DataFrame
        One row per class: ``value_class`` (its name), ``class_from`` (included), ``class_to`` (excluded; inf for the
        last), ``customers``, ``share_of_customers``, ``value``, ``value_share``.

    Raises
    ------
    InputError
        If there is no value, or one is negative or infinite.

    Examples
    --------
    >>> value_classes([1, 3, 4, 60])[["value_class", "customers", "value_share"]].round(2).to_numpy().tolist()
    [['1–2', 1, 0.01], ['2–5', 2, 0.1], ['5–10', 0, 0.0], ['10–20', 0, 0.0], ['20–50', 0, 0.0], ['≥ 50', 1, 0.88]]
    """
    known, unknown = _known(values)
    edges = _edges(known, most)
    place = np.searchsorted(edges, known, side="right") - 1
    count = np.bincount(place, minlength=len(edges))
    money = np.bincount(place, weights=known, minlength=len(edges))
    ends = np.append(edges[1:], np.inf)
    names = [f"{low:,.10g}–{high:,.10g}" for low, high in pairwise(edges)] + [f"≥ {edges[-1]:,.10g}"]
    table = pd.DataFrame({"value_class": names, "class_from": edges, "class_to": ends, "customers": count,
                          "share_of_customers": count / len(known), "value": money,
                          "value_share": money / (known.sum() or 1.0)})  # fmt: skip
    table.attrs["unknown"] = unknown
    return table


def value_deciles(values: ArrayLike, *, parts: int = 10) -> pd.DataFrame:
    """Value of each tenth of the customers, from the best to the least.

    Parameters
    ----------
    values : array_like, shape (customers,)
        Values from 0; NaN is left out and counted in ``attrs``.
    parts : int
        With fewer customers than parts, a part is one customer.

    Returns
    -------
    pandas.DataFrame
        One row per part: ``decile`` (1 is best), ``customers``, ``value``, ``value_mean``, ``value_share``.

    Raises
    ------
    InputError
        If there is no value, or one is negative or infinite.

    Examples
    --------
    >>> value_deciles([7, 1, 1, 1], parts=2)["value_share"].tolist()
    [0.8, 0.2]
    """
    known, unknown = _known(values)
    if parts != int(parts) or parts < 1:
        raise InputError(f"parts must be a whole number from 1; got {parts}", zh="parts 必须是正整数")
    ranked = np.sort(known)[::-1]
    split = np.array_split(ranked, min(int(parts), len(ranked)))
    money = np.array([part.sum() for part in split])
    count = np.array([len(part) for part in split])
    table = pd.DataFrame({"decile": np.arange(1, len(split) + 1), "customers": count, "value": money,
                          "value_mean": money / count, "value_share": money / (money.sum() or 1.0)})  # fmt: skip
    table.attrs["unknown"] = unknown
    return table


def top_customers(table: pd.DataFrame, *, of: str = "clv", count: int = 15) -> pd.DataFrame:
    """The customers with the highest expectation, with both intervals.

    The interval of the expectation (``_low``, ``_high``) says how well the parameters are known; the interval of the
    outcome says what this one customer may really do, and is much wider.

    Parameters
    ----------
    table : pandas.DataFrame
        The prediction table: ``clv`` with ``clv_low``, ``clv_high``, ``value_low``, ``value_high``, or without money
        ``expected_purchases`` with ``..._low``, ``..._high``, ``purchases_low``, ``purchases_high``.
    of : {"clv", "expected_purchases"}
    count : int

    Returns
    -------
    pandas.DataFrame
        The rows with the highest `of`, best first, with the caller's index and the five columns named above.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"expected_purchases": [1.0, 4.0], "expected_purchases_low": [0.8, 3.5],
    ...     "expected_purchases_high": [1.3, 4.4], "purchases_low": [0, 1], "purchases_high": [4, 9]}, index=["a", "b"])
    >>> top_customers(table, of="expected_purchases", count=1).index.tolist()
    ['b']
    """
    if of not in TOP_COLUMNS:
        raise InputError(f"of must be one of {', '.join(TOP_COLUMNS)}; got {of!r}")
    columns = [of, f"{of}_low", f"{of}_high", *TOP_COLUMNS[of]]
    missing = [name for name in columns if name not in table]
    if missing:
        raise InputError(f"the columns {', '.join(missing)} are missing", expected=", ".join(columns),
                         mend="make the table with model.predict (purchases) or clv.value (money)",
                         zh=f"缺少列{'、'.join(missing)}")  # fmt: skip
    best = table[of].sort_values(ascending=False, kind="stable", na_position="last").dropna().index[:count]
    found = table.loc[best, columns].copy()
    found.attrs = dict(table.attrs)
    return found


def _known(values: ArrayLike) -> tuple[np.ndarray, int]:
    given = np.asarray(values, dtype=float).ravel()
    known = given[~np.isnan(given)]
    if not len(known) or not np.isfinite(known).all() or (known < 0).any():
        wrong = "there is no value" if not len(known) else f"{int((~np.isfinite(known) | (known < 0)).sum())} values"
        raise InputError(f"values must be numbers from 0: {wrong}", expected="one finite number from 0 per customer",
                         zh="客户价值必须是非负数字")  # fmt: skip
    return known, len(given) - len(known)


def _edges(known: np.ndarray, most: int) -> np.ndarray:
    """Return the steps 1, 2, 5, 10, ... from below the least value to the greatest; 0 and the highest of too many."""
    top = known.max()
    if top <= 0 or most < 2:
        return np.zeros(1)
    power = int(np.floor(np.log10(top)))
    steps = [float(f"{lead}e{exponent}") for exponent in range(power - most, power + 1) for lead in (1, 2, 5)]
    steps = [step for step in steps if step <= top][-(most - 1) :]
    under = [step for step in steps if step <= known.min()][-1:] or [0.0]
    return np.array([*under, *(step for step in steps if step > known.min())])
