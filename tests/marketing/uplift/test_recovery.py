"""The simulated company, whose true uplift is known: what the tools find of it, and say of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.marketing.uplift import policy_table, qini, risk_and_uplift, uplift_by_decile
from crm_analysis.marketing.uplift.rows import difference, score_groups

FIRST_AGES = [0, 25, 40, 200]
TRUE = (0.0765, 0.0419, -0.0485)  # by band of age, over many companies


def true_by_group(company):
    return company.true.groupby(score_groups(company.score.to_numpy(), 10)).mean().to_numpy()


@pytest.mark.parametrize("name", ["small", "large"])
def test_true_uplift_of_the_deciles_lies_inside_the_limits(name, request):
    company = request.getfixturevalue(name)
    table = uplift_by_decile(company.score, company.y, company.treated, customer=company.customer)
    true = true_by_group(company)
    assert ((table["uplift_low"] <= true) & (true <= table["uplift_high"])).sum() >= 9
    assert np.corrcoef(table["score_mean"], true)[0, 1] > 0.9


def test_the_order_is_better_than_chance_on_the_large_company(large):
    found = qini(large.score, large.y, large.treated, customer=large.customer, draws=300)
    assert found.coefficient.low > 0
    best = qini(large.true, large.y, large.treated, draws=0).coefficient.value
    assert found.coefficient.value < best  # nobody knows each customer's own outcome


def test_the_small_company_is_told_with_its_uncertainty(small):
    found = qini(small.score, small.y, small.treated, customer=small.customer, draws=300)
    verdict = "beats treating at random" if found.coefficient.low > 0 else "do not show"
    assert verdict in found.text("en")
    low, high = found.coefficient[1:]
    order = small.score.rank(ascending=False, method="first").to_numpy().argsort()
    curve = np.concatenate([[0], small.true.to_numpy()[order].cumsum()]) / len(order)
    share = np.linspace(0, 1, len(curve))
    assert low <= np.trapezoid(curve, share) - curve[-1] / 2 <= high
    assert found.ate.low <= small.true.mean() <= found.ate.high


@pytest.mark.parametrize("name", ["small", "large"])
def test_effects_by_age_are_those_of_the_process(name, request):
    company = request.getfixturevalue(name)
    band = pd.cut(company.X["age"], FIRST_AGES, right=False, labels=False).to_numpy()
    for k, true in enumerate(TRUE):
        part = band == k
        found = difference(company.y.to_numpy(float)[part], company.treated.to_numpy()[part], company.customer[part])
        assert found.low - 0.015 <= true <= found.high + 0.015


def test_the_sleeping_dogs_are_found(large):
    table = uplift_by_decile(large.score, large.y, large.treated, customer=large.customer)
    assert (table["uplift_high"].iloc[-2:] < 0).all()
    assert (large.X["age"][large.score < 0] >= 36).mean() > 0.95
    old = (large.X["age"] >= 40).to_numpy()
    assert (large.score[old] < 0).mean() > 0.95
    sparing = policy_table(large.score, large.y, large.treated, shares=[0.7], customer=large.customer).iloc[1]
    assert sparing["gain_over_everybody_low"] > 0


def test_risk_is_not_uplift(large):
    """Those silent for longest are the likeliest lost, and the mail wins no more of them than of the others."""
    sent = large.contacts.groupby(["customer_id", "campaign"], sort=False)["sent_at"].min()
    rows = sent.reindex(large.X.index).reset_index().rename_axis("row").reset_index().sort_values("sent_at")
    orders = large.orders[["customer_id", "ordered_at"]].sort_values("ordered_at")
    met = pd.merge_asof(rows, orders, left_on="sent_at", right_on="ordered_at", by="customer_id").sort_values("row")
    silent = (met["sent_at"] - met["ordered_at"]).dt.days.to_numpy()
    found = risk_and_uplift(silent, uplift=large.score, y=large.y, treated=large.treated, customer=large.customer)
    assert large.y[silent > 90].mean() < 0.75 * large.y[silent < 30].mean()  # silence is a risk
    best = silent >= np.sort(silent)[-len(silent) // 5]
    true = large.true.to_numpy()
    assert found.top_effect.low <= true[best].mean() <= found.top_effect.high
    assert found.other_effect.low <= true[~best].mean() <= found.other_effect.high
    assert true[best].mean() < true[~best].mean()
    assert abs(found.spearman.value) < 0.1
    assert found.overlap.value < 0.3
