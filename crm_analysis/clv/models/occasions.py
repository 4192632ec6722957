"""Customers on discrete occasions: the same columns as elsewhere, in whole numbers of occasions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import MOST_SHOWN, Cases, as_cases
from crm_analysis.errors import InputError

NAMES = ("n_periods", "periods", "n")  # other names of the column T


def with_occasions(data: object) -> object:
    """Return customers with the number of occasions in the column T, whatever of the known names it had.

    Examples
    --------
    >>> with_occasions(pd.DataFrame({"frequency": [1], "recency": [2], "periods": [6]})).columns.tolist()
    ['frequency', 'recency', 'T']
    """
    frame = getattr(data, "frame", data)
    if not isinstance(frame, pd.DataFrame) or "T" in frame:
        return data
    found = [name for name in NAMES if name in frame]
    if len(found) != 1:
        what = f"the columns {' and '.join(found)} may both be" if found else "there is no column with"
        raise InputError(f"{what} the number of occasions", where=f"columns {list(frame.columns)[:12]}",
                         expected=f"T, or one of {', '.join(NAMES)}",
                         mend="name the number of occasions since the first purchase T",
                         zh="无法确定购买机会次数所在的列")  # fmt: skip
    return frame.rename(columns={found[0]: "T"})


def occasions(data: object) -> Cases:
    """Check customers on discrete occasions and count equal ones once.

    Parameters
    ----------
    data : pandas.DataFrame or Summary or Cases
        As for `BGBB.fit`.

    Raises
    ------
    InputError
        If a row is impossible: also if times are not whole, or there are more purchases than occasions for them.

    Examples
    --------
    >>> occasions(pd.DataFrame({"frequency": [1, 1], "recency": [2, 2], "periods": [6, 6]})).weight.tolist()
    [2.0]
    """
    cases = as_cases(with_occasions(data))
    x, tx, T = cases.x, cases.tx, cases.T
    rules = {
        "recency is not whole": np.rint(tx) != tx,
        "T is not whole": np.rint(T) != T,
        "frequency is above recency": x > tx,
    }
    broken = [f"{rule}: {_rows_of(cases, hit)}" for rule, hit in rules.items() if hit.any()]
    if broken:
        raise InputError("these customers cannot be, if they may buy once per occasion: " + "; ".join(broken),
                         expected="recency and T counted in occasions, at most one purchase on each",
                         mend="count occasions (years, issues, market days), or take a model in continuous time",
                         zh="frequency、recency、T 应以购买机会次数计，且每次机会最多购买一次")  # fmt: skip
    return cases


def _rows_of(cases: Cases, hit: np.ndarray) -> str:
    labels = cases.index[hit[cases.row]]
    more = f", and {len(labels) - MOST_SHOWN} more" if len(labels) > MOST_SHOWN else ""
    return f"{len(labels)} rows ({', '.join(map(str, labels[:MOST_SHOWN]))}{more})"
