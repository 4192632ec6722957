"""The gate: what it refuses, what it lets pass, and that it says so in both languages with the numbers."""

from __future__ import annotations

import string

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.claims import SEVERITIES
from crm_analysis.satisfaction.measurement.gate import Gate, measurement_gate
from crm_analysis.satisfaction.measurement.gate_text import claim_text
from crm_analysis.satisfaction.measurement.lights import light_table
from crm_analysis.satisfaction.measurement.sentences import SENTENCES
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import all_words
from tests.satisfaction.measurement.known import SMALL, TRUE_MODEL, true_matrix, true_survey


def refused(gate: Gate, kind: str) -> list[tuple[str, str]]:
    rows = gate.refused()
    rows = rows[rows["claim_kind"] == kind]
    return list(zip(rows["claim_first"], rows["claim_second"]))


def reasons(gate: Gate, kind: str) -> dict[str, str]:
    rows = gate.claims[gate.claims["claim_kind"] == kind]
    return dict(zip(rows["claim_first"], rows["reason_key"]))


def test_the_mobile_phone_survey_fails_discriminant_validity(mobi_rows, ecsi_model):
    gate = measurement_gate(PLS(ecsi_model).fit(mobi_rows), draws=500)
    found = refused(gate, "told_apart")
    reach = gate.discriminant.index[gate.discriminant["htmt_upper"] >= 1].tolist()
    assert reach == [
        ("image", "expectations"), ("image", "loyalty"), ("expectations", "quality"),
        ("expectations", "satisfaction"), ("satisfaction", "loyalty"),
    ]  # fmt: skip
    assert set(reach) <= set(found) <= {*reach, ("quality", "satisfaction"), ("image", "quality")}
    assert gate.verdict == "claim_refused"
    text = gate.text("en")
    assert "Expectations and perceived quality cannot be told apart: HTMT 0.88 [" in text
    assert "Do not speak of their separate effects on perceived value, satisfaction." in text
    assert (gate.respondents, gate.left_out, gate.drawn) == (250, 0, "rows")


def test_loyalty_hides_a_bad_item_behind_composite_reliability(mobi_gate):
    assert refused(mobi_gate, "reliable_scores") == [("expectations", ""), ("loyalty", "")]
    assert reasons(mobi_gate, "reliable_scores")["loyalty"] == "hidden_by_item"
    assert refused(mobi_gate, "item_belongs") == [("CUSL2", "loyalty")]
    assert "loads only 0.20; the composite reliability 0.72 (PLS loadings) hides it." in mobi_gate.text("en")
    assert "题项 CUSL2 的载荷仅 0.20；组合信度 0.72（PLS 载荷）掩盖了这一点。" in mobi_gate.text("zh")


def test_a_sound_survey_passes(sample_survey, sample_model):
    gate = measurement_gate(PLS(sample_model).fit(sample_survey), draws=100)
    assert gate.verdict == "claim_caution"
    assert not len(gate.refused())
    apart = gate.claims[gate.claims["claim_kind"] == "told_apart"]
    assert set(apart["claim_verdict"]) == {"claim_ok"}


def test_every_construct_item_pair_and_path_has_its_claim(mobi_gate):
    counts = mobi_gate.claims["claim_kind"].value_counts()
    assert counts["reliable_scores"] == 7
    assert counts["one_idea"] == 6
    assert counts["item_belongs"] == 23
    assert counts["told_apart"] == 21
    assert counts["separate_paths"] == 12
    assert counts["model_fits"] == 4
    assert (mobi_gate.claims["allowed"] == (mobi_gate.claims["claim_verdict"] != "claim_refused")).all()


def test_pairs_of_claims_are_those_of_the_table(mobi_gate):
    rows = mobi_gate.claims[mobi_gate.claims["claim_kind"] == "told_apart"]
    for row in rows.to_dict("records"):
        entry = mobi_gate.discriminant.loc[(row["claim_first"], row["claim_second"])]
        assert row["numbers"]["htmt"].value == entry["htmt"]
        assert row["numbers"]["upper"] == entry["htmt_upper"]


def test_limits_can_change_and_show(mobi_fit, mobi_gate):
    strict = measurement_gate(mobi_fit, draws=100, thresholds={"most_htmt": 0.5, "least_alpha": 0.95})
    assert strict.limits.loc["most_htmt", "limit_value"] == 0.5
    assert len(refused(strict, "reliable_scores")) > len(refused(mobi_gate, "reliable_scores"))
    with pytest.raises(InputError, match="no such limit"):
        measurement_gate(mobi_fit, draws=0, thresholds={"htmt": 0.85})


