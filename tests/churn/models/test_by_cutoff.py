from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from crm_analysis.churn.models.by_cutoff import by_cutoff, together, turns
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def test_only_known_outcomes_are_trained_on(made):
    samples = [made(cutoff=day) for day in ("2012-03-31", "2012-04-30", "2012-05-31", "2012-07-31")]
    found = turns(reversed(samples))
    assert [(f"{turn.cutoff:%m-%d}", [f"{day:%m-%d}" for day in turn.trained_on]) for turn in found] == [
        ("05-31", ["03-31"]),  # its outcome of 60 days ends on 05-30
        ("07-31", ["03-31", "04-30", "05-31"]),
    ]
    for turn in found:
        assert all(windows.outcome_end_day <= turn.test.windows[0].cutoff_day for windows in turn.train.windows)
        assert len(turn.train) == 300 * len(turn.trained_on)


def test_a_panel_is_taken_apart_by_cutoff(made, panel):
    first, second = made(), made(seed=1, cutoff="2012-06-30")
    parts = by_cutoff(panel(second, first))
    assert [windows.cutoff for windows, _ in parts] == ["2012-03-31", "2012-06-30"]
    assert parts[0][1].y.tolist() == first.y.tolist()
    again = together(parts)
    assert again.X.index.names == ["customer_id", "cutoff"]
    assert again.y.sum() == first.y.sum() + second.y.sum()


def test_what_cannot_be_tested_is_named(made, panel):
    sample = made()
    with pytest.raises(InputError, match="a snapshot cannot be tested forward"):
        turns(Sample(sample.X, sample.y))
    with pytest.raises(InputError, match="no cutoff can be tested") as error:
        turns([sample, made(cutoff="2012-04-30")])
    assert "2012-05-30" in str(error.value)
    with pytest.raises(InputError, match="a cutoff stands in two samples"):
        turns([sample, made(seed=1)])
    longer = replace(sample, windows=(replace(sample.windows[0].at("2012-06-30"), outcome=90),))
    with pytest.raises(InputError, match="lengths of the windows differ"):
        turns([sample, longer])
    other = made(cutoff="2012-06-30")
    with pytest.raises(InputError, match="not the same in all samples: city"):
        turns([sample, replace(other, X=other.X.drop(columns="city"))])
    both = panel(sample, other)
    with pytest.raises(InputError, match="have no windows: 2012-03-31"):
        turns(replace(both, windows=(other.windows[0], other.windows[0].at("2012-08-31"))))
    with pytest.raises(InputError, match="which cutoff"):
        turns(replace(sample, windows=both.windows))
    with pytest.raises(InputError, match="not DataFrame"):
        turns([pd.DataFrame()])
