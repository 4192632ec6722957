"""What samples of any kind share: windows in order, features of each cutoff, and rows keyed by customer and cutoff."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from crm_analysis.churn.windows.feature_frame import Features, feature_frame
from crm_analysis.churn.windows.sample import FORWARD, Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import day_stamp

Tables = Mapping[str, pd.DataFrame]
Labelled = Callable[[Windows], tuple[pd.Series, dict[str, float]]]
PATIENCE = 3  # seconds before a progress bar is shown
REPORT = "report"


def assembled(
    frames: Tables, spans: list[Windows], labelled: Labelled, features: Features, *, common: bool, progress: bool
) -> tuple[Sample, pd.DataFrame]:
    """Return the sample of windows in order, without an audit, and the features of its first cutoff.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
    spans : list of Windows
        From `in_order`.
    labelled : callable
        ``labelled(windows)`` -> labels (index customer_id) and the account of one cutoff.
    features : callable
        See `feature_frame`.
    common : bool
        Keep the features that every cutoff has, and count the others (``features_set_aside``); else columns that
        differ are an `InputError`.
    progress : bool
    """
    labels, rows, matrices = [], [], []
    for each in _shown(spans, progress):
        y, account = labelled(each)
        labels.append(y)
        rows.append(account)
        matrices.append(feature_frame(features, frames, each, y.index))
    cutoffs = pd.Index([each.cutoff_date for each in spans], name="cutoff")
    account = pd.DataFrame(rows, index=cutoffs)
    if common:
        matrices, account["features_set_aside"] = _common(matrices)
    _check_columns(matrices, spans)
    X, y = (_stacked(parts, cutoffs) for parts in (matrices, labels))
    return Sample(X, y, tuple(spans), account, FORWARD), matrices[0]


def check_audit(audit: object) -> None:
    """Raise `InputError` unless the argument `audit` is True, False or "report"."""
    if not (isinstance(audit, bool) or audit == REPORT):
        raise InputError(f"audit={audit!r} is not known", expected='True, False or "report"',
                         zh='audit 应为 True、False 或 "report"')  # fmt: skip


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


def frames_of(tables: Tables | DataSet) -> dict[str, pd.DataFrame]:
    """Return the frames by name, or raise `InputError` if there are none such."""
    frames = tables.tables if isinstance(tables, DataSet) else tables
    if not isinstance(frames, Mapping) or not all(isinstance(frame, pd.DataFrame) for frame in frames.values()):
        raise InputError(f"tables is a {type(tables).__name__}", expected="a data set, or frames by name",
                         mend='{"orders": orders}', zh="应给出数据集，或以表名为键的数据表")  # fmt: skip
    return dict(frames)


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
