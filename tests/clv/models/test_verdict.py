from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.models.histories import simulate
from crm_analysis.clv.models.limits import PAIRS, factor, read
from crm_analysis.clv.models.verdict import Verdict, judge, summary
from crm_analysis.clv.models.verdict_texts import LIMITS
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.errors import InputError
from crm_analysis.words import all_words, word

MODELS = [ParetoNBD, BGNBD, MBGNBD, NBD]
CHINESE = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{CHINESE}\s?[,:;()?!]|[,:;()?!]\s?{CHINESE}")
STEADY = NBD.with_params(r=0.5, alpha=8.0, unit="week")


def fit(model, truth, customers, seed, T=39):
    return model().fit(simulate(truth, customers, T=T, seed=seed))


def steady(model, seed):
    return fit(model, STEADY, 500, seed)


def examples():
    """One fit of each kind."""
    one_rate = NBD.with_params(r=1e5, alpha=1e6, unit="week")
    one_dropout = ParetoNBD.with_params(r=1, alpha=5, s=1e5, beta=2e6, unit="week")
    one_chance = BGNBD.with_params(r=0.5, alpha=5, a=3e4, b=7e4, unit="week")
    kinds = BGNBD.with_params(r=1, alpha=5, a=1e-4, b=2e-4, unit="week")
    instant = ParetoNBD.with_params(r=1, alpha=5, s=0.02, beta=1e-12, unit="week")
    donors = BGBB.with_params(alpha=6000, beta=4000, gamma=2000, delta=8000, unit="year")
    return {
        "nobody leaves, in time": steady(ParetoNBD, 0),
        "nobody leaves, at purchases": steady(BGNBD, 1),
        "one chance of leaving": fit(BGNBD, one_chance, 500, 1),
        "one rate": fit(NBD, one_rate, 300, 0),
        "one dropout rate": fit(ParetoNBD, one_dropout, 500, 2),
        "two kinds, at purchases": fit(BGNBD, kinds, 500, 1),
        "two kinds, in time": fit(ParetoNBD, instant, 500, 0),
        "not identified": fit(BGNBD, one_chance, 500, 0),
        "not identified, Pareto": fit(ParetoNBD, one_dropout, 500, 0),
        "donors": fit(BGBB, donors, 300, 0, T=6),
        "contracts": SBG().fit([1000, 900, 810, 729, 656]),
    }


FITS = examples()


# Converged


@pytest.mark.parametrize("model", MODELS)
def test_cdnow_has_converged(cx, model):
    fitted = model().fit(cx)
    verdict = fitted.verdict_
    assert (verdict.kind, verdict.usable, verdict.limits, verdict.unknown) == ("converged", True, (), ())
    assert verdict.text("zh") == verdict.zh
    assert verdict.text("en") == verdict.en
    vaguest = fitted.log_covariance_.to_numpy().diagonal().argmax()
    assert f"vaguest is {model.names[vaguest]}," in verdict.en
    assert "已收敛" in verdict.zh


def test_the_summary_of_cdnow_is_the_published_one(cx):
    table = BGNBD().fit(cx).summary()
    assert table.index.tolist() == ["r", "alpha", "a", "b"]
    assert table.columns.tolist() == ["estimate", "estimate_low", "estimate_high", "standard_error"]
    np.testing.assert_allclose(table["estimate"], [0.2425945, 4.4136021, 0.792922, 2.425907], rtol=1e-4)
    np.testing.assert_allclose(table["standard_error"], [0.01256, 0.37822, 0.18573, 0.70541], rtol=2e-3)
    attrs = table.attrs
    assert attrs["log_likelihood"] == pytest.approx(-9582.4292, abs=1e-3)
    assert attrs["aic"] == pytest.approx(8 + 2 * 9582.4292, abs=2e-3)
    assert attrs["bic"] == pytest.approx(4 * np.log(2357) + 2 * 9582.4292, abs=2e-3)
    assert (attrs["customers"], attrs["model"], attrs["unit"], attrs["level"]) == (2357, "bg_nbd", "week", 0.95)
    assert attrs["verdict"] == "converged"
    assert attrs["gradient_norm"] < 1e-6
    assert len(attrs["eigenvalues"]) == 4
    assert min(attrs["eigenvalues"]) > 1


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_intervals_are_symmetric_in_the_logarithm(cx, level):
    fitted = ParetoNBD().fit(cx)
    table = summary(fitted, level=level)
    reach = norm.ppf((1 + level) / 2) * fitted.standard_errors_ / fitted.params_
    np.testing.assert_allclose(np.log(table["estimate_high"] / table["estimate"]), reach, rtol=1e-10)
    np.testing.assert_allclose(np.log(table["estimate"] / table["estimate_low"]), reach, rtol=1e-10)


