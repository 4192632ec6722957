"""Kaplan and Meier: the curve by its definition, published values, the median and its limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import satisfaction, segments, survival
from crm_analysis.errors import InputError
from crm_analysis.survival import kaplan_meier, km_median

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
