"""Is a model right about these customers? Counts of repeat purchases, and the holdout by what was bought before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtrik

from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.holdout.holdout import as_holdout
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, t_half


def by_name(models: object) -> dict[str, Any]:
    """Return models by name: of one model, of several, or a dictionary with names of the caller's own.

    Examples
    --------
    >>> from crm_analysis.clv import NBD
    >>> list(by_name(NBD())), list(by_name([NBD()])), list(by_name({"last year": NBD()}))
    (['nbd'], ['nbd'], ['last year'])
    """
    if isinstance(models, Mapping):
        named = dict(models)
    else:
        several = list(models) if isinstance(models, Iterable) else [models]
        named = {model.key: model for model in several}
        if len(named) < len(several):
            raise InputError("two of the models have the same name", where=", ".join(model.key for model in several),
                             mend="give them names: {'first': model, 'second': model}",
                             zh="有两个模型重名")  # fmt: skip
    if not named:
        raise InputError("no model was given", mend="pass a fitted model, a list of them, or {name: model}")
    return named


def frequency_fit(models: object, data: object, *, most: int = 7, level: float = 0.95) -> pd.DataFrame:
    r"""How many customers made 0, 1, 2, ... repeat purchases, and how many the model expects.

    .. math:: E_n = \sum_i P(X(T_i) = n), \qquad n = 0, \ldots, m - 1; \quad E_{m+} = N - \sum_{n<m} E_n

    The interval says between which numbers the count would lie if the model were right: a sum of independent
    yes-or-no draws with unequal probabilities, taken as a binomial of the same mean and variance. What is unsure
    about the parameters is not in it.

    Parameters
    ----------
    models : model, list or dict of models
        Fitted, or at known parameters.
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``, optionally ``weights``.
    most : int >= 1
        The last class holds this many repeat purchases and more.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        One row per model and class: ``model``, ``purchase_class`` (``0`` ... ``7+``), ``customers`` (observed),
        ``customers_expected``, ``customers_expected_low``, ``customers_expected_high``; ``attrs`` holds the level.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284, fig. 2.

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> model = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907)
    >>> frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    >>> frequency_fit(model, frame, most=2).round(2).iloc[:, 1:].to_numpy().tolist()
    [['0', 1, 1.15, 0.0, 2.0], ['1', 0, 0.4, 0.0, 2.0], ['2+', 1, 0.45, 0.0, 2.0]]
    """
    cases, tail = as_cases(data), (1 - check_level(level)) / 2
    names, place = classes(cases.x, most)
    spans, where = np.unique(cases.T, return_inverse=True)
    weight = np.bincount(where, weights=cases.weight)
    actual = np.bincount(place, weights=cases.weight, minlength=most + 1)
    tables = []
    for name, model in by_name(models).items():
        chance = _chances(model, spans, most)
        expected, spread = chance @ weight, (chance * (1 - chance)) @ weight
        low, high = (count_quantile(expected, spread, prob) for prob in (tail, 1 - tail))
        table = pd.DataFrame({"model": name, "purchase_class": names, "customers": np.rint(actual).astype(int)})
        limits = {"customers_expected": expected, "customers_expected_low": low, "customers_expected_high": high}
        tables.append(table.assign(**limits))
    return _stacked(tables, level=level)


def holdout_by_frequency(models: object, data: object, *, most: int = 7, level: float = 0.95) -> pd.DataFrame:
    r"""Mean purchases in the holdout of customers with 0, 1, 2, ... repeat purchases before it, and as expected.

    The interval of the actual mean is Student's over the customers of the class (:math:`\bar x \pm t s/\sqrt n`,
    not below 0); where all customers of a class did the same there is none.

    Parameters
    ----------
    models : model, list or dict of models
        Models or baselines: whatever has ``expected_purchases(data, horizon=)``.
    data : pandas.DataFrame or Summary
        Summary with holdout: ``frequency``, ``recency``, ``T``, ``frequency_holdout``, ``duration_holdout``, optionally
        ``weights``.
    most : int >= 1
        The last class holds this many repeat purchases and more.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        One row per model and class: ``model``, ``purchase_class``, ``customers``, ``actual``, ``actual_low``,
        ``actual_high``, ``expected`` (mean purchases per customer); ``attrs`` holds the level. Classes without
        customers are left out.

    Raises
    ------
    InputError
        If the summary has no holdout.

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> model = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907)
    >>> frame = pd.DataFrame({"frequency": [2, 0, 0], "recency": [30.43, 0, 0], "T": [38.86, 38.86, 38.86],
    ...                       "frequency_holdout": [1, 0, 1], "duration_holdout": 39.0})
    >>> holdout_by_frequency(model, frame, most=2)[["purchase_class", "customers", "actual", "expected"]].round(3)
      purchase_class  customers  actual  expected
    0              0        2.0     0.5     0.195
    1             2+        1.0     1.0     1.226
    """
    held = as_holdout(data)
    names, place = classes(held.pairs.x, most)
    kept, place = np.unique(place, return_inverse=True)
    n = np.bincount(place, held.weight)
    mean = np.bincount(place, held.weight * held.actual) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(np.bincount(place, held.weight * (held.actual - mean[place]) ** 2) / (n - 1))
    half = np.where(deviation > 0, t_half(deviation, n, level=check_level(level)), np.nan)
    shared = pd.DataFrame({"purchase_class": names[kept], "customers": n, "actual": mean,
                           "actual_low": np.maximum(mean - half, 0), "actual_high": mean + half})  # fmt: skip
    tables = []
    for name, model in by_name(models).items():
        predicted = np.asarray(model.expected_purchases(held.pairs, horizon=held.horizon), float)
        tables.append(shared.assign(model=name, expected=np.bincount(place, held.weight * predicted) / n))
    return _stacked(tables, level=level)


def classes(x: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the names of the classes 0, 1, ..., `most`+ and the class of each frequency.

    Examples
    --------
    >>> names, place = classes(np.array([0.0, 5.0]), 2)
    >>> names.tolist(), place.tolist()
    (['0', '1', '2+'], [0, 2])
    """
    if int(most) != most or most < 1:
        raise InputError(f"most must be a whole number from 1; got {most}", zh="most 必须是正整数")
    return np.array([*map(str, range(most)), f"{most}+"], dtype=object), np.minimum(x, most).astype(int)


