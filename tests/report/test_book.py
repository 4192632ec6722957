import pandas as pd
import pytest
from bs4 import BeautifulSoup

from crm_analysis import figures, report, tables
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate


@pytest.fixture
def shown(monkeypatch):
    """Everything the book displays, as text."""
    seen = []

    def display(thing, raw=False):
        seen.append(thing["text/html"] if raw else thing.data)

    monkeypatch.setattr("crm_analysis.report.book.display", display)
    return seen


@pytest.fixture
def make_book(small_case):
    def make(language):
        orders = pd.DataFrame({"order_id": "1", "customer_id": "a", "ordered_at": "1997-01-01", "amount": [9.0]})
        data = tables.from_frames({"orders": orders}, tables.About("shop", name_zh="店", origin="simulated"))
        return report.Book("small", data, language, {"language": language})

    return make


@pytest.mark.parametrize(("language", "sentence"), [("zh", "占 50% [40%, 60%]"), ("en", "a share of 50% [40%, 60%]")])
def test_a_sentence_holds_its_number_with_its_interval(make_book, shown, language, sentence):
    make_book(language).say(zh="占 {x:.0%}", en="a share of {x:.0%}", x=Estimate(0.5, 0.4, 0.6))
    assert shown == [sentence]


def test_a_text_value_is_escaped(make_book, shown):
    make_book("en").say(zh="{x}", en="{x}", x="<b>*x*</b>")
    assert shown == ["&lt;b&gt;&#42;x&#42;&lt;/b&gt;"]


def test_figures_and_tables_are_numbered_and_carry_their_origin(make_book, shown):
    book = make_book("zh")
    for _ in range(2):
        book.show(figures.describe(figures.new_axes(), "一张图"), zh="标题", en="title")
    book.table(pd.DataFrame({"customers": [1]}), zh="表题", en="title")
    captions = [BeautifulSoup(text, "html.parser").select_one("figcaption, caption").get_text() for text in shown]
    assert captions[0].startswith("图 1 标题。")
    assert captions[1].startswith("图 2")
    assert captions[2].startswith("表 1 表题")
    assert all("店（模拟数据）" in caption for caption in captions)


def test_a_plot_without_alt_text_is_refused(make_book):
    with pytest.raises(ValueError, match="no alt text"):
        make_book("en").show(figures.new_axes(), zh="", en="")


def test_a_long_table_says_how_much_it_leaves_out(make_book, shown):
    make_book("en").table(pd.DataFrame({"customers": range(50)}), zh="", en="", most=10)
    assert shown[0].count("<tr>") == 11
    assert "the first 10 of 50 rows" in shown[0]


@pytest.mark.parametrize(
    ("language", "line"), [("zh", "本部分从略：所给数据中没有行为日志 events"), ("en", "This part is left out")]
)
def test_a_part_without_its_table_becomes_one_line(make_book, shown, language, line):
    book = make_book(language)
    with book.part():
        book.data.need("events")
        raise AssertionError("not reached")
    assert len(shown) == 1
    assert line in shown[0]


def test_a_column_without_values_is_named(make_book, shown):
    book = make_book("en")
    with book.part():
        book.data.need("orders", "margin")
    assert "orders.margin" in shown[0]


def test_only_an_input_error_is_turned_into_a_line(make_book):
    with pytest.raises(ZeroDivisionError), make_book("en").part():
        _ = 1 / 0


def test_the_title_block_says_that_the_data_are_simulated(make_book, shown):
    make_book("zh").title()
    make_book("en").title()
    assert "模拟公司" in shown[0]
    assert "simulated company" in shown[1]


def test_the_ledger_is_shown_in_words(make_book, shown):
    make_book("zh").rows()
    assert "读入" in shown[0]
    assert "set_aside" not in shown[0]


def test_a_refusal_is_told_in_the_language(make_book, shown):
    with make_book("zh").part():
        raise InputError("too short", zh="数据太短")
    assert "数据太短" in shown[0]


def test_a_report_on_a_part_of_the_customers_says_so_at_the_top(make_book, shown):
    book = make_book("en")
    book.title()
    assert "random part" not in shown[-1]
    lines = [tables.Line("customer_not_sampled", 60)]
    book.data.ledger.add(tables.TableLedger("events", "events.parquet", 100, 40, lines))
    book.title()
    assert "a random part of the customers (about 40% of the rows)" in shown[-1]


def test_a_part_that_needs_what_an_earlier_part_did_not_reach_says_so(make_book, shown):
    book = make_book("zh")
    with book.part():
        book.require(None, zh="没有可用的模型", en="no model could be fitted")
        shown.append("not reached")
    assert shown == ['<p class="missing">本部分从略：没有可用的模型。</p>']
    book.require(0, zh="", en="")  # a value, if an empty one
