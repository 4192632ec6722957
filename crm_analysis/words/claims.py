"""Words of the claims checked: columns, verdicts, bases, and the sentences that give the reason of a verdict."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "claim": Word("论断", "claim"),
    "method": Word("检验方法", "how tested"),
    "found": Word("检验所得", "found"),
    "verdict": Word("结论", "verdict"),
    "why": Word("理由", "why"),
    "holds": Word(
        "成立", "holds", "",
        "所得区间全部落在论断所说的范围之内。", "the whole interval found lies in the range that the claim names.",
    ),
    "does_not_hold": Word(
        "不成立", "does not hold", "",
        "所得区间全部落在论断所说的范围之外。", "the whole interval found lies outside the range that the claim names.",
    ),
    "depends": Word(
        "视条件而定", "depends", "",
        "结论取决于所写明的条件。", "the answer hangs on the condition that is stated.",
    ),
    "cannot_be_tested": Word(
        "无法检验", "cannot be tested", "",
        "现有数据不足以检验。", "these data do not carry a test.",
    ),
    "base_profit": Word("利润", "profit"),
    "base_revenue": Word("销售额", "revenue"),
    "base_purchases": Word("购买次数", "number of purchases"),
}  # fmt: skip

SENTENCES: dict[str, dict[str, str]] = {
    "interval_holds": {
        "zh": "所得区间 {interval} 全部落在论断的范围（{limits}）之内。",
        "en": "The whole interval {interval} lies within what is claimed ({limits}).",
    },
    "interval_does_not_hold": {
        "zh": "所得区间 {interval} 全部落在论断的范围（{limits}）之外。",
        "en": "The whole interval {interval} lies outside what is claimed ({limits}).",
    },
    "interval_depends": {
        "zh": "所得区间 {interval} 跨越论断范围（{limits}）的界限，取决于真值落在区间何处。",
        "en": "The interval {interval} reaches across the limits of what is claimed ({limits}): "
        "it depends on where in it the true value lies.",
    },
    "no_interval": {
        "zh": "所得数字没有区间，不足以下结论。",
        "en": "The figure has no interval and so decides nothing.",
    },
    "no_value": {
        "zh": "这些数据算不出所需的数字。",
        "en": "These data do not yield the figure.",
    },
    "rounding": {
        "zh": "区间来自原文数字的四舍五入。",
        "en": "The interval stems from the rounding of the printed figures.",
    },
    "needed": {
        "zh": "论断若要成立，基期数字应为 {needed}，而不是 {start}。",
        "en": "For the claim to be right the first figure would have to be {needed}, not {start}.",
    },
    "reached": {
        "zh": "截至 {at} 已达目标的 {share}，目标已实现。",
        "en": "By {at}, {share} of the goal had been reached: it was met.",
    },
    "not_yet_due": {
        "zh": "截至 {at}，期限已过 {elapsed}，达到目标的 {share}；期限到 {due} 为止，能否实现取决于其后的数字。",
        "en": "By {at}, after {elapsed} of the time, {share} of the goal had been reached; the time ran until {due}, "
        "so it depends on figures after that.",
    },
    "missed": {
        "zh": "期限 {due} 已过，截至 {at} 只达到目标的 {share}。",
        "en": "The time ran until {due}; by {at} only {share} of the goal had been reached.",
    },
    "equal": {
        "zh": "各处数字一致。",
        "en": "The figures agree.",
    },
    "differ": {
        "zh": "各处数字不一致，不可能同时正确。",
        "en": "The figures differ and cannot both be right.",
    },
    "missing": {
        "zh": "数据中缺少：{what}。",
        "en": "The data lack: {what}.",
    },
    "needs": {
        "zh": "检验需要：{what}。",
        "en": "A test would need {what}.",
    },
    "other_base": {
        "zh": "这里测的是{base}，论断说的是{wanted}，换了口径只能参考。",
        "en": "Measured here is the {base}; the claim speaks of {wanted}: another base, a hint only.",
    },
    "assumes": {
        "zh": "数据与论断相符，但前提是：{what}。",
        "en": "The data agree, provided that {what}.",
    },
    "direct": {
        "zh": "由数据直接判定。",
        "en": "Read directly from the data.",
    },
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
}
