"""Words of the prediction table of the room `clv`: P(alive), purchases, spend and value of customers."""

from crm_analysis.words.word import Word

PROBABILITY, TIMES, MONEY = ".1%", ",.2f", ",.2f"

PURCHASES: dict[str, Word] = {
    "p_alive": Word(
        "存活概率", "P(alive)", PROBABILITY, "该客户在观察期末仍活跃（以后还可能购买）的概率。",
        "Probability that the customer is still active, and may buy again, at the end of observation."
    ),
    "p_alive_end": Word(
        "期末存活概率", "P(alive) at the horizon", PROBABILITY, "预测期限结束时仍活跃的概率。",
        "Probability of still being active at the end of the horizon."
    ),
    "expected_purchases": Word(
        "预期购买次数", "expected purchases", TIMES,
        "预测期限内购买次数的期望值；其区间只反映参数的不确定性，客户越多区间越窄。",
        "Mean number of purchases in the horizon; its interval says how well the parameters are known and narrows with "
        "the number of customers."
    ),
    "purchases_low": Word(
        "购买次数下限（个体）", "purchases, low", ",d", "该客户实际购买次数的预测区间下限，包含个体的偶然性。",
        "Lower limit of what this customer may really do, chance included."
    ),
    "purchases_high": Word(
        "购买次数上限（个体）", "purchases, high", ",d", "该客户实际购买次数的预测区间上限，包含个体的偶然性。",
        "Upper limit of what this customer may really do, chance included."
    ),
    "p_zero": Word(
        "零购买概率", "P(no purchase)", PROBABILITY, "预测期限内一次也不购买的概率。",
        "Probability of no purchase in the horizon."
    ),
    "discounted_purchases": Word(
        "折现预期购买次数", "discounted purchases", TIMES, "预测期限内的预期购买次数，越晚的购买折现越多。",
        "Expected purchases in the horizon, each weighted by its discount."
    ),
}  # fmt: skip

VALUE: dict[str, Word] = {
    "expected_spend": Word(
        "预期每次消费金额", "expected spend per purchase", MONEY,
        "该客户自身平均金额与总体均值的加权平均，购买次数越多，自身所占权重越大。",
        "A weighted mean of the customer's own mean and that of all; the own weighs more with more purchases."
    ),
    "clv": Word(
        "客户终身价值（CLV）", "customer lifetime value (CLV)", MONEY,
        "预测期限内：毛利率 × 预期每次消费金额 × 折现预期购买次数；其区间只反映参数的不确定性。",
        "In the horizon: margin times expected spend times discounted purchases; its interval says how well the "
        "parameters are known."
    ),
    "value_low": Word(
        "实际价值下限（个体）", "value, low", MONEY, "该客户在预测期限内实际带来价值的预测区间下限，包含个体的偶然性。",
        "Lower limit of what this customer may really bring in the horizon, chance included."
    ),
    "value_high": Word(
        "实际价值上限（个体）", "value, high", MONEY,
        "该客户在预测期限内实际带来价值的预测区间上限，包含个体的偶然性。",
        "Upper limit of what this customer may really bring in the horizon, chance included."
    ),
    "spend_basis": Word("消费金额依据", "spend rests on"),
    "own_history": Word("自身购买记录", "own purchases"),
    "population_mean": Word(
        "总体均值", "mean over customers", "", "没有重复购买金额可依据的客户采用总体均值。",
        "For customers of whose spend nothing is known."
    ),
    "own_median": Word(
        "自身记录（中位数）", "own purchases, median", "", "均值不存在时，以该客户的后验中位数代替。",
        "Where no mean exists, the median of this customer's spend stands in."
    ),
    "population_median": Word(
        "总体中位数", "median over customers", "", "总体均值不存在时，以总体中位数代替。",
        "Where no mean exists, the median over customers stands in."
    ),
}  # fmt: skip

SETTING: dict[str, Word] = {
    "horizon": Word("预测期限", "horizon", ",.1f"),
    "annual_discount": Word("年折现率", "yearly discount rate", PROBABILITY),
    "discount_per_unit": Word(
        "单位时间折现率", "discount rate per unit of time", ".3%", "由年折现率换算的连续复利率。",
        "Continuous rate, from the yearly one."
    ),
    "margin": Word("毛利率", "margin", PROBABILITY),
    "currency": Word("币种", "currency"),
    "spend_model": Word("消费金额模型", "spend model"),
    "pareto_k": Word(
        "Pareto k 值", "Pareto k", ",.2f", "重要性权重尾部的形状参数，低于 0.7 时参数的后验抽样可靠。",
        "Shape of the tail of the importance weights; below 0.7 the draws of the parameters can be trusted."
    ),
    "effective_size": Word(
        "有效抽样次数", "effective size", ",.0f", "加权抽样相当于多少次独立抽样。",
        "How many independent draws the weighted ones are worth."
    ),
}  # fmt: skip

WORDS: dict[str, Word] = PURCHASES | VALUE | SETTING
