"""On a simulated company of 8,000 customers: what foretells churn forward, and how far its chances can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.forward import forward
from crm_analysis.churn.models.scoring import scoring_windows
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.segments import counted_orders
from crm_analysis.tables.days import local_days

CUTOFFS = ("2012-03-31", "2012-06-30", "2012-09-30")


def features(tables, windows):
    """Days since the last purchase, purchase days, tenure: enough to foretell churn."""
    known = counted_orders(history(tables, windows)["orders"])
    known = known.assign(day=local_days(known["ordered_at"]))
    each = known.groupby("customer_id")["day"].agg(["min", "max", "nunique"])
    return pd.DataFrame({"days_since_last": windows.cutoff_day - each["max"], "purchase_days": each["nunique"],
                         "tenure_days": windows.cutoff_day - each["min"]})  # fmt: skip


@pytest.fixture(scope="module")
def samples(large_company):
    orders = {"orders": large_company.data.tables["orders"]}
    found = []
    for cutoff in CUTOFFS:
        windows = Windows(cutoff, data_end="2012-12-31", outcome=90)
        y, _ = label(qualifying(orders), windows)
        found.append(Sample(features(orders, windows).loc[y.index], y, (windows,), kind="forward"))
    return found


def test_chances_hold_forward_and_the_order_of_models_is_as_the_reference_says(samples):
    test = forward(samples, draws=100)
    last = test.table.xs(pd.Timestamp(CUTOFFS[-1]), level="cutoff")
    assert abs(last.loc["logistic", "excess"]) < 0.03
    assert last.loc["logistic", "brier"] < 0.8 * last.loc["prior", "brier"]
    assert last["auc"].drop("prior").gt(0.8).all()
    assert last.loc["bg_nbd", "auc"] > last.loc["recency_only", "auc"]  # a company of buyers who come and go


def test_deciles_of_the_chance_churn_as_often_as_they_say(samples):
    test = forward(samples, ["boosting"], draws=0)
    latest = test.y.index.get_level_values("cutoff") == pd.Timestamp(CUTOFFS[-1])
    p, y = test.predictions["boosting"][latest], test.y[latest]
    part = pd.qcut(p.rank(method="first"), 10, labels=False)
    assert np.abs(p.groupby(part).mean() - y.groupby(part).mean()).max() < 0.08


def test_customers_of_today_are_scored_without_an_outcome(samples, large_company):
    model = fit(samples[-1])
    today = scoring_windows(model.windows[0])
    orders = {"orders": large_company.data.tables["orders"]}
    scores = model.predict(features(orders, today))
    assert today.cutoff_day == Windows("2012-12-31", data_end="2013-12-31").cutoff_day
    assert scores.between(0, 1).all()
    assert len(scores) > len(samples[-1])
