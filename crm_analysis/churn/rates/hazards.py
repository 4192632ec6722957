"""Hazard by month of tenure: of the accounts that come to a month, those that leave in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.contract_tenures import as_tenures
from crm_analysis.churn.rates.late_entry import counts_at
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, share_columns
from crm_analysis.tables.needs import check_group, stated


def hazard_table(
    data: pd.DataFrame, *, by: str | None = None, until: int | None = None, level: float = 0.95, **options: object
) -> pd.DataFrame:
    r"""Hazard of each month of tenure, with the survival that follows from it.

    .. math:: h_t = \frac{d_t}{n_t}, \qquad S(t) = \prod_{u \le t} (1 - h_u)

    of the n_t accounts that came to month t, d_t left in it. A falling hazard does not say that an account becomes
    more loyal: those quick to leave leave first.

    Parameters
    ----------
    data : pandas.DataFrame
        Contracts, or tenures from `contract_tenures`.
    by : str, optional
        Column to group by.
    until : int, optional
        Last month; by default the last to which anybody came.
    level : float in (0, 1)
    **options
        Of `contract_tenures`.

    Returns
    -------
    pandas.DataFrame, index tenure_month (or (`by`, tenure_month), the largest group first)
        at_risk, lost, hazard with Wilson's limits (NaN if nobody was at risk), survival (NaN from the first month with
        nobody at risk).

    Raises
    ------
    InputError
        If the data cannot be used, or nobody has come to the end of a first month.

    References
    ----------
    .. [1] Singer & Willett (1993). Journal of Educational Statistics 18, 155-195.

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 2, 3], "ended": [1, 1, 0, 0]})
    >>> hazard_table(tenures)[["at_risk", "lost", "hazard"]].round(3).values.tolist()
    [[4.0, 1.0, 0.25], [3.0, 1.0, 0.333], [1.0, 0.0, 0.0]]
    """
    check_level(level)
    tenures = as_tenures(data, **options)
    last = int(tenures["tenure"].max()) if until is None else until
    if last < 1 or not (tenures["tenure"] > tenures["entry"]).any():
        raise InputError("nobody is at risk: no account has come to the end of a first period", where="tenures",
                         expected="tenures of 1 or more", mend="observe for longer, or take a shorter unit",
                         zh="没有账户满一期，无法计算风险率")  # fmt: skip
    if by is None:
        return _table(tenures, last, level)
    check_group(tenures, "contracts", by)
    group = stated(tenures[by])
    names = sorted(group.unique(), key=lambda name: (-(group == name).sum(), str(name)))
    parts = {name: tenures[(group == name).to_numpy()] for name in names}
    until = {name: min(last, int(part["tenure"].max())) for name, part in parts.items()}
    found = {name: _table(part, until[name], level) for name, part in parts.items() if until[name]}
    return pd.concat(found, names=[by])


def _table(tenures: pd.DataFrame, last: int, level: float) -> pd.DataFrame:
    month = np.arange(1, last + 1)
    arrays = (tenures[name].to_numpy() for name in ("entry", "tenure", "ended"))
    at_risk, lost = counts_at(*arrays, month)
    table = pd.DataFrame({"at_risk": at_risk, "lost": lost}, index=pd.RangeIndex(1, last + 1, name="tenure_month"))
    table = table.assign(**share_columns("hazard", lost, at_risk, level=level))
    return table.assign(survival=(1 - table["hazard"]).cumprod(skipna=False))
