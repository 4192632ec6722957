"""The labelling sheet and what filled sheets say: by hand, against sklearn, with known truth."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.text.agreement import STEP, agreement, kappa
from crm_analysis.satisfaction.text.engine import LABELS
from crm_analysis.satisfaction.text.labelling import labelling_sheet, safe_cell
from crm_analysis.satisfaction.text.reading import read_texts
from crm_analysis.satisfaction.text.verdict import decide
from crm_analysis.words import all_words


def reviews(n: int = 600, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    stars = rng.choice([1, 3, 5], n, p=[0.1, 0.1, 0.8])
    words = {1: "bad", 3: "a table", 5: "very good"}
    return pd.DataFrame({"text": [f"{words[star]} {k}" for k, star in enumerate(stars)], "stars": stars})


def filled(made, noise: float, seed: int = 1) -> pd.DataFrame:
    """Label with the stars' word, wrong with a given chance, rater by rater."""
    rng, sheet = np.random.default_rng(seed), made.sheet.copy()
    true = made.key["stars"].map({1: "negative", 3: "neither", 5: "positive"}).to_numpy()
    for name in ("label_first", "label_second"):
        wrong = rng.random(len(sheet)) < noise
        sheet[name] = np.where(wrong, rng.choice(LABELS, len(sheet)), true)
    return sheet


def test_sheets_are_drawn_by_stars_and_stand_for_all_reviews():
    data = reviews()
    made = labelling_sheet(data, n=150, seed=3)
    assert made.key["stratum"].value_counts().to_dict() == {"1": 50, "3": 50, "5": 50}
    assert made.key["weight"].sum() == pytest.approx(600)
    assert (data["text"].iloc[made.key["place"]].to_numpy() == made.sheet["text"]).all()
    assert made.key["place"].is_unique
    assert not {"stars", "text_label", "weight"} & set(made.sheet)
    pd.testing.assert_frame_equal(labelling_sheet(data, n=150, seed=3).key, made.key)
    assert not labelling_sheet(data, n=150, seed=4).key.equals(made.key)
    assert made.account["lines"].sum() == 150
    assert labelling_sheet(data, n=5000).key["weight"].eq(1).all()
    assert len(labelling_sheet(data["text"], n=10).sheet) == 10


def test_small_strata_give_their_lines_to_the_others():
    data = pd.DataFrame({"text": ["good"] * 100, "stars": [1] * 3 + [5] * 97})
    assert labelling_sheet(data, n=50).account["lines"].to_dict() == {"1": 3, "5": 47}


