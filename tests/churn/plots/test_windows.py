"""Plots of windows, churn rates, lengths and single features, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import num2date

from crm_analysis import figures
from crm_analysis.churn.plots.windows import (
    plot_churn_by_cutoff,
    plot_feature_aucs,
    plot_outcome_lengths,
    plot_windows,
)
from crm_analysis.churn.windows.forward import forward_plan
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError

TEST = Windows("2010-08-31", data_end="2010-12-09", outcome=90, gap=7, data_start="2009-12-01")
DAYS = pd.to_datetime(["2010-05-31", "2010-08-31"])


def limits(name: str, values: list[float]) -> dict[str, list[float]]:
    return {name: values, f"{name}_low": [x - 0.02 for x in values], f"{name}_high": [x + 0.03 for x in values]}


ACCOUNT = pd.DataFrame({"eligible": [2703, 3321]} | limits("churn_rate", [0.505, 0.419]), index=DAYS)
LENGTHS = pd.DataFrame(
    limits("churn_rate", [0.7, 0.5, np.nan]) | limits("bought_later_within", [0.4, np.nan, np.nan]), index=[30, 90, 300]
)
LENGTHS.attrs["within"] = 60
AUCS = pd.DataFrame(limits("feature_auc", [0.6, 0.99, 0.7]), index=["age", "$closed$", "tenure"])


def drawn() -> dict:
    return {
        "windows": lambda **how: plot_windows([TEST, TEST.at("2010-05-31")], **how),
        "plan": lambda **how: plot_windows(forward_plan(TEST, cutoffs=2, step=45), **how),
        "cutoffs": lambda **how: plot_churn_by_cutoff(ACCOUNT, **how),
        "lengths": lambda **how: plot_outcome_lengths(LENGTHS, **how),
        "aucs": lambda **how: plot_feature_aucs(AUCS, **how),
    }


@pytest.mark.parametrize("name", drawn())
def test_both_languages_new_axes_given_axes_and_no_missing_glyph(name, caplog):
    make, before = drawn()[name], dict(mpl.rcParams)
    given, first, second = figures.new_axes(), make(lang="en"), make(lang="zh")
    assert make(ax=given) is given
    assert first.figure is not second.figure
    assert first.get_xlabel() + first.get_ylabel() != second.get_xlabel() + second.get_ylabel()
    assert figures.alt_text(first) != figures.alt_text(second)
    with caplog.at_level(logging.WARNING):
        for ax in (first, second):
            assert figures.png(ax, dpi=50).startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before
    with pytest.raises(ValueError, match="lang"):
        make(lang="de")


def test_bars_are_the_spans():
    ax = plot_windows([TEST, TEST.at("2010-05-31")])
    bars = [(round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width()) for bar in ax.patches]
    late = [(f"{num2date(x):%Y-%m-%d}", width) for row, x, width in bars if row == 1]
    assert late == [("2009-12-01", 274), ("2010-09-01", 7), ("2010-09-08", 90)]
    assert len({(bar.get_hatch(), round(bar.get_height(), 2)) for bar in ax.patches}) == 3  # not by colour alone
    assert f"{num2date(ax.lines[-1].get_xdata()[0]):%Y-%m-%d}" == "2010-12-10"  # the end of the last day
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "observation", "gap", "outcome", "cutoff", "end of the data",
    ]  # fmt: skip
    no_gap = plot_windows(Windows("2010-08-31", data_end="2010-12-09", outcome=30), lang="zh")
    assert [text.get_text() for text in no_gap.get_legend().get_texts()] == ["观察期", "结果期", "截止日", "数据末日"]
    assert no_gap.patches[0].get_width() == 91  # an observation without a bound


def test_a_plan_names_what_each_cutoff_is_for():
    plan = forward_plan(TEST, cutoffs=1, step=45)
    ax = plot_windows(plan)
    names = [text.get_text().split("\n") for text in ax.get_yticklabels()]
    assert [name[1] for name in names] == ["training", "refused", "refused", "test"]
    assert names[0][0] == f"{plan.training[0].cutoff_date:%Y-%m-%d}"
    assert sorted({bar.get_alpha() for bar in ax.patches}) == [0.35, 1]


def test_rates_limits_and_counts_by_cutoff():
    ax = plot_churn_by_cutoff(ACCOUNT)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), ACCOUNT["churn_rate"])
    spans = [path.vertices[:, 1] for path in ax.collections[0].get_paths()]
    np.testing.assert_allclose(spans, ACCOUNT[["churn_rate_low", "churn_rate_high"]])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["2010-05-31\n2,703", "2010-08-31\n3,321"]
    assert [text.get_text() for text in ax.texts] == ["50.5%", "41.9%"]
    assert "lowest 41.9%, highest 50.5%" in figures.alt_text(ax)
    assert ax.get_ylim()[0] == 0


def test_lengths_that_cannot_be_seen_are_said_to_be_unknown():
    ax = plot_outcome_lengths(LENGTHS, lang="en")
    points = [line for line in ax.lines if line.get_marker() in ("o", "s")]
    np.testing.assert_allclose(points[0].get_ydata(), LENGTHS["churn_rate"])
    np.testing.assert_allclose(points[1].get_ydata(), LENGTHS["bought_later_within"])
    assert [text.get_text() for text in ax.texts] == ["not known yet"] * 2
    assert "within 60 days" in ax.get_legend().get_texts()[1].get_text()
    assert "70.0% count as churned" in figures.alt_text(ax)


def test_bars_of_single_features_start_at_one_half_and_the_loud_are_hatched():
    ax = plot_feature_aucs(AUCS)
    assert ax.get_yticklabels()[0].get_text() == "$closed$"
    np.testing.assert_allclose([bar.get_x() + bar.get_width() for bar in ax.patches], [0.99, 0.7, 0.6])
    assert [bar.get_hatch() for bar in ax.patches] == ["///", "", ""]
    assert "1 above the alarm at 0.97" in figures.alt_text(ax)
    many = pd.concat([AUCS] * 10).set_axis([f"x{n}" for n in range(30)])
    assert len(plot_feature_aucs(many).patches) == 15


@pytest.mark.parametrize("make", [plot_churn_by_cutoff, plot_outcome_lengths, plot_feature_aucs])
def test_tables_of_another_kind_are_refused(make):
    with pytest.raises(InputError, match="the table lacks"):
        make(pd.DataFrame({"x": [1]}))
    with pytest.raises(InputError, match="no rows"):
        make(pd.concat([ACCOUNT, LENGTHS, AUCS], axis=1).iloc[:0])


def test_the_level_of_the_intervals_is_that_of_the_table():
    lengths, aucs = LENGTHS.copy(), AUCS.copy()
    lengths.attrs["level"] = aucs.attrs["level"] = 0.9
    for lang in ("en", "zh"):
        assert "90" in plot_outcome_lengths(lengths, lang=lang).get_ylabel()
        assert "90" in plot_feature_aucs(aucs, lang=lang).get_xlabel()
    assert "95 % intervals" in plot_feature_aucs(AUCS).get_xlabel()
