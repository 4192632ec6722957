"""Words of the room `satisfaction`: complaint tickets, feedback for sellers, expectation and perception."""

from crm_analysis.words.word import Word

_TICKETS = {
    "tickets": Word("投诉件数", "complaints", ",d"),
    "channel": Word("渠道", "channel"),
    "reason": Word("投诉原因", "reason"),
    "cumulative_share": Word("累计占比", "cumulative share", ".1%"),
    "due_24h": Word(
        "满 24 小时的投诉", "complaints 24 hours old", ",d",
        "在数据截止前至少 24 小时提交的投诉，只有这些能判断是否及时回复。",
        "Complaints opened 24 hours or more before the end of the data; only these show whether a reply was prompt.",
    ),
    "replied_24h": Word("24 小时内首次回复率", "first reply within 24 h", ".1%"),
    "reply_hours": Word(
        "首次回复时间中位数（小时）", "hours to first reply, median", ",.1f",
        "Kaplan-Meier 估计；尚未回复的投诉按删失处理。", "Kaplan-Meier; complaints without a reply yet are censored.",
    ),
    "resolve_hours": Word(
        "解决时间中位数（小时）", "hours to resolution, median", ",.1f",
        "Kaplan-Meier 估计；尚未解决的投诉按删失处理。", "Kaplan-Meier; complaints not resolved yet are censored.",
    ),
    "resolved_share": Word("已解决占比", "resolved", ".1%"),
    "csat": Word(
        "处理满意度（CSAT）", "satisfaction with handling (CSAT)", ",.2f",
        "客户对投诉处理结果的评分均值，1 至 5 分。", "Mean rating, 1 to 5, of how the complaint was handled.",
    ),
    "csat_answers": Word("满意度评分数", "CSAT answers", ",d"),
    "compensated_share": Word(
        "补偿率", "compensated", ".1%",
        "已解决的投诉中得到补偿的占比。", "Share of the resolved complaints with compensation."
    ),
}  # fmt: skip
_FEEDBACK = {
    "kind": Word("类别", "kind"),
    "seller_id": Word("卖家编号", "seller"),
    "sellers": Word("卖家数", "sellers", ",d"),
    "rated_sellers": Word("有评价的卖家数", "sellers with feedback", ",d"),
    "feedbacks": Word("评价数", "feedbacks", ",d"),
    "good_share": Word(
        "好评率", "good-rating share", ".1%",
        "好评占全部评价（好评、中评、差评）的比例，附 Wilson 区间。",
        "Good verdicts as a share of all (good, neutral, bad), with Wilson's interval.",
    ),
    "design_effect": Word(
        "设计效应", "design effect", ",.1f",
        "同一卖家的评价彼此相似，使方差增大的倍数。",
        "Factor by which likeness of the verdicts on one seller raises the variance.",
    ),
    "credit_score": Word(
        "信用积分", "credit score", ",d",
        "好评 +1，中评 0，差评 -1，累计相加。", "Good +1, neutral 0, bad -1, added up."
    ),
    "credit_level": Word(
        "信用等级", "credit level", ",d",
        "由信用积分对应的等级：红心、钻石、皇冠、金冠各五级；不足 4 分无等级。",
        "Level of a credit score: five each of hearts, diamonds, crowns and gold crowns; none below 4 points.",
    ),
    "badge": Word("信用标志", "badge"),
    "no_badge": Word("无等级", "none yet"),
    "heart": Word("红心", "heart"),
    "diamond": Word("钻石", "diamond"),
    "crown": Word("皇冠", "crown"),
    "gold_crown": Word("金冠", "gold crown"),
    "symbols": Word("标志个数", "symbols", ",d"),
    "lowest_score": Word("最低积分", "lowest score", ",d"),
    "seller_rank": Word("卖家排名", "seller rank", ",d"),
    "ratings": Word("评分数", "ratings", ",d"),
    "dsr": Word(
        "动态评分（收缩后）", "detailed seller rating (shrunk)", ",.2f",
        "窗口内评分均值按评分数向全体卖家的均值收缩：评分越少，收缩越多。",
        "Mean rating in the window, drawn towards the mean of all sellers the more, the fewer the ratings.",
    ),
    "prior_ratings": Word(
        "先验评分数", "prior ratings", ",.1f",
        "收缩时全体均值相当于多少次评分。", "Number of ratings that the mean of all sellers counts for.",
    ),
    "dsr_item_match": Word("描述相符", "item as described"),
    "dsr_service": Word("服务态度", "service"),
    "dsr_delivery": Word("物流服务", "delivery"),
}  # fmt: skip
_GAPS = {
    "dimension": Word("维度", "dimension"),
    "expectation": Word("期望", "expectation", ",.2f"),
    "perception": Word("感知", "perception", ",.2f"),
    "gap": Word(
        "差距（感知 - 期望）", "gap (perception - expectation)", "+,.2f",
        "负值表示实际感受低于期望。", "Negative where customers got less than they expected.",
    ),
    "respondents": Word("受访人数", "respondents", ",d"),
    "unpaired": Word(
        "未成对作答人数", "without both answers", ",d",
        "期望或感知题项未全部作答、未计入的受访者。",
        "Respondents left out because an answer on either side is missing.",
    ),
    "standing": Word("与期望相比", "against expectation"),
    "below_expectation": Word("低于期望", "below expectation"),
    "as_expected": Word("符合期望", "as expected"),
    "above_expectation": Word("高于期望", "above expectation"),
    "tangibles": Word("有形性", "tangibles"),
    "reliability": Word("可靠性", "reliability"),
    "responsiveness": Word("响应性", "responsiveness"),
    "assurance": Word("保证性", "assurance"),
    "empathy": Word("移情性", "empathy"),
}  # fmt: skip

WORDS: dict[str, Word] = _TICKETS | _FEEDBACK | _GAPS
