"""CDNOW as the papers prepare it: calibration to 1997-09-30, holdout of 39 weeks; made with plain pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.sources.cdnow import bundled_file, load_cdnow

SPLIT, LAST = pd.Timestamp("1997-09-30"), pd.Timestamp("1998-06-30")


def summarized(orders: pd.DataFrame, until: pd.Timestamp, last: pd.Timestamp | None = None) -> pd.DataFrame:
    """RFM-T in weeks by plain pandas, independent of the package's own summary."""
    day = orders["ordered_at"].dt.tz_localize(None).dt.normalize()
    days = orders.assign(day=day).groupby(["customer_id", "day"])["amount"].sum().reset_index()
    seen = days[days["day"] <= until]
    grouped = seen.groupby("customer_id")["day"].agg(["min", "max", "count"])
    frame = pd.DataFrame(
        {
            "frequency": (grouped["count"] - 1).astype(float),
            "recency": (grouped["max"] - grouped["min"]).dt.days / 7,
            "T": (until - grouped["min"]).dt.days / 7,
        }
    )
    repeat = seen[seen["day"] > seen["customer_id"].map(grouped["min"])]
    frame["monetary_value"] = repeat.groupby("customer_id")["amount"].mean()
    if last is not None:
        later = days[(days["day"] > until) & (days["day"] <= last)].groupby("customer_id")
        frame["frequency_holdout"] = later.size().reindex(frame.index).fillna(0.0)
        frame["duration_holdout"] = (last - until).days / 7
        frame["monetary_value_holdout"] = later["amount"].mean()
    frame.attrs["unit"] = "week"
    return frame


@pytest.fixture(scope="session")
def cx() -> pd.DataFrame:
    """2,357 customers to 1997-09-30, holdout 39 weeks."""
    return summarized(load_cdnow(sample=True)["orders"], SPLIT, LAST)


@pytest.fixture(scope="session")
def c78() -> pd.DataFrame:
    """The same customers, all 78 weeks."""
    return summarized(load_cdnow(sample=True)["orders"], LAST)


@pytest.fixture(scope="session")
def cm() -> pd.DataFrame:
    """All 23,570 customers to 1997-09-30, holdout 39 weeks."""
    return summarized(load_cdnow()["orders"], SPLIT, LAST)


@pytest.fixture(scope="session")
def cg() -> pd.DataFrame:
    """The published summary with two decimals and mean spend."""
    path = bundled_file(sample=True).with_name("cdnow_customers_summary_with_transactions.csv")
    frame = pd.read_csv(path).rename(columns={"x": "frequency", "t_x": "recency", "zbar": "monetary_value"})
    return frame.set_index("ID")
