"""CSAT and CES by segment: the dots are the shares, small segments are hollow, the line is that of all."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis.figures import alt_text
from crm_analysis.satisfaction.plots.satisfied import plot_ces, plot_csat
from crm_analysis.satisfaction.scores.ces import ces_table
from crm_analysis.satisfaction.scores.csat import csat_table


@pytest.fixture
def survey() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame({"q": rng.integers(1, 6, 120), "city": ["北京"] * 80 + ["上海"] * 35 + ["杭州"] * 5})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csat", "ces"])
def test_dots_are_the_values_of_the_table(survey, kind, lang):
    if kind == "csat":
        table, draw, name = csat_table(survey, question="q", by="city", low=1, high=5), plot_csat, "csat_share"
    else:
        table = ces_table(survey, question="q", by="city", direction="low_is_easy", low=1, high=5)
        draw, name = plot_ces, "ces"
    ax = draw(table, lang=lang)
    drawn = ax.collections[-1].get_offsets()
    assert drawn[:, 0].tolist() == pytest.approx(table.drop("total")[name].tolist())
    assert ax.lines[-1].get_xdata()[0] == pytest.approx(table.loc["total", name])
    hollow = [tuple(colour[:3]) == (1, 1, 1) for colour in ax.collections[-1].get_facecolors()]
    assert hollow == table.drop("total")["too_few"].tolist()
    assert "北京" in alt_text(ax) or "上海" in alt_text(ax) or "杭州" in alt_text(ax)
    plt.close(ax.figure)


def test_a_table_of_all_alone_is_drawn(survey):
    ax = plot_csat(csat_table(survey, question="q", low=1, high=5))
    assert len(ax.get_yticks()) == 1
    plt.close(ax.figure)
