"""Words of the models of repeat buying: their names, their fits, and simulated customers."""

from crm_analysis.words.word import Word

MODELS: dict[str, Word] = {
    "pareto_nbd": Word(
        "Pareto/NBD 模型", "Pareto/NBD", "",
        "非契约情境下的重复购买模型：购买服从泊松过程，购买率与流失率在客户之间各服从伽马分布，流失时点不可观测。",
        "Repeat buying without a contract: Poisson purchases, exponential lifetimes, both rates gamma over customers."
    ),
    "bg_nbd": Word(
        "BG/NBD 模型", "BG/NBD", "",
        "与 Pareto/NBD 相近，但客户只可能在重复购买之后流失；只买过一次的客户存活概率恒为 1。",
        "Like the Pareto/NBD, but customers leave only right after a repeat purchase, so one-time buyers never have."
    ),
    "mbg_nbd": Word(
        "MBG/NBD 模型", "MBG/NBD", "", "修正的 BG/NBD：首次购买之后也可能流失。",
        "The BG/NBD in which customers may leave right after the first purchase too."
    ),
    "nbd": Word(
        "NBD 模型", "NBD", "", "负二项模型：客户永不流失，用作基准。",
        "Negative binomial: customers never leave; the baseline."
    ),
}  # fmt: skip

FITS: dict[str, Word] = {
    "parameter": Word("参数", "parameter"),
    "estimate": Word("估计值", "estimate", ",.4g"),
    "standard_error": Word("标准误", "standard error", ",.3g"),
    "gradient_norm": Word(
        "梯度范数", "gradient norm", ".1e", "平均对数似然对各参数对数的最大斜率，在极大值处为 0。",
        "Largest slope of the mean log-likelihood in the logarithms of the parameters; 0 at the maximum."
    ),
    "eigenvalues": Word(
        "信息矩阵特征值", "eigenvalues of the information", ",.3g", "接近 0 的特征值表示某个参数组合无法由数据确定。",
        "One near 0 means a combination of parameters that the data do not determine."
    ),
    "converged": Word("已收敛", "converged"),
    "boundary": Word(
        "位于参数边界", "at a boundary", "", "某个参数趋于 0 或无穷，更简单的模型即可描述数据。",
        "A parameter ran to 0 or infinity: a simpler model describes the data."
    ),
    "not_identified": Word(
        "不可识别", "not identified", "", "数据无法确定某个参数，但期限较短的预测仍可使用。",
        "The data do not determine a parameter; predictions over short horizons can still be used."
    ),
    "not_converged": Word("未收敛", "not converged"),
    "given": Word("参数为给定值", "given, not fitted"),
}  # fmt: skip

SIMULATED: dict[str, Word] = {
    "rate": Word("真实购买率", "true purchase rate", ",.3g", "模拟客户在流失前单位时间的平均购买次数。",
                 "Purchases per unit of time of a simulated customer while active."),
    "dead_at": Word("真实流失时点", "true time of leaving", ",.1f", "自首次购买起计。", "Since the first purchase."),
    "alive_at_T": Word("观察期末是否仍活跃", "active at T"),
}  # fmt: skip

WORDS: dict[str, Word] = MODELS | FITS | SIMULATED
