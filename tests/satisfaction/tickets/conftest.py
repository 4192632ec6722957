"""The sample company, read once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from crm_analysis.tables import load

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"


@pytest.fixture(scope="session")
def sample() -> dict[str, pd.DataFrame]:
    return load(SAMPLE).tables
