"""The plots of calibration, read back."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from crm_analysis import figures
from crm_analysis.churn.models.calibration import calibration
from crm_analysis.churn.models.calibration_forward import CalibrationDrift
from crm_analysis.churn.models.calibration_mend import Mended, mend
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.models.resampling import Lesson
from crm_analysis.churn.plots.calibration import (
    plot_brier,
    plot_calibration_drift,
    plot_mending,
    plot_reliability,
    plot_resampling_lesson,
)
from crm_analysis.churn.windows.sample import Sample


@cache
def mended() -> Mended:
    rng = np.random.default_rng(0)
    x = rng.normal(size=600)
    y = pd.Series((rng.random(600) < expit(x - 1.5)).astype(int))
    sample = Sample(pd.DataFrame({"x": x}), y)
    return mend(sample, logistic().set_params(model__class_weight="balanced"))


def lesson() -> Lesson:
    names = ["no_resampling", "smote_inside", "smote_before", "oversampling_before"]
    table = pd.DataFrame(
        {"auc_claimed": [0.82, 0.81, 0.93, 0.96], "auc_kept_out": [0.82, 0.81, 0.81, 0.80],
         "leaked_rows": [0, 0, 50, 44], "leaked_share": [0, 0, 0.5, 0.44]},
        index=pd.Index(names, name="protocol"),
    )  # fmt: skip
    return Lesson(table.assign(auc_overstated=table["auc_claimed"] - table["auc_kept_out"]), pd.DataFrame(), 100, 26)


def drift() -> CalibrationDrift:
    table = pd.DataFrame(
        {"rows": [2703, 3321], "mean_probability": [0.33, 0.31], "observed_churn": [0.5, 0.42],
         "observed_churn_low": [0.48, 0.4], "observed_churn_high": [0.52, 0.44], "calibration_intercept": [0.89, 0.62]},
        index=pd.DatetimeIndex(["2010-05-31", "2010-08-31"], name="cutoff"),
    )  # fmt: skip
    return CalibrationDrift(table)


DRAWN = {
    "reliability": lambda **how: plot_reliability(mended().before, **how),
    "mending": lambda **how: plot_mending(mended(), **how),
    "brier": lambda **how: plot_brier({"$a$": mended().before, "b": mended().after}, **how),
    "lesson": lambda **how: plot_resampling_lesson(lesson(), **how),
    "drift": lambda **how: plot_calibration_drift(drift(), **how),
}


@pytest.mark.parametrize("name", DRAWN)
def test_each_plot_uses_axes_given_and_both_languages(name, caplog):
    before = dict(mpl.rcParams)
    ax = figures.new_axes()
    assert DRAWN[name](ax=ax) is ax
    first, second = DRAWN[name](lang="zh"), DRAWN[name](lang="en")
    assert first.figure is not second.figure
    labels = [(axes.get_ylabel(), axes.get_xlabel(), [text.get_text() for text in axes.get_yticklabels()])
              for axes in (first, second)]  # fmt: skip
    assert labels[0] != labels[1]
    assert figures.alt_text(first) != figures.alt_text(second)
    assert "nan" not in figures.alt_text(second)
    with caplog.at_level(logging.WARNING):
        assert figures.png(first, dpi=40).startswith(b"\x89PNG")
    assert caplog.records == []
    assert dict(mpl.rcParams) == before
    plt.close("all")


def points(ax, marker: str) -> np.ndarray:
    return next(line for line in ax.lines if line.get_marker() == marker).get_xydata()


def test_reliability_shows_the_table_and_counts_all_rows():
    found = mended().before
    ax = plot_reliability(found)
    np.testing.assert_allclose(points(ax, "o"), found.table[["mean_probability", "observed_churn"]])
    whiskers = [path.vertices[:, 1] for path in ax.collections[0].get_paths()]
    np.testing.assert_allclose(whiskers, found.table[["observed_churn_low", "observed_churn_high"]])
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert sum(bar.get_height() for bar in ax.figure.axes[-1].patches) == len(found.pairs.p)
    assert ax.get_xlim() == ax.get_ylim()


def test_axes_without_a_place_in_a_grid_have_no_histogram():
    figure = plt.figure()
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    plot_reliability(mended().before, ax=ax)
    assert figure.axes == [ax]
    assert ax.get_xlabel() == "mean predicted probability"


def test_a_single_bin_is_drawn():
    ax = plot_reliability(calibration(np.full(40, 0.2), np.tile([0, 0, 0, 1], 10)))
    assert points(ax, "o").tolist() == [[pytest.approx(0.2), 0.25]]


def test_mending_shows_both_sides_or_says_there_is_one():
    found = mended()
    ax = plot_mending(found)
    for marker, card in (("s", found.before), ("o", found.after)):
        np.testing.assert_allclose(points(ax, marker), card.table[["mean_probability", "observed_churn"]])
    left = plot_mending(replace(found, method="as_is", after=found.before), lang="zh")
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["完全校准", "保持原样"]


def test_brier_steps_lead_from_uncertainty_to_the_score():
    found = mended().before
    ax = plot_brier(found)
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    ends = [left + width for left, width in bars]
    for (left, _), end in zip(bars[1:4], ends):
        assert left == pytest.approx(end)
    assert ends[3] == pytest.approx(found.brier.value)
    assert bars[4] == pytest.approx((0, found.brier.value))
    texts = [text.get_text() for text in ax.texts]
    assert texts[0] == f"{found.parts['brier_uncertainty']:.4f}"
    assert texts[1].startswith("-")
    assert texts[4] == f"{found.brier.value:.4f}"


def test_lesson_shows_claims_beside_what_they_are_worth():
    ax = plot_resampling_lesson(lesson())
    assert points(ax, "s")[:, 0].tolist() == lesson().table["auc_claimed"].tolist()
    assert points(ax, "o")[:, 0].tolist() == lesson().table["auc_kept_out"].tolist()
    assert [text.get_text() for text in ax.texts] == [
        "training knew 50% of the test rows", "training knew 44% of the test rows"]  # fmt: skip
    assert "oversampling before cross-validation" in figures.alt_text(ax)


def test_drift_shows_predicted_and_observed_rates():
    ax = plot_calibration_drift(drift())
    assert points(ax, "s")[:, 1].tolist() == [0.33, 0.31]
    assert points(ax, "o")[:, 1].tolist() == [0.5, 0.42]
    assert [text.get_text() for text in ax.texts] == ["+0.89", "+0.62"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["2010-05-31\n(2,703)", "2010-08-31\n(3,321)"]
