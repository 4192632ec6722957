"""Calibration over cutoffs: what was known when, what a shift saves, a shop's drifting base rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from crm_analysis.churn.models.calibration import calibration
from crm_analysis.churn.models.calibration_forward import calibration_forward
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.words import all_words

CUTOFFS = ("2010-01-31", "2010-03-31", "2010-06-30", "2010-09-30")


def drifting(shifts=(0.0, 0.8, 0.8, -0.5), *, n: int = 1500, outcome: int = 90) -> tuple[Sample, pd.Series]:
    """Probabilities that stay while the base rate moves by `shifts` of log odds."""
    rng = np.random.default_rng(0)
    first = Windows(CUTOFFS[0], data_end="2010-12-31", outcome=outcome)
    windows = tuple(first.at(cutoff) for cutoff in CUTOFFS)
    index = pd.MultiIndex.from_product(
        [[pd.Timestamp(one) for one in CUTOFFS], range(n)], names=["cutoff", "customer_id"]
    ).swaplevel()
    z = rng.normal(-1, 1, len(index))
    y = rng.random(len(index)) < expit(z + np.repeat(shifts, n))
    p = pd.Series(expit(z), index=index)
    return Sample(p.to_frame("x"), pd.Series(y.astype(int), index=index), windows), p


def test_each_cutoff_is_judged_by_itself():
    sample, p = drifting()
    table = calibration_forward(sample, p).table
    for cutoff in table.index:
        rows = sample.y.index.get_level_values("cutoff") == cutoff
        alone = calibration(p[rows], sample.y[rows])
        assert table.loc[cutoff, "brier"] == pytest.approx(alone.brier.value)
        assert table.loc[cutoff, "log_loss"] == pytest.approx(alone.log_loss.value)
        columns = ["calibration_intercept", "calibration_intercept_low", "calibration_intercept_high"]
        np.testing.assert_allclose(table.loc[cutoff, columns].to_numpy(float), alone.intercept)
        assert table.loc[cutoff, "calibration_slope"] == pytest.approx(alone.slope.value)
    np.testing.assert_allclose(table["calibration_intercept"], [0, 0.8, 0.8, -0.5], atol=0.2)


def test_only_intercepts_known_at_the_time_are_used():
    sample, p = drifting()
    table = calibration_forward(sample, p).table
    known = [None if pd.isna(one) else f"{one:%Y-%m-%d}" for one in table["known_from"]]
    assert known == [None, None, "2010-03-31", "2010-06-30"]  # the outcome of 31 January ends on 1 May
    assert table["log_loss_saved"].isna().tolist() == [True, True, False, False]


def test_a_shift_helps_while_the_rate_stays_and_harms_when_it_turns():
    sample, p = drifting()
    table = calibration_forward(sample, p).table
    assert table["log_loss_saved_low"].iloc[2] > 0
    assert table["log_loss_saved_high"].iloc[3] < 0
    assert (table["hindsight_saved"] >= -1e-12).all()
    assert (table["hindsight_saved"] >= table["log_loss_saved"]).iloc[2:].all()


def test_what_a_shift_saves_by_hand():
    sample, p = drifting(n=200)
    table = calibration_forward(sample, p).table
    rows = sample.y.index.get_level_values("cutoff") == table.index[2]
    a, y, before = table["calibration_intercept"].iloc[1], sample.y[rows], p[rows]
    after = expit(logit(before) + a)
    loss = [-(y * np.log(q) + (1 - y) * np.log(1 - q)).mean() for q in (before, after)]
    assert table["log_loss_saved"].iloc[2] == pytest.approx(loss[0] - loss[1])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_names_each_cutoff_and_what_was_not_known(lang):
    found = calibration_forward(*drifting(n=100))
    assert all(cutoff in found.text(lang) for cutoff in CUTOFFS)
    assert "nan" not in found.text(lang)
    late = calibration_forward(*drifting(n=100, outcome=92))
    assert [f"{one:%m-%d}" for one in late.table["known_from"].dropna()] == ["01-31", "06-30"]
    only = drifting(n=100)[0].take(np.arange(100))
    text = calibration_forward(only, only.X["x"]).text(lang)
    assert {"zh": "尚未结束", "en": "no earlier outcome"}[lang] in text


def test_a_sample_without_cutoffs_is_refused():
    sample, p = drifting(n=50)
    flat = Sample(sample.X.reset_index(drop=True), sample.y.reset_index(drop=True))
    with pytest.raises(InputError, match="several cutoffs"):
        calibration_forward(flat, p.to_numpy())
    with pytest.raises(InputError, match="no windows"):
        calibration_forward(Sample(sample.X, sample.y, sample.windows[:2]), p)
    with pytest.raises(InputError, match="blank"):
        calibration_forward(sample, p.mask(np.arange(len(p)) == 0))


def features(orders: pd.DataFrame, cutoff: str, customers: pd.Index) -> pd.DataFrame:
    end = pd.Timestamp(cutoff, tz="Europe/London") + pd.Timedelta(days=1)
    known = orders[orders["ordered_at"] < end]
    days = (end - known["ordered_at"]).dt.days
    found = known.assign(days=days).groupby("customer_id").agg(
        recency=("days", "min"), tenure=("days", "max"), days=("days", "nunique"), revenue=("amount", "sum")
    )  # fmt: skip
    gap = (found["tenure"] - found["recency"]) / found["days"]
    return found.assign(days=found["days"] - 1, gap=gap).loc[customers]


def test_the_base_rate_of_a_real_shop_drifts(retail_orders):
    first = Windows("2010-02-28", data_end="2010-12-09", outcome=90)
    windows = [first.at(cutoff) for cutoff in ("2010-02-28", "2010-05-31", "2010-08-31")]
    events, parts = qualifying({"orders": retail_orders}), []
    for one in windows:
        y, _ = label(events, one)
        X = features(retail_orders, str(one.cutoff), y.index)
        index = pd.MultiIndex.from_product([y.index, [pd.Timestamp(one.cutoff)]], names=["customer_id", "cutoff"])
        parts.append((X.set_axis(index), y.set_axis(index)))
    model = logistic(log=list(parts[0][0])).fit(*parts[0])
    X, y = (pd.concat([part[k] for part in parts[1:]]) for k in (0, 1))
    p = pd.Series(model.predict_proba(X)[:, 1], index=X.index)
    table = calibration_forward(Sample(X, y, tuple(windows)), p).table
    assert table["rows"].tolist() == [2703, 3321]
    np.testing.assert_allclose(table["observed_churn"], [0.50462, 0.41915], atol=5e-6)
    assert (table["calibration_intercept_low"] > 0.4).all()
    assert table["log_loss_saved_low"].iloc[1] > 0


def test_all_that_is_shown_has_a_word():
    table, words = calibration_forward(*drifting(n=50)).table, all_words()
    shown = [*table.columns, table.index.name] + [name for name in table.index if isinstance(name, str)]
    plain = [name for name in shown if not name.endswith(("_low", "_high"))]
    assert [name for name in plain if name not in words] == []
