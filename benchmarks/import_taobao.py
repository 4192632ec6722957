"""Import of a large log: time and memory of `crm import taobao-userbehavior` beside pandas.

python benchmarks/import_taobao.py [--rows 10000000] [--times 3] [--only crm]

A log in the format of UserBehavior.csv is generated (seeded) in a temporary
folder. Each reading runs in a process of its own; the fastest of several runs
counts. *crm* is the import as users run it, with line count, rules, window,
ledger, exact count of duplicates and checksum. *pandas, bare* reads the file
and writes it as Parquet, nothing else. *pandas, same table* makes the same table
and counts the same duplicates, without rules and ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

USERS_A_BLOCK, ROWS_A_USER = 10_000, 100
ITEMS, CATEGORIES = 4_000_000, 9_400
ACTIONS, SHARES = np.array(["pv", "cart", "fav", "buy"]), (0.8958, 0.0553, 0.0289, 0.02)
HOURS = np.array([34, 16, 9, 7, 6, 9, 19, 30, 39, 46, 51, 49, 50, 54, 53, 54, 53, 49, 51, 65, 82, 93, 91, 66], float)
START, DAYS = 1_511_539_200, 9
NAMES = ["customer_id", "item_id", "category_id", "action", "happened_at"]


def block(first_user: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the rows of some users, each with the rows together and in order of time."""
    activity = rng.gamma(1.1, ROWS_A_USER / 1.1, USERS_A_BLOCK)
    user = np.repeat(np.arange(first_user, first_user + USERS_A_BLOCK), 1 + rng.poisson(activity))
    n = len(user)
    item = (ITEMS * rng.random(n) ** 3).astype(np.int64) + 1
    hour = rng.choice(24, n, p=HOURS / HOURS.sum())
    second = START + 86_400 * rng.integers(0, DAYS, n) + 3600 * hour + rng.integers(0, 3600, n)
    second = np.where(rng.random(n) < 0.0005, second - 86_400 * rng.integers(9, 400, n), second)
    order = np.lexsort((second, user))
    repeated = np.flatnonzero(rng.random(n) < 1e-6)
    order[repeated] = order[repeated - 1]
    rows = {
        "user": user,
        "item": item,
        "category": item * 7919 % CATEGORIES + 1,
        "action": rng.choice(ACTIONS, n, p=SHARES),
    }
    return {name: values[order] for name, values in {**rows, "second": second}.items()}


def generate(path: Path, rows: int, seed: int = 0) -> int:
    """Write about `rows` rows, without a header, and return how many there are."""
    import pyarrow as pa
    from pyarrow import csv

    rng, written, user = np.random.default_rng(seed), 0, 1
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        while written < rows:
            table = pa.table(block(user, rng))
            csv.write_csv(table, file, options)
            written, user = written + table.num_rows, user + USERS_A_BLOCK
    return written


def crm(path: Path, folder: Path) -> None:
    """Do what ``crm import`` does."""
    from crm_analysis.sources import get

    get("taobao-userbehavior").run(path, folder / "out")


def pandas_bare(path: Path, folder: Path) -> None:
    """Read and write, nothing else."""
    import pandas as pd

    pd.read_csv(path, header=None, names=NAMES).to_parquet(folder / "events.parquet")


def pandas_same(path: Path, folder: Path) -> None:
    """Make the table of the import: ids as text, actions by our names, moments in the window, duplicates counted."""
    import pandas as pd

    frame = pd.read_csv(path, header=None, names=NAMES, dtype=dict.fromkeys(NAMES[:4], str))
    frame = frame[frame["happened_at"].between(START, START + 86_400 * DAYS - 1)]
    actions = frame["action"].map(dict(zip(ACTIONS, ("view", "cart", "favourite", "buy"))))
    frame = frame.assign(action=actions, happened_at=pd.to_datetime(frame["happened_at"], unit="s", utc=True))
    frame.duplicated().sum()
    frame.to_parquet(folder / "events.parquet")


WAYS = {"crm": crm, "pandas, bare": pandas_bare, "pandas, same table": pandas_same}


def measure(way: str, path: Path, times: int) -> dict[str, float]:
    """Run one way in fresh processes and return the fastest run."""
    runs = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            command = [sys.executable, __file__, "--way", way, "--path", str(path), "--folder", folder]
            runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return min(runs, key=lambda run: run["seconds"])


def child(way: str, path: Path, folder: Path) -> None:
    """Run one way here and print what it took."""
    import resource

    start = time.perf_counter()
    WAYS[way](path, folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
    print(json.dumps(took))


def main() -> None:
    """Generate, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=WAYS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        return child(chosen.way, chosen.path, chosen.folder)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "UserBehavior.csv")
        rows = generate(path, chosen.rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores\n")
        print("| way | wall s | CPU s | rows a second | peak memory MB | time and memory of crm to it |")
        print("|---|---|---|---|---|---|")
        ours = {}
        for way in [chosen.only] if chosen.only else WAYS:
            run = measure(way, path, chosen.times)
            ours = ours or run
            ratio = f"{ours['seconds'] / run['seconds']:.2f}, {ours['mb'] / run['mb']:.2f}"
            speed = f"{rows / run['seconds']:,.0f}"
            print(
                f"| {way} | {run['seconds']:.1f} | {run['cpu']:.1f} | {speed} | {run['mb']:,.0f} | {ratio} |",
                flush=True,
            )
    return None


if __name__ == "__main__":
    main()
