"""The way through the steps against an enumeration of all ways."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.marketing.steps import STEPS, UNITS, chain, parse_steps
from crm_analysis.tables import ACTIONS
from tests.helpers.logs import log_of, small_logs

OTHER_STEPS = (STEPS, ("view", "cart", "buy"), ("view", "buy"), ("cart", ("view", "buy")))


def furthest_by_enumeration(events: pd.DataFrame, steps: tuple, unit: str, window: float) -> dict[tuple, int]:
    """Try every increasing choice of one event per step; return how many steps each unit gets through."""
    parsed = list(parse_steps(steps).values())
    reached = {}
    for name, part in events.groupby(list(UNITS[unit])):
        rows = [(t.timestamp(), ACTIONS.index(a), a) for t, a in zip(part["happened_at"], part["action"])]
        rows.sort()
        best = 0
        for size in range(1, len(parsed) + 1):
            for way in combinations(rows, size):
                in_order = all(row[2] in step for row, step in zip(way, parsed))
                if in_order and way[-1][0] - way[0][0] <= window:
                    best = max(best, size)
        reached[name] = best
    return reached


@settings(max_examples=60, deadline=None)
@given(
    small_logs(most=14), st.sampled_from(OTHER_STEPS), st.sampled_from(list(UNITS)), st.sampled_from([None, 0, 3, 6])
)
def test_units_reach_what_enumeration_reaches(rows, steps, unit, window):
    events = log_of(rows)
    names, found, log = chain(events, steps, unit, "first", None if window is None else pd.Timedelta(window, "s"))
    reached = furthest_by_enumeration(events, steps, unit, np.inf if window is None else window)
    for k in range(len(names)):
        assert (found[k] < len(log.unit)).sum() == sum(best > k for best in reached.values())


@settings(max_examples=60, deadline=None)
@given(small_logs(), st.sampled_from(OTHER_STEPS), st.sampled_from([None, 0, 3]))
def test_times_never_go_back_and_stay_in_the_window(rows, steps, window):
    _, found, log = chain(log_of(rows), steps, "user", "first", None if window is None else pd.Timedelta(window, "s"))
    times = np.array([log.seconds(row) for row in found])
    gaps = np.diff(times, axis=0)
    assert (gaps[~np.isnan(gaps)] >= 0).all()
    spans = times[1:] - times[0]
    assert window is None or (spans[~np.isnan(spans)] <= window).all()


def test_each_step_is_at_the_first_event_after_the_step_before():
    events = log_of([("a", "x", "cart", 0), ("a", "x", "view", 5), ("a", "x", "cart", 9), ("a", "x", "cart", 7)])
    _, found, log = chain(events, ("view", "cart"), "user", "first", None)
    assert [log.seconds(row)[0] - log.second.min() for row in found] == [5, 7]


def test_within_one_second_view_comes_before_favourite_cart_and_buy():
    same_second = log_of([("a", "x", action, 0) for action in reversed(ACTIONS)])
    _, found, log = chain(same_second, ACTIONS, "user", "first", None)
    assert all((row < len(log.unit)).all() for row in found)


def test_parts_of_a_second_do_not_count():
    events = log_of([("a", "x", "view", 0), ("a", "x", "buy", 0)])
    events["happened_at"] += pd.to_timedelta([0.9, 0.1], unit="s")
    _, found, log = chain(events, ("view", "buy"), "user", "first", None)
    assert (found[1] < len(log.unit)).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"steps": ("view",)}, "cannot be used"),
        ({"steps": ("view", ())}, "cannot be used"),
        ({"steps": (("view", "cart"), ("cart",))}, "cannot be used"),
        ({"steps": ("view", "by")}, "unknown action 'by'"),
        ({"unit": "item"}, "no unit 'item'"),
        ({"entry": "last"}, "not a funnel"),
        ({"entry": "any", "window": pd.Timedelta("1D")}, "a window needs entry='first'"),
    ],
)
def test_options_that_make_no_funnel_are_refused(options, said):
    events = log_of([("a", "x", "view", 0)])
    options = {"steps": STEPS, "unit": "user", "entry": "first", "window": None} | options
    with pytest.raises(InputError, match=said):
        chain(events, options["steps"], options["unit"], options["entry"], options["window"])


def test_columns_that_are_missing_are_named_together():
    events = log_of([("a", "x", "view", 0)]).drop(columns=["item_id", "action"])
    with pytest.raises(InputError, match="item_id is missing; action is missing"):
        chain(events, STEPS, "user_item", "first", None)
