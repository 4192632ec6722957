"""Limits: each with a source, each can change, unknown ones are named."""

from __future__ import annotations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.thresholds import THRESHOLDS, chosen_limits, limit_table
from crm_analysis.words import all_words


def test_every_limit_has_a_source_and_a_word():
    for name, limit in THRESHOLDS.items():
        assert limit.source, name
        assert name in all_words(), name


def test_changes_show_beside_the_usual_values():
    table = limit_table(chosen_limits({"most_htmt": 0.85}))
    assert table.loc["most_htmt", ["limit_value", "limit_usual"]].tolist() == [0.85, 0.90]
    assert (table.drop("most_htmt")["limit_value"] == table.drop("most_htmt")["limit_usual"]).all()


def test_unknown_limits_are_named_with_a_hint():
    with pytest.raises(InputError, match="most_htm did you mean 'most_htmt'"):
        chosen_limits({"most_htm": 0.85})


def test_only_the_unknown_limits_are_named():
    with pytest.raises(InputError) as caught:
        chosen_limits({"most_htmt": 0.85, "most_vit": 3})
    assert "most_vit" in caught.value.zh
    assert "most_htmt" not in caught.value.zh


@pytest.mark.parametrize("value", ["5", None, float("nan")])
def test_a_limit_that_is_no_number_is_named(value):
    with pytest.raises(InputError, match="most_vif is"):
        chosen_limits({"most_vif": value})
