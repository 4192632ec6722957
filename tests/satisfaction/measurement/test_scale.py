"""A plain scale without a model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.coefficients import alpha_of
from crm_analysis.satisfaction.measurement.scale import alpha, omega, scale_items, scale_table

IMAGE = [f"IMAG{k}" for k in range(1, 6)]


def survey(n: int = 120, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(n, 1))
    return pd.DataFrame((trait + rng.normal(size=(n, 4))).round(1), columns=list("abcd"))


def test_the_image_scale_of_the_mobile_phone_survey(mobi_rows):
    raw = alpha(mobi_rows, items=IMAGE)
    assert tuple(raw) == pytest.approx((0.714447, 0.6544, 0.7668), abs=5e-5)
    even = alpha(mobi_rows, items=IMAGE, standardised=True, draws=400)
    assert even.value == pytest.approx(0.722835, abs=1e-6)
    assert even.low < even.value < even.high
    assert omega(mobi_rows, items=IMAGE, draws=100).value == pytest.approx(0.729582, abs=1e-6)


def test_the_bootstrap_depends_on_the_seed_alone():
    rows = survey()
    first, again, other = (alpha(rows, items="abcd", standardised=True, draws=100, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_bootstrap_is_that_of_respondents_drawn_one_by_one(monkeypatch):
    rows = survey(80)
    values, rng = rows.to_numpy(), np.random.default_rng(5)
    slow = [alpha_of(np.corrcoef(values[rng.integers(0, 80, 80)].T)) for _ in range(2000)]
    found = alpha(rows, items="abcd", standardised=True, draws=2000)
    assert (found.low, found.high) == pytest.approx(np.quantile(slow, [0.025, 0.975]), abs=0.025)
    monkeypatch.setattr("crm_analysis.satisfaction.measurement.scale.AT_ONCE", 800)
    in_pieces = alpha(rows, items="abcd", standardised=True, draws=2000)
    assert in_pieces == pytest.approx(found)


def test_table_counts_respondents_of_each_scale():
    rows = survey()
    rows.loc[:9, "a"] = np.nan
    table = scale_table(rows, scales={"whole": "abcd", "rest": "bcd"}, draws=50)
    assert table[["item_count", "respondents", "left_out"]].values.tolist() == [[4, 110, 10], [3, 120, 0]]
    assert table.loc["rest", "alpha_raw"] == pytest.approx(alpha(rows, items="bcd").value)
    assert table.loc["rest", "omega"] == pytest.approx(omega(rows, items="bcd", draws=10).value)


def test_reversed_items_are_found_and_can_be_declared():
    rows = survey().round().clip(-3, 3)
    good = alpha(rows, items="abcd").value
    rows["c"] = -rows["c"]
    found = scale_items(rows, items="abcd", draws=50)
    assert found["reversed_suspect"].to_dict() == {"a": False, "b": False, "c": True, "d": False}
    assert alpha(rows, items="abcd").value < good
    assert alpha(rows, items="abcd", low=-3, high=3, reversed_items=["c"]).value == pytest.approx(good)


def test_items_are_those_of_a_scale_with_one_left_out():
    rows = survey()
    table = scale_items(rows, items="abcd", draws=50)
    for item in "abcd":
        rest = [name for name in "abcd" if name != item]
        assert table.loc[item, "alpha_raw_dropped"] == pytest.approx(alpha(rows, items=rest).value)
        assert table.loc[item, "item_rest"] == pytest.approx(rows[item].corr(rows[rest].sum(axis=1)))
    assert (table["item_rest_low"] < table["item_rest"]).all()


def test_two_items_have_no_scale_when_one_is_dropped():
    table = scale_items(survey(), items="ab", draws=20)
    assert table["alpha_raw_dropped"].isna().all()
    assert table["factor_loading"].isna().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rows: alpha(rows, items=["a"]), "at least 2 are needed"),
        (lambda rows: omega(rows, items=["a", "b"]), "at least 3 are needed"),
        (lambda rows: alpha(rows, items=["a", "x"]), "x is missing"),
        (lambda rows: alpha(rows.assign(b=1), items=["a", "b"]), "same answer to b"),
        (lambda rows: scale_table(rows.head(2), scales={"s": "ab"}), "at least 3 are needed"),
        (lambda rows: scale_table(rows, scales={"s": "ab", "lone": "c"}), "where: the scale lone"),
        (lambda rows: omega(rows, items="abc", draws=-1), "draws must be 0 or more; got -1"),
        (lambda rows: alpha(rows.mask(rows > 2), items="abc", missing="keep"), "needs complete answers"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call(survey())


def test_the_callers_frame_is_not_changed():
    rows = survey()
    before = rows.copy()
    scale_table(rows, scales={"s": "abcd"}, draws=20)
    assert before.equals(rows)


def test_without_draws_there_are_no_limits():
    rows = survey()
    found = omega(rows, items="abc", draws=0)
    assert np.isfinite(found.value)
    assert np.isnan([found.low, found.high]).all()
    even = alpha(rows, items="abcd", standardised=True, draws=0)
    assert even.value == pytest.approx(alpha(rows, items="abcd", standardised=True, draws=20).value)
    assert np.isnan(even.low)
    table = scale_table(rows, scales={"s": "abcd"}, draws=0)
    assert table[["alpha_raw_low", "alpha_standardised", "omega"]].notna().all(axis=None)
    assert table[["alpha_standardised_low", "omega_high"]].isna().all(axis=None)
    assert scale_items(rows, items="abcd", draws=0)["item_rest_low"].isna().all()


def test_an_item_is_reversed_in_the_scale_that_has_it():
    rows = survey().round().clip(-3, 3)
    right = scale_table(rows, scales={"x": "ab", "y": "cd"}, draws=20)
    ends = {"low": -3, "high": 3}
    found = scale_table(
        rows.assign(c=-rows["c"]), scales={"x": "ab", "y": "cd"}, draws=20, reversed_items=["c"], **ends
    )
    pd.testing.assert_frame_equal(found, right)
    with pytest.raises(InputError, match="e is to be reversed but is in none of the scales"):
        scale_table(rows, scales={"x": "ab", "y": "cd"}, draws=20, reversed_items=["c", "e"], **ends)