def count_quantile(mean: np.ndarray, variance: np.ndarray, prob: float) -> np.ndarray:
    """Smallest count whose cumulative probability reaches `prob`, of a sum of independent yes-or-no draws.

    The sum is taken as the binomial with its mean and variance: n = mean^2 / (mean - variance) draws of
    p = 1 - variance / mean each, which is exact for equal probabilities.

    Examples
    --------
    >>> count_quantile(np.array([5.0, 0.0]), np.array([2.5, 0.0]), 0.975).tolist()
    [8.0, 0.0]
    """
    mean, variance = np.asarray(mean, float), np.asarray(variance, float)
    some = mean > 1e-12
    p = np.clip(1 - variance / np.where(some, mean, 1.0), 1e-12, 1.0)
    n = np.where(some, mean / p, 1.0)
    with np.errstate(all="ignore"):
        found = np.ceil(bdtrik(prob, n, np.minimum(p, 1 - 1e-12)) - 1e-9)
    return np.where(some, np.minimum(np.maximum(found, 0), np.ceil(n - 1e-9)), 0.0)


def _chances(model: Any, spans: np.ndarray, most: int) -> np.ndarray:
    """Return P(class) of a new customer within each time span, one row per class."""
    below = np.vstack([model.purchase_probability(n=n, horizon=spans) for n in range(most)])
    return np.clip(np.vstack([below, 1 - below.sum(axis=0)]), 0, 1)


def _stacked(tables: list[pd.DataFrame], *, level: float) -> pd.DataFrame:
    """Return the tables of several models as one, the name of the model first."""
    table = pd.concat(tables, ignore_index=True)
    table = table[["model", *table.columns.drop("model")]]
    table.attrs["level"] = level
    return table
