"""Visits from advertisements: how deep they went by source, and creatives, forms and positions compared.

Depth is the number of pages seen: one page is a visitor who left at once (a bounce),
then up to 5, up to 10, and more. An *effective* visit saw more than one page.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm, share_columns, with_limits
from crm_analysis.marketing.experiments import two_proportions
from crm_analysis.tables.needs import check_columns, groups

DEPTHS = {"left_at_once": 1, "pages_2_to_5": 5, "pages_6_to_10": 10, "pages_over_10": np.inf}  # up to so many pages
OUTCOMES = ("bought", "clicked", "bounced", "effective")
AGAINST = ("rest", "best")


def source_table(visits: pd.DataFrame, *, by: str = "source", level: float = 0.95) -> pd.DataFrame:
    """Count visits, their depth and their purchases by source, the largest source first.

    Parameters
    ----------
    visits : pandas.DataFrame
        Table ``visits``: visit_id, pages, `by`; clicked and bought where recorded.
    by : str
        Column that groups the visits; blank values form the group ``not_stated``.
    level : float in (0, 1)
        Level of the Wilson intervals.

    Returns
    -------
    pandas.DataFrame
        One row per value of `by`: visits, left_at_once, pages_2_to_5, pages_6_to_10, pages_over_10 (visits of each
        depth), bounce_rate with limits; with the column `bought` also bought_known (visits of which it is known),
        bought and bought_share with limits; likewise for `clicked`.

    Raises
    ------
    InputError
        If a column is missing or pages is blank.

    Examples
    --------
    >>> visits = pd.DataFrame({"visit_id": ["1", "2", "3"], "source": ["search", "search", "mail"], "pages": [1, 7, 3],
    ...                        "bought": [False, True, False]})
    >>> source_table(visits)[["source", "visits", "left_at_once", "bought"]].values.tolist()
    [['search', 2, 1, 1], ['mail', 1, 0, 0]]
    """
    group, depth = groups(visits, by), _depth(visits)
    counts = pd.crosstab(group, depth, dropna=False).reindex(columns=list(DEPTHS), fill_value=0)
    table = pd.DataFrame({"visits": counts.sum(axis=1)}).join(counts).rename_axis(index=by)
    table = table.assign(**share_columns("bounce_rate", table["left_at_once"], table["visits"], level=level))
    for flag in ("clicked", "bought"):
        if flag in visits:
            known = visits[flag].notna().groupby(group.to_numpy()).sum()
            hits = visits[flag].fillna(False).astype(bool).groupby(group.to_numpy()).sum()
            shares = share_columns(f"{flag}_share", hits, known, level=level)
            table = table.assign(**{f"{flag}_known": known, flag: hits}, **shares)
    return table.sort_values("visits", ascending=False, kind="stable").reset_index()


def compare_visits(
    visits: pd.DataFrame, *, by: str, outcome: str = "bought", against: str = "rest", level: float = 0.95
) -> pd.DataFrame:
    """Compare the groups of visits (creatives, forms, positions) in the share with an outcome.

    ``against="rest"`` sets each group against all other visits together.
    ``against="best"`` sets it against the group with the highest Wilson lower limit;
    since the data themselves chose the best, p is corrected for all pairs of groups.

    The groups were not drawn by lot: a difference says that visitors differ, not that
    the creative made them buy. Several visits of one person count as independent.

    Parameters
    ----------
    visits : pandas.DataFrame
        Table ``visits``; rows whose outcome is not known are not counted in `visits`.
    by : str
        Column that groups the visits, such as ``creative`` or ``position``.
    outcome : {"bought", "clicked", "bounced", "effective"}
    against : {"rest", "best"}
    level : float in (0, 1)
        Level of each interval; the intervals are not corrected for their number, p_holm is.

    Returns
    -------
    pandas.DataFrame
        One row per group, the highest share first: visits, hits, hit_share with limits, share_difference (Newcombe)
        with limits, p, p_holm, is_best (with ``against="best"``; its own difference is NaN).

    Raises
    ------
    InputError
        If a column or an option cannot be used or there are fewer than two groups.

    Examples
    --------
    >>> visits = pd.DataFrame({"visit_id": range(200), "pages": 2, "creative": ["A", "B"] * 100,
    ...                        "bought": [True, False] * 60 + [False, False] * 40})
    >>> compare_visits(visits, by="creative")[["creative", "hits", "share_difference"]].values.tolist()
    [['A', 60, 0.6], ['B', 0, -0.6]]
    """
    if outcome not in OUTCOMES or against not in AGAINST:
        raise InputError(f"visits cannot be compared in {outcome!r} against {against!r}",
                         expected=f"outcome {', '.join(OUTCOMES)}; against {', '.join(AGAINST)}")  # fmt: skip
    hit = _outcome(visits, outcome)
    known = hit.notna().to_numpy()
    group = groups(visits, by)[known]
    table = hit[known].astype(int).groupby(group.to_numpy()).agg(visits="size", hits="sum").rename_axis(index=by)
    if len(table) < 2:
        raise InputError(f"column {by!r} has {len(table)} group with a known outcome",
                         expected="two groups or more", mend="compare by another column",
                         zh="结果已知的访问不足两组，无法比较")  # fmt: skip
    table = table.assign(**share_columns("hit_share", table["hits"], table["visits"], level=level))
    compared = _against_rest(table, level) if against == "rest" else _against_best(table, level)
    table = table.join(compared)
    return table.sort_values(["hit_share", "visits"], ascending=False, kind="stable").reset_index()


def _against_rest(table: pd.DataFrame, level: float) -> pd.DataFrame:
    n, x = table["visits"].sum(), table["hits"].sum()
    rows = [_row(a.hits, a.visits, x - a.hits, n - a.visits, level) for a in table.itertuples()]
    found = pd.DataFrame(rows, index=table.index)
    return found.assign(p_holm=holm(found["p"]))


def _against_best(table: pd.DataFrame, level: float) -> pd.DataFrame:
    best = table["hit_share_low"].to_numpy().argmax()
    groups = list(zip(table["hits"], table["visits"]))
    rows = [_row(*group, *groups[best], level) if k != best else _row(0, 0, 0, 0, level)
            for k, group in enumerate(groups)]  # fmt: skip
    pairs = list(combinations(range(len(groups)), 2))
    corrected = holm([two_proportions(*groups[a], *groups[b]).p for a, b in pairs])
    with_best = {a if b == best else b: p for (a, b), p in zip(pairs, corrected) if best in (a, b)}
    found = pd.DataFrame(rows, index=table.index)
    return found.assign(
        p_holm=[with_best.get(k, np.nan) for k in range(len(groups))], is_best=np.arange(len(groups)) == best
    )


def _row(x1: int, n1: int, x2: int, n2: int, level: float) -> dict[str, float]:
    found = two_proportions(x1, n1, x2, n2, level=level)
    return with_limits("share_difference", found.difference) | {"p": found.p}


def _depth(visits: pd.DataFrame) -> pd.Series:
    check_columns(visits, "visits", ("pages",))
    place = np.searchsorted(list(DEPTHS.values()), visits["pages"])
    return pd.Series(pd.Categorical.from_codes(place, list(DEPTHS)), index=visits.index)


def _outcome(visits: pd.DataFrame, outcome: str) -> pd.Series:
    if outcome in ("bounced", "effective"):
        return _depth(visits).eq("left_at_once") == (outcome == "bounced")
    if outcome not in visits:
        raise InputError(f"{outcome} is missing", where="table visits", mend=f"compare in one of {', '.join(OUTCOMES)}")
    return visits[outcome]
