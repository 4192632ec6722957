"""Amazon reviews: every published form, every rule, and the real file to the last review."""

from __future__ import annotations

import csv
import gzip
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import amazon_reviews, get
from crm_analysis.sources.amazon_formats import find_layout, read_object, records
from crm_analysis.tables import load

SOURCE = get("amazon-reviews")
LONG = "A text that is long enough to be told from a mere greeting."
OLD = {"reviewerID": "A1YJEY40YUW4SE", "asin": "7806397051", "reviewerName": "Nobody", "helpful": [3, 4],
       "reviewText": LONG, "overall": 5.0, "summary": "Fine", "unixReviewTime": 1391040000,
       "reviewTime": "01 30, 2014"}  # fmt: skip
NEW = {"overall": 4.0, "verified": True, "reviewTime": "09 20, 2018", "reviewerID": "AUI6WTTT0QZYS",
       "asin": "5120053084", "style": {"Size:": " Large"}, "reviewText": LONG, "summary": "Good",
       "unixReviewTime": 1537401600, "vote": "1,234", "image": ["https://example.org/a.jpg"]}  # fmt: skip
LAST = {"rating": 1.0, "title": "Bad", "text": LONG, "images": [], "asin": "B07TJ9HQQ5", "parent_asin": "B08BBQ29N5",
        "user_id": "AEYORY2AVPMCPDV57CE337YU5LXA", "timestamp": 1634275259292, "helpful_vote": 7,
        "verified_purchase": False}  # fmt: skip


def jsonl(path, *rows):
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def run(path, tmp_path, **options):
    ledger = SOURCE.run(path, tmp_path / "out", **options)
    frame = pq.read_table(tmp_path / "out" / "ratings.parquet").to_pandas()
    return frame, {line.rule: line for entry in ledger for line in entry.lines}, next(iter(ledger))


def test_2014_json_lines_strict_and_python_style(tmp_path):
    frame, _, _ = run(jsonl(tmp_path / "a.json", OLD, repr({**OLD, "asin": "B000000001"})), tmp_path)
    assert frame["customer_id"].tolist() == ["A1YJEY40YUW4SE"] * 2
    assert frame["item_id"].tolist() == ["7806397051", "B000000001"]
    assert frame["rated_at"].tolist() == [pd.Timestamp("2014-01-30", tz="UTC")] * 2
    assert frame[["helpful_votes", "votes"]].iloc[0].tolist() == [3, 4]
    assert frame["rating_id"].tolist() == ["1", "2"]
    assert "reviewerName" not in frame


def test_2018_json_lines(tmp_path):
    unrated = {key: value for key, value in NEW.items() if key != "vote"}
    frame, _, _ = run(jsonl(tmp_path / "a.jsonl", NEW, {**unrated, "reviewerID": "B"}), tmp_path)
    assert frame["verified"].tolist() == [True, True]
    assert frame["helpful_votes"][0] == 1234
    assert pd.isna(frame["helpful_votes"][1])
    assert frame["rated_at"][0] == pd.Timestamp("2018-09-20", tz="UTC")
    assert "votes" not in frame


def test_2023_json_lines_in_milliseconds(tmp_path):
    frame, rules, _ = run(jsonl(tmp_path / "a.jsonl", LAST), tmp_path)
    row = frame.iloc[0]
    assert row["rated_at"] == pd.Timestamp("2021-10-15 05:20:59.292", tz="UTC")
    assert (row["item_id"], row["parent_asin"], row["stars"]) == ("B07TJ9HQQ5", "B08BBQ29N5", 1.0)
    assert (row["verified"], row["helpful_votes"], row["title"], row["text"]) == (False, 7, "Bad", LONG)
    assert not rules


