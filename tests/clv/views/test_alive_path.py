"""P(alive) day by day against one prediction per day, for every model."""

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.views.alive_path import p_alive_path
from crm_analysis.errors import InputError

MODELS = [
    ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738),
    BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907),
    MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018),
    NBD.with_params(r=0.3847661, alpha=12.0720233),
]
DAYS = ["2024-01-01", "2024-01-15", "2024-01-20", "2024-03-01"]


def one(frequency: float, recency: float, T: float) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [frequency], "recency": [recency], "T": [T]})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_each_day_is_a_prediction_from_what_was_known(model):
    path = p_alive_path(model, DAYS, until="2024-03-20", ahead_days=30)
    bought = pd.to_datetime(DAYS)
    assert len(path) == 80 + 30
    for row in path.iloc[1:].itertuples():
        known = min(row.day, pd.Timestamp("2024-03-20"))
        so_far = bought[bought <= known]
        frame = one(len(so_far) - 1, (so_far.max() - bought[0]).days / 7, (known - bought[0]).days / 7)
        ahead = (row.day - known).days / 7
        assert row.p_alive == pytest.approx(float(model.probability_alive(frame, ahead=ahead).iloc[0]), abs=1e-12)
        assert (row.frequency, row.bought_on_day, row.ahead) == (len(so_far) - 1, row.day in bought, ahead > 0)
        if row.day in bought:
            late = bought[bought < row.day]
            frame = one(len(late) - 1, (late.max() - bought[0]).days / 7, (known - bought[0]).days / 7)
            assert row.p_alive_before == pytest.approx(float(model.probability_alive(frame).iloc[0]), abs=1e-12)
    assert path["p_alive_before"].notna().sum() == 3


def test_it_falls_in_silence_and_jumps_to_one_with_a_purchase():
    path = p_alive_path(MODELS[0], DAYS, until="2024-05-01", ahead_days=20)
    assert path.loc[path["bought_on_day"], "p_alive"].tolist() == pytest.approx([1] * 4)
    quiet = path[~path["bought_on_day"]]
    assert (quiet["p_alive"].to_numpy() < path["p_alive"].shift()[quiet.index]).all()
    assert (path["p_alive_before"].dropna() < 1).all()


def test_a_model_in_days_agrees_and_draws_give_an_interval():
    weekly = p_alive_path(MODELS[0], DAYS, until="2024-04-01")
    daily = ParetoNBD.with_params(r=0.553277, alpha=7 * 10.577684, s=0.606240, beta=7 * 11.668738)
    np.testing.assert_allclose(p_alive_path(daily, DAYS, until="2024-04-01", unit="day")["p_alive"], weekly["p_alive"])
    rng = np.random.default_rng(0)
    draws = pd.DataFrame(MODELS[0].params_.to_numpy() * np.exp(rng.normal(0, 0.1, (200, 4))), columns=MODELS[0].names)
    path = p_alive_path(MODELS[0], DAYS, until="2024-04-01", draws=draws, level=0.8)
    last = path.iloc[-1]
    each = [float(ParetoNBD.with_params(**row).probability_alive(one(*last[["frequency", "recency", "T"]])).iloc[0])
            for row in draws.to_dict("records")]  # fmt: skip
    assert tuple(last[["p_alive_low", "p_alive_high"]]) == pytest.approx(tuple(np.quantile(each, [0.1, 0.9])))
    assert ((path["p_alive_low"] <= path["p_alive"]) & (path["p_alive"] <= path["p_alive_high"])).mean() > 0.95


def test_one_purchase_day_twice_and_with_hours_is_one():
    path = p_alive_path(MODELS[1], pd.to_datetime(["2024-01-01 08:00", "2024-01-01 20:00"]).tz_localize("Asia/Tokyo"))
    assert path[["frequency", "T", "p_alive"]].to_numpy().tolist() == [[0, 0, 1]]
    assert path["p_alive_before"].isna().all()


def test_bad_input_is_named():
    with pytest.raises(InputError, match="no purchase day"):
        p_alive_path(MODELS[0], DAYS, until="2023-01-01")
    with pytest.raises(InputError, match="no purchase day"):
        p_alive_path(MODELS[0], [])
    with pytest.raises(InputError, match="ahead_days"):
        p_alive_path(MODELS[0], DAYS, ahead_days=-1)
    with pytest.raises(InputError, match="unit of time"):
        p_alive_path(MODELS[0], DAYS, unit="fortnight")
    with pytest.raises(InputError, match="counts occasions"):
        p_alive_path(BGBB.with_params(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8), DAYS)
