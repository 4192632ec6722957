"""The mean tenure that is right up to a limit, beside the means that mislead."""

from __future__ import annotations

import pandas as pd

from crm_analysis.churn.rates.contract_tenures import as_tenures
from crm_analysis.churn.rates.late_entry import curve_area, kaplan_meier_late
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, mean_t, wilson, with_limits


def tenure_mistakes(
    data: pd.DataFrame, *, until: float | None = None, level: float = 0.95, **options: object
) -> pd.DataFrame:
    r"""Mean tenure in four ways, of which only the first is one.

    ``restricted_mean``: area under the Kaplan-Meier curve up to `until`, each account counted up to that limit.
    ``mean_of_lost``: mean tenure of those who left; it forgets everybody who stayed, and rises with the age of
    the company. ``mean_so_far``: mean tenure of all accounts to date; those that run will stay longer.
    ``one_over_churn``: one over the losses per period at risk; right only if the chance of leaving never changes,
    and then without a limit.

    Parameters
    ----------
    data : pandas.DataFrame
        Contracts, or tenures from `contract_tenures`.
    until : float, optional
        Limit of the restricted mean, in periods; by default the longest tenure seen.
    level : float in (0, 1)
    **options
        Of `contract_tenures`.

    Returns
    -------
    pandas.DataFrame, index way
        accounts, mean_tenure with limits (Greenwood, Student, Wilson turned round), mean_until (NaN if none).

    Raises
    ------
    InputError
        If the data cannot be used, or `until` is not above 0.

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 4, 4], "ended": [1, 1, 0, 0]})
    >>> tenure_mistakes(tenures)["mean_tenure"].round(3).to_dict()
    {'restricted_mean': 2.75, 'mean_of_lost': 1.5, 'mean_so_far': 2.75, 'one_over_churn': 5.5}
    """
    check_level(level)
    tenures = as_tenures(data, **options)
    tenure, ended, entry = tenures["tenure"], tenures["ended"], tenures["entry"]
    limit = float(tenure.max()) if until is None else float(until)
    if not limit > 0:
        raise InputError(f"the mean cannot be restricted to {limit:g}", expected="a limit above 0",
                         zh="限制均值的上限应大于 0")  # fmt: skip
    curve = kaplan_meier_late(entry, tenure, ended, level=level)
    exposure, lost = int((tenure - entry).sum()), int(ended.sum())
    low, high = (1 / share if share else float("nan") for share in map(float, wilson(lost, exposure, level=level))) \
        if exposure else (float("nan"),) * 2  # fmt: skip
    constant = {"mean_tenure": exposure / lost if lost else float("nan"), "mean_tenure_low": high,
                "mean_tenure_high": low}  # fmt: skip
    rows = {
        "restricted_mean": {"accounts": len(tenures)} | with_limits("mean_tenure", curve_area(curve, until=limit,
                                                                                              level=level)),
        "mean_of_lost": {"accounts": lost} | with_limits("mean_tenure", mean_t(tenure[ended], level=level)),
        "mean_so_far": {"accounts": len(tenures)} | with_limits("mean_tenure", mean_t(tenure, level=level)),
        "one_over_churn": {"accounts": len(tenures)} | constant,
    }  # fmt: skip
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="way"))
    return table.assign(mean_until=[limit, *[float("nan")] * 3])
