"""Features of customers from large logs: time and memory of `customer_features` on files beside frames and pandas.

python benchmarks/churn_features.py [--small | --large] [--times 1] [--only files]

A company is generated (seeded) by DuckDB as Parquet files in a temporary folder: 50 events and 5 order lines a
customer, complaints, contacts, a row per customer, in no order of customers. Each way runs in a process of its own,
imports included; memory is the peak resident size of that process.

*files* is the function as users call it on files, within 4 GB (`memory`). *frames* reads the same files with pandas
first and calls the same function on the frames. *pandas* computes fourteen of the features with plain groupbys and
nothing else: no rules, no account, no complaints.

The usual size is 100,000 customers and 5 million events, which all three can do; ``--small`` has 5,000 customers;
``--large`` 1,000,000 customers and 50 million events, for *files* alone.
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

EVENTS_A_CUSTOMER, ORDERS_A_CUSTOMER, DAYS = 50, 5, 365
CUTOFF, END, MEMORY = "2021-09-30", "2021-12-31", "4GB"
SIZES = {"small": 5_000, "usual": 100_000, "large": 1_000_000}


def draw(n: int) -> str:
    """Return SQL for the n-th number from 0 to 1 of row i: it depends on the row alone."""
    return f"(hash(i + {n * 1_000_000_007}::BIGINT) / 18446744073709551616.0)"


def generate(folder: Path, customers: int) -> dict[str, str]:
    """Write the tables and return their paths."""
    import duckdb

    who = f"'C' || lpad(floor({customers} * pow({draw(1)}, 2))::BIGINT::VARCHAR, 9, '0')"
    at = (
        f"(TIMESTAMP '2021-01-01' + to_seconds(floor({draw(2)} * 86400 * {DAYS})::BIGINT)) AT TIME ZONE 'Asia/Shanghai'"
    )
    after = f"{at} + to_seconds(floor({draw(3)} * 864000)::BIGINT)"
    tables = {
        "events": (EVENTS_A_CUSTOMER, f"""{who} AS customer_id, {at} AS happened_at, 'I' || (i % 99991) AS item_id,
            CASE WHEN {draw(3)} < .9 THEN 'view' WHEN {draw(3)} < .95 THEN 'cart' WHEN {draw(3)} < .98 THEN 'favourite'
            ELSE 'buy' END AS action"""),
        "orders": (ORDERS_A_CUSTOMER, f"""'O' || i AS order_id, {who} AS customer_id, {at} AS ordered_at,
            round(exp(3 + 2 * {draw(3)}), 2) AS amount, round(exp(1 + 2 * {draw(3)}), 2) AS margin,
            'K' || (i % 17) AS category, 'S' || (i % 997) AS seller_id, 4.0 AS promised_days,
            floor(8 * {draw(4)}) AS delivery_days, CASE WHEN {draw(5)} < .03 THEN 'refunded' ELSE '' END AS status"""),
        "tickets": (0.3, f"""'T' || i AS ticket_id, {who} AS customer_id, {at} AS opened_at, 'chat' AS channel,
            'R' || (i % 5) AS reason, 1 + i % 3 AS severity, {after} AS resolved_at, 5 * (i % 2) AS compensation"""),
        "contacts": (2, f"""'M' || i AS contact_id, {who} AS customer_id, {at} AS sent_at, 'mail' AS arm,
            CASE WHEN {draw(4)} < .3 THEN {after} END AS opened_at"""),
        "customers": (1, f"""'C' || lpad(i::VARCHAR, 9, '0') AS customer_id, {at} - INTERVAL 400 DAY AS joined_at,
            'city ' || (i % 20) AS city, CASE i % 2 WHEN 0 THEN 'female' ELSE 'male' END AS sex"""),
    }  # fmt: skip
    paths = {name: str(folder / f"{name}.parquet") for name in tables}
    with duckdb.connect() as con:
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET memory_limit = '4GB'")
        for name, (rows, columns) in tables.items():
            con.execute(f"COPY (SELECT {columns} FROM range({int(rows * customers)}) AS t(i)) TO '{paths[name]}'")
    return paths


def files(paths: dict[str, str]) -> int:
    """Do what users do with files."""
    from crm_analysis.churn.features.customer_features import customer_features
    from crm_analysis.churn.windows.windows import Windows

    return len(customer_features(paths, Windows(CUTOFF, data_end=END), zone="Asia/Shanghai", memory=MEMORY))


def frames(paths: dict[str, str]) -> int:
    """Read the files, and do what users do with frames."""
    import pandas as pd

    from crm_analysis.churn.features.customer_features import customer_features
    from crm_analysis.churn.windows.windows import Windows

    tables = {name: pd.read_parquet(path) for name, path in paths.items()}
    return len(customer_features(tables, Windows(CUTOFF, data_end=END), zone="Asia/Shanghai"))


def pandas(paths: dict[str, str]) -> int:
    """Compute fourteen features with groupbys."""
    import pandas as pd

    cutoff = pd.Timestamp(CUTOFF)

    def read(name: str, at: str) -> pd.DataFrame:
        frame = pd.read_parquet(paths[name])
        frame["day"] = frame[at].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).dt.normalize()
        return frame[frame["day"] <= cutoff]

    orders = read("orders", "ordered_at")
    bought = orders[orders["status"] != "refunded"].groupby("customer_id")
    days = bought["day"].agg(["min", "max", "nunique"])
    events = read("events", "happened_at")
    acts = events.groupby("customer_id")
    active = acts["day"].agg(["max", "nunique"])
    X = pd.DataFrame({
        "days_since_last": (cutoff - days["max"]).dt.days, "tenure_days": (cutoff - days["min"]).dt.days,
        "purchase_days": days["nunique"], "orders": bought["order_id"].nunique(), "spend": bought["amount"].sum(),
        "total_margin": bought["margin"].sum(), "categories": bought["category"].nunique(),
        "sellers": bought["seller_id"].nunique(), "active_days": active["nunique"],
        "days_since_active": (cutoff - active["max"]).dt.days,
    })  # fmt: skip
    done = pd.crosstab(events["customer_id"], events["action"])
    return len(X.join(done, how="outer"))


WAYS = {"files": files, "frames": frames, "pandas": pandas}


def measure(way: str, paths: dict[str, str], times: int) -> dict[str, float]:
    """Run one way in fresh processes and return the fastest run."""
    command = [sys.executable, "-W", "ignore", __file__, "--way", way, "--paths", json.dumps(paths)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    return min((json.loads(run) for run in runs), key=lambda run: run["seconds"])


def child(way: str, paths: dict[str, str]) -> None:
    """Run one way here and print what it took."""
    import resource

    start = time.perf_counter()
    customers = WAYS[way](paths)
    used = resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
    print(json.dumps({**took, "customers": customers}))


def main() -> None:
    """Generate, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group()
    for name in ("small", "large"):
        size.add_argument(f"--{name}", action="store_const", const=name, dest="size", default="usual")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", choices=WAYS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--paths", type=json.loads, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        return child(chosen.way, chosen.paths)
    ways = [chosen.only] if chosen.only else ["files"] if chosen.size == "large" else list(WAYS)
    with tempfile.TemporaryDirectory() as folder:
        customers = SIZES[chosen.size]
        paths = generate(Path(folder), customers)
        size_mb = sum(Path(path).stat().st_size for path in paths.values()) / 1e6
        print(f"{customers:,} customers, {customers * EVENTS_A_CUSTOMER:,} events, {size_mb:,.0f} MB, "
              f"{os.cpu_count()} cores\n")  # fmt: skip
        print("| way | customers | wall s | CPU s | peak memory MB | time and memory of files to it |")
        print("|---|---|---|---|---|---|")
        ours = {}
        for way in ways:
            run = measure(way, paths, chosen.times)
            ours = ours or run
            ratio = f"{ours['seconds'] / run['seconds']:.2f}, {ours['mb'] / run['mb']:.2f}"
            numbers = f"{run['seconds']:.1f} | {run['cpu']:.1f} | {run['mb']:,.0f}"
            print(f"| {way} | {run['customers']:,} | {numbers} | {ratio} |", flush=True)
    return None


if __name__ == "__main__":
    main()
