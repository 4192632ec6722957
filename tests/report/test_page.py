import pytest
from bs4 import BeautifulSoup

from crm_analysis.report.page import clean, number_headings


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<img src="http://example.org/a.png">',
        '<iframe src="https://example.org"></iframe>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href=" JavaScript:alert(1)">a</a>',
        '<p onmouseover="alert(1)" style="background:url(http://example.org)">a</p>',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
    ],
)
def test_nothing_that_runs_or_fetches_is_left(evil):
    left = str(clean(evil)).lower()
    for sign in ("script", "onerror", "onmouseover", "example.org", "style"):
        assert sign not in left


def test_our_own_figures_stay():
    kept = clean('<figure class="crm x"><img src="data:image/png;base64,aa" alt="A line" width="760"></figure>')
    assert kept.img["alt"] == "A line"
    assert kept.figure["class"] == ["crm"]


def test_headings_get_anchors_in_order():
    body = BeautifulSoup("<h2>一、<b>客户</b></h2><h3>1.1 R&amp;F</h3>", "html.parser")
    contents = number_headings(body)
    assert [(x["level"], x["text"]) for x in contents] == [("h2", "一、客户"), ("h3", "1.1 R&F")]
    assert [h["id"] for h in body.find_all(["h2", "h3"])] == [x["id"] for x in contents]
