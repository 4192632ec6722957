"""Every column and level that a table of the rates can show has a term."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.churn.rates.activity import activity_churn, inactivity_rates
from crm_analysis.churn.rates.contract_cohorts import contract_cohorts
from crm_analysis.churn.rates.contract_rates import account_bridge, contract_rates
from crm_analysis.churn.rates.contract_tenures import contract_tenures
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.monthly_rates import monthly_rates
from crm_analysis.churn.rates.rescaling import rate_mistakes
from crm_analysis.churn.rates.retention_projection import project_retention
from crm_analysis.churn.rates.tenure_curves import tenure_curves
from crm_analysis.churn.rates.tenure_mistakes import tenure_mistakes
from crm_analysis.words import all_words

LEVELS = ("way", "bridge_step", "rate_of")


@pytest.fixture
def tables(simulated) -> list[pd.DataFrame]:
    contracts = simulated(400)
    tenures = contract_tenures(contracts, as_of="2013-06-30")
    when = {"start": "2012-03-01", "end": "2012-04-30", "draws": 20}
    rates, curves = contract_rates(contracts, **when), tenure_curves(tenures, by="plan")
    log = contracts.rename(columns={"started_on": "at"})[["account_id", "at"]]
    silent = activity_churn(contracts, log, start="2012-03-01", end="2012-03-31", over=(30,))
    inactive = inactivity_rates(log.rename(columns={"account_id": "customer_id"}), as_of="2012-03-31",
                                data_end="2012-06-30", over=(30,))  # fmt: skip
    model = DiscreteHazard(month="log", covariates=["plan"]).fit(tenures)
    found = [rates, rate_mistakes(rates), account_bridge(rates), account_bridge(rates, of="mrr"), silent, inactive,
             monthly_rates(contracts, **when), contract_cohorts(contracts, data_end="2013-06-30").mean,
             curves.table, curves.pairs, curves.curves, curves.test.groups, tenure_mistakes(tenures),
             hazard_table(tenures, by="plan"), model.effects(), model.tests(), project_retention(tenures).table,
             model.predict(pd.DataFrame({"plan": ["yearly"]}), horizon=3), pd.DataFrame([tenures.attrs["account"]]),
             pd.DataFrame(columns=["leaving_hazard_ratio", "per_unit", "entry", "entered_late"])]  # fmt: skip
    return [table.reset_index(names=None) if None not in table.index.names else table for table in found]


def test_every_column_and_level_has_a_term(tables):
    shown = set()
    for table in tables:
        names = {str(name) for name in table}
        shown |= {name.removesuffix("_low").removesuffix("_high") if f"{name[: name.rfind('_')]}" in names else name
                  for name in names}  # fmt: skip
        shown |= {level for name in LEVELS if name in table for level in table[name]}
    assert sorted(shown - set(all_words())) == []
