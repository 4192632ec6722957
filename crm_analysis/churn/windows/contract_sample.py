"""A sample of a snapshot of contracts: accounts with their terms, and whether they are gone on the same day."""

from __future__ import annotations

import pandas as pd

from crm_analysis.churn.windows.sample import SNAPSHOT, Sample
from crm_analysis.errors import InputError
from crm_analysis.tables.needs import check_columns

DATES = ("started_on", "ends_on", "ended_on", "renewed")
NAMES = ("account_id", "customer_id", "churned")


def contract_sample(contracts: pd.DataFrame, *, leave_out: tuple[str, ...] | list[str] = ()) -> Sample:
    """Turn the table ``contracts`` of a snapshot into a sample.

    Dates are left out (an end tells the outcome), and so are columns in `leave_out` that know it. A blank total of
    charges of an account in its first month is 0: nothing has been billed yet; any other blank number is an error here.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id, churned (true or false), and what is known of each account.
    leave_out : sequence of str
        Columns that are known only once the account is gone: a data set names them in its notes (``knows_outcome``).

    Returns
    -------
    Sample
        kind ``snapshot``.

    Raises
    ------
    InputError
        If a column is missing, an account stands in two rows, or a number is blank without a reason.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "churned": [True, False], "tenure_months": [0, 9],
    ...                      "total_charges": [None, 90.0]})
    >>> contract_sample(rows).X["total_charges"].tolist()
    [0.0, 90.0]
    """
    check_columns(contracts, "contracts", ["account_id", "churned"])
    kept = [name for name in contracts if name not in (*DATES, *NAMES, *leave_out)]
    X = contracts.set_index("account_id")[kept].rename_axis("customer_id")
    if {"total_charges", "tenure_months"} <= set(X):
        new = X["tenure_months"].eq(0) & X["total_charges"].isna()
        X = X.assign(total_charges=X["total_charges"].mask(new, 0.0))
    blank = {name: int(rows) for name, rows in X.select_dtypes("number").isna().sum().items() if rows}
    if blank:
        raise InputError(f"blank numbers: {', '.join(f'{name} in {rows:,} rows' for name, rows in blank.items())}",
                         where="table contracts", expected="a number in each row",
                         mend="say what a blank means and fill it, or leave the column out",
                         zh=f"数值为空：{'，'.join(blank)}")  # fmt: skip
    y = pd.Series(contracts["churned"].to_numpy("int64"), index=X.index, name="churned")
    return Sample(X, y, kind=SNAPSHOT)
