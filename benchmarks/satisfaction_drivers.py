"""Shares of R2 (LMG) of all drivers beside least squares on every subset: time, and the largest difference.

python benchmarks/satisfaction_drivers.py [--drivers 15] [--times 5] [--respondents 500]

*ours* is ``shapley(subset_r_squared(...))`` on the correlation matrix. *matrix, subset by subset* solves the normal
equations of every subset on the same matrix; *rows, subset by subset* runs ``numpy.linalg.lstsq`` on the answers, as
packages without a correlation matrix do. The shares are then added up from the same table of R2. The bootstrap is
1,000 draws of 7 drivers through `driver_table`, and the ordinal models are all subsets of 7 drivers of an outcome with
5 categories, ours together and statsmodels' one by one. One run, one process; medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.drivers.cases import read_cases
from crm_analysis.satisfaction.drivers.ordinal_shares import subset_pseudo_r_squared
from crm_analysis.satisfaction.drivers.shapley import shapley
from crm_analysis.satisfaction.drivers.subsets import subset_r_squared
from crm_analysis.satisfaction.drivers.table import driver_table


def answers(respondents: int, drivers: int) -> pd.DataFrame:
    """Return drivers with a common part, and an outcome; the same for every run."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(respondents, drivers)) + rng.normal(size=(respondents, 1))
    y = x @ np.linspace(1, 0, drivers) + 2 * rng.normal(size=respondents)
    return pd.DataFrame(np.column_stack([y, x]), columns=["y", *(f"q{j}" for j in range(drivers))])


def by_matrix(matrix: np.ndarray) -> np.ndarray:
    """R2 of every subset by solving its normal equations."""
    k = len(matrix) - 1
    found = np.zeros(2**k)
    for s in range(1, 2**k):
        columns = [j + 1 for j in range(k) if s >> j & 1]
        r = matrix[0, columns]
        found[s] = r @ np.linalg.solve(matrix[np.ix_(columns, columns)], r)
    return found


def by_rows(frame: pd.DataFrame) -> np.ndarray:
    """R2 of every subset by least squares on the answers."""
    y, x = frame["y"].to_numpy(), frame.drop(columns="y").to_numpy()
    y, x = y - y.mean(), x - x.mean(axis=0)
    k = x.shape[1]
    found = np.zeros(2**k)
    for s in range(1, 2**k):
        columns = [j for j in range(k) if s >> j & 1]
        found[s] = 1 - np.linalg.lstsq(x[:, columns], y, rcond=None)[1][0] / (y @ y)
    return found


def by_statsmodels(frame: pd.DataFrame) -> np.ndarray:
    """McFadden's pseudo-R2 of every subset, one OrderedModel after the other."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    names = [name for name in frame if name != "y"]
    found = np.zeros(2 ** len(names))
    for s in range(1, len(found)):
        chosen = [name for j, name in enumerate(names) if s >> j & 1]
        found[s] = OrderedModel(frame["y"], frame[chosen], distr="logit").fit(method="bfgs", disp=False).prsquared
    return found


def timed(function: Callable[[], np.ndarray], times: int) -> tuple[float, np.ndarray]:
    """Median seconds, and the result."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        found = function()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), found


def compare(title: str, ways: dict[str, tuple[Callable[[], np.ndarray], int]]) -> None:
    """Print one table; the first way is ours."""
    print(
        f"\n{title}\n\n| way | runs | seconds | time to ours | largest difference of a share |\n|---|---|---|---|---|"
    )
    runs = {way: timed(function, times) for way, (function, times) in ways.items()}
    first, shares = next(iter(runs.values()))
    for way, (seconds, found) in runs.items():
        apart = np.abs(found - shares).max()
        print(f"| {way} | {ways[way][1]} | {seconds:.4f} | {seconds / first:,.0f} | {apart:.1e} |", flush=True)


def main() -> None:
    """Measure all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drivers", type=int, default=15)
    parser.add_argument("--respondents", type=int, default=500)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    frame = answers(chosen.respondents, chosen.drivers)
    matrix = np.corrcoef(frame.to_numpy(), rowvar=False)
    compare(f"LMG of {chosen.drivers} drivers, {chosen.respondents} respondents", {
        "ours": (lambda: shapley(subset_r_squared(matrix)), chosen.times),
        "matrix, subset by subset": (lambda: shapley(by_matrix(matrix)), 1),
        "rows, subset by subset": (lambda: shapley(by_rows(frame)), 1),
    })  # fmt: skip
    seven = answers(chosen.respondents, 7)
    names = [name for name in seven if name != "y"]
    seconds, _ = timed(lambda: driver_table(seven, outcome="y", drivers=names, draws=1000).table, chosen.times)
    print(f"\nbootstrap: 1,000 draws of 7 drivers, the whole analysis: {seconds:.2f} s")
    levels = seven.assign(y=np.digitize(seven["y"], seven["y"].quantile([0.1, 0.3, 0.6, 0.85])))
    cases = read_cases(levels, outcome="y", drivers=names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of statsmodels' optimiser
        compare("Pseudo-R2 of all subsets of 7 drivers, 5 categories", {
            "ours": (lambda: shapley(subset_pseudo_r_squared(cases)), chosen.times),
            "statsmodels, one by one": (lambda: shapley(by_statsmodels(levels)), 1),
        })  # fmt: skip


if __name__ == "__main__":
    main()
