"""Small event logs for tests, with many ties in time."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from crm_analysis.tables import ACTIONS

ZONE = "Asia/Shanghai"


def log_of(rows: list[tuple]) -> pd.DataFrame:
    """Make a table `events` of (customer, item, action, second); the item's first sign is its category."""
    frame = pd.DataFrame(rows, columns=["customer_id", "item_id", "action", "second"])
    moments = pd.to_datetime(frame.pop("second") + 1_511_539_200, unit="s", utc=True).dt.tz_convert(ZONE)
    return frame.assign(category_id=frame["item_id"].str[0], happened_at=moments)


def small_logs(*, most: int = 20, seconds: int = 12) -> st.SearchStrategy:
    """Rows for `log_of`."""
    row = st.tuples(
        st.sampled_from("ab"), st.sampled_from(["x1", "x2", "y1"]), st.sampled_from(ACTIONS), st.integers(0, seconds)
    )
    return st.lists(row, min_size=1, max_size=most)
