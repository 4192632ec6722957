"""The telephone company: its tables fit each other, and what was put in can be found again."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm_analysis import simulate, tables
from crm_analysis.errors import InputError
from crm_analysis.simulate import telecom
from crm_analysis.simulate.telecom_life import TERMS, Telecom
from crm_analysis.words import all_words


@pytest.fixture(scope="module")
def company():
    return telecom.make(seed=3, customers=6000)


def months(start: pd.Series, end: pd.Series) -> np.ndarray:
    return ((end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month).to_numpy()


def test_accounts_leave_at_the_end_of_a_term_within_the_data(company):
    contracts = company[0]["contracts"]
    last = pd.Timestamp("2012-12-31", tz="Asia/Shanghai")
    gone = contracts[contracts["ended_on"].notna()]
    lived = months(gone["started_on"], gone["ended_on"])
    assert (gone["started_on"].dt.day == gone["ended_on"].dt.day).all()
    assert (lived % gone["plan"].map(TERMS) == 0).all()
    assert (lived >= 1).all()
    assert gone["ended_on"].max() <= last
    there = contracts[contracts["ended_on"].isna()]
    assert (there["ends_on"] > last).all()
    assert (gone["ends_on"] == gone["ended_on"]).all()


def test_tables_speak_of_the_same_customers(company):
    data = company[0]
    contracts, tickets = data["contracts"].set_index("account_id"), data["tickets"]
    assert set(tickets["customer_id"]) <= set(contracts.index) == set(data["customers"]["customer_id"])
    at, start = tickets["opened_at"], contracts.loc[tickets["customer_id"], "started_on"].to_numpy()
    assert (at.dt.tz_convert("UTC").dt.tz_localize(None) >= pd.to_datetime(start, utc=True).tz_localize(None)).all()
    assert (tickets["resolved_at"].dropna() > at[tickets["resolved_at"].notna()]).all()
    assert tickets["ticket_id"].is_unique


def test_attributes_act_as_stated_and_others_do_not(company):
    people = company[1]["hidden"]["accounts"]
    monthly = people[people["plan"] == "month_to_month"]
    gone = monthly["lived"].between(1, 12)
    followed = monthly[monthly["start"] < 60]
    share = gone[followed.index].groupby([followed["support"], followed["internet_service"]]).mean()
    assert share[True, "dsl"] < share[False, "dsl"] < share[False, "fibre_optic"]
    for column in ("sex", "paperless_billing"):
        found = gone[followed.index].groupby(followed[column]).mean()
        assert abs(found.iloc[0] - found.iloc[1]) < 0.04


def test_without_differences_the_hazard_is_what_is_stated():
    part = Telecom()
    same = replace(part, effects=dict.fromkeys(part.effects, 0.0), spread=0.0, plans={"month_to_month": 1.0})
    people = telecom.make(seed=1, customers=5000, process=same)[1]["hidden"]["accounts"]
    exposure = np.where(people["lived"] >= 0, people["lived"], 71 - people["start"]).sum()
    expected = 1 / (1 + np.exp(4.4))
    assert (people["lived"] >= 0).sum() / exposure == pytest.approx(expected, abs=4 * np.sqrt(expected / exposure))


def test_the_same_seed_writes_the_same_bytes_and_they_load(tmp_path):
    for name in ("one", "two"):
        simulate.run("telecom", tmp_path / name, seed=5, customers=300)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert "model.yml" not in one
    data = tables.load(tmp_path / "one")
    assert data.about.origin == "simulated"
    assert len(data["contracts"]) == 300


def test_the_account_has_both_languages_and_the_numbers(company):
    text = company[1]["account"]
    assert "month to month -4.4" in text
    assert "按月合约 -4.4" in text
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]", text)
    assert "{" not in text


def test_values_in_the_tables_have_words(company):
    contracts = company[0]["contracts"]
    known = all_words()
    for column in ("plan", "internet_service", "payment_method"):
        assert column in known
        assert set(contracts[column]) <= known.keys()


@pytest.mark.parametrize("options", [{"seed": -1}, {"customers": 10}])
def test_bad_numbers_are_refused(options):
    with pytest.raises(InputError, match="cannot be used"):
        telecom.make(**options)
