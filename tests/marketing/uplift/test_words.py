"""Every key of experiments and uplift that a report can show has its term in both languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crm_analysis.marketing import experiments, uplift
from crm_analysis.report.present import number
from crm_analysis.words import all_words
from crm_analysis.words.marketing_experiments import WORDS as EXPERIMENTS
from crm_analysis.words.marketing_uplift import WORDS as UPLIFT


def frames():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"arm": rng.choice(["mail", "holdout"], 80), "bought": rng.integers(0, 2, 80),
                          "spend": rng.gamma(2, 3, 80), "sessions": 2})  # fmt: skip
    found = experiments.experiment(frame, outcome="bought", metrics={"spend": "spend", "r": ("spend", "sessions")},
                                   covariates=["sessions"])  # fmt: skip
    x, y, treated = rng.random(80), rng.integers(0, 2, 80), rng.integers(0, 2, 80)
    yield found.effects.drop(columns=["metric", "arm"])
    yield found.balance.drop(columns=["covariate", "arm"])
    yield found.arms
    adjusted = experiments.cuped(frame["spend"], pd.Series(x, name="x"), frame["arm"])
    yield adjusted.table.reset_index()
    yield adjusted.theta.reset_index()[["theta"]]
    yield experiments.plan_experiment(0.1, effect=0.1, units_per_day=5).curve
    yield experiments.peeking_table([1, 2], draws=100)
    yield uplift.uplift_by_decile(x, y, treated, groups=3)
    yield uplift.customer_kinds(x, y, treated, groups=3)
    yield uplift.policy_table(x, y, treated)
    yield uplift.qini(x, y, treated, draws=5).curve
    yield uplift.qini(x, y, treated, draws=5).steps
    yield uplift.risk_and_uplift(x, uplift=x, y=y, treated=treated).table


def test_every_column_and_key_has_a_word():
    shown = {"qini_coefficient", "persuadables", "sure_things", "lost_causes", "sleeping_dogs", "metric", "covariate"}
    for frame in frames():
        shown |= {re.sub("_(low|high)$", "", name) for name in frame}
        for name in ("metric_kind", "adjustment", "policy"):
            shown |= set(frame[name]) if name in frame else set()
    assert shown - set(all_words()) == set()


@pytest.mark.parametrize("entry", (EXPERIMENTS | UPLIFT).values(), ids=(EXPERIMENTS | UPLIFT).keys())
def test_words_are_in_their_language(entry):
    assert re.search("[\u4e00-\u9fff]", entry.zh)
    assert entry.en.isascii()
    assert bool(entry.zh_note) == bool(entry.en_note)
    assert number(3 if entry.style.endswith("d") else np.float64(0.5), entry.style)
