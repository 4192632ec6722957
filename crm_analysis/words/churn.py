"""Words of the room `churn`: buying again after complaints and closings."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "complaint": Word("投诉", "complaint"),
    "all_complaints": Word("全部投诉", "all complaints"),
    "handling": Word(
        "处理结果", "handling", "",
        "截至跟踪期末，投诉是否解决、是否补偿。",
        "Whether the complaint was resolved and compensated by the end of the follow-up.",
    ),
    "compensated": Word("已解决并补偿", "resolved with compensation"),
    "resolved_only": Word("已解决，未补偿", "resolved without compensation"),
    "not_resolved": Word("未解决", "not resolved"),
    "bond": Word("客户与店铺的关系", "tie to the shop"),
    "last_purchase": Word(
        "最近一次购买在该店", "last purchase there", "",
        "关店前最后一次购买发生在该店。", "The last purchase before the closing was from the shop.",
    ),
    "main_shop": Word(
        "主要在该店购买", "main shop", "",
        "在该店购买至少两次，且占其全部购买次数的一半以上。",
        "Two purchases or more, and at least half of all so far, were from the shop.",
    ),
    "shops_closed": Word("关店数", "shops closed", ",d"),
    "cases": Word("观察数", "cases", ",d", "一位客户遇到一次关店计为一个观察。", "One customer and one closing."),
    "later_share": Word(
        "后续购买率", "bought again", ".1%",
        "跟踪期内在之后某一天再次购买的客户占比。", "Share that bought again on a later day within the follow-up.",
    ),
    "reference_share": Word(
        "对照后续购买率", "comparison bought again", ".1%",
        "同期其他客户的后续购买率，按受影响客户的时间构成直接标准化。",
        "The same share of other customers, standardised to the times of the customers concerned.",
    ),
    "later_difference": Word(
        "后续购买率之差", "difference", "+.1%",
        "两个比例之差，附 Newcombe 区间；表示关联，不表示因果。",
        "Of the two shares, with Newcombe's interval; an association, not an effect.",
    ),
    "reference_cases": Word("对照观察数", "comparison cases", ",d"),
    "not_yet": Word(
        "尚不可观察", "not yet observable", ",d",
        "跟踪期超出数据截止日，未计入。", "The follow-up ends after the data; not counted in the shares.",
    ),
    "no_purchase": Word("此前无购买", "no purchase before", ",d"),
    "features_used": Word("所用特征", "features used"),
    "age_and_sex": Word("年龄、性别", "age, sex"),
    "with_city_and_channel": Word("年龄、性别、城市、注册渠道", "age, sex, city, joining channel"),
    "gone_for_good": Word("BG/NBD：是否已永远离开，1 − P(alive)", "BG/NBD: gone for good? 1 − P(alive)"),
    "no_purchase_ahead": Word("BG/NBD：结果期内会不会不买", "BG/NBD: no purchase in the outcome?"),
    "unmatched": Word("无对照", "without comparison", ",d"),
}  # fmt: skip
