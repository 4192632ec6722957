"""Whether training and test are apart: in time, and by customer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.windows.audit import Audit
from crm_analysis.churn.windows.check import FAILED, WARNED, Check, decided
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.words import Sentence


def audit_split(train: Sample, test: Sample) -> Audit:
    """Audit a forward test: training outcomes end by the test cutoff, and no row stands on both sides.

    A customer may stand in both with different cutoffs: at the test cutoff his earlier outcome is known. Within one
    cutoff, or in snapshots, a customer on both sides is a leak.

    Parameters
    ----------
    train, test : Sample

    Returns
    -------
    Audit
        Checks ``training_outcome_ends``, ``shared_customers``, ``same_features``.

    Examples
    --------
    >>> from crm_analysis.churn.windows.windows import Windows
    >>> late = Windows("2012-05-31", data_end="2012-12-31", outcome=90)
    >>> X, y = pd.DataFrame({"orders": [1, 2]}, index=["a", "b"]), pd.Series([1, 0], index=["a", "b"])
    >>> train = Sample(X, y, (late.at("2012-04-30"),), kind="forward")
    >>> audit_split(train, Sample(X, y, (late,), kind="forward")).table["verdict"].iloc[0]
    'audit_failed'
    """
    return Audit((_ends(train, test), _shared(train, test), _columns(train, test)))


def _ends(train: Sample, test: Sample) -> Check:
    if not (train.windows and test.windows):
        said = Sentence(
            "样本没有时间窗口，无法核对先后。", "A sample without windows: before and after cannot be told."
        )
        return Check("training_outcome_ends", WARNED, said, 0)
    cutoff = min(each.cutoff_day for each in test.windows)
    day = f"{min(each.cutoff_date for each in test.windows):%Y-%m-%d}"
    late = [f"{each.cutoff_date:%Y-%m-%d}" for each in train.windows if each.outcome_end_day > cutoff]
    return decided(
        "training_outcome_ends", late, verdict=FAILED, examined=len(train.windows),
        bad=Sentence(f"训练截止日 {'、'.join(late)} 的结果期晚于测试截止日 {day}：当时还不知道这些标签。",
                     f"The outcome of training cutoff {', '.join(late)} runs past the test cutoff {day}: its labels"
                     " were not known then."),
        good=Sentence(f"训练结果期均不晚于测试截止日 {day}。", f"Training outcomes end by the test cutoff {day}."),
        mend=Sentence("用 forward_plan 选取训练截止日", "take training cutoffs from forward_plan"),
    )  # fmt: skip


def _shared(train: Sample, test: Sample) -> Check:
    both = _keys(train).intersection(_keys(test)).get_level_values(0).unique()
    if not (train.windows and test.windows):
        both = train.customers.unique().intersection(test.customers.unique())
    return decided(
        "shared_customers", [f"{len(both):,} customers"] if len(both) else [], verdict=FAILED, examined=len(test),
        bad=Sentence(f"{len(both):,} 位客户在同一截止日既用于训练又用于测试。",
                     f"{len(both):,} customers stand in training and test at the same cutoff."),
        good=Sentence("没有客户在同一截止日既用于训练又用于测试。",
                      "No customer stands in training and test at the same cutoff."),
        mend=Sentence("按客户分组划分", "split by customer"),
    )  # fmt: skip


def _keys(sample: Sample) -> pd.MultiIndex:
    """Customer and cutoff of each row; a row of several windows that names no cutoff stands at each of them."""
    if sample.X.index.nlevels > 1:
        return sample.X.index
    return pd.MultiIndex.from_product([sample.customers, [each.cutoff_date for each in sample.windows]])


def _columns(train: Sample, test: Sample) -> Check:
    other = list(train.X.columns.symmetric_difference(test.X.columns))
    return decided(
        "same_features", other, verdict=FAILED, examined=train.X.shape[1],
        bad=Sentence("训练与测试的特征不同。", "Training and test have different features."),
        good=Sentence("训练与测试的特征相同。", "Training and test have the same features."),
    )  # fmt: skip


def audit_folds(customers: Sample | ArrayLike, folds: Iterable[tuple[ArrayLike, ArrayLike]]) -> Audit:
    """Audit the folds of a cross-validation: rows of a customer lie in training or in test, never in both.

    Rows that were resampled (SMOTE, oversampling) before the split show here: copies of a customer lie on both sides.

    Parameters
    ----------
    customers : Sample, or array_like of shape (n,)
        The customer of each row.
    folds : iterable of (training rows, test rows)
        Positions, as from ``GroupKFold().split(...)``.

    Returns
    -------
    Audit
        Check ``shared_customers``.

    Raises
    ------
    InputError
        If there are no folds, or a position lies outside the rows.

    Examples
    --------
    >>> audit_folds(["a", "a", "b"], [([0, 2], [1])]).passed
    False
    """
    ids = customers.customers if isinstance(customers, Sample) else pd.Index(np.asarray(customers))
    codes, folds = pd.factorize(ids)[0], [tuple(np.asarray(part) for part in fold) for fold in folds]
    if not folds or any(len(part) and (part.max() >= len(codes) or part.min() < 0) for fold in folds for part in fold):
        raise InputError("the folds do not fit the rows" if folds else "there are no folds",
                         expected=f"pairs of positions below {len(codes):,}",
                         zh="交叉验证的折与数据行不符")  # fmt: skip
    shared = [len(np.intersect1d(codes[train], codes[test])) for train, test in folds]
    bad = [f"fold {place + 1}: {count:,}" for place, count in enumerate(shared) if count]
    check = decided(
        "shared_customers", bad, verdict=FAILED, examined=len(folds),
        bad=Sentence(f"{len(bad)} 折中有客户既用于训练又用于测试，最多 {max(shared):,} 位。",
                     f"In {len(bad)} folds customers stand in training and test, {max(shared):,} at most."),
        good=Sentence("各折中没有客户既用于训练又用于测试。",
                      "In no fold does a customer stand in training and test."),
        mend=Sentence("按客户分组（GroupKFold）；重采样只在训练折内进行",
                      "group by customer (GroupKFold), and resample inside the training folds alone"),
    )  # fmt: skip
    return Audit((check,))
