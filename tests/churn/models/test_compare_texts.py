from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from crm_analysis.churn.models.compare import Comparison
from crm_analysis.churn.models.compare_texts import difference_text, trouble_sentences
from crm_analysis.churn.models.metrics import MEASURES
from crm_analysis.churn.models.paired import best_models, model_table, paired_differences


def built(auc: dict[str, float], *, brier: dict[str, float] | None = None, kind: str = "forward") -> Comparison:
    """A comparison of ten folds around given means."""
    noise = np.random.default_rng(0).normal(0, 0.01, 10)
    own = np.random.default_rng(1)
    rows = [
        {"model": key, "repeat": 0, "fold": i, **dict.fromkeys(MEASURES, 0.5), "auc": mean + noise[i]
         + own.normal(0, 0.003), "brier": (brier or {}).get(key, 0.2) + own.normal(0, 0.001)}
        for key, mean in auc.items() for i in range(10)
    ]  # fmt: skip
    scores = pd.DataFrame(rows)
    table = model_table(scores, list(auc), ratio=1 / 9)
    best = best_models(table)
    y = pd.Series([1] * 300 + [0] * 700)
    none = pd.DataFrame(columns=["model", "trouble", "cause", "folds"])
    return Comparison(table, paired_differences(scores, best, ratio=1 / 9), best, scores, pd.DataFrame(), y, none, (),
                      kind, 1, 10, 1, 0.95)  # fmt: skip


def test_a_tie_a_lead_and_a_gain_are_told_apart():
    tied = built({"recency_only": 0.6, "logistic": 0.751, "boosting": 0.75})
    assert "over gradient boosting is within the noise" in tied.text("en")
    assert "它与梯度提升树的差异在各折的波动之内" in tied.text("zh")
    clear = built({"prior": 0.5, "recency_only": 0.6, "logistic": 0.7, "boosting": 0.8})
    assert "leads all others by more than the noise of the folds; the nearest, logistic regression" in clear.text("en")
    assert "Against the best baseline (recency only, AUC 0.6" in clear.text("en")


def test_a_baseline_that_wins_is_said_to_do():
    found = built({"bg_nbd": 0.8, "logistic": 0.75})
    assert "No model ranks customers better" in found.text("en")
    assert "最好的基准（BG/NBD 模型" in found.text("zh")
    assert "与 BG/NBD" not in found.text("zh")


def test_chances_no_better_than_the_rate_are_said_so():
    found = built({"prior": 0.5, "logistic": 0.6}, brier={"logistic": 0.2101})
    assert "is not below that of the churn rate given to all (0.2100)" in found.text("en")
    better = built({"prior": 0.5, "logistic": 0.6}, brier={"logistic": 0.16})
    assert "23." in better.text("en")
    assert "below the churn rate given to all" in better.text("en")


def test_a_snapshot_is_called_one():
    assert "optimistic" in built({"prior": 0.5, "logistic": 0.6}, kind="snapshot").text("en")


def test_a_single_model_is_no_comparison():
    assert built({"logistic": 0.7}).text("en").startswith("By AUC the best is logistic regression (0.7")


def test_differences_are_printed_towards_the_better():
    row = pd.Series({"difference": 0.0092, "difference_low": 0.0003, "difference_high": 0.0181})
    assert difference_text(row) == "0.0092 [0.0003, 0.0181]"  # a limit beside 0 is not printed as 0
    blank = pd.Series({"difference": 0.01, "difference_low": np.nan, "difference_high": np.nan})
    assert difference_text(blank) == "0.010"


def test_each_trouble_is_said_once_per_model():
    table = pd.DataFrame({"model": ["mine", "mine", "logistic"], "trouble": ["warned", "warned", "failed"],
                          "cause": ["a", "b", "c"], "folds": [3, 2, 1]})  # fmt: skip
    said = [one.en for one in trouble_sentences(table)]
    assert said == ["In 3 fits mine warned: a.", "Not compared, for it failed: logistic regression (c)."]


def test_warnings_of_the_audit_are_carried_into_the_verdict():
    warned = pd.DataFrame({"flagged_items": ["47 d", ""]}, index=["silent_end", "forward_labels"])
    found = replace(built({"prior": 0.5, "logistic": 0.6}), warnings=warned)
    assert found.text("en").endswith("To be heeded: silent end of the data (47 d).")
    assert found.text("zh").endswith("请注意审计提示：数据末端空白（47 d）。")
    assert "heeded" not in built({"prior": 0.5, "logistic": 0.6}).text("en")
