"""Words of churn: calibration of probabilities, resampling, imbalance."""

from crm_analysis.words.word import Word

_CALIBRATION = {
    "bin": Word(
        "分箱", "bin", "d",
        "按预测概率排序后等分的组，概率相同的客户在同一组。",
        "Customers in groups of equal size by predicted probability; equal probabilities stay together.",
    ),
    "probability_from": Word("最低概率", "lowest probability", ".1%"),
    "probability_to": Word("最高概率", "highest probability", ".1%"),
    "effective_rows": Word(
        "有效行数", "effective rows", ",.0f",
        "同一客户的多行彼此相似，合起来只相当于这么多独立的行。",
        "Rows of one customer are alike; together they are worth this many independent ones.",
    ),
    "observed_churn": Word("实际流失率", "observed churn", ".1%"),
    "probability_calibration": Word(
        "校准", "calibration", "",
        "预测概率与实际发生的比例相符：预测 30% 的客户中确有 30% 流失。",
        "Probabilities mean what they say: of customers given 30 %, 30 % churn.",
    ),
    "calibration_intercept": Word(
        "校准截距（整体）", "calibration in the large", "+.3f",
        "斜率固定为 1 时对数优势的偏移；0 为理想，小于 0 表示整体预测偏高。",
        "Shift of log odds with the slope held at 1; 0 is right, below 0 predictions are too high on average.",
    ),
    "calibration_slope": Word(
        "校准斜率", "calibration slope", ".3f",
        "实际对数优势对预测对数优势的斜率；1 为理想，小于 1 表示预测过于极端。",
        "Slope of observed on predicted log odds; 1 is right, below 1 predictions are too extreme.",
    ),
    "ece": Word(
        "期望校准误差（ECE）", "expected calibration error (ECE)", ".4f",
        "各分箱预测均值与实际流失率之差的绝对值，按行数加权平均。",
        "Distance of mean predicted from observed churn, averaged over bins by their rows.",
    ),
    "ece_by_chance": Word(
        "完全校准时的 ECE", "ECE if calibrated", ".4f",
        "概率完全正确时，这样大小的样本仅因随机也会出现的 ECE。",
        "What perfectly calibrated probabilities would show in a sample of this size, by chance alone.",
    ),
    "spiegelhalter_z": Word(
        "Spiegelhalter z", "Spiegelhalter's z", "+.2f",
        "检验概率是否正确：绝对值大于 1.96 时在 5% 水平上不成立。",
        "Test that the probabilities are right: beyond 1.96 they are not, at the 5 % level.",
    ),
    "spiegelhalter_p": Word("Spiegelhalter 检验 p 值", "p, Spiegelhalter", "p"),
    "log_loss_saved": Word(
        "节省的对数损失", "log loss saved", "+.4f",
        "修正后每行对数损失的降低，在未参与修正的行上测得；正数表示改善。",
        "Fall of the log loss per row, on rows that had no part in the mending; positive is better.",
    ),
    "brier_uncertainty": Word(
        "不确定性", "uncertainty", ".4f",
        "只用流失率作预测时的 Brier 分数。", "Brier score of the churn rate alone.",
    ),
    "brier_resolution": Word(
        "分辨度", "resolution", ".4f",
        "各分箱实际流失率的差异：把客户区分开所挣得的。",
        "How far observed churn differs between bins: what telling customers apart earns.",
    ),
    "brier_reliability": Word(
        "可靠度误差", "reliability", ".4f",
        "预测与实际不符（未校准）造成的损失。", "What miscalibration costs.",
    ),
    "brier_within": Word(
        "箱内项", "within bins", "+.4f",
        "分箱之内概率差异的作用；负数表示有益。", "What differences of probability within bins do; negative is a gain.",
    ),
}  # fmt: skip
_MENDING = {
    "mending": Word("修正方法", "mending"),
    "as_is": Word("保持原样", "as it is"),
    "mend": Word("需要修正", "needs mending"),
    "too_small_to_mend": Word("有偏差，但修正无益", "off, but mending gains nothing"),
    "calibration_not_known": Word("无法判断", "not known"),
    "sigmoid": Word(
        "逻辑再校准（Platt）", "logistic recalibration (Platt)", "",
        "把对数优势移到一条直线上：截距加斜率乘原对数优势。",
        "Log odds moved onto a line: intercept plus slope times log odds.",
    ),
    "isotonic": Word(
        "保序回归", "isotonic regression", "",
        "用任意不下降的曲线修正概率，需要较多数据。", "Any curve that never falls; it needs many rows.",
    ),
    "applied": Word("采用", "applied"),
    "probability_before": Word("修正前概率", "probability before mending", ".1%"),
    "probability_after": Word("修正后概率", "probability after mending", ".1%"),
    "known_from": Word(
        "所用截距的截止日", "intercept known from", "",
        "结果期在当前截止日之前已结束的最近一期。", "The latest cutoff whose outcome had ended by this one.",
    ),
    "hindsight_saved": Word(
        "事后最多可节省", "saved in hindsight", "+.4f",
        "用本期自己的截距修正（当时无从知道）所节省的对数损失。",
        "Log loss a shift by the cutoff's own intercept would have saved, which nobody knew.",
    ),
}  # fmt: skip
_LESSON = {
    "protocol": Word("重抽样方式", "protocol"),
    "no_resampling": Word("不重抽样", "no resampling"),
    "smote_inside": Word("仅在训练折内 SMOTE", "SMOTE inside training folds"),
    "smote_before": Word("先 SMOTE 再交叉验证", "SMOTE before cross-validation"),
    "oversampling_before": Word("先过采样再交叉验证", "oversampling before cross-validation"),
    "auc_claimed": Word("声称的 AUC", "AUC claimed", ".4f"),
    "accuracy_claimed": Word("声称的准确率", "accuracy claimed", ".3f"),
    "f1_claimed": Word("声称的 F1", "F1 claimed", ".3f"),
    "auc_kept_out": Word("留出客户的 AUC", "AUC, kept out", ".4f"),
    "accuracy_kept_out": Word("留出客户的准确率", "accuracy, kept out", ".3f"),
    "f1_kept_out": Word("留出客户的 F1", "F1, kept out", ".3f"),
    "brier_kept_out": Word("留出客户的 Brier 分数", "Brier score, kept out", ".4f"),
    "probability_kept_out": Word("留出客户的平均预测概率", "mean probability, kept out", ".1%"),
    "auc_overstated": Word("AUC 虚高", "AUC overstated by", "+.4f"),
    "leaked_rows": Word(
        "训练时已见过的测试行", "test rows the training knew", ",d",
        "其副本、由其合成的点或其来源在训练数据中。",
        "A copy of them, a point made of them, or what they were made of, is in the training.",
    ),
    "leaked_share": Word("测试行中训练时已见过的占比", "share of test rows seen in training", ".1%"),
    "side": Word("测量方式", "measured"),
    "claimed": Word("声称", "claimed"),
    "kept_out": Word("留出客户", "kept out"),
}  # fmt: skip
_IMBALANCE = {
    "churn_call": Word("判定方式", "decision"),
    "nobody_churns": Word("全部判为留存", "nobody churns"),
    "everybody_churns": Word("全部判为流失", "everybody churns"),
    "threshold_half": Word("阈值 50%", "from 50% on"),
    "threshold_churn_share": Word("阈值取流失率", "from the churn share on"),
    "balanced_half": Word("平衡权重，阈值 50%", "balanced weights, from 50% on"),
    "threshold_cost": Word("按成本定阈值", "from the costs' threshold on"),
    "probability_threshold": Word("概率阈值", "threshold", ".1%"),
    "called_share": Word("判为流失的占比", "called churners", ".1%"),
    "balanced_accuracy": Word(
        "平衡准确率", "balanced accuracy", ".1%",
        "两类召回率的平均；全部判为一类时为 50%。",
        "Mean of the recalls of both classes; 50 % when all are called alike.",
    ),
    "f1_score": Word(
        "F1 值", "F1", ".3f", "精确率与召回率的调和平均。", "Harmonic mean of precision and recall.",
    ),
}  # fmt: skip

WORDS: dict[str, Word] = _CALIBRATION | _MENDING | _LESSON | _IMBALANCE
