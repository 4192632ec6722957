"""Claims: the verdicts on data built to make each of them true, the arithmetic, and the Taobao file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, newcombe
from crm_analysis.report.claims import (
    Measured,
    Missing,
    Verdict,
    check_claims,
    growth,
    judge,
    missing_inputs,
    read_claims,
    verdict_by_interval,
)
from crm_analysis.tables import About, from_frames
from crm_analysis.words import word
from crm_analysis.words.claims import SENTENCES, WORDS

TAOBAO = Path(__file__).parents[2] / "notebooks" / "cases" / "taobao_claims.yml"
BOTH = {"zh": "中文", "en": "English"}
WHERE = {"zh": "1 节", "en": "section 1"}


@pytest.fixture(scope="module")
def claims():
    return {claim.id: claim for claim in read_claims(TAOBAO)}


def one_claim(tmp_path, **keys):
    given = {"id": "a", "section": "1", **BOTH, "method": BOTH, **keys}
    path = tmp_path / "claims.yml"
    path.write_text(yaml.safe_dump({"document": BOTH, "claims": [given]}, allow_unicode=True), "utf-8")
    return read_claims(path)[0]


def evidence_claim(tmp_path, **keys):
    return one_claim(tmp_path, kind="evidence", needs=BOTH, **keys)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_growth_of_the_document_is_not_66_but_52_5_percent(claims, lang):
    outcome = judge(claims["growth_2011"], lang=lang)
    assert outcome.verdict is Verdict.DOES_NOT_HOLD
    assert outcome.found == "52.5% [50.6%, 54.5%]"
    assert ("3,664 亿元 – 3,686 亿元" if lang == "zh" else "366.4 billion yuan – 368.6 billion yuan") in outcome.why
    low, high = 6100.75 / 4050 - 1, 6100.85 / 3950 - 1
    assert f"[{low:.1%}, {high:.1%}]" in outcome.why


def test_implied_growth_is_92_percent_and_hangs_on_rounding(claims):
    outcome = judge(claims["growth_2010"])
    assert outcome.verdict is Verdict.DEPENDS
    assert outcome.found.startswith("92.0% [")


def test_the_other_arithmetic_claims(claims):
    assert judge(claims["split_date"]).verdict is Verdict.DOES_NOT_HOLD
    assert judge(claims["split_date"]).found.count("-06-16") == 2
    jobs = judge(claims["jobs_pledge"])
    assert (jobs.verdict, jobs.found) == (Verdict.DEPENDS, "≥ 80.0%")
    assert "after 85% of the time" in jobs.why
    assert "over 800,000 people" in claims["jobs_pledge"].how("en")
    assert judge(claims["credit_levels"]).verdict is Verdict.DOES_NOT_HOLD
    assert "15 levels" in judge(claims["credit_levels"]).found


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0, 0.9), st.floats(0, 0.9), st.data())
def test_growth_interval_holds_every_growth_the_rounding_allows(start, end, step1, step2, data):
    first, last = (Estimate(x, x - s / 2, x + s / 2) for x, s in ((start, step1), (end, step2)))
    found = growth(first, last)
    true = data.draw(st.floats(last.low, last.high)) / data.draw(st.floats(first.low, first.high)) - 1
    assert found.low - 1e-9 <= true <= found.high + 1e-9
    assert found.low <= found.value <= found.high


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1))
def test_verdict_by_interval_against_a_grid(value, below, above, low, width):
    found = Estimate(value, value - below, value + above)
    inside = [low <= x <= low + width for x in np.linspace(found.low, found.high, 7)]
    verdict = verdict_by_interval(found, (low, low + width))
    if verdict is Verdict.HOLDS:
        assert all(inside)
    if verdict is Verdict.DOES_NOT_HOLD:
        assert not any(inside)
    if any(inside) and not all(inside):
        assert verdict is Verdict.DEPENDS


def test_verdict_without_limits_value_or_interval():
    nan = math.nan
    assert verdict_by_interval(Estimate(0.5, 0.4, 0.6), (0, None)) is Verdict.HOLDS
    assert verdict_by_interval(Estimate(0.5, 0.4, 0.6), (None, 0.3)) is Verdict.DOES_NOT_HOLD
    assert verdict_by_interval(Estimate(nan, nan, nan), (0, 1)) is Verdict.CANNOT_BE_TESTED
    assert verdict_by_interval(Estimate(0.5, nan, nan), (0, 1)) is Verdict.DEPENDS


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Measured(Estimate(0.80, 0.77, 0.83), "base_profit"), "holds"),
        (Measured(Estimate(0.735, 0.701, 0.767), "base_revenue"), "depends"),
        (Measured(Estimate(0.50, 0.47, 0.53), "base_revenue"), "does_not_hold"),
        (Measured(Estimate(0.80, 0.77, 0.83), "base_purchases"), "depends"),
        (Measured(Estimate(0.50, 0.47, 0.53), "base_purchases"), "depends"),
        (Estimate(math.nan, math.nan, math.nan), "cannot_be_tested"),
        (Missing(["orders.amount"]), "cannot_be_tested"),
        (True, "holds"),
        (False, "does_not_hold"),
        (np.bool_(False), "does_not_hold"),
        (None, "cannot_be_tested"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_eighty_twenty(claims, evidence, verdict, lang):
    outcome = judge(claims["top_fifth"], evidence, lang=lang)
    assert outcome.verdict == verdict
    assert outcome.why
    if isinstance(evidence, Measured):
        assert word(evidence.base, lang) in outcome.found
        assert ("换了口径" in outcome.why or "another base" in outcome.why) == (evidence.base == "base_purchases")


def test_a_cause_seen_as_a_difference_depends_and_no_difference_does_not_hold(claims):
    lost = judge(claims["reason_service"], newcombe(60, 100, 300, 1000))
    assert lost.verdict is Verdict.DEPENDS
    assert "association, not cause" in lost.why
    assert lost.found.startswith("+30.0% [+")
    assert judge(claims["reason_service"], newcombe(10, 100, 600, 1000)).verdict is Verdict.DOES_NOT_HOLD
    assert judge(claims["reason_service"], newcombe(31, 100, 300, 1000)).verdict is Verdict.DEPENDS
    two_kinds = judge(claims["consumers_churn"], newcombe(60, 100, 300, 1000))
    assert two_kinds.verdict is Verdict.DEPENDS
    assert "one kind of churn" in two_kinds.why
    assert judge(claims["consumers_churn"], newcombe(10, 100, 600, 1000)).verdict is Verdict.DOES_NOT_HOLD


def test_progress_before_and_after_its_time(tmp_path):
    goal = {"value": 100, "where": WHERE}
    dates = {"start": "2005-10", "due": "2010-10", "at": "2009-12-31"}
    for reached, at, verdict in ((80, "2009-12-31", "depends"), (80, "2011-01-01", "does_not_hold"),
                                 (100, "2009-12-31", "holds")):  # fmt: skip
        claim = one_claim(tmp_path, kind="progress", dates={**dates, "at": at},
                          figures={"goal": goal, "reached": {"value": reached, "where": WHERE}})  # fmt: skip
        assert judge(claim).verdict == verdict


def test_growth_that_holds(tmp_path):
    figures = {"start": {"value": 100, "step": 1, "where": WHERE}, "end": {"value": 150, "step": 1, "where": WHERE}}
    claim = one_claim(tmp_path, kind="growth", figures=figures, range=[0.4, 0.6])
    assert judge(claim).verdict is Verdict.HOLDS
    assert (
        judge(one_claim(tmp_path, kind="equal", figures={"a": figures["end"], "b": figures["end"]})).verdict == "holds"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_frame_of_the_taobao_claims(claims, lang):
    evidence = {"top_fifth": Measured(Estimate(0.735, 0.701, 0.767), "base_revenue"),
                "reason_delivery": Missing(["tickets", "orders.amount"])}  # fmt: skip
    frame = check_claims(list(claims.values()), evidence, lang=lang)
    assert list(frame) == ["claim", "source", "method", "found", "verdict", "why"]
    assert frame.index.tolist() == list(claims)
    assert frame.map(bool).all(axis=None)
    assert frame.loc["top_fifth", "found"].startswith("73.5% [70.1%, 76.7%]")
    assert set(frame["verdict"]) <= {word(verdict, lang) for verdict in Verdict}
    assert word("table.tickets", lang) in frame.loc["reason_delivery", "why"]
    title = "淘宝网客户关系管理三级项目" if lang == "zh" else "A student project on Taobao's CRM"
    assert frame["source"].str.contains(title, regex=False).all()
    texts = " ".join(frame.drop(columns="source").to_numpy().ravel())
    assert not [sign for sign in "{}" if sign in texts]
    has_chinese = pd.Series(texts).str.contains("[\u4e00-\u9fff]").item()
    assert has_chinese == (lang == "zh")


def test_verdicts_do_not_depend_on_language(claims):
    zh, en = (check_claims(list(claims.values()), lang=lang)["verdict"] for lang in ("zh", "en"))
    assert [word(verdict, "zh") for verdict in Verdict] != [word(verdict, "en") for verdict in Verdict]
    named = {word(verdict, "zh"): word(verdict, "en") for verdict in Verdict}
    assert zh.map(named).tolist() == en.tolist()


def test_evidence_for_another_claim_is_refused(claims):
    with pytest.raises(InputError, match="did you mean 'top_fifth'"):
        check_claims(list(claims.values()), {"top_fith": True})
    with pytest.raises(InputError, match="take none: growth_2011"):
        check_claims(list(claims.values()), {"growth_2011": True})
    with pytest.raises(InputError, match="names no range"):
        judge(claims["mall_size"], Estimate(1, 0, 2))


def test_missing_inputs_name_what_the_data_lack(claims):
    orders = pd.DataFrame({"order_id": "1", "customer_id": "a", "ordered_at": "1997-01-01", "amount": [9.0]})
    lacking = missing_inputs(list(claims.values()), from_frames({"orders": orders}, About("one line")))
    assert "top_fifth" not in lacking
    assert lacking["reason_service"] == Missing(("tickets",))
    assert lacking["merchants_profit"] == Missing(("sellers", "orders.seller_id"))
    why = check_claims(list(claims.values()), lacking, lang="zh").loc["merchants_profit", "why"]
    assert word("table.sellers", "zh") in why
    assert "seller_id" in why


def test_the_taobao_file_is_whole_in_both_languages():
    given = yaml.safe_load(TAOBAO.read_text("utf-8"))
    for claim in given["claims"]:
        pairs = [claim, *(claim[key] for key in ("method", "needs", "assumes", "caveat") if key in claim)]
        pairs += [figure["where"] for figure in claim.get("figures", {}).values()]
        for pair in pairs:
            assert any("\u4e00" <= sign <= "\u9fff" for sign in pair["zh"]), claim["id"]
            assert pair["en"].isascii(), claim["id"]
    assert {"growth_2011", "growth_2010", "top_fifth", "consumers_churn", "credit_levels", "jobs_pledge", "split_date",
            "reason_service", "reason_scattered", "reason_community", "reason_delivery"} <= {
        claim["id"] for claim in given["claims"]}  # fmt: skip
    for claim in read_claims(TAOBAO):
        for lang in ("zh", "en"):
            assert set(claim.figures) <= {"first", "second", "recorded"} or claim.kind in ("equal", "evidence") or all(
                figure.text(lang) in claim.how(lang) for figure in claim.figures.values())  # fmt: skip


def test_words_and_sentences_are_whole():
    for verdict in Verdict:
        assert WORDS[verdict].zh_note
        assert WORDS[verdict].en_note
    for texts in SENTENCES.values():
        assert set(texts) == {"zh", "en"}
        assert placeholders(texts["zh"]) == placeholders(texts["en"])


def placeholders(text):
    return {part.split("}")[0] for part in text.split("{")[1:]}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"kind": "guess"}, "kind 'guess' is not one of"),
        ({"kind": "growth", "figures": {}}, "lacks the figure start"),
        ({"kind": "evidence"}, "needs the key needs"),
        ({"kind": "evidence", "needs": {"zh": "中文"}}, "needs needs zh and en"),
        ({"kind": "evidence", "needs": {**BOTH, "and more": None}}, "quotation marks"),
        ({"kind": "evidence", "needs": BOTH, "rang": [0, 1]}, "unknown key rang did you mean 'range'"),
        ({"kind": "evidence", "needs": BOTH, "range": [0]}, "range needs two values"),
        ({"kind": "equal", "figures": {"a": {"value": 1}}}, "a.a: where needs zh and en"),
        ({"kind": "equal", "figures": {"a": {"value": 1, "where": WHERE, "unit": "ell"}}}, "unknown unit ell"),
        ({"kind": "equal", "zh": ""}, "lacks zh"),
        ({"kind": "progress", "figures": {}}, "dates start, due and at"),
    ],
)
def test_claims_that_are_not_whole_are_named(tmp_path, keys, said):
    with pytest.raises(InputError, match=said):
        one_claim(tmp_path, **keys)


@pytest.mark.parametrize("text", ["[1, 2]", "claims: []", "a: [", "document: {zh: a, en: b}\nclaims: 3"])
def test_files_that_hold_no_claims(tmp_path, text):
    path = tmp_path / "claims.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError):
        read_claims(path)


def test_an_id_used_twice_and_an_absent_file(tmp_path):
    claim = {"id": "a", "section": "1", "kind": "equal", **BOTH, "method": BOTH}
    path = tmp_path / "claims.yml"
    path.write_text(yaml.safe_dump({"document": BOTH, "claims": [claim, claim, 3]}), "utf-8")
    with pytest.raises(InputError, match=r"(?s)needs an id.*a: this id is used twice"):
        read_claims(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_claims(tmp_path / "none.yml")


def test_bases_and_bare_estimates(tmp_path):
    claim = evidence_claim(tmp_path, range=[0, 1])
    assert judge(claim, Measured(Estimate(0.5, 0.4, 0.6), "base_revenue")).verdict is Verdict.HOLDS
    assert judge(claim, Estimate(0.5, 0.4, 0.6)).found == "50.0% [40.0%, 60.0%]"
    assert judge(claim, Estimate(0.5, math.nan, math.nan)).verdict is Verdict.DEPENDS
