"""Kano from a survey and from counts: recovery, chances, segments, weights, gaps, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.satisfaction.priorities.kano import kano_table
from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES, LETTERS, evaluation_table
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano

SHARES = {
    "grip": {"M": 0.6, "O": 0.2, "A": 0.1, "I": 0.1},
    "turn": {"O": 0.55, "M": 0.2, "A": 0.15, "I": 0.1},
    "service": {"A": 0.65, "I": 0.25, "Q": 0.1},
    "colour": {"I": 0.7, "A": 0.2, "R": 0.1},
    "even": {"M": 0.4, "A": 0.4, "I": 0.2},
}


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return simulate_kano(SHARES, n=500, seed=3)


@pytest.fixture(scope="module")
def kano(survey):
    return kano_table(survey, pairs=kano_pairs(SHARES), draws=400)


def test_simulated_answers_have_the_classes_asked_for(kano):
    truth = {name: {LETTERS[letter]: share for letter, share in given.items()} for name, given in SHARES.items()}
    for row in kano.shares.itertuples():
        share = truth[row.attribute].get(row.kano_class, 0.0)
        assert abs(row.share - share) < 4 * np.sqrt(max(share * (1 - share), 0.001) / 500)


def test_clear_classes_are_recovered_and_a_tie_is_not_decided(kano):
    table = kano.table
    expected = ["must_be", "one_dimensional", "attractive", "indifferent"]
    assert table["kano_class"].tolist()[:4] == expected
    assert table["decided"].tolist() == [True] * 4 + [False]
    assert table["p_class"].iloc[:4].min() > 0.99
    assert not table.loc["even", "distinct"]
    assert table["diagram_class"].tolist()[:4] == expected
    assert kano.failures.empty


def test_chances_alone_would_decide_four_ties_in_ten_so_the_test_decides_too():
    counts = np.random.default_rng(2).multinomial(300, [0.4, 0, 0.4, 0.2, 0, 0], 200)
    table = kano_from_counts(pd.DataFrame(counts, columns=list(CLASSES)), draws=300).table
    sure, decided = (table["p_class"] >= 0.8).mean(), table["decided"].mean()
    assert 0.3 < sure < 0.5
    assert 0.05 < decided < 0.16


def test_the_interval_is_wilsons_given_those_who_count(kano):
    counts = kano.shares.set_index(["attribute", "kano_class"])["answers"]["service"]
    base = counts[["must_be", "one_dimensional", "attractive", "indifferent"]].sum()
    low, high = wilson(counts["attractive"] + counts["one_dimensional"], base)
    row = kano.table.loc["service"]
    np.testing.assert_allclose([row["kano_better_low"], row["kano_better_high"]], [low, high])
    assert row["kano_worse_low"] <= row["kano_worse"] <= row["kano_worse_high"] <= 0


def test_chances_match_a_plain_bootstrap_of_respondents(survey):
    pairs = {"even": kano_pairs(SHARES)["even"]}
    found = kano_table(survey, pairs=pairs, draws=2000).table.loc["even"]
    cells = evaluation_table().to_numpy()
    classes = cells[survey["even_functional"] - 1, survey["even_dysfunctional"] - 1]
    rng, hits = np.random.default_rng(5), 0
    for _ in range(2000):
        drawn = pd.Series(rng.choice(classes, len(classes))).value_counts().reindex(list(CLASSES), fill_value=0)
        hits += drawn.idxmax() == found["kano_class"]
    assert found["p_class"] == pytest.approx(hits / 2000, abs=0.05)


def test_regions_hold_the_point_and_stay_inside_the_diagram(kano):
    regions = kano.regions
    assert regions["kano_better"].between(0, 1).all()
    assert regions["kano_worse"].between(-1, 0).all()
    middle = regions.groupby("attribute")[["kano_better", "kano_worse"]].mean()
    np.testing.assert_allclose(middle.loc["turn"], kano.table.loc["turn", ["kano_better", "kano_worse"]].astype(float),
                               atol=0.02)  # fmt: skip


def test_the_region_covers_the_truth_as_often_as_it_says():
    truth, inside = np.array([0.5, 0.4, 0.06, 0.04, 0, 0]), 0
    rng = np.random.default_rng(8)
    centre = np.array([0.46, -0.9])
    for _ in range(80):
        counts = pd.DataFrame([rng.multinomial(300, truth)], columns=list(CLASSES), index=["x"])
        region = kano_from_counts(counts, draws=300, seed=int(rng.integers(1e6))).regions
        path = region[["kano_better", "kano_worse"]].to_numpy()
        inside += in_polygon(centre, path)
    assert inside / 80 > 0.88


def in_polygon(point: np.ndarray, path: np.ndarray) -> bool:
    from matplotlib.path import Path

    return bool(Path(path).contains_point(point))


def test_choices_show_every_rule_table_and_measure(kano):
    assert list(kano.choices) == ["majority_standard", "grouped_standard", "majority_strict", "grouped_strict",
                                  "better_worse", "mean_scores"]  # fmt: skip
    same = kano.choices.eq(kano.table["kano_class"], axis=0).mean(axis=1)
    np.testing.assert_allclose(kano.table["share_same"], same)


def test_a_table_of_ones_own_comes_first(survey):
    mine = evaluation_table().replace("indifferent", "questionable")
    found = kano_table(survey, pairs=kano_pairs(SHARES), evaluation=mine, draws=20)
    assert found.table.loc["colour", "kano_class"] == "questionable"
    assert "majority_own_table" in found.choices
    assert found.settings.loc["evaluation", "choice"] == "own_table"


def test_gaps_are_counted_and_codes_may_be_named(survey):
    named = survey.astype(object)
    for column in named:
        named[column] = named[column].map(
            dict(zip(range(1, 6), ["like", "理应如此", "neutral", "live_with", "不喜欢"]))
        )
    named.iloc[:7, 0] = None
    named.iloc[3:10, 1] = "no answer"
    found = kano_table(named, pairs=kano_pairs(SHARES), missing_codes=["no answer"], draws=20)
    assert found.table.loc["grip", ["respondents", "kano_unpaired"]].tolist() == [490, 10]
    whole = kano_table(survey, pairs=kano_pairs(SHARES), draws=20)
    pd.testing.assert_frame_equal(found.shares.iloc[6:], whole.shares.iloc[6:])
    turned = kano_table(6 - survey, pairs=kano_pairs(SHARES), draws=20,
                        answers={5: "like", 4: "must_be", 3: "neutral", 2: "live_with", 1: "dislike"})  # fmt: skip
    pd.testing.assert_frame_equal(turned.table, whole.table)


def test_codes_the_other_way_round_are_noticed(survey):
    wrong = kano_table(6 - survey[["grip_functional", "grip_dysfunctional"]], pairs=kano_pairs(["grip"]), draws=20)
    assert wrong.table.loc["grip", "kano_class"] == "reverse"
    assert "other way" in wrong.text("en")
    assert "编码方向" in wrong.text("zh")


def test_equal_weights_change_nothing_and_weights_count_as_copies(survey):
    pairs = kano_pairs(SHARES)
    plain = kano_table(survey, pairs=pairs, draws=50)
    equal = kano_table(survey, pairs=pairs, draws=50, weights=pd.Series(2.5, index=survey.index))
    columns = ["kano_class", "p_class", "kano_better", "kano_better_low", "category_strength", "p"]
    pd.testing.assert_frame_equal(plain.table[columns], equal.table[columns])
    doubled = survey.assign(w=np.where(np.arange(500) < 100, 2.0, 1.0))
    copied = pd.concat([survey, survey.iloc[:100]], ignore_index=True)
    weighted = kano_table(doubled, pairs=pairs, weights="w", draws=20)
    np.testing.assert_allclose(
        weighted.table["kano_better"], kano_table(copied, pairs=pairs, draws=20).table["kano_better"]
    )
    assert weighted.table.loc["grip", "effective_n"] == pytest.approx(600**2 / (400 + 4 * 100))


def test_segments_stand_apart_and_are_tested(survey):
    mixed = survey.copy()
    mixed["group"] = ["old"] * 250 + ["new"] * 250
    mixed.iloc[:250, 0], mixed.iloc[:250, 1] = 1, 3  # attractive for the old, must-be for most of the new
    mixed.iloc[:2, -1] = None
    found = kano_table(mixed, pairs=kano_pairs(SHARES), by="group", draws=199)
    assert found.table.index.names == ["group", "attribute"]
    assert found.table.loc[("old", "grip"), "kano_class"] == "attractive"
    assert found.table.loc[("new", "grip"), "kano_class"] == "must_be"
    assert found.table.loc[("not_stated", "grip"), "respondents"] == 2
    assert found.segments.loc["grip", "p"] == pytest.approx(0.005)
    assert found.segments["p"].drop("grip").min() > 0.03
    assert "grip" in found.text("en").split("Segments differ")[1]
    alone = kano_table(mixed[mixed["group"] == "new"], pairs=kano_pairs(SHARES), draws=199)
    pd.testing.assert_frame_equal(found.table.loc["new"], alone.table)


def test_counts_give_the_same_as_the_survey_they_come_from(survey, kano):
    counts = pd.DataFrame(kano.shares["answers"].to_numpy().reshape(-1, 6), index=list(SHARES), columns=list(CLASSES))
    found = kano_from_counts(counts, draws=2000)
    columns = ["kano_class", "category_strength", "strength_limit", "p", "total_strength", "kano_better",
               "kano_better_low", "kano_worse", "kano_worse_high", "diagram_class"]  # fmt: skip
    pd.testing.assert_frame_equal(found.table[columns], kano.table[columns], check_names=False)
    np.testing.assert_allclose(found.table["p_class"], kano.table["p_class"], atol=0.06)


def test_ski_study_from_percentages():
    ski = pd.DataFrame({"A": [7.0, 10.4, 63.8], "O": [32.3, 45.1, 21.6], "M": [49.3, 30.5, 2.9], "I": [9.5, 11.5, 8.5]},
                       index=["edge grip", "ease of turn", "service"])  # fmt: skip
    found = kano_from_counts(ski, respondents=1500, draws=100).table
    np.testing.assert_allclose(found["kano_better"], [0.4006, 0.5692, 0.8822], atol=1e-4)
    np.testing.assert_allclose(found["kano_worse"], [-0.8318, -0.7754, -0.2531], atol=1e-4)
    assert found["kano_class"].tolist() == ["must_be", "one_dimensional", "attractive"]
    assert found["respondents"].tolist() == [1500] * 3


def test_nobody_and_only_questionable_answers_are_handled():
    counts = pd.DataFrame({"M": [0, 0, 3], "Q": [0, 8, 0]}, index=["nobody", "puzzled", "few"])
    found = kano_from_counts(counts, draws=50)
    table = found.table
    assert table["kano_class"].tolist() == ["", "questionable", "must_be"]
    assert table["kano_better"].isna().tolist() == [True, True, False]
    assert np.isnan(table.loc["nobody", "p_class"])
    assert table["too_few"].all()
    assert not table["decided"].any()
    assert found.failures.set_index(["attribute", "cause"])["failed_draws"].to_dict() == {
        ("nobody", "no_pair_drawn"): 50, ("puzzled", "nobody_counts"): 50,
    }  # fmt: skip
    assert "nobody" in found.text("en")


def test_a_class_nobody_chose_stays_possible_by_dirichlet():
    counts = pd.DataFrame({"M": [4], "O": [3]}, index=["x"])
    assert kano_from_counts(counts, draws=500, draws_from="dirichlet").table["p_class"].iloc[0] < 0.7
    one = pd.DataFrame({"M": [3]}, index=["x"])
    assert kano_from_counts(one, draws=500).table["p_class"].iloc[0] == 1
    assert 0.8 < kano_from_counts(one, draws=500, draws_from="dirichlet").table["p_class"].iloc[0] < 1


def test_the_mean_crosshair_moves_with_the_attributes(survey):
    counts = pd.DataFrame({"M": [10, 20], "O": [10, 60], "A": [60, 10], "I": [20, 10]}, index=["x", "y"])
    half = kano_from_counts(counts, draws=20).table["diagram_class"].tolist()
    mean = kano_from_counts(counts, draws=20, crosshair="mean").table["diagram_class"].tolist()
    assert half == ["attractive", "one_dimensional"]
    assert mean == ["attractive", "one_dimensional"]
    shifted = counts.assign(I=[400, 500])
    assert kano_from_counts(shifted, draws=20).table["diagram_class"].tolist() == ["indifferent"] * 2
    assert "indifferent" not in kano_from_counts(shifted, draws=20, crosshair="mean").table["diagram_class"].tolist()


def test_the_seed_decides_and_the_survey_is_not_touched(survey):
    before, pairs = survey.copy(), kano_pairs(SHARES)
    first, second = (kano_table(survey, pairs=pairs, draws=30, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)
    pd.testing.assert_frame_equal(survey, before)
    shuffled = kano_table(survey.sample(frac=1, random_state=1), pairs=pairs, draws=30)
    stable = ["kano_class", "kano_better", "kano_worse_low", "category_strength", "p"]
    pd.testing.assert_frame_equal(first.table[stable], shuffled.table[stable])


def test_bad_input_is_told_in_one_message(survey):
    with pytest.raises(InputError, match=r"grip does not name two columns; trun_functional is missing") as error:
        kano_table(survey, pairs={"grip": "grip_functional", "turn": ("trun_functional", "turn_dysfunctional")})
    assert "turn_functional" in error.value.mend
    with pytest.raises(InputError, match="used more than once"):
        kano_table(survey, pairs={"grip": ("grip_functional", "grip_functional")})
    with pytest.raises(InputError, match=r"grip_functional holds '7' in row 3"):
        kano_table(pd.DataFrame({"grip_functional": [7], "d": [1]}, index=[3]), pairs={"g": ("grip_functional", "d")})
    with pytest.raises(InputError, match="names no Kano answer"):
        kano_table(survey, pairs=kano_pairs(SHARES), answers={1: "love"})
    with pytest.raises(InputError, match="rule='best' is no choice; test='t' is no choice"):
        kano_table(survey, pairs=kano_pairs(SHARES), rule="best", test="t")
    with pytest.raises(InputError, match="no positive weight"):
        kano_table(survey.assign(w=0), pairs=kano_pairs(SHARES), weights="w")
    with pytest.raises(InputError, match="no column 'ww' of weights"):
        kano_table(survey, pairs=kano_pairs(SHARES), weights="ww")
    with pytest.raises(InputError, match="no evaluation table 'x'"):
        kano_table(survey, pairs=kano_pairs(SHARES), evaluation="x")
    with pytest.raises(InputError, match="no pair of questions"):
        kano_table(survey, pairs={})


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (pd.DataFrame({"Z": [1]}), "Z is no class"),
        (pd.DataFrame({"M": [-1]}), "negative"),
        (pd.DataFrame({"M": [np.nan]}), "blanks"),
        (pd.DataFrame({"M": [0.3], "O": [0.7]}), "not whole"),
        (pd.DataFrame({"M": []}), "no row"),
        (pd.DataFrame({"M": [1, 2]}, index=["a", "a"]), "named twice"),
    ],
)
def test_bad_counts_are_refused(counts, message):
    with pytest.raises(InputError, match=message):
        kano_from_counts(counts)


def test_simulated_shares_must_be_shares():
    for wrong in ({"M": 0.5}, {"M": 1.5, "O": -0.5}, {"X": 1.0}):
        with pytest.raises(InputError, match="no shares of Kano classes"):
            simulate_kano({"a": wrong}, n=5)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_name_classes_and_what_may_not_be_claimed(kano, lang):
    text = kano.text(lang)
    assert {"zh": "必备需求：grip", "en": "Must-be: grip"}[lang] in text
    assert {"zh": "改变它会带来什么结果", "en": "what would follow from changing it"}[lang] in text
    assert {"zh": "归类未定", "en": "Not decided"}[lang] in text


def test_the_second_class_is_never_the_class_itself():
    counts = pd.DataFrame({"M": [350], "O": [100], "A": [100], "I": [400], "Q": [50]}, index=["grip"])
    table = kano_from_counts(counts, rule="grouped", draws=50).table
    assert table[["kano_class", "second_class"]].values.tolist() == [["must_be", "one_dimensional"]]


@pytest.mark.parametrize("respondents", [-5, 0, np.nan, "many", {"other": 5}, pd.Series({"other": 5})])
def test_a_number_of_respondents_that_cannot_be_used_is_named(respondents):
    shares = pd.DataFrame({"M": [60.0], "O": [40.0]}, index=["grip"])
    with pytest.raises(InputError, match="respondents has no positive number for grip"):
        kano_from_counts(shares, respondents=respondents)


def test_columns_named_twice(survey):
    with pytest.raises(InputError, match="more than one column is named must_be"):
        kano_from_counts(pd.DataFrame([[1, 2]], columns=["M", "must_be"]))
    with pytest.raises(InputError, match="more than one column is named grip_functional"):
        kano_table(survey[[*survey.columns, "grip_functional"]], pairs=kano_pairs(["grip"]))


@pytest.mark.parametrize(
    ("wrong", "named"), [({"draws": 0}, "draws=0"), ({"draws": 9.5}, "draws=9.5"), ({"pairs": ["grip"]}, "pairs is no")]
)
def test_arguments_of_the_wrong_kind(survey, wrong, named):
    with pytest.raises(InputError, match=named):
        kano_table(survey, **({"pairs": kano_pairs(["grip"])} | wrong))


def test_one_segment_is_no_comparison(survey):
    found = kano_table(survey.assign(part="all"), pairs=kano_pairs(["grip"]), by="part", draws=20)
    assert found.segments["p"].isna().all()
    assert "segments" not in found.text("en")
