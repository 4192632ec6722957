"""A whole experiment: a broken split stops it, the balance is told, every metric and sentence has its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments import balance_test, experiment, two_means, two_ratios
from crm_analysis.marketing.experiments.units import read_arms

PLAN = {"mail": 0.4, "sms": 0.4, "holdout": 0.2}
METRICS = {"spend": "spend", "per_session": ("spend", "sessions")}


def people(n=3000, seed=0, lift=0.06):
    rng = np.random.default_rng(seed)
    arm = rng.choice(list(PLAN), n, p=list(PLAN.values()))
    sessions = rng.poisson(3, n) + 1
    return pd.DataFrame(
        {
            "customer_id": np.arange(n).astype(str),
            "arm": arm,
            "bought": rng.random(n) < 0.11 + lift * (arm == "mail"),
            "spend": rng.gamma(1, 10, n) * sessions,
            "sessions": sessions,
            "age": rng.normal(35, 9, n),
            "sex": rng.choice(["f", "m", None], n),
        }
    )


@pytest.fixture(scope="module")
def found():
    return experiment(people(), outcome="bought", metrics=METRICS, planned=PLAN, covariates=["age", "sex"])


def test_each_metric_by_its_own_method(found):
    frame = people()
    parts = {name: frame[frame["arm"] == name] for name in PLAN}
    table = found.effects.set_index(["metric", "arm"])
    assert table["metric_kind"].groupby("metric").first().to_dict() == {
        "bought": "kind_share", "spend": "kind_mean", "per_session": "kind_ratio"}  # fmt: skip
    mail, held = parts["mail"], parts["holdout"]
    low, high = confint_proportions_2indep(mail["bought"].sum(), len(mail), held["bought"].sum(), len(held),
                                           method="newcomb", compare="diff")  # fmt: skip
    assert table.loc[("bought", "mail"), ["effect_low", "effect_high"]].tolist() == pytest.approx([low, high])
    mean = two_means(mail["spend"], held["spend"])
    assert table.loc[("spend", "mail"), "p"] == pytest.approx(
        stats.ttest_ind(mail["spend"], held["spend"], equal_var=False).pvalue
    )
    assert table.loc[("spend", "mail"), "effect_low"] == pytest.approx(mean.difference.low)
    ratio = two_ratios(mail["spend"], mail["sessions"], held["spend"], held["sessions"])
    assert table.loc[("per_session", "mail"), "effect_high"] == pytest.approx(ratio.difference.high)
    assert table.loc[("per_session", "mail"), "arm_value"] == pytest.approx(
        mail["spend"].sum() / mail["sessions"].sum()
    )


def test_holm_over_arms_and_metrics_is_that_of_statsmodels(found):
    p = found.effects["p"].to_numpy()
    assert len(p) == 6
    assert found.effects["p_holm"].to_numpy() == pytest.approx(multipletests(p, method="holm")[1])
    assert (found.effects["p_holm"] >= p).all()
    assert (found.effects["p_holm"] <= np.minimum(1, 6 * p)).all()


def test_arms_and_split(found):
    assert found.arms.index.tolist()[0] == "holdout"
    assert found.arms["units"].sum() == 3000
    counts = found.arms["units"]
    other = stats.chisquare(counts, 3000 * np.array([PLAN[name] for name in counts.index]))
    assert (found.split.statistic, found.split.p) == pytest.approx((other.statistic, other.pvalue))


def test_the_primary_metric_is_told_with_its_interval(found):
    text = found.text("en")
    assert text.startswith("bought: ")
    assert "percentage points" in text
    assert "6 comparisons" in text
    assert "agree with the plan" in text
    assert "joint check" in text
    assert "looked at" not in text
    assert "按 Holm 校正后" in found.text("zh")


def test_no_difference_found_says_what_is_excluded():
    frame = people(lift=0.0)
    text = experiment(frame[frame["arm"] != "sms"], outcome="bought").text("en")
    assert "No difference found is not no difference: the data exclude" in text
    assert "not checked" in text
    told = experiment(frame[frame["arm"] != "sms"], outcome="bought", looks=5).text("zh")
    assert "没有发现差异不等于没有差异" in told
    assert "已查看 5 次" in told
    assert "14%" in told


def test_a_broken_split_stops_everything():
    frame = people()
    broken = frame[~((frame["arm"] == "mail") & ~frame["bought"] & (frame.index < 800))]
    found = experiment(broken, outcome="bought", metrics=METRICS, planned=PLAN)
    assert found.split.stop
    measures = [
        "arm_value",
        "control_value",
        "effect",
        "effect_low",
        "relative_effect",
        "relative_effect_high",
        "p",
        "p_holm",
    ]
    assert found.effects[measures].isna().all().all()
    assert found.text("en").startswith("Stopped: the arms do not have the planned sizes")
    assert found.text("zh").startswith("分析停止")
    assert "percentage points" not in found.text("en")


def test_balance_is_exact_under_the_lot_and_found_where_there_was_none():
    calm, ps = 0, []
    for seed in range(100):
        frame = people(150, seed)
        arms = read_arms(frame, arm="arm", control="holdout")
        _, p, chi = balance_test(frame, arms=arms, covariates=["age", "sex"], draws=99, seed=seed)
        ps.append((p, chi))
        calm += p > 0.05
    assert 88 <= calm <= 100
    assert np.abs(np.diff(np.array(ps), axis=1)).max() < 0.2  # the permutations agree with chi-square
    frame = people()
    frame["age"] += 3 * (frame["arm"] == "mail")
    found = experiment(frame, outcome="bought", covariates=["age", "sex"])
    assert found.balance_p < 0.01
    assert "by more than a lot explains" in found.text("en")
    ages = found.balance.set_index(["covariate", "arm"])
    mail, held = frame[frame["arm"] == "mail"]["age"], frame[frame["arm"] == "holdout"]["age"]
    d = (mail.mean() - held.mean()) / np.sqrt((mail.var() + held.var()) / 2)
    assert ages.loc[("age", "mail"), "standardised_difference"] == pytest.approx(d)
    assert {"sex = f", "sex = m", "sex = not_stated"} <= set(found.balance["covariate"])


def test_false_finds_over_all_comparisons_stay_rare():
    """Without any effect, Holm over 4 comparisons finds something in at most 5 % of experiments."""
    finds = sum(
        (experiment(people(400, seed, lift=0.0), outcome="bought", metrics=["spend"]).effects["p_holm"] < 0.05).any()
        for seed in range(200)
    )
    assert finds <= 20


def test_small_samples_are_flagged():
    found = experiment(people(60), outcome="bought")
    assert found.effects["few_units"].all()
    assert "too small" in found.text("en")


def test_row_order_does_not_matter_and_the_frame_stays():
    frame = people()
    before = frame.copy()
    there = experiment(frame, outcome="bought", metrics=METRICS).effects.set_index(["metric", "arm"]).sort_index()
    mixed = frame.sample(frac=1, random_state=0)
    here = experiment(mixed, outcome="bought", metrics=METRICS).effects.set_index(["metric", "arm"]).sort_index()
    pd.testing.assert_frame_equal(there, here)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("change", "more", "told"),
    [
        (lambda f: f.assign(arm="mail"), {}, "no control arm 'holdout'"),
        (lambda f: f, {"control": "control"}, "no control arm 'control'"),
        (lambda f: pd.concat([f, f.iloc[[0]]]), {}, "1 units stand in more than one row"),
        (
            lambda f: f.assign(bought=f["bought"].astype(float).mask(f.index < 3)),
            {},
            "3 units have no value of 'bought'",
        ),
        (lambda f: f.assign(arm=f["arm"].mask(f.index < 2)), {}, "2 units have no arm"),
        (lambda f: f.assign(bought="yes"), {}, "is no number"),
        (lambda f: f.drop(columns="arm"), {}, "columns are missing: arm"),
        (lambda f: f, {"metrics": ["spent"]}, "columns are missing: spent"),
        (lambda f: f, {"metrics": {"x": ("spend", "sessions", "age")}}, "not a metric"),
        (lambda f: f.assign(sessions=-1), {"metrics": METRICS}, "denominator is negative"),
        (lambda f: f, {"planned": {"mail": 1, "holdout": 1}}, "does not name the arms"),
        (lambda f: f, {"planned": {"mail": -1, "sms": 1, "holdout": 1}}, "planned split"),
        (lambda f: f, {"looks": 0}, "looks must be"),
        (lambda f: f, {"covariates": ["height"]}, "columns are missing: height"),
        (lambda f: f, {"covariates": ["customer_id"]}, "different texts"),
        (lambda f: f.iloc[:0], {}, "no units"),
    ],
)
def test_bad_input(change, more, told):
    with pytest.raises(InputError, match=told):
        experiment(change(people(300)), outcome="bought", **more)


def test_a_level_in_percent_is_told():
    with pytest.raises(ValueError, match=r"pass 0\.95"):
        experiment(people(100), outcome="bought", level=95)


def test_what_remains_is_named_in_the_language_of_the_sentence():
    people = pd.DataFrame({"arm": ["treatment", "holdout"] * 500, "converted": [1, 0] * 300 + [0, 0] * 200, "x": 1.5})
    people["x"] += np.arange(1000) % 7
    text = experiment(people, outcome="converted", metrics=["x"]).text("zh")
    assert "仍然成立的有：转化" in text


def test_arms_that_differ_only_in_spaces_or_capitals_are_refused():
    frame = people(300)
    for other in ("mail ", "Mail", "\u3000mail"):
        mixed = frame.assign(arm=frame["arm"].mask(frame.index < 50, other))
        with pytest.raises(InputError, match="differ only in spaces"):
            experiment(mixed, outcome="bought")


@pytest.mark.parametrize(("kind", "control"), [("int64", "0"), ("float64", "0"), ("int64", 0), (str, 0), (str, "0")])
def test_arms_may_be_numbers(kind, control):
    arm = (people()["arm"] == "mail").astype(int)
    frame = people().assign(arm=arm.astype(kind))
    found = experiment(frame, outcome="bought", control=control, planned={"0": 1 - arm.mean(), 1: arm.mean()})
    assert found.effects["units"].tolist() == [arm.sum()]
    assert found.arms["planned_share"].tolist() == pytest.approx([1 - arm.mean(), arm.mean()])
    assert found.effects["arm_value"].item() == frame.loc[arm == 1, "bought"].mean()
    if kind != "float64":
        assert "in arm 1" in found.text("en")
        assert "1 组为" in found.text("zh")
    with pytest.raises(InputError, match="no control arm 'holdout'"):
        experiment(frame, outcome="bought")


def test_chinese_sentences_set_off_foreign_names_and_call_a_share_a_share(found):
    text = found.text("zh")
    assert "成交比例：mail 为 " in text
    assert "对照组（不发送）为 " in text
    assert "成交数" not in text
