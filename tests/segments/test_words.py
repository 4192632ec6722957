"""Every name that a table of this room shows has a term in both languages."""

import pandas as pd

from crm_analysis import segments as sg
from crm_analysis.segments.groups import EIGHT, GRID_ORDER
from crm_analysis.segments.lifecycle import UNSEEN
from crm_analysis.segments.stability import LIMITS
from crm_analysis.words import all_words
from crm_analysis.words.segments import WORDS

SCORES = {"r", "f", "m"}  # a letter may mean something else in another table, so it stays a letter


def names_of(found: object) -> set[str]:
    if isinstance(found, pd.Series):
        found = found.to_frame()
    return {str(name) for name in [*found.columns, *found.index.names, found.columns.name] if name is not None}


def results(log: pd.DataFrame) -> list[object]:
    scores = sg.rfm(log, as_of="2010-12-31")
    early, late = (sg.states(log, as_of=day, window_days=60) for day in ("2010-07-01", "2010-09-01"))
    silent = sg.inactivity(log, as_of="2010-12-31")
    cohorts = sg.cohorts(log, data_end="2010-12-31")
    change = sg.compare_periods(log, before=("2010-01-01", "2010-06-30"), after=("2010-07-01", "2010-12-31"))
    curve, graded = sg.second_purchase(log, data_end="2010-12-31"), sg.tiers(log, as_of="2010-12-31")
    return [
        scores.table.drop(columns=list(SCORES)),
        sg.group_table(scores, sg.grid_groups()),
        graded,
        sg.tier_table(graded),
        early,
        sg.state_table(late),
        sg.transitions(early, late),
        cohorts.mean,
        sg.cohort_table(cohorts),
        sg.customer_values(log),
        sg.customer_values(log, of="days"),
        sg.lorenz(sg.customer_values(log)),
        sg.top_shares(sg.customer_values(log), draws=10),
        sg.deciles(sg.customer_values(log)),
        sg.gaps(log),
        sg.gap_table(sg.gaps(log)),
        curve,
        sg.repeat_rates(curve),
        sg.purchases_per_customer(log),
        sg.by_hour(log),
        sg.by_weekday(log),
        sg.by_month(log),
        silent,
        sg.share_inactive(silent),
        sg.gone_quiet(log, as_of="2010-12-31"),
        sg.lapsed_customers(log, as_of="2010-12-31", after_days=30),
        sg.by_period(log),
        change.factors,
        change.customers,
        sg.cohort_history(log, first=("2010-01-01", "2010-02-28")),
        sg.cluster_stability(scores.table[["recency", "frequency"]], clusters=2, draws=2),
    ]


def test_every_column_has_a_word(make_log):
    log = make_log(3, rows=900, customers=150)
    names = set().union(*(names_of(found) for found in results(log)))
    names = {name for name in names if not name.endswith(("_low", "_high"))}
    assert names - set(all_words()) == set()


def test_every_level_and_rule_has_a_word():
    levels = {
        *EIGHT["RFM"].values(),
        *GRID_ORDER,
        *sg.FIVE_LEVELS,
        *sg.FEW_DAYS,
        *sg.STATES,
        UNSEEN,
        *sg.WEEKDAYS,
        *LIMITS,
    }
    levels |= {"cancelled_row", "refund_row", "zero_amount_row", "outside_stated_window", "merged_lines"}
    levels |= {"orders", "buy_events", "actions", "lost_customers", "kept_customers", "gained_customers", "revenue"}
    assert levels - set(all_words()) == set()


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_words_are_chinese_and_english_with_the_punctuation_of_each():
    for name, entry in WORDS.items():
        assert is_chinese(entry.zh), name
        assert not is_chinese(entry.en + entry.en_note), name
        assert bool(entry.zh_note) == bool(entry.en_note), name
        assert not set(entry.zh + entry.zh_note) & set(",;:?()"), name
