"""Several methods side by side, and the advice that may be drawn."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.advice import ADVICE, REASONS, advise
from crm_analysis.satisfaction.priorities.ipa import ipa_table
from crm_analysis.satisfaction.priorities.kano import kano_table
from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
from crm_analysis.satisfaction.priorities.kano_scores import kano_scores
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano
from crm_analysis.satisfaction.priorities.prca import prca_table
from crm_analysis.satisfaction.priorities.triangulate import triangulate
from crm_analysis.words import all_words

NAMES = ["speed", "page", "price", "colour"]
ITEMS = {name: name for name in NAMES}
SHARES = {"speed": {"M": 0.8, "I": 0.2}, "page": {"A": 0.8, "I": 0.2}, "price": {"O": 0.8, "I": 0.2},
          "colour": {"I": 0.9, "A": 0.1}}  # fmt: skip


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    """Speed is rated low and basic, page high and exciting, price low and both, colour high and nothing."""
    rng = np.random.default_rng(0)
    means = {"speed": 4, "page": 7.5, "price": 4, "colour": 7.5}
    frame = pd.DataFrame({name: np.clip(np.round(rng.normal(mean, 2.5, 1500)), 1, 10) for name, mean in means.items()})
    low, high = frame <= 3, frame >= 8
    y = 6 - 1.5 * low["speed"] + 1.2 * high["page"] - 1.5 * low["price"] + 1.5 * high["price"] + 0.2 * high["speed"]
    return frame.assign(y=y - 0.1 * low["page"] + rng.normal(0, 1, 1500))


@pytest.fixture(scope="module")
def found(survey):
    answers = simulate_kano(SHARES, n=300, seed=1)
    shares = pd.DataFrame({"share": [0.2, 0.15, 0.4, 0.01]}, index=NAMES)
    shares = shares.assign(share_low=shares["share"] - 0.03, share_high=shares["share"] + 0.03)
    return triangulate(
        kano=kano_table(answers, pairs=kano_pairs(NAMES), draws=100),
        prca=prca_table(survey, outcome="y", attributes=ITEMS, low_cut=3, high_cut=8, draws=100),
        ipa=ipa_table(survey, attributes=ITEMS, outcome="y", low=1, high=10, draws=100),
        drivers=shares,
    )


def test_methods_stand_side_by_side_in_common_words(found):
    table = found.table
    assert found.sources == ("kano", "prca", "drivers", "ipa")
    assert table["kano_says"].tolist() == ["nature_basic", "nature_excitement", "nature_performance",
                                           "nature_indifferent"]  # fmt: skip
    assert table.loc["speed", "prca_says"] == "nature_basic"
    assert table.loc["page", "prca_says"] == "nature_excitement"
    assert table.loc["colour", "prca_says"] == "no_relation_shown"
    assert table["driver_says"].tolist() == ["not_told_apart", "below_average", "above_average", "below_average"]
    assert table.loc["speed", "agreement"] == "agree"
    assert table[["kano_same", "prca_same", "ipa_same"]].to_numpy().min() >= 0
    np.testing.assert_allclose(table["least_same"], table[["kano_same", "prca_same", "ipa_same"]].min(axis=1))


def test_advice_follows_importance_and_rating(found):
    advice = found.table["advice"]
    assert advice["speed"] == "improve_first"
    assert advice["price"] == "improve_first"
    assert advice["colour"] == "do_not_invest"
    assert found.table.loc["page", "advice_reason"] == "methods_disagree"  # exciting, but a small linear share


def test_each_input_may_be_absent(survey):
    answers = simulate_kano(SHARES, n=300, seed=1)
    scores = kano_scores(answers, pairs=kano_pairs(NAMES), draws=50)
    alone = triangulate(kano=scores).table
    assert alone.loc["colour", "advice"] == "do_not_invest"
    assert alone.loc["price", ["advice", "advice_reason"]].tolist() == ["not_decided", "rating_open"]
    assert alone["least_same"].isna().all()
    some = triangulate(kano=scores, drivers=pd.Series({"speed": 0.3, "other": 0.1}, name="lmg")).table
    assert some.index.tolist() == [*NAMES, "other"]
    assert some["driver_says"].tolist() == ["not_told_apart", "", "", "", "not_told_apart"]
    ipa = ipa_table(survey, attributes=ITEMS, outcome="y", draws=50)
    assert triangulate(ipa=ipa).table.loc["price", "advice"] == "improve_first"


def test_reverse_is_not_wanted():
    counts = pd.DataFrame({"R": [80], "I": [20]}, index=["noise"])
    table = triangulate(kano=kano_from_counts(counts, draws=50)).table
    assert table.loc["noise", ["advice", "advice_reason"]].tolist() == ["do_not_invest", "not_wanted"]


def test_every_combination_has_advice_a_reason_and_words():
    natures = ["", "not_decided", "nature_basic", "nature_performance", "nature_excitement", "nature_indifferent",
               "nature_reverse"]  # fmt: skip
    cases = product(natures, [*natures, "no_relation_shown"], ["", "above_average", "below_average", "not_told_apart"],
                    [np.nan, 0.1, 0.5, 0.9], [np.nan, 0.1, 0.5, 0.9])  # fmt: skip
    table = pd.DataFrame(cases, columns=["kano_says", "prca_says", "driver_says", "ipa_rated_p", "ipa_matters_p"])
    found = advise(table)
    assert set(found["advice"]) == set(ADVICE)
    assert set(found["advice_reason"]) == set(REASONS)
    assert set(found.to_numpy().ravel()) <= set(all_words())
    improve = found["advice"] == "improve_first"
    assert (table.loc[improve, "ipa_rated_p"] <= 0.2).all()
    assert (found.loc[improve, "matters_verdict"] == "matters_yes").all()
    known = table["ipa_rated_p"].notna() | table["ipa_matters_p"].notna()
    assert not (found["advice"].eq("keep") & ~known).any()


def test_a_basic_factor_outweighs_a_small_linear_importance():
    row = {"kano_says": "nature_basic", "driver_says": "below_average", "ipa_rated_p": 0.2, "ipa_matters_p": 0.5}
    assert advise(pd.DataFrame([row]))["advice_reason"].tolist() == ["basic_rated_low"]
    contrary = advise(pd.DataFrame([row | {"prca_says": "nature_excitement"}]))
    assert contrary[["nature", "agreement", "advice"]].to_numpy().tolist() == [
        ["contradictory", "disagree", "do_not_invest"]
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_say_what_first_and_claim_no_cause(found, lang):
    text = found.text(lang)
    assert {"zh": "优先改进：", "en": "Improve first: "}[lang] in text
    assert {"zh": "需要试验来回答", "en": "an experiment must say"}[lang] in text
    for word in ("impact", "effect", "leads to", "drives", "影响", "导致", "提升满意度"):
        assert word not in text


def test_bad_input_is_told(found, survey):
    with pytest.raises(InputError, match="no method was given"):
        triangulate()
    with pytest.raises(InputError, match="name no attribute alike"):
        triangulate(ipa=ipa_table(survey, attributes=ITEMS, outcome="y", draws=5), drivers=pd.Series({"x": 1.0}))
    with pytest.raises(InputError, match="no column of shares"):
        triangulate(drivers=pd.DataFrame({"weight": [1.0]}))
    answers = simulate_kano(SHARES, n=60, seed=1).assign(g=["a", "b"] * 30)
    with pytest.raises(InputError, match="by segment"):
        triangulate(kano=kano_table(answers, pairs=kano_pairs(NAMES), by="g", draws=5))


def test_sources_of_the_wrong_kind_are_named():
    with pytest.raises(InputError, match="kano is no result"):
        triangulate(kano=pd.DataFrame({"kano_class": ["must_be"]}))
    with pytest.raises(InputError, match="share_low is no column of numbers"):
        triangulate(drivers=pd.DataFrame({"share": [0.5, 0.5], "share_low": ["a", "b"]}))
