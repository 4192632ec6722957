"""Fits of repeat-buying models beside lifetimes: time, memory, and where they end.

python benchmarks/clv_fit.py [--times 5] [--peer-times 1] [--only pareto_nbd] [--scale 1.0]

The customers are those of CDNOW (to 30 September 1997), drawn with replacement (seeded) to 100,000 for the Pareto/NBD
and 1,000,000 for the BG/NBD. *ours* is ``fit`` as users call it: checks, counting of equal customers, search from
several starts, standard errors. *lifetimes* is its ``fit`` with its defaults, which has standard errors for the BG/NBD
and none for the Pareto/NBD. Two more ways tell where the difference comes from: *lifetimes, equal customers counted* is
given distinct customers with weights (pandas' groupby included in its time), *ours, all customers distinct* gets the
same customers with times shifted by parts of a day, so that nothing is counted together.

Each run is a process of its own, which reads the customers, then fits once; time is that of the fit, memory what the
process needs at its peak beyond what it had before. The log-likelihood of all customers at the parameters found is
computed by our formulas for both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from crm_analysis import clv

CASES = {"pareto_nbd": (clv.ParetoNBD, 100_000), "bg_nbd": (clv.BGNBD, 1_000_000)}
FITTERS = {"pareto_nbd": "ParetoNBDFitter", "bg_nbd": "BetaGeoFitter"}
HISTORY = ["frequency", "recency", "T"]
END, SEED = "1997-09-30", 1


def customers(count: int, path: Path) -> None:
    """Write customers of CDNOW, drawn with replacement, and the same with times that are all different."""
    from crm_analysis.clv.summary.summary import summarize
    from crm_analysis.sources.cdnow import load_cdnow

    frame = summarize(load_cdnow()["orders"], until=END, unit="week").frame[HISTORY].astype(float)
    drawn = frame.sample(count, replace=True, random_state=SEED, ignore_index=True)
    drawn.to_parquet(path / "customers.parquet")
    rng = np.random.default_rng(SEED)
    within = drawn["recency"] * (1 - rng.random(count) / 500)
    drawn.assign(T=drawn["T"] + rng.random(count) / 7, recency=within).to_parquet(path / "distinct.parquet")


def ours(key: str, frame: pd.DataFrame) -> pd.Series:
    """Fit our model."""
    return CASES[key][0]().fit(frame).params_


def peer(key: str, frame: pd.DataFrame) -> pd.Series:
    """Fit that of lifetimes."""
    import lifetimes

    np.random.seed(SEED)  # noqa: NPY002 its Pareto/NBD starts at random
    return getattr(lifetimes, FITTERS[key])().fit(*(frame[name] for name in HISTORY)).params_


def peer_counted(key: str, frame: pd.DataFrame) -> pd.Series:
    """Fit that of lifetimes on distinct customers with weights."""
    import lifetimes

    np.random.seed(SEED)  # noqa: NPY002
    counted = frame.groupby(HISTORY).size().rename("weights").reset_index()
    fitter = getattr(lifetimes, FITTERS[key])()
    return fitter.fit(*(counted[name] for name in HISTORY), weights=counted["weights"]).params_


WAYS: dict[str, tuple[Callable, str]] = {
    "ours": (ours, "customers"),
    "lifetimes": (peer, "customers"),
    "lifetimes, equal customers counted": (peer_counted, "customers"),
    "ours, all customers distinct": (ours, "distinct"),
}


def child(key: str, way: str, folder: Path) -> None:
    """Fit once here and print what it took."""
    import warnings

    warnings.simplefilter("ignore")  # of lifetimes on current libraries
    if way.startswith("lifetimes"):
        import lifetimes  # noqa: F401 so that its import is not timed
    fit, data = WAYS[way]
    frame = pd.read_parquet(folder / f"{data}.parquet")
    before, start, cpu = resident(), time.perf_counter(), time.process_time()
    params = fit(key, frame)
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"mb": resident("VmHWM") - before, "params": params.to_dict()}))


def resident(what: str = "VmRSS") -> float:
    """Return the memory of this process in MB, now (after which the peak starts anew) or at its peak; Linux only."""
    if what == "VmRSS":
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def measure(key: str, way: str, folder: Path, times: int) -> dict[str, float]:
    """Fit in fresh processes and return medians, and the log-likelihood of all customers at the end."""
    command = [sys.executable, __file__, "--key", key, "--way", way, "--folder", str(folder)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    runs = [json.loads(out.splitlines()[-1]) for out in done]
    found = {name: statistics.median(run[name] for run in runs) for name in ("seconds", "cpu", "mb")}
    frame = pd.read_parquet(folder / f"{WAYS[way][1]}.parquet").astype(float)
    model = CASES[key][0].with_params(**runs[0]["params"])
    return found | {"log_likelihood": float(model.log_likelihood(frame).sum()), "times": times}


def compare(key: str, count: int, times: int, peer_times: int) -> None:
    """Print one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        customers(count, folder)
        distinct = len(pd.read_parquet(folder / "customers.parquet").drop_duplicates())
        print(f"\n{key}, {count:,} customers, {distinct:,} distinct; {os.cpu_count()} cores\n")
        print("| way | runs | wall s | CPU s | peak memory MB | log-likelihood | wall time to ours |")
        print("|---|---|---|---|---|---|---|")
        first = 0.0
        for way in WAYS:
            run = measure(key, way, folder, peer_times if way.startswith("lifetimes") else times)
            first = first or run["seconds"]
            print(f"| {way} | {run['times']} | {run['seconds']:.2f} | {run['cpu']:.2f} | {run['mb']:,.0f} | "
                  f"{run['log_likelihood']:,.3f} | {run['seconds'] / first:,.1f} |", flush=True)  # fmt: skip


def main() -> None:
    """Measure both models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--peer-times", type=int, default=1)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the customers")
    parser.add_argument("--key", choices=CASES, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        child(chosen.key, chosen.way, chosen.folder)
        return
    for key in [chosen.only] if chosen.only else CASES:
        compare(key, int(CASES[key][1] * chosen.scale), chosen.times, chosen.peer_times)


if __name__ == "__main__":
    main()
