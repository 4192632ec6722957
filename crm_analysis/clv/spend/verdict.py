"""Say in plain words what the spend model cannot say, whether its assumption holds, and what that costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from crm_analysis.clv.spend.correlations import SIMULATIONS
from crm_analysis.intervals import Estimate

if TYPE_CHECKING:
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma
    from crm_analysis.clv.spend.independence import Independence

SMALL = 0.05  # a change of the total that stays within ± this is called small


def sentence(result: Independence, lang: str) -> str:
    """Return the verdict on independence, built from its numbers alone."""
    parts = _chinese(result) if lang == "zh" else _english(result)
    return "".join(parts) if lang == "zh" else " ".join(parts)


def doubtful_mean(model: GammaGamma) -> tuple[str, str, str] | None:
    """Return kind, Chinese and English of what to say where q <= 1, or its 95 % interval reaches there; else None."""
    q, median = float(model.theta_[1]), model.population_median_
    if q <= 1:
        return (
            "converged",
            f"q = {q:.3g} 不大于 1，总体平均消费金额不存在：少数客户的消费金额过高，均值不收敛。"
            f"没有重复购买的客户改用总体中位数 {median:,.2f}。",
            f"q = {q:.3g} is not above 1, so the mean spend over customers does not exist: a few customers spend so "
            f"much that no mean settles. Customers without known spend get the median, {median:,.2f}.",
        )
    spread = float(model.log_covariance_.loc["q", "q"]) if model.fitted_ else 0.0
    low = q * math.exp(-1.96 * math.sqrt(spread)) if spread >= 0 else 0.0
    if low > 1:
        return None
    return (
        "converged",
        f"q = {q:.3g} 的 95% 置信区间下限为 {low:.3g}，不大于 1：总体平均消费金额可能不存在，"
        f"{model.population_mean_:,.2f} 并不可靠，应同时看总体中位数 {median:,.2f}。",
        f"The 95% interval of q = {q:.3g} reaches down to {low:.3g}: the mean spend over customers may not exist. "
        f"Do not rely on {model.population_mean_:,.2f}; look at the median too, {median:,.2f}.",
    )


def _english(result: Independence) -> list[str]:
    pearson, spearman = (_correlation(result, name) for name in ("pearson", "spearman"))
    parts = [f"Among {result.buyers:,} customers with repeat purchases, frequency and mean spend correlate at "
             f"{pearson} (Pearson) and {spearman} (Spearman). Were spend independent of frequency, "
             f"{_null(result, 'pearson')} and {_null(result, 'spearman')} would be expected, because the mean of few "
             f"purchases is more skewed (p {_p(result, 'pearson')} and {_p(result, 'spearman')})."
             ] if _known(result) else ["Frequency does not vary: nothing can correlate with it."]  # fmt: skip
    if not math.isfinite(result.change.value):
        return [*parts, "There are too few customers with repeat purchases to form groups by frequency, so what the "
                "assumption of independence costs cannot be measured."]  # fmt: skip
    what = "total lifetime value" if result.valued else "the total expected spend of one purchase by every customer"
    group, change = _most_moved(result)
    typical, far = _per_customer(result)
    judged = {
        "small": f"The interval stays within ±{SMALL:.0%}: for the total the assumption of independence does little "
                 "harm.",
        "large": f"The whole interval lies beyond ±{SMALL:.0%}: state the total both ways, or model spend by group.",
        "open": f"A change beyond ±{SMALL:.0%} cannot be ruled out: state the total both ways.",
    }[_size(result)]  # fmt: skip
    return [
        *parts,
        "With a scale of spend per frequency group instead of one for all, "
        f"{what} changes by {_percent(*result.change):+.1%}.",
        judged,
        f"Half of the customers move by at most {typical:.1%}, nine in ten by at most {far:.1%}; the "
        f"group with {group} repeat purchases moves most, {change:+.1%}"
        + (" (nothing is known of their spend: they are taken to spend like the lowest group)." if group == "0"
           else "."),
    ]  # fmt: skip


def _chinese(result: Independence) -> list[str]:
    pearson, spearman = (_correlation(result, name) for name in ("pearson", "spearman"))
    parts = [f"在 {result.buyers:,} 位有重复购买的客户中，重复购买次数与平均消费金额的相关系数为："
             f"Pearson {pearson}，Spearman {spearman}。若消费金额与购买频率相互独立，预期为 "
             f"{_null(result, 'pearson')} 与 {_null(result, 'spearman')}（购买次数越少，均值的分布越偏斜；"
             f"p {_p(result, 'pearson')} 与 {_p(result, 'spearman')}）。"
             ] if _known(result) else ["重复购买次数没有差异，无法计算相关系数。"]  # fmt: skip
    if not math.isfinite(result.change.value):
        return [*parts, "有重复购买的客户太少，无法按购买次数分组，因此无法衡量独立性假设的影响。"]
    what = "客户终身价值合计" if result.valued else "每位客户各购买一次的预期消费金额合计"
    group, change = _most_moved(result)
    typical, far = _per_customer(result)
    judged = {
        "small": f"区间在 ±{SMALL:.0%} 以内：就合计而言，独立性假设影响很小。",
        "large": f"整个区间超出 ±{SMALL:.0%}：应同时给出两种合计，或按组建立消费金额模型。",
        "open": f"不能排除超过 ±{SMALL:.0%} 的变化：应同时给出两种合计。",
    }[_size(result)]
    return [
        *parts,
        f"若按购买次数分组、各组分别估计消费水平，{what}的变化为 {_percent(*result.change):+.1%}。",
        judged,
        f"单个客户的变化：半数客户不超过 {typical:.1%}，九成客户不超过 {far:.1%}；"
        f"变化最大的是重复购买 {group} 次的组，为 {change:+.1%}"
        + ("（他们的消费无从得知，按最低一组计）。" if group == "0" else "。"),
    ]


def _known(result: Independence) -> bool:
    return bool(result.correlations["correlation"].notna().all())


def _correlation(result: Independence, name: str) -> str:
    row = result.correlations.loc[name]
    return f"{row['correlation']:.3f} [{row['correlation_low']:.3f}, {row['correlation_high']:.3f}]"


def _null(result: Independence, name: str) -> str:
    return f"{round(result.correlations.loc[name, 'under_independence'], 3) + 0.0:.3f}"


def _p(result: Independence, name: str) -> str:
    value = result.correlations.loc[name, "p_value"]
    least = 1 / (1 + SIMULATIONS)
    return f"≤ {least:g}" if value <= least else f"= {value:.2g}" if value < 0.1 else f"= {value:.2f}"


def _size(result: Independence) -> str:
    _, low, high = result.change
    if low >= -SMALL and high <= SMALL:
        return "small"
    return "large" if low > SMALL or high < -SMALL else "open"


def _most_moved(result: Independence) -> tuple[str, float]:
    groups = result.groups[result.groups["frequency_group"] != "total"]
    row = groups.loc[groups["total_change"].abs().idxmax()]
    return str(row["frequency_group"]), _percent(row["total_change"])[0]


def _percent(*values: float) -> Estimate:
    """Round to tenths of a per cent, so that nothing prints as -0.0%."""
    value, low, high = (round(float(x), 3) + 0.0 for x in (values if len(values) == 3 else (values[0],) * 3))
    return Estimate(value, low, high)


def _per_customer(result: Independence) -> tuple[float, float]:
    moved = result.customers["spend_change"].abs()
    return float(moved.median()), float(moved.quantile(0.9))
