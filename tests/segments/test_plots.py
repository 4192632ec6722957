"""Each plot draws what its table says, in both languages, on the axes it is given."""

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis import segments as sg
from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text, new_axes, png
from crm_analysis.segments import plots
from crm_analysis.words import word

WINDOW = {"start": "2010-01-01", "end": "2010-12-20"}


@pytest.fixture(scope="module")
def tables(make_log) -> dict[str, object]:
    log = make_log(3, rows=900, customers=150)
    scores = sg.rfm(log, as_of="2010-12-31")
    halves = (("2010-01-01", "2010-06-30"), ("2010-07-01", "2010-12-31"))
    early, late = (sg.states(log, as_of=day, window_days=60) for day in ("2010-07-01", "2010-09-01"))
    return {
        "plot_lorenz": sg.customer_values(log),
        "plot_deciles": sg.deciles(sg.customer_values(log)),
        "plot_periods": sg.by_period(log, **WINDOW),
        "plot_revenue_by_cohort": sg.revenue_by_cohort(log),
        "plot_change": sg.compare_periods(log, before=halves[0], after=halves[1]),
        "plot_rfm_grid": scores,
        "plot_groups": sg.group_table(scores, sg.eight_groups()),
        "plot_tiers": sg.tier_table(sg.tiers(log, as_of="2010-12-31")),
        "plot_states": sg.state_table(late),
        "plot_transitions": sg.transitions(early, late),
        "plot_cohorts": sg.cohorts(log, data_start="2010-01-01", data_end="2010-12-20"),
        "plot_gaps": sg.gaps(log),
        "plot_second_purchase": sg.second_purchase(log, data_end="2010-12-31"),
        "plot_purchases_per_customer": sg.purchases_per_customer(log, most=8),
        "plot_months": sg.by_month(log, **WINDOW),
        "plot_hours": sg.by_hour(log, **WINDOW),
        "plot_weekdays": sg.by_weekday(log, **WINDOW),
        "plot_week_hours": sg.week_hours(log, **WINDOW),
        "plot_inactivity": sg.share_inactive(sg.inactivity(log, as_of="2010-12-31"), over=range(0, 300, 10)),
    }


def heights(ax) -> list[float]:
    return [float(bar.get_height()) for bar in ax.patches]


def labels(ax) -> str:
    ticks = [text.get_text() for text in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return " ".join([*ticks, ax.get_xlabel(), ax.get_ylabel()])


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def later(data) -> np.ndarray:
    """Cohorts of which a later period was observed."""
    return data.share.iloc[:, 1:].notna().any(axis=1).to_numpy()


DRAWN = {
    "plot_lorenz": lambda ax, data: (ax.lines[0].get_xydata(), sg.lorenz(data).to_numpy()),
    "plot_deciles": lambda ax, data: (heights(ax), data["value_share"]),
    "plot_periods": lambda ax, data: (heights(ax), [*data["returning_revenue"], *data["new_revenue"]]),
    "plot_revenue_by_cohort": lambda ax, data: (heights(ax), data.to_numpy().T.ravel()),
    "plot_change": lambda ax, data: (
        heights(ax),
        [data.factors["before"].iloc[-1], *data.factors["contribution"].iloc[:-1], data.factors["after"].iloc[-1]],
    ),
    "plot_rfm_grid": lambda ax, data: (
        np.asarray(ax.collections[0].get_array()),
        [[((data.table["r"] == r) & (data.table["f"] == f)).sum() for f in range(1, 6)] for r in range(5, 0, -1)],
    ),
    "plot_groups": lambda ax, data: ([bar.get_width() for bar in ax.patches], data["share"]),
    "plot_tiers": lambda ax, data: ([bar.get_width() for bar in ax.patches], data["share"]),
    "plot_states": lambda ax, data: ([bar.get_width() for bar in ax.patches], data["share"]),
    "plot_transitions": lambda ax, data: (ax.collections[0].get_array().ravel(), data["share"]),
    "plot_cohorts": lambda ax, data: (
        ax.collections[0].get_array().filled(np.nan),
        np.vstack([data.share.to_numpy()[later(data), 1:], data.mean["share"].to_numpy()[1:]]),
    ),
    "plot_gaps": lambda ax, data: (sum(heights(ax)), len(data)),
    "plot_second_purchase": lambda ax, data: (ax.lines[0].get_ydata(), data["repeat_share"]),
    "plot_purchases_per_customer": lambda ax, data: (heights(ax), data["share"]),
    "plot_months": lambda ax, data: (heights(ax), data["per_day"]),
    "plot_hours": lambda ax, data: (ax.lines[0].get_ydata(), data["per_day"]),
    "plot_weekdays": lambda ax, data: (heights(ax), data["per_day"]),
    "plot_week_hours": lambda ax, data: (np.asarray(ax.collections[0].get_array()), data.to_numpy()),
    "plot_inactivity": lambda ax, data: (ax.lines[0].get_ydata(), data["share"].dropna()),
}


def test_every_plot_is_tested():
    beside_the_list = {"plot_worklist", "plot_worklist_account"}  # tests/segments/worklist
    assert sorted(DRAWN) == sorted(set(plots.__all__) - beside_the_list)


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_draws_its_table(tables, name):
    data = tables[name]
    ax = getattr(plots, name)(data)
    drawn, expected = DRAWN[name](ax, data)
    np.testing.assert_allclose(np.asarray(drawn, float), np.asarray(expected, float))


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_speaks_both_languages_on_the_axes_given(tables, name, caplog):
    data, function, before = tables[name], getattr(plots, name), dict(mpl.rcParams)
    given = new_axes()
    with caplog.at_level(logging.WARNING):
        chinese, english = function(data, ax=given, lang="zh"), function(data)
        shown = [
            png(english, dpi=40),
            png(chinese, dpi=40),
        ]  # warnings are errors: a missing glyph or a bad layout would raise
    assert chinese is given
    assert english.figure is not chinese.figure
    assert all(picture.startswith(b"\x89PNG") for picture in shown)
    assert not [record for record in caplog.records if "glyph" in record.getMessage().lower()]
    assert has_chinese(labels(chinese))
    assert not has_chinese(labels(english) + alt_text(english))
    assert len(alt_text(chinese)) > 20
    assert dict(mpl.rcParams) == before
    with pytest.raises(ValueError, match="lang must be one of"):
        function(data, lang="fr")


def test_intervals_are_drawn_as_they_stand_in_the_table(tables):
    data = tables["plot_tiers"]
    ax = plots.plot_tiers(data)
    segments = np.array([line for line in ax.collections[0].get_segments()])[:, :, 0]
    np.testing.assert_allclose(segments, data[["share_low", "share_high"]])


def test_bands_are_drawn_as_they_stand_in_the_table(tables):
    data = tables["plot_hours"]
    corners = plots.plot_hours(data).collections[0].get_paths()[0].vertices
    assert corners[:, 1].min() == pytest.approx(data["per_day_low"].min())
    assert corners[:, 1].max() == pytest.approx(data["per_day_high"].max())


def test_unobserved_cohort_cells_are_blank_and_partial_ones_hatched(tables):
    data = tables["plot_cohorts"]
    ax = plots.plot_cohorts(data)
    image = ax.collections[0].get_array()
    assert np.array_equal(image.mask[:-1], data.share.isna().to_numpy()[later(data), 1:])
    hatched = {(round(patch.get_y()), round(patch.get_x())) for patch in ax.patches}
    assert hatched == set(zip(*np.nonzero(data.partial.to_numpy()[later(data), 1:])))
    money = plots.plot_cohorts(data, measure="revenue_per_customer", currency="US$ and CA$", lang="zh")
    assert money.get_title(loc="left") + money.get_title() == "客均收入\uff08US$ and CA$\uff09"
    assert png(money)


def test_many_cohorts_get_a_colour_bar(make_log):
    log = make_log(3, rows=900, customers=150)
    ax = plots.plot_cohorts(sg.cohorts(log, data_end="2010-12-20", period="week"))
    assert len(ax.figure.axes) == 2
    assert not ax.texts


def test_partial_bars_are_hatched(tables):
    ax = plots.plot_months(tables["plot_months"])
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False] * 11 + [True]
    ax = plots.plot_periods(tables["plot_periods"], currency="$")
    assert [bool(bar.get_hatch()) for bar in ax.patches] == ([False] * 11 + [True]) * 2


