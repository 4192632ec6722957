"""The case reports through the path users take, reopened and read."""

import os
import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT

pytestmark = pytest.mark.report
RAW_NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
CASES = ("taobao", "shop", "01-clv", "02-satisfaction", "03-churn")
ALL = [f"{case}-{language}" for case in CASES for language in ("zh", "en")]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def crm(*arguments):
    command = [sys.executable, "-m", "crm_analysis", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return done.stdout


def page(out, name):
    """Return the page without the code that a lesson shows."""
    soup = BeautifulSoup((out / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    for code in soup.select("pre, p code, li code"):
        code.decompose()
    return soup


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Both cases and the lessons on their bundled data in both languages."""
    folder = tmp_path_factory.mktemp("out")
    crm("report", *CASES, "--language", "zh,en", "--out", folder)
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A log in the Tianchi layout: two users a day view, fill the cart and buy; one only views."""
    rows = []
    for day in range(9):
        start = 1511539200 + day * 86400  # 25 November 2017, midnight in Shanghai
        for user in (1, 2):
            buys = ["buy"] if (user + day) % 2 else []
            rows += [
                (user, 10 + day, 5, action, start + 40000 + 60 * k) for k, action in enumerate(["pv", "cart", *buys])
            ]
        rows.append((3, 20 + day, 6, "pv", start + 75600))
    folder = tmp_path_factory.mktemp("log")
    pd.DataFrame(rows).to_csv(folder / "UserBehavior.csv", header=False, index=False)
    crm("import", "taobao-userbehavior", folder / "UserBehavior.csv", folder / "set")
    crm("report", "taobao", "--data", folder / "set", "--language", "zh,en", "--out", folder / "out")
    return folder / "out"


def test_every_report_is_there(out):
    wanted = [f"{name}.{ending}" for name in ALL for ending in ("html", "ipynb")]
    lists = ["shop-en-worklist.csv", "shop-zh-worklist.csv"]
    assert sorted(path.name for path in out.iterdir()) == sorted([*wanted, *lists])


@pytest.mark.parametrize(("language", "customer"), [("zh", "客户编号"), ("en", "customer")])
def test_the_worklist_can_be_worked_with(out, language, customer):
    rows = pd.read_csv(out / f"shop-{language}-worklist.csv", dtype=str, encoding="utf-8-sig")
    assert rows.columns[0] == customer
    assert rows[customer].is_unique
    assert not rows.apply(lambda column: column.str.match(r"[=+@\t\r]", na=False)).to_numpy().any()
    link = page(out, f"shop-{language}").select_one("p.file a")
    assert link["download"] == "worklist.csv"


@pytest.mark.parametrize("name", ALL)
def test_every_figure_has_alt_text_caption_and_origin(out, name):
    soup = page(out, name)
    blocks = soup.select("figure.crm")
    assert len(blocks) > 12
    for block in blocks:
        assert block.select_one(".origin").get_text().strip()
        if block.img:
            assert len(block.img["alt"]) > 20
            assert bool(CHINESE.search(block.img["alt"])) == name.endswith("zh")


@pytest.mark.parametrize("name", ALL)
def test_no_raw_name_and_no_gap_is_left_in_the_text(out, name):
    soup = page(out, name)
    for part in soup.select("table.title, p.missing"):
        part.decompose()
    for table in soup.select("table.crm"):
        if table.find(string=re.compile("SHA-256|softw|软件版本")):
            table.decompose()
    text = soup.main.get_text(" ")
    assert RAW_NAME.findall(text) == []
    assert not re.search(r"\bnan\b|\bNaN\b|\bNone\b|\bNaT\b|Estimate\(", text)


@pytest.mark.parametrize("name", ["taobao-en", "shop-en", "01-clv-en"])
def test_an_english_report_holds_no_chinese(out, name):
    assert CHINESE.findall(page(out, name).get_text()) == []


@pytest.mark.parametrize("name", ["taobao-zh", "shop-zh", "01-clv-zh"])
def test_a_chinese_report_has_chinese_in_every_heading_and_table_head(out, name):
    soup = page(out, name)
    for head in soup.select("h1, h2, h3, table.crm th"):
        text = head.get_text()
        assert CHINESE.search(text) or re.fullmatch(r"[\d%+\-–. ]+|SHA-256.*", text), text


@pytest.mark.parametrize("name", ALL)
def test_both_languages_hold_the_same_numbers(out, name):
    def numbers(which):
        return [re.findall(r"\d[\d,.]*%?", td.get_text()) for td in page(out, which).select("table.crm td.num")]

    assert numbers(name) == numbers(name.replace("-zh", "-en"))


def test_the_sample_is_called_simulated_and_nothing_is_left_out(out):
    soup = page(out, "taobao-en")
    assert "simulated company" in soup.get_text()
    assert all("simulated" in o.get_text() or "ource" in o.get_text() for o in soup.select(".origin"))
    assert soup.select("p.missing") == []


def test_cdnow_is_called_real_with_its_published_counts(out):
    text = page(out, "shop-en").get_text()
    assert "CDNOW (real)" in text
    assert "23,570 customers placed 69,6" in text


def test_a_lesson_shows_its_code_and_a_case_does_not(out):
    lesson, case = ((out / f"{name}.html").read_text(encoding="utf-8") for name in ("01-clv-en", "shop-en"))
    code = " ".join(part.get_text() for part in BeautifulSoup(lesson, "html.parser").select("pre"))
    assert "clv.ParetoNBD().fit(summary)" in code
    assert "book.title()" not in code  # cells whose code tells nothing are hidden
    assert "<pre" not in case


def test_the_shop_is_valued_by_a_model_that_can_say_who_is_active(out):
    text = page(out, "shop-en").main.get_text(" ")
    assert "The Pareto/NBD is chosen" in text
    assert re.search(r"about 1\d,\d{3} \[\d+,\d{3}, \d+,\d{3}\] of 23,570 customers are still active", text)
    assert "expected value ahead" in text


def test_a_log_without_money_gets_the_measures_it_carries(log):
    text = page(log, "taobao-en").main.get_text(" ")
    assert "2 buyers made 9 purchases" in text
    assert "by R and F only: the data hold no money" in text
    assert "of 3 users who viewed, 66.7%" in text
    assert "peak lies between 11:00 and 12:00" in text


def test_a_missing_table_is_named_in_one_line_and_nothing_simulated_appears(log):
    for language, word in (("en", "tickets"), ("zh", "投诉工单")):
        soup = page(log, f"taobao-{language}")
        lines = [line.get_text() for line in soup.select("p.missing")]
        assert any(word in line for line in lines)
        assert all(len(line) < 200 for line in lines)
        assert "imulated" not in soup.get_text()
        assert "模拟" not in soup.get_text()


def test_sentences_follow_the_data(out, log):
    def summary(folder):
        return page(folder, "taobao-en").main.ul.get_text()

    assert re.findall(r"\d+", summary(out)) != re.findall(r"\d+", summary(log))


@pytest.mark.parametrize("name", ALL)
def test_the_notebook_is_valid_and_has_one_language(out, name):
    notebook = nbformat.read(out / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    other = "lang-en" if name.endswith("zh") else "lang-zh"
    assert not any(other in cell.metadata.get("tags", []) for cell in notebook.cells)
    assert str(ROOT) not in nbformat.writes(notebook)


def test_plain_papermill_runs_the_same_notebook(tmp_path):
    command = [sys.executable, "-m", "papermill", "notebooks/cases/shop.ipynb", str(tmp_path / "out.ipynb"),
               "-p", "language", "en", "-p", "top_share", "0.1"]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "the top 10% of customers" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_the_real_log_gives_the_published_counts(real_data, tmp_path):
    told = crm("import", "taobao-userbehavior", real_data("UserBehavior_users_100k.csv"), tmp_path / "set")
    assert "100,001 rows read" in told
    assert "99,957 kept" in told
    assert "44 set aside" in told
    crm("report", "taobao", "--data", tmp_path / "set", "--language", "en", "--out", tmp_path / "out")
    text = page(tmp_path / "out", "taobao-en").main.get_text(" ")
    for known in (
        "671 buyers made 2,101 purchases",
        "442 bought twice or more",
        "of 980 users who viewed, 54.3%",
        "16,724",
    ):
        assert known in text


def test_real_orders_of_a_shop_give_a_report(real_data, tmp_path):
    crm("import", "online-retail", real_data("online_retail_II_2009_2010.parquet"), tmp_path / "set")
    crm("report", "shop", "--data", tmp_path / "set", "--language", "en", "--out", tmp_path / "out")
    text = page(tmp_path / "out", "shop-en").main.get_text(" ")
    assert "4,312 customers placed 19,21" in text
    assert "the top 20% of customers bring 73.5%" in text


def test_a_shop_of_one_customer_comes_out_whole(tmp_path):
    orders = pd.DataFrame({"Buyer": [1] * 5, "Date": "2023-01-01", "Paid": 5})
    orders.to_csv(tmp_path / "orders.csv", index=False)
    columns = "customer_id=Buyer,ordered_at=Date,amount=Paid"
    crm("report", "shop", "--data", tmp_path / "orders.csv", "--columns", columns, "-l", "zh", "--out", tmp_path)
    told = [line.get_text() for line in page(tmp_path, "shop-zh").select("p.missing")]
    assert "本部分从略：数据天数不足以容纳间隔期和结果期。" in told
    assert "本部分从略：没有可用的模型或客户价值。" in told
