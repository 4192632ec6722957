"""Plots of churn under contract, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.churn.plots.rates import plot_bridge, plot_churn_rates, plot_retention_triangle
from crm_analysis.churn.rates.contract_cohorts import contract_cohorts
from crm_analysis.churn.rates.contract_rates import account_bridge, contract_rates
from crm_analysis.churn.rates.monthly_rates import monthly_rates
from crm_analysis.errors import InputError
from crm_analysis.segments import cohorts


def contracts() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    start = pd.Timestamp("2012-01-01", tz="Asia/Shanghai") + pd.to_timedelta(rng.integers(0, 150, 90), unit="D")
    life = pd.Series(pd.to_timedelta(rng.integers(20, 200, 90), unit="D"))
    ended = (pd.Series(start) + life).where(rng.random(90) < 0.7)
    return pd.DataFrame({"account_id": [f"a{k}" for k in range(90)], "started_on": start, "ended_on": ended,
                         "fee": rng.integers(5, 9, 90) * 10.0,
                         "plan": np.where(rng.random(90) < 0.4, "$x$", "y")})  # fmt: skip


def drawn() -> dict[str, object]:
    months = monthly_rates(contracts(), start="2012-02-01", end="2012-06-20", draws=20)
    rates = contract_rates(contracts(), start="2012-03-01", end="2012-04-30", draws=20)
    return {
        "rates": lambda lang: plot_churn_rates(months, lang=lang),
        "bridge": lambda lang: plot_bridge(account_bridge(rates, of="mrr"), currency="CNY", lang=lang),
        "triangle": lambda lang: plot_retention_triangle(
            contract_cohorts(contracts(), data_end="2012-06-20"), lang=lang
        ),
    }


@pytest.mark.parametrize("name", ["rates", "bridge", "triangle"])
def test_words_differ_by_language_and_no_sign_is_missing(name, caplog):
    before, plot = dict(mpl.rcParams), drawn()[name]
    zh, en = plot("zh"), plot("en")
    assert zh.figure is not en.figure
    assert zh.get_ylabel() != en.get_ylabel()
    assert figures.alt_text(zh) != figures.alt_text(en)
    with caplog.at_level(logging.WARNING):
        assert figures.png(zh).startswith(b"\x89PNG")
        assert figures.png(en).startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


def test_points_limits_and_hollow_periods_are_those_of_the_table():
    table = monthly_rates(contracts(), start="2012-02-01", end="2012-06-20", draws=20)
    ax = figures.new_axes()
    assert plot_churn_rates(table, ax=ax) is ax
    np.testing.assert_allclose(ax.lines[0].get_ydata(), table["churn_rate"])
    bars = np.array([path.vertices[:, 1] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(bars, table[["churn_rate_low", "churn_rate_high"]])
    filled = ax.lines[-1].get_ydata()
    np.testing.assert_allclose(filled, table["churn_rate"][~table["partial"]])


def test_groups_stand_side_by_side_with_their_names():
    table = monthly_rates(contracts(), start="2012-02-01", end="2012-06-20", by="plan", draws=20)
    ax = plot_churn_rates(table, of="net_revenue_retention")
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [*dict.fromkeys(table.index.get_level_values(0)), "period not whole"]
    hollow = [handle.get_markerfacecolor() == "white" for handle in ax.get_legend().legend_handles]
    assert hollow == [False] * (len(names) - 1) + [True]
    with pytest.raises(InputError, match="nothing of 'lost'"):
        plot_churn_rates(table, of="lost")


def test_a_bridge_starts_and_ends_at_the_ground():
    rates = contract_rates(contracts(), start="2012-03-01", end="2012-04-30", draws=20)
    bridge = account_bridge(rates)
    ax = plot_bridge(bridge)
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == bridge.loc[bridge["bridge_change"] != 0, "bridge_change"].tolist()
    assert ax.patches[0].get_y() == ax.patches[-1].get_y() == 0
    assert ax.patches[-1].get_height() == rates["accounts_end"].iloc[0]


def test_triangle_cells_are_those_of_the_cohorts_and_unseen_ones_blank():
    found = contract_cohorts(contracts(), data_end="2012-06-20")
    cells = plot_retention_triangle(found).collections[0].get_array().filled(np.nan)
    np.testing.assert_allclose(cells[:-1], found.share)
    np.testing.assert_allclose(cells[-1], found.mean["share"])
    log = contracts()[["account_id", "started_on"]].set_axis(["customer_id", "at"], axis=1)
    log = pd.concat([log, log.assign(at=log["at"] + pd.Timedelta(40, "D"))])
    bought = cohorts(log, data_end="2012-06-20")
    cells = plot_retention_triangle(bought, lang="zh").collections[0].get_array().filled(np.nan)
    np.testing.assert_allclose(cells[:-1], bought.share.to_numpy()[bought.sizes > 0, 1:])
