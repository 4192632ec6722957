"""Sentences on a fit in Chinese and English: limits of the models, parameters the data do not determine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from crm_analysis.clv.models.limits import WIDE, Reading, factor, survivors

if TYPE_CHECKING:
    from crm_analysis.clv.models.estimator import Estimator

Texts = tuple[str, str]
UNITS = {"day": ("天", "days", "day"), "week": ("周", "weeks", "week"), "month": ("个月", "months", "month"),
         "year": ("年", "years", "year"), "": ("个时间单位", "units of time", "unit of time")}  # fmt: skip

LIMITS: dict[tuple[str, str, str], Texts] = {
    ("buy", "gamma", "alike"): (
        "{first}、{second} 同时趋于无穷：客户之间看不出购买率的差异，可视为都以同一购买率购买，{mean_zh}。",
        "{first} and {second} run to infinity together: customers do not differ in how often they buy; "
        "all buy at one rate, {mean_en}.",
    ),
    ("buy", "gamma", "split"): (
        "{first} 趋于 0：少数客户购买极为频繁，其余客户几乎不再购买，中间没有过渡。",
        "{first} runs to 0: a few customers buy very often and the others hardly ever, with nothing between.",
    ),
    ("buy", "beta", "alike"): (
        "{first}、{second} 同时趋于无穷：客户之间看不出购买概率的差异，可视为都是同一概率，{mean_zh}。",
        "{first} and {second} run to infinity together: customers do not differ in how often they buy; "
        "all have one chance, {mean_en}.",
    ),
    ("buy", "beta", "split"): (
        "{first}、{second} 同时趋于 0：客户分为两类，一类每次机会都购买，另一类从不购买；前者的比例为 {mean_zh}。",
        "{first} and {second} run to 0: some customers buy on every occasion, a share of {mean_en}, the others never.",
    ),
    ("buy", "beta", "all"): (
        "购买概率趋于 1：客户在流失之前每次机会都购买。",
        "The chance of buying runs to 1: customers buy on every occasion until they leave.",
    ),
    ("leave", "gamma", "none"): (
        "流失率趋于 0（{first} 趋于 0 或 {second} 趋于无穷）：数据中看不出有客户流失，用不含流失的 NBD 模型即可。",
        "The dropout rate runs to 0 ({first} to 0, or {second} to infinity): the data show nobody dropping out; "
        "the NBD, which has no dropout, says the same.",
    ),
    ("leave", "gamma", "alike"): (
        "流失率的异质性无法识别（{first}、{second} 同时趋于无穷）：可视为所有客户的流失率相同，{mean_zh}。",
        "How dropout rates differ is not identified ({first} and {second} run to infinity together): "
        "one dropout rate does for all, {mean_en}.",
    ),
    ("leave", "gamma", "split"): (
        "{first}、{second} 同时趋于 0：客户分为两类，一部分首次购买后随即流失，其余几乎不流失；"
        "首次购买 {length_zh}后仍活跃的比例为 {alive:.1%}。",
        "{first} and {second} run to 0: part of the customers leave right after the first purchase, the others "
        "practically never; {alive:.1%} are still active after {length_en}.",
    ),
    ("leave", "beta", "none"): (
        "流失概率趋于 0（{first} 趋于 0 或 {second} 趋于无穷）：数据中看不出有客户流失，用不含流失的模型即可。",
        "The chance of dropping out runs to 0 ({first} to 0, or {second} to infinity): the data show nobody dropping "
        "out; a model without dropout says the same.",
    ),
    ("leave", "beta", "alike"): (
        "流失概率的异质性无法识别（{first}、{second} 同时趋于无穷）：客户之间看不出差异，"
        "平均流失概率{known_zh}，{mean_zh}。",
        "Dropout heterogeneity is not identified ({first} and {second} run to infinity together): customers do not "
        "differ more than chance allows. The mean chance of dropping out {known_en}: {mean_en}.",
    ),
    ("leave", "beta", "split"): (
        "{first}、{second} 同时趋于 0：客户分为两类，一类一有机会就流失，另一类从不流失；前者的比例为 {mean_zh}。",
        "{first} and {second} run to 0: some customers leave at the first chance, a share of {mean_en}, "
        "the others never.",
    ),
    ("leave", "beta", "all"): (
        "流失概率趋于 1：所有客户一有机会就流失。",
        "The chance of dropping out runs to 1: everybody leaves at the first chance.",
    ),
}  # fmt: skip

STANDS = (
    "这是模型的极限情形，并非拟合失败，预测仍然有效。",
    "This is a limit of the model, not a failed fit: predictions hold.",
)
GIVEN = ("参数为给定值，并非由数据拟合。", "The parameters were given, not fitted.")


def converged(errors: dict[str, float]) -> Texts:
    """Say that all is well, and which parameter is the vaguest."""
    name = max(errors, key=errors.get)
    size = factor(errors[name])
    return (
        f"拟合已收敛，各参数均可由数据确定；最不精确的是 {name}，其 95% 置信区间的上限为下限的 {size:.3g} 倍。",
        f"The fit has converged and the data determine every parameter; the vaguest is {name}, "
        f"the ends of whose 95% interval differ by a factor of {size:.3g}.",
    )


def limit(model: Estimator, reading: Reading) -> Texts:
    """Say what it means that a pair runs to a limit."""
    pair = reading.pair
    zh, en = LIMITS[pair.role, pair.shape, reading.limit]
    mean_zh, mean_en = mean(model, reading)
    known_zh, known_en = ("仍可确定", "still is") if reading.mean_known else ("同样难以确定", "is vague too")
    values = {"first": pair.first, "second": pair.second, "mean_zh": mean_zh, "mean_en": mean_en,
              "known_zh": known_zh, "known_en": known_en}  # fmt: skip
    if pair.role == "leave" and pair.shape == "gamma":
        values |= {"alive": survivors(model, pair)}
        values["length_zh"], values["length_en"] = length(model)
    return zh.format(**values), en.format(**values)


def stray(name: str, *, up: bool) -> Texts:
    """Say that a parameter that stands alone runs to a limit."""
    return (f"参数 {name} 趋于{'无穷' if up else ' 0'}。", f"The parameter {name} runs to {'infinity' if up else '0'}.")


def vague(model: Estimator, names: list[str], readings: list[Reading]) -> Texts:
    """Say which parameters the data do not determine, what is known all the same, and what can still be used."""
    least = f"{model.optimum_.eigenvalues[0]:.2g}"
    zh = (f"仅凭这些数据无法确定 {'、'.join(names)}：95% 置信区间的上下限相差 {WIDE:.0f} 倍以上"
          f"（信息矩阵的最小特征值为 {least}）。")  # fmt: skip
    en = (f"These data do not determine {' and '.join(names)}: the ends of the 95% interval differ by a factor of over "
          f"{WIDE:.0f} (smallest eigenvalue of the information: {least}).")  # fmt: skip
    known = [text for reading in readings for text in _known(model, reading)]
    if known:
        zh += f"可以确定的是：{'；'.join(text for text, _ in known)}。"
        en += f" Known: {'; '.join(text for _, text in known)}."
    length_zh, length_en = length(model)
    zh += f"期限不超过观察期（{length_zh}）的预测仍可使用；不宜解释这些参数，也不宜作更长期的预测。"
    en += (f" Predictions up to the length of observation ({length_en}) can still be used; do not interpret these "
           "parameters, and do not forecast much further.")  # fmt: skip
    return zh.replace("（）", ""), en.replace(" ()", "")


def _known(model: Estimator, reading: Reading) -> list[Texts]:
    """Return what is known of a pair of which something is not."""
    pair = reading.pair
    known = [(f"{name} = {_with_ends(reading, name)}",) * 2 for name in pair[:2] if name not in reading.unknown]
    known += [mean(model, reading)] if reading.mean_known else []
    if pair.role == "leave" and pair.shape == "gamma":
        share, (zh, en) = percent(survivors(model, pair)), length(model)
        known.append((f"首次购买 {zh}后仍活跃的比例约 {share}", f"about {share} still active after {en}"))
    return known


def _with_ends(reading: Reading, name: str) -> str:
    value, half = reading.value[name], math.sqrt(factor(reading.error[name]))
    return f"{value:.3g} [{value / half:.3g}, {value * half:.3g}]"


def mean(model: Estimator, reading: Reading) -> Texts:
    """Return the mean rate or chance of a pair with its interval."""
    (first, second), shape = reading.pair[:2], reading.pair.shape
    if shape == "beta":
        ends = f" [{percent(reading.low)}, {percent(reading.high)}]" if reading.mean_known else ""
        return (f"{first}/({first}+{second}) = {percent(reading.mean)}{ends}",) * 2
    ends = f" [{reading.low:.3g}, {reading.high:.3g}]" if reading.mean_known else ""
    text = f"{first}/{second} = {reading.mean:.3g}{ends}"
    zh, _, en = UNITS.get(model.unit_, UNITS[""])
    return f"每{zh} {text}", f"{text} per {en}"


def percent(share: float) -> str:
    """Return a share in percent with three digits.

    Examples
    --------
    >>> percent(0.00012345)
    '0.0123%'
    """
    return f"{100 * share:.3g}%"


def length(model: Estimator) -> Texts:
    """Return the longest observation, empty if the model does not keep it."""
    cases = getattr(model, "_cases", None)
    if not hasattr(cases, "T"):
        return "", ""
    longest = f"{float(cases.T.max()):.3g}"
    zh, en, _ = ("次机会", "occasions", "") if model.discrete else UNITS.get(model.unit_, UNITS[""])
    return f"{longest} {zh}", f"{longest} {en}"


def few(count: float) -> Texts:
    """Say that hardly anybody bought again."""
    return (
        f"只有 {count:,.0f} 位客户有过重复购买，样本太小，结果只能作粗略参考。",
        f"Only {count:,.0f} {'customer' if count == 1 else 'customers'} bought again: too few for more than a rough "
        "idea.",
    )


def not_reached(model: Estimator) -> Texts:
    """Say that the search has not found a maximum."""
    slope = f"{model.optimum_.gradient_norm:.1g}"
    return (
        f"拟合未收敛：搜索结束时平均对数似然的斜率仍为 {slope}，参数不可使用。请检查数据的时间单位与异常值。",
        f"Not converged: where the search ended the mean log-likelihood still has a slope of {slope}; "
        "do not use the parameters. Check units of time and extreme values in the data.",
    )


def one_history(model: Estimator) -> Texts:
    """Say that all customers are the same, from which nothing can be learned about differences."""
    case = model._cases
    same = f"frequency {case.x[0]:g}", f"recency {case.tx[0]:.4g}", f"T {case.T[0]:.4g}"
    return (
        f"所有客户的购买历史完全相同（{'、'.join(same)}），客户差异与流失都无从识别，参数与预测均不可使用。",
        f"All customers have the same history ({', '.join(same)}): neither differences between them nor dropout "
        "can be told; use neither parameters nor predictions.",
    )
