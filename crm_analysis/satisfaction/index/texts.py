"""What indices, maps, changes and predictions allow to be said, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.intervals import Estimate
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.index.index import SatisfactionIndex
    from crm_analysis.satisfaction.index.ipma import ImportancePerformance
    from crm_analysis.satisfaction.index.segments import SegmentIndex
    from crm_analysis.satisfaction.index.trend import IndexTrend
    from crm_analysis.satisfaction.index.what_if import WhatIf
    from crm_analysis.satisfaction.prediction.predict import Prediction

Parts = list[tuple[bool, str, str]]  # whether it is said, in Chinese, in English


def index_text(found: SatisfactionIndex, lang: str) -> str:
    """Say the indices, the convention of weights and what another one would change."""
    values = [f"{found.model.label(name, lang)} {found.estimate(name):.1f}" for name in found.table.index]
    spread = (found.conventions.max(axis=1) - found.conventions.min(axis=1)).max()
    kind = word(f"weights_{found.weights}", lang)
    return _join([
        (True, f"0-100 指数：{'；'.join(values)}。", f"Indices from 0 to 100: {'; '.join(values)}."),
        (True, f"权重：{kind}；换用其他权重方式，指数最多相差 {spread:.1f} 分。",
         f"Weights: {kind}; another convention moves an index by up to {spread:.1f} points."),
        (bool(found.negative), f"权重为负的题项：{'、'.join(found.negative)}。得分越高指数反而越低，"
         "所属潜变量的指数可能越出 0-100，不能使用；请先检查这些题项是否应当反向计分。",
         f"Items with a negative weight: {', '.join(found.negative)}. Better marks lower the index, which may leave "
         "0 to 100: the index of that construct is not valid until the items are reversed or dropped."),
        (found.filled > 0, f"{found.filled:,} 位受访者的部分回答以均值填补，区间因此偏窄。",
         f"{found.filled:,} respondents have answers filled in with means: the intervals are too narrow."),
        (not found.replicates, "没有逐人数据，因此没有自助法区间。", "Without rows there is no bootstrap interval."),
    ], lang)  # fmt: skip


def segment_text(found: SegmentIndex, lang: str) -> str:
    """Say which segments differ beyond chance, and what that does not show."""
    sure = found.differences[found.differences["p_holm"] <= 1 - found.level]
    less, colon = {"zh": ("减", "："), "en": (" less ", ": ")}[lang]
    gaps = [f"{found.model.label(row['construct'], lang)}{colon}{word(row['segment'], lang)}{less}"
            f"{word(row['other_segment'], lang)} {estimate(row, 'index_difference'):+.1f}"
            for _, row in sure.iterrows()]  # fmt: skip
    few = [word(name, lang) for name in found.table.loc[found.table["too_few"], "segment"].drop_duplicates()]
    untested = _untested(found.differences["p"], found.draws, found.level)
    return _join([
        (bool(gaps), f"差异显著（Holm 校正）：{'；'.join(gaps)}。", f"Beyond chance (Holm): {'; '.join(gaps)}."),
        *untested,
        (not gaps and not untested, "各组之间未发现超出偶然的差异；这并不证明各组相同。",
         "No difference between segments goes beyond chance, which does not prove them equal."),
        (bool(few), f"人数过少、不宜下结论的组：{'、'.join(few)}。",
         f"Too few respondents to conclude from: {', '.join(few)}."),
        (True, "比较的前提是各组对题目的理解相同（测量不变性），指数本身不能证明这一点。",
         "This takes for granted that all segments read the items alike (measurement invariance)."),
    ], lang)  # fmt: skip


def trend_text(found: IndexTrend, lang: str) -> str:
    """Say which changes go beyond chance, and what that does not show."""
    sure = found.table[found.table["p_holm"] <= 1 - found.level]
    comma = {"zh": "，", "en": ", "}[lang]
    moves = [f"{found.model.label(row['construct'], lang)}{comma}{row['period']} {estimate(row, 'index_change'):+.1f}"
             for _, row in sure.iterrows()]  # fmt: skip
    untested = _untested(found.table["p"], found.draws, found.level)
    few = int((found.table["too_few"] & (found.table["respondents"] > 0)).sum())
    return _join([
        (bool(moves), f"与上期相比变化显著（Holm 校正）：{'；'.join(moves)}。",
         f"Changes beyond chance (Holm): {'; '.join(moves)}."),
        *untested,
        (not moves and not untested, "没有哪一期的变化超出偶然；这并不证明没有变化。",
         "No change from period to period goes beyond chance, which does not prove that nothing changed."),
        (few > 0, f"{few} 个数值的人数过少。", f"Values from too few respondents: {few}."),
        (True, "各期受访者不同，受访人群构成的变化也会使指数变动。",
         "Other people answer in each period: who answers may have changed, rather than what they think."),
    ], lang)  # fmt: skip


def ipma_text(found: ImportancePerformance, lang: str) -> str:
    """Say what weighs most and comes first, and what the map does not show."""
    from crm_analysis.satisfaction.index.ipma import SETTLED

    table, name = found.constructs, found.model.label(found.target, lang)
    first, share = found.first()
    most, label = f"{estimate(table.loc[first], 'importance'):.2f}", found.model.label(first, lang)
    known, settled = found.replicates > 0, not share < SETTLED
    concentrate = (table["quadrant"] == "concentrate_here") & (table["quadrant_settled"] | (not known))
    urgent, unsure = (
        [found.model.label(one, lang) for one in table.index[rows]]
        for rows in (concentrate, known & ~table["quadrant_settled"])
    )
    return _join([
        (True, f"{label}对{name}的作用最大：每提高 1 分，{name}指数变动 {most} 分。",
         f"Most weighs {label}: {most} points of {name} per point."),
        (not settled, f"重抽样中{label}居首的仅占 {share:.0%}，何者作用最大尚不能确定。",
         f"It comes first in only {share:.0%} of resamples: which weighs most is not settled."),
        (bool(urgent), f"优先改进：{'、'.join(urgent)}。", f"Improve first: {', '.join(urgent)}."),
        (bool(unsure), f"象限尚不能确定：{'、'.join(unsure)}。", f"Quadrant not settled: {', '.join(unsure)}."),
        (not known, "没有重抽样，象限有多大把握不得而知。",
         "Without resamples it is not known how sure a quadrant is."),
        (True, "作用大小来自模型的路径；路径是否为因果关系是模型的假定，不是数据的结论。",
         "That the paths are causes is an assumption of the model, not a finding of the data."),
    ], lang)  # fmt: skip


def what_if_text(found: WhatIf, lang: str) -> str:
    """Say the answer in the conditional, with what it takes for granted."""
    label, row = found.model.label, found.table.loc[found.target]
    name, now, then = label(found.target, lang), row["index_now"], estimate(row, "index_then")
    cut = [label(one, lang) for one in found.table.index[found.table["index_capped"]]]
    moved = {"zh": "{}指数变动 {:+g} 分", "en": "that of {} changed by {:+g} points"}[lang]
    supposed = [moved.format(label(one, lang), points) for one, points in found.changes.items()]
    return _join([
        (True, f"如果{'，'.join(supposed)}，按模型推算，{name}指数会变动 {found.change:+.1f} 分，"
               f"由 {now:.1f} 变为 {then:.1f}。",
         f"If, of the indices, {' and '.join(supposed)}, then by the model that of {name} would change by "
         f"{found.change:+.1f} points, from {now:.1f} to {then:.1f}."),
        (bool(cut), f"受 0-100 上下限约束：{'、'.join(cut)}。", f"Cut at the ends of the scale: {', '.join(cut)}."),
        (True, "前提：关系为线性；模型中的路径是因果关系（这是假定，调查数据本身不能证明）；其他条件不变。",
         "This takes for granted that relations are linear, that the paths are causes (which a survey cannot prove) "
         "and that all else stays the same."),
    ], lang)  # fmt: skip


def prediction_text(found: Prediction, lang: str) -> str:
    """Say how well the model predicts, and what the verdict does not show."""
    good, every = int(found.items["beats_lm"].sum()), len(found.items)
    tied = int(((found.items["rmse_pls"] - found.items["rmse_lm"]).abs() <= 1e-9 * found.items["rmse_lm"]).sum())
    poor, power = list(found.items.index[found.items["q_squared"] <= 0]), word(found.power(), lang)
    return _join([
        (True, f"{every} 个内生题项中，{good} 个的预测误差（RMSE）小于线性模型：{power}。",
         f"{good} of {every} endogenous items are predicted with a smaller error (RMSE) than by the linear model: "
         f"{power}."),
        (tied > 0, f"{tied} 个题项的误差与线性模型相同（前因与结果均为单题项时二者本是同一模型），此时应看 Q²。",
         f"For {tied} the errors are equal, as with single items, where both are one model: look at Q² there."),
        (bool(poor), f"预测不如训练均值的题项（Q² 不大于 0）：{'、'.join(poor)}。",
         f"Not better than the training mean (Q² of 0 or less): {', '.join(poor)}."),
        (found.failed_repeats > 0, f"{found.failed_repeats} 次重复因训练数据无解而未计入。",
         f"Repeats left out because a training set has no solution: {found.failed_repeats}."),
        (True, "预测力针对同类的新受访者，不说明路径是因果关系。",
         "This is about new respondents of the same kind; it does not make the paths causes."),
    ], lang)  # fmt: skip


def estimate(row: pd.Series, name: str) -> Estimate:
    """Return a number of a table's row with its limits."""
    return Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _untested(p: pd.Series, draws: int, level: float) -> Parts:
    """Say that nothing was tested, or so much that no corrected p-value can be small enough; empty otherwise."""
    tests = int(p.notna().sum())
    least = min(1.0, tests / (draws + 1))
    if not tests:
        return [(True, "没有可以检验的差异。", "There was no difference to be tested.")]
    return [] if least <= 1 - level else [
        (True, f"比较 {tests:,} 个、置换 {draws:,} 次，校正后的 p 值不会小于 {least:.3f}，差异无从判定；请增加 draws。",
         f"With {tests:,} comparisons and {draws:,} permutations no corrected p-value can fall below {least:.3f}, so "
         "none can be found beyond chance: take more draws."),
    ]  # fmt: skip


def _join(parts: Parts, lang: str) -> str:
    return {"zh": "", "en": " "}[lang].join(zh if lang == "zh" else en for said, zh, en in parts if said)
