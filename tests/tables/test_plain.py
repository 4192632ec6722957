"""Values of any type as texts."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.tables.plain import BLANK, plain

NOTHING = float("nan")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pd.Series([12346.0, np.nan]), ["12346", None]),
        (pd.Series([12346.0, np.inf]), ["12346", None]),
        (pd.Series([1.5, 2.0]), ["1.5", "2.0"]),
        (pd.Series([1, None], dtype="Int64"), ["1", None]),
        (pd.Series([1.0, None], dtype="Float64"), ["1", None]),
        (pd.Series([12346.0, "A1", None, pd.NA], dtype=object), ["12346", "A1", None, None]),
        (pd.Series([" a ", "", "NULL", None]), ["a", None, None, None]),
        (pd.Series(pd.Categorical(["a", "", None])), ["a", None, None]),
        (pd.Series([True, False]), ["True", "False"]),
        (pd.Series([decimal.Decimal("7"), None]), ["7", None]),
        (pd.Series([], dtype=object), []),
    ],
)
def test_each_type(values, texts):
    found = plain(values)
    assert [None if missing else text for text, missing in zip(found, found.isna())] == texts


@given(st.integers(-(2**53), 2**53))
def test_whole_floats_keep_all_digits(number):
    assert plain(pd.Series([float(number)])).tolist() == [str(number)]


@pytest.mark.parametrize("blank", BLANK)
def test_blank_words_are_missing(blank):
    assert plain(pd.Series([f" {blank} ", "x"])).isna().tolist() == [True, False]


def test_the_index_and_the_frame_given_stay():
    given_ = pd.Series([1.0], index=[9], name="n")
    assert plain(given_).index.tolist() == [9]
    assert given_.tolist() == [1.0]
