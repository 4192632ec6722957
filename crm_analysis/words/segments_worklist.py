"""Words of worklists: actions, their cost and gain, and why somebody is not on the list."""

from crm_analysis.words.word import Word

COUNT, MONEY, SHARE = ",d", ",.2f", ".1%"

LIST: dict[str, Word] = {
    "next_action": Word(
        "建议行动", "next action", "", "在预算内净收益最高的行动，每位客户至多一项。",
        "The action with the best use of the budget; one at most per customer."
    ),
    "churn_reduction": Word(
        "流失概率降幅", "fall of the chance of churn", SHARE,
        "联系与不联系两种情形下流失概率之差；没有增量估计时为假设值。",
        "Chance of churn without the contact less that with it; assumed unless there are uplift estimates."
    ),
    "cost": Word(
        "预计成本", "expected cost", MONEY, "联系成本与预计发放的优惠。", "The contact, and offers to those who stay."
    ),
    "expected_gain": Word(
        "预计净收益", "expected gain", MONEY, "流失概率降幅 × 留住该客户的价值 − 预计成本。",
        "Fall of the chance of churn times the value of the customer if kept, less expected cost."
    ),
}  # fmt: skip

ACCOUNT: dict[str, Word] = {
    "list_standing": Word("名单归属", "standing on the list"),
    "to_contact": Word("需要联系", "to contact", COUNT),
    "excluded": Word(
        "按规则排除", "excluded", "", "未同意接收营销信息、有未决投诉、沉默过久等。",
        "No consent, an open complaint, and the like."
    ),
    "contact_cap": Word("近期联系已达上限", "contacted often enough lately"),
    "harmed_by_contact": Word(
        "联系反而促其流失", "driven away by a contact", "", "增量为负的客户（反感型），不应联系。",
        "Negative uplift (sleeping dogs): never contacted."
    ),
    "no_positive_gain": Word("净收益不为正", "no positive gain"),
    "list_full": Word("名单已满", "list full"),
    "budget_spent": Word("预算已用完", "budget spent"),
}  # fmt: skip

WORDS: dict[str, Word] = LIST | ACCOUNT
