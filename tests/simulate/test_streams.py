"""Named random streams and the small draws made with them."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.simulate.streams import chance, ids, pick, pick_by, stream


def test_a_stream_hangs_on_seed_and_name_alone():
    first = stream(3, "orders").random(5)
    stream(3, "a part added later").random(100)
    assert (stream(3, "orders").random(5) == first).all()
    assert (stream(4, "orders").random(5) != first).all()
    assert (stream(3, "order").random(5) != first).all()


def test_streams_are_pcg64_so_that_the_numbers_are_the_same_everywhere():
    assert stream(2012, "x").bit_generator.__class__ is np.random.PCG64
    assert stream(2012, "taobao people").integers(0, 1_000_000, 4).tolist() == [98442, 42119, 174582, 796132]


def test_pick_follows_the_shares():
    drawn = pick(stream(1, "x"), {"a": 1, "b": 3}, 40_000)
    assert (drawn == "b").mean() == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 40_000))


def test_pick_by_keeps_groups_apart():
    groups = np.array(["x", "y"] * 50)
    drawn = pick_by(stream(1, "x"), groups, {"x": {"a": 1, "b": 1}, "y": {"c": 1}})
    assert set(drawn[groups == "x"]) == {"a", "b"}
    assert set(drawn[groups == "y"]) == {"c"}


def test_chance_follows_each_probability():
    p = np.repeat([0.1, 0.9], 20_000)
    hits = chance(stream(1, "x"), p)
    assert hits[:20_000].mean() == pytest.approx(0.1, abs=0.01)
    assert hits[20_000:].mean() == pytest.approx(0.9, abs=0.01)


def test_ids_sort_like_their_numbers():
    assert ids("O", np.array([8, 9, 99_999]), 6).tolist() == ["O000009", "O000010", "O100000"]
