"""Orders from files, frames and databases: the same summary, whatever they come from; days in their own zone."""

from __future__ import annotations

import sqlite3
import warnings

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.orders import Reading, open_orders
from crm_analysis.clv.orders.days import NO_DAY, days_of, one_day, zone_shifts
from crm_analysis.clv.summary.summary import summarize
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import load_cdnow
from crm_analysis.tables.days import day_number

SPLIT = "1997-02-28"


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """A part of CDNOW with something of everything that is set aside."""
    frame = load_cdnow(sample=True)["orders"].head(1500).drop(columns="sample_id")
    frame.loc[5:15, "amount"] *= -1
    frame.loc[33, "amount"] = np.nan
    frame.loc[20, "customer_id"] = None
    return frame


@pytest.fixture(scope="module")
def expected(orders):
    return summarize(orders, calibration_end=SPLIT)


def same(summary, expected) -> bool:
    pd.testing.assert_frame_equal(summary.frame, expected.frame, check_exact=True)
    pd.testing.assert_frame_equal(summary.steps, expected.steps, check_exact=True)
    assert summary.ledger.lines == expected.ledger.lines
    return summary.until == expected.until


def written(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.assign(ordered_at=orders["ordered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"))


@pytest.mark.parametrize("name", ["orders.parquet", "orders.csv", "orders.csv.gz", "or[d]ers 1.tsv", "gbk.csv"])
def test_files_are_read_as_the_frame_is(orders, expected, tmp_path, name):
    path = tmp_path / name
    if name.endswith("parquet"):
        orders.to_parquet(path, index=False)
    elif name.startswith("gbk"):
        written(orders).assign(note="唱片").to_csv(path, index=False, encoding="gb18030")
    else:
        written(orders).to_csv(path, index=False, sep="\t" if name.endswith("tsv") else ",")
    summary = summarize(path, calibration_end=SPLIT)
    assert same(summary, expected)
    assert summary.source == name
    assert same(summary.at(SPLIT), expected)


def test_several_files_are_one_log(orders, expected, tmp_path):
    for part, rows in orders.groupby(np.arange(len(orders)) % 3):
        rows.to_parquet(tmp_path / f"part-{part}.parquet", index=False)
    assert same(summarize(str(tmp_path / "part-*.parquet"), calibration_end=SPLIT), expected)
    assert same(summarize(sorted(tmp_path.iterdir()), calibration_end=SPLIT), expected)


def test_tables_of_duckdb_and_of_a_query(orders, expected, tmp_path):
    ibis = pytest.importorskip("ibis")
    orders.to_parquet(tmp_path / "o.parquet", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = ibis.duckdb.connect().read_parquet(tmp_path / "o.parquet")
        chosen = table.filter(table["quantity"] < 3)
    assert same(summarize(table, calibration_end=SPLIT), expected)
    assert same(summarize(chosen, calibration_end=SPLIT),
                summarize(orders[orders["quantity"] < 3], calibration_end=SPLIT))  # fmt: skip


@pytest.mark.parametrize("rule", [{}, {"refunds": "net"}, {"zone": "Asia/Shanghai"}, {"amount": None}])
def test_the_same_expression_on_polars(orders, rule):
    polars = pytest.importorskip("polars")
    ibis = pytest.importorskip("ibis")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = ibis.polars.connect().create_table("orders", polars.from_pandas(orders))
        summary = summarize(table, calibration_end=SPLIT, **rule)
        days = summary.days()
    expected = summarize(orders, calibration_end=SPLIT, **rule)
    assert same(summary, expected)
    pd.testing.assert_frame_equal(days, expected.days(), check_exact=True)


@pytest.mark.parametrize("rule", [{}, {"refunds": "net"}])
def test_the_expression_for_any_database_on_duckdb(orders, rule, monkeypatch):
    expected = summarize(orders, calibration_end=SPLIT, **rule)
    monkeypatch.setattr("crm_analysis.clv.orders.engine.Run.is_duckdb", False)
    assert same(summarize(orders, calibration_end=SPLIT, **rule), expected)


def test_texts_of_dates_on_polars(orders, expected):
    polars = pytest.importorskip("polars")
    ibis = pytest.importorskip("ibis")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = ibis.polars.connect().create_table("orders", polars.from_pandas(written(orders)))
        assert same(summarize(table, calibration_end=SPLIT), expected)


def test_a_table_of_sqlite(orders, expected, tmp_path):
    ibis = pytest.importorskip("ibis")
    with sqlite3.connect(tmp_path / "o.db") as con:
        written(orders).to_sql("orders", con, index=False)
    con.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = ibis.sqlite.connect(tmp_path / "o.db").table("orders")
        assert same(summarize(table, calibration_end=SPLIT), expected)
        table.get_backend().disconnect()


# Days


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%Y年%m月%d日", "%Y/%m/%d %H:%M", "%m/%d/%y %I:%M %p"])
def test_days_written_in_any_clear_way(orders, expected, tmp_path, form):
    texts = orders.assign(ordered_at=orders["ordered_at"].dt.strftime(form))
    texts.to_csv(tmp_path / "o.csv", index=False)
    for given in (texts, tmp_path / "o.csv"):
        assert same(summarize(given, calibration_end=SPLIT), expected)


def test_days_as_whole_numbers(orders, expected, tmp_path):
    number = orders["ordered_at"].dt.strftime("%Y%m%d").astype(int)
    for kind in ("int32", "float64"):
        frame = orders.assign(ordered_at=number.astype(kind))
        frame.to_parquet(tmp_path / "o.parquet", index=False)
        assert same(summarize(frame, calibration_end=19970228), expected)
        assert same(summarize(tmp_path / "o.parquet", calibration_end="19970228"), expected)


def test_days_that_could_be_months_are_refused(tmp_path):
    texts = pd.DataFrame({"customer_id": ["a", "a"], "date": ["1/2/2010", "3/4/2010"]})
    texts.to_csv(tmp_path / "o.csv", index=False)
    for given in (texts, tmp_path / "o.csv"):
        with pytest.raises(InputError, match="which number is the month") as caught:
            summarize(given)
        assert "time_format" in caught.value.zh
        assert summarize(given, time_format="%d/%m/%Y").frame["first_at"].iloc[0] == pd.Timestamp("2010-02-01")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "Australia/Lord_Howe", "UTC"])
