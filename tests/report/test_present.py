import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from crm_analysis.intervals import Estimate
from crm_analysis.report import present


def cells(markup, selector="td"):
    return [cell.get_text() for cell in BeautifulSoup(markup, "html.parser").select(selector)]


def test_columns_get_their_term_and_format_in_the_language():
    frame = pd.DataFrame({"customers": [1234, 5], "share": [0.5, np.nan]})
    assert cells(present.table_html(frame, lang="zh", caption="c"), "th") == ["客户数", "占比"]
    assert cells(present.table_html(frame, lang="en", caption="c")) == ["1,234", "50.0%", "5", "–"]


def test_limits_join_their_value():
    frame = pd.DataFrame({"share": [0.5], "share_low": [0.4], "share_high": [0.6], "low": [1]})
    merged = present.merge_intervals(frame)
    assert list(merged) == ["share", "low"]
    assert cells(present.table_html(frame, lang="en", caption=""))[0] == "50.0% [40.0%, 60.0%]"


def test_text_from_data_cannot_become_markup():
    frame = pd.DataFrame({"customer_id": ["<script>alert(1)</script>", "customers"]})
    markup = present.table_html(frame, lang="zh", caption="")
    assert "<script>" not in markup
    assert cells(markup) == ["<script>alert(1)</script>", "customers"]


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1234567, ",d", "1,234,567"),
        (2.5, ",d", "2"),
        (float("inf"), "", "–"),
        (None, "", "–"),
        (pd.NaT, "", "–"),
        (True, "", "✓"),
        (pd.Timestamp("2017-11-25"), "", "2017-11-25"),
        (pd.Timestamp("2017-11-25 21:30"), "", "2017-11-25 21:30"),
        (Estimate(0.1, 0.05, float("nan")), ".0%", "10%"),
        (np.int64(7), "", "7"),
        (0.126, "", "0.13"),
    ],
)
def test_single_values(value, style, shown):
    assert present.number(value, style) == shown


def test_a_named_index_becomes_columns():
    frame = pd.DataFrame({"share": [1.0]}, index=pd.Index(["view"], name="customers"))
    assert cells(present.table_html(frame, lang="en", caption="")) == ["view", "100.0%"]


def test_a_figure_holds_its_picture_and_alt_text():
    markup = present.figure_html(b"\x89PNG", alt='a "line" <b>', caption="<b>Figure 1</b>")
    image = BeautifulSoup(markup, "html.parser").img
    assert image["alt"] == 'a "line" <b>'
    assert image["src"] == "data:image/png;base64,iVBORw=="


def test_markdown_signs_are_disarmed():
    assert present.plain("a|b*c*$d$[e](f)") == "a&#124;b&#42;c&#42;&#36;d&#36;&#91;e&#93;&#40;f&#41;"
