"""Sample sizes: published numbers, corrections, the plan, and a check by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.limits import nps_moments
from crm_analysis.satisfaction.scores.planner import (
    nps_variance,
    plan,
    precision_table,
    sample_size_mean,
    sample_size_nps,
    sample_size_pls,
    sample_size_share,
    sample_size_two_groups,
)


def test_numbers_published():
    assert sample_size_share(0.05) == 385
    assert sample_size_share(0.05, population=1000) == 278
    assert sample_size_nps(0.05, promoters=0.5, detractors=0.2) == 938
    assert sample_size_nps(0.05) == 1537
    assert sample_size_two_groups(0.10, first_variance=0.61, second_variance=0.61) == 958
    assert sample_size_pls(0.15) == 275
    assert [sample_size_pls(p) for p in (0.1, 0.2, 0.3, 0.4, 0.5)] == [619, 155, 69, 39, 25]
    assert sample_size_mean(0.2, sd=2) == 385


def test_corrections():
    assert sample_size_share(0.05, design_effect=1.5) == 577  # 384.15 x 1.5
    assert sample_size_share(0.05, response_rate=0.3) == 1284  # 385 / .3
    assert sample_size_share(0.05, population=10**9) == 385
    assert sample_size_share(0.05, share=0.0) == 1
    assert sample_size_two_groups(0.1, first_variance=0.61, second_variance=0.61, response_rate=0.5) == 1916


def test_power_by_simulation():
    n = sample_size_two_groups(0.15, first_variance=nps_variance(0.5, 0.2), second_variance=nps_variance(0.4, 0.25))
    rng = np.random.default_rng(7)
    first, second = (rng.multinomial(n, mix, 4000) for mix in ((0.5, 0.3, 0.2), (0.4, 0.35, 0.25)))
    (x, v), (y, w) = nps_moments(*first.T), nps_moments(*second.T)
    assert np.mean(np.abs(x - y) > 1.959964 * np.sqrt(v + w)) == pytest.approx(0.8, abs=0.025)


def test_what_cannot_be_reached_is_said():
    with pytest.raises(InputError, match="1,112 people would have to be asked, the population has 1,000"):
        sample_size_share(0.05, population=1000, response_rate=0.25)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: sample_size_share(5), "if 5 points were meant, pass 0.05"),
        (lambda: sample_size_share(0.05, share=1.2), "share=1.2"),
        (lambda: sample_size_share(0.05, design_effect=0.5), "design_effect=0.5"),
        (lambda: sample_size_share(0.05, response_rate=0), "response_rate=0"),
        (lambda: sample_size_share(0.05, population=0), "population=0"),
        (lambda: sample_size_nps(0.05, promoters=0.8, detractors=0.4), "no shares of one whole"),
        (lambda: sample_size_mean(0.1, sd=0), "sd=0"),
        (lambda: sample_size_two_groups(0, first_variance=1, second_variance=1), "difference=0"),
        (lambda: sample_size_pls(0), "no path"),
        (lambda: plan(groups=0), "groups=0"),
        (lambda: precision_table([0]), "out of range"),
    ],
)
def test_arguments_out_of_range(call, what):
    with pytest.raises(InputError, match=what):
        call()


def test_plan_agrees_with_the_functions():
    table = plan(margins=[0.05, 0.1], promoters=0.5, detractors=0.2, sd=2, mean_margins=[0.2], smallest_path=-0.15,
                 response_rate=0.25, design_effect=1.2)  # fmt: skip
    found = table.set_index(["plan_goal", "plan_precision"])["needed_answers"]
    how = {"design_effect": 1.2}
    assert found["satisfied_share", 0.05] == sample_size_share(0.05, **how)
    assert found["nps", 0.1] == sample_size_nps(0.1, promoters=0.5, detractors=0.2, **how)
    assert found["nps_difference", 0.1] == 2 * sample_size_two_groups(0.1, first_variance=0.61, second_variance=0.61,
                                                                      **how)  # fmt: skip
    assert found["mean_score", 0.2] == sample_size_mean(0.2, sd=2, **how)
    assert found["smallest_path", 0.15] == pytest.approx(sample_size_pls(0.15, **how), abs=1)
    assert (table["invitations"] >= 4 * table["needed_answers"]).all()
    assert table["feasible"].all()


def test_plan_for_groups_asks_for_each():
    one, four = (plan(margins=[0.1], groups=g) for g in (1, 4))
    assert (four["answers_per_group"] == one["answers_per_group"]).all()
    assert four["needed_answers"].tolist() == [4 * 97, 4 * 385, 4 * 1570]
    assert one["needed_answers"].tolist() == [97, 385, 2 * 1570]  # a difference needs two groups
    assert plan(margins=[0.05], population=2000, response_rate=0.25)["feasible"].tolist() == [True, False, False]


def test_precision_is_the_inverse_of_the_plan():
    n = sample_size_nps(0.05, promoters=0.5, detractors=0.2)
    table = precision_table([n - 1, n], promoters=0.5, detractors=0.2)
    assert table["nps_margin"].iloc[1] <= 0.05 < table["nps_margin"].iloc[0]
    assert precision_table([1000], population=1000).iloc[0].tolist() == [0, 0]
