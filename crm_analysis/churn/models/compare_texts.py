"""What a comparison allows to say, in both languages, each statement beside its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.churn.models.contenders import BASELINES
from crm_analysis.churn.windows.check import heeded
from crm_analysis.churn.windows.sample import SNAPSHOT
from crm_analysis.words import Sentence, names, word

if TYPE_CHECKING:
    from crm_analysis.churn.models.compare import Comparison

FEW = 10  # churners in a test fold below which measures jump
MOST_NAMED = 5


def verdict_of(found: Comparison) -> list[Sentence]:
    """Return the sentences of a comparison: the best, the baselines, the chances, and what to beware of."""
    said = [*_ranking(found), *_baseline(found), *_chances(found), *_caution(found), *trouble_sentences(found.troubles),
            *heeded(found.warnings.drop(index="forward_labels", errors="ignore"))]  # fmt: skip
    if found.constant:
        shown, more = list(found.constant[:MOST_NAMED]), len(found.constant) - MOST_NAMED
        listed = [f"{'、'.join(shown)}等" if more > 0 else "、".join(shown), ", ".join(shown) + ", ..." * (more > 0)]
        said.append(Sentence(f"有 {len(found.constant)} 个特征在全部行中取值相同，不含信息：{listed[0]}。",
                             f"{len(found.constant)} features have one value in all rows and tell nothing:"
                             f" {listed[1]}."))  # fmt: skip
    return said


def trouble_sentences(troubles: pd.DataFrame) -> list[Sentence]:
    """Return one sentence per model that failed or warned, with the cause."""
    said = []
    for row in troubles.drop_duplicates(["model", "trouble"]).itertuples():
        zh, en = spaced(word(row.model, "zh")).lstrip(), word(row.model, "en")
        if row.trouble == "failed":
            said.append(Sentence(f"{zh}未能拟合，不参与比较，原因：{row.cause}。",
                                 f"Not compared, for it failed: {en} ({row.cause})."))  # fmt: skip
        else:
            said.append(Sentence(f"{zh}在 {row.folds} 次拟合中给出警告：{row.cause}。",
                                 f"In {row.folds} fits {en} warned: {row.cause}."))  # fmt: skip
    return said


def spaced(term: str) -> str:
    """Return a term for the middle of a Chinese sentence: a blank on each side that is Latin.

    Examples
    --------
    >>> spaced("BG/NBD 模型"), spaced("逻辑回归")
    (' BG/NBD 模型', '逻辑回归')
    """
    return " " * term[0].isascii() + term + " " * term[-1].isascii()


def difference_text(row: pd.Series, digits: int = 3) -> str:
    """Return a difference with its interval, whatever its side, as positive for the better model.

    Examples
    --------
    >>> difference_text(pd.Series({"difference": -0.02, "difference_low": -0.03, "difference_high": -0.01}))
    '0.020 [0.010, 0.030]'
    """
    d, low, high = row["difference"], row["difference_low"], row["difference_high"]
    low, high = (low, high) if d >= 0 else (-high, -low)
    digits += bool(low * high > 0 and round(min(abs(low), abs(high)), digits) == 0)  # a limit beside 0 is not printed 0
    return f"{abs(d):.{digits}f} [{low:z.{digits}f}, {high:z.{digits}f}]" if low == low else f"{abs(d):.{digits}f}"


def _ranking(found: Comparison) -> list[Sentence]:
    best, rows = found.best["auc"], found.differences
    value = found.table.loc[best, "auc"]
    others = rows[(rows["measure"] == "auc") & (rows["model"] == best)]
    said = [Sentence(f"按 AUC，{spaced(word(best, 'zh')).lstrip()}最高（{value:.3f}）。",
                     f"By AUC the best is {word(best, 'en')} ({value:.3f}).")]  # fmt: skip
    tied = others[others["within_noise"]]
    if len(tied):
        widest = tied.loc[tied["difference"].idxmax()]
        said.append(Sentence(
            f"它与{spaced(names(tied['other_model'], 'zh'))}的差异在各折的波动之内（最多 {difference_text(widest)}）。",
            f"What it has over {names(tied['other_model'], 'en')} is within the noise of the folds (at most"
            f" {difference_text(widest)})."))  # fmt: skip
        behind = others[~others["within_noise"] & (others["other_model"] != "prior")]["other_model"]
        if len(behind):
            said.append(Sentence(
                f"比{spaced(names(behind, 'zh'))}高，且超出各折的波动（各折差异更一致）。",
                f"Over {names(behind, 'en')} the lead is beyond the noise: it is steadier from fold to"
                " fold."))  # fmt: skip
    elif len(others):
        nearest = others.loc[others["difference"].idxmin()]
        said.append(Sentence(
            f"它高于其余各模型，差异均超出各折的波动，与最接近的{spaced(word(nearest['other_model'], 'zh'))}"
            f"相差 {difference_text(nearest)}。",
            f"It leads all others by more than the noise of the folds; the nearest,"
            f" {word(nearest['other_model'], 'en')}, by {difference_text(nearest)}."))  # fmt: skip
    return said


def _baseline(found: Comparison) -> list[Sentence]:
    """Whether learning pays against the strongest baseline."""
    known = found.table["auc"].dropna()
    weak, learned = known[known.index.isin(BASELINES)], known[~known.index.isin(BASELINES)]
    if weak.empty or learned.empty:
        return []
    base = weak.idxmax()
    rows = found.differences[found.differences["measure"] == "auc"]
    rows = rows[(rows["other_model"] == base) & rows["model"].isin(learned.index)]
    won = rows[rows["better"] == rows["model"]]
    zh, en = word(base, "zh"), word(base, "en")
    if won.empty:
        return [Sentence(
            f"没有哪个模型的排序能力比最好的基准（{zh}，AUC {weak[base]:.3f}）高出波动范围，用基准即可。",
            f"No model ranks customers better, beyond noise, than the best baseline ({en}, AUC {weak[base]:.3f}):"
            f" the baseline will do.")]  # fmt: skip
    gains = [(row["model"], difference_text(row)) for _, row in won.iterrows()]
    return [Sentence(
        f"与最好的基准（{zh}，AUC {weak[base]:.3f}）相比，"
        + "，".join(f"{spaced(word(key, 'zh')).lstrip()}高 {gain}" for key, gain in gains) + "。",
        f"Against the best baseline ({en}, AUC {weak[base]:.3f}) the gain is "
        + "; ".join(f"{gain} for {word(key, 'en')}" for key, gain in gains) + ".",
    )]  # fmt: skip


def _chances(found: Comparison) -> list[Sentence]:
    """Whether the chances come closer to what happened than the churn rate given to all."""
    scored = found.table["brier"].dropna().drop(index="prior", errors="ignore")
    if scored.empty:
        return []
    best, least = scored.idxmin(), scored.min()
    zh, en = spaced(word(best, "zh")).lstrip(), word(best, "en")
    high = found.table.loc[best, "brier_high"]
    if not high < found.prior_brier:
        return [Sentence(
            f"{zh}的 Brier 分数为 {least:.4f}，与给所有人相同流失率（{found.prior_brier:.4f}）相比，"
            "没有超出波动的改进。",
            f"The Brier score of {en}, {least:.4f}, is not below that of the churn rate given to all"
            f" ({found.prior_brier:.4f}) by more than noise.")]  # fmt: skip
    skill = 1 - least / found.prior_brier
    return [Sentence(
        f"概率方面，{zh}的 Brier 分数最低（{least:.4f}），"
        f"比给所有人相同流失率（{found.prior_brier:.4f}）低 {skill:.1%}。",
        f"The lowest Brier score is that of {en}, {least:.4f}: {skill:.1%} below the churn rate given to all"
        f" ({found.prior_brier:.4f}).")]  # fmt: skip


def _caution(found: Comparison) -> list[Sentence]:
    said = []
    if found.kind == SNAPSHOT:
        said.append(Sentence(
            "这是时点快照：特征与流失在同一天读取，无法用之后的时期检验，AUC 偏乐观。",
            "This is a snapshot: features and churn were read on the same day, so nothing can be tested on a later time"
            " and the AUC is optimistic."))  # fmt: skip
    elif found.cutoffs > 1:
        said.append(Sentence(
            "各折按客户分开，但混合了不同截止日；能否预测之后的时期，要看前向检验。",
            "Folds keep customers apart but mix cutoffs: only a forward test shows how a later time is"
            " foretold."))  # fmt: skip
    else:
        said.append(Sentence(
            "交叉验证检验的是同一截止日的其他客户；能否预测之后的时期，要看前向检验。",
            "Cross-validation tests on other customers of the same cutoff: only a forward test shows how a later time"
            " is foretold."))  # fmt: skip
    churners = min(found.y.sum(), len(found.y) - found.y.sum()) / found.splits
    if churners < FEW:
        said.append(Sentence(
            f"每个测试折中较少的一类平均只有 {churners:.1f} 位客户，各项指标波动很大。",
            f"A test fold holds only {churners:.1f} customers of the rarer class on average:"
            " measures jump."))  # fmt: skip
    return said
