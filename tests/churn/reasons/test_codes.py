"""Reason codes: which are named, and how they read in both languages."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.features.catalogue import CATALOGUE
from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.models.scoring import scoring_features, scoring_windows
from crm_analysis.churn.reasons.codes import reason_codes
from crm_analysis.churn.reasons.contributions import Contributions, contributions, what_if_typical
from crm_analysis.churn.reasons.naming import feature_word, group_word, level_word
from crm_analysis.churn.reasons.phrases import PHRASES, UNITS
from crm_analysis.churn.reasons.sense import SIDES, can_be_told
from crm_analysis.churn.reasons.topics import PERSONAL, TOPICS, reason_topics
from crm_analysis.churn.reasons.wording import number_text, phrase
from crm_analysis.churn.windows.make_sample import make_sample
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows_for import windows_for
from crm_analysis.errors import InputError

ALL = {"groups": {}, "leave_out": (), "contrary": True}  # each feature by itself, whatever it says


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
    codes = reason_codes(found, X, most=2, least=0.2, **ALL)
    for customer, row in codes.table.iterrows():
        pushes = found.table.loc[customer].sort_values(ascending=False)
        expected = pushes[pushes >= 0.2].head(2)
        assert row[["reason_1", "reason_2"]].dropna().tolist() == expected.index.tolist()
        assert row[["contribution_1", "contribution_2"]].dropna().tolist() == pytest.approx(expected.tolist())


def test_against_names_what_goes_with_a_lower_risk():
    X, _, _, found = made()
    codes = reason_codes(found, X, against=True, most=1, least=0, **ALL)
    pulled = found.table.min(axis=1) < 0
    assert codes.table.loc[pulled, "reason_1"].eq(found.table[pulled].idxmin(axis=1)).all()
    assert codes.table.loc[~pulled, "reason_1"].isna().all()
    assert (codes.table["contribution_1"].dropna() < 0).all()
    assert "lower predicted risk" in codes.note("en")
    assert "较低流失风险" in codes.note("zh")


def test_a_group_gives_one_reason_said_by_its_strongest_member():
    X, _, _, found = made()
    groups = {"orders": ["orders", "days_since_last"]}
    codes = reason_codes(found, X, most=6, least=0, **ALL | {"groups": groups})
    named = codes.reasons.apply(set, axis=1)
    assert not named.map(lambda ones: {"orders", "days_since_last"} <= ones).any()
    both = found.table[["orders", "days_since_last"]]
    first = codes.table[codes.table["reason_1"].isin(both.columns)]
    assert first["contribution_1"].tolist() == pytest.approx(both.sum(axis=1)[first.index].tolist())
    assert first["reason_1"].tolist() == both.loc[first.index].idxmax(axis=1).tolist()


def test_features_left_out_are_not_named_but_count():
    X, _, _, found = made()
    codes = reason_codes(found, X, least=0, most=6, **ALL | {"leave_out": ["days_since_last", "sex"]})
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
    assert empty.any()
    assert (en[empty] == "no reason strong enough").all()
    assert (zh[empty] == "无突出的相关特征").all()
    assert codes.texts("en", blank=True).equals(en.mask(empty, ""))


def test_a_value_on_the_other_side_of_the_typical_one_is_said_alone():
    """The average of a logarithm is not the median: 6 orders of typically 7 can still be more than average."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"days_since_last": np.append(np.repeat([1, 63, 70, 75], 100), rng.integers(70, 80, 100))})
    y = pd.Series((rng.random(500) < 0.2 + 0.6 * (X["days_since_last"] > 10)).astype(int))
    found = contributions(logistic(log=["days_since_last"]).fit(X, y), X)
    assert reason_codes(found, X, least=0).texts("en", blank=True)[150] == ""
    texts = reason_codes(found, X, least=0, **ALL).texts("en")
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
    assert codes.texts("en", blank=True).str.len().gt(0).any()


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
    ("orders_trend", 0.02, {"typical": 0.1}, "近期购买频率基本不变", "buys about as often as before"),
    ("overdue", 1, {"typical": 0, "binary": True}, "有 1 单已逾期仍未送达（一般为 0 单）",
     "1 order overdue and not delivered (typical 0)"),
    ("orders", 1, {"binary": True}, "共 1 单", "1 order in all"),
    ("complaints", 1, {"typical": 0}, "投诉过 1 次（一般为 0 次）", "complained once (typical 0)"),
    ("complaints", 2, {"typical": 1}, "投诉过 2 次（一般为 1 次）", "complained 2 times (typical 1)"),
    ("gap_ratio", 19.93, {"typical": 1.68}, "未购买时长为本人平均间隔的 19.9 倍（一般为 1.7 倍）",
     "silent for 19.9 times the usual gap (typical 1.7)"),
    ("gap_ratio", 277.4, {"typical": 1.0}, "未购买时长为本人平均间隔的 277 倍（一般为 1 倍）",
     "silent for 277 times the usual gap (typical 1)"),
    ("gap_ratio", 1.0, {}, "未购买时长为本人平均间隔的 1 倍", "silent for 1 times the usual gap"),
    ("late_share", 0.004, {}, "0.4% 的订单迟到", "0.4% of orders late"),
    ("late_share", np.nan, {}, "尚无已送达的订单", "no order delivered yet"),
    ("days_since_last", 0.0, {"typical": 31}, "截止日当天有购买", "bought on the last day"),
    ("total_margin", -0.04, {}, "累计毛利 0", "margin of 0"),
    ("mean_delay_days", np.inf, {}, "尚无已送达的订单", "no order delivered yet"),
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
    for name in [*PHRASES, *CATALOGUE]:
        for value, binary in product((0, 1, 2, 0.0, 1.0, 2.5, 0.004, -0.5, 277.3, 1e9, np.nan, None), (True, False)):
            said = phrase(name, value, typical=3.0, mean=4.0, binary=binary, currency="CNY")
            for text in (said.zh, said.en):
                assert text
                assert not any(sign in text for sign in ("{", "}", "nan", "None", "  ", "_", "-0 "))
            assert not re.search(
                r"\b1 (?!times)[a-z]+s\b(?<!is)|(?<![\d.,])1\.0|[2-9] (day|order|time|star|point)\b", said.en
            )
        assert name not in PHRASES or PHRASES[name].unit in UNITS
    for lang in ("zh", "en"):
        assert all("_" not in feature_word(name, lang) for name in CATALOGUE)


