"""Words of churn models: contenders, measures of a forecast, comparison and forward test."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "prior": Word(
        "统一流失率（先验）", "churn rate for all (prior)", "",
        "给每位客户相同的概率，即样本流失率。", "Everybody gets the churn rate of the sample.",
    ),
    "recency_only": Word(
        "仅看最近购买", "recency only", "",
        "只用距最近一次购买的天数：多久没来，就多可能流失。",
        "Days since the last purchase alone: the longer away, the likelier gone.",
    ),
    "tenure_only": Word(
        "仅看在网时长", "tenure only", "", "只用客户已在的时长。", "How long the customer has been there, alone.",
    ),
    "single_feature": Word("单一特征", "single feature"),
    "logistic": Word(
        "逻辑回归", "logistic regression", "",
        "流失的对数优势是各特征的加权和。", "The log odds of churn are a weighted sum of the features.",
    ),
    "boosting": Word(
        "梯度提升树", "gradient boosting", "",
        "逐步相加的小决策树，后一棵修正前面的误差。",
        "Small decision trees added one by one, each mending what is left.",
    ),
    "auc": Word(
        "AUC", "AUC", ".3f",
        "随机取一位流失客户和一位留存客户，前者得分更高的概率；0.5 相当于抛硬币。",
        "Chance that a churner has a higher score than a customer who stayed; 0.5 is a coin.",
    ),
    "average_precision": Word(
        "平均精确率", "average precision", ".3f",
        "沿排序逐个找到流失客户时，精确率的平均值；随机排序时等于流失率。",
        "Precision averaged over the churners found going down the ranking; a random order has the churn rate.",
    ),
    "brier": Word(
        "Brier 分数", "Brier score", ".4f",
        "概率与结果（0 或 1）之差的平方的均值，越小越好。",
        "Mean squared distance of chances from what happened, 0 or 1; less is better.",
    ),
    "brier_skill": Word(
        "Brier 改进率", "Brier skill", ".1%",
        "比给所有人相同流失率时的 Brier 分数低多少。",
        "How far the Brier score lies below that of the churn rate for all.",
    ),
    "log_loss": Word(
        "对数损失", "log loss", ".4f",
        "赋予实际结果的概率的负对数的均值，越小越好。",
        "Mean of minus the log of the chance given to what happened; less is better.",
    ),
    "accuracy": Word(
        "准确率", "accuracy", ".1%",
        "按阈值判断正确的客户占比；应与“全部判为留存”的准确率对照。",
        "Customers on the right side of the threshold; to be read beside calling nobody a churner.",
    ),
    "top_decile_lift": Word(
        "前 10% 客户的提升度", "lift of the first tenth", ".2f",
        "得分最高的 10% 客户的流失率与总体流失率之比；同分者按比例分摊。",
        "Churn rate of the tenth with the highest scores over that of all; equal scores share alike.",
    ),
    "auc_sd": Word("AUC 的折间标准差", "AUC, sd over folds", ".3f"),
    "average_precision_sd": Word("平均精确率的折间标准差", "average precision, sd over folds", ".3f"),
    "brier_sd": Word("Brier 分数的折间标准差", "Brier score, sd over folds", ".4f"),
    "log_loss_sd": Word("对数损失的折间标准差", "log loss, sd over folds", ".4f"),
    "top_decile_lift_sd": Word("前 10% 客户的提升度的折间标准差", "lift of the first tenth, sd over folds", ".2f"),
    "within_noise": Word(
        "差异在波动之内", "within noise", "",
        "差异的区间含 0：两个模型分不出高下。", "The interval of the difference holds 0: the two cannot be told apart.",
    ),
    "trouble": Word("问题", "trouble"),
    "failed": Word("未能拟合", "failed"),
    "warned": Word("有警告", "warned"),
    "cause": Word("原因", "cause"),
    "folds": Word("折数", "folds", ",d"),
    "fold": Word("折", "fold", "d"),
    "repeat": Word("重复", "repeat", "d"),
    "ranked_part": Word(
        "排序分组", "part of the ranking", "d",
        "客户按流失概率由高到低等分，1 为最高。", "Customers in equal parts by chance of churn, 1 is highest.",
    ),
    "churners": Word("流失客户数", "churners", ",.1f"),
    "captured": Word(
        "覆盖的流失客户占比", "churners captured", ".1%",
        "名单内的流失客户占全部流失客户的比例。", "Share of all churners who are on the list.",
    ),
    "lift": Word(
        "提升度", "lift", ".2f",
        "名单内流失率与总体流失率之比。", "Churn rate on the list over that of all.",
    ),
    "recall": Word("召回率", "recall", ".1%"),
    "precision": Word("精确率", "precision", ".1%"),
    "false_alarms": Word(
        "误报率", "false alarms", ".1%",
        "留存客户中被判为流失的比例。", "Share of customers who stayed but were called churners.",
    ),
    "mean_probability": Word(
        "平均预测概率", "mean predicted chance", ".1%",
        "模型预期的流失率。", "The churn rate that the model expects.",
    ),
    "excess": Word(
        "预测偏差", "predicted less observed", "+.1%",
        "平均预测概率减实际流失率；为正表示高估。", "Mean chance less the churn rate; above 0 it overstates.",
    ),
    "train_cutoffs": Word("训练截止日", "training cutoffs"),
    "train_rows": Word("训练行数", "training rows", ",d"),
    "train_churn_rate": Word("训练期流失率", "churn rate in training", ".1%"),
    "test_rows": Word("检验行数", "test rows", ",d"),
    "test_churn_rate": Word("检验期流失率", "churn rate in the test", ".1%"),
    "known_share": Word(
        "训练时已有的客户", "known from training", ".1%",
        "检验客户中也出现在训练截止日的比例。", "Test customers who were in the training cutoffs too.",
    ),
}  # fmt: skip