def test_without_draws_nothing_uncertain_is_allowed(mobi_fit):
    gate = measurement_gate(mobi_fit, draws=0)
    told = gate.claims[gate.claims["claim_kind"].isin(["told_apart", "model_fits", "reliable_scores"])]
    assert not (told["claim_verdict"] == "claim_ok").any()
    assert "no intervals and no tests" in gate.text("en")
    assert "没有区间，也没有检验" in gate.text("zh")


def test_formative_and_composite_blocks_are_not_judged_as_reflective(mobi_moments):
    model = SMALL.change(modes={"Value": "B", "Image": "composite"})
    gate = measurement_gate(PLS(model).fit_moments(mobi_moments), draws=100)
    assert set(reasons(gate, "reliable_scores")) == {"Expectation", "Satisfaction"}
    assert ("PERV1", "Value") in set(
        zip(gate.collinearity.index.get_level_values(1), gate.collinearity.index.get_level_values(0))
    )
    pairs = gate.claims[gate.claims["claim_kind"] == "told_apart"]
    assert list(zip(pairs["claim_first"], pairs["claim_second"])) == [("Expectation", "Satisfaction")]


def test_reversed_items_are_refused_by_name(sample_survey, sample_model):
    rows = sample_survey.assign(loyalty_2=11 - sample_survey["loyalty_2"])
    gate = measurement_gate(PLS(sample_model).fit(rows), draws=40)
    assert refused(gate, "item_belongs") == [("loyalty_2", "loyalty")]
    assert "loyalty_2 ('Likely to stay if others cut prices') runs against the rest" in gate.text("en")


def test_inadmissible_corrections_are_refused(mobi_moments, ecsi_model):
    gate = measurement_gate(PLS(ecsi_model, consistent=True).fit_moments(mobi_moments), draws=100)
    assert refused(gate, "solution_usable")
    assert set(gate.fit.index.get_level_values("blocks_as")) == {"common_factor"}


def test_respondents_left_out_are_told():
    rows = true_survey(200, seed=4)
    rows.loc[:29, "a1"] = np.nan
    gate = measurement_gate(PLS(TRUE_MODEL).fit(rows), draws=50)
    assert (gate.respondents, gate.left_out) == (170, 30)
    assert "170 respondents (30 more left out)" in gate.text("en")
    assert "left_out" in set(gate.claims["reason_key"])


def test_few_respondents_and_small_paths_are_told():
    gate = measurement_gate(PLS(TRUE_MODEL).fit(true_survey(40, seed=5)), draws=50)
    keys = set(gate.claims["reason_key"])
    assert "few_rows" in keys
    assert "rule of thumb of 55" in gate.text("en")
    exact = PLS(TRUE_MODEL).fit_moments(Moments.from_correlations(true_matrix(), n=10_000))
    gate = measurement_gate(exact, draws=0)
    assert {"enough_rows", "paths_seen"} <= set(gate.claims["reason_key"])


