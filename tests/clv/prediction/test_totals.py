import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, GammaGamma, ParetoNBD
from crm_analysis.clv.prediction.posterior import posterior
from crm_analysis.clv.prediction.prediction import value
from crm_analysis.clv.prediction.totals import totals
from crm_analysis.clv.units import rate_per_unit
from crm_analysis.errors import InputError


@pytest.fixture(scope="module")
def fitted(cx):
    return ParetoNBD().fit(cx), GammaGamma().fit(cx)


def test_totals_are_the_sums_of_the_prediction_table(cx, fitted):
    model, spend = fitted
    found = totals(model, cx, horizon=39, spend=spend, margin=0.3)
    table = value(model, spend, cx, horizon=39, margin=0.3)
    expected = [table["p_alive"].sum(), table["expected_purchases"].sum(), table["clv"].sum()]
    np.testing.assert_allclose(found["total"], expected, rtol=1e-9)
    assert (found["total_low"] < found["total"]).all()
    assert (found["total"] < found["total_high"]).all()


def test_the_interval_is_that_of_sums_drawn_one_by_one(cx, fitted):
    model, spend = fitted
    part = cx.iloc[:300]
    found = totals(model, part, horizon=39, spend=spend, draws=60, seed=3)
    drawn, paid = posterior(model, draws=60, seed=3).draws, posterior(spend, draws=60, seed=3).draws
    discount = rate_per_unit(0.10, unit="week")
    sums = []
    for (_, params), (_, money) in zip(drawn.iterrows(), paid.iterrows()):
        purchases = ParetoNBD.with_params(**params).discounted_purchases(part, discount=discount, horizon=39)
        sums.append(float((purchases * GammaGamma.with_params(**money).expected_spend(part)).sum()))
    expected = np.quantile(sums, [0.025, 0.975])
    np.testing.assert_allclose(found.loc["clv", ["total_low", "total_high"]].astype(float), expected, rtol=1e-9)


def test_weights_stand_for_customers(cx):
    model, few = BGNBD().fit(cx), cx.iloc[:4]
    weighted = few.assign(weights=[1, 2, 3, 4])
    many = few.loc[np.repeat(few.index, [1, 2, 3, 4])].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        totals(model, weighted, horizon=9, draws=60, unit="week"), totals(model, many, horizon=9, draws=60, unit="week")
    )


def test_known_parameters_have_no_interval_and_bad_arguments_are_named(cx, fitted):
    model = ParetoNBD.with_params(**fitted[0].params_, unit="week")
    assert totals(model, cx, horizon=39)[["total_low", "total_high"]].isna().all(axis=None)
    with pytest.raises(InputError, match="horizon"):
        totals(model, cx, horizon="soon")
    with pytest.raises(InputError, match="margin"):
        totals(model, cx, horizon=39, spend=fitted[1], margin=-1)