def test_a_summary_needs_a_fit_and_a_level(cx):
    with pytest.raises(InputError, match="not fitted"):
        summary(STEADY)
    for level in (0, 1, 95):
        with pytest.raises(ValueError, match="between 0 and 1"):
            NBD().fit(cx).summary(level=level)


def test_given_parameters_have_no_verdict_of_their_own():
    verdict = STEADY.verdict_
    assert (verdict.kind, verdict.usable) == ("given", True)


# Boundaries


@pytest.mark.parametrize("model", [ParetoNBD, BGNBD, MBGNBD])
def test_if_nobody_leaves_the_nbd_is_named(model):
    fitted = steady(model, 1)
    verdict = fitted.verdict_
    assert (verdict.kind, verdict.usable) == ("boundary", True)
    assert verdict.limits == model.names[2:]
    assert "nobody dropping out" in verdict.en
    assert "看不出有客户流失" in verdict.zh
    assert fitted.params_["r"] == pytest.approx(0.5, abs=4 * fitted.standard_errors_["r"])
    assert fitted.standard_errors_[list(verdict.limits)].isna().any()
    nbd = steady(NBD, 1)
    np.testing.assert_allclose(fitted.params_[["r", "alpha"]], nbd.params_, rtol=0.02)
    np.testing.assert_allclose(fitted.standard_errors_[["r", "alpha"]], nbd.standard_errors_, rtol=0.02)


@pytest.mark.parametrize(
    ("example", "limits", "mean", "truth", "en", "zh"),
    [
        ("one chance of leaving", ("a", "b"), "a/(a+b)", 0.3, "heterogeneity is not identified", "异质性无法识别"),
        ("one rate", ("r", "alpha"), "r/alpha", 0.1, "do not differ in how often they buy", "看不出购买率的差异"),
        ("one dropout rate", ("s", "beta"), "s/beta", 0.05, "one dropout rate does for all", "流失率相同"),
        ("two kinds, at purchases", ("a", "b"), "a/(a+b)", 1 / 3, "the others never", "从不流失"),
    ],
)
def test_what_runs_to_a_limit_is_named_and_the_mean_that_is_known_is_right(example, limits, mean, truth, en, zh):
    fitted = FITS[example]
    verdict = fitted.verdict_
    assert (verdict.kind, verdict.usable, verdict.limits) == ("boundary", True, limits)
    assert en in verdict.en
    assert zh in verdict.zh
    assert f"{mean} = " in verdict.en
    assert f"{mean} = " in verdict.zh
    pair = next(pair for pair in PAIRS[fitted.key] if pair[:2] == limits)
    reading = read(fitted, pair)
    assert reading.low < truth < reading.high
    assert reading.mean_known
    assert fitted.summary().loc[list(limits), ["estimate_low", "estimate_high", "standard_error"]].isna().all(axis=None)


def test_customers_who_leave_at_once_or_never_are_two_kinds():
    verdict = FITS["two kinds, in time"].verdict_
    assert verdict.limits == ("s", "beta")
    share = float(re.search(r"([\d.]+)% are still active after 39 weeks", verdict.en)[1])
    assert share == pytest.approx(100 * (1 + 39 / 1e-12) ** -0.02, abs=6)
    assert "分为两类" in verdict.zh


def test_discrete_and_contractual_models_have_readings_too():
    donors = FITS["donors"].verdict_
    assert donors.kind == "boundary"
    assert set(donors.limits) <= {"alpha", "beta", "gamma", "delta"}
    assert "occasions" in donors.en or "one chance" in donors.en or "heterogeneity" in donors.en
    contracts = FITS["contracts"]
    assert contracts.verdict_.limits == ("alpha", "beta")
    assert read(contracts, PAIRS["sbg"][0]).mean == pytest.approx(0.1, abs=0.001)


# Not identified


@pytest.mark.parametrize(
    ("example", "unknown", "known"),
    [("not identified", ("a", "b"), "a/(a+b) = "), ("not identified, Pareto", ("s", "beta"), "s/beta = ")],
)
def test_a_flat_direction_is_named_and_what_is_known_beside_it(example, unknown, known):
    fitted = FITS[example]
    verdict = fitted.verdict_
    assert (verdict.kind, verdict.usable, verdict.limits, verdict.unknown) == ("not_identified", True, (), unknown)
    assert f"do not determine {' and '.join(unknown)}" in verdict.en
    assert f"{fitted.optimum_.eigenvalues[0]:.2g}" in verdict.en
    assert known in verdict.en
    assert "up to the length of observation (39 weeks)" in verdict.en
    assert "观察期（39 周）" in verdict.zh
    errors = [fitted.optimum_.log_error(np.eye(4)[fitted.names.index(name)]) for name in unknown]
    assert min(map(factor, errors)) > 50


