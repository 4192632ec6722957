"""Features of customers: by loops over rows, against the hidden truth of a company, and under what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crm_analysis.churn.features.catalogue import CATALOGUE
from crm_analysis.churn.features.customer_features import customer_features, feature_account
from crm_analysis.churn.windows.auc import auc
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from tests.churn.features.parts import (
    CUTOFF,
    DAY,
    WINDOWS,
    ZONES,
    event_rows,
    order_rows,
    star_rows,
    tables_of,
    ticket_rows,
)

quick = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking takes minutes


def rows_of(frame: pd.DataFrame, customer: str, time: str) -> list[dict]:
    """Rows of a customer within the observation, with the local day counted back from the cutoff."""
    found = []
    for row in frame[frame["customer_id"] == customer].to_dict("records"):
        local = row[time].tz_localize(None)
        age = (CUTOFF.date() - local.date()).days
        if 0 <= age < 60:
            found.append(row | {"age": age, "at": row[time]})
    return found


def mean(values: list) -> float:
    return float(np.mean(values)) if values else np.nan


def trend(weights: dict[int, float]) -> float:
    """Where the later days lie between the first and the cutoff, from -1 to 1, day by day."""
    if not weights:
        return np.nan
    span = max(weights)
    later = {age: w for age, w in weights.items() if age < span}
    if sum(later.values()) <= 0:
        return np.nan
    return sum(w * (2 * (span - age - 0.5) / span - 1) for age, w in later.items()) / sum(later.values())


def by_loops(tables: dict[str, pd.DataFrame], customer: str, zone: str) -> dict[str, float]:
    """The features of one customer, row by row."""
    end = (CUTOFF + DAY).tz_localize(zone)
    orders = [row for row in rows_of(tables["orders"], customer, "ordered_at")
              if row["amount"] >= 0 and row["status"].strip().lower() not in ("refunded", "已取消")]  # fmt: skip
    days = sorted({row["age"] for row in orders})
    spend = {age: sum(row["amount"] for row in orders if row["age"] == age) for age in days}
    for row in orders:
        arrived = row["delivery_days"] == row["delivery_days"] and row["at"] + row["delivery_days"] * DAY < end
        row["delay"] = row["delivery_days"] - row["promised_days"] if arrived else np.nan
        row["overdue"] = not arrived and row["age"] > row["promised_days"]
    delays = [(row["at"], row["delay"]) for row in orders if row["delay"] == row["delay"]]
    margins = [row["margin"] for row in orders if row["margin"] == row["margin"]]
    gap = (days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else np.nan
    tickets = rows_of(tables["tickets"], customer, "opened_at")
    for row in tickets:
        row["ended"] = row["resolved_at"] if pd.notna(row["resolved_at"]) and row["resolved_at"] < end else None
    stars = [row for row in rows_of(tables["ratings"], customer, "rated_at") if row["stars"] == row["stars"]]
    events = rows_of(tables["events"], customer, "happened_at")
    latest = max((row["at"] for row in tickets), default=None)
    return {
        "days_since_last": days[0] if days else np.nan, "purchase_days": len(days),
        "orders": len({row["order_id"] for row in orders}), "tenure_days": days[-1] if days else np.nan,
        "mean_gap_days": gap, "gap_ratio": days[0] / gap if len(days) > 1 else np.nan,
        "recent_purchase_days": len([age for age in days if age < 30]), "orders_trend": trend(dict.fromkeys(days, 1)),
        "spend": sum(spend.values()), "recent_spend": sum(w for age, w in spend.items() if age < 30),
        "spend_per_order": sum(spend.values()) / len({row["order_id"] for row in orders}) if orders else np.nan,
        "total_margin": sum(margins) if margins or not orders else np.nan, "spend_trend": trend(spend),
        "sellers": len({row["seller_id"] for row in orders}),
        "late_share": mean([delay > 0 for _, delay in delays]), "mean_delay_days": mean([d for _, d in delays]),
        "last_late": float(max(delays)[1] > 0) if delays else np.nan, "overdue": sum(row["overdue"] for row in orders),
        "complaints": len(tickets), "days_since_complaint": min((row["age"] for row in tickets), default=np.nan),
        "complaints_open": sum(row["ended"] is None for row in tickets),
        "complaints_slow": sum((row["ended"] or end) - row["at"] > 7 * DAY for row in tickets),
        "complaints_compensated": sum(row["ended"] is not None and row["compensation"] > 0 for row in tickets),
        "worst_severity": max((row["severity"] for row in tickets if row["severity"] >= 0), default=np.nan),
        "mean_handling_days": mean([(row["ended"] - row["at"]) / DAY for row in tickets if row["ended"] is not None]),
        "last_complaint_reason": min((row["reason"] for row in tickets if row["at"] == latest), default=np.nan),
        "ratings": len(stars), "mean_stars": mean([row["stars"] for row in stars]),
        "low_stars": sum(row["stars"] <= 2 for row in stars),
        "last_stars": max(((row["at"], -row["stars"]) for row in stars), default=(0, np.nan))[1] * -1,
        "views": sum(row["action"] == "view" for row in events),
        "carts": sum(row["action"] == "cart" for row in events),
        "active_days": len({row["age"] for row in events}), "favourites": 0,
        "days_since_active": min((row["age"] for row in events), default=np.nan),
        "recent_active_days": len({row["age"] for row in events if row["age"] < 30}),
        "active_trend": trend(dict.fromkeys({row["age"] for row in events}, 1)),
    }  # fmt: skip


@quick
@given(order_rows, ticket_rows, star_rows, event_rows, st.sampled_from(ZONES))
def test_loops_over_rows_find_the_same(orders, tickets, stars, events, zone):
    tables = tables_of(orders, tickets, stars, events, zone)
    X = customer_features(tables, WINDOWS, customers=list("abcdz"))
    for customer in X.index:
        expected = by_loops(tables, customer, zone)
        for name, value in X.loc[customer].items():
            if isinstance(expected[name], str):
                assert value == expected[name]
            else:
                assert value == pytest.approx(expected[name], nan_ok=True, rel=1e-9, abs=1e-9), (customer, name)
    assert set(CATALOGUE) == set(X) | set(X.attrs["left_out"])


@quick
@given(order_rows, ticket_rows, star_rows, event_rows, st.randoms())
def test_only_what_was_known_at_the_cutoff_counts(orders, tickets, stars, events, random):
    zone = ZONES[1]
    tables = tables_of(orders, tickets, stars, events, zone)
    X = customer_features(tables, WINDOWS, customers=list("abcdz"))
    cut = {name: frame for name, frame in history(tables, WINDOWS).items() if len(frame)}
    if cut:
        pd.testing.assert_frame_equal(X, customer_features(cut, WINDOWS, customers=list("abcdz"))[X.columns])
    shuffled = {name: frame.sample(frac=1, random_state=random.randrange(99)) for name, frame in tables.items()}
    later = tables["orders"].assign(ordered_at=tables["orders"]["ordered_at"] + 200 * DAY, amount=7.0)
    shuffled["orders"] = pd.concat([later, shuffled["orders"]])
    pd.testing.assert_frame_equal(X, customer_features(shuffled, WINDOWS, customers=list("dcbaz")), rtol=1e-12)


@pytest.fixture
def orders() -> pd.DataFrame:
    at = pd.to_datetime(["2012-09-05 10:00:00", "2012-10-30 23:59:59", "2012-10-31 00:00:00"]).tz_localize(ZONES[0])
    return pd.DataFrame({"order_id": list("123"), "customer_id": ["a", "a", "b"], "ordered_at": at, "amount": 9.5})


def test_by_hand(orders):
    X = customer_features({"orders": orders}, WINDOWS)
    row = X.loc["a", ["days_since_last", "tenure_days", "mean_gap_days", "purchase_days", "spend", "recent_spend"]]
    assert row.tolist() == [1, 56, 55, 2, 19, 9.5]
    assert X.loc["a", "gap_ratio"] == 1 / 55
    assert X.loc["a", "orders_trend"] == pytest.approx(2 * 54.5 / 56 - 1)
    assert X.dtypes[["orders", "days_since_last"]].astype(str).tolist() == ["int64", "float64"]


def test_an_even_rate_has_no_trend():
    day = pd.date_range("2012-09-02", "2012-10-31", tz=ZONES[0])
    rows = pd.DataFrame({"order_id": range(len(day)), "customer_id": "a", "ordered_at": day, "amount": 3.0})
    X = customer_features({"orders": rows}, WINDOWS)
    assert X.loc["a", ["orders_trend", "spend_trend"]].tolist() == pytest.approx([0, 0], abs=1e-12)


def test_a_log_of_events_alone_tells_of_purchases():
    at = pd.to_datetime(["2012-10-01", "2012-10-20", "2012-10-21"]).tz_localize(ZONES[0])
    events = pd.DataFrame({"customer_id": "a", "category_id": list("xyz"), "action": ["buy", "buy", "view"],
                           "happened_at": at})  # fmt: skip
    X = customer_features({"events": events}, WINDOWS)
    assert X.loc["a", ["orders", "days_since_last", "categories", "active_days", "views"]].tolist() == [2, 11, 2, 3, 1]
    assert X.attrs["left_out"]["spend"] == "events.amount"
    assert feature_account(X).query("rule == 'no_purchase_row'")["rows"].tolist() == [1]


def test_every_row_is_accounted_for(company):
    account = feature_account(customer_features(company, Windows("2012-06-30", data_end="2012-12-31", observation=90)))
    for (_, source), rows in account.groupby(["table", "source"]):
        by_fate = rows.groupby("fate")["rows"].sum()
        assert by_fate["read"] == by_fate["kept"] + by_fate.get("set_aside", 0) == len(company[source])
    assert {"after_cutoff", "before_observation", "cancelled_row", "held_out_row"} <= set(account["rule"])


def test_cutoffs_before_the_first_contact_can_have_the_same_columns(company):
    early = Windows("2012-02-29", data_end="2012-12-31")
    full = customer_features(company, early.at("2012-10-01"), keep_empty=True)
    X = customer_features(company, early, keep_empty=True)
    assert list(X) == list(full) == list(CATALOGUE)
    assert X[["contacts", "views"]].eq(0).all(axis=None)
    assert X[["days_since_contact", "active_trend"]].isna().all(axis=None)
    assert "contacts" in customer_features(company, early).attrs["left_out"]
    assert X["last_complaint_reason"].dtype == full["last_complaint_reason"].dtype


def test_customers_asked_for_without_rows_have_nothing(orders):
    y = pd.Series([0, 1], index=["z", "a"])
    X = customer_features({"orders": orders}, WINDOWS, customers=y)
    assert X.index.tolist() == ["a", "z"]
    assert X.loc["z", ["orders", "spend"]].tolist() == [0, 0]
    assert X.loc["z", ["days_since_last", "spend_per_order"]].isna().all()


def test_a_frame_of_features_can_be_written_and_joined(orders, tmp_path):
    X = customer_features({"orders": orders}, WINDOWS)
    X.to_parquet(tmp_path / "X.parquet")
    assert pd.read_parquet(tmp_path / "X.parquet").attrs["left_out"] == X.attrs["left_out"]
    assert len(pd.concat([X, X.copy()], keys=[1, 2])) == 2 * len(X)


def test_the_age_is_counted_by_birthdays(orders):
    born = pd.to_datetime(["1980-10-31", "1980-11-01", None]).tz_localize(ZONES[0])
    people = pd.DataFrame({"customer_id": ["a", "b", "c"], "birthday": born, "age": [9.0, 9.0, 9.0],
                           "joined_at": pd.Timestamp("2010-01-01", tz=ZONES[0])})  # fmt: skip
    X = customer_features({"orders": orders, "customers": people}, WINDOWS)
    assert X["age"].tolist() == [32, 31, 9]


def test_the_hidden_orders_of_a_company_tell_the_same(large_company):
    cutoff = pd.Timestamp("2012-09-30")
    X = customer_features(large_company.data, Windows(cutoff, data_end="2012-12-31", observation=300))
    start = pd.Timestamp(large_company.truth["process"]["season"]["first_day"])
    rows = large_company.hidden["orders"]
    age = (cutoff - start).days - np.floor(rows["t"])
    rows = rows.assign(age=age)[(age >= 0) & (age < 300) & ~rows["refunded"].astype(bool)]
    grouped = rows.groupby([f"C{k + 1:05d}" for k in rows["customer"]])
    expected = {"days_since_last": grouped["age"].min(), "tenure_days": grouped["age"].max(),
                "purchase_days": grouped["age"].nunique(), "orders": grouped.size(),
                "sellers": grouped["seller"].nunique(), "spend": grouped["amount"].sum()}  # fmt: skip
    for name, values in expected.items():
        found = X.loc[X["orders"] > 0, name].astype("float64")
        pd.testing.assert_series_equal(found, values.astype("float64"), check_names=False, rtol=1e-12)
    arrived = rows[rows["t"] + rows["days"] < (cutoff - start).days + 1]
    late = (arrived["days"] > arrived["promised"]).groupby([f"C{k + 1:05d}" for k in arrived["customer"]]).mean()
    pd.testing.assert_series_equal(X["late_share"].dropna(), late, check_names=False)


def test_features_go_with_the_hidden_truth(large_company):
    cutoff = pd.Timestamp("2012-09-30")
    X = customer_features(large_company.data, Windows(cutoff, data_end="2012-12-31"), families="purchases")
    start = pd.Timestamp(large_company.truth["process"]["season"]["first_day"])
    people = large_company.hidden["customers"]
    people = people.set_axis([f"C{k + 1:05d}" for k in range(len(people))]).reindex(X.index)
    here = people["left"] > (cutoff - start).days
    assert X["purchase_days"][here].corr(people["rate"][here], method="spearman") > 0.5
    gone = (~here).astype("int64")
    assert auc(X["days_since_last"].fillna(999), gone) > 0.85
    assert auc(-X["orders_trend"].fillna(0), gone) > 0.6
    bought = X["purchase_days"] > 2
    assert auc(X["gap_ratio"][bought], gone[bought]) > auc(X["days_since_last"][bought], gone[bought]) - 0.02


def ratings(ids: list) -> pd.DataFrame:
    at = pd.Timestamp("2012-10-01", tz=ZONES[0])
    return pd.DataFrame({"rating_id": ["1", "2"], "customer_id": ids, "stars": 5.0, "rated_at": at})


def people(ids: list) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": ids, "city": ["x", "y"], "joined_at": pd.Timestamp("2012-01-01", tz=ZONES[0])})


WRONG = {
    "no table": (lambda o: ({}, {}), "no table with rows"),
    "no mapping": (lambda o: (o, {}), "cannot be a DataFrame"),
    "naive": (lambda o: ({"orders": o.assign(ordered_at=o["ordered_at"].dt.tz_localize(None))}, {}), "no time zone"),
    "no customers": (lambda o: ({"orders": o.drop(columns="customer_id")}, {}), "customer_id is missing"),
    "a column twice": (lambda o: ({"orders": pd.concat([o, o[["amount"]]], axis=1)}, {}), "column amount twice"),
    "other zones": (
        lambda o: ({"orders": o, "ratings": ratings(["a", "b"]).assign(
            rated_at=pd.Timestamp("2012-10-01", tz="UTC"))}, {}), "different zones"),
    "numbers and texts": (lambda o: ({"orders": o, "ratings": ratings([1, 2])}, {}), "do not meet"),
    "blanks around": (lambda o: ({"orders": o, "ratings": ratings([" a", "b "])}, {}), "written in two ways"),
    "asked for otherwise": (lambda o: ({"orders": o}, {"customers": ["A"]}), "no customer of customers="),
    "asked for twice": (lambda o: ({"orders": o}, {"customers": ["a", "a"]}), "stands twice"),
    "nobody asked for": (lambda o: ({"orders": o}, {"customers": []}), "there are none"),
    "unknown family": (lambda o: ({"orders": o}, {"families": ["purchase"]}), "no family 'purchase'"),
    "length": (lambda o: ({"orders": o}, {"recent_days": 0}), "recent_days=0"),
    "zone": (lambda o: ({"orders": o}, {"zone": "Peking"}), "Peking"),
    "frames and files": (lambda o: ({"orders": o, "events": "events.csv"}, {}), "some tables are frames"),
    "no such file": (lambda o: ({"orders": "nowhere.parquet"}, {}), "no such file"),
    "two rows of a customer": (lambda o: ({"orders": o, "customers": people(["a", "a"])}, {}), "two different rows"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_bad_input_is_explained(case, orders):
    make, message = WRONG[case]
    tables, arguments = make(orders)
    with pytest.raises(InputError, match=message):
        customer_features(tables, WINDOWS, **arguments)


def test_a_frame_without_an_account():
    with pytest.raises(InputError, match="no account"):
        feature_account(pd.DataFrame({"spend": [1.0]}))


def test_the_callers_frames_stay_as_they_are(orders):
    before = orders.copy()
    customer_features({"orders": orders}, WINDOWS)
    pd.testing.assert_frame_equal(orders, before)
