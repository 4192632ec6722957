"""Each plot draws what its table says, in both languages, on the axes it is given, and no label covers another."""

import logging
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD, plots
from crm_analysis.clv.holdout.calibration import calibration_by_decile, coverage
from crm_analysis.clv.plots.parts import looks
from crm_analysis.clv.views.alive_path import p_alive_path
from crm_analysis.clv.views.checks import frequency_fit, holdout_by_frequency
from crm_analysis.clv.views.maps import recency_frequency
from crm_analysis.clv.views.tracking import tracking
from crm_analysis.clv.views.value_shares import top_customers, value_classes, value_deciles
from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text, new_axes, png, theme
from crm_analysis.sources.cdnow import load_cdnow
from crm_analysis.words import word

ELSEWHERE = {"plot_histories", "plot_retention", "plot_spend", "plot_spend_by_frequency", "scoreboard"}
PANELS = ("plot_scoreboard", "plot_posterior", "plot_posterior_pairs")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def models(cx) -> list:
    return [model().fit(cx) for model in (ParetoNBD, BGNBD, MBGNBD, NBD)]


@pytest.fixture(scope="module")
def tables(cx, models) -> dict[str, pd.DataFrame]:
    pareto, bg = models[:2]
    orders = load_cdnow(sample=True)["orders"]
    days = orders.assign(day=orders["ordered_at"].dt.normalize())[["customer_id", "day"]].drop_duplicates()
    own = days.loc[days["customer_id"] == cx["frequency"].idxmax(), "day"].dt.tz_localize(None)
    predicted = pareto.expected_purchases(cx, horizon=39)
    intervals = {"clv": 30 * predicted, "clv_low": 25 * predicted, "clv_high": 38 * predicted,
                 "value_low": 0 * predicted, "value_high": 90 * predicted}  # fmt: skip
    rng = np.random.default_rng(0)
    logs = rng.multivariate_normal(np.log(pareto.params_), pareto.log_covariance_, 400)
    draws = pd.DataFrame(np.exp(logs), columns=pareto.names)
    scores = pd.DataFrame({"bias": [-0.1, 0.5], "bias_low": [-0.2, 0.4], "bias_high": [0.0, 0.7], "mae": [0.75, 1.04],
                           "rmse": [1.6, 1.9], "rmse_low": [1.5, 1.7], "rmse_high": [1.8, 2.2], "waste": [1.0, 3.0]},
                          index=["pareto_nbd", "nbd"])  # fmt: skip
    path = {"until": "1997-09-30", "draws": draws, "ahead_days": 90}
    return {
        "plot_tracking": tracking(models, days, calibration_end="1997-09-30", until="1998-06-30"),
        "plot_frequency_fit": frequency_fit(models, cx),
        "plot_holdout_by_frequency": holdout_by_frequency(models, cx),
        "plot_recency_frequency": recency_frequency(pareto.probability_alive, T=38.86, unit="week"),
        "plot_iso_value": recency_frequency(pareto.discounted_purchases, T=38.86, unit="week", discount=0.0027),
        "plot_p_alive_path": p_alive_path(pareto, own, **path),
        "plot_calibration": calibration_by_decile(predicted, cx["frequency_holdout"]),
        "plot_coverage": pd.concat(
            coverage(model, cx, cx["frequency_holdout"], horizon=39).assign(model=model.key) for model in (pareto, bg)
        ),
        "plot_value_classes": value_classes(30 * predicted),
        "plot_value_deciles": value_deciles(30 * predicted),
        "plot_top_customers": top_customers(pd.DataFrame(intervals)),
        "plot_scoreboard": plots.scoreboard(scores, measures=["bias", "mae", "rmse", "waste"]),
        "plot_posterior": draws,
        "plot_posterior_pairs": draws,
    }


def heights(ax) -> list[float]:
    return [float(bar.get_height()) for bar in ax.patches]


def points(ax) -> np.ndarray:
    """What error bars stand on, in the order drawn."""
    return np.concatenate([container.lines[0].get_ydata() for container in ax.containers if len(container) == 3])


