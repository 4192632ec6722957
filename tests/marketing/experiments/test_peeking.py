"""Looking again and again: the numbers of Armitage and of Pocock."""

from __future__ import annotations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments import peeking_table

TABLE = {1: 0.05, 2: 0.083, 3: 0.107, 5: 0.142, 10: 0.193, 20: 0.248}  # Armitage, McPherson & Rowe (1969), Table 2
POCOCK = {2: 0.0294, 3: 0.0221, 5: 0.0158, 10: 0.0106}  # Pocock (1977), Table 1


def test_false_alarms_are_those_of_the_paper():
    table = peeking_table(draws=100_000).set_index("looks")
    for looks, alarm in TABLE.items():
        assert table.loc[looks, "false_alarm"] == pytest.approx(alarm, abs=0.004)
        assert (
            table.loc[looks, "false_alarm_low"] < table.loc[looks, "false_alarm"] < table.loc[looks, "false_alarm_high"]
        )
    for looks, limit in POCOCK.items():
        assert table.loc[looks, "p_limit"] == pytest.approx(limit, rel=0.04)


def test_other_levels_and_the_same_seed():
    table = peeking_table([1, 4], level=0.9)
    assert table["false_alarm"].iloc[0] == pytest.approx(0.1, abs=0.005)
    assert table["false_alarm"].is_monotonic_increasing
    assert table.equals(peeking_table([1, 4], level=0.9))


@pytest.mark.parametrize("looks", [[0], [2.5], [], [True], [10_000]])
def test_looks_are_counts(looks):
    with pytest.raises(InputError, match="looks"):
        peeking_table(looks)
