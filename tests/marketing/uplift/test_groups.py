"""Effects by group of score, bounds of the four kinds, policies: against counting, statsmodels and enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import customer_kinds, kinds_text, policy_table, uplift_by_decile
from crm_analysis.marketing.uplift.rows import difference, score_groups


def sample(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    x, treated = rng.random(n), rng.integers(0, 2, n)
    return x, (rng.random(n) < 0.3 + treated * (0.4 * x - 0.1)).astype(int), treated


def test_groups_are_tenths_with_the_limits_of_statsmodels():
    x, y, treated = sample()
    table = uplift_by_decile(x, y, treated)
    assert table["customers"].tolist() == [200] * 10
    assert table["score_mean"].is_monotonic_decreasing
    best = x >= np.sort(x)[-200]
    counts = [y[best & (treated == arm)] for arm in (1, 0)]
    low, high = confint_proportions_2indep(counts[0].sum(), len(counts[0]), counts[1].sum(), len(counts[1]),
                                           method="newcomb", compare="diff")  # fmt: skip
    assert table.loc[0, ["uplift_low", "uplift_high"]].tolist() == pytest.approx([low, high])
    assert table.loc[0, "uplift"] == pytest.approx(counts[0].mean() - counts[1].mean())
    assert not table["few_customers"].any()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(1, 10))
def test_equal_scores_share_a_group_and_higher_ones_never_a_later(score, count):
    score = np.array(score, float)
    if count > len(score):
        return
    group = score_groups(score, count)
    assert pd.Series(group).groupby(score).nunique().max() == 1
    assert (np.diff(group[np.argsort(-score, kind="stable")]) >= 0).all()
    assert group.min() >= 1
    assert group.max() <= count


def test_few_customers_are_flagged_and_an_empty_arm_has_no_effect():
    table = uplift_by_decile([2, 2, 1, 1], [1, 0, 1, 0], [1, 0, 1, 1], groups=2)
    assert table["few_customers"].all()
    assert np.isnan(table["uplift"].iloc[1])


def test_rows_of_one_customer_count_less():
    _, y, treated = sample(400)
    naive = difference(np.repeat(y, 3).astype(float), np.repeat(treated, 3))
    honest = difference(np.repeat(y, 3).astype(float), np.repeat(treated, 3), np.repeat(np.arange(400), 3))
    alone = difference(y.astype(float), treated)
    assert honest.value == pytest.approx(naive.value)
    assert honest.high - honest.low == pytest.approx(alone.high - alone.low, rel=0.02)
    assert naive.high - naive.low < 0.65 * (honest.high - honest.low)


@pytest.mark.parametrize("groups", [0, 2.5, 99, True])
def test_groups_that_cannot_be_made(groups):
    with pytest.raises(InputError, match="groups cannot be made"):
        uplift_by_decile([1, 2], [0, 1], [0, 1], groups=groups)


def test_bounds_are_those_of_all_ways_to_mix_the_kinds():
    steps = np.arange(0, 1.0001, 0.05)
    for pt, pc in ((0.3, 0.1), (0.1, 0.35), (0.8, 0.6)):
        y = np.r_[np.arange(100) < 100 * pt, np.arange(100) < 100 * pc].astype(int)
        row = customer_kinds(np.ones(200), y, np.repeat([1, 0], 100), groups=1).iloc[0]
        mixes = np.array([(a, pt - a, 1 - pc - a, pc - pt + a) for a in steps])  # persuadable, sure, lost, sleeping
        mixes = mixes[(mixes >= -1e-9).all(axis=1)]
        for k, kind in enumerate(("persuadables", "sure_things", "lost_causes", "sleeping_dogs")):
            found = (row[f"{kind}_least"], row[f"{kind}_most"])
            assert found == pytest.approx((mixes[:, k].min(), mixes[:, k].max()), abs=1e-9)
        assert row["uplift"] == pytest.approx(pt - pc)


def test_kinds_are_told_with_limits_and_for_nobody():
    table = customer_kinds(*sample(), groups=5)
    for lang, told in (("en", "no customer can be put into a kind"), ("zh", "不能判定某位客户属于哪一型")):
        text = kinds_text(table, lang)
        assert told in text
        for row in (table.iloc[0], table.iloc[-1]):
            assert f"{row['uplift']:+.1%} [{row['uplift_low']:+.1%}, {row['uplift_high']:+.1%}]" in text
            assert f"{row['sleeping_dogs_most']:.1%}" in text
            assert f"{max(0, row['uplift_low']):.1%}" in text


def test_chance_makes_no_sleeping_dogs():
    y, treated = np.repeat([1, 0, 1, 0], [10, 90, 12, 88]), np.repeat([1, 0], 100)
    table = customer_kinds(np.ones(200), y, treated, groups=1)
    assert table["sleeping_dogs_least"].iloc[0] > 0
    assert "0.0% to 12.0% sleeping dogs" in kinds_text(table, "en")


def test_policies_add_up():
    x, y, treated = sample()
    table = policy_table(x, y, treated, shares=[0.3, 0.6], value=20, cost=1)
    assert table["policy"].tolist() == ["treat_nobody", "treat_best", "treat_best", "treat_everybody"]
    assert table["customers"].tolist() == [0, 600, 1200, 2000]
    rate = y[treated == 1].mean() - y[treated == 0].mean()
    last = table.iloc[-1]
    assert last["gain_per_1000"] == pytest.approx(1000 * (20 * rate - 1))
    assert last[["gain_over_everybody", "gain_over_everybody_low"]].tolist() == [0, 0]
    assert table.iloc[0][["gain_per_1000", "responses_per_1000_high"]].tolist() == [0, 0]
    assert table["gain_over_everybody"].iloc[0] == pytest.approx(-last["gain_per_1000"])
    limits = table.iloc[0][["gain_over_everybody_low", "gain_over_everybody_high"]].tolist()
    assert limits == pytest.approx([-last["gain_per_1000_high"], -last["gain_per_1000_low"]])
    for row in table.itertuples():
        assert row.gain_per_1000_low <= row.gain_per_1000 <= row.gain_per_1000_high


def test_a_gain_is_that_of_the_known_effect():
    """With an effect of .4x - .1 the best half gains .5 × .2, within its limits in nearly all of 60 samples."""
    held = 0
    for seed in range(60):
        row = policy_table(*sample(1500, seed), shares=[0.5]).iloc[1]
        held += row["responses_per_1000_low"] <= 100 <= row["responses_per_1000_high"]
    assert held >= 51


def test_equal_scores_are_treated_together():
    assert policy_table([1, 1, 1, 0], [1, 0, 1, 0], [1, 0, 1, 0], shares=[0.5])["share"].tolist() == [0, 0.75, 1]


@pytest.mark.parametrize("wrong", [{"shares": [20]}, {"value": 0}, {"cost": -1}, {"shares": [0.0]}])
def test_policies_that_cannot_be_priced(wrong):
    with pytest.raises(InputError, match="cannot be used"):
        policy_table([1, 2], [0, 1], [0, 1], **wrong)


def test_every_mix_of_labels_works():
    for y, treated in product(([True, False], [1.0, 0.0]), ([True, False], pd.array([1, 0], dtype="Int64"))):
        assert uplift_by_decile([1, 1], y, treated, groups=1)["uplift"].tolist() == [1.0]
