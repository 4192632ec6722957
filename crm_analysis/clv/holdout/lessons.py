"""What a scorecard says in words: which differences matter, which are noise, and what the measures themselves show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.clv.holdout.baselines import Zero
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.words import Sentence, names, word

if TYPE_CHECKING:
    from crm_analysis.clv.holdout.scorecard import Scorecard

NOTHING = 1e-3  # relative difference of totals that are as good as equal
FORMS = {"bias": "+.1%", "top_decile": ".1%"}
UNITS = {"day": ("天", "days"), "week": ("周", "weeks"), "month": ("个月", "months"), "year": ("年", "years")}


def verdict(card: Scorecard) -> list[Sentence]:
    """Say which model is best on each measure, whom the holdout cannot tell from it, and what this does not show."""
    parts = [_frame(card), *_unusable(card)]
    if len(card.differences):
        parts += [_of_measure(card, str(name)) for name in card.best.index] + [_overall(card)]
    parts.append(Sentence(
        "“显著”只针对客户抽样的偶然性，模型按已拟合的结果计算；换一个时期，名次可能改变。",
        "Chance here is only that of which customers were drawn, with models as fitted; another period may rank them "
        "differently.",
    ))  # fmt: skip
    return parts


def lessons(card: Scorecard) -> list[Sentence]:
    """Say what these data show about the measures: only what is true of them."""
    found = [_nobody_leaves(card), _zeros(card), _ranking(card), _alive_by_rule(card), _likelihood(card)]
    return [sentence for sentence in found if sentence]


def length(value: float, unit: str) -> Sentence:
    """Return a length of time with its unit."""
    zh, en = UNITS.get(unit, ("个时间单位", "units of time"))
    return Sentence(f"{value:g} {zh}", f"{value:g} {en[:-1] if value == 1 and unit else en}")


def _frame(card: Scorecard) -> Sentence:
    time, total = length(card.horizon, card.unit), card.table["actual"].iloc[0]
    return Sentence(
        f"留出期为 {time.zh}，{card.customers:,.0f} 位客户实际购买 {total:,.0f} 次，"
        f"{card.zero_share:.1%} 的客户没有购买。",
        f"Holdout of {time.en}: {card.customers:,.0f} customers bought {total:,.0f} times; {card.zero_share:.1%} of "
        "them not at all.",
    )


def _unusable(card: Scorecard) -> list[Sentence]:
    """Name the models whose fit cannot be used: their numbers are no judgement of the model."""
    bad = [key for key in _models(card) if not card.models[key].verdict_.usable]
    if not bad:
        return []
    return [Sentence(
        f"{names(bad, 'zh')} 的拟合不可用（见 verdict_），其数字不能用来评价模型。",
        f"The fit of {names(bad, 'en')} is not usable (see verdict_): its numbers do not judge the model.",
    )]  # fmt: skip


def _of_measure(card: Scorecard, name: str) -> Sentence:
    key, value, tied = card.best.loc[name, ["model", "best_value", "tied"]]
    shown = format(value, FORMS.get(name, ".4f"))
    compared = int(card.table[name].notna().sum()) - 1
    title = word(name, "en")
    zh = f"{word(name, 'zh')}：{word(key, 'zh')} 最好（{shown}）"
    en = f"{title[:1].upper()}{title[1:]}: best is {word(key, 'en')} ({shown})"
    if not compared:
        return Sentence(f"{zh}。", f"{en}.")
    if not tied:
        return Sentence(
            f"{zh}，与其余 {compared} 个的差异均显著。", f"{en}, and its lead on all others is beyond chance."
        )
    if len(tied) == compared:
        return Sentence(f"{zh}，但与其余各个的差异均不显著。", f"{en}, but its lead on every other may be chance.")
    return Sentence(
        f"{zh}，但与 {names(tied, 'zh')} 的差异不显著。",
        f"{en}, but its lead on {names(tied, 'en')} may be chance.",
    )


def _overall(card: Scorecard) -> Sentence:
    """Say which models are never beaten beyond chance, over all measures."""
    beaten = card.differences[card.differences["matters"]]
    losers = set(np.where(beaten["better"] == beaten["model"], beaten["other_model"], beaten["model"]))
    unbeaten = [key for key, model in card.models.items() if key not in losers and isinstance(model, PurchaseModel)]
    if not unbeaten:
        return Sentence("没有一个模型在所有指标上都不显著落后。", "No model is unbeaten on every measure.")
    return Sentence(
        f"在所有指标上都不显著落后的模型：{names(unbeaten, 'zh')}。",
        f"Not beaten beyond chance on any measure: {names(unbeaten, 'en')}.",
    )


def _models(card: Scorecard) -> list[str]:
    return [key for key, model in card.models.items() if isinstance(model, PurchaseModel)]


def _pairs(card: Scorecard, measure: str) -> pd.DataFrame:
    rows, models = card.differences, _models(card)
    return rows[(rows["measure"] == measure) & rows["model"].isin(models) & rows["other_model"].isin(models)]


def _zeros(card: Scorecard) -> Sentence | None:
    """The mean absolute error favours predicting nothing where most buy nothing."""
    models, zero = _models(card), Zero.key
    if zero not in card.models or card.zero_share <= 0.5 or not models or not len(card.differences):
        return None
    error, rows = card.table["mae"], card.differences
    rows = rows[(rows["measure"] == "mae") & ((rows["model"] == zero) | (rows["other_model"] == zero))]
    ahead = [key for key in models if ((rows["better"] == key) & rows["matters"]).any()]
    rest = [key for key in models if key not in ahead]
    if not rest:
        return None
    near = error[rest].idxmin()
    return Sentence(
        f"{card.zero_share:.1%} 的客户没有购买，因此对所有人都预测 0 次，平均绝对误差也只有 {error[zero]:.4f}，"
        f"{word(str(near), 'zh')} 为 {error[near]:.4f}；{names(rest, 'zh')} 在这项指标上并不显著优于全部预测 0。",
        f"{card.zero_share:.1%} of the customers bought nothing, so predicting 0 for everybody has a mean absolute "
        f"error of {error[zero]:.4f} against {error[near]:.4f} of {word(str(near), 'en')}; on this measure "
        f"{names(rest, 'en')} {'does' if len(rest) == 1 else 'do'} not beat all zeros beyond chance.",
    )


def _ranking(card: Scorecard) -> Sentence | None:
    """Ranking hardly separates models, the total does."""
    gini, bias = _pairs(card, "normalised_gini"), _pairs(card, "bias")
    if len(gini) < 2 or gini["matters"].sum() >= bias["matters"].sum():
        return None
    values, shift = card.table.loc[_models(card), "normalised_gini"], card.table.loc[_models(card), "bias"]
    return Sentence(
        f"各模型的排序能力相差不大（标准化基尼 {values.min():.3f}–{values.max():.3f}，{len(gini)} 对中 "
        f"{gini['matters'].sum()} 对差异显著）；总量偏差相差更明显（{shift.min():+.1%} 至 {shift.max():+.1%}，"
        f"{bias['matters'].sum()} 对差异显著）。",
        f"Models rank customers about equally well (normalised Gini {values.min():.3f} to {values.max():.3f}; "
        f"{gini['matters'].sum()} of {len(gini)} pairs differ beyond chance); the bias of the total tells more of them "
        f"apart ({shift.min():+.1%} to {shift.max():+.1%}; {bias['matters'].sum()} of {len(bias)} pairs).",
    )


def _nobody_leaves(card: Scorecard) -> Sentence | None:
    """All models come to the one in which nobody leaves."""
    models = _models(card)
    totals = card.table.loc[models, "total"]
    if "nbd" not in models or len(models) < 2 or totals.max() - totals.min() > NOTHING * totals.max():
        return None
    return Sentence(
        "各模型的预测与“客户永不流失”的 NBD 模型相同：在校准期内看不出有客户流失，时间更长时才可能看出。",
        "All models predict what the NBD predicts, in which nobody ever leaves: within the calibration no leaving can "
        "be seen; a longer time may show it.",
    )


def _alive_by_rule(card: Scorecard) -> Sentence | None:
    """The BG/NBD counts every one-time buyer as active."""
    if "bg_nbd" not in card.models or card.one_time_share == 0:
        return None
    mean, share = card.table.loc["bg_nbd", "mean_p_alive"], card.one_time_share
    return Sentence(
        f"BG/NBD 的平均存活概率为 {mean:.2f}，但 {share:.1%} 的客户只买过一次，模型假设这些客户的存活概率恒为 1；"
        "这是模型的假设，不表示忠诚。",
        f"The mean P(alive) of the BG/NBD is {mean:.2f}, but {share:.1%} of the customers bought once, and the model "
        "holds all of these active by assumption; that is no loyalty.",
    )


def _likelihood(card: Scorecard) -> Sentence | None:
    """The best fit need not be the best forecast."""
    fit, shift = card.table["log_likelihood"].dropna(), card.table["bias"].abs()
    if len(fit) < 2 or fit.idxmax() == shift[fit.index].idxmin():
        return None
    best, nearest = str(fit.idxmax()), str(shift[fit.index].idxmin())
    off = {key: f"{card.table.loc[key, 'bias']:+.1%}" for key in (best, nearest)}
    if off[best] == off[nearest]:
        return None
    return Sentence(
        f"校准期对数似然最高的是 {word(best, 'zh')}，留出期总量最接近实际的模型却是 {word(nearest, 'zh')}"
        f"（偏差 {off[nearest]}，前者 {off[best]}）。",
        f"{word(best, 'en')} has the highest log-likelihood on the calibration, but the total of "
        f"{word(nearest, 'en')} is nearest in the holdout ({off[nearest]} against {off[best]}).",
    )
