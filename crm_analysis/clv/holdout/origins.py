"""What several origins say together: mean and spread of each measure, and which model wins how often."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from crm_analysis.clv.holdout.lessons import length
from crm_analysis.clv.holdout.metrics import LARGER_IS_BETTER
from crm_analysis.clv.holdout.rolling import day_after
from crm_analysis.clv.holdout.sheet import SCORED
from crm_analysis.words import Sentence, join, word


def over_origins(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and spread of each measure over the origins.

    Parameters
    ----------
    table : pandas.DataFrame
        From `rolling_origins`.

    Returns
    -------
    pandas.DataFrame
        measure, model, origins, mean, deviation (standard deviation; NaN of one origin), lowest, highest.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": [1, 2], "model": ["nbd", "nbd"], "mae": [1.0, 2.0]})
    >>> over_origins(table).round(2).values.tolist()
    [['mae', 'nbd', 2, 1.5, 0.71, 1.0, 2.0]]
    """
    known = [name for name in (*SCORED, "coverage_90") if name in table]
    long = table.melt(["origin", "model"], known, var_name="measure").dropna(subset="value")
    grouped = long.groupby(["measure", "model"], sort=False)["value"]
    found = grouped.agg(origins="count", mean="mean", deviation="std", lowest="min", highest="max")
    return found.reset_index()


def wins(table: pd.DataFrame) -> pd.DataFrame:
    """How often each model is best on each measure; a tie counts for all that share it.

    Parameters
    ----------
    table : pandas.DataFrame
        From `rolling_origins`.

    Returns
    -------
    pandas.DataFrame
        measure, model, wins, origins; models that never win are there with 0.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": [1, 1, 2, 2], "model": ["nbd", "bg_nbd"] * 2, "bias": [0.1, -0.2, 0.3, 0.1]})
    >>> wins(table).values.tolist()
    [['bias', 'nbd', 1, 2], ['bias', 'bg_nbd', 1, 2]]
    """
    rows = []
    for name in (name for name in SCORED if name in table):
        values = table.set_index(["origin", "model"])[name].unstack(sort=False).dropna(axis=1, how="all")  # noqa: PD010
        values = values.abs() if name == "bias" else values
        best = values.max(axis=1) if name in LARGER_IS_BETTER else values.min(axis=1)
        won = values.eq(best, axis=0).sum()
        rows += [{"measure": name, "model": key, "wins": int(won[key]), "origins": len(values)} for key in values]
    return pd.DataFrame(rows, columns=["measure", "model", "wins", "origins"])


def wins_verdict(table: pd.DataFrame) -> Sentence:
    """Say which model wins how often, and how far the origins are independent.

    Parameters
    ----------
    table : pandas.DataFrame
        From `rolling_origins`.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": pd.to_datetime(["2020-01-01"] * 2), "model": ["zero", "one"], "mae": [1.0, 2]})
    >>> table.attrs |= {"horizon": 26.0, "unit": "week"}
    >>> wins_verdict(table).en.startswith("One origin, a holdout of 26 weeks")
    True
    """
    origins, time = table["origin"].drop_duplicates().sort_values(), length(table.attrs["horizon"], table.attrs["unit"])
    count = len(origins)
    several = "One origin, a holdout" if count == 1 else f"{count} origins, each with a holdout"
    parts = [Sentence(f"共 {count} 个起点，每个留出期为 {time.zh}。", f"{several} of {time.en}.")]
    for name, rows in wins(table).groupby("measure", sort=False):
        first = rows[rows["wins"] > 0].sort_values("wins", ascending=False, kind="stable")
        title = word(str(name), "en")
        parts.append(Sentence(
            f"{word(str(name), 'zh')}最好的次数：" + "、".join(_counted(first, "zh")) + "。",
            f"{title[:1].upper()}{title[1:]}, times best: " + ", ".join(_counted(first, "en")) + ".",
        ))  # fmt: skip
    return join([*parts, *_dependence(origins, table.attrs["horizon"], table.attrs["unit"])])


def _counted(rows: pd.DataFrame, lang: str) -> list[str]:
    form = "{}（{} 次）" if lang == "zh" else "{} ({})"
    return [form.format(word(key, lang), count) for key, count in zip(rows["model"], rows["wins"])]


def _dependence(origins: pd.Series, horizon: float, unit: str) -> list[Sentence]:
    """Say that holdouts which overlap share purchases."""
    days = list(origins)
    if len(days) < 2 or all(day_after(day, horizon, unit) <= later for day, later in pairwise(days)):
        return []
    zh = "各留出期相互重叠，含有相同的购买，因此这些次数并非相互独立的证据。"
    return [Sentence(zh, "The holdouts overlap and share purchases, so these counts are not independent evidence.")]
