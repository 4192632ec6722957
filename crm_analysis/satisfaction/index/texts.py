"""What indices, maps, changes and predictions allow to be said, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
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
    spread = np.ptp(found.conventions.to_numpy(), axis=1).max()
    kind = word(f"weights_{found.weights}", lang)
    return _join([
        (True, f"0-100 指数：{'；'.join(values)}。", f"Indices from 0 to 100: {'; '.join(values)}."),
        (True, f"权重：{kind}；换用其他权重方式，指数最多相差 {spread:.1f} 分。",
         f"Weights: {kind}; another convention moves an index by up to {spread:.1f} points."),
        (bool(found.negative), f"权重为负的题项：{'、'.join(found.negative)}，得分越高指数反而越低，请先检查。",
         f"Items with a negative weight: {', '.join(found.negative)}; better marks lower the index; look at them."),
        (not found.replicates, "没有逐人数据，因此没有自助法区间。", "Without rows there is no bootstrap interval."),
    ], lang)  # fmt: skip


def segment_text(found: SegmentIndex, lang: str) -> str:
    """Say which segments differ beyond chance, and what that does not show."""
    sure = found.differences[found.differences["p_holm"] <= 1 - found.level]
    less = {"zh": "减", "en": " less "}[lang]
    gaps = [f"{found.model.label(row['construct'], lang)}: {row['segment']}{less}{row['other_segment']} "
            f"{estimate(row, 'index_difference'):+.1f}" for _, row in sure.iterrows()]  # fmt: skip
    few = found.table.loc[found.table["too_few"], "segment"].drop_duplicates().astype(str).tolist()
    return _join([
        (bool(gaps), f"差异显著（Holm 校正）：{'；'.join(gaps)}。", f"Beyond chance (Holm): {'; '.join(gaps)}."),
        (not gaps, "各组之间未发现超出偶然的差异；这并不证明各组相同。",
         "No difference between segments goes beyond chance, which does not prove them equal."),
        (bool(few), f"人数过少、不宜下结论的组：{'、'.join(few)}。",
         f"Too few respondents to conclude from: {', '.join(few)}."),
        (True, "比较的前提是各组对题目的理解相同（测量不变性），指数本身不能证明这一点。",
         "This takes for granted that all segments read the items alike (measurement invariance)."),
    ], lang)  # fmt: skip


def trend_text(found: IndexTrend, lang: str) -> str:
    """Say which changes go beyond chance, and what that does not show."""
    sure = found.table[found.table["p_holm"] <= 1 - found.level]
    moves = [f"{found.model.label(row['construct'], lang)}, {row['period']} {estimate(row, 'index_change'):+.1f}"
             for _, row in sure.iterrows()]  # fmt: skip
    few = int((found.table["too_few"] & (found.table["respondents"] > 0)).sum())
    return _join([
        (bool(moves), f"与上期相比变化显著（Holm 校正）：{'；'.join(moves)}。",
         f"Changes beyond chance (Holm): {'; '.join(moves)}."),
        (not moves, "没有哪一期的变化超出偶然；这并不证明没有变化。",
         "No change from period to period goes beyond chance, which does not prove that nothing changed."),
        (few > 0, f"{few} 个数值的人数过少。", f"Values from too few respondents: {few}."),
        (True, "各期受访者不同，受访人群构成的变化也会使指数变动。",
         "Other people answer in each period: who answers may have changed, rather than what they think."),
    ], lang)  # fmt: skip


def ipma_text(found: ImportancePerformance, lang: str) -> str:
    """Say what weighs most and comes first, and what the map does not show."""
    table, name = found.constructs, found.model.label(found.target, lang)
    first = table["importance"].idxmax()
    most, label = f"{estimate(table.loc[first], 'importance'):.2f}", found.model.label(first, lang)
    known = found.replicates > 0
    concentrate = (table["quadrant"] == "concentrate_here") & (table["quadrant_settled"] | (not known))
    urgent, unsure = (
        [found.model.label(one, lang) for one in table.index[rows]]
        for rows in (concentrate, known & ~table["quadrant_settled"])
    )
    return _join([
        (True, f"{label}对{name}的作用最大：每提高 1 分，{name}指数变动 {most} 分。",
         f"Most weighs {label}: {most} points of {name} per point."),
        (bool(urgent), f"优先改进：{'、'.join(urgent)}。", f"Improve first: {', '.join(urgent)}."),
        (bool(unsure), f"象限尚不能确定：{'、'.join(unsure)}。", f"Quadrant not settled: {', '.join(unsure)}."),
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
    poor, power = list(found.items.index[found.items["q_squared"] <= 0]), word(found.power(), lang)
    return _join([
        (True, f"{every} 个内生题项中，{good} 个的预测误差（RMSE）小于线性模型：{power}。",
         f"{good} of {every} endogenous items are predicted with a smaller error (RMSE) than by the linear model: "
         f"{power}."),
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


def _join(parts: Parts, lang: str) -> str:
    return {"zh": "", "en": " "}[lang].join(zh if lang == "zh" else en for said, zh, en in parts if said)
