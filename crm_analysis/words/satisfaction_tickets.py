"""Words of the room `satisfaction`: triage, waiting times, service levels and staying after a complaint."""

from crm_analysis.words.word import Word

_WAITING = {
    "tickets_in": Word("工单", "tickets"),
    "severity": Word("严重程度", "severity", "d"),
    "city": Word("城市", "city"),
    "party_count": Word("涉及方数", "parties involved", "d"),
    "step_done": Word("已完成", "done", ",d"),
    "still_open": Word(
        "仍未完成（删失）", "still open (censored)", ",d",
        "数据截止时还在等待的工单，按已等待的时间计入。",
        "Waiting at the end of the data; they count as long as they were seen.",
    ),
    "restricted_hours": Word(
        "限制平均等待时间（小时）", "restricted mean wait (hours)", ",.1f",
        "把每次等待截到同一上限后的平均值，即生存曲线下的面积；未完成的工单也计入。",
        "Mean of the waits, each cut at one limit: the area under the survival curve, open tickets included.",
    ),
    "until_hours": Word("限制上限（小时）", "limit of the mean (hours)", ",.0f"),
    "hours_after": Word("提交后小时数", "hours after opening", ",g"),
    "at_that_time": Word("观察到该时刻的工单", "followed until then", ",d"),
    "waiting_share": Word("仍在等待占比", "still waiting", ".1%"),
    "first_group": Word("第一组", "first group"),
    "second_group": Word("第二组", "second group"),
    "chi_squared": Word("卡方统计量", "chi-squared", ",.2f"),
    "expected_ends": Word(
        "期望发生数", "expected ends", ",.1f",
        "各组速度相同时应有的结束数。", "Ends if all groups ended at the same rate.",
    ),
    "target_hours": Word("目标时间（小时）", "target (hours)", ",g"),
    "in_time": Word("按时完成", "in time", ",d"),
    "too_late": Word("已超时", "too late", ",d"),
    "undecided": Word("尚未定论", "undecided", ",d", "仍未完成且未到目标时间，或在目标时间内以其他方式结束。",
                      "Open and younger than the target, or ended in another way in time."),
    "in_time_share": Word("按时完成率", "done in time", ".1%"),
    "breach_share": Word(
        "超时概率", "probability of a breach", ".1%",
        "到目标时间仍未完成的概率（Kaplan-Meier），未到目标时间的未完成工单按删失处理。",
        "Probability of still being open at the target (Kaplan-Meier), open tickets younger than it censored.",
    ),
    "ticket_end": Word("结束方式", "how it ended"),
    "days_after": Word("提交后天数", "days after opening", ",g"),
    "incidence": Word(
        "累积发生率", "cumulative incidence", ".1%",
        "到该时刻以此方式结束的占比（Aalen-Johansen）；各方式互相排斥。",
        "Share that ended in this way by then (Aalen-Johansen); one way shuts out the others.",
    ),
    "resolved": Word("已解决", "resolved"),
    "withdrawn": Word("客户撤销投诉", "withdrawn"),
    "escalated": Word("已升级", "escalated"),
}  # fmt: skip
_TRIAGE = {
    "priority": Word("优先级", "priority", "d", "1 为最先处理。", "1 comes first."),
    "severity_level": Word("严重程度", "severity", "d"),
    "urgency": Word("紧急程度", "urgency", "d"),
    "waiting_hours": Word("已等待（小时）", "waiting (hours)", ",.1f"),
    "longest_wait": Word("最长等待（小时）", "longest wait (hours)", ",.1f"),
    "replied": Word("已回复", "replied"),
    "triage_reasons": Word("分诊依据", "reasons"),
    "triage_reason": Word("分诊规则", "rule of triage"),
    "triage.no_reply_24h": Word("超过 24 小时未回复", "no reply for more than 24 hours"),
    "triage.no_reply_4h": Word("超过 4 小时未回复", "no reply for more than 4 hours"),
    "triage.open_7_days": Word("超过 7 天未解决", "open for more than 7 days"),
    "triage.open_3_days": Word("超过 3 天未解决", "open for more than 3 days"),
    "triage.threat": Word("提到法律、主管部门或媒体", "names the law, an authority or the press"),
    "triage.complained_before": Word("近期曾投诉", "complained before"),
    "triage.three_parties": Word("涉及三方及以上", "three parties or more"),
    "triage.severity_not_stated": Word("未注明严重程度，按中级处理", "severity not stated, taken as 2"),
    "first_rater": Word("第一评级者", "first rater"),
    "second_rater": Word("第二评级者", "second rater"),
}  # fmt: skip
_RATES = {
    "complaint_rate": Word("每千单投诉数", "complaints per 1,000 orders", ",.1f"),
    "centre_rate": Word("中心线", "centre line", ",.1f"),
    "lower_control": Word("下控制限", "lower control limit", ",.1f"),
    "upper_control": Word("上控制限", "upper control limit", ",.1f"),
    "signal": Word("异常信号", "signal"),
    "above_limit": Word("超出上控制限", "above the limit"),
    "below_limit": Word("低于下控制限", "below the limit"),
    "long_run": Word("连续 8 期在中心线同侧", "eight in a row on one side"),
    "sigma_factor": Word(
        "Laney 系数", "Laney's factor", ",.2f",
        "各期波动相对于泊松波动的倍数；大于 1 时控制限放宽，小于 1 时收窄。",
        "Spread from period to period against that of Poisson counts; above 1 the limits widen, below 1 they narrow.",
    ),
}  # fmt: skip
_STAYING = {
    "handling_then": Word(
        "起算日的处理结果", "handling on the landmark day", "",
        "投诉在起算日之前是否解决、是否补偿；之后的处理不计，以免用到未来的信息。",
        "Whether the complaint was resolved and compensated by the landmark; what came later does not count.",
    ),
    "csat_then": Word("起算日的处理满意度", "satisfaction on the landmark day"),
    "csat_high": Word("满意（4-5 分）", "content (4-5)"),
    "csat_middle": Word("一般（3 分）", "neither (3)"),
    "csat_low": Word("不满意（1-2 分）", "not content (1-2)"),
    "csat_none": Word("未评分或未解决", "no answer, or not resolved"),
    "bought_again": Word("再次购买人数", "bought again", ",d"),
    "bought_early": Word(
        "起算日前已购买", "bought before the landmark", ",d",
        "投诉之后、起算日之前已有订单的客户数。", "Customers with an order between complaint and landmark.",
    ),
    "stay_share": Word(
        "跟踪期内再次购买率", "bought again in time", ".1%",
        "自起算日起跟踪期内再次购买的占比（Kaplan-Meier）。",
        "Share with an order within the follow-up from the landmark (Kaplan-Meier).",
    ),
    "stay_difference": Word(
        "与参照组之差", "difference to the reference", "+.1%",
        "表示关联，不表示处理方式的作用。", "An association, not an effect of the handling.",
    ),
    "days_median": Word("距下一单天数中位数", "days to the next order, median", ",.0f"),
    "landmark_days": Word(
        "起算日（投诉后天数）", "landmark (days after opening)", ",d",
        "从这一天起计时，分组只用到这一天为止已知的信息。",
        "The clock starts on this day, and groups rest on what was known by then.",
    ),
    "follow_up_days": Word("跟踪天数", "follow-up (days)", ",d"),
}  # fmt: skip

WORDS: dict[str, Word] = _WAITING | _TRIAGE | _RATES | _STAYING
