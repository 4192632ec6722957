"""The public Taobao log for the tests of the room."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.helpers.logs import ZONE


@pytest.fixture
def taobao(real_data):
    """Events inside the official window, 25 November to 3 December 2017 in China."""
    names = ["customer_id", "item_id", "category_id", "action", "happened_at"]
    events = pd.read_csv(real_data("UserBehavior_users_100k.csv"), header=None, names=names)
    events["happened_at"] = pd.to_datetime(events["happened_at"], unit="s", utc=True).dt.tz_convert(ZONE)
    events["action"] = events["action"].map({"pv": "view", "fav": "favourite", "cart": "cart", "buy": "buy"})
    first, last = (pd.Timestamp(day, tz=ZONE) for day in ("2017-11-25", "2017-12-04"))
    return events[events["happened_at"].between(first, last, inclusive="left")]
