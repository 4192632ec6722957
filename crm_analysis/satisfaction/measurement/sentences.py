"""The sentences of the measurement gate, by key, in both languages."""

SENTENCES: dict[str, dict[str, str]] = {
    "head": {
        "zh": "{n:,} 位受访者{left}。可能的说法中，不可 {no} 条，须谨慎 {care} 条，可以 {fine} 条。",
        "en": "{n:,} respondents{left}. Of what one may want to say, {no} claims are not allowed, {care} need caution "
        "and {fine} are allowed. ",
    },
    "head_left_out": {"zh": "（另有 {out:,} 位未计入）", "en": " ({out:,} more left out)"},
    "head_rows": {
        "zh": "区间来自对受访者的 {draws:,} 次重抽样。",
        "en": "Intervals come from drawing the respondents again {draws:,} times.",
    },
    "head_normal": {
        "zh": "仅有相关矩阵，区间来自 {draws:,} 次正态抽样，以回答服从正态分布为前提。",
        "en": "Only correlations are known: intervals come from {draws:,} samples of normal answers.",
    },
    "head_none": {
        "zh": "没有重抽样，因此没有区间，也没有检验。",
        "en": "Nothing was drawn again, so there are no intervals and no tests.",
    },
    "head_claim_refused": {"zh": "不可（{count} 条）：", "en": "Not allowed ({count}):"},
    "head_claim_caution": {"zh": "须谨慎（{count} 条）：", "en": "With caution ({count}):"},
    "head_claim_ok": {"zh": "可以（{count} 条）：", "en": "Allowed ({count}):"},
    "reliable": {
        "zh": "{first}的得分可靠：α {alpha:.2f}，不低于 {limit:.2f}。",
        "en": "The scores of {first} are reliable: alpha {alpha:.2f}, not below {limit:.2f}.",
    },
    "unreliable": {
        "zh": "{first}的得分不可靠：α {alpha:.2f}，低于 {limit:.2f}，不要据此比较受访者或群体。",
        "en": "The scores of {first} are not reliable: alpha {alpha:.2f} lies below {limit:.2f}. "
        "Do not compare respondents or groups by them.",
    },
    "hidden": {
        "zh": "{first}的得分不可靠：α {alpha:.2f}，低于 {limit:.2f}；"
        "组合信度 {rho_c:.2f}（{loadings} 载荷）掩盖了这一点。",
        "en": "The scores of {first} are not reliable: alpha {alpha:.2f} lies below {limit:.2f}; "
        "the composite reliability {rho_c:.2f} ({loadings} loadings) hides it.",
    },
    "hidden_by_item": {
        "zh": "{first}的得分不可靠：α {alpha:.2f}，低于 {limit:.2f}，题项 {item} 的载荷仅 {loading:.2f}；"
        "组合信度 {rho_c:.2f}（{loadings} 载荷）掩盖了这一点。",
        "en": "The scores of {first} are not reliable: alpha {alpha:.2f} lies below {limit:.2f} and {item} loads "
        "only {loading:.2f}; the composite reliability {rho_c:.2f} ({loadings} loadings) hides it.",
    },
    "no_alpha": {
        "zh": "{first}的 α 无法计算：题项相互抵消，检查是否有反向题。",
        "en": "{first} has no alpha: its items cancel out; look for reversed items.",
    },
    "reliability_open": {
        "zh": "{first}的得分是否可靠不能确定：α {alpha:.2f}，未能确认不低于 {limit:.2f}。",
        "en": "Whether the scores of {first} are reliable is open: alpha {alpha:.2f} is not safely at {limit:.2f}.",
    },
    "redundant": {
        "zh": "{first}的题项可能重复：α {alpha:.2f}，达到 {limit:.2f}，检查是否把同一问题问了几遍"
        "（题项多时 α 也会偏高）。",
        "en": "The items of {first} may repeat each other: alpha {alpha:.2f} reaches {limit:.2f}; look whether one "
        "question is asked several times (many items raise alpha, too).",
    },
    "single_item": {
        "zh": "{first}只有一个题项：信度无从得知，它与其他潜变量的关系会偏弱。",
        "en": "{first}: a single item, so that its reliability cannot be seen and its relations come out too weak.",
    },
    "shared": {
        "zh": "{first}的题项共有一个核心：AVE {ave:.2f}（{loadings} 载荷），不低于 {limit:.2f}。",
        "en": "The items of {first} share one idea: AVE {ave:.2f} ({loadings} loadings), not below {limit:.2f}.",
    },
    "not_shared": {
        "zh": "{first}的题项误差多于共性：AVE {ave:.2f}（{loadings} 载荷），低于 {limit:.2f}，"
        "不要说它们测的是同一概念。",
        "en": "The items of {first} hold more error than common ground: AVE {ave:.2f} ({loadings} "
        "loadings) lies below {limit:.2f}. Do not say that they measure one idea.",
    },
    "shared_open": {
        "zh": "{first}的题项是否共性多于误差不能确定：AVE {ave:.2f}（{loadings} 载荷），未能确认不低于 {limit:.2f}。",
        "en": "Whether the items of {first} share more than error is open: AVE {ave:.2f} ({loadings} "
        "loadings) is not safely at {limit:.2f}.",
    },
    "item_fits": {
        "zh": "题项 {first} 属于{construct}：载荷 {loading:.2f}。",
        "en": "{first} measures {construct}: loading {loading:.2f}.",
    },
    "reversed_item": {
        "zh": "题项 {first} 与{construct}的其余题项方向相反（载荷 {loading:.2f}，与其余总分相关 {rest:.2f}）："
        "若为反向题，请在 reversed_items 中声明，否则应剔除。",
        "en": "{first} runs against the rest of {construct} (loading {loading:.2f}, item-rest correlation {rest:.2f}): "
        "declare it in reversed_items if the question is reversed, or leave it out.",
    },
    "weak_item": {
        "zh": "不要说题项 {first} 测量{construct}：载荷仅 {loading:.2f}。",
        "en": "Do not say that {first} measures {construct}: it loads only {loading:.2f}.",
    },
    "loads_elsewhere": {
        "zh": "题项 {first} 与{other}的关系（{other_loading:.2f}）强于与{construct}的关系：载荷差 {lead:.2f}。",
        "en": "{first} goes with {other} ({other_loading:.2f}) more than with {construct}: lead {lead:.2f}.",
    },
    "may_load_elsewhere": {
        "zh": "题项 {first} 属于{construct}还是{other}不能确定：载荷差 {lead:.2f}。",
        "en": "Whether {first} belongs to {construct} or to {other} is open: lead of the loading {lead:.2f}.",
    },
    "low_loading": {
        "zh": "题项 {first} 的载荷偏低：{loading:.2f}，一半以上的方差与{construct}无关。",
        "en": "{first} loads {loading:.2f}: more than half of its variance has nothing to do with {construct}.",
    },
    "without_item": {
        "zh": "删去后 α 由 {alpha:.2f} 变为 {dropped:.2f}。",
        "en": " Without it alpha goes from {alpha:.2f} to {dropped:.2f}.",
    },
    "apart": {
        "zh": "{first}与{second}可以区分：HTMT {htmt:.2f}，单侧上限 {upper:.2f}，低于 {limit:.2f}。",
        "en": "{first} and {second} can be told apart: HTMT {htmt:.2f}, one-sided bound {upper:.2f} below {limit:.2f}.",
    },
    "close": {
        "zh": "{first}与{second}十分接近：HTMT {htmt:.2f}，单侧上限 {upper:.2f}，低于 1 但未低于 {limit:.2f}。",
        "en": "{first} and {second} are close: HTMT {htmt:.2f}, one-sided bound {upper:.2f}, below 1 "
        "but not below {limit:.2f}.",
    },
    "same": {
        "zh": "{first}与{second}无法区分：HTMT {htmt:.2f}，单侧 95% 上限 {upper:.3f}，对 1 的检验 p {test}。",
        "en": "{first} and {second} cannot be told apart: HTMT {htmt:.2f}, one-sided 95% bound {upper:.3f}, "
        "p {test} against 1.",
    },
    "same_untested": {
        "zh": "{first}与{second}无法区分：HTMT {htmt:.2f} 达到 1（未作检验）。",
        "en": "{first} and {second} cannot be told apart: HTMT {htmt:.2f} reaches 1 (not tested).",
    },
    "apart_untested": {
        "zh": "{first}与{second}能否区分未经检验：HTMT {htmt:.2f}，没有区间。",
        "en": "Whether {first} and {second} can be told apart is not tested: HTMT {htmt:.2f}, without an interval.",
    },
    "no_separate_effects": {
        "zh": "不要说二者对{targets}各有多大影响。",
        "en": " Do not speak of their separate effects on {targets}.",
    },
    "path_within": {
        "zh": "二者之间的路径可能只是同一事物与自身的相关。",
        "en": " The path between them may relate a thing to itself.",
    },
    "separable": {
        "zh": "{first} → {second}：VIF {vif:.2f}，低于 {limit:.0f}。",
        "en": "{first} → {second}: VIF {vif:.2f}, below {limit:.0f}.",
    },
    "raised": {
        "zh": "{first} → {second}：与其他预测变量重叠较多（VIF {vif:.2f}，达到 {limit:.0f}），系数不精确。",
        "en": "{first} → {second}: it overlaps with the other predictors (VIF {vif:.2f} reaches {limit:.0f}), "
        "so its coefficient is imprecise.",
    },
    "inflated": {
        "zh": "不要单独解释 {first} → {second}：它与其他预测变量重复（VIF {vif:.2f}，达到 {limit:.0f}）。",
        "en": "Do not interpret {first} → {second} by itself: it repeats the other predictors "
        "(VIF {vif:.2f} reaches {limit:.0f}).",
    },
    "fits": {
        "zh": "模型再现了题项间的相关（{first}，{second}）：SRMR {srmr:.3f}，精确拟合检验 p {test}。",
        "en": "The model reproduces the correlations of the items ({first}; {second}): SRMR {srmr:.3f}, "
        "exact fit p {test}.",
    },
    "some_misfit": {
        "zh": "不要说模型完全拟合（{first}，{second}）：SRMR {srmr:.3f} 未超过 {limit:.2f}，但精确拟合检验 p {test}。",
        "en": "Do not say that the model fits exactly ({first}; {second}): SRMR {srmr:.3f} is within {limit:.2f}, "
        "but exact fit has p {test}.",
    },
    "poor_fit": {
        "zh": "不要说模型拟合（{first}，{second}）：SRMR {srmr:.3f}，超过 {limit:.2f}，精确拟合检验 p {test}。",
        "en": "Do not say that the model fits ({first}; {second}): SRMR {srmr:.3f} exceeds {limit:.2f}, "
        "exact fit p {test}.",
    },
    "poor_fit_untested": {
        "zh": "不要说模型拟合（{first}，{second}）：SRMR {srmr:.3f}，超过 {limit:.2f}（未作检验）。",
        "en": "Do not say that the model fits ({first}; {second}): SRMR {srmr:.3f} exceeds {limit:.2f} (not tested).",
    },
    "nothing_to_fit": {
        "zh": "不要把再现相关当作模型成立的证据（{first}，{second}）：模型没有可检验的约束，SRMR 必为 {srmr:.3f}。",
        "en": "Do not take reproduced correlations for evidence ({first}; {second}): the model constrains nothing "
        "that could be tested, so that SRMR is {srmr:.3f} by construction.",
    },
    "fit_untested": {
        "zh": "模型拟合未经检验（{first}，{second}）：SRMR {srmr:.3f}。",
        "en": "Fit is not tested ({first}; {second}): SRMR {srmr:.3f}.",
    },
    "enough_rows": {
        "zh": "样本量 {n:,} 达到经验下限 {wanted:,}（{items} 个题项，单个方程最多 {arrows} 个预测变量）。",
        "en": "{n:,} respondents meet the rule of thumb of {wanted:,} ({items} items, at most {arrows} predictors).",
    },
    "few_rows": {
        "zh": "样本量 {n:,} 低于经验下限 {wanted:,}（{items} 个题项，单个方程最多 {arrows} 个预测变量），"
        "估计值不稳定。",
        "en": "{n:,} respondents fall short of the rule of thumb of {wanted:,} ({items} items, at most {arrows} "
        "predictors): estimates are unstable.",
    },
    "small_paths": {
        "zh": "样本量 {n:,} 只能可靠发现 {least:.2f} 以上的路径（反平方根法）；"
        "更小的路径不可断言“没有影响”：{arrows}。",
        "en": "{n:,} respondents show paths of {least:.2f} and more (inverse square root rule); of smaller ones do not "
        "say that there is no effect: {arrows}.",
    },
    "paths_seen": {
        "zh": "所有路径都不小于样本量 {n:,} 所能发现的 {least:.2f}（反平方根法）。",
        "en": "No path is smaller than {least:.2f}, which {n:,} respondents can show (inverse square root rule).",
    },
    "left_out": {
        "zh": "{read:,} 位受访者中有 {out:,} 位（{share:.0%}）因漏答未计入，结论未必适用于他们。",
        "en": "{out:,} of {read:,} respondents ({share:.0%}) are left out for gaps: claims may not hold for them.",
    },
    "few_left_out": {
        "zh": "{read:,} 位受访者中有 {out:,} 位未计入。",
        "en": "{out:,} of {read:,} respondents are left out.",
    },
    "solution_not_converged": {
        "zh": "外部权重未收敛，任何数字都不能使用。",
        "en": "The weights have not settled: none of the numbers can be used.",
    },
    "solution_inadmissible": {
        "zh": "PLSc 的解不可接受（出现不可能的数值），校正后的数字不能解释。",
        "en": "The solution of PLSc is inadmissible (it holds impossible numbers): corrected numbers mean nothing.",
    },
    "often_inadmissible": {
        "zh": "{share:.0%} 的重抽样得到不可接受的 PLSc 解，校正后的数字不可信。",
        "en": "PLSc is inadmissible in {share:.0%} of the replicates: corrected numbers are not to be trusted.",
    },
    "often_failed": {
        "zh": "{share:.1%} 的重抽样没有解。",
        "en": "{share:.1%} of the replicates have no solution.",
    },
    "answers_invented": {
        "zh": "{n:,} 位受访者中有 {filled:,} 位（{share:.1%}）的部分回答是以均值填补的，不是他们的回答：区间偏窄，"
        "题项之间的关系偏弱。",
        "en": "{filled:,} of {n:,} respondents ({share:.1%}) have answers filled in with means, which nobody gave: "
        "intervals come out too narrow and relations between items too weak.",
    },
    "solution_stands": {"zh": "估计已收敛，解可以使用。", "en": "The estimate has converged and can be used."},
}  # fmt: skip
