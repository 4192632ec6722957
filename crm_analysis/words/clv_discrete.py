"""Words of the models in discrete time, in the room `clv`: buying on occasions (BG/BB), contracts (sBG, BdW)."""

from crm_analysis.words.word import Word

COUNT, SHARE, DECIMAL = ",d", ".1%", ".3f"

MODELS: dict[str, Word] = {
    "bg_bb": Word(
        "BG/BB 模型", "BG/BB", "",
        "贝塔几何/贝塔二项模型：客户在一次次购买机会上买或不买，直到不知不觉地流失（无合同、离散时间）。",
        "Beta-geometric/beta-binomial: on each occasion a customer buys or not, until dropping out unseen."
    ),
    "sbg": Word(
        "sBG 模型", "sBG", "",
        "移位贝塔几何模型：每位客户每次续约时的流失概率固定不变，但因人而异（合同制）。",
        "Shifted-beta-geometric: each customer leaves at every renewal with a fixed chance of their own (contracts)."
    ),
    "bdw": Word(
        "BdW 模型", "BdW", "",
        "贝塔离散韦布尔模型：在 sBG 的基础上，允许每位客户的流失概率随续约次数上升或下降。",
        "Beta-discrete-Weibull: the sBG in which a customer's own chance of leaving may rise or fall with tenure."
    ),
}  # fmt: skip

PARAMETERS: dict[str, Word] = {
    "bg_bb.alpha": Word("购买概率分布参数 α", "α of the chance of buying", DECIMAL),
    "bg_bb.beta": Word("购买概率分布参数 β", "β of the chance of buying", DECIMAL),
    "bg_bb.gamma": Word("流失概率分布参数 γ", "γ of the chance of dropping out", DECIMAL),
    "bg_bb.delta": Word("流失概率分布参数 δ", "δ of the chance of dropping out", DECIMAL),
    "sbg.alpha": Word("流失概率分布参数 α", "α of the chance of leaving", DECIMAL),
    "sbg.beta": Word("流失概率分布参数 β", "β of the chance of leaving", DECIMAL),
    "bdw.alpha": Word("流失概率分布参数 α", "α of the chance of leaving", DECIMAL),
    "bdw.beta": Word("流失概率分布参数 β", "β of the chance of leaving", DECIMAL),
    "bdw.c": Word(
        "时间依赖参数 c", "duration dependence c", DECIMAL,
        "c > 1 表示同一客户越来越容易流失，c < 1 表示越来越忠诚，c = 1 即 sBG。",
        "c > 1: the same customer becomes more likely to leave, c < 1 less likely; c = 1 is the sBG."
    ),
}  # fmt: skip

COLUMNS: dict[str, Word] = {
    "n_periods": Word(
        "购买机会次数", "occasions", COUNT, "首次购买之后有过的购买机会次数。",
        "Occasions to buy since the first purchase."
    ),
    "tenure": Word(
        "已续约次数", "tenure (renewals)", COUNT, "已到过的续约次数；已流失客户含流失的那一次。",
        "Renewals come to; for a customer who left, the one at which they left included."
    ),
    "ended": Word("已流失", "left"),
    "lost": Word("流失客户数", "customers lost", COUNT),
    "retention_rate": Word(
        "留存率", "retention rate", SHARE, "到期应续约的客户中续约的占比，逐期计算。",
        "Share of the customers who come to a renewal that renew."
    ),
    "churn_probability": Word(
        "流失概率", "churn probability", SHARE, "客户在该期（结果期，或该次续约）流失的概率。",
        "Chance that the customer churns in the period: the outcome, or this renewal."
    ),
    "expected_customers": Word(
        "预期留存客户数", "expected customers", ",.0f", "预期仍在的客户数，区间只含参数的不确定性。",
        "Customers expected to be still there; the interval holds the uncertainty of the parameters only."
    ),
    "customers_low": Word(
        "留存客户数预测下限", "customers still there, lower", ",.0f",
        "实际留存客户数的预测区间，含每位客户去留的偶然性。",
        "Prediction interval of the count itself, the chance of each customer included."
    ),
    "customers_high": Word(
        "留存客户数预测上限", "customers still there, upper", ",.0f",
        "实际留存客户数的预测区间，含每位客户去留的偶然性。",
        "Prediction interval of the count itself, the chance of each customer included."
    ),
    "discounted_lifetime": Word(
        "折现预期寿命（DEL）", "discounted expected lifetime (DEL)", ",.2f",
        "新客户预期付款次数的现值，首次付款计为 1；乘以每期毛利即为新客户价值。",
        "Present value of the payments expected of a new customer, the first counting 1; times margin, the value."
    ),
    "residual_lifetime": Word(
        "折现预期剩余寿命（DERL）", "discounted residual lifetime (DERL)", ",.2f",
        "续约前夕的客户今后预期付款次数的现值；乘以每期毛利即为剩余价值。",
        "Present value of the payments expected of a customer about to renew; times margin, the residual value."
    ),
    "first_churn": Word("首次续约时的流失概率（真值）", "own chance of leaving first (truth)", SHARE),
    "leaves_at": Word("流失时的续约次序（真值）", "renewal at which they leave (truth)", COUNT),
}  # fmt: skip

WORDS: dict[str, Word] = MODELS | PARAMETERS | COLUMNS
