"""Single features: honest ones stay silent, however many levels they have; those that know do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.churn.windows.alarms import ALARM, feature_aucs, id_like, tautologies
from crm_analysis.churn.windows.audit import audit_sample, logistic_auc
from crm_analysis.churn.windows.sample import Sample


def sample(rows: int = 400, seed: int = 0, **columns: object) -> Sample:
    rng = np.random.default_rng(seed)
    ids = pd.Index([f"c{number}" for number in range(rows)], name="customer_id")
    y = pd.Series(rng.integers(0, 2, rows), index=ids)
    made = {name: make(rng, y.to_numpy()) if callable(make) else make for name, make in columns.items()}
    return Sample(pd.DataFrame(made, index=ids), y)


@pytest.mark.parametrize("levels", [2, 20, 100, 400, 4000])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_categories_of_many_levels_that_tell_nothing_are_silent(levels, seed):
    found = feature_aucs(sample(seed=seed, text=lambda rng, y: [f"t{n}" for n in rng.integers(0, levels, len(y))]))
    assert 0.4 < found.loc["text", "feature_auc"] < 0.6


def test_a_constant_tells_nothing_at_all():
    found = feature_aucs(sample(one="x", zero=0, blank=np.nan))
    assert found["feature_auc"].tolist() == [0.5] * 3


def test_leaks_of_every_kind_are_heard():
    found = feature_aucs(sample(
        number=lambda rng, y: y + rng.normal(0, 0.01, len(y)),
        turned=lambda rng, y: -y.astype(float),
        blank_if_stayed=lambda rng, y: np.where(y == 1, rng.normal(size=len(y)), np.nan),
        blank_if_gone=lambda rng, y: np.where(y == 1, np.nan, rng.normal(size=len(y))),
        text_if_gone=lambda rng, y: [f"reason {n}" if gone else None for n, gone in enumerate(y)],
        code=lambda rng, y: np.where(y == 1, rng.choice([0, 2, 4], len(y)), rng.choice([1, 3], len(y))),
        word=lambda rng, y: np.where(y == 1, rng.choice(["x", "y"], len(y)), rng.choice(["v", "w"], len(y))),
        truth=lambda rng, y: y == 0,
        honest=lambda rng, y: y + rng.normal(0, 2, len(y)),
    ))  # fmt: skip
    assert (found.drop("honest")["feature_auc"] > ALARM).all()
    assert found.loc["honest", "feature_auc"] < 0.75
    assert found.index[-1] == "honest"
    assert found.loc["code", "read_as"] == "as_category"
    assert found.loc["blank_if_gone", "filled_share"] < 0.6


def test_the_best_of_the_snapshot_and_of_the_shop(telco, retail_orders):
    from crm_analysis.churn.windows.make_sample import make_sample
    from crm_analysis.churn.windows.windows import Windows

    found = feature_aucs(telco)
    assert found.index[0] == "tenure_months"
    assert found["feature_auc"].iloc[0] == pytest.approx(0.740, abs=0.0005)

    def frequency(tables, windows):
        known = tables["orders"][tables["orders"]["ordered_at"] < windows.ends(tables["orders"]["ordered_at"])]
        day = known["ordered_at"].dt.tz_localize(None).dt.normalize()
        return known.assign(day=day).groupby("customer_id")[["day"]].nunique()

    windows = Windows("2010-08-31", data_end="2010-12-09", outcome=90, observation=365)
    shop = make_sample({"orders": retail_orders}, windows, features=frequency, audit=False)
    assert feature_aucs(shop)["feature_auc"].iloc[0] == pytest.approx(0.713, abs=0.002)


@given(st.lists(st.floats(-5, 5), min_size=25, max_size=60), st.floats(-4, 4))
def test_a_label_made_of_a_threshold_is_found(values, cut):
    x = np.array(values)
    y = (x > cut).astype(int)
    if 0 < y.sum() < len(y):
        ids = pd.RangeIndex(len(x))
        made = Sample(
            pd.DataFrame({"x": x, "turned": -x, "blank": pd.Series(x).mask(x == x[0])}, ids), pd.Series(y, ids)
        )
        found = tautologies(made)
        assert found.loc[["x", "turned"], "side"].tolist() == ["above", "below"]
        assert found.loc["x", "threshold"] == x[y == 0].max()
        assert "blank" not in found.index


def test_ids_are_named_and_the_customer_s_own_fails():
    made = sample(own=lambda rng, y: [f"c{n}" for n in range(len(y))],
                  text=lambda rng, y: [f"t{n}x" for n in range(len(y))],
                  town=lambda rng, y: [f"t{n % 90}x" for n in range(len(y))])  # fmt: skip
    assert id_like(made) == {"own": True, "text": False}
    audit = audit_sample(made)
    assert audit.table.loc["id_features", ["verdict", "flagged_items"]].tolist() == ["audit_failed", "own, text"]
    assert "own" in audit.text("zh")


def test_with_few_churners_a_perfect_feature_is_a_warning():
    ids = pd.RangeIndex(40)
    y = pd.Series([1] * 5 + [0] * 35, index=ids)
    audit = audit_sample(Sample(pd.DataFrame({"x": range(7, 47)}, index=ids), y))
    assert audit.passed
    assert audit.table.loc[["single_feature_alarm", "tautology"], "verdict"].tolist() == ["audit_warned"] * 2


def test_rows_of_a_customer_are_one_in_the_limits():
    made = sample(x=lambda rng, y: y + rng.normal(0, 1, len(y)))
    index = pd.MultiIndex.from_product([made.X.index, pd.to_datetime(["2012-05-31", "2012-06-30"])])
    twice = Sample(made.X.loc[index.get_level_values(0)].set_axis(index),
                   made.y.loc[index.get_level_values(0)].set_axis(index))  # fmt: skip
    once, double = feature_aucs(made).iloc[0], feature_aucs(twice).iloc[0]
    assert double["feature_auc_low"] == pytest.approx(once["feature_auc_low"], abs=0.001)


def test_a_ceiling_declared_beforehand_warns():
    made = sample(x=lambda rng, y: y + rng.normal(0, 1, len(y)))
    value = logistic_auc(made)
    assert value == pytest.approx(feature_aucs(made)["feature_auc"].iloc[0], abs=0.02)
    low, high = audit_sample(made, ceiling=0.6), audit_sample(made, ceiling=0.95)
    assert low.table.loc["auc_ceiling", ["verdict", "audit_limit"]].tolist() == ["audit_warned", 0.6]
    assert high.table.loc["auc_ceiling", "verdict"] == "audit_passed"
    with pytest.raises(ValueError, match="ceiling=86"):
        audit_sample(made, ceiling=86)
