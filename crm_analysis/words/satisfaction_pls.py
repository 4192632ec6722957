"""Words of the room `satisfaction`, PLS path models: paths, effects, weights, bootstrap, groups."""

from crm_analysis.words.word import Word

_CONSTRUCTS = {
    "image": Word("企业形象", "image"),
    "expectations": Word("顾客期望", "expectations"),
    "quality": Word("感知质量", "perceived quality"),
    "satisfaction": Word("顾客满意", "satisfaction"),
    "complaints": Word("顾客抱怨", "complaints"),
    "loyalty": Word("顾客忠诚", "loyalty"),
}
_MODEL = {
    "construct": Word(
        "潜变量", "construct", "", "不能直接观测、由一组题项测量的概念，如顾客满意。",
        "What cannot be observed itself and is measured by a block of items, such as satisfaction.",
    ),
    "mode": Word(
        "测量方式", "mode", "", "A 为反映型（潜变量决定题项），B 为形成型（题项构成潜变量）。",
        "A: reflective, the construct causes its items; B: formative, the items make up the construct.",
    ),
    "item_names": Word("题项", "items"),
    "predecessors": Word("前因变量", "predecessors"),
    "target": Word("结果变量", "target"),
    "via": Word("经由", "via"),
    "path": Word(
        "路径系数", "path coefficient", ",.3f", "前因变量变动一个标准差时结果变量变动的标准差数，其他前因不变。",
        "Standard deviations that the target moves with one of the source, other predecessors held.",
    ),
    "direct_effect": Word("直接效应", "direct effect", ",.3f"),
    "indirect_effect": Word(
        "间接效应", "indirect effect", ",.3f", "经由其他潜变量传递的效应，等于各段路径系数之积。",
        "Effect by way of other constructs: the product of the coefficients on the way.",
    ),
    "total_effect": Word(
        "总效应", "total effect", ",.3f", "直接效应与全部间接效应之和。", "Direct plus all indirect effects."
    ),
    "weight": Word(
        "外部权重", "outer weight", ",.3f", "标准化题项合成潜变量得分时的权重。",
        "Weight of a standardised item in the scores of its construct.",
    ),
    "loading": Word(
        "载荷", "loading", ",.3f", "题项与所属潜变量的相关系数。", "Correlation of an item with its own construct."
    ),
    "r_squared": Word(
        "R²", "R²", ",.3f", "潜变量的方差中由前因变量解释的比例。",
        "Share of a construct's variance that its predecessors explain.",
    ),
    "adjusted_r_squared": Word("调整后 R²", "adjusted R²", ",.3f"),
    "f_squared": Word(
        "f²", "f²", ",.3f", "去掉该路径后 R² 的减少量 ÷ 未解释的部分。",
        "What R² loses without the path, over what is unexplained.",
    ),
    "effect_size": Word(
        "效应大小", "effect size", "", "惯例：f² 达 0.02 为小，0.15 为中，0.35 为大（Cohen）。",
        "By convention, f² of .02 is small, .15 medium, .35 large (Cohen).",
    ),
    "no_effect": Word("可忽略", "negligible"),
    "small_effect": Word("小", "small"),
    "medium_effect": Word("中", "medium"),
    "large_effect": Word("大", "large"),
}  # fmt: skip
_BOOTSTRAP = {
    "bootstrap_bias": Word(
        "自助法偏差", "bootstrap bias", "+,.3f", "自助样本均值减估计值。", "Mean of the resamples less the estimate.",
    ),
    "replicates": Word("重抽样次数", "resamples", ",d"),
    "cause": Word("原因", "cause"),
    "name": Word("名称", "name"),
    "constant_item": Word("题项没有变异", "item without variance"),
    "singular_block": Word("题项或前因变量完全共线", "items or predecessors wholly collinear"),
    "rho_not_positive": Word("ρA 不是正数", "ρA not positive"),
    "rho_above_1": Word("ρA 大于 1", "ρA above 1"),
    "loading_above_1": Word("载荷绝对值大于 1", "loading beyond 1"),
    "correlation_above_1": Word("校正后的相关系数绝对值大于 1", "corrected correlation beyond 1"),
    "r_squared_above_1": Word("R² 大于 1", "R² above 1"),
    "not_positive_definite": Word("相关矩阵非正定", "correlations not positive definite"),
    "inadmissible": Word(
        "解不可接受", "inadmissible", "", "PLSc 校正后出现不可能的数值，如大于 1 的信度。",
        "PLSc gave numbers that cannot be, such as a reliability above 1.",
    ),
}  # fmt: skip
_GROUPS = {
    "first_group": Word("第一组", "first group"),
    "second_group": Word("第二组", "second group"),
    "path_first": Word("第一组路径系数", "path, first group", ",.3f"),
    "path_second": Word("第二组路径系数", "path, second group", ",.3f"),
    "path_difference": Word(
        "路径系数之差", "difference of paths", "+,.3f", "第一组减第二组。", "First group less second."
    ),
    "left_out": Word("未计入人数", "left out", ",d"),
    "invariance": Word(
        "测量不变性", "invariance", "", "MICOM：同一潜变量在两组是否为同一事物；不成立时不能比较其路径。",
        "MICOM: whether a construct is the same thing in both groups; if not, its paths must not be compared.",
    ),
    "invariance_full": Word("完全不变", "full"),
    "invariance_partial": Word("部分不变", "partial"),
    "invariance_none": Word("不成立", "none"),
    "composition": Word(
        "构成相关系数", "composition", ",.4f", "用两组各自的权重计算的得分之间的相关系数，应接近 1。",
        "Correlation of the scores by the weights of either group; close to 1 if composed alike.",
    ),
    "composition_bound": Word("构成相关系数下限", "lower bound of composition", ",.4f"),
    "composition_p": Word("构成检验 p 值", "p, composition", "p"),
    "mean_difference": Word("均值之差", "difference of means", "+,.3f"),
    "mean_p": Word("均值检验 p 值", "p, means", "p"),
    "log_variance_ratio": Word("方差比的对数", "log ratio of variances", "+,.3f"),
    "variance_p": Word("方差检验 p 值", "p, variances", "p"),
}  # fmt: skip

WORDS: dict[str, Word] = _CONSTRUCTS | _MODEL | _BOOTSTRAP | _GROUPS
