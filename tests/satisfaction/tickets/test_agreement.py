"""Weighted kappa: against scikit-learn and statsmodels, its limits, what cannot be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.agreement import agreement

pairs = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=60)


@settings(max_examples=30, deadline=None)
@given(pairs, st.sampled_from(["none", "linear", "quadratic"]))
def test_kappa_and_its_limits_agree_with_the_libraries(rows, weights):
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import cohens_kappa

    first, second = zip(*rows)
    found = agreement(first, second, levels=[1, 2, 3, 4], weights=weights)
    assert found.table.to_numpy().sum() == len(rows)
    assert found.same.value == pytest.approx(np.mean([a == b for a, b in rows]))
    if not np.isfinite(found.kappa.value):
        assert len(set(first) | set(second)) == 1
        return
    name = None if weights == "none" else weights
    assert found.kappa.value == pytest.approx(cohen_kappa_score(first, second, labels=[1, 2, 3, 4], weights=name))
    if np.isfinite(found.kappa.low):
        with np.errstate(invalid="ignore"):  # statsmodels divides by the spread under chance, which may be 0
            how = {"none": None, "linear": "linear", "quadratic": "fc"}[weights]
            other = cohens_kappa(found.table.to_numpy(), wt=how)
        assert found.kappa.low == pytest.approx(max(-1, other.kappa_low), abs=1e-6)
        assert found.kappa.high == pytest.approx(min(1, other.kappa_upp), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(pairs)
def test_swapping_the_raters_turns_the_table_only(rows):
    first, second = zip(*rows)
    a = agreement(first, second, levels=[1, 2, 3, 4])
    b = agreement(second, first, levels=[1, 2, 3, 4])
    np.testing.assert_allclose(a.kappa, b.kappa, atol=1e-9)
    np.testing.assert_array_equal(a.table, b.table.T)


def test_limits_cover_the_true_kappa():
    rng, true = np.random.default_rng(6), 0.6
    hits = 0
    for _ in range(300):
        first = rng.integers(1, 4, 120)
        second = np.where(rng.random(120) < true, first, rng.integers(1, 4, 120))
        low, high = agreement(first, second, levels=[1, 2, 3], weights="none").kappa[1:]
        hits += low <= true <= high
    assert 0.91 < hits / 300 < 0.985


def test_levels_named_but_not_used_change_the_weights():
    first, second = [1, 1, 2, 2], [1, 2, 2, 1]
    assert agreement(first, second, levels=[1, 2]).within_one == 1
    three = agreement(first, second, levels=[1, 2, 3])
    assert three.table.shape == (3, 3)
    assert three.kappa.value == pytest.approx(0)


def test_blanks_are_counted_and_words_say_what_is_missing():
    found = agreement(["low", "high", None, "low"], ["low", "high", "low", "high"], levels=["low", "high"])
    assert (found.rated, found.left_out) == (3, 1)
    assert found.too_few
    assert "1 more lack a judgement" in found.text("en")
    assert "fewer than 30" in found.text("en")
    assert "另有 1 张" in found.text("zh")
    many = agreement([1, 2] * 20, [1, 2] * 20)
    assert many.kappa.value == 1
    assert np.isnan(many.kappa.low)
    assert "rough" not in many.text("en")
    one = agreement([1, 1], [1, 1])
    assert "undefined" in one.text("en")
    assert "无法计算" in one.text("zh")


@pytest.mark.parametrize(
    ("first", "second", "options", "what"),
    [
        ([1, 2], [1], {}, "one rater judged 2 tickets, the other 1"),
        ([None], [1], {}, "no ticket was judged by both"),
        ([1, 5], [1, 2], {"levels": [1, 2]}, "the level 5 is not among those named"),
        ([1, 2], [1, 2], {"levels": [1, 2, 2]}, "a level is named twice"),
        ([1, 2], [1, 2], {"weights": "cubic"}, "weights 'cubic' are not known"),
    ],
)
def test_judgements_that_cannot_be_used(first, second, options, what):
    with pytest.raises(InputError, match=what) as error:
        agreement(first, second, **options)
    assert error.value.zh != error.value.what


def test_the_alphabet_is_no_order_of_levels():
    first, second = ["low", "high", "middle"], ["low", "low", "high"]
    with pytest.raises(InputError, match="order of the levels high, low, middle is not known") as error:
        agreement(first, second)
    assert "从低到高" in error.value.zh
    named = agreement(first, second, levels=["low", "middle", "high"]).kappa.value
    assert named == pytest.approx(agreement([1, 3, 2], [1, 1, 3]).kappa.value)
    assert np.isfinite(agreement(first, second, weights="none").kappa.value)
    with pytest.raises(InputError, match="is not known"):
        agreement([1, "2", 3], [1, 2, 3], weights="none")
