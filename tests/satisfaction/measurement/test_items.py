"""Item tables: loadings, item-rest correlations, alpha without the item, cross-loadings, suspects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.satisfaction.measurement.items import drop_columns, item_table, suspects
from crm_analysis.satisfaction.measurement.replicates import draw
from crm_analysis.satisfaction.pls.estimator import PLS
from tests.satisfaction.measurement.known import SMALL, TRUE_MODEL, true_survey

IMAGE = [f"IMAG{k}" for k in range(1, 6)]


def test_the_item_that_hides_behind_composite_reliability(mobi_fit):
    row = item_table(mobi_fit).loc["CUSL2"]
    assert row["loading"] == pytest.approx(0.202022, abs=1e-6)
    assert row["alpha_standardised"] == pytest.approx(0.472399, abs=1e-6)
    assert row["alpha_standardised_dropped"] > 0.69
    assert not row["reversed_suspect"]


def test_item_rest_and_alpha_without_the_item_by_hand(mobi_rows):
    table = item_table(PLS(SMALL).fit(mobi_rows))
    for item in IMAGE:
        rest = [name for name in IMAGE if name != item]
        assert table.loc[item, "item_rest"] == pytest.approx(mobi_rows[item].corr(mobi_rows[rest].sum(axis=1)))
        c = mobi_rows[rest].cov().to_numpy()
        assert table.loc[item, "alpha_raw_dropped"] == pytest.approx(4 / 3 * (1 - np.trace(c) / c.sum()))
        r = mobi_rows[rest].corr().to_numpy()
        assert table.loc[item, "alpha_standardised_dropped"] == pytest.approx(4 / 3 * (1 - 4 / r.sum()))


def test_without_spreads_items_are_standardised(exact_moments):
    table = item_table(PLS(TRUE_MODEL).fit_moments(exact_moments))
    assert table["alpha_raw"].isna().all()
    r = exact_moments.take(["a1", "a2", "a3"]).correlations
    rest = (r[0, 1] + r[0, 2]) / np.sqrt(2 + 2 * r[1, 2])
    assert table.loc["a1", "item_rest"] == pytest.approx(rest)


def test_the_highest_loading_elsewhere_keeps_its_construct(mobi_fit):
    table = item_table(mobi_fit)
    cross = mobi_fit.cross_loadings_
    for item, row in table.iterrows():
        others = cross.loc[item].drop(row["construct"]).abs()
        assert row["other_construct"] == others.idxmax()
        assert row["other_loading"] == pytest.approx(cross.loc[item, others.idxmax()])
        assert row["loading_lead"] == pytest.approx(cross.loc[item, row["construct"]] - others.max())


def test_single_items_and_formative_blocks_have_no_item_statistics(mobi_moments):
    table = item_table(PLS(SMALL.change(modes={"Satisfaction": "B"})).fit_moments(mobi_moments))
    formed = table[table["construct"] == "Satisfaction"]
    assert formed[["item_rest", "alpha_raw", "alpha_standardised_dropped"]].isna().all(axis=None)
    assert formed["loading"].notna().all()


def test_a_single_block_of_one_item_is_blank(mobi_fit):
    row = item_table(mobi_fit).loc["CUSCO"]
    assert np.isnan(row["item_rest"])
    assert row["loading"] == pytest.approx(1)


def test_intervals_come_from_the_replicates():
    fitted = PLS(TRUE_MODEL).fit(true_survey(300, seed=2))
    table = item_table(fitted, replicates=draw(fitted, draws=200))
    multi = table[table["construct"] != "d"]
    for name in ("loading", "item_rest", "loading_lead"):
        assert (multi[f"{name}_low"] < multi[name]).all()
        assert (multi[name] < multi[f"{name}_high"]).all()


def test_reversed_items_are_named():
    rows = true_survey(300, seed=3)
    rows["b3"] = -rows["b3"]
    table = item_table(PLS(TRUE_MODEL).fit(rows))
    assert table.index[table["reversed_suspect"]].tolist() == ["b3"]


@pytest.mark.parametrize(
    ("loading", "rest", "found"),
    [
        ([0.8, 0.7, -0.6], [-0.1, 0.2, -0.5], [False, False, True]),
        ([0.8, 0.7, 0.1], [0.3, 0.2, -0.1], [False, False, True]),
        ([0.8, 0.7, 0.6], [0.3, 0.2, 0.1], [False, False, False]),
        ([-1.0], [np.nan], [False]),
    ],
)
def test_suspects_are_those_that_load_negatively_or_else_oppose_the_rest(loading, rest, found):
    block = pd.Series(["a"] * len(loading))
    assert suspects(pd.Series(loading), pd.Series(rest), block).tolist() == found


def test_one_item_alone_has_no_rest():
    found = drop_columns(np.ones((2, 1, 1)), np.ones((2, 1)))
    assert all(np.isnan(values).all() for values in found.values())
