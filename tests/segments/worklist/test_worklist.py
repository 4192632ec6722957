"""Worklists: the best use of a budget, caps, holdouts, and nobody left out silently."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.report.present import table_html
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.allocation import allocate
from crm_analysis.segments.worklist.lots import detectable_difference, drawn_lots, holdout_needed
from crm_analysis.segments.worklist.worklist import worklist
from crm_analysis.words import all_words

MAIL = Action("mail", "优惠短信", "text message", cost=0.5, offer=5, accept=0.1, most_per_customer=2)
CALL = Action("call", "电话回访", "phone call", cost=8, offer=5, accept=0.2)
PLAIN = Action("mail", "优惠短信", "text message", cost=0.5, offer=5, accept=0.1)
OPTIONS = st.lists(st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(-9, 30)] * 2), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def customers():
    rng = np.random.default_rng(3)
    ids = pd.Index([f"{i:05d}" for i in range(400)], name="customer_id")
    return pd.DataFrame({"churn_probability": rng.beta(1, 3, 400), "clv": rng.lognormal(5, 0.8, 400),
                         "state": rng.choice(["buying", "lapsed"], 400)}, index=ids)  # fmt: skip


def best_of_all(cost, gain, budget, most):
    """Try every combination of actions."""
    best = 0.0
    for choice in product(range(-1, cost.shape[1]), repeat=len(cost)):
        rows = [(i, a) for i, a in enumerate(choice) if a >= 0]
        if len(rows) <= most and sum(cost[at] for at in rows) <= budget:
            best = max(best, sum(gain[at] for at in rows))
    return best


@settings(max_examples=60, deadline=None)
@given(OPTIONS, st.integers(0, 30), st.sampled_from([1, 2, np.inf]))
def test_the_shortfall_to_the_true_optimum_is_bounded(rows, budget, most):
    table = np.array(rows, float)
    cost, gain = table[:, :2], table[:, 2:]
    found = allocate(cost, gain, budget=budget, most=most)
    chosen = np.flatnonzero(found.action >= 0)
    at = chosen, found.action[chosen]
    assert cost[at].sum() <= budget + 1e-9
    assert (gain[at] > 0).all()
    best = best_of_all(cost, gain, budget, most)
    assert gain[at].sum() <= best + 1e-9
    assert best <= gain[at].sum() + found.shortfall_bound + 1e-9
    if most == np.inf:
        assert found.shortfall_bound <= found.largest_step + 1e-9


@given(OPTIONS, st.floats(0, 30), st.floats(0, 30), st.sampled_from([1, 3, np.inf]))
def test_more_budget_never_gains_less(rows, budget, more, most):
    table = np.array(rows, float)
    gains = []
    for money in (budget, budget + more):
        action = allocate(table[:, :2], table[:, 2:], budget=money, most=most).action
        chosen = np.flatnonzero(action >= 0)
        gains.append(table[chosen, 2 + action[chosen]].sum())
    assert gains[1] >= gains[0] - 1e-9


def test_gains_are_those_of_the_formula(customers):
    found = worklist(customers, [PLAIN, CALL], holdout=0)
    options = found.options.set_index(["customer_id", "next_action"])
    one = customers.iloc[7]
    fall = 0.2 * one["churn_probability"]
    cost = 8 + 5 * (1 - one["churn_probability"] + fall)
    row = options.loc[(customers.index[7], "call")]
    assert (row["cost"], row["expected_gain"]) == pytest.approx((cost, fall * one["clv"] - cost))
    best = found.options.groupby("customer_id")["expected_gain"].max()
    assert found.table["expected_gain"].sum() == pytest.approx(best[best > 0].sum())
    assert found.table["expected_gain"].is_monotonic_decreasing
    assert found.account["customers"].sum() == 400


def test_every_customer_left_out_is_counted_by_the_first_cause(customers):
    uplift = customers.assign(uplift=0.15 * customers["churn_probability"])
    uplift.iloc[100:130, uplift.columns.get_loc("uplift")] = -0.05
    uplift.iloc[100:110, uplift.columns.get_loc("clv")] = -900.0  # two minus signs make no reason to contact
    recent = pd.Series(3, index=customers.index[20:60])
    found = worklist(uplift, [PLAIN, CALL], budget=300, exclude=customers.index[:40], recent_contacts=recent,
                     most_contacts=3, seed=4)  # fmt: skip
    counts = found.account["customers"]
    assert counts[["excluded", "contact_cap", "harmed_by_contact"]].tolist() == [40, 20, 30]
    assert counts.sum() == 400
    assert counts["budget_spent"] > 0
    assert not set(found.table.index) & set(customers.index[:60].append(customers.index[100:130]))
    assert found.table["cost"].sum() <= 300
    assert not found.assumed
    assert "uplift" in found.text("en")
    full = worklist(uplift, [PLAIN], most_customers=5)
    assert len(full.table) == 5
    assert full.account.loc["list_full", "customers"] > 0
    assert "budget_spent" not in full.account.index


def test_uplift_by_action_and_limits_of_its_interval(customers):
    frame = customers.assign(uplift_call=0.5 * customers["churn_probability"], uplift_low=-9.0, uplift_high="x")
    found = worklist(frame, [PLAIN, CALL])
    options = found.options.set_index("next_action")
    assert found.assumed  # of the mail
    assert options.loc["call", "churn_reduction"].tolist() == pytest.approx(
        (0.5 * customers["churn_probability"]).tolist()
    )
    with pytest.raises(InputError, match="uplift_letter name no action"):
        worklist(frame.assign(uplift_letter=0.1), [PLAIN, CALL])


def test_an_effect_never_falls_below_zero_chance():
    frame = pd.DataFrame({"churn_probability": [0.02, 0.5], "clv": 1000.0}, index=["a", "b"])
    found = worklist(frame, [Action("visit", cost=1, effect=0.1)], holdout=0)
    assert found.table["churn_reduction"].to_dict() == pytest.approx({"b": 0.1, "a": 0.02})


def test_caps_by_action_send_a_customer_to_another_action(customers):
    recent = pd.DataFrame({"mail": 2, "call": 0}, index=customers.index)
    found = worklist(customers, [MAIL, CALL], recent_contacts=recent)
    assert set(found.table["next_action"]) == {"call"}


def test_row_order_and_ids_as_numbers_change_nothing(customers):
    shuffled = customers.sample(frac=1, random_state=0)
    one, other = (worklist(frame, [PLAIN, CALL], budget=500) for frame in (customers, shuffled))
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.account, other.account)
    numbered = customers.set_axis(np.arange(400.0), axis=0)
    assert worklist(numbered, [PLAIN], exclude=[7]).account.loc["excluded", "customers"] == 1
    assert worklist(numbered, [PLAIN], exclude="7").account.loc["excluded", "customers"] == 1
    mask = pd.Series(False, index=numbered.index)
    mask[:3] = True
    assert worklist(numbered, [PLAIN], exclude=mask).account.loc["excluded", "customers"] == 3


def test_ties_go_by_id():
    frame = pd.DataFrame({"churn_probability": 0.5, "clv": 100.0}, index=["c", "a", "b"])
    found = worklist(frame, [Action("call", cost=5, accept=0.5)], budget=11, holdout=0)
    assert found.table.index.tolist() == ["a", "b"]


def test_the_holdout_is_drawn_by_lot_and_depends_on_nobody_else(customers):
    found = worklist(customers, [PLAIN, CALL], holdout=0.2, seed=1)
    held = set(found.table.index[found.table["holdout"]])
    fewer = worklist(customers.iloc[::2], [PLAIN, CALL], holdout=0.2, seed=1)
    assert set(fewer.table.index[fewer.table["holdout"]]) == held & set(fewer.table.index)
    assert not set(found.to_contact.index) & held
    assert found.account.loc["holdout", "customers"] == len(held)
    lots = drawn_lots([f"{i}" for i in range(20000)], seed=5)
    assert (lots < 0.1).mean() == pytest.approx(0.1, abs=0.01)
    assert np.corrcoef(lots, drawn_lots([f"{i}" for i in range(20000)], seed=6))[0, 1] == pytest.approx(0, abs=0.03)
    assert drawn_lots(["00123"], seed=0)[0] == pytest.approx(0.9732, abs=5e-5)  # the same on every machine


def test_the_detectable_difference_is_found_with_the_stated_power():
    rng, delta = np.random.default_rng(0), detectable_difference(900, 300, rate=0.3)
    treated, control = rng.binomial(900, 0.3 - delta, 20000) / 900, rng.binomial(300, 0.3, 20000) / 300
    pooled = (900 * treated + 300 * control) / 1200
    z = (control - treated) / np.sqrt(pooled * (1 - pooled) * (1 / 900 + 1 / 300))
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.02)
    assert np.isnan(detectable_difference(9, 0, rate=0.3))
    assert np.isnan(holdout_needed(50, rate=0.3, effect=0.01))
    assert holdout_needed(5000, rate=0.3, effect=0.1) < 0.1


def test_summary_and_text(customers):
    found = worklist(customers, [PLAIN, CALL], budget=500)
    table = found.summary()
    assert table.index.tolist() == ["mail", "call"]
    assert table["customers"].sum() == len(found.table)
    assert table["expected_gain"].sum() == pytest.approx(found.to_contact["expected_gain"].sum())
    assert set(found.summary("state").index) == {"buying", "lapsed"}
    for lang in ("zh", "en"):
        assert all(text in found.text(lang) for text in (f"{len(found.table):,}", f"{len(found.to_contact):,}", "500"))
    assert "假设的效果" in found.text("zh")
    assert "assumed effects" in found.text("en")
    with pytest.raises(InputError, match="no column 'city'"):
        found.summary("city")


def test_nobody_is_worth_it(customers):
    found = worklist(customers, [Action("gift", cost=1e6, accept=0.1)])
    assert found.table.empty
    assert found.account["customers"].to_dict() == {"to_contact": 0, "holdout": 0, "no_positive_gain": 400}
    assert found.summary().empty
    assert "0" in found.text("zh") + found.text("en")
    assert len(worklist(customers, [PLAIN], budget=0).table) == 0


@pytest.mark.parametrize(
    ("change", "how", "message"),
    [
        ({"churn_probability": 1.5}, {}, "outside 0 to 1 in 400"),
        ({"churn_probability": np.nan}, {}, "blank or infinite"), ({"clv": "5"}, {}, "not numbers"),
        ({"clv": np.nan}, {}, "'clv' is blank"), ({"churn_probability": True}, {}, "bool, not numbers"),
        ({"uplift": 2.0}, {}, "outside -1 to 1"),
        ({}, {"budget": -1}, "budget=-1"), ({}, {"budget": "9"}, "budget='9'"), ({}, {"holdout": 10}, r"pass 0\.1"),
        ({}, {"seed": 0.5}, "seed=0.5"), ({}, {"most_customers": 2.5}, "most_customers"), ({}, {"clv": "x"}, "clv='x'"),
        ({}, {"most_contacts": 2}, "recent_contacts is not given"),
        ({}, {"most_contacts": 2, "recent_contacts": pd.Series([1], index=["zz"])}, "among the customers"),
        ({}, {"most_contacts": -1, "recent_contacts": pd.Series([1], index=["00001"])}, "most_contacts=-1"),
        ({}, {"recent_contacts": pd.Series([-1], index=["00001"])}, "negative counts"),
        ({}, {"reasons": pd.Series(["x", "y"], index=["00001", "00001"])}, "reasons has a customer in two rows"),
    ],
)  # fmt: skip
def test_bad_input_is_named(customers, change, how, message):
    with pytest.raises(InputError, match=message) as caught:
        worklist(customers.assign(**change), [PLAIN], **how)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.zh)


def test_customers_that_cannot_be_are_refused(customers):
    for frame, message in (
        (customers.rename(index={"00001": "00002"}), "two rows: 00002"),
        (customers.rename(index={"00001": " "}), "an id is blank"),
        (customers.drop(columns="clv"), "'clv' is missing"),
        (customers.iloc[:0], "there is no customer"),
        (customers["clv"], "no DataFrame"),
    ):
        with pytest.raises(InputError, match=message):
            worklist(frame, [PLAIN])
    assert len(worklist(customers.drop(columns="clv"), [PLAIN], clv=500).table)
    assert worklist(customers.reset_index(), [PLAIN]).table.index.name == "customer_id"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"accept": None}, "neither"), ({"effect": 0.1}, "both"), ({"accept": 3}, "between 0 and 1"),
        ({"cost": -1}, "cost=-1"), ({"offer": "5"}, "offer='5'"), ({"most_per_customer": 1.5}, "most_per_customer"),
        ({"key": " "}, "blank"),
    ],
)  # fmt: skip
def test_actions_that_cannot_be_are_refused(values, message):
    with pytest.raises(InputError, match=message):
        Action(**({"key": "call", "accept": 0.1} | values))


def test_actions_need_keys_of_their_own(customers):
    for actions, message in (([PLAIN, PLAIN], "one key: mail"), ([], "no action"), (["mail"], "no Action")):
        with pytest.raises(InputError, match=message):
            worklist(customers, actions)
    with pytest.raises(InputError, match="a column for each of mail"):
        worklist(customers, [MAIL], recent_contacts=pd.Series([1], index=["00001"]))


def test_the_callers_frame_is_left_alone_and_every_name_has_a_word(customers):
    before = customers.copy()
    found = worklist(customers, [PLAIN, CALL], budget=300, exclude=["00001"], most_customers=20)
    pd.testing.assert_frame_equal(customers, before)
    shown = {*found.table, *found.account, *found.account.index, *found.summary(), *found.options, "list_standing"}
    assert shown - set(all_words()) == set()


def test_what_would_exclude_nobody_by_mistake_is_refused(customers):
    ids = customers.index
    numbered = customers.set_axis([f"0{one}" for one in ids], axis=0)
    flags = pd.Series(1, index=ids)
    for frame, exclude, message in (
        (customers, flags, "the values of exclude are no ids, but its index is"),
        (customers, pd.Series([True, None], index=ids[:2], dtype=object), "exclude is blank for 1 customers"),
        (customers, pd.Series([True, pd.NA], index=ids[:2], dtype="boolean"), "exclude is blank for 1 customers"),
        (customers, np.ones(400, bool), "without ids"),
        (customers, pd.Series(True, index=["x"]), "no customer of exclude is among the customers"),
        (customers, pd.Series(True, index=pd.MultiIndex.from_product([ids[:2], [1]])), "several index levels"),
        (customers, customers, "exclude is a table"),
        (numbered, ids[:3], "by leading zeros"),
    ):
        with pytest.raises(InputError, match=message):
            worklist(frame, [PLAIN], exclude=exclude)
    object_flags = pd.Series([True, False], index=ids[:2], dtype=object)
    assert worklist(customers, [PLAIN], exclude=object_flags).account.loc["excluded", "customers"] == 1


def test_ids_to_exclude_that_match_nobody_are_counted_or_refused(customers):
    with pytest.raises(InputError, match="none of the 2 ids of exclude is among the customers"):
        worklist(customers, [PLAIN], exclude=["x1", "x2", "x1"])
    found = worklist(customers, [PLAIN], exclude=["00001", "x1", "x2", "x1"])
    assert found.unmatched == 2
    assert found.account["customers"].sum() == len(customers)
    assert "排除名单中有 2 个编号不在客户数据中" in found.text("zh")
    assert "Of the ids to exclude, 2 are not among the customers" in found.text("en")
    for fine in ((), ["00001"], pd.Series(True, index=["00001", "x"])):
        assert worklist(customers, [PLAIN], exclude=fine).unmatched == 0


def test_a_misspelt_column_to_keep_is_refused(customers):
    frame = customers.assign(city="Lyon")
    with pytest.raises(InputError, match=r"missing: citty\n.*\n.*\n.*did you mean 'city'"):
        worklist(frame, [PLAIN], keep=["city", "citty"])
    assert "city" in worklist(frame, [PLAIN], keep="city").table
    assert "state" not in worklist(frame.drop(columns="state"), [PLAIN]).table


def test_the_advice_is_never_to_hold_out_less_than_was_asked():
    action, unlucky = Action("call", cost=0, effect=0.355), 0
    frame = pd.DataFrame({"churn_probability": 0.6, "clv": 100.0}, index=[f"{i:03d}" for i in range(160)])
    for seed in range(40):
        found = worklist(frame, [action], holdout=0.1, seed=seed)
        held = int(found.table["holdout"].sum())
        text = found.text("en")
        assert not ("hold out" in text and int(text.split("hold out ")[1].split("%")[0]) <= 10)
        if f"the lot drew {held} " in text:
            unlucky += 1
            assert held < 16
            assert "10% was asked for" in text
            assert f"抽签只留出 {held} 位" in found.text("zh")
    assert unlucky


@pytest.mark.parametrize(("customers", "rate"), [(160, 0.6), (110, 0.3), (100, 0.5), (40, 0.1)])
def test_more_held_out_find_smaller_differences(customers, rate):
    found = [detectable_difference(customers - held, held, rate=rate) for held in range(1, customers // 3)]
    assert (np.diff(found) < 0).all()


def test_acceptance_by_customer_stands_in_for_that_of_the_actions(customers):
    silent = pd.Series(np.arange(400.0), index=customers.index)
    faded = 0.1 * 0.5 ** (silent / 90)
    found = worklist(customers, [PLAIN, CALL], accept=faded.sample(frac=1, random_state=0).iloc[:300])
    falls = found.options.set_index(["next_action", "customer_id"])["churn_reduction"]
    known = faded.sample(frac=1, random_state=0).index[:300]
    share = pd.Series(0.2, index=customers.index).where(~customers.index.isin(known), faded)
    assert falls["call"].reindex(customers.index).to_numpy() == pytest.approx(
        (share * customers["churn_probability"]).to_numpy()
    )
    only = worklist(customers, [PLAIN, CALL], accept=faded.to_frame("call")).options.set_index("next_action")
    assert only.loc["mail", "churn_reduction"].tolist() == pytest.approx(
        (0.1 * customers["churn_probability"]).tolist()
    )
    assert found.assumed
    for accept, message in (
        (faded * 20, "outside 0 to 1"), (faded.astype(str), "no number"), (faded.where(silent > 3), "blank"),
        (silent < 3, "no number"), (faded.to_frame("letter"), "no action with accept: letter"), (0.3, "no Series"),
        (faded.rename(index="x{}".format), "no customer of accept"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            worklist(customers, [PLAIN, CALL], accept=accept)
    with pytest.raises(InputError, match="no action has accept"):
        worklist(customers, [Action("visit", effect=0.1)], accept=faded)


def test_customers_who_may_be_beyond_reach_are_named(customers):
    gone = customers.assign(churn_probability=customers["churn_probability"].where(customers.index > "00002", 0.9999),
                            clv=1000.0)  # fmt: skip
    found = worklist(gone, [CALL], budget=500)
    assert found.table.index[:3].tolist() == ["00000", "00001", "00002"]
    share = found.table["expected_gain"].iloc[:3].sum() / found.table["expected_gain"].sum()
    assert f"95% or more: 3, with {share:.1%} of the expected gain" in found.text("en")
    assert f"3 位的流失概率不低于 95%，占预计净收益的 {share:.1%}" in found.text("zh")
    assert "95% or more" not in worklist(customers, [CALL]).text("en")
    measured = gone.assign(uplift=0.1 * gone["churn_probability"])
    assert "95%" not in worklist(measured, [CALL]).text("en")
    assert "estimated mean fall" in worklist(measured, [CALL]).text("en")
    assert "  " not in found.text("en") + worklist(customers, [CALL]).text("en")


def test_the_top_of_the_list_is_ready_for_a_reports_table(customers):
    reasons = pd.Series("久未购买；订单减少", index=customers.index[:50])
    found = worklist(customers, [PLAIN, CALL], budget=300, reasons=reasons)
    shown = found.shown("zh", 5)
    assert len(shown) == 5
    assert set(shown["next_action"]) <= {"优惠短信", "电话回访"}
    page = table_html(shown, lang="zh", caption="")
    assert "建议行动" in page
    assert "mail" not in page
    assert not {name for name in shown if f">{name}<" in page}
    assert set(found.summary(lang="zh").index) == {"优惠短信", "电话回访"}
    assert "reasons" not in worklist(customers, [PLAIN]).shown("en")
    with pytest.raises(InputError, match="lang='fr'"):
        found.shown("fr")


def test_reasons_must_meet_the_customers(customers):
    one = pd.Series(["x"], index=["zz"])
    deep = pd.Series(["x"], index=pd.MultiIndex.from_tuples([("00001", 1)]))
    for reasons, message in (
        (one, "no customer of reasons"), (["x"], "no Series"), (one.to_frame(), "no Series"), (deep, "several index"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            worklist(customers, [PLAIN], reasons=reasons)
