"""Logs for the tests of this room: two public ones, and small random ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ACTIONS = {"pv": "view", "fav": "favourite", "cart": "cart", "buy": "buy"}


@cache
def read_retail(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Valid lines (customer known, quantity and price above 0) and the invoices they make."""
    rows = pd.read_parquet(path)
    rows = rows[rows["Customer ID"].notna() & (rows["Quantity"] > 0) & (rows["Price"] > 0)]
    lines = pd.DataFrame(
        {
            "order_id": rows["Invoice"],
            "customer_id": rows["Customer ID"].astype("str"),
            "at": pd.to_datetime(rows["InvoiceDate"]).dt.tz_localize("Europe/London"),
            "amount": rows["Quantity"].astype("float64") * rows["Price"],
        }
    )
    invoices = lines.groupby(["customer_id", "order_id"], as_index=False).agg(
        at=("at", "min"), amount=("amount", "sum")
    )
    return lines, invoices


@cache
def read_taobao(path: Path) -> pd.DataFrame:
    rows = pd.read_csv(
        path, header=None, names=["customer_id", "item_id", "category_id", "action", "seconds"], dtype=str
    )
    at = pd.to_datetime(rows.pop("seconds").astype("int64"), unit="s", utc=True).dt.tz_convert("Asia/Shanghai")
    return rows.assign(at=at.astype("datetime64[us, Asia/Shanghai]"), action=rows["action"].map(ACTIONS))


@pytest.fixture
def retail_lines(real_data) -> pd.DataFrame:
    return read_retail(real_data("online_retail_II_2009_2010.parquet"))[0]


@pytest.fixture
def retail(real_data) -> pd.DataFrame:
    return read_retail(real_data("online_retail_II_2009_2010.parquet"))[1]


@pytest.fixture
def taobao_all(real_data) -> pd.DataFrame:
    return read_taobao(real_data("UserBehavior_users_100k.csv"))


@pytest.fixture
def taobao(taobao_all) -> pd.DataFrame:
    days = taobao_all["at"].dt.tz_localize(None)
    return taobao_all[(days >= "2017-11-25") & (days < "2017-12-04")]


@pytest.fixture(scope="session")
def make_log():
    """Return a function that makes a random log of purchases or actions of one year."""

    def make(
        seed: int = 0, *, rows: int = 200, customers: int = 30, days: int = 365, zone: str = "UTC"
    ) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        seconds = rng.integers(0, days * 86400, rows)
        at = pd.Timestamp("2010-01-01", tz=zone) + pd.to_timedelta(seconds, unit="s")
        return pd.DataFrame(
            {
                "customer_id": [f"c{n:03d}" for n in rng.integers(0, customers, rows)],
                "at": at.astype(f"datetime64[us, {zone}]"),
                "amount": rng.integers(1, 40, rows) / 4,
                "action": rng.choice(list(ACTIONS.values()), rows),
            }
        )

    return make


@pytest.fixture
def slice_of_two_hours(make_log) -> pd.DataFrame:
    log = make_log(rows=60, days=1)
    return log.assign(at=pd.Timestamp("2017-11-25 10:00", tz="UTC") + (log["at"] - log["at"].min()) / 12)
