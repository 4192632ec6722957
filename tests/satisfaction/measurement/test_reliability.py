"""Reliability of the constructs of a fitted model: the printed table, blanks with reasons, intervals."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.reliability import MEASURES, reliability_table
from crm_analysis.satisfaction.measurement.replicates import draw
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.moments import Moments
from tests.satisfaction.measurement.known import SMALL, TRUE_LOADINGS, TRUE_MODEL, true_survey

NAN = np.nan
MOBI = {  # standardised and raw alpha, rho_A, rho_C, AVE, omega: semPLS, seminr and formulas, six digits
    "image": (0.722835, 0.714447, 0.740329, 0.818879, 0.478354, 0.729582),
    "expectations": (0.451903, 0.432597, 0.462055, 0.733236, 0.480446, 0.507037),
    "quality": (0.877010, 0.872406, 0.884246, 0.904692, 0.576650, 0.877995),
    "value": (0.823632, 0.816695, 0.854996, 0.917975, 0.848440, NAN),
    "satisfaction": (0.779195, 0.770113, 0.789102, 0.871253, 0.693095, 0.781538),
    "loyalty": (0.472399, 0.441717, 0.745734, 0.721706, 0.517305, NAN),
}
COLUMNS = ["alpha_standardised", "alpha_raw", "rho_a", "rho_c", "ave", "omega"]


def test_the_whole_table_of_the_mobile_phone_survey(mobi_fit):
    table = reliability_table(mobi_fit)
    expected = np.array(list(MOBI.values()))
    np.testing.assert_allclose(table.loc[list(MOBI), COLUMNS].astype(float), expected, atol=1e-6)
    assert set(table["loadings_of"]) == {"pls"}
    assert table["omega_note"].to_dict() == {
        "image": "", "expectations": "", "quality": "", "value": "two_items", "satisfaction": "", "complaints": "",
        "loyalty": "heywood",
    }  # fmt: skip


def test_single_items_are_blank_with_a_reason(mobi_fit):
    row = reliability_table(mobi_fit).loc["complaints"]
    assert row[[*MEASURES, "feldt_low", "feldt_high"]].isna().all()
    assert (row["reliability_note"], row["item_count"]) == ("single_item", 1)


def test_feldt_limits_stand_beside_raw_alpha(mobi_fit):
    row = reliability_table(mobi_fit).loc["image"]
    assert (row["feldt_low"], row["feldt_high"]) == pytest.approx((0.6544, 0.7668), abs=5e-5)


def test_consistent_pls_gives_the_printed_reliability_and_ave(mobi_moments):
    table = reliability_table(PLS(SMALL, consistent=True).fit_moments(mobi_moments))
    assert table["rho_a"].tolist() == pytest.approx([0.745292, 0.461658, 0.857527, 0.784024], abs=1e-6)
    assert table["ave"].tolist() == pytest.approx([0.354967, 0.221510, 0.720487, 0.541477], abs=1e-6)
    assert set(table["loadings_of"]) == {"plsc"}


def test_the_loadings_behind_ave_can_be_chosen_and_are_named(mobi_moments):
    plain, corrected = (PLS(SMALL, consistent=kind).fit_moments(mobi_moments) for kind in (False, True))
    here = reliability_table(plain, loadings="plsc")
    np.testing.assert_allclose(here["ave"], reliability_table(corrected)["ave"])
    there = reliability_table(corrected, loadings="pls")
    np.testing.assert_allclose(there["rho_c"], reliability_table(plain)["rho_c"])
    assert set(here["loadings_of"]) == {"plsc"}
    with pytest.raises(InputError, match="is none of pls, plsc"):
        reliability_table(plain, loadings="PLS")


@pytest.mark.parametrize(("mode", "note"), [("B", "formative"), ("composite", "composite")])
def test_constructs_that_are_not_reflective_have_no_reliability(mobi_moments, mode, note):
    table = reliability_table(PLS(SMALL.change(modes={"Value": mode})).fit_moments(mobi_moments))
    assert table.loc["Value", list(MEASURES)].isna().all()
    assert table.loc["Value", "reliability_note"] == note
    assert table.loc["Image", "reliability_note"] == ""


def test_an_exact_factor_model_gives_exact_coefficients(exact_moments):
    table = reliability_table(PLS(TRUE_MODEL, consistent=True).fit_moments(exact_moments))
    for name, items in (("a", slice(0, 3)), ("b", slice(3, 7)), ("c", slice(7, 10))):
        loadings = TRUE_LOADINGS[items]
        common = loadings.sum() ** 2
        omega = common / (common + (1 - loadings**2).sum())
        row = table.loc[name]
        assert (row["omega"], row["rho_c"], row["ave"]) == pytest.approx((omega, omega, (loadings**2).mean()), abs=1e-6)
        assert row["alpha_standardised"] < omega
        assert np.isnan(row["alpha_raw"])
        assert row["reliability_note"] == "no_sds"


def test_order_of_rows_items_and_blocks_and_scale_of_items_do_not_matter(mobi_rows):
    before = reliability_table(PLS(SMALL).fit(mobi_rows))
    blocks = {name: items[::-1] for name, items in reversed(SMALL.blocks.items())}
    turned = SMALL.change(blocks=blocks)
    after = reliability_table(PLS(turned).fit(mobi_rows.sample(frac=1, random_state=1))).loc[before.index]
    np.testing.assert_allclose(after[COLUMNS].astype(float), before[COLUMNS].astype(float), atol=1e-6)
    stretched = mobi_rows.assign(IMAG1=mobi_rows["IMAG1"] * 10 + 3)
    after = reliability_table(PLS(SMALL).fit(stretched))
    kept = [name for name in COLUMNS if name != "alpha_raw"]
    np.testing.assert_allclose(after[kept].astype(float), before[kept].astype(float), atol=1e-6)
    assert after.loc["Image", "alpha_raw"] != pytest.approx(before.loc["Image", "alpha_raw"], abs=1e-3)


def test_intervals_hold_the_estimates_and_narrow_with_respondents():
    widths = []
    for n in (400, 4000):
        fitted = PLS(TRUE_MODEL).fit(true_survey(n, seed=n))
        table = reliability_table(fitted, replicates=draw(fitted, draws=300))
        multi = table.loc[["a", "b", "c"]]
        for name in MEASURES:
            assert (multi[f"{name}_low"] < multi[name]).all()
            assert (multi[name] < multi[f"{name}_high"]).all()
        widths.append((multi["omega_high"] - multi["omega_low"]).mean())
    assert widths[1] < 0.5 * widths[0]


def test_omega_has_no_interval_where_heywood_cases_abound(mobi_fit):
    table = reliability_table(mobi_fit, replicates=draw(mobi_fit, draws=200))
    row = table.loc["expectations"]
    assert row["heywood_share"] > 0.1
    assert row["omega_note"] == "heywood_replicates"
    assert np.isnan(row["omega_low"])
    assert np.isfinite(row["omega"])
    assert table["heywood_share"].isna().tolist() == [False, False, False, True, False, True, False]


def test_opposed_items_are_noted():
    rows = true_survey(200, seed=1)
    rows["b2"] = -rows["b2"]
    table = reliability_table(PLS(TRUE_MODEL).fit(rows))
    assert table["reliability_note"].to_dict() == {"a": "", "b": "negative_items", "c": "", "d": "single_item"}


def test_the_fit_is_left_as_it_was(mobi_moments):
    fitted = PLS(SMALL).fit_moments(mobi_moments)
    before = fitted.weights_.copy()
    reliability_table(fitted, replicates=draw(fitted, draws=20))
    assert before.equals(fitted.weights_)
    assert isinstance(fitted.moments_, Moments)
