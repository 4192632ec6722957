"""Brant's test: the reference numbers, its level under the hypothesis, its verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.brant import brant_test
from crm_analysis.satisfaction.drivers.cuts import cut_coefficients
from crm_analysis.words import all_words
from tests.satisfaction.drivers.published import UCLA_DRIVERS, ucla


def answers(seed: int, *, n: int = 250, slopes: tuple[float, ...] = (1.0, 1.0, 1.0)) -> pd.DataFrame:
    """Answers 0 to 3 whose logits of "above cut c" are ``slope[c] * a + 0.5 * b - threshold[c]``."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-1, 1, n), rng.normal(size=n)
    above = 1 / (1 + np.exp(-(np.outer(a, slopes) + 0.5 * b[:, None] - np.array([-1.5, 0.0, 1.5]))))
    return pd.DataFrame({"y": (rng.random((n, 1)) < above).sum(axis=1), "a": a, "b": b})


def test_students():
    test = brant_test(ucla(), outcome="apply", drivers=UCLA_DRIVERS)
    np.testing.assert_allclose(test.table["chi_square"], [4.344259, 0.132341, 3.443346, 0.179122], atol=1e-5)
    assert test.table["df"].tolist() == [3, 1, 1, 1]
    assert test.verdict == "proportional"
    assert test.failing == []


def test_level_under_proportional_odds():
    p = np.array([brant_test(answers(seed), outcome="y", drivers=["a", "b"]).table["p"] for seed in range(120)])
    assert (np.mean(p < 0.05, axis=0) < 0.11).all()
    assert (np.abs(np.mean(p < 0.5, axis=0) - 0.5) < 0.14).all()


def test_a_driver_that_matters_at_one_end_is_found():
    test = brant_test(answers(1, n=1500, slopes=(0.2, 1.0, 2.2)), outcome="y", drivers=["a", "b"])
    assert test.failing == ["a"]
    assert test.verdict == "drivers_differ"
    for lang in ("zh", "en"):
        assert "partial_proportional_odds" in test.text(lang)
        assert "merge_categories" in test.text(lang)
    assert "a differs" not in brant_test(answers(1), outcome="y", drivers=["a", "b"]).text("en")


def test_units_of_drivers_do_not_matter():
    frame = answers(3)
    first = brant_test(frame, outcome="y", drivers=["a", "b"])
    second = brant_test(frame.assign(a=1000 * frame["a"] + 5), outcome="y", drivers=["a", "b"])
    np.testing.assert_allclose(first.table["chi_square"], second.table["chi_square"], rtol=1e-6)


def test_coefficients_by_cut_are_binary_logits():
    import statsmodels.api as sm

    frame = answers(2)
    table = cut_coefficients(frame, outcome="y", drivers=["a", "b"], level=0.9)
    for cut in (1, 2, 3):
        peer = sm.Logit(frame["y"] >= cut, sm.add_constant(frame[["a", "b"]])).fit(disp=False)
        part = table.xs(f"≥ {cut}", level="cut")
        np.testing.assert_allclose(part["coefficient"], peer.params[1:], atol=1e-6)
        np.testing.assert_allclose(part[["coefficient_low", "coefficient_high"]], peer.conf_int(0.1)[1:], atol=1e-5)
        assert part["answers_above"].tolist() == [(frame["y"] >= cut).sum()] * 2
    assert (table["answers_below"] + table["answers_above"] == 250).all()


def test_sparse_cuts_are_flagged():
    frame = answers(2)
    rare = frame.assign(y=frame["y"].where(frame["y"] < 3, 2))
    rare.loc[rare.index[:12], "y"] = 3
    test = brant_test(rare, outcome="y", drivers=["a", "b"])
    assert test.cuts["sparse_cut"].groupby(level="cut").all()["≥ 3"]
    assert "Beware" in test.text("en")
    assert "注意" in test.text("zh")


def test_separation_names_cut_and_driver():
    frame = answers(2)
    high = frame["y"] == 3
    frame.loc[high, "b"] = frame["b"].max() + 1
    with pytest.raises(InputError, match=r"the answers at the cut ≥ 3 are separated by b"):
        brant_test(frame, outcome="y", drivers=["a", "b"])


def test_two_categories_have_nothing_to_compare():
    frame = answers(2)
    with pytest.raises(InputError, match="2 categories"):
        brant_test(frame.assign(y=frame["y"] >= 2).astype(float), outcome="y", drivers=["a", "b"])


def test_verdicts_and_columns_have_words():
    test = brant_test(answers(2), outcome="y", drivers=["a", "b"])
    known = set(all_words())
    assert {"proportional", "drivers_differ", "odds_differ", "not_testable", "all_drivers"} <= known
    assert set(test.table) | set(test.table.index.names) <= known
    assert {name for name in test.cuts if not name.endswith(("_low", "_high"))} | set(test.cuts.index.names) <= known


def test_gaps_are_counted():
    frame = answers(2).astype(float)
    frame.loc[[0, 1], "y"] = np.nan
    frame.loc[2, "a"] = np.nan
    test = brant_test(frame, outcome="y", drivers=["a", "b"])
    assert (test.ledger.kept, test.ledger.set_aside) == (247, 3)


def test_sentences_name_the_p_values_that_they_rest_on():
    one = brant_test(answers(1, n=1500, slopes=(0.2, 1.0, 2.2)), outcome="y", drivers=["a", "b"])
    assert "a (corrected p < 0.001); all together: chi-square" in one.text("en")
    assert "a（校正后 p < 0.001）" in one.text("zh")
    assert "p = 0.000" not in one.text("zh") + one.text("en")
