"""The audit of functions of features: honest ones pass on any tables, and each kind of leak is named."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.windows.audit import Audit, LeakError, audit, audit_sample
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.make_sample import make_sample
from crm_analysis.churn.windows.truncation import moves
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from tests.churn.windows.parts import WINDOWS, honest, shop


def by_customer(frame: pd.DataFrame, **found: tuple[str, str]) -> pd.DataFrame:
    ids = shop()["customers"]["customer_id"]
    return frame.groupby("customer_id").agg(**found).reindex(ids)


LEAKS = {
    "all rows": (lambda t, w: by_customer(t["orders"], spend=("amount", "sum")), "orders", "rows_dropped"),
    "last row": (lambda t, w: by_customer(t["orders"].sort_values("ordered_at"), last=("ordered_at", "last"))
                 .assign(last=lambda f: (w.cutoff_date.tz_localize("UTC") - f["last"]).dt.days),
                 "orders", "rows_redated"),
    "as of the last row": (lambda t, w: honest(t, w).assign(as_of=t["orders"]["ordered_at"].max().day_of_year),
                           "orders", "rows_redated"),
    "mean of all": (lambda t, w: honest(t, w).assign(share=lambda f: f["spend"] / t["orders"]["amount"].sum()),
                    "orders", "rows_revalued"),
    "duplicates": (lambda t, w: honest(t, w).assign(rows=len(t["orders"])), "orders", "rows_doubled"),
    "solved at all": (lambda t, w: honest(t, w).assign(
        solved=history(t, w)["tickets"].assign(resolved_at=t["tickets"]["resolved_at"]).groupby("customer_id")
        ["resolved_at"].count()), "tickets", "columns_blanked"),
    "csat of later": (lambda t, w: honest(t, w).assign(
        csat=history(t, w)["tickets"].assign(csat=t["tickets"]["csat"]).groupby("customer_id")["csat"].mean()),
        "tickets", "columns_filled"),
    "delivery to come": (lambda t, w: history(t, w)["orders"].assign(delivery_days=t["orders"]["delivery_days"])
                         .groupby("customer_id")[["delivery_days"]].mean(), "orders", "columns_filled"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_each_leak_is_named_with_its_table_and_how_it_showed(name):
    function, table, cause = LEAKS[name]
    tables = shop(3)
    customers = honest(tables, WINDOWS).index
    found = moves(function, tables, WINDOWS, customers)
    assert (table, cause) in {(move.table, move.cause) for move in found}
    assert {move.table for move in found} == {table}
    assert {move.feature for move in found} <= set(function(tables, WINDOWS).columns)
    assert not {"orders", "days_since_last"} & {move.feature for move in found}


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_honest_functions_pass_on_any_tables(seed):
    tables = shop(seed, customers=12)
    customers = honest(tables, WINDOWS).index
    assert moves(honest, tables, WINDOWS, customers) == []


def test_an_audit_in_a_table_and_in_words():
    good = audit(honest, shop(customers=200), WINDOWS)
    assert good.passed
    assert good.table.loc["truncation_invariance"].tolist()[:4] == ["audit_passed", True, 3, 0]
    assert "All 3 features" not in good.text("en")
    bad = audit(LEAKS["all rows"][0], shop(), WINDOWS)
    assert not bad.passed
    assert "spend changes when in orders rows after the cutoff are dropped." in bad.text("en")
    assert "在“订单表”中删去截止日之后的行时，“消费金额”会变化。" in bad.text("zh")
    assert bad.moves["feature"].unique().tolist() == ["spend"]
    assert bad.features.index.tolist() == ["spend"]


def test_features_run_through_the_outcome_are_alarmed(retail_orders):
    def leaky(tables, windows):
        known = tables["orders"][tables["orders"]["ordered_at"] < pd.Timestamp("2010-11-30", tz="Europe/London")]
        last = known.groupby("customer_id")["ordered_at"].max()
        day = last.dt.tz_localize(None).dt.normalize()
        return pd.DataFrame({"recency": (pd.Timestamp("2010-11-29") - day).dt.days})

    windows = Windows("2010-08-31", data_end="2010-12-09", outcome=90, observation=365)
    sample = make_sample({"orders": retail_orders}, windows, features=leaky, audit="report", ceiling=0.86)
    table = sample.audit
    assert sample.leaks.index.tolist() == ["truncation_invariance", "single_feature_alarm", "tautology"]
    assert table.loc["single_feature_alarm", "audit_value"] == pytest.approx(1, abs=0.001)
    assert table.loc["auc_ceiling", "audit_value"] == pytest.approx(1, abs=0.001)
    with pytest.raises(LeakError, match=r"churned means recency > 89") as caught:
        make_sample({"orders": retail_orders}, windows, features=leaky)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, LeakError)
    assert isinstance(again, InputError)
    assert str(again) == str(caught.value)
    assert not again.audit.passed
    assert "recency" in again.zh
    assert "history(tables, windows)" in again.mend


def test_functions_that_fail_on_the_data_of_the_cutoff_are_named():
    def needs_later(tables, windows):
        if tables["tickets"]["opened_at"].max() < windows.ends(tables["tickets"]["opened_at"]):
            raise ValueError("no recent ticket")
        return honest(tables, windows)

    found = audit(needs_later, shop(), WINDOWS)
    assert not found.passed
    assert "fails when in tickets rows after the cutoff are dropped (ValueError: no recent ticket)" in found.text("en")
    assert "no recent ticket" in found.moves["call_error"].iloc[0]


def test_functions_of_chance_and_tables_without_times_are_warned_of():
    rng = np.random.default_rng(0)
    found = audit(lambda t, w: honest(t, w).assign(noise=lambda f: rng.random(len(f))), shop(), WINDOWS)
    assert found.passed
    assert found.table.loc["repeatable_features", ["verdict", "flagged_items"]].tolist() == ["audit_warned", "noise"]
    web = {"web": pd.DataFrame({"customer_id": ["c000"], "clicks": 5}), "diary": pd.DataFrame({"x": [1]})}
    used = audit(lambda t, w: honest(t, w).assign(clicks=t["web"]["clicks"].sum()), shop() | web, WINDOWS)
    assert used.table.loc["undated_tables", ["verdict", "flagged_items"]].tolist() == ["audit_warned", "web"]
    assert audit(honest, shop() | web, WINDOWS).table.loc["undated_tables", "verdict"] == "audit_passed"


def test_data_that_end_early_begin_late_and_outcomes_that_share_days():
    early = {
        name: frame[frame.iloc[:, 2].dt.month < 7] if name == "orders" else frame for name, frame in shop().items()
    }
    found = audit(honest, early, WINDOWS)
    assert found.table.loc["silent_end", "verdict"] == "audit_warned"
    assert "last 30 days of the outcome" in found.text("en")
    short = Windows("2012-05-31", data_end="2012-12-31", outcome=60, observation=365, data_start="2012-01-01")
    both = audit(honest, shop(), [short, short.at("2012-06-30")]).table["verdict"]
    assert both[["short_observation", "shared_outcome_days"]].tolist() == ["audit_warned"] * 2
    apart = audit(honest, shop(), [WINDOWS, WINDOWS.at("2012-07-30")]).table["verdict"]
    assert apart["shared_outcome_days"] == "audit_passed"


def test_a_snapshot_says_that_it_is_one(telco):
    found = audit_sample(telco)
    assert isinstance(found, Audit)
    assert found.passed
    assert "a snapshot" in found.text("en")
    assert "快照" in found.text("zh")
    assert found.table.index.isin(["forward_labels"]).sum() == 1


def test_every_word_of_an_audit_is_in_the_dictionary():
    from crm_analysis.words.churn_windows import WORDS

    found = audit(LEAKS["all rows"][0], shop(), [WINDOWS, WINDOWS.at("2012-06-30")], ceiling=0.9)
    shown = {*found.table.index, *found.table["verdict"], *found.table.columns, *found.moves["moved_by"],
             *found.features["read_as"]}  # fmt: skip
    assert shown - set(WORDS) == {"verdict"}  # a word of the claims
