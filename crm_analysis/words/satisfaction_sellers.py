"""Words of the sub-room `satisfaction.sellers`: caps of the credit score, industry, service ranking, bursts."""

from crm_analysis.words.word import Word

_CREDIT = {
    "uncounted": Word(
        "未计分评价", "not counted", ",d", "按计分规则不计入的评价。", "Feedbacks that the caps leave out."
    ),
    "same_item": Word("同一商品短期内重复评价", "same item again"),
    "month_cap": Word("超过每月计分上限", "beyond the monthly cap"),
    "highest_score": Word("最高积分", "highest score", ",d"),
    "day": Word("日期", "day"),
}  # fmt: skip
_INDUSTRY = {
    "industry": Word("行业", "industry"),
    "all_sellers": Word("全部卖家", "all sellers"),
    "industry_sellers": Word("行业卖家数", "sellers of the industry", ",d"),
    "industry_mean": Word(
        "行业均值", "industry mean", ",.2f",
        "行业内评分数足够的卖家的均值，每家计一次。",
        "Mean over the industry's sellers with enough ratings, each once.",
    ),
    "industry_best": Word("行业最高", "best of the industry", ",.2f"),
    "industry_worst": Word("行业最低", "worst of the industry", ",.2f"),
    "against_industry": Word(
        "与行业相比", "against the industry", "+.1%",
        "高于均值：（本店 - 均值）÷（最高 - 均值）；低于均值：（均值 - 本店）÷（均值 - 最低），取负号。",
        "Above the mean: (shop - mean) / (best - mean); below: minus (mean - shop) / (mean - worst).",
    ),
    "few_ratings": Word("评分过少", "few ratings"),
}  # fmt: skip
_RANKING = {
    "service_rank": Word(
        "服务排名", "service rank", ",d",
        "按加权服务得分的名次，附区间；区间重叠者分不出先后。",
        "Place by the weighted service score, with its interval; overlapping ones cannot be told apart.",
    ),
    "weighted_score": Word(
        "服务得分", "service score", "+,.2f",
        "各项指标与均值之差（以卖家间标准差为单位）的加权和，越高越好。",
        "Weighted sum of the parts, in standard deviations between sellers from the mean; more is better.",
    ),
    "dsr_mean": Word("动态评分均值", "mean detailed rating", ",.2f"),
    "refund_share": Word("退款率", "refunds per order", ".1%"),
    "complaint_share": Word("投诉率", "complaints per order", ".1%"),
    "violations": Word("违规次数", "violations", ",.2f"),
    "equal_rank": Word("等权排名", "rank, equal weights", ",d"),
    "credit_rank": Word("按信用积分排名", "rank by credit score", ",d"),
    "weight_rank": Word(
        "换用权重后的名次", "rank under other weights", ",d",
        "权重在声明值附近随机变动时的名次：中位数与区间。",
        "Rank when the weights are drawn around the declared ones: median and interval.",
    ),
    "stability_measure": Word("排名稳定性", "stability of the ranking"),
    "kendall_tau": Word(
        "肯德尔 τ", "Kendall's tau", ",.2f",
        "两个排名的一致程度：1 为完全相同，0 为无关，-1 为相反。",
        "Agreement of two rankings: 1 the same, 0 unrelated, -1 reversed.",
    ),
    "rank_change": Word("平均名次变动", "mean places moved", ",.1f"),
    "top_kept": Word("前十名保留率", "first ten kept", ".1%"),
    "undecided_pairs": Word(
        "分不出先后的比例", "undecided pairs", ".1%",
        "任取两家卖家，没有一家以 95% 的把握领先的比例。",
        "Share of pairs of sellers of which neither is ahead with a probability of 95 %.",
    ),
    "equal_tau": Word("与等权排名的 τ", "tau with equal weights", ",.2f"),
    "credit_tau": Word("与信用积分排名的 τ", "tau with the credit score", ",.2f"),
    "no_feedback": Word("没有评价", "without feedback", ",d"),
    "no_orders": Word("没有订单", "without orders", ",d"),
    "ranked": Word("参与排名", "ranked", ",d"),
    "no_difference": Word("卖家间无差异的指标", "parts in which sellers do not differ", ",d"),
}  # fmt: skip
_BURSTS = {
    "from_day": Word("开始日", "from"),
    "to_day": Word("结束日", "to"),
    "raters_in_window": Word("窗口内好评买家数", "good raters in the window", ",d"),
    "raters_expected": Word("预期好评买家数", "good raters expected", ",.1f"),
    "flagged": Word(
        "需人工核查", "to be looked at",  "",
        "好评在短期内过于集中；只是核查的线索，不是结论。",
        "Good ratings bunched in few days: a reason to look, not a finding.",
    ),
}  # fmt: skip

WORDS: dict[str, Word] = _CREDIT | _INDUSTRY | _RANKING | _BURSTS
