"""Online Retail I and II: every rule on small files in all forms, and the known counts of the real one."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.sources import get, online_retail
from crm_analysis.sources.rows import Rows
from crm_analysis.tables import load
from crm_analysis.words import all_words

SOURCE = get("online-retail")
II = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
I = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]  # noqa: E741
FIRST = pd.DataFrame(
    [
        ["489434", "85048", "GLASS BALL £20", 12, "2010-11-30 07:45:00", 6.95, 13085.0, "United Kingdom"],
        ["489434", "85048", "GLASS BALL £20", 12, "2010-11-30 07:45:00", 6.95, 13085.0, "United Kingdom"],
        ["489435", "22041", "FRAME", 2, "2010-11-30 08:00:00", 2.5, None, "France"],
        ["C489436", "22041", "FRAME", -2, "2010-11-30 09:00:00", 2.5, 13085.0, "United Kingdom"],
        ["489437", "22041", "lost", -3, "2010-11-30 09:01:00", 2.5, 13086.0, "United Kingdom"],
        ["489438", "22041", "FRAME", 1, "2010-11-30 09:02:00", 0.0, 13086.0, "United Kingdom"],
        ["489439", "POST", "POSTAGE", 1, "2010-11-30 09:03:00", 18.0, 13086.0, "France"],
        ["489440", "22041", "FRAME", 1, "2010-12-02 10:00:00", 2.5, 13087.0, "France"],
        ["489440", "22041", "FRAME", 1, "2010-12-02 10:00:00", 2.5, 13087.0, "France"],
        ["A489441", "B", "Adjust bad debt", 1, "2010-12-09 10:00:00", 11.0, 13087.0, "France"],
    ],
    columns=II,
)
AGAIN = FIRST.iloc[7:9]
SECOND = pd.concat([AGAIN, FIRST.iloc[7:8], FIRST.iloc[:1].assign(Invoice="500000", InvoiceDate="2011-01-04 10:00:00")])
ASIDE = {"missing_customer": 1, "bad_debt_adjustment": 1, "cancellation": 1, "quantity_not_positive": 1,
         "price_not_positive": 1}  # fmt: skip


def run(path, tmp_path, **options):
    ledger = SOURCE.run(path, tmp_path / "out", **options)
    entry = next(iter(ledger))
    return load(tmp_path / "out"), {line.rule: line for line in entry.lines}, entry


def rules(lines, fate):
    return {rule: line.rows for rule, line in lines.items() if line.fate == fate}


def american(frame):
    times = pd.to_datetime(frame["InvoiceDate"])
    day = times.dt.month.astype(str) + "/" + times.dt.day.astype(str) + "/" + times.dt.year.astype(str)
    return frame.assign(InvoiceDate=day + " " + times.dt.hour.astype(str) + times.dt.strftime(":%M"))


def write(frame, path, form):
    if form == "I latin-1 csv":
        american(frame).set_axis(I, axis=1).to_csv(path / "online_retail.csv", index=False, encoding="latin-1")
        return path / "online_retail.csv"
    if form == "II csv.gz":
        frame.to_csv(path / "online_retail_II.csv.gz", index=False)
        return path / "online_retail_II.csv.gz"
    if form == "I xlsx":
        moments = frame.assign(InvoiceDate=pd.to_datetime(frame["InvoiceDate"])).set_axis(I, axis=1)
        moments.to_excel(path / "Online Retail.xlsx", index=False)
        return path / "Online Retail.xlsx"
    frame.assign(**{"Customer ID": frame["Customer ID"].astype("Int64")}).to_parquet(path / "retail.parquet")
    return path / "retail.parquet"


@pytest.mark.parametrize("form", ["I latin-1 csv", "II csv.gz", "I xlsx", "II parquet"])
def test_every_form_gives_the_same_orders(tmp_path, form):
    data, lines, entry = run(write(FIRST, tmp_path, form), tmp_path)
    orders = data["orders"]
    assert (entry.read, entry.kept, entry.step) == (10, 5, "import")
    assert rules(lines, "set_aside") == ASIDE
    assert rules(lines, "noted") == {"non_product_code": 1, "duplicate_row": 2}
    assert orders["order_id"].tolist() == ["489434", "489434", "489439", "489440", "489440"]
    assert orders["customer_id"].tolist() == ["13085", "13085", "13086", "13087", "13087"]
    assert orders["amount"].tolist() == pytest.approx([83.4, 83.4, 18, 2.5, 2.5])
    assert orders["item_id"].tolist() == ["85048", "85048", "POST", "22041", "22041"]
    assert orders["ordered_at"].iloc[0] == pd.Timestamp("2010-11-30 07:45", tz="Europe/London")
    assert orders["description"].iloc[0] == "GLASS BALL £20"
    assert orders["country"].iloc[-1] == "France"
    assert data.about.window == ["2010-11-30", "2010-12-09"]
    assert (data.about.currency, data.about.zone, data.about.licence) == ("GBP", "Europe/London", "CC BY 4.0")
    assert ("C5BW33" in data.about.source) == form.startswith("I ")


def test_places_are_lines_of_the_file(tmp_path):
    _, lines, _ = run(write(FIRST, tmp_path, "I latin-1 csv"), tmp_path)
    assert lines["missing_customer"].where == "online_retail.csv, line 4"
    assert lines["missing_customer"].example.startswith("489435,22041,FRAME,2,11/30/2010 8:00,2.5,,France")
    assert lines["duplicate_row"].where == "online_retail.csv, line 3"


def test_the_options_change_what_they_say(tmp_path):
    file = write(FIRST, tmp_path, "II parquet")
    data, lines, _ = run(file, tmp_path, cancellations="net", codes="aside", duplicates="drop")
    assert rules(lines, "noted") == {"cancellation": 1}
    gone = {rule: rows for rule, rows in ASIDE.items() if rule != "cancellation"}
    assert rules(lines, "set_aside") == gone | {"non_product_code": 1, "duplicate_row": 2}
    assert data["orders"]["amount"].tolist() == pytest.approx([83.4, -5, 2.5])
    assert data["orders"]["quantity"].tolist() == [12, -2, 1]
    assert data.about.notes["options"] == {
        "cancellations": "net", "codes": "aside", "duplicates": "drop", "overlap": "aside",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["sheets", "joined csv"])
def test_what_the_second_sheet_repeats_is_left_out_as_often_as_the_first_has_it(tmp_path, form):
    """The first holds the line of 2 December twice, the second three times: one is new."""
    if form == "sheets":
        file = tmp_path / "online_retail_II.xlsx"
        with pd.ExcelWriter(file) as book:
            FIRST.to_excel(book, sheet_name="Year 2009-2010", index=False)
            SECOND.to_excel(book, sheet_name="Year 2010-2011", index=False)
    else:
        file = tmp_path / "online_retail_II.csv"
        pd.concat([FIRST, SECOND]).to_csv(file, index=False)
    data, lines, entry = run(file, tmp_path)
    place = "sheet Year 2010-2011, row 2" if form == "sheets" else "line 12"
    assert lines["repeated_in_later_sheet"].where == f"{file.name}, {place}"
    assert (entry.read, lines["repeated_in_later_sheet"].rows) == (14, 2)
    assert data["orders"]["order_id"].tolist() == ["489434"] * 2 + ["489439"] + ["489440"] * 3 + ["500000"]
    kept, lines, _ = run(file, tmp_path, overlap="keep")
    assert "repeated_in_later_sheet" not in lines
    assert len(kept["orders"]) == 9


def test_a_file_out_of_order_is_not_taken_as_joined(tmp_path):
    file = tmp_path / "newest_first.csv"
    pd.concat([FIRST.iloc[::-1], FIRST]).to_csv(file, index=False)
    _, lines, _ = run(file, tmp_path)
    assert "repeated_in_later_sheet" not in lines
    assert lines["duplicate_row"].rows == 7


def test_broken_rows_are_counted(tmp_path):
    file = tmp_path / "cut.csv"
    text = (
        FIRST.iloc[:2].to_csv(index=False) + "489441,22041,FRAME,two,2010-11-30 09:03:00,1,5,UK\n489442,1,F,1,2010-11"
    )
    file.write_text(text)
    _, lines, entry = run(file, tmp_path)
    assert rules(lines, "set_aside") == {"missing_customer": 1, "bad_number": 1}
    assert lines["missing_customer"].where == "cut.csv, line 5"
    assert entry.read == 4


def test_another_file_and_unknown_options(tmp_path):
    file = tmp_path / "shop.csv"
    file.write_text("Invoice,Customer ID,total\n1,2,3\n")
    with pytest.raises(InputError, match="no column StockCode, Description, Quantity, InvoiceDate, Price or UnitPrice"):
        run(file, tmp_path)
    for option in ("cancellations", "codes", "duplicates", "overlap"):
        with pytest.raises(InputError, match=f"'perhaps' is no value of --{option}"):
            run(file, tmp_path, **{option: "perhaps"})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("code", "product"),
    [("85048", True), ("79323P", True), ("15056bl", True), ("DCGS0058", True), ("PADS", True), ("SP1002", True),
     ("POST", False), ("DOT", False), ("M", False), ("m", False), ("D", False), ("C2", False), ("CRUK", False),
     ("BANK CHARGES", False), ("AMAZONFEE", False), ("ADJUST2", False), ("TEST001", False), ("gift_0001_30", False)],
)  # fmt: skip
def test_codes_that_are_no_products(code, product):
    assert pd.Series([code]).str.fullmatch(f"(?i:{online_retail.CODES})").tolist() == [not product]


def test_rules_have_words():
    named = {*ASIDE, "repeated_in_later_sheet", "non_product_code", "duplicate_row"}
    assert named <= all_words().keys()


# ------------------------------------------------------------------------------------------------ the real file


@cache
def real_sheet(path):
    return online_retail._read(path)


def real(path, **options):
    sheet, frame, _ = real_sheet(path)
    rows = Rows(sheet, frame.assign(amount=frame["quantity"] * frame["price"]), source=path.name)
    settled = {"cancellations": "aside", "codes": "keep", "duplicates": "keep", "overlap": "aside", **options}
    online_retail._apply(rows, **settled)
    return rows.frame, {line.rule: line.rows for line in rows.ledger("orders").lines}


def test_the_default_is_the_selection_of_the_literature(real_data, tmp_path):
    data, lines, entry = run(real_data("online_retail_II_2009_2010.parquet"), tmp_path)
    orders = data["orders"]
    assert (entry.read, entry.kept) == (525_461, 407_664)
    assert (orders["customer_id"].nunique(), orders["order_id"].nunique()) == (4312, 19_213)
    assert orders["amount"].sum() == pytest.approx(8_832_003.27, abs=0.005)
    assert rules(lines, "set_aside") == {"missing_customer": 107_927, "cancellation": 9839, "price_not_positive": 31}
    assert data.about.notes["rows in the file"] == {
        "rows": 525_461, "without a customer": 107_927, "cancellations": 10_206, "quantity below 0": 12_326,
        "price of 0 or less": 3690, "equal to an earlier row": 6865,
    }  # fmt: skip
    assert data.about.window == ["2009-12-01", "2010-12-09"]


def test_the_options_on_the_real_file_agree_with_a_plain_count(real_data):
    path = real_data("online_retail_II_2009_2010.parquet")
    raw = pd.read_parquet(path)
    known = raw[raw["Customer ID"].notna() & (raw["Price"] > 0)]
    bought = known[known["Quantity"] > 0]
    odd = bought["StockCode"].isin(["POST", "DOT", "C2", "D", "M", "S", "B", "BANK CHARGES", "ADJUST", "ADJUST2",
                                    "TEST001", "TEST002"])  # fmt: skip
    frame, counts = real(path, codes="aside")
    assert (len(frame), counts["non_product_code"]) == ((~odd).sum(), odd.sum()) == (406_311, 1353)
    frame, counts = real(path, duplicates="drop")
    assert (len(frame), counts["duplicate_row"]) == (len(bought.drop_duplicates()), 6748)
    frame, counts = real(path, cancellations="net")
    assert len(frame) == len(known) == 417_503
    assert frame["amount"].sum() == pytest.approx((known["Quantity"] * known["Price"]).sum())
