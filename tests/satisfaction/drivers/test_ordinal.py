"""The ordinal model: Stata's numbers, gaps, weights, separation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.ordinal import ordinal_model
from crm_analysis.satisfaction.drivers.ordinal_fit import pseudo_r_squared
from tests.satisfaction.drivers.published import UCLA_DRIVERS, ucla


def test_logit_of_the_students():
    model = ordinal_model(ucla(), outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(model.table["coefficient"], [1.047664, -0.058683, 0.615746], atol=1e-6)
    np.testing.assert_allclose(model.table["standard_error"], [0.26579, 0.29786, 0.26063], atol=1e-5)
    np.testing.assert_allclose(model.thresholds["threshold"], [2.203323, 4.298767], atol=1e-6)
    assert list(model.thresholds.index) == ["unlikely | somewhat likely", "somewhat likely | very likely"]
    assert model.mcfadden == pytest.approx(0.032623, abs=1e-6)
    np.testing.assert_allclose(model.table["odds_ratio"], np.exp(model.table["coefficient"]))


def test_probit_of_the_students():
    model = ordinal_model(ucla(), outcome="apply", drivers=UCLA_DRIVERS, link="probit")
    np.testing.assert_allclose(model.table["coefficient"], [0.598107, 0.010164, 0.358158], atol=1e-6)
    np.testing.assert_allclose(model.thresholds["threshold"], [1.296837, 2.502851], atol=1e-6)
    assert "odds_ratio" not in model.table


def test_summary_of_statsmodels():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    frame = ucla()
    model = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS)
    peer = OrderedModel(frame["apply"], frame[UCLA_DRIVERS], distr="logit").fit(method="bfgs", disp=False, gtol=1e-7)
    assert model.log_likelihood == pytest.approx(peer.llf, abs=1e-6)
    assert model.mcfadden == pytest.approx(peer.prsquared, abs=1e-7)
    np.testing.assert_allclose(model.table["standard_error"], peer.bse[:3], rtol=1e-3)
    np.testing.assert_allclose(model.table["p"], peer.pvalues[:3], rtol=5e-3)


def test_a_gap_is_no_category():
    frame = ucla()
    gaps = frame.copy()
    gaps.loc[[0, 10, 20], "apply"] = np.nan
    model = ordinal_model(gaps, outcome="apply", drivers=UCLA_DRIVERS)
    assert model.categories == ("unlikely", "somewhat likely", "very likely")
    assert (model.respondents, model.ledger.set_aside) == (397, 3)
    rest = ordinal_model(frame.drop([0, 10, 20]), outcome="apply", drivers=UCLA_DRIVERS)
    pd.testing.assert_frame_equal(model.table, rest.table)


def test_numbers_and_names_of_categories_give_the_same_model():
    frame = ucla()
    numbers = ordinal_model(frame.assign(apply=frame["apply"].cat.codes * 2.5), outcome="apply", drivers=UCLA_DRIVERS)
    named = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(numbers.table, named.table)
    assert numbers.categories == ("0", "2.5", "5")


def test_weights_are_counts_for_estimates_and_robust_for_errors():
    frame = ucla()
    count = pd.Series(np.random.default_rng(1).integers(1, 4, len(frame)), index=frame.index)
    weighted = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS, weights=count)
    repeated = ordinal_model(frame.loc[frame.index.repeat(count)], outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(weighted.table["coefficient"], repeated.table["coefficient"], atol=1e-7)
    assert (weighted.table["standard_error"] > repeated.table["standard_error"]).all()  # no respondents were added
    even = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS, weights=pd.Series(3.0, index=frame.index))
    plain = ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(even.table, plain.table, rtol=1e-8)


def test_covariance_belongs_to_the_answers_as_given():
    model = ordinal_model(ucla(), outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(np.sqrt(np.diag(model.covariance))[2:], model.table["standard_error"])
    np.testing.assert_allclose(np.sqrt(np.diag(model.covariance))[:2], [0.7795, 0.8043], atol=1e-4)


def test_pseudo_r_squared():
    assert pseudo_r_squared(-100.0, -100.0, 50) == 0
    assert pseudo_r_squared(0.0, -100.0, 50, measure="nagelkerke") == pytest.approx(1)
    ll, null, n = -80.0, -100.0, 60
    expected = (1 - np.exp(2 * (null - ll) / n)) / (1 - np.exp(2 * null / n))
    assert pseudo_r_squared(ll, null, n, measure="nagelkerke") == pytest.approx(expected)


def test_separation_names_the_driver():
    frame = pd.DataFrame({"stars": [1, 1, 2, 2, 3, 3] * 3, "noise": [1, 2, 1, 2, 2, 1, 2, 1, 3] * 2})
    with pytest.raises(InputError, match="separated by perfect") as error:
        ordinal_model(frame.assign(perfect=frame["stars"]), outcome="stars", drivers=["noise", "perfect"])
    assert "merge_categories" in str(error.value)


def test_bad_input():
    frame = ucla()
    with pytest.raises(InputError, match="no link 'cloglog'"):
        ordinal_model(frame, outcome="apply", drivers=UCLA_DRIVERS, link="cloglog")
    with pytest.raises(InputError, match=r"gpa has \d+ different values"):
        ordinal_model(frame, outcome="gpa", drivers=["pared"])
