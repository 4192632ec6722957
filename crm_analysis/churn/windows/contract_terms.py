"""What a contract says on the evening of the cutoff: how long it has run, how long its term still runs, its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import RUNNING, read_contracts
from crm_analysis.churn.rates.contract_tenures import whole_periods
from crm_analysis.churn.windows.contract_sample import DATES, NAMES
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.meeting import check_ids
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import local_days
from crm_analysis.tables.plain import plain

ENDS_ON = "ends_on"
TOTALS = ("tenure_months", "total_charges")  # as of the day of a snapshot, not of the cutoff
MOST = 1200  # months of a term
BRIDGED = 1  # days between contracts that follow one another


def contract_terms(
    contracts: pd.DataFrame, windows: Windows, *, customers: pd.Index | None = None,
    terms: Mapping[str, int] | str | None = None, leave_out: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    r"""Return one row per account under contract at the cutoff: tenure, time to the end of the term, fee, plan.

    .. math:: \text{months to the end} = L - (m \bmod L)

    with the term L of the plan and m the whole months since the contract began; a contract renews for as long as
    before. Columns without a date (plan, payment method) are taken to have been so since the row began; if a table is
    overwritten when they change, they know the future, and `leave_out` is the place for them.

    The date ``ends_on`` is not read unless `terms` says so: in many tables it is overwritten, by the actual end of
    whoever left and by the renewed end of whoever stayed, and then it tells the outcome.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id, started_on, ended_on (blank while it runs), and what else is known. Of several contracts on the
        same evening fees add up; the rest is read from the one that began last.
    windows : Windows
        Also `scoring_windows`: no outcome is needed.
    customers : pandas.Index, optional
        Accounts to return, as texts, those that are under contract; unless given, all that are so at the cutoff.
    terms : mapping of str to int, or "ends_on", optional
        Months of a term by plan, such as ``{"monthly": 1, "yearly": 12}``; a plan that is not named has no term. Or
        ``"ends_on"``, a promise that the column holds the end agreed when the row was written and was never changed.
        Without it there is no column of terms.
    leave_out : sequence of str
        Columns to leave out.

    Returns
    -------
    pandas.DataFrame, index customer_id (the account)
        tenure_months (whole months since the account came), with `terms` months_to_term_end (whole months) and
        term_ends (1 if a term ends in the days to be foretold), fee (sum), and the other columns without dates.

    Raises
    ------
    InputError
        If the table cannot be used (see `book.read_contracts`), nobody is under contract, or `terms` fits no plan.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": day("2011-07-10", "2012-05-20"),
    ...                           "ended_on": day("2012-07-10", None), "plan": ["yearly", "monthly"]})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31", outcome=30)
    >>> contract_terms(contracts, windows, terms={"monthly": 1, "yearly": 12}).values.tolist()
    [[10, 2.0, 0.0, 'yearly'], [0, 1.0, 1.0, 'monthly']]
    """
    known = history({"contracts": contracts}, windows)["contracts"]
    held, tenure = _held(known, windows, customers)
    last = held.drop_duplicates("customer_id", keep="last").set_index("customer_id").sort_index()
    found = pd.DataFrame({"tenure_months": tenure.reindex(last.index)})
    if terms is not None:
        found = found.join(_ends(last, terms, windows))
    if "fee" in last and "fee" not in leave_out:
        fees = pd.to_numeric(held["fee"], errors="coerce").groupby(held["customer_id"])
        found["fee"] = fees.sum(min_count=1).where(fees.count() == fees.size())
    apart = (*DATES, *NAMES, *TOTALS, *found, *leave_out, "fee", "_code", "_first", "_last")
    for name in last.columns.difference(apart, sort=False):
        if not isinstance(last[name].dtype, pd.DatetimeTZDtype):
            found[name] = last[name]
    return found


def _held(known: pd.DataFrame, windows: Windows, customers: pd.Index | None) -> tuple[pd.DataFrame, pd.Series]:
    """Return the contracts that hold on the evening, in order of beginning, and tenure by account.

    For `customers` (known to stay) a contract that ended that day holds too, as the next may begin on the morrow.
    """
    day, more = windows.cutoff_day, 0 if customers is None else BRIDGED
    if known.empty:
        raise _nobody(windows)
    book = read_contracts(known)
    stays = book.spells[book.spells["last"] + more > day].drop_duplicates("code", keep="last")
    months = whole_periods(stays["first"].to_numpy(), np.full(len(stays), day), "month")[0]
    tenure = pd.Series(months, index=book.accounts[stays["code"]])
    code = book.accounts.get_indexer(plain(known["account_id"]))
    rows = known.assign(_code=code, _first=local_days(known["started_on"]), _last=RUNNING)
    over = known["ended_on"].notna().to_numpy()
    if over.any():
        rows.loc[over, "_last"] = local_days(known.loc[over, "ended_on"].dt.tz_convert(known["started_on"].dt.tz))
    rows = rows[rows["_last"] + more > day].sort_values(["_code", "_last", "_first"], kind="stable")
    running = rows["_last"] > day
    kept = running | ~rows["_code"].isin(rows["_code"][running])
    if customers is not None:
        kept &= rows["_code"].isin(book.accounts.get_indexer(customers))
    if not kept.any():
        raise _nobody(windows)
    return rows[kept].assign(customer_id=book.accounts[rows["_code"][kept]]), tenure


def _ends(last: pd.DataFrame, terms: Mapping[str, int] | str, windows: Windows) -> pd.DataFrame:
    """Months to the end of the running term, and whether a term ends in the outcome."""
    day, begin = windows.cutoff_day, windows.cutoff_day + windows.gap
    final = begin + windows.outcome
    if isinstance(terms, str):
        return _stated_ends(last, terms, day, begin, final)
    length = _lengths(last, terms)
    first = last["_first"].to_numpy()
    months = {when: whole_periods(first, np.full(len(first), when), "month")[0] for when in (day, begin, final)}
    return pd.DataFrame({
        "months_to_term_end": length - months[day] % length,
        "term_ends": (months[final] // length > months[begin] // length).astype(float).where(length.notna()),
    }, index=last.index)  # fmt: skip


def _lengths(last: pd.DataFrame, terms: Mapping[str, int]) -> pd.Series:
    """Months of the term of each account."""
    wrong = [f"{plan}: {months!r}" for plan, months in terms.items() if not _is_length(months)]
    plans = last["plan"].astype("object") if "plan" in last else pd.Series(dtype="object")
    if wrong or not plans.isin(list(terms)).any():
        raise InputError(f"terms that are no months: {', '.join(wrong)}" if wrong else "no plan has a term in terms",
                         where="" if wrong else f"plans: {', '.join(map(str, plans.unique()[:5])) or 'no column plan'}",
                         expected='months by plan, such as {"monthly": 1, "yearly": 12}',
                         zh="terms 应为各合约类型的月数")  # fmt: skip
    return plans.map(dict(terms)).astype(float)


def _is_length(months: object) -> bool:
    return isinstance(months, Integral) and not isinstance(months, bool) and 1 <= months <= MOST


def _stated_ends(last: pd.DataFrame, terms: str, day: int, begin: int, final: int) -> pd.DataFrame:
    if terms != ENDS_ON or not isinstance(last.get(ENDS_ON, last["_first"]).dtype, pd.DatetimeTZDtype):
        what = f"terms={terms!r} is not known" if terms != ENDS_ON else "there is no column ends_on with zoned dates"
        raise InputError(what, where="contract_terms", expected='"ends_on", or months by plan',
                         zh='terms 应为 "ends_on" 或各合约类型的月数')  # fmt: skip
    there = last[ENDS_ON].notna().to_numpy()
    agreed = np.full(len(last), np.nan)
    agreed[there] = local_days(last.loc[there, ENDS_ON].dt.tz_convert(last["started_on"].dt.tz))
    ahead = agreed > day
    months = whole_periods(np.full(len(last), day), np.where(ahead, agreed, day), "month")[0]
    ends = (agreed > begin) & (agreed <= final)
    return pd.DataFrame({"months_to_term_end": np.where(ahead, months, np.nan),
                         "term_ends": np.where(ahead, ends, np.nan)}, index=last.index)  # fmt: skip


def contract_features(
    tables: Mapping[str, pd.DataFrame], windows: Windows, *, customers: pd.Index | None = None,
    terms: Mapping[str, int] | str | None = None, leave_out: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return the terms of each account's contract with what its customer did: complaints, contacts, browsing, orders.

    The customer is the account: `customer_features` of the other tables are joined where their customer_id is the
    account_id. A feature that both have is read from the contract.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``contracts``, and those of tickets, customers, contacts, events, orders, ratings that are there.
    windows : Windows
        Also `scoring_windows`, for the accounts of today.
    customers : pandas.Index, optional
    terms, leave_out
        As in `contract_terms`; for a sample: ``features=functools.partial(contract_features, terms={"yearly": 12})``.

    Returns
    -------
    pandas.DataFrame, index customer_id (the account)

    Raises
    ------
    InputError
        As `contract_terms` and `customer_features`; if contracts name customers that are not the accounts.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["1", "2"], "started_on": day("2012-01-10", "2012-05-20"),
    ...                           "ended_on": day("2012-07-10", None)})
    >>> tickets = pd.DataFrame({"ticket_id": ["x"], "customer_id": ["2"], "opened_at": day("2012-05-30")})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31", outcome=60)
    >>> contract_features({"contracts": contracts, "tickets": tickets}, windows)["complaints"].tolist()
    [0, 1]
    """
    from crm_analysis.churn.features.customer_features import customer_features
    from crm_analysis.churn.features.given import USED

    found = contract_terms(tables["contracts"], windows, customers=customers, terms=terms, leave_out=leave_out)
    known = history({name: tables[name] for name in USED if name in tables}, windows)
    known = {name: frame for name, frame in known.items() if len(frame)}
    if not known:
        return found
    check_ids(known)
    _check_owners(tables["contracts"])
    known = {name: frame.assign(customer_id=plain(frame["customer_id"])) for name, frame in known.items()}
    more = customer_features(known, windows, customers=found.index)
    return found.join(more.drop(columns=[*found.columns.intersection(more.columns), *leave_out], errors="ignore"))


def _check_owners(contracts: pd.DataFrame) -> None:
    if "customer_id" not in contracts:
        return
    owner = plain(contracts["customer_id"])
    other = owner.notna() & (owner != plain(contracts["account_id"]))
    if other.any():
        raise InputError(f"{int(other.sum()):,} contracts name a customer that is not the account",
                         where="contracts.account_id and contracts.customer_id",
                         expected="one customer per account, of the same id",
                         mend='contracts["account_id"] = contracts["customer_id"]: whoever holds any contract stays',
                         zh="合同表的账户编号与客户编号不一致")  # fmt: skip


def _nobody(windows: Windows) -> InputError:
    return InputError(f"nobody is under contract on {windows.cutoff_date:%Y-%m-%d}", where="table contracts",
                      expected="a cutoff within the data", mend="take another cutoff",
                      zh=f"截止日 {windows.cutoff_date:%Y-%m-%d} 没有在约账户")  # fmt: skip
