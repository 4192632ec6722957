"""Mix and within parts of a change of the net promoter score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.change import PARTS, nps_change
from crm_analysis.satisfaction.scores.nps import nps

quick = settings(max_examples=25, deadline=None)
rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 10), st.sampled_from([1.0, 2.5])), min_size=2, max_size=25
)


def frame(values: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["kind", "nps", "weight"])


@quick
@given(rows, rows)
def test_parts_add_up_exactly_and_agree_with_the_formula(before, after):
    a, b = frame(before), frame(after)
    found = nps_change(a, b, by="kind", weights="weight", draws=20)
    total = nps(b["nps"], weights=b["weight"]).nps.value - nps(a["nps"], weights=a["weight"]).nps.value
    assert found.parts.loc["total", "nps_change"] == pytest.approx(total, abs=1e-12)
    for name in PARTS:
        assert found.table[name].sum() == pytest.approx(found.parts.loc[name, "nps_change"], abs=1e-12)
    both = found.table[(found.table["respondents_before"] > 0) & (found.table["respondents_after"] > 0)]
    if len(both) == len(found.table):  # the plain formula, not centred
        mix = (both["share_after"] - both["share_before"]) @ (both["nps_before"] + both["nps_after"]) / 2
        assert found.parts.loc["mix_part", "nps_change"] == pytest.approx(mix, abs=1e-12)


def test_pure_mix_and_pure_change():
    before = frame([("a", 10, 1.0)] * 60 + [("b", 0, 1.0)] * 40)
    other_mix = frame([("a", 10, 1.0)] * 40 + [("b", 0, 1.0)] * 60)
    parts = nps_change(before, other_mix, by="kind").parts["nps_change"]
    assert parts.tolist() == pytest.approx([-0.4, 0, -0.4])
    other_answers = frame([("a", 8, 1.0)] * 60 + [("b", 0, 1.0)] * 40)
    parts = nps_change(before, other_answers, by="kind").parts["nps_change"]
    assert parts.tolist() == pytest.approx([0, -0.6, -0.6])


def test_a_growing_segment_below_average_counts_as_loss():
    before = frame([("a", 10, 1.0)] * 50 + [("b", 9, 1.0)] * 30 + [("b", 8, 1.0)] * 20)
    after = frame([("a", 10, 1.0)] * 20 + [("b", 9, 1.0)] * 48 + [("b", 8, 1.0)] * 32)
    found = nps_change(before, after, by="kind")
    assert found.table.loc["b", "nps_after"] > 0  # above zero, below average
    assert found.table.loc["b", "mix_part"] < 0


def test_a_segment_on_one_side_only_is_all_mix():
    found = nps_change(frame([("a", 10, 1.0)] * 5), frame([("a", 10, 1.0)] * 5 + [("b", 0, 1.0)] * 5), by="kind")
    assert found.parts["nps_change"].tolist() == pytest.approx([-1, 0, -1])
    assert np.isnan(found.table.loc["b", "nps_before"])


def test_intervals_hold_the_true_parts():
    rng, held = np.random.default_rng(9), []
    truth = {"mix_part": (0.5 - 0.6) * 0.4 + (0.5 - 0.4) * -0.4, "within_part": 0.0}  # scores .4 and -.4
    for seed in range(50):
        sides = []
        for share in (0.6, 0.5):
            kind = np.where(rng.random(300) < share, "a", "b")
            high = rng.random(300) < np.where(kind == "a", 0.7, 0.3)
            sides.append(pd.DataFrame({"kind": kind, "nps": np.where(high, 10, 0)}))
        parts = nps_change(*sides, by="kind", draws=200, seed=seed).parts
        held.append([parts.loc[k, "nps_change_low"] <= v <= parts.loc[k, "nps_change_high"] for k, v in truth.items()])
    assert (np.mean(held, axis=0) > 0.86).all()


def test_the_same_seed_gives_the_same_limits_and_input_stays():
    rng = np.random.default_rng(1)
    before, after = (pd.DataFrame({"kind": rng.choice(list("ab"), 40), "nps": rng.integers(0, 11, 40)}) for _ in "xy")
    kept = before.copy()
    pd.testing.assert_frame_equal(
        nps_change(before, after, by="kind").parts, nps_change(before, after, by="kind").parts
    )
    pd.testing.assert_frame_equal(before, kept)
    text = nps_change(before, after, by="kind")
    assert "群内评价变化" in text.text("zh")
    assert "mix of segments" in text.text("en")


def test_a_survey_without_the_segment():
    with pytest.raises(InputError, match="no column 'city'"):
        nps_change(frame([("a", 10, 1.0)] * 5), frame([("a", 10, 1.0)] * 5), by="city")


def test_answers_without_spread_show_no_cause():
    found = nps_change(frame([("a", 10, 1.0)] * 3), frame([("a", 8, 1.0)] * 3), by="kind", draws=20)
    assert found.parts["nps_change"].tolist() == [0, -1, -1]
    assert found.parts[["nps_change_low", "nps_change_high"]].isna().all(axis=None)
    assert "两部分都不能断定不为零" in found.text("zh")
    assert "Neither part can be told from zero." in found.text("en")


def test_draws_below_one():
    with pytest.raises(InputError, match="draws=0"):
        nps_change(frame([("a", 10, 1.0)]), frame([("a", 10, 1.0)]), by="kind", draws=0)


def test_answers_in_text_with_one_missing_code_are_those_of_numbers():
    before = frame([("a", 10, 1.0), ("a", 3, 1.0), ("b", -99, 1.0), ("b", 9, 1.0)])
    after = frame([("a", 10, 1.0), ("b", 3, 1.0), ("b", 9, 1.0)])
    how = {"by": "kind", "draws": 20, "missing_codes": -99}
    expected = nps_change(before, after, **how)
    found = nps_change(before.astype({"nps": str}), after.astype({"nps": object}), **how)
    pd.testing.assert_frame_equal(found.table, expected.table)
    with pytest.raises(InputError, match="not the name of one column"):
        nps_change(before, after, by=["kind", "weight"])
