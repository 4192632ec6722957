"""Samples of contracts forward in time: who was under contract at the cutoff, and who had left by the outcome's end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import Book, read_contracts
from crm_analysis.churn.windows.assembly import Tables, assembled, check_audit, frames_of, in_order
from crm_analysis.churn.windows.audit import Audit, LeakError, function_audit
from crm_analysis.churn.windows.contract_checks import terms_check
from crm_analysis.churn.windows.contract_terms import contract_features
from crm_analysis.churn.windows.feature_frame import Features
from crm_analysis.churn.windows.meeting import check_ids
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows, first_moment
from crm_analysis.errors import InputError
from crm_analysis.intervals import proportion, with_limits
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import day_number


def contract_labels(
    contracts: pd.DataFrame, windows: Windows, *, max_gap_days: int = 1
) -> tuple[pd.Series, dict[str, float]]:
    r"""Label the accounts of one cutoff: 1 if the contract ended in the outcome, 0 if it still held at its end.

    .. math:: y_i = \mathbf 1\{i \text{ not under contract on the evening of } c + gap + outcome\}

    for accounts under contract on the evenings of c and of c + gap. A contract holds until the evening before
    ended_on. Who leaves within the gap cannot be reached any more: left out, and counted. Who leaves in the outcome
    and is back by its end has not churned, as in `contract_rates`.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id, started_on, ended_on (blank while it runs); an account may have several rows.
    windows : Windows
        Contracts must be complete up to ``data_end``. Its observation does not matter here.
    max_gap_days : int >= 0
        See `book.read_contracts`.

    Returns
    -------
    y : pandas.Series of int, index customer_id (the account, sorted), name ``churned``
    account : dict
        seen (accounts that began by the end of the outcome) = ended_before (not under contract at the cutoff any more)
        + acquired_later (began after it) + ended_in_gap + eligible; back_by_end (left in the outcome, came back by its
        end), churned, churn_rate of the eligible with Wilson's limits.

    Raises
    ------
    InputError
        If the table cannot be used (see `book.read_contracts`), or nobody is eligible.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": list("abc"), "ended_on": day("2012-06-30", None, None),
    ...                           "started_on": day("2012-01-10", "2012-01-20", "2012-06-05")})
    >>> y, account = contract_labels(contracts, Windows("2012-05-31", data_end="2012-12-31", outcome=30))
    >>> y.to_dict(), account["acquired_later"]
    ({'a': 1, 'b': 0}, 1)
    """
    return _labels(read_contracts(contracts, max_gap_days=max_gap_days), windows)


def _labels(book: Book, windows: Windows) -> tuple[pd.Series, dict[str, float]]:
    reached, end = windows.cutoff_day + windows.gap, windows.outcome_end_day
    code, first, last = (book.spells[name].to_numpy() for name in ("code", "first", "last"))

    def have(rows: np.ndarray) -> np.ndarray:
        return np.bincount(code[rows], minlength=len(book.accounts)) > 0

    there = book.under_contract(windows.cutoff_day)
    eligible = there & book.under_contract(reached)
    if not eligible.any():
        raise InputError(f"nobody is under contract from the cutoff to the outcome ({windows.text('en')})",
                         where="table contracts", expected="a cutoff within the data", mend="take another cutoff",
                         zh=f"没有账户在截止日至结果期开始时仍在约（{windows.text('zh')}）")  # fmt: skip
    gone = ~book.under_contract(end)
    seen, before = have(first <= end), have(first <= windows.cutoff_day)
    left = have((first <= reached) & (last > reached) & (last <= end))
    index = pd.Index(book.accounts[eligible], name="customer_id")
    y = pd.Series(gone[eligible].astype("int64"), index=index, name="churned")
    counts = {"seen": seen, "eligible": eligible, "ended_in_gap": there & ~eligible, "ended_before": before & ~there,
              "acquired_later": seen & ~before, "back_by_end": eligible & left & ~gone,
              "churned": eligible & gone}  # fmt: skip
    account = {name: int(hit.sum()) for name, hit in counts.items()}
    return y, account | with_limits("churn_rate", proportion(account["churned"], account["eligible"]))


def make_contract_sample(
    tables: Tables | DataSet,
    windows: Windows | Iterable[Windows],
    *,
    features: Features | None = None,
    audit: bool | str = True,
    ceiling: float | None = None,
    progress: bool = False,
) -> Sample:
    """Make the forward sample of accounts under contract at one cutoff, or at several, and audit it for leaks.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame, or DataSet
        With ``contracts`` (account_id, started_on, ended_on blank while it runs).
    windows : Windows or iterable of Windows
        Several must have the same lengths.
    features : callable, optional
        As in `make_sample`. Default: `contract_features`, of which several cutoffs keep what each of them has.
    audit : bool or "report"
        As in `make_sample`. Beyond its checks, ``overwritten_terms``: whether features use a date ``ends_on`` that was
        overwritten by the actual end.
    ceiling : float in (0.5, 1), optional
        The highest AUC that you would believe; one above it is warned of.
    progress : bool
        Show a bar over the cutoffs.

    Returns
    -------
    Sample
        kind ``forward``; its customers are the accounts; account (of `contract_labels`, index cutoff) and audit.

    Raises
    ------
    LeakError
        If the audit fails and `audit` is True.
    InputError
        If tables or windows cannot be used, or the function of features does not give each account a row.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": list("abc"), "ended_on": day("2012-06-30", None, None),
    ...                           "started_on": day("2012-01-10", "2012-01-20", "2012-06-05")})
    >>> windows = Windows("2012-05-31", data_end="2012-12-31", outcome=30)
    >>> sample = make_contract_sample({"contracts": contracts}, windows)
    >>> sample.X["tenure_months"].to_dict(), sample.y.to_dict(), sample.leaks.empty
    ({'a': 4, 'b': 4}, {'a': 1, 'b': 0}, True)
    """
    check_audit(audit)
    frames, spans, function = frames_of(tables), in_order(windows), features or contract_features
    if "contracts" not in frames:
        raise InputError("there is no table contracts", where=", ".join(frames) or "no table",
                         expected="contracts: account_id, started_on, ended_on", mend="for purchases: make_sample",
                         zh="没有合同表（contracts）")  # fmt: skip
    check_ids(frames)
    book = read_contracts(frames["contracts"])
    sample, base = assembled(frames, spans, lambda each: _labels(book, each), function,
                             common=features is None, progress=progress)  # fmt: skip
    if audit is False:
        return sample
    found = _audited(sample, function, frames, base, ceiling)
    if audit is True and not found.passed:
        name = getattr(function, "__name__", "features")
        raise LeakError.of(found, where=f"{name}, {sample.windows[0].text('en')}")
    return replace(sample, audit=found.table)


def _audited(sample: Sample, function: Features, frames: Tables, base: pd.DataFrame, ceiling: float | None) -> Audit:
    times = _times(frames["contracts"], sample.windows[-1])
    found = function_audit(sample, function, frames, times, base=base, ceiling=ceiling)
    first = sample.windows[0]
    y = sample.y if len(sample.windows) == 1 else sample.y.xs(first.cutoff_date, level="cutoff")
    return replace(found, checks=(*found.checks, *terms_check(function, frames, first, y, base)))


def _times(contracts: pd.DataFrame, windows: Windows) -> pd.Series:
    """Starts and ends of contracts up to the end of the data: ends may be on record for later."""
    start, end = contracts["started_on"], contracts["ended_on"].dropna()
    times = pd.concat([start, end.dt.tz_convert(start.dt.tz)]) if len(end) else start
    return times[times < first_moment(day_number(windows.data_end) + 1, start)]
