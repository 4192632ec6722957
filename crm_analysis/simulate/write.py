"""Simulated data into files that are the same, byte for byte, wherever they are made."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from crm_analysis.tables import DataSet


def write_tables(data: DataSet, folder: Path) -> None:
    """Write each table as ``<table>.csv``: local times to the second, whole numbers without a point, LF."""
    for name, frame in data.tables.items():
        shown = frame.apply(_shown)
        shown.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")


def write_truth(truth: dict, folder: Path) -> None:
    """Write ``truth.yml``, ``truth.md`` and, if there is a questionnaire, ``model.yml``; nothing hidden."""
    stated = {key: truth[key] for key in ("case", "seed", "customers", "process", "figures")}
    _text(folder / "truth.yml", yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=100))
    _text(folder / "truth.md", truth["account"])
    if "model" in truth:
        _text(folder / "model.yml", yaml.safe_dump(truth["model"], allow_unicode=True, sort_keys=False, width=100))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _shown(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        local = values.dt.tz_localize(None)
        days_only = (local.dropna() == local.dropna().dt.normalize()).all()
        return local.dt.strftime("%Y-%m-%d" if days_only else "%Y-%m-%d %H:%M:%S")
    if pd.api.types.is_float_dtype(values.dtype) and (values.dropna() % 1 == 0).all():
        return values.astype("Int64")
    return values
