"""The PLS algorithm: published numbers of the mobile-phone survey, special cases with known answers, invariants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.pls.algorithm import SCHEMES, solve, solve_each, total_effects
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.templates import MOBI_BLOCKS, ecsi
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments, mobi

quick = settings(max_examples=20, deadline=None)

# SmartPLS 2.0.M3 as published with semPLS; in the order image->expectations, ->satisfaction, ->loyalty,
# expectations->quality, ->value, ->satisfaction, quality->value, ->satisfaction, value->satisfaction,
# satisfaction->complaints, ->loyalty, complaints->loyalty
PATHS = {
    "path": [0.50491393, 0.17873950, 0.19575534, 0.55674896, 0.04998839, 0.06252287,
             0.55830438, 0.51202394, 0.19476510, 0.52806625, 0.48547762, 0.06692607],
    "centroid": [0.50470564, 0.17883348, 0.19535971, 0.55724786, 0.05078755, 0.06442534,
                 0.55721686, 0.51254524, 0.19181566, 0.52609731, 0.48347472, 0.07123241],
    "factorial": [0.50494314, 0.17859267, 0.19581962, 0.55675903, 0.05017810, 0.06494365,
                  0.55776245, 0.51297470, 0.19144526, 0.52585655, 0.48305917, 0.07031057],
}  # fmt: skip
R_SQUARED = {"expectations": 0.254938, "quality": 0.309969, "value": 0.345279, "satisfaction": 0.681078,
             "complaints": 0.278854, "loyalty": 0.456944}  # fmt: skip
WEIGHTS = {
    "image": [0.30131216, 0.25969115, 0.21792305, 0.32850357, 0.32468141],
    "expectations": [0.52118068, 0.47367966, 0.44563424],
    "quality": [0.21317504, 0.14472169, 0.20001771, 0.17939947, 0.17863569, 0.17912074, 0.21548152],
    "value": [0.47928245, 0.60405602],
    "satisfaction": [0.36486486, 0.38315604, 0.45096120],
    "complaints": [1.0],
    "loyalty": [0.46066473, 0.11426953, 0.65431059],
}
LOADINGS = {
    "image": [0.745208, 0.599200, 0.576359, 0.768762, 0.744452],
    "expectations": [0.770767, 0.691245, 0.607813],
    "quality": [0.803178, 0.638146, 0.783747, 0.769480, 0.754721, 0.774643, 0.779865],
    "value": [0.902211, 0.939625],
    "satisfaction": [0.792412, 0.847021, 0.856693],
    "complaints": [1.0],
    "loyalty": [0.820413, 0.202022, 0.915436],
}
TOWARDS_SATISFACTION = PathModel(
    {"Image": MOBI_BLOCKS["image"], "Expectation": MOBI_BLOCKS["expectations"], "Value": MOBI_BLOCKS["value"],
     "Satisfaction": MOBI_BLOCKS["satisfaction"]},
    [("Image", "Satisfaction"), ("Expectation", "Satisfaction"), ("Value", "Satisfaction")],
)  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
def test_paths_of_the_full_model(mobi_moments, ecsi_model, scheme):
    fitted = PLS(ecsi_model, scheme=scheme).fit_moments(mobi_moments)
    assert fitted.converged_
    np.testing.assert_allclose(fitted.paths_["path"], PATHS[scheme], atol=1e-7)


def test_r_squared_weights_and_loadings_of_the_full_model(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    assert fitted.r_squared_["r_squared"].to_dict() == pytest.approx(R_SQUARED, abs=1e-6)
    for name in ecsi_model.constructs:
        own = fitted.weights_[fitted.weights_["construct"] == name]
        np.testing.assert_allclose(own["weight"], WEIGHTS[name], atol=1e-7)
        np.testing.assert_allclose(own["loading"], LOADINGS[name], atol=1e-6)


def test_rows_and_moments_give_the_same_fit(mobi_rows, mobi_moments, ecsi_model):
    by_rows, by_moments = PLS(ecsi_model).fit(mobi_rows), PLS(ecsi_model).fit_moments(mobi_moments)
    np.testing.assert_allclose(by_rows.paths_["path"], by_moments.paths_["path"], atol=1e-9)
    np.testing.assert_allclose(by_rows.weights_["weight"], by_moments.weights_["weight"], atol=1e-8)


def test_items_are_standardised_each_by_its_own_deviation(mobi_moments, ecsi_model):
    """Without it, or with one deviation for all items, Image -> Expectation would come out as .4936."""
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    assert fitted.paths_.loc[0, "path"] == pytest.approx(0.5049, abs=5e-5)
    plain = Moments.from_correlations(
        pd.DataFrame(mobi_moments.correlations, mobi_moments.items, mobi_moments.items), n=250
    )
    pd.testing.assert_frame_equal(PLS(ecsi_model).fit_moments(plain).paths_, fitted.paths_)


@pytest.mark.parametrize(
    ("mode", "paths", "r_squared"),
    [
        ("A", [0.447003897, 0.171830104, 0.316425319], 0.590603320),
        ("B", [0.431236929, 0.174824883, 0.331127041], 0.595311111),
    ],
)
def test_small_model_with_value_in_mode_a_and_b(mobi_moments, mode, paths, r_squared):
    fitted = PLS(TOWARDS_SATISFACTION.change(modes={"Value": mode})).fit_moments(mobi_moments)
    np.testing.assert_allclose(fitted.paths_["path"], paths, atol=1e-7)
    assert fitted.r_squared_.loc["Satisfaction", "r_squared"] == pytest.approx(r_squared, abs=1e-7)


def test_small_model_with_quality_in_mode_b(mobi_moments):
    blocks = {name.title(): MOBI_BLOCKS[name] for name in ("image", "expectations", "quality", "complaints", "loyalty")}
    paths = [("Image", "Expectations"), *((name, "Loyalty") for name in ("Expectations", "Quality", "Complaints"))]
    fitted = PLS(PathModel(blocks, paths, modes={"Quality": "B"})).fit_moments(mobi_moments)
    np.testing.assert_allclose(fitted.paths_["path"], [0.512876954, 0.124534793, 0.405693672, 0.176081957], atol=1e-7)
    weights = fitted.weights_.loc[fitted.weights_["construct"] == "Quality", "weight"]
    expected = [0.407034, 0.166398, 0.384657, 0.074007, 0.052151, -0.086248, 0.247568]
    np.testing.assert_allclose(weights, expected, atol=1e-6)


def random_moments(seed: int, count: int, n: int = 60) -> Moments:
    """Moments of answers with a common part, so that PLS has something to find."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, count)) + 1.2 * rng.normal(size=(n, 1))
    return Moments.of(pd.DataFrame(values, columns=[f"x{k}" for k in range(count)]))


