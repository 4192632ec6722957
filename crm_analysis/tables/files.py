"""Data sets in folders: read one, write one whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.about import About
from crm_analysis.tables.conform import conform
from crm_analysis.tables.dataset import DataSet
from crm_analysis.tables.large import read_parquet
from crm_analysis.tables.ledger import Ledger
from crm_analysis.tables.schema import TABLES
from crm_analysis.tables.text import read_csv

ABOUT, LEDGER = "about.yml", "ledger.csv"
SUFFIXES = (".csv", ".csv.gz", ".parquet")
MAX_ROWS = 5_000_000


def find_tables(folder: str | Path) -> dict[str, Path]:
    """Return the table files of a folder; one that has none is an `InputError`."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", where=folder, expected="a folder of tables",
                         mend="make one with `crm import` or `crm simulate`")  # fmt: skip
    found = {name: path for name in TABLES for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()}
    if not found:
        raise InputError(
            "the folder holds no tables",
            where=folder,
            expected="files such as orders.csv or events.parquet",
            mend="make them with `crm import SOURCE FILE FOLDER`; `crm import --help` lists the sources",
        )
    return found


def load(folder: str | Path, *, max_rows: int = MAX_ROWS) -> DataSet:
    """Read a data set from a folder.

    Parameters
    ----------
    folder : path
        Holds ``<table>.csv``, ``.csv.gz`` or ``.parquet`` files, as a rule an ``about.yml``
        and, after an import, a ``ledger.csv``.
    max_rows : int
        A Parquet table with more rows is read for a random part of its customers,
        the same customers in all tables, whole histories; the ledger says so.

    Returns
    -------
    DataSet

    Raises
    ------
    InputError
        If the folder holds no table, or a file cannot be read as the table it is named for.
    """
    folder = Path(folder)
    paths = find_tables(folder)
    about = About.read(folder / ABOUT) if (folder / ABOUT).is_file() else About(folder.name)
    ledger = Ledger.read_csv(folder / LEDGER) if (folder / LEDGER).is_file() else Ledger()
    data = DataSet({}, about, ledger)
    imported = {entry.table for entry in ledger}
    parts = read_parquet({name: path for name, path in paths.items() if path.suffix == ".parquet"}, max_rows, ledger)
    for name, path in paths.items():
        frame = parts[name] if name in parts else read_csv(path)
        data.tables[name], entry = conform(frame, name, zone=about.zone, source=path.name)
        if entry.lines or name not in imported:
            ledger.add(entry)
    return data


@contextmanager
def whole_folder(target: str | Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` that takes its place only when all went well.

    An existing `target` is replaced if it is empty or holds a data set, never otherwise.
    """
    target = Path(target)
    foreign = [p for p in target.iterdir() if p.name not in (ABOUT, LEDGER)] if target.is_dir() else []
    foreign = [p.name for p in foreign if p.name.split(".")[0] not in {*TABLES, "truth", "model"}]
    if target.is_file() or foreign:
        raise InputError("the folder to write holds other things", where=f"{target} ({', '.join(foreign[:3])})",
                         expected="a new folder or one that holds a data set", mend="name another folder")  # fmt: skip
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(
            "the folder cannot be written", where=target, mend=f"choose another place ({error.strerror})"
        ) from error
    try:
        yield work
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
        if target.exists():
            target.rename(old / target.name)
        work.chmod(0o755)
        work.rename(target)
        shutil.rmtree(old)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def finish(folder: Path, about: About, ledger: Ledger) -> None:
    """Write ``about.yml`` with the checksums of all files in `folder`, and ``ledger.csv``."""
    ledger.frame().to_csv(folder / LEDGER, index=False, lineterminator="\n")
    named = sorted(path for path in folder.iterdir() if path.name != ABOUT)
    about.files = {path.name: checksum(path) for path in named}
    about.write(folder / ABOUT)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save(data: DataSet, folder: str | Path, *, form: str = "parquet") -> Path:
    """Write a data set to `folder`, whole or not at all, as ``parquet`` or ``csv`` files."""
    with whole_folder(folder) as work:
        for name, frame in data.tables.items():
            if form == "parquet":
                frame.to_parquet(work / f"{name}.parquet", index=False)
            else:
                _local(frame).to_csv(work / f"{name}.csv", index=False, lineterminator="\n")
        finish(work, data.about, data.ledger)
    return Path(folder)


def _local(frame: pd.DataFrame) -> pd.DataFrame:
    moments = frame.select_dtypes("datetimetz").columns
    return frame.assign(**{name: frame[name].dt.tz_localize(None).dt.floor("s") for name in moments})
