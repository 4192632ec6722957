"""Samples in order of their cutoffs, and which of them may be learned from when a later one is foretold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.churn.models.checks import check_sample
from crm_analysis.churn.windows.sample import FORWARD, SNAPSHOT, Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import day_number, day_stamp


class Turn(NamedTuple):
    """One test cutoff with all that may be learned from."""

    cutoff: pd.Timestamp
    trained_on: tuple[pd.Timestamp, ...]
    train: Sample
    test: Sample


def turns(samples: Sample | Iterable[Sample], *, allow_leaks: bool = False) -> list[Turn]:
    """Return each cutoff that can be a test: at least one earlier cutoff has an outcome that ends by it.

    Parameters
    ----------
    samples : Sample or iterable of Sample
        One per cutoff, or one of several (index customer_id, cutoff).
    allow_leaks : bool

    Returns
    -------
    list of Turn

    Raises
    ------
    InputError
        If a sample is a snapshot, its audit failed, features or lengths differ, or no cutoff can be a test.
    """
    parts = by_cutoff(samples, allow_leaks=allow_leaks)
    found = []
    for windows, test in parts:
        known = [(earlier, part) for earlier, part in parts if earlier.outcome_end_day <= windows.cutoff_day]
        if known:
            days = tuple(day_stamp(earlier.cutoff_day) for earlier, _ in known)
            found.append(Turn(day_stamp(windows.cutoff_day), days, together(known), test))
    if not found:
        first, last = parts[0][0], parts[-1][0]
        raise InputError(
            "no cutoff can be tested: no outcome ends by a later cutoff",
            where=f"cutoffs {', '.join(f'{day_stamp(one.cutoff_day):%Y-%m-%d}' for one, _ in parts)}",
            expected=f"a test cutoff from {day_stamp(first.outcome_end_day):%Y-%m-%d} on, where the first outcome ends",
            mend=f"take an earlier training cutoff, up to"
                 f" {day_stamp(last.cutoff_day - last.outcome - last.gap):%Y-%m-%d}, or a shorter outcome",
            zh="没有可作前向检验的截止日：训练截止日的结果期须在检验截止日之前结束",
        )  # fmt: skip
    return found


def by_cutoff(samples: Sample | Iterable[Sample], *, allow_leaks: bool = False) -> list[tuple[Windows, Sample]]:
    """Return samples of one cutoff each, the earliest first, with their windows."""
    given = [samples] if isinstance(samples, Sample) else list(samples)
    for sample in given:
        check_sample(sample, allow_leaks=allow_leaks)
        if sample.kind == SNAPSHOT or not sample.windows:
            raise InputError("a snapshot cannot be tested forward: features and labels are of the same day",
                             expected="samples with windows, features before the cutoff and labels after it",
                             mend="take snapshots of two dates: features of the first, labels of the second",
                             zh="时点快照无法作前向检验")  # fmt: skip
    parts = sorted((one for sample in given for one in _parted(sample)), key=lambda one: one[0].cutoff_day)
    _check_alike(parts)
    return parts


def together(parts: list[tuple[Windows, Sample]]) -> Sample:
    """Return samples of several cutoffs as one, index (customer_id, cutoff)."""
    keys = [day_stamp(windows.cutoff_day) for windows, _ in parts]
    X = pd.concat([part.X.set_axis(part.customers, axis=0) for _, part in parts], keys=keys)
    y = pd.concat([part.y.set_axis(part.customers) for _, part in parts], keys=keys)
    index = X.index.swaplevel().set_names(["customer_id", "cutoff"])
    return Sample(X.set_axis(index, axis=0), y.set_axis(index), tuple(windows for windows, _ in parts), kind=FORWARD)


def _parted(sample: Sample) -> list[tuple[Windows, Sample]]:
    if sample.X.index.nlevels == 1 or len(sample.windows) == 1:
        if len(sample.windows) != 1:
            raise InputError(f"{len(sample.windows)} windows, but rows do not say which cutoff they belong to",
                             expected="an index (customer_id, cutoff)",
                             zh="样本有多个截止日，但行索引没有截止日")  # fmt: skip
        return [(sample.windows[0], sample)]
    day = sample.X.index.get_level_values(-1).map(day_number).to_numpy()
    lost = set(day) - {windows.cutoff_day for windows in sample.windows}
    if lost:
        raise InputError(f"{len(lost)} cutoffs of the rows have no windows: {day_stamp(min(lost)):%Y-%m-%d}",
                         expected="windows for each cutoff of the index",
                         zh="部分行的截止日没有对应的窗口")  # fmt: skip
    return [(windows, sample.take(np.flatnonzero(day == windows.cutoff_day))) for windows in sample.windows]


def _check_alike(parts: list[tuple[Windows, Sample]]) -> None:
    days = [windows.cutoff_day for windows, _ in parts]
    lengths = {(windows.outcome, windows.gap, windows.observation) for windows, _ in parts}
    first, *others = [{str(name): _kind(part.X[name]) for name in part.X} for _, part in parts]
    apart = sorted({name for other in others for name in set(first.items()) ^ set(other.items()) for name in [name[0]]})
    problems = ["a cutoff stands in two samples"] if len(set(days)) < len(days) else []
    problems += ["the lengths of the windows differ"] if len(lengths) > 1 else []
    problems += [f"features are not the same in all samples: {', '.join(apart)}"] if apart else []
    if problems:
        raise InputError("; ".join(problems), where=f"{len(parts)} cutoffs",
                         expected="one sample per cutoff, all with the same features and lengths of windows",
                         mend="build all samples with the same function and windows.at(cutoff)",
                         zh="各截止日的样本不一致：截止日重复、窗口长度或特征不同")  # fmt: skip


def _kind(column: pd.Series) -> str:
    return "number" if pd.api.types.is_numeric_dtype(column.dtype) else "text"
