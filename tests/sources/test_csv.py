"""A shop's own file: any form comes back the same, and every way in which it can be wrong is said or counted."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import get
from crm_analysis.sources.csv import read_orders
from crm_analysis.tables import NOTED, SET_ASIDE, load
from crm_analysis.words import all_words

SOURCE = get("csv")
ENGLISH = "Customer ID,InvoiceDate,Quantity,Price\n13085,2010-12-01 08:26,2,2.5\n13086,2010-12-02 08:26,1,3\n"
CHINESE = '会员ID,下单时间,实付金额(元)\n张三,2024-05-01 09:30:00,￥12\n李四,2024-05-02 10:00:00,"1,200.50"\n'


MAGIC = [b"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]


def file_of(tmp_path, content, name="shop.csv"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rules(data, fate=None):
    return {line.rule: line.rows for entry in data.ledger for line in entry.lines if fate in (None, line.fate)}


def first(data, rule):
    return next(line for entry in data.ledger for line in entry.lines if line.rule == rule)


# --------------------------------------------------------------------------------------------- the same comes back

names = st.text(st.sampled_from("ab中文,;|\t\"' 0-é"), max_size=6).map(lambda text: f"c{text}".strip())
moments = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
amounts = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
shops = st.lists(st.tuples(names, moments, amounts), min_size=1, max_size=8).map(
    lambda rows: pd.DataFrame(rows, columns=["会员ID", "下单时间", "实付金额"])
)


def check_same(data, frame):
    orders = data["orders"]
    assert orders["customer_id"].tolist() == frame["会员ID"].tolist()
    assert orders["ordered_at"].dt.tz_localize(None).tolist() == frame["下单时间"].tolist()
    assert orders["amount"].tolist() == pytest.approx(frame["实付金额"].tolist())
    assert rules(data, SET_ASIDE) == {}
    entry = next(iter(data.ledger))
    assert (entry.read, entry.kept) == (len(frame), len(frame))


@given(
    frame=shops,
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
@settings(max_examples=40, deadline=None)
def test_text_comes_back_in_any_delimiter_and_encoding(frame, delimiter, encoding):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.txt"
        frame.to_csv(file, index=False, sep=delimiter, encoding=encoding)
        data = read_orders(file)
    check_same(data, frame)
    assert data.about.notes["delimiter"] == delimiter


@given(frame=shops, style=st.sampled_from([(".", "{:,.2f}"), (",", "{:,.2f}"), (".", "¥{:.2f}"), (",", "{:.2f} €")]))
@settings(max_examples=20, deadline=None)
def test_amounts_come_back_as_people_write_them(frame, style):
    decimal, form = style
    swap = str.maketrans(",.", ".,") if decimal == "," else {}
    texts = [form.format(amount).translate(swap) for amount in frame["实付金额"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.csv"
        frame.assign(实付金额=texts).to_csv(file, index=False, sep=";")
        data = read_orders(file, decimal=decimal)
    check_same(data, frame)


@given(frame=shops, title=st.booleans())
@settings(max_examples=10, deadline=None)
def test_excel_comes_back(frame, title):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.xlsx"
        frame.to_excel(file, index=False, startrow=3 * title)
        data = read_orders(file)
    check_same(data, frame)


@given(frame=shops)
@settings(max_examples=15, deadline=None)
def test_parquet_comes_back(frame):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shop.parquet"
        frame.to_parquet(file)
        data = read_orders(file)
    check_same(data, frame)


# ------------------------------------------------------------------------------------------------- what is read how


def test_columns_are_guessed_and_the_notes_say_so(tmp_path):
    data = read_orders(file_of(tmp_path, ENGLISH))
    assert data["orders"]["amount"].tolist() == [5, 3]
    notes = data.about.notes
    assert notes["columns"] == {"customer_id": "Customer ID", "ordered_at": "InvoiceDate", "quantity": "Quantity",
                                "amount": "Quantity*Price"}  # fmt: skip
    assert notes["columns were"] == "guessed from their names"
    assert notes["zone"].startswith("not given")
    assert (data.about.zone, data.about.window, data.about.name) == ("UTC", ["2010-12-01", "2010-12-02"], "shop")


def test_a_map_is_followed(tmp_path):
    columns = "customer_id=customer id,ordered_at=InvoiceDate,amount=Price × 0.01,pieces=Quantity"
    data = read_orders(file_of(tmp_path, ENGLISH), columns=columns, zone="Asia/Shanghai", currency="cny")
    orders = data["orders"]
    assert orders["amount"].tolist() == pytest.approx([0.025, 0.03])
    assert orders["pieces"].tolist() == ["2", "1"]
    assert orders["ordered_at"].iloc[0] == pd.Timestamp("2010-12-01 08:26", tz="Asia/Shanghai")
    assert (data.about.currency, "zone" in data.about.notes) == ("CNY", False)
    assert data.about.notes["columns were"] == "named by the user"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(CHINESE.encode("gbk"), "gb18030"), (b"\xef\xbb\xbf" + CHINESE.encode(), "utf-8"),
     (CHINESE.encode("utf-16"), "utf-16"), (gzip.compress(CHINESE.encode(), mtime=0), "utf-8")],
)  # fmt: skip
def test_encodings(tmp_path, content, encoding):
    data = read_orders(file_of(tmp_path, content, "shop.csv.gz" if content[:2] == b"\x1f\x8b" else "shop.csv"))
    assert data["orders"]["customer_id"].tolist() == ["张三", "李四"]
    assert data["orders"]["amount"].tolist() == [12, 1200.5]
    assert data.about.notes["encoding"] == encoding


def test_a_yaml_file_holds_the_map_and_the_rest(tmp_path):
    file = file_of(tmp_path, CHINESE.replace(",", ";").replace("1;200.50", "1.200,50").encode("gbk"))
    settings_file = file_of(
        tmp_path,
        "columns: {customer_id: 会员ID, ordered_at: 下单时间, amount: 实付金额(元)}\nzone: Asia/Shanghai\n"
        "decimal: ','\ncurrency: CNY\nname: Tea\nname_zh: 茶\ncompany: a tea shop\norigin: real\n"
        "time_format: '%Y-%m-%d %H:%M:%S'\n",
        "map.yml",
    )
    data = read_orders(file, columns=str(settings_file), currency="USD")
    about = data.about
    assert (about.name, about.name_zh, about.company, about.origin) == ("Tea", "茶", "a tea shop", "real")
    assert (about.zone, about.currency) == ("Asia/Shanghai", "USD")
    assert data["orders"]["amount"].tolist() == [12, 1200.5]


def test_one_customer_at_one_moment_is_one_order(tmp_path):
    text = "user_id,date,total\na,2024-01-01,1\na,2024-01-01,2\nb,2024-01-01,3\na,2024-01-02,4\n"
    data = read_orders(file_of(tmp_path, text))
    assert data["orders"]["order_id"].tolist() == ["1", "1", "2", "3"]
    assert "one order" in data.about.notes["order_id"]
    data = read_orders(file_of(tmp_path, "order no," + text.replace("\n", "\nx", 4).replace("\nx", "\n7,")))
    assert data["orders"]["order_id"].tolist() == ["7"] * 4


def test_rules_about_amounts_states_and_repeats(tmp_path):
    rows = ["a,2024-01-01,-1,交易成功", "a,2024-01-02,0,交易关闭", "b,2024-01-03,3,ok", "b,2024-01-03,3,ok"]
    file = file_of(tmp_path, "\n".join(["user_id,date,total,订单状态", *rows]))
    kept = read_orders(file)
    assert rules(kept, NOTED) == {"negative_amount": 1, "zero_amount": 1, "closed_order": 1, "duplicate_row": 1}
    assert len(kept["orders"]) == 4
    strict = read_orders(file, refunds="aside", closed="aside", duplicates="drop")
    assert rules(strict) == {"duplicate_row": 1, "closed_order": 1, "negative_amount": 1}
    assert strict["orders"]["amount"].tolist() == [3]


def test_ids_are_unwrapped_and_rounded_ones_set_aside(tmp_path):
    rows = ['="0012"\t\'6228480001\t2024-01-01\t1', "6.2E+17\t6.22848E+17\t2024-01-01\t1", "1.5E+17\tb7\t2024-01-01\t2"]
    text = "\n".join(["order no\tuser_id\tdate\ttotal", *rows])
    data = read_orders(file_of(tmp_path, text))
    assert data["orders"]["customer_id"].tolist() == ["6228480001", "b7"]
    assert data["orders"]["order_id"].iloc[0] == "0012"
    assert rules(data) == {"rounded_id": 1, "rounded_order_id": 1}


def test_other_tables(tmp_path):
    text = "rating,user_id,sku,review date\n5,a,x,2024-01-01\nsix,b,y,2024-01-02\n4,c,z,2024-01-03\n"
    data = read_orders(file_of(tmp_path, text), table="ratings")
    assert data["ratings"]["stars"].tolist() == [5, 4]
    assert rules(data) == {"bad_number": 1}
    text = "respondent_id,answered_at,Q1,Q2\n1,2024-01-01,5,4\n2,2024-01-02,3,2\n"
    data = read_orders(file_of(tmp_path, text), table="survey")
    assert data["survey"][["Q1", "Q2"]].to_numpy().tolist() == [[5, 4], [3, 2]]


def test_an_optional_value_that_cannot_be_read_is_emptied(tmp_path):
    text = "user_id,date,amount,qty\na,2024-01-01,1,two\nb,2024-01-01,1,\nc,2024-01-01,1,3\n"
    data = read_orders(file_of(tmp_path, text))
    assert rules(data) == {"value_emptied": 1}
    assert data["orders"]["quantity"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("form", "cells"),
    [("unix", ["1511544070", "1511544071"]), ("unix_ms", ["1511544070000", "1511544071000"]),
     ("excel", ["43064.0563657407", "43064.0563773148"]),
     ("%d.%m.%y %H:%M:%S", ["25.11.17 01:21:10", "25.11.17 01:21:11"])],
)  # fmt: skip
def test_time_formats(tmp_path, form, cells):
    text = "user_id,time,total\n" + "".join(f"a,{cell},1\n" for cell in cells)
    zone = "Asia/Shanghai"
    orders = read_orders(file_of(tmp_path, text), time_format=form, zone=zone)["orders"]
    expected = pd.to_datetime(["2017-11-25 01:21:10", "2017-11-25 01:21:11"]).tz_localize(zone)
    assert orders["ordered_at"].dt.round("s").tolist() == expected.tolist()


# ------------------------------------------------------------------------------------------------------- Excel


def workbook(tmp_path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "shop.xlsx")
    return tmp_path / "shop.xlsx"


HEADER = ["会员ID", "下单时间", "金额"]


def test_a_sheet_with_a_title_blank_and_merged_rows_and_a_total(tmp_path):
    day = dt.datetime(2024, 5, 1, 9, 30)
    rows = [[13085.0, day, 12.5], [None, day, 3], [], ["乙", "soon", 4], ["合计", None, "19.5"]]
    file = workbook(tmp_path, ("五月", [["五月订单"], [], HEADER, *rows]))
    book = openpyxl.load_workbook(file)
    book["五月"].merge_cells("A1:C1")
    book.save(file)
    data = read_orders(file)
    assert data["orders"]["customer_id"].tolist() == ["13085"]
    assert rules(data) == {"blank_id": 1, "bad_time": 2}
    assert first(data, "blank_id").where == "shop.xlsx, sheet 五月, row 5"
    assert first(data, "bad_time").where == "shop.xlsx, sheet 五月, row 7"
    assert data.about.notes["header in line"] == 3


def test_sheets_are_chosen_or_joined(tmp_path):
    day = dt.datetime(2024, 5, 1)
    helper = ("说明", [["说明"], ["这是导出文件"]])
    one = ("一月", [HEADER, ["a", day, 1]])
    two = ("二月", [HEADER, ["b", day, 2]])
    assert len(read_orders(workbook(tmp_path, helper, one))["orders"]) == 1
    file = workbook(tmp_path, helper, one, two)
    with pytest.raises(InputError, match=r"several sheets hold such a table(.|\n)*--sheet all"):
        read_orders(file)
    assert read_orders(file, sheet="二月")["orders"]["customer_id"].tolist() == ["b"]
    assert read_orders(file, sheet="2")["orders"]["customer_id"].tolist() == ["a"]
    joined = read_orders(file, sheet="all")
    assert joined["orders"]["customer_id"].tolist() == ["a", "b"]
    assert joined.about.notes["sheets"] == ["一月", "二月"]
    with pytest.raises(InputError, match="there is no sheet '三月'"):
        read_orders(file, sheet="三月")


def test_long_numbers_that_excel_rounded_are_told(tmp_path):
    file = workbook(tmp_path, ("s", [HEADER, [6.22848000123457e17, "2024-01-01", 1], ["b", "2024-01-01", 1]]))
    assert rules(read_orders(file)) == {"rounded_id": 1}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "old .xls format"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("cut.xlsx", b"PK\x03\x04 and no more", "workbook is damaged"),
        ("export.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("shop.parquet", b"PAR1 and no more", "not a whole Parquet file"),
        ("shop.csv.gz", gzip.compress(ENGLISH.encode() * 500, mtime=0)[:-40], "cannot be read|cut or damaged"),
    ],
)
def test_files_of_other_kinds(tmp_path, name, content, says):
    with pytest.raises(InputError, match=says):
        read_orders(file_of(tmp_path, content, name))


def test_a_damaged_and_an_empty_workbook_and_a_zip(tmp_path):
    file = workbook(tmp_path, ("s", [HEADER, ["b", "2024-01-01", 1]]))
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for part in whole.namelist():
            bad.writestr(part, whole.read(part)[:200] if "sheet1" in part else whole.read(part))
    with pytest.raises(InputError, match="workbook"):
        read_orders(tmp_path / "bad.xlsx")
    with pytest.raises(InputError, match="the file is empty"):
        read_orders(workbook(tmp_path, ("s", [])))
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        archive.writestr("orders.csv", ENGLISH)
    with pytest.raises(InputError, match=r"zip archive(.|\n)*orders\.csv(.|\n)*unpack"):
        read_orders(tmp_path / "shop.zip")


# --------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("", {}, "the file is empty"),
        ("Customer ID,InvoiceDate,Price\n", {}, "a header but no rows"),
        ("1,2010-12-01,2.5\n2,2010-12-02,3\n", {}, "the first line looks like data"),
        ("customer_id^ordered_at^amount\n1^2010-12-01^3\n", {}, "one column(.|\n)*--delimiter"),
        (ENGLISH, {"delimiter": ";"}, "one column(.|\n)*--delimiter"),
        (ENGLISH, {"delimiter": ";;"}, "not one character"),
        (ENGLISH, {"columns": "Customer ID=customer_id,Price=amount"}, "wrong way round: write customer_id=Customer"),
        (ENGLISH, {"columns": "customer_id=Custmer ID,amount=Price"}, "did you mean 'Customer ID'"),
        (ENGLISH, {"columns": "custmer_id=Customer ID"}, "did you mean 'customer_id'"),
        (ENGLISH, {"columns": "customer_id=Customer ID,amount=Price"}, "no column is known to be ordered_at"),
        (ENGLISH, {"columns": "customer_id=Customer ID,ordered_at=InvoiceDate,amount=2*3"}, "names no column"),
        (ENGLISH, {"columns": "customer_id=Quantity*Price,ordered_at=InvoiceDate,amount=Price"}, "only a number"),
        (ENGLISH, {"columns": "amount=Quantity*Pric,ordered_at=InvoiceDate"}, "did you mean 'Price'"),
        (ENGLISH, {"columns": "Customer ID"}, "cannot be read(.|\n)*--columns"),
        (ENGLISH, {"columns": "amount=Price,amount=Quantity"}, "amount twice"),
        (ENGLISH, {"columns": "none.yml"}, "no such file of columns"),
        (ENGLISH, {"zone": "Mars"}, "time zone 'Mars'"),
        (ENGLISH, {"currency": "¥"}, "ISO 4217"),
        (ENGLISH, {"encoding": "utf-9"}, "encoding 'utf-9'"),
        (ENGLISH, {"decimal": ";"}, "no value of --decimal"),
        (ENGLISH, {"table": "ordres"}, "did you mean 'orders'"),
        (ENGLISH, {"refunds": "net"}, "keep or aside"),
        (ENGLISH, {"refundz": "keep"}, "did you mean 'refunds'"),
        (ENGLISH, {"time_format": "%Q"}, "time format"),
        (ENGLISH, {"time_format": "%d.%m.%Y"}, "cannot be read"),
        (ENGLISH.replace(",Price", ",Price,Customer ID"), {}, "customer_id could be Customer ID or Customer ID"),
        ("user_id,member_id,date,amount\n1,1,2020-01-01,2\n", {}, "user_id or member_id"),
        ("user_id,date,total\n1,1/2/2010,3\n2,3/4/2010,3\n", {}, "which number is the month"),
        ("user_id,date,total\n1,1511544070,3\n", {}, "time_format=unix"),
        ("user_id,date,total\n1,2010-12-01,free\n2,2010-12-01,gratis\n", {}, "2 of 2 values of column 'total'"),
        ("user_id;date;total\n1;2010-12-01;12,50\n2;2010-12-01;1.200,00\n", {}, '--decimal ","'),
        ("user_id,date,total\n,2010-12-01,1\n", {}, "no row of the file can be used(.|\n)*blank_id"),
        (ENGLISH + '3,"2010-12-03 08', {}, "quoted field has no end(.|\n)*from line 4"),
        ("\x00\x01\x02\x03\x04" * 50, {}, "not text|UTF-16|column"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said(tmp_path, text, options, says):
    with pytest.raises(InputError, match=says):
        read_orders(file_of(tmp_path, text), **options)


def test_the_message_has_a_line_to_paste(tmp_path):
    """The export of a Chinese marketplace without a buyer."""
    text = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 \n1,2,3,a,2020-01-01,2020-01-01\n"
    with pytest.raises(InputError) as caught:
        read_orders(file_of(tmp_path, text))
    assert caught.value.what == "no column is known to be customer_id"
    assert "has: 订单编号, 总金额, 买家实际支付金额, 收货地址" in caught.value.where
    assert caught.value.mend.startswith('--columns "customer_id=?,ordered_at=订单创建时间,amount=买家实际支付金额"')


def test_rows_that_cannot_be_used_are_counted_with_their_lines(tmp_path):
    text = (
        'user_id,date,total\na,2024-01-01,1\n,2024-01-01,1\nb,soon,1\nc,2024-01-01,free\n"d"x,2024-01-01,1\n'
        "e,2024-01-01,1,surplus\nuser_id,date,total\n\nf,2024-01-02,2,\ng,2024-01-02,2\nh,2024-01-02,2\nh,2024-01-02\n"
    )
    data = read_orders(file_of(tmp_path, text))
    assert data["orders"]["customer_id"].tolist() == ["a", "f", "g", "h"]
    assert rules(data) == {"broken_quotes": 1, "too_many_fields": 1, "repeated_header": 1, "blank_id": 1, "bad_time": 1,
                           "bad_number": 2}  # fmt: skip
    places = [first(data, rule).where for rule in rules(data)]
    assert places == [f"shop.csv, line {line}" for line in (6, 7, 8, 3, 4, 5)]


def test_a_row_that_ends_early_is_kept_and_noted(tmp_path):
    data = read_orders(file_of(tmp_path, "user_id,date,total,note\na,2024-01-01,1,x\nb,2024-01-01,2\n"))
    assert (rules(data), data["orders"]["amount"].tolist()) == ({"short_row": 1}, [1, 2])


def test_lines_are_counted_through_fields_of_several_lines(tmp_path):
    text = 'user_id,date,total,note\na,2024-01-01,1,"two\nlines"\nb,soon,1,x\nc,2024-01-01,2,x\n'
    assert first(read_orders(file_of(tmp_path, text)), "bad_time").where == "shop.csv, line 4"


def test_bytes_that_no_encoding_reads_are_noted(tmp_path):
    data = read_orders(file_of(tmp_path, ENGLISH.replace("13085", "Jos\xe9").encode("latin-1")), encoding="utf-8")
    assert rules(data) == {"unreadable_characters": 1}


@given(st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_any_bytes_end_in_a_table_or_an_input_error(noise):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noise.csv"
        file.write_bytes(b"user_id,date,total\na,2024-01-01,1\n" + noise)
        try:
            data = read_orders(file)
        except InputError:
            return
        entry = next(iter(data.ledger))
        assert entry.read == entry.kept + entry.set_aside


@given(st.binary(max_size=200), st.sampled_from(MAGIC))
@settings(max_examples=60, deadline=None)
def test_noise_ends_in_an_input_error(noise, magic):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noise.csv"
        file.write_bytes(magic + noise)
        with pytest.raises(InputError):
            read_orders(file)


# --------------------------------------------------------------------------------------------------- the import


def test_import_writes_a_folder_that_loads(tmp_path):
    file = file_of(tmp_path, CHINESE)
    ledger = SOURCE.run(file, tmp_path / "out", zone="Asia/Shanghai", currency="CNY", name="茶")
    data = load(tmp_path / "out")
    assert next(iter(ledger)).step == "import"
    assert data["orders"]["amount"].tolist() == [12, 1200.5]
    assert (data.about.name, data.about.currency, data.about.zone) == ("茶", "CNY", "Asia/Shanghai")
    assert data.about.notes["columns"]["amount"] == "实付金额(元)"


def test_options_of_the_command_are_those_of_the_function():
    assert " ".join(SOURCE.options) == (
        "columns table zone currency time_format encoding delimiter decimal sheet name refunds closed duplicates"
    )


def test_only_the_columns_wanted_are_read_of_a_parquet_file(tmp_path, monkeypatch):
    from crm_analysis.sources import sheets

    days = pd.to_datetime(["2024-01-01"] * 3).tz_localize("Asia/Shanghai")
    frame = pd.DataFrame({"user_id": [1.0, None, 3.0], "date": days, "total": [1, 2, 3], "remark": "x"})
    frame.to_parquet(tmp_path / "shop.parquet")
    asked = []
    true_read = sheets.pq.read_table
    monkeypatch.setattr(
        sheets.pq, "read_table", lambda path, **kw: asked.append(kw["columns"]) or true_read(path, **kw)
    )
    data = read_orders(tmp_path / "shop.parquet")
    assert asked == [["user_id", "date", "total"]]
    assert data["orders"]["customer_id"].tolist() == ["1", "3"]
    assert data.about.zone == "Asia/Shanghai"
    assert first(data, "blank_id").where == "shop.parquet, row 2"


def test_parquet_of_any_types(tmp_path):
    table = pa.table({
        "user_id": pa.array(["a", "b"]).dictionary_encode(), "order no": pa.array([b"x", b"y"]),
        "date": pa.array([dt.date(2024, 1, 1), None]), "amount": pa.array([decimal.Decimal("1.50"), None]),
        "sku": pa.array([7, None]),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "shop.parquet")
    data = read_orders(tmp_path / "shop.parquet")
    assert data["orders"].iloc[0].astype(str).tolist() == ["x", "a", "2024-01-01 00:00:00+00:00", "1.5", "7"]
    assert rules(data) == {"bad_time": 1}


def test_rules_have_words():
    named = {"broken_quotes", "too_many_fields", "repeated_header", "rounded_id", "rounded_order_id", "duplicate_row",
             "closed_order", "negative_amount", "zero_amount", "short_row", "unreadable_characters"}  # fmt: skip
    assert named <= all_words().keys()


def test_the_real_file_by_its_names(real_data, tmp_path):
    raw = pd.read_parquet(real_data("online_retail_II_2009_2010.parquet")).head(50_000)
    raw.to_parquet(tmp_path / "retail.parquet")
    data = read_orders(tmp_path / "retail.parquet", zone="Europe/London", currency="GBP")
    assert data.about.notes["columns"] == {
        "order_id": "Invoice", "customer_id": "Customer ID", "ordered_at": "InvoiceDate", "item_id": "StockCode",
        "quantity": "Quantity", "amount": "Quantity*Price",
    }  # fmt: skip
    known = raw[raw["Customer ID"].notna()]
    assert rules(data, SET_ASIDE) == {"blank_id": len(raw) - len(known)}
    assert rules(data, NOTED)["negative_amount"] == (known["Quantity"] < 0).sum()
    assert data["orders"]["amount"].sum() == pytest.approx((known["Quantity"] * known["Price"]).sum())
