"""Words of the scorecard of the room `clv`: measures on a holdout, rules of thumb, criteria, several origins."""

from crm_analysis.words.word import Word

LIKELIHOOD = ",.2f"

RULES: dict[str, Word] = {
    "zero_baseline": Word(
        "全部预测为 0", "all zeros", "", "最简单的对照：预测没有客户再购买。", "The simplest rule: nobody buys again."
    ),
    "same_again": Word(
        "重复上期次数", "same again", "", "预测每位客户的购买次数与校准期的重复购买次数相同。",
        "Everybody buys as often as again in the calibration."
    ),
    "same_rate": Word(
        "按原有频率", "same rate", "", "预测每位客户保持校准期的购买频率：期限 × 重复购买次数 ÷ 观察期。",
        "Everybody goes on at the rate of the calibration: horizon times repeat purchases over time observed."
    ),
}  # fmt: skip

MEASURES: dict[str, Word] = {
    "bias": Word(
        "总量偏差", "bias of the total", "+.1%", "预测总次数 ÷ 实际总次数 − 1。", "Predicted over actual total, less 1."
    ),
    "mae": Word(
        "平均绝对误差（MAE）", "mean absolute error (MAE)", ".4f",
        "多数客户没有购买时，全部预测为 0 也能得到较小的值。",
        "Where most customers buy nothing, predicting 0 for all does well on it."
    ),
    "rmse": Word(
        "均方根误差（RMSE）", "root mean squared error (RMSE)", ".4f", "高频客户的误差所占权重最大。",
        "Frequent buyers weigh most."
    ),
    "msle": Word(
        "均方对数误差（MSLE）", "mean squared log error (MSLE)", ".4f", "以 ln（1 + 次数）计算的均方误差。",
        "Mean squared error of ln(1 + count)."
    ),
    "normalised_gini": Word(
        "标准化基尼系数", "normalised Gini", ".3f", "预测对客户排序的能力：1 为完全正确，0 为随机。",
        "How well the prediction ranks customers: 1 as well as possible, 0 as by chance."
    ),
    "top_decile": Word(
        "前 10% 捕获率", "top-decile capture", ".1%", "预测最高的 10% 客户占实际购买总次数的比例。",
        "Share of all actual purchases made by the tenth of customers with the highest predictions."
    ),
    "log_score": Word(
        "对数得分", "log score", ".4f", "−ln P（实际次数）的均值，越小越好，检验整个预测分布。",
        "Mean of -ln P(actual count); less is better; it judges the whole predicted distribution."
    ),
    "mean_p_alive": Word("平均存活概率", "mean P(alive)", ".3f"),
    "mean_p_zero": Word(
        "平均零购买概率", "mean P(no purchase)", ".1%", "模型预测留出期内不购买的平均概率，可与实际比例相比。",
        "To be held against the share that bought nothing."
    ),
    "coverage_90": Word(
        "90% 区间覆盖率", "coverage at 90%", ".1%", "实际次数落在模型 90% 结果区间内的客户占比。",
        "Share of customers whose actual count lies in the model's 90% outcome interval."
    ),
}  # fmt: skip

CRITERIA: dict[str, Word] = {
    "log_likelihood": Word("对数似然", "log-likelihood", LIKELIHOOD),
    "aic": Word(
        "AIC", "AIC", LIKELIHOOD,
        "赤池信息准则，越小越好。", "Akaike's information criterion: less is better."
    ),
    "bic": Word(
        "BIC", "BIC", LIKELIHOOD,
        "贝叶斯信息准则，越小越好。", "Bayesian information criterion: less is better."
    ),
    "aic_difference": Word("AIC 之差", "AIC difference", LIKELIHOOD, "与最小值之差。", "From the least."),
    "bic_difference": Word("BIC 之差", "BIC difference", LIKELIHOOD, "与最小值之差。", "From the least."),
    "akaike_weight": Word(
        "Akaike 权重", "Akaike weight", ".1%", "在所比较的模型中，该模型最适合描述这类数据的相对可能性。",
        "How likely each is the best of the models compared at describing such data."
    ),
    "parameters": Word("参数个数", "parameters", ",d"),
}  # fmt: skip

HOLDOUT: dict[str, Word] = {
    "model": Word("模型", "model"),
    "other_model": Word("对照模型", "other model"),
    "predicted": Word("预测购买次数", "predicted purchases", ",.2f"),
    "actual": Word("实际购买次数", "actual purchases", ",.2f"),
    "level": Word("名义水平", "nominal level", ".0%"),
    "covered": Word("覆盖率", "covered", ".1%"),
    "difference": Word(
        "差异", "difference", "+.4f", "前者减后者；总量偏差按绝对值比较。",
        "The first minus the other; of the bias its absolute size."
    ),
    "matters": Word(
        "差异显著", "beyond chance", "", "同一指标全部模型对的联合区间不含 0。",
        "The interval, which holds for all pairs of a measure together, leaves out 0."
    ),
    "better": Word("较优者", "better"),
    "best_value": Word("最优值", "best value", ".4f"),
    "tied": Word("与最优者差异不显著", "not told from the best"),
}  # fmt: skip

ORIGINS: dict[str, Word] = {
    "origin": Word("起点", "origin", "", "校准期的最后一天。", "Last day of the calibration."),
    "origins": Word("起点数", "origins", ",d"),
    "deviation": Word("标准差", "standard deviation", ".4f"),
    "lowest": Word("最低", "lowest", ".4f"),
    "highest": Word("最高", "highest", ".4f"),
    "wins": Word("最优次数", "times best", ",d"),
}  # fmt: skip

WORDS: dict[str, Word] = RULES | MEASURES | CRITERIA | HOLDOUT | ORIGINS
