"""What the tests of models share: small samples made up with a known rule, and those of the retail shop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.days import local_days


@pytest.fixture(scope="session")
def made():
    """A function that makes a forward sample of customers whose chance of churn is known."""

    def make(n: int = 300, *, seed: int = 0, cutoff: str = "2012-03-31", base: float = 0.0, first: int = 0) -> Sample:
        rng = np.random.default_rng(seed)
        days = rng.integers(1, 12, n)
        tenure = rng.integers(100, 300, n)
        since = np.where(days == 1, tenure, rng.integers(0, 100, n))
        index = pd.Index([f"c{first + i:05d}" for i in range(n)], name="customer_id")
        X = pd.DataFrame({"purchase_days": days, "days_since_last": since, "tenure_days": tenure,
                          "city": rng.choice(["杭州", "上海", "成都"], n)}, index=index)  # fmt: skip
        chance = expit(base - 0.5 + since / 60 - days / 4)
        y = pd.Series((rng.random(n) < chance).astype(int), index=index, name="churned")
        return Sample(X, y, (Windows(cutoff, data_end="2012-12-31", outcome=60),), kind="forward")

    return make


@pytest.fixture(scope="session")
def panel():
    """A function that joins samples of several cutoffs into one of index (customer_id, cutoff)."""

    def join(*samples: Sample) -> Sample:
        keys = [pd.Timestamp(sample.windows[0].cutoff) for sample in samples]
        X, y = (pd.concat([getattr(sample, name) for sample in samples], keys=keys, names=["cutoff"]).swaplevel()
                for name in ("X", "y"))  # fmt: skip
        return Sample(X, y, tuple(sample.windows[0] for sample in samples), kind="forward")

    return join


@pytest.fixture
def retail_samples(retail_orders) -> dict[str, Sample]:
    """The windows of reference R6: the year before 2010-05-31 and 2010-08-31, and the 90 days after."""

    def make(cutoff: str) -> Sample:
        windows = Windows(cutoff, data_end="2010-12-09", outcome=90, observation=365)
        y, _ = label(qualifying({"orders": retail_orders}), windows)
        rows = retail_orders.assign(day=local_days(retail_orders["ordered_at"]))
        rows = rows[rows["day"].between(windows.first_day, windows.cutoff_day)]
        each = rows.groupby("customer_id").agg(first=("day", "min"), last=("day", "max"), days=("day", "nunique"),
                                               spend=("amount", "sum"))  # fmt: skip
        X = pd.DataFrame({"days_since_last": windows.cutoff_day - each["last"], "purchase_days": each["days"],
                          "tenure_days": windows.cutoff_day - each["first"],
                          "gap_days": (each["last"] - each["first"]) / each["days"],
                          "spend": each["spend"]})  # fmt: skip
        return Sample(X.loc[y.index], y, (windows,), kind="forward")

    return {month: make(cutoff) for month, cutoff in {"may": "2010-05-31", "august": "2010-08-31"}.items()}
