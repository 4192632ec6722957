"""Rates of one period, month by month, in other lengths of time, and the errors they are mistaken for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.rates import money_limits
from crm_analysis.churn.rates.book import read_contracts
from crm_analysis.churn.rates.contract_rates import account_bridge, contract_rates, rates_text
from crm_analysis.churn.rates.money_limits import ratio_limits
from crm_analysis.churn.rates.monthly_rates import monthly_rates
from crm_analysis.churn.rates.rescaling import MONTH_DAYS, YEAR_DAYS, rate_mistakes, rescale
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, bootstrap_ratios, wilson

ORIGIN = pd.Timestamp("2012-01-01", tz="UTC")
rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60)), st.integers(0, 3)),
    min_size=1, max_size=14,
)  # fmt: skip


def table(found: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=["account_id", "start", "length", "fee"]).astype({"length": "Float64"})
    start = ORIGIN + pd.to_timedelta(frame["start"], unit="D")
    end = start + pd.to_timedelta(frame["length"].astype(float), unit="D")
    return pd.DataFrame({"account_id": frame["account_id"].astype(str), "started_on": start, "ended_on": end,
                         "fee": frame["fee"] * 10.0, "row": range(len(frame))})  # fmt: skip


def held(contracts: pd.DataFrame, evening: pd.Timestamp) -> dict[str, float]:
    """Fees by account on an evening, written out."""
    found = {}
    for row in contracts.itertuples():
        if row.started_on <= evening and (pd.isna(row.ended_on) or row.ended_on > evening):
            found[row.account_id] = found.get(row.account_id, 0.0) + row.fee
    return found


@settings(max_examples=60, deadline=None)
@given(rows, st.integers(1, 50), st.integers(0, 30))
def test_counts_and_money_follow_the_definition_and_add_up(found, first, length):
    contracts = table(found)
    start, end = ORIGIN + pd.Timedelta(first, "D"), ORIGIN + pd.Timedelta(first + length, "D")
    before, after = held(contracts, start - pd.Timedelta(1, "D")), held(contracts, end)
    came = contracts["started_on"].between(start, end)
    if not before and not after and not came.any():
        return
    row = contract_rates(contracts, start=start, end=end, as_of=end, max_gap_days=0, draws=20).iloc[0]
    lost = set(before) - set(after)
    assert (row["accounts_start"], row["lost"], row["accounts_end"]) == (len(before), len(lost), len(after))
    assert row["won"] + row["won_back"] == len(set(after) - set(before))
    assert row["accounts_start"] + row["won"] + row["won_back"] - row["lost"] == row["accounts_end"]
    if before:
        assert row["churn_rate"] == pytest.approx(len(lost) / len(before))
        assert row[["churn_rate_low", "churn_rate_high"]].tolist() == pytest.approx(
            [float(x) for x in wilson(len(lost), len(before))]
        )
    mrr = sum(before.values())
    if mrr:
        kept = sum(after.get(name, 0.0) for name in before)
        down = sum(max(fee - after.get(name, 0.0), 0) for name, fee in before.items())
        assert row["net_revenue_retention"] == pytest.approx(kept / mrr)
        assert row["gross_mrr_churn"] == pytest.approx(down / mrr)
        assert row["mrr_end"] == pytest.approx(sum(after.values()))
        rates = contract_rates(contracts, start=start, end=end, as_of=end, max_gap_days=0, draws=20)
        assert account_bridge(rates, of="mrr")["level_after"].iloc[-2] == pytest.approx(sum(after.values()))


def test_row_order_and_later_rows_do_not_matter_and_groups_add_up(simulated):
    contracts = simulated(400)
    when = {"start": "2012-04-01", "end": "2012-04-30", "draws": 50}
    whole = contract_rates(contracts, **when)
    pd.testing.assert_frame_equal(contract_rates(contracts.sample(frac=1, random_state=1), **when), whole)
    past = contracts[contracts["started_on"] < pd.Timestamp("2012-05-01", tz="Asia/Shanghai")]
    pd.testing.assert_frame_equal(contract_rates(past, **when), whole)
    parts = contract_rates(contracts, by="plan", **when)
    counts = ["accounts_start", "lost", "won", "accounts_end", "mrr_start", "mrr_end"]
    assert parts[counts].sum().tolist() == pytest.approx(whole[counts].iloc[0].tolist())
    assert contracts.equals(simulated(400))


def test_an_end_on_the_last_day_of_a_month_may_be_followed_by_a_start_on_the_first(days):
    contracts = pd.DataFrame({"account_id": "a", "fee": [10.0, 12.0], "started_on": days("2012-01-01", "2012-02-01"),
                              "ended_on": days("2012-01-31", None)})  # fmt: skip
    joined = contract_rates(contracts, start="2012-01-15", end="2012-01-31").iloc[0]
    assert (joined["lost"], joined["mrr_end"]) == (0, 10.0)
    apart = contract_rates(contracts, start="2012-01-15", end="2012-01-31", max_gap_days=0).iloc[0]
    assert apart["lost"] == 1
    back = contract_rates(contracts, start="2012-02-01", end="2012-02-29", max_gap_days=0).iloc[0]
    assert (back["won"], back["won_back"], back["accounts_start"]) == (0, 1, 0)
    assert np.isnan(back["churn_rate"])


def test_back_within_the_period_is_not_lost_but_is_an_ending(days):
    contracts = pd.DataFrame({"account_id": ["a", "a", "b", "c"],
                              "started_on": days("2012-01-01", "2012-03-20", "2012-01-01", "2012-03-05"),
                              "ended_on": days("2012-03-10", None, None, "2012-03-25")})  # fmt: skip
    rates = contract_rates(contracts, start="2012-03-01", end="2012-03-31")
    row = rates.iloc[0]
    assert row[["accounts_start", "lost", "won", "passing", "endings", "accounts_end"]].tolist() == [2, 0, 0, 1, 2, 2]
    wrong = rate_mistakes(rates)
    assert wrong.loc["all_endings", "rate_value"] == 1
    assert wrong.loc["all_endings", "rate_error"] == 1
    assert np.isnan(row["gross_mrr_churn"])
    with pytest.raises(InputError, match="no recurring revenue"):
        account_bridge(rates, of="mrr")


def test_blank_fees_are_counted_and_left_out(days):
    contracts = pd.DataFrame({"account_id": list("abc"), "fee": [10.0, None, 30.0],
                              "started_on": days(*["2012-01-01"] * 3),
                              "ended_on": days("2012-02-10", None, None)})  # fmt: skip
    row = contract_rates(contracts, start="2012-02-01", end="2012-02-29").iloc[0]
    assert row[["blank_fees", "mrr_start", "mrr_end", "gross_mrr_churn"]].tolist() == [1, 40.0, 30.0, 0.25]
    assert row["churn_rate"] == pytest.approx(1 / 3)


def test_money_limits_are_those_of_the_bootstrap_over_accounts():
    rng = np.random.default_rng(0)
    fee = rng.choice([10.0, 20.0, 50.0], 400)
    kept = np.where(rng.random(400) < 0.1, 0, fee)
    tops = pd.DataFrame({"net": kept})
    ours = ratio_limits(tops, pd.Series(fee), draws=4000)["net"]
    theirs = bootstrap_ratios(pd.DataFrame({"a": kept, "b": fee}), {"net": ("a", "b")}, draws=4000)["net"]
    assert np.allclose(ours, theirs, atol=0.004)
    many = rng.uniform(1, 2, 30_000)
    kept = np.where(rng.random(30_000) < 0.1, 0, many)
    normal = ratio_limits(pd.DataFrame({"net": kept}), pd.Series(many))["net"]
    assert normal.high - normal.low == pytest.approx(2 * 1.96 * np.sqrt(0.09 / 30_000), rel=0.1)


def test_normal_limits_of_many_fees_agree_with_the_bootstrap_and_stay_within_bounds(monkeypatch):
    rng = np.random.default_rng(0)
    fee = pd.Series(rng.lognormal(0, 0.5, 2000))
    lost = pd.DataFrame({"gross": np.where(rng.random(2000) < 0.05, fee, 0.0)})
    normal = ratio_limits(lost, fee, shares=("gross",))["gross"]
    monkeypatch.setattr(money_limits, "MOST_CELLS", 5000)
    drawn = ratio_limits(lost, fee, shares=("gross",), draws=2000)["gross"]
    assert np.allclose(normal, drawn, atol=0.003)
    monkeypatch.undo()
    one = pd.DataFrame({"gross": fee.where(fee.index == 0, 0.0)})
    assert ratio_limits(one, fee, shares=("gross",))["gross"].low == 0


def test_nobody_lost_keeps_a_limit_above_zero():
    found = ratio_limits(
        pd.DataFrame({"gross": [0.0] * 20, "net": [1.0] * 20}), pd.Series([1.0] * 20), shares=("gross",)
    )
    assert found["gross"].high == pytest.approx(float(wilson(0, 20)[1]))
    assert np.isnan(found["net"].low)


def test_months_chain_and_partial_ones_are_marked(simulated):
    contracts = simulated(500)
    table = monthly_rates(contracts, start="2011-06-01", end="2012-06-20", draws=20)
    assert table["partial"].tolist() == [False] * 12 + [True]
    assert table["days"].iloc[-1] == 20
    assert table["accounts_start"].iloc[1:].tolist() == table["accounts_end"].iloc[:-1].tolist()
    one = contract_rates(contracts, start="2012-02-01", end="2012-02-29", draws=20).iloc[0]
    shown = ["accounts_start", "lost", "won", "churn_rate", "gross_mrr_churn_low"]
    assert table.loc["2012-02", shown].tolist() == pytest.approx(one[shown].tolist())
    groups = monthly_rates(contracts, start="2012-01-01", end="2012-06-30", by="plan", period="quarter", draws=20)
    assert groups.index.names == ["plan", "period"]
    assert groups.loc["monthly"].index.tolist() == ["2012Q1", "2012Q2"]


def test_rescaling_c1():
    assert rescale(0.05, from_days=MONTH_DAYS, to_days=YEAR_DAYS) == pytest.approx(0.459640, abs=5e-7)
    assert rescale(0.20, from_days=YEAR_DAYS, to_days=MONTH_DAYS) == pytest.approx(0.018423, abs=5e-7)
    assert rescale(0.15, from_days=90, to_days=30) == pytest.approx(0.052732, abs=5e-7)
    assert rescale(Estimate(1.0, 0.5, 1.0), from_days=30, to_days=90).low == pytest.approx(0.875)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(1, 500), st.floats(1, 500))
def test_rescaling_there_and_back(rate, first, second):
    there = rescale(rate, from_days=first, to_days=second)
    assert 0 <= there <= 1
    if there < 1 - 1e-9:
        assert rescale(there, from_days=second, to_days=first) == pytest.approx(rate, abs=1e-6)


def test_usual_errors_stand_beside_the_right_rate(simulated):
    rates = contract_rates(simulated(800), start="2012-03-01", end="2012-03-31")
    wrong, row = rate_mistakes(rates), rates.iloc[0]
    assert wrong.loc["opening_base", "rate_error"] == 0
    assert wrong.loc["closing_base", "rate_value"] == pytest.approx(row["lost"] / row["accounts_end"])
    assert wrong.loc["times_periods", "rate_error"] > 0
    assert wrong.loc["year_over_12", "rate_error"] < 0
    assert f"{int(row['lost'])} were gone" in rates_text(rates).en
    assert "净收入留存率" in rates_text(rates).zh


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="ended_on"), "nothing says which contracts have ended"),
        (lambda t: t.assign(started_on=t["started_on"].dt.tz_localize(None)), "no time zone"),
        (lambda t: t.assign(ended_on=t["ended_on"].dt.tz_localize(None)), "ended_on has no time zone"),
        (lambda t: t.assign(ended_on=t["started_on"] - pd.Timedelta(3, "D")), "ends before it starts: 2 rows"),
        (lambda t: pd.concat([t, t]), "stands in the table twice: 2 rows"),
        (lambda t: t.assign(fee=["ten", "9"]), "fee that is no number: 1 rows"),
        (lambda t: t.assign(fee=-1.0), "negative or infinite fee"),
        (lambda t: t.assign(account_id=[None, "b"]), "account_id has blanks"),
        (lambda t: t.iloc[:0], "no rows"),
    ],
)
def test_tables_that_cannot_be_used_are_named(days, change, message):
    good = pd.DataFrame({"account_id": ["a", "b"], "fee": [1.0, 2.0], "started_on": days("2012-01-01", "2012-01-02"),
                         "ended_on": days("2012-02-01", None)})  # fmt: skip
    with pytest.raises(InputError, match=message):
        contract_rates(change(good), start="2012-01-10", end="2012-02-10")


def test_periods_and_groups_that_cannot_be(days):
    good = pd.DataFrame({"account_id": ["a"], "started_on": days("2012-01-01"), "ended_on": days(None)})
    with pytest.raises(InputError, match="before it starts"):
        contract_rates(good, start="2012-02-01", end="2012-01-01")
    with pytest.raises(InputError, match="nobody was under contract"):
        contract_rates(good, start="2011-02-01", end="2011-03-01")
    with pytest.raises(InputError, match="no column 'plan'"):
        contract_rates(good, start="2012-02-01", end="2012-03-01", by="plan")
    with pytest.raises(InputError, match="nobody was under contract from"):
        monthly_rates(good, start="2010-01-01", end="2010-03-31")
    with pytest.raises(InputError, match="no period 'decade'"):
        monthly_rates(good, start="2012-01-01", end="2012-03-31", period="decade")
    with pytest.raises(InputError, match=r"if 5 % was meant, pass 0\.05"):
        rescale(5.0, from_days=30, to_days=365)
    with pytest.raises(InputError, match="whole number"):
        contract_rates(good, start="2012-02-01", end="2012-03-01", draws=0)


def test_categories_and_numbers_as_ids(days):
    good = pd.DataFrame({"account_id": [1, 1, 2], "started_on": days(*["2012-01-01"] * 3),
                         "ended_on": days(*[None] * 3), "plan": pd.Categorical(["x", "y", None])})  # fmt: skip
    assert read_contracts(good).accounts.tolist() == ["1", "2"]
    rates = contract_rates(good, start="2012-02-01", end="2012-03-01", as_of="2012-03-01", by="plan")
    assert rates.index.tolist() == ["not_stated", "y"]


def test_a_period_beyond_the_data_is_refused_or_told(days):
    contracts = pd.DataFrame({"account_id": list("abc"), "started_on": days(*["2012-01-01"] * 3), "fee": 10.0,
                              "ended_on": days("2012-02-10", "2012-03-05", None)})  # fmt: skip
    for rates in (contract_rates, monthly_rates):
        with pytest.raises(InputError, match="after the last day of complete data"):
            rates(contracts, start="2012-02-01", end="2012-03-31", as_of="2012-03-10")
        with pytest.raises(InputError, match=r"begins on 2013-01-01, after the last date .* \(2012-03-05"):
            rates(contracts, start="2013-01-01", end="2013-01-31")
        assert rates(contracts, start="2013-01-01", end="2013-01-31", as_of="2013-06-30")["lost"].tolist() == [0]
        beyond = rates(contracts, start="2012-03-01", end="2012-03-31")
        assert "The last date in the contracts is 2012-03-05" in rates_text(beyond).en
        assert "合同表最后日期为 2012-03-05，早于期末" in rates_text(beyond).zh
        within = rates(contracts, start="2012-03-01", end="2012-03-31", as_of="2012-03-31")
        assert "last date" not in rates_text(within).en
        pd.testing.assert_frame_equal(within, beyond)
    with pytest.raises(InputError, match="begins on 2012-04-01"):
        monthly_rates(contracts, start="2012-02-01", end="2012-04-30", by="account_id")
    months = monthly_rates(contracts, start="2012-02-01", end="2012-03-31")
    assert "last date" not in rates_text(months, group="2012-02").en


def test_a_column_of_fees_by_another_name_is_told(days):
    contracts = pd.DataFrame({"account_id": list("ab"), "started_on": days(*["2012-01-01"] * 2), "monthly_fee": 10.0,
                              "ended_on": days("2012-02-29", None)})  # fmt: skip
    when = {"start": "2012-02-01", "end": "2012-02-29"}
    rates = contract_rates(contracts, **when)
    assert "no column fee, so nothing is said of revenue (did you mean monthly_fee?)" in rates_text(rates).en
    assert "没有月费列 fee，未计算收入（是否应为 monthly_fee 列？）" in rates_text(rates).zh
    with pytest.raises(InputError, match=r'contracts.rename\(columns=\{"monthly_fee": "fee"\}\)'):
        account_bridge(rates, of="mrr")
    assert "no column fee" in rates_text(contract_rates(contracts.drop(columns="monthly_fee"), **when)).en
    assert "column fee" not in rates_text(contract_rates(contracts.rename(columns={"monthly_fee": "fee"}), **when)).en
