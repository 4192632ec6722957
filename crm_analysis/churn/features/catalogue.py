"""The features: name, family, unit, what each needs of the data, and how it is made; the words say what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from crm_analysis.churn.features.lines import Lines, over
from crm_analysis.words import all_words, word

COUNT, DAYS, MONEY, SHARE, NUMBER, HOURS, TEXT = "count", "days", "money", "share", "number", "hours", "text"
FAMILIES = ("purchases", "money", "variety", "delivery", "complaints", "satisfaction", "contacts", "browsing", "person")


@dataclass(frozen=True)
class Feature:
    """One column of `customer_features`.

    Parameters
    ----------
    name : str
    family : str
        One of `FAMILIES`.
    unit : str
        ``count``, ``days``, ``money``, ``share``, ``number``, ``hours`` or ``text``.
    needs : str
        Sources (``purchases``) and columns (``purchases.margin``) without which it is left out, split by blanks.
    value : function of Lines
        Makes the column.
    """

    name: str
    family: str
    unit: str
    needs: str
    value: Callable[[Lines], pd.Series]

    @property
    def is_text(self) -> bool:
        """Whether the column holds texts; all others are numbers."""
        return self.unit == TEXT

    @property
    def word(self) -> str:
        """The key of its word: names that other rooms use in another sense have a key of their own."""
        return f"feature.{self.name}" if f"feature.{self.name}" in all_words() else self.name

    def label(self, lang: str) -> str:
        """Return its term in the language of the report."""
        return word(self.word, lang)


def _gap(p: Lines) -> pd.Series:
    return over(p.value("purchases", "last") - p.value("purchases", "first"), p.value("purchases", "days") - 1)


def _orders(p: Lines) -> pd.Series:
    """Different order ids; rows where there are none."""
    return p.count("purchases", "orders" if p.has("purchases", "orders") else "rows")


def _age(p: Lines) -> pd.Series:
    stated = p.value("customers", "age")
    return p.years("customers", "birthday_day").fillna(stated)


def _last_late(p: Lines) -> pd.Series:
    delay = p.value("purchases", "last_delay")
    return (delay > 0).astype("float64").where(delay.notna())


def _purchases() -> list[Feature]:
    def one(name: str, unit: str, value: Callable[[Lines], pd.Series]) -> Feature:
        return Feature(name, "purchases", unit, "purchases", value)

    return [
        one("days_since_last", DAYS, lambda p: p.since("purchases", "last")),
        one("purchase_days", COUNT, lambda p: p.count("purchases", "days")),
        one("orders", COUNT, _orders),
        one("tenure_days", DAYS, lambda p: p.since("purchases", "first")),
        one("mean_gap_days", DAYS, _gap),
        one("gap_ratio", NUMBER, lambda p: over(p.since("purchases", "last"), _gap(p))),
        one("recent_purchase_days", COUNT, lambda p: p.count("purchases", "recent_days")),
        one("orders_trend", NUMBER, lambda p: p.trend("purchases", "later_age", "later_days")),
    ]


def _money() -> list[Feature]:
    def one(name: str, unit: str, value: Callable[[Lines], pd.Series], needs: str = "purchases.amount") -> Feature:
        return Feature(name, "money", unit, needs, value)

    def margin(p: Lines) -> pd.Series:
        return p.total("purchases", "margin").where(p.value("purchases", "margins") != 0)

    return [
        one("spend", MONEY, lambda p: p.total("purchases", "spend")),
        one("spend_per_order", MONEY, lambda p: over(p.value("purchases", "spend"), _orders(p))),
        one("total_margin", MONEY, margin, "purchases.margin"),
        one("recent_spend", MONEY, lambda p: p.total("purchases", "recent_spend")),
        one("spend_trend", NUMBER, lambda p: p.trend("purchases", "later_spend_age", "later_spend")),
    ]


def _variety_and_delivery() -> list[Feature]:
    both = "purchases.delivery_days purchases.promised_days"
    return [
        Feature(
            "categories",
            "variety",
            COUNT,
            "purchases.category|category_id",
            lambda p: p.count("purchases", "categories"),
        ),
        Feature("sellers", "variety", COUNT, "purchases.seller_id", lambda p: p.count("purchases", "sellers")),
        Feature("late_share", "delivery", SHARE, both, lambda p: p.ratio("purchases", "late", "delivered")),
        Feature("mean_delay_days", "delivery", DAYS, both, lambda p: p.ratio("purchases", "delay", "delivered")),
        Feature("last_late", "delivery", SHARE, both, _last_late),
        Feature("overdue", "delivery", COUNT, both, lambda p: p.count("purchases", "overdue")),
    ]


def _complaints() -> list[Feature]:
    def one(name: str, unit: str, needs: str, value: Callable[[Lines], pd.Series]) -> Feature:
        return Feature(name, "complaints", unit, f"tickets{'.' * bool(needs)}{needs}", value)

    return [
        one("complaints", COUNT, "", lambda p: p.count("tickets", "tickets")),
        one("days_since_complaint", DAYS, "", lambda p: p.since("tickets", "last")),
        one("complaints_open", COUNT, "resolved_at", lambda p: p.count("tickets", "open")),
        one("complaints_slow", COUNT, "resolved_at", lambda p: p.count("tickets", "slow")),
        one("complaints_compensated", COUNT, "compensation", lambda p: p.count("tickets", "compensated")),
        one("worst_severity", NUMBER, "severity", lambda p: p.value("tickets", "worst")),
        one("mean_reply_hours", HOURS, "first_reply_at", lambda p: p.ratio("tickets", "reply_hours", "replied")),
        one("mean_handling_days", DAYS, "resolved_at", lambda p: p.ratio("tickets", "handling_days", "handled")),
        one("complaint_csat", NUMBER, "csat", lambda p: p.ratio("tickets", "csat", "scored")),
        one("last_complaint_reason", TEXT, "reason", lambda p: p.text("tickets", "last_reason")),
    ]


def _satisfaction() -> list[Feature]:
    def mark(name: str) -> Feature:
        return Feature(f"mean_{name}", "satisfaction", NUMBER, f"seller_feedback.{name}",
                       lambda p: p.ratio("seller_feedback", name, f"{name}_given"))  # fmt: skip

    def stars(name: str, unit: str, value: Callable[[Lines], pd.Series]) -> Feature:
        return Feature(name, "satisfaction", unit, "ratings.stars", value)

    return [
        stars("ratings", COUNT, lambda p: p.count("ratings", "ratings")),
        stars("mean_stars", NUMBER, lambda p: p.ratio("ratings", "stars", "ratings")),
        stars("last_stars", NUMBER, lambda p: p.value("ratings", "last_stars")),
        stars("low_stars", COUNT, lambda p: p.count("ratings", "low")),
        Feature("feedback_bad_share", "satisfaction", SHARE, "seller_feedback.verdict",
                lambda p: p.ratio("seller_feedback", "bad", "verdicts")),
        mark("item_match"), mark("service"), mark("delivery"),
        Feature("last_service", "satisfaction", NUMBER, "seller_feedback.service",
                lambda p: p.value("seller_feedback", "last_service")),
    ]  # fmt: skip


def _contacts_and_browsing() -> list[Feature]:
    def sent(name: str, unit: str, needs: str, value: Callable[[Lines], pd.Series]) -> Feature:
        return Feature(name, "contacts", unit, needs, value)

    def done(name: str, unit: str, value: Callable[[Lines], pd.Series], needs: str = "events") -> Feature:
        return Feature(name, "browsing", unit, needs, value)

    return [
        sent("contacts", COUNT, "contacts", lambda p: p.count("contacts", "sent")),
        sent("contact_opens", COUNT, "contacts.opened_at", lambda p: p.count("contacts", "opened")),
        sent("contact_clicks", COUNT, "contacts.clicked_at", lambda p: p.count("contacts", "clicked")),
        sent("days_since_contact", DAYS, "contacts", lambda p: p.since("contacts", "last")),
        done("views", COUNT, lambda p: p.count("events", "views"), "events.action"),
        done("carts", COUNT, lambda p: p.count("events", "carts"), "events.action"),
        done("favourites", COUNT, lambda p: p.count("events", "favourites"), "events.action"),
        done("active_days", COUNT, lambda p: p.count("events", "days")),
        done("days_since_active", DAYS, lambda p: p.since("events", "last")),
        done("recent_active_days", COUNT, lambda p: p.count("events", "recent_days")),
        done("active_trend", NUMBER, lambda p: p.trend("events", "later_age", "later_days")),
    ]


def _person() -> list[Feature]:
    def text(name: str, column: str) -> Feature:
        return Feature(name, "person", TEXT, f"customers.{column}", lambda p: p.text("customers", column))

    return [
        Feature("days_since_joined", "person", DAYS, "customers", lambda p: p.since("customers", "day")),
        Feature("age", "person", NUMBER, "customers.birthday_day|age", _age),
        text("kind", "kind"), text("sex", "sex"), text("city", "city"), text("joining_channel", "channel"),
    ]  # fmt: skip


CATALOGUE: dict[str, Feature] = {
    one.name: one
    for one in (
        *_purchases(), *_money(), *_variety_and_delivery(), *_complaints(), *_satisfaction(), *_contacts_and_browsing(),
        *_person(),
    )
}  # fmt: skip
