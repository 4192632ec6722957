"""Words of the room `churn`: campaigns, profit, budget and what loyalty is worth."""

from crm_analysis.words.word import Word

MONEY, SHARE, COUNT = ",.2f", ".1%", ",d"

CAMPAIGN: dict[str, Word] = {
    "assumption": Word("假设", "assumption"),
    "accept": Word(
        "接受率", "acceptance", SHARE, "有流失倾向的客户接受挽留优惠并因此留下的概率。",
        "Chance that a churner accepts the offer and stays for it."
    ),
    "offer": Word(
        "优惠成本", "cost of the offer", MONEY, "客户领取优惠时发生的成本；本来就不会流失的客户也会领取。",
        "What an offer costs when taken; customers who would have stayed take it too."
    ),
    "contact": Word("联系成本", "cost of a contact", MONEY),
    "at_break_even": Word(
        "达到盈亏平衡概率者", "from the break-even on", "", "只联系流失概率不低于各自盈亏平衡概率的客户。",
        "Contact the customers whose chance of churn reaches their break-even."
    ),
    "break_even": Word(
        "盈亏平衡概率", "break-even chance of churn", SHARE, "流失概率高于此值时，联系该客户的期望利润为正。",
        "Above this chance of churn a contact is expected to pay."
    ),
    "expected_profit": Word(
        "期望利润", "expected profit", MONEY, "联系该客户的期望利润：流失概率、接受率、客户价值与成本的综合。",
        "What contacting the customer is expected to earn, from chance of churn, acceptance, value and costs."
    ),
}  # fmt: skip

PROFIT: dict[str, Word] = {
    "contact_plan": Word("联系方案", "plan"),
    "contact_none": Word("一个也不联系", "contact nobody"),
    "contact_some": Word("联系部分客户", "contact some"),
    "contact_all": Word("联系全部客户", "contact all"),
    "out_of_fold": Word(
        "用其他折选定的阈值", "threshold chosen out of fold", "",
        "每一折使用其余各折上利润最大的阈值，评价不带乐观偏差。",
        "In each fold the best threshold of the other folds decides: judged without optimism."
    ),
    "in_sample_best": Word(
        "样本内最佳阈值", "best threshold in sample", "", "在同一批客户上挑选又评价，偏乐观。",
        "Chosen and judged on the same customers: optimistic."
    ),
    "mark": Word("标记", "mark"),
    "customers_contacted": Word("联系客户数", "contacted", COUNT),
    "contacted_share": Word("联系比例", "share contacted", SHARE),
    "profit": Word("平均每位客户的利润", "profit per customer", MONEY),
    "profit_difference": Word(
        "利润之差", "difference in profit", "+,.2f", "与参照方案在同一批客户上的利润之差。",
        "On the same customers, against the plan or model named as reference."
    ),
    "profit_by_risk": Word("按流失概率排序的利润", "profit, ranked by churn probability", MONEY),
    "profit_by_gain": Word("按期望利润排序的利润", "profit, ranked by expected profit", MONEY),
    "mpc": Word(
        "最大利润（MPC）", "maximum profit (MPC)", MONEY, "在平均接受率下，阈值取最佳时平均每位客户的利润。",
        "Profit per customer at the best threshold, at the mean acceptance."
    ),
    "empc": Word(
        "期望最大利润（EMPC）", "expected maximum profit (EMPC)", MONEY,
        "接受率按贝塔分布变动，每个取值下阈值取最佳，再求平均。",
        "The best threshold for each acceptance, averaged over its beta distribution."
    ),
    "accept_from": Word("接受率下界", "acceptance from", SHARE),
    "accept_to": Word("接受率上界", "acceptance to", SHARE),
    "chance": Word("概率", "chance", SHARE),
}  # fmt: skip

SENSITIVITY: dict[str, Word] = {
    "base_value": Word("基准值", "base value", ",.4g"),
    "least": Word("最小取值", "least", ",.4g"),
    "most": Word("最大取值", "most", ",.4g"),
    "profit_at_least": Word("取最小值时的利润", "profit at the least", MONEY),
    "profit_at_most": Word("取最大值时的利润", "profit at the most", MONEY),
    "swing": Word("利润变动幅度", "swing", MONEY),
    "decision": Word("决定", "decision"),
    "decision_at_least": Word("取最小值时的决定", "decision at the least"),
    "decision_at_most": Word("取最大值时的决定", "decision at the most"),
    "decision_changes": Word("决定是否改变", "decision changes"),
    "tipping_value": Word(
        "盈亏临界值", "tipping value", ",.4g", "其他假设不变时，使联系同样这些客户的利润为零的取值。",
        "Where today's list earns nothing, the other assumptions staying as they are."
    ),
}  # fmt: skip

BUDGET: dict[str, Word] = {
    "budget": Word("预算", "budget", MONEY),
    "chosen": Word("入选", "chosen"),
}  # fmt: skip

LOYALTY: dict[str, Word] = {
    "loyalty_gain": Word(
        "每位客户今后价值的增幅", "gain in value per customer stream", "+.1%",
        "一位客户今后全部边际贡献折现值的增幅，不是下一年利润的增幅。",
        "Rise of the discounted value of all that a customer will bring; not of next year's profit."
    ),
    "claim_holds": Word("说法是否成立", "claim holds"),
    "retention_from": Word("留存率自", "retention from", SHARE),
    "retention_to": Word("留存率至", "retention to", SHARE),
}  # fmt: skip

WORDS: dict[str, Word] = CAMPAIGN | PROFIT | SENSITIVITY | BUDGET | LOYALTY
