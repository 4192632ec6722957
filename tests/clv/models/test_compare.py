"""Criteria side by side and likelihood ratios: known values, the boundary, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.models.compare import compare, likelihood_ratio
from crm_analysis.errors import InputError

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]


@pytest.fixture(scope="module")
def fits(cx):
    return {kind.key: kind().fit(cx) for kind in (ParetoNBD, BGNBD, MBGNBD, NBD)}


def test_criteria_on_cdnow(fits):
    table = compare(fits.values())
    assert table.index.tolist() == ["mbg_nbd", "bg_nbd", "pareto_nbd", "nbd"]
    assert table["parameters"].tolist() == [4, 4, 4, 2]
    assert table["log_likelihood"].tolist() == pytest.approx([-9582.1357, -9582.4292, -9594.9762, -9763.6576], abs=1e-3)
    assert table.loc["nbd", "bic"] == pytest.approx(2 * np.log(2357) + 2 * 9763.6576, abs=2e-3)
    assert table.loc["bg_nbd", "aic_difference"] == pytest.approx(2 * (9582.4292 - 9582.1357), abs=2e-3)
    assert table["akaike_weight"].sum() == pytest.approx(1)
    ratio = table.loc["bg_nbd", "akaike_weight"] / table.loc["mbg_nbd", "akaike_weight"]
    assert ratio == pytest.approx(np.exp(-table.loc["bg_nbd", "aic_difference"] / 2))
    assert table["bic_difference"].min() == 0


def test_the_regular_case_is_chi_square():
    for data, statistic in ((REGULAR, 2 * (1680.2652 - 1679.6028)), (HIGH_END, 2 * (1611.1581 - 1605.3142))):
        found = likelihood_ratio(SBG().fit(data), BdW().fit(data))
        assert found.statistic == pytest.approx(statistic, abs=3e-3)
        assert (found.boundary, found.more_parameters) == (False, 1)
        assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 1))


def test_the_boundary_case_is_a_mixture(fits):
    for key in ("pareto_nbd", "bg_nbd", "mbg_nbd"):
        found = likelihood_ratio(fits["nbd"], fits[key])
        assert found.boundary
        assert found.statistic == pytest.approx(2 * (fits[key].log_likelihood_ - fits["nbd"].log_likelihood_))
        tails = [stats.chi2.sf(found.statistic, df) for df in (1, 2)]
        assert found.p_value == pytest.approx(np.mean(tails))
        assert "boundary" in found.text("en")
        assert "边界" in found.text("zh")


def test_customers_who_never_leave_give_no_reason_for_dropout():
    rng = np.random.default_rng(0)
    T = rng.integers(189, 273, 800) / 7
    x = rng.poisson(rng.gamma(0.5, 1 / 10, 800) * T)
    recency = np.where(x > 0, T * rng.beta(np.maximum(x, 1), 1), 0)
    frame = pd.DataFrame({"frequency": x, "recency": recency, "T": T})
    found = likelihood_ratio(NBD().fit(frame), BGNBD().fit(frame))
    assert 0 <= found.statistic < 5.14
    assert found.p_value > 0.05
    assert "does not fit beyond chance better" in found.text("en")


def test_pairs_that_are_not_nested_are_refused(fits):
    with pytest.raises(InputError, match=r"'bg_nbd' is not a special case of 'pareto_nbd'[\s\S]*clv.compare"):
        likelihood_ratio(fits["bg_nbd"], fits["pareto_nbd"])
    with pytest.raises(InputError, match="give the smaller model first"):
        likelihood_ratio(fits["pareto_nbd"], fits["nbd"])
    with pytest.raises(InputError, match="not a special case"):
        likelihood_ratio(fits["nbd"], "pareto")


def test_what_cannot_be_compared_is_refused(fits, cx):
    with pytest.raises(InputError, match=r"different data[\s\S]*nbd: 2,000 customers"):
        likelihood_ratio(NBD().fit(cx.iloc[:2000]), fits["bg_nbd"])
    moved = cx.assign(T=cx["T"] + 1)
    with pytest.raises(InputError, match="not the same ones"):
        compare([fits["bg_nbd"], NBD().fit(moved)])
    with pytest.raises(InputError, match="do not model the same"):
        compare([fits["nbd"], SBG().fit(REGULAR)])
    with pytest.raises(InputError, match="not the same ones"):
        compare([SBG().fit(REGULAR), BdW().fit(HIGH_END)])
    with pytest.raises(InputError, match="not fitted: bg_nbd"):
        compare([fits["nbd"], BGNBD()])
    with pytest.raises(InputError, match="stands twice"):
        compare([fits["nbd"], NBD().fit(cx)])
    with pytest.raises(InputError, match="must be fitted models"):
        compare([])


def test_a_larger_model_that_ends_below_the_smaller_is_refused(fits):
    broken = MBGNBD()
    broken.__dict__ |= fits["mbg_nbd"].__dict__ | {"log_likelihood_": -9800.0}
    with pytest.raises(InputError, match="mbg_nbd ends below nbd"):
        likelihood_ratio(fits["nbd"], broken)
