"""What a Kano analysis says, and what it does not, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.satisfaction.priorities.phrases import by_class, joined, listed, pick, undecided

if TYPE_CHECKING:
    from crm_analysis.satisfaction.priorities.kano import Kano
    from crm_analysis.satisfaction.priorities.kano_scores import KanoScores

ODD = 0.1  # share of questionable or reverse answers from which the wording of the question is doubted


def kano_text(kano: Kano, lang: str) -> str:
    """Return what the classes say."""
    table = kano.table
    odd = table.index[table[["questionable_share", "reverse_share"]].max(axis=1) >= ODD]
    parts = [*by_class(table, "kano_class", lang), undecided(table, lang)]
    if len(odd):
        parts.append(pick(lang, zh=f"可疑或反向回答达到 10% 以上，应检查题目措辞：{listed(odd, lang)}。",
                          en=f"A tenth or more of the answers are questionable or reverse; check the wording: "
                             f"{listed(odd, lang)}."))  # fmt: skip
    parts += [_turned(kano, lang), _segments(kano, lang)]
    parts.append(pick(
        lang,
        zh="Kano 类别描述受访者对“有”与“没有”的感受，不说明该属性有多重要，也不说明改变它会带来什么结果。",
        en="The classes describe how respondents feel about having and not having an attribute; they say neither how "
           "important it is nor what would follow from changing it.",
    ))  # fmt: skip
    return joined(parts, lang)


def scores_text(scores: KanoScores, lang: str) -> str:
    """Return what the mean scores say."""
    table = scores.table
    below = table.index[table["below_zero"]]
    parts = [*by_class(table, "kano_class", lang), undecided(table, lang)]
    if len(below):
        parts.append(pick(lang, zh=f"平均分低于零，部分受访者可能并不想要：{listed(below, lang)}。",
                          en=f"A mean below zero; some may not want it: {listed(below, lang)}."))  # fmt: skip
    parts.append(pick(lang, zh="分界值和分值是约定，均值把不同的受访者合在一起。",
                      en="Scores and cuts are conventions; a mean puts different respondents together."))  # fmt: skip
    return joined(parts, lang)


def _turned(kano: Kano, lang: str) -> str:
    """Return a warning if reverse answers outnumber the others: the codes may run the other way."""
    total = kano.shares.groupby("kano_class", observed=False)["answers"].sum()
    wanted = total[["must_be", "one_dimensional", "attractive"]].sum()
    if total["reverse"] <= wanted:
        return ""
    return pick(lang, zh="反向回答多于必备、期望和魅力之和：编码方向可能相反（1 应为“喜欢”），请核对 answers。",
                en="Reverse answers outnumber must-be, one-dimensional and attractive together: the codes may run the "
                   "other way (1 should be 'like'); check answers=.")  # fmt: skip


def _segments(kano: Kano, lang: str) -> str:
    if kano.segments is None or kano.segments["p"].isna().all():
        return ""
    differ = kano.segments.index[kano.segments["p_holm"] < 0.05]
    if not len(differ):
        return pick(lang, zh="未显示各细分群体的归类分布不同（不等于相同）。",
                    en="No difference between the segments was shown (which is not to say there is none).")  # fmt: skip
    return pick(lang, zh=f"各细分群体的归类分布不同，应分开解读：{listed(differ, lang)}。",
                en=f"Segments differ and should be read apart: {listed(differ, lang)}.")  # fmt: skip
