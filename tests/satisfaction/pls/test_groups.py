"""Groups: a planted difference is found, MICOM tells what differs, levels hold, bad groups are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.groups import compare_groups
from crm_analysis.satisfaction.pls.micom import KINDS, permutation_p
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words

MODEL = PathModel({"a": ["a1", "a2", "a3"], "b": ["b1", "b2"]}, [("a", "b")])


def two_groups(*, slope=0.6, shift=0.0, first_item=0.8, n=150, seed=1) -> pd.DataFrame:
    """Answers of two groups; the arguments are those of the second, the first has slope .6, no shift, loading .8."""
    rng = np.random.default_rng(seed)
    parts = []
    for name, path, mean, lead in (("old", 0.6, 0.0, 0.8), ("new", slope, shift, first_item)):
        a = rng.normal(size=n) + mean
        b = path * (a - mean) + np.sqrt(1 - path**2) * rng.normal(size=n)
        lengths = np.array([lead, 0.8, 0.8, 0.85, 0.85])
        hidden = np.stack([a, a, a, b, b], axis=1)
        values = lengths * hidden + np.sqrt(1 - lengths**2) * rng.normal(size=(n, 5))
        parts.append(pd.DataFrame(values, columns=list(MODEL.items)).assign(group=name))
    return pd.concat(parts)  # the index repeats, as users' frames do


def test_groups_are_fitted_as_alone_and_a_planted_difference_is_found():
    survey = two_groups(slope=-0.2)
    found = compare_groups(survey, MODEL, by="group", draws=199)
    row = found.paths.iloc[0]
    assert (row["first_group"], row["second_group"]) == ("new", "old")
    for name, path in (("new", row["path_first"]), ("old", row["path_second"])):
        alone = PLS(MODEL).fit(survey[survey["group"] == name])
        assert path == pytest.approx(alone.paths_["path"].item(), abs=1e-8)
    assert row["path_difference"] == pytest.approx(row["path_first"] - row["path_second"])
    assert row["p"] == 1 / 200
    assert "a→b (-" in found.text("en")


def test_equal_groups_are_not_told_apart_more_often_than_the_level():
    ps = [compare_groups(two_groups(n=60, seed=seed), MODEL, by="group", draws=99).paths["p"].item()
          for seed in range(40)]  # fmt: skip
    assert np.mean(np.array(ps) <= 0.1) <= 0.2
    assert 0.3 < np.mean(ps) < 0.7


@pytest.mark.parametrize(
    ("change", "kind"),
    [({}, KINDS[0]), ({"shift": 1.0}, KINDS[1]), ({"first_item": -0.1}, KINDS[2])],
)
def test_micom_tells_what_differs(change, kind):
    found = compare_groups(two_groups(n=300, **change), MODEL, by="group", draws=199, level=0.98)
    same = found.invariance.set_index("construct")
    assert same.loc["a", "invariance"] == kind
    assert (same["composition"] <= 1 + 1e-12).all()
    if kind == KINDS[1]:
        assert same.loc["a", "mean_difference"] > 0.5
        assert same.loc["a", "mean_p"] == 1 / 200
    if kind == KINDS[2]:
        assert "composed differently in the groups" in found.text("en")
        assert "构成在两组不同" in found.text("zh")


def test_differences_on_a_construct_composed_differently_are_not_claimed():
    found = compare_groups(two_groups(n=300, slope=-0.3, first_item=-0.1), MODEL, by="group", draws=199)
    assert "paths that differ clearly: none." in found.text("en")
    assert "nothing is concluded about a→b" in found.text("en")
    assert "因此不作结论：a→b" in found.text("zh")


def test_steps_two_and_three_by_hand():
    survey = two_groups(shift=0.4)
    found = compare_groups(survey, MODEL, by="group", draws=9).invariance.set_index("construct")
    scaled = (survey[list(MODEL.items)] - survey[list(MODEL.items)].mean()) / survey[list(MODEL.items)].std()
    pooled = PLS(MODEL).fit(survey.reset_index(drop=True)).scores_
    member = (survey["group"] == "new").to_numpy()
    weights = [PLS(MODEL).fit(survey[member == side]).solution_.weights[0] for side in (True, False)]
    for k, name in enumerate(MODEL.constructs):
        c = np.corrcoef(scaled @ weights[0][:, k], scaled @ weights[1][:, k])[0, 1]
        assert found.loc[name, "composition"] == pytest.approx(c, abs=1e-9)
        first, second = pooled.loc[member, name], pooled.loc[~member, name]
        assert found.loc[name, "mean_difference"] == pytest.approx(first.mean() - second.mean())
        assert found.loc[name, "log_variance_ratio"] == pytest.approx(np.log(first.var() / second.var()))


def test_three_groups_in_pairs_gaps_and_missing_labels_counted():
    survey = two_groups(n=90).reset_index(drop=True)
    survey["group"] = np.array([3, 1, 2, 1, 2, 3])[np.arange(180) % 6].astype(object)
    survey.loc[5, "group"] = None
    survey.loc[[6, 7], "a1"] = np.nan
    found = compare_groups(survey, MODEL, by="group", draws=29, seed=4)
    assert found.paths[["first_group", "second_group"]].to_numpy().tolist() == [[1, 2], [1, 3], [2, 3]]
    assert found.unlabelled == 1
    assert found.respondents.to_numpy().sum(axis=0).tolist() == [177, 2]
    assert (found.paths["p_holm"] >= found.paths["p"]).all()
    assert "2 with gaps and 1 without a group do not count" in found.text("en")
    again = compare_groups(survey, MODEL, by="group", draws=29, seed=4)
    pd.testing.assert_frame_equal(found.paths, again.paths)


def test_order_of_rows_does_not_change_what_was_observed():
    survey = two_groups(slope=0.1)
    first = compare_groups(survey, MODEL, by="group", draws=9)
    second = compare_groups(survey.sample(frac=1, random_state=0), MODEL, by="group", draws=9)
    columns = ["path_first", "path_second", "path_difference"]
    np.testing.assert_allclose(first.paths[columns], second.paths[columns], atol=1e-8)


def test_permutation_p_counts_the_observed_fit():
    values = np.array([[3.0, 1.0], [1.0, 1.0], [2.0, 0.5], [0.0, 2.0]])
    assert permutation_p(values).tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("change", "by", "message"),
    [
        ({}, "grp", "no column 'grp'"),
        ({"group": "all"}, "group", "names 1 groups"),
        ({"group": ["x"] * 5 + ["y"] * 295}, "group", r"too few respondents in x \(5\)"),
    ],
)
def test_groups_that_cannot_be_compared(change, by, message):
    with pytest.raises(InputError, match=message) as error:
        compare_groups(two_groups().assign(**change), MODEL, by=by)
    assert error.value.zh != error.value.what


def test_a_group_without_a_solution_is_named():
    survey = two_groups(n=50)
    survey["a1"] = survey["a1"].where(survey["group"] == "old", 1.0)
    with pytest.raises(InputError, match=r"fits of new and old have no usable solution.*constant_item a1"):
        compare_groups(survey, MODEL, by="group", draws=9)


def test_every_column_and_kind_has_a_word():
    found = compare_groups(two_groups(n=30), MODEL, by="group", draws=9)
    names = {*found.paths, *found.invariance, *found.respondents, found.respondents.index.name, *found.failures}
    assert names | set(KINDS) <= set(all_words())


def test_too_few_permutations_for_so_many_comparisons_are_told():
    survey = two_groups(n=60)
    survey["group"] = np.resize(["a", "b", "c"], len(survey))
    found = compare_groups(survey, MODEL, by="group", draws=39)  # 3 comparisons: 3 / 40
    assert "below 0.075" in found.text("en")
    assert "不会小于 0.075" in found.text("zh")
    assert "draws" not in compare_groups(two_groups(n=60), MODEL, by="group", draws=39).text("en")


def test_chinese_has_chinese_brackets():
    assert "a→b（-" in compare_groups(two_groups(slope=-0.2), MODEL, by="group", draws=99).text("zh")


def test_no_permutation_is_no_test():
    with pytest.raises(InputError, match="draws=0"):
        compare_groups(two_groups(n=60), MODEL, by="group", draws=0)
