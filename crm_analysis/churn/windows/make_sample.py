"""From tables and windows to a sample: labels after the cutoff, features before it, and the audit in between."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from crm_analysis.churn.windows.audit import Audit, LeakError, function_audit
from crm_analysis.churn.windows.feature_frame import Features, default_features, feature_frame
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.meeting import check_ids
from crm_analysis.churn.windows.sample import FORWARD, Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import day_stamp

Tables = Mapping[str, pd.DataFrame]
PATIENCE = 3  # seconds before a progress bar is shown
REPORT = "report"


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
    if not (isinstance(audit, bool) or audit == REPORT):
        raise InputError(f"audit={audit!r} is not known", expected='True, False or "report"')
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
    frames = _frames(tables)
    sample, base, times = _assembled(frames, windows, features, event, progress)
    found = function_audit(sample, features or default_features(), frames, times, base=base, ceiling=ceiling)
    return replace(sample, audit=found.table), found


def _assembled(
    tables: Tables | DataSet, windows: Windows | Iterable[Windows], features: Features | None, event: str,
    progress: bool,
) -> tuple[Sample, pd.DataFrame, pd.Series]:  # fmt: skip
    """Return the sample without an audit, the features of its first cutoff, and the times of the events."""
    frames, spans = _frames(tables), in_order(windows)
    check_ids(frames)
    events = qualifying(frames, event=event)
    _check_people(frames, events)
    function = features or default_features()
    labels, rows, matrices = [], [], []
    for each in _shown(spans, progress):
        y, account = label(events, each)
        labels.append(y)
        rows.append(account)
        matrices.append(feature_frame(function, frames, each, y.index))
    cutoffs = pd.Index([each.cutoff_date for each in spans], name="cutoff")
    account = pd.DataFrame(rows, index=cutoffs)
    if features is None:
        matrices, account["features_set_aside"] = _common(matrices)
    _check_columns(matrices, spans)
    X, y = (_stacked(parts, cutoffs) for parts in (matrices, labels))
    sample = Sample(X, y, tuple(spans), account, FORWARD)
    return sample, matrices[0], events["at"]


def in_order(windows: Windows | Iterable[Windows]) -> list[Windows]:
    """Return windows by cutoff, or raise `InputError` if they are none, not alike, or name a cutoff twice.

    Examples
    --------
    >>> late = Windows("2012-05-31", data_end="2012-12-31")
    >>> [each.cutoff for each in in_order([late, late.at("2012-03-31")])]
    ['2012-03-31', '2012-05-31']
    """
    spans = [windows] if isinstance(windows, Windows) else list(windows)
    if not spans or not all(isinstance(each, Windows) for each in spans):
        raise InputError("no windows were given" if not spans else "something given is no Windows", where="windows",
                         expected='Windows("2012-09-30", data_end="2012-12-31"), or a list of such',
                         zh="没有给出时间窗口")  # fmt: skip
    spans = sorted(spans, key=lambda each: each.cutoff_day)
    days = [each.cutoff_day for each in spans]
    if len(set(days)) < len(days):
        raise InputError("a cutoff stands twice", where=", ".join(f"{day_stamp(day):%Y-%m-%d}" for day in days),
                         expected="each cutoff once", zh="截止日重复")  # fmt: skip
    lengths = {(each.gap, each.outcome, each.observation) for each in spans}
    if len(lengths) > 1:
        raise InputError("windows of different lengths: churned would not mean the same in each",
                         where=", ".join(f"gap {g}, outcome {o}, observation {n}" for g, o, n in lengths),
                         mend="windows.at(cutoff) keeps the lengths", zh="各窗口的长度不一致")  # fmt: skip
    return spans


def _frames(tables: Tables | DataSet) -> dict[str, pd.DataFrame]:
    frames = tables.tables if isinstance(tables, DataSet) else tables
    if not isinstance(frames, Mapping) or not all(isinstance(frame, pd.DataFrame) for frame in frames.values()):
        raise InputError(f"tables is a {type(tables).__name__}", expected="a data set, or frames by name",
                         mend='{"orders": orders}', zh="应给出数据集，或以表名为键的数据表")  # fmt: skip
    return dict(frames)


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


def _common(matrices: list[pd.DataFrame]) -> tuple[list[pd.DataFrame], list[int]]:
    """Keep the features that every cutoff has, and count those that are set aside at each.

    Before the first campaign nothing is known of contacts: such a feature cannot be compared between cutoffs.
    """
    kept = [name for name in matrices[0] if all(name in matrix for matrix in matrices)]
    return [matrix[kept] for matrix in matrices], [matrix.shape[1] - len(kept) for matrix in matrices]


def _check_columns(matrices: list[pd.DataFrame], spans: list[Windows]) -> None:
    for matrix, each in zip(matrices, spans):
        other = matrices[0].columns.symmetric_difference(matrix.columns)
        if len(other):
            raise InputError(f"features differ between cutoffs: {', '.join(map(str, other[:5]))}",
                             where=f"{spans[0].cutoff_date:%Y-%m-%d} and {each.cutoff_date:%Y-%m-%d}",
                             expected="the same columns at each cutoff",
                             mend="return every feature always, blank or 0 where there is nothing",
                             zh="各截止日的特征列不一致")  # fmt: skip


def _stacked(parts: list[pd.DataFrame] | list[pd.Series], cutoffs: pd.Index) -> pd.DataFrame | pd.Series:
    """One cutoff keeps the index customer_id; several are keyed (customer_id, cutoff)."""
    if len(parts) == 1:
        return parts[0]
    return pd.concat(parts, keys=cutoffs, names=["cutoff"]).swaplevel().sort_index()


def _shown(spans: list[Windows], progress: bool) -> Iterable[Windows]:
    if not progress:
        return spans
    try:
        from tqdm import tqdm
    except ImportError:
        return spans
    return tqdm(spans, desc="cutoffs", delay=PATIENCE, leave=False, file=sys.stderr)
