"""Accounts of a telephone company, month by month: who they are, what they complain about, when they leave."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.simulate.streams import chance, pick

TERMS = {"month_to_month": 1, "one_year": 12, "two_year": 24}


@dataclass(frozen=True)
class Telecom:
    """What is stated about the company.

    Parameters
    ----------
    first_day : str
        The company opens; accounts start at a constant rate from then on.
    months : int
        Months of data.
    plans, internet, payments : dict of str to float
        Shares.
    support, senior : float
        Shares of accounts with technical support (with internet only), and of customers of 65 or more.
    leave : dict of str to float
        Log odds of leaving at the end of a term, by plan: an account can leave at the end of a term only.
    effects : dict of str to float
        What is added to these log odds. Sex, paperless billing, minutes and data have no effect.
    spread : float
        Standard deviation of what is added for reasons that nobody sees: those who tend to leave leave early, so
        that retention rises with tenure although no account ever changes.
    complaints : float
        Chance of a complaint in a month; with fibre it is `fibre_complaints`.
    badly : float
        Share of complaints never resolved, or only after `slow_days`.
    memory : int
        Months during which a complaint acts.
    """

    first_day: str = "2007-01-01"
    months: int = 72
    plans: dict[str, float] = field(
        default_factory=lambda: {"month_to_month": 0.55, "one_year": 0.22, "two_year": 0.23}
    )
    internet: dict[str, float] = field(default_factory=lambda: {"fibre_optic": 0.44, "dsl": 0.34, "no_internet": 0.22})
    payments: dict[str, float] = field(default_factory=lambda: {"direct_debit": 0.55, "paper_bill": 0.45})
    support: float = 0.4
    senior: float = 0.16
    leave: dict[str, float] = field(
        default_factory=lambda: {"month_to_month": -4.4, "one_year": -2.5, "two_year": -2.9}
    )
    effects: dict[str, float] = field(
        default_factory=lambda: {
            "fibre_optic": 0.6, "no_internet": -0.7, "support": -0.6, "paper_bill": 0.5, "elderly": 0.3,
            "complaint_resolved": 0.2, "complaint_badly": 1.4,
        }
    )  # fmt: skip
    spread: float = 0.8
    complaints: float = 0.03
    fibre_complaints: float = 0.05
    badly: float = 0.3
    slow_days: int = 14
    memory: int = 3


def accounts(rng: np.random.Generator, count: int, part: Telecom) -> pd.DataFrame:
    """Draw accounts: attributes, ``start`` (months since opening, with a fraction) and the hidden ``odds`` of leaving.

    Returns
    -------
    pandas.DataFrame
        One row per account, in order of starting; ``odds`` are the log odds at the end of a term without complaints.
    """
    internet = pick(rng, part.internet, count)
    people = pd.DataFrame(
        {
            "start": np.sort(rng.integers(0, part.months, count)), "day": rng.integers(1, 29, count),
            "plan": pick(rng, part.plans, count), "internet_service": internet,
            "support": chance(rng, np.where(internet == "no_internet", 0.0, part.support)),
            "payment_method": pick(rng, part.payments, count), "paperless_billing": chance(rng, np.full(count, 0.6)),
            "sex": pick(rng, {"female": 0.5, "male": 0.5}, count),
        }
    )  # fmt: skip
    senior = chance(rng, np.full(count, part.senior))
    people["age"] = np.where(senior, rng.integers(65, 85, count), rng.integers(18, 65, count))
    effects = part.effects
    people["odds"] = (
        people["plan"].map(part.leave) + people["internet_service"].map(effects).fillna(0.0)
        + people["payment_method"].map(effects).fillna(0.0) + effects["support"] * people["support"]
        + effects["elderly"] * senior + part.spread * rng.standard_normal(count)
    )  # fmt: skip
    price = 20 + people["internet_service"].map({"dsl": 25.0, "fibre_optic": 45.0, "no_internet": 0.0})
    price += 6 * people["support"] + rng.integers(0, 6, count) * 5
    people["call_minutes"] = np.round(rng.lognormal(5.2, 0.6, count))
    online = people["internet_service"] != "no_internet"
    people["data_gb"] = np.where(online, rng.lognormal(2.2, 0.8, count), 0.0).round(1)
    price = price * people["plan"].map({"month_to_month": 1.0, "one_year": 0.95, "two_year": 0.9})
    people["fee"] = (price + 0.02 * people["call_minutes"]).round(2)
    return people


def live(rng: np.random.Generator, people: pd.DataFrame, part: Telecom) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let the accounts live to the end of the data.

    Returns
    -------
    people : pandas.DataFrame
        With ``lived``: whole months until leaving, or -1 for those still there.
    complaints : pandas.DataFrame
        account (row of `people`), month (of the account's life), at (share of the month gone), badly.
    """
    count = len(people)
    term = people["plan"].map(TERMS).to_numpy()
    rate = np.where(people["internet_service"] == "fibre_optic", part.fibre_complaints, part.complaints)
    lived, felt, made = np.full(count, -1), np.zeros((count, part.memory)), []
    for month in range(part.months):
        there = (lived < 0) & (people["start"].to_numpy() + month < part.months)
        complains = there & chance(rng, rate)
        badly = chance(rng, np.full(count, part.badly))
        weight = np.where(badly, part.effects["complaint_badly"], part.effects["complaint_resolved"])
        felt = np.column_stack([np.where(complains, weight, 0.0), felt[:, :-1]])
        rows = np.flatnonzero(complains)
        made.append(pd.DataFrame({"account": rows, "month": month, "at": rng.random(len(rows)), "badly": badly[rows]}))
        odds = people["odds"].to_numpy() + felt.max(axis=1)
        ends = ((month + 1) % term == 0) & (people["start"].to_numpy() + month + 1 < part.months)
        leaves = there & ends & chance(rng, 1 / (1 + np.exp(-odds)))
        lived[leaves] = month + 1
    return people.assign(lived=lived), pd.concat(made, ignore_index=True)
