"""Customers in groups: what they bought, when, how much it is worth, and who has fallen silent.

Every measure takes a plain DataFrame of purchases or actions (customer_id, at, [amount]);
`purchases` and `actions` make one of a data set. The plots are in `crm_analysis.segments.plots`.

>>> "rfm" in __all__
True
"""

from crm_analysis.segments.activity import WEEKDAYS, by_hour, by_month, by_weekday, week_hours
from crm_analysis.segments.audit import by_period, cohort_history, deciles, revenue_by_cohort
from crm_analysis.segments.change import Change, compare_periods, last_windows, shapley
from crm_analysis.segments.cohorts import Cohorts, cohort_table, cohorts
from crm_analysis.segments.concentration import customer_values, gini, lorenz, top_count, top_share, top_shares
from crm_analysis.segments.frames import between, has_money
from crm_analysis.segments.groups import assign_groups, eight_groups, grid_groups, group_table, partition
from crm_analysis.segments.inactivity import gone_quiet, inactivity, lapsed_customers, share_inactive
from crm_analysis.segments.lifecycle import STATES, state_table, states, transitions
from crm_analysis.segments.periods import suitable_period
from crm_analysis.segments.purchases import Log, actions, counted_orders, purchases, stated_window
from crm_analysis.segments.rfm import Scores, rfm
from crm_analysis.segments.stability import cluster_stability
from crm_analysis.segments.stakes import at_stake
from crm_analysis.segments.tiers import FEW_DAYS, FIVE_LEVELS, tier_table, tiers
from crm_analysis.segments.timing import gap_table, gaps, purchases_per_customer, repeat_rates, second_purchase
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.lots import detectable_difference, holdout_needed
from crm_analysis.segments.worklist.worklist import Worklist, worklist
from crm_analysis.survival import kaplan_meier

__all__ = [
    "FEW_DAYS",
    "FIVE_LEVELS",
    "STATES",
    "WEEKDAYS",
    "Action",
    "Change",
    "Cohorts",
    "Log",
    "Scores",
    "Worklist",
    "actions",
    "assign_groups",
    "at_stake",
    "between",
    "by_hour",
    "by_month",
    "by_period",
    "by_weekday",
    "cluster_stability",
    "cohort_history",
    "cohort_table",
    "cohorts",
    "compare_periods",
    "counted_orders",
    "customer_values",
    "deciles",
    "detectable_difference",
    "eight_groups",
    "gap_table",
    "gaps",
    "gini",
    "gone_quiet",
    "grid_groups",
    "group_table",
    "has_money",
    "holdout_needed",
    "inactivity",
    "kaplan_meier",
    "lapsed_customers",
    "last_windows",
    "lorenz",
    "partition",
    "purchases",
    "purchases_per_customer",
    "repeat_rates",
    "revenue_by_cohort",
    "rfm",
    "second_purchase",
    "shapley",
    "share_inactive",
    "state_table",
    "stated_window",
    "states",
    "suitable_period",
    "tier_table",
    "tiers",
    "top_count",
    "top_share",
    "top_shares",
    "transitions",
    "week_hours",
    "worklist",
]  # fmt: skip
