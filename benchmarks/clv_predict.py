"""Prediction of a million customers with all intervals: time and memory, and what the short cuts save.

python benchmarks/clv_predict.py [--customers 1000000] [--times 3] [--only pareto_nbd] [--without-peer]

*CDNOW* are the customers of CDNOW (to 30 September 1997), drawn with replacement (seeded): 8,685 distinct histories,
and a mean spend of their own for repeat buyers. *daily* are customers simulated from a Pareto/NBD model, observed for
200 to 900 days, their times in whole days: half a million distinct histories.

*predict* and *value* are `clv.predict` and `clv.value` as users call them, twelve months ahead at 10 % a year, with the
posterior of each model (1,000 draws) and every interval. *value, every draw* works out each of the 1,000 draws for each
history instead of learning from a few; its limits are compared with those of *value*. *lifetimes, points only* are its
methods for P(alive), expected purchases, expected spend and lifetime value at the same parameters, which give no
intervals; its lifetime value is a sum over twelve months of 30 days.

Each run is a process of its own; models are fitted before the clock starts. Memory is the process's peak beyond what it
had before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crm_analysis import clv
from crm_analysis.clv import uncertainty

MODELS = {"pareto_nbd": clv.ParetoNBD, "bg_nbd": clv.BGNBD}
END, SEED, HORIZON, ANNUAL = "1997-09-30", 1, "12 months", 0.10
LIMITS = [f"{name}_{side}" for name in uncertainty.LINKS for side in ("low", "high")]


def cdnow(count: int) -> pd.DataFrame:
    """Return customers of CDNOW, drawn with replacement; one whose repeat purchases cost nothing is left out."""
    from crm_analysis.clv.summary.summary import summarize
    from crm_analysis.sources.cdnow import load_cdnow

    frame = summarize(load_cdnow()["orders"], until=END, unit="week").frame
    frame = frame[(frame["frequency"] == 0) | (frame["monetary_value"] > 0)]
    return frame.sample(count, replace=True, random_state=SEED, ignore_index=True)


def daily(count: int) -> pd.DataFrame:
    """Return simulated customers whose times are whole days."""
    truth = clv.ParetoNBD.with_params(r=0.9, alpha=9.0, s=0.6, beta=11.7, unit="week")
    length = np.random.default_rng(SEED).integers(200, 900, count) / 7
    frame = truth.simulate(count, T=length, seed=SEED)[["frequency", "recency", "T"]].reset_index(drop=True)
    days = np.clip(np.floor(7 * frame["recency"]), 1, 7 * frame["T"])
    frame["recency"] = np.where(frame["frequency"] > 0, days / 7, 0.0)
    spend = clv.GammaGamma.with_params(p=6.25, q=3.74, v=15.4)
    return frame.assign(monetary_value=spend.simulate(frame["frequency"], seed=SEED))


DATA: dict[str, Callable[[int], pd.DataFrame]] = {"CDNOW": cdnow, "daily": daily}


def predicted(model: Any, spend: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict without money."""
    return clv.predict(model, frame, horizon=HORIZON, annual_discount=ANNUAL)


