"""The IBM Telco customer churn sample, CSV or Excel, into the tables `contracts` and `customers`."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.source import Source
from crm_analysis.sources.tally import Tally
from crm_analysis.tables import NOTED, About, Ledger, head, read_csv

NAMES = {
    "account_id": ("customer_id",),
    "tenure_months": ("tenure", "tenure_months", "tenure_in_months"),
    "fee": ("monthly_charges", "monthly_charge"),
    "total_charges": ("total_charges",),
    "plan": ("contract",),
    "churned": ("churn", "churn_label", "churn_value", "customer_status"),
    "sex": ("gender", "sex"),
}
MUST = ("account_id", "tenure_months", "fee", "plan", "churned")
TERMS = {"month_to_month": 1, "one_year": 12, "two_year": 24}
CHURNED = {"yes": True, "1": True, "true": True, "churned": True,
           "no": False, "0": False, "false": False, "stayed": False, "joined": False}  # fmt: skip
OUTCOMES = ("churn_label", "churn_value", "churn_score", "churn_reason", "churn_category", "customer_status", "cltv")
PERSON = ("sex", "age", "city", "senior_citizen", "partner", "married", "dependents")
TEXTS = ("account_id", "zip_code", "plan")


def convert(path: Path, folder: Path, *, as_of: str = "2018-01-01") -> tuple[About, Ledger]:
    r"""Write ``contracts.parquet`` and ``customers.parquet`` from the Telco snapshot.

    The file says how many months each customer has stayed and who left in the
    last one; it holds no date. Dates are laid out backwards from an assumed
    snapshot: with tenure :math:`t` and term :math:`k` (1, 12 or 24 months),

    .. math:: started = as\_of - t, \quad ends = started + k\max(1, \lceil t/k \rceil),

    and a churned account has ended at `as_of`. Differences of dates are therefore
    exact in months; the calendar dates mean nothing, and seasons or cohorts must
    not be read from them. ``renewed`` is given where a term ends at the snapshot.
    ``tenure_months`` and ``churned`` are kept as the file gives them.

    Parameters
    ----------
    path : pathlib.Path
        CSV (21 columns) or Excel (33 columns), or a later release with the same names.
    folder : pathlib.Path
        Existing folder to write into.
    as_of : str
        Day of the snapshot, an assumption.

    Returns
    -------
    about : About
    ledger : Ledger

    Raises
    ------
    InputError
        If the file lacks a column or has no row that can be used, or `as_of` is no day.
    """
    moment = _day(as_of)
    frame, tally = _clean(_read(path), path)
    if frame.empty:
        raise InputError("no row of the file can be used", where=path, expected="at least one account",
                         mend=str(Ledger([tally.ledger("contracts")])))  # fmt: skip
    contracts = _contracts(frame, moment)
    contracts.to_parquet(folder / "contracts.parquet", index=False)
    has = [name for name in PERSON if name in contracts]
    customers = contracts[["account_id", "started_on", *has]]
    customers = customers.rename(columns={"account_id": "customer_id", "started_on": "joined_at"})
    customers.to_parquet(folder / "customers.parquet", index=False)
    return _about(contracts, as_of), Ledger([tally.ledger("contracts"), tally.ledger("customers", noted=False)])


def _read(path: Path) -> pd.DataFrame:
    """Read all cells as text and name the columns as we do."""
    if head(path)[:2] == b"PK":
        try:
            frame = pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
        except Exception as error:  # zip, XML and value errors of a damaged workbook
            raise InputError("the file is no Excel workbook that can be read", where=path, expected=".xlsx or .csv",
                             mend=f"open and save it in Excel, or unpack it ({error})") from error  # fmt: skip
    else:
        frame = read_csv(path)
    frame = frame.rename(columns=snake_case).assign(line=np.arange(len(frame)) + 2)
    for ours, theirs in NAMES.items():
        found = [name for name in (ours, *theirs) if name in frame]
        if found and ours != found[0]:
            frame = frame.rename(columns={found[0]: ours})
    lacking = [" or ".join(NAMES[name]) for name in MUST if name not in frame]
    if lacking:
        raise InputError(
            f"the file lacks {len(lacking)} columns of the Telco data: {', '.join(lacking)}",
            where=f"{path} (has: {', '.join(frame.columns.drop('line'))})",
            expected="customerID, tenure, Contract, MonthlyCharges, Churn, or their names in the Excel releases",
            mend="; ".join(filter(None, (nearest(name.split(" or ")[0], frame.columns) for name in lacking)))
            or "take the file WA_Fn-UseC_-Telco-Customer-Churn.csv or Telco_customer_churn.xlsx",
        )
    return frame


def _clean(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, Tally]:
    """Convert the columns that matter; set aside rows whose id, tenure, plan or outcome cannot be used."""
    shown, tally = frame[["line", *MUST]], Tally(path.name)
    texts = {name: frame[name].astype("str").str.strip() for name in frame.columns.drop("line")}
    tenure, fee = (pd.to_numeric(texts[name], errors="coerce") for name in ("tenure_months", "fee"))
    plan = texts["plan"].map(snake_case)
    churned = texts["churned"].str.lower().map(CHURNED)
    bad = {
        "blank_id": texts["account_id"].eq(""),
        "bad_number": ~(tenure.ge(0) & (tenure % 1).eq(0)),
        "bad_choice": ~plan.isin(list(TERMS)) | churned.isna(),
        "duplicate_key": texts["account_id"].duplicated(),
    }
    reason = pd.Series("", index=frame.index)
    for rule, hit in bad.items():
        reason = reason.mask(reason.eq("") & hit, rule)
        tally.add(rule, reason.eq(rule), shown)
    kept = reason.eq("")
    tally.add("value_emptied", kept & fee.isna() & texts["fee"].ne(""), shown, fate=NOTED)
    if "total_charges" in texts:
        tally.add("no_bill_yet", kept & texts["total_charges"].eq("") & tenure.eq(0), shown, fate=NOTED)
        tally.add("blank_total", kept & texts["total_charges"].eq("") & tenure.gt(0), shown, fate=NOTED)
    tally.read, tally.kept = len(frame), int(kept.sum())
    typed = {name: _typed(values, name) for name, values in texts.items()}
    typed |= {"tenure_months": tenure, "fee": fee, "plan": plan, "churned": churned}
    result = pd.DataFrame(typed)[kept].reset_index(drop=True)
    return result.astype({"tenure_months": "int64", "churned": "bool"}), tally


def _typed(values: pd.Series, name: str) -> pd.Series:
    """Return a column of numbers as numbers; blank texts become missing."""
    numbers = pd.to_numeric(values, errors="coerce")
    filled = values.ne("")
    if name not in TEXTS and filled.any() and numbers[filled].notna().all():
        return numbers
    return values.where(filled)


def _contracts(frame: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Lay the dates out backwards from the snapshot."""
    tenure, term = frame["tenure_months"], frame["plan"].map(TERMS)
    left = (term * np.ceil(tenure / term).clip(lower=1) - tenure).astype("int64")  # months to the end of the term
    dates = {
        "started_on": _shift(moment, -tenure),
        "ends_on": _shift(moment, left),
        "ended_on": _shift(moment, tenure * 0).where(frame["churned"]),
        "renewed": (~frame["churned"]).astype("boolean").where(left.eq(0)),
    }
    first = ["account_id", *dates, "fee", "plan", "tenure_months", "churned"]
    whole = frame.assign(**dates)
    return whole[[*first, *whole.columns.difference(first, sort=False)]]


