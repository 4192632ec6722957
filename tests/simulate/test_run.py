"""Writing a company: the same bytes for the same seed, whole or not at all, and the committed sample as made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from crm_analysis import simulate, tables
from crm_analysis.errors import InputError
from crm_analysis.tables import About, checksum

SAMPLE = Path(__file__).parents[2] / "data" / "taobao"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small company as returned and the folder it was written to."""
    folder = tmp_path_factory.mktemp("companies") / "taobao"
    return simulate.run("taobao", folder, seed=5, customers=300), folder


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(small, tmp_path):
    for name, seed in (("again", 5), ("other", 6)):
        simulate.run("taobao", tmp_path / name, seed=seed, customers=300)
    one, same, other = (contents(folder) for folder in (small[1], tmp_path / "again", tmp_path / "other"))
    assert one == same
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] == other[name]} == {"model.yml"}


def test_the_committed_sample_is_what_the_code_makes(tmp_path):
    simulate.run("taobao", tmp_path / "taobao", seed=2012)
    made, kept = About.read(tmp_path / "taobao" / "about.yml"), About.read(SAMPLE / "about.yml")
    assert made == kept
    assert kept.files == {p.name: checksum(p) for p in sorted(SAMPLE.iterdir()) if p.name != "about.yml"}


def test_the_committed_sample_is_small():
    sizes = {path.name: path.stat().st_size for path in SAMPLE.iterdir()}
    assert max(sizes.values()) < 1_900_000
    assert sum(sizes.values()) < 4_000_000


def test_loading_gives_the_tables_back_and_a_clean_ledger(small):
    data, folder = small
    found = tables.load(folder)
    assert found.tables.keys() == data.tables.keys()
    for name, frame in found.tables.items():
        columns = [column.name for column in tables.TABLES[name].columns if column.name in frame]
        expected = data[name][columns]
        if name == "ratings":
            expected = expected.assign(text=expected["text"].replace("", pd.NA).astype("str"))
        pd.testing.assert_frame_equal(frame[columns], expected, check_dtype=False)
    for entry in found.ledger:
        assert (entry.lines, entry.set_aside, entry.step) == ([], 0, "simulate")


def test_truth_is_stated_but_the_hidden_lives_are_not_stored(small):
    folder = small[1]
    stated = yaml.safe_load((folder / "truth.yml").read_text(encoding="utf-8"))
    assert list(stated) == ["case", "seed", "customers", "process", "figures"]
    assert stated["process"]["dropout"]["complaint"]["no_community"] == 0.0
    assert stated["figures"]["rows"]["customers"] == 300
    for path in folder.glob("*.csv"):
        if path.name != "ledger.csv":
            assert not {"rate", "left", "satisfaction", "dropout_rate"} & set(pd.read_csv(path, nrows=1).columns)


def test_an_unknown_company_is_named_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'taobao'"):
        simulate.run("taobo", "anywhere")


@pytest.mark.parametrize(("options", "told"), [
    ({"seed": -1}, "seed -1"), ({"seed": 1.5}, "seed 1.5"), ({"customers": 10}, "200 to 1,000,000"),
    ({"customers": "many"}, "'many' customers"),
])  # fmt: skip
def test_bad_numbers_write_nothing(tmp_path, options, told):
    with pytest.raises(InputError, match=told):
        simulate.run("taobao", tmp_path / "taobao", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("two years of work")
    with pytest.raises(InputError, match="holds other things"):
        simulate.run("taobao", tmp_path, customers=300)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_data_set_is_replaced(small, tmp_path):
    shutil.copytree(small[1], tmp_path / "taobao")
    simulate.run("taobao", tmp_path / "taobao", customers=200)
    assert len((tmp_path / "taobao" / "customers.csv").read_text(encoding="utf-8").splitlines()) == 201
    assert [path.name for path in tmp_path.iterdir()] == ["taobao"]
