"""Words of the room `marketing`: experiments."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "metric": Word("指标", "metric"),
    "metric_kind": Word("指标类型", "kind of metric"),
    "kind_share": Word("比例", "share"),
    "kind_mean": Word("均值", "mean"),
    "kind_ratio": Word(
        "比率（总量之比）", "ratio of totals", "",
        "两个总量之比，如每次会话收入；方差按 delta 法以抽签单位计算。",
        "Of two totals, such as revenue per session; its variance by the delta method on the units drawn by lot.",
    ),
    "control_units": Word("对照组单位数", "control units", ",d"),
    "treated_units": Word("处理组单位数", "treated units", ",d"),
    "arm_value": Word("该组取值", "value of the arm", ",.4g"),
    "control_value": Word("对照组取值", "value of the control", ",.4g"),
    "effect": Word(
        "效果（与对照组之差）", "effect", "+,.4g",
        "该组减对照组；比例用 Newcombe 区间，均值用 Welch 区间，比率用 delta 法。",
        "The arm less the control: Newcombe's interval for shares, Welch's for means, the delta method for ratios.",
    ),
    "relative_effect": Word(
        "相对效果", "relative effect", "+.1%",
        "效果 ÷ 对照组取值；比例用 Katz 区间，其余用 Fieller 区间。",
        "Effect over the value of the control: Katz's interval for shares, Fieller's for the others.",
    ),
    "few_units": Word(
        "样本过小", "too few", "",
        "任一组不足 30 个单位，或成功、失败不足 10 次。",
        "Fewer than 30 units in an arm, or fewer than 10 successes or failures.",
    ),
    "planned_share": Word("计划比例", "planned share", ".1%"),
    "covariate": Word("协变量", "covariate"),
    "standardised_difference": Word(
        "标准化差异", "standardised difference", "+.3f",
        "两组均值之差 ÷ 合并标准差；随机分组也会产生小的差异。",
        "Difference of means over the pooled standard deviation; a lot makes small ones.",
    ),
    "looks": Word("查看次数", "looks", ",d", "在收集数据期间查看结果并可能停止的次数。",
                  "How often one looks at the result, ready to stop, while data come in."),
    "false_alarm": Word(
        "误报率", "false alarms", ".1%",
        "没有任何效果的实验被判为有效的比例。", "Share of experiments without any effect that are called a success.",
    ),
    "p_limit": Word(
        "每次查看的 p 值上限（Pocock）", "p limit per look (Pocock)", ".4f",
        "每次查看都用此上限，总误报率才不超过承诺。",
        "With this limit at every look, false alarms are as rare as promised.",
    ),
    "power": Word(
        "检验功效", "power", ".0%", "效果确实存在时能发现它的概率。", "Chance to find the effect if it is there."
    ),
    "detectable_effect": Word(
        "最小可检测效果", "minimum detectable effect", "+,.3g",
        "以所定功效能发现的最小效果。", "Smallest effect found with the power asked for.",
    ),
    "adjustment": Word("调整", "adjustment"),
    "unadjusted": Word("未调整", "unadjusted"),
    "cuped": Word(
        "CUPED 调整", "CUPED",
        zh_note="用实验前的数据消去一部分噪声，不改变所估计的效果。",
        en_note="Data from before the experiment take out noise; what is estimated stays the same.",
    ),
    "theta": Word("回归斜率 θ", "slope theta", "+,.4g"),
}  # fmt: skip