def _shift(moment: pd.Timestamp, months: pd.Series) -> pd.Series:
    days = {number: moment + pd.DateOffset(months=int(number)) for number in months.unique()}
    return months.map(days).astype(f"datetime64[us, {moment.tz}]")


def _day(as_of: str) -> pd.Timestamp:
    try:
        return pd.to_datetime(str(as_of), format="%Y-%m-%d", utc=True)
    except ValueError as error:
        raise InputError(f"{as_of!r} is no day", where="--as-of", expected="a day such as 2018-01-01") from error


def _about(contracts: pd.DataFrame, as_of: str) -> About:
    return About(
        "IBM Telco customer churn",
        name_zh="IBM 电信客户流失样本",
        company="a fictional telephone and Internet provider in California",
        origin="simulated",
        source="IBM sample data sets: Telco customer churn",
        licence="sample data published by IBM for learning and trials",
        currency="USD",
        zone="UTC",
        notes={
            "as_of": str(as_of),
            "dates": "constructed: started_on = as_of minus tenure_months; ended_on = as_of where churned; ends_on = "
            "end of the contract term that reaches the snapshot",
            "en": f"A snapshot without dates. All dates are constructed from the tenure in months and the assumed "
            f"snapshot {as_of}: differences are exact in months, calendar dates mean nothing.",
            "zh": f"这是一份没有日期的快照。所有日期均由在网月数和假定的快照日 {as_of} 推出："
            "日期之差精确到月，日历日期本身没有意义。",
            "knows_outcome": [name for name in OUTCOMES if name in contracts],
        },
    )


def snake_case(name: object) -> str:
    """Return a column name in small letters with underscores.

    Examples
    --------
    >>> [snake_case(name) for name in ("customerID", "StreamingTV", "Tenure Months", "CLTV", "Month-to-month")]
    ['customer_id', 'streaming_tv', 'tenure_months', 'cltv', 'month_to_month']
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(name).strip())
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


SOURCE = Source(
    name="telco",
    zh="IBM 电信客户流失样本（7,043 个账户的快照；CSV 或 Excel）",
    en="IBM Telco customer churn sample (a snapshot of 7,043 accounts; CSV or Excel)",
    example="crm import telco WA_Fn-UseC_-Telco-Customer-Churn.csv my-telco --as-of 2018-01-01",
    convert=convert,
)
