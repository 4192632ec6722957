"""Bursts of good ratings: days on which a seller got more than its own weeks and other sellers' days explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, holm, proportion
from crm_analysis.satisfaction.sellers.points import check_verdicts
from crm_analysis.tables.days import day_stamp, local_days
from crm_analysis.tables.needs import check_table

FEWEST = 5  # raters in a window below which nothing is called a burst


@dataclass(frozen=True)
class Bursts:
    """Bursts found, and how often the rule finds one where there is none.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per seller with feedback, the smallest p first: seller_id, from_day, to_day (the most striking
        window), raters_in_window, raters_expected, p, p_holm, flagged. Blank where no window has five raters.
    false_alarm : Estimate
        Share of simulated data sets without any burst in which the rule flags some seller.
    rule : dict
        window_days, around_days, level, fewest.
    """

    table: pd.DataFrame
    false_alarm: Estimate
    rule: dict[str, float]

    def text(self, lang: str = "en") -> str:
        """Say in words what was found, how it was found, and that it proves nothing."""
        found, rule = int(self.table["flagged"].sum()), self.rule
        return {
            "zh": f"规则：{rule['window_days']} 天内给好评的买家数，与该卖家前后各 {rule['around_days']} 天及同期其他"
                  f"卖家相比，校正后 p 低于 {rule['level']:g} 即标记。{len(self.table)} 家卖家中标记了 {found} 家。"
                  f"没有异常时，这一规则误报（至少标记一家）的比例为 {self.false_alarm:.1%}。被标记只说明值得人工核查："
                  f"促销、直播、媒体报道同样会带来集中的好评，不能据此认定刷单。",
            "en": f"Rule: buyers who gave a good rating within {rule['window_days']} days, against the seller's own "
                  f"{rule['around_days']} days on either side and other sellers on the same days; flagged where the "
                  f"corrected p is below {rule['level']:g}. Of {len(self.table)} sellers {found} are flagged. Where "
                  f"nothing is amiss the rule flags somebody in {self.false_alarm:.1%} of data sets. A flag is a "
                  f"reason to look, no proof: a promotion, a broadcast or a press report brings bursts as well.",
        }[lang]  # fmt: skip


def rating_bursts(
    feedback: pd.DataFrame,
    *,
    window_days: int = 3,
    around_days: int = 28,
    level: float = 0.05,
    draws: int = 100,
    seed: int = 0,
) -> Bursts:
    r"""Find bursts of good ratings by a scan over days, with a stated rate of false alarms.

    .. math:: p = \Pr(X \ge k), \qquad X \sim \text{Hypergeometric}(n + N,\; k + K,\; n)

    k of the seller's n raters around a window fall into it, K of the N of all other sellers: if the seller's buyers
    come when everybody's do, X has this distribution (Fisher's exact test), so a promotion of the whole platform is
    no burst. Around are `around_days` on either side, as far as the seller had ratings by then. The smallest p of a
    seller is multiplied by its number of windows (Bonferroni), then corrected over sellers (Holm). A buyer counts
    once a day. Where the data hold one seller alone, its days have nothing to be compared with and p is 1.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, customer_id, verdict, rated_at.
    window_days, around_days : int
        Length of the window; days on either side it is compared with.
    level : float in (0, 1)
        Chance of any false flag that the correction allows.
    draws : int
        Simulated data sets for the false-alarm rate: each seller's raters on days drawn from all sellers' days.
    seed : int

    Returns
    -------
    Bursts

    Raises
    ------
    InputError
        As `feedback.seller_table`; if a number of days or draws is below 1.

    References
    ----------
    .. [1] Kulldorff (1997). Communications in Statistics 26, 1481-1496 (scan statistics).

    Examples
    --------
    >>> days = pd.to_datetime("2012-03-01") + pd.to_timedelta(np.r_[np.arange(60), np.full(20, 30)], "D")
    >>> one = pd.DataFrame({"seller_id": "a", "rated_at": days.tz_localize("Asia/Shanghai"), "verdict": "good"})
    >>> feedback = pd.concat([one, one[:60].assign(seller_id="b"), one[:60].assign(seller_id="c")], ignore_index=True)
    >>> found = rating_bursts(feedback.assign(customer_id=np.arange(len(feedback)).astype(str)), draws=5)
    >>> found.table.loc[found.table["flagged"], ["seller_id", "raters_in_window"]].values.tolist()
    [['a', 23]]
    """
    check_level(level)
    wrong = [f"{name}={value}" for name, value in
             (("window_days", window_days), ("around_days", around_days), ("draws", draws)) if value < 1]  # fmt: skip
    if wrong:
        raise InputError(f"{', '.join(wrong)} is below 1", expected="1 or more", zh="天数和模拟次数至少为 1")
    sellers, first, counts = _daily(feedback)
    table = _scan(counts, window_days, around_days)
    table["flagged"] = table["p_holm"] < level
    for name in ("from_day", "to_day"):
        stamps = [day_stamp(first + int(day)) if day >= 0 else pd.NaT for day in table[name]]
        table[name] = pd.Series(stamps, dtype="datetime64[us]").dt.tz_localize(feedback["rated_at"].dt.tz)
    table.insert(0, "seller_id", sellers)
    alarms = _false_alarms(counts, window_days, around_days, level, draws, np.random.default_rng(seed))
    rule = {"window_days": window_days, "around_days": around_days, "level": level, "fewest": FEWEST}
    return Bursts(table.sort_values(["p", "seller_id"], ignore_index=True), alarms, rule)


def _daily(feedback: pd.DataFrame) -> tuple[np.ndarray, int, np.ndarray]:
    """Sellers, the first day, and good raters of each seller and day (a buyer once a day)."""
    check_verdicts(feedback)
    check_table(feedback, "seller_feedback", "customer_id", "rated_at")
    day = local_days(feedback["rated_at"])
    code, sellers = pd.factorize(feedback["seller_id"].astype(object), sort=True)
    rows = pd.DataFrame({"seller": code, "day": day - day.min(), "customer": feedback["customer_id"].to_numpy()})
    rows = rows[(feedback["verdict"] == "good").to_numpy()].drop_duplicates()
    counts = np.zeros((len(sellers), int(day.max() - day.min()) + 1), "int64")
    np.add.at(counts, (rows["seller"].to_numpy(), rows["day"].to_numpy()), 1)
    return np.asarray(sellers), int(day.min()), counts


def _scan(counts: np.ndarray, window: int, around: int) -> pd.DataFrame:
    """The most striking window of each seller and its p, corrected for windows and for sellers."""
    from scipy.stats import hypergeom

    days = counts.shape[1]
    window = min(window, days)
    running = np.concatenate([np.zeros((len(counts), 1), "int64"), counts.cumsum(axis=1)], axis=1)
    total = running.sum(axis=0)
    inside = running[:, window:] - running[:, :-window]
    seller, start = np.nonzero(inside >= FEWEST)
    seen = counts > 0
    born, last = seen.argmax(axis=1), days - 1 - seen[:, ::-1].argmax(axis=1)
    left = np.maximum(start - around, born[seller])
    right = np.minimum(start + window + around, last[seller] + 1)
    left, right = np.minimum(left, start), np.maximum(right, start + window)
    k, n = inside[seller, start], running[seller, right] - running[seller, left]
    others_in = total[start + window] - total[start] - k
    others = total[right] - total[left] - n
    p = hypergeom.sf(k - 1, n + others, k + others_in, n) if len(k) else np.zeros(0)
    rows = pd.DataFrame({"seller": seller, "from_day": start, "to_day": start + window - 1, "raters_in_window": k,
                         "raters_expected": n * (k + others_in) / np.maximum(n + others, 1), "p": p})  # fmt: skip
    best = rows.sort_values(["p", "from_day"]).drop_duplicates("seller").set_index("seller").reindex(range(len(counts)))
    windows = np.maximum(last - born + 2 - window, 1)
    best["p"] = np.minimum(best["p"] * windows, 1).fillna(1.0)
    best["raters_in_window"] = best["raters_in_window"].astype("Int64")
    days_found = best[["from_day", "to_day"]].fillna(-1).astype("int64")
    return best.assign(**days_found, p_holm=holm(best["p"])).reset_index(drop=True)


def _false_alarms(
    counts: np.ndarray, window: int, around: int, level: float, draws: int, rng: np.random.Generator
) -> Estimate:
    """Share of data sets with some flag, where each seller's raters come on days drawn from everybody's."""
    daily = counts.sum(axis=0).astype(float)
    seen = counts > 0
    born, last = seen.argmax(axis=1), counts.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    alarms = 0
    for _ in range(draws):
        drawn = np.zeros_like(counts)
        for seller, raters in enumerate(counts.sum(axis=1)):
            span = slice(born[seller], last[seller] + 1)
            if raters:
                drawn[seller, span] = rng.multinomial(raters, daily[span] / daily[span].sum())
        alarms += bool((_scan(drawn, window, around)["p_holm"] < level).any())
    return proportion(alarms, draws)