def test_every_feature_of_the_catalogue_has_a_topic_and_a_side_or_is_personal():
    topics = [name for topic in TOPICS for name in topic]
    assert len(topics) == len(set(topics))
    assert set(CATALOGUE) - set(topics) <= set(PERSONAL)
    assert not set(topics) & set(PERSONAL)
    assert set(topics) - set(SIDES) == {"last_complaint_reason"}
    for name in ("tenure_days", "days_since_joined", "tenure_months"):  # long or short, it is no reason by itself
        for against in (False, True):
            assert not can_be_told(name, pd.Series([3, 664]), typical=495, mean=480, against=against).any()
    assert set(SIDES) <= set(PHRASES)


@pytest.mark.parametrize(("feature", "typical", "mean", "values", "told"), [
    ("days_since_last", 70, 110, [69, 70, 71], [False, False, True]),
    ("orders", 1, 3.2, [1, 2, 4], [True, False, False]),
    ("recent_spend", 0, 60, [0, 482], [True, False]),
    ("mean_stars", 4.7, 4.3, [5, 4.7, 1, np.nan], [False, False, True, False]),
    ("complaints", 0, 0.4, [0, 1, np.nan], [False, True, False]),
    ("gap_ratio", 1.7, 5, [277, 0.2, np.nan], [True, False, True]),
    ("mean_delay_days", -1.0, -0.9, [-0.5, 0.0, 2.0], [False, False, True]),
    ("orders_trend", -0.5, -0.5, [-0.8, -0.2, 0.4], [True, False, False]),
    ("ratings", 1, 2, [0, 9], [False, False]),
    ("shoe_size", 42, 42, [30, 50, np.nan], [True, True, False]),
])  # fmt: skip
def test_what_can_be_told(feature, typical, mean, values, told):
    values = pd.Series(values, dtype="float64")
    assert can_be_told(feature, values, typical=typical, mean=mean).tolist() == told
    other = can_be_told(feature, values, typical=typical, mean=mean, against=True)
    if feature in SIDES:
        assert not (other & told).any()


