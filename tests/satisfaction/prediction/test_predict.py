"""PLSpredict against a loop over folds with scikit-learn's linear regression, and against known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.prediction.folds import draw_folds, fold_moments
from crm_analysis.satisfaction.prediction.predict import POWERS, Prediction, pls_predict
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words


@pytest.fixture
def sample(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


def by_loop(model: PathModel, survey: pd.DataFrame, *, folds: int, repeats: int, technique: str, seed: int) -> dict:
    """Squared errors of PLS and of the linear model, one fold at a time, from fits to the training rows."""
    squared = {"pls": {}, "lm": {}, "mean": {}}
    exogenous = [name for name in model.constructs if name not in model.endogenous]
    for cut in draw_folds(len(survey), folds, repeats, seed):
        for fold in range(folds):
            train, test = survey[cut != fold], survey[cut == fold]
            fitted = PLS(model).fit(train)
            scaled = (test[list(model.items)] - train[list(model.items)].mean()) / train[list(model.items)].std()
            scores = scaled @ fitted.solution_.weights[0]
            scores.columns = model.constructs
            slopes = fitted.paths_.set_index(["source", "target"])["path"]
            known = scores.copy() if technique == "direct" else scores[exogenous].copy()
            for name in model.endogenous:
                predicted = sum(slopes[one, name] * known[one] for one in model.predecessors(name))
                if technique == "earliest":
                    known[name] = predicted
                sources = model.predecessors(name) if technique == "direct" else exogenous
                regressors = [item for one in sources for item in model.blocks[one]]
                for item in model.blocks[name]:
                    loading = fitted.weights_.loc[item, "loading"]
                    linear = LinearRegression().fit(train[regressors], train[item])
                    for kind, values in (
                        ("pls", predicted * loading * train[item].std() + train[item].mean()),
                        ("lm", linear.predict(test[regressors])),
                        ("mean", train[item].mean()),
                    ):
                        squared[kind].setdefault(item, []).append((test[item] - values) ** 2)
    return {kind: {item: np.concatenate(parts).mean() for item, parts in of.items()} for kind, of in squared.items()}


@pytest.mark.parametrize("technique", ["direct", "earliest"])
def test_errors_are_those_of_a_loop_over_folds(sample_model, sample_survey, technique):
    survey = sample_survey.iloc[:150]
    found = pls_predict(PLS(sample_model).fit(survey), folds=4, repeats=2, technique=technique, seed=9)
    expected = by_loop(sample_model, survey, folds=4, repeats=2, technique=technique, seed=9)
    for kind, by_item in expected.items():
        values = found.items[f"rmse_{kind}"].pow(2)
        np.testing.assert_allclose(values, pd.Series(by_item)[found.items.index], rtol=1e-5)
    q_squared = 1 - pd.Series(expected["pls"]) / pd.Series(expected["mean"])
    np.testing.assert_allclose(found.items["q_squared"], q_squared[found.items.index], atol=1e-5)
    assert found.technique == f"{technique}_antecedents"


def test_techniques_and_benchmarks_are_named(sample):
    direct, earliest = (pls_predict(sample, repeats=1, technique=name) for name in ("direct", "earliest"))
    assert direct.benchmark == "items_of_direct_antecedents"
    assert earliest.benchmark == "items_of_exogenous"
    first = direct.items["construct"] == "expectations"  # image alone leads there: both ways are one
    np.testing.assert_allclose(direct.items["rmse_pls"][first], earliest.items["rmse_pls"][first])
    assert list(direct.items.index) == [item for item in sample.model.items if not item.startswith("image")]


def test_known_share_of_predictable_variance_is_recovered():
    rng = np.random.default_rng(3)
    x = rng.normal(size=3000)
    survey = pd.DataFrame({"x1": x, "y1": 2 + 3 * (0.8 * x + 0.6 * rng.normal(size=3000))})
    survey["z1"] = 0.5 * survey["y1"] + rng.normal(size=3000)
    model = PathModel({"x": ["x1"], "y": ["y1"], "z": ["z1"]}, [("x", "y"), ("y", "z")])
    fitted = PLS(model).fit(survey)
    direct, earliest = (pls_predict(fitted, technique=name, repeats=2) for name in ("direct", "earliest"))
    assert direct.items.loc["y1", "q_squared"] == pytest.approx(0.64, abs=0.03)
    assert direct.items.loc["z1", "q_squared"] == pytest.approx(2.25 / 3.25, abs=0.03)
    assert earliest.items.loc["z1", "q_squared"] == pytest.approx(0.64 * 2.25 / 3.25, abs=0.03)
    assert not direct.items["beats_lm"].any()  # with single items PLS is the linear model: a tie does not count


def test_noise_is_not_predicted_and_that_is_told():
    survey = pd.DataFrame(np.random.default_rng(5).normal(size=(120, 4)), columns=["a1", "a2", "b1", "b2"])
    model = PathModel({"a": ["a1", "a2"], "b": ["b1", "b2"]}, [("a", "b")])
    found = pls_predict(PLS(model).fit(survey))
    assert (found.items["q_squared"] < 0.05).all()
    assert found.items["q_squared"].min() <= 0
    assert "Not better than the training mean" in found.text("en")
    assert "不如训练均值" in found.text("zh")


def test_seed_settles_the_folds(sample):
    first, again, other = (pls_predict(sample, repeats=1, seed=seed).items for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(first, again)
    assert not first["rmse_pls"].equals(other["rmse_pls"])


def test_folds_differ_by_one_at_most_and_moments_leave_them_out(sample_survey):
    values = sample_survey[["image_1", "image_2", "loyalty_1"]].to_numpy(float)[:53]
    cut = draw_folds(53, 5, 2, 1)
    sizes = np.array([np.bincount(row, minlength=5) for row in cut])
    assert np.ptp(sizes) == 1
    moments = fold_moments(values, cut, ("a", "b", "c"))
    train = pd.DataFrame(values[cut[1] != 3])
    np.testing.assert_allclose(moments.means[8], train.mean())
    np.testing.assert_allclose(moments.sds[8], train.std())
    np.testing.assert_allclose(moments.correlations[8], train.corr())


@pytest.mark.parametrize(
    ("good", "power"), [(0, "no_power"), (1, "low_power"), (2, "medium_power"), (3, "medium_power"), (4, "high_power")]
)
def test_verdict_by_items_that_beat_the_linear_model(good, power):
    items = pd.DataFrame(
        {"construct": ["y", "y", "z", "z"], "q_squared": 0.1, "beats_lm": np.arange(4) < good,
         "rmse_pls": np.where(np.arange(4) < good, 0.9, 1.1), "rmse_lm": 1.0},
        index=pd.Index(list("abcd"), name="item"),
    )  # fmt: skip
    found = Prediction(items, {}, "direct_antecedents", "items_of_direct_antecedents", 10, 10, 0, 0, None)
    assert found.power() == power
    assert found.text("en").startswith(f"{good} of 4 endogenous items")
    assert all_words()[power].zh in found.text("zh")
    assert found.power("z") == {0: "no_power", 1: "no_power", 2: "no_power", 3: "medium_power", 4: "high_power"}[good]


def test_linear_model_stands_items_that_repeat_each_other():
    rng = np.random.default_rng(6)
    x = rng.normal(size=80)
    survey = pd.DataFrame({"a1": x, "a2": 2 * x + 1, "b1": x + rng.normal(size=80)})
    model = PathModel({"a": ["a1", "a2"], "b": ["b1"]}, [("a", "b")])
    single = PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")])
    twice, once = (pls_predict(PLS(one).fit(survey), repeats=1).items for one in (model, single))
    assert twice.loc["b1", "rmse_lm"] == pytest.approx(once.loc["b1", "rmse_lm"])


def test_repeats_with_a_constant_item_in_training_are_left_out_and_counted():
    rng = np.random.default_rng(8)
    survey = pd.DataFrame({"a1": rng.normal(size=30), "b1": rng.normal(size=30)})
    survey["a2"] = (np.arange(30) < 2) * 1.0  # varies in two respondents: constant when both are held out
    model = PathModel({"a": ["a1", "a2"], "b": ["b1"]}, [("a", "b")])
    found = pls_predict(PLS(model).fit(survey), folds=3, repeats=20)
    assert 0 < found.failed_repeats < 20
    assert found.repeats + found.failed_repeats == 20
    assert np.isfinite(found.items.drop(columns="construct").to_numpy(float)).all()
    assert f"no solution: {found.failed_repeats}." in found.text("en")
    survey["a2"] = (np.arange(30) < 1) * 1.0
    with pytest.raises(InputError, match="no repeat could be fitted"):
        pls_predict(PLS(model).fit(survey), folds=3, repeats=3)


def test_words_for_all_that_shows(sample):
    found = pls_predict(sample, repeats=1)
    assert {*found.items, found.items.index.name, found.technique, found.benchmark, *POWERS} <= set(all_words())


def test_faults_are_told(sample, sample_model, sample_survey, mobi_moments, ecsi_model):
    with pytest.raises(InputError, match="technique='da' is none of direct, earliest"):
        pls_predict(sample, technique="da")
    with pytest.raises(InputError, match="answers to this model's items are not there"):
        pls_predict(PLS(ecsi_model).fit_moments(mobi_moments))
    with pytest.raises(InputError, match="PLSc paths are corrected"):
        pls_predict(PLS(sample_model, consistent=True).fit(sample_survey))
    with pytest.raises(InputError, match="500 respondents, 300 folds"):
        pls_predict(sample, folds=300)


def test_power_of_a_construct_that_is_not_predicted_is_refused(sample):
    found = pls_predict(sample, folds=2, repeats=1)
    with pytest.raises(InputError, match="'satisfacton' is no predicted construct"):
        found.power("satisfacton")
    with pytest.raises(InputError, match="'image' is no predicted construct"):  # nothing leads to it
        found.power("image")


def test_a_tie_with_the_linear_model_is_not_left_as_a_lack_of_power():
    x = np.random.default_rng(1).normal(size=(60, 2))
    survey = pd.DataFrame({"a1": x[:, 0], "b1": x[:, 0] + 0.5 * x[:, 1]})
    found = pls_predict(PLS(PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")])).fit(survey), repeats=2)
    assert found.power() == "no_power"
    assert "For 1 the errors are equal" in found.text("en")
    assert "1 个题项的误差与线性模型相同" in found.text("zh")


def test_a_model_of_several_items_does_not_tie(sample):
    assert "errors are equal" not in pls_predict(sample, folds=3, repeats=1).text("en")
