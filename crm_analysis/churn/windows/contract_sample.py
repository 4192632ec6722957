"""A sample of a snapshot of contracts: accounts with their terms, and whether they are gone on the same day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.audit import LeakError, audit_sample
from crm_analysis.churn.windows.sample import SNAPSHOT, Sample
from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.needs import check_columns

DATES = ("started_on", "ends_on", "ended_on", "renewed")
NAMES = ("account_id", "customer_id", "churned")


def contract_sample(
    contracts: pd.DataFrame, *, leave_out: tuple[str, ...] | list[str] = (), audit: bool | str = True
) -> Sample:
    """Turn the table ``contracts`` of a snapshot into a sample, and audit it.

    Where contracts have dates, `make_contract_sample` asks who, under contract at a cutoff, leaves after it. Here dates
    are left out (an end tells the outcome), and so are columns in `leave_out` that know it. A blank total of charges of
    an account in its first month is 0: nothing has been billed yet; any other blank number is an error here.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id, churned (true or false), and what is known of each account.
    leave_out : sequence of str
        Columns that are known only once the account is gone: a data set names them in its notes (``knows_outcome``).
    audit : bool or "report"
        As in `make_sample`: whether a column that tells the outcome raises, is only reported, or is not looked for.

    Returns
    -------
    Sample
        kind ``snapshot``.

    Raises
    ------
    LeakError
        If the audit fails and `audit` is True.
    InputError
        If a column is missing or not there to leave out, an account stands in two rows, `churned` is neither true nor
        false somewhere, or a number is blank without a reason.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "churned": [True, False], "tenure_months": [0, 9],
    ...                      "total_charges": [None, 90.0]})
    >>> contract_sample(rows).X["total_charges"].tolist()
    [0.0, 90.0]
    """
    check_columns(contracts, "contracts", ["account_id", "churned"])
    left_out = [leave_out] if isinstance(leave_out, str) else list(leave_out)
    _check_left_out(contracts, left_out)
    kept = [name for name in contracts if name not in (*DATES, *NAMES, *left_out)]
    X = contracts.set_index("account_id")[kept].rename_axis("customer_id")
    X = _billed(X)
    blank = {name: int(rows) for name, rows in X.select_dtypes("number").isna().sum().items() if rows}
    if blank:
        raise InputError(f"blank numbers: {', '.join(f'{name} in {rows:,} rows' for name, rows in blank.items())}",
                         where="table contracts", expected="a number in each row",
                         mend="say what a blank means and fill it, or leave the column out",
                         zh=f"数值为空：{'，'.join(blank)}")  # fmt: skip
    sample = Sample(X, pd.Series(_churned(contracts["churned"]), index=X.index, name="churned"), kind=SNAPSHOT)
    if audit is False:
        return sample
    found = audit_sample(sample)
    if audit is True and not found.passed:
        raise LeakError.of(found, where="table contracts; leave_out names columns that know the outcome")
    return replace(sample, audit=found.table)


def _check_left_out(contracts: pd.DataFrame, left_out: list[str]) -> None:
    unknown = [name for name in left_out if name not in contracts]
    twice = int(contracts["account_id"].duplicated().sum())
    if unknown:
        raise InputError(f"there is no column {', '.join(map(repr, unknown))} to leave out", where="table contracts",
                         mend=nearest(unknown[0], map(str, contracts)) or "take it out of leave_out",
                         zh=f"没有要排除的列：{'、'.join(unknown)}")  # fmt: skip
    if twice:
        raise InputError(f"{twice:,} accounts stand in more than one row", where="contracts.account_id",
                         expected="one row per account", mend="keep the row of the snapshot",
                         zh=f"{twice} 个账户重复出现")  # fmt: skip


def _billed(X: pd.DataFrame) -> pd.DataFrame:
    """Nothing has been billed in the first month: there a blank total is 0."""
    names = ("total_charges", "tenure_months")
    if not all(name in X and pd.api.types.is_numeric_dtype(X[name].dtype) for name in names):
        return X
    new = X["tenure_months"].eq(0) & X["total_charges"].isna()
    return X.assign(total_charges=X["total_charges"].mask(new, 0.0))


def _churned(values: pd.Series) -> np.ndarray:
    """The mark as 0 and 1; a text such as "Yes" is an error."""
    numbers = pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.infer_dtype(values) == "boolean"
    if not (numbers and values.isin([0, 1]).all()):
        shown = ", ".join(map(repr, values.unique()[:3]))
        raise InputError(f"churned is neither true nor false: {shown}", where="table contracts",
                         expected="True and False, or 1 and 0",
                         mend='contracts["churned"] = contracts["churned"].eq("Yes")',
                         zh="churned 列应为是/否（True/False 或 1/0）")  # fmt: skip
    return values.to_numpy("int64")
