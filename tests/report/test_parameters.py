import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.report.parameters import Parameter, check, read_parameters

CELL = """\
language: str = "zh"  # 报告语言 | language {zh, en}
weeks: int = 8        # 周数 | weeks to show [1..52]
share: float = 0.2    # 占比 | share of customers [0.01..0.99]
data: str = ""        # 数据 | data, with a = sign and "#FF0000"
quick: bool = False"""


@pytest.fixture
def spec():
    return read_parameters(CELL)


def test_every_part_of_a_line_is_read(spec):
    assert spec["language"] == Parameter("language", "str", "zh", "报告语言", "language", ("zh", "en"))
    assert (spec["weeks"].low, spec["weeks"].high, spec["weeks"].allowed) == (1, 52, "1 to 52")
    assert spec["share"].default == 0.2
    assert spec["data"].en == 'data, with a = sign and "#FF0000"'
    assert spec["quick"].zh == ""


@pytest.mark.parametrize(
    "line", ["weeks = 8", "weeks: int", "weeks: list = []", "print(1)", "weeks: int = 4; m: int = 2; n = 1"]
)
def test_a_cell_of_another_shape_is_refused(line):
    with pytest.raises(ValueError, match="write `name: kind"):
        read_parameters(line)


def test_a_derived_value_is_refused():
    with pytest.raises(ValueError, match="malformed"):
        read_parameters("weeks: int = 2 + len('a')")


def test_given_values_go_over_the_defaults(spec):
    assert check(spec, {"weeks": 2})["weeks"] == 2
    assert check(spec, {})["share"] == 0.2
    assert check(spec, {"share": 0.5})["share"] == 0.5


def test_all_problems_come_in_one_message(spec):
    with pytest.raises(InputError) as caught:
        check(spec, {"langauge": "en", "weeks": 99, "share": "much", "quick": 1, "language": "zz"}, where="taobao")
    message = str(caught.value)
    assert message.startswith("5 parameters cannot be used")
    for part in ("did you mean 'language'", "weeks: must be 1 to 52; got 99", "share: needs float; got 'much'",
                 "quick: needs bool; got 1", "language: must be one of zh, en; got 'zz'", "where: taobao"):  # fmt: skip
        assert part in message


@pytest.mark.parametrize("value", [True, 8.0, "8", None, float("nan")])
def test_a_whole_number_is_nothing_else(spec, value):
    assert spec["weeks"].problem(value)


def test_not_a_number_is_out_of_range(spec):
    assert "must be" in spec["share"].problem(float("nan"))


@given(st.integers(-1000, 1000))
def test_a_range_holds_its_ends(value):
    spec = read_parameters("weeks: int = 8  # x [1..52]")
    assert (spec["weeks"].problem(value) == "") == (1 <= value <= 52)


@given(st.text())
def test_a_text_from_the_command_line_stays_as_it_is(text):
    assert Parameter("data", "str", "").parse(text) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "12", 12),
        ("int", "1e3", "1e3"),
        ("float", "1e-3", 0.001),
        ("bool", "No", False),
        ("bool", "maybe", "maybe"),
        ("str", "007", "007"),
    ],
)
def test_texts_become_values_of_the_kind(kind, text, value):
    assert Parameter("x", kind, None).parse(text) == value
