"""The plots of spend: what is drawn equals the data and the model."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis import figures
from crm_analysis.clv.plots.spend import long_run_density, plot_spend, plot_spend_by_frequency
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.independence import independence
from crm_analysis.errors import InputError
from crm_analysis.words import word

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def model(cg):
    return GammaGamma().fit(cg)


@pytest.fixture(scope="module")
def result(cg):
    return independence(cg, draws=3)


@pytest.fixture(autouse=True)
def closed():
    before = mpl.rcParams.copy()
    yield
    assert mpl.rcParams == before
    plt.close("all")


def test_bars_are_the_histogram_of_observed_spend(cg, model):
    ax = plot_spend(cg, model=model)
    spend = cg.loc[cg["frequency"] > 0, "monetary_value"]
    edges = [bar.get_x() for bar in ax.patches] + [ax.patches[-1].get_x() + ax.patches[-1].get_width()]
    counts, _ = np.histogram(spend, bins=edges)
    drawn = np.array([bar.get_height() * bar.get_width() for bar in ax.patches]) * len(spend)
    assert drawn == pytest.approx(counts)
    assert 0.98 * len(spend) < counts.sum() <= len(spend)


def test_curves_are_the_densities_of_the_model(cg, model):
    ax = plot_spend(cg, model=model)
    grid, density = ax.lines[0].get_xydata().T
    buyers = cg[cg["frequency"] > 0]
    at = 200
    each = model.log_likelihood(buyers.assign(monetary_value=grid[at]))
    assert density[at] == pytest.approx(np.exp(each).mean(), rel=1e-9)
    inside = model.log_likelihood(buyers).to_numpy()
    assert np.isfinite(inside).all()
    grid, density = ax.lines[1].get_xydata().T
    below = np.trapezoid(density, grid)
    assert model.spend_quantile(prob=below) == pytest.approx(grid[-1], rel=0.01)
    assert long_run_density(model, grid) == pytest.approx(density)


def test_dots_are_the_customers_and_means_those_of_the_groups(cg, result):
    ax = plot_spend_by_frequency(cg, result=result)
    x, m = ax.collections[0].get_offsets().T
    buyers = cg[cg["frequency"] > 0]
    assert np.asarray(m) == pytest.approx(buyers["monetary_value"].to_numpy())
    assert np.log(np.asarray(x) / buyers["frequency"].to_numpy()) == pytest.approx(0, abs=0.07)
    table = result.groups.set_index("frequency_group").loc["1":"4+"]
    points = ax.containers[0].lines[0].get_xydata()
    assert points == pytest.approx(table[["mean_frequency", "mean_spend"]].to_numpy())
    ends = np.array([line[:, 1] for line in ax.containers[0].lines[2][0].get_segments()])
    assert ends == pytest.approx(table[["mean_spend_low", "mean_spend_high"]].to_numpy())
    assert ax.lines[0].get_ydata()[0] == pytest.approx(buyers["monetary_value"].mean())


def test_many_customers_are_thinned_out(result):
    x = np.tile([1.0, 2.0, 5.0], 4000)
    frame = pd.DataFrame({"frequency": x, "monetary_value": GammaGamma.with_params(p=6, q=4, v=15).simulate(x)})
    assert len(plot_spend_by_frequency(frame, result=result).collections[0].get_offsets()) == 3000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_legend_and_alt_text_speak_the_language(cg, model, result, lang, caplog):
    axes = [plot_spend(cg, model=model, currency="$ or $", lang=lang),
            plot_spend_by_frequency(cg, result=result, currency="$ or $", lang=lang)]  # fmt: skip
    assert word("mean_spend", lang) in axes[0].get_xlabel()
    assert word("mean_spend", lang) in axes[1].get_ylabel()
    assert axes[1].get_xlabel() == word("repeat_purchases", lang)
    for ax in axes:
        assert "$ or $" in ax.get_xlabel() + ax.get_ylabel()
        assert len(ax.get_legend().get_texts()) == 3
        assert ("消费" in figures.alt_text(ax)) == (lang == "zh")
        assert figures.png(ax)[1:4] == b"PNG"
    assert not caplog.records


def test_given_axes_are_used_and_new_ones_are_new(cg, model, result):
    _, ax = plt.subplots()
    assert plot_spend(cg, model=model, ax=ax) is ax
    assert plot_spend(cg, model=model).figure is not plot_spend_by_frequency(cg, result=result).figure


def test_nobody_to_draw_is_said(model, result):
    nobody = pd.DataFrame({"frequency": [0], "monetary_value": [np.nan]})
    with pytest.raises(InputError, match="no spend to draw"):
        plot_spend(nobody, model=model)
    with pytest.raises(InputError, match="no spend to draw"):
        plot_spend_by_frequency(nobody, result=result)
    with pytest.raises(ValueError, match="lang"):
        plot_spend(nobody, model=model, lang="de")