def ends(ax, which: int = 1) -> np.ndarray:
    """Lower and upper ends of error bars (1: upright, 0: sideways)."""
    bars = [container.lines[2][0] for container in ax.containers if len(container) == 3]
    return np.concatenate([np.array(bar.get_segments())[:, :, which] for bar in bars])


def labels(ax) -> str:
    return " ".join(f"{axes.get_xlabel()} {axes.get_ylabel()}" for axes in ax.figure.axes)


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def no_label_covers_another(ax) -> None:
    if len(ax.figure.axes) == 1:
        assert ax.get_window_extent().width > 0.75 * ax.figure.bbox.width  # no wide legend has squeezed it
    for axes in ax.figure.axes:
        for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
            boxes = [tick.get_window_extent() for tick in ticks if tick.get_text() and tick.get_visible()]
            tilted = any(tick.get_rotation() for tick in ticks)
            assert tilted or not any(a.overlaps(b) for a, b in pairwise(boxes)), axes.get_xlabel()
        key = axes.get_legend()
        if key is not None and axes.axison:  # a legend has its place above the axes, within the figure
            box, figure = key.get_window_extent(), ax.figure.bbox
            assert box.x0 >= -1
            assert box.x1 <= figure.width + 1
            assert box.y0 >= axes.get_window_extent().y1 - 1


DRAWN = {
    "plot_tracking": lambda ax, data: (
        np.concatenate([line.get_ydata() for line in ax.lines[:5]]),
        data["repeat_purchases_total"],
    ),
    "plot_frequency_fit": lambda ax, data: (
        [*heights(ax), *points(ax)],
        [*data["customers"][:8], *data["customers_expected"]],
    ),
    "plot_holdout_by_frequency": lambda ax, data: (
        np.concatenate([points(ax), *(line.get_ydata() for line in ax.lines if line.get_linestyle() != "None")]),
        [*data["actual"][:8], *data["expected"]],
    ),
    "plot_recency_frequency": lambda ax, data: (ax.collections[0].get_array(), data.iloc[1:, 1:]),
    "plot_p_alive_path": lambda ax, data: (
        ax.lines[0].get_ydata()[np.r_[True, np.diff(ax.lines[0].get_xdata()) > np.timedelta64(0)]],
        data["p_alive_before"].fillna(data["p_alive"])[~data["ahead"]],
    ),
    "plot_calibration": lambda ax, data: (
        [*ax.lines[0].get_ydata(), *points(ax)],
        [*data["predicted"], *data["actual"]],
    ),
    "plot_coverage": lambda ax, data: (points(ax), data["covered"]),
    "plot_value_classes": lambda ax, data: (heights(ax), [*data["share_of_customers"], *data["value_share"]]),
    "plot_value_deciles": lambda ax, data: (
        [*heights(ax), *ax.lines[0].get_ydata()],
        [*data["value_share"], *data["value_share"].cumsum()],
    ),
    "plot_top_customers": lambda ax, data: (ax.lines[0].get_xdata(), data["clv"]),
    "plot_scoreboard": lambda ax, data: (
        [container.lines[0].get_xdata()[0] for axes in ax.figure.axes[1:] for container in axes.containers],
        data["x"],
    ),
    "plot_posterior": lambda ax, data: (
        [sum(heights(axes)) * np.log(np.divide(*axes.get_xlim()[::-1])) / 30 for axes in ax.figure.axes[1:]],
        [data[name].between(*data[name].quantile([0.005, 0.985])).mean() for name in data],
    ),
    "plot_posterior_pairs": lambda ax, data: (
        ax.figure.axes[1 + 4].collections[0].get_offsets(),
        data[["r", "alpha"]],
    ),
}  # fmt: skip


