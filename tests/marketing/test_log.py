"""Integer codes, moments and actions of an event log."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.marketing.log import action_ranks, codes, leads, microseconds


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=20))
def test_codes_are_equal_exactly_where_all_columns_are(pairs):
    frame = pd.DataFrame(pairs, columns=["customer_id", "item_id"])
    code = codes(frame, "customer_id", "item_id")
    for i, first in enumerate(pairs):
        assert [bool(same) for same in code == code[i]] == [pair == first for pair in pairs]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_do_not_depend_on_unit_or_zone(unit):
    times = pd.Series(pd.to_datetime(["1970-01-01 00:00:07"]).tz_localize("UTC")).dt.as_unit(unit)
    assert microseconds(times).tolist() == microseconds(times.dt.tz_convert("Asia/Shanghai")).tolist() == [7_000_000]


def test_ranks_of_texts_and_categories():
    actions = pd.Series(["buy", "view", "cart", "favourite"])
    assert action_ranks(actions).tolist() == action_ranks(actions.astype("category")).tolist() == [3, 0, 2, 1]


def test_an_unknown_action_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'favourite'"):
        action_ranks(pd.Series(["view", "favorite"]))


def test_leads_of_nothing():
    assert leads(np.array([], dtype=int)).tolist() == []
