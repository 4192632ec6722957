"""Effects: published totals, every way once, f2 against regressions run again."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.satisfaction.pls.effects import effect_sizes, indirect_ways, way_effects
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words

TOTALS = {  # SmartPLS 2.0.M3
    ("image", "satisfaction"): 0.38972664, ("image", "loyalty"): 0.39873238,
    ("expectations", "satisfaction"): 0.41786755, ("quality", "satisfaction"): 0.62076216,
    ("quality", "loyalty"): 0.32330474, ("value", "loyalty"): 0.10143737, ("satisfaction", "loyalty"): 0.52081902,
}  # fmt: skip


def test_published_total_effects(mobi_moments, ecsi_model):
    effects = PLS(ecsi_model).fit_moments(mobi_moments).effects_.set_index(["source", "target"])["total_effect"]
    assert {pair: effects[pair] for pair in TOTALS} == pytest.approx(TOTALS, abs=1e-7)


def test_ways_add_up_to_the_indirect_effects(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    ways, effects = indirect_ways(ecsi_model), way_effects(fitted.solution_, ecsi_model)[0]
    assert len(ways) == len(set(ways))
    for row in fitted.effects_.itertuples():
        own = [effect for way, effect in zip(ways, effects) if (way[0], way[-1]) == (row.source, row.target)]
        assert sum(own) == pytest.approx(row.indirect_effect, abs=1e-12)
    assert effects[ways.index(("image", "satisfaction", "loyalty"))] == pytest.approx(0.086774, abs=5e-7)


def test_a_model_without_indirect_ways(mobi_moments):
    model = PathModel({"a": ["IMAG1"], "b": ["CUSA1"]}, [("a", "b")])
    fitted = PLS(model).fit_moments(mobi_moments)
    assert indirect_ways(model) == []
    assert way_effects(fitted.solution_, model).shape == (1, 0)


def test_f_squared_is_the_loss_of_r_squared(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    table = effect_sizes(fitted).set_index(["source", "target"])
    between = fitted.correlations_
    for source, target in ecsi_model.paths:
        full = fitted.r_squared_.loc[target, "r_squared"]
        others = [name for name in ecsi_model.predecessors(target) if name != source]
        right = between.loc[others, target].to_numpy()
        without = right @ np.linalg.solve(between.loc[others, others], right) if others else 0
        assert table.loc[(source, target), "f_squared"] == pytest.approx((full - without) / (1 - full))
    assert table.loc[("image", "expectations"), "effect_size"] == "medium_effect"
    assert set(table["effect_size"].cat.categories) | set(table.columns) <= set(all_words())
