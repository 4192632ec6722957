"""What a bootstrap of a PLS model says in words: how it was made, which paths are clear, what may not be claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.pls.resampling import WARN_ABOVE, Resamples
from crm_analysis.satisfaction.pls.signs import TEXTS as SIGNS
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.inference import Bootstrap

ROOT_RULE = 2.486  # z for 5 % one-sided plus z for a power of .8: Kock & Hadaya (2018), inverse square root
KINDS = {"percentile": ("百分位区间", "percentile intervals"), "bca": ("BCa 区间", "BCa intervals")}


def bootstrap_text(found: Bootstrap, lang: str) -> str:
    """Return the sentences of `Bootstrap.text`."""
    zh = lang == "zh"
    verdict = found.fitted.verdict_
    parts = [
        "" if verdict.usable else verdict.text(lang),
        _method(found, zh),
        failure_text(found.resamples, lang, found.fitted.model),
        _paths(found, zh),
    ]
    if found.percentile_instead:
        parts.append(
            f"{found.percentile_instead} 个统计量的自助值全部位于估计值一侧，BCa 无法计算，改用百分位区间。"
            if zh
            else f"For {found.percentile_instead} numbers all resamples lie on one side of the estimate; BCa has no "
            "answer and percentile limits are given instead."
        )
    if (answers := found.fitted.answers_) is not None and answers.filled:
        parts.append(
            f"{answers.filled:,} 位受访者的部分回答以均值填补，区间因此偏窄。"
            if zh
            else f"{answers.filled:,} respondents have answers filled in with means: the intervals are too narrow."
        )
    parts.append(
        "箭头的方向由模型假定，不由数据证明；区间未按路径数校正，经 Holm 校正的 p 值则已计入。"
        if zh
        else "The direction of the arrows is assumed by the model, not shown by the data; the intervals are not "
        "corrected for the number of paths, the p-values by Holm are."
    )
    return ("" if zh else " ").join(part for part in parts if part)


def failure_text(resamples: Resamples, lang: str, model: PathModel) -> str:
    """Return how many resamples failed and why; empty when none did."""
    failures, zh = resamples.failures, lang == "zh"
    if not len(failures):
        return ""
    causes = [f"{word(cause, lang)}{_of(name, model, lang)}{'：' if zh else ': '}{count:,}"
              for (cause, name), count in failures.items()]  # fmt: skip
    total, share = failures.sum(), resamples.share_failed
    if zh:
        much = "失败偏多，区间可能偏窄。" if share > WARN_ABOVE else ""
        return (f"{resamples.draws:,} 次重抽样中有 {total:,} 次（{share:.1%}）无可用解，未计入"
                f"（{'；'.join(causes)}）。{much}")  # fmt: skip
    much = " That is more than 1 %: the intervals may be too narrow." if share > WARN_ABOVE else ""
    return (f"Of {resamples.draws:,} resamples {total:,} ({share:.1%}) have no usable solution and do not count "
            f"({'; '.join(causes)}).{much}")  # fmt: skip


def _method(found: Bootstrap, zh: bool) -> str:
    drawn, n = found.resamples, found.fitted.moments_.n
    kind, signs = KINDS[found.kind][not zh], SIGNS[drawn.signs][not zh]
    if zh:
        return (f"{found.level:.0%} {kind}，由 {n:,} 位受访者有放回重抽样 {drawn.draws:,} 次得到"
                f"（种子 {drawn.seed}）；{signs}。")  # fmt: skip
    return (f"{found.level:.0%} {kind} from drawing the {n:,} respondents again {drawn.draws:,} times "
            f"(seed {drawn.seed}); {signs}.")  # fmt: skip


def _paths(found: Bootstrap, zh: bool) -> str:
    table = found.paths
    inside = (table["path_low"] <= 0) & (table["path_high"] >= 0)
    clear, open_ = _arrows(table[~inside], found.fitted.model, zh), _arrows(table[inside], found.fitted.model, zh)
    least = ROOT_RULE / np.sqrt(found.fitted.moments_.n)
    if zh:
        said = f"区间不含 0 的路径：{'、'.join(clear) or '无'}。"
        return said + (f"区间含 0、不能断言有影响也不能断言无影响的路径：{'、'.join(open_)}；"
                       f"这样规模的样本对小于 {least:.2f} 的路径检出机会不足八成。" if open_ else "")  # fmt: skip
    said = f"Paths whose interval leaves out 0: {', '.join(clear) or 'none'}."
    return said + (f" Paths whose interval holds 0, of which neither an effect nor its absence may be claimed: "
                   f"{', '.join(open_)}; a sample of this size finds a path below {least:.2f} less than four times in "
                   "five." if open_ else "")  # fmt: skip


def _arrows(table: pd.DataFrame, model: PathModel, zh: bool) -> list[str]:
    lang = "zh" if zh else "en"
    return [f"{model.label(row.source, lang)}→{model.label(row.target, lang)}" for row in table.itertuples()]


def _of(name: str, model: PathModel, lang: str) -> str:
    return "" if not name else f"（{model.label(name, lang)}）" if lang == "zh" else f" ({model.label(name, lang)})"
