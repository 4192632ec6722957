"""From which chance of churn to contact: at the break-even, as found out of fold, or as looks best afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.curve import ALL, NONE
from crm_analysis.churn.money.inputs import Cases, cases
from crm_analysis.churn.money.plans import gains, mean_draws, plans, ranked_by
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, percentile_limits
from crm_analysis.words import Sentence, join

BREAK_EVEN, OUT_OF_FOLD, IN_SAMPLE = "at_break_even", "out_of_fold", "in_sample_best"


@dataclass(frozen=True)
class ThresholdChoice:
    """What each way to choose the customers to contact earned.

    Parameters
    ----------
    table : pandas.DataFrame, index contact_plan
        Rows contact_none, contact_all, at_break_even (each customer from the own break-even on), out_of_fold,
        in_sample_best: threshold (out of fold: the median of the folds; blank where it differs by customer),
        contacted_share, profit per customer with limits.
    optimism : Estimate
        Profit of in_sample_best less that of out_of_fold: what a threshold seems to earn only because it was chosen
        on the customers it is judged by.
    advice : str
        The plan to take: at_break_even, contact_all or contact_none, whichever earned most.
    """

    table: pd.DataFrame
    optimism: Estimate
    advice: str

    def text(self, lang: str) -> str:
        """Say what the plans earned and which to take, in Chinese (``zh``) or English (``en``)."""
        return join(_sentences(self)).text(lang)


def choose_threshold(
    p: ArrayLike,
    y: ArrayLike,
    campaign: Campaign,
    *,
    clv: ArrayLike | None = None,
    rank_by: str = "churn_probability",
    folds: int = 10,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> ThresholdChoice:
    """Compare the break-even with thresholds found in the data, in and out of fold.

    Out of fold, the best threshold of the other folds decides in each fold; customers of several cutoffs stay
    together. The break-even needs no data beside a calibrated chance of churn, so nothing is chosen and nothing is
    optimistic about it.

    Parameters
    ----------
    p, y, campaign, clv, rank_by
        As for `curve.profit_curve`.
    folds : int >= 2
    level : float in (0, 1)
    draws, seed : int
        Of the bootstrap over customers; the seed also parts the folds.

    Returns
    -------
    ThresholdChoice

    Raises
    ------
    InputError
        If the input cannot be used, or there are fewer customers than folds.

    References
    ----------
    .. [1] Elkan (2001). The foundations of cost-sensitive learning. IJCAI, 973-978 (the break-even).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> p = rng.beta(1, 4, 2000)
    >>> found = choose_threshold(p, (rng.random(2000) < p).astype(int), Campaign(), draws=50)
    >>> found.table["threshold"].round(3).tolist()
    [inf, 0.0, 0.164, 0.151, 0.152]
    """
    check_level(level)
    found = cases(p, y, clv=campaign.clv if clv is None else clv)
    limit = np.broadcast_to(break_even(campaign, found.clv), found.y.shape)
    ranked, gain = ranked_by(found, campaign, rank_by), gains(found, campaign)
    best = _best(ranked, campaign)
    fold = _folds(found.owner, folds, seed)
    each = np.array([_best(_rows(ranked, fold != k), campaign) for k in range(folds)])
    chosen = {NONE: np.zeros(len(gain), bool), ALL: np.ones(len(gain), bool), BREAK_EVEN: found.score >= limit,
              OUT_OF_FOLD: ranked.score >= each[fold], IN_SAMPLE: ranked.score >= best}  # fmt: skip
    same = np.ptp(found.clv) == 0 and rank_by == "churn_probability"
    threshold = [np.inf, float(ranked.score.min()), float(limit[0]) if same else np.nan, float(np.median(each)), best]
    earned = np.column_stack([gain * rows for rows in chosen.values()])
    earned = np.column_stack([earned, earned[:, -1] - earned[:, -2]])
    low, high = percentile_limits(mean_draws(earned, found.owner, draws=draws, seed=seed), level=level)
    mean = earned.mean(axis=0)
    table = pd.DataFrame({"threshold": threshold, "contacted_share": [rows.mean() for rows in chosen.values()],
                          "profit": mean[:-1], "profit_low": low[:-1], "profit_high": high[:-1]},
                         index=pd.Index(list(chosen), name="contact_plan"))  # fmt: skip
    advice = str(table.loc[[NONE, BREAK_EVEN, ALL], "profit"].idxmax())
    return ThresholdChoice(table, Estimate(*(float(one[-1]) for one in (mean, low, high))), advice)


def _best(found: Cases, campaign: Campaign) -> float:
    points = plans(found, campaign)
    return float(points.threshold[np.argmax(points.profit(campaign.accept_mean))])


def _rows(found: Cases, rows: np.ndarray) -> Cases:
    return found._replace(score=found.score[rows], y=found.y[rows], clv=found.clv[rows])


def _folds(owner: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Return the fold of each row: whole customers, parts of equal size."""
    count = int(owner.max()) + 1
    if isinstance(folds, bool) or not isinstance(folds, (int, np.integer)) or not 2 <= folds <= count:
        raise InputError(f"folds={folds!r} cannot be used with {count:,} customers",
                         expected="a whole number from 2 to the number of customers",
                         zh=f"折数 {folds} 无效（客户数 {count:,}）")  # fmt: skip
    return np.random.default_rng(seed).permutation(np.arange(count) % folds)[owner]


def _sentences(found: ThresholdChoice) -> list[Sentence]:
    table = found.table

    def earned(plan: str) -> str:
        row = table.loc[plan]
        return f"{Estimate(row['profit'], row['profit_low'], row['profit_high']):,.2f}"

    share = table.loc[BREAK_EVEN, "contacted_share"]
    facts = Sentence(
        zh=f"平均每位客户的利润：只联系达到盈亏平衡概率的客户（占 {share:.1%}）为 {earned(BREAK_EVEN)}，"
           f"联系全部客户为 {earned(ALL)}，一个也不联系为 0。",
        en=f"Profit per customer: {earned(BREAK_EVEN)} from contacting those at or above the break-even chance of "
           f"churn "
           f"({share:.1%} of customers), {earned(ALL)} from contacting all, 0 from contacting nobody.",
    )  # fmt: skip
    above = found.optimism.value >= 0.005
    caution = Sentence(
        zh=f"在同一批客户上事后挑出的最佳阈值看起来有 {earned(IN_SAMPLE)}，"
           f"而用其他折选定的阈值为 {earned(OUT_OF_FOLD)}，相差 {found.optimism:,.2f}："
           f"{'前者偏乐观' if above else '前者并未显得更高，但事后挑选一般偏乐观'}，不宜作为承诺。",
        en=f"The threshold that looks best afterwards seems to earn {earned(IN_SAMPLE)}; one chosen in other folds "
           f"earned "
           f"{earned(OUT_OF_FOLD)}, a difference of {found.optimism:,.2f}: "
           f"{'the former is optimistic' if above else 'no optimism shows here, but as a rule there is some'}; it is "
           f"no promise.",
    )  # fmt: skip
    advice = {
        BREAK_EVEN: Sentence(
            "按盈亏平衡概率联系、全部联系、全不联系三者中，前者的利润不低于另两者。",
            "Of break-even, all and nobody, the break-even earned no less than the others.",
        ),
        ALL: Sentence(
            "按盈亏平衡概率联系、全部联系、全不联系三者中，全部联系的利润最高。",
            "Of break-even, all and nobody, contacting all earned most.",
        ),
        NONE: Sentence("在这些假设下，联系客户不合算。", "Under these assumptions contacting customers does not pay."),
    }[found.advice]
    return [facts, caution, advice]
