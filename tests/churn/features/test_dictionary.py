"""The catalogue, its words, and the data dictionary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.features.catalogue import CATALOGUE, FAMILIES
from crm_analysis.churn.features.customer_features import customer_features
from crm_analysis.churn.features.dictionary import families_of, feature_label, feature_table
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.words import all_words


@pytest.fixture(scope="module")
def X(company) -> pd.DataFrame:
    return customer_features(company, Windows("2012-12-10", data_end="2012-12-31", outcome=20))


def test_the_company_gives_every_feature(X):
    assert set(X) == set(CATALOGUE)
    assert not X.attrs["left_out"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_feature_has_a_word(lang):
    words = all_words()
    labels = [one.label(lang) for one in CATALOGUE.values()]
    assert len(set(labels)) == len(labels)
    assert all(one.word in words for one in CATALOGUE.values())
    assert {f"family.{name}" for name in (*FAMILIES, "other")} <= set(words)
    assert {f"unit.{one.unit}" for one in CATALOGUE.values()} <= set(words)
    assert all(not label.isascii() for label in labels) or lang == "en"


def test_the_table_describes_the_values(X):
    table = feature_table(X, lang="zh")
    assert list(table.index) == list(CATALOGUE)
    assert table.loc["spend", "median"] == X["spend"].median()
    assert table.loc["days_since_last", "missing_share"] == X["days_since_last"].isna().mean()
    assert table.loc["city", "different_values"] == X["city"].nunique()
    assert np.isnan(table.loc["city", "maximum"])
    assert set(table.columns) <= set(all_words())


def test_families_and_labels():
    assert families_of(["views", "own"]) == {"views": "browsing", "own": "other"}
    assert feature_label("kind", "en") == "kind of customer"


def test_nothing_to_describe():
    with pytest.raises(InputError, match="no features"):
        feature_table(pd.DataFrame())
