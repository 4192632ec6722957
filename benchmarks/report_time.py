"""How long a report takes against the floor: starting a kernel and importing the libraries.

    python benchmarks/report_time.py

Floor and reports run in turn, through the same papermill call, several times; the
medians and their ratio are printed.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from crm_analysis.report import cases, run

RUNS = 5
FLOOR = "import numpy, pandas, matplotlib.pyplot, scipy.special, seaborn, IPython.display"


def floor_case(folder: Path) -> None:
    """Write a notebook that imports the libraries and does nothing else."""
    code = nbformat.v4.new_code_cell
    parameters = code('language: str = "zh"  # 语言 | language {zh, en}', metadata={"tags": ["parameters"]})
    book = nbformat.v4.new_notebook(cells=[parameters, code(FLOOR)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, folder / "floor.ipynb")


def seconds(names: list[str], languages: list[str], out: Path) -> float:
    """Return the wall time of making these reports."""
    started = time.perf_counter()
    run.make(run.plan(names, languages, {}), out)
    return time.perf_counter() - started


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for path in cases.folder().glob("*"):
            (work / path.name).write_bytes(path.read_bytes())
        floor_case(work)
        os.environ["CRM_CASES"] = str(work)  # the kernels look there too
        plans = {
            "floor: one kernel": (["floor"], ["zh"]),
            "taobao zh": (["taobao"], ["zh"]),
            "shop zh": (["shop"], ["zh"]),
            "floor: four kernels, two at a time": (["floor", "floor"], ["zh", "en"]),
            "make report: taobao and shop, zh and en": (["taobao", "shop"], ["zh", "en"]),
        }
        seconds(["floor"], ["zh"], work / "out")  # warm the disk
        times = {label: [] for label in plans}
        for _ in range(RUNS):
            for label, (names, languages) in plans.items():
                times[label].append(seconds(names, languages, work / "out"))
    floor = 0.0
    for label, found in times.items():
        median = statistics.median(found)
        floor = median if label.startswith("floor") else floor
        print(f"{label:<42} {median:6.2f} s   {median / floor:5.2f} x floor   ({min(found):.2f} to {max(found):.2f})")


if __name__ == "__main__":
    main()
