"""Words of the summary of orders: its columns, the rules of its ledger, its steps."""

from crm_analysis.words.word import Word

COUNT, MONEY, TIME = ",d", ",.2f", ",.2f"

WORDS: dict[str, Word] = {
    "T": Word(
        "观察时长（T）", "time observed (T)", TIME, "从首次购买到观察期末的时长。",
        "Time from the first purchase to the end of observation."
    ),
    "monetary_value": Word(
        "平均每次复购金额", "mean spend per repeat purchase", MONEY,
        "首次购买以外各购买日金额的平均，同一天的订单先合并。",
        "Mean money of the purchase days after the first; orders of one day are added up first."
    ),
    "frequency_holdout": Word(
        "留出期购买次数", "purchases in the holdout", COUNT,
        "留出期内有购买的天数。", "Days with a purchase in the holdout."
    ),
    "duration_holdout": Word("留出期时长", "length of the holdout", TIME),
    "monetary_value_holdout": Word(
        "留出期平均每次购买金额", "mean spend per purchase in the holdout", MONEY, "留出期内各购买日金额的平均。",
        "Mean money of the purchase days in the holdout."
    ),
    "first_at": Word("首次购买日", "first purchase"),
    "last_at": Word("最近一次购买日", "last purchase"),
    "calibration": Word(
        "校准期", "calibration", "", "用来估计模型的时期。", "The time from which the models learn."
    ),
    "calibration_end": Word("校准期末日", "end of the calibration"),
    "repeat_customers": Word(
        "复购客户数", "repeat customers", COUNT, "首次购买之后又在另一天购买过的客户。",
        "Customers who bought again on a day after their first purchase."
    ),
    "rows_in": Word("处理前行数", "rows before", COUNT),
    "rows_out": Word("处理后行数", "rows after", COUNT),
    "customers_in": Word("处理前客户数", "customers before", COUNT),
    "customers_out": Word("处理后客户数", "customers after", COUNT),
    "money_in": Word("处理前金额", "money before", MONEY),
    "money_out": Word("处理后金额", "money after", MONEY),
    "step.summarize": Word("汇总到客户", "summarized by customer"),
    "after_until": Word("晚于观察期末", "after the end of observation"),
    "missing_amount": Word(
        "金额缺失或无法识别", "amount missing or unreadable", "", "缺失的金额不当作零。",
        "A missing amount is not taken as zero."
    ),
    "net_not_positive": Word(
        "当天退款抵消了购买", "undone by a refund on the same day", "", "扣除退款后当天净额不为正，不计为购买。",
        "Nothing is left of the day's money once refunds are taken off: no purchase."
    ),
    "refund_netted": Word("退款已从当天金额中扣除", "refund taken off the day's money"),
    "first_seen_after_calibration": Word(
        "校准期后才首次出现的客户", "customers first seen after the calibration", "",
        "校准期内没有购买，模型对其一无所知，不参与检验。",
        "They bought nothing in the calibration, so no model knows of them."
    ),
    "same_day_merged": Word(
        "同一客户同一天的订单合并为一次购买", "orders of one customer and day, merged into one purchase"
    ),
    "only_last_day": Word(
        "观察期最后一天才首次购买的客户（T = 0）", "customers first seen on the last day (T = 0)", "",
        "没有观察时间，保留但不提供信息。", "They are kept, but there was no time to observe them."
    ),
    "maybe_bought_before": Word(
        "数据开始后不久首次出现的客户", "customers first seen soon after the data begin", "",
        "数据开始后 30 天内首次出现，此前可能已经买过：首次出现不等于首次购买。",
        "First seen within 30 days of the beginning; they may have bought before, for first seen is not first bought."
    ),
}  # fmt: skip
