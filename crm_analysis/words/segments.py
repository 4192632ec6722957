"""Words of the room `segments`."""

from crm_analysis.words.word import Word

COUNT, SHARE, DECIMAL, TENTH, DAYS = ",d", ".1%", ",.2f", ",.1f", ",.0f"

LOG: dict[str, Word] = {
    "buy_events": Word(
        "购买行为数", "buy events", COUNT, "每一次购买行为计一次，没有订单与金额。",
        "Each act of buying counts once; there is no order and no amount."
    ),
    "actions": Word("行为数", "actions", COUNT),
    "purchases": Word("购买次数", "purchases", COUNT),
    "purchase_days": Word(
        "购买天数", "purchase days", TENTH, "有购买的日历天数，同一天多次购买只算一天。",
        "Calendar days with a purchase; several on one day count once."
    ),
    "cancelled_row": Word(
        "已取消或已退款", "cancelled or refunded", "", "订单状态表明交易未成或已退款的行，不计为购买。",
        "Rows whose status says that the order was cancelled or refunded."
    ),
    "refund_row": Word(
        "金额为负（退款）", "negative amount (refund)", "", "金额为负的行，单独计数，不从其他订单中扣除。",
        "Rows with a negative amount; they are counted apart, not taken off other orders."
    ),
    "zero_amount_row": Word("金额为零", "amount of zero"),
    "outside_stated_window": Word(
        "超出数据窗口", "outside the stated window", "", "早于或晚于数据集声明的完整时段的行。",
        "Rows before or after the period for which the data set says it is complete."
    ),
    "merged_lines": Word("并入同一订单的明细行", "lines merged into one order"),
    "money": Word("消费总额", "money spent", DECIMAL),
    "money_share": Word("金额占比", "share of money", SHARE),
    "share_of_customers": Word("客户占比", "share of customers", SHARE),
    "share_of_users": Word("用户占比", "share of users", SHARE),
    "first_seen": Word(
        "首次出现", "first seen", "", "首次出现不等于新客户：数据开始之前的购买看不到。",
        "First seen is not new: purchases before the data begin are not visible."
    ),
    "partial": Word(
        "时段不完整", "incomplete period", "", "数据没有覆盖整个时段，数值偏低，不参与平均。",
        "The data do not cover the whole period: its value is too low and enters no average."
    ),
}  # fmt: skip

RFM: dict[str, Word] = {
    "recency": Word(
        "最近一次消费距今天数（R）", "recency R (days)", DAYS, "截止日与最后一次购买日相隔的天数，越小越好。",
        "Days from the last purchase to the as-of date; less is better."
    ),
    "frequency": Word(
        "消费频率（F）", "frequency F", TENTH, "购买天数（或订单数）。", "Number of purchase days (or orders)."
    ),
    "monetary": Word(
        "消费金额（M）", "monetary value M", DECIMAL, "购买金额之和（或平均每次金额）。",
        "Sum of the amounts (or mean per purchase)."
    ),
    "rfm": Word(
        "RFM 模型", "RFM model", "", "按最近一次消费、消费频率、消费金额给客户打分并分群。",
        "Scores customers by recency, frequency and monetary value."
    ),
    "group": Word("客户分群", "group"),
    "important_value": Word("重要价值客户", "important: value", "", "R、F、M 均高。", "High R, F and M."),
    "important_develop": Word(
        "重要发展客户", "important: develop", "", "R、M 高而 F 低：提高购买频率。",
        "High R and M, low F: make them buy more often."
    ),
    "important_keep": Word(
        "重要保持客户", "important: keep", "", "F、M 高而 R 低：主动联系，防止流失。",
        "High F and M, low R: get in touch before they leave."
    ),
    "important_win_back": Word(
        "重要挽留客户", "important: win back", "", "仅 M 高：曾经消费高，需要挽留。",
        "Only M is high: they once spent much."
    ),
    "general_value": Word("一般价值客户", "general: value", "", "R、F 高而 M 低。", "High R and F, low M."),
    "general_develop": Word("一般发展客户", "general: develop", "", "仅 R 高。", "Only R is high."),
    "general_keep": Word("一般保持客户", "general: keep", "", "仅 F 高。", "Only F is high."),
    "general_win_back": Word("一般挽留客户", "general: win back", "", "R、F、M 均低。", "Low R, F and M."),
    "grid_champions": Word("核心客户", "champions", "", "最近买过、买得多且金额高。", "Bought lately, often and much."),
    "grid_loyal": Word("忠诚客户", "loyal"),
    "grid_potential": Word("潜力客户", "potential"),
    "grid_new": Word("新近客户", "new", "", "最近才买，次数与金额还少。", "Bought lately, still seldom and little."),
    "grid_attention": Word("需关注客户", "needs attention"),
    "grid_cooling": Word("趋冷客户", "cooling"),
    "grid_at_risk": Word("有流失风险客户", "at risk"),
    "grid_cannot_lose": Word(
        "不可流失客户", "can't lose", "", "曾经买得最多，现已久未购买。", "Once among the best, silent for long."
    ),
    "grid_hibernating": Word("休眠客户", "hibernating"),
    "grid_lost": Word("已流失客户", "lost"),
}  # fmt: skip