@quick
@given(st.integers(0, 10**6), st.sampled_from(SCHEMES))
def test_single_items_give_ordinary_regressions(seed, scheme):
    moments = random_moments(seed, 4)
    model = PathModel({name: [f"x{k}"] for k, name in enumerate("abcd")}, [("a", "d"), ("b", "d"), ("c", "d")])
    fitted = PLS(model, scheme=scheme).fit_moments(moments)
    matrix = moments.correlations
    np.testing.assert_allclose(fitted.paths_["path"], np.linalg.solve(matrix[:3, :3], matrix[:3, 3]), atol=1e-9)
    assert (fitted.weights_["loading"] == 1).all()


@quick
@given(st.integers(0, 10**6))
def test_two_blocks_in_mode_b_give_the_first_canonical_correlation(seed):
    moments = random_moments(seed, 5)
    model = PathModel({"a": ["x0", "x1", "x2"], "b": ["x3", "x4"]}, [("a", "b")], modes={"a": "B", "b": "B"})
    fitted = PLS(model, tolerance=1e-12, max_rounds=5000).fit_moments(moments)
    matrix = moments.correlations
    product = np.linalg.solve(matrix[:3, :3], matrix[:3, 3:]) @ np.linalg.solve(matrix[3:, 3:], matrix[3:, :3])
    largest = np.sqrt(np.linalg.eigvals(product).real.max())
    assert abs(fitted.paths_.loc[0, "path"]) == pytest.approx(largest, abs=1e-8)


@quick
@given(st.integers(0, 10**6))
def test_two_blocks_in_mode_a_give_the_first_singular_vectors(seed):
    moments = random_moments(seed, 5)
    model = PathModel({"a": ["x0", "x1", "x2"], "b": ["x3", "x4"]}, [("a", "b")])
    fitted = PLS(model, tolerance=1e-12, max_rounds=5000).fit_moments(moments)
    left, _, right = np.linalg.svd(moments.correlations[:3, 3:])
    weights = fitted.weights_["weight"].to_numpy()
    for found, vector in ((weights[:3], left[:, 0]), (weights[3:], right[0])):
        direction = found / np.linalg.norm(found)
        np.testing.assert_allclose(direction * np.sign(direction @ vector), vector, atol=1e-8)


