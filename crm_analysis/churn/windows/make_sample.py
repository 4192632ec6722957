"""From tables and windows to a sample: labels after the cutoff, features before it, and the audit in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from crm_analysis.churn.windows.assembly import Tables, assembled, check_audit, frames_of, in_order
from crm_analysis.churn.windows.audit import Audit, LeakError, function_audit
from crm_analysis.churn.windows.feature_frame import Features, default_features
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.meeting import check_ids
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import day_stamp, local_days


def make_sample(
    tables: Tables | DataSet,
    windows: Windows | Iterable[Windows],
    *,
    features: Features | None = None,
    event: str = "purchase",
    audit: bool | str = True,
    ceiling: float | None = None,
    progress: bool = False,
) -> Sample:
    """Make the sample of one cutoff, or of several, and audit it for leaks.

    Everybody with an event in the observation is in it, once per cutoff; the account says who is not, and why.
    With several cutoffs the rows are keyed (customer_id, cutoff): keep the rows of a customer together in every split,
    as the outcome of one cutoff lies in the observation of the next.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame, or DataSet
        Tables of the schema, with ``orders`` or ``events``.
    windows : Windows or iterable of Windows
        Several must have the same lengths.
    features : callable, optional
        ``features(tables, windows)`` -> frame with index customer_id. It gets the tables whole; `history` cuts them
        back. Default: `churn.features.customer_features`, of which several cutoffs keep what each of them has (before
        the first campaign there are no contacts): the account counts the rest (``features_set_aside``).
    event : {"purchase", "any"}
        What keeps a customer from being churned.
    audit : bool or "report"
        True: a sample that fails raises `LeakError`. ``"report"``: it does not, and ``sample.audit`` says what failed.
        False: nobody looks.
    ceiling : float in (0.5, 1), optional
        The highest AUC that you would believe; one above it is warned of.
    progress : bool
        Show a bar over the cutoffs.

    Returns
    -------
    Sample
        kind ``forward``; account (index cutoff) and audit (`Audit.table`).

    Raises
    ------
    LeakError
        If the audit fails and `audit` is True.
    InputError
        If tables or windows cannot be used, or the function of features does not give each customer a row.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-05-20", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": list("123"), "customer_id": list("aba"), "ordered_at": at, "amount": 9.0})
    >>> from crm_analysis.churn.windows.history import history
    >>> def spend(tables, windows):
    ...     return history(tables, windows)["orders"].groupby("customer_id")[["amount"]].sum()
    >>> sample = make_sample({"orders": orders}, Windows("2012-05-31", data_end="2012-06-10", outcome=5),
    ...                      features=spend)
    >>> sample.X["amount"].to_dict(), sample.y.to_dict(), sample.leaks.empty
    ({'a': 9.0, 'b': 9.0}, {'a': 0, 'b': 1}, True)
    """
    check_audit(audit)
    if audit is False:
        return _assembled(tables, windows, features, event, progress)[0]
    sample, found = audited(tables, windows, features=features, event=event, ceiling=ceiling, progress=progress)
    if audit is True and not found.passed:
        name = getattr(features or default_features(), "__name__", "features")
        raise LeakError.of(found, where=f"{name}, {sample.windows[0].text('en')}")
    return sample


def audited(
    tables: Tables | DataSet, windows: Windows | Iterable[Windows], *, features: Features | None = None,
    event: str = "purchase", ceiling: float | None = None, progress: bool = False,
) -> tuple[Sample, Audit]:  # fmt: skip
    """Return the sample, whatever the audit says, and the audit."""
    frames = frames_of(tables)
    sample, base, times = _assembled(frames, windows, features, event, progress)
    found = function_audit(sample, features or default_features(), frames, times, base=base, ceiling=ceiling)
    return replace(sample, audit=found.table), found


def _assembled(
    tables: Tables | DataSet, windows: Windows | Iterable[Windows], features: Features | None, event: str,
    progress: bool,
) -> tuple[Sample, pd.DataFrame, pd.Series]:  # fmt: skip
    """Return the sample without an audit, the features of its first cutoff, and the times of the events."""
    frames, spans = frames_of(tables), in_order(windows)
    check_ids(frames)
    events = qualifying(frames, event=event)
    _check_people(frames, events)
    _check_last(events, spans)
    sample, base = assembled(frames, spans, lambda each: label(events, each), features or default_features(),
                             common=features is None, progress=progress)  # fmt: skip
    return sample, base, events["at"]


def _check_last(events: pd.DataFrame, spans: list[Windows]) -> None:
    """Raise if no event is as late as any outcome: all would have churned, for want of data."""
    last, start = int(local_days(events["at"]).max()), min(each.outcome_first_day for each in spans)
    if last < start:
        day, first = (f"{day_stamp(number):%Y-%m-%d}" for number in (last, start))
        raise InputError(f"all customers churned: the last event is on {day}, the outcome begins on {first}",
                         where=spans[0].text("en"), expected="events in the outcome",
                         mend=f'if the data end there: data_end="{day}", and an earlier cutoff',
                         zh=f"全部客户都被记为流失：最后一条记录在 {day}，而结果期从 {first} 开始")  # fmt: skip


def _check_people(frames: Tables, events: pd.DataFrame) -> None:
    """Raise if no buyer stands among the customers: the ids are of two kinds."""
    people = frames.get("customers")
    if people is None or "customer_id" not in people or people.empty:
        return
    if not events["customer_id"].isin(people["customer_id"]).any():
        shown = [str(ids["customer_id"].iloc[0]) for ids in (events, people)]
        raise InputError("no customer with an event stands in the table customers",
                         where=f"ids such as {shown[0]!r} and {shown[1]!r}", expected="the same ids in both",
                         mend="write the ids of both alike, or leave the table out",
                         zh="客户表与购买记录的客户编号无法对应")  # fmt: skip
