from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.models.pipelines import boosting, logistic


def test_a_feature_wholly_blank_in_training_does_no_harm():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"orders": rng.poisson(3, 200).astype(float), "days_since_complaint": np.nan})
    y = (X["orders"] < 2).astype(int)
    for model in (boosting(), logistic(log=["orders"])):
        fitted = model.fit(X, y)
        later = X.head(5).assign(days_since_complaint=[1.0, np.nan, 3, 4, 5])
        np.testing.assert_allclose(fitted.predict_proba(later), fitted.predict_proba(X.head(5)))


def test_the_logistic_regression_marks_blanks_and_takes_new_terms():
    X = pd.DataFrame({"days_since_complaint": [1.0, np.nan, 3, np.nan] * 20, "city": ["沪", "杭", None, "蓉"] * 20})
    y = [0, 1, 0, 1] * 20
    model = logistic().fit(X, y)
    names = model["prepare"].get_feature_names_out()
    assert any("missingindicator" in name for name in names)
    chance = model.predict_proba(pd.DataFrame({"days_since_complaint": [np.nan, 2.0], "city": ["京", "沪"]}))[:, 1]
    assert chance[0] > 0.5 > chance[1]
