"""Moments of items: against pandas, published correlations, selections, matrices that are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.survey.moments import Moments, mobi

quick = settings(max_examples=20, deadline=None)


@quick
@given(st.integers(0, 10**6), st.floats(0.01, 1000))
def test_moments_are_those_of_pandas(seed, scale):
    values = pd.DataFrame(np.random.default_rng(seed).normal(5, scale, size=(20, 4)), columns=list("abcd"))
    moments = Moments.of(values)
    np.testing.assert_allclose(moments.correlations, values.corr(), atol=1e-12)
    np.testing.assert_allclose(moments.means, values.mean())
    np.testing.assert_allclose(moments.sds, values.std())
    assert (moments.items, moments.n) == (("a", "b", "c", "d"), 20)


def test_the_bundled_moments_are_those_of_the_survey(mobi_rows):
    rows, bundled = Moments.of(mobi_rows), mobi()
    both = rows.take(bundled.items)
    np.testing.assert_allclose(both.correlations, bundled.correlations, atol=1e-10)
    np.testing.assert_allclose(both.means, bundled.means, atol=1e-10)
    np.testing.assert_allclose(both.sds, bundled.sds, atol=1e-10)
    assert bundled.n == len(mobi_rows) == 250


def test_a_selection_keeps_leading_axes_and_order():
    one = mobi()
    many = Moments(one.items, np.stack([one.correlations] * 3), np.stack([one.means] * 3), np.stack([one.sds] * 3), 250)
    part = many.take(["PERQ2", "CUSA1"])
    assert (part.correlations.shape, part.means.shape, part.items) == ((3, 2, 2), (3, 2), ("PERQ2", "CUSA1"))
    places = one.items.index("PERQ2"), one.items.index("CUSA1")
    assert part.correlations[1, 0, 1] == one.correlations[places]
    with pytest.raises(InputError, match="CUSA9 is missing"):
        one.take(["CUSA9"])


def test_rows_and_columns_of_a_matrix_may_stand_in_different_orders():
    matrix = pd.DataFrame([[1, 0.2, 0.3], [0.2, 1, 0.4], [0.3, 0.4, 1]], list("abc"), list("abc"))
    shuffled = Moments.from_correlations(matrix.loc[list("cab")], n=9, means=pd.Series({"c": 3, "a": 1, "b": 2}))
    np.testing.assert_array_equal(shuffled.correlations, matrix)
    assert shuffled.means.tolist() == [1, 2, 3]
    assert np.isnan(shuffled.sds).all()


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 0.5], [0.4, 1]], "not symmetric"),
        ([[2, 0.5], [0.5, 1]], "ones on its diagonal"),
        ([[1, 1.5], [1.5, 1]], "outside -1 to 1"),
        ([[1, np.nan], [np.nan, 1]], "blanks"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "negative eigenvalue"),
    ],
)
def test_matrices_that_are_no_correlations(matrix, message):
    names = list("abc")[: len(matrix)]
    with pytest.raises(InputError, match=message) as error:
        Moments.from_correlations(pd.DataFrame(matrix, names, names), n=10)
    assert error.value.zh != error.value.what


def test_rows_and_columns_that_name_different_items():
    with pytest.raises(InputError, match="rows and columns name different items"):
        Moments.from_correlations(pd.DataFrame(np.eye(2), list("ab"), list("ac")), n=10)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": [1, np.nan, 3], "b": [1, 2, 3]}, "a has blanks"),
        ({"a": [2, 2, 2], "b": [1, 2, 3]}, "a has the same answer throughout"),
        ({"a": [2.0], "b": [1.0]}, "1 respondents"),
    ],
)
def test_answers_without_moments(frame, message):
    with pytest.raises(InputError, match=message):
        Moments.of(pd.DataFrame(frame))


@pytest.mark.parametrize(
    ("names", "means", "sds", "message"),
    [
        ("aa", None, None, "or one twice"),
        ("ab", pd.Series({"a": 1.0}), None, "means must have one number for each item; b is missing"),
        ("ab", [1.0, 2.0], None, "means must have one number for each item"),
        ("ab", None, pd.Series({"a": 1.0, "b": 0.0}), "standard deviation is not above 0"),
    ],
)
def test_numbers_beside_a_matrix_that_do_not_fit(names, means, sds, message):
    matrix = pd.DataFrame([[1, 0.5], [0.5, 1]], list(names), list(names))
    with pytest.raises(InputError, match=message):
        Moments.from_correlations(matrix, n=10, means=means, sds=sds)