def test_every_plot_is_tested():
    assert set(DRAWN) | {"plot_iso_value"} | ELSEWHERE >= set(plots.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_draws_its_table(tables, name):
    data = tables[name]
    drawn, expected = DRAWN[name](getattr(plots, name)(data), data)
    np.testing.assert_allclose(np.asarray(drawn, float), np.asarray(expected, float))


@pytest.mark.parametrize("name", [*DRAWN, "plot_iso_value"])
def test_a_plot_speaks_both_languages_on_the_axes_given(tables, name, caplog):
    data, function, before = tables[name], getattr(plots, name), dict(mpl.rcParams)
    copy, given = data.copy(), new_axes()
    with caplog.at_level(logging.WARNING):
        chinese, english = function(data, ax=given, lang="zh"), function(data)
        for ax in (chinese, english):
            with theme():
                ax.figure.canvas.draw()  # warnings are errors: a missing glyph would raise
            no_label_covers_another(ax)
    assert chinese is given
    assert english.figure is not chinese.figure
    assert not [record for record in caplog.records if "glyph" in record.getMessage().lower()]
    assert has_chinese(labels(chinese) + alt_text(chinese))
    assert not has_chinese(labels(english) + alt_text(english))
    assert len(alt_text(chinese)) > 20
    assert dict(mpl.rcParams) == before
    pd.testing.assert_frame_equal(data, copy)
    with pytest.raises(ValueError, match="lang must be one of"):
        function(data, lang="fr")


@pytest.mark.parametrize(
    "name", ["plot_frequency_fit", "plot_holdout_by_frequency", "plot_calibration", "plot_coverage"]
)
def test_intervals_are_drawn_as_they_stand_in_the_table(tables, name):
    data = tables[name]
    column = {"plot_frequency_fit": "customers_expected", "plot_coverage": "covered"}.get(name, "actual")
    rows = data.drop_duplicates("purchase_class") if column == "actual" and "purchase_class" in data else data
    np.testing.assert_allclose(ends(getattr(plots, name)(data)), rows[[f"{column}_low", f"{column}_high"]])


def test_both_intervals_of_the_best_customers_are_drawn(tables):
    data = tables["plot_top_customers"]
    ax = plots.plot_top_customers(data)
    outcome, parameters = (np.array(lines.get_segments())[:, :, 0] for lines in ax.collections)
    np.testing.assert_allclose(outcome, data[["value_low", "value_high"]])
    np.testing.assert_allclose(parameters, data[["clv_low", "clv_high"]])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == data.index.tolist()


def test_weekly_numbers_and_the_holdout_are_drawn(tables):
    data = tables["plot_tracking"]
    ax = plots.plot_tracking(data, kind="weekly")
    np.testing.assert_allclose(ax.lines[0].get_ydata(), data.loc[data["model"] == "actual", "repeat_purchases"])
    split = mpl.dates.date2num(pd.Timestamp("1997-09-30"))
    assert ax.lines[-1].get_xdata() == [split, split]
    assert ax.patches[0].get_x() == split
    assert "1.3%" in alt_text(plots.plot_tracking(data))
    assert "-7.3%" in alt_text(ax)
    inside = data[~data["in_holdout"]]
    assert not plots.plot_tracking(inside).patches
    with pytest.raises(InputError, match="kind must be one of"):
        plots.plot_tracking(data, kind="daily")


def test_lines_of_equal_value_lie_where_the_model_has_that_value(models, tables):
    ax, data = plots.plot_iso_value(tables["plot_iso_value"]), tables["plot_iso_value"]
    lines = ax.collections[0]
    shown = {text.get_text() for text in ax.texts}
    assert {float(text) for text in shown} <= set(np.round(np.exp(lines.levels), 9))
    for level, path in zip(lines.levels, lines.get_paths()):
        tx, x = path.vertices.T
        inside = (tx > 2 * data.columns[1]) & (x > 1.01)
        theta = models[0]._updated(models[0].theta_, x[inside], np.full(inside.sum(), 38.86))
        alive = models[0]._alive(models[0].theta_, x[inside], tx[inside], np.full(inside.sum(), 38.86))
        np.testing.assert_allclose(alive * models[0]._discounted(theta, 0.0027, np.inf), np.exp(level), rtol=0.03)


def test_the_grey_ground_is_where_value_falls(tables):
    data = tables["plot_iso_value"]
    ground = plots.plot_iso_value(data).collections[1].get_paths()[0]
    columns = data.columns[2:-2:5]
    for tx in columns:
        falling = np.diff(data[tx].iloc[1:]) < 0
        for x, falls in zip(np.arange(1, len(data) - 1) + 0.5, falling):
            edge = falling.any() and abs(x - (1 + np.argmax(falling))) < 1.5
            assert edge or ground.contains_point((tx, x)) == falls


def test_dots_stand_where_customers_are(tables, cx):
    ax = plots.plot_recency_frequency(tables["plot_recency_frequency"], customers=cx)
    dots = ax.collections[-1] if len(ax.collections) > 1 else None
    near = cx[(cx["T"] >= 0.9 * 38.86) & cx["frequency"].between(1, 12)]
    assert set(dots.get_offsets()[:, 1]) == set(near["frequency"])
    assert f"({((cx['T'] >= 0.9 * 38.86) & (cx['frequency'] == 0)).sum()} customers)" in ax.texts[0].get_text()


def test_a_map_of_money_names_its_currency_and_a_sign_is_no_formula(tables):
    table = tables["plot_iso_value"].copy()
    table.attrs = {"measure": "clv", "T": 38.86, "unit": "week"}
    heat, lines = (function(table, currency="$x_1$", lang="zh") for function in
                   (plots.plot_recency_frequency, plots.plot_iso_value))  # fmt: skip
    assert heat.figure.axes[1].get_ylabel() == "客户终身价值（$x_1$）"
    assert lines.get_legend().get_texts()[0].get_text() == "客户终身价值（$x_1$）"
    assert [png(ax, dpi=40)[1:4] for ax in (heat, lines)] == [b"PNG"] * 2


def test_purchases_before_a_jump_and_days_ahead_are_drawn(tables):
    data = tables["plot_p_alive_path"]
    ax = plots.plot_p_alive_path(data)
    assert len(ax.lines[0].get_xdata()) == (~data["ahead"]).sum() + data["p_alive_before"].notna().sum()
    np.testing.assert_allclose(ax.lines[1].get_ydata(), data["p_alive"].iloc[-91:])
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(data["p_alive_low"].min())
    marks = next(line for line in ax.lines if line.get_marker() == "^")
    assert len(marks.get_xdata()) == data["bought_on_day"].sum()
    bare = data.drop(columns=["p_alive_low", "p_alive_high"])
    assert not plots.plot_p_alive_path(bare[~bare["ahead"]]).collections


def test_the_normal_approximation_is_drawn_with_a_model(tables, models):
    draws = tables["plot_posterior"]
    ax = plots.plot_posterior(draws, model=models[0]).figure.axes[1]
    x, density = ax.lines[0].get_xydata().T
    centre, spread = np.log(models[0].params_["r"]), np.sqrt(models[0].log_covariance_.loc["r", "r"])
    assert x[density.argmax()] == pytest.approx(np.exp(centre), rel=0.01)
    assert density.max() == pytest.approx(1 / (spread * np.sqrt(2 * np.pi)), rel=1e-3)
    pairs = plots.plot_posterior_pairs(draws, model=models[0]).figure.axes[1 + 4]
    ellipse = np.log(pairs.lines[0].get_xydata()) - np.log(models[0].params_[["r", "alpha"]].to_numpy())
    precision = np.linalg.inv(models[0].log_covariance_.loc[["r", "alpha"], ["r", "alpha"]])
    np.testing.assert_allclose(np.einsum("ij,jk,ik->i", ellipse, precision, ellipse), 5.991464547, rtol=1e-6)


def test_the_scoreboard_names_the_best_and_the_direction(tables):
    ax = plots.plot_scoreboard(tables["plot_scoreboard"])
    assert [axes.get_xlabel() for axes in ax.figure.axes[1:]] == [
        f"{word('bias', 'en')}, 0 is best", f"{word('mae', 'en')}, less is better",
        f"{word('rmse', 'en')}, less is better", "waste",
    ]  # fmt: skip
    assert f"best {word('bias', 'en')}: {word('pareto_nbd', 'en')} (-10.0%)" in alt_text(ax)
    assert f"highest waste: {word('nbd', 'en')} (3)" in alt_text(ax)
    low, high = ends(ax.figure.axes[1], 0).T
    np.testing.assert_allclose([low, high], [[-0.2, 0.4], [0.0, 0.7]])
    with pytest.raises(InputError, match="the measures depth are missing"):
        plots.scoreboard(pd.DataFrame({"mae": [1.0]}), measures=["depth"])


def test_bad_tables_are_named(tables):
    with pytest.raises(InputError, match="several models"):
        plots.plot_calibration(pd.concat([tables["plot_calibration"]] * 2))
    with pytest.raises(InputError, match="two frequencies"):
        plots.plot_iso_value(tables["plot_iso_value"].iloc[:2])
    with pytest.raises(InputError, match="draws must be positive"):
        plots.plot_posterior(-tables["plot_posterior"])
    with pytest.raises(InputError, match="pairs need two"):
        plots.plot_posterior_pairs(tables["plot_posterior"][["r"]])


ONE = pd.DataFrame({"frequency": [3], "recency": 5.0, "T": 9.0, "frequency_holdout": 2, "duration_holdout": 4.0})
WEEKS = pd.DataFrame({"customer_id": list("aab"), "day": pd.to_datetime(["2024-03-01", "2024-03-09", "2024-03-02"])})
SMALL = {
    "plot_tracking": lambda m: tracking(m, WEEKS, calibration_end="2024-03-07", until="2024-03-21"),
    "plot_frequency_fit": lambda m: frequency_fit(m, ONE),
    "plot_holdout_by_frequency": lambda m: holdout_by_frequency(m, ONE),
    "plot_recency_frequency": lambda m: recency_frequency(m[0].probability_alive, T=9.0, most=1, steps=1),
    "plot_iso_value": lambda m: recency_frequency(m[0].discounted_purchases, T=9.0, most=2, steps=2, discount=0.002),
    "plot_p_alive_path": lambda m: p_alive_path(m[0], ["2024-03-01"]),
    "plot_calibration": lambda m: calibration_by_decile([1.0], [2.0]),
    "plot_value_classes": lambda m: value_classes([0.0]),
    "plot_value_deciles": lambda m: value_deciles([0.0]),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", SMALL)
def test_one_customer_or_three_weeks_can_be_drawn(models, name, lang):
    ax = getattr(plots, name)(SMALL[name](models[:2]), lang=lang)
    assert png(ax, dpi=40)[1:4] == b"PNG"
    assert "nan" not in alt_text(ax)


def test_large_numbers_and_long_ids_stay_apart(tables):
    best = tables["plot_top_customers"] * 1e6
    best.index = [f"7f9c2ba4-e88f-487d-a1c9-b2d4f6a8$_${name}" for name in best.index]
    best.attrs = {"currency": "$JPY$", "horizon": 39.0, "unit": "week"}
    drawn = [plots.plot_top_customers(best, lang="zh"), plots.plot_value_classes(value_classes(best["clv"] ** 1.5))]
    assert drawn[0].get_xlabel() == "未来 39 周的客户终身价值（$JPY$）"
    for ax in drawn:
        ax.figure.canvas.draw()
        if not any(tick.get_rotation() for tick in ax.get_xticklabels()):
            boxes = [tick.get_window_extent() for tick in ax.get_xticklabels()]
            assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert max(len(tick.get_text()) for tick in drawn[0].get_yticklabels()) <= 18


def test_models_without_a_look_of_their_own_get_different_ones():
    found = looks(["bg_nbd", "actual", *(f"model {k}" for k in range(7))])
    assert len({(look.color, look.marker, look.linestyle) for look in found.values()}) == 9
    assert found == looks(found)
