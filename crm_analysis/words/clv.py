"""Words of the room `clv` for its tables in reports: names that other rooms use in another sense."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "clv_frequency": Word(
        "重复购买次数（frequency）", "repeat purchases (frequency)", ",d",
        "首次购买之后有购买的天数。", "Days with a purchase after the first."
    ),
    "clv_recency": Word(
        "末次购买时点（recency）", "last purchase (recency)", ",.1f",
        "从首次购买到最近一次购买的时间长度，不是距今多久。",
        "Time from the first purchase to the last; not the time since the last."
    ),
    "rule": Word("规则", "rule"),
    "predicted_total": Word("预测总次数", "predicted total", ",.0f"),
}  # fmt: skip
