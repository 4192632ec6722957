"""`about.yml`: what it may hold, what is refused, and that it comes back."""

from __future__ import annotations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.tables import About, check_zone


@pytest.fixture
def read(tmp_path):
    def read_about(text: str, encoding: str = "utf-8") -> About:
        path = tmp_path / "about.yml"
        path.write_bytes(text.encode(encoding))
        return About.read(path)

    return read_about


def test_it_comes_back_from_its_file(tmp_path):
    about = About("Shop", name_zh="网店：一", company="甲公司", origin="real", source="https://example.org",
                  licence="CC BY 4.0", currency="CNY", zone="Asia/Shanghai",
                  window=["2017-11-25", "2017-12-03 23:59:59"], files={"orders.csv": "00"},
                  notes={"seed": 7, "by": "甲"})  # fmt: skip
    about.write(tmp_path / "about.yml")
    assert About.read(tmp_path / "about.yml") == about
    assert "网店" in (tmp_path / "about.yml").read_text(encoding="utf-8")


def test_what_is_empty_is_not_written(tmp_path):
    About("Shop").write(tmp_path / "about.yml")
    assert (tmp_path / "about.yml").read_text() == "name: Shop\norigin: unstated\nzone: UTC\n"


def test_numbers_and_days_become_texts_and_nothing_becomes_empty(read):
    about = read("name: 360\nwindow: [2017-11-25, 2017-12-03 10:00:00]\nsource:\nnotes:\nfiles:\n")
    assert (about.name, about.source, about.notes, about.files) == ("360", "", {}, {})
    assert about.window == ["2017-11-25", "2017-12-03 10:00:00"]
    assert read("name: x\nwindow:\n").window == []


def test_a_mark_at_the_beginning_is_no_part_of_it(read):
    assert read("name: x\n", "utf-8-sig").name == "x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no name"),
        ("name:\n", "has no name"),
        ("- name\n", "has no name"),
        ("name: x\n  bad: : y\n", "cannot be read as YAML"),
        ("name: x\ncurency: CNY\n", "did you mean 'currency'?"),
        ("name: x\nwindow: 2017-11-25\n", "window: "),
        ("name: x\nwindow: [2017-11-25]\n", "window: "),
        ("name: x\nwindow: [soon, later]\n", "window: "),
        ("name: x\nnotes: [1]\nfiles: 3\n", "files: 3; notes: [1]"),
        ("name: [x]\n", "name: ['x']"),
        ("name: x\ncurrency: no\n", "currency: False"),
        ("name: x\norigin: invented\n", "origin 'invented' is not known"),
        ("name: x\nzone: Mars\n", "time zone 'Mars' is not known"),
        ("name: x\nzone: 8\n", "time zone '8' is not known"),
    ],
)
def test_what_cannot_be_used_is_named(read, text, said):
    with pytest.raises(InputError) as caught:
        read(text)
    assert said in str(caught.value)


def test_another_encoding_is_refused(read):
    with pytest.raises(InputError, match="cannot be read as YAML"):
        read("name: 网店\n", "gbk")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/Argentina/Buenos_Aires"])
def test_zones(zone):
    assert check_zone(zone) == zone


@pytest.mark.parametrize("zone", ["", "Asia", "UTC+8", "../etc/passwd", "/etc/localtime", "asia/shang hai"])
def test_what_is_no_zone(zone):
    with pytest.raises(InputError, match="is not known"):
        check_zone(zone)


def test_titles_and_lines_in_both_languages():
    about = About("Shop", name_zh="网店", origin="simulated")
    assert (about.title("zh"), about.title("en")) == ("网店", "Shop")
    assert About("Shop").title("zh") == "Shop"
    assert about.line("en") == "Data: Shop (simulated)"
    assert "网店" in about.line("zh")
    assert "模拟数据" in about.line("zh")
