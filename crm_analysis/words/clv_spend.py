"""Words of the spend model (Gamma-Gamma) and of its assumption, in the room `clv`."""

from crm_analysis.words.word import Word

COUNT, MONEY, CHANGE, CORRELATION = ",d", ",.2f", "+.1%", ".3f"

LEDGER: dict[str, Word] = {
    "spend_read": Word("读入客户", "customers read"),
    "no_repeat_purchase": Word(
        "没有重复购买", "no repeat purchase", "", "只购买过一次的客户仍在购买模型中，只是不进入消费金额模型。",
        "Customers who bought once stay in the purchase models; they leave the spend model alone."
    ),
    "spend_missing": Word("消费金额缺失", "amount missing"),
    "spend_zero": Word("消费金额为零", "amount of 0"),
    "spend_negative": Word("消费金额为负（退款）", "negative amount (refunds)"),
    "spend_modelled": Word("进入消费金额模型的客户", "customers modelled"),
}  # fmt: skip

SPEND: dict[str, Word] = {
    "mean_spend": Word(
        "平均消费金额", "mean spend per purchase", MONEY, "每位客户重复购买的平均每次金额。",
        "Mean amount per repeat purchase of a customer."
    ),
    "median_spend": Word(
        "消费金额中位数", "median spend", MONEY, "该客户长期平均消费金额的后验中位数，任何参数下都存在。",
        "Posterior median of the customer's long-run mean spend; it exists whatever the parameters."
    ),
    "spend_quantile": Word(
        "平均消费金额分位数", "quantile of mean spend", MONEY, "该客户长期平均消费金额的后验分位数。",
        "Posterior quantile of the customer's long-run mean spend."
    ),
    "order_quantile": Word(
        "下一次消费金额分位数", "quantile of the next purchase", MONEY, "下一次购买金额的预测分位数，比均值更分散。",
        "Predictive quantile of the amount of the next purchase; it varies more than the mean."
    ),
    "truncated_mean": Word(
        "截尾均值", "truncated mean", MONEY, "只计长期平均消费金额低于给定上限的客户的均值；q 不大于 1 时也存在。",
        "Mean over the customers whose long-run mean spend is below a stated cap; exists for q up to 1 too."
    ),
}  # fmt: skip

INDEPENDENCE: dict[str, Word] = {
    "pearson": Word("Pearson 相关系数", "Pearson correlation", CORRELATION),
    "spearman": Word("Spearman 等级相关系数", "Spearman rank correlation", CORRELATION),
    "correlation": Word("相关系数", "correlation", CORRELATION),
    "under_independence": Word(
        "独立时的预期值", "expected under independence", CORRELATION,
        "若消费金额与购买频率相互独立，模型预期的相关系数；购买次数越少，均值的分布越偏斜，所以等级相关不为 0。",
        "The correlation the model expects if spend does not depend on frequency; ranks correlate even then, because "
        "the mean of few purchases is more skewed."
    ),
    "frequency_group": Word(
        "重复购买次数分组", "repeat purchases (group)", "", "按重复购买次数把客户分成几组。",
        "Customers grouped by their number of repeat purchases."
    ),
    "mean_frequency": Word("平均重复购买次数", "mean repeat purchases", ",.1f"),
    "pooled_spend": Word(
        "预期消费（不分组）", "expected spend (one scale)", MONEY, "假定消费金额与购买频率独立，全部客户服从同一分布。",
        "Spend taken as independent of frequency: one scale for all customers."
    ),
    "grouped_spend": Word(
        "预期消费（分组）", "expected spend (by group)", MONEY,
        "各购买次数组分别估计消费水平；没有重复购买者按最低一组计。",
        "A scale per frequency group; customers without repeat purchases take that of the lowest."
    ),
    "spend_change": Word("预期消费的变化", "change of expected spend", CHANGE),
    "weighing_purchases": Word(
        "计价购买次数", "purchases valued", ",.1f", "折现后的预期购买次数；未给出购买模型时每位客户计一次。",
        "Expected purchases after discounting; without a purchase model one for every customer."
    ),
    "pooled_total": Word("合计（不分组）", "total (one scale)", ",.0f"),
    "grouped_total": Word("合计（分组）", "total (by group)", ",.0f"),
    "total_change": Word("合计的变化", "change of the total", CHANGE),
}  # fmt: skip

WORDS: dict[str, Word] = LEDGER | SPEND | INDEPENDENCE
