"""The clock of busy time: months, weekdays, hours and promotion days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.simulate.process import Process
from crm_analysis.simulate.season import Clock, Season

CLOCK = Clock(Season())


@given(st.floats(0, 550))
def test_calendar_and_busy_time_undo_each_other(t):
    assert CLOCK.calendar(CLOCK.busy(t)) == pytest.approx(t, abs=1e-6)


@given(st.floats(0, 549), st.floats(0.001, 1))
def test_busy_time_always_goes_on(t, step):
    assert CLOCK.busy(t + step) > CLOCK.busy(t)


def test_a_season_without_seasons_is_the_calendar():
    flat = Clock(Process().plain().season)
    t = np.linspace(0, 550, 777)
    assert flat.busy(t) == pytest.approx(t)


def test_speeds_follow_the_stated_profiles():
    def passed(day, hour, hours=1):
        t = CLOCK.day(day) + hour / 24
        return CLOCK.busy(t + hours / 24) - CLOCK.busy(t)

    season = Season()
    assert passed("2012-05-07", 21) / passed("2012-05-07", 4) == pytest.approx(season.hour[21] / season.hour[4])
    assert passed("2012-05-07", 0, 24) / passed("2012-05-12", 0, 24) == pytest.approx(
        season.weekday[0] / season.weekday[5]
    )
    assert passed("2012-11-11", 0, 24) / passed("2012-11-18", 0, 24) == pytest.approx(5.0)
    assert passed("2012-02-06", 0, 24) / passed("2012-03-05", 0, 24) == pytest.approx(season.month[1] / season.month[2])


def test_moments_are_whole_seconds_inside_the_window():
    shown = CLOCK.moments(np.array([0.0, 549.999999, 550.0, np.nan, np.inf, 1 / 3]))
    assert shown.iloc[:2].astype(str).tolist() == ["2011-07-01 00:00:00", "2012-12-31 23:59:59"]
    assert shown.iloc[2:5].isna().all()
    assert shown.iloc[5] == pd.Timestamp("2011-07-01 08:00:00")


def test_next_day_is_the_next_day_at_a_busy_hour():
    t = CLOCK.next_day(np.random.default_rng(0), np.full(20_000, 3.9))
    assert (np.floor(t) == 4).all()
    hours = np.bincount(np.floor((t - 4) * 24).astype(int), minlength=24)
    assert hours.argmax() == 21
    share = np.array(Season().hour) / sum(Season().hour)
    assert hours / 20_000 == pytest.approx(share, abs=0.01)


def test_between_stays_inside():
    low, high = np.array([3.0, 10.0]), np.array([3.0, 10.5])
    t = CLOCK.between(np.random.default_rng(0), low, high)
    assert (t >= low).all()
    assert (t <= high + 1e-12).all()
