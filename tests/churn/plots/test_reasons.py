"""The plots of reasons, read back."""

from __future__ import annotations

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from crm_analysis import figures
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.plots import reason_parts, reasons
from crm_analysis.churn.reasons.codes import reason_codes
from crm_analysis.churn.reasons.coefficients import coefficient_table
from crm_analysis.churn.reasons.cohorts import metric_cohorts
from crm_analysis.churn.reasons.contributions import contributions, what_if_typical
from crm_analysis.churn.reasons.groups import feature_groups
from crm_analysis.churn.reasons.importance import group_importance
from crm_analysis.churn.reasons.standardised import standardised_cohorts
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def data(n: int = 300) -> Sample:
    rng = np.random.default_rng(0)
    orders = rng.poisson(4, n) + 1
    X = pd.DataFrame({
        "orders": orders, "spend": orders * 50.0 + rng.normal(0, 9, n), "fee": rng.normal(70, 20, n),
        "mean_gap_days": np.where(rng.random(n) < 0.2, np.nan, rng.normal(30, 5, n)),
        "plan": rng.choice(["month_to_month", "one_year", "$rare$"], n, p=[0.6, 0.37, 0.03]),
        "the_longest_name_of_a_feature_that_anybody_ever_gave": rng.normal(0, 1, n),
    }, index=[f"c{i}" for i in range(n)])  # fmt: skip
    y = (rng.random(n) < expit(0.04 * (X["fee"] - 70) - 0.8 * (orders - 4))).astype(int)
    return Sample(X, pd.Series(y, index=X.index))


@pytest.fixture(scope="module")
def made() -> dict:
    sample = data()
    model = logistic(log=["orders"]).fit(sample.X, sample.y)
    found = contributions(model, sample.X)
    codes = reason_codes(found, sample.X, most=2)
    return {
        "sample": sample, "model": model, "found": found, "groups": feature_groups(sample.X), "first": codes.first(),
        "importance": group_importance(logistic(), sample, repeats=2, folds=2, refit=True),
        "odds": coefficient_table(model, sample, draws=20),
    }  # fmt: skip


def draw(made: dict, name: str, **how: object):
    sample = made["sample"]
    return {
        "importance": lambda: reasons.plot_group_importance(made["importance"], **how),
        "odds": lambda: reasons.plot_odds_ratios(made["odds"], **how),
        "customer": lambda: reasons.plot_customer_reasons(made["found"], "c3", sample.X, most=4, currency="$", **how),
        "numbers": lambda: reasons.plot_metric_cohorts(metric_cohorts(sample, "mean_gap_days", bins=4), **how),
        "texts": lambda: reasons.plot_metric_cohorts(standardised_cohorts(sample, "plan", by="orders"), **how),
        "groups": lambda: reasons.plot_feature_groups(made["groups"], **how),
        "first": lambda: reasons.plot_first_reasons(made["first"], **how),
    }[name]()


NAMES = ("importance", "odds", "customer", "numbers", "texts", "groups", "first")


@pytest.mark.parametrize("name", NAMES)
def test_every_plot_in_both_languages(made, name, caplog):
    before = dict(mpl.rcParams)
    zh, en = draw(made, name, lang="zh"), draw(made, name, lang="en")
    assert zh.figure is not en.figure
    assert figures.alt_text(zh) != figures.alt_text(en)
    assert zh.get_xlabel() != en.get_xlabel()
    own = figures.new_axes()
    assert draw(made, name, ax=own) is own
    with caplog.at_level(logging.WARNING):
        assert all(figures.png(ax, dpi=40).startswith(b"\x89PNG") for ax in (zh, en))
    assert caplog.records == []
    assert dict(mpl.rcParams) == before
    with pytest.raises(ValueError, match="lang must be"):
        draw(made, name, lang="fr")


def points(ax, marker: str) -> np.ndarray:
    return np.concatenate([line.get_xydata() for line in ax.lines if line.get_marker() == marker])


