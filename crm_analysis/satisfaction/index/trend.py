"""The index over time: each calendar period on common weights, and the change from one period to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.index.differences import TOO_FEW, compare_groups
from crm_analysis.satisfaction.index.index import named_constructs
from crm_analysis.satisfaction.index.segments import aligned
from crm_analysis.satisfaction.index.texts import trend_text
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True)
class IndexTrend:
    """Indices by calendar period, on the item weights of the whole sample.

    Parameters
    ----------
    table : pandas.DataFrame
        construct, period (a week by its Monday), respondents, index_value with bootstrap interval, index_sd, too_few,
        index_change since the period before that has respondents, with interval, p by permutation and p_holm.
        Periods without respondents stand as blank rows.
    undated : int
        Respondents without a time.
    period : str
    weights : str
    level : float
    draws : int
        Of the bootstrap, and permutations.
    model : PathModel
    """

    table: pd.DataFrame
    undated: int
    period: str
    weights: str
    level: float
    draws: int
    model: PathModel = field(repr=False)

    def text(self, lang: str) -> str:
        """Say which changes go beyond chance, and what that does not show."""
        return trend_text(self, lang)


def index_trend(
    fitted: PLS,
    at: pd.Series,
    *,
    period: str = "month",
    construct: str | Iterable[str] | None = "satisfaction",
    weights: str = "unstandardised",
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.95,
) -> IndexTrend:
    """Index of each calendar period on common weights, and its change since the period before.

    Parameters
    ----------
    fitted : PLS
        Fitted to the answers of all periods together, of a model with low and high.
    at : pandas.Series of datetimes
        When each respondent answered, on the survey's index; days are those of its zone.
    period : {"day", "week", "month", "quarter", "year"}
    construct : str or iterable of str, optional
        All if None.
    weights, draws, seed, level
        As in `satisfaction_index`.

    Returns
    -------
    IndexTrend

    Raises
    ------
    InputError
        If the model has no rows, `at` holds no times, has another index, or the period is unknown.
    """
    names = named_constructs(construct, fitted.model)
    if period not in PERIODS:
        raise InputError(f"there is no period {period!r}", expected=", ".join(PERIODS), mend=nearest(period, PERIODS))
    times = aligned(fitted, at, "at")
    if not pd.api.types.is_datetime64_any_dtype(times.dtype) or times.isna().all():
        raise InputError("at holds no times", where="at", expected="a column of datetimes",
                         mend="at=survey['answered_at']", zh="缺少作答时间")  # fmt: skip
    spans = times.dt.tz_localize(None).dt.to_period(PERIODS[period])
    every = pd.period_range(spans.min(), spans.max(), freq=PERIODS[period])
    codes = every.get_indexer(spans)
    full = sorted(set(codes[codes >= 0]))
    table, changes = compare_groups(fitted, codes, list(zip(full[1:], full)), names, weights=weights, draws=draws,
                                    seed=seed, level=level)  # fmt: skip
    changes = changes.drop(columns="second").rename(columns={"first": "code"})
    changes.columns = [name.replace("index_difference", "index_change") for name in changes]
    rows = pd.MultiIndex.from_product([names, range(len(every))], names=["construct", "code"]).to_frame(index=False)
    table = rows.merge(table, how="left").merge(changes, how="left")
    table["respondents"] = table["respondents"].fillna(0).astype("int64")
    table["too_few"] = table["respondents"] < TOO_FEW
    table.insert(1, "period", [_label(every[code], period) for code in table.pop("code")])
    return IndexTrend(table, int((codes < 0).sum()), period, weights, level, draws, fitted.model)


def _label(span: pd.Period, period: str) -> str:
    return f"{span.start_time:%Y-%m-%d}" if period in ("day", "week") else str(span)
