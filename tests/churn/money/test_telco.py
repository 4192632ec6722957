"""Profits of the Telco snapshot from out-of-fold chances of churn, plain, balanced and repaired."""

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.compare import profit_table
from crm_analysis.churn.money.curve import profit_curve
from crm_analysis.churn.money.maximum import expected_maximum_profit, maximum_profit
from crm_analysis.churn.money.threshold import choose_threshold

CAMPAIGN = Campaign()


@pytest.fixture
def predictions(telco) -> pd.DataFrame:
    """Out-of-fold chances; columns are prepared once for all folds, to be quick; no label is used in that."""
    X = logistic().named_steps["prepare"].fit_transform(telco.X)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    models = {"plain": LogisticRegression(), "balanced": LogisticRegression(class_weight="balanced")}
    found = pd.DataFrame(
        {name: cross_val_predict(model.set_params(max_iter=500), X, telco.y, cv=folds, method="predict_proba")[:, 1]
         for name, model in models.items()},
        index=telco.X.index,
    )  # fmt: skip
    odds = found["balanced"] / (1 - found["balanced"]) * telco.churn_rate / (1 - telco.churn_rate)
    return found.assign(repaired=odds / (1 + odds))


def test_profits_agree_with_the_reference(predictions, telco):
    table = profit_table(predictions, telco.y, CAMPAIGN, draws=50)
    assert table["profit"].to_dict() == pytest.approx({"plain": 10.21, "balanced": 9.53, "repaired": 10.20}, abs=0.1)
    assert table.loc["plain", "contacted_share"] == pytest.approx(0.538, abs=0.01)
    assert table.loc["balanced", "profit_difference_high"] < 0  # ruined chances cost money
    p, y = predictions["plain"], telco.y
    assert maximum_profit(p, y, CAMPAIGN).profit == pytest.approx(10.23, abs=0.1)
    assert expected_maximum_profit(p, y, CAMPAIGN).profit == pytest.approx(10.31, abs=0.1)
    curve = profit_curve(p, y, CAMPAIGN, draws=0)
    assert curve["profit"].iloc[-1] == pytest.approx(6.7798, abs=5e-5)
    half = curve[curve["threshold"] >= 0.5].iloc[-1]
    assert half["profit"] == pytest.approx(7.28, abs=0.1)
    chosen = choose_threshold(p, y, CAMPAIGN, draws=20)
    assert chosen.table.loc["at_break_even", "threshold"] == pytest.approx(break_even(CAMPAIGN))
    assert 0 <= chosen.optimism.value < 0.2
