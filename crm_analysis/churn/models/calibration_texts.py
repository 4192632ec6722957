"""What a calibration says, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.words import Sentence, join

if TYPE_CHECKING:
    from crm_analysis.churn.models.calibration import Calibration


def calibration_text(found: Calibration) -> Sentence:
    """Return means, slope and intercept, the error beside chance, the verdict, and what was special about the data."""
    return join([_means(found), *_line(found), _error(found), _verdict(found), *_remarks(found)])


def shape(found: Calibration) -> Sentence:
    """Say in which way probabilities are off: too high or low, too extreme or too timid.

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration import calibration
    >>> shape(calibration([0.6] * 50, [0] * 35 + [1] * 15)).en
    'too high on average'
    """
    parts = []
    if found.intercept.high < 0 or found.intercept.low > 0:
        parts.append(Sentence("整体偏高", "too high on average") if found.intercept.value < 0
                     else Sentence("整体偏低", "too low on average"))  # fmt: skip
    if found.slope.high < 1 or found.slope.low > 1:
        parts.append(Sentence("高低过于极端", "too extreme") if found.slope.value < 1
                     else Sentence("高低过于保守", "too timid (high ones too low, low ones too high)"))  # fmt: skip
    if not parts:
        return Sentence("无明显偏差", "not clearly off")
    return Sentence("，且".join(part.zh for part in parts), " and ".join(part.en for part in parts))


def _means(found: Calibration) -> Sentence:
    p, y, n = found.pairs.p.mean(), found.pairs.y.mean(), len(found.pairs.p)
    return Sentence(f"{n:,} 行的平均预测流失率为 {p:.1%}，实际流失率为 {y:.1%}。",
                    f"In {n:,} rows {p:.1%} churn is predicted and {y:.1%} churned.")  # fmt: skip


def _line(found: Calibration) -> list[Sentence]:
    parts = []
    if np.isfinite(found.slope.value):
        parts.append(Sentence(f"校准斜率为 {found.slope:z.3f}（等于 1 为理想，小于 1 表示预测过于极端）",
                              f"The calibration slope is {found.slope:z.3f} (1 is right, below 1: too"
                              " extreme)"))  # fmt: skip
    if np.isfinite(found.intercept.value):
        parts.append(Sentence(f"校准截距为 {found.intercept:z.3f}（等于 0 为理想，小于 0 表示整体偏高）",
                              f"{'the' if parts else 'The'} intercept {found.intercept:z.3f}"
                              " (0 is right, below 0: too high)"))  # fmt: skip
    if not parts:
        return []
    return [Sentence("，".join(part.zh for part in parts) + "。", ", ".join(part.en for part in parts) + ".")]


def _error(found: Calibration) -> Sentence:
    zh, en = ("；完全校准的概率在这样大小的样本中，平均也会有 ", "; perfectly calibrated probabilities would show ")
    chance = f"{found.ece_by_chance:.3f}"
    return Sentence(
        f"按 {len(found.table)} 个分箱计算的期望校准误差（ECE）为 {found.ece:.3f}{zh}{chance}。"
        f"Brier 分数为 {found.brier:.4f}。",
        f"The expected calibration error over {_bins(len(found.table))} is {found.ece:.3f}{en}{chance} in a sample of"
        f" this size. The Brier score is {found.brier:.4f}.",
    )


def _bins(count: int) -> str:
    return f"{count} bins" if count > 1 else "1 bin"


def _verdict(found: Calibration) -> Sentence:
    off, gain = shape(found), f"{found.gain:z.4f}"
    unsure = Sentence(
        "流失者或留存者太少，无法用交叉验证检验修正是否有益", "too few churners or stayers to test mending out of fold"
    )
    no_gain = Sentence(f"交叉验证中的修正所节省的对数损失为 {gain}，未超出误差范围",
                       f"mending saves {gain} log loss out of fold, which is within noise")  # fmt: skip
    reason = no_gain if np.isfinite(found.gain.value) else unsure
    return {
        "as_is": Sentence("在同一截止日的客户上未见需要修正之处；换到以后的时期，仍要再检验。",
        "On customers of the same cutoff nothing calls for mending; for a later time, check again."),
        "mend": Sentence(f"概率{off.zh}，需要校准：交叉验证中的修正使每行的对数损失降低 {gain}。",
                         f"The probabilities are {off.en} and need mending, which saves {gain} log loss per row out"
                         " of fold."),
        "too_small_to_mend": Sentence(f"概率似乎{off.zh}，但{reason.zh}；保持原样。",
                                      f"The probabilities seem {off.en}, but {reason.en}; they are left as they are."),
        "calibration_not_known": Sentence("只有一类标签，无法判断校准斜率与截距。",
                                          "All labels are alike: slope and intercept cannot be judged."),
    }[found.verdict]  # fmt: skip


def _remarks(found: Calibration) -> list[Sentence]:
    said, p = [], found.pairs.p
    if np.ptp(p) == 0:
        said.append(Sentence("所有预测概率相同，没有校准斜率。", "All probabilities are equal, so there is no slope."))
    elif not np.isfinite(found.slope.value) and found.verdict != "calibration_not_known":
        said.append(Sentence("预测概率把流失者与留存者完全分开，斜率无法估计；请检查是否存在数据泄漏。",
                             "The probabilities part churners from stayers wholly, so the slope has no estimate; look "
                             "for a leak."))  # fmt: skip
    if found.at_edge:
        said.append(Sentence(f"{found.at_edge:,} 个概率恰为 0 或 1，没有对数几率，按略偏离端点计算。",
                             f"{found.at_edge:,} probabilities are exactly 0 or 1 and have no log odds; they count as "
                             "slightly inside."))  # fmt: skip
    if found.impossible:
        said.append(Sentence(f"其中 {found.impossible:,} 个与结果相反：严格说来对数损失为无穷大。",
                             f"{found.impossible:,} of them were wrong: strictly, the log loss is"
                             " infinite."))  # fmt: skip
    if found.pairs.customer is not None:
        said.append(
            Sentence(
                "同一客户有多行，区间按客户计算。", "Customers have several rows; limits are those of whole customers."
            )
        )
    return said