def test_one_aspect_only():
    data = pd.DataFrame({"text": ["物流快", "物流慢", "质量好"] * 5, "stars": 4})
    made = labelling_sheet(data, n=99, aspect="logistics")
    assert len(made.sheet) == 10
    assert "物流" in made.instructions["zh"]
    assert set(made.key["text_label"]) == {"positive", "negative"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", " =", "\r", "\n@"])
def test_texts_cannot_become_formulas(start):
    cell = safe_cell(f"{start}cmd|' /C calc'!A0")
    assert cell.startswith("'")
    made = labelling_sheet(pd.DataFrame({"text": [f"{start}1+1 good", "bad"], "stars": [5, 1]}), n=2)
    back = pd.read_csv(io.StringIO(made.sheet.to_csv(index=False)), keep_default_na=False)
    assert not back["text"].str.strip().str.startswith(("=", "+", "-", "@")).any()
    assert safe_cell("a = b") == "a = b"


@pytest.mark.parametrize("weights", [None, "linear"])
def test_kappa_and_f1_are_those_of_scikit_learn(weights):
    from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score

    rng = np.random.default_rng(5)
    first, second = rng.choice(3, 200), rng.choice(3, 200, p=[0.6, 0.3, 0.1])
    second = np.where(rng.random(200) < 0.5, first, second)
    table = confusion_matrix(first, second)
    assert kappa(table, STEP if weights else None) == pytest.approx(cohen_kappa_score(first, second, weights=weights))
    key = pd.DataFrame({"stratum": "all", "weight": 1.0, "text_label": np.array(LABELS)[second]},
                       index=pd.RangeIndex(1, 201, name="line_number"))  # fmt: skip
    sheet = pd.DataFrame({"line_number": key.index, "label_first": np.array(LABELS)[first]})
    found = agreement(sheet, key, draws=20)
    assert found.measures.loc["macro_f1", "measured"] == pytest.approx(f1_score(first, second, average="macro"))
    np.testing.assert_allclose(found.classes["f1"], f1_score(first, second, average=None))
    np.testing.assert_allclose(found.confusion.to_numpy() * 200, table)
    assert np.isnan(found.measures.loc["raters_kappa", "measured"])
    assert found.verdict == "raters_disagree"


def test_weights_undo_the_strata():
    data = reviews(2000)
    made = labelling_sheet(data, n=300)
    found = agreement(filled(made, 0), made.key, draws=200)
    true = (data["stars"] == 5).mean()
    assert found.classes.loc["positive", "hand_share"] == pytest.approx(true)
    assert found.measures.loc["majority_accuracy", "measured"] == pytest.approx(true)
    assert found.measures.loc["engine_accuracy", "measured"] == 1
    assert found.measures.loc["raters_kappa", "measured"] == 1
    assert found.verdict == "usable"


def test_disputed_lines_count_half_until_they_are_settled():
    key = pd.DataFrame({"stratum": "a", "weight": 1.0, "text_label": ["positive", "negative", "positive"]},
                       index=pd.RangeIndex(1, 4, name="line_number"))  # fmt: skip
    labels = {"label_first": ["正面", "负面", "P"], "label_second": ["-1", "", 1.0], "label_final": ""}
    sheet = pd.DataFrame({"line_number": [3, 2, 1]} | labels)
    found = agreement(sheet, key, draws=10)
    assert found.measures.loc["engine_accuracy", "measured"] == pytest.approx(2.5 / 3)
    assert found.account[["labelled_twice", "disputed_labels", "settled_labels"]].tolist() == [2, 1, 0]
    sheet.loc[0, "label_final"] = "positive"
    found = agreement(sheet, key, draws=10)
    assert found.measures.loc["engine_accuracy", "measured"] == 1
    assert found.account["settled_labels"] == 1
    sheet[["label_first", "label_second", "label_final"]] = ""
    sheet.loc[1, "label_first"] = "negative"
    assert agreement(sheet, key, draws=10).account["unlabelled"] == 2


def test_limits_hold_the_truth():
    data, hits = read_texts(reviews(2000, seed=9)), 0
    for seed in range(60):
        made = labelling_sheet(data, n=120, seed=seed)
        sheet = filled(made, 0.3, seed=seed + 100)[["line_number", "label_first"]]
        row = agreement(sheet, made.key, draws=200).measures.loc["engine_accuracy"]
        hits += row["measured_low"] <= 0.7 + 0.3 / 3 <= row["measured_high"]
    assert hits >= 52


@pytest.mark.parametrize(
    ("noise", "lines", "verdict"),
    [(0, 60, "too_few"), (0.7, 300, "raters_disagree"), (0.02, 300, "usable")],
)
def test_verdicts(noise, lines, verdict):
    made = labelling_sheet(reviews(1000), n=lines)
    found = agreement(filled(made, noise), made.key, draws=100)
    assert found.verdict == verdict
    for lang in ("zh", "en"):
        assert str(lines) in found.text(lang)


def test_an_engine_that_calls_all_good_is_no_better():
    made = labelling_sheet(reviews(1000), n=300)
    made.key["text_label"] = "positive"
    found = agreement(filled(made, 0.02), made.key, draws=100)
    assert found.verdict == "no_better"
    measures = found.measures.copy()
    measures.loc["over_majority", "measured_low"] = 0.1
    assert decide(measures, found.account) == "coarse"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"label_first": "great"}, "labels 'great' are unknown"),
        ({"line_number": 999}, "lines are not in the key"),
        ({"line_number": 1}, "stands twice"),
        ({"label_first": ""}, "no line is labelled"),
    ],
)
def test_sheets_that_cannot_be_used(change, what):
    made = labelling_sheet(reviews(50), n=10)
    with pytest.raises(InputError, match=what):
        agreement(filled(made, 0).assign(label_second="").assign(**change), made.key)


def test_sheets_and_keys_that_lack_columns():
    made = labelling_sheet(reviews(50), n=10)
    with pytest.raises(InputError, match=r"label_first, key\.weight is missing"):
        agreement(made.sheet.drop(columns="label_first"), made.key.drop(columns="weight"))
    with pytest.raises(InputError, match="n=0"):
        labelling_sheet(reviews(50), n=0)
    with pytest.raises(InputError, match="no aspect 'taste'"):
        labelling_sheet(reviews(50), aspect="taste")
    with pytest.raises(InputError, match="no review can be drawn"):
        labelling_sheet(["", None])


def test_every_name_has_a_word():
    made = labelling_sheet(reviews(300), n=30)
    found = agreement(filled(made, 0.2), made.key, draws=20)
    names = {*found.measures.index, *found.classes.columns, *found.measures.columns, *found.account.index, "stratum",
             *made.account.columns, *made.sheet.columns, *found.confusion.columns} - {"text", "n_eff"}  # fmt: skip
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
