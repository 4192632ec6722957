"""Kano's rules: the evaluation table, classes, coefficients, and the two tests of the largest classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities import kano_rules as rules
from crm_analysis.satisfaction.priorities.kano_margin import fong_limit, margin_table, multinomial_limit

COUNTS = st.lists(st.integers(0, 60), min_size=6, max_size=6)
LETTER = {name: letter for letter, name in rules.LETTERS.items()}


def letters(table):
    return ["".join(LETTER[cell] for cell in row) for row in table.to_numpy()]


def test_the_evaluation_table_is_the_published_one_and_strict_doubts_two_cells_more():
    assert letters(rules.evaluation_table()) == ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]
    assert letters(rules.evaluation_table("strict")) == ["QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"]
    with pytest.raises(InputError, match="no evaluation table 'loose'"):
        rules.evaluation_table("loose")


def test_a_changed_table_is_read_by_name_or_letter_and_a_wrong_one_refused():
    table = rules.evaluation_table()
    by_letter = table.map(LETTER.get)
    np.testing.assert_array_equal(rules.read_evaluation(table), rules.read_evaluation(by_letter))
    for wrong in (table.iloc[:4], table.replace("reverse", "bad")):
        with pytest.raises(InputError, match="no evaluation table"):
            rules.read_evaluation(wrong)


def test_ties_go_to_must_be_then_one_dimensional_attractive_indifferent():
    assert [rules.CLASSES[rules.classify(row)] for row in np.triu(np.full((6, 6), 10))] == list(rules.CLASSES)
    assert rules.classify(np.zeros(6)) == -1


def test_the_grouped_rule_asks_first_whether_the_attribute_is_wanted():
    counts = [20, 20, 15, 40, 5, 0]
    assert rules.classify(counts) == 3
    assert rules.classify(counts, rule="grouped") == 0
    assert rules.classify([10, 0, 0, 40, 0, 0], rule="grouped") == 3


@pytest.mark.parametrize(
    ("must", "one", "attractive", "indifferent", "better", "worse", "name"),
    [
        (49.3, 32.3, 7.0, 9.5, 0.4006, -0.8318, "must_be"),  # edge grip
        (30.5, 45.1, 10.4, 11.5, 0.5692, -0.7754, "one_dimensional"),  # ease of turn
        (2.9, 21.6, 63.8, 8.5, 0.8822, -0.2531, "attractive"),  # service
    ],
)
def test_ski_study(must, one, attractive, indifferent, better, worse, name):
    counts = [must, one, attractive, indifferent, 0, 0]
    np.testing.assert_allclose(rules.better_worse(counts), [better, worse], atol=1e-4)
    assert rules.CLASSES[rules.classify(counts)] == name


@given(COUNTS)
def test_better_and_worse_lie_between_0_and_1_and_leave_out_reverse_and_questionable(counts):
    better, worse = rules.better_worse(counts)
    if sum(counts[:4]):
        assert 0 <= better <= 1
        assert 0 <= -worse <= 1
        np.testing.assert_allclose(rules.better_worse([*counts[:4], 0, 0]), [better, worse])
    else:
        assert np.isnan(better)
        assert np.isnan(worse)


@given(COUNTS, st.integers(2, 9))
def test_classes_and_coefficients_do_not_hang_on_scale(counts, times):
    scaled = np.array(counts) * times
    assert rules.classify(counts) == rules.classify(scaled)
    np.testing.assert_allclose(rules.better_worse(counts), rules.better_worse(scaled))


def test_the_diagram_has_four_quadrants_and_high_from_the_line_on():
    found = rules.diagram_class([0.5, 0.5, 0.4, 0.4, np.nan], [-0.5, -0.4, -0.5, -0.4, np.nan])
    assert found.tolist() == [1, 2, 0, 3, -1]
    lines = np.array([[[0.6, 0.3]], [[0.2, 0.9]]])
    assert rules.diagram_class(np.full((2, 1), 0.4), np.full((2, 1), -0.4), cut=lines).tolist() == [[0], [2]]


def test_limits_of_40_against_28_among_100():
    assert fong_limit(40, 28, 100) == pytest.approx(11.054, abs=1e-3)
    assert multinomial_limit(40, 28) == pytest.approx(13.565, abs=1e-3)
    counts = np.array([[40.0, 28, 12, 20, 0, 0]])
    assert margin_table(counts, test="fong")["distinct"].tolist() == [True]
    assert margin_table(counts, test="multinomial")["distinct"].tolist() == [False]
    found = margin_table(counts, test="multinomial")
    assert found["strength_limit"][0] == pytest.approx(0.13565, abs=1e-5)
    assert found["total_strength"][0] == pytest.approx(0.8)
    assert found["second_class"].tolist() == [1]


@pytest.mark.parametrize("share", [0.25, 0.35, 0.45])
def test_fong_calls_15_to_22_per_cent_of_ties_different_and_the_multinomial_test_about_10(share):
    rest = 1 - 2 * share
    counts = np.random.default_rng(1).multinomial(200, [share, share, rest, 0, 0, 0], 20_000)
    a, b = counts[:, 0], counts[:, 1]
    gap = np.abs(a - b)
    assert 0.14 < (gap >= fong_limit(a, b, 200)).mean() < 0.225
    assert 0.08 < (gap >= multinomial_limit(a, b)).mean() < 0.115


@given(COUNTS)
def test_p_of_the_multinomial_test_is_at_most_a_tenth_just_where_classes_differ(counts):
    found = margin_table(np.array([counts], float), test="multinomial")
    p = found["p"][0]
    if np.isfinite(p) and abs(p - 0.1) > 1e-4:
        assert (p < 0.1) == found["distinct"][0]


def test_nobody_and_one_class_only_have_no_second_class():
    found = margin_table(np.array([[0.0] * 6, [9, 0, 0, 0, 0, 0]]), test="multinomial")
    assert found["second_class"].tolist() == [-1, -1]
    assert found["distinct"].tolist() == [False, True]
    assert np.isnan(found["category_strength"][0])


def test_the_grouped_rule_compares_within_the_group_that_won():
    counts = np.array([[350, 100, 100, 400, 0, 50], [100.0, 0, 0, 400, 60, 0]])
    found = margin_table(counts, test="multinomial", rule="grouped")
    assert rules.classify(counts, rule="grouped").tolist() == [0, 3]
    assert found["second_class"].tolist() == [1, 4]  # of the first row not must-be itself
    assert found["category_strength"] == pytest.approx([0.25, 340 / 560])
    assert found["distinct"].all()
