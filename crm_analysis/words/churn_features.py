"""Words of churn's features: each column with its unit and definition, the families, the account of rows."""

from crm_analysis.words.word import Word

COUNT, DAYS, MONEY, SHARE, MARK, TREND = ",d", ",.0f", ",.2f", ".1%", ",.2f", "+.2f"

WORDS: dict[str, Word] = {
    "days_since_last": Word(
        "距上次购买天数", "days since the last purchase", DAYS,
        "截止日与最近一次购买日相差的天数（当地日历日）；观察期内无购买则为空。",
        "Local calendar days from the last purchase day to the cutoff; blank without a purchase in the observation.",
    ),
    "tenure_days": Word(
        "购买历史天数", "days since the first purchase", DAYS,
        "截止日与观察期内首个购买日相差的天数。",
        "Days from the first purchase day in the observation to the cutoff.",
    ),
    "mean_gap_days": Word(
        "平均购买间隔（天）", "mean gap between purchase days", ",.1f",
        "（最近购买日 − 首个购买日）÷（购买天数 − 1）；仅一个购买日则为空。",
        "(last day - first day) / (purchase days - 1); blank with one purchase day.",
    ),
    "gap_ratio": Word(
        "间隔比", "gap ratio", MARK,
        "距上次购买天数 ÷ 平均购买间隔；大于 1 表示沉默时间已超过平时的间隔。",
        "Days since the last purchase over the mean gap; above 1 the silence is longer than the gaps before it.",
    ),
    "recent_purchase_days": Word(
        "近期购买天数", "recent purchase days", COUNT,
        "截止日前最近若干天（默认 30 天，含截止日）内有购买的天数。",
        "Days with a purchase among the last days up to the cutoff (30 unless stated, the cutoff included).",
    ),
    "orders_trend": Word(
        "购买趋势", "trend of purchases", TREND,
        "1 − 2 ×（平均龄期 + 0.5）÷ 购买历史天数；龄期为首个购买日之后各购买日距截止日的天数。"
        "−1 表示都在早期，0 表示均匀，1 表示都在近期；只有一个购买日则为空。",
        "1 - 2 x (mean age + 1/2) / days since the first purchase, where ages are the days from each later purchase "
        "day to the cutoff: -1 all early, 0 even, 1 all late; blank with one purchase day.",
    ),
    "spend": Word("消费金额", "spend", MONEY, "观察期内有效订单的金额合计。", "Sum of the amounts of counted orders."),
    "spend_per_order": Word("每单金额", "spend per order", MONEY, "消费金额 ÷ 订单数。", "Spend over orders."),
    "total_margin": Word(
        "毛利额", "total margin", MONEY,
        "观察期内有效订单的毛利合计（金额，不是比率）；有订单而毛利均未知则为空。",
        "Sum of the margins of counted orders, in money; blank where no order's margin is known.",
    ),
    "recent_spend": Word(
        "近期消费金额", "recent spend", MONEY,
        "截止日前最近若干天（默认 30 天）内的消费金额。", "Spend in the last days up to the cutoff (30 unless stated).",
    ),
    "spend_trend": Word(
        "消费趋势", "trend of spend", TREND,
        "与购买趋势相同，各购买日按金额加权。", "As the trend of purchases, each day weighted by its spend.",
    ),
    "categories": Word("购买品类数", "categories bought", COUNT),
    "feature.sellers": Word("购买过的卖家数", "sellers bought from", COUNT),
    "late_share": Word(
        "迟到率", "share delivered late", SHARE,
        "截止日前已送达且有承诺时间的订单中，送达天数超过承诺天数的占比。",
        "Of orders delivered by the cutoff with a promise, those that took longer than promised.",
    ),
    "mean_delay_days": Word(
        "平均延误天数", "mean delay", "+.1f",
        "送达天数 − 承诺天数的均值；负值表示提前。", "Mean of days taken less days promised; negative when early.",
    ),
    "last_late": Word(
        "最近一单是否迟到", "last delivery late", ".0f",
        "最近下单且已送达的订单：迟到为 1，否则为 0。",
        "1 if the latest order delivered by the cutoff was late, else 0.",
    ),
    "overdue": Word(
        "超期未送达订单数", "orders overdue", COUNT,
        "截止日时承诺天数已过而尚无送达记录的订单数。",
        "Orders past their promised day with no delivery known at the cutoff.",
    ),
    "feature.complaints": Word(
        "投诉次数", "complaints", COUNT, "观察期内的投诉工单数。", "Tickets opened in the observation."
    ),
    "days_since_complaint": Word(
        "距上次投诉天数", "days since the last complaint", DAYS,
        "从未投诉则为空。", "Blank for customers who never complained.",
    ),
    "complaints_open": Word(
        "未解决投诉数", "open complaints", COUNT,
        "截止日时尚未解决的投诉；截止日后才解决的也算未解决。", "Not resolved by the cutoff, whatever came after it.",
    ),
    "complaints_slow": Word(
        "处理缓慢的投诉数", "slow complaints", COUNT,
        "处理时间超过限期（默认 7 天），或截止日时已超过限期仍未解决。",
        "Took longer than the limit (7 days unless stated), or were open longer than it at the cutoff.",
    ),
    "complaints_compensated": Word(
        "已补偿投诉数", "compensated complaints", COUNT,
        "截止日前已解决且补偿金额大于 0。", "Resolved by the cutoff with a compensation above 0.",
    ),
    "worst_severity": Word("最高严重程度", "worst severity", ",.0f"),
    "mean_reply_hours": Word("平均首次响应时间（小时）", "mean hours to the first reply", ",.1f"),
    "mean_handling_days": Word(
        "平均处理天数", "mean days to resolution", ",.1f",
        "只含截止日前已解决的投诉。", "Of complaints resolved by the cutoff.",
    ),
    "complaint_csat": Word(
        "投诉处理满意度", "satisfaction with handling", MARK,
        "已解决投诉的满意度评分均值。", "Mean score of resolved complaints.",
    ),
    "last_complaint_reason": Word("最近一次投诉原因", "reason of the last complaint"),
    "last_stars": Word("最近一次评分", "last stars", ",.0f"),
    "low_stars": Word("低分评价数", "low ratings", COUNT, "2 星及以下的评价数。", "Ratings of 2 stars or fewer."),
    "feedback_bad_share": Word(
        "差评率", "share of bad verdicts", SHARE, "差评数 ÷ 卖家评价数。", "Of verdicts on sellers."
    ),
    "mean_item_match": Word("描述相符均分", "mean mark, item as described", MARK),
    "mean_service": Word("服务态度均分", "mean mark, service", MARK),
    "mean_delivery": Word("物流服务均分", "mean mark, delivery", MARK),
    "last_service": Word("最近一次服务评分", "last mark, service", ",.0f"),
    "contacts": Word(
        "营销触达次数", "contacts", COUNT, "留出组（未发送）不计。", "Arms that were held out are not counted."
    ),
    "contact_opens": Word("打开次数", "contacts opened", COUNT, "截止日前已打开。", "Opened by the cutoff."),
    "contact_clicks": Word("点击次数", "contacts clicked", COUNT, "截止日前已点击。", "Clicked by the cutoff."),
    "days_since_contact": Word("距上次触达天数", "days since the last contact", DAYS),
    "carts": Word("加购次数", "additions to the cart", COUNT),
    "favourites": Word("收藏次数", "favourites", COUNT),
    "active_days": Word("活跃天数", "active days", COUNT, "有任何行为记录的天数。", "Days with any event."),
    "days_since_active": Word("距上次活跃天数", "days since the last visit", DAYS),
    "recent_active_days": Word("近期活跃天数", "recent active days", COUNT),
    "active_trend": Word(
        "活跃趋势", "trend of activity", TREND,
        "与购买趋势相同，用活跃日计算。", "As the trend of purchases, over active days.",
    ),
    "days_since_joined": Word("注册天数", "days since joining", DAYS),
    "age": Word(
        "年龄", "age", ",.0f",
        "截止日时的周岁；没有生日则用登记的年龄（登记时间不详）。",
        "Full years at the cutoff by the birthday; else the age as stated, at a time not known.",
    ),
    "feature.kind": Word("客户类型", "kind of customer"),
    "sex": Word("性别", "sex"),
    "joining_channel": Word("注册渠道", "joined through"),
    "family": Word("特征类别", "family"),
    "family.purchases": Word("购买行为", "purchases"),
    "family.money": Word("消费金额", "money"),
    "family.variety": Word("购买广度", "variety"),
    "family.delivery": Word("配送体验", "delivery"),
    "family.complaints": Word("投诉", "complaints"),
    "family.satisfaction": Word("评价与满意度", "satisfaction"),
    "family.contacts": Word("营销触达", "contacts"),
    "family.browsing": Word("浏览行为", "browsing"),
    "family.person": Word("个人信息", "person"),
    "family.other": Word("其他", "other"),
    "unit.count": Word("个", "count"),
    "unit.days": Word("天", "days"),
    "unit.money": Word("金额", "money"),
    "unit.share": Word("比例", "share"),
    "unit.number": Word("数值", "number"),
    "unit.hours": Word("小时", "hours"),
    "unit.text": Word("类别", "category"),
    "feature": Word("特征", "feature"),
    "feature_term": Word("特征名称", "name"),
    "measured_in": Word("单位", "unit"),
    "meaning": Word("含义", "meaning"),
    "missing_share": Word(
        "缺失率", "missing", ".1%",
        "没有值的客户占比：从未发生或未知。",
        "Customers without a value: never happened, or not known.",
    ),
    "zero_share": Word("零值占比", "zero", ".1%"),
    "different_values": Word("不同取值数", "different values", ",d"),
    "minimum": Word("最小值", "minimum", ",.2f"),
    "maximum": Word("最大值", "maximum", ",.2f"),
    "lower_quartile": Word("下四分位数", "lower quartile", ",.2f"),
    "upper_quartile": Word("上四分位数", "upper quartile", ",.2f"),
    "after_cutoff": Word("晚于截止日", "after the cutoff"),
    "before_observation": Word("早于观察期", "before the observation"),
    "held_out_row": Word("留出组，未发送", "held out, nothing sent"),
    "no_purchase_row": Word("不是购买行为", "no purchase"),
}  # fmt: skip
