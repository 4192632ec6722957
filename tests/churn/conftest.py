"""What the tests of churn share: a snapshot of contracts, a shop's orders, and companies whose truth is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from crm_analysis import tables
from crm_analysis.churn.windows.contract_sample import contract_sample
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.simulate import taobao
from crm_analysis.sources.telco import convert

SAMPLE = Path(__file__).parents[2] / "data" / "taobao"


@cache
def read_retail(path: Path) -> pd.DataFrame:
    """Valid lines (customer known, quantity and price above 0) as the table orders."""
    rows = pd.read_parquet(path)
    rows = rows[rows["Customer ID"].notna() & (rows["Quantity"] > 0) & (rows["Price"] > 0)]
    return pd.DataFrame(
        {
            "order_id": rows["Invoice"],
            "customer_id": rows["Customer ID"].astype("str"),
            "ordered_at": pd.to_datetime(rows["InvoiceDate"]).dt.tz_localize("Europe/London"),
            "amount": rows["Quantity"].astype("float64") * rows["Price"],
        }
    )


@pytest.fixture
def retail_orders(real_data) -> pd.DataFrame:
    """Order lines of Online Retail II up to 2010-12-09; a skip where they are absent."""
    return read_retail(real_data("online_retail_II_2009_2010.parquet"))


@pytest.fixture
def telco_contracts(real_data, tmp_path) -> pd.DataFrame:
    """The table contracts of the Telco snapshot; a skip where it is absent."""
    convert(real_data("Telco-Customer-Churn.csv"), tmp_path, as_of="2018-01-01")
    return pd.read_parquet(tmp_path / "contracts.parquet")


@pytest.fixture
def telco(telco_contracts) -> Sample:
    """The Telco snapshot as a sample: 7,043 accounts, 1,869 churned."""
    return contract_sample(telco_contracts)


@pytest.fixture(scope="session")
def company() -> tables.DataSet:
    """The sample company of 2,000 customers; `company.tables` holds its frames."""
    return tables.load(SAMPLE)


@pytest.fixture(scope="session")
def large_company() -> SimpleNamespace:
    """A simulated company of 8,000 customers (`data`, and `hidden`: what only the simulation knows)."""
    data, truth = taobao.make(customers=8000, seed=5)
    return SimpleNamespace(data=data, truth=truth, hidden=truth["hidden"])
