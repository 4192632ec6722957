"""Whether arms drawn by lot were alike before the experiment: standardised differences and one joint check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments.units import check_names

MOST_LEVELS = 20
USUAL = 0.1  # a standardised difference that textbooks call small


def balance_table(customers: pd.DataFrame, *, arms: pd.Series, covariates: Sequence[str]) -> pd.DataFrame:
    r"""Standardised differences of what was known before the lot, each arm less the control.

    .. math:: d = \frac{\bar x_a - \bar x_0}{\sqrt{(s_a^2 + s_0^2)/2}}

    Texts and categories count as one 0/1 variable per level, blanks of a number as a variable of their own (and
    as the mean in the number). Single differences beyond .1 are no proof of anything: chance makes some. What
    counts is the joint check, `balance_test`.

    Parameters
    ----------
    customers : pandas.DataFrame
    arms : pandas.Series of categories, the control first
        From `units.read_arms`.
    covariates : sequence of str
        Columns from before the experiment.

    Returns
    -------
    pandas.DataFrame
        arm, covariate, arm_value, control_value, standardised_difference (NaN where nothing varies).

    References
    ----------
    .. [1] Austin (2009). Statistics in Medicine 28, 3083-3107 (standardised differences).

    Examples
    --------
    >>> frame = pd.DataFrame({"age": [30.0, 40.0, 32.0, 42.0]})
    >>> arms = pd.Series(pd.Categorical(["holdout", "holdout", "mail", "mail"]))
    >>> balance_table(frame, arms=arms, covariates=["age"])["standardised_difference"].round(2).tolist()
    [0.28]
    """
    wide, control, rows = design(customers, covariates), arms.cat.categories[0], []
    base = wide[(arms == control).to_numpy()]
    for arm in arms.cat.categories[1:]:
        part = wide[(arms == arm).to_numpy()]
        spread = np.sqrt((part.var(ddof=1) + base.var(ddof=1)) / 2)
        for name in wide:
            gap = part[name].mean() - base[name].mean()
            d = gap / spread[name] if spread[name] > 0 else float("nan")
            rows.append((arm, name, part[name].mean(), base[name].mean(), d))
    return pd.DataFrame(rows, columns=["arm", "covariate", "arm_value", "control_value", "standardised_difference"])


def balance_test(
    customers: pd.DataFrame, *, arms: pd.Series, covariates: Sequence[str], draws: int = 999, seed: int = 0
) -> tuple[float, float, float]:
    r"""Check all covariates at once: do the arms differ by more than drawing by lot makes them differ.

    .. math:: T = \sum_a n_a\,(\bar x_a - \bar x)^\top S^{-1} (\bar x_a - \bar x)

    with the covariance S of all units. Under the lot T is nearly chi-square with (arms - 1) × (variables) degrees of
    freedom; the p-value is found by drawing the arms again `draws` times, which is exact for small samples too.

    Returns
    -------
    statistic, p, p_chi2 : float
        NaN where no covariate varies.

    References
    ----------
    .. [1] Hansen & Bowers (2008). Statistical Science 23, 219-236 (omnibus balance check).

    Examples
    --------
    >>> frame = pd.DataFrame({"age": np.arange(40.0)})
    >>> arms = pd.Series(pd.Categorical(["holdout"] * 20 + ["mail"] * 20))
    >>> statistic, p, p_chi2 = balance_test(frame, arms=arms, covariates=["age"])
    >>> round(statistic, 2), p
    (29.27, 0.001)
    """
    x = design(customers, covariates).to_numpy(float)
    white = _whitened(x)
    if white.shape[1] == 0:
        return float("nan"), float("nan"), float("nan")
    codes, count = arms.cat.codes.to_numpy(), np.bincount(arms.cat.codes)
    found, rng = _statistic(white, codes, count), np.random.default_rng(seed)
    beyond = sum(_statistic(white, rng.permutation(codes), count) >= found * (1 - 1e-12) for _ in range(draws))
    p = (1 + beyond) / (1 + draws) if draws else float("nan")
    return found, float(p), float(chdtrc((len(count) - 1) * white.shape[1], found))


def design(customers: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Return covariates as numbers: texts as one 0/1 column per level, blanks of a number as a column of their own.

    Examples
    --------
    >>> design(pd.DataFrame({"sex": ["f", "m"], "age": [30.0, None]}), ["sex", "age"]).columns.tolist()
    ['sex = f', 'sex = m', 'age', 'age = not_stated']
    """
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    check_names(customers, names)
    columns: dict[str, pd.Series] = {}
    for name in names:
        values = customers[name]
        if pd.api.types.is_datetime64_any_dtype(values.dtype):
            raise InputError(
                f"the covariate {name!r} is a time",
                where=name,
                mend="turn it into a number of days before the experiment",
                zh=f"{name} 是时间，请换算为天数",
            )
        if pd.api.types.is_numeric_dtype(values.dtype):
            number = values.astype("float64")
            columns[name] = number.fillna(number.mean() if number.notna().any() else 0.0)
            if values.isna().any():
                columns[f"{name} = not_stated"] = values.isna().astype(float)
            continue
        stated = values.astype(object).where(values.notna(), "not_stated").astype(str)
        levels = sorted(stated.unique())
        if len(levels) > MOST_LEVELS:
            raise InputError(f"the covariate {name!r} has {len(levels):,} different texts", where=name,
                             expected=f"up to {MOST_LEVELS}", mend="group them", zh=f"{name} 的取值过多")  # fmt: skip
        columns |= {f"{name} = {level}": (stated == level).astype(float) for level in levels}
    return pd.DataFrame(columns, index=customers.index)


def _whitened(x: np.ndarray) -> np.ndarray:
    """Turn columns into uncorrelated ones of variance 1, as many as are independent of each other."""
    centred = x - x.mean(axis=0)
    scale = centred.std(axis=0)
    centred = centred[:, scale > 0] / scale[scale > 0]
    if not centred.size:
        return np.empty((len(x), 0))
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    return left[:, sizes > sizes[0] * 1e-8] * np.sqrt(len(x) - 1)


def _statistic(white: np.ndarray, codes: np.ndarray, count: np.ndarray) -> float:
    sums = np.column_stack([np.bincount(codes, column, minlength=len(count)) for column in white.T])
    return float((sums**2 / np.maximum(count, 1)[:, None]).sum())