@quick
@given(st.integers(0, 10**6), st.sampled_from(SCHEMES), st.randoms())
def test_order_of_rows_columns_and_blocks_and_scale_of_items_do_not_matter(seed, scheme, random):
    rng = np.random.default_rng(seed)
    model = ecsi()
    values = rng.multivariate_normal(np.zeros(24), mobi().correlations, size=120)
    survey = pd.DataFrame(values, columns=list(mobi().items))
    fitted = PLS(model, scheme=scheme, tolerance=1e-11, max_rounds=2000).fit(survey)
    blocks = [(name, random.sample(items, len(items))) for name, items in model.blocks.items()]
    random.shuffle(blocks)
    paths = random.sample(model.paths, len(model.paths))
    moved = (survey * rng.uniform(0.1, 10, 24) + rng.normal(size=24)).sample(frac=1, random_state=seed)
    moved = moved[rng.permutation(list(moved))]
    other = PLS(PathModel(dict(blocks), paths), scheme=scheme, tolerance=1e-11, max_rounds=2000).fit(moved)
    both = fitted.paths_.merge(other.paths_, on=["source", "target"])
    np.testing.assert_allclose(both["path_x"], both["path_y"], atol=1e-7)
    np.testing.assert_allclose(
        other.weights_["weight"].loc[fitted.weights_.index], fitted.weights_["weight"], atol=1e-7
    )
    np.testing.assert_allclose(other.scores_.loc[fitted.scores_.index, list(fitted.scores_)], fitted.scores_, atol=1e-6)


def test_many_matrices_at_once_are_each_solved_as_alone(mobi_moments, ecsi_model):
    rng = np.random.default_rng(1)
    design = Design.of(ecsi_model)
    own = mobi_moments.take(ecsi_model.items).correlations
    many = np.stack([np.corrcoef(rng.multivariate_normal(np.zeros(24), own, size=80).T) for _ in range(5)])
    together = solve(many, design, consistent=True)
    for k, matrix in enumerate(many):
        alone = solve(matrix[None], design, consistent=True)
        for name in ("weights", "paths", "loadings", "r_squared", "rounds"):
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(together, name)[k])


def test_a_dominant_item_turns_the_construct(mobi_moments):
    turned = PLS(TOWARDS_SATISFACTION, dominant={"Image": "IMAG1"}).fit_moments(mobi_moments)
    plain = PLS(TOWARDS_SATISFACTION).fit_moments(mobi_moments)
    pd.testing.assert_frame_equal(turned.paths_, plain.paths_)
    matrix = pd.DataFrame(mobi_moments.correlations, mobi_moments.items, mobi_moments.items)
    sign = np.where(matrix.columns == "IMAG1", -1, 1)
    reversed_one = Moments.from_correlations(matrix * np.outer(sign, sign), n=250)
    led = PLS(TOWARDS_SATISFACTION, dominant={"Image": "IMAG1"}).fit_moments(reversed_one)
    free = PLS(TOWARDS_SATISFACTION).fit_moments(reversed_one)
    assert led.weights_.loc["IMAG1", "loading"] > 0 > free.weights_.loc["IMAG1", "loading"]
    assert led.paths_.loc[0, "path"] == pytest.approx(-free.paths_.loc[0, "path"])
    assert (led.paths_["path"][1:] == free.paths_["path"][1:]).all()


def test_total_effects_add_up_the_powers_of_the_paths():
    rng = np.random.default_rng(2)
    paths = np.triu(rng.normal(size=(3, 5, 5)), 1)
    powers = sum(np.linalg.matrix_power(paths, k) for k in range(1, 5))
    np.testing.assert_allclose(total_effects(paths), powers, atol=1e-12)


def test_one_singular_system_does_not_spoil_the_others():
    left = np.array([np.eye(2), np.ones((2, 2)), 2 * np.eye(2)])
    found = solve_each(left, np.ones((3, 2)))
    np.testing.assert_array_equal(found, [[1, 1], [np.nan, np.nan], [0.5, 0.5]])
