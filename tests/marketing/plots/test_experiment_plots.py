"""Plots of experiments and uplift read back: what was drawn is what the results hold, in both languages."""

from __future__ import annotations

import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.errors import InputError
from crm_analysis.marketing import plots
from crm_analysis.marketing.experiments import experiment, peeking_table, plan_experiment
from crm_analysis.marketing.uplift import policy_table, qini, risk_and_uplift, uplift_by_decile


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    arm = rng.choice(["a very long name of an arm at $5 and $6", "sms", "holdout"], 1500)
    frame = pd.DataFrame({"arm": arm, "bought": rng.random(1500) < 0.1 + 0.1 * (arm == "sms"),
                          "spend": rng.gamma(2, 30, 1500), "age": rng.normal(30, 9, 1500),
                          "sex": rng.choice(["f", "m"], 1500)})  # fmt: skip
    return experiment(frame, outcome="bought", metrics=["spend"], covariates=["age", "sex"])


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    x, treated = rng.random(900), rng.integers(0, 2, 900)
    return x, (rng.random(900) < 0.3 + treated * (0.5 * x - 0.2)).astype(int), treated


def drawings(found, rows):
    risk = risk_and_uplift(1 - rows[0], uplift=rows[0] / 2 - 0.2, y=rows[1], treated=rows[2])
    yield plots.plot_effects, found, {}
    yield plots.plot_effects, found, {"relative": False, "metrics": ["bought"]}
    yield plots.plot_balance, found, {}
    yield plots.plot_power, plan_experiment(0.1, effect=0.02, units_per_day=500), {}
    yield plots.plot_peeking, peeking_table(draws=2000), {}
    yield plots.plot_qini, qini(*rows, draws=50), {}
    yield plots.plot_uplift_by_decile, uplift_by_decile(*rows), {}
    yield plots.plot_risk_and_uplift, risk.table, {}
    yield plots.plot_policy, policy_table(*rows, value=9, cost=1), {"currency": "$"}


def xy(ax, marker="o"):
    return np.array(
        [line.get_xydata()[0] for line in ax.lines if line.get_marker() == marker and len(line.get_xdata()) == 1]
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_plot_has_alt_text_its_own_axes_and_all_glyphs(found, rows, lang, caplog):
    before = dict(mpl.rcParams)
    for draw, data, more in drawings(found, rows):
        _, given = plt.subplots()
        assert draw(data, ax=given, lang=lang, **more) is given
        ax = draw(data, lang=lang, **more)
        assert ax is not draw(data, lang=lang, **more)
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in figures.alt_text(ax) + ax.get_xlabel() + ax.get_ylabel())
        assert chinese is (lang == "zh")
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        with caplog.at_level(logging.WARNING):
            assert figures.png(ax)
        plt.close("all")
    assert not caplog.records
    assert dict(mpl.rcParams) == before


def test_effects_are_the_dots_with_their_limits(found):
    ax = plots.plot_effects(found)
    assert xy(ax)[:, 0] == pytest.approx(found.effects["relative_effect"].to_numpy())
    ends = np.array([part[:, 0] for box in ax.collections for part in box.get_segments()])
    assert ends == pytest.approx(found.effects[["relative_effect_low", "relative_effect_high"]].to_numpy())
    clear = (found.effects["relative_effect_low"] > 0) | (found.effects["relative_effect_high"] < 0)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_markerfacecolor() != "white" for dot in dots] == clear.tolist()
    assert not ax.get_yticklabels()[0].get_parse_math()


def test_effects_of_different_units_do_not_share_an_axis(found):
    with pytest.raises(InputError, match="different units"):
        plots.plot_effects(found, relative=False)
    with pytest.raises(InputError, match="not measured: clicks"):
        plots.plot_effects(found, metrics=["clicks"])
    ax = plots.plot_effects(found, metrics=["spend"], relative=False)
    assert xy(ax)[:, 0] == pytest.approx(found.effects.loc[found.effects["metric"] == "spend", "effect"].to_numpy())


def test_balance_is_drawn_for_each_arm(found):
    ax = plots.plot_balance(found)
    drawn = [line.get_xdata() for line in ax.lines if line.get_linestyle() == "None"]
    table = found.balance.set_index(["covariate", "arm"])["standardised_difference"]
    order = found.balance["covariate"].drop_duplicates()
    for values, arm in zip(drawn, found.balance["arm"].drop_duplicates()):
        assert values == pytest.approx(table.loc[[(name, arm) for name in order]].to_numpy())
    bare = experiment(pd.DataFrame({"arm": ["a", "holdout"], "bought": [1, 0]}), outcome="bought")
    with pytest.raises(InputError, match="no covariates"):
        plots.plot_balance(bare)


def test_power_and_peeking_are_their_tables():
    plan, table = plan_experiment(0.1, effect=0.02), peeking_table([1, 2, 5], draws=2000)
    ax = plots.plot_power(plan)
    assert ax.lines[0].get_xydata() == pytest.approx(plan.curve[["units", "power"]].to_numpy())
    assert xy(ax, "D")[0] == pytest.approx([plan.units, plan.power])
    ax = plots.plot_peeking(table, lang="zh")
    assert ax.lines[0].get_xydata() == pytest.approx(table[["looks", "false_alarm"]].to_numpy())
    assert [text.get_text() for text in ax.texts] == [f"{value:.1%}" for value in table["false_alarm"]]


def test_the_qini_curve_its_line_and_its_band(rows):
    found = qini(*rows, draws=50)
    ax = plots.plot_qini(found)
    assert ax.lines[0].get_xydata() == pytest.approx(found.steps[["share", "qini"]].to_numpy())
    assert ax.lines[1].get_ydata() == pytest.approx([0, found.steps["qini"].iloc[-1]])
    edge = ax.collections[0].get_paths()[0].vertices
    assert edge[:, 1].max() == pytest.approx(found.curve["qini_high"].max())
    assert not plots.plot_qini(qini(*rows, draws=0)).collections


def test_bars_are_the_effects_and_few_customers_are_hatched(rows):
    table = uplift_by_decile(*rows)
    table.loc[3, "few_customers"] = True
    ax = plots.plot_uplift_by_decile(table)
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(table["uplift"].tolist())
    assert [bool(bar.get_hatch()) for bar in ax.patches] == table["few_customers"].tolist()
    segments = np.array([part[:, 1] for part in ax.collections[0].get_segments()])
    assert segments == pytest.approx(table[["uplift_low", "uplift_high"]].to_numpy())


def test_risk_has_both_measured_and_predicted(rows):
    table = risk_and_uplift(1 - rows[0], uplift=rows[0] / 2, y=rows[1], treated=rows[2]).table
    ax = plots.plot_risk_and_uplift(table)
    assert ax.lines[0].get_ydata() == pytest.approx(table["predicted_uplift"].to_numpy())
    assert xy(ax)[:, 1] == pytest.approx(table["uplift"].to_numpy())
    with pytest.raises(InputError, match="neither"):
        plots.plot_risk_and_uplift(table[["risk_group", "risk_mean"]])


def test_policy_runs_from_nobody_to_everybody(rows):
    table = policy_table(*rows, value=9, cost=1)
    ax = plots.plot_policy(table, currency="CNY")
    assert ax.lines[0].get_xydata() == pytest.approx(table[["share", "gain_per_1000"]].to_numpy())
    assert ax.get_ylabel() == "gain per 1,000 customers (CNY)"
    assert "好结果数" in plots.plot_policy(table, lang="zh").get_ylabel()
