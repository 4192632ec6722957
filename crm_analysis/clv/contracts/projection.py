"""The table of what is to come of contracts: retention, survival, and how many customers will still be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.clv.contracts.contract_draws import count_limits, drawn, with_limits
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

if TYPE_CHECKING:
    from crm_analysis.clv.contracts.contractual import ContractModel, Theta


def project(
    model: ContractModel, periods: int, *, customers: int | None = None, tenure: int = 0, level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Retention, survival and customers still there in the periods to come, with intervals.

    Parameters
    ----------
    model : SBG or BdW
    periods : int >= 1
        How many renewals ahead.
    customers : int, optional
        How many customers there are now; without them the table has no counts.
    tenure : int >= 0
        How often these customers have renewed; 0 for new ones.
    level : float in (0, 1)
    seed : int
        Of the posterior draws.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``period`` (tenure + 1, ...), each with ``_low`` and ``_high`` from the uncertainty of the
        parameters (posterior draws; NaN at known parameters):

        ``retention_rate``, of those who come to this renewal;
        ``survival``, of those who are there now;
        ``churn_probability``, to leave at this renewal, of those who are there now;

        and with `customers`: ``expected_customers`` (the same interval), ``customers_low``, ``customers_high``:
        between them will be the number that really is still there (binomial, and the uncertainty of the parameters).

    Raises
    ------
    InputError
        If a number is not whole or too small.

    Examples
    --------
    >>> from crm_analysis.clv.contracts.sbg import SBG
    >>> model = SBG().fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> table = project(model, 5, customers=491, tenure=7)
    >>> table["expected_customers"].round().tolist()
    [462.0, 438.0, 416.0, 397.0, 380.0]
    >>> bool((table["customers_high"] - table["customers_low"]).is_monotonic_increasing)
    True
    """
    check_level(level)
    count, ahead, tenure = _counts(customers, periods, tenure)
    t, theta, columns = np.arange(1, ahead + 1), drawn(model, seed), {}

    def survival(theta: Theta) -> np.ndarray:
        return np.exp(model._log_kept(theta, tenure, t))

    def rate(theta: Theta) -> np.ndarray:
        return np.exp(model._log_kept(theta, tenure + t - 1, np.ones(ahead)))

    def lost(theta: Theta) -> np.ndarray:
        before = np.exp(model._log_kept(theta, tenure, t - 1))
        return before * -np.expm1(model._log_kept(theta, tenure + t - 1, np.ones(ahead)))

    for name, share in {"retention_rate": rate, "survival": survival, "churn_probability": lost}.items():
        found = with_limits(model, share, theta, level=level)
        columns |= dict(zip((name, f"{name}_low", f"{name}_high"), found))
    if count is not None:
        columns |= {f"expected_customers{side}": count * columns[f"survival{side}"] for side in ("", "_low", "_high")}
        columns["customers_low"], columns["customers_high"] = count_limits(survival(theta), count, level=level)
    table = pd.DataFrame(columns, index=pd.RangeIndex(tenure + 1, tenure + ahead + 1, name="period"))
    table.attrs |= {"model": model.key, "customers": count, "tenure": tenure, "level": level, "unit": model.unit_}
    return table


def _counts(customers: object, periods: object, tenure: object) -> tuple[int | None, int, int]:
    """Return the three as whole numbers; all that is wrong in one message."""
    given = {"customers": (customers, 1), "periods": (periods, 1), "tenure": (tenure, 0)}
    if customers is None:
        del given["customers"]
    wrong = [f"{name} must be a whole number from {least}; got {value!r}" for name, (value, least) in given.items()
             if not _is_whole(value, least)]  # fmt: skip
    if wrong:
        raise InputError("; ".join(wrong), zh="客户数、期数与已续约次数应为整数")
    return None if customers is None else int(customers), int(periods), int(tenure)


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, (int, float, np.number)) and value >= least and value == np.rint(value) < np.inf
