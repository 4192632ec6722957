"""Every name that a result of this folder shows has a term in both languages."""

import numpy as np
import pandas as pd

from crm_analysis.churn.money.budget import spend_budget
from crm_analysis.churn.money.campaign import ASSUMPTIONS, Campaign
from crm_analysis.churn.money.compare import profit_table, ranking_table
from crm_analysis.churn.money.curve import ALL, NONE, profit_curve
from crm_analysis.churn.money.loyalty_claim import loyalty_claim
from crm_analysis.churn.money.maximum import expected_maximum_profit
from crm_analysis.churn.money.sensitivity import SOME, sensitivity, sensitivity_grid
from crm_analysis.churn.money.threshold import choose_threshold
from crm_analysis.words import all_words
from crm_analysis.words.churn_money import WORDS as MONEY
from crm_analysis.words.segments_worklist import WORDS as LIST


def test_every_column_and_level_has_a_word():
    rng = np.random.default_rng(0)
    p, clv = rng.random(60), rng.uniform(50, 300, 60)
    y, campaign = (rng.random(60) < p).astype(int), Campaign()
    use, choice = spend_budget(p, campaign, budget=50), choose_threshold(p, y, campaign, folds=3, draws=2)
    frames = [
        use.table, use.curve, choice.table.reset_index(), profit_curve(p, y, campaign, draws=2),
        profit_table(pd.DataFrame({"prior": p}), y, campaign, draws=2), sensitivity_grid(p, y, campaign, steps=2),
        ranking_table(p, y, campaign, clv=clv, draws=2), expected_maximum_profit(p, y, campaign).plans,
        sensitivity(p, y, campaign).table.reset_index(), loyalty_claim(0.8).table,
    ]  # fmt: skip
    names = {name for frame in frames for name in frame if not str(name).endswith(("_low", "_high"))}
    names |= {*ASSUMPTIONS, NONE, ALL, SOME, *choice.table.index}
    assert names - {"prior"} - set(all_words()) == set()


def test_words_have_the_punctuation_of_their_language():
    for name, entry in (MONEY | LIST).items():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in entry.zh), name
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in entry.en + entry.en_note), name
        assert bool(entry.zh_note) == bool(entry.en_note), name
        assert not set(entry.zh + entry.zh_note) & set(",;:?()"), name