def test_moments_become_days_of_the_zone(tmp_path, zone):
    moments = pd.date_range("2011-01-01", "2012-12-31", freq="7h13min0.7s", tz="UTC").as_unit("us")
    frame = pd.DataFrame({"customer_id": (np.arange(len(moments)) % 50).astype(str), "at": moments})
    frame["at"] = frame["at"].dt.tz_convert(zone)
    frame.to_parquet(tmp_path / "o.parquet", index=False)
    local = frame.assign(at=frame["at"].dt.tz_localize(None).dt.normalize()).drop_duplicates()
    counts = local.groupby("customer_id").size() - 1
    for given, options in ((frame, {}), (tmp_path / "o.parquet", {}), (frame, {"zone": zone})):
        summary = summarize(given, **options)
        assert summary.frame["frequency"].equals(counts.rename("frequency"))
        assert summary.frame["last_at"].max() == local["at"].max()


def test_another_zone_has_other_days():
    frame = pd.DataFrame({"customer_id": ["a", "a"], "at": pd.to_datetime(["2020-01-01 15:00Z", "2020-01-01 17:00Z"])})
    assert summarize(frame).frame["frequency"].tolist() == [0]
    assert summarize(frame, zone="Asia/Shanghai").frame["frequency"].tolist() == [1]
    until = pd.Timestamp("2020-01-01 17:00Z")
    assert summarize(frame, zone="Asia/Shanghai", until=until).until == pd.Timestamp("2020-01-02")


def test_texts_with_offsets_need_a_zone(tmp_path):
    texts = pd.DataFrame({"customer_id": ["a"] * 2, "at": ["2020-01-01T23:30:00+08:00", "2020-01-01T20:30:00-05:00"]})
    texts.to_csv(tmp_path / "o.csv", index=False)
    mixed = texts.assign(at=[pd.Timestamp(text) for text in texts["at"]])
    for given in (texts, tmp_path / "o.csv", mixed):
        with pytest.raises(InputError, match="whose days are meant") as caught:
            summarize(given)
        assert "时区" in caught.value.zh
        assert summarize(given, zone="Asia/Shanghai").frame["frequency"].tolist() == [1]
        assert summarize(given, zone="America/New_York").frame["recency"].tolist() == [0.0]


def test_ids_are_texts_without_spaces(tmp_path):
    days = ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04", "2020-01-05"]
    ragged = pd.DataFrame({"customer_id": [" 7", "7 ", "007", "  ", "NULL"], "day": days})
    numbers = pd.DataFrame({"customer_id": [7.0, 7.0, 12.0, np.nan, np.nan], "day": days})
    whole = pd.DataFrame({"customer_id": [7, 7, 12], "day": days[:3]})
    for frame, ids, blanks in ((ragged, ["007", "7"], 2), (numbers, ["12", "7"], 2), (whole, ["12", "7"], 0)):
        frame.to_parquet(tmp_path / "o.parquet")
        for given in (frame, tmp_path / "o.parquet"):
            summary = summarize(given)
            assert summary.frame.index.tolist() == ids
            assert summary.frame.loc["7", "frequency"] == 1
            assert summary.ledger.set_aside == blanks


def test_days_of_columns_and_single_days():
    texts = pd.Series(["2020-01-01", None, "?", "2020-01-01"])
    assert (days_of(texts, zone=None) == NO_DAY).tolist() == [False, True, True, False]
    assert one_day(pd.Timestamp("2020-01-01 20:00", tz="UTC"), name="until", zone="Asia/Shanghai") == day_number(
        "2020-01-02"
    )
    for wrong in ("01/02/2020", "soon", True, None, 5):
        with pytest.raises(InputError, match="no day"):
            one_day(wrong, name="until")


def test_clocks_of_a_zone_over_a_year():
    shifts = zone_shifts(
        pd.Timestamp("2011-01-01", tz="UTC"), pd.Timestamp("2011-12-31", tz="UTC"), "Australia/Lord_Howe"
    )
    assert [ahead for _, ahead in shifts] == [39600, 37800, 39600]
    assert pd.Timestamp(shifts[1][0], unit="s") == pd.Timestamp("2011-04-02 15:00")


def test_open_orders_says_what_it_found(tmp_path, orders):
    orders.to_parquet(tmp_path / "o.parquet", index=False)
    reading = Reading(None, None, "", None, None, "500MB")
    given = open_orders(tmp_path / "o.parquet", reading)
    assert (given.orders.name, given.orders.zone, given.until, given.origin) == ("o.parquet", "UTC", None, "unstated")
