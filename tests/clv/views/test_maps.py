"""Maps over recency and frequency against single predictions; where customers stand on them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import ParetoNBD
from crm_analysis.clv.views.maps import customers_at, falling_from, recency_frequency, value_at
from crm_analysis.errors import InputError

MODEL = ParetoNBD.with_params(r=0.5629966, alpha=12.5590370, s=0.4081095, beta=10.5148048)


@pytest.mark.parametrize(
    ("measure", "options"),
    [
        (MODEL.probability_alive, {}),
        (MODEL.expected_purchases, {"horizon": 39.0}),
        (MODEL.discounted_purchases, {"discount": 0.0027}),
    ],
)
def test_each_cell_is_a_prediction(measure, options):
    table = recency_frequency(measure, T=77.86, most=5, steps=7, unit="week", **options)
    assert table.shape == (6, 8)
    assert table.attrs["T"] == 77.86
    assert table.attrs["unit"] == "week"
    for x in table.index:
        for tx in table.columns:
            value = table.loc[x, tx]
            assert np.isnan(value) == ((x == 0) != (tx == 0))
            if not np.isnan(value):
                frame = pd.DataFrame({"frequency": [x], "recency": [tx], "T": [77.86]})
                assert value == pytest.approx(float(measure(frame, **options).iloc[0]))


def test_clv_is_margin_times_spend_times_purchases():
    spend = SimpleNamespace(expected_spend=lambda frame: frame["monetary_value"].fillna(30.0))
    measure = value_at(MODEL, spend, mean_spend=50.0, discount=0.0027, margin=0.4)
    clv = recency_frequency(measure, T=77.86, most=4, steps=5)
    purchases = recency_frequency(MODEL.discounted_purchases, T=77.86, most=4, steps=5, discount=0.0027)
    assert clv.attrs["measure"] == "clv"
    np.testing.assert_allclose(clv.iloc[1:, 1:], 20 * purchases.iloc[1:, 1:])
    assert clv.iloc[0, 0] == pytest.approx(12 * purchases.iloc[0, 0])


def test_more_purchases_mean_less_where_the_last_one_is_long_ago():
    table = recency_frequency(MODEL.discounted_purchases, T=77.86, most=14, discount=0.0027)
    peak = falling_from(table)
    for tx, at in peak.items():
        column = table[tx].iloc[1:]
        assert (column.idxmax() == at) if np.isfinite(at) else (column.idxmax() == 14)
    known = peak.dropna()
    assert known.is_monotonic_increasing
    assert known.iloc[0] == 1
    assert np.isnan(peak.iloc[-1])


def test_all_customers_near_the_map_are_on_it(cx):
    T = cx["T"].max()
    counted = customers_at(cx, T=T, most=12, near=0.1)
    near = cx[(cx["T"] >= 0.9 * T - 1e-9) & (cx["frequency"] <= 12)]
    assert counted["customers"].sum() == len(near)
    assert counted.attrs["customers_away"] == len(cx) - len(near)
    by_frequency = counted.groupby("frequency")["customers"].sum()
    pd.testing.assert_series_equal(by_frequency, near["frequency"].value_counts().sort_index(), check_dtype=False,
                                   check_names=False)  # fmt: skip
    again = near[near["frequency"] > 0]
    mean = np.average(counted["recency"], weights=counted["customers"] * (counted["frequency"] > 0))
    assert mean == pytest.approx((again["recency"] + T - again["T"]).mean())
    assert (counted.loc[counted["frequency"] == 0, "recency"] == 0).all()


def test_weights_stand_for_customers():
    frame = pd.DataFrame({"frequency": [1, 2], "recency": [3.0, 9.0], "T": 10.0, "weights": [5, 2]})
    assert customers_at(frame, T=10.0).to_numpy().tolist() == [[1, 3, 5], [2, 9, 2]]


@pytest.mark.parametrize("wrong", [{"T": 0.0}, {"T": float("nan")}, {"T": 10.0, "most": 0}, {"T": 10.0, "steps": 0}])
def test_bad_input_is_named(wrong):
    with pytest.raises(InputError, match="T must be above 0"):
        recency_frequency(MODEL.probability_alive, **wrong)
