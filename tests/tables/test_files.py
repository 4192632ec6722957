"""Folders of tables: read, written whole or not at all, round and round."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables import About, find_tables, finish, from_frames, load, save, whole_folder
from crm_analysis.tables import files as files_module


def shop(zone: str = "Asia/Shanghai", **columns):
    times = pd.date_range("2017-11-25", periods=4, freq="7h", tz=zone)
    frame = {"order_id": list("1234"), "customer_id": list("abca"), "ordered_at": times, "amount": [9.5, 1, 2, 3]}
    customers = {"customer_id": list("abc"), "joined_at": "2017-01-02", "city": ["北京", None, 'x,"y"\nz']}
    about = About("shop", origin="simulated", zone=zone, currency="CNY", window=["2017-11-25", "2017-11-30"])
    return from_frames({"orders": pd.DataFrame(frame | columns), "customers": pd.DataFrame(customers)}, about)


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_data_set_comes_back(tmp_path, form):
    data = shop(verified=[True, False, True, None])
    assert save(data, tmp_path / "shop", form=form) == tmp_path / "shop"
    again = load(tmp_path / "shop")
    for name in data.tables:
        compared = [column for column in data[name] if column != "verified"]
        pd.testing.assert_frame_equal(again[name][compared], data[name][compared])
    assert again.about.name == "shop"
    assert again.ledger.frame().equals(data.ledger.frame())
    assert inside(tmp_path) == ["shop"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
def test_csv_keeps_the_hour_that_clocks_repeat(tmp_path, zone):
    times = pd.date_range("2017-03-01", "2018-03-01", freq="1h", tz="UTC").tz_convert(zone)
    orders = pd.DataFrame({"order_id": "1", "customer_id": "a", "ordered_at": times, "amount": 1.0})
    data = from_frames({"orders": orders}, About("shop", zone=zone))
    again = load(save(data, tmp_path / "shop", form="csv"))
    pd.testing.assert_series_equal(again["orders"]["ordered_at"], data["orders"]["ordered_at"])


def test_csv_holds_whole_seconds_of_the_zone(tmp_path):
    times = pd.to_datetime(["2017-11-24 16:30:00.900"] * 4).tz_localize("UTC")
    save(shop(ordered_at=times), tmp_path / "shop", form="csv")
    assert "1,a,2017-11-25 00:30:00,9.5" in (tmp_path / "shop" / "orders.csv").read_text()


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(["csv", "parquet"]))
def test_texts_come_back_whatever_they_hold(tmp_path, texts, form):
    frame = pd.DataFrame({"customer_id": np.arange(len(texts)), "joined_at": "2017-01-02", "city": texts})
    data = from_frames({"customers": frame}, About("x"))
    again = load(save(data, tmp_path / "x", form=form))
    pd.testing.assert_series_equal(again["customers"]["city"], data["customers"]["city"])


def test_the_checksums_are_those_of_the_files(tmp_path):
    save(shop(), tmp_path / "shop")
    about = About.read(tmp_path / "shop" / "about.yml")
    assert set(about.files) == {"orders.parquet", "customers.parquet", "ledger.csv"}
    for name, checksum in about.files.items():
        assert hashlib.sha256((tmp_path / "shop" / name).read_bytes()).hexdigest() == checksum


def test_bad_rows_of_a_file_stand_in_the_ledger_with_their_line(tmp_path):
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2017-01-02,9\n2,,2017-01-02,9\n")
    data = load(tmp_path)
    assert len(data["orders"]) == 1
    assert data.ledger.tables[0].lines[0].where == "orders.csv, line 3"
    assert data.about.name == tmp_path.name


def test_rows_of_parquet_files_count_from_one(tmp_path):
    frame = pd.DataFrame(
        {"order_id": ["1", "2"], "customer_id": ["a", None], "ordered_at": "2017-01-02", "amount": 9.0}
    )
    frame.to_parquet(tmp_path / "orders.parquet")
    assert load(tmp_path).ledger.tables[0].lines[0].where == "orders.parquet, line 2"


def test_an_imported_table_is_not_counted_twice(tmp_path):
    with whole_folder(tmp_path / "shop") as work:
        data = shop()
        data["orders"].to_parquet(work / "orders.parquet")
        finish(work, data.about, data.ledger)
    assert [entry.source for entry in load(tmp_path / "shop").ledger if entry.table == "orders"] == ["orders"]


def test_a_folder_named_by_a_dot_has_a_name(tmp_path, monkeypatch):
    shop()["orders"].to_parquet(tmp_path / "orders.parquet")
    monkeypatch.chdir(tmp_path)
    assert load(".").about.name == tmp_path.name


def test_folders_without_tables_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no tables"):
        load(tmp_path)
    (tmp_path / "orders.txt").write_text("x")
    with pytest.raises(InputError, match="holds no tables"):
        find_tables(str(tmp_path))


def test_one_table_in_two_files_is_refused(tmp_path):
    (tmp_path / "orders.csv").write_text("x")
    (tmp_path / "orders.parquet").write_text("x")
    with pytest.raises(InputError, match="in two files") as caught:
        load(tmp_path)
    assert "orders.csv, orders.parquet" in str(caught.value)


def test_a_file_that_is_not_the_table_of_its_name_is_refused(tmp_path):
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="lacks the columns order_id") as caught:
        load(tmp_path)
    assert "orders.csv" in str(caught.value)


def write_half_and(work: Path, stop: type[BaseException]) -> None:
    (work / "orders.csv").write_text("half")
    raise stop("stopped")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, ValueError, InputError])
def test_an_interruption_leaves_nothing_new_and_nothing_lost(tmp_path, stop):
    save(shop(), tmp_path / "shop")
    before = {path.name: path.read_bytes() for path in (tmp_path / "shop").iterdir()}
    for target in ("shop", "new/deep"):
        with pytest.raises(stop), whole_folder(tmp_path / target) as work:
            write_half_and(work, stop)
    assert {path.name: path.read_bytes() for path in (tmp_path / "shop").iterdir()} == before
    assert inside(tmp_path) == ["new", "shop"]
    assert inside(tmp_path / "new") == []


def test_what_was_there_is_put_back_if_the_new_cannot_take_its_place(tmp_path, monkeypatch):
    save(shop(), tmp_path / "shop")
    rename = Path.rename

    def fail_once(self, target):
        if Path(target).name == "shop" and self.name != "data":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(files_module.Path, "rename", fail_once)
    with pytest.raises(InputError, match="cannot be replaced"):
        save(shop(), tmp_path / "shop")
    monkeypatch.undo()
    assert inside(tmp_path) == ["shop"]
    assert len(load(tmp_path / "shop")["orders"]) == 4


def test_a_data_set_is_replaced_whole(tmp_path):
    save(shop(), tmp_path / "shop", form="csv")
    (tmp_path / "shop" / ".DS_Store").write_text("x")
    save(shop(), tmp_path / "shop", form="parquet")
    assert inside(tmp_path / "shop") == ["about.yml", "customers.parquet", "ledger.csv", "orders.parquet"]


@pytest.mark.parametrize("name", ["thesis.docx", "orders_old.csv", ".git"])
def test_a_folder_that_holds_other_things_is_never_replaced(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match="holds other things") as caught, whole_folder(tmp_path):
        pass
    assert name in str(caught.value)
    assert inside(tmp_path) == [name]


def test_a_file_is_never_replaced(tmp_path):
    (tmp_path / "shop").write_text("mine")
    with pytest.raises(InputError, match="a file of that name"), whole_folder(tmp_path / "shop"):
        pass
    with pytest.raises(InputError, match="cannot be written"), whole_folder(tmp_path / "shop" / "deeper"):
        pass
    assert (tmp_path / "shop").read_text() == "mine"


def test_the_folder_one_is_in_is_never_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="the one you are in"), whole_folder("."):
        pass
    assert inside(tmp_path) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"), whole_folder(tmp_path / "shop"):
        pass
    tmp_path.chmod(0o700)


def test_a_disk_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files_module.tempfile, "mkdtemp", refuse)
    with pytest.raises(InputError, match="Read-only file system"), whole_folder(tmp_path / "shop"):
        pass


def test_the_folder_behind_a_link_is_replaced_not_the_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    save(shop(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert "orders.parquet" in inside(tmp_path / "real")
