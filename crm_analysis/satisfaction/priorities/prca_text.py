"""What penalty-reward contrasts say, and what they do not, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.satisfaction.priorities.phrases import by_class, joined, listed, pick
from crm_analysis.satisfaction.priorities.prca_impact import NOT_CLASSED

if TYPE_CHECKING:
    from crm_analysis.satisfaction.priorities.prca import Prca

ALPHA = 0.05


def prca_text(prca: Prca, lang: str) -> str:
    """Return what the classes say."""
    table = prca.table
    thin, shown = table.index[table["thin_cell"]], table["p_effect_holm"] < ALPHA
    classed = table["prca_factor"] != NOT_CLASSED
    faint, wrong = table.index[~shown], table.index[shown & ~classed]
    open_ = table.index[shown & classed & ~table["decided"]]
    sentences = [
        (faint, "未显示与总体满意度有关（不等于无关）", "No relation with the outcome is shown (which is not to say "
         "there is none)"),
        (open_, "归类未定（重抽样中一致的不足 80%，或受访者过少）", "Not decided (fewer than 80% of the resamples "
         "agree, or too few respondents)"),
        (wrong, "系数方向与假设不符或缺少系数，不予归类", "Not classed, for a sign is wrong or an index missing"),
        (thin, "低分或高分（或中间）人数不足 10，系数不稳", "Unstable, for fewer than ten "
         "ratings are low, middle or high"),
    ]  # fmt: skip
    parts = by_class(table, "prca_factor", lang)
    parts += [pick(lang, zh=f"{zh}：{listed(names, lang)}。", en=f"{en}: {listed(names, lang)}.")
              for names, zh, en in sentences if len(names)]  # fmt: skip
    parts.append(pick(
        lang,
        zh="奖励与惩罚指数是高分者、低分者与中间者在总体满意度上的差距；这是同一份问卷内的关系，不说明提高评价会带来什么结果。"
           "它也不等同于 Kano 类别。",
        en="Reward and penalty indices are differences in overall satisfaction between respondents with high, low and "
           "middle ratings: relations within one survey, which do not say what would follow from raising a rating. "
           "Nor are they Kano's classes.",
    ))  # fmt: skip
    return joined(parts, lang)
