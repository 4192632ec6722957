"""An experiment in sentences: the interval beside every number, and what was not shown said as plainly as what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.intervals import Estimate, p_text
from crm_analysis.marketing.experiments.peeking import peeking_table
from crm_analysis.words import Sentence, join, word

if TYPE_CHECKING:
    from crm_analysis.marketing.experiments.experiment import Experiment

BALANCE_LIMIT = 0.01


def experiment_text(found: Experiment) -> Sentence:
    """Return the result of an experiment in both languages: the split, the primary metric, the others, the warnings.

    Parameters
    ----------
    found : Experiment
    """
    if found.split.stop:
        return _stopped(found)
    primary = found.effects[found.effects["metric"] == found.outcome]
    parts = [_effect(row, found) for _, row in primary.iterrows()]
    parts += _others(found)
    parts += [_split(found), *_balance(found), *_warnings(found)]
    return join(parts)


def amount(value: float | Estimate, kind: str, *, sign: bool = False) -> tuple[str, str]:
    """Return a value of a metric as text (Chinese, English); effects on shares are in percentage points.

    Examples
    --------
    >>> amount(0.105, "kind_share"), amount(0.012, "kind_share", sign=True)
    (('10.50%', '10.50%'), ('+1.20 个百分点', '+1.20 percentage points'))
    """
    plus = "+" * sign
    if kind != "kind_share":
        return (f"{value:{plus},.4g}",) * 2
    digits = _digits(value)
    if not sign:
        return (f"{value:.{digits}%}",) * 2
    points = Estimate(*(100 * part for part in value)) if isinstance(value, Estimate) else 100 * value
    return f"{points:+.{digits}f} 个百分点", f"{points:+.{digits}f} percentage points"


def _digits(value: float | Estimate) -> int:
    """Return the digits after the point of a per cent: two, or as many as show two that are not 0."""
    parts = np.abs(np.atleast_1d(np.asarray(value, float))) * 100
    largest = parts[np.isfinite(parts)].max(initial=0.0)
    return 2 if largest == 0 or largest >= 0.01 else 1 - int(np.floor(np.log10(largest)))


def arm_name(arm: object, lang: str) -> str:
    """Return an arm in words; a number is said to be an arm.

    Examples
    --------
    >>> arm_name("mail", "en"), arm_name(0, "en"), arm_name(0, "zh")
    ('mail', 'arm 0', '0 组')
    """
    name = word(str(arm), lang)
    if not name.replace(".", "", 1).isdigit():
        return name
    return f"{name} 组" if lang == "zh" else f"arm {name}"


def _set_off(name: str) -> str:
    """Return a name as it stands before a Chinese word: a blank after letters and figures."""
    return f"{name} " if name[-1:].isascii() else name


def metric_name(name: object, kind: str, lang: str) -> str:
    """Return a metric in words; where a share goes by the name of a count, it says that it is a share.

    Examples
    --------
    >>> metric_name("bought", "kind_share", "zh"), metric_name("bought", "kind_mean", "zh")
    ('成交比例', '成交数')
    """
    term = word(str(name), lang)
    if lang != "zh" or kind != "kind_share" or term.endswith(("率", "比例", "占比")):
        return term
    return f"{term.removesuffix('数')}比例" if term.endswith("数") else term


def estimate(row: pd.Series, name: str) -> Estimate:
    """Return the three columns of a measure of one row as an estimate."""
    return Estimate(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))


def _effect(row: pd.Series, found: Experiment) -> Sentence:
    kind, effect, lift = row["metric_kind"], estimate(row, "effect"), estimate(row, "relative_effect")
    arm, control = ({lang: arm_name(name, lang) for lang in ("zh", "en")} for name in (row["arm"], found.control))
    metric = {lang: metric_name(row["metric"], kind, lang) for lang in ("zh", "en")}
    own, base = amount(row["arm_value"], kind), amount(row["control_value"], kind)
    gap = amount(effect, kind, sign=True)
    relative = f"{lift:+.1%}" if np.isfinite(lift.value) else ""
    told = Sentence(
        f"{metric['zh']}：{_set_off(arm['zh'])}为 {own[0]}，{_set_off(control['zh'])}为 {base[0]}，相差 {gap[0]}"
        f"{f'（相对 {relative}）' if relative else ''}{f'，{p_text(row.p)}' if np.isfinite(row.p) else ''}。",
        f"{metric['en']}: {own[1]} in {arm['en']}, {base[1]} in {control['en']}, a difference of {gap[1]}"
        f"{f' (relative {relative})' if relative else ''}{f', {p_text(row.p)}' if np.isfinite(row.p) else ''}.",
    )
    return join([told, _reading(effect, kind, found.level)])


def _reading(effect: Estimate, kind: str, level: float) -> Sentence:
    if not np.isfinite(effect.low):
        return Sentence("数据不足，无法给出区间。", "There is too little to give an interval.")
    low, high = amount(effect.low, kind, sign=True), amount(effect.high, kind, sign=True)
    if effect.low > 0 or effect.high < 0:
        return Sentence(
            f"分组由抽签决定，因此这一差异是处理的效果；{level:.0%} 的区间不含 0。",
            f"As the arms were drawn by lot, the difference is an effect of the treatment; its {level:.0%} interval"
            f" does not hold 0.",
        )
    return Sentence(
        f"没有发现差异不等于没有差异：数据（{level:.0%}）只排除了高于 {high[0]} 和低于 {low[0]} 的效果。",
        f"No difference found is not no difference: the data exclude ({level:.0%}) only effects larger than {high[1]}"
        f" or below {low[1]}.",
    )


def _others(found: Experiment) -> list[Sentence]:
    count = len(found.effects)
    if count < 2:
        return []
    hits = found.effects[found.effects["p_holm"] < 1 - found.level]
    listed = [[f"{metric_name(row.metric, row.metric_kind, lang)}/{arm_name(row.arm, lang)}"
               for row in hits.itertuples()] for lang in ("zh", "en")]  # fmt: skip
    names = ["、".join(listed[0]), ", ".join(listed[1])]
    remains = Sentence(f"仍然成立的有：{names[0]}", f"what remains: {names[1]}") if len(hits) else Sentence(
        "没有一项仍然成立", "none remains")  # fmt: skip
    return [Sentence(
        f"共比较 {count} 次（组别 × 指标）；按 Holm 校正后，{remains.zh}。各区间未作校正。",
        f"{count} comparisons were made (arms × metrics); after Holm's correction, {remains.en}. The intervals are not"
        f" corrected.",
    )]  # fmt: skip


def _split(found: Experiment) -> Sentence:
    if np.isnan(found.split.p):
        return Sentence(
            "未给出计划比例，分组比例未经检验。",
            "No planned split was given, so the sizes of the arms are not checked.",
        )
    return Sentence(f"各组人数与计划相符（{p_text(found.split.p)}）。",
                    f"The sizes of the arms agree with the plan ({p_text(found.split.p)}).")  # fmt: skip


def _stopped(found: Experiment) -> Sentence:
    sizes = [f"{n:,}" for n in found.arms["units"]]
    plans = [f"{n:,.0f}" for n in found.arms["planned_share"] * found.arms["units"].sum()]
    zh = [f"{arm_name(arm, 'zh')} {n}（计划 {plan}）" for arm, n, plan in zip(found.arms.index, sizes, plans)]
    en = [f"{arm_name(arm, 'en')} {n} (planned {plan})" for arm, n, plan in zip(found.arms.index, sizes, plans)]
    chi = f"{found.split.statistic:.2f}, {p_text(found.split.p)}"
    return Sentence(
        f"分析停止：各组人数与计划不符，{'，'.join(zh)}（卡方 {chi}）。说明有单位在过程中丢失或混入，各组不可比，"
        f"因此不给出任何结果；请先查明抽签、发送与记录环节。",
        f"Stopped: the arms do not have the planned sizes: {', '.join(en)} (chi-square {chi}). Units were lost or added"
        f" on the way, so the arms are not comparable and no measure is given; look into how units were drawn, reached"
        f" and recorded first.",
    )


def _balance(found: Experiment) -> list[Sentence]:
    if found.balance.empty or np.isnan(found.balance_p):
        return []
    p, most = p_text(found.balance_p), found.balance["standardised_difference"].abs().max()
    if found.balance_p < BALANCE_LIMIT:
        return [
            Sentence(
                f"实验前各组已有差异，超出抽签所能解释的范围（联合检验 {p}，最大标准化差异 {most:.2f}）：请查"
                "明分组过程。",
                f"The arms differed before the experiment by more than a lot explains (joint check {p},"
                " largest standardised"
                f" difference {most:.2f}): find out how the arms were drawn.",
            )
        ]
    return [Sentence(
        f"实验前各组没有超出抽签范围的差异（联合检验 {p}，最大标准化差异 {most:.2f}）。",
        f"Before the experiment the arms differed no more than a lot makes them (joint check {p}, largest standardised"
        f" difference {most:.2f}).",
    )]  # fmt: skip


def _warnings(found: Experiment) -> list[Sentence]:
    parts = []
    if found.effects["few_units"].any():
        parts.append(
            Sentence(
                "部分组的样本过小（不足 30 个单位，或成功、失败不足 10 次），区间只可作参考。",
                "Some arms are too small (fewer than 30 units, or fewer than 10 successes or failures): read"
                " their intervals with care.",
            )
        )
    if found.looks > 1:
        alarm = peeking_table([found.looks], level=found.level, draws=20_000)["false_alarm"].iloc[0]
        parts.append(
            Sentence(
                f"结果已查看 {found.looks} 次：若见到 p < {1 - found.level:.2g} 就停止，没有任何效果的实验也有"
                f" {alarm:.0%} 会被判为有效"
                f"（只看一次时为 {1 - found.level:.0%}）。",
                f"The result was looked at {found.looks} times: stopping at the first p <"
                f" {1 - found.level:.2g} finds an effect"
                f" in {alarm:.0%} of experiments without any (in {1 - found.level:.0%} with one look).",
            )
        )
    return parts
