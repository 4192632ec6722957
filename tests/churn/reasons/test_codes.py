"""Reason codes: which are named, and how they read in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.features.catalogue import CATALOGUE
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.reasons.codes import reason_codes
from crm_analysis.churn.reasons.contributions import contributions, what_if_typical
from crm_analysis.churn.reasons.naming import feature_word, group_word, level_word
from crm_analysis.churn.reasons.phrases import PHRASES, UNITS
from crm_analysis.churn.reasons.wording import number_text, phrase
from crm_analysis.errors import InputError


def made(n: int = 300, seed: int = 0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({
        "days_since_last": rng.integers(1, 200, n), "orders": rng.poisson(3, n) + 1,
        "complaints_open": rng.integers(0, 2, n),
        "mean_gap_days": np.where(rng.random(n) < 0.3, np.nan, rng.normal(30, 5, n)),
        "sex": rng.choice(["female", "male"], n), "shoe_size": rng.normal(42, 2, n),
    }, index=pd.Index([f"c{i}" for i in range(n)], name="customer_id"))  # fmt: skip
    at = 0.02 * (X["days_since_last"] - 100) - 0.5 * (X["orders"] - 4) + X["complaints_open"]
    y = pd.Series((rng.random(n) < 1 / (1 + np.exp(-at))).astype(int), index=X.index)
    model = logistic().fit(X, y)
    return X, y, model, contributions(model, X)


def test_reasons_are_the_largest_contributions_above_the_least():
    X, _, _, found = made()
    codes = reason_codes(found, X, most=2, least=0.2)
    for customer, row in codes.table.iterrows():
        pushes = found.table.loc[customer].sort_values(ascending=False)
        expected = pushes[pushes >= 0.2].head(2)
        assert row[["reason_1", "reason_2"]].dropna().tolist() == expected.index.tolist()
        assert row[["contribution_1", "contribution_2"]].dropna().tolist() == pytest.approx(expected.tolist())


def test_against_names_what_goes_with_a_lower_risk():
    X, _, _, found = made()
    codes = reason_codes(found, X, against=True, most=1, least=0)
    pulled = found.table.min(axis=1) < 0
    assert codes.table.loc[pulled, "reason_1"].eq(found.table[pulled].idxmin(axis=1)).all()
    assert codes.table.loc[~pulled, "reason_1"].isna().all()
    assert (codes.table["contribution_1"].dropna() < 0).all()
    assert "lower predicted risk" in codes.note("en")
    assert "较低流失风险" in codes.note("zh")


def test_a_group_gives_one_reason_said_by_its_strongest_member():
    X, _, _, found = made()
    codes = reason_codes(found, X, groups={"orders": ["orders", "days_since_last"]}, most=6, least=0)
    named = codes.reasons.apply(set, axis=1)
    assert not named.map(lambda ones: {"orders", "days_since_last"} <= ones).any()
    both = found.table[["orders", "days_since_last"]]
    first = codes.table[codes.table["reason_1"].isin(both.columns)]
    assert first["contribution_1"].tolist() == pytest.approx(both.sum(axis=1)[first.index].tolist())
    assert first["reason_1"].tolist() == both.loc[first.index].idxmax(axis=1).tolist()


def test_features_left_out_are_not_named_but_count():
    X, _, _, found = made()
    codes = reason_codes(found, X, leave_out=["days_since_last", "sex"], least=0, most=6)
    assert not codes.reasons.isin(["days_since_last", "sex"]).any(axis=None)
    whole = reason_codes(found, X, leave_out=["orders"], groups={"orders": ["orders", "days_since_last"]}, least=0)
    assert set(whole.table["reason_1"].dropna()) & {"days_since_last"}


def test_texts_in_both_languages():
    X, _, _, found = made()
    X = X.copy()
    codes = reason_codes(found, X, least=0.3)
    zh, en = codes.texts("zh"), codes.texts("en")
    assert zh.index.equals(X.index)
    assert zh.name == en.name == "reasons"
    risky = X.index[(X["days_since_last"] > 180) & (X["orders"] > 3) & codes.table["reason_1"].eq("days_since_last")][0]
    typical = X["days_since_last"].median()
    assert f"已 {X.loc[risky, 'days_since_last']} 天没有购买（一般为 {typical:,.0f} 天）" in zh[risky]
    assert f"{X.loc[risky, 'days_since_last']} days since the last purchase (typical {typical:,.0f})" in en[risky]
    assert not zh.str.contains("because|原因").any()
    empty = codes.table["reason_1"].isna()
    assert (en[empty] == "").all()
    assert (en[~empty] != "").all()


def test_a_value_on_the_other_side_of_the_typical_one_is_said_alone():
    """The average of a logarithm is not the median: 6 orders of typically 7 can still be more than average."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"days_since_last": np.append(np.repeat([1, 63, 70, 75], 100), rng.integers(70, 80, 100))})
    y = pd.Series((rng.random(500) < 0.2 + 0.6 * (X["days_since_last"] > 10)).astype(int))
    found = contributions(logistic(log=["days_since_last"]).fit(X, y), X)
    texts = reason_codes(found, X, least=0).texts("en")
    assert texts[150] == "63 days since the last purchase"
    assert texts[350] == "75 days since the last purchase (typical 70)"
    assert found.typical["days_since_last"] == 70


