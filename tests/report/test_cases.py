import nbformat
import pytest

from crm_analysis import report
from crm_analysis.errors import InputError
from crm_analysis.report import cases
from crm_analysis.tables import About, DataSet


def test_a_case_knows_its_title_and_parameters(small_case):
    assert cases.names() == ["small"]
    assert (small_case.title("zh"), small_case.title("en")) == ("小案例", "Small case")
    assert list(small_case.parameters) == ["language", "weeks", "share", "name", "fail"]


def test_an_unknown_case_names_the_nearest(small_case):
    with pytest.raises(InputError, match="did you mean 'small'"):
        cases.get("smal")


def test_a_notebook_without_parameters_cell_is_refused(small_case):
    book = nbformat.read(small_case.path, as_version=4)
    book.cells[0].metadata["tags"] = []
    nbformat.write(book, small_case.path)
    with pytest.raises(InputError, match="0 cells tagged"):
        _ = cases.get("small").parameters


def test_a_notebook_checks_its_parameters_by_the_same_rules(small_case):
    data = DataSet({}, About("empty"))
    assert report.begin("small", data, {"language": "en", "other": 1}).parameters == {
        "language": "en", "weeks": 3, "share": 0.2, "name": "", "fail": False,
    }  # fmt: skip
    with pytest.raises(InputError, match="weeks: must be 1 to 52; got 0"):
        report.begin("small", data, {"language": "en", "weeks": 0})


def test_lessons_are_listed_after_cases_and_show_their_code(monkeypatch):
    monkeypatch.delenv("CRM_CASES", raising=False)
    known = cases.names()
    assert known.index("shop") < known.index("01-clv")
    assert cases.get("01-clv").is_lesson
    assert not cases.get("shop").is_lesson
    assert cases.folder() == cases.CASES
