"""Words of the room `marketing`: uplift."""

from crm_analysis.words.word import Word

_KINDS = {
    "persuadables": ("敏感型", "persuadables", "处理了才有好结果的客户。", "Have the good outcome only if treated."),
    "sure_things": ("自然转化型", "sure things", "处理与否都有好结果的客户。", "Have the good outcome in either case."),
    "lost_causes": ("无动于衷型", "lost causes", "处理与否都没有好结果的客户。", "Have it in neither case."),
    "sleeping_dogs": (
        "反感型",
        "sleeping dogs",
        "不处理才有好结果的客户。",
        "Have the good outcome only if left alone.",
    ),
}
_BOUNDS = {
    f"{kind}_{side}": Word(f"{zh}（{zh_side}）", f"{en}, {en_side}", ".1%", zh_note, en_note)
    for kind, (zh, en, zh_note, en_note) in _KINDS.items()
    for side, zh_side, en_side in (("least", "至少", "at least"), ("most", "至多", "at most"))
}
WORDS: dict[str, Word] = (
    {kind: Word(*terms[:2], "", *terms[2:]) for kind, terms in _KINDS.items()}
    | _BOUNDS
    | {
        "score_group": Word(
            "得分组",
            "score group",
            "d",
            "客户按得分由高到低等分，1 为最高；得分相同的客户在同一组。",
            "Customers in equal parts by score, 1 is highest; equal scores stand in one group.",
        ),
        "score_mean": Word("平均得分", "mean score", "+.3f"),
        "treated": Word("处理组", "treated", ",d"),
        "control": Word("对照组", "control", ",d"),
        "treated_rate": Word("处理组转化率", "rate if treated", ".1%"),
        "control_rate": Word("对照组转化率", "rate in the control", ".1%"),
        "few_customers": Word(
            "客户过少",
            "too few customers",
            "",
            "任一组不足 30 位客户，或好结果不足 5 例。",
            "Fewer than 30 in an arm, or fewer than 5 good outcomes.",
        ),
        "predicted_uplift": Word(
            "预测增量",
            "predicted uplift",
            "+.2%",
            "增量模型对未参与训练的客户的预测。",
            "Predicted by a model that has not seen the customers.",
        ),
        "qini": Word(
            "Qini 曲线",
            "Qini curve",
            "+.4f",
            "按得分由高到低触达时，每位处理组客户多得的好结果。",
            "Good outcomes gained per treated customer when the best scored are treated first.",
        ),
        "qini_coefficient": Word(
            "Qini 系数",
            "Qini coefficient",
            "+.4f",
            "Qini 曲线与随机直线之间的面积；各软件的尺度不同，不可直接相比。",
            "Area between the Qini curve and the straight line of a random order; other packages scale it differently.",
        ),
        "random": Word("随机次序", "random order", "+.4f"),
        "responses_gained": Word("多得的好结果", "good outcomes gained", "+,.1f"),
        "policy": Word("触达方案", "policy"),
        "treat_nobody": Word("全不触达", "treat nobody"),
        "treat_best": Word("触达得分最高者", "treat the best scored"),
        "treat_everybody": Word("全部触达", "treat everybody"),
        "responses_per_1000": Word("每千位客户多得的好结果", "good outcomes gained per 1,000", "+,.1f"),
        "gain_per_1000": Word(
            "每千位客户净收益",
            "gain per 1,000 customers",
            "+,.0f",
            "多得的好结果的价值减去触达成本。",
            "Worth of the good outcomes gained less the cost of treating.",
        ),
        "gain_over_everybody": Word("比全部触达多得（每千位客户）", "gain over treating everybody, per 1,000", "+,.0f"),
        "risk_group": Word(
            "风险组",
            "risk group",
            "d",
            "客户按风险由高到低等分，1 为最高。",
            "Customers in equal parts by risk, 1 is highest.",
        ),
        "risk_mean": Word("平均风险", "mean risk", ".3f"),
    }
)