TIERS: dict[str, Word] = {
    "tier": Word(
        "买家等级", "buyer tier", "", "按最近 12 个月的购买天数分级，界限由本项目设定，平台并未公布。",
        "Graded by purchase days in the last 12 months; the limits are ours, the platform publishes none."
    ),
    "novice": Word("新手买家", "novice"),
    "junior": Word("初级买家", "junior"),
    "intermediate": Word("中等买家", "intermediate"),
    "senior": Word("资深买家", "senior"),
    "veteran": Word("骨灰买家", "veteran"),
    "tier_0": Word("未购买", "no purchase"),
    "tier_1": Word("购买 1 天", "1 purchase day"),
    "tier_2_3": Word("购买 2–3 天", "2–3 purchase days"),
    "tier_4": Word("购买 4 天及以上", "4 or more purchase days"),
}  # fmt: skip

LIFECYCLE: dict[str, Word] = {
    "state": Word("生命周期状态", "lifecycle state"),
    "state_before": Word("前一状态", "earlier state"),
    "state_after": Word("后一状态", "later state"),
    "potential": Word("潜在客户", "potential", "", "只浏览过。", "Has only viewed."),
    "intending": Word(
        "意向客户", "intending", "", "收藏或加购过，尚未购买。", "Has favourited or filled the cart but never bought."
    ),
    "buying": Word("成交客户", "buying", "", "观察窗口内有购买。", "Bought in the window."),
    "lapsed": Word("流失客户", "lapsed", "", "只在观察窗口之前买过。", "Bought, but only before the window."),
    "unseen": Word("尚未出现", "not yet seen"),
    "intends_again": Word("流失后再次收藏或加购", "lapsed, intends again", COUNT),
    "base": Word("基数", "base", COUNT, "计算占比的分母。", "The number that the share is a part of."),
}  # fmt: skip

COHORTS: dict[str, Word] = {
    "cohort": Word(
        "客户群组", "cohort", "", "按首次购买的时期划分的客户。首次出现不等于新客户。",
        "Customers by the period of their first purchase; first seen is not new."
    ),
    "cohort_age": Word("首购后时长", "time since the first purchase", "d"),
    "cohort_size": Word("群组客户数", "customers of the cohort", COUNT),
    "retained": Word("再次购买客户数", "customers who bought again", COUNT),
    "revenue_share": Word("收入与首期之比", "revenue as part of the first period", SHARE),
    "revenue_per_customer": Word("客均收入", "revenue per customer", DECIMAL),
    "cohort_share": Word("再次购买占比", "share who bought again", SHARE),
    "pooled_mean": Word(
        "合并平均", "pooled mean", SHARE, "只合并完整时段，按群组大小加权。",
        "Over complete periods only, weighted by the size of the cohort."
    ),
    "quarters": Word("季", "quarters", COUNT),
    "years": Word("年", "years", COUNT),
}  # fmt: skip

