"""The value of a customer kept, without the chance that he has left."""

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.money.kept import value_if_kept
from crm_analysis.clv import GammaGamma, ParetoNBD, value
from crm_analysis.errors import InputError

TABLE = pd.DataFrame({"clv": [90.0, 20.0, 0.0], "p_alive": [0.9, 0.1, 0.0]}, index=["a", "b", "c"])


def test_it_is_the_value_of_the_simulated_customers_who_are_alive():
    """Of customers simulated with one history, value over P(alive) is the mean value of those still alive."""
    r, alpha, s, beta = theta = 0.8, 6.0, 1.5, 20.0
    x, last, T, ahead, n = 1, 10.0, 30.0, 26.0, 400_000
    rng = np.random.default_rng(0)
    buying, leaving = rng.gamma(r, 1 / alpha, n), rng.gamma(s, 1 / beta, n)
    end = rng.exponential(1 / leaving)
    # weight of the history: one purchase at `last`, none until T or the end of the customer
    weight = np.where(end > last, buying * np.exp(-buying * np.minimum(end, T)), 0.0)
    alive = end > T
    bought = buying * (np.minimum(end, T + ahead) - T)
    mean = np.average(bought[alive], weights=weight[alive])
    model = ParetoNBD.with_params(**dict(zip(("r", "alpha", "s", "beta"), theta)), unit="week")
    spend = GammaGamma.with_params(p=6.0, q=4.0, v=15.0)
    frame = pd.DataFrame({"frequency": [x], "recency": [last], "T": [T], "monetary_value": [30.0]}, index=["a"])
    table = value(model, spend, frame, horizon=ahead, annual_discount=0.0, margin=0.4)
    kept = value_if_kept(table)["a"]
    assert table["p_alive"].item() == pytest.approx(np.average(alive, weights=weight), abs=0.01)
    assert kept == pytest.approx(0.4 * table["expected_spend"].item() * mean, rel=0.02)
    assert kept > 1.2 * table["clv"].item()


def test_nothing_is_said_of_who_cannot_be_alive():
    found = value_if_kept(TABLE)
    assert found.name == "clv"
    assert found.iloc[:2].tolist() == pytest.approx([100, 200])
    assert np.isnan(found["c"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.drop(columns="p_alive"), "'p_alive' is missing"), (TABLE["clv"], "'clv' is missing"),
        (TABLE.assign(p_alive=2.0), "outside 0 to 1"), (TABLE.assign(clv=np.nan), "blank or infinite"),
        (TABLE.assign(clv="5"), "not numbers"), (TABLE.set_axis(["a", "a", "b"], axis=0), "two rows"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_are_refused(table, message):
    with pytest.raises(InputError, match=message):
        value_if_kept(table)
