"""Every column, index and level that a table of scores can show has a term."""

from __future__ import annotations

import pandas as pd

from crm_analysis.satisfaction.scores.ces import DIRECTIONS, ces_table
from crm_analysis.satisfaction.scores.change import nps_change
from crm_analysis.satisfaction.scores.coverage import coverage_table
from crm_analysis.satisfaction.scores.csat import csat_table
from crm_analysis.satisfaction.scores.difference import VERDICTS
from crm_analysis.satisfaction.scores.limits import ADDED
from crm_analysis.satisfaction.scores.nps import nps_table
from crm_analysis.satisfaction.scores.planner import GOALS, plan, precision_table
from crm_analysis.satisfaction.scores.trend import nps_trend
from crm_analysis.words import all_words


def test_every_name_has_a_word():
    times = pd.to_datetime(["2012-01-05", "2012-02-05", "2012-03-05"]).tz_localize("UTC")
    survey = pd.DataFrame({"nps": [10, 8, 3], "q": [1, 3, 5], "answered_at": times, "channel": ["a", "b", "b"]})
    trend, change = nps_trend(survey), nps_change(survey, survey, by="channel", draws=5)
    frames = [
        nps_table(survey), trend.table, trend.changes, change.parts, change.table, plan(sd=1), precision_table([10]),
        csat_table(survey, question="q", low=1, high=5), coverage_table((0.5, 0.3, 0.2), sizes=[5]),
        ces_table(survey, question="q", low=1, high=5, direction=DIRECTIONS[0]),
    ]  # fmt: skip
    names = {name for frame in frames for name in [*frame.columns, frame.index.name] if name is not None}
    names = {name for name in names if not str(name).endswith(("_low", "_high"))}
    names |= {*VERDICTS, *ADDED, *GOALS, *DIRECTIONS, *change.parts.index, "total"}
    assert names - set(all_words()) == set()
