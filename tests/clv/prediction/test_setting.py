import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import NBD, ParetoNBD
from crm_analysis.clv.prediction.prediction import predict
from crm_analysis.errors import InputError

FRAME = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
MODEL = ParetoNBD.with_params(r=0.55, alpha=10.6, s=0.6, beta=11.7, unit="week")


@pytest.mark.parametrize(("text", "weeks"), [("12 months", 52.1775), ("1 year", 52.1775), ("90 days", 90 / 7),
                                             ("6 weeks", 6.0), (" 0.5 year ", 26.08875)])  # fmt: skip
def test_a_horizon_may_be_a_text(text, weeks):
    assert predict(MODEL, FRAME, horizon=text).attrs["horizon"] == pytest.approx(weeks)


@pytest.mark.parametrize("horizon", [0, -3, "soon", "3 fortnights", None, np.nan, np.inf, True, [1, 2], "12"])
def test_a_horizon_that_is_no_time_is_refused(horizon):
    with pytest.raises(InputError, match="horizon must be"):
        predict(MODEL, FRAME, horizon=horizon)


@pytest.mark.parametrize("level", [95, 0, 1, -0.5, "high"])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(InputError):
        predict(MODEL, FRAME, horizon=4, level=level)


def test_level_95_is_told_to_be_a_share():
    with pytest.raises(InputError, match=r"pass 0\.95"):
        predict(MODEL, FRAME, horizon=4, level=95)


@pytest.mark.parametrize("discount", [-0.1, 10, "much"])
def test_a_discount_that_is_no_rate_is_refused(discount):
    with pytest.raises(InputError, match="discount rate"):
        predict(MODEL, FRAME, horizon=4, annual_discount=discount)


def test_without_a_unit_only_discounting_needs_one():
    model = NBD.with_params(r=0.4, alpha=12)
    with pytest.raises(InputError, match="unit of time is not known"):
        predict(model, FRAME, horizon=4)
    with pytest.raises(InputError, match="needs the unit"):
        predict(model, FRAME, horizon="4 weeks", annual_discount=0)
    plain = predict(model, FRAME, horizon=4, annual_discount=0)
    told = predict(model, FRAME, horizon="4 weeks", unit="week")
    pd.testing.assert_series_equal(plain["discounted_purchases"], plain["expected_purchases"], check_names=False)
    pd.testing.assert_series_equal(plain["expected_purchases"], told["expected_purchases"])
    assert (told["discounted_purchases"] < told["expected_purchases"]).all()


def test_mixed_units_are_refused():
    days = FRAME.copy()
    days.attrs["unit"] = "day"
    with pytest.raises(InputError, match="units of time differ"):
        predict(MODEL, days, horizon=4)
    with pytest.raises(InputError, match="not known"):
        predict(MODEL, FRAME, horizon=4, unit="fortnight")


def test_a_model_must_be_a_fitted_purchase_model():
    with pytest.raises(InputError, match="not fitted yet"):
        predict(ParetoNBD(), FRAME, horizon=4)
    with pytest.raises(InputError, match="purchase model was expected"):
        predict("pareto", FRAME, horizon=4)
