"""Partial proportional odds against a direct search, and the merging of rare categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.cuts import cut_coefficients
from crm_analysis.satisfaction.drivers.ordinal import ordinal_model
from crm_analysis.satisfaction.drivers.partial import merge_categories, partial_proportional_odds
from tests.satisfaction.drivers.published import UCLA_DRIVERS, ucla


def test_students_against_a_direct_search():
    frame = ucla()
    model = partial_proportional_odds(frame, outcome="apply", drivers=UCLA_DRIVERS, freed=["public"])
    y, x = frame["apply"].cat.codes.to_numpy(), frame[UCLA_DRIVERS].to_numpy(float)

    def loss(theta: np.ndarray) -> float:
        t1, t2, pared, gpa, first, second = theta
        one = 1 / (1 + np.exp(t1 - x @ [pared, first, gpa]))
        two = 1 / (1 + np.exp(t2 - x @ [pared, second, gpa]))
        chance = np.column_stack([1 - one, one - two, two])[np.arange(len(y)), y]
        return -np.log(np.maximum(chance, 1e-12)).sum()

    found = minimize(loss, [2.2, 4.3, 1, 0.6, 0, 0], method="BFGS", options={"gtol": 1e-4})
    assert model.log_likelihood == pytest.approx(-found.fun, abs=1e-5)
    expected = [found.x[2], *found.x[4:], found.x[3]]
    np.testing.assert_allclose(model.table["coefficient"], expected, atol=2e-3)
    assert model.table.index.get_level_values("cut").tolist() == [
        "all_cuts", "≥ somewhat likely", "≥ very likely", "all_cuts",
    ]  # fmt: skip
    plain = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS)
    assert model.proportional_log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)
    assert (model.df, 0 < model.p < 0.1, model.chi_square > 3) == (1, True, True)


def test_freed_coefficients_lie_near_those_of_the_single_logits():
    rng = np.random.default_rng(1)
    a = rng.uniform(-1, 1, 2000)
    above = 1 / (1 + np.exp(-(np.outer(a, [0.3, 1.5]) - np.array([-1.0, 1.0]))))
    frame = pd.DataFrame({"y": (rng.random((2000, 1)) < above).sum(axis=1), "a": a})
    model = partial_proportional_odds(frame, outcome="y", drivers=["a"], freed=["a"])
    table = cut_coefficients(frame, outcome="y", drivers=["a"])
    np.testing.assert_allclose(model.table["coefficient"], table["coefficient"], atol=0.1)
    assert model.p < 0.001


def test_names_that_cannot_be_freed():
    for freed in (["z"], []):
        with pytest.raises(InputError, match="no driver to be freed"):
            partial_proportional_odds(ucla(), outcome="apply", drivers=UCLA_DRIVERS, freed=freed)


def test_rare_categories_join_the_smaller_neighbour():
    counts = {4: 1, 5: 8, 6: 15, 7: 50, 8: 109, 9: 29, 10: 38}  # CUSA1 of the mobile-phone survey
    answers = pd.Series(np.repeat(list(counts), list(counts.values())), index=range(1, 251))
    merged = merge_categories(answers, at_least=20)
    assert merged.value_counts(sort=False).to_dict() == {"4-6": 24, "7": 50, "8": 109, "9": 29, "10": 38}
    assert merged.cat.ordered
    assert merged.index.equals(answers.index)
    assert merge_categories(answers, at_least=1).nunique() == 7
    assert merge_categories(answers, at_least=1000).nunique() == 2


def test_merging_keeps_gaps_and_named_categories():
    merged = merge_categories(ucla()["apply"], at_least=50)
    assert list(merged.cat.categories) == ["unlikely", "somewhat likely-very likely"]
    assert merge_categories(pd.Series([1, None, 2, 2.0]), at_least=1).isna().tolist() == [False, True, False, False]
    with pytest.raises(InputError, match="no order"):
        merge_categories(pd.Series(["a", "b"], dtype="category"))


def test_two_categories_have_nothing_to_free():
    frame = ucla()
    frame["apply"] = (frame["apply"].cat.codes > 0).astype(float)
    with pytest.raises(InputError, match="apply has 2 categories: there is one cut and nothing to free"):
        partial_proportional_odds(frame, outcome="apply", drivers=UCLA_DRIVERS, freed=["gpa"])


def test_texts_are_not_sorted_as_texts():
    with pytest.raises(InputError, match="no order"):
        merge_categories(pd.Series(["1", "10", "2", "2"], name="stars"))
