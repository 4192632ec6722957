"""Probabilities against what happened: reference numbers, other libraries, brute force, properties, mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from crm_analysis.churn.models.calibration import calibration, fair_folds, mean_over_customers
from crm_analysis.churn.models.calibration_input import check_pairs, inner
from crm_analysis.churn.models.calibration_table import brier_parts, quantile_bins
from crm_analysis.errors import InputError


def simulated(n: int = 1000, *, slope: float = 1.0, shift: float = 0.0, seed: int = 0) -> tuple[pd.Series, pd.Series]:
    """Probabilities, and labels whose log odds are shift + slope times theirs."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-1, 1.2, n)
    y = rng.random(n) < expit(shift + slope * z)
    index = pd.Index([f"c{i}" for i in range(n)], name="customer_id")
    return pd.Series(expit(z), index=index), pd.Series(y.astype(int), index=index)


def test_measures_agree_with_other_libraries():
    p, y = simulated()
    found = calibration(p, y)
    assert found.brier.value == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    assert found.log_loss.value == pytest.approx(log_loss(y, p), abs=1e-12)
    observed, predicted = calibration_curve(y, p, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(found.table["observed_churn"], observed)
    np.testing.assert_allclose(found.table["mean_probability"], predicted)
    assert found.table["rows"].tolist() == [100] * 10


def test_ece_and_spiegelhalter_by_hand():
    p, y = simulated(50)
    found = calibration(p, y, bins=5)
    ranked = np.argsort(p.to_numpy())
    gaps = [abs(p.iloc[part].mean() - y.iloc[part].mean()) for part in np.split(ranked, 5)]
    assert found.ece == pytest.approx(np.mean(gaps))
    top = sum((b - a) * (1 - 2 * a) for a, b in zip(p, y))
    bottom = sum((1 - 2 * a) ** 2 * a * (1 - a) for a in p) ** 0.5
    assert found.spiegelhalter_z == pytest.approx(top / bottom)


def test_ece_by_chance_is_what_calibrated_probabilities_show_on_average():
    p, rng = np.sort(np.random.default_rng(1).uniform(0.05, 0.7, 2000)), np.random.default_rng(2)
    gaps = (p - (rng.random((400, 2000)) < p)).reshape(400, 10, 200).mean(axis=2)  # ten bins of 200, by brute force
    assert calibration(p, rng.random(2000) < p).ece_by_chance == pytest.approx(np.abs(gaps).mean(), rel=0.03)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=60), st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_parts_of_brier_add_up_and_bins_keep_ties_together(rows, bins):
    p, y = np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows])
    group = quantile_bins(p, bins)
    parts = brier_parts(p, y, group)
    total = parts["brier_uncertainty"] - parts["brier_resolution"] + parts["brier_reliability"] + parts["brier_within"]
    assert total == pytest.approx(((p - y) ** 2).mean(), abs=1e-12)
    assert pd.Series(group).groupby(p).nunique().max() == 1
    assert set(group) == set(range(group.max() + 1))
    assert group.max() < bins


@given(st.permutations(list(range(40))))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_does_not_matter(order):
    p, y = simulated(40, seed=3)
    p = p.round(1)
    first, second = calibration(p, y, bins=4), calibration(p.iloc[order], y.iloc[order], bins=4)
    pd.testing.assert_frame_equal(first.table, second.table)
    np.testing.assert_allclose(first.measures, second.measures, atol=1e-9)


def test_the_order_of_rows_does_not_matter_where_customers_repeat():
    p, y = simulated(300, seed=4)
    who, order = np.repeat(np.arange(100), 3), np.random.default_rng(0).permutation(300)
    first = calibration(p, y, customers=who)
    second = calibration(p.iloc[order], y.iloc[order], customers=who[order])
    np.testing.assert_allclose(first.measures, second.measures, atol=1e-9)


def test_ece_is_zero_where_bins_are_perfect():
    p = np.repeat([0.25, 0.75], 4)
    found = calibration(p, [1, 0, 0, 0, 1, 1, 1, 0], bins=2)
    assert found.ece == 0
    assert found.parts["brier_reliability"] == 0
    assert found.slope.value == pytest.approx(1)
    assert found.intercept.value == pytest.approx(0, abs=1e-9)


