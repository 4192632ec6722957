"""When the odds are not proportional: coefficients freed at every cut, or rare categories merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, ndtri

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.drivers.cases import read_cases
from crm_analysis.satisfaction.drivers.ordinal_fit import category_codes, fit_one, scaled
from crm_analysis.tables.ledger import TableLedger


@dataclass(frozen=True)
class PartialModel:
    """A cumulative logit in which some drivers have a coefficient of their own at every cut.

    Parameters
    ----------
    table : pandas.DataFrame, index (driver, cut)
        coefficient with limits, standard_error, p; the cut of a common coefficient is ``all_cuts``.
    log_likelihood, proportional_log_likelihood : float
        Of this model, and of the one with common coefficients.
    df : int
        Coefficients more than in the proportional model.
    ledger : TableLedger
    """

    table: pd.DataFrame
    log_likelihood: float
    proportional_log_likelihood: float
    df: int
    ledger: TableLedger

    @property
    def chi_square(self) -> float:
        """Likelihood-ratio statistic against proportional odds."""
        return 2 * (self.log_likelihood - self.proportional_log_likelihood)

    @property
    def p(self) -> float:
        """P-value of proportional odds of the freed drivers."""
        return float(chdtrc(self.df, max(0.0, self.chi_square)))


def partial_proportional_odds(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    freed: Iterable[str],
    level: float = 0.95,
    missing: str = "listwise",
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    low: float | None = None,
    high: float | None = None,
) -> PartialModel:
    r"""Fit :math:`\mathrm{logit}\,P(y > c) = x^\top b + z^\top g_c - \tau_c`: common b, and g by cut for freed drivers.

    Parameters
    ----------
    survey, outcome, drivers, missing, missing_codes, reversed_items, low, high
        As in `read_cases`.
    freed : iterable of str
        Drivers, as a rule those that fail `brant_test`.
    level : float in (0, 1)

    Returns
    -------
    PartialModel
        Holds for the answers given: far from them the chances of the categories could turn negative.

    Raises
    ------
    InputError
        As `read_cases`; with fewer than three categories; if a freed name is no driver; if a driver separates the
        answers.

    References
    ----------
    .. [1] Peterson & Harrell (1990). Partial proportional odds models for ordinal response variables.
       Applied Statistics 39, 205-217.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> quality = rng.integers(1, 6, 300)
    >>> stars = np.digitize(quality + rng.logistic(size=300), [2.0, 4.0])
    >>> model = partial_proportional_odds(
    ...     pd.DataFrame({"stars": stars, "quality": quality}), outcome="stars", drivers=["quality"], freed=["quality"])
    >>> model.table.index.tolist(), model.df
    ([('quality', '≥ 1'), ('quality', '≥ 2')], 1)
    """
    cases = read_cases(survey, outcome=outcome, drivers=drivers, low=low, high=high, missing=missing,
                       missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    codes, categories = category_codes(cases)
    if len(categories) < 3:
        raise InputError(f"{outcome} has {len(categories)} categories: there is one cut and nothing to free",
                         where="the ordinal model", expected="three categories or more",
                         zh=f"{outcome} 只有 {len(categories)} 个类别，没有可放开的系数")  # fmt: skip
    names, freed = list(cases.drivers.columns), list(freed)
    strange = [name for name in freed if name not in names]
    if strange or not freed:
        raise InputError(f"{', '.join(strange) or 'none'} is no driver to be freed", where="freed",
                         expected="some of the drivers", mend="; ".join(nearest(name, names) for name in strange),
                         zh="要放开的因素不在驱动因素之中")  # fmt: skip
    x, _, scale = scaled(cases.drivers)
    common = fit_one(codes, x, cases.weights, link="logit", names=names)[1]
    loose = [names.index(name) for name in freed]
    design, fits = fit_one(codes, x, cases.weights, link="logit", names=names, freed=loose)
    cut_names = [f"≥ {name}" for name in categories[1:]]
    rows = [(name, cut) for name in names for cut in (cut_names if name in freed else ["all_cuts"])]
    per_point = 1 / np.array([scale[names.index(name)] for name, _ in rows])
    theta = fits.theta[0, design.cuts :] * per_point
    error = np.sqrt(np.diag(np.linalg.inv(fits.information[0])))[design.cuts :] * per_point
    reach = ndtri(0.5 + check_level(level) / 2) * error
    table = pd.DataFrame(
        {"coefficient": theta, "coefficient_low": theta - reach, "coefficient_high": theta + reach,
         "standard_error": error, "p": 2 * ndtr(-np.abs(theta / error))},
        index=pd.MultiIndex.from_tuples(rows, names=["driver", "cut"]),
    )  # fmt: skip
    return PartialModel(table, float(fits.log_likelihood[0]), float(common.log_likelihood[0]),
                        len(rows) - len(names), cases.ledger)  # fmt: skip


def merge_categories(answers: pd.Series, *, at_least: int = 10) -> pd.Series:
    """Merge each rare category of an ordinal answer with the smaller of its neighbours, the rarest first.

    Parameters
    ----------
    answers : pandas.Series
        Numbers or an ordered categorical; gaps stay gaps.
    at_least : int
        Answers that every category should have; two categories are left in any case.

    Returns
    -------
    pandas.Series
        An ordered categorical with names such as ``4-6``; the index of `answers`.

    Raises
    ------
    InputError
        If the answers are neither numbers nor an ordered categorical: texts would be sorted as texts, 10 before 2.

    Examples
    --------
    >>> merge_categories(pd.Series([1, 2, 2, 3, 3, 3, None]), at_least=2).tolist()
    ['1-2', '1-2', '1-2', '3', '3', '3', nan]
    """
    categorical = isinstance(answers.dtype, pd.CategoricalDtype)
    if not (answers.cat.ordered if categorical else pd.api.types.is_numeric_dtype(answers.dtype)):
        raise InputError("the categories have no order", where=f"answers {answers.name}",
                         expected="an ordered categorical or numbers", zh="类别没有顺序")  # fmt: skip
    held = answers.value_counts().sort_index()
    held = held[held > 0]
    blocks = [([value], count) for value, count in held.items()]
    while len(blocks) > 2 and min(count for _, count in blocks) < at_least:
        place = min(range(len(blocks)), key=lambda i: blocks[i][1])
        beside = min((i for i in (place - 1, place + 1) if 0 <= i < len(blocks)), key=lambda i: blocks[i][1])
        first, second = sorted([place, beside])
        merged = (blocks[first][0] + blocks[second][0], blocks[first][1] + blocks[second][1])
        blocks[first : second + 1] = [merged]
    names = ["-".join(dict.fromkeys(map(_name, (values[0], values[-1])))) for values, _ in blocks]
    home = {value: name for (values, _), name in zip(blocks, names) for value in values}
    merged = answers.astype(object).map(home)
    return merged.astype(pd.CategoricalDtype(names, ordered=True))


def _name(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value)
