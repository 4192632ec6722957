"""Plots of how long accounts stay, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.churn.plots.survival import plot_effects, plot_hazard, plot_projection, plot_tenure_curves
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.retention_projection import project_retention
from crm_analysis.churn.rates.tenure_curves import tenure_curves
from crm_analysis.errors import InputError


def tenures() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    plan = np.where(rng.random(400) < 0.4, "$x$", "y")
    life = rng.geometric(np.where(plan == "y", 0.15, 0.08))
    cut = rng.integers(1, 15, 400)
    return pd.DataFrame(
        {"tenure": np.minimum(life, cut), "ended": life <= cut, "plan": plan, "fee": rng.normal(50, 9, 400)}
    )


def drawn() -> dict[str, object]:
    frame = tenures()
    curves, table = tenure_curves(frame, by="plan"), hazard_table(frame)
    model = DiscreteHazard(month="log").fit(frame)
    effects = DiscreteHazard(month="log", covariates=["plan", "fee"]).fit(frame).effects()
    projection = project_retention([1000, 631, 468, 382, 326, 289], seen=3, periods=6)
    return {
        "curves": lambda lang: plot_tenure_curves(curves, lang=lang),
        "hazard": lambda lang: plot_hazard(table, fitted=model.hazard(), lang=lang),
        "effects": lambda lang: plot_effects(effects, lang=lang),
        "projection": lambda lang: plot_projection(projection, lang=lang),
    }


@pytest.mark.parametrize("name", ["curves", "hazard", "effects", "projection"])
def test_words_differ_by_language_and_no_sign_is_missing(name, caplog):
    before, plot = dict(mpl.rcParams), drawn()[name]
    zh, en = plot("zh"), plot("en")
    assert zh.figure is not en.figure
    assert zh.get_xlabel() != en.get_xlabel()
    assert figures.alt_text(zh) != figures.alt_text(en)
    with caplog.at_level(logging.WARNING):
        assert figures.png(zh).startswith(b"\x89PNG")
        assert figures.png(en).startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before


def test_curves_and_numbers_at_risk_are_those_of_the_table():
    found = tenure_curves(tenures(), by="plan")
    ax = figures.new_axes()
    assert plot_tenure_curves(found, ax=ax) is ax
    for name, line in zip(found.table.index, ax.lines):
        part = found.curves.xs(name, level=0)
        np.testing.assert_allclose(line.get_ydata(), part["survival"])
        assert f"{int(part['at_risk'].iloc[0]):,}" in [text.get_text() for text in ax.texts]
    assert "describes only" in figures.alt_text(ax)


def test_hazards_limits_and_the_model_line():
    table, model = hazard_table(tenures()), DiscreteHazard(month="log").fit(tenures())
    ax = plot_hazard(table, fitted=model.hazard())
    np.testing.assert_allclose(ax.lines[0].get_ydata(), table["hazard"])
    bars = np.array([path.vertices[:, 1] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(bars, table[["hazard_low", "hazard_high"]])
    np.testing.assert_allclose(ax.lines[-1].get_ydata(), model.hazard()["hazard"])
    groups = plot_hazard(hazard_table(tenures(), by="plan"), until=6)
    assert [text.get_text() for text in groups.get_legend().get_texts()] == ["y", "$x$"]
    assert max(groups.lines[0].get_xdata()) < 6.5


def test_months_in_which_nobody_was_seen_are_not_told():
    late = tenures().assign(entry=2, tenure=lambda rows: rows["tenure"] + 2)
    for lang, first in (("en", "in period 3"), ("zh", "第 3 期")):
        text = figures.alt_text(plot_hazard(hazard_table(late), lang=lang))
        assert "nan" not in text
        assert first in text


def test_ratios_and_their_limits_and_hollow_references():
    effects = DiscreteHazard(month="log", covariates=["plan", "fee"], link="cloglog").fit(tenures()).effects()
    ax = plot_effects(effects)
    own = effects[~effects["is_reference"]]
    np.testing.assert_allclose(ax.lines[1].get_xdata(), own["leaving_hazard_ratio"])
    bars = np.array([path.vertices[:, 0] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(bars, own[["leaving_hazard_ratio_low", "leaving_hazard_ratio_high"]])
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        "plan: y (reference)",
        "plan: $x$",
        "monthly fee (per unit)",
    ]
    with pytest.raises(InputError, match="no ratios"):
        plot_effects(pd.DataFrame({"x": [1]}))


def test_true_and_false_and_levels_of_a_covariate_have_terms_in_both_languages():
    frame = tenures().assign(support=lambda rows: rows["plan"] == "y", internet_service=np.tile(["No", "DSL"], 200))
    effects = DiscreteHazard(month="log", covariates=["support", "internet_service"]).fit(frame).effects()
    zh = " ".join(text.get_text() for text in plot_effects(effects, lang="zh").get_yticklabels())
    en = " ".join(text.get_text() for text in plot_effects(effects).get_yticklabels())
    assert "技术支持服务：是" in zh
    assert "技术支持服务：否" in zh
    assert "上网方式：无" in zh  # none, not "no"
    assert "technical support: yes" in en
    assert "internet service: none" in en


def test_projection_shows_what_was_counted_and_what_came_later():
    found = project_retention([1000, 631, 468, 382, 326, 289], seen=3, periods=6)
    ax = plot_projection(found)
    dots = [line.get_ydata() for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(np.concatenate(dots), [1, 0.631, 0.468, 0.382, 0.326, 0.289])
    np.testing.assert_allclose(ax.lines[1].get_ydata(), found.table["survival"].loc[3:])
    assert "loyalty" in figures.alt_text(ax)
