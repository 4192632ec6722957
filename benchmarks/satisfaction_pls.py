"""The bootstrap of a PLS model beside fits one at a time.

python benchmarks/satisfaction_pls.py [--draws 5000] [--times 3]

The model is the full ECSI of the mobile-phone survey (250 respondents, 24 items, 12 paths); the answers are drawn
(seeded) from a normal distribution with the survey's published moments and rounded to 1..10. Every way draws the same
respondents (one stream of random numbers for each replicate) and must come to the same standard errors.

- *ours*: ``PLS.resample``: all replicates at once on stacked correlation matrices; failures looked for and counted.
- *ours, all tables*: ``pls.inference.bootstrap``: the same, then limits of all paths, effects, weights, loadings, R2.
- *plain loop*: rows drawn, ``np.corrcoef``, the textbook's rounds and regressions in numpy, one replicate at a time;
  nothing is checked. It is what a script written for this one purpose does.
- *our fit in a loop*: ``PLS.fit`` as users call it, on the rows of each replicate.

Each run is a process of its own; time is that of the bootstrap alone, memory what the process needs at its peak beyond
what it had before.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.pls.templates import ecsi
from crm_analysis.satisfaction.survey.moments import mobi

MODEL, SEED = ecsi(low=1, high=10), 1


def survey(n: int = 250) -> pd.DataFrame:
    """Answers with the moments of the mobile-phone survey."""
    moments = mobi().take(MODEL.items)
    covariance = moments.correlations * np.outer(moments.sds, moments.sds)
    values = np.random.default_rng(SEED).multivariate_normal(moments.means, covariance, size=n)
    return pd.DataFrame(np.clip(np.round(values), 1, 10), columns=list(MODEL.items))


def rows(n: int, draws: int) -> list[np.ndarray]:
    """Respondents of each replicate, as the package draws them."""
    return [np.random.default_rng(s).integers(0, n, n) for s in np.random.SeedSequence(SEED).spawn(draws)]


def ours(answers: pd.DataFrame, draws: int) -> np.ndarray:
    """All replicates at once."""
    drawn = PLS(MODEL).fit(answers).resample(draws=draws, seed=SEED)
    names = list(MODEL.constructs)
    return np.std([drawn.solution.paths[:, names.index(a), names.index(b)] for a, b in MODEL.paths], axis=1, ddof=1)


def tables(answers: pd.DataFrame, draws: int) -> np.ndarray:
    """All replicates at once, and every table."""
    return bootstrap(PLS(MODEL).fit(answers), draws=draws, seed=SEED).paths["standard_error"].to_numpy()


def plain(answers: pd.DataFrame, draws: int) -> np.ndarray:
    """One replicate at a time, in numpy."""
    values = answers.to_numpy()
    names = list(MODEL.constructs)
    sizes = [len(items) for items in MODEL.blocks.values()]
    edges = [(names.index(a), names.index(b)) for a, b in MODEL.paths]
    return np.std(
        [_one(np.corrcoef(values[drawn].T), sizes, edges) for drawn in rows(len(values), draws)], axis=0, ddof=1
    )


def _one(matrix: np.ndarray, sizes: list[int], edges: list[tuple[int, int]]) -> list[float]:
    count, ends = len(sizes), np.cumsum([0, *sizes])
    member = np.zeros((len(matrix), count))
    for j in range(count):
        member[ends[j] : ends[j + 1], j] = 1
    sources = {j: [a for a, b in edges if b == j] for j in range(count)}
    weights = member / np.sqrt(((matrix @ member) * member).sum(axis=0))
    for _ in range(300):
        between = weights.T @ matrix @ weights
        inner = np.zeros((count, count))
        for a, b in edges:
            inner[b, a] = between[b, a]
        for j, own in sources.items():
            if own:
                inner[own, j] = np.linalg.solve(between[np.ix_(own, own)], between[own, j])
        new = (matrix @ weights @ inner) * member
        new /= np.sqrt(((matrix @ new) * new).sum(axis=0))
        change, weights = np.abs(new - weights).max(), new
        if change < 1e-7:
            break
    weights = weights * np.where(((matrix @ weights) * member).sum(axis=0) < 0, -1, 1)
    between = weights.T @ matrix @ weights
    slopes = {}
    for j, own in sources.items():
        if own:
            slopes |= dict(zip(((a, j) for a in own), np.linalg.solve(between[np.ix_(own, own)], between[own, j])))
    return [slopes[edge] for edge in edges]


def loop(answers: pd.DataFrame, draws: int) -> np.ndarray:
    """One replicate at a time, by the estimator."""
    paths = [PLS(MODEL).fit(answers.iloc[drawn]).paths_["path"].to_numpy() for drawn in rows(len(answers), draws)]
    return np.std(paths, axis=0, ddof=1)


WAYS: dict[str, Callable] = {"ours": ours, "ours, all tables": tables, "plain loop": plain, "our fit in a loop": loop}


def child(way: str, draws: int) -> None:
    """Run once here and print what it took."""
    answers = survey()
    WAYS[way](answers, 10)  # so that no import is timed
    before, start, cpu = resident(), time.perf_counter(), time.process_time()
    errors = WAYS[way](answers, draws)
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"mb": resident("VmHWM") - before, "errors": errors.tolist()}))


def resident(what: str = "VmRSS") -> float:
    """Return the memory of this process in MB, now (after which the peak starts anew) or at its peak; Linux only."""
    if what == "VmRSS":
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def main() -> None:
    """Measure all ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        child(chosen.way, chosen.draws)
        return
    print(f"{chosen.draws:,} replicates, {os.cpu_count()} cores\n")
    print("| way | wall s | CPU s | peak memory MB | CPU time to ours | largest difference of a standard error |")
    print("|---|---|---|---|---|---|")
    first: dict = {}
    for way in WAYS:
        command = [sys.executable, __file__, "--way", way, "--draws", str(chosen.draws)]
        done = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(chosen.times)]
        runs = [json.loads(out.splitlines()[-1]) for out in done]
        run = {name: statistics.median(one[name] for one in runs) for name in ("seconds", "cpu", "mb")}
        first = first or run | {"errors": runs[0]["errors"]}
        apart = np.abs(np.subtract(runs[0]["errors"], first["errors"])).max()
        print(f"| {way} | {run['seconds']:.2f} | {run['cpu']:.2f} | {run['mb']:,.0f} | "
              f"{run['cpu'] / first['cpu']:.1f} | {apart:.1e} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
