"""CDNOW: published counts of the bundled files, a user's own copies, and files that are not CDNOW."""

from __future__ import annotations

import subprocess
import sys
import time

import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.sources import cdnow, get
from crm_analysis.tables import load
from crm_analysis.words import all_words

SOURCE = get("cdnow")


def notes(ledger):
    return {line.rule: line.rows for line in next(iter(ledger)).lines}


def test_the_master_file_has_the_published_counts():
    orders = (data := cdnow.load_cdnow())["orders"]
    assert (len(orders), orders["customer_id"].nunique()) == (69_659, 23_570)
    assert orders["amount"].sum() == pytest.approx(2_500_315.63, abs=0.005)
    assert len(orders.drop_duplicates(["customer_id", "ordered_at"])) == 67_591
    assert notes(data.ledger) == {"zero_amount": 80, "duplicate_row": 255}
    assert orders["order_id"].is_unique
    assert orders.iloc[0].astype(str).tolist() == ["1", "00001", "1997-01-01 00:00:00+00:00", "11.77", "1.0"]
    assert data.about.window == [str(orders["ordered_at"].min().date()), str(orders["ordered_at"].max().date())]
    assert (data.about.currency, data.about.zone, data.about.origin) == ("USD", "UTC", "real")


def test_the_sample_has_the_published_counts_and_is_part_of_the_master():
    sample, master = cdnow.load_cdnow(sample=True), cdnow.load_cdnow()
    orders = sample["orders"]
    assert (len(orders), orders["customer_id"].nunique()) == (6919, 2357)
    assert orders["amount"].sum() == pytest.approx(244_091.94, abs=0.005)
    assert notes(sample.ledger) == {"zero_amount": 8, "duplicate_row": 21}
    assert len(orders.drop_duplicates(["customer_id", "ordered_at"])) == 6696
    assert orders["sample_id"].nunique() == 2357
    columns = ["customer_id", "ordered_at", "quantity", "amount"]
    whole = master["orders"].loc[lambda x: x["customer_id"].isin(orders["customer_id"]), columns]
    assert whole.sort_values(columns).to_numpy().tolist() == orders[columns].sort_values(columns).to_numpy().tolist()


def test_everyone_first_bought_in_the_first_quarter():
    first = cdnow.load_cdnow()["orders"].groupby("customer_id")["ordered_at"].min().dt.tz_localize(None)
    assert first.max() <= pd.Timestamp("1997-03-25")


def test_it_is_quick():
    cdnow.load_cdnow(sample=True)
    start = time.process_time()
    cdnow.load_cdnow()
    assert time.process_time() - start < 2  # 0.15 s on a free machine


def test_lifetimes_is_found_but_not_imported():
    code = (
        "import sys; from crm_analysis.sources.cdnow import load_cdnow; load_cdnow(); print('lifetimes' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("path", ["bundled", "-"])
def test_import_of_the_bundled_file(tmp_path, path):
    ledger = SOURCE.run(path, tmp_path / "out", sample=True)
    data = load(tmp_path / "out")
    assert len(data["orders"]) == next(iter(ledger)).kept == 6919
    assert data["orders"]["customer_id"].iloc[0] == "00004"
    assert data.about.title("zh") == "CDNOW（十分之一抽样）"


LINES = " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (LINES, {}),
        ("customer_id date number_of_cds dollar_value\n" + LINES, {}),
        ("\n customer_id date number_of_cds dollar_value\n" + LINES + "\n\n", {}),
        (LINES + " 00003 19970130\n", {"wrong_field_count": 1}),
        (LINES + " 00003 19970130 1 2 3\n", {"wrong_field_count": 1}),
        (LINES + " 00003 19970231 1 2.5\n", {"bad_time": 1}),
        (LINES + " 00003 19970130 1 free\n", {"bad_number": 1}),
        (LINES + " 00003 19990130 1 2.5\n", {"outside_window": 1}),
        (LINES + " 00003 19970130 x 0.00\n", {"zero_amount": 1}),
        (LINES + LINES, {"duplicate_row": 3}),
    ],
)
def test_a_copy_of_the_users_own(tmp_path, text, counts):
    file = tmp_path / "CDNOW_master.txt"
    file.write_text(text, newline="")
    ledger = SOURCE.run(file, tmp_path / "out")
    assert notes(ledger) == counts
    kept = load(tmp_path / "out")["orders"]
    assert kept["amount"].iloc[:3].tolist() == [11.77, 12.0, 77.0]
    assert kept["customer_id"].iloc[:3].tolist() == ["00001", "00002", "00002"]


def test_places_are_lines_of_the_file(tmp_path):
    file = tmp_path / "c.txt"
    file.write_text(
        "customer_id date number_of_cds dollar_value\n\n" + LINES + " 00003 19970231 1 2.5\n 3 4\n", newline=""
    )
    lines = {line.rule: line for line in next(iter(SOURCE.run(file, tmp_path / "out"))).lines}
    assert lines["bad_time"].where == "c.txt, line 6"
    assert lines["bad_time"].example == "00003,19970231,1,2.5"
    assert lines["wrong_field_count"].where == "c.txt, line 7"
    assert lines["wrong_field_count"].example == "3 4"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("customer,date,amount\n1,2,3\n", "this is not CDNOW"),
        ("1 2 3 4 5 6 7 8 9 10\n1 2\n" * 3, "this is not CDNOW"),
        (" 00003 19990130 1 2.5\n", "no row of the file can be used"),
    ],
)
def test_files_that_are_not_cdnow(tmp_path, text, says):
    file = tmp_path / "c.txt"
    file.write_text(text)
    with pytest.raises(InputError, match=says):
        SOURCE.run(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_file_and_a_sample_of_a_named_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        SOURCE.run(tmp_path / "none.txt", tmp_path / "out")
    with pytest.raises(InputError, match="leave out --sample"):
        SOURCE.run(tmp_path / "none.txt", tmp_path / "out", sample=True)


def test_without_lifetimes_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(cdnow, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install lifetimes"):
        cdnow.load_cdnow()


def test_rules_have_words():
    assert {"outside_window", "wrong_field_count", "zero_amount", "duplicate_row"} <= all_words().keys()
