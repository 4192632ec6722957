"""The glossary `docs/GLOSSARY.md`, written from the words of all rooms.

Run after changing words::

    python -m crm_analysis.words.glossary
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from crm_analysis.words import ROOMS
from crm_analysis.words.word import Word

FILE = Path(__file__).parents[2] / "docs" / "GLOSSARY.md"
TITLES = {
    "common": Word("通用", "Used everywhere"),
    "tables": Word("数据表与行数台账", "Tables and the row ledger"),
    "sources_taobao": Word("数据来源：淘宝", "Sources: Taobao"),
    "sources_reviews": Word("数据来源：评论与电信", "Sources: reviews and telecom"),
    "sources_shops": Word("数据来源：网店订单", "Sources: shops"),
    "simulate": Word("模拟公司", "Simulated companies"),
    "segments": Word("客户细分", "Segments"),
    "clv": Word("客户终身价值", "Customer lifetime value"),
    "clv_summary": Word("客户终身价值：数据汇总", "Customer lifetime value: summary"),
    "clv_models": Word("客户终身价值：重复购买模型", "Customer lifetime value: models of repeat buying"),
    "clv_discrete": Word("客户终身价值：离散与契约模型", "Customer lifetime value: occasions and contracts"),
    "clv_spend": Word("客户终身价值：消费金额", "Customer lifetime value: spend"),
    "clv_value": Word("客户终身价值：预测", "Customer lifetime value: predictions"),
    "clv_scorecard": Word("客户终身价值：记分卡", "Customer lifetime value: scorecard"),
    "clv_plots": Word("客户终身价值：图表", "Customer lifetime value: plots"),
    "satisfaction": Word("客户满意", "Satisfaction"),
    "satisfaction_survey": Word("客户满意：问卷", "Satisfaction: surveys"),
    "satisfaction_scores": Word("客户满意：指标", "Satisfaction: scores"),
    "satisfaction_reviews": Word("客户满意：评分与评论", "Satisfaction: ratings and reviews"),
    "satisfaction_disconfirmation": Word("客户满意：期望与感知", "Satisfaction: expectation and perception"),
    "satisfaction_pls": Word("客户满意：PLS 路径模型", "Satisfaction: PLS path models"),
    "satisfaction_index": Word("客户满意：指数与预测", "Satisfaction: index and prediction"),
    "satisfaction_measurement": Word("客户满意：测量质量", "Satisfaction: quality of measurement"),
    "satisfaction_drivers": Word("客户满意：驱动因素", "Satisfaction: drivers"),
    "satisfaction_priorities": Word("客户满意：改进次序", "Satisfaction: priorities"),
    "satisfaction_text": Word("客户满意：评论文本", "Satisfaction: text of reviews"),
    "satisfaction_sellers": Word("客户满意：卖家", "Satisfaction: sellers"),
    "satisfaction_tickets": Word("客户满意：投诉工单", "Satisfaction: complaint tickets"),
    "segments_worklist": Word("客户细分：联系名单", "Segments: the worklist"),
    "churn": Word("客户流失", "Churn"),
    "churn_windows": Word("客户流失：时间窗口与样本", "Churn: windows and samples"),
    "churn_features": Word("客户流失：特征", "Churn: features"),
    "churn_rates": Word("客户流失：流失率与生存", "Churn: rates and survival"),
    "churn_models": Word("客户流失：模型", "Churn: models"),
    "churn_calibration": Word("客户流失：校准与重抽样", "Churn: calibration and resampling"),
    "churn_reasons": Word("客户流失：理由", "Churn: reasons"),
    "churn_money": Word("客户流失：利润与预算", "Churn: money"),
    "marketing": Word("营销", "Marketing"),
    "marketing_experiments": Word("营销：实验", "Marketing: experiments"),
    "marketing_uplift": Word("营销：增量", "Marketing: uplift"),
    "report": Word("报告", "Reports"),
    "claims": Word("文献说法的核对", "Claims checked"),
}
HEAD = """# Glossary · 术语表

The terms that reports use, in English and Chinese, with the name each has in tables and code.
报告中使用的术语：英文、中文，以及它在数据表和代码里的名称。

This file is written by `python -m crm_analysis.words.glossary` from `crm_analysis/words`; change the words there.
本文件由上述命令根据 `crm_analysis/words` 生成，请在那里修改术语。
"""


def glossary() -> str:
    """Return the glossary as Markdown, one table per room.

    Examples
    --------
    >>> glossary().splitlines()[0]
    '# Glossary · 术语表'
    """
    parts, seen = [HEAD], set()
    for room in sorted(ROOMS, key=lambda name: (list(TITLES).index(name) if name in TITLES else len(TITLES), name)):
        words = import_module(f"crm_analysis.words.{room}").WORDS
        new = {name: word for name, word in words.items() if name not in seen}
        seen |= new.keys()
        if new:
            title = TITLES.get(room, Word(room, room))
            parts += [f"## {title.en} · {title.zh}\n", _part(new)]
    return "\n".join(parts)


def _part(words: dict[str, Word]) -> str:
    ordered = sorted(words.items(), key=lambda item: item[1].en.casefold())
    rows = [f"| {_cell(word.en)} | {_cell(word.zh)} | `{name}` | {_meaning(word)} |" for name, word in ordered]
    return "\n".join(["| English | 中文 | name · 名称 | meaning · 含义 |", "|---|---|---|---|", *rows, ""])


def _meaning(word: Word) -> str:
    return "<br>".join(_cell(note) for note in (word.en_note, word.zh_note) if note)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(glossary(), encoding="utf-8", newline="\n")
