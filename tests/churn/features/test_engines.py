"""The same numbers from frames, Parquet files, CSV files and Ibis tables."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_analysis import tables as io
from crm_analysis.churn.features.customer_features import customer_features, feature_account
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from tests.churn.conftest import SAMPLE
from tests.churn.features.parts import WINDOWS, ZONES, event_rows, order_rows, star_rows, tables_of, ticket_rows

quick = settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate),
                 suppress_health_check=list(HealthCheck))  # fmt: skip
WHOLE = ("days_since", "tenure", "mean_gap", "gap_ratio", "age")


def same(X: pd.DataFrame, Y: pd.DataFrame) -> None:
    """Counts and days to the bit, sums to 1e-9."""
    assert list(X) == list(Y)
    assert X.attrs == Y.attrs
    assert X.index.equals(Y.index)
    for name in X:
        whole = X[name].dtype == "int64" or name.startswith(WHOLE)
        pd.testing.assert_series_equal(X[name], Y[name], check_exact=True if whole else None, rtol=1e-9, atol=1e-9)


def written(tables: dict[str, pd.DataFrame], folder: Path) -> dict[str, str]:
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet")
    return {name: str(folder / f"{name}.parquet") for name in tables}


@quick
@given(order_rows, ticket_rows, star_rows, event_rows, st.sampled_from(ZONES))
def test_files_give_the_numbers_of_frames(tmp_path, orders, tickets, stars, events, zone):
    tables = tables_of(orders, tickets, stars, events, zone)
    tables["tickets"] = pd.concat([tables["tickets"], tables["tickets"][:2]], ignore_index=True)  # equal rows
    tables["orders"]["customer_id"] = tables["orders"]["customer_id"].replace("d", " ")  # blank ids
    same(customer_features(tables, WINDOWS), customer_features(written(tables, tmp_path), WINDOWS))


def test_the_sample_company_in_every_form(company, tmp_path):
    windows = Windows("2012-12-10", data_end="2012-12-31", outcome=20, observation=365)
    X = customer_features(company, windows)
    same(X, customer_features(written(company.tables, tmp_path), windows))
    files = {name: str(SAMPLE / f"{name}.csv") for name in company.tables}
    Y = customer_features(files, windows, zone="Asia/Shanghai")
    same(X, Y)
    assert feature_account(Y)["rows"].sum() == feature_account(X)["rows"].sum()


def test_local_times_where_clocks_change(tmp_path):
    texts = ["2012-10-28 00:30:00", "2012-10-28 01:30:00", "2012-03-25 01:30:00", "2012-10-28T01:30:00+01:00",
             "2012-10-28 23:59:59.999999", "soon"]  # fmt: skip
    rows = pd.DataFrame({"customer_id": list("abcdef"), "happened_at": texts, "action": "view"})
    rows.to_csv(tmp_path / "events.csv", index=False)
    windows = Windows("2012-10-28", data_end="2012-12-31", outcome=20)
    Y = customer_features({"events": str(tmp_path / "events.csv")}, windows, zone="Europe/London")
    read, _ = io.conform(rows.assign(item_id="1", category_id="1"), "events", zone="Europe/London")
    pd.testing.assert_frame_equal(customer_features({"events": read}, windows), Y)
    assert feature_account(Y).query("rule == 'bad_time'")["rows"].tolist() == [1, 1]  # as purchases and as events


def test_an_ibis_table_and_numbers_as_ids(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import ibis

        con = ibis.duckdb.connect()
        at = pd.to_datetime(["2012-10-01", "2012-10-20", "2012-10-21"]).tz_localize("Asia/Shanghai")
        rows = pd.DataFrame(
            {"order_id": [1, 2, 2], "customer_id": [7, 7, 12], "ordered_at": at, "amount": [1.0, np.nan, 3]}
        )
        rows.assign(ordered_at=at.tz_localize(None)).to_parquet(tmp_path / "orders.parquet")
        table = con.read_parquet(tmp_path / "orders.parquet")
        Y = customer_features({"orders": table}, WINDOWS, zone="Asia/Shanghai")
        con.disconnect()
    same(customer_features({"orders": rows}, WINDOWS), Y)
    assert Y.index.tolist() == [7, 12]


WRONG = {
    "no zone": ({"happened_at": ["2012-10-01"]}, "whose days are meant"),
    "no time": ({"happened": ["2012-10-01"]}, "events lacks happened_at"),
    "no text of a time": ({"happened_at": ["yesterday", "today"]}, "cannot be read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_bad_files_are_explained(case, tmp_path):
    columns, message = WRONG[case]
    pd.DataFrame({"action": "view", **columns}).assign(customer_id="a").to_csv(tmp_path / "events.csv", index=False)
    zone = {} if case == "no zone" else {"zone": "UTC"}
    with pytest.raises(InputError, match=message):
        customer_features({"events": str(tmp_path / "events.csv")}, WINDOWS, **zone)


def test_a_file_in_another_encoding_says_how_to_read_it(tmp_path):
    (tmp_path / "events.csv").write_bytes("customer_id,happened_at,action\n张,2012-10-01,view\n".encode("gb18030"))
    with pytest.raises(InputError, match="not in UTF-8"):
        customer_features({"events": str(tmp_path / "events.csv")}, WINDOWS, zone="UTC")
