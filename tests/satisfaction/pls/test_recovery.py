"""The sample company's known truth: PLSc finds the paths between its hidden blocks, plain PLS draws them to 0."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap, statistic_table
from crm_analysis.satisfaction.survey.model import PathModel


def true_paths(model: PathModel, truth: dict) -> np.ndarray:
    return np.array([truth["paths"][target][source] for source, target in model.paths])


@pytest.fixture(scope="module")
def consistent(sample_model):
    from tests.satisfaction.conftest import SAMPLE

    return PLS(sample_model, consistent=True).fit(pd.read_csv(SAMPLE / "survey.csv"))


def test_plsc_intervals_cover_the_true_paths(consistent, sample_model, sample_truth):
    assert consistent.verdict_.kind == "converged"
    found = bootstrap(consistent, draws=1000, seed=1)
    assert found.resamples.share_failed < 0.02
    truth = true_paths(sample_model, sample_truth)
    covered = (found.paths["path_low"] <= truth) & (truth <= found.paths["path_high"])
    assert covered.sum() >= len(truth) - 1  # 12 intervals of 95 %
    assert (np.abs(found.paths["path"] - truth) < 3.5 * found.paths["standard_error"]).all()


def test_plsc_loadings_are_those_of_the_company(consistent, sample_model, sample_truth):
    found = bootstrap(consistent, draws=400, seed=1).loadings.join(consistent.weights_[["mode"]])
    truth = found["construct"].map(sample_truth["loadings"])
    several = found["loading_low"].notna()
    near = np.abs(found["loading"] - truth)[several] < 3.5 * found["standard_error"][several]
    assert near.all()
    assert np.abs(found["loading"] - truth)[several].mean() < 0.05  # answers are whole numbers from 1 to 10


def test_plain_pls_draws_correlations_of_hidden_blocks_to_zero(consistent, sample_model):
    plain = PLS(sample_model).fit_moments(consistent.moments_)
    between, corrected = np.abs(plain.correlations_.to_numpy()), np.abs(consistent.correlations_.to_numpy())
    upper = np.triu_indices(len(between), 1)
    assert (between[upper] < corrected[upper] + 1e-12).all()
    assert between[upper].mean() < 0.85 * corrected[upper].mean()
    pair = (plain.paths_["source"] == "image") & (plain.paths_["target"] == "expectations")
    assert plain.paths_.loc[pair, "path"].item() < 0.9 * consistent.paths_.loc[pair, "path"].item()


def test_intervals_of_plsc_cover_where_those_of_plain_pls_do_not():
    """40 surveys of 300 with a path of .6 between two blocks that load .7: how often 95 % limits hold it."""
    rng = np.random.default_rng(5)
    model = PathModel({"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"]}, [("a", "b")])
    hits = {True: 0, False: 0}
    for seed in range(40):
        a = rng.normal(size=(300, 1))
        b = 0.6 * a + 0.8 * rng.normal(size=(300, 1))
        values = np.hstack([a, a, a, b, b, b]) * 0.7 + np.sqrt(0.51) * rng.normal(size=(300, 6))
        survey = pd.DataFrame(values, columns=list(model.items))
        for corrected in hits:
            fitted = PLS(model, consistent=corrected).fit(survey)
            drawn = fitted.resample(draws=100, seed=seed)
            row = statistic_table(fitted, drawn, lambda _m, s, _d: s.paths[:, 0, 1]).iloc[0]
            hits[corrected] += row["estimate_low"] <= 0.6 <= row["estimate_high"]
    assert hits[True] >= 33
    assert hits[False] <= 16
