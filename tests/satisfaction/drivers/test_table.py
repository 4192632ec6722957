"""The whole analysis: the mobile-phone survey, known truth, weights, ordinal outcomes, words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.cases import read_cases
from crm_analysis.satisfaction.drivers.ordinal_shares import subset_pseudo_r_squared
from crm_analysis.satisfaction.drivers.shapley import shapley
from crm_analysis.satisfaction.drivers.table import driver_table
from crm_analysis.words import all_words
from tests.conftest import ROOT
from tests.satisfaction.drivers.published import PERQ, UCLA_DRIVERS, ucla

BLOCKS = {"image": 3, "expectations": 3, "quality": 4, "value": 2, "satisfaction": 3}
DIMENSIONS = ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
FORBIDDEN = ("cause", "drives", "effect", "impact", "influence", "because", "导致", "影响", "作用", "效应", "决定")


@pytest.fixture(scope="module")
def taobao() -> pd.DataFrame:
    return tables.load(ROOT / "data" / "taobao").tables["survey"]


def block_means(survey: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        block: survey[[f"{block}_{i}" for i in range(1, n + 1)]].mean(axis=1) for block, n in BLOCKS.items()
    })  # fmt: skip


def simulated(seed: int, slopes: list[float], n: int = 250) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(slopes))) + 0.8 * rng.normal(size=(n, 1))
    frame = pd.DataFrame(x, columns=list("abcdefgh"[: len(slopes)]))
    return frame.assign(y=x @ slopes + 2.5 * rng.normal(size=n))


def analyse(frame: pd.DataFrame, **arguments):
    return driver_table(frame, **{"outcome": "y", "drivers": [c for c in frame if c != "y"], "draws": 100} | arguments)


def test_mobile_phones(real_data):
    survey = pd.read_csv(real_data("mobi.csv"))
    found = driver_table(survey, outcome="CUSA1", drivers=PERQ)
    expected = [0.134763, 0.050854, 0.045326, 0.075340, 0.035288, 0.043937, 0.061241]
    np.testing.assert_allclose(found.table["lmg"].reindex(PERQ), expected, atol=1e-6)
    expected = [0.129505, 0.055248, 0.045587, 0.075747, 0.035170, 0.042756, 0.062737]
    np.testing.assert_allclose(found.table["relative_weight"].reindex(PERQ), expected, atol=1e-6)
    assert found.fit.value == pytest.approx(0.446749, abs=1e-6)
    assert found.fit.low < found.fit.value < found.fit.high
    assert list(found.table.index[:2]) == ["PERQ1", "PERQ4"]
    assert found.first_place == ["PERQ1", "PERQ4"]  # 92 % of the draws are not enough
    assert (found.respondents, found.left_out) == (250, 0)
    np.testing.assert_allclose(found.table["lmg"], found.dominance.levels.mean(axis=1)[found.table.index])


def test_adjusted_r_squared_of_statsmodels():
    import statsmodels.api as sm

    frame = simulated(1, [1, 0.5, 0])
    found = analyse(frame, draws=0)
    peer = sm.OLS(frame["y"], sm.add_constant(frame[list("abc")])).fit()
    assert found.fit.value == pytest.approx(peer.rsquared)
    assert found.adjusted == pytest.approx(peer.rsquared_adj)


def test_truth_of_the_simulated_survey(taobao):
    """Satisfaction on image .2, expectations .05, quality .5, value .2: quality first, the rest not in order."""
    found = driver_table(block_means(taobao), outcome="satisfaction", drivers=list(BLOCKS)[:4])
    assert found.table.index[0] == "quality"
    assert found.table.loc["quality", "chance_first"] > 0.975
    assert found.first_place == ["quality"]
    assert found.table.loc["quality", ["importance_rank_low", "importance_rank_high"]].tolist() == [1, 1]
    assert (found.coefficients["coefficient_low"] > 0).all()
    assert "perceived quality" in found.text("en") or "quality" in found.text("en")


def test_gaps_of_equal_weight_leave_the_first_place_open(taobao):
    """In truth `overall` follows the mean gap of all pairs alike: no dimension may be named the first."""
    gap = pd.DataFrame({
        name: taobao[[f"{name}_p1", f"{name}_p2"]].mean(axis=1) - taobao[[f"{name}_e1", f"{name}_e2"]].mean(axis=1)
        for name in DIMENSIONS
    })  # fmt: skip
    found = driver_table(gap.assign(overall=taobao["overall"]), outcome="overall", drivers=DIMENSIONS)
    assert len(found.first_place) > 1
    assert found.fit.value > 0.5
    common = found.coefficients["coefficient"].mean()
    assert (found.coefficients["coefficient_low"] < common + 0.01).all()
    assert (found.coefficients["coefficient_high"] > common - 0.01).all()
    assert "first place is open" in found.text("en")
    assert "第一位并不确定" in found.text("zh")


def test_of_two_equal_drivers_neither_is_named_first_more_often_than_promised():
    named = [len(analyse(simulated(seed, [1, 1]), seed=seed).first_place) == 1 for seed in range(80)]
    assert np.mean(named) < 0.13


def test_equal_drivers_are_not_told_apart():
    apart = [analyse(simulated(seed, [1, 1, 1, 1])).comparisons["distinguishable"].any() for seed in range(40)]
    assert np.mean(apart) < 0.18


def test_different_drivers_are_told_apart():
    found = analyse(simulated(1, [2, 1, 0], n=2000))
    assert found.first_place == ["a"]
    assert found.comparisons["distinguishable"].all()
    assert found.comparisons.index.tolist() == [("a", "b"), ("a", "c"), ("b", "c")]


def test_ranks_and_limits_hang_together():
    found = analyse(simulated(3, [1, 0.8, 0.3, 0]), draws=200)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 1)
    np.testing.assert_allclose(found.ranks[1], found.table["chance_first"])
    for name in ("lmg", "lmg_share", "relative_weight", "relative_weight_share"):
        assert (found.table[f"{name}_low"] <= found.table[name]).all()
        assert (found.table[name] <= found.table[f"{name}_high"]).all()
    assert (found.table["importance_rank_low"] <= found.table["importance_rank_high"]).all()
    assert found.table["lmg"].is_monotonic_decreasing
    assert analyse(simulated(3, [1, 0.8, 0.3, 0]), draws=200).table.equals(found.table)


def test_no_draws_no_limits():
    found = analyse(simulated(1, [1, 0]), draws=0)
    assert found.table[["lmg_low", "lmg_high", "chance_first"]].isna().all(axis=None)
    assert np.isnan(found.fit.low)
    assert found.first_place == []
    assert not found.comparisons["distinguishable"].any()
    assert "not known how sure" in found.text("en")


def test_weights_are_counts_for_point_estimates():
    frame = simulated(1, [1, 0.5, 0])
    count = np.random.default_rng(1).integers(1, 4, len(frame))
    weighted = analyse(frame.assign(w=count), drivers=list("abc"), weights="w")
    repeated = analyse(frame.loc[frame.index.repeat(count)], draws=0)
    names = ["lmg", "relative_weight", "entered_first", "entered_last", "coefficient", "correlation", "vif"]
    np.testing.assert_allclose(weighted.table[names], repeated.table[names], atol=1e-10)
    assert weighted.respondents == len(frame)
    assert weighted.n_eff == pytest.approx(count.sum() ** 2 / (count**2).sum())
    assert weighted.adjusted < repeated.adjusted


def test_groups():
    frame = simulated(1, [1, 0.5, 0, 0.3])
    found = analyse(frame, groups={"ab": ["a", "b"]})
    assert set(found.table.index) == {"ab", "c", "d"}
    assert found.table.loc["ab", ["coefficient", "vif", "betasq"]].isna().all()
    assert set(found.coefficients.index) == set("abcd")
    assert found.table["lmg"].sum() == pytest.approx(analyse(frame, draws=0).fit.value)


def test_ordinal_students():
    found = driver_table(ucla(), outcome="apply", drivers=UCLA_DRIVERS, kind="ordinal_logit", draws=50)
    expected = [0.022853, 0.000230, 0.009540]
    np.testing.assert_allclose(found.table["lmg"].reindex(UCLA_DRIVERS), expected, atol=1e-6)
    assert found.fit.value == pytest.approx(0.032623, abs=1e-6)
    np.testing.assert_allclose(found.coefficients["coefficient"], [1.047664, -0.058683, 0.615746], atol=1e-6)
    assert "relative_weight" not in found.table
    assert found.dominance.strongest.loc["pared", "public"] == "complete_dominance"
    assert "McFadden" in found.text("en")
    assert (found.table["lmg_low"] <= found.table["lmg"]).all()


@pytest.mark.parametrize("measure", ["mcfadden", "nagelkerke"])
def test_pseudo_r_squared_of_subsets_by_statsmodels(measure):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    frame = ucla()
    fit = subset_pseudo_r_squared(read_cases(frame, outcome="apply", drivers=UCLA_DRIVERS), measure=measure)
    for s in range(1, 8):
        chosen = [name for j, name in enumerate(UCLA_DRIVERS) if s >> j & 1]
        peer = OrderedModel(frame["apply"], frame[chosen], distr="logit").fit(method="newton", disp=False)
        n, ll, null = 400, peer.llf, peer.llnull
        nagelkerke = (1 - np.exp(2 * (null - ll) / n)) / (1 - np.exp(2 * null / n))
        assert fit[s] == pytest.approx(1 - ll / null if measure == "mcfadden" else nagelkerke, abs=1e-7)
    assert shapley(fit).sum() == pytest.approx(fit[-1])


def test_ordinal_draws_survive_a_category_that_is_not_drawn():
    frame = simulated(1, [1, 0.5], n=150)
    frame["y"] = np.digitize(frame["y"], [-4.0, -1, 1, 4.0])
    frame.loc[frame["y"].eq(4).cumsum().gt(1) & frame["y"].eq(4), "y"] = 3  # one single answer 4
    seen: list[tuple[int, int]] = []
    found = analyse(frame, kind="ordinal_logit", draws=40, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (40, 40)
    assert len(seen) == 40
    assert found.failed.empty
    assert found.table["lmg_low"].notna().all()


def test_ordinal_weights_are_counts():
    frame = simulated(1, [1, 0.5], n=150)
    frame["y"] = np.digitize(frame["y"], [-1.0, 1])
    count = pd.Series(np.random.default_rng(1).integers(1, 4, 150))
    weighted = analyse(frame, kind="ordinal_probit", draws=0, weights=count)
    repeated = analyse(frame.loc[frame.index.repeat(count)], kind="ordinal_probit", draws=0)
    np.testing.assert_allclose(weighted.table["lmg"], repeated.table["lmg"], atol=1e-9)


def test_more_drivers_than_subsets_can_be_looked_at():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(300, 22)), columns=[f"q{i}" for i in range(22)])
    found = analyse(frame.assign(y=frame.sum(axis=1) + rng.normal(size=300)), draws=20)
    assert found.dominance is None
    assert 0 < found.table["lmg_error"].max() < 0.01
    assert found.table["lmg"].sum() == pytest.approx(found.fit.value)
    assert "sampled orders" in found.text("en")


def test_what_the_text_warns_of():
    frame = simulated(1, [1, 0.5], n=18)
    assert "fewer than 10 effective respondents per driver" in analyse(frame).text("en")
    rng = np.random.default_rng(2)
    a = rng.normal(size=400)
    b = a + 0.2 * rng.normal(size=400)
    turned = pd.DataFrame({"a": a, "b": b, "y": 2 * a - 1.5 * b + 0.2 * rng.normal(size=400)})
    found = analyse(turned)
    assert found.turned == ["b"]
    assert "other sign than its correlation" in found.text("en")
    assert "VIF 5 or more" in found.text("en")
    assert "VIF 不低于 5" in found.text("zh")


def test_lost_draws_are_told():
    frame = simulated(1, [1, 0.5], n=60).assign(rare=0.0)
    frame.loc[:3, "rare"] = 1.0
    found = analyse(frame, draws=400)
    assert found.failed["draws_lost"].sum() > 0
    assert "rare" in found.text("en")
    assert "rare" in found.text("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["ols", "ordinal_logit"])
def test_text_speaks_of_association_only(lang, kind):
    frame = simulated(1, [1, 0.5, 0.1])
    frame["y"] = np.digitize(frame["y"], [-2.0, 0, 2])
    text = analyse(frame, kind=kind, draws=40).text(lang)
    assert not any(word in text.lower() for word in FORBIDDEN)
    assert "{" not in text


def test_one_driver():
    found = analyse(simulated(1, [1]))
    assert found.table["lmg_share"].tolist() == [1]
    assert found.first_place == ["a"]
    assert "'a' goes with" not in found.text("en")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "logit"}, "no kind 'logit'"),
        ({"kind": "ols", "measure": "mcfadden"}, "'mcfadden' is no measure of ols"),
        ({"kind": "ordinal_logit", "measure": "r_squared"}, "'r_squared' is no measure of ordinal_logit"),
        ({"draws": 5}, "draws must be 0 or at least 20"),
        ({"drivers": ["a", "y"]}, "among the drivers"),
        ({"kind": "ordinal_logit"}, "250 different values"),
    ],
)
def test_bad_settings(arguments, message):
    with pytest.raises(InputError, match=message):
        analyse(simulated(1, [1, 0.5]), **arguments)


def test_too_many_ordinal_models():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(300, 13)), columns=[f"q{i}" for i in range(13)])
    frame["y"] = rng.integers(1, 6, 300)
    with pytest.raises(InputError, match="13 drivers need 8,192 ordinal models"):
        analyse(frame, kind="ordinal_logit")


def test_every_column_has_a_word():
    found = analyse(simulated(1, [1, 0.5]))
    known = set(all_words())
    for table in (found.table, found.coefficients, found.comparisons, found.failed):
        names = {name for name in table if not name.endswith(("_low", "_high"))} | set(table.index.names)
        assert names - {"vif"} <= known
    assert {rule for rule in ("outcome_missing", "incomplete_answers", "answers_filled")} <= known
    assert set(found.dominance.strongest.to_numpy().ravel()) - {""} <= known


def test_one_driver_is_spoken_of_as_one():
    found = analyse(simulated(1, [1, 0.5]), drivers=["a"])
    assert found.text("en").startswith("The driver reaches an R² of")
    assert found.text("zh").startswith("该因素与")
