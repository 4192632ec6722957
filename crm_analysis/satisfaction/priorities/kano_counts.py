"""Kano's classes from a published table of counts or shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.priorities.kano import OWN, Kano, check_choices
from crm_analysis.satisfaction.priorities.kano_assess import assess, choices_of_counts
from crm_analysis.satisfaction.priorities.kano_draws import draws_of_counts
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES, LETTERS, better_worse, diagram_class
from crm_analysis.satisfaction.priorities.respondents import check_draws, settings_frame


def kano_from_counts(
    counts: pd.DataFrame,
    *,
    respondents: int | pd.Series | Mapping | None = None,
    rule: str = "majority",
    test: str = "multinomial",
    crosshair: str = "half",
    draws_from: str = "bootstrap",
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Kano:
    """Sort attributes into Kano's classes from a published table of counts or shares.

    Parameters
    ----------
    counts : pandas.DataFrame, index attribute
        Columns named by class (must_be, one_dimensional, attractive, indifferent, reverse, questionable) or by
        letter (M, O, A, I, R, Q); a class without a column counts 0.
    respondents : int, Series or mapping, optional
        If the rows hold shares or percentages: of how many respondents.
    rule, test, crosshair, draws_from, level, draws, seed
        As in `kano_table`. Without the rows of the survey, attributes are drawn independently, and what depends on
        the evaluation table cannot be varied.

    Returns
    -------
    Kano

    Raises
    ------
    InputError
        If a column is no class, a count is negative or blank, or counts are not whole and `respondents` is not given.

    Examples
    --------
    >>> ski = pd.DataFrame({"A": [7.0], "O": [32.3], "M": [49.3], "I": [9.5]}, index=["edge grip"])
    >>> found = kano_from_counts(ski, respondents=1500).table
    >>> found[["kano_class", "kano_better", "kano_worse"]].round(4).values
    array([['must_be', 0.4006, -0.8318]], dtype=object)
    """
    check_choices(rule=rule, test=test, crosshair=crosshair, draws_from=draws_from)
    check_draws(draws)
    values = read_counts(counts, respondents)
    matrix = values.to_numpy()
    total = values.sum(axis=1)
    account = pd.DataFrame({"respondents": total.round().astype(int), "kano_unpaired": 0, "effective_n": total})
    how = {"rule": rule, "test": test, "crosshair": crosshair, "level": check_level(level)}
    point = better_worse(matrix)
    choices = choices_of_counts(matrix, OWN) | {"better_worse": diagram_class(point[:, 0], point[:, 1])}
    clouds = draws_of_counts(matrix, way=draws_from, draws=draws, seed=seed)
    settings = settings_frame(evaluation=OWN, draws_from=draws_from, resamples=draws, random_seed=seed, **how)
    return Kano(**assess(account, matrix, clouds, choices, **how), settings=settings)


def read_counts(counts: pd.DataFrame, respondents: int | pd.Series | Mapping | None) -> pd.DataFrame:
    """Return counts of the six classes by attribute from a published table, checked.

    Parameters
    ----------
    counts : pandas.DataFrame, index attribute
        Columns named by class or by letter; classes without a column count 0.
    respondents : int, Series or mapping, optional
        Number of respondents, if the rows hold shares or percentages.

    Examples
    --------
    >>> read_counts(pd.DataFrame({"M": [60.0], "O": [40.0]}, index=["grip"]), 50)["must_be"].tolist()
    [30.0]
    """
    named = counts.rename(columns=LETTERS)
    twice = sorted({str(name) for name in named.columns[named.columns.duplicated()]})
    if twice:
        raise InputError(f"more than one column is named {', '.join(twice)}", where="counts",
                         mend="a class by its name or by its letter, not both", zh="Kano 计数表的列重复")  # fmt: skip
    strange = [str(name) for name in named if name not in CLASSES]
    values = named.drop(columns=strange).apply(pd.to_numeric, errors="coerce").reindex(columns=list(CLASSES))
    values = values.fillna({name: 0.0 for name in CLASSES if name not in named}).astype(float)
    problems = [f"{', '.join(strange)} is no class"] if strange else []
    problems += ["the table has no row"] if values.empty else []
    problems += ["an attribute is named twice"] if not values.index.is_unique else []
    bad = values.index[~(np.isfinite(values) & (values >= 0)).all(axis=1)]
    problems += [f"{', '.join(map(str, bad))} has blanks or negative counts"] if len(bad) else []
    base = None if respondents is None else _base(respondents, values.index)
    if base is not None and not (np.isfinite(base) & (base > 0)).all():
        lacking = base.index[~(np.isfinite(base) & (base > 0))]
        problems.append(f"respondents has no positive number for {', '.join(map(str, lacking))}")
    if respondents is None and not problems and not np.allclose(values, values.round()):
        problems.append("the counts are not whole: if they are shares, pass respondents=")
    if problems:
        raise InputError("; ".join(problems), where="counts", expected=f"columns {', '.join(LETTERS)}",
                         mend="one row per attribute, one column per class", zh="Kano 计数表无效")  # fmt: skip
    if base is not None:
        total = values.sum(axis=1)
        values = values.div(total.where(total > 0, 1), axis=0).mul(base, axis=0)
    return values.rename_axis("attribute")


def _base(respondents: int | pd.Series | Mapping, names: pd.Index) -> pd.Series:
    """Number of respondents of each attribute; NaN where none is given."""
    given = {name: respondents for name in names} if np.isscalar(respondents) else dict(respondents)
    return pd.to_numeric(pd.Series([given.get(name) for name in names], index=names, dtype=object), errors="coerce")
