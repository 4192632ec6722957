"""Companies with a campaign by lot whose true uplift is known."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest

from crm_analysis.marketing.uplift import campaign_sample, cross_fitted_uplift
from crm_analysis.simulate import taobao
from crm_analysis.simulate.streams import ids


@cache
def made(customers: int, seed: int) -> SimpleNamespace:
    data, truth = taobao.make(customers=customers, seed=seed)
    people = data.tables["customers"].set_index("customer_id")
    X, y, treated = campaign_sample(data.tables["contacts"], people[["age", "sex"]])
    customer = X.index.get_level_values("customer_id")
    hidden = truth["hidden"]["contacts"]
    effect = hidden["with_mail"].astype(int) - hidden["without"].astype(int)
    index = pd.MultiIndex.from_arrays([ids("C", hidden["customer"].to_numpy()), hidden["campaign"]])
    true = pd.Series(effect.to_numpy(), index=index).reindex(X.index)
    score = cross_fitted_uplift(X, y, treated, customer=customer, check=customers < 5000)
    return SimpleNamespace(X=X, y=y, treated=treated, customer=customer, true=true, score=score,
                           contacts=data.tables["contacts"], orders=data.tables["orders"])  # fmt: skip


@pytest.fixture(scope="session")
def small():
    """2,000 customers."""
    return made(2000, 2012)


@pytest.fixture(scope="session")
def large():
    """8,000 customers."""
    return made(8000, 5)
