"""The file that a spreadsheet opens."""

import csv

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from crm_analysis.errors import InputError
from crm_analysis.report.attachments import block
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.worklist import worklist


@pytest.fixture
def found():
    ids = ["00123", "=1+1", "-7", "@sum", "张三", 'say "hi", you']
    frame = pd.DataFrame({"churn_probability": np.linspace(0.5, 0.8, 6), "clv": [900.0, 800, 700, 600, 500, 400],
                          "balance": [-5.5, 1, 2, 3, 4, 5], "note": ["+A1", "\tx", "\rz", "＝甲", None, "fine"],
                          "state": "buying"}, index=ids)  # fmt: skip
    reasons = pd.Series(['=HYPERLINK("http://x")', "投诉未解决，久未购买", "two\nlines"], index=ids[:3])
    return worklist(frame, [Action("call", "-电话", "call", cost=1, accept=0.3)], reasons=reasons, holdout=0.4, seed=2,
                    keep=["state", "balance", "note"])  # fmt: skip


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_file_reads_back_as_it_was(found, tmp_path):
    path = tmp_path / "list.csv"
    found.to_csv(path)
    back = pd.read_csv(path, encoding="utf-8-sig", dtype={0: str}).set_index("customer")
    assert set(back.index) == {"00123", "'=1+1", "'-7", "'@sum", "张三", 'say "hi", you'}
    assert back.loc["00123", "balance"] == -5.5
    assert back["expected gain"].to_numpy() == pytest.approx(
        found.table.sort_values("holdout", kind="stable")["expected_gain"].to_numpy(), abs=0.005
    )
    assert not list(tmp_path.glob(".*"))


def test_no_text_starts_like_a_formula_and_numbers_stay_numbers(found, tmp_path):
    path = tmp_path / "list.csv"
    found.to_csv(path, lang="zh")
    rows = read(path)
    head, *body = rows
    for row in body:
        for name, cell in zip(head, row):
            try:
                float(cell)
            except ValueError:
                assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠")), (name, cell)
    assert "-5.5" in {row[head.index("balance")] for row in body}
    assert {"'-电话"} == {row[head.index("建议行动")] for row in body}
    assert b'"00123"' in path.read_bytes()
    assert b",-5.5," in path.read_bytes()


def test_chinese_opens_in_a_spreadsheet_and_the_holdout_is_marked_and_last(found, tmp_path):
    path = tmp_path / "名单.csv"
    found.to_csv(path, lang="zh")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, *body = read(path)
    assert head[0] == "客户编号"
    marks = [row[-1] for row in body]
    held = int(found.table["holdout"].sum())
    assert 0 < held < 6
    assert marks == ["否"] * (6 - held) + ["是（不联系）"] * held
    assert body[0][head.index("生命周期状态")] == "成交客户"
    found.to_csv(path, who="contact")
    assert [row[-1] for row in read(path)[1:]] == ["no"] * (6 - held)
    found.to_csv(path, who="holdout")
    assert len(read(path)) == held + 1


def test_an_empty_list_writes_its_header(tmp_path):
    frame = pd.DataFrame({"churn_probability": [0.1], "clv": [5.0]}, index=["a"])
    worklist(frame, [Action("call", cost=50, accept=0.1)]).to_csv(tmp_path / "none.csv")
    assert len(read(tmp_path / "none.csv")) == 1


def test_a_failed_write_leaves_the_old_file(found, tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr("os.replace", lambda *_: 1 / 0)
    for write in (found.to_csv, lambda where: found.to_xlsx(where.with_suffix(".xlsx"))):
        with pytest.raises(ZeroDivisionError):
            write(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["list.csv"]


def test_places_and_options_that_cannot_be_are_refused(found, tmp_path):
    for write, where in (
        (found.to_csv, tmp_path), (found.to_csv, tmp_path / "no" / "list.csv"), (found.to_xlsx, tmp_path / "list.csv"),
        (found.to_xlsx, tmp_path / "no" / "list.xlsx"),
    ):  # fmt: skip
        with pytest.raises(InputError, match="cannot be written there"):
            write(where)
    for how in ({"lang": "fr"}, {"who": "some"}):
        with pytest.raises(InputError, match="cannot be used"):
            found.to_csv(tmp_path / "x.csv", **how)
        with pytest.raises(InputError, match="cannot be used"):
            found.csv_text(**how)


def test_the_text_for_an_attachment_is_that_of_the_file(found, tmp_path):
    found.to_csv(tmp_path / "list.csv", lang="zh", who="contact")
    text = found.csv_text("zh", who="contact")
    assert text.startswith("\ufeff")
    assert text.encode("utf-8") == (tmp_path / "list.csv").read_bytes()
    assert block("list.csv", text, caption="")["application/vnd.crm.file+json"]["text"] == text


def test_an_action_is_called_by_its_name_even_if_that_is_a_term(found):
    frame = pd.DataFrame({"churn_probability": [0.5], "clv": [100.0], "member": [True]}, index=["a"])
    listed = worklist(frame, [Action("a", en="contact", accept=0.5)], holdout=0, keep=["member"])
    head, body = (line.split(",") for line in listed.csv_text("en").splitlines())
    row = dict(zip(head, body))
    assert row['"next action"'] == '"contact"'
    assert row['"member"'] == '"yes"'


def test_a_workbook_keeps_ids_as_texts_and_runs_nothing(found, tmp_path):
    found.table.loc["00123", "note"] = "bell \x07"
    found.to_xlsx(tmp_path / "list.xlsx", lang="zh")
    page = load_workbook(tmp_path / "list.xlsx").active
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][:2] == ("客户编号", "生命周期状态")
    assert {row[0] for row in rows[1:]} == {"00123", "=1+1", "-7", "@sum", "张三", 'say "hi", you'}
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert all(cell.number_format == "@" and cell.quotePrefix for cell in page["A"])
    at = {name: place for place, name in enumerate(rows[0])}
    by_id = {row[0]: row for row in rows[1:]}
    assert by_id["00123"][at["balance"]] == -5.5
    assert by_id["00123"][at["预计净收益"]] == pytest.approx(found.table.loc["00123", "expected_gain"], abs=0.005)
    assert by_id["00123"][at["note"]] == "bell "
    assert by_id["-7"][at["note"]] == "\rz" or by_id["-7"][at["note"]] == "\nz"
    assert page.freeze_panes == "B2"
    assert page.column_dimensions["A"].width == 2 + len('say "hi", you')
    assert [row[-1] for row in rows[1:]] == sorted((row[-1] for row in rows[1:]), key=lambda mark: mark != "否")


def test_an_empty_list_makes_a_workbook_with_its_header(tmp_path):
    frame = pd.DataFrame({"churn_probability": [0.1], "clv": [5.0]}, index=["a"])
    worklist(frame, [Action("call", cost=50, accept=0.1)]).to_xlsx(tmp_path / "none.xlsx")
    assert load_workbook(tmp_path / "none.xlsx").active.max_row == 1
