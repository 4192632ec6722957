"""Waiting times with cuts: the curve, its quantiles and mean, the test between groups, ends in several ways."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import satisfaction, segments, survival
from crm_analysis.errors import InputError
from crm_analysis.intervals import holm, wilson
from crm_analysis.survival import (
    common_limit,
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    km_median,
    km_quantile,
    log_rank,
    pairwise_log_rank,
    restricted_mean,
    restricted_mean_difference,
    survival_at,
)

DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
quick = settings(max_examples=25, deadline=None)
units = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)
waits = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40)


def remission(text: str) -> tuple[list[float], list[bool]]:
    return [float(item.rstrip("+")) for item in text.split()], [not item.endswith("+") for item in text.split()]


def product_limit(waited: list[float], ended: list[bool]) -> dict[float, float]:
    """The product-limit curve, written out."""
    alive, found = 1.0, {}
    for t in sorted(set(waited)):
        at_risk = sum(w >= t for w in waited)
        alive *= 1 - sum(w == t and e for w, e in zip(waited, ended)) / at_risk
        found[t] = alive
    return found


def test_the_rooms_show_the_same_functions():
    assert segments.kaplan_meier is survival.kaplan_meier
    assert satisfaction.km_median is survival.km_median


# The curve


@settings(max_examples=50, deadline=None)
@given(units)
def test_the_curve_follows_its_definition(found):
    times, seen = np.array([t for t, _ in found]), np.array([s for _, s in found])
    curve = kaplan_meier(times, seen)
    survival = 1.0
    for time, row in curve.iterrows():
        at_risk, happened = (times >= time).sum(), ((times == time) & seen).sum()
        assert row["at_risk"] == at_risk
        survival *= 1 - happened / at_risk
        assert row["survival"] == pytest.approx(survival)
        assert 0 <= row["survival"] <= 1
        if 0 < row["survival"] < 1:
            assert row["survival_low"] < row["survival"] < row["survival_high"]


def test_without_cuts_it_is_the_share_still_waiting():
    times = np.random.default_rng(0).integers(1, 20, 200)
    curve = kaplan_meier(times, np.ones(200, bool))
    assert curve["survival"].tolist() == pytest.approx([(times > time).mean() for time in curve.index])


@pytest.mark.parametrize(
    ("times", "seen"), [([], []), ([-1.0], [True]), ([1.0, np.nan], [True, True]), ([1, 2], [True])]
)
def test_times_that_cannot_be_used(times, seen):
    with pytest.raises(InputError, match="waiting times"):
        kaplan_meier(times, seen)


def test_telco_c6(real_data):
    telco = pd.read_csv(real_data("Telco-Customer-Churn.csv"))
    curve = kaplan_meier(telco["tenure"], telco["Churn"] == "Yes")
    expected = [0.9460, 0.8848, 0.8432, 0.7887, 0.7485, 0.7088, 0.6644, 0.5928]
    assert curve.loc[[1, 6, 12, 24, 36, 48, 60, 72], "survival"].tolist() == pytest.approx(expected, abs=5e-5)
    assert curve.loc[12, ["survival_low", "survival_high"]].tolist() == pytest.approx([0.83417, 0.85178], abs=5e-6)
    assert curve.loc[60, ["survival_low", "survival_high"]].tolist() == pytest.approx([0.65023, 0.67816], abs=5e-6)


# The median


@pytest.mark.parametrize(
    ("text", "median", "low", "high"), [(DRUG, 23, 13, np.nan), (PLACEBO, 8, 4, 11)]
)  # remission of leukaemia, Freireich et al. 1963; limits as SAS LIFETEST prints them (log-log)
def test_median_of_the_remission_data(text, median, low, high):
    np.testing.assert_equal(tuple(km_median(*remission(text))), (median, low, high))


@quick
@given(waits)
def test_median_is_where_the_product_limit_curve_first_reaches_one_half(rows):
    waited, ended = zip(*rows)
    below = [t for t, alive in product_limit(waited, ended).items() if alive <= 0.5 + 1e-12]
    np.testing.assert_equal(km_median(waited, ended).value, float(below[0]) if below else np.nan)


@quick
@given(waits, st.integers(1, 9), st.randoms())
def test_median_keeps_its_order_and_scales_with_the_unit(rows, factor, random):
    found = km_median(*zip(*rows))
    random.shuffle(rows)
    scaled = km_median([factor * t for t, _ in rows], [end for _, end in rows])
    np.testing.assert_allclose(scaled, np.multiply(found, factor))
    known = [x for x in (found.low, found.value, found.high) if not np.isnan(x)]
    assert known == sorted(known)


@quick
@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_median_without_censoring_is_the_middle_value(values):
    assert km_median(values, np.ones(len(values))).value == sorted(values)[(len(values) - 1) // 2]


def test_limits_of_the_median_cover_it():
    rng, true = np.random.default_rng(5), np.log(2)
    wait, end = rng.exponential(1, (400, 60)), rng.exponential(2, (400, 60))
    found = np.array([km_median(np.minimum(w, e), w <= e) for w, e in zip(wait, end)])
    assert 0.92 < ((found[:, 1] <= true) & (true <= found[:, 2])).mean() < 0.98


def test_median_of_nothing_is_blank_and_blank_times_do_not_count():
    assert np.isnan(km_median([], [])).all()
    assert km_median([np.nan, 2.0], [True, True]).value == 2


# The quantiles and the curve at given times


@quick
@given(waits, st.sampled_from([0.1, 0.25, 0.75, 0.9]))
def test_quantiles_are_where_the_curve_falls_to_the_rest(rows, share):
    waited, ended = zip(*rows)
    below = [t for t, alive in product_limit(waited, ended).items() if alive <= 1 - share + 1e-12]
    np.testing.assert_equal(km_quantile(waited, ended, share=share).value, float(below[0]) if below else np.nan)


def test_a_quantile_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        km_quantile([1], [True], share=90)


def test_remission_curve_at_the_published_times():
    expected = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
    found = survival_at(*remission(DRUG), times=list(expected))
    assert found["survival"].tolist() == pytest.approx(list(expected.values()), abs=1e-6)
    assert found.loc[10, ["survival_low", "survival_high"]].tolist() == pytest.approx([0.503, 0.889], abs=5e-4)


@quick
@given(waits, st.lists(st.integers(0, 35), min_size=1, max_size=5))
def test_heights_are_those_of_the_curve_with_limits_of_some_width(rows, times):
    waited, ended = np.array([t for t, _ in rows]), np.array([e for _, e in rows])
    curve, found = kaplan_meier(waited, ended), survival_at(waited, ended, times=times)
    for time, row in zip(times, found.itertuples()):
        alive = curve["survival"].loc[:time].iloc[-1]
        if time > waited.max() and alive > 0:
            assert np.isnan([row.survival, row.survival_low, row.survival_high]).all()
            continue
        assert row.survival == pytest.approx(alive)
        assert row.at_risk == (waited >= time).sum()
        assert row.survival_low - 1e-12 <= row.survival <= row.survival_high + 1e-12
        assert row.survival_high > row.survival_low  # the curve itself has no width at 0 and 1


def test_limits_at_1_and_0_are_wilsons():
    all_or_nothing = survival_at([5.0] * 20, [True] * 20, times=[4, 5])
    np.testing.assert_allclose(all_or_nothing.loc[4].tolist(), [20, 1, *wilson(20, 20)])
    np.testing.assert_allclose(all_or_nothing.loc[5].tolist(), [20, 0, *wilson(0, 20)], atol=1e-12)


# The restricted mean


def test_restricted_mean_of_the_remission_data():
    drug, placebo = remission(DRUG), remission(PLACEBO)
    assert restricted_mean(*drug, until=35).value == pytest.approx(23.287395, abs=1e-6)
    half = (restricted_mean(*drug).high - restricted_mean(*drug).value) / 1.959964
    assert half == pytest.approx(2.83, abs=5e-3)  # as R survfit prints it (rmean = 35), and 8.67 with 1.38
    value, _, high = restricted_mean(*placebo, until=35)
    assert (value, (high - value) / 1.959964) == pytest.approx((8.67, 1.38), abs=5e-3)
    finished = np.array(drug[0])[drug[1]].mean()
    assert finished == pytest.approx(12.1, abs=0.05)  # closed waits only: half of the truth


@quick
@given(st.lists(st.integers(0, 50), min_size=2, max_size=40), st.integers(1, 50))
def test_restricted_mean_without_cuts_is_the_mean_of_the_waits_cut_at_the_limit(values, limit):
    ended = np.ones(len(values), bool)
    if max(values) > 0:
        assert restricted_mean(values, ended).value == pytest.approx(np.mean(values))
    cut = np.minimum(values, limit)
    found = restricted_mean(values, ended, until=limit)
    assert found.value == pytest.approx(cut.mean())
    if cut.std() > 0:
        half = 1.959964 * cut.std() / np.sqrt(len(values))
        assert found.low == pytest.approx(max(0, cut.mean() - half), abs=1e-5)
        assert found.high == pytest.approx(min(limit, cut.mean() + half), abs=1e-5)


@quick
@given(waits)
def test_restricted_mean_is_the_area_under_the_curve(rows):
    waited, ended = zip(*rows)
    curve, last = product_limit(waited, ended), max(waited)
    steps = sorted(set(waited) | {0, last})
    area = sum((b - a) * next((curve[t] for t in reversed(steps) if t <= a and t in curve), 1.0)
               for a, b in pairwise(steps))  # fmt: skip
    assert restricted_mean(waited, ended).value == pytest.approx(area)


def test_limits_of_the_restricted_mean_cover_it():
    rng, limit = np.random.default_rng(8), 1.5
    wait, end = rng.exponential(1, (600, 80)), rng.exponential(2, (600, 80)).clip(0.3)
    end[:, 0] = 9.0  # somebody is always followed to the limit
    found = np.array([restricted_mean(np.minimum(w, e), w <= e, until=limit) for w, e in zip(wait, end)])
    true = 1 - np.exp(-limit)
    known = ~np.isnan(found[:, 0])
    assert known.mean() > 0.95
    assert 0.92 < ((found[known, 1] <= true) & (true <= found[known, 2])).mean() < 0.975


def test_means_beyond_what_is_known_are_blank_and_strange_limits_refused():
    assert np.isnan(restricted_mean([1, 4], [True, False], until=5)).all()
    assert np.isnan(restricted_mean_difference(([1], [True]), ([1, 4], [True, False]), until=5)).all()
    same = restricted_mean([3.0, 3.0], [True, True], until=2)
    assert same.value == 2
    assert np.isnan(same.low)
    for until in (0, -1, np.inf):
        with pytest.raises(InputError, match="cannot be restricted"):
            restricted_mean([1.0], [True], until=until)


def test_difference_of_means_and_the_common_limit():
    drug, placebo = remission(DRUG), remission(PLACEBO)
    found = restricted_mean_difference(drug, placebo, until=35)
    assert found.value == pytest.approx(23.287395 - 182 / 21, abs=1e-6)
    assert (found.high - found.value) / 1.959964 == pytest.approx(np.hypot(2.8274676, 1.3773900), abs=1e-5)
    swapped = restricted_mean_difference(placebo, drug, until=35)
    assert swapped == pytest.approx((-found.value, -found.high, -found.low))
    groups = ["drug"] * 21 + ["placebo"] * 21
    assert common_limit(drug[0] + placebo[0], drug[1] + placebo[1], groups) == 35
    assert common_limit([1, 5, 2, 9], [True, False, True, False], list("aabb")) == 5
    assert common_limit([1, 5, 2, 9], [True] * 4, list("aabb")) == 9


# The log-rank test


def test_log_rank_of_the_remission_data():
    (drug, ended), (placebo, all_ended) = remission(DRUG), remission(PLACEBO)
    found = log_rank(drug + placebo, ended + all_ended, ["drug"] * 21 + ["placebo"] * 21)
    assert (found.statistic, found.df) == (pytest.approx(16.7929, abs=5e-5), 1)
    assert found.groups["expected_ends"].tolist() == pytest.approx([19.25, 10.75], abs=5e-3)  # as R survdiff prints
    assert found.groups["occurred"].tolist() == [9, 21]


@pytest.mark.parametrize("groups", [2, 3])
def test_log_rank_agrees_with_statsmodels(groups):
    from statsmodels.duration.survfunc import survdiff

    rng = np.random.default_rng(groups)
    group = rng.integers(0, groups, 120)
    wait, end = rng.integers(0, 30, 120) + 4 * group, rng.integers(5, 40, 120)
    times, seen = np.minimum(wait, end), wait <= end
    statistic, p = survdiff(times, seen.astype(int), group)
    found = log_rank(times, seen, group)
    assert (found.statistic, found.p, found.df) == (pytest.approx(statistic), pytest.approx(p), groups - 1)
    assert found.groups["expected_ends"].sum() == pytest.approx(found.groups["occurred"].sum())


def test_log_rank_rejects_a_true_equality_as_often_as_it_says():
    rng = np.random.default_rng(2)
    wait, end = rng.exponential(1, (500, 60)), rng.exponential(1.5, (500, 60))
    p = [log_rank(np.minimum(w, e), w <= e, np.arange(60) % 3).p for w, e in zip(wait, end)]
    assert 0.025 < np.mean(np.array(p) < 0.05) < 0.075


def test_groups_that_never_wait_together_cannot_be_told_apart():
    found = log_rank([1.0, 2.0], [False, True], ["a", "b"])
    assert found.df == 0
    assert np.isnan([found.statistic, found.p]).all()


def test_pairs_of_groups_are_corrected_for_their_number():
    rng = np.random.default_rng(4)
    group = np.repeat(list("abc"), 30)
    times, ended = rng.exponential(1 + (group == "c")), np.ones(90, bool)
    table = pairwise_log_rank(times, ended, group)
    assert table[["first_group", "second_group"]].values.tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    two = group != "c"
    assert table["p"][0] == pytest.approx(log_rank(times[two], ended[two], group[two]).p)
    np.testing.assert_allclose(table["p_holm"], holm(table["p"]))


@pytest.mark.parametrize("groups", [["a", "a"], ["a"], ["a", None]])
def test_groups_that_cannot_be_compared(groups):
    with pytest.raises(InputError, match="cannot be compared") as error:
        log_rank([1.0, 2.0], [True, True], groups)
    assert "至少需要两组" in error.value.zh


# Ends that shut each other out


ways = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["solved", "withdrawn", "", None])), min_size=1)


@quick
@given(ways)
def test_incidences_add_up_to_what_is_not_waiting_any_more(rows):
    times, ends = [t for t, _ in rows], [e for _, e in rows]
    seen = [bool(e) for e in ends]
    if not any(seen):
        with pytest.raises(InputError, match="no end was seen"):
            cumulative_incidence(times, ends)
        return
    table = cumulative_incidence(times, ends)
    total = table["incidence"].groupby(level="time").sum()
    np.testing.assert_allclose(total, 1 - kaplan_meier(times, seen)["survival"], atol=1e-12)
    known = table.dropna()
    assert (known["incidence_low"] <= known["incidence"] + 1e-12).all()
    assert (known["incidence"] <= known["incidence_high"] + 1e-12).all()


@quick
@given(waits)
def test_with_one_way_to_end_it_is_kaplan_and_meier(rows):
    times, ended = zip(*rows)
    if not any(ended):
        return
    found = cumulative_incidence(times, np.where(ended, "end", None)).loc["end"]
    curve = kaplan_meier(times, ended)
    np.testing.assert_allclose(1 - found["incidence"], curve["survival"], atol=1e-12)
    np.testing.assert_allclose(1 - found["incidence_high"], curve["survival_low"], atol=1e-9)
    np.testing.assert_allclose(1 - found["incidence_low"], curve["survival_high"], atol=1e-9)


def test_incidence_agrees_with_statsmodels():
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(11)
    times, way = rng.integers(1, 30, 150), rng.integers(0, 3, 150)
    table = cumulative_incidence(times, np.array([None, "a", "b"], object)[way])
    other = CumIncidenceRight(times.astype(float), way)
    for k, name in enumerate("ab"):
        mine = table.loc[name].loc[other.times]
        np.testing.assert_allclose(mine["incidence"], other.cinc[k], atol=1e-12)
        rest = 1 - mine["incidence"]
        width = np.log(np.log(1 - mine["incidence_high"]) / np.log(rest)) / 1.959963984540054
        inside = (mine["incidence"] > 0) & (rest > 1e-9)
        spread = (width * rest * -np.log(rest.where(inside, 0.5)))[inside]
        np.testing.assert_allclose(spread, other.cinc_se[k][inside], rtol=1e-6)


def test_without_cuts_incidence_is_the_share_that_ended_so_with_the_binomial_spread():
    way = np.array(["a"] * 3 + ["b"] * 7)
    row = cumulative_incidence(np.arange(10), way).loc[("a", 9)]
    assert row["incidence"] == pytest.approx(0.3)
    width = np.log(np.log(1 - row["incidence_high"]) / np.log(0.7)) / 1.959963984540054
    assert width * 0.7 * -np.log(0.7) == pytest.approx(np.sqrt(0.3 * 0.7 / 10))


def test_incidence_at_given_times():
    found = incidence_at([1, 2, 3, 4], ["a", "b", None, None], times=[0.5, 3, 9])
    assert found.loc["a", "incidence"].tolist() == pytest.approx([0, 0.25, np.nan], nan_ok=True)
    assert incidence_at([1, 2], ["a", "b"], times=[9])["incidence"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("observed", [["no", "no", "yes"], [np.nan, 0, 1], [None, True, False], [0, 1, 2]])
def test_ends_that_are_neither_seen_nor_unseen_are_no_events(observed):
    with pytest.raises(InputError, match="neither True nor False"):
        kaplan_meier([1, 2, 3], observed)
    with pytest.raises(InputError, match="neither True nor False"):
        km_median([1, 2, 3], observed)


@pytest.mark.parametrize(
    ("durations", "what"),
    [
        ([1, -2, np.nan], "2 of 3 are blank, infinite or negative"),
        (["soon", "1", "2"], "no numbers"),
        (pd.to_timedelta([1, 2, 3], "h"), "divide them by a unit"),
        ([1, 2], "2 times, but 3 notes"),
    ],
)
def test_the_message_says_what_is_wrong_with_the_times(durations, what):
    with pytest.raises(InputError, match=what) as error:
        kaplan_meier(durations, [True, False, True])
    assert "等待时间" in error.value.zh


def test_times_before_the_start_and_levels_in_percent_are_refused():
    for times in ([-1], [np.nan]):  # a search from the left would give the end of the curve
        with pytest.raises(InputError, match="blank or negative"):
            survival_at([1, 2, 3], [1, 1, 1], times=times)
        with pytest.raises(InputError, match="blank or negative"):
            incidence_at([1, 2, 3], ["a", "b", "a"], times=times)
    for until in (-4, 0, np.nan, np.inf):
        with pytest.raises(InputError, match="cannot be restricted"):
            restricted_mean_difference(([1, 2], [1, 1]), ([2, 3], [1, 1]), until=until)
    with pytest.raises(ValueError, match=r"pass 0\.95"):
        kaplan_meier([1, 2, 3], [1, 1, 1], level=95)


def test_groups_must_be_named_for_each_time():
    for groups in (["a", "b", None], ["a", "b"]):
        with pytest.raises(InputError, match="cannot be compared"):
            pairwise_log_rank([1, 2, 3], [1, 1, 1], groups)
        with pytest.raises(InputError, match="lacks its group"):
            common_limit([1, 2, 3], [1, 1, 0], groups)


def test_no_incidence_and_certain_incidence_have_limits_with_width():
    found = incidence_at([1, 2, 3, 4, 5], ["a", "b", "a", None, None], times=[1.5])
    assert found.loc[("b", 1.5)].tolist() == pytest.approx([0, *map(float, wilson(0, 5))])
    cut = incidence_at([1, 2, 3, 4, 5], ["a", None, "a", "b", None], times=[3])  # the one cut at 2 is not known of
    assert cut.loc[("b", 3), "incidence_high"] == pytest.approx(wilson(0, 4)[1])
    times, seen = [1, 2, 2, 3, 4], np.array([True, True, False, True, True])
    one = incidence_at(times, np.where(seen, "a", None), times=[0.5, 4]).reset_index(drop=True)
    curve = survival_at(times, seen, times=[0.5, 4]).reset_index()
    np.testing.assert_allclose(one["incidence_low"], 1 - curve["survival_high"])
    np.testing.assert_allclose(one["incidence_high"], 1 - curve["survival_low"])
    np.testing.assert_allclose(one["incidence"], [0, 1])


def test_a_rest_that_is_rounding_does_not_overflow():
    times = [0] * 12 + [1] * 4 + [2]
    ends = [None] * 8 + ["end"] * 4 + [None] * 2 + ["end"] * 3
    assert np.isnan(cumulative_incidence(times, ends)["incidence_low"].iloc[-1])
