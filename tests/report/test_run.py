import base64
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from bs4 import BeautifulSoup

from crm_analysis.errors import InputError
from crm_analysis.report import run
from tests.helpers.small_case import small_notebook

pytestmark = pytest.mark.report


def crm(*arguments, cases, **more):
    """Run the command as a user does, in a process of its own."""
    environment = os.environ | {"CRM_CASES": str(cases)} | more
    command = [sys.executable, "-m", "crm_analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    nbformat.write(small_notebook(), folder / "small.ipynb")
    return folder


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    """One run of the small case in both languages."""
    out = tmp_path_factory.mktemp("with a space") / "报告"
    done = crm("report", "small", "-l", "zh,en", "-p", "weeks=4", "-p", "name=客户 = '数'", "--out", out, cases=folder)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return out


def test_each_language_gives_a_notebook_and_a_page_and_nothing_else(made):
    assert sorted(path.name for path in made.iterdir()) == [
        "small-en-list.csv", "small-en.html", "small-en.ipynb", "small-zh-list.csv", "small-zh.html", "small-zh.ipynb",
    ]  # fmt: skip


def test_a_page_has_one_language_and_no_outside_address(made):
    zh, en = ((made / f"small-{lang}.html").read_text(encoding="utf-8") for lang in ("zh", "en"))
    assert "一、问题" in zh
    assert "1 Question" not in zh
    assert "1 Question" in en
    assert "一、问题" not in en
    assert 'lang="zh-Hans"' in zh
    for page in (zh, en):
        assert "http" not in page
        assert "<script" not in page


def test_an_attached_file_lies_beside_the_page_and_in_its_link(made):
    wanted = b"\xef\xbb\xbfname\r\n\xe5\xba\x97\r\n"
    assert (made / "small-zh-list.csv").read_bytes() == wanted
    link = BeautifulSoup((made / "small-zh.html").read_text(encoding="utf-8"), "html.parser").select_one("p.file a")
    assert link["download"] == "list.csv"
    assert base64.b64decode(link["href"].partition("base64,")[2]) == wanted


def test_texts_from_data_are_shown_and_do_nothing(made):
    soup = BeautifulSoup((made / "small-en.html").read_text(encoding="utf-8"), "html.parser")
    text = soup.get_text()
    assert "<script>alert(1)</script>" in text
    assert "customer <script>alert(1)</script> $5 *x* [a](javascript:b) over 4 weeks" in text
    assert not soup.select("main a:not([download]), main em")


def test_the_missing_table_is_one_line(made):
    soup = BeautifulSoup((made / "small-zh.html").read_text(encoding="utf-8"), "html.parser")
    assert [p.get_text() for p in soup.select("p.missing")] == ["本部分从略：所给数据中没有行为日志 events。"]


def test_the_notebook_keeps_its_parameters_readable_and_no_trace_of_the_machine(made):
    text = (made / "small-zh.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    injected = [c.source for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert "客户 = " in injected[0]
    assert "papermill" not in notebook.metadata
    assert str(made.parent) not in text


def test_a_failing_cell_is_told_and_leaves_nothing(folder, tmp_path):
    done = crm("report", "small", "-p", "fail=true", "--out", tmp_path / "out", cases=folder)
    assert done.returncode == 1
    assert "ZeroDivisionError: on purpose" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing(folder, tmp_path, told):
    book = small_notebook()
    book.cells[-1].source = "import time; time.sleep(60)"
    slow = tmp_path / "cases"
    slow.mkdir()
    nbformat.write(book, slow / "small.ipynb")
    command = [sys.executable, "-m", "crm_analysis", "report", "small", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | {"CRM_CASES": str(slow)})
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").glob(".making-*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)  # the kernel is at work
    process.send_signal(told)
    assert process.wait(20) == 130
    assert list((tmp_path / "out").iterdir()) == []


def test_two_runs_side_by_side_do_not_collide(folder, tmp_path):
    command = [sys.executable, "-m", "crm_analysis", "report", "small", "--out", str(tmp_path / "out")]
    runs = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         env=os.environ | {"CRM_CASES": str(folder)})
        for _ in range(2)
    ]  # fmt: skip
    assert [run.wait(60) for run in runs] == [0, 0]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "small-zh-list.csv", "small-zh.html", "small-zh.ipynb",
    ]  # fmt: skip


def test_bad_parameters_are_refused_before_a_kernel_starts(small_case):
    with pytest.raises(InputError, match="2 parameters cannot be used"):
        run.plan(["small"], ["zh"], {"week": 4, "weeks": 0})


def test_a_folder_that_cannot_be_written_is_told(small_case, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        run.make(run.plan(["small"], ["zh"], {}), tmp_path / "file" / "out")
