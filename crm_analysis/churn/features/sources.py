"""What is asked of each table, written once: rules for rows, columns of rows, sums by customer and day.

Every expression is a function of a table `t` and reads alike for a pandas frame and an Ibis table: ``t["x"]``,
arithmetic, comparisons, ``&``, ``|``, ``isnull``, ``isin``. Times come as two numbers: ``x_day`` (local day from
1970-01-01) and ``x_us`` (microseconds since 1970); the time of the row itself as ``day`` and ``us``; ``age`` is the
number of days from it to the cutoff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm_analysis.churn.features.cut import DAY, Cut
from crm_analysis.churn.windows.history import KNOWN_FROM, ROW_TIME, WHOLE_LIFE
from crm_analysis.tables.status import CANCELLED

HELD_OUT = ("holdout", "control")  # arms of a campaign that were sent nothing
LOW_STARS = 2
LOWERED = ("status",)  # texts compared in small letters
HOUR = DAY // 24

Expression = Callable[[Any], Any]


class Sum(NamedTuple):
    """A sum over rows: of a column or expression; or how many there are. Only rows for which `where` holds count."""

    of: str | Expression | None = None
    where: Expression | None = None
    how: str = "sum"  # sum, count (of rows, or of values that are there), max, min


class Last(NamedTuple):
    """The value at a customer's last moment with a value; among several of that moment the least or the greatest."""

    of: str
    tie: str  # min, max


@dataclass(frozen=True)
class Source:
    """One table: what is read of it and what is made of its rows.

    Parameters
    ----------
    table : str
    numbers, texts, times : tuple of str
        Columns that are read where they are there (and else are blank); `times` beside the row's own.
    rules : dict of str to (str, Expression)
        Rows that do not count, by the name of the rule: the column it judges (no column, no rule) and the condition;
        beyond blank ids and times and the window.
    columns : dict
        New columns of rows, in order.
    by_day : dict of str to Sum
        Over the rows of a customer and day.
    by_customer : dict of str to Sum
        Over the days of a customer; `days` (how many), `first`, `last` and the sums of `by_day` come by themselves.
    distinct : dict of str to str
        How many different values of a column.
    lasts : dict of str to Last
    unique : str
        The column that names a row: equal rows are counted once.
    """

    table: str
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    rules: Mapping[str, tuple[str, Expression]] = field(default_factory=dict)
    columns: Mapping[str, Expression] = field(default_factory=dict)
    by_day: Mapping[str, Sum] = field(default_factory=dict)
    by_customer: Mapping[str, Sum] = field(default_factory=dict)
    distinct: Mapping[str, str] = field(default_factory=dict)
    lasts: Mapping[str, Last] = field(default_factory=dict)
    unique: str = ""

    @property
    def time(self) -> str:
        """The time of a row."""
        return ROW_TIME[self.table]

    @property
    def later(self) -> Mapping[str, str]:
        """Columns that become known after the row, and when."""
        read = (*self.numbers, *self.texts, *self.times)
        return {name: since for name, since in KNOWN_FROM.get(self.table, {}).items() if name in read}

    @property
    def whole_life(self) -> bool:
        """Whether rows from before the observation count."""
        return self.table in WHOLE_LIFE

    def window(self, cut: Cut) -> dict[str, Expression]:
        """Return the rules that hold for every table."""
        rules = {
            "blank_id": lambda t: t["customer_id"].isnull(),
            "bad_time": lambda t: t["day"].isnull(),
            "after_cutoff": lambda t: t["day"] > cut.day,
        }
        if cut.first is not None and not self.whole_life:
            rules["before_observation"] = lambda t: t["day"] < cut.first
        return rules


def sources(cut: Cut, *, bought: str) -> dict[str, Source]:
    """Return the sources by name, with the cutoff put in; purchases come from the table `bought`: orders or events."""
    return {
        "purchases": orders(cut) if bought == "orders" else buys(cut),
        "events": events(cut), "tickets": tickets(cut), "ratings": ratings(), "seller_feedback": feedback(),
        "contacts": contacts(), "customers": customers(),
    }  # fmt: skip


def over_days(cut: Cut) -> dict[str, Sum]:
    """Return what is summed over a customer's days: for the trend the days after the first, and the recent ones."""
    return {
        "later_days": Sum(how="count", where=lambda t: t["day"] > t["first"]),
        "later_age": Sum("age", where=lambda t: t["day"] > t["first"]),
        "recent_days": Sum(how="count", where=lambda t: t["age"] < cut.recent),
    }