def test_calibrated_probabilities_are_seldom_mended_and_bad_ones_are():
    verdicts = [calibration(*simulated(500, seed=seed)).verdict for seed in range(60)]
    assert verdicts.count("mend") <= 4
    assert verdicts.count("as_is") >= 48
    too_extreme = calibration(*simulated(2000, slope=0.5))
    assert too_extreme.needs_mending
    assert too_extreme.slope.high < 1
    assert "too extreme" in too_extreme.text("en")
    too_high = calibration(*simulated(2000, shift=-1))
    assert too_high.needs_mending
    assert too_high.intercept.value == pytest.approx(-1, abs=0.2)
    assert "整体偏高" in too_high.text("zh")


def test_small_samples_are_not_mended_without_proof():
    p, y = simulated(60, slope=0.3, seed=3)
    found = calibration(p, y)
    assert found.suspicious
    assert found.verdict == "too_small_to_mend"
    assert "left as they are" in found.text("en")
    few = calibration([0.9] * 30, [1] * 5 + [0] * 25)
    assert few.verdict == "too_small_to_mend"
    assert np.isnan(few.gain.value)
    assert "too few" in few.text("en")
    assert "太少" in few.text("zh")


def test_repeated_customers_widen_all_limits():
    p, y = simulated(200)
    once = calibration(p, y)
    again = calibration(np.repeat(p.to_numpy(), 4), np.repeat(y.to_numpy(), 4), customers=np.repeat(p.index, 4))
    pd.testing.assert_series_equal(again.table["mean_probability"], once.table["mean_probability"])
    np.testing.assert_allclose(again.table["effective_rows"], once.table["effective_rows"], rtol=0.06)
    for name in ("brier", "log_loss"):
        np.testing.assert_allclose(getattr(again, name), getattr(once, name), rtol=1e-3)
    np.testing.assert_allclose(again.slope, once.slope, rtol=0.1)
    naive = calibration(np.repeat(p.to_numpy(), 4), np.repeat(y.to_numpy(), 4))
    assert naive.slope.high - naive.slope.low < 0.6 * (again.slope.high - again.slope.low)
    assert "whole customers" in again.text("en")


def test_customers_are_found_in_an_index_of_several_levels():
    p, y = simulated(100)
    index = pd.MultiIndex.from_product([range(50), ["a", "b"]], names=["customer_id", "cutoff"])
    assert calibration(p.set_axis(index), y.set_axis(index)).pairs.customer.max() == 49
    alone = index[::2]
    assert calibration(p.iloc[:50].set_axis(alone), y.iloc[:50].set_axis(alone)).pairs.customer is None


def test_a_constant_has_no_slope_but_an_intercept():
    y = np.tile([1, 0, 0, 0], 25)
    found = calibration(np.full(100, 0.25), y)
    assert len(found.table) == 1
    assert np.isnan(found.slope.value)
    assert found.intercept.value == pytest.approx(0, abs=1e-9)
    assert found.verdict == "as_is"
    assert found.skill == pytest.approx(0)
    assert "no slope" in found.text("en")
    high = calibration(np.full(100, 0.5), y)
    assert high.intercept.value == pytest.approx(logit(0.25))
    assert high.needs_mending


def test_zero_and_one_count_as_slightly_inside_and_are_said():
    p, y = simulated(400, seed=5)
    p = p.where(p > 0.08, 0.0).where(p < 0.9, 1.0)
    found = calibration(p, y)
    assert found.at_edge == int(p.isin([0, 1]).sum()) > 0
    assert found.impossible == int(((p == 0) & (y == 1)).sum() + ((p == 1) & (y == 0)).sum()) > 0
    assert np.isfinite([found.slope, found.log_loss]).all()
    assert "infinite" in found.text("en")
    moved, count = inner(np.array([0.0, 1e-6, 0.3, 1.0]))
    assert count == 2
    assert moved[0] == 1e-6
    assert moved[-1] == 1 - 1e-6


def test_perfect_parting_has_no_slope_and_smells_of_a_leak():
    found = calibration([0.2] * 20 + [0.8] * 20, [0] * 20 + [1] * 20)
    assert np.isnan(found.slope.value)
    assert "leak" in found.text("en")
    assert "泄漏" in found.text("zh")


