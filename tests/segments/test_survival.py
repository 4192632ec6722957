import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.segments import kaplan_meier

units = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=50, deadline=None)
@given(units)
def test_the_curve_follows_its_definition(found):
    times, seen = np.array([t for t, _ in found]), np.array([s for _, s in found])
    curve = kaplan_meier(times, seen)
    survival = 1.0
    for time, row in curve.iterrows():
        at_risk, happened = (times >= time).sum(), ((times == time) & seen).sum()
        assert row["at_risk"] == at_risk
        survival *= 1 - happened / at_risk
        assert row["survival"] == pytest.approx(survival)
        assert 0 <= row["survival"] <= 1
        if 0 < row["survival"] < 1:
            assert row["survival_low"] < row["survival"] < row["survival_high"]


def test_without_cuts_it_is_the_share_still_waiting():
    times = np.random.default_rng(0).integers(1, 20, 200)
    curve = kaplan_meier(times, np.ones(200, bool))
    assert curve["survival"].tolist() == pytest.approx([(times > time).mean() for time in curve.index])


@pytest.mark.parametrize(
    ("times", "seen"), [([], []), ([-1.0], [True]), ([1.0, np.nan], [True, True]), ([1, 2], [True])]
)
def test_times_that_cannot_be_used(times, seen):
    with pytest.raises(InputError, match="waiting times"):
        kaplan_meier(times, seen)


def test_telco_c6(real_data):
    telco = pd.read_csv(real_data("Telco-Customer-Churn.csv"))
    curve = kaplan_meier(telco["tenure"], telco["Churn"] == "Yes")
    expected = [0.9460, 0.8848, 0.8432, 0.7887, 0.7485, 0.7088, 0.6644, 0.5928]
    assert curve.loc[[1, 6, 12, 24, 36, 48, 60, 72], "survival"].tolist() == pytest.approx(expected, abs=5e-5)
    assert curve.loc[12, ["survival_low", "survival_high"]].tolist() == pytest.approx([0.83417, 0.85178], abs=5e-6)
    assert curve.loc[60, ["survival_low", "survival_high"]].tolist() == pytest.approx([0.65023, 0.67816], abs=5e-6)
