"""Promised times: share of complaints answered or resolved in time, open ones counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.satisfaction.tickets.clock import group_order, groups_of, waits
from crm_analysis.survival import incidence_at, survival_at
from crm_analysis.tables.days import Moment

ALL = "total"


def sla_table(
    tickets: pd.DataFrame,
    *,
    targets: float | Mapping[object, float],
    step: str = "reply",
    by: str | None = None,
    as_of: Moment,
    customers: pd.DataFrame | None = None,
    status: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Share of complaints answered or resolved within the promised time, and the probability of a breach.

    .. math:: P(\text{breach}) = \hat S(\text{target})

    A ticket that is open and younger than its target is neither kept nor broken yet: it counts as long as it was
    seen (Kaplan-Meier). The row ``total`` measures each wait in parts of its own target. Where tickets end
    in other ways (`status`), the share in time is Aalen-Johansen's, and a breach is to be open, in no way ended, at the
    target: a complaint withdrawn in time is neither.

    Parameters
    ----------
    tickets : pandas.DataFrame
        As in `waiting.waiting_table`.
    targets : float, or dict of level to float
        Hours promised: one number for all, or one for each level of `by`.
    step : {"reply", "resolve"}
    by : str, optional
        Column to group by (severity, channel, ...), as in `waiting.waiting_table`.
    as_of : str or Timestamp
        Last day of complete data.
    customers, status
        As in `waiting.waiting_table`.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by`
        Each level and ``total``: target_hours (blank in ``total`` if they differ), tickets; in_time, too_late
        (answered later, or open for longer than the target) and undecided (open and younger, or ended in another
        way in time), which add up to tickets; in_time_share and breach_share with limits, which add up to 1 less the
        share that ended in another way in time.

    Raises
    ------
    InputError
        As `waiting.waiting_table`, and if a target is missing or not above 0.

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Aalen & Johansen (1978). Scand. J. Statistics 5, 141-150.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": list("123"), "severity": [3, 3, 1],
    ...     "opened_at": times("2012-03-01 09:00", "2012-03-01 09:00", "2012-03-01 18:00"),
    ...     "first_reply_at": times("2012-03-01 10:00", "2012-03-01 15:00", None)})
    >>> table = sla_table(tickets, targets={3: 4, 1: 24}, by="severity", as_of="2012-03-01 19:00")
    >>> table[["in_time", "too_late", "undecided", "in_time_share"]].loc[[3]].values.tolist()
    [[1.0, 1.0, 0.0, 0.5]]
    """
    tickets = tickets.reset_index(drop=True)  # rows are taken by their label
    facts = waits(tickets, step=step, as_of=as_of, status=status)
    groups = groups_of(tickets, by, customers).loc[facts.index]
    promised = _promised(groups, targets, by)
    facts = facts.assign(parts=facts["hours"] / promised, target=promised)
    rows = {name: _row(facts[groups == name], level) for name in group_order(groups)} if by else {}
    rows[ALL] = _row(facts, level)
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name=by or "tickets_in"))


def _promised(groups: pd.Series, targets: float | Mapping[object, float], by: str | None) -> pd.Series:
    if isinstance(targets, Mapping):
        absent = [str(name) for name in group_order(groups) if name not in targets]
        if by is None or absent:
            what = f"no target for {', '.join(absent)}" if by else "targets by level, but no column to group by"
            raise InputError(what, where="targets", expected="hours for each level of the column `by`",
                             mend="name a target for each level, or one number for all",
                             zh="没有为每个类别给出目标时间")  # fmt: skip
        promised = pd.to_numeric(groups.map(dict(targets)), errors="coerce")
    else:
        promised = pd.to_numeric(pd.Series([targets] * len(groups), index=groups.index), errors="coerce")
    if not (np.isfinite(promised) & (promised > 0)).all():
        raise InputError("a target is no number or not above 0", where="targets", expected="hours above 0",
                         zh="目标时间应为大于 0 的小时数")  # fmt: skip
    return promised


def _row(part: pd.DataFrame, level: float) -> dict[str, float]:
    targets = part["target"].unique()
    late = part["parts"] > 1
    in_time = part["ended"] & ~late
    still = survival_at(part["parts"], part["end"].ne(""), times=[1.0], level=level)
    breach = Estimate(*map(float, still[["survival", "survival_low", "survival_high"]].iloc[0]))
    return (
        {"target_hours": float(targets[0]) if len(targets) == 1 else float("nan"), "tickets": len(part)}
        | {"in_time": int(in_time.sum()), "too_late": int(late.sum()), "undecided": int((~in_time & ~late).sum())}
        | with_limits("in_time_share", _kept(part, level))
        | with_limits("breach_share", breach)
    )


def _kept(part: pd.DataFrame, level: float) -> Estimate:
    """Share done in time: one minus the curve at the target, or the incidence where there are other ends."""
    others = part["end"].ne("") & ~part["ended"]
    if others.any() and part["ended"].any():
        ways = part["end"].mask(part["ended"], "done")
        found = incidence_at(part["parts"], ways, times=[1.0], level=level).loc["done"].iloc[0]
        return Estimate(*map(float, found))
    found = survival_at(part["parts"], part["ended"], times=[1.0], level=level).iloc[0]
    return Estimate(*(float(1 - found[name]) for name in ("survival", "survival_high", "survival_low")))
