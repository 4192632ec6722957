"""Metric cohorts as they would be if all of them had the same mix of another feature."""

from __future__ import annotations

import pandas as pd

from crm_analysis.churn.reasons.cohorts import check_column, cohort_parts, metric_cohorts
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import effective_counts, proportion, with_limits


def standardised_cohorts(
    sample: Sample, column: str, *, by: str, bins: int = 10, strata: int = 5, few: int = 30, level: float = 0.95
) -> pd.DataFrame:
    r"""Churn rate by cohort of one feature, standardised to the mix of another among all customers.

    .. math:: \tilde p_j = \sum_k w_k\, \hat p_{jk} \Big/ \sum_k w_k, \qquad w_k = \frac{N_k}{N}

    k runs over the strata of `by` in which cohort j has customers (direct standardisation). Where a difference
    between cohorts goes away, it went with `by`; where it stays, there is more to it than `by`. Differences inside a
    stratum remain, and of course all features that are not asked for.

    `weight_covered` is the share of all customers in strata that the cohort has. Below 1 the cohort cannot be given
    the mix of all; its rate is then to be compared with `expected_rate`, that of all customers in just these strata
    with the same weights.

    Parameters
    ----------
    sample : Sample
    column : str
        Feature of the cohorts.
    by : str
        Feature whose mix is made equal.
    bins, strata : int >= 2
        Cohorts of `column` and strata of `by`, of about equal size, of numbers.
    few : int
        Below so many customers a cohort is marked.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index metric_cohort
        As `metric_cohorts`, and: standardised_rate with limits (Wilson's, for the rows it is worth), expected_rate,
        weight_covered.

    Raises
    ------
    InputError
        If the sample lacks a feature, the two are the same, or numbers cannot be used.

    References
    ----------
    .. [1] Fleiss, Levin & Paik (2003). Statistical Methods for Rates and Proportions, 3rd ed., chapter 19.
    .. [2] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).

    Examples
    --------
    >>> X = pd.DataFrame({"orders": [1, 1, 1, 9, 9, 9], "recency": [90, 90, 5, 90, 5, 5]})
    >>> sample = Sample(X, pd.Series([1, 1, 0, 1, 0, 0]))
    >>> table = standardised_cohorts(sample, "orders", by="recency", bins=2, strata=2)
    >>> table[["churn_rate", "standardised_rate"]].round(2).values.tolist()
    [[0.67, 0.5], [0.33, 0.5]]
    """
    check_column(sample, column, bins)
    check_column(sample, by, strata)
    if by == column:
        raise InputError(f"cohorts of {column!r} cannot be standardised by itself", where="by",
                         expected="another feature", zh=f"{column!r} 不能按自身标准化")  # fmt: skip
    table = metric_cohorts(sample, column, bins=bins, few=few, level=level)
    frame = pd.DataFrame({
        "cohort": cohort_parts(sample.X[column], bins).code, "stratum": cohort_parts(sample.X[by], strata).code,
        "y": sample.y.to_numpy("float64"), "customer": sample.customers.to_numpy(),
    })  # fmt: skip
    share, rate = frame["stratum"].value_counts(normalize=True), frame.groupby("stratum")["y"].mean()
    rows = [_standardised(frame[frame["cohort"] == place], share, rate, level) for place in range(len(table))]
    found = table.join(pd.DataFrame(rows, index=table.index))
    found.attrs |= table.attrs | {"by": by}
    return found


def _standardised(part: pd.DataFrame, share: pd.Series, rate: pd.Series, level: float) -> dict[str, float]:
    inside = part.groupby("stratum")["y"].agg(["size", "mean"])
    covered = share.loc[inside.index]
    weight = covered / covered.sum()
    each = part["stratum"].map(weight / inside["size"]).to_numpy("float64")
    hits, rows = effective_counts(part["y"], part["customer"], weight=each,
                                  expected=part["stratum"].map(inside["mean"]).to_numpy("float64"))  # fmt: skip
    return (
        with_limits("standardised_rate", proportion(hits, rows, level=level))
        | {"expected_rate": float((weight * rate.loc[inside.index]).sum()), "weight_covered": float(covered.sum())}
    )  # fmt: skip
