"""What an importance-performance analysis says, and what it does not, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.satisfaction.priorities.phrases import by_class, joined, listed, pick, undecided

if TYPE_CHECKING:
    from crm_analysis.satisfaction.priorities.ipa import Ipa

STABLE = 0.8  # share of the choices under which the quadrant stays the same


def ipa_text(ipa: Ipa, lang: str) -> str:
    """Return what the quadrants say."""
    table, kind = ipa.table, ipa.settings.loc["importance_kind", "choice"]
    loose = table.index[table["decided"] & (table["share_same"] < STABLE)]
    negative = table.index[table["wrong_sign"]]
    parts = [*by_class(table, "quadrant", lang), undecided(table, lang)]
    if len(loose):
        parts.append(pick(lang, zh=f"在超过五分之一的划线方式与重要性算法组合下落入其他象限：{listed(loose, lang)}。",
                          en=f"In another quadrant under more than a fifth of the choices of crosshair and "
                             f"importance: {listed(loose, lang)}."))  # fmt: skip
    if len(negative):
        parts.append(pick(lang, zh=f"推算的重要性为负，不宜解读：{listed(negative, lang)}。",
                          en=f"Derived importance below zero, not to be read: {listed(negative, lang)}."))  # fmt: skip
    if kind == "as_given":
        parts.append(pick(lang, zh="重要性作为固定数值给出，未计其误差，因此上述判断显得过于确定。",
                          en="Importances were given as fixed numbers, so these chances are too sure."))  # fmt: skip
    if table.attrs["too_few"]:
        parts.append(pick(lang, zh=f"仅有 {table.attrs['respondents']} 位受访者，结果仅供参考。",
                          en=f"Only {table.attrs['respondents']} respondents: a hint at best."))  # fmt: skip
    parts.append(pick(
        lang,
        zh="象限描述回答之间的关系，其位置取决于参与比较的属性；它不说明提高某项评价会带来什么结果。",
        en="Quadrants describe relations among answers and depend on which attributes are compared; they do not say "
           "what would follow from raising a rating.",
    ))  # fmt: skip
    return joined(parts, lang)
