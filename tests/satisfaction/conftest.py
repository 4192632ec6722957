"""What the tests of satisfaction share: the mobile-phone survey and the sample company's, each with its model."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from crm_analysis.satisfaction.pls.templates import ecsi
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments, mobi

SAMPLE = Path(__file__).parents[2] / "data" / "taobao"


@pytest.fixture(scope="session")
def mobi_moments() -> Moments:
    """Moments of the 24 items of the mobile-phone survey; always there."""
    return mobi()


@pytest.fixture
def mobi_rows(real_data) -> pd.DataFrame:
    """The 250 rows of the mobile-phone survey; a skip where they are absent."""
    return pd.read_csv(real_data("mobi.csv"))


@pytest.fixture(scope="session")
def ecsi_model() -> PathModel:
    """The ECSI model of the mobile-phone survey: seven constructs, 24 items, 12 paths, Mode A, scale 1 to 10."""
    return ecsi(low=1, high=10)


@pytest.fixture(scope="session")
def sample_document() -> dict:
    """The content of the sample company's model.yml: scale, blocks, paths, pairs, questions."""
    return yaml.safe_load((SAMPLE / "model.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def sample_model(sample_document) -> PathModel:
    """The path model of the sample company's survey."""
    return PathModel.from_dict(sample_document)


@pytest.fixture
def sample_survey() -> pd.DataFrame:
    """The 500 answered questionnaires of the sample company."""
    return pd.read_csv(SAMPLE / "survey.csv")


@pytest.fixture(scope="session")
def sample_truth() -> dict:
    """The parameters behind the sample company's survey: paths, loadings, means, sds, ... of the hidden blocks."""
    truth = yaml.safe_load((SAMPLE / "truth.yml").read_text(encoding="utf-8"))
    return truth["process"]["survey"]
