from __future__ import annotations

import pandas as pd

from crm_analysis.churn.models.forward import forward
from crm_analysis.churn.models.forward_texts import calibration_sentence, verdict_of


def row(excess: float, low: float, high: float) -> pd.Series:
    return pd.Series({"mean_probability": 0.4 + excess, "churn_rate": 0.4, "excess": excess, "excess_low": low,
                      "excess_high": high})  # fmt: skip


def test_too_high_too_low_and_within_chance():
    high, low, fine = (calibration_sentence("boosting", row(*values)) for values in
                       ((0.05, 0.02, 0.08), (-0.05, -0.08, -0.02), (0.01, -0.01, 0.03)))  # fmt: skip
    assert high.en.endswith("too high by 5.0 points [2.0, 8.0].")
    assert low.en.endswith("too low by 5.0 points [2.0, 8.0].")
    assert fine.en.endswith("within chance (+1.0 points).")
    assert ("高估 5.0 个百分点 [2.0, 8.0]" in high.zh, "低估 5.0 个百分点 [2.0, 8.0]" in low.zh) == (True, True)
    assert "抽样误差之内" in fine.zh
    assert calibration_sentence("boosting", row(-0.0001, -0.02, 0.02)).en.endswith("within chance (+0.0 points).")


def test_without_limits_nothing_is_claimed():
    nan = float("nan")
    assert calibration_sentence("mine", row(0.05, nan, nan)).en == "Mine expected 45.0% to churn, 40.0% did."


def test_warnings_of_audits_come_last(made):
    test = forward([made(seed=1), made(seed=2, cutoff="2012-06-30")], ["prior", "recency_only"], draws=20)
    warned = pd.DataFrame({"flagged_items": ["47 d"]}, index=["silent_end"])
    said = verdict_of(test, warned)
    assert said[:-1] == verdict_of(test)
    assert said[-1].en == "To be heeded: silent end of the data (47 d)."
