"""Who buys again after a complaint, by how it had been handled on a landmark day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.satisfaction.tickets.clock import group_order
from crm_analysis.satisfaction.tickets.comparison import Comparison, compare_groups
from crm_analysis.satisfaction.tickets.followed import HANDLING, LEVELS, Followed, follow
from crm_analysis.survival import kaplan_meier, km_median, survival_at
from crm_analysis.tables.days import Moment


def staying_table(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    by: str = HANDLING,
    as_of: Moment,
    landmark_days: int = 7,
    days: int = 90,
    keep_early_buyers: bool = True,
    reference: object = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Share of complaining customers who buy again within so many days after a landmark, by handling until then.

    .. math:: 1 - \hat S_g(N), \qquad T_i = \text{day of the next order} - \text{landmark day}

    The clock starts `landmark_days` after the complaint was opened, for everybody; how the complaint was handled
    is what was known on that day. Were the clock started at the complaint and customers sorted by whether it was
    *ever* resolved, those resolved late would have to stay long enough to be resolved: time in which
    they cannot fail ("immortal"), and speed would look worse, and resolution better, than it is.

    An association, not an effect of handling: who is compensated, or whose case drags on, differs from others
    before the first reply. (What complaining customers buy against others who did not complain is another
    question, answered by ``churn.later_buying``.)

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, customer_id, opened_at and what `by` needs. The first complaint of each customer counts.
    orders : pandas.DataFrame
        Columns customer_id, ordered_at. Each row is a purchase: set refunds and cancellations aside before.
    by : str
        ``handling_then``: compensated, resolved_only or not_resolved on the landmark day (resolved_at,
        [compensation]); ``csat_then``: csat_high (4, 5), csat_middle (3), csat_low (1, 2) or csat_none,
        of complaints resolved by then; or a column of `tickets` known from the start (channel, severity, ...).
    as_of : str or Timestamp
        Last day of complete data.
    landmark_days : int >= 0
        Days from the complaint to the start of the clock.
    days : int >= 1
        Length of the follow-up N.
    keep_early_buyers : bool
        Whether customers who ordered between complaint and landmark stay in, followed to their next order after
        it (the default: nobody is chosen by what happened after the complaint), or are left out and counted.
    reference : optional
        Group against which the others stand; by default ``not_resolved`` or ``csat_none``, else the largest.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by`
        customers, bought_again (orders seen after the landmark), bought_early; stay_share within `days` with
        log-log limits; stay_difference to the reference with limits from those of the shares (blank there);
        days_median to the next order; then, of all, in each row: not_yet, no_purchase (left out), landmark_days
        and follow_up_days.

    Raises
    ------
    InputError
        If columns are missing, or no complaint can be followed beyond the landmark.

    References
    ----------
    .. [1] Anderson, Cain & Gelber (1983). Journal of Clinical Oncology 1, 710-719 (landmark method).
    .. [2] Suissa (2008). American Journal of Epidemiology 167, 492-499 (immortal time).
    .. [3] Zou & Donner (2008). Statistics in Medicine 27, 1693-1702 (difference from two intervals).

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"customer_id": list("aabb"),
    ...     "ordered_at": day("2012-01-02", "2012-01-20", "2012-01-03", "2012-01-04")})
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "customer_id": ["a", "b"],
    ...     "opened_at": day("2012-01-05", "2012-01-05"), "resolved_at": day("2012-01-06", None)})
    >>> staying_table(tickets, orders, as_of="2012-12-31")[["customers", "stay_share"]].values.tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    if days < 1:
        raise InputError(f"a follow-up of {days} days", where="days", expected="1 or more", zh="跟踪天数应不小于 1")
    found = follow(
        tickets, orders, by=by, as_of=as_of, landmark_days=landmark_days, keep_early_buyers=keep_early_buyers
    )
    parts = _parts(found, by)
    shares = {name: _share(part, days, level) for name, part in parts.items()}
    base = _reference(parts, by, reference)
    rows = {}
    for name, part in parts.items():
        rows[name] = (
            {"customers": len(part), "bought_again": int(part["bought"].sum())}
            | {"bought_early": int(part["bought_early"].sum())}
            | with_limits("stay_share", shares[name])
            | with_limits("stay_difference", _difference(shares[name], shares[base], same=name == base))
            | with_limits("days_median", km_median(part["days"], part["bought"], level=level))
            | {key: int(found.left_out[key]) for key in ("not_yet", "no_purchase")}
            | {"landmark_days": landmark_days, "follow_up_days": days}
        )
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name=by))


def staying_curves(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    by: str = HANDLING,
    as_of: Moment,
    landmark_days: int = 7,
    keep_early_buyers: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """Kaplan-Meier curve of the days from the landmark to the next order, by group, for `plots.plot_staying`.

    Parameters
    ----------
    tickets, orders, by, as_of, landmark_days, keep_early_buyers, level
        As in `staying_table`.

    Returns
    -------
    pandas.DataFrame, index (`by`, time)
        time in days from the landmark; columns as in `survival.kaplan_meier`: survival is the share that has not
        bought yet. ``attrs["landmark_days"]`` is the landmark.
    """
    found = follow(
        tickets, orders, by=by, as_of=as_of, landmark_days=landmark_days, keep_early_buyers=keep_early_buyers
    )
    curves = {name: kaplan_meier(p["days"], p["bought"], level=level) for name, p in _parts(found, by).items()}
    table = pd.concat(curves, names=[by])
    table.attrs["landmark_days"] = landmark_days
    return table


def staying_comparison(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    by: str = HANDLING,
    as_of: Moment,
    landmark_days: int = 7,
    keep_early_buyers: bool = True,
) -> Comparison:
    """Log-rank test that all groups buy again at the same rate, and of each pair with Holm's correction.

    Parameters
    ----------
    tickets, orders, by, as_of, landmark_days, keep_early_buyers
        As in `staying_table`; there must be two groups or more.

    Returns
    -------
    comparison.Comparison
    """
    found = follow(
        tickets, orders, by=by, as_of=as_of, landmark_days=landmark_days, keep_early_buyers=keep_early_buyers
    )
    frame = found.frame
    return compare_groups(frame["days"], frame["bought"], frame["group"].rename(by), order=list(_parts(found, by)))


def _parts(found: Followed, by: str) -> dict[object, pd.DataFrame]:
    """Rows of each group, in the order of the table."""
    groups = found.frame["group"]
    order = [name for name in LEVELS[by] if name in set(groups)] if by in LEVELS else group_order(groups)
    return {name: found.frame[groups == name] for name in order}


def _share(part: pd.DataFrame, days: int, level: float) -> Estimate:
    row = survival_at(part["days"], part["bought"], times=[days], level=level).iloc[0]
    return Estimate(*(float(1 - row[name]) for name in ("survival", "survival_high", "survival_low")))


def _difference(a: Estimate, b: Estimate, *, same: bool) -> Estimate:
    """Difference of two shares with limits from theirs, as Newcombe's of two proportions."""
    if same or not np.isfinite([*a, *b]).all():
        return Estimate(*[float("nan")] * 3)
    gap = a.value - b.value
    low = gap - np.hypot(a.value - a.low, b.high - b.value)
    return Estimate(gap, float(low), float(gap + np.hypot(a.high - a.value, b.value - b.low)))


def _reference(parts: dict[object, pd.DataFrame], by: str, reference: object) -> object:
    if reference is not None and reference not in parts:
        raise InputError(f"there is no group {reference!r}", where="reference",
                         expected=f"one of {', '.join(map(str, parts))}", zh=f"没有“{reference}”这一组")  # fmt: skip
    if reference is not None:
        return reference
    usual = LEVELS[by][-1] if by in LEVELS else None
    return usual if usual in parts else max(parts, key=lambda name: len(parts[name]))
