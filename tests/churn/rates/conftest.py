"""A company under contract whose hazards are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

ZONE = "Asia/Shanghai"


def simulate(
    accounts: int = 1500, *, hazards: tuple[float, ...] = (0.10, 0.05, 0.03), odds: float = 0.4, seed: int = 0
) -> pd.DataFrame:
    """Contracts that start over 2011-2012 and end on monthly anniversaries up to 2013-06-30.

    The hazard of month t is that of `hazards` (the last one goes on); plan ``yearly`` multiplies its odds by `odds`.
    """
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2011-01-01") + pd.to_timedelta(rng.integers(0, 730, accounts), unit="D")
    yearly = rng.random(accounts) < 0.4
    month = np.minimum(np.arange(120), len(hazards) - 1)
    base = np.array(hazards)[month] / (1 - np.array(hazards)[month])
    chance = base * np.where(yearly, odds, 1.0)[:, None]
    leaves = rng.random((accounts, 120)) < chance / (1 + chance)
    life = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, 200)
    ended = pd.Series([day + pd.DateOffset(months=int(t)) for day, t in zip(start, life)])
    ended = ended.where(ended <= pd.Timestamp("2013-06-30"))
    frame = pd.DataFrame({"account_id": [f"a{k:05d}" for k in range(accounts)], "started_on": start, "ended_on": ended,
                          "fee": np.where(yearly, 80.0, 100.0) + rng.integers(0, 5, accounts),
                          "plan": np.where(yearly, "yearly", "monthly")})  # fmt: skip
    frame["ends_on"] = frame["started_on"] + pd.Timedelta(365, "D")
    return frame.assign(**{name: frame[name].dt.tz_localize(ZONE) for name in ("started_on", "ended_on", "ends_on")})


@pytest.fixture
def simulated() -> Callable[..., pd.DataFrame]:
    return simulate


@pytest.fixture
def days() -> Callable[..., pd.DatetimeIndex]:
    return lambda *texts: pd.to_datetime(list(texts)).tz_localize(ZONE)