def test_features_of_a_topic_give_one_reason_and_no_more_than_can_be_told():
    X = pd.DataFrame({"days_since_last": [277.0, 10], "gap_ratio": [277.0, 0.3], "recent_spend": [0.0, 482],
                      "city": ["Hohhot", "Wuhan"]}, index=["a", "b"])  # fmt: skip
    table = pd.DataFrame({"days_since_last": [1.5, -1.0], "gap_ratio": [0.5, -0.2], "recent_spend": [-0.4, 2.0],
                          "city": [2.0, 0.1]}, index=["a", "b"])  # fmt: skip
    typical = pd.Series({"days_since_last": 70.0, "gap_ratio": 1.7, "recent_spend": 0.0, "city": "Wuhan"}, dtype=object)
    mean = pd.Series({"days_since_last": 90.0, "gap_ratio": 4.0, "recent_spend": 60.0, "city": np.nan})
    found = Contributions(table, 0.0, table.sum(axis=1), typical, mean)
    codes = reason_codes(found, X)
    assert codes.texts("en", blank=True).tolist() == ["277 days since the last purchase (typical 70)", ""]
    assert codes.table["contribution_1"].iloc[0] == pytest.approx(1.6)
    assert codes.left_out == ("city",)
    assert "not named: city." in codes.note("en")
    assert "不列出：城市。" in codes.note("zh")
    shown = reason_codes(found, X, leave_out=()).texts("en")
    assert shown["a"] == "city: Hohhot; 277 days since the last purchase (typical 70)"
    assert "482 lately" in reason_codes(found, X, contrary=True, groups={}).texts("en")["b"]
    table.loc["a", "recent_spend"] = 9.0  # what cannot be told lends no strength
    X.loc["a", "recent_spend"] = 50.0
    assert reason_codes(found, X).table.loc["a", "contribution_1"] == pytest.approx(2.0)


def test_features_of_your_own_go_by_association_and_suppressors_are_not_named():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=400), "shoe": rng.normal(size=400)})
    X["b"] = X["a"] + 0.5 * rng.normal(size=400)
    assert reason_topics(X).members == {"a": ["a", "b"], "shoe": ["shoe"]}
    assert reason_topics(X.head(20)).members == {"a": ["a"], "shoe": ["shoe"], "b": ["b"]}
    y = pd.Series((rng.random(400) < 1 / (1 + np.exp(-3 * X["a"] + 1.2 * X["b"]))).astype(int))
    found = contributions(logistic().fit(X, y), X)
    assert found.with_risk["b"] < 0 < found.with_risk["a"]
    assert found.with_risk.sum() == pytest.approx(found.log_odds.var())
    assert not reason_codes(found, X, groups={}).reasons.isin(["b"]).any(axis=None)
    assert reason_codes(found, X, **ALL).reasons.isin(["b"]).any(axis=None)


def test_customers_of_today_with_blanks_unknown_levels_and_more_columns():
    X, y, _, _ = made()
    X["last_complaint_reason"] = np.where(np.arange(len(X)) % 3 == 0, "delivery", None)
    model = fit(Sample(X, y))
    today = X.head(50).assign(last_complaint_reason="never seen", sex=None, mean_gap_days=np.nan, further=1.0)
    today["last_complaint_reason"] = today["last_complaint_reason"].astype("str").where(np.arange(50) > 9)
    found = contributions(model, today, reference=X)
    expected = model.predict(today, unknown_levels="ignore")
    np.testing.assert_allclose(found.probability, expected, atol=1e-12)
    bare = contributions(model.estimator, today[X.columns], reference=X)
    np.testing.assert_allclose(bare.table, found.table, atol=1e-12)
    codes = reason_codes(found, today, least=0)
    assert "further" not in codes.X
    assert not codes.texts("en").str.contains("nan|None|not known|{", regex=True).any()
    alone = contributions(model, today.iloc[[7]], reference=X)
    assert reason_codes(alone, today.iloc[[7]], least=0).texts("zh").iloc[0] == codes.texts("zh").iloc[7]
    with pytest.raises(InputError, match="missing: orders"):
        contributions(model, today.drop(columns="orders"))


def test_reasons_of_the_sample_company_read_as_reasons(company):
    sample = make_sample(company, windows_for(company))
    model = fit(sample)
    X = scoring_features(company, scoring_windows(model.windows[-1]))
    found = contributions(model, X, reference=sample.X)
    codes = reason_codes(found, X, currency="CNY")
    for lang in ("zh", "en"):
        texts = codes.texts(lang)
        assert not texts.str.contains(r"[{}]|nan|None|never|not known|从未|未知", regex=True).any()
    assert not codes.reasons.isin(PERSONAL).any(axis=None)
    once = codes.reasons.isin(["days_since_last", "gap_ratio", "recent_spend", "recent_purchase_days"]).sum(axis=1)
    assert once.max() == 1
    risky = found.probability > 0.7
    assert codes.table.loc[risky, "reason_1"].notna().mean() > 0.98


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
