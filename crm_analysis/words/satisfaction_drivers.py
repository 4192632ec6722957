"""Words of the part `drivers` of the room `satisfaction`: importance of drivers, dominance, ordinal models."""

from crm_analysis.words.word import Word

_IMPORTANCE = {
    "driver": Word("驱动因素", "driver"),
    "lower_driver": Word("排名较低的因素", "lower-ranked driver"),
    "outcome_missing": Word("未回答结果变量，未计入", "did not answer the outcome and does not count"),
    "lmg": Word(
        "LMG 贡献（Shapley 值）", "LMG (Shapley) part of the fit", ".3f",
        "按所有进入次序平均的拟合优度增量，各因素之和等于总的 R²（或伪 R²）。",
        "What a driver adds to the fit, averaged over all orders of entry; adds up to R² (or pseudo-R²).",
    ),
    "lmg_error": Word(
        "蒙特卡罗标准误", "Monte Carlo standard error", ".4f",
        "抽样进入次序带来的误差；考察了全部子集时为零。",
        "Error from sampling orders of entry; zero where all subsets were looked at.",
    ),
    "lmg_share": Word(
        "LMG 份额", "LMG share", ".1%", "LMG 贡献占总拟合优度的比例。", "LMG as a share of the whole fit."
    ),
    "relative_weight": Word(
        "相对权重（Johnson）", "relative weight (Johnson)", ".3f",
        "经由与各因素最接近的一组不相关变量分解的 R²。",
        "R² divided by way of the uncorrelated variables closest to the drivers.",
    ),
    "relative_weight_share": Word("相对权重份额", "share by relative weight", ".1%"),
    "entered_first": Word(
        "单独进入的拟合优度", "fit alone", ".3f",
        "模型中只有该因素时的拟合优度。", "Fit with this driver alone in the model.",
    ),
    "entered_last": Word(
        "最后进入的增量", "added last", ".3f",
        "其他因素都已在模型中时，该因素增加的拟合优度。", "What the driver adds when all others are in the model.",
    ),
    "standardised_beta": Word("标准化回归系数", "standardised coefficient", "+.3f"),
    "betasq": Word("标准化系数平方", "squared standardised coefficient", ".3f"),
    "pratt": Word(
        "Pratt 指标", "Pratt's measure", "+.3f",
        "标准化系数乘以相关系数；可能为负，因此不是份额。",
        "Standardised coefficient times correlation; may be negative and then is no share.",
    ),
    "coefficient": Word(
        "回归系数", "coefficient", "+.3f",
        "其他因素不变时，该因素相差一分，结果变量相差多少；有序模型中为对数优势之差。",
        "Difference in the outcome per point of the driver, the others being equal; in an ordinal model in log odds.",
    ),
    "importance_rank": Word("重要性排名", "rank of importance", ",d"),
    "chance_first": Word(
        "排第一的概率", "chance of rank 1", ".0%",
        "重抽样中该因素 LMG 最大的比例。", "Share of the bootstrap draws in which the driver has the largest LMG.",
    ),
    "lmg_difference": Word("LMG 之差", "difference in LMG", "+.3f"),
    "chance_higher": Word("排名较高的概率", "chance of the higher rank", ".0%"),
    "distinguishable": Word(
        "可以区分", "can be told apart", "",
        "同时考虑所有成对比较的区间不含零。", "Limits that hold for all pairs together exclude zero.",
    ),
    "draws_lost": Word("未能估计的抽样次数", "draws without result", ",d"),
    "items_at_fault": Word("相关题项", "items at fault"),
    "constant_in_draw": Word("重抽样后某变量没有差异", "a variable does not vary in the draw"),
    "collinear_in_draw": Word("重抽样后因素完全共线", "drivers collinear in the draw"),
}  # fmt: skip
_DOMINANCE = {
    "complete_dominance": Word(
        "完全优势", "complete dominance", "",
        "在其他因素的任何子集中，该因素增加的拟合优度都不小于对方。",
        "Adds at least as much as the other driver to every subset of the rest.",
    ),
    "conditional_dominance": Word(
        "条件优势", "conditional dominance", "",
        "在每一种子集大小上，该因素的平均增量都不小于对方。",
        "Adds at least as much on average at every size of subset.",
    ),
    "general_dominance": Word(
        "一般优势", "general dominance", "",
        "对所有子集大小平均后，该因素的增量大于对方。", "Adds more on average over all sizes of subset.",
    ),
    "dominated": Word("处于劣势", "dominated"),
    "no_dominance": Word("无优势关系", "no dominance"),
}  # fmt: skip
_ORDINAL = {
    "threshold": Word("阈值（切点）", "threshold", "+.3f"),
    "odds_ratio": Word(
        "优势比", "odds ratio", ",.2f",
        "该因素高一分时，回答高于任一切分点的优势变为原来的多少倍。",
        "Factor on the odds of an answer above any cut, per point of the driver.",
    ),
    "cut": Word("切分点", "cut"),
    "all_cuts": Word("所有切分点", "all cuts"),
    "all_drivers": Word("全部因素", "all drivers"),
    "chi_square": Word("卡方", "chi-square", ",.2f"),
    "df": Word("自由度", "df", ",d"),
    "answers_below": Word("切分点以下的回答数", "answers up to the cut", ",d"),
    "answers_above": Word("切分点以上的回答数", "answers above the cut", ",d"),
    "sparse_cut": Word(
        "回答过少", "sparse", "",
        "切分点某一侧的回答平均每个因素不足 10 个，估计不可靠。",
        "Fewer than ten answers per driver on one side of the cut: the estimates are unreliable.",
    ),
    "proportional_odds": Word(
        "比例优势假定", "proportional odds", "",
        "每个因素在有序结果的各个切分点上系数相同。",
        "Every driver has the same coefficient at all cuts of an ordinal outcome.",
    ),
    "proportional": Word("未见违背比例优势", "nothing against proportional odds"),
    "drivers_differ": Word("部分因素违背比例优势", "some drivers not proportional"),
    "odds_differ": Word("总体违背比例优势", "not proportional taken together"),
    "not_testable": Word("无法检验", "not testable"),
    "mcfadden": Word("McFadden 伪 R²", "McFadden's pseudo-R²", ".3f"),
    "nagelkerke": Word("Nagelkerke 伪 R²", "Nagelkerke's pseudo-R²", ".3f"),
}  # fmt: skip

WORDS: dict[str, Word] = _IMPORTANCE | _DOMINANCE | _ORDINAL
