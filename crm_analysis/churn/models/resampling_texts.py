"""The leak lesson in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.churn.models.resampling_protocols import BEFORE, COPIES, INSIDE, NONE
from crm_analysis.words import Sentence, join, word

if TYPE_CHECKING:
    from crm_analysis.churn.models.resampling import Lesson


def lesson_text(lesson: Lesson) -> Sentence:
    """Return what each wrong way claims and is worth, why, and what resampling does to probabilities."""
    table = lesson.table
    return join([_start(lesson), *(_wrong(table.loc[name], name) for name in (BEFORE, COPIES)), _right(lesson)])


def _start(lesson: Lesson) -> Sentence:
    row = lesson.table.loc[NONE]
    return Sentence(
        f"{lesson.customers:,} 行样本，流失率 {lesson.churn_share:.1%}。不重抽样时，交叉验证的 AUC"
        f" 为 {row['auc_claimed']:.4f}，"
        f"F1 为 {row['f1_claimed']:.3f}。",
        f"{lesson.customers:,} rows, of which {lesson.churn_share:.1%} churned. Without resampling the"
        " cross-validated AUC"
        f" is {row['auc_claimed']:.4f} and F1 {row['f1_claimed']:.3f}.",
    )


def _wrong(row: object, name: str) -> Sentence:
    zh, en = word(name, "zh"), word(name, "en")
    return Sentence(
        f"{zh}：声称 AUC 为 {row['auc_claimed']:.4f}，F1 为 {row['f1_claimed']:.3f}；在重抽样之前就留出的客户上，"
        f"AUC 为 {row['auc_kept_out']:.4f}，F1 为 {row['f1_kept_out']:.3f}。原因：{row['test_rows']:,.0f}"
        " 个测试行中有 "
        f"{row['leaked_rows']:,.0f} 个（{row['leaked_share']:.1%}）与训练数据“沾亲”："
        "训练数据里有它的副本、用它合成的点，或合成它所用的客户。",
        f"{en[0].upper()}{en[1:]} claims an AUC of {row['auc_claimed']:.4f} and F1 of {row['f1_claimed']:.3f}; on"
        " customers"
        f" kept out before the resampling the AUC is {row['auc_kept_out']:.4f} and F1 {row['f1_kept_out']:.3f}. The"
        f" reason: of {row['test_rows']:,.0f} test rows {row['leaked_rows']:,.0f} ({row['leaked_share']:.1%}) have a"
        " copy, a"
        " point made of them, or what they were made of, in the training.",
    )


def _right(lesson: Lesson) -> Sentence:
    row, plain = lesson.table.loc[INSIDE], lesson.table.loc[NONE]
    return Sentence(
        f"只在训练折内做 SMOTE 时，AUC 为 {row['auc_kept_out']:.4f}（不重抽样为 {plain['auc_kept_out']:.4f}），"
        "但平均预测概率为"
        f" {row['probability_kept_out']:.1%}，而流失率为 {lesson.churn_share:.1%}；Brier"
        f" 分数由 {plain['brier_kept_out']:.4f} 变为"
        f" {row['brier_kept_out']:.4f}。",
        f"SMOTE inside training folds has an AUC of {row['auc_kept_out']:.4f} (without resampling"
        f" {plain['auc_kept_out']:.4f}), but its mean probability is {row['probability_kept_out']:.1%} where"
        f" {lesson.churn_share:.1%} churned; the Brier score goes from {plain['brier_kept_out']:.4f} to"
        f" {row['brier_kept_out']:.4f}.",
    )
