"""Orders to a summary by customer: time and memory of `clv.summarize` beside lifetimes and plain pandas.

python benchmarks/clv_summary.py [--rows 10000000] [--times 3] [--only summarize]

A log of orders is generated (seeded) as a Parquet file: customer_id, ordered_at, amount; ten rows a customer on
average, long-tailed, over two years. Each way runs in a process of its own, imports included; the fastest of several
runs counts, memory is the peak resident size of that process.

*summarize* is the function as users call it: every row judged by the rules, ledger, steps. *summarize, split* also
divides calibration and holdout. *lifetimes* is `summary_data_from_transaction_data` on the same file read by pandas
(whole weeks, no ledger, no rules); *pandas* computes the same columns with two groupbys, nothing else.
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

END, SPLIT = "2021-12-30", "2021-06-30"
ROWS_A_CUSTOMER, DAYS = 10, 730


def generate(path: Path, rows: int) -> int:
    """Write a log of orders; what is drawn depends on the number of the row alone."""
    import duckdb

    customers = max(rows // ROWS_A_CUSTOMER, 1)
    with duckdb.connect() as con:
        con.execute(f"""COPY (
            SELECT 'C' || lpad(floor({customers} * pow(a, 2))::BIGINT::VARCHAR, 9, '0') AS customer_id,
                   TIMESTAMP '2020-01-01' + to_seconds(floor(b * 86400 * {DAYS})::BIGINT) AS ordered_at,
                   round(exp(3 + 2 * c), 2) AS amount
            FROM (SELECT hash(i) / 18446744073709551616.0 AS a, hash(i + 1_000_000_007) / 18446744073709551616.0 AS b,
                         hash(i + 3_000_000_019) / 18446744073709551616.0 AS c FROM range({rows}) AS t(i))
        ) TO '{path}' (FORMAT parquet)""")
    return rows


def summarize(path: Path) -> int:
    """Do what users do."""
    from crm_analysis.clv.summary.summary import summarize

    return len(summarize(path, until=END))


def summarize_split(path: Path) -> int:
    """Divide calibration and holdout."""
    from crm_analysis.clv.summary.summary import summarize

    return len(summarize(path, until=END, calibration_end=SPLIT))


def lifetimes(path: Path) -> int:
    """Call the function of lifetimes on a frame."""
    import pandas as pd
    from lifetimes.utils import summary_data_from_transaction_data

    frame = pd.read_parquet(path)
    return len(summary_data_from_transaction_data(frame, "customer_id", "ordered_at", "amount",
                                                  observation_period_end=END, freq="D"))  # fmt: skip


def pandas(path: Path) -> int:
    """Compute the same columns and nothing else."""
    import pandas as pd

    frame = pd.read_parquet(path)
    frame["day"] = frame["ordered_at"].dt.normalize()
    days = frame.groupby(["customer_id", "day"], sort=False)["amount"].sum().reset_index()
    grouped = days.groupby("customer_id")
    found = grouped["day"].agg(["min", "max", "count"])
    first = days.loc[grouped["day"].idxmin()].set_index("customer_id")["amount"]
    repeats = found["count"] - 1
    week = pd.Timedelta(7, "D")
    table = pd.DataFrame({
        "frequency": repeats, "recency": (found["max"] - found["min"]) / week,
        "T": (pd.Timestamp(END) - found["min"]) / week,
        "monetary_value": (grouped["amount"].sum() - first) / repeats.where(repeats > 0),
    })  # fmt: skip
    return len(table)


WAYS = {"summarize": summarize, "summarize, split": summarize_split, "lifetimes": lifetimes, "pandas": pandas}


def measure(way: str, path: Path, times: int) -> dict[str, float]:
    """Run one way in fresh processes and return the fastest run."""
    command = [sys.executable, "-W", "ignore", __file__, "--way", way, "--path", str(path)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    return min((json.loads(run) for run in runs), key=lambda run: run["seconds"])


def child(way: str, path: Path) -> None:
    """Run one way here and print what it took."""
    import resource

    start = time.perf_counter()
    customers = WAYS[way](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
    print(json.dumps({**took, "customers": customers}))


def main() -> None:
    """Generate, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=WAYS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        return child(chosen.way, chosen.path)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.parquet")
        rows = generate(path, chosen.rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores\n")
        print("| way | customers | wall s | CPU s | peak memory MB | time and memory of summarize to it |")
        print("|---|---|---|---|---|---|")
        ours = {}
        for way in [chosen.only] if chosen.only else WAYS:
            run = measure(way, path, chosen.times)
            ours = ours or run
            ratio = f"{ours['seconds'] / run['seconds']:.2f}, {ours['mb'] / run['mb']:.2f}"
            numbers = f"{run['seconds']:.1f} | {run['cpu']:.1f} | {run['mb']:,.0f}"
            print(f"| {way} | {run['customers']:,} | {numbers} | {ratio} |", flush=True)
    return None


if __name__ == "__main__":
    main()