CONCENTRATION: dict[str, Word] = {
    "lorenz_curve": Word(
        "洛伦兹曲线", "Lorenz curve", "", "客户由价值低到高累计时，价值的累计占比。",
        "Cumulative share of value as customers are added from the lowest value."
    ),
    "gini": Word(
        "基尼系数", "Gini coefficient", ".3f", "0 为完全平均，越接近 1 越集中。",
        "0 if all customers are worth the same, near 1 if few bring all."
    ),
    "customer_share": Word("客户累计占比", "cumulative share of customers", SHARE),
    "value_share": Word("价值占比", "share of value", SHARE),
    "cumulative_share": Word("累计占比", "cumulative share", SHARE),
    "top": Word("价值最高的客户", "best customers", ".0%"),
    "decile": Word(
        "十等分组", "decile", "d", "客户按价值由高到低分为十等份，1 为最高。",
        "Customers in ten equal parts by value, 1 is best."
    ),
    "total_value": Word("价值合计", "total value", DECIMAL),
    "mean_value": Word("价值均值", "mean value", DECIMAL),
    "least_value": Word("最低价值", "least value", DECIMAL),
    "most_value": Word("最高价值", "most value", DECIMAL),
}  # fmt: skip

TIMING: dict[str, Word] = {
    "gap_days": Word(
        "购买间隔", "gap between purchase days", TENTH, "同一客户相邻两个购买日相隔的天数；长间隔易被数据末端截断。",
        "Days between neighbouring purchase days of a customer; long gaps are cut by the end of the data."
    ),
    "quantile": Word("分位", "quantile", ".0%"),
    "repeat_purchases": Word("重复购买次数", "repeat purchases", COUNT),
    "at_risk": Word("仍在观察的客户数", "customers at risk", COUNT),
    "second_purchases": Word("第二次购买人数", "second purchases", COUNT),
    "censored": Word(
        "删失人数", "censored", COUNT, "到数据末端仍未发生，只知道等待已超过观察到的时长。",
        "Not yet happened when the data end: the wait is longer than what was seen."
    ),
    "occurred": Word("发生数", "events", COUNT),
    "survival": Word("生存率", "survival", SHARE),
    "repeat_share": Word(
        "复购率", "share with a second purchase", SHARE,
        "首次购买后在该时间内于另一天再次购买的客户占比（Kaplan-Meier 估计）。",
        "Share of customers who bought on a second day within the time (Kaplan-Meier)."
    ),
    "hour": Word("时段", "hour"),
    "weekday": Word("星期", "weekday"),
    "month": Word("月份", "month"),
    "monday": Word("周一", "Monday"),
    "tuesday": Word("周二", "Tuesday"),
    "wednesday": Word("周三", "Wednesday"),
    "thursday": Word("周四", "Thursday"),
    "friday": Word("周五", "Friday"),
    "saturday": Word("周六", "Saturday"),
    "sunday": Word("周日", "Sunday"),
    "whole_days": Word("完整日数", "whole days", COUNT),
    "per_day": Word("日均次数", "number per day", TENTH),
    "season_index": Word(
        "季节指数", "season index", ".2f", "该月日均与全部完整日均值之比；不足两年时无法与增长区分。",
        "Daily average of the month over that of all days; under two years it cannot be told from growth."
    ),
}  # fmt: skip

SILENCE: dict[str, Word] = {
    "last_active_day": Word("最后活动日", "last day"),
    "inactive_days": Word("未活动天数", "days of silence", DAYS),
    "observed_days": Word("首次出现至今天数", "days since first seen", DAYS),
    "inactive": Word("不活跃客户数", "inactive customers", COUNT),
    "typical_gap": Word("个人间隔中位数", "typical gap (days)", TENTH),
    "longest_gap": Word("个人最长间隔", "longest gap (days)", DAYS),
    "silence_chance": Word(
        "按自身节奏出现此沉默的概率", "chance of such a silence", ".2%",
        "若仍按自己的节奏购买，沉默至少这么久的概率。",
        "Chance of a silence at least as long for somebody who still buys at his own pace."
    ),
}  # fmt: skip

