"""Plots of a worklist, read back."""

import logging

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text, new_axes, png
from crm_analysis.segments.plots.worklist import plot_worklist, plot_worklist_account
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.worklist import worklist

ACTIONS = [Action("mail", "短信", "message", cost=0.5, accept=0.1), Action("call", "电话", "call", cost=8, accept=0.2)]


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"churn_probability": rng.beta(1, 3, 200), "clv": rng.lognormal(5, 0.8, 200),
                          "city": rng.choice(list("abcdefghijklmno"), 200)},
                         index=[f"{i:03d}" for i in range(200)])  # fmt: skip
    return worklist(frame, ACTIONS, budget=400, exclude=["001"], holdout=0.2, keep=["city"])


def widths(ax):
    return [float(bar.get_width()) for bar in ax.patches]


def test_bars_are_those_of_the_summary(found):
    table = found.summary()
    assert widths(plot_worklist(found)) == [*table["to_contact"], *table["held_out"]]
    assert widths(plot_worklist_account(found)) == found.account["customers"].tolist()


def test_many_groups_are_joined(found):
    ax = plot_worklist(found, by="city", most=5)
    assert len(ax.patches) == 10
    assert sum(widths(ax)) == len(found.table)
    assert "11 others" in ax.get_yticklabels()[-1].get_text()


@pytest.mark.parametrize("function", [plot_worklist, plot_worklist_account])
def test_both_languages_on_the_axes_given(found, function, caplog):
    given = new_axes()
    with caplog.at_level(logging.WARNING):
        chinese, english = function(found, ax=given, lang="zh"), function(found)
        assert png(english, dpi=40) + png(chinese, dpi=40)
    assert chinese is given
    assert not [record for record in caplog.records if "glyph" in record.getMessage().lower()]
    for ax, own in ((chinese, True), (english, False)):
        texts = [ax.get_xlabel(), alt_text(ax), *(text.get_text() for text in ax.get_yticklabels())]
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) == own for text in texts), texts


def test_money_signs_are_no_formulas_and_an_empty_list_says_so(found):
    assert png(plot_worklist(found, currency="US$ and CA$"), dpi=40)
    nobody = worklist(pd.DataFrame({"churn_probability": [0.0], "clv": [1.0]}, index=["a"]), ACTIONS)
    with pytest.raises(InputError, match="nobody is on the list"):
        plot_worklist(nobody)
    assert png(plot_worklist_account(nobody), dpi=40)
