"""Drivers in sentences: what goes with the outcome, how sure the order is, and what the survey cannot tell."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.drivers.result import FEW_PER_DRIVER, OVERLAP
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.drivers.result import Drivers

_SENTENCES = {
    "whole": {
        "zh": "{drivers}与{outcome}的关联程度：{measure} 为 {fit:.1%}（{adjusted}受访者 {n:,} 人，"
              "未计入 {left:,} 人）。",
        "en": "{drivers} {measure} of {fit:.1%} for {outcome} "
              "({adjusted}{n:,} respondents, {left:,} left out).",
    },
    "first": {
        "zh": "与{outcome}关系最密切的是{first}：占其中的 {share:.1%}{chance}。",
        "en": "{first} goes with {outcome} most: its share of that is {share:.1%}{chance}.",
    },
    "settled": {
        "zh": "第一位可以确定：它的贡献比第二位的{second}高 {gap:.1f} 个百分点（按 {measure} 计）。",
        "en": "Its first place is more than chance: it is {gap:.1f} percentage points ahead of {second}, counted in "
              "{measure}.",
    },
    "open": {
        "zh": "但第一位并不确定：也可能是{names}，不能据此排出先后。",
        "en": "But the first place is open: it may as well be {names}, so no order may be claimed there.",
    },
    "order": {
        "zh": "其后相邻名次 {pairs} 对中，有 {sure} 对可以区分。",
        "en": "Of the pairs of neighbours further down ({pairs}), {sure} can be told apart.",
    },
    "no_draws": {
        "zh": "没有做重抽样，因此不知道先后次序有多可靠。",
        "en": "Nothing was drawn again, so it is not known how sure the order is.",
    },
    "turned": {
        "zh": "{names}的回归系数与相关系数符号相反：份额不表示方向。",
        "en": "{names} has a coefficient of the other sign than its correlation: a share tells no direction.",
    },
    "overlap": {
        "zh": "{names}与其他因素高度重叠（VIF 不低于 {overlap:g}），共同部分如何分配带有约定成分。",
        "en": "{names} overlaps strongly with other drivers (VIF {overlap:g} or more): how the common part is divided "
              "is largely convention.",
    },
    "few": {
        "zh": "有效受访者平均每个因素不足 {few} 人，拟合优度会偏高，结果仅供参考。",
        "en": "There are fewer than {few} effective respondents per driver: the fit is inflated, the numbers are a "
              "hint only.",
    },
    "sampled": {
        "zh": "因素过多，份额由抽样的进入次序估计，蒙特卡罗标准误不超过 {error:.4f}。",
        "en": "With so many drivers shares come from sampled orders of entry; Monte Carlo standard error at most "
              "{error:.4f}.",
    },
    "failed": {
        "zh": "{draws:,} 次重抽样中有 {lost:,} 次未能估计（{causes}）。",
        "en": "{lost:,} of {draws:,} draws gave no result ({causes}).",
    },
    "caution": {
        "zh": "以上都是同一次调查中的相关关系，不能说明改变某个因素后{outcome}会怎样；份额不会小于零，"
              "其区间高于零不等于关系显著。",
        "en": "All this is association within one survey; it does not tell what {outcome} would be after a change. "
              "Shares are never below zero, so an interval above zero is no proof of a relation.",
    },
}  # fmt: skip
_MEASURES = {
    "r_squared": {"zh": "R²", "en": "an R²"},
    "mcfadden": {"zh": "McFadden 伪 R²", "en": "a McFadden pseudo-R²"},
    "nagelkerke": {"zh": "Nagelkerke 伪 R²", "en": "a Nagelkerke pseudo-R²"},
}


def describe_drivers(found: Drivers, lang: str) -> str:
    """Return the sentences of `Drivers.text`."""
    parts = [_whole(found, lang), *_order(found, lang), *_notes(found, lang)]
    parts.append(_say("caution", lang, outcome=_quoted(found.outcome, lang)))
    return {"zh": "", "en": " "}[lang].join(parts)


def _whole(found: Drivers, lang: str) -> str:
    adjusted = {"zh": "调整后 {:.1%}，", "en": "adjusted {:.1%}; "}[lang].format(found.adjusted)
    count = len(found.table)
    several = {"zh": f"{count} 个因素合起来", "en": f"Together the {count} drivers reach"}
    drivers = (several if count > 1 else {"zh": "该因素", "en": "The driver reaches"})[lang]
    return _say("whole", lang, drivers=drivers, fit=found.fit, n=found.respondents, left=found.left_out,
                measure=_MEASURES[found.measure][lang], outcome=_quoted(found.outcome, lang),
                adjusted=adjusted if np.isfinite(found.adjusted) else "")  # fmt: skip


def _order(found: Drivers, lang: str) -> list[str]:
    """Sentences on the first driver and on how sure the order is."""
    if len(found.table) < 2:
        return []
    first, second = found.table.iloc[0], found.table.index[1]
    chance = {
        "zh": "，在 {draws:,} 次重抽样中有 {share:.0%} 排第一",
        "en": "; it ranks first in {share:.0%} of {draws:,} draws",
    }
    said = chance[lang].format(draws=found.draws, share=first["chance_first"]) if found.draws else ""
    parts = [_say("first", lang, first=_quoted(first.name, lang), outcome=_quoted(found.outcome, lang),
                  share=Estimate(*first[["lmg_share", "lmg_share_low", "lmg_share_high"]]), chance=said)]  # fmt: skip
    if not found.draws:
        return [*parts, _say("no_draws", lang)]
    if rivals := [name for name in found.first_place if name != first.name]:
        parts.append(_say("open", lang, names=_listed(rivals, lang)))
    else:
        gap = 100 * (first["lmg"] - found.table["lmg"].iloc[1])
        measure = _MEASURES[found.measure][lang].removeprefix("an ").removeprefix("a ")
        parts.append(_say("settled", lang, second=_quoted(second, lang), gap=gap, measure=measure))
    below = list(pairwise(found.table.index[1:]))
    sure = int(found.comparisons["distinguishable"].loc[below].sum()) if below else 0
    return [*parts, *([_say("order", lang, pairs=len(below), sure=sure)] if below else [])]


def _notes(found: Drivers, lang: str) -> list[str]:
    parts = [_say("turned", lang, names=_listed(found.turned, lang))] if found.turned else []
    overlap = list(found.coefficients.index[found.coefficients["vif"] >= OVERLAP])
    parts += [_say("overlap", lang, names=_listed(overlap, lang), overlap=OVERLAP)] if overlap else []
    parts += [_say("few", lang, few=FEW_PER_DRIVER)] if found.too_few else []
    error = found.table["lmg_error"].max()
    parts += [_say("sampled", lang, error=error)] if error > 0 else []
    if len(found.failed):
        colon, stop = {"zh": ("：", "；"), "en": (": ", "; ")}[lang]
        causes = stop.join(f"{word(cause, lang)}{(colon + row['items_at_fault']) * bool(row['items_at_fault'])}"
                           for cause, row in found.failed.iterrows())  # fmt: skip
        lost = int(found.failed["draws_lost"].sum())
        parts.append(_say("failed", lang, draws=found.draws, lost=lost, causes=causes))
    return parts


def _say(key: str, lang: str, **values: object) -> str:
    return _SENTENCES[key][lang].format(**values)


def _quoted(name: str, lang: str) -> str:
    return {"zh": "“{}”", "en": "'{}'"}[lang].format(word(name, lang))


def _listed(names: list[str], lang: str) -> str:
    return {"zh": "、", "en": ", "}[lang].join(_quoted(name, lang) for name in names)
