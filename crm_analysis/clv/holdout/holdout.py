"""Customers of a calibration period with what they did in the holdout, equal ones counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import Cases, as_cases
from crm_analysis.errors import InputError

COLUMNS = ("frequency_holdout", "duration_holdout")
SAME = 1e-9  # lengths of time that differ by less are equal


@dataclass(frozen=True)
class Holdout:
    """What is needed to hold predictions against what happened.

    Parameters
    ----------
    calibration : Cases
        The customers, to fit on.
    pairs : Cases
        Distinct (case, actual purchases), to predict for; its weights are customers.
    actual : numpy.ndarray of shape (pairs,)
        Purchases in the holdout.
    horizon : float
        Length of the holdout, in the unit of the data.
    """

    calibration: Cases
    pairs: Cases
    actual: np.ndarray
    horizon: float

    @property
    def weight(self) -> np.ndarray:
        """Customers per pair."""
        return self.pairs.weight

    @property
    def unit(self) -> str:
        """Unit of time, empty if the data do not say."""
        return self.calibration.unit

    @property
    def zero_share(self) -> float:
        """Share of customers who bought nothing in the holdout."""
        return float(self.weight[self.actual == 0].sum() / self.weight.sum())

    @property
    def one_time_share(self) -> float:
        """Share of customers who had not bought again in the calibration."""
        return float(self.weight[self.pairs.x == 0].sum() / self.weight.sum())


def as_holdout(data: object, *, horizon: float | None = None) -> Holdout:
    """Check a summary with a holdout and count equal customers once.

    Parameters
    ----------
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``, ``frequency_holdout``, ``duration_holdout``, optionally ``weights``.
    horizon : float, optional
        Length of the holdout; only needed where the data lack ``duration_holdout``.

    Raises
    ------
    InputError
        If there is no holdout, or not one of the same length above 0 for all customers.

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [0, 0, 0], "recency": 0.0, "T": 39.0, "frequency_holdout": [0, 1, 0],
    ...     "duration_holdout": 39.0})
    >>> held = as_holdout(frame)
    >>> held.actual.tolist(), held.weight.tolist(), held.horizon
    ([0.0, 1.0], [2.0, 1.0], 39.0)
    """
    calibration = as_cases(data)
    frame = getattr(data, "frame", data)
    length = _length(frame, horizon)
    actual = _counts(frame)
    values, found = pd.factorize(actual, sort=True)
    code, distinct = pd.factorize(calibration.row * len(found) + values, sort=True)
    each = frame["weights"].to_numpy(float) if "weights" in frame else None
    weight = np.bincount(code, weights=each, minlength=len(distinct)).astype(float)
    case, count = np.divmod(distinct, len(found))
    places = np.arange(len(distinct))
    pairs = Cases(calibration.x[case], calibration.tx[case], calibration.T[case], weight, places,
                  pd.RangeIndex(len(places)), calibration.unit)  # fmt: skip
    return Holdout(calibration, pairs, found[count], length)


def _counts(frame: pd.DataFrame) -> np.ndarray:
    if COLUMNS[0] not in frame:
        raise InputError("there is no holdout to compare with: the column frequency_holdout is missing",
                         where=f"columns {list(frame.columns)[:12]}",
                         mend="clv.summarize(orders, calibration_end=..., until=...) makes one",
                         zh="数据没有留出期，无法检验预测")  # fmt: skip
    actual = pd.to_numeric(frame[COLUMNS[0]], errors="coerce").to_numpy(float, na_value=np.nan)
    wrong = ~(np.isfinite(actual) & (actual >= 0) & (actual == np.rint(actual)))
    if wrong.any():
        raise InputError(f"frequency_holdout is not a whole number from 0 in {int(wrong.sum())} rows",
                         where=f"for instance {frame.index[wrong][0]}", expected="purchase days in the holdout",
                         zh="frequency_holdout 必须是非负整数")  # fmt: skip
    return actual


def _length(frame: pd.DataFrame, horizon: float | None) -> float:
    if COLUMNS[1] not in frame:
        if horizon is None:
            raise InputError("the length of the holdout is not known: the column duration_holdout is missing",
                             mend="give horizon=..., in the unit of T", zh="留出期的长度未知")  # fmt: skip
        return _positive(horizon)
    lengths = pd.to_numeric(frame[COLUMNS[1]], errors="coerce").to_numpy(float, na_value=np.nan)
    if np.isnan(lengths).any():
        raise InputError(f"duration_holdout is empty in {int(np.isnan(lengths).sum())} rows",
                         expected="the same length for every customer", zh="部分客户的留出期长度缺失")  # fmt: skip
    low, high = lengths.min(), lengths.max()
    if high - low > SAME * max(high, 1.0):
        raise InputError(f"customers have holdouts of different length, from {low:g} to {high:g}",
                         expected="one holdout for all: errors over different times cannot be averaged",
                         mend="summarize with one calibration_end and one until",
                         zh="客户的留出期长度不一致")  # fmt: skip
    if horizon is not None and abs(_positive(horizon) - low) > SAME * max(high, 1.0):
        raise InputError(f"horizon is {horizon:g}, but the holdout is {low:g} long",
                         mend="leave horizon out, or summarize with another until",
                         zh="horizon 与留出期长度不一致")  # fmt: skip
    return _positive(low)


def _positive(length: float) -> float:
    if not (isinstance(length, (int, float, np.number)) and 0 < length < np.inf):
        raise InputError(f"the holdout must be longer than 0; got {length!r}",
                         mend="choose calibration_end before until", zh="留出期长度必须大于 0")  # fmt: skip
    return float(length)