def test_labels_all_alike_give_a_table_and_no_judgement():
    found = calibration([0.1, 0.2, 0.3], [0, 0, 0], bins=3)
    assert found.verdict == "calibration_not_known"
    assert np.isnan(found.intercept.value)
    assert np.isnan(found.skill)
    assert found.brier.value == pytest.approx((0.01 + 0.04 + 0.09) / 3)
    assert "alike" in found.text("en")


@pytest.mark.parametrize(
    ("y", "same"),
    [
        ([True, False, True], [1, 0, 1]),
        (["1", "0", "1"], [1, 0, 1]),
        (pd.Categorical([1, 0, 1]), [1, 0, 1]),
        (pd.array([1, 0, 1], "Int64"), [1, 0, 1]),
    ],
)
def test_labels_are_read_in_many_forms(y, same):
    assert check_pairs(["0.2", "0.3", "1"], y).y.tolist() == same


@pytest.mark.parametrize(
    ("p", "y", "text"),
    [
        ([0.2, None], [0, 1], "1 probabilities are blank"),
        ([0.2, 1.7], [0, 1], "outside 0 to 1"),
        ([0.2, "high"], [0, 1], "no numbers"),
        ([0.2, 0.3], [0, 2], "labels are not 0 or 1: 2"),
        ([0.2, 0.3], ["yes", "no"], "labels are not 0 or 1: no, yes"),
        ([0.2, 0.3], [0, None], "labels are not 0 or 1"),
        ([0.2], [0, 1], "1 probabilities for labels"),
        ([[0.8, 0.2]], [0], "2 dimensions"),
        ([], [], "no rows"),
        (pd.Series([0.2, 0.3], index=[1, 2]), pd.Series([0, 1], index=[2, 1]), "same index"),
    ],
)
def test_mistakes_are_named(p, y, text):
    with pytest.raises(InputError, match=text) as caught:
        calibration(p, y)
    assert caught.value.zh != caught.value.what


def test_several_mistakes_stand_in_one_message():
    with pytest.raises(InputError, match=r"blank; 1 probabilities lie outside.*; 1 labels"):
        calibration([0.1, None, 3], [0, 1, 7])


@pytest.mark.parametrize("bins", [1, 0, 2.5, True])
def test_bins_must_be_a_number_of_bins(bins):
    with pytest.raises(InputError, match="bins="):
        calibration([0.1, 0.2], [0, 1], bins=bins)


@pytest.mark.parametrize("customers", [["a"], ["a", None]])
def test_customers_must_be_known(customers):
    with pytest.raises(InputError, match="customers"):
        calibration([0.1, 0.2], [0, 1], customers=customers)


def test_nothing_given_is_changed():
    p, y = simulated(50)
    before = p.copy(), y.copy()
    calibration(p, y)
    pd.testing.assert_series_equal(p, before[0])
    pd.testing.assert_series_equal(y, before[1])


def test_folds_keep_customers_and_shares():
    p, y = simulated(400)
    who = np.repeat(np.arange(200), 2)
    fold = fair_folds(check_pairs(p, y, customers=who))
    assert pd.Series(fold).groupby(who).nunique().max() == 1
    assert pd.Series(fold[::2]).value_counts().tolist() == [40] * 5


def test_mean_over_customers_is_the_ordinary_interval_for_single_rows():
    values = np.random.default_rng(0).normal(size=200)
    found = mean_over_customers(values, np.arange(200))
    half = 1.959964 * values.std(ddof=1) / np.sqrt(200)
    np.testing.assert_allclose(found, [values.mean(), values.mean() - half, values.mean() + half], atol=1e-6)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_measures_and_text_name_everything(lang):
    from crm_analysis.words.churn_calibration import WORDS
    from crm_analysis.words.churn_models import WORDS as SHARED

    found = calibration(*simulated(200))
    shown = [*found.measures.index, *found.table.columns, *found.parts.index, found.table.index.name]
    rest = {"rows"}
    plain = [name for name in shown if not name.endswith(("_low", "_high"))]
    assert [name for name in plain if name not in WORDS | SHARED and name not in rest] == []
    assert "nan" not in found.text(lang)
