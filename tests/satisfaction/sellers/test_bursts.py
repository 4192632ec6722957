"""Bursts of good ratings: planted ones are found, promotions and growth are not, false alarms are rare."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.bursts import rating_bursts
from crm_analysis.words import all_words


def shop(seed: int, days: int = 200, sellers: int = 25, *, promotion: float = 1, growth: bool = False) -> pd.DataFrame:
    """Good ratings of sellers whose buyers come alike, with a promotion on one day and sellers that open late."""
    rng = np.random.default_rng(seed)
    rows = []
    for seller in range(sellers):
        opened = int(rng.integers(0, days // 2)) if growth else 0
        rate = np.full(days, rng.gamma(2, 0.25))
        rate[: max(opened, 0)] = 0
        rate[days // 2] *= promotion
        count = rng.poisson(rate)
        rows += [(f"s{seller:02d}", day) for day in np.repeat(np.arange(days), count)]
    return table(rows)


def table(rows: list[tuple[str, int]], customers=None) -> pd.DataFrame:
    seller, day = zip(*rows)
    at = (pd.Timestamp("2012-01-01 12:00", tz="Asia/Shanghai") + pd.to_timedelta(list(day), "D")).as_unit("us")
    customer = [f"c{k}" for k in range(len(rows))] if customers is None else customers
    return pd.DataFrame({"seller_id": seller, "customer_id": customer, "verdict": "good", "rated_at": at})


def planted(data: pd.DataFrame, *, same_buyer: bool = False) -> pd.DataFrame:
    extra = table([("s03", day) for day in [80] * 12 + [81] * 12], [f"f{0 if same_buyer else k}" for k in range(24)])
    return pd.concat([data, extra], ignore_index=True)


def test_a_planted_burst_is_found_with_its_days():
    found = rating_bursts(planted(shop(0)), draws=20)
    first = found.table.iloc[0]
    assert found.table["flagged"].sum() == 1
    assert (first["seller_id"], first["flagged"]) == ("s03", True)
    assert first["from_day"] <= pd.Timestamp("2012-03-21", tz="Asia/Shanghai") <= first["to_day"]
    assert first["raters_in_window"] >= 24 > 5 * first["raters_expected"]
    for lang, word in (("zh", "不能据此认定"), ("en", "no proof")):
        assert word in found.text(lang)


def test_one_buyer_who_rates_often_on_a_day_is_no_burst():
    assert not rating_bursts(planted(shop(0), same_buyer=True), draws=2).table["flagged"].any()


def test_promotions_of_all_and_late_openings_are_no_bursts():
    flags = [rating_bursts(shop(seed, promotion=8, growth=True), draws=1).table["flagged"].sum() for seed in range(15)]
    assert np.sum(np.array(flags) > 0) <= 2


def test_false_alarms_are_as_rare_as_the_level():
    alarms = [rating_bursts(shop(seed), draws=1, level=0.05).table["flagged"].any() for seed in range(40)]
    assert np.mean(alarms) <= 0.1
    found = rating_bursts(shop(1), draws=40)
    assert found.false_alarm.value <= 0.1
    assert found.false_alarm == rating_bursts(shop(1), draws=40).false_alarm


def test_p_is_fishers():
    from scipy.stats import fisher_exact

    data = planted(shop(2, days=60, sellers=4))
    row = rating_bursts(data, around_days=100, draws=1).table.iloc[0]
    day = data["rated_at"].dt.normalize()
    own, inside = data["seller_id"] == row["seller_id"], day.between(row["from_day"], row["to_day"])
    first, last = day[own].min(), day[own].max()
    span = day.between(first, last)
    counts = [
        [(own & inside).sum(), (own & span & ~inside).sum()],
        [(~own & inside).sum(), (~own & span & ~inside).sum()],
    ]
    windows = (last - first).days + 1 - 3 + 1
    assert row["p"] == pytest.approx(min(1, windows * fisher_exact(counts, alternative="greater").pvalue), rel=1e-6)


def test_little_feedback_and_bad_input():
    found = rating_bursts(table([("a", 0), ("b", 5)]), draws=2)
    assert found.table["p_holm"].tolist() == [1, 1]
    assert found.table["raters_in_window"].isna().all()
    one_day = rating_bursts(table([("a", 0)] * 9), draws=2)
    assert not one_day.table["flagged"].any()
    with pytest.raises(InputError, match="window_days=0, draws=0 is below 1"):
        rating_bursts(table([("a", 0)]), window_days=0, draws=0)
    with pytest.raises(InputError, match="customer_id is missing"):
        rating_bursts(table([("a", 0)]).drop(columns="customer_id"))
    assert set(found.table) - {"p", "p_holm"} <= set(all_words())
    bad = table([("a", 0)] * 6).assign(verdict="bad")
    assert not rating_bursts(bad, draws=1).table["flagged"].any()