def test_importance_draws_the_table(made):
    table, ax = made["importance"].table, draw(made, "importance")
    drawn = np.concatenate(
        [points(ax, mark) for mark in ("o", "X") if any(one.get_marker() == mark for one in ax.lines)]
    )
    np.testing.assert_allclose(np.sort(drawn[:, 0]), np.sort(table["auc_drop"]))
    np.testing.assert_allclose(points(ax, "s")[:, 0], table["refit_auc_drop"])
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert labels[0] == "orders (and 2 more)" or labels[0].endswith("more)")
    assert all(len(line) <= reason_parts.COLUMNS + 1 for label in labels for line in label.split("\n"))


def test_odds_ratios_draw_the_table_without_what_is_compared_with(made):
    table, ax = made["odds"], draw(made, "odds")
    drawn = np.concatenate([line.get_xydata()[:, 0] for line in ax.lines if line.get_marker() in ("^", "v", "o")])
    expected = table.loc[table["coefficient_scaled"] != 0, "churn_odds_ratio"]
    np.testing.assert_allclose(np.sort(drawn), np.sort(expected))
    assert ax.get_xscale() == "log"
    assert any("doubled" in text.get_text() for text in ax.get_yticklabels())
    one = draw(made, "odds", lang="zh")
    assert any("每翻一倍" in text.get_text() for text in one.get_yticklabels())


def test_waterfall_goes_from_the_average_customer_to_the_prediction(made):
    found, ax = made["found"], draw(made, "customer")
    steps = [bar.get_width() for bar in ax.patches]
    row = found.of("c3")
    np.testing.assert_allclose(steps, [*row.head(4), row.iloc[4:].sum()])
    ends = points(ax, "D")
    assert ends[:, 0].tolist() == pytest.approx([found.base, found.log_odds["c3"]])
    texts = [text.get_text() for text in ax.texts]
    assert f"{found.probability['c3']:.1%}" in texts
    assert ax.get_xlim()[0] < ends[:, 0].min()
    with pytest.raises(InputError, match="add up"):
        reasons.plot_customer_reasons(what_if_typical(made["model"], made["sample"].X), "c3", made["sample"].X)


def test_a_chance_near_one_is_not_said_to_be_one_and_brackets_stay_whole():
    assert [reasons._chance(one) for one in (-20.0, -7.0, 0.0, 7.0, 9.5)] == [
        "<0.1%",
        "0.1%",
        "50.0%",
        "99.9%",
        ">99.9%",
    ]
    said = reason_parts.fold("距最近一次营销信息 111 天（一般为 21 天）", 26)
    assert said == "距最近一次营销信息 111 天\n（一般为 21 天）"


def test_cohorts_draw_rates_limits_and_counts(made):
    table = metric_cohorts(made["sample"], "mean_gap_days", bins=4)
    ax = draw(made, "numbers")
    np.testing.assert_allclose(points(ax, "o")[: len(table), 1], table["churn_rate"])
    drawn = [path.vertices[:, 1] for path in ax.collections[0].get_paths()]
    np.testing.assert_allclose(drawn, table[["churn_rate_low", "churn_rate_high"]])
    labels = [text.get_text().split("\n")[-1] for text in ax.get_xticklabels()]
    assert labels == [f"{count:,}" for count in table["customers"]]
    beside = draw(made, "texts")
    both = standardised_cohorts(made["sample"], "plan", by="orders")
    np.testing.assert_allclose(points(beside, "s")[: len(both), 1], both["standardised_rate"])
    assert beside.get_xticklabels()[0].get_text().startswith("month to")


def test_heat_map_and_bars(made):
    groups, ax = made["groups"], draw(made, "groups")
    values = np.asarray(ax.images[0].get_array())
    assert values.shape == groups.associations.shape
    assert values.sum() == pytest.approx(groups.associations.to_numpy().sum())
    assert len(ax.patches) == sum(len(ones) > 1 for ones in groups.members.values())
    bars = draw(made, "first").patches
    np.testing.assert_allclose([bar.get_width() for bar in bars], made["first"]["share"])


def test_wrong_things_are_refused():
    for function in (reasons.plot_odds_ratios, reasons.plot_metric_cohorts, reasons.plot_first_reasons,
                     reasons.plot_group_importance, reasons.plot_feature_groups):  # fmt: skip
        with pytest.raises(InputError, match="cannot draw"):
            function(pd.DataFrame({"x": [1]}))
