"""The plot of the room, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.churn.after.follow_up import compare
from crm_analysis.churn.plots import plot_comparison

SIDES = ("later_share", "reference_share")


def table() -> pd.DataFrame:
    exposed = pd.DataFrame({"stratum": 1, "customer": range(40), "bought": np.arange(40) < 24})
    reference = pd.DataFrame({"stratum": 1, "customer": range(50, 120), "bought": np.arange(70) < 56})
    rows = [compare(exposed, reference), compare(exposed[20:], reference), compare(exposed[:0], reference)]
    index = pd.Index(["delivery", "$late$", "no_community"], name="reason")
    return pd.DataFrame(rows, index=index).rename(columns={"cases": "customers"})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dots_limits_and_differences_are_those_of_the_table(lang, caplog):
    rows, before = table().iloc[:2], dict(mpl.rcParams)
    ax = plot_comparison(table(), lang=lang)
    for name, marker, collection in zip(SIDES, "os", ax.collections):
        dots = next(line for line in ax.lines if line.get_marker() == marker)
        np.testing.assert_allclose(np.asarray(dots.get_xdata(), float), rows[name])
        drawn = [path.vertices[:, 0] for path in collection.get_paths()]
        np.testing.assert_allclose(drawn, rows[[f"{name}_low", f"{name}_high"]])
    assert [text.get_text() for text in ax.texts] == ["-20.0", "-60.0"]
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert (
        labels
        == {
            "zh": ["商品配送薄弱\n40 位客户", "$late$\n20 位客户"],
            "en": ["weak delivery\n40 customers", "$late$\n20 customers"],
        }[lang]
    )
    assert "60.0%" in figures.alt_text(ax)
    with caplog.at_level(logging.WARNING):
        assert figures.png(ax).startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


def test_axes_given_are_used_and_new_ones_made():
    ax = figures.new_axes()
    assert plot_comparison(table(), ax=ax) is ax
    first, second = plot_comparison(table(), lang="zh"), plot_comparison(table(), lang="en")
    assert first.figure is not second.figure
    assert first.get_xlabel() != second.get_xlabel()
    legends = [[text.get_text() for text in axes.get_legend().get_texts()] for axes in (first, second)]
    assert legends == [["受影响客户", "对照客户"], ["customers concerned", "comparison"]]
