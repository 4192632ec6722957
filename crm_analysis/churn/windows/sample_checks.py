"""Checks of features and labels alone: features that tell too much, ids, snapshots, a score too good to be true."""

from __future__ import annotations

import pandas as pd

from crm_analysis.churn.windows.alarms import ALARM, FEW_ROWS, feature_aucs, id_like, tautologies
from crm_analysis.churn.windows.check import FAILED, WARNED, Check, decided, first
from crm_analysis.churn.windows.sample import SNAPSHOT, Sample
from crm_analysis.words import Sentence

SIGNS = {"above": ">", "below": "<"}


def sample_checks(sample: Sample) -> tuple[list[Check], pd.DataFrame]:
    """Return the checks that need only features and labels, and the table of `feature_aucs`.

    With fewer than ten churned (or ten others) a perfect feature may be luck: a warning, no failure.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": [1, 2, 9, 5]}, index=list("abcd"))
    >>> checks, _ = sample_checks(Sample(X, pd.Series([1, 1, 0, 0], index=X.index)))
    >>> [(each.name, each.verdict) for each in checks][:2]
    [('single_feature_alarm', 'audit_warned'), ('tautology', 'audit_warned')]
    """
    aucs = feature_aucs(sample)
    churned = int(sample.y.sum())
    grave = FAILED if min(churned, len(sample) - churned) >= FEW_ROWS else WARNED
    checks = [_alarm(aucs, grave), _tautology(sample, grave), _ids(sample)]
    return checks + ([_snapshot()] if sample.kind == SNAPSHOT else []), aucs


def _alarm(aucs: pd.DataFrame, grave: str) -> Check:
    values = aucs["feature_auc"] if len(aucs) else pd.Series(dtype="float64")
    loud, best = values[values > ALARM], float(values.max())
    zh = first(f"{name}（{value:.3f}）" for name, value in loud.items())
    en = first(f"{name} ({value:.3f})" for name, value in loud.items())
    return decided(
        "single_feature_alarm", loud.index, verdict=grave, examined=len(aucs), value=best, limit=ALARM,
        bad=Sentence(f"单个特征就能分出流失客户，可能事先知道了结果：{zh.zh}。",
                     f"A single feature tells who churned, as one that knows the outcome would: {en.en}."),
        good=Sentence(f"单个特征的 AUC 最高为 {best:.3f}，未超过 {ALARM}。",
                      f"The most telling single feature has an AUC of {best:.3f}, not above {ALARM}."),
        mend=Sentence("删去这些特征，或只用截止日前的数据计算",
                      "leave these features out, or cut their data at the cutoff"),
    )  # fmt: skip


def _tautology(sample: Sample, grave: str) -> Check:
    found = tautologies(sample)
    rules = first(f"{name} {SIGNS[row.side]} {row.threshold:g}" for name, row in found.iterrows())
    return decided(
        "tautology", found.index, verdict=grave, examined=len(sample.numeric),
        bad=Sentence(f"标签就是特征本身：流失等同于 {rules.zh}。",
                     f"The label is a feature itself: churned means {rules.en}."),
        good=Sentence("没有特征等同于标签。", "No feature is the label itself."),
        mend=Sentence("用截止日之后的结果期定义流失", "define churn by an outcome after the cutoff"),
    )  # fmt: skip


def _ids(sample: Sample) -> Check:
    found = id_like(sample)
    names = first(found)
    return decided(
        "id_features", found, verdict=FAILED if any(found.values()) else WARNED, examined=sample.X.shape[1],
        bad=Sentence(f"近乎每行一个取值，如同编号：{names.zh}。", f"Nearly a value per row, as ids have: {names.en}."),
        good=Sentence("没有编号类特征。", "No feature is an id."),
        mend=Sentence("删去这些列", "leave these columns out"),
    )  # fmt: skip


def _snapshot() -> Check:
    said = Sentence("特征与标签取自同一天（快照）：无法做向前检验，结果偏乐观。",
                    "Features and labels are of the same day (a snapshot): no forward test is possible, and scores are"
                    " optimistic.")  # fmt: skip
    return Check("forward_labels", WARNED, said, 1)


def ceiling_check(value: float, ceiling: float) -> Check:
    """Return the check of an AUC that is too good to be true by what was declared beforehand.

    Examples
    --------
    >>> ceiling_check(0.93, 0.86).verdict
    'audit_warned'
    """
    return decided(
        "auc_ceiling", ["auc"] if value > ceiling else [], examined=1, value=value, limit=ceiling,
        bad=Sentence(f"AUC {value:.3f} 高于预先声明的上限 {ceiling:.3f}，好得可疑。",
                     f"An AUC of {value:.3f} is above the declared ceiling of {ceiling:.3f}: too good to be trusted."),
        good=Sentence(f"AUC {value:.3f} 未超过预先声明的上限 {ceiling:.3f}。",
                      f"An AUC of {value:.3f} is not above the declared ceiling of {ceiling:.3f}."),
        mend=Sentence("检查特征与重采样", "look at the features, and at resampling before the split"),
    )  # fmt: skip
