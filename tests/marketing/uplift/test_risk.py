"""Risk beside uplift: overlap by counting, ranks by scipy, and a company where the two run against each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import risk_and_uplift, spearman


def lost(n=6000, seed=0):
    """The riskiest cannot be won; treating helps those of middling risk."""
    rng = np.random.default_rng(seed)
    risk, treated = rng.random(n), rng.integers(0, 2, n)
    effect = 0.3 * (1 - risk)
    stays = (rng.random(n) < (1 - risk) * 0.6 + treated * effect).astype(int)
    return risk, effect, stays, treated


def test_ranks_are_those_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 9, 80), rng.integers(0, 9, 80)
    found = spearman(a, b)
    assert found.value == pytest.approx(stats.spearmanr(a, b).statistic)
    assert found.low < found.value < found.high
    assert np.isnan(spearman([1, 1], [1, 2]).value)
    assert np.isnan(spearman([1, 2, 3], [1, 2, 3]).low)


def test_the_interval_of_ranks_holds_no_correlation_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = sum(found.low <= 0 <= found.high for found in (spearman(*rng.normal(size=(2, 60))) for _ in range(400)))
    assert 362 <= held <= 396


def test_the_riskiest_need_not_be_the_ones_to_treat():
    risk, effect, y, treated = lost()
    found = risk_and_uplift(risk, uplift=effect, y=y, treated=treated)
    assert found.top_effect.high < found.other_effect.value
    assert found.overlap.value == 0
    assert found.overlap_by_chance == pytest.approx(0.2)
    assert found.spearman.value == pytest.approx(-1)
    assert found.table["risk_mean"].is_monotonic_decreasing
    inside = found.table["predicted_uplift"].between(found.table["uplift_low"], found.table["uplift_high"])
    assert inside.sum() >= 8
    assert "not by risk" in found.text("en")
    assert "风险最高的 20% 客户" in found.text("zh")


def test_the_sentence_says_no_more_than_the_limits():
    risk, _, y, treated = lost()
    told = risk_and_uplift(risk, y=y, treated=treated)
    assert told.top_less_other.high < 0
    assert "smaller among those at high risk" in told.text("en")
    assert "高风险客户的增量更小" in told.text("zh")
    few = risk_and_uplift(risk[:200], y=y[:200], treated=treated[:200])
    assert few.top_less_other.low < 0 < few.top_less_other.high
    assert "do not show" in few.text("en")
    assert "不能说明" in few.text("zh")


def test_overlap_is_the_count():
    rng = np.random.default_rng(2)
    risk, uplift = pd.Series(rng.random(50)), pd.Series(rng.random(50))
    found = risk_and_uplift(risk, uplift=uplift, top=0.2)
    both = set(risk.nlargest(10).index) & set(uplift.nlargest(10).index)
    assert found.overlap.value == pytest.approx(len(both) / 10)
    assert np.isnan(found.top_effect.value)
    assert "uplift_low" not in found.table


def test_an_experiment_alone_is_enough():
    risk, _, y, treated = lost(600)
    found = risk_and_uplift(risk, y=y, treated=treated, groups=5)
    assert "predicted_uplift" not in found.table
    assert np.isnan(found.overlap.value)
    assert len(found.table) == 5
    assert "Spearman" not in found.text("en")


@pytest.mark.parametrize(
    ("risk", "more", "told"),
    [
        ([0.1, 0.2], {}, "neither predicted uplift nor an experiment"),
        ([0.1, 0.2], {"uplift": [1, 2], "y": [0, 1]}, "neither predicted uplift nor an experiment"),
        ([0.1, 0.2], {"uplift": [1, 2], "top": 20}, "top must lie"),
        ([0.1, None], {"uplift": [1, 2]}, "risk holds blanks"),
        ([0.1, 0.2], {"uplift": [1, 2, 3]}, "uplift holds"),
        ([0.1, 0.2], {"uplift": ["a", "b"]}, "uplift holds"),
        ([0.1, 0.2], {"y": [0, 5], "treated": [0, 1]}, "y holds 5"),
        (pd.Series([0.1, 0.2]), {"uplift": pd.Series([0.1, 0.2], index=[1, 2])}, "different indexes"),
    ],
)
def test_bad_input(risk, more, told):
    with pytest.raises(InputError, match=told):
        risk_and_uplift(risk, **more)
