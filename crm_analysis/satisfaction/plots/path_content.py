"""What a path diagram says: names, R2, items, paths with intervals, key and alt text."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from crm_analysis.satisfaction.plots.parts import short
from crm_analysis.satisfaction.plots.path_parts import LIMITS, text_width, wrapped
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import Bootstrap
from crm_analysis.satisfaction.survey.model import PathModel

ITEM_WIDE = 0.8  # inches for the name of an item


@dataclass(frozen=True)
class Content:
    """What the diagram says, before it is laid out, in the order of the model.

    Parameters
    ----------
    model : PathModel
    names : list of str
        Of constructs, with line breaks.
    notes : list of str
        R2 of each construct; empty where nothing leads to it.
    rows : list of list of (item, text, size)
        Items of each construct with their loading; empty where they are not shown.
    paths : pandas.DataFrame
        source, target, path, path_low, path_high (NaN for what is not known), sure (the interval leaves out 0).
    key : str
        Line of explanation.
    alt : str
    """

    model: PathModel
    names: list[str]
    notes: list[str]
    rows: list[list[tuple[str, str, float]]]
    paths: pd.DataFrame
    key: str
    alt: str

    @classmethod
    def of(cls, fitted: PLS | PathModel, bootstrap: Bootstrap | None, items: bool, lang: str) -> Content:
        """Collect it from a fitted model, or from a model alone."""
        model = fitted if isinstance(fitted, PathModel) else fitted.model
        paths = _path_table(fitted, bootstrap)
        notes = [""] * len(model.constructs)
        if isinstance(fitted, PLS):
            found = fitted.r_squared_["r_squared"]
            notes = [f"R² = {found[name]:.2f}" if name in found.index else "" for name in model.constructs]
        rows = [_rows(fitted, name, lang) if items else [] for name in model.constructs]
        level = bootstrap.level if bootstrap else None
        return cls(model, [wrapped(model.label(name, lang)) for name in model.constructs], notes, rows, paths,
                   _key(paths, level, items, lang), _alt(model, paths, notes, lang))  # fmt: skip


def _path_table(fitted: PLS | PathModel, bootstrap: Bootstrap | None) -> pd.DataFrame:
    """Paths in the order of the model: source, target, path with limits (NaN for what is not known), sure."""
    if bootstrap is not None:
        table = bootstrap.paths[["source", "target", "path", "path_low", "path_high"]]
        return table.assign(sure=~((table["path_low"] <= 0) & (table["path_high"] >= 0)))
    ends = fitted.paths_ if isinstance(fitted, PLS) else pd.DataFrame(fitted.paths, columns=["source", "target"])
    blank = {name: math.nan for name in ("path", "path_low", "path_high") if name not in ends}
    return ends.assign(**blank, sure=True)


def _rows(fitted: PLS | PathModel, construct: str, lang: str) -> list[tuple[str, str, float]]:
    """Items of a construct by their labels, where all fit beside their loadings, else by their names."""
    model = fitted if isinstance(fitted, PathModel) else fitted.model
    items = list(model.blocks[construct])
    labels = [model.label(item, lang) for item in items]
    names = (
        labels if max(text_width(label, LIMITS) for label in labels) <= ITEM_WIDE else [short(item) for item in items]
    )
    if isinstance(fitted, PathModel):
        return [(name, "", 0.0) for name in names]
    formative = model.mode(construct) == "B"
    values = fitted.weights_.loc[items, "weight" if formative else "loading"]
    letter = "w " if formative else ""
    return [(name, f"{letter}{value:.2f}", abs(value)) for name, value in zip(names, values)]


def numbers(row: dict) -> tuple[str, str]:
    """Coefficient and interval as text; empty for what is not known."""
    if math.isnan(row["path"]):
        return "", ""
    limits = "" if math.isnan(row["path_low"]) else f"[{row['path_low']:.2f}, {row['path_high']:.2f}]"
    return f"{row['path']:.2f}", limits


def _key(paths: pd.DataFrame, level: float | None, items: bool, lang: str) -> str:
    """Line below the diagram that explains its numbers and lines."""
    if paths["path"].isna().all():
        return ""
    zh, en = "数字为标准化路径系数，线越粗系数越大", "Standardised path coefficients; the thicker, the larger"
    if level is not None:
        zh += f"；方括号内为 {level:.0%} 自助法区间，灰色虚线表示区间包含 0"
        en += f"; in brackets {level:.0%} bootstrap intervals; dashed grey: the interval covers 0"
    if items:
        zh, en = zh + "。\n题项旁为载荷（w 为权重）", en + ".\nBeside items: loadings (w: weights)"
    return {"zh": zh + "。", "en": en + "."}[lang]


def _alt(model: PathModel, paths: pd.DataFrame, notes: list[str], lang: str) -> str:
    """Kind of picture, the strongest paths, those not told from 0, and what is explained."""

    def way(row: dict) -> str:
        ends = f"{model.label(row['source'], lang)} → {model.label(row['target'], lang)}"
        return " ".join(part for part in (ends, *numbers(row)) if part)

    head = {"zh": f"路径图：{len(model.constructs)} 个潜变量，{len(paths)} 条路径。",
            "en": f"Path diagram: {len(model.constructs)} constructs, {len(paths)} paths. "}[lang]  # fmt: skip
    rows = paths.to_dict("records")
    if paths["path"].isna().all():
        start, comma, stop = {"zh": ("路径：", "；", "。"), "en": ("Paths: ", ", ", ".")}[lang]
        return head + start + comma.join(way(row) for row in rows) + stop
    strongest = [way(row) for row in sorted(rows, key=lambda row: -abs(row["path"]))[:3]]
    unsure = [way(row) for row in rows if not row["sure"]]
    explained = [f"{model.label(name, lang)} {note}" for name, note in zip(model.constructs, notes) if note]
    if lang == "zh":
        text = f"{head}最强的路径：{'；'.join(strongest)}。"
        text += f"区间包含 0：{'；'.join(unsure)}。" if unsure else ""
        return text + f"解释程度：{'；'.join(explained)}。"
    text = f"{head}Strongest: {'; '.join(strongest)}. "
    text += f"Interval covers 0: {'; '.join(unsure)}. " if unsure else ""
    return text + f"Explained: {'; '.join(explained)}."