def valued(model: Any, spend: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict with money."""
    return clv.value(model, spend, frame, horizon=HORIZON, annual_discount=ANNUAL)


def every_draw(model: Any, spend: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict with money, no polynomial used."""
    learn = uncertainty.Learner.of
    uncertainty.Learner.of = lambda draws: replace(learn(draws), usable=False)
    return valued(model, spend, frame)


def peer(model: Any, spend: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict with the methods of lifetimes at the same parameters."""
    import warnings

    warnings.simplefilter("ignore")  # of lifetimes on current libraries
    buying, money = model.to_lifetimes(), clv.lifetimes_adapter.to_lifetimes(spend)
    x, tx, T, m = (frame[name] for name in ("frequency", "recency", "T", "monetary_value"))
    return pd.DataFrame({
        "p_alive": np.asarray(buying.conditional_probability_alive(x, tx, T)),
        "expected_purchases": buying.conditional_expected_number_of_purchases_up_to_time(52.1775, x, tx, T),
        "expected_spend": money.conditional_expected_average_profit(x, m.fillna(0)),
        "clv": money.customer_lifetime_value(buying, x, tx, T, m.fillna(0), time=12, freq="W",
                                             discount_rate=1.1 ** (1 / 12) - 1),
    })  # fmt: skip


WAYS = {"predict": predicted, "value": valued, "value, every draw": every_draw, "lifetimes, points only": peer}
RUNS = [("CDNOW", way) for way in WAYS] + [("daily", "value")]


def child(key: str, way: str, path: Path) -> None:
    """Predict once here, and print what it took."""
    frame = pd.read_parquet(path)
    frame.attrs["unit"] = "week"
    model, spend = MODELS[key]().fit(frame), clv.GammaGamma().fit(frame)
    if way.startswith("lifetimes"):
        import lifetimes  # noqa: F401 so that its import is not timed
    before, start, cpu = resident(), time.perf_counter(), time.process_time()
    table = WAYS[way](model, spend, frame)
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    took |= {"mb": resident("VmHWM") - before, "distinct": len(model._cases)}
    if "p_alive_low" in table:
        table[LIMITS].iloc[:50_000].to_parquet(path.with_name(f"{path.stem} {way}.parquet"))
    print(json.dumps(took))


def resident(what: str = "VmRSS") -> float:
    """Return the memory of this process in MB, now (after which the peak starts anew) or at its peak; Linux only."""
    if what == "VmRSS":
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def measure(key: str, way: str, path: Path, times: int) -> dict[str, float]:
    """Predict in fresh processes and return the fastest run."""
    command = [sys.executable, __file__, "--key", key, "--way", way, "--path", str(path)]
    done = [subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout for _ in range(times)]
    return min((json.loads(out.splitlines()[-1]) for out in done), key=lambda run: run["seconds"])


def missed(folder: Path) -> str:
    """Say by how much of their width the limits of *value* miss those from every draw."""
    quick, slow = (pd.read_parquet(folder / f"CDNOW {way}.parquet") for way in ("value", "value, every draw"))
    parts = []
    for name in uncertainty.LINKS:
        width = (slow[f"{name}_high"] - slow[f"{name}_low"]).to_numpy() + 1e-9
        parts += [
            np.abs(quick[f"{name}_{side}"] - slow[f"{name}_{side}"]).to_numpy() / width for side in ("low", "high")
        ]
    errors = np.concatenate(parts)
    return (
        f"Limits of *value* miss those of every draw by {np.median(errors):.2%} of a width, at most {errors.max():.1%}."
    )


def compare(key: str, customers: int, times: int, runs: list[tuple[str, str]]) -> None:
    """Print one table."""
    print(f"\n{key}, {customers:,} customers; {os.cpu_count()} cores\n")
    print("| customers | way | distinct histories | wall s | CPU s | peak memory MB | wall time to value |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder, ours = Path(name), 0.0
        for data in dict.fromkeys(data for data, _ in runs):
            DATA[data](customers).to_parquet(folder / f"{data}.parquet")
        found = {}
        for data, way in runs:
            once = way in ("value, every draw", "lifetimes, points only") or data == "daily"
            found[data, way] = measure(key, way, folder / f"{data}.parquet", 1 if once else times)
        ours = found["CDNOW", "value"]["seconds"]
        for (data, way), run in found.items():
            ratio = run["seconds"] / ours
            print(f"| {data} | {way} | {run['distinct']:,} | {run['seconds']:.2f} | {run['cpu']:.2f} | "
                  f"{run['mb']:,.0f} | {ratio:,.1f} |", flush=True)  # fmt: skip
        if ("CDNOW", "value, every draw") in found:
            print(f"\n{missed(folder)}")


def main() -> None:
    """Measure both models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=MODELS)
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--key", choices=MODELS, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        child(chosen.key, chosen.way, chosen.path)
        return
    runs = [run for run in RUNS if not (chosen.without_peer and run[1].startswith("lifetimes"))]
    for key in [chosen.only] if chosen.only else MODELS:
        compare(key, chosen.customers, chosen.times, runs)


if __name__ == "__main__":
    main()