def test_2023_csv_with_and_without_history(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("user_id,parent_asin,rating,timestamp,history\nAE1,B08BBQ29N5,4.0,1634275259292,B1 B2\n"
                    "AE2,B08BBQ29N5,5.0,1634275259000,\n", "utf-8")  # fmt: skip
    frame, _, _ = run(path, tmp_path)
    assert list(frame) == ["rating_id", "customer_id", "item_id", "stars", "rated_at"]
    assert frame["item_id"].tolist() == ["B08BBQ29N5"] * 2


@pytest.mark.parametrize("year", [2014, 2018])
def test_ratings_without_header_know_their_order(tmp_path, year):
    pairs = [("A2GKMXRLI7KLFP", "0143026860"), ("A1WNG7UK30E3PI", "B00ABCDE12")]
    path = tmp_path / "ratings.csv"
    path.write_text("".join(f"{','.join(pair if year == 2014 else pair[::-1])},5.0,1362268800\n" for pair in pairs))
    frame, _, _ = run(path, tmp_path)
    assert list(zip(frame["customer_id"], frame["item_id"])) == pairs
    assert f"name: 'Amazon reviews {year}: ratings'" in (tmp_path / "out" / "about.yml").read_text("utf-8")


def test_ratings_whose_order_cannot_be_told_ask_for_it(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("u1,i1,5.0,1362268800\n")
    with pytest.raises(InputError, match="--columns user,item,rating,timestamp"):
        run(path, tmp_path)
    with pytest.raises(InputError, match="order of columns 'x' is not known"):
        run(path, tmp_path, columns="x")
    frame, _, _ = run(path, tmp_path, columns="item,user,rating,timestamp")
    assert frame[["customer_id", "item_id"]].iloc[0].tolist() == ["i1", "u1"]


def test_gz_gives_the_same_table(tmp_path):
    plain, packed = jsonl(tmp_path / "a.jsonl", OLD), tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    a, _, _ = run(plain, tmp_path)
    b, _, _ = run(packed, tmp_path)
    pd.testing.assert_frame_equal(a, b)


def test_cut_gz_leaves_nothing_behind(tmp_path):
    packed = tmp_path / "a.jsonl.gz"
    whole = gzip.compress("".join(json.dumps({**OLD, "summary": str(n) * 40}) + "\n" for n in range(30_000)).encode())
    packed.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(InputError, match="ends in the middle"):
        run(packed, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.gz"]


@pytest.mark.parametrize("text", [json.dumps([OLD, OLD]), json.dumps([OLD], indent=2), json.dumps(OLD, indent=2)])
def test_json_that_is_not_lines_says_how_to_mend(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"jq -c '\.\[\]' in\.json > out\.jsonl"):
        run(path, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\n1,2\n", "no known form"),
        ('{"asin": "B1", "title": "a", "price": 1}\n', "products, not of reviews"),
        ("", "empty"),
        ("PK\x03\x04rest", "packed"),
        ("\ufeff\n\n", "no known form"),
    ],
)
def test_unknown_files_say_what_is_known(tmp_path, text, said):
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        run(path, tmp_path)


def test_bad_rows_are_set_aside_with_their_line(tmp_path):
    rows = [
        OLD,
        '{"reviewerID": "A1", "asin": ',  # line 2
        {**OLD, "reviewerID": " "},  # 3
        {**OLD, "overall": 6},  # 4
        {**OLD, "overall": "many"},
        {**OLD, "overall": 3.5},
        {**OLD, "unixReviewTime": 0, "reviewTime": "01 01, 1970"},  # 7
        {**OLD, "unixReviewTime": "soon", "reviewTime": ""},
        {**OLD, "unixReviewTime": 1e300},
        {**OLD, "asin": None},
        {**OLD, "reviewerID": "unknown"},
        "[1, 2]",
    ]
    frame, rules, entry = run(jsonl(tmp_path / "a.json", *rows), tmp_path)
    assert (entry.read, entry.kept, len(frame)) == (12, 2, 2)  # 1e300 falls back to the day
    assert {rule: line.rows for rule, line in rules.items() if line.fate == "set_aside"} == {
        "broken_record": 2, "blank_id": 3, "bad_stars": 3, "bad_time": 2}  # fmt: skip
    assert [rules[rule].where for rule in ("broken_record", "blank_id", "bad_stars", "bad_time")] == [
        f"a.json, line {number}" for number in (2, 3, 4, 7)]  # fmt: skip


def test_a_day_stands_in_for_a_missing_stamp(tmp_path):
    frame, _, _ = run(jsonl(tmp_path / "a.json", {**OLD, "unixReviewTime": None, "reviewTime": "9 3, 2013"}), tmp_path)
    assert frame["rated_at"][0] == pd.Timestamp("2013-09-03", tz="UTC")


@pytest.mark.parametrize("drop", [False, True])
def test_duplicates_are_noted_or_dropped(tmp_path, drop):
    rows = [OLD, {**OLD, "reviewText": "other"}, {**OLD, "asin": "B000000001"}, {**OLD, "reviewerID": "A2"},
            {**OLD, "asin": "B000000002", "reviewText": "Good"}, {**OLD, "asin": "B000000003", "reviewText": "Good"},
            {**OLD, "asin": "B000000004", "reviewText": " "}]  # fmt: skip
    path = jsonl(tmp_path / "a.json", *rows)
    frame, rules, entry = run(path, tmp_path, duplicates="drop" if drop else "keep")
    assert (rules["repeated_review"].rows, rules["repeated_review"].where) == (1, "a.json, line 2")
    assert rules["repeated_review"].fate == ("set_aside" if drop else "noted")
    assert (rules["copied_text"].rows, rules["copied_text"].where) == (1, "a.json, line 3")
    assert (rules["empty_text"].rows, rules["empty_text"].fate) == (1, "noted")
    assert entry.kept == len(frame) == 7 - drop
    assert ("2" in frame["rating_id"].tolist()) is not drop
    with pytest.raises(InputError, match="did you mean 'drop'"):
        run(path, tmp_path, duplicates="drp")


def test_chunks_make_no_difference(tmp_path, monkeypatch):
    rows = [{**OLD, "reviewerID": f"A{n % 7}", "asin": f"B00000000{n % 5}", "overall": n % 7} for n in range(60)]
    path = jsonl(tmp_path / "a.json", *rows, "broken")
    whole, rules, _ = run(path, tmp_path, duplicates="drop")
    monkeypatch.setattr(amazon_reviews, "CHUNK", 4)
    parts, again, _ = run(path, tmp_path, duplicates="drop")
    pd.testing.assert_frame_equal(whole, parts)
    assert rules == again


def test_no_usable_row_is_an_error(tmp_path):
    with pytest.raises(InputError, match="bad_stars"):
        run(jsonl(tmp_path / "a.json", {**OLD, "overall": 9}), tmp_path)


def test_csv_rows_with_line_breaks_and_wrong_widths(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([key for key in OLD])
        writer.writerow([*{**OLD, "reviewText": "one\ntwo, three"}.values()])
        writer.writerow(["A2", "B000000001"])
        writer.writerow([*{**OLD, "reviewerID": "A3", "overall": 0}.values()])
        writer.writerow([*{**OLD, "reviewerID": "A4"}.values()])
    frame, rules, _ = run(path, tmp_path)
    assert frame["text"].tolist() == ["one\ntwo, three", LONG]
    assert frame["rating_id"].tolist() == ["2", "6"]
    assert rules["broken_record"].where == "a.csv, line 4"
    assert rules["bad_stars"].where == "a.csv, line 5"


def test_hostile_texts_pass_unharmed(tmp_path):
    texts = ["<script>alert(1)</script>", "$5 \\ ${HOME}", "喜欢\u2028这个 👍", '"; DROP TABLE ratings', "=1+1"]
    rows = [{**OLD, "reviewerID": f"A{n}", "reviewText": text} for n, text in enumerate(texts)]
    half = json.dumps({**OLD, "reviewerID": "A9", "reviewText": "half"}).replace("half", "\\ud83d half")
    deep = "[" * 100_000
    frame, rules, _ = run(jsonl(tmp_path / "a.json", *rows, half, deep, "__import__('os').getcwd()"), tmp_path)
    assert frame["text"].tolist()[:5] == texts
    assert frame["text"].tolist()[5] == "? half"
    assert rules["broken_record"].rows == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_line_is_read_or_refused_but_never_raises(text):
    assert read_object(text) is None or text.strip()


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"reviewerID": st.text(max_size=3), "asin": st.text(max_size=3), "overall": st.integers(-1, 7),
             "unixReviewTime": st.one_of(st.none(), st.integers(-(2**63), 2**63), st.floats()),
             "reviewText": st.one_of(st.none(), st.text(max_size=5)), "helpful": st.lists(st.integers(), max_size=3)}
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_read_is_kept_plus_set_aside_whatever_comes(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    path = jsonl(folder / "a.json", OLD, *rows)
    frame, _, entry = run(path, folder)
    assert entry.read == len(rows) + 1
    assert entry.kept == len(frame)
    assert frame["stars"].isin([1, 2, 3, 4, 5]).all()


def test_load_takes_every_row_that_was_imported(tmp_path):
    run(jsonl(tmp_path / "a.json", OLD, {**NEW, "helpful": [1, 2]}), tmp_path)
    data = load(tmp_path / "out")
    assert len(data["ratings"]) == 2
    assert data.has("ratings", "text", "helpful_votes")
    assert not data.has("ratings", "rewarded")


def test_real_file(real_data, tmp_path):
    frame, rules, entry = run(real_data("Musical_instruments_reviews.csv"), tmp_path)
    assert (entry.read, entry.kept) == (10_261, 10_261)
    assert (frame["customer_id"].nunique(), frame["item_id"].nunique()) == (1_429, 900)
    assert frame["stars"].value_counts().sort_index().tolist() == [217, 250, 772, 2_084, 6_938]
    assert str(frame["rated_at"].min().date()) == "2004-09-18"
    assert str(frame["rated_at"].max().date()) == "2014-07-22"
    assert {rule: line.rows for rule, line in rules.items()} == {"empty_text": 7}
    assert frame["text"].isna().sum() == 7


def test_layout_of_the_real_file_agrees_with_pandas(real_data):
    path = real_data("Musical_instruments_reviews.csv")
    layout = find_layout(path)
    place = list(layout.form.fields).index("text")
    ours = [record.values[place] for record in records(path, layout)]
    theirs = pd.read_csv(path, dtype=str, keep_default_na=False)["reviewText"].tolist()
    assert ours == theirs
