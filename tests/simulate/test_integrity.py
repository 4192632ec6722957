"""The tables fit each other, and nothing happens before it can or after it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def tables(sample):
    return sample.data.tables


def joined(tables, column):
    return tables[column].merge(tables["customers"][["customer_id", "joined_at"]], on="customer_id")


def test_every_row_was_kept(sample):
    assert sorted(entry.table for entry in sample.data.ledger) == sorted(sample.data.tables)
    for entry in sample.data.ledger:
        assert (entry.step, entry.lines, entry.read) == ("simulate", [], entry.kept)
        assert entry.kept == len(sample.data[entry.table]) > 0


def test_all_tables_and_columns_of_the_case_are_there(sample):
    needed = {
        "customers": "kind city birthday channel sex age",
        "orders": "item_id category quantity margin seller_id status promised_days delivery_days",
        "events": "item_id category_id action",
        "ratings": "stars text verified helpful_votes",
        "seller_feedback": "verdict item_match service delivery",
        "sellers": "kind opened_at closed_at violations refunds orders complaints",
        "survey": "nps overall customer_id",
        "tickets": "reason sub_reason severity first_reply_at resolved_at compensation csat order_id",
        "contacts": "campaign arm opened_at clicked_at converted_at value",
        "visits": "source creative form position pages clicked bought customer_id",
    }
    assert {table: sample.data.missing(table, *columns.split()) for table, columns in needed.items()} == {
        table: [] for table in needed
    }
    items = [item for block in sample.truth["model"]["blocks"].values() for item in block["items"]]
    pairs = [pair[side] for dimension in sample.truth["model"]["pairs"].values() for pair in dimension["items"]
             for side in ("expectation", "perception")]  # fmt: skip
    assert sample.data.missing("survey", *items, *pairs) == []


def test_ids_are_unique_and_point_somewhere(tables):
    customers, sellers, orders = (set(tables[t][f"{t[:-1]}_id"]) for t in ("customers", "sellers", "orders"))
    assert tables["orders"]["order_id"].is_unique
    for table in ("orders", "events", "ratings", "seller_feedback", "survey", "tickets", "contacts", "visits"):
        assert set(tables[table]["customer_id"].dropna()) <= customers
    for table in ("orders", "seller_feedback", "tickets"):
        assert set(tables[table]["seller_id"]) <= sellers
    assert set(tables["tickets"]["order_id"]) <= orders


def test_an_item_has_one_category_and_one_seller(tables):
    seen = tables["events"][["item_id", "category_id"]].set_axis(["item_id", "category"], axis=1)
    both = pd.concat([tables["orders"][["item_id", "category"]], seen])
    assert both.drop_duplicates()["item_id"].is_unique
    assert tables["orders"][["item_id", "seller_id"]].drop_duplicates()["item_id"].is_unique


def test_nothing_before_joining(tables):
    for table, column in {"orders": "ordered_at", "events": "happened_at", "ratings": "rated_at",
                          "tickets": "opened_at", "contacts": "sent_at", "survey": "answered_at"}.items():  # fmt: skip
        rows = joined(tables, table)
        assert (rows[column] >= rows["joined_at"]).all(), table


def test_no_order_and_no_event_after_leaving(sample, tables):
    moments = sample.clock.moments(sample.hidden["customers"]["left"].fillna(np.inf))
    left = moments.dt.tz_localize("Asia/Shanghai").fillna(pd.Timestamp("2100-01-01", tz="Asia/Shanghai"))
    left.index = tables["customers"]["customer_id"]
    for table, column in {"orders": "ordered_at", "events": "happened_at"}.items():
        assert (tables[table][column] <= tables[table]["customer_id"].map(left)).all()


def test_no_ticket_before_its_order_is_delivered(tables):
    rows = tables["tickets"].merge(tables["orders"], on="order_id", suffixes=("", "_order"))
    assert len(rows) == len(tables["tickets"])
    assert (rows["customer_id"] == rows["customer_id_order"]).all()
    assert (rows["seller_id"] == rows["seller_id_order"]).all()
    days = (rows["opened_at"].dt.normalize() - rows["ordered_at"].dt.normalize()) / pd.Timedelta(days=1)
    assert (days > rows["delivery_days"]).all()
    assert (rows["first_reply_at"].dropna() >= rows["opened_at"][rows["first_reply_at"].notna()]).all()
    done = rows[rows["resolved_at"].notna()]
    assert (done["resolved_at"] >= done["first_reply_at"]).all()
    assert rows["csat"].isna()[rows["resolved_at"].isna()].all()
    assert 0.05 < rows["resolved_at"].isna().mean() < 0.25


def test_a_seller_sells_from_opening_to_closing(tables):
    rows = tables["orders"].merge(tables["sellers"], on="seller_id")
    assert (rows["ordered_at"] >= rows["opened_at"]).all()
    closed = rows[rows["closed_at"].notna()]
    assert len(closed) > 50
    assert (closed["ordered_at"] < closed["closed_at"]).all()


def test_sellers_counts_are_those_of_the_tables(tables):
    sellers = tables["sellers"].set_index("seller_id")
    orders = tables["orders"]
    for column, counted in {
        "orders": orders["seller_id"].value_counts(),
        "refunds": orders["seller_id"][orders["status"] == "refunded"].value_counts(),
        "complaints": tables["tickets"]["seller_id"].value_counts(),
    }.items():
        assert (sellers[column] == counted.reindex(sellers.index, fill_value=0)).all()


def test_buys_in_the_log_are_the_orders_of_those_weeks(sample, tables):
    low, high = sample.data.about.notes["events_window"]
    orders = tables["orders"][tables["orders"]["ordered_at"].between(
        pd.Timestamp(low, tz="Asia/Shanghai"), pd.Timestamp(high, tz="Asia/Shanghai"))]  # fmt: skip
    buys = tables["events"][tables["events"]["action"] == "buy"]
    names = ["customer_id", "item_id", "ordered_at"]
    found = buys.rename(columns={"happened_at": "ordered_at"})[names].sort_values(names).to_numpy()
    assert (orders[names].sort_values(names).to_numpy() == found).all()
    assert tables["events"]["happened_at"].min() >= pd.Timestamp(low, tz="Asia/Shanghai")
    assert tables["events"]["happened_at"].max() <= pd.Timestamp(high, tz="Asia/Shanghai")


def test_every_item_bought_or_marked_was_viewed_before(tables):
    first = tables["events"].pivot_table("happened_at", ["customer_id", "item_id"], "action", "min", observed=True)
    assert first["view"].notna().all()
    for action in ("favourite", "cart", "buy"):
        later = first[first[action].notna()]
        assert (later["view"] <= later[action]).all()


def test_verified_reviews_are_of_items_bought_before(tables):
    bought = tables["orders"].groupby(["customer_id", "item_id"])["ordered_at"].min().rename("bought_at").reset_index()
    rows = tables["ratings"].merge(bought, on=["customer_id", "item_id"], how="left")
    assert (rows["bought_at"].notna() == rows["verified"]).all()
    verified = rows[rows["verified"]]
    assert (verified["rated_at"] > verified["bought_at"]).all()
    assert 0.03 < 1 - rows["verified"].mean() < 0.12


def test_conversions_are_the_first_order_within_a_week(tables):
    contacts = tables["contacts"].merge(tables["orders"][["customer_id", "ordered_at", "amount"]], on="customer_id")
    late = contacts["sent_at"] + pd.Timedelta(days=7)
    within = contacts[contacts["ordered_at"].gt(contacts["sent_at"]) & contacts["ordered_at"].le(late)]
    first = within.sort_values("ordered_at").drop_duplicates("contact_id").set_index("contact_id")
    shown = tables["contacts"].set_index("contact_id")
    converted = shown[shown["converted_at"].notna()]
    assert set(converted.index) == set(first.index)
    assert (converted["converted_at"] == first["ordered_at"].reindex(converted.index)).all()
    assert (converted["value"] == first["amount"].reindex(converted.index)).all()
    held = shown[shown["arm"] == "holdout"]
    assert held[["opened_at", "clicked_at"]].isna().all(axis=None)
    treated = shown[shown["clicked_at"].notna()]
    assert (treated["clicked_at"] >= treated["opened_at"]).all()
    assert (shown["opened_at"].dropna() >= shown["sent_at"][shown["opened_at"].notna()]).all()


def test_a_visit_with_a_purchase_is_followed_by_that_customers_order(tables):
    visits = tables["visits"]
    assert visits["customer_id"].notna().eq(visits["bought"]).all()
    assert visits["clicked"][visits["bought"]].all()
    assert (visits["pages"][visits["clicked"]] > 1).all()
    rows = visits[visits["bought"]].merge(tables["orders"], on="customer_id")
    wait = rows["ordered_at"] - rows["landed_at"]
    near = rows[(wait >= pd.Timedelta(0)) & (wait <= pd.Timedelta(minutes=31))]
    assert near["visit_id"].nunique() == visits["bought"].sum() > 50


def test_values_lie_on_their_scales(sample, tables):
    for column, low, high in (("stars", 1, 5), ("helpful_votes", 0, 50)):
        assert tables["ratings"][column].between(low, high).all()
    assert tables["seller_feedback"][["item_match", "service", "delivery"]].isin([1, 2, 3, 4, 5]).all(axis=None)
    survey = tables["survey"].drop(columns=["respondent_id", "customer_id", "answered_at", "nps"])
    assert survey.isin(range(1, 11)).all(axis=None)
    assert tables["survey"]["nps"].between(0, 10).all()
    assert tables["tickets"]["severity"].isin([1, 2, 3]).all()
    assert tables["tickets"]["csat"].dropna().isin([1, 2, 3, 4, 5]).all()
    assert (tables["orders"]["amount"] > 0).all()
    assert (tables["orders"]["amount"] * 100 % 1).round(6).isin([0, 1]).all()


def test_the_age_is_the_full_years_on_the_last_day(tables):
    customers = tables["customers"]
    assert (customers["age"] == 2012 - customers["birthday"].dt.year).all()
    assert (customers["birthday"] == customers["birthday"].dt.normalize()).all()


def test_the_sample_is_concentrated_but_not_made_to_eighty_twenty(sample, tables):
    kept = tables["orders"][tables["orders"]["status"] != "refunded"]
    spent = np.sort(kept.groupby("customer_id")["amount"].sum())[::-1]
    share = spent[: round(len(spent) * 0.2)].sum() / spent.sum()
    assert share == pytest.approx(sample.truth["figures"]["buying"]["top_20_share_of_amount"], abs=0.002)
    assert 0.55 < share < 0.75
