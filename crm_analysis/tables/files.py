"""Data sets in folders: read one, write one whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import yaml

from crm_analysis.errors import InputError
from crm_analysis.tables.about import About
from crm_analysis.tables.conform import conform
from crm_analysis.tables.dataset import DataSet
from crm_analysis.tables.large import part_to_keep, read_parquet, sample
from crm_analysis.tables.ledger import Ledger
from crm_analysis.tables.schema import TABLES
from crm_analysis.tables.text import read_csv
from crm_analysis.tables.times import localize

ABOUT, LEDGER, MODEL = "about.yml", "ledger.csv", "model.yml"
SUFFIXES = (".csv", ".csv.gz", ".parquet")
MAX_ROWS = 5_000_000
TRIFLES = (".DS_Store", "Thumbs.db", "desktop.ini")  # what file browsers leave in a folder


def find_tables(folder: str | Path) -> dict[str, Path]:
    """Return the table files of a folder; a folder without any, or with two for one table, is an `InputError`."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", where=folder, expected="a folder of tables",
                         mend="make one with `crm import` or `crm simulate`")  # fmt: skip
    files = [(name, folder / f"{name}{suffix}") for name in TABLES for suffix in SUFFIXES]
    files = [(name, path) for name, path in files if path.is_file()]
    found = dict(files)
    if len(found) < len(files):
        twice = [path.name for name, path in files if path != found[name]] + [path.name for path in found.values()]
        raise InputError("the folder holds a table in two files", where=f"{folder} ({', '.join(sorted(twice))})",
                         expected="one file for each table", mend="keep the one that is meant")  # fmt: skip
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
        If a Parquet table has more rows, the data set is read for a random part of its
        customers, the same in all tables, whole histories; the ledger says so.

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
    about = About.read(folder / ABOUT) if (folder / ABOUT).is_file() else About(folder.resolve().name)
    ledger = Ledger.read_csv(folder / LEDGER) if (folder / LEDGER).is_file() else Ledger()
    data = DataSet({}, about, ledger, _model(folder / MODEL))
    imported = {entry.table for entry in ledger}
    keep = part_to_keep([path for path in paths.values() if path.suffix == ".parquet"], max_rows)
    for name, path in paths.items():
        if path.suffix == ".parquet":
            frame, first_line = read_parquet(path, name, keep, ledger), 1
        else:
            frame, first_line = sample(read_csv(path), path, name, keep, ledger), 2
        data.tables[name], entry = conform(frame, name, zone=about.zone, source=path.name, first_line=first_line)
        if entry.lines or name not in imported:
            ledger.add(entry)
    return data


def _model(path: Path) -> dict:
    """Read the measurement model of a survey, if there is one."""
    if not path.is_file():
        return {}
    try:
        model = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("the measurement model cannot be read as YAML", where=path, mend=str(error)) from error
    if not isinstance(model, dict):
        raise InputError("the measurement model is no table of keys", where=path, expected="keys such as `pairs`")
    return model


@contextmanager
def whole_folder(target: str | Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` that takes its place only when all went well.

    An existing `target` is replaced if it is empty or holds a data set, never otherwise.
    """
    target = Path(target).resolve()
    try:
        _check_target(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(
            "the folder cannot be written", where=target, mend=f"choose another place ({error.strerror})"
        ) from error
    try:
        yield work
        work.chmod(0o755)
        _replace(target, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_target(target: Path) -> None:
    names = [path.name for path in target.iterdir()] if target.is_dir() else []
    ours = {*TABLES, "about", "ledger", "truth", "model"}
    foreign = [name for name in names if name not in TRIFLES and name.split(".")[0] not in ours]
    if target.exists() and not target.is_dir():
        raise InputError("there is a file of that name", where=target, mend="name another folder")
    if foreign:
        raise InputError("the folder to write holds other things", where=f"{target} ({', '.join(foreign[:3])})",
                         expected="a new folder or one that holds a data set", mend="name another folder")  # fmt: skip
    if Path.cwd().is_relative_to(target):
        raise InputError("the folder to write is the one you are in", where=target, mend="name a folder inside it")


def _replace(target: Path, work: Path) -> None:
    """Put `work` in the place of `target`; if that fails, what was there is put back."""
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent)) / "data"
    try:
        if target.exists():
            target.rename(old)
        work.rename(target)
    except OSError as error:
        raise InputError("the folder cannot be replaced", where=target,
                         mend=f"close what has its files open ({error.strerror})") from error  # fmt: skip
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(old.parent, ignore_errors=True)


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
    """Write a data set to `folder`, whole or not at all, as ``parquet`` or ``csv`` files.

    Times in CSV files are whole seconds of the data set's zone.
    """
    with whole_folder(folder) as work:
        for name, frame in data.tables.items():
            if form == "parquet":
                frame.to_parquet(work / f"{name}.parquet", index=False)
            else:
                local = _local(frame)
                local.to_csv(work / f"{name}.csv", index=False, lineterminator="\n", quoting=_quoting(local))
        finish(work, data.about, data.ledger)
    return Path(folder)


def _quoting(frame: pd.DataFrame) -> int:
    """Quote all texts where one holds a carriage return, which unquoted would end the line."""
    kinds = pd.api.types
    names = [name for name in frame if kinds.is_object_dtype(frame[name]) or kinds.is_string_dtype(frame[name])]
    returns = any(frame[name].astype("str").str.contains("\r", na=False).any() for name in names)
    return csv.QUOTE_NONNUMERIC if returns else csv.QUOTE_MINIMAL


def _local(frame: pd.DataFrame) -> pd.DataFrame:
    """Return moments as local whole seconds; with their offset where an hour that the clocks repeat is among them."""
    columns = {}
    for name in frame.select_dtypes("datetimetz").columns:
        zone = str(frame[name].dt.tz)
        moments = frame[name].dt.tz_convert("UTC").dt.floor("s").dt.tz_convert(zone)
        local = moments.dt.tz_localize(None)
        columns[name] = local if (localize(local, zone).eq(moments) | moments.isna()).all() else moments
    return frame.assign(**columns)
