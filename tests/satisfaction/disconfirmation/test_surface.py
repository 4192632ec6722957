"""The response surface: published numbers, exact surfaces, geometry, verdicts, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.surface import SLOPES, response_surface, stationary
from crm_analysis.words import all_words

ITEMS = {"outcome": "z", "expectation": "e", "perception": "p"}
GRID = pd.DataFrame([(e, p) for e in range(1, 11) for p in range(1, 11)], columns=["e", "p"], dtype=float)
small = st.floats(-2, 2).map(lambda x: round(x, 3))


def exact(*b: float) -> pd.DataFrame:
    x, y = GRID["e"] - 5.5, GRID["p"] - 5.5
    return GRID.assign(z=b[0] + b[1] * x + b[2] * y + b[3] * x**2 + b[4] * x * y + b[5] * y**2)


def noisy(rng: np.random.Generator, *b: float, count: int = 300) -> pd.DataFrame:
    e, p = rng.integers(1, 11, count) - 5.5, rng.integers(1, 11, count) - 5.5
    z = b[0] + b[1] * e + b[2] * p + b[3] * e**2 + b[4] * e * p + b[5] * p**2 + rng.normal(size=count)
    return pd.DataFrame({"e": e + 5.5, "p": p + 5.5, "z": z})


def test_the_mobile_phone_survey(mobi, mobi_items):
    found = response_surface(mobi, **mobi_items, covariance="OLS", draws=20)
    assert found.slopes["estimate"].tolist()[:4] == pytest.approx([0.778516, 0.025662, -0.679205, 0.057709], abs=1e-6)
    assert found.slopes.loc[["a1", "a4"], "standard_error"].tolist() == pytest.approx([0.116142, 0.078714], abs=1e-6)
    assert found.r_squared == pytest.approx(0.629491, abs=1e-6)
    # a3 < 0 looks like disconfirmation, but it is perception alone
    assert found.slopes.loc["a3", "p"] < 0.001
    assert found.disconfirmation() == "perception_only"
    assert found.congruence() == "congruence_not_shown"
    assert found.constraints.loc["difference_score", "p"] < 1e-10
    assert found.r_squared_difference < 0.1
    assert "no disconfirmation effect may be claimed" in found.text("en")
    assert "不能声称存在期望不一致效应" in found.text("zh")
    assert "should not be read" in found.text("en")


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 3).map(lambda k: round(k, 3)), small)
def test_a_squared_difference_has_no_slope_and_bends_across_only(k, level):
    found = response_surface(exact(level, 0, 0, -k, 2 * k, -k), **ITEMS, draws=2)
    np.testing.assert_allclose(found.slopes["estimate"], [0, 0, 0, -4 * k, 0], atol=1e-8)
    axis = found.geometry.loc[["p11", "p21"], "estimate"]
    assert axis.tolist() == pytest.approx([1, -1])
    assert found.geometry.loc["x0", "draws"] == 0  # a ridge has no single stationary point


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[small] * 6))
def test_known_surfaces_are_recovered(b):
    data = exact(*b)
    if data["z"].nunique() < 2:
        return
    found = response_surface(data, **ITEMS, draws=1)
    np.testing.assert_allclose(found.coefficients["estimate"], b, atol=1e-7)
    assert found.r_squared == pytest.approx(1)
    np.testing.assert_allclose(found.height(data["e"].to_numpy(), data["p"].to_numpy()), data["z"], atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[small] * 6))
def test_the_stationary_point_is_flat_and_the_axes_are_eigenvectors(b):
    x0, y0, p10, p11, p20, p21 = stationary(np.array(b))
    hessian = np.array([[2 * b[3], b[4]], [b[4], 2 * b[5]]])
    size = max(map(abs, b[3:]))
    if np.isfinite(x0) and abs(np.linalg.det(hessian)) > 1e-3 * size**2:
        np.testing.assert_allclose(hessian @ [x0, y0] + b[1:3], [0, 0], atol=1e-6 * (1 + abs(x0) + abs(y0)))
    values, vectors = np.linalg.eigh(hessian)
    if np.ptp(values) > 1e-3 * size > 0:
        for slope, vector in ((p11, vectors[:, 1]), (p21, vectors[:, 0])):
            angle = np.arctan(slope) if np.isfinite(slope) else np.pi / 2
            assert abs(np.cos(angle) * vector[1] - np.sin(angle) * vector[0]) < 1e-6
        if np.isfinite(p10) and np.isfinite(p20):
            np.testing.assert_allclose([p10 + p11 * x0, p20 + p21 * x0], [y0, y0], atol=1e-4 * (1 + abs(y0)))


def test_axes_without_an_interaction():
    assert stationary(np.array([0, 2, 4, -1, 0, -2.0]))[:4].tolist() == [1, 1, 1, 0]
    assert np.isinf(stationary(np.array([0, 2, 4, -2, 0, -1.0]))[3])
    assert np.isnan(stationary(np.array([0, 2, 4, -1, 0, -1.0]))[3])  # bends alike in all directions
    assert np.isnan(stationary(np.array([0, 2, 4, 0, 0, 0.0]))).all()  # a plane


def test_limits_cover_slopes_and_stationary_point():
    b = np.array([7, 0.3, 0.5, -0.2, 0.1, -0.15])
    true = np.array(list(SLOPES.values())) @ b
    rng, hits, points = np.random.default_rng(2), np.zeros(5), 0
    for seed in range(40):
        found = response_surface(noisy(rng, *b), **ITEMS, draws=150, seed=seed)
        hits += (found.slopes["estimate_low"] <= true) & (true <= found.slopes["estimate_high"])
        low, high = found.geometry.loc["x0", ["estimate_low", "estimate_high"]]
        points += low <= stationary(b)[0] <= high
    assert (np.array(hits) >= 34).all()
    assert points >= 33
    assert found.shape == "peak"


@pytest.mark.parametrize(
    ("b", "verdict"),
    [((7, -0.5, 0.5, 0, 0, 0), "contrast"), ((7, 0, 0.5, 0, 0, 0), "perception_only"),
     ((7, 0.5, 0.5, 0, 0, 0), "assimilation"), ((7, 0, 0, 0, 0, 0), "no_slope"),
     ((7, -0.5, 0, 0, 0, 0), "expectation_only"), ((7, 0, -0.5, 0, 0, 0), "reversed")],
)  # fmt: skip
def test_verdicts_on_disconfirmation(b, verdict):
    found = response_surface(noisy(np.random.default_rng(8), *b), **ITEMS, draws=20)
    assert found.disconfirmation(alpha=0.01) == verdict
    assert found.text("zh") != found.text("en")


@pytest.mark.parametrize(
    ("b", "verdict"),
    [((7, 0, 0, -0.2, 0.4, -0.2), "congruence_strict"), ((7, 0.3, 0.3, -0.2, 0.4, -0.2), "congruence_broad"),
     ((7, -0.5, 0.5, -0.2, 0.4, -0.2), "congruence_not_shown"), ((7, 0, 0, 0.2, -0.4, 0.2), "congruence_not_shown")],
)  # fmt: skip
def test_verdicts_on_congruence(b, verdict):
    found = response_surface(noisy(np.random.default_rng(8), *b), **ITEMS, draws=200)
    assert found.congruence(alpha=0.01) == verdict


def test_constraints_hold_where_they_should():
    rng, kept = np.random.default_rng(6), []
    for _ in range(90):
        found = response_surface(noisy(rng, 7, -0.4, 0.4, 0, 0, 0), **ITEMS, covariance="OLS", draws=0)
        kept.append(found.constraints["p"])
    p = pd.DataFrame(kept)
    assert (p[["difference_score", "plane"]] < 0.05).mean().between(0.005, 0.12).all()
    assert (p["squared_difference"] < 0.05).all()


def test_the_f_test_is_that_of_the_nested_models():
    data = noisy(np.random.default_rng(6), 7, -0.4, 0.4, 0, 0.05, 0)
    found = response_surface(data, **ITEMS, covariance="OLS", draws=0)
    gap = data["p"] - data["e"]
    restricted = np.polynomial.Polynomial.fit(gap, data["z"], 1)(gap)
    rss0 = ((data["z"] - restricted) ** 2).sum()
    rss1 = ((data["z"] - found.height(data["e"].to_numpy(), data["p"].to_numpy())) ** 2).sum()
    row = found.constraints.loc["difference_score"]
    assert row["f_value"] == pytest.approx((rss0 - rss1) / 4 / (rss1 / 294))
    assert (row["df1"], row["df2"]) == (4, 294)
    assert found.r_squared_difference == pytest.approx(1 - rss0 / ((data["z"] - data["z"].mean()) ** 2).sum())


def test_the_sample_company_shows_disconfirmation(survey, sides):
    found = response_surface(survey, **sides, draws=100)
    assert found.disconfirmation() == "contrast"
    assert (
        found.mean_slopes.loc["expectation", "estimate_high"] < 0 < found.mean_slopes.loc["perception", "estimate_low"]
    )
    assert found.congruence() == "congruence_not_shown"


def test_draws_hang_on_the_seed_and_failures_are_counted():
    data = noisy(np.random.default_rng(1), 7, 0.3, 0.5, -0.2, 0.1, -0.15, count=40)
    first, again, other = (response_surface(data, **ITEMS, draws=30, seed=s).geometry for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    few = pd.DataFrame({"e": [1, 5, 9, 1, 5, 9, 1, 9], "p": [1, 1, 2, 5, 6, 5, 9, 8], "z": [1, 2, 3, 4, 5, 4, 6, 7.0]})
    found = response_surface(few, **ITEMS, draws=50)
    assert 0 < found.failed < 50
    assert found.geometry["draws"].max() <= 50 - found.failed
    assert found.too_few
    assert "mostly noise" in found.text("en")


def test_answers_that_do_not_spread_are_refused():
    line = pd.DataFrame({"e": np.arange(1, 10.0), "p": np.arange(1, 10.0), "z": np.arange(9.0)})
    with pytest.raises(InputError, match="cannot be fitted"):
        response_surface(line, **ITEMS)


def test_every_word_is_known():
    found = response_surface(noisy(np.random.default_rng(1), 7, 0.3, 0.5, -0.2, 0.1, -0.15), **ITEMS, draws=5)
    frames = [found.coefficients, found.slopes, found.mean_slopes, found.geometry, found.constraints]
    names = {name for frame in frames for name in [*frame.columns, frame.index.name, *frame.index]}
    names |= {found.shapes.index.name, found.disconfirmation(), found.congruence()}
    names |= {f"shape.{name}" for name in found.shapes.index}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
