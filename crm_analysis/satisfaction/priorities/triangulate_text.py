"""The advice of several methods in plain words, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.satisfaction.priorities.advice import ADVICE
from crm_analysis.satisfaction.priorities.ipa_text import STABLE
from crm_analysis.satisfaction.priorities.phrases import joined, listed, pick
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.priorities.triangulate import Triangulation


def triangulation_text(found: Triangulation, lang: str) -> str:
    """Return what the methods say together."""
    table, parts = found.table, []
    for advice in ADVICE:
        rows = table[table["advice"] == advice]
        if not len(rows):
            continue
        clauses = [
            pick(lang, zh=f"{listed(rows.index[rows['advice_reason'] == reason], lang)}（{word(reason, lang)}）",
                 en=f"{listed(rows.index[rows['advice_reason'] == reason], lang)} ({word(reason, lang)})")
            for reason in dict.fromkeys(rows["advice_reason"])
        ]  # fmt: skip
        name = word(advice, lang)
        parts.append(pick(lang, zh=f"{name}：{'；'.join(clauses)}。",
                          en=f"{name[:1].upper()}{name[1:]}: {'; '.join(clauses)}."))  # fmt: skip
    differ = table.index[table["agreement"] == "disagree"]
    if len(differ):
        parts.append(pick(lang, zh=f"Kano 与惩罚-奖励对比的分类不一致：{listed(differ, lang)}。",
                          en=f"Kano and penalty-reward contrasts differ on: {listed(differ, lang)}."))  # fmt: skip
    loose = table.index[(table["advice"] != "not_decided") & (table["least_same"] < STABLE)]
    if len(loose):
        parts.append(pick(lang, zh=f"换设定结论可能改变（有方法不足 80% 的设定归类相同）：{listed(loose, lang)}。",
                          en=f"Sensitive to the choices made (in some method fewer than 80% of the choices give the "
                             f"same class): {listed(loose, lang)}."))  # fmt: skip
    parts.append(pick(
        lang,
        zh="以上依据同一时点的回答之间的关系，可作为优先查看的线索；改变某个属性会带来什么结果，需要试验来回答。",
        en="All this rests on relations among answers at one time and shows where to look first; what would follow "
           "from changing an attribute, an experiment must say.",
    ))  # fmt: skip
    return joined(parts, lang)
