"""What a forward test allows to say, in both languages: the latest cutoff first, then how steady it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.churn.models.compare_texts import difference_text, spaced, trouble_sentences
from crm_analysis.churn.models.contenders import BASELINES
from crm_analysis.churn.windows.check import heeded
from crm_analysis.intervals import Estimate
from crm_analysis.words import Sentence, names, word

if TYPE_CHECKING:
    from crm_analysis.churn.models.forward import ForwardTest


def verdict_of(test: ForwardTest, warnings: pd.DataFrame | None = None) -> list[Sentence]:
    """Return the sentences of a forward test; `warnings` are the rows of the audits of its samples that warned."""
    cutoff = test.cutoffs.index[-1]
    table, pairs = test.table.loc[cutoff], test.differences[test.differences["cutoff"] == cutoff]
    said = [_setting(test, cutoff), *_ranking(table, pairs), *_calibration(table, test.cutoffs.loc[cutoff]),
            *_steady(test), *trouble_sentences(test.troubles)]  # fmt: skip
    return said if warnings is None else [*said, *heeded(warnings)]


def calibration_sentence(key: str, row: pd.Series) -> Sentence:
    """Return what the mean chance of one model says beside the churn rate that came.

    Examples
    --------
    >>> row = pd.Series({"mean_probability": 0.48, "churn_rate": 0.42, "excess": 0.06, "excess_low": 0.04,
    ...                  "excess_high": 0.08})
    >>> calibration_sentence("logistic", row).en
    'Logistic regression expected 48.0% to churn, 42.0% did: too high by 6.0 points [4.0, 8.0].'
    """
    zh, en = spaced(word(key, "zh")).lstrip(), word(key, "en")
    p, rate, excess = row["mean_probability"], row["churn_rate"], row["excess"]
    side = 1 if excess >= 0 else -1
    low, high = (row["excess_low"], row["excess_high"])[::side]
    limits = f"{100 * abs(excess):.1f} {{}}[{100 * side * low:.1f}, {100 * side * high:.1f}]"
    if pd.isna(low):
        return Sentence(f"{zh}平均预期 {p:.1%} 流失，实际 {rate:.1%}。",
                        f"{en[0].upper() + en[1:]} expected {p:.1%} to churn, {rate:.1%} did.")  # fmt: skip
    if not (low * side > 0 and high * side > 0):
        return Sentence(
            f"{zh}平均预期 {p:.1%} 流失，实际 {rate:.1%}，偏差在抽样误差之内（{excess * 100:+z.1f} 个百分点）。",
            f"{en[0].upper() + en[1:]} expected {p:.1%} to churn, {rate:.1%} did: within chance"
            f" ({excess * 100:+z.1f} points).")  # fmt: skip
    return Sentence(
        f"{zh}平均预期 {p:.1%} 流失，实际 {rate:.1%}，{'高估' if side > 0 else '低估'} {limits.format('个百分点 ')}。",
        f"{en[0].upper() + en[1:]} expected {p:.1%} to churn, {rate:.1%} did: too {'high' if side > 0 else 'low'} by"
        f" {limits.format('points ')}.")  # fmt: skip


def _setting(test: ForwardTest, cutoff: pd.Timestamp) -> Sentence:
    row = test.cutoffs.loc[cutoff]
    days = row["train_cutoffs"].split(", ")
    zh, en = (f" {days[0]} 至 {days[-1]} 的 {len(days)} 个截止日", f"{len(days)} cutoffs from {days[0]} to {days[-1]}"
              ) if len(days) > 1 else (f"截止日 {days[0]} ", f"cutoff {days[0]}")  # fmt: skip
    return Sentence(
        f"以{zh}训练（{row['train_rows']:,} 行，流失率 {row['train_churn_rate']:.1%}），"
        f"检验截止日 {cutoff:%Y-%m-%d}（{row['test_rows']:,} 位客户，流失率 {row['test_churn_rate']:.1%}）。",
        f"Trained on {en} ({row['train_rows']:,} rows, {row['train_churn_rate']:.1%} churned), tested on"
        f" {cutoff:%Y-%m-%d} ({row['test_rows']:,} customers, {row['test_churn_rate']:.1%} churned).")  # fmt: skip


def _ranking(table: pd.DataFrame, pairs: pd.DataFrame) -> list[Sentence]:
    best = table["auc"].idxmax()
    row = table.loc[best]
    limits = f"{Estimate(row['auc'], row['auc_low'], row['auc_high']):.3f}"
    rows = pairs[(pairs["measure"] == "auc") & (pairs["model"] == best)]
    tied = rows[rows["within_noise"] & rows["difference_low"].notna()]
    said = [Sentence(f"排序能力最高的是{spaced(word(best, 'zh')).rstrip()}（AUC {limits}）。",
                     f"The best ranking is that of {word(best, 'en')} (AUC {limits}).")]  # fmt: skip
    if len(tied):
        said.append(Sentence(f"与{spaced(names(tied['other_model'], 'zh'))}的差异在抽样误差之内。",
                             f"Its lead over {names(tied['other_model'], 'en')} is within chance."))  # fmt: skip
    weak = table["auc"][table.index.isin(BASELINES)]
    if best not in BASELINES and len(weak):
        against = rows[rows["other_model"] == weak.idxmax()].iloc[0]
        if not against["within_noise"]:
            said.append(Sentence(
                f"比最好的基准（{word(weak.idxmax(), 'zh')}）高 {difference_text(against)}。",
                f"It gains {difference_text(against)} on the best baseline, {word(weak.idxmax(), 'en')}."))  # fmt: skip
    elif best in BASELINES and len(weak) < len(table):
        said.append(Sentence("学习得到的模型没有超过这一基准。", "No learned model ranks better than this baseline."))
    return said


def _calibration(table: pd.DataFrame, shift: pd.Series) -> list[Sentence]:
    learned = [key for key in table.index if key not in BASELINES] or [table["brier"].idxmin()]
    said = [calibration_sentence(key, table.loc[key]) for key in learned]
    off = [key for key in learned if table.loc[key, "excess_low"] > 0 or table.loc[key, "excess_high"] < 0]
    before, after = shift["train_churn_rate"], shift["test_churn_rate"]
    if off:
        said.append(Sentence(
            f"两期流失率由 {before:.1%} 变为 {after:.1%}；按概率计算金额之前，应先重新校准。",
            f"The churn rate went from {before:.1%} to {after:.1%}; recalibrate before counting money with these"
            " chances."))  # fmt: skip
    return said


def _steady(test: ForwardTest) -> list[Sentence]:
    """How the best of the pooled rows did from cutoff to cutoff."""
    if len(test.cutoffs) < 2:
        return []
    best = test.pooled["auc"].idxmax()
    values = test.table["auc"].xs(best, level="model")
    least, most = f"{values.min():.3f}", f"{values.max():.3f}"
    return [Sentence(
        f"在 {len(values)} 个检验截止日中，{spaced(word(best, 'zh')).lstrip()}的 AUC 在 {least} 与 {most} 之间。",
        f"Over {len(values)} test cutoffs the AUC of {word(best, 'en')} lies between {least} and {most}.")]  # fmt: skip
