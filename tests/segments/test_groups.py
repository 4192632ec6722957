from itertools import product

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import assign_groups, eight_groups, grid_groups, group_table, partition, rfm
from crm_analysis.segments.rfm import Scores

CELLS = list(product(range(1, 6), repeat=3))
BITS = {
    "111": "important_value", "101": "important_develop", "011": "important_keep", "001": "important_win_back",
    "110": "general_value", "100": "general_develop", "010": "general_keep", "000": "general_win_back",
}  # fmt: skip


def test_eight_groups_follow_the_bits_of_every_cell():
    cells = eight_groups()
    for cell in CELLS:
        assert cells[cell] == BITS["".join(str(int(score >= 4)) for score in cell)]
    assert eight_groups(high=3)[(3, 3, 3)] == "important_value"


def test_without_money_there_are_four_groups():
    cells = eight_groups(mode="RF")
    assert len(cells) == 25
    assert [cells[cell] for cell in ((5, 5), (5, 1), (1, 5), (1, 1))] == [
        "important_value", "important_develop", "important_keep", "important_win_back",
    ]  # fmt: skip


def test_the_grid_names_all_125_cells_with_ten_names():
    cells = grid_groups()
    assert sorted(cells.index) == CELLS
    assert cells.nunique() == 10
    assert (cells[(5, 5, 4)], cells[(4, 4, 4)], cells[(2, 3, 2)]) == ("grid_champions", "grid_loyal", "grid_at_risk")
    assert cells[(3, 2, 1)] == "grid_cooling"  # FM = floor((2 + 1 + 1) / 2) = 2


def test_a_table_of_rules_may_write_scores_in_four_ways():
    rules = pd.DataFrame(
        {"group": ["a", "b", "c"], "r": ["4-5", "1,2,3", "1-3"], "f": ["*", 5, "1-4"], "m": ["any", "*", "*"]}
    )
    cells = partition(rules)
    assert cells.value_counts().to_dict() == {"c": 60, "a": 50, "b": 15}
    assert list(cells.cat.categories) == ["a", "b", "c"]


def test_holes_and_overlaps_are_listed():
    rules = [{"group": "a", "r": "1-4", "f": "*"}, {"group": "b", "r": "4", "f": "2"}]
    with pytest.raises(InputError) as caught:
        partition(rules, mode="RF")
    message = str(caught.value)
    assert "5 cells match no rule and 1 match more than one" in message
    assert "no rule: (5,1) (5,2) (5,3) (5,4) (5,5)" in message
    assert "more than one: (4,2), such as a and b" in message


def test_a_table_as_copied_from_notebook_to_notebook_is_rejected():
    """Eleven segments whose conditions sound complete."""
    copied = {
        "champions": ("4-5", "4-5", "4-5"), "loyal": ("2-5", "3-5", "3-5"), "potential": ("3-5", "1-3", "1-3"),
        "new": ("4-5", "1", "1"), "promising": ("3-4", "1", "1"), "attention": ("2-3", "2-3", "2-3"),
        "sleep": ("2-3", "1-2", "1-2"), "risk": ("1-2", "2-5", "2-5"), "cannot lose": ("1", "4-5", "4-5"),
        "hibernating": ("1-2", "1-2", "1-2"), "lost": ("1-2", "1-2", "1-2"),
    }  # fmt: skip
    rules = [{"group": name, "r": r, "f": f, "m": m} for name, (r, f, m) in copied.items()]
    with pytest.raises(InputError, match=r"36 cells match no rule and \d+ match more than one"):
        partition(rules)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{"group": "a", "r": "6", "f": "*"}], "outside 1 to 5"),
        ([{"group": "a", "r": "high", "f": "*"}], "cannot be read"),
        ([{"group": "a", "r": "1"}], "lack the column f"),
    ],
)
def test_rules_that_cannot_be_read(rules, message):
    with pytest.raises(InputError, match=message):
        partition(rules, mode="RF")


def test_groups_of_another_mode_do_not_fit(make_log):
    scores = rfm(make_log(), as_of="2010-12-31", mode="RF")
    with pytest.raises(InputError, match="mode='RF'"):
        assign_groups(scores, eight_groups())
    with pytest.raises(InputError, match="there is no mode"):
        eight_groups(mode="FM")
    with pytest.raises(InputError, match="high=6"):
        eight_groups(high=6)


def test_each_customer_has_the_group_of_his_cell(make_log):
    scores, cells = rfm(make_log(7), as_of="2010-12-31"), grid_groups()
    group = assign_groups(scores, cells)
    for customer, row in scores.table.iterrows():
        assert group[customer] == cells[(row["r"], row["f"], row["m"])]


def test_the_table_adds_up_and_its_money_interval_agrees_with_a_bootstrap(make_log):
    scores, cells = rfm(make_log(7, rows=900, customers=300), as_of="2010-12-31"), eight_groups()
    table = group_table(scores, cells)
    assert table["customers"].sum() == len(scores.table)
    assert table["share"].sum() == pytest.approx(1)
    assert table["money_share"].sum() == pytest.approx(1)
    mine = (assign_groups(scores, cells) == "important_value").to_numpy()
    money, rng = scores.table["monetary"].to_numpy(), np.random.default_rng(0)
    draws = [rng.integers(0, len(money), len(money)) for _ in range(2000)]
    found = [money[draw][mine[draw]].sum() / money[draw].sum() for draw in draws]
    row = table.loc["important_value"]
    assert row[["money_share_low", "money_share_high"]].tolist() == pytest.approx(
        np.quantile(found, [0.025, 0.975]), abs=0.01
    )


def test_an_average_basket_is_no_money_to_share(make_log):
    scores = rfm(make_log(), as_of="2010-12-31", monetary="mean")
    assert "money_share" not in group_table(scores, eight_groups())


def test_empty_groups_stay_in_the_table():
    table = pd.DataFrame({"recency": [1], "frequency": [1], "r": [5], "f": [5]}, index=["a"])
    found = group_table(Scores(table, {}, "RF", pd.Timestamp("2010-12-10")), eight_groups(mode="RF"))
    assert found["customers"].tolist() == [1, 0, 0, 0]


def test_retail_r5_groups(retail):
    scores = rfm(retail, as_of="2010-12-10")
    assert group_table(scores, eight_groups())["customers"].tolist() == [872, 147, 388, 318, 93, 602, 85, 1807]
    counts = group_table(scores, grid_groups())["customers"]
    order = ["champions", "loyal", "potential", "new", "attention", "cooling", "at_risk", "cannot_lose", "hibernating"]
    assert [counts[f"grid_{name}"] for name in [*order, "lost"]] == [856, 516, 548, 123, 200, 341, 552, 109, 393, 674]
