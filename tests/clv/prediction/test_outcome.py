import numpy as np
import pandas as pd
import pytest
from scipy.special import betainc

from crm_analysis.clv import BGNBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.prediction.counts import Counts
from crm_analysis.clv.prediction.outcome import Spend
from crm_analysis.clv.prediction.prediction import value
from crm_analysis.clv.spend.gamma_gamma import GammaGamma

PARETO = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738, unit="week")
BG = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907, unit="week")
GG = GammaGamma.with_params(p=6.249572, q=3.744225, v=15.443523)
HEAVY = GammaGamma.with_params(p=1.2, q=0.8, v=40.0)
ROWS = [(0, 0, 38.86, np.nan), (1, 2, 38.0, 30.0), (2, 30.43, 38.86, 22.35), (26, 30.8, 31.0, 50.0), (90, 99, 100, 20)]
FRAME = pd.DataFrame(ROWS, columns=["frequency", "recency", "T", "monetary_value"])


@pytest.mark.parametrize("model", [PARETO, BG], ids=["pareto", "bg"])
@pytest.mark.parametrize("spend", [GG, HEAVY], ids=["gg", "heavy"])
@pytest.mark.parametrize("horizon", [8.0, 52.0, 260.0])
def test_quantiles_reach_their_probability(model, spend, horizon):
    """F(y) summed over every number of purchases, each with its beta prime, at the quantile found."""
    cases = as_cases(FRAME)
    alive = model._alive(model.theta_, cases.x, cases.tx, cases.T)
    counts = Counts.of(model, cases, horizon)
    p, q, _ = (float(value) for value in spend.theta_)
    for prob in (0.025, 0.5, 0.9, 0.975):
        found = Spend.of(counts, spend.theta_).quantile(counts, alive, prob)
        for case, y in enumerate(found):
            rows = counts.pair == counts.of_case[case]
            n, chance = counts.n[rows], counts.probability[rows]
            some = betainc(np.maximum(p * n, 1e-9), p * cases.x[case] + q, y / (1 + y))
            reached = 1 - alive[case] + alive[case] * (chance @ np.where(n > 0, some, 1.0))
            if y > 0:
                assert reached == pytest.approx(prob, abs=3e-3)
            else:
                assert reached >= prob - 1e-9


def futures(model, row, horizon, discount, rng, count):
    """Total spend of simulated futures of one customer, each purchase discounted at its own time."""
    x, tx, T, m = row
    alive = rng.random(count) < model._alive(model.theta_, float(x), tx, T)
    rate, dead_at, left = model._lives(rng, model._updated(model.theta_, x, T), count)
    number = rng.poisson(rate * np.minimum(horizon, dead_at)) * alive
    who = np.repeat(np.arange(count), number)
    when = rng.random(len(who)) * np.minimum(horizon, dead_at)[who]
    order = np.lexsort((when, who))
    when, place = when[order], np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number)
    made = place < left[who]
    who, when = who[made], when[made]
    p, q, v = (float(value) for value in GG.theta_)
    nu = rng.gamma(p * x + q, 1 / (v + (x * m if x else 0.0)), count)
    return np.bincount(who, weights=rng.gamma(p, size=len(who)) / nu[who] * np.exp(-discount * when), minlength=count)


@pytest.mark.parametrize("model", [PARETO, BG], ids=["pareto", "bg"])
@pytest.mark.parametrize(("years", "least"), [(1, 0.042), (5, 0.022)])
def test_simulated_futures_with_discounts_at_their_own_times(model, years, least):
    """The upper limit is a little too high in the long run: who stays longest buys latest."""
    table = value(model, GG, FRAME, horizon=f"{years} years", level=0.9)
    rng, discount = np.random.default_rng(1), table.attrs["discount_per_unit"]
    for row, (_, found) in zip(ROWS, table.iterrows()):
        totals = futures(model, row, table.attrs["horizon"], discount, rng, 30_000 if row[0] < 20 else 6_000)
        assert totals.mean() == pytest.approx(found["clv"], rel=0.06)
        assert (totals < found["value_low"]).mean() < 0.056
        assert least < (totals > found["value_high"]).mean() < 0.056
        if row[0] > 0:
            assert found["value_high"] < np.quantile(totals, 0.95) * (1 + 0.02 * years)


def test_a_customer_of_unknown_spend_is_new_to_the_spend_model():
    """Who bought again but without a usable amount gets the range of a stranger with the same purchases."""
    set_aside = GammaGamma(nonpositive="set_aside")
    set_aside.params_ = GG.params_
    set_aside.unit_ = ""
    frame = FRAME.assign(monetary_value=[np.nan, 0.0, 22.35, 50.0, 20.0])
    table, usual = (value(PARETO, set_aside, part, horizon=52) for part in (frame, FRAME))
    assert table["spend_basis"].tolist()[:3] == ["population_mean", "population_mean", "own_history"]
    assert table.loc[1, "expected_spend"] == pytest.approx(GG.population_mean_)
    assert table.loc[1, "value_high"] != pytest.approx(usual.loc[1, "value_high"], rel=0.01)
    pd.testing.assert_series_equal(table["value_high"].drop(1), usual["value_high"].drop(1))
