"""Importance from a correlation matrix alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers import importance
from crm_analysis.satisfaction.drivers.importance import importance_table, ranks
from crm_analysis.satisfaction.survey.moments import Moments, mobi
from crm_analysis.words import all_words
from tests.satisfaction.drivers.published import PERQ, SWISS

NAMES = ["Fertility", "Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def swiss() -> Moments:
    return Moments.from_correlations(pd.DataFrame(SWISS, index=NAMES, columns=NAMES), n=47)


def test_swiss_from_its_correlations():
    table = importance_table(swiss(), outcome="Fertility", drivers=NAMES[1:])
    assert table["lmg"].sum() == pytest.approx(0.706735, abs=1e-6)
    assert table["importance_rank"].tolist() == [5, 2, 1, 4, 3]
    np.testing.assert_allclose(table["lmg_share"].sum(), 1)
    np.testing.assert_allclose(table["relative_weight"].sum(), table["lmg"].sum())
    np.testing.assert_allclose(table["betasq"], table["standardised_beta"] ** 2)
    assert (table["lmg_error"] == 0).all()


def test_groups_get_one_share_and_no_single_measures():
    groups = {"school": ["Examination", "Education"]}
    table = importance_table(swiss(), outcome="Fertility", drivers=NAMES[1:], groups=groups)
    single = importance_table(swiss(), outcome="Fertility", drivers=NAMES[1:])
    assert list(table.index) == ["Agriculture", "school", "Catholic", "Infant.Mortality"]
    assert table["lmg"].sum() == pytest.approx(single["lmg"].sum())
    assert table.loc["school", "relative_weight"] == pytest.approx(single["relative_weight"].iloc[1:3].sum())
    assert table.loc["school", ["standardised_beta", "correlation", "vif", "betasq"]].isna().all()


def test_many_drivers_are_sampled_and_say_so(monkeypatch):
    exact = importance_table(mobi(), outcome="CUSA1", drivers=PERQ)
    monkeypatch.setattr(importance, "EXACT", 5)
    table = importance_table(mobi(), outcome="CUSA1", drivers=PERQ)
    assert (np.abs(table["lmg"] - exact["lmg"]) < 4 * table["lmg_error"]).all()
    np.testing.assert_allclose(table[["entered_first", "entered_last"]], exact[["entered_first", "entered_last"]])


def test_bad_input():
    with pytest.raises(InputError, match="did you mean 'PERQ1'"):
        importance_table(mobi(), outcome="CUSA1", drivers=["PERQ11"])
    with pytest.raises(InputError, match="among the drivers"):
        importance_table(mobi(), outcome="PERQ1", drivers=PERQ)
    twin = SWISS[np.ix_([0, 1, 1], [0, 1, 1])]
    moments = Moments.from_correlations(pd.DataFrame(twin, index=list("yab"), columns=list("yab")), n=47)
    with pytest.raises(InputError, match="a, b determine one another"):
        importance_table(moments, outcome="y", drivers=["a", "b"])


def test_ranks_of_equal_shares():
    assert ranks(np.array([[0.1, 0.2, 0.1]])).tolist() == [[2, 1, 2]]


def test_every_column_has_a_word():
    table = importance_table(mobi(), outcome="CUSA1", drivers=PERQ)
    assert set(table.columns) - {"vif"} <= set(all_words())
