"""Words of the room `report`: headings of its own tables."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "ledger_table": Word("数据表", "table"),
    "ledger_fate": Word("处理", "what became of them"),
    "source": Word("来源", "source"),
    "where": Word("首例位置", "first case"),
    "example": Word("示例", "example"),
    "package": Word("软件包", "package"),
    "version": Word("版本", "version"),
    "checksum": Word("SHA-256 校验和", "SHA-256"),
    "first_day": Word("首日", "first day"),
    "last_day": Word("末日", "last day"),
    "action_rank": Word("次序", "rank", ",d"),
    "what_to_do": Word("建议行动", "action"),
    "whom": Word("涉及客户", "customers concerned", ",d"),
    "at_stake": Word("近一年消费", "spent in the last year", ",.0f"),
    "because": Word("依据", "because"),
    "year": Word("年份", "year"),
    "turnover": Word("交易额(亿元)", "turnover (100 million yuan)", ",.1f"),
    "growth": Word("增长率", "growth", ".1%"),
    "crm_function": Word("CRM 功能", "CRM function"),
    "analysis": Word("对应的分析", "analysis in this report"),
}
