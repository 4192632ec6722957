"""Simulation-based calibration of the purchase models: how often 95 % intervals hold the truth.

python benchmarks/clv_coverage.py [--sets 800] [--customers 200 500 1500] [--models bg_nbd] [--workers 2] [--posterior]

For each model and number of customers, data sets are simulated at known parameters and fitted. Counted is how often
the intervals of `summary(level=0.95)` (with --posterior: those of posterior draws) hold each parameter, and how often
intervals by the delta method (on the log scale) hold the expected purchases in the 39 weeks to come of one stated
customer and of all customers together.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.models.histories import simulate
from crm_analysis.clv.models.model import PurchaseModel

WEEKS, AHEAD, STEP, Z = 78.0, 39.0, 1e-4, 1.959964
STATED = pd.DataFrame({"frequency": [2.0], "recency": [60.0], "T": [WEEKS]})
TRUTH: dict[str, PurchaseModel] = {  # the fits to 78 weeks of the CDNOW sample, rounded
    model.key: model
    for model in (
        ParetoNBD.with_params(r=0.56, alpha=12.5, s=0.41, beta=10.5),
        BGNBD.with_params(r=0.25, alpha=5.4, a=0.61, b=2.65),
        MBGNBD.with_params(r=0.62, alpha=8.7, a=0.55, b=1.0),
        NBD.with_params(r=0.36, alpha=13.8),
    )
}
INTERVALS = 0.95


def one_set(key: str, customers: int, draws: bool, seed: int) -> dict[str, float | str]:
    """Fit one simulated data set; +1 and -1 mark intervals above and below the truth, 0 those that hold it."""
    truth = TRUTH[key]
    made = simulate(truth, customers, T=WEEKS, seed=seed)[["frequency", "recency", "T"]]
    model = type(truth)().fit(made)
    found: dict[str, float | str] = {"verdict": model.verdict_.kind}
    table = model.summary(level=INTERVALS)
    if draws:
        limits = {"low": "estimate_low", "high": "estimate_high"}
        table = model.posterior(seed=seed).interval(INTERVALS).rename(columns=limits)
    for name, true in truth.params_.items():
        found[name] = side(true, table.loc[name, "estimate_low"], table.loc[name, "estimate_high"])
    questions = {
        "one customer": lambda at: float(at.expected_purchases(STATED, horizon=AHEAD).iloc[0]),
        "all customers": lambda at: float(at.expected_purchases(made, horizon=AHEAD).sum()),
    }
    for name, question in questions.items():
        value, error = question(model), delta(model, question)
        found[name] = side(question(truth), value * np.exp(-Z * error), value * np.exp(Z * error))
    return found


def side(truth: float, low: float, high: float) -> float:
    """Return 1 if the interval lies above the truth, -1 if below, 0 if it holds it, NaN without an interval."""
    return float(low > truth) - float(high < truth) if np.isfinite(low) and np.isfinite(high) else np.nan


def delta(model: PurchaseModel, question: Callable[[PurchaseModel], float]) -> float:
    """Standard error of the logarithm of an answer, by the delta method; NaN if a parameter is not determined."""
    logs, slope = np.log(model.params_), []
    for axis in STEP * np.eye(len(logs)):
        ends = [type(model).with_params(**np.exp(logs + sign * axis)) for sign in (1, -1)]
        slope.append((np.log(question(ends[0])) - np.log(question(ends[1]))) / (2 * STEP))
    return float(np.sqrt(np.array(slope) @ model.log_covariance_.to_numpy() @ slope))


def column(key: str, customers: int, sets: int, workers: int, draws: bool) -> pd.Series:
    """Return the coverage of everything asked, as text."""
    with ProcessPoolExecutor(workers) as pool:
        found = pd.DataFrame(pool.map(partial(one_set, key, customers, draws), range(sets), chunksize=8))
    verdicts = found.pop("verdict").value_counts()
    cells = {}
    for name in found:
        known = found[name].dropna()
        above, below = (known == 1).mean(), (known == -1).mean()
        cells[name] = f"{1 - above - below:.1%} ({above:.1%}, {below:.1%})"
        cells[name] += f", {len(known)} sets" if len(known) < sets else ""
    others = [f"{count} {kind}" for kind, count in verdicts.items() if kind != "converged"]
    return pd.Series(cells | {"verdicts other than converged": ", ".join(others) or "none"})


def main() -> None:
    """Simulate, fit, print a table for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=800)
    parser.add_argument("--customers", type=int, nargs="+", default=[200, 500, 1500])
    parser.add_argument("--models", choices=TRUTH, nargs="+", default=list(TRUTH))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--posterior", action="store_true", help="intervals of the parameters from posterior draws")
    chosen = parser.parse_args()
    error = np.sqrt(INTERVALS * (1 - INTERVALS) / chosen.sets)
    print(f"{chosen.sets} data sets each; the standard error of a coverage of 95 % is {error:.1%}.")
    print("In brackets: intervals that lie above the truth, and below it.")
    for key in chosen.models:
        start = time.perf_counter()
        columns = {n: column(key, n, chosen.sets, chosen.workers, chosen.posterior) for n in chosen.customers}
        print(f"\n{TRUTH[key]}, {time.perf_counter() - start:.0f} s\n")
        print(f"| | {' | '.join(f'{n} customers' for n in columns)} |")
        print(f"|---|{'---|' * len(columns)}")
        for name in next(iter(columns.values())).index:
            print(f"| {name} | {' | '.join(cells[name] for cells in columns.values())} |", flush=True)


if __name__ == "__main__":
    main()
