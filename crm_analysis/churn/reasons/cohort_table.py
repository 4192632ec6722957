"""All features at once: how far the churn rate moves along each, and a test corrected for their number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincc, ndtr

from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.cohorts import NOT_KNOWN, check_column, cohort_parts, metric_cohorts
from crm_analysis.churn.windows.auc import auc_interval
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.intervals import UNKNOWN, design_effect, holm, with_limits


def metric_cohort_table(sample: Sample, *, bins: int = 10, few: int = 30, level: float = 0.95) -> pd.DataFrame:
    r"""Return one row per feature: known customers, lowest and highest churn rate, trend and its test.

    .. math:: z = \frac{\sum_c s_c}{\sqrt{\sum_c s_c^2}}, \qquad s_c = \sum_{i \in c} (y_i - \bar y)(r_i - \bar r)

    Numbers are tested for a trend: Cochran and Armitage's test with ranks r as scores (ties the mean rank), c the
    customers, so that several rows of one count once. A relation that goes up and down again can escape it; the rates
    show it. Texts are tested for any difference between levels (chi-square, divided by the design effect where
    customers have several rows). The AUC of the feature alone says how well it orders customers: above .5 churners
    have higher values, below .5 lower ones.

    Parameters
    ----------
    sample : Sample
    bins, few : int
        As in `metric_cohorts`; cohorts of few customers do not make the lowest or highest rate.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index feature
        By p, the smallest first: kind (number or text), known, cohorts, lowest_rate, highest_rate, rate_range (their
        difference), single_auc with limits (NaN for texts), p and p_holm. p is NaN for a constant feature.

    Raises
    ------
    InputError
        If `sample` is no sample or `bins` cannot be used.

    References
    ----------
    .. [1] Armitage (1955). Tests for linear trends in proportions and frequencies. Biometrics 11, 375-386.
    .. [2] Rao & Scott (1992). Biometrics 48, 577-585 (clusters).
    .. [3] Holm (1979). Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"orders": rng.poisson(3, 300), "shoe_size": rng.normal(42, 2, 300)})
    >>> table = metric_cohort_table(Sample(X, pd.Series((X["orders"] + rng.normal(0, 1, 300) < 3).astype(int))))
    >>> (table["p_holm"] < 0.05).to_dict()
    {'orders': True, 'shoe_size': False}
    """
    rows = {}
    for name in getattr(sample, "X", {"": None}):
        check_column(sample, name, bins)
        rows[str(name)] = _row(sample, name, bins, few, level)
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="feature"))
    table["p_holm"] = holm(table["p"])
    return table.sort_values(["p", "rate_range"], ascending=[True, False], kind="stable")


def _row(sample: Sample, name: str, bins: int, few: int, level: float) -> dict[str, object]:
    values, number = sample.X[name], is_number(sample.X[name])
    cohorts = metric_cohorts(sample, name, bins=bins, few=few, level=level)
    rates = (
        cohorts.loc[~cohorts["few_customers"], "churn_rate"]
        if not cohorts["few_customers"].all()
        else cohorts["churn_rate"]
    )
    return (
        {"kind": "number" if number else "text", "known": int(values.notna().sum()),
         "cohorts": int((cohorts.index != NOT_KNOWN).sum()),
         "lowest_rate": rates.min(), "highest_rate": rates.max(), "rate_range": rates.max() - rates.min()}
        | with_limits("single_auc", _auc(values, sample, level) if number else UNKNOWN)
        | {"p": _trend(values, sample) if number else _levels(values, sample)}
    )  # fmt: skip


def _auc(values: pd.Series, sample: Sample, level: float) -> object:
    known = values.notna().to_numpy()
    x = values[known].to_numpy("float64")
    if not known.any() or np.ptp(x) == 0:
        return UNKNOWN
    return auc_interval(x, sample.y.to_numpy()[known], clusters=sample.customers[known], level=level)


def _trend(values: pd.Series, sample: Sample) -> float:
    """Two-sided p of the trend over ranks."""
    known = values.notna().to_numpy()
    y, rank = sample.y.to_numpy()[known].astype("float64"), values[known].rank().to_numpy("float64")
    if known.sum() < 3 or np.ptp(rank) == 0 or np.ptp(y) == 0:
        return float("nan")
    parts = np.bincount(pd.factorize(sample.customers[known])[0], (y - y.mean()) * (rank - rank.mean()))
    z = parts.sum() / np.sqrt((parts**2).sum())
    return float(2 * ndtr(-abs(z)))


def _levels(values: pd.Series, sample: Sample) -> float:
    """P of the chi-square of the levels."""
    code = cohort_parts(values, 2).code
    y = sample.y.to_numpy("float64")
    size = np.bincount(code)
    if len(size) < 2:
        return float("nan")
    customer = pd.factorize(sample.customers)[0]
    effect = design_effect(np.bincount(customer, y), np.bincount(customer))
    rate, share = np.bincount(code, y) / size, y.mean()
    chi = float((size * (rate - share) ** 2).sum() / (share * (1 - share)) / effect)
    return float(gammaincc((len(size) - 1) / 2, chi / 2))
