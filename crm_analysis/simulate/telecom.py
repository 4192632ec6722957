"""A telephone company with contracts, whose truth is known: accounts, customers and complaints."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.simulate.streams import ids, stream
from crm_analysis.simulate.telecom_account import write
from crm_analysis.simulate.telecom_life import TERMS, Telecom, accounts, live
from crm_analysis.tables import About, DataSet, conform

ZONE = "Asia/Shanghai"
FEWEST, MOST = 200, 1_000_000


def make(*, seed: int = 2012, customers: int = 2000, process: Telecom | None = None) -> tuple[DataSet, dict]:
    """Make the company's tables (``contracts``, ``customers``, ``tickets``) and the truth behind them.

    Parameters
    ----------
    seed : int >= 0
        The same seed gives the same data.
    customers : int
        Accounts ever opened, 200 to 1,000,000; each customer has one.
    process : Telecom, optional

    Returns
    -------
    data : DataSet
        Days in Asia/Shanghai, fees in CNY a month.
    truth : dict
        ``case``, ``seed``, ``customers``, ``process``, ``figures``, ``account`` (text in English and Chinese) and
        ``hidden``: the accounts with their own odds of leaving, and the complaints with how they were felt.

    Raises
    ------
    InputError
        If `seed` or `customers` lies outside its range.

    Examples
    --------
    >>> data, truth = make(customers=200)
    >>> data.has("contracts", "fee", "ended_on"), truth["process"]["effects"]["support"]
    (True, -0.6)
    """
    if not (isinstance(seed, int) and seed >= 0 and isinstance(customers, int) and FEWEST <= customers <= MOST):
        raise InputError(f"seed {seed!r} or customers {customers!r} cannot be used",
                         expected=f"a whole number from 0; {FEWEST} to {MOST:,} customers",
                         mend="--seed 2012 --customers 2000")  # fmt: skip
    part = process or Telecom()
    people = accounts(stream(seed, "telecom accounts"), customers, part)
    people, complaints = live(stream(seed, "telecom life"), people, part)
    opened, end = pd.Period(part.first_day, "M"), pd.Period(part.first_day, "M") + part.months - 1
    frames = _tables(stream(seed, "telecom service"), people, complaints, opened, part)
    source = f"crm simulate telecom --seed {seed} --customers {customers}"
    window = [f"{part.first_day} 00:00:00", f"{end.end_time:%Y-%m-%d} 23:59:59"]
    notes = {"case": "telecom", "seed": seed, "customers": customers, "truth": "truth.yml, truth.md"}
    about = About(name="Sample telephone company", name_zh="示例电信公司", company="none; simulated",
                  origin="simulated", source=source, licence="CC0-1.0", currency="CNY", zone=ZONE, window=window,
                  notes=notes)  # fmt: skip
    data = DataSet({}, about)
    for name, frame in frames.items():
        data.tables[name], entry = conform(frame, name, zone=ZONE, source=source, step="simulate", first_line=1)
        data.ledger.add(entry)
    found = figures(people, complaints)
    truth = {"case": "telecom", "seed": seed, "customers": customers, "process": asdict(part), "figures": found,
             "account": write(part, found), "hidden": {"accounts": people, "complaints": complaints}}  # fmt: skip
    return data, truth


def figures(people: pd.DataFrame, complaints: pd.DataFrame) -> dict:
    """Return what came of the process: shares gone by plan, complaints."""
    gone = people["lived"] >= 0
    by_plan = gone.groupby(people["plan"]).mean().round(4)
    return {
        "accounts": {"opened": len(people), "gone": int(gone.sum())},
        "gone_share_by_plan": {str(plan): float(share) for plan, share in by_plan.items()},
        "complaints": {"number": len(complaints), "badly_handled_share": round(float(complaints["badly"].mean()), 4)},
    }  # fmt: skip


def _tables(
    rng: np.random.Generator, people: pd.DataFrame, complaints: pd.DataFrame, opened: pd.Period, part: Telecom
) -> dict[str, pd.DataFrame]:
    account = ids("A", people.index.to_numpy())
    start = _days(opened, people["start"], people["day"])
    gone = people["lived"] >= 0
    ended = _days(opened, people["start"] + people["lived"].clip(lower=0), people["day"]).where(gone)
    term = people["plan"].map(TERMS)
    until = part.months - people["start"]  # first of the months whose beginning the data do not hold any more
    running = _days(opened, people["start"] + np.ceil(until / term).astype(int) * term, people["day"])
    shown = [
        "fee",
        "plan",
        "internet_service",
        "support",
        "payment_method",
        "paperless_billing",
        "call_minutes",
        "data_gb",
    ]
    contracts = pd.DataFrame({"account_id": account, "started_on": start, "ends_on": ended.fillna(running),
                              "ended_on": ended, **{name: people[name] for name in shown}})  # fmt: skip
    customers = pd.DataFrame({"customer_id": account, "joined_at": start, "sex": people["sex"], "age": people["age"]})
    return {"contracts": contracts, "customers": customers, "tickets": _tickets(rng, start, complaints, part)}


def _tickets(rng: np.random.Generator, start: pd.Series, complaints: pd.DataFrame, part: Telecom) -> pd.DataFrame:
    """Complaints with their dates; one in two of those handled badly is resolved late, the others never."""
    last = pd.Timestamp(pd.Period(part.first_day, "M").start_time + pd.DateOffset(months=part.months))
    days = np.floor((complaints["month"] + complaints["at"]) * 30.4).astype(int)
    at = start.to_numpy()[complaints["account"]] + pd.to_timedelta(days, unit="D")
    at = pd.Series(at) + pd.to_timedelta(rng.integers(8 * 3600, 20 * 3600, len(complaints)), unit="s")
    badly = complaints["badly"].to_numpy()
    hours = np.where(badly, 24 * (part.slow_days + 1 + 30 * rng.random(len(at))), 2 + 24 * 6 * rng.random(len(at)))
    solved = (at + pd.to_timedelta((hours * 3600).astype(int), unit="s")).where(~badly | (rng.random(len(at)) < 0.5))
    rows = pd.DataFrame(
        {
            "customer_id": ids("A", complaints["account"].to_numpy()), "opened_at": at,
            "channel": np.where(rng.random(len(at)) < 0.7, "phone", "web_form"),
            "reason": np.where(rng.random(len(at)) < 0.6, "network_fault", "wrong_bill"), "resolved_at": solved,
        }
    )  # fmt: skip
    rows = rows[rows["opened_at"] < last].sort_values("opened_at", kind="stable", ignore_index=True)
    rows["resolved_at"] = rows["resolved_at"].where(rows["resolved_at"] < last)
    rows.insert(0, "ticket_id", ids("T", rows.index.to_numpy()))
    return rows


def _days(opened: pd.Period, months: pd.Series, day: pd.Series) -> pd.Series:
    month = np.datetime64(str(opened), "M") + months.to_numpy().astype("timedelta64[M]")
    return pd.Series((month.astype("datetime64[D]") + (day.to_numpy() - 1)).astype("datetime64[s]"))
