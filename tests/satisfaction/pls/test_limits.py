"""Limits from replicates: percentile and BCa by hand, the acceleration of a mean, p that agrees with the limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.limits import acceleration, bias_correction, spread

quick = settings(max_examples=30, deadline=None)


def one(estimate, drawn, *, level=0.95, kind="percentile", jackknife=None):
    without = None if jackknife is None else np.asarray(jackknife)[:, None]
    found = spread(np.array([estimate]), np.asarray(drawn)[:, None], level=level, kind=kind, jackknife=without)
    return {name: getattr(found, name)[0] for name in found.__dataclass_fields__}


@quick
@given(st.lists(st.floats(-5, 5), min_size=5, max_size=40, unique=True))
def test_acceleration_of_a_mean(values):
    x = np.array(values)
    without = (x.sum() - x) / (len(x) - 1)
    away = x - x.mean()
    assert acceleration(without) == pytest.approx((away**3).sum() / (6 * (away**2).sum() ** 1.5), abs=1e-6)


@quick
@given(st.integers(0, 10**6))
def test_percentile_and_bca_against_scipy(seed):
    rng = np.random.default_rng(seed)
    x = rng.exponential(size=40)
    drawn = rng.choice(x, (400, 40)).mean(axis=1)
    for kind, name in (("percentile", "percentile"), ("bca", "BCa")):
        found = one(x.mean(), drawn, kind=kind, jackknife=(x.sum() - x) / 39)
        again = iter([drawn])
        other = stats.bootstrap((x,), np.mean, n_resamples=0, method=name,
                                bootstrap_result=type("R", (), {"bootstrap_distribution": next(again)})())  # fmt: skip
        assert (found["low"], found["high"]) == pytest.approx(tuple(other.confidence_interval), abs=1e-9)
        assert found["error"] == pytest.approx(drawn.std(ddof=1))
        assert found["bias"] == pytest.approx(drawn.mean() - x.mean())


def test_replicates_all_on_one_side_give_percentiles_with_a_notice():
    drawn = np.linspace(1, 2, 50)
    found = one(0.5, drawn, kind="bca", jackknife=np.linspace(0, 1, 9))
    assert bias_correction(0.5, drawn) == -np.inf
    assert found["percentile"]
    assert (found["low"], found["high"]) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))
    assert not one(1.5, drawn, kind="bca", jackknife=np.linspace(0, 1, 9))["percentile"]


@quick
@given(st.integers(0, 10**6), st.sampled_from(["percentile", "bca"]))
def test_p_is_one_less_the_level_at_which_a_limit_touches_zero(seed, kind):
    rng = np.random.default_rng(seed)
    drawn = rng.normal(rng.uniform(-3, 3), 1, 999)
    estimate, jackknife = drawn.mean() + rng.normal(0, 0.2), rng.exponential(size=30)
    p = one(estimate, drawn, kind=kind, jackknife=jackknife)["p"]
    assert 0 < p <= 1
    if p < 0.99:
        found = one(estimate, drawn, level=1 - p, kind=kind, jackknife=jackknife)
        between = min(((drawn > min(0, found[side])) & (drawn < max(0, found[side]))).sum() for side in ("low", "high"))
        assert between <= 2


def test_numbers_fixed_by_the_model_have_no_interval_and_blanks_are_counted():
    fixed = one(1.0, np.ones(20))
    assert fixed["bias"] != fixed["bias"]
    assert np.isnan([fixed["low"], fixed["high"], fixed["error"], fixed["p"]]).all()
    gaps = one(0.5, [0.1, np.nan, 0.9, np.nan, 0.4])
    assert gaps["undefined"] == 2
    assert gaps["low"] == pytest.approx(np.quantile([0.1, 0.4, 0.9], 0.025))
    assert np.isnan(one(np.nan, [0.1, 0.2])["low"])


def test_arguments_that_cannot_be():
    with pytest.raises(InputError, match="kind='normal'"):
        one(0.5, [0.1, 0.9], kind="normal")
    with pytest.raises(ValueError, match=r"pass 0\.95"):
        one(0.5, [0.1, 0.9], level=95)