AUDIT: dict[str, Word] = {
    "period": Word("时期", "period"),
    "new_customers": Word(
        "首次购买客户数", "customers first seen", COUNT, "该期首次出现的客户；首次出现不等于新客户。",
        "Customers first seen in the period; first seen is not new."
    ),
    "returning_customers": Word("回头客户数", "returning customers", COUNT),
    "new_revenue": Word("首次购买客户的收入", "revenue of customers first seen", DECIMAL),
    "returning_revenue": Word("回头客户的收入", "revenue of returning customers", DECIMAL),
    "revenue": Word("收入", "revenue", DECIMAL),
    "orders_per_customer": Word("客均订单数", "orders per customer", DECIMAL),
    "average_order_value": Word(
        "客单价", "average order value", DECIMAL, "收入除以订单数，即平均每单金额。", "Revenue divided by orders."
    ),
    "factor": Word("因素", "factor"),
    "before": Word("前期", "before", DECIMAL),
    "after": Word("后期", "after", DECIMAL),
    "ratio": Word("后期与前期之比", "ratio after to before", ".3f"),
    "contribution": Word(
        "对变化的贡献", "contribution to the change", DECIMAL, "Shapley 分解，各因素的贡献之和等于总变化。",
        "Shapley value; the contributions add up to the change."
    ),
    "moved": Word("两期对照", "between the periods"),
    "lost_customers": Word("仅前期购买", "bought before only"),
    "kept_customers": Word("两期均购买", "bought in both"),
    "gained_customers": Word("仅后期购买", "bought after only"),
    "orders_before": Word("前期订单数", "orders before", COUNT),
    "orders_after": Word("后期订单数", "orders after", COUNT),
    "revenue_before": Word("前期收入", "revenue before", DECIMAL),
    "revenue_after": Word("后期收入", "revenue after", DECIMAL),
    "change": Word("变化", "change", DECIMAL),
}  # fmt: skip

CLUSTERS: dict[str, Word] = {
    "cluster": Word("聚类", "cluster", "d"),
    "jaccard": Word(
        "Jaccard 稳定性", "Jaccard stability", ".3f", "自助抽样重新聚类后，与最相近一类的重合度均值。",
        "Mean overlap with the most similar cluster of bootstrap samples."
    ),
    "stability": Word("稳定性判断", "stability"),
    "unstable": Word("不稳定", "unstable"),
    "doubtful": Word("存疑", "doubtful"),
    "stable": Word("稳定", "stable"),
    "very_stable": Word("非常稳定", "very stable"),
    "silhouette": Word("轮廓系数", "silhouette", ".3f"),
    "adjusted_rand": Word("调整兰德指数", "adjusted Rand index", ".3f"),
}  # fmt: skip

MEASURES = {  # names of measures in the sentence that refuses data too short for them
    "measure.RFM recency": Word("RFM 近度", "RFM recency"),
    "measure.RFM": Word("RFM 分析", "RFM"),
    "measure.cohorts by day": Word("按天的同期群", "cohorts by day"),
    "measure.cohorts by week": Word("按周的同期群", "cohorts by week"),
    "measure.cohorts by month": Word("按月的同期群", "cohorts by month"),
    "measure.cohorts by quarter": Word("按季度的同期群", "cohorts by quarter"),
    "measure.cohorts by year": Word("按年的同期群", "cohorts by year"),
    "measure.cohorts": Word("同期群", "cohorts"),
    "measure.revenue by cohort": Word("各同期群的收入", "revenue by cohort"),
    "measure.time to the second purchase": Word("首次复购时间", "time to the second purchase"),
    "measure.lapsed customers": Word("流失客户名单", "lapsed customers"),
    "measure.comparison of two periods": Word("前后两期比较", "comparison of two periods"),
    "measure.the history of a cohort": Word("同期群的历史", "the history of a cohort"),
    "measure.months": Word("月度分析", "months"),
    "measure.customers gone quiet": Word("沉默客户名单", "customers gone quiet"),
    "measure.purchases per customer": Word("每位客户的购买次数", "purchases per customer"),
    "measure.gaps between purchases": Word("购买间隔", "gaps between purchases"),
    "measure.inactivity": Word("沉默天数", "inactivity"),
    "measure.value of customers": Word("客户价值", "value of customers"),
    "measure.the audit by period": Word("分期审计", "the audit by period"),
    "measure.lifecycle states": Word("生命周期状态", "lifecycle states"),
    "measure.buyer tiers": Word("买家等级", "buyer tiers"),
    "measure.recency": Word("近度", "recency"),
    "measure.hour profile": Word("分时段分析", "hour profile"),
    "measure.weekday profile": Word("分星期分析", "weekday profile"),
    "measure.month profile": Word("月度分析", "month profile"),
    "measure.week and hour profile": Word("星期与时段分析", "week and hour profile"),
}

WORDS: dict[str, Word] = (
    MEASURES | LOG | RFM | TIERS | LIFECYCLE | COHORTS | CONCENTRATION | TIMING | SILENCE | AUDIT | CLUSTERS
)
