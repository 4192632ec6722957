"""Words of the satisfaction index, the importance-performance map, what-if and out-of-sample prediction."""

from crm_analysis.words.word import Word

POINTS = ",.1f"

_INDEX = {
    "index_value": Word(
        "指数（0-100）", "index (0-100)", POINTS,
        "题项均值换算到 0-100 后的加权平均；区间来自自助法，每次重新估计权重。",
        "Weighted mean of the items from 0 to 100; the interval is the bootstrap's, with weights estimated anew."
    ),
    "index_sd": Word("指数的标准差", "SD of the index", POINTS, "受访者之间。", "Among respondents."),
    "index_se": Word("标准误（自助法）", "standard error (bootstrap)", ",.2f"),
    "index_se_fixed": Word(
        "标准误（权重固定）", "standard error (weights fixed)", ",.2f",
        "标准差除以人数的平方根，不计权重的不确定性。",
        "SD over the root of the number of respondents: leaves out that weights are estimated."
    ),
    "index_fixed": Word("指数（权重固定的区间）", "index (interval with weights fixed)", POINTS),
    "item_share": Word(
        "指数中的权重", "weight in the index", ".3f", "同一潜变量各题项的权重之和为 1。",
        "Those of a construct add up to 1."
    ),
    "item_index": Word("题项得分（0-100）", "item mean (0-100)", POINTS),
    "weights_unstandardised": Word(
        "未标准化外部权重（ECSI、ACSI 惯例）", "unstandardised outer weights (as ECSI and ACSI)", POINTS,
        "外部权重除以题项标准差，再使其和为 1。",
        "Outer weights over the items' standard deviations, made to add up to 1."
    ),
    "weights_standardised": Word("标准化外部权重", "standardised outer weights", POINTS),
    "weights_equal": Word("等权重", "equal weights", POINTS),
    "other_segment": Word("对照组", "other segment"),
    "index_difference": Word(
        "指数之差", "difference of the indices", "+,.1f", "前者减后者。", "The first less the other."
    ),
    "index_change": Word("与上期之差", "change since the period before", "+,.1f"),
}  # fmt: skip
_MAP = {
    "importance": Word(
        "重要性（总效应）", "importance (total effect)", ",.2f",
        "驱动因素指数每提高 1 分，目标指数变动的分数（未标准化总效应）。",
        "Points of the target's index per point of the driver's (unstandardised total effect)."
    ),
    "performance": Word("绩效（0-100）", "performance (0-100)", POINTS, "驱动因素的指数。", "The driver's index."),
    "quadrant_share": Word(
        "象限的把握", "resamples in the quadrant", ".0%", "重抽样中落在同一象限的比例；十字线随之重新计算。",
        "Share of resamples in which it lies in the same quadrant; the crosshair is drawn anew each time."
    ),
    "quadrant_settled": Word("象限可确定", "quadrant settled", "", "把握达到 80%。", "80 % of resamples or more."),
    "concentrate_here": Word("优先改进区", "concentrate here", "", "重要而评价低。", "Important and rated low."),
    "keep_up": Word("继续保持区", "keep up the good work", "", "重要且评价高。", "Important and rated high."),
    "low_priority": Word("低优先区", "low priority", "", "不太重要，评价也低。", "Less important and rated low."),
    "possible_overkill": Word("供给过度区", "possible overkill", "", "不太重要而评价高。",
                              "Less important and rated high."),
}  # fmt: skip
_WHAT_IF = {
    "what_if_role": Word("角色", "role"),
    "change_supposed": Word("设定变动", "changed"),
    "change_follows": Word("随之变动", "follows"),
    "index_now": Word("现在的指数", "index now", POINTS),
    "index_then": Word("变动后的指数", "index then", POINTS),
    "index_capped": Word("受上下限约束", "cut at 0 or 100"),
}  # fmt: skip
_PREDICTION = {
    "q_squared": Word(
        "Q²（预测）", "Q² predict", ".3f", "1 减去预测误差平方和与训练均值误差平方和之比；大于 0 才有预测意义。",
        "1 less the squared errors over those of the training mean; of use only above 0."
    ),
    "rmse_pls": Word("RMSE（PLS）", "RMSE of PLS", ".3f"),
    "rmse_lm": Word(
        "RMSE（线性模型）", "RMSE of the linear model", ".3f", "每个题项对前因题项直接回归。",
        "Each item regressed on the items of its antecedents."
    ),
    "rmse_mean": Word("RMSE（训练均值）", "RMSE of the training mean", ".3f"),
    "mae_pls": Word("MAE（PLS）", "MAE of PLS", ".3f"),
    "mae_lm": Word("MAE（线性模型）", "MAE of the linear model", ".3f"),
    "mae_mean": Word("MAE（训练均值）", "MAE of the training mean", ".3f"),
    "beats_lm": Word("优于线性模型", "beats the linear model"),
    "direct_antecedents": Word("直接前因预测", "prediction from direct antecedents"),
    "earliest_antecedents": Word("最初前因预测", "prediction from earliest antecedents"),
    "items_of_direct_antecedents": Word("直接前因的题项", "items of the direct antecedents"),
    "items_of_exogenous": Word("外生潜变量的题项", "items of the exogenous constructs"),
    "no_power": Word("没有预测力", "no predictive power"),
    "low_power": Word("预测力低", "low predictive power"),
    "medium_power": Word("预测力中等", "medium predictive power"),
    "high_power": Word("预测力高", "high predictive power"),
    "benchmark": Word("基准", "benchmark"),
    "indicator_average": Word("题项均值", "indicator average"),
    "linear_model": Word("线性模型", "linear model"),
    "all_constructs": Word("全部内生潜变量", "all endogenous constructs"),
    "loss_pls": Word(
        "PLS 的平均损失", "mean loss of PLS", ".3f", "预测误差平方的均值。", "Mean squared prediction error."
    ),
    "loss_benchmark": Word("基准的平均损失", "mean loss of the benchmark", ".3f"),
    "loss_difference": Word(
        "平均损失之差", "difference of mean losses", "+.3f", "基准减 PLS；为正表示 PLS 预测更好。",
        "Benchmark less PLS; positive where PLS predicts better."
    ),
    "t_statistic": Word("t 值", "t", ".2f"),
    "loss_weighting": Word("损失的加权", "weighting of the loss"),
    "item_equal": Word("各题项等权", "items count alike"),
    "construct_equal": Word("各潜变量等权", "constructs count alike"),
}  # fmt: skip

WORDS: dict[str, Word] = _INDEX | _MAP | _WHAT_IF | _PREDICTION
