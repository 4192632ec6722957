"""E-mail campaigns: random holdout, opens and clicks, orders won and orders lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids

WEEK = 7.0


@dataclass(frozen=True)
class Campaigns:
    """Campaigns to all customers who have bought before, and what an e-mail does.

    Parameters
    ----------
    sent : dict of str to str
        Day on which each campaign goes out, between 10 and 11 in the morning.
    holdout : float
        Probability that a customer is drawn into the holdout arm and gets nothing.
    open, click : float
        Probability that an e-mail is opened; that an opened one is clicked.
    age_bands : tuple of int
        First ages of the middle and the upper band.
    persuaded : tuple of float
        Probability that a click leads to one more order within a week, by age band.
    annoyed : tuple of float
        Probability that an opened e-mail makes the customer drop the repeat orders of the rest of that week,
        by age band.
    """

    sent: dict[str, str] = field(
        default_factory=lambda: {"summer_mail": "2012-06-12", "autumn_mail": "2012-09-11", "winter_mail": "2012-12-04"}
    )
    holdout: float = 0.3
    open: float = 0.5
    click: float = 0.5
    age_bands: tuple[int, int] = (25, 40)
    persuaded: tuple[float, float, float] = (0.8, 0.3, 0.0)
    annoyed: tuple[float, float, float] = (0.0, 0.0, 0.8)


def plan(rng: np.random.Generator, people: pd.DataFrame, clock: Clock, part: Campaigns) -> pd.DataFrame:
    """Draw the arms, and for both arms what an e-mail would do: only the treated ones show it.

    Returns
    -------
    pandas.DataFrame
        ``campaign``, ``customer``, ``band`` (0, 1, 2), ``treated``, ``sent`` and, if an e-mail came, ``opened``,
        ``clicked`` (inf if not), ``persuaded``, ``extra`` (time of the order won), ``annoyed``.
    """
    made = []
    for name, day in part.sent.items():
        sent = clock.day(day) + 10 / 24
        who = people[people["first"] < sent]
        count = len(who)
        band = np.searchsorted(part.age_bands, who["age"], side="right")
        moment = sent + np.sort(rng.random(count)) / 24
        opened = moment + np.minimum(0.15 * np.exp(1.2 * rng.standard_normal(count)), 2.0)
        opened = np.where(chance(rng, np.full(count, part.open)), opened, np.inf)
        clicked = opened + rng.exponential(3.0, count) / 1440
        clicked = np.where(chance(rng, np.full(count, part.click)), clicked, np.inf)
        wins = chance(rng, np.array(part.persuaded)[band]) & np.isfinite(clicked)
        extra = np.where(wins, clicked + np.minimum(rng.exponential(1.0, count), 4.5), np.inf)
        loses = chance(rng, np.array(part.annoyed)[band]) & np.isfinite(opened)
        treated = ~chance(rng, np.full(count, part.holdout))
        made.append(
            pd.DataFrame(
                {
                    "campaign": name, "customer": who.index, "band": band, "treated": treated, "sent": moment,
                    "opened": opened, "clicked": clicked, "persuaded": wins, "extra": extra, "annoyed": loses,
                }
            )
        )  # fmt: skip
    return pd.concat(made, ignore_index=True)


def change_orders(orders: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Add the orders that e-mails win and take out those they lose."""
    lost = np.zeros(len(orders), dtype=bool)
    for _, part in contacts[contacts["treated"] & contacts["annoyed"]].groupby("campaign", sort=False):
        lost |= _falls(orders, part, "opened") & (orders["origin"] == "repeat").to_numpy()
    won = contacts[contacts["treated"] & contacts["persuaded"]]
    extra = pd.DataFrame({"customer": won["customer"], "t": won["extra"], "origin": "campaign"})
    return pd.concat([orders[~lost], extra]).sort_values(["customer", "t"], kind="stable", ignore_index=True)


def _falls(orders: pd.DataFrame, contacts: pd.DataFrame, since: str) -> np.ndarray:
    """Tell which orders fall between `since` and a week after sending, for one campaign."""
    spell = contacts.set_index("customer")
    low = orders["customer"].map(spell[since])
    high = orders["customer"].map(spell["sent"]) + WEEK
    return ((orders["t"] > low) & (orders["t"] <= high)).to_numpy()


def potential(contacts: pd.DataFrame, natural: pd.DataFrame, left: pd.Series) -> pd.DataFrame:
    """Add both potential outcomes of each contact: an order within a week without and with an e-mail.

    Parameters
    ----------
    contacts : pandas.DataFrame
        From `plan`.
    natural : pandas.DataFrame
        The orders intended before any campaign.
    left : pandas.Series
        When each customer leaves.

    Returns
    -------
    pandas.DataFrame
        `contacts` with ``without`` and ``with_mail`` (true or false); their difference is the contact's uplift.
    """
    alive = natural[natural["t"] < natural["customer"].map(left)]
    made = []
    for _, part in contacts.groupby("campaign", sort=False):
        orders = alive[_falls(alive, part, "sent")]
        spell = part.set_index("customer")
        kept = ~(_falls(orders, part, "opened") & orders["customer"].map(spell["annoyed"]).astype(bool))
        without = part["customer"].isin(orders["customer"])
        stays = part["customer"].isin(orders["customer"][kept])
        wins = part["persuaded"] & (part["extra"] < part["customer"].map(left))
        made.append(part.assign(without=without, with_mail=stays | wins))
    return pd.concat(made)


def contacts_table(contacts: pd.DataFrame, orders: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Return the table ``contacts``: for both arms, the first order within a week after (not) sending."""
    found = contacts[["customer", "sent"]].assign(contact=contacts.index)
    found = found.merge(orders[["customer", "t", "amount"]], on="customer")
    found = found[(found["t"] > found["sent"]) & (found["t"] <= found["sent"] + WEEK)]
    first = found.sort_values("t", kind="stable").drop_duplicates("contact").set_index("contact")
    first = first.reindex(contacts.index)
    shown = contacts["treated"]
    return pd.DataFrame(
        {
            "contact_id": ids("M", contacts.index.to_numpy()),
            "campaign": contacts["campaign"],
            "channel": "email",
            "customer_id": ids("C", contacts["customer"].to_numpy()),
            "arm": np.where(shown, "treatment", "holdout"),
            "sent_at": clock.moments(contacts["sent"]),
            "opened_at": clock.moments(contacts["opened"].where(shown)),
            "clicked_at": clock.moments(contacts["clicked"].where(shown)),
            "converted_at": clock.moments(first["t"]),
            "value": first["amount"],
        }
    )
