"""Words of windows around a cutoff, samples, and the audit for leaks."""

from crm_analysis.words.word import Word

COUNT, SHARE, DAYS = ",d", ".1%", ",.0f"

WINDOWS: dict[str, Word] = {
    "cutoff": Word("截止日", "cutoff", "", "已知信息的最后一天。", "The last day that is known."),
    "observation_window": Word(
        "观察期", "observation", "", "截止日及之前、可用于计算特征的日子。",
        "The days up to the cutoff that features come from.",
    ),
    "gap_window": Word(
        "间隔期", "gap", "", "留给采取行动的日子，既不计特征也不计标签。",
        "The time to act: neither feature nor label.",
    ),
    "outcome_window": Word(
        "结果期", "outcome", "", "判断是否流失的日子：期内没有购买即为流失。",
        "The days that decide: no purchase in them means churned.",
    ),
    "seen": Word("出现过的客户数", "customers seen", COUNT),
    "eligible": Word(
        "符合条件的客户数", "eligible customers", COUNT,
        "观察期内至少有一次购买的客户；有合同者为截止日至结果期开始时一直在约的账户。",
        "Customers with at least one purchase in the observation; with contracts, accounts under contract at the cutoff"
        " and when the outcome begins.",
    ),
    "not_seen_lately": Word(
        "观察期前已沉默", "silent before the observation", COUNT, "最后一次购买早于观察期，没有标签。",
        "Last purchase before the observation: no label.",
    ),
    "features_set_aside": Word(
        "搁置的特征", "features set aside", ",d",
        "该截止日有、而其他截止日没有的特征，不用于模型。", "Features of this cutoff that others lack: not used.",
    ),
    "acquired_later": Word(
        "截止日后才出现", "acquired after the cutoff", COUNT, "截止日后才首次购买或签约，没有标签。",
        "First purchase, or first contract, after the cutoff: no label.",
    ),
    "ended_before": Word(
        "截止日前已离开", "left before the cutoff", COUNT, "曾经签约，截止日当晚已不在约，没有标签。",
        "Once under contract, not on the evening of the cutoff: no label.",
    ),
    "ended_in_gap": Word(
        "间隔期内离开", "left in the gap", COUNT, "截止日在约、结果期开始前已离开，来不及挽留，没有标签。",
        "Under contract at the cutoff, gone before the outcome begins: too late to act, no label.",
    ),
    "back_by_end": Word(
        "结果期内离开又回来", "left and came back", COUNT, "结果期内离开、期末又在约，不计为流失。",
        "Left in the outcome, under contract again at its end: not churned.",
    ),
    "months_to_term_end": Word(
        "距到期月数", "months to the end of the term", ",.0f", "截止日至本合约期届满的整月数。",
        "Whole months from the cutoff to the end of the running term.",
    ),
    "term_ends": Word(
        "结果期内到期", "term ends in the outcome", "", "结果期内有合约期届满（1 为是）。",
        "Whether a term ends within the outcome (1: yes).",
    ),
    "churned": Word("流失客户数", "churned", COUNT),
}  # fmt: skip

LENGTHS: dict[str, Word] = {
    "outcome_days": Word("结果期天数", "days of outcome", DAYS),
    "days_after_outcome": Word(
        "结果期后观察天数", "days followed", DAYS, "结果期结束到数据末日的天数。",
        "Days from the end of the outcome to the end of the data.",
    ),
    "bought_later": Word(
        "回流客户数", "came back", COUNT, "计为流失、之后又购买的客户。",
        "Counted as churned, and bought again later.",
    ),
    "bought_later_share": Word("回流率", "share that came back", SHARE, "以流失客户为分母。", "Of the churned."),
    "bought_later_within": Word(
        "同期回流率", "came back within the same time", SHARE,
        "结果期后相同天数内再次购买的比例（Kaplan-Meier），便于比较不同长度。",
        "Share that bought again within the same number of days (Kaplan-Meier), so that lengths can be compared.",
    ),
    "wait_days": Word(
        "等待天数", "wait to the next purchase day", ",.1f",
        "计入数据末日仍未结束的等待（Kaplan-Meier），因此长于观察到的间隔。",
        "With the waits still open at the end of the data (Kaplan-Meier); hence longer than the gaps seen.",
    ),
    "gaps_seen": Word("观察到的间隔数", "gaps seen", COUNT),
    "waits_open": Word("未结束的等待数", "waits still open", COUNT),
}  # fmt: skip

