import pytest

from crm_analysis.errors import InputError
from crm_analysis.sources import get, names, open_data
from crm_analysis.sources.source import SAMPLES


def test_every_source_says_what_it_is_in_both_languages_with_an_example():
    for name in names():
        source = get(name)
        assert source.name == name
        assert source.en
        assert source.zh
        assert source.example.startswith(f"crm import {name} ")


def test_an_option_of_another_source_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match="has no option --duplicate"):
        get("taobao-mobile").run(tmp_path / "a.csv", tmp_path / "set", duplicate="drop")


def test_the_sample_company_is_not_overwritten(tmp_path):
    with pytest.raises(InputError, match="sample company of the project"):
        get("cdnow").run("bundled", SAMPLES / "taobao")


def test_a_failed_import_leaves_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(InputError, match="empty"):
        get("telco").run(tmp_path / "a.csv", tmp_path / "set")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_nothing_given_opens_the_sample():
    assert open_data("", sample="taobao").about.origin == "simulated"
    assert open_data("", sample="cdnow").about.origin == "real"


def test_a_file_and_a_folder_are_told_apart(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,ordered_at,amount\na,1997-01-01,5\nb,1997-01-02,6\n")
    assert len(open_data(str(file), sample="cdnow", currency="CNY")["orders"]) == 2
    with pytest.raises(InputError, match="no such file or folder"):
        open_data(str(tmp_path / "nowhere"), sample="cdnow")
    with pytest.raises(InputError, match="folder of tables"):
        open_data(str(tmp_path), sample="cdnow", columns="customer_id=a")
