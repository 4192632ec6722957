"""RFM: recency, frequency, monetary value, and scores from 1 to 5 in which equal customers score equally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments.frames import code, has_money, needs_days, zone_of
from crm_analysis.tables.days import Moment, day_number, day_stamp

MEASURES = {"r": "recency", "f": "frequency", "m": "monetary"}
QUANTILES = (0.2, 0.4, 0.6, 0.8)
LEVELS = (1, 2, 3, 4, 5)
DIGITS = 6  # the order in which amounts are added must not part equal customers


@dataclass(frozen=True)
class Scores:
    """RFM scores of customers and the cuts that made them.

    Parameters
    ----------
    table : pandas.DataFrame, index customer_id
        recency (days), frequency, monetary (only in mode RFM) and the scores r, f, m (1 to 5).
    cuts : dict of str to list of float
        Four ascending cuts for each of r, f, m, in the unit of the measure; pass them to `rfm`
        to score another period by the same measure.
    mode : str
        ``RFM``, or ``RF`` for data without money.
    as_of : pandas.Timestamp
        The day at which recency was counted.
    monetary : str
        ``sum`` or ``mean``: what the monetary value is.
    """

    table: pd.DataFrame
    cuts: dict[str, list[float]]
    mode: str
    as_of: pd.Timestamp
    monetary: str = "sum"

    @property
    def empty(self) -> dict[str, list[int]]:
        """Levels that no customer has, as when cuts coincide; levels are not renumbered.

        Examples
        --------
        >>> Scores(pd.DataFrame({"f": [1, 3, 5]}), {"f": [1, 1, 2, 2]}, "RF", pd.Timestamp("2010-12-10")).empty
        {'f': [2, 4]}
        """
        gaps = {key: sorted(set(LEVELS) - set(self.table[key])) for key in self.cuts}
        return {key: levels for key, levels in gaps.items() if levels}


def rfm(
    purchases: pd.DataFrame,
    *,
    as_of: Moment,
    mode: str = "auto",
    frequency: str = "days",
    monetary: str = "sum",
    cuts: Mapping[str, Sequence[float]] | None = None,
) -> Scores:
    r"""RFM measures and tie-safe scores of every customer.

    .. math:: s(x) = 1 + \#\{\text{cuts strictly below } x\}

    on :math:`-R`, :math:`F` and :math:`M`; the cuts are the linear quantiles .2, .4, .6, .8.
    Customers with equal values score equally, whatever the order of rows; cuts that coincide
    leave a level empty, which `Scores.empty` reports.

    Parameters
    ----------
    purchases : pandas.DataFrame
        One row per purchase: customer_id, at, [amount]. Rows after `as_of` do not count.
    as_of : str or Timestamp
        Day at which recency is counted; a purchase of that day has recency 0.
    mode : str
        ``RFM``, ``RF`` (no money), or ``auto``: RFM where there are amounts.
    frequency : str
        ``days`` on which the customer bought, or ``orders``.
    monetary : str
        ``sum`` of the amounts, or ``mean`` per purchase.
    cuts : mapping of str to four numbers, optional
        Cuts for r, f, m (any of them), as in `Scores.cuts`.

    Returns
    -------
    Scores

    Raises
    ------
    InputError
        If the frame cannot be used, the data span less than two days, or an option is not known.

    References
    ----------
    .. [1] Hughes (1994). Strategic Database Marketing. Quintiles of recency, frequency and monetary value.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabc"), "amount": [5.0, 5.0, 2.0, 2.0],
    ...                     "at": pd.to_datetime(["2010-12-01", "2010-12-08", "2010-12-05", "2010-12-05"])})
    >>> scores = rfm(log, as_of="2010-12-09")
    >>> scores.table.loc[["a", "b", "c"], ["recency", "frequency", "monetary", "r", "f", "m"]].values.tolist()
    [[1.0, 2.0, 10.0, 5.0, 5.0, 5.0], [4.0, 1.0, 2.0, 1.0, 1.0, 1.0], [4.0, 1.0, 2.0, 1.0, 1.0, 1.0]]
    >>> scores.cuts["f"]
    [1.0, 1.0, 1.2, 1.6]
    """
    mode = _options(purchases, mode, frequency, monetary)
    table = _measures(purchases, as_of, mode, frequency, monetary)
    given = {**(cuts or {})}
    used = {key: _cuts(table[MEASURES[key]], key, given.pop(key, None)) for key in mode.lower()}
    if given:
        raise InputError(f"cuts for {', '.join(given)} cannot be used in mode {mode}", expected=", ".join(mode.lower()))
    for key, limits in used.items():
        values, ordered = table[MEASURES[key]].to_numpy("float64"), np.asarray(limits, "float64")
        below = (
            4 - np.searchsorted(ordered, values, "right") if key == "r" else np.searchsorted(ordered, values, "left")
        )
        table[key] = 1 + below
    return Scores(table, used, mode, day_stamp(day_number(as_of, zone_of(purchases))), monetary)


def _options(purchases: pd.DataFrame, mode: str, frequency: str, monetary: str) -> str:
    wrong = [f"mode={mode!r} (auto, RFM, RF)"] if mode not in ("auto", "RFM", "RF") else []
    wrong += [f"frequency={frequency!r} (days, orders)"] if frequency not in ("days", "orders") else []
    wrong += [f"monetary={monetary!r} (sum, mean)"] if monetary not in ("sum", "mean") else []
    if wrong:
        raise InputError(f"options of RFM that are not known: {'; '.join(wrong)}")
    if mode == "RFM" and not has_money(purchases):
        raise InputError("mode RFM needs a column amount", mend="use mode='RF', which leaves money out")
    return mode if mode != "auto" else "RFM" if has_money(purchases) else "RF"


def _measures(purchases: pd.DataFrame, as_of: Moment, mode: str, frequency: str, monetary: str) -> pd.DataFrame:
    coded = code(purchases, measure="RFM", until=as_of)
    needs_days("RFM recency", needed=2, start=coded.start, end=coded.end)
    days, orders = coded.by_day(), np.bincount(coded.code)
    last = days["day"].to_numpy()[np.cumsum(np.bincount(days["code"])) - 1]
    table = pd.DataFrame({"recency": day_number(as_of, zone_of(purchases)) - last}, index=coded.customers)
    table["frequency"] = np.bincount(days["code"]) if frequency == "days" else orders
    if mode == "RFM":
        total = np.bincount(coded.code, coded.amount)
        table["monetary"] = np.round(total / orders if monetary == "mean" else total, DIGITS)
    return table


def _cuts(values: pd.Series, key: str, given: Sequence[float] | None) -> list[float]:
    if given is None:
        return [round(float(cut), DIGITS) for cut in np.quantile(values, QUANTILES)]
    cuts = [float(cut) for cut in given]
    if len(cuts) != len(QUANTILES) or not np.isfinite(cuts).all() or sorted(cuts) != cuts:
        raise InputError(f"the cuts of {key} are {cuts}", expected="four numbers in ascending order",
                         mend="pass the cuts of an earlier result: rfm(..., cuts=scores.cuts)")  # fmt: skip
    return cuts