def orders(cut: Cut) -> Source:
    """Purchases: orders that were not cancelled or refunded, with an amount that is not negative."""
    return Source(
        "orders", ("amount", "margin", "promised_days", "delivery_days"),
        ("order_id", "category", "seller_id", "status"),
        rules={
            "cancelled_row": ("status", lambda t: t["status"].isin(sorted(CANCELLED))),
            "missing_amount": ("amount", lambda t: t["amount"].isnull()),
            "negative_amount": ("amount", lambda t: t["amount"] < 0),
        },
        columns={
            "delay": lambda t: t["delivery_days"] - t["promised_days"],
            "waited": lambda t: t["age"] - t["promised_days"],
        },
        by_day={
            "rows": Sum(how="count"),
            "spend": Sum("amount"),
            "margin": Sum("margin"),
            "margins": Sum("margin", how="count"),
            "delivered": Sum("delay", how="count"),
            "late": Sum(how="count", where=lambda t: t["delay"] > 0),
            "delay": Sum("delay"),
            "overdue": Sum(how="count", where=lambda t: t["delivery_days"].isnull() & (t["waited"] > 0)),
        },
        by_customer={
            **over_days(cut),
            "recent_spend": Sum("spend", where=lambda t: t["age"] < cut.recent),
            "later_spend": Sum("spend", where=lambda t: t["day"] > t["first"]),
            "later_spend_age": Sum(lambda t: t["spend"] * t["age"], where=lambda t: t["day"] > t["first"]),
        },
        distinct={"orders": "order_id", "categories": "category", "sellers": "seller_id"},
        lasts={"last_delay": Last("delay", "max")},
    )  # fmt: skip


def buys(cut: Cut) -> Source:
    """Purchases of a log without orders: its rows with the action ``buy``."""
    return Source(
        "events", texts=("action", "category_id"),
        rules={"no_purchase_row": ("action", lambda t: t["action"].isnull() | (t["action"] != "buy"))},
        by_day={"rows": Sum(how="count")},
        by_customer=over_days(cut),
        distinct={"categories": "category_id"},
    )  # fmt: skip


def events(cut: Cut) -> Source:
    """Everything a customer does on the site."""

    def done(action: str) -> Sum:
        return Sum(how="count", where=lambda t: t["action"] == action)

    return Source(
        "events", texts=("action",),
        by_day={"views": done("view"), "carts": done("cart"), "favourites": done("favourite")},
        by_customer=over_days(cut),
    )  # fmt: skip


def tickets(cut: Cut) -> Source:
    """Complaints and how they ended, as far as was known at the cutoff."""
    limit = cut.slow * DAY
    return Source(
        "tickets", ("severity", "compensation", "csat"), ("ticket_id", "reason"), ("first_reply_at", "resolved_at"),
        columns={
            "reply_hours": lambda t: (t["first_reply_at_us"] - t["us"]) / HOUR,
            "handling": lambda t: t["resolved_at_us"] - t["us"],
            "handling_days": lambda t: t["handling"] / DAY,
            "open": lambda t: t["resolved_at_us"].isnull(),
        },
        by_day={
            "tickets": Sum(how="count"),
            "open": Sum(how="count", where=lambda t: t["open"]),
            "slow": Sum(how="count", where=lambda t: (t["handling"] > limit) | t["open"] & (cut.end - t["us"] > limit)),
            "compensated": Sum(how="count", where=lambda t: t["compensation"] > 0),
            "worst": Sum("severity", how="max"),
            "reply_hours": Sum("reply_hours"), "replied": Sum("reply_hours", how="count"),
            "handling_days": Sum("handling_days"), "handled": Sum("handling_days", how="count"),
            "csat": Sum("csat"), "scored": Sum("csat", how="count"),
        },
        lasts={"last_reason": Last("reason", "min")},
        unique="ticket_id",
    )  # fmt: skip


def ratings() -> Source:
    """Stars for items."""
    return Source(
        "ratings", ("stars",), ("rating_id",),
        by_day={
            "ratings": Sum("stars", how="count"), "stars": Sum("stars"),
            "low": Sum(how="count", where=lambda t: t["stars"] <= LOW_STARS),
        },
        lasts={"last_stars": Last("stars", "min")},
        unique="rating_id",
    )  # fmt: skip


def feedback() -> Source:
    """Verdicts on sellers and the three marks that go with them."""
    marks = ("item_match", "service", "delivery")
    sums = {name: Sum(name) for name in marks} | {f"{name}_given": Sum(name, how="count") for name in marks}
    return Source(
        "seller_feedback", marks, ("verdict",),
        by_day={
            "verdicts": Sum("verdict", how="count"),
            "bad": Sum(how="count", where=lambda t: t["verdict"] == "bad"), **sums,
        },
        lasts={"last_service": Last("service", "min")},
    )  # fmt: skip


def contacts() -> Source:
    """What was sent to a customer: arms that were held out were sent nothing."""
    return Source(
        "contacts", (), ("contact_id", "arm"), ("opened_at", "clicked_at"),
        rules={"held_out_row": ("arm", lambda t: t["arm"].isin(HELD_OUT))},
        by_day={
            "sent": Sum(how="count"),
            "opened": Sum("opened_at_us", how="count"), "clicked": Sum("clicked_at_us", how="count"),
        },
        unique="contact_id",
    )  # fmt: skip


def customers() -> Source:
    """What is known of the person; one row each."""
    return Source("customers", ("age",), ("kind", "city", "sex", "channel"), ("birthday",), unique="customer_id")