def test_a_parameter_known_beside_an_unknown_one_is_given_with_its_interval():
    fitted = fit(ParetoNBD, ParetoNBD.with_params(r=0.55, alpha=10, s=0.6, beta=11, unit="week"), 100, 0)
    assert fitted.verdict_.unknown == ("beta",)
    row = fitted.summary().loc["s"]
    assert f"s = {row['estimate']:.3g} [{row['estimate_low']:.3g}, {row['estimate_high']:.3g}]" in fitted.verdict_.en


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("case", [(2, 20.0, 40.0, 300), (3, 40.0, 40.0, 1), (100_000, 30.0, 30.0, 5)])
def test_customers_who_are_all_the_same_are_not_identified(model, case):
    frame = pd.DataFrame([case[:3]] * case[3], columns=["frequency", "recency", "T"])
    verdict = model().fit(frame).verdict_
    assert (verdict.kind, verdict.usable, verdict.unknown) == ("not_identified", False, model.names)
    assert "same history" in verdict.en
    assert "完全相同" in verdict.zh


def test_few_repeat_buyers_are_said(cx):
    few = pd.concat([cx[cx["frequency"] == 0], cx[cx["frequency"] > 0].head(9)])
    verdict = NBD().fit(few).verdict_
    assert not verdict.usable
    assert "Only 9 customers bought again" in verdict.en
    assert "只有 9 位客户" in verdict.zh
    enough = pd.concat([cx[cx["frequency"] == 0], cx[cx["frequency"] > 0].head(10)])
    assert "bought again" not in NBD().fit(enough).verdict_.en


# Not converged, spend, texts


def test_a_slope_left_over_is_not_converged(cx):
    fitted = BGNBD().fit(cx)
    slope = fitted.optimum_.derivatives._replace(gradient=np.array([80.0, 0.0, 0.0, 0.0]))
    fitted.optimum_ = replace(fitted.optimum_, derivatives=slope)
    verdict = fitted.verdict_
    assert (verdict.kind, verdict.usable) == ("not_converged", False)
    assert "slope of 0.03" in verdict.en
    assert "未收敛" in verdict.zh


def test_a_spend_model_adds_what_it_knows_of_itself(cg):
    fitted = GammaGamma().fit(cg)
    plain = fitted.verdict_
    assert plain.kind == "converged"
    fitted._spend_verdict = lambda: ("boundary", "均值不存在。", "No mean exists.")
    verdict = judge(fitted)
    assert verdict.kind == "boundary"
    assert verdict.en.endswith("No mean exists.")
    assert verdict.zh.endswith("均值不存在。")


@pytest.mark.parametrize("example", FITS)
def test_sentences_are_whole_in_both_languages(example):
    verdict = FITS[example].verdict_
    for text in (verdict.zh, verdict.en):
        assert not re.search(r"[{}]|nan|inf\b|（）|\(\)", text), text
    assert verdict.zh.endswith("。")
    assert verdict.en.endswith(".")
    assert not HALF_WIDTH.search(verdict.zh), verdict.zh
    assert not re.search(CHINESE, verdict.en)


@pytest.mark.parametrize("limit", LIMITS, ids="-".join)
def test_both_languages_of_a_limit_speak_of_the_same(limit):
    zh, en = LIMITS[limit]
    fields = [{name.removesuffix(f"_{lang}") for _, name, _, _ in Formatter().parse(text) if name}
              for lang, text in (("zh", zh), ("en", en))]  # fmt: skip
    assert fields[0] == fields[1]
    assert not HALF_WIDTH.search(zh)


def test_every_limit_that_can_be_found_has_a_sentence():
    for pair in {pair for pairs in PAIRS.values() for pair in pairs}:
        for limit in ("alike", "split"):
            assert (pair.role, pair.shape, limit) in LIMITS
    for shape in ("gamma", "beta"):
        assert ("leave", shape, "none") in LIMITS
    for role in ("buy", "leave"):
        assert (role, "beta", "all") in LIMITS


def test_kinds_and_columns_have_words():
    for kind in ("converged", "boundary", "not_identified", "not_converged", "given"):
        assert word(kind, "zh") != kind
    for name in ("estimate", "standard_error", "log_likelihood", "aic", "bic", "pareto_nbd", "nbd"):
        assert name in all_words()
    assert Verdict("converged", True, "好", "good").text("zh") == "好"
