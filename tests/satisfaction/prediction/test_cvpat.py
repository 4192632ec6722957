"""CVPAT against SciPy's t test, both weightings, and two path models against each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.prediction.cvpat import cvpat
from crm_analysis.satisfaction.prediction.predict import Prediction, pls_predict
from crm_analysis.words import all_words


@pytest.fixture
def prediction(sample_model, sample_survey) -> Prediction:
    return pls_predict(PLS(sample_model).fit(sample_survey), repeats=2)


def test_t_test_is_scipys(prediction):
    table = cvpat(prediction).set_index(["benchmark", "construct"])
    for benchmark, kind in (("indicator_average", "mean"), ("linear_model", "lm")):
        gap = (prediction.squared[kind] - prediction.squared["pls"]).mean(axis=1)
        expected = ttest_1samp(gap, 0)
        row = table.loc[benchmark, "all_constructs"]
        assert row["loss_difference"] == pytest.approx(gap.mean())
        assert (row["t_statistic"], row["p"]) == pytest.approx((expected.statistic, expected.pvalue))
        limits = expected.confidence_interval(0.95)
        assert (row["loss_difference_low"], row["loss_difference_high"]) == pytest.approx(tuple(limits))
    assert table["p_holm"].tolist() == pytest.approx(holm(table["p"]).tolist())


def test_weightings_differ_by_what_counts_alike(prediction):
    items, constructs = (cvpat(prediction, weighting=name) for name in ("item_equal", "construct_equal"))
    errors = prediction.squared["pls"].mean()
    assert items["loss_pls"].iloc[0] == pytest.approx(errors.mean())
    by_construct = errors.groupby(prediction.items["construct"]).mean()
    assert constructs["loss_pls"].iloc[0] == pytest.approx(by_construct.mean())
    assert set(items["loss_weighting"]) == {"item_equal"}
    np.testing.assert_allclose(items["loss_pls"].iloc[1:7], constructs["loss_pls"].iloc[1:7])
    assert items["loss_pls"].iloc[1] == pytest.approx(by_construct["expectations"])


def test_a_model_that_predicts_beats_the_average_beyond_chance(prediction):
    table = cvpat(prediction)
    average = table[table["benchmark"] == "indicator_average"]
    assert (average["loss_difference_low"] > 0).all()
    assert (average["p_holm"] < 0.01).all()


def test_two_path_models_are_compared_on_common_items(prediction, sample_model, sample_survey):
    fewer = sample_model.change(paths=[edge for edge in sample_model.paths if edge != ("quality", "satisfaction")])
    other = pls_predict(PLS(fewer).fit(sample_survey), repeats=2)
    table = cvpat(prediction, other=other).set_index(["benchmark", "construct"])
    row = table.loc["other_model", "satisfaction"]
    assert row["loss_difference_low"] > 0  # without the path from quality satisfaction is predicted worse
    back = cvpat(other, other=prediction).set_index(["benchmark", "construct"]).loc["other_model", "satisfaction"]
    assert back["loss_difference"] == pytest.approx(-row["loss_difference"])


def test_equal_losses_have_no_t(prediction):
    row = cvpat(prediction, other=prediction).set_index("benchmark").loc["other_model"].iloc[0]
    assert row["loss_difference"] == 0
    assert np.isnan(row["p"])
    assert np.isnan(row["t_statistic"])


def test_words_for_all_that_shows(prediction):
    table = cvpat(prediction)
    shown = {*table, *table["benchmark"], *table["loss_weighting"], "construct_equal", "all_constructs", "other_model"}
    assert {name.removesuffix("_low").removesuffix("_high") for name in shown} <= set(all_words())


def test_faults_are_told(prediction, sample_model, sample_survey):
    with pytest.raises(InputError, match="weighting='equal' is none of"):
        cvpat(prediction, weighting="equal")
    with pytest.raises(InputError, match="other respondents; they were made with other folds"):
        cvpat(prediction, other=pls_predict(PLS(sample_model).fit(sample_survey.iloc[:200]), repeats=1))
    strange = pd.DataFrame(np.random.default_rng(1).normal(size=(500, 2)), columns=["u1", "v1"])
    model = type(sample_model)({"u": ["u1"], "v": ["v1"]}, [("u", "v")])
    with pytest.raises(InputError, match="no item in common"):
        cvpat(prediction, other=pls_predict(PLS(model).fit(strange), repeats=2))
