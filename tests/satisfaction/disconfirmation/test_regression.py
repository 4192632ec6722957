"""Least squares: against statsmodels, tests of nested models, what cannot be fitted."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.regression import contrast_table, least_squares, wald


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(60), rng.normal(size=(60, 3))])
    return design, design @ [1, 0.5, -0.2, 0] + rng.normal(size=60) * (1 + abs(design[:, 1]))


@pytest.mark.parametrize("covariance", ["HC3", "OLS"])
def test_fits_agree_with_statsmodels(rows, covariance):
    import statsmodels.api as sm

    design, outcome = rows
    model = sm.OLS(outcome, design).fit(cov_type="HC3" if covariance == "HC3" else "nonrobust", use_t=True)
    fit = least_squares(design, outcome, covariance=covariance)
    np.testing.assert_allclose(fit.beta, model.params)
    np.testing.assert_allclose(fit.covariance, model.cov_params())
    assert fit.r_squared == pytest.approx(model.rsquared)
    table = contrast_table(fit, {"difference": [0, 1, -1, 0]})
    other = model.t_test([[0, 1, -1, 0]])
    assert table["standard_error"].item() == pytest.approx(other.sd.item())
    assert table["p"].item() == pytest.approx(other.pvalue.item())
    np.testing.assert_allclose(table[["estimate_low", "estimate_high"]].to_numpy(), other.conf_int())
    f, q, p = wald(fit, np.eye(4)[1:3])
    other = model.f_test(np.eye(4)[1:3])
    assert (f, q, p) == (pytest.approx(float(other.fvalue)), 2, pytest.approx(float(other.pvalue)))


def test_a_perfect_fit_has_no_error_and_no_test():
    design = np.column_stack([np.ones(5), np.arange(5.0)])
    fit = least_squares(design, 2 + 3 * np.arange(5.0))
    assert fit.r_squared == pytest.approx(1)
    assert np.isnan(wald(fit, [[0, 1], [0, 2]])[2])


@pytest.mark.parametrize(
    ("design", "options", "what"),
    [
        (np.ones((5, 2)), {}, "2 coefficients cannot be fitted to 5"),
        (np.eye(3), {}, "3 coefficients cannot be fitted to 3"),
        (np.eye(4)[:, :2], {"covariance": "HC9"}, "covariance 'HC9' is not known"),
    ],
)
def test_what_cannot_be_fitted(design, options, what):
    with pytest.raises(InputError, match=what) as error:
        least_squares(design, np.arange(len(design), dtype=float), **options)
    assert error.value.zh != error.value.what


def test_a_row_that_alone_fixes_a_coefficient_leaves_it_uncertain():
    rng, held = np.random.default_rng(1), []
    for _ in range(300):  # the slope of the last column rests on one row
        x = rng.normal(size=60)
        design = np.column_stack([np.ones(60), x, np.r_[np.zeros(59), 2.0]])
        row = contrast_table(least_squares(design, x + rng.normal(size=60)), {"last": [0, 0, 1]}).iloc[0]
        held.append(row["estimate_low"] <= 0 <= row["estimate_high"])
    assert np.mean(held) > 0.91
