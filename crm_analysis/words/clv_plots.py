"""Words of the tables behind the plots of the room `clv`: tracking, classes of frequency, value, a customer's path."""

from crm_analysis.words.word import Word

TRACKING: dict[str, Word] = {
    "week": Word(
        "周次", "week", ",d", "自首笔购买之日起算，第 1 周为第 1 至第 7 天。",
        "Counted from the first purchase in the data."
    ),
    "week_end": Word("周末日", "last day of the week"),
    "in_holdout": Word("属于留出期", "in the holdout"),
    "repeat_purchases_total": Word("累计重复购买次数", "repeat purchases so far", ",d"),
    "expected": Word("预期购买次数", "expected purchases", ",.2f"),
    "mape": Word(
        "平均绝对百分比误差（MAPE）", "mean absolute percentage error (MAPE)", ".2%",
        "留出期各周末累计重复购买次数的预期与实际之差，取绝对值占实际的百分比，再平均。",
        "Of the cumulative repeat purchases at the end of each week of the holdout."
    ),
    "tracking_bias": Word(
        "留出期总数偏差", "bias of the holdout total", "+.1%", "留出期重复购买次数：预期 ÷ 实际 − 1。",
        "Repeat purchases in the holdout, expected over actual, less 1."
    ),
}  # fmt: skip

CLASSES: dict[str, Word] = {
    "purchase_class": Word("校准期重复购买次数", "repeat purchases in the calibration"),
    "customers_expected": Word(
        "预期客户数", "expected customers", ",.1f", "区间为模型成立时客户数的随机范围。",
        "The interval is the range of chance if the model is right."
    ),
    "value": Word("价值", "value", ",.2f"),
    "value_mean": Word("平均价值", "mean value", ",.2f"),
    "value_class": Word("价值档", "class of value"),
    "class_from": Word("下界（含）", "from", ",.10g"),
    "class_to": Word("上界（不含）", "to below", ",.10g"),
}  # fmt: skip

PATH: dict[str, Word] = {
    "day": Word("日期", "day"),
    "bought_on_day": Word("当日购买", "bought on the day"),
    "ahead": Word("预测日", "ahead"),
    "p_alive_before": Word(
        "若当日未购买的存活概率", "P(alive) without the purchase", ".1%",
        "再次购买当日，假如没有这次购买，客户仍活跃的概率。",
        "On a day of a repeat purchase: what P(alive) would be without it."
    ),
}  # fmt: skip

WORDS: dict[str, Word] = TRACKING | CLASSES | PATH
