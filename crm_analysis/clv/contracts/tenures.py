"""How long contracts have lasted: a table of customers still there, or one row per contract, as counts per renewal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.clv.cases import MOST_SHOWN
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, wilson

TABLE, CONTRACTS = ("period", "customers"), ("tenure", "ended")
MOST_PERIODS = 100_000
EXPECTED = (
    "a table with period (0, 1, 2, ...) and customers (still there), or the list of these customers, "
    "or one row per contract with tenure and ended"
)


@dataclass(frozen=True)
class Tenures:
    """How many customers renewed and how many left at each renewal.

    Parameters
    ----------
    renewed, lost : numpy.ndarray of shape (periods,)
        At renewal 1, 2, ...
    customers : float
        All customers at the start, weights included.
    unit : str
        Unit of the periods, or empty if the data do not say.
    """

    renewed: np.ndarray
    lost: np.ndarray
    customers: float
    unit: str = ""

    @property
    def at_risk(self) -> np.ndarray:
        """Customers whose contract came up for renewal 1, 2, ..."""
        return self.renewed + self.lost

    @property
    def periods(self) -> int:
        """The last renewal anybody has come to."""
        return len(self.lost)


def as_tenures(data: object) -> Tenures:
    """Check how long contracts have lasted, and count renewals.

    Parameters
    ----------
    data : pandas.DataFrame, pandas.Series, array_like or Tenures
        Either a survival table: ``period`` (0 at the start, then 1, 2, ... without gaps) and ``customers`` still
        there, optionally ``cohort`` (a table for each); or the customers still there as a list, or as a Series
        indexed by period; or one row per contract: ``tenure``, the number of renewals it has come to, ``ended``,
        whether the customer left at the last of them, and optionally ``weights``.

    Raises
    ------
    InputError
        If the data are none of these or cannot be; the message lists every rule that is broken.

    Examples
    --------
    >>> as_tenures([100, 60, 45]).lost.tolist()
    [40.0, 15.0]
    >>> contracts = pd.DataFrame({"tenure": [1, 2, 2, 0], "ended": [True, True, False, False]})
    >>> as_tenures(contracts).at_risk.tolist(), as_tenures(contracts).lost.tolist()
    ([3.0, 2.0], [1.0, 1.0])
    """
    if isinstance(data, Tenures):
        return data
    frame = _frame(data)
    unit = str(frame.attrs.get("unit", ""))
    if set(TABLE) <= set(frame.columns):
        return _from_table(frame, unit)
    if set(CONTRACTS) <= set(frame.columns):
        return _from_contracts(frame, unit)
    raise InputError("it cannot be told from these columns how long contracts have lasted",
                     where=f"columns {list(frame.columns)[:12]}", expected=EXPECTED,
                     mend="rename the columns", zh="无法识别客户留存表的列")  # fmt: skip


def life_table(data: object, *, level: float = 0.95) -> pd.DataFrame:
    r"""Retention and survival as counted, without a model.

    .. math:: \hat r_t = 1 - \frac{d_t}{n_t}, \qquad \hat S(t) = \prod_{u \le t} \hat r_u

    of the n_t customers who came to renewal t, d_t left (Kaplan & Meier). Limits: Wilson's for the rate;
    log-log limits with Greenwood's variance for survival.

    Parameters
    ----------
    data : pandas.DataFrame, pandas.Series, array_like or Tenures
        As for `as_tenures`.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        Indexed by ``period`` (1, 2, ...): ``at_risk``, ``lost``, ``retention_rate`` and ``survival`` with ``_low``
        and ``_high``. Survival has no limits while nobody has left, nor once nobody is there.

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Limits: Kalbfleisch & Prentice (2002), p. 18.

    Examples
    --------
    >>> life_table([100, 60, 45])[["at_risk", "lost", "retention_rate", "survival"]].round(3).to_numpy().tolist()
    [[100.0, 40.0, 0.6, 0.6], [60.0, 15.0, 0.75, 0.45]]
    """
    tenures, z = as_tenures(data), ndtri(0.5 + check_level(level) / 2)
    at_risk, lost, renewed = tenures.at_risk, tenures.lost, tenures.renewed
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(renewed / at_risk)
        width = z * np.sqrt(np.cumsum(lost / (at_risk * renewed))) / -np.log(survival)
        low, high = survival ** np.exp(width), survival ** np.exp(-width)
    unknown = ~((survival > 0) & (survival < 1))
    rate_low, rate_high = wilson(renewed, at_risk, level=level)
    columns = {
        "at_risk": at_risk, "lost": lost,
        "retention_rate": renewed / at_risk, "retention_rate_low": rate_low, "retention_rate_high": rate_high,
        "survival": survival, "survival_low": np.where(unknown, np.nan, low),
        "survival_high": np.where(unknown, np.nan, high),
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.RangeIndex(1, tenures.periods + 1, name="period"))


def _frame(data: object) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        frame = data
    elif isinstance(data, pd.Series):
        frame = pd.DataFrame({"period": data.index, "customers": data.to_numpy()})
    else:
        try:
            counts = np.asarray(data)
        except ValueError:
            counts = np.empty(())
        if counts.ndim != 1:
            raise InputError(f"how long contracts have lasted cannot be told from {type(data).__name__}",
                             expected=EXPECTED, zh="无法识别客户留存数据")  # fmt: skip
        frame = pd.DataFrame({"period": np.arange(len(counts)), "customers": counts})
    if frame.empty:
        raise InputError("the table has no rows", expected=EXPECTED, zh="表中没有数据")
    return frame


def _from_table(frame: pd.DataFrame, unit: str) -> Tenures:
    period, customers = _numbers(frame, "period"), _numbers(frame, "customers")
    cohorts = [("", np.arange(len(frame)))]
    if "cohort" in frame:
        code, names = pd.factorize(frame["cohort"], use_na_sentinel=False)
        cohorts = [(f" of cohort {name}", np.flatnonzero(code == k)) for k, name in enumerate(names)]
    broken, counts = [], []
    for name, rows in cohorts:
        rows = rows[np.argsort(period[rows], kind="stable")]
        broken += [rule + name for rule in _table_rules(period[rows], customers[rows])]
        counts.append(customers[rows])
    _refuse(broken, "a row for each period 0, 1, 2, ..., with the customers still there, never more than before")
    size = max(map(len, counts)) - 1
    renewed, lost = np.zeros(size), np.zeros(size)
    for still in counts:
        renewed[: len(still) - 1] += still[1:]
        lost[: len(still) - 1] += still[:-1] - still[1:]
    return _counted(renewed, lost, float(sum(still[0] for still in counts)), unit)


def _table_rules(period: np.ndarray, customers: np.ndarray) -> list[str]:
    """Return what is wrong with a survival table in order of its periods."""
    rules = []
    for name, values in (("period", period), ("customers", customers)):
        bad = ~np.isfinite(values) | (values < 0)
        if bad.any():
            rules.append(f"{name} is empty, infinite or negative in {bad.sum()} rows")
    if not rules:
        if len(np.unique(period)) < len(period):
            rules.append("a period stands in more than one row")
        elif not np.array_equal(period, np.arange(len(period))):
            lacking = np.setdiff1d(np.arange(min(period.max(), MOST_PERIODS) + 1), period)
            rules.append(f"periods are missing or not whole (missing: {_some(lacking)})")
        up = np.flatnonzero(np.diff(customers) > 0)
        rules += [f"customers grow again in period {_some(period[up + 1])}"] if len(up) else []
        rules += ["nobody is there at the start"] if customers[0] == 0 else []
        rules += ["there is only the start"] if len(period) < 2 else []
    return rules


def _from_contracts(frame: pd.DataFrame, unit: str) -> Tenures:
    tenure, ended = _numbers(frame, "tenure"), _numbers(frame, "ended")
    weight = _numbers(frame, "weights") if "weights" in frame else np.ones(len(frame))
    rules = {
        "tenure is empty, infinite or negative": ~(np.isfinite(tenure) & (tenure >= 0)),
        "tenure is not a whole number of renewals": np.isfinite(tenure) & (tenure != np.rint(tenure)),
        f"tenure is above {MOST_PERIODS:,}": tenure > MOST_PERIODS,
        "ended is neither true nor false": ~np.isin(ended, (0, 1)),
        "ended before the first renewal (tenure 0)": (tenure == 0) & (ended == 1),
        "weights is not a positive number": ~(np.isfinite(weight) & (weight > 0)),
    }
    _refuse([f"{rule}: {int(hit.sum())} rows ({_some(frame.index[hit])})" for rule, hit in rules.items() if hit.any()],
            "tenure: renewals come to, the one at which the customer left included; ended: True or False")  # fmt: skip
    size, length = int(tenure.max()) + 1, tenure.astype(int)
    leaving = np.bincount(length, weights=weight, minlength=size)
    lost = np.bincount(length, weights=weight * ended, minlength=size)[1:]
    at_risk = np.cumsum(leaving[::-1])[::-1][1:]
    return _counted(np.maximum(at_risk - lost, 0.0), lost, float(weight.sum()), unit)


def _counted(renewed: np.ndarray, lost: np.ndarray, customers: float, unit: str) -> Tenures:
    """Return the counts without renewals to which nobody came."""
    some = renewed + lost > 0
    return Tenures(renewed[some], lost[some], customers, unit)


def _refuse(broken: list[str], expected: str) -> None:
    if broken:
        raise InputError("these contracts cannot be: " + "; ".join(broken), expected=expected,
                         mend="correct these rows", zh="客户留存数据自相矛盾")  # fmt: skip


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    try:
        return frame[name].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(f"the column {name} holds something other than numbers", where=str(frame[name].dtype),
                         expected=EXPECTED, zh=f"列 {name} 含有非数值") from error  # fmt: skip


def _some(labels: pd.Index | np.ndarray) -> str:
    shown = ", ".join(f"{label:g}" if isinstance(label, float) else str(label) for label in labels[:MOST_SHOWN])
    return shown + (f", and {len(labels) - MOST_SHOWN} more" if len(labels) > MOST_SHOWN else "")
