"""What may be said of the importance of groups of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_analysis.churn.reasons.naming import feature_list, group_word
from crm_analysis.intervals import Estimate
from crm_analysis.words import Sentence, join

if TYPE_CHECKING:
    from crm_analysis.churn.reasons.importance import Importance


def importance_text(found: Importance) -> Sentence:
    """Return the reading of a table of importances: what counts most, what adds nothing visible, what it is not."""
    table = found.table
    first, row = table.index[0], table.iloc[0]
    drop = f"{Estimate(row['auc_drop'], row['auc_drop_low'], row['auc_drop_high']):.3f}"
    parts = [
        Sentence(
            f"在模型未见过的客户上（{found.folds} 折），AUC 为 {found.auc:.3f}。",
            f"On customers the model has not seen ({found.folds} folds) the AUC is {found.auc:.3f}.",
        )
    ]
    if row["visible"]:
        parts.append(Sentence(
            f"打乱“{group_word(first, row['features'], 'zh')}”一组，AUC 下降最多：{drop}。",
            f"Shuffling the group '{group_word(first, row['features'], 'en')}' costs most AUC: {drop}.",
        ))  # fmt: skip
    silent = list(table.index[~table["visible"]])
    if silent:
        parts.append(Sentence(
            f"{len(silent)} 组的区间没有高于 0，看不出对预测有贡献：{feature_list(silent, 'zh')}。",
            f"The interval of {len(silent)} group{'s' * (len(silent) > 1)} does not lie above 0, so nothing visible is "
            f"added by {feature_list(silent, 'en')}.",
        ))  # fmt: skip
    by_chance = 1 - found.level  # simulated: 1 to 5 %, the more the more levels a text has
    parts.append(Sentence(
        f"一组本无用处的特征，因偶然而显得有用的概率不超过约 {by_chance:.0%}。"
        f"重要性说明模型用到了什么，是相关，不是因果；同组特征共有的部分无法分开。",
        f"A group of no use seems useful by chance in up to about {by_chance:.0%} of cases. Importance says what the "
        f"model uses: association, not cause; what features of one group share cannot be split.",
    ))  # fmt: skip
    return join(parts)
