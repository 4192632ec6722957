"""Variance inflation and effect sizes."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.satisfaction.measurement.collinearity import collinearity_table, vif
from crm_analysis.satisfaction.measurement.replicates import draw
from crm_analysis.satisfaction.pls.estimator import PLS
from tests.satisfaction.measurement.known import SMALL, TRUE_MODEL, true_survey


def test_vif_is_that_of_statsmodels():
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    rows = true_survey(200, seed=1)[["a1", "a2", "b1", "c1"]].to_numpy()
    design = np.column_stack([np.ones(len(rows)), rows])
    theirs = [variance_inflation_factor(design, place) for place in range(1, 5)]
    np.testing.assert_allclose(vif(np.corrcoef(rows.T)[None])[0], theirs)


def test_a_predictor_that_the_others_determine_has_no_vif():
    found = vif(np.ones((1, 2, 2)))
    assert np.isnan(found).all()
    assert vif(np.ones((1, 1, 1))).tolist() == [[1.0]]


def test_paths_come_in_the_order_of_the_model_with_vif_and_f2(mobi_fit):
    table = collinearity_table(mobi_fit)
    assert list(table.index) == [(target, source) for source, target in mobi_fit.model.paths]
    r = mobi_fit.correlations_
    sources = ["image", "expectations", "quality", "value"]
    inflated = np.diag(np.linalg.inv(r.loc[sources, sources]))
    np.testing.assert_allclose([table.loc[("satisfaction", name), "vif"] for name in sources], inflated)

    def r_squared(names):
        right = r.loc[names, "satisfaction"]
        return right @ np.linalg.solve(r.loc[names, names], right)

    whole = r_squared(sources)
    f2 = (whole - r_squared(sources[1:])) / (1 - whole)
    assert table.loc[("satisfaction", "image"), "f_squared"] == pytest.approx(f2)
    assert table.loc[("expectations", "image"), "vif"] == pytest.approx(1)


def test_items_of_formative_blocks_follow_the_paths(mobi_moments):
    model = SMALL.change(modes={"Value": "B", "Image": "composite"})
    table = collinearity_table(PLS(model).fit_moments(mobi_moments))
    items = table[table["predictor_kind"] == "item"]
    assert list(items.index) == [("Value", "PERV1"), ("Value", "PERV2")]
    r = mobi_moments.take(["PERV1", "PERV2"]).correlations[0, 1]
    np.testing.assert_allclose(items["vif"], 1 / (1 - r**2))
    assert items["f_squared"].isna().all()


def test_intervals_come_from_the_replicates():
    fitted = PLS(TRUE_MODEL).fit(true_survey(300, seed=2))
    row = collinearity_table(fitted, replicates=draw(fitted, draws=200)).loc[("c", "a")]
    assert row["vif_low"] < row["vif"] < row["vif_high"]
    assert row["f_squared_low"] < row["f_squared"] < row["f_squared_high"]


def test_impossible_solutions_have_no_effect_size(mobi_moments):
    fitted = PLS(SMALL, consistent=True).fit_moments(mobi_moments)
    fitted.solution_.r_squared[0, -1] = 1.2
    assert collinearity_table(fitted)["f_squared"].isna().all()
