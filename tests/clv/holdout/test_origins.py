"""What several origins say: spread, wins, and the sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.holdout.origins import over_origins, wins, wins_verdict


@pytest.fixture
def table():
    days = pd.to_datetime(["1997-06-30", "1997-09-30", "1997-12-30"])
    frame = pd.DataFrame({
        "origin": np.repeat(days, 3), "model": ["nbd", "bg_nbd", "same_again"] * 3,
        "bias": [0.5, -0.1, 0.3, 0.4, -0.2, 0.2, 0.1, -0.3, 0.9],
        "normalised_gini": [0.7, 0.6, 0.5, 0.6, 0.7, 0.5, 0.8, 0.6, 0.5],
        "log_score": [1.1, 0.9, np.nan] * 3,
    })  # fmt: skip
    frame.attrs |= {"horizon": 13.0, "unit": "week"}
    return frame


def test_mean_and_spread_over_origins(table):
    found = over_origins(table).set_index(["measure", "model"])
    assert found.loc[("bias", "nbd")].round(4).tolist() == [3, 0.3333, 0.2082, 0.1, 0.5]
    assert ("log_score", "same_again") not in found.index
    assert found.loc[("log_score", "nbd"), "origins"] == 3


def test_wins_are_counted_by_size_and_direction_and_ties_for_all(table):
    found = wins(table).set_index(["measure", "model"])["wins"]
    assert found["bias"].to_dict() == {"nbd": 1, "bg_nbd": 2, "same_again": 1}  # 0.2 each at the second origin
    assert found["normalised_gini"].to_dict() == {"nbd": 2, "bg_nbd": 1, "same_again": 0}
    assert found["log_score"].to_dict() == {"nbd": 0, "bg_nbd": 3}


def test_the_sentence_counts_and_warns_of_overlap_only_where_there_is_one(table):
    apart = wins_verdict(table)
    assert apart.en.startswith("3 origins, each with a holdout of 13 weeks. Bias of the total, times best:")
    assert "(2)" in apart.en
    assert "（2 次）" in apart.zh
    assert "overlap" not in apart.en
    table.attrs["horizon"] = 26.0
    shared = wins_verdict(table)
    assert "overlap" in shared.en
    assert "重叠" in shared.zh
    one = table[table["origin"] == table["origin"].min()]
    assert wins_verdict(one).en.startswith("One origin, a holdout of 26 weeks.")
