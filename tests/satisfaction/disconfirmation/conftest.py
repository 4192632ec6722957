"""The sample survey and its measurement model, and the items of the mobile-phone survey."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from crm_analysis.satisfaction.disconfirmation.gaps import model_pairs

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"
MOBI = {
    "outcome": ("CUSA1", "CUSA2", "CUSA3"),
    "expectation": ("CUEX1", "CUEX2", "CUEX3"),
    "perception": tuple(f"PERQ{k}" for k in range(1, 8)),
}


@pytest.fixture(scope="session")
def survey() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "survey.csv")


@pytest.fixture(scope="session")
def pairs() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return model_pairs(yaml.safe_load((SAMPLE / "model.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def truth() -> dict:
    return yaml.safe_load((SAMPLE / "truth.yml").read_text(encoding="utf-8"))["process"]["survey"]


@pytest.fixture(scope="session")
def sides(pairs) -> dict[str, object]:
    """All items of expectation, all of perception, and the overall question of the sample."""
    expected, perceived = (tuple(item for pair in pairs.values() for item in pair[side]) for side in (0, 1))
    return {"outcome": "overall", "expectation": expected, "perception": perceived}


@pytest.fixture
def mobi(real_data) -> pd.DataFrame:
    return pd.read_csv(real_data("mobi.csv"))


@pytest.fixture
def mobi_items() -> dict[str, tuple[str, ...]]:
    return dict(MOBI)
