"""Words of the scores of a survey: NPS, CSAT, CES, differences, trends, planning."""

from crm_analysis.words.word import Word

_SAMPLE = {
    "segment": Word("客群", "segment"),
    "not_answered": Word("未作答人数", "did not answer", ",d"),
    "n_eff": Word(
        "有效样本量", "effective sample size", ",.1f",
        "加权后的样本相当于多少个权重相同的受访者：权重之和的平方除以权重平方之和。",
        "How many respondents of equal weight say as much: squared sum of weights over sum of squared weights.",
    ),
    "too_few": Word(
        "样本过少", "too few", "",
        "有效样本不足 30，区间很宽，不宜据此下结论。",
        "Fewer than 30 effective answers or reviews: the interval is so wide that little can be concluded.",
    ),
}  # fmt: skip
_NPS = {
    "nps": Word(
        "净推荐值（NPS）", "net promoter score (NPS)", "+.1%",
        "推荐者占比减贬损者占比，以百分点计，从 -100% 到 +100%。区间用调整 Wald 法。",
        "Share of promoters less share of detractors, in percentage points from -100% to +100%; adjusted Wald limits.",
    ),
    "promoters": Word("推荐者人数", "promoters", ",d", "回答 9 或 10 分的受访者。", "Respondents who answer 9 or 10."),
    "passives": Word("被动者人数", "passives", ",d", "回答 7 或 8 分的受访者。", "Respondents who answer 7 or 8."),
    "detractors": Word("贬损者人数", "detractors", ",d", "回答 0 到 6 分的受访者。", "Respondents who answer 0 to 6."),
    "promoter_share": Word("推荐者占比", "promoters", ".1%"),
    "passive_share": Word("被动者占比", "passives", ".1%"),
    "detractor_share": Word("贬损者占比", "detractors", ".1%"),
    "previous_period": Word("上一时期", "previous period"),
    "nps_change": Word("净推荐值变化", "change of the net promoter score", "+.1%"),
    "change_part": Word("组成部分", "part"),
    "mix_part": Word(
        "构成变化", "mix of segments", "+.1%",
        "各客群占比改变而引起的变化：高于平均的客群变大为正。",
        "Change because shares of segments changed: positive where a segment above average grew.",
    ),
    "within_part": Word(
        "群内变化", "within segments", "+.1%",
        "各客群自身的净推荐值改变而引起的变化。", "Change because segments answer differently than before.",
    ),
    "respondents_before": Word("前期受访人数", "respondents before", ",d"),
    "respondents_after": Word("后期受访人数", "respondents after", ",d"),
    "share_before": Word("前期占比", "share before", ".1%"),
    "share_after": Word("后期占比", "share after", ".1%"),
    "nps_before": Word("前期净推荐值", "score before", "+.1%"),
    "nps_after": Word("后期净推荐值", "score after", "+.1%"),
}  # fmt: skip
_DIFFERENCES = {
    "diff_higher": Word("较高", "higher"),
    "diff_lower": Word("较低", "lower"),
    "diff_higher_small": Word("较高但无实际意义", "higher, too little to matter"),
    "diff_lower_small": Word("较低但无实际意义", "lower, too little to matter"),
    "diff_none": Word(
        "没有变化", "no change", "",
        "90% 区间全部落在事先规定的无关紧要的范围内。", "The 90% interval lies within the range stated not to matter.",
    ),
    "diff_undecided": Word(
        "不能断定", "undecided", "",
        "既不能断定有差异，也不能断定没有变化。", "Neither a difference nor the lack of one is shown.",
    ),
}  # fmt: skip
_SATISFIED = {
    "satisfied": Word("满意人数", "satisfied", ",d"),
    "csat_share": Word(
        "满意率（CSAT）", "satisfied (CSAT)", ".1%",
        "回答计为满意的受访者占比（五级量表默认取最高两级），附 Wilson 区间。",
        "Share of respondents whose answer counts as satisfied (of five answers the top two), with Wilson's limits.",
    ),
    "ces": Word(
        "费力度均值（CES）", "mean effort score (CES)", ",.2f",
        "费力度题目的平均分；高分表示省力还是费力须另行说明。",
        "Mean answer to the question on effort; which end is easy must be stated.",
    ),
    "easy_share": Word("省力者占比", "found it easy", ".1%"),
    "high_is_easy": Word("高分省力", "high is easy"),
    "low_is_easy": Word("低分省力", "low is easy"),
}  # fmt: skip
_PLAN = {
    "plan_goal": Word("调查目标", "goal"),
    "satisfied_share": Word("满意率", "a share"),
    "nps_difference": Word("两组净推荐值之差", "difference of two scores"),
    "mean_score": Word("均值", "a mean"),
    "smallest_path": Word("最小路径系数", "weakest path of a model"),
    "plan_precision": Word(
        "精度", "precision", ",.2f",
        "占比和净推荐值为区间半宽，0.05 即 5 个百分点；两组之差为要发现的差异；均值以量表分计。",
        "Half the interval's width (0.05 is five points); of a difference the one to be found; of a mean in points.",
    ),
    "answers_per_group": Word("每组所需回答数", "answers per group", ",d"),
    "needed_answers": Word("所需回答数", "answers", ",d"),
    "invitations": Word("需邀请人数", "invitations", ",d"),
    "feasible": Word("总体人数足够", "population suffices"),
    "share_margin": Word("占比的区间半宽", "plus or minus, share", ".1%"),
    "nps_margin": Word("净推荐值的区间半宽", "plus or minus, NPS", ".1%"),
    "nps_method": Word("区间方法", "method of the interval"),
    "adjusted_wald": Word(
        "调整 Wald 法", "adjusted Wald", "",
        "先加四分之三个推荐者、一个半被动者和四分之三个贬损者，再用 Wald 公式。",
        "Three quarters of a promoter, three halves of a passive and three quarters of a detractor are added first.",
    ),
    "wald": Word("Wald 法", "Wald"),
    "coverage": Word(
        "覆盖率", "coverage", ".1%",
        "区间包含真值的概率，对全部可能的样本精确求和。",
        "Chance that the interval holds the truth, summed over every possible sample.",
    ),
    "mean_width": Word("平均区间宽度", "mean width", ",.3f"),
    "zero_width": Word("零宽度区间的概率", "intervals without width", ".1%"),
}  # fmt: skip

WORDS: dict[str, Word] = _SAMPLE | _NPS | _DIFFERENCES | _SATISFIED | _PLAN