AUDIT: dict[str, Word] = {
    "leak_audit": Word(
        "泄漏审计", "audit for leaks", "", "检查特征是否用到了截止日当时不可能知道的信息。",
        "Whether features use what could not be known on the evening of the cutoff.",
    ),
    "audit_check": Word("检查项", "check"),
    "passed": Word("是否通过", "passed"),
    "audit_passed": Word("通过", "passed"),
    "audit_warned": Word("提醒", "warning"),
    "audit_failed": Word("未通过", "failed"),
    "examined": Word("检查数", "examined", COUNT),
    "flagged_count": Word("有问题的数目", "flagged", COUNT),
    "flagged_items": Word("有问题的项目", "what is flagged"),
    "audit_value": Word("最差值", "worst value", ",.3f"),
    "audit_limit": Word("界限", "limit", ",.3f"),
    "truncation_invariance": Word(
        "截断不变性", "truncation invariance", "", "截止日之后的数据无论怎样改动，特征都不应改变。",
        "Features must not change whatever is changed after the cutoff.",
    ),
    "repeatable_features": Word("特征可重复", "repeatable features"),
    "undated_tables": Word("时间未知的表", "tables without known times"),
    "single_feature_alarm": Word(
        "单特征警戒", "single-feature alarm", "", "单个特征的 AUC（或 1−AUC）超过 0.97，多半用到了结果。",
        "A feature alone with an AUC, or 1 - AUC, above .97 has most likely seen the outcome.",
    ),
    "tautology": Word(
        "同义反复", "tautology", "", "标签只是某个特征的阈值。",
        "The label is but a threshold of a feature.",
    ),
    "id_features": Word("编号类特征", "ids as features"),
    "forward_labels": Word("标签在后", "labels lie after features"),
    "silent_end": Word("数据末端空白", "silent end of the data"),
    "short_observation": Word("观察期不足", "short observation"),
    "shared_outcome_days": Word("结果期重叠", "outcomes that share days"),
    "auc_ceiling": Word(
        "AUC 上限", "ceiling of the AUC", "", "事先声明的可信 AUC 上限。",
        "The highest AUC believed, declared before.",
    ),
    "training_outcome_ends": Word("训练结果期已结束", "training outcomes end in time"),
    "shared_customers": Word("客户跨训练与测试", "customers on both sides"),
    "same_features": Word("特征一致", "same features"),
    "overwritten_terms": Word(
        "到期日被改写", "overwritten ends of terms", "", "到期日若在离开之后被改成实际终止日，就泄漏了结果。",
        "An end of a term that was overwritten by the actual end tells the outcome.",
    ),
    "feature_auc": Word(
        "单特征 AUC", "AUC of the feature alone", ",.3f", "只凭该特征区分流失客户的能力，取 AUC 与 1−AUC 中较大者。",
        "How well the feature alone tells the churned: the larger of AUC and 1 - AUC.",
    ),
    "filled_share": Word("非空比例", "filled", SHARE),
    "read_as": Word("读作", "read as"),
    "as_number": Word("数值", "number"),
    "as_category": Word("类别", "category"),
    "moved_table": Word("数据表", "table"),
    "moved_by": Word("改动方式", "changed by"),
    "call_error": Word("出错信息", "error"),
    "rows_dropped": Word("删去之后的行", "later rows dropped"),
    "rows_doubled": Word("重复之后的行", "later rows doubled"),
    "rows_revalued": Word("改动之后各行的数值", "values of later rows changed"),
    "rows_redated": Word("推迟之后各行的日期", "later rows dated later"),
    "columns_blanked": Word("清空之后才知道的内容", "what became known later blanked"),
    "columns_filled": Word("改写之后才知道的内容", "what becomes known later changed"),
    "called_twice": Word("调用两次", "called twice"),
    "table_removed": Word("去掉该表", "table removed"),
}  # fmt: skip

FORWARD: dict[str, Word] = {
    "forward_role": Word("用途", "role"),
    "forward_test": Word("测试", "test"),
    "forward_training": Word("训练", "training"),
    "forward_refused": Word("不可用", "refused"),
    "forward_reason": Word("原因", "why refused"),
    "runs_past_test": Word("结果期晚于测试截止日", "outcome runs past the test cutoff"),
    "before_data": Word("早于数据起点", "before the data"),
    "short_history": Word("历史过短", "too little history"),
    "outcome_start": Word("结果期首日", "first day of the outcome"),
    "outcome_end": Word("结果期末日", "last day of the outcome"),
    "forward_validation": Word(
        "前向检验", "forward test", "", "用较早截止日训练，在较晚截止日测试；训练结果期须在测试截止日前结束。",
        "Trained at earlier cutoffs, tested at a later one; training outcomes end by the test cutoff.",
    ),
}  # fmt: skip

WORDS: dict[str, Word] = WINDOWS | LENGTHS | AUDIT | FORWARD
