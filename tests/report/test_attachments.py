import pytest

from crm_analysis.errors import InputError
from crm_analysis.report.attachments import attached, block
from crm_analysis.report.page import clean


@pytest.mark.parametrize("name", ["../x.csv", "a/b.csv", "x.html", "X.csv", ".csv", "a b.csv"])
def test_a_name_cannot_point_elsewhere(name):
    with pytest.raises(InputError, match="no name of an attached file"):
        block(name, "", caption="")
    assert attached([{"outputs": [{"data": {"application/vnd.crm.file+json": {"name": name, "text": ""}}}]}]) == {}


def test_files_are_found_among_outputs():
    found = block("a-1.csv", "x,y\r\n", caption="c")
    assert attached([{"outputs": [{"data": found}, {"name": "stdout"}]}, {}]) == {"a-1.csv": "x,y\r\n"}


def test_only_csv_stands_in_links_of_a_page():
    kept = clean(block("a.csv", "x", caption="c")["text/html"] + '<a href="data:text/html;base64,aa">b</a>')
    assert [link.get("href") for link in kept.select("a")] == ["data:text/csv;base64,eA==", None]
