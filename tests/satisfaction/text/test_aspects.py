"""Aspects of reviews counted, their stars, explanations: by hand, by brute force, by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import clustered_share, wilson
from crm_analysis.satisfaction.text.aspects import aspect_table, star_means
from crm_analysis.satisfaction.text.engine import Clause
from crm_analysis.satisfaction.text.explain import explain
from crm_analysis.satisfaction.text.reading import read_texts
from crm_analysis.satisfaction.text.stars import stars_auc, stars_table
from crm_analysis.words import all_words

REVIEWS = pd.DataFrame(
    {
        "text": [
            "物流很快", "物流太慢了", "质量很好，物流也快", "物流慢，客服耐心", None, "  ", "收到了",
            "The price is too high",
        ],
        "stars": [5, 1, 5, 3, 4, 2, 4, 2],
        "customer_id": ["a", "a", "b", "c", "d", "d", None, None],
        "item_id": ["x", "x", "y", "y", "x", "x", None, "y"],
    },
    index=[7, 7, 3, 1, 0, 9, 5, 4],
)  # fmt: skip


def test_counts_by_hand():
    found = aspect_table(REVIEWS)
    table = found.table
    assert found.account["texts"].to_dict() == {"texts_read": 8, "text_empty": 2, "text_zh": 5, "text_en": 1,
                                                "without_aspect": 1, "without_polarity": 1}  # fmt: skip
    assert table.loc["logistics", ["texts", "mentioning", "positive", "negative"]].tolist() == [6, 4, 2, 2]
    assert table.loc["logistics", ["stars_mentioning", "stars_others"]].tolist() == [3.5, 3.0]
    assert table.loc["logistics", "stars_difference"] == 0.5
    assert table.loc["refund", ["mentioning", "positive"]].tolist() == [0, 0]
    assert np.isnan(table.loc["refund", "positive_share"])
    assert table["few_mentions"].all()
    share = clustered_share([1, 0, 1, 0], ["a", "a", "b", "c"])
    assert table.loc["logistics", ["positive_share", "positive_share_low"]].tolist() == [0.5, share.low]


def test_one_review_has_one_vote():
    table = aspect_table(["物流很快，物流真快，物流快", "物流慢"]).table
    assert table.loc["logistics", ["mentioning", "positive", "negative"]].tolist() == [2, 1, 1]
    low, high = wilson(1, 2)
    assert table.loc["logistics", ["positive_share_low", "positive_share_high"]].tolist() == [float(low), float(high)]


def test_groups_and_readings_give_the_same():
    found = read_texts(REVIEWS)
    pd.testing.assert_frame_equal(aspect_table(found).table, aspect_table(REVIEWS).table)
    table = aspect_table(found, by="item_id").table
    assert table.index.names == ["item_id", "aspect"]
    assert table.loc[("x", "logistics"), "mentioning"] + table.loc[("y", "logistics"), "mentioning"] == 4
    assert table.loc[("not_stated", "logistics"), "texts"] == 1
    shuffled = REVIEWS.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(aspect_table(shuffled).table, aspect_table(REVIEWS).table)


def test_limits_of_stars_are_those_of_welch_where_everyone_writes_once():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(0)
    stars, mentions = rng.integers(1, 6, 300).astype(float), rng.random(300) < 0.3
    _, _, gap = star_means(stars, mentions, np.arange(300))
    welch = ttest_ind(stars[mentions], stars[~mentions], equal_var=False).confidence_interval()
    assert gap.low == pytest.approx(welch.low, abs=0.01)
    assert gap.high == pytest.approx(welch.high, abs=0.01)


def test_limits_of_stars_hold_the_truth_where_customers_write_often():
    rng, hits, naive = np.random.default_rng(1), 0, 0
    for _ in range(150):
        customer = np.repeat(np.arange(60), rng.integers(1, 12, 60))
        liking, talks = rng.normal(0, 1, 60), rng.random(60) < 0.5
        stars = 3 + liking[customer] + rng.normal(0, 0.3, len(customer))
        mentions = talks[customer]
        _, _, gap = star_means(stars, mentions, customer)
        hits += gap.low <= 0 <= gap.high
        half = 1.96 * np.sqrt(stars[mentions].var() / mentions.sum() + stars[~mentions].var() / (~mentions).sum())
        naive += abs(gap.value) <= half
    assert hits / 150 > 0.88
    assert naive / 150 < 0.8


def test_auc_by_counting_pairs_and_its_limits():
    rng = np.random.default_rng(2)
    words = np.array(["good", "very good", "bad", "fine", "not bad", "terrible", "table"])
    reviews = pd.DataFrame({"text": rng.choice(words, 120), "stars": rng.integers(1, 6, 120)})
    found = read_texts(reviews)
    auc, counts = stars_auc(found)
    polarity = found.texts["polarity"].to_numpy()
    high, low = polarity[reviews["stars"] >= 4], polarity[reviews["stars"] <= 2]
    wins = (high[:, None] > low).mean() + 0.5 * (high[:, None] == low).mean()
    assert auc.value == pytest.approx(wins)
    assert counts.sum() == 120
    drawn = []
    for _ in range(400):
        x, y = rng.choice(high, len(high)), rng.choice(low, len(low))
        drawn.append((x[:, None] > y).mean() + 0.5 * (x[:, None] == y).mean())
    assert (auc.high - auc.low) / 3.92 == pytest.approx(np.std(drawn), rel=0.15)
    assert stars_table(found)["texts"].sum() == 120


def test_auc_of_one_review_each_has_the_error_of_delong():
    reviews = pd.DataFrame({"text": ["good", "bad", "very good", "table", "bad", "good"], "stars": [5, 5, 4, 1, 2, 1]})
    found = read_texts(reviews)
    x = found.texts["polarity"].to_numpy()
    wins = (x[:3, None] > x[3:]) + 0.5 * (x[:3, None] == x[3:])
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 3 + wins.mean(axis=0).var(ddof=1) / 3)
    auc, _ = stars_auc(found, level=0.5)
    assert auc.high - auc.low == pytest.approx(2 * 0.6744898 * error)


def test_an_engine_of_ones_own():
    class Shout:
        name, aspects = "shout", ("service",)

        def score(self, text):
            return [Clause(text, 3.0, {"service": 3.0})] if text.isupper() else []

    found = aspect_table(["WELL DONE", "meh"], engine=Shout())
    assert (found.engine, found.table.loc["service", "positive"]) == ("shout", 1)
    assert "shout" in found.text("en")


@pytest.mark.parametrize(
    ("given", "options", "what"),
    [
        (REVIEWS, {"text": "txt"}, "no column 'txt' with texts"),
        (REVIEWS, {"lang": "fr"}, "no language of texts"),
        (REVIEWS, {"by": "shop"}, "no column 'shop'"),
        (REVIEWS, {"engine": "vadr"}, "no engine 'vadr'"),
        ([], {}, "there are no texts"),
        (["", None, float("nan")], {}, "no review has a text"),
    ],
)
def test_reviews_that_cannot_be_used(given, options, what):
    with pytest.raises(InputError, match=what):
        aspect_table(given, **options)


def test_stars_that_are_not_there():
    with pytest.raises(InputError, match="no column 'stars'"):
        stars_auc(read_texts(["good"]))
    with pytest.raises(InputError, match="no content or no discontent"):
        stars_auc(read_texts(pd.DataFrame({"text": ["good"], "stars": [5]})))
    with pytest.raises(InputError, match="no review has both"):
        stars_table(read_texts(pd.DataFrame({"text": ["good"], "stars": [np.nan]})))


def test_the_callers_table_is_left_alone():
    before = REVIEWS.copy(deep=True)
    read_texts(REVIEWS)
    pd.testing.assert_frame_equal(REVIEWS, before)


def test_explanations_name_what_was_done():
    table = explain("质量不是很好，物流也太慢了！但是客服没有不耐烦。请问能退吗？", report_lang="zh")
    assert table["deciding_word"].tolist() == ["好", "慢", "不耐烦", ""]
    reasons = table["because_of"].tolist()
    assert "被“不是”否定" in reasons[0]
    assert "权重减半" in reasons[0]
    assert "否定后的“很”使语气减弱" in reasons[0]
    assert "程度词“太”" in reasons[1]
    assert reasons[3] == "没有褒贬词"
    english = explain("Is it good? It is too small. I wish it was good. It is not not good.")
    assert "in a question" in english["because_of"][0]
    assert "too much of a neutral property" in english["because_of"][1]
    assert english["because_of"].str.contains("wished or supposed").any()
    assert english["because_of"].str.contains("negated more than once").any()
    assert explain("").empty
    values = explain("很好，但是贵")["counted_value"]
    assert values.tolist() == [1.25, -1.0]


def test_every_name_has_a_word():
    found = read_texts(REVIEWS)
    frames = [aspect_table(found).table, found.account, found.texts, stars_table(found), explain("好")]
    names = {name for frame in frames for name in [*frame.columns, frame.index.name]} - {None, "place", "stars"}
    names |= {*found.aspects, *found.account.index, "positive", "negative", "neither"}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
    assert found.texts.index.equals(REVIEWS.index)
    for lang in ("zh", "en"):
        assert "8" in aspect_table(found).text(lang)


@pytest.mark.parametrize("stars", [0, 6])
def test_stars_outside_the_scale_are_refused(stars):
    reviews = pd.DataFrame({"rating_id": ["r1", "r2"], "text": ["物流很快", "太慢"], "stars": [5, stars]})
    with pytest.raises(InputError, match=f"{stars} in r2"):
        aspect_table(reviews)


def test_explanations_use_the_keys_of_the_table_and_words_only_for_a_report():
    text = "物流很快，但是价格贵"
    assert explain(text)["aspect"].tolist() == ["logistics", "price"]
    assert set(explain(text)["aspect"]) <= set(aspect_table([text]).table.index)
    assert explain(text, report_lang="en")["aspect"].tolist() == ["delivery", "price"]
    assert explain(text, report_lang="zh")["aspect"].tolist() == ["物流", "价格"]


def test_the_text_says_what_aspects_rest_on_and_which_are_too_broad():
    broad = aspect_table(["价格贵"] * 9 + ["物流快"])
    assert "Aspects are assigned by word lists and are unconfirmed" in broad.text("en")
    assert "Found in more than 80% of the texts, too broad to tell reviews apart: price (90%)." in broad.text("en")
    assert "方面由词表判定" in broad.text("zh")
    assert "价格 (90%)" in broad.text("zh")
    reviews = pd.DataFrame({"text": ["价格贵"] * 4 + ["物流快"], "shop": list("aaaab")})
    assert "too broad" not in aspect_table(reviews).text("en")  # 80 % is not more than 80 %
    assert "too broad" not in aspect_table(reviews, by="shop").text("en")  # over all groups, not within one
    assert "too broad" not in aspect_table(["满意"] * 5).text("en")  # `general` is what is left over