def test_how_often_each_reason_is_first():
    X, _, _, found = made()
    codes = reason_codes(found, X)
    table = codes.first()
    assert table["customers"].sum() == len(X)
    assert table["share"].sum() == pytest.approx(1)
    assert table["customers"].drop("no_reason", errors="ignore").is_monotonic_decreasing
    assert (table["share_low"] < table["share"]).all()


def test_approximate_reasons_of_boosting_say_so():
    X, y, _, _ = made()
    model = boosting().set_params(model__max_iter=20, model__learning_rate=0.2).fit(X, y)
    codes = reason_codes(what_if_typical(model, X), X)
    assert "approximate" in codes.note("en")
    assert "近似" in codes.note("zh")
    assert codes.texts("en").str.len().gt(0).any()


@pytest.mark.parametrize(("feature", "value", "how", "zh", "en"), [
    ("days_since_last", 96, {"typical": 31}, "已 96 天没有购买（一般为 31 天）",
     "96 days since the last purchase (typical 31)"),
    ("days_since_last", 1, {"typical": 31.5}, "已 1 天没有购买（一般为 32 天）",
     "1 day since the last purchase (typical 32)"),
    ("orders", 1, {"typical": 1, "mean": 3.24}, "共 1 单（平均为 3.2 单）", "1 order in all (average 3.2)"),
    ("orders", 2, {"typical": 2, "mean": 2.0}, "共 2 单", "2 orders in all"),
    ("complaints_open", 1, {"typical": 0}, "有 1 个投诉未解决（一般为 0 个）", "1 complaint unresolved (typical 0)"),
    ("complaints_open", 0, {"typical": 0}, "没有未解决的投诉", "no unresolved complaint"),
    ("last_late", 1.0, {"typical": 0.0}, "最近一次订单迟到", "last order late"),
    ("last_late", 0.0, {}, "最近一次订单准时", "last order on time"),
    ("mean_gap_days", np.nan, {}, "只在一天内购买过，尚无购买间隔", "bought on one day only, so no gap yet"),
    ("late_share", 0.25, {"typical": 0.0}, "25% 的订单迟到（一般为 0%）", "25% of orders late (typical 0%)"),
    ("spend", 1234.5, {"typical": 80.0, "currency": "CNY"}, "累计消费 1,234 CNY（一般为 80 CNY）",
     "spent 1,234 CNY (typical 80)"),
    ("orders_trend", -0.6, {"typical": 0.1}, "近期购买变少", "buys less of late"),
    ("orders_trend", 0.6, {"typical": 0.1}, "近期购买变多", "buys more of late"),
    ("last_complaint_reason", "delivery", {}, "最近一次投诉：商品配送薄弱", "last complaint: weak delivery"),
    ("last_complaint_reason", None, {}, "从未投诉", "has never complained"),
    ("plan", "month_to_month", {}, "合约类型：按月合约", "plan: month to month"),
    ("partner", "Yes", {}, "有配偶：是", "partner: yes"),
    ("senior_citizen", 1, {"binary": True}, "老年客户：是", "senior citizen: yes"),
    ("shoe_size", 45.5, {"typical": 42.0}, "shoe size 45.5（一般为 42）", "shoe size 45.5 (typical 42)"),
    ("shoe_size", -2.25, {}, "shoe size -2.25", "shoe size -2.25"),
    ("shoe_size", None, {}, "shoe size：未知", "shoe size: not known"),
    ("wears", True, {"binary": True}, "wears：是", "wears: yes"),
])  # fmt: skip
def test_phrases(feature, value, how, zh, en):
    said = phrase(feature, value, **how)
    assert (said.zh, said.en) == (zh, en)


def test_every_feature_of_the_catalogue_reads_well():
    numbers = [one.name for one in CATALOGUE.values() if not one.is_text]
    assert [name for name in numbers if name not in PHRASES] == []
    for name in PHRASES:
        for value in (0.0, 1.0, 2.5, -0.5, None):
            said = phrase(name, value, typical=3.0, mean=4.0)
            for text in (said.zh, said.en):
                assert text
                assert not any(sign in text for sign in ("{", "}", "nan", "None", "  "))
        assert PHRASES[name].unit in UNITS
    for lang in ("zh", "en"):
        assert all("_" not in feature_word(name, lang) for name in CATALOGUE)


def test_names_and_numbers():
    assert level_word("internet_service", "No", "zh") == "无"
    assert level_word("partner", "no", "zh") == "否"
    assert level_word("city", "Utopia", "zh") == "Utopia"
    assert group_word("orders", 1, "en") == feature_word("orders", "en")
    assert [number_text(one, "") for one in (0.0, 123.4, 1e6, -3.14159)] == ["0", "123", "1,000,000", "-3.14"]


def test_bad_input():
    X, _, _, found = made(60)
    with pytest.raises(InputError, match="made from contributions"):
        reason_codes(found.table, X)
    with pytest.raises(InputError, match="same customers"):
        reason_codes(found, X.iloc[::-1])
    with pytest.raises(InputError, match=r"most=0.*least=-1.*leave_out='sex'"):
        reason_codes(found, X, most=0, least=-1, leave_out="sex")
    with pytest.raises(InputError, match="not there"):
        reason_codes(found, X, groups={"a": ["nothing"]})