def test_plots_without_money_count_customers_and_orders(make_log):
    log = make_log(3).drop(columns="amount")
    ax = plots.plot_periods(sg.by_period(log, **WINDOW))
    assert ax.get_ylabel() == word("customers", "en")
    change = sg.compare_periods(log, before=("2010-01-01", "2010-06-30"), after=("2010-07-01", "2010-12-31"))
    assert plots.plot_change(change, lang="zh").get_ylabel() == word("orders", "zh")


def test_groups_show_money_without_a_count_of_customers(tables):
    data = tables["plot_groups"]
    ax = plots.plot_groups(data, money=True)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(data["money_share"].tolist())
    assert ax.texts[0].get_text() == f"{data['money_share'].iloc[0]:.1%}"


def test_nothing_to_draw_is_said_in_words():
    with pytest.raises(InputError, match="nobody bought on two days"):
        plots.plot_gaps(pd.Series([], dtype=int))
    nobody = pd.DataFrame({"days": [365], "share": [np.nan], "share_low": [np.nan], "share_high": [np.nan]})
    with pytest.raises(InputError, match="nobody was seen for so long"):
        plots.plot_inactivity(nobody)


def test_small_and_even_data_draw():
    two_days = pd.DataFrame({"customer_id": ["a", "b"], "at": pd.to_datetime(["2010-01-01", "2010-01-02"])})
    assert png(plots.plot_cohorts(sg.cohorts(two_days, data_end="2010-01-02", period="day")), dpi=40)
    assert png(plots.plot_lorenz([0.0, 0.0]), dpi=40)
    assert png(plots.plot_lorenz([2.0, 2.0, 2.0], lang="zh"), dpi=40)
    assert png(plots.plot_second_purchase(sg.second_purchase(two_days, data_end="2010-01-02")), dpi=40)
    assert png(plots.plot_revenue_by_cohort(sg.revenue_by_cohort(two_days)), dpi=40)
    assert png(plots.plot_rfm_grid(sg.rfm(two_days, as_of="2010-01-02")), dpi=40)


def test_short_data_without_intervals_still_draw(make_log):
    week = sg.by_weekday(make_log(1, days=7), start="2010-01-01", end="2010-01-07")
    assert png(plots.plot_weekdays(week))
    day = sg.by_hour(make_log(1, days=1), start="2010-01-01", end="2010-01-01")
    assert png(plots.plot_hours(day))
    curve = sg.second_purchase(make_log(1, days=9, customers=80), data_end="2010-01-09")
    assert "–" in alt_text(plots.plot_second_purchase(curve))
    empty = pd.DataFrame(
        {"users": [0], "share": [np.nan], "share_low": [np.nan], "share_high": [np.nan]}, index=["buying"]
    )
    assert png(plots.plot_states(empty))
