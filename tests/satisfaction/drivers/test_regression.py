"""Coefficients against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.satisfaction.drivers.regression import coefficient_table, weighted_correlations


def rows(seed: int = 1) -> tuple[pd.Series, pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.normal(5, 2, size=(80, 3)), columns=list("abc"))
    y = pd.Series(x @ [1, 0.5, 0] + rng.normal(size=80) * x["a"].abs(), name="y")
    return y, x, rng.uniform(0.5, 3, 80)


@pytest.mark.parametrize("weighted", [False, True])
def test_hc3_of_statsmodels(weighted):
    import statsmodels.api as sm

    y, x, w = rows()
    w = w / w.mean() if weighted else np.ones(80)
    table = coefficient_table(y, x, weights=w, level=0.9)
    peer = sm.WLS(y, sm.add_constant(x), weights=w).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(table["coefficient"], peer.params[1:], rtol=1e-10)
    np.testing.assert_allclose(table[["coefficient_low", "coefficient_high"]], peer.conf_int(0.1)[1:], rtol=1e-8)
    np.testing.assert_allclose(table["p"], peer.pvalues[1:], rtol=1e-8)
    np.testing.assert_allclose(table["standardised_beta"] ** 2 >= 0, True)


def test_inflation_and_beta_of_statsmodels():
    import statsmodels.api as sm
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    y, x, _ = rows()
    table = coefficient_table(y, x, weights=np.ones(80))
    design = sm.add_constant(x).to_numpy()
    np.testing.assert_allclose(table["vif"], [variance_inflation_factor(design, j) for j in (1, 2, 3)])
    np.testing.assert_allclose(table["standardised_beta"], table["coefficient"] * x.std() / y.std())


def test_weights_are_counts_for_correlations():
    _, x, _ = rows()
    count = np.random.default_rng(2).integers(1, 4, 80)
    repeated = np.repeat(x.to_numpy(), count, axis=0)
    np.testing.assert_allclose(weighted_correlations(x.to_numpy(), count), np.corrcoef(repeated, rowvar=False))


def test_a_respondent_who_decides_alone_leaves_limits_blank():
    y = pd.Series([1.0, 2, 3, 4, 7])
    x = pd.DataFrame({"only_one": [0.0, 0, 0, 0, 1], "a": [1.0, 2, 2, 1, 1]})
    table = coefficient_table(y, x, weights=np.ones(5))
    assert table["coefficient"].notna().all()
    assert table[["coefficient_low", "coefficient_high", "p"]].isna().all(axis=None)


def test_a_perfect_fit_has_limits_of_no_width():
    x = pd.DataFrame({"a": [1.0, 2, 4, 8, 9]})
    table = coefficient_table(2 * x["a"], x, weights=np.ones(5))
    np.testing.assert_allclose(table[["coefficient_low", "coefficient_high"]], 2, atol=1e-9)