def test_the_smallest_path_that_a_survey_can_show(mobi_gate):
    row = mobi_gate.claims.set_index("reason_key").loc["small_paths"]
    assert row["numbers"]["least"] == pytest.approx(2.486 / np.sqrt(250))
    assert [arrow[:2] for arrow in row["numbers"]["arrows"]] == [
        ("expectations", "value"), ("expectations", "satisfaction"), ("complaints", "loyalty")
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_gate(mobi_fit):
    one, two = (measurement_gate(mobi_fit, draws=50, seed=3) for _ in range(2))
    assert one.text("en") == two.text("en")


def test_two_constructs_that_repeat_each_other_cannot_be_separated():
    rng = np.random.default_rng(8)
    rows = true_survey(300, seed=8)
    copies = rows[["a1", "a2", "a3"]] + rng.normal(scale=0.05, size=(300, 3))
    rows = rows.assign(**{f"e{k}": copies[f"a{k}"] for k in (1, 2, 3)})
    model = TRUE_MODEL.change(blocks=TRUE_MODEL.blocks | {"e": ("e1", "e2", "e3")},
                              paths=(*TRUE_MODEL.paths, ("e", "c")))  # fmt: skip
    gate = measurement_gate(PLS(model).fit(rows), draws=50)
    assert ("a", "e") in refused(gate, "told_apart")
    assert {("a", "c"), ("e", "c")} <= set(refused(gate, "separate_paths"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", SENTENCES)
def test_sentences_say_the_same_in_both_languages(key):
    assert set(SENTENCES[key]) == {"zh", "en"}
    assert placeholders(SENTENCES[key]["zh"]) == placeholders(SENTENCES[key]["en"])


def gates(mobi_gate, mobi_fit, ecsi_model, mobi_moments) -> list[Gate]:
    reversed_rows = true_survey(120, seed=9)
    reversed_rows["b3"] = -reversed_rows["b3"]
    return [
        mobi_gate,
        measurement_gate(mobi_fit, draws=0),
        measurement_gate(PLS(ecsi_model, consistent=True).fit_moments(mobi_moments), draws=50),
        measurement_gate(PLS(TRUE_MODEL).fit(reversed_rows), draws=50),
        measurement_gate(PLS(TRUE_MODEL, max_rounds=1).fit(true_survey(400, seed=1)), draws=0),
    ]


def test_every_claim_can_be_said_in_both_languages(mobi_gate, mobi_fit, ecsi_model, mobi_moments):
    said = set()
    for gate in gates(mobi_gate, mobi_fit, ecsi_model, mobi_moments):
        for row in gate.claims.to_dict("records"):
            said.add(row["reason_key"])
            for lang in ("zh", "en"):
                text = claim_text(row, gate.model, lang)
                assert "nan" not in text.lower().replace("dominant", ""), text
                assert "{" not in text
        for lang in ("zh", "en"):
            assert gate.text(lang).count("\n- ") >= len(gate.refused())
    assert len(said) > 25


def test_words_of_kinds_and_verdicts_exist(mobi_gate):
    known = all_words()
    for name in [*SEVERITIES, *mobi_gate.claims["claim_kind"].unique()]:
        assert name in known
    tables = (mobi_gate.reliability, mobi_gate.items, mobi_gate.discriminant, mobi_gate.fit, mobi_gate.collinearity,
              mobi_gate.claims.drop(columns="numbers"), mobi_gate.limits, light_table(mobi_gate))  # fmt: skip
    for table in tables:
        for name in [*table.columns, *table.index.names]:
            stem = name.removesuffix("_low").removesuffix("_high") if name else "item"
            assert name in known or stem in known, name


def test_sentences_stand_in_a_table_worst_first(mobi_gate):
    table = mobi_gate.sentences("zh")
    assert list(table.columns) == ["claim_kind", "claim_verdict", "claim_sentence"]
    assert len(table) == len(mobi_gate.claims)
    ranks = table["claim_verdict"].map(SEVERITIES.index)
    assert ranks.is_monotonic_decreasing
    assert table["claim_sentence"].iloc[0] in mobi_gate.text("zh")


def test_an_unknown_language_is_refused(mobi_gate):
    with pytest.raises(ValueError, match="lang must be zh or en"):
        mobi_gate.text("fr")


def test_lights_show_the_worst_of_each_kind(mobi_gate):
    lights = light_table(mobi_gate)
    constructs = lights[lights["claim_about"] != ""]
    for light in constructs.to_dict("records"):
        assert light["claim_verdict"] in SEVERITIES
    loyalty = constructs[constructs["claim_about"] == "loyalty"].set_index("claim_kind")
    assert loyalty.loc["item_belongs", "light_with"] == "CUSL2"
    assert loyalty.loc["item_belongs", "light_value"] == pytest.approx(0.202022, abs=1e-6)
    assert loyalty.loc["reliable_scores", "light_value"] == pytest.approx(0.472399, abs=1e-6)
    assert "separate_paths" not in loyalty.index
    pairs = mobi_gate.claims[mobi_gate.claims["claim_kind"] == "told_apart"]
    worst = pairs[(pairs["claim_first"] == "loyalty") | (pairs["claim_second"] == "loyalty")]
    assert loyalty.loc["told_apart", "claims_behind"] == len(worst) == 6
    whole = lights[lights["claim_about"] == ""]
    assert whole["claim_kind"].tolist() == ["model_fits", "sample_enough", "solution_usable"]
    assert isinstance(lights, pd.DataFrame)


def test_a_low_loading_without_an_interval_needs_caution(mobi_fit):
    gate = measurement_gate(mobi_fit, draws=0)
    low = gate.items.query("0.4 <= loading < 0.708 and item_rest == item_rest").index
    claims = gate.claims.query("claim_kind == 'item_belongs'").set_index("claim_first")
    assert "IMAG2" in low
    assert (claims.loc[low, "claim_verdict"] == "claim_caution").all()
