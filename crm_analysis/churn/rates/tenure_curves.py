"""Survival of contracts by group: Kaplan-Meier curves, medians, restricted means, log-rank tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis import survival
from crm_analysis.churn.rates.contract_tenures import as_tenures
from crm_analysis.churn.rates.late_entry import curve_area, curve_quantile, kaplan_meier_late, log_rank_late
from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, holm, p_text, proportion, with_limits
from crm_analysis.tables.needs import check_group, stated
from crm_analysis.words import Sentence, join, word

UNITS = {"month": ("个月", "months"), "quarter": ("个季度", "quarters"), "year": ("年", "years"),
         "week": ("周", "weeks"), "day": ("天", "days")}  # fmt: skip
SHOWN = 4


@dataclass(frozen=True)
class TenureCurves:
    """How long accounts stay, by group.

    Parameters
    ----------
    curves : pandas.DataFrame, index (group, time)
        at_risk, occurred, censored, survival with log-log limits; with late entries also entered_late.
    table : pandas.DataFrame, index group
        accounts, lost, median_tenure, restricted_mean_tenure and, for the chosen times, survival; all with limits.
    test : survival.LogRank or None
        Over all groups; None for one group.
    pairs : pandas.DataFrame or None
        first_group, second_group, chi_squared, p, p_holm.
    by : str or None
    unit : str
    until : float
        Limit of the restricted means, the same in all groups.
    since : int
        Tenure at which the curves begin: of those still there at `since`.
    snapshot : bool
        Whether the group was read when tenure was, so that it may have changed since.
    """

    curves: pd.DataFrame
    table: pd.DataFrame
    test: survival.LogRank | None
    pairs: pd.DataFrame | None
    by: str | None
    unit: str
    until: float
    since: int
    snapshot: bool

    def text(self, lang: str) -> str:
        """Say medians, the test, and what a split at the snapshot does not show."""
        return _text(self).text(lang)


def tenure_curves(
    data: pd.DataFrame, *, by: str | None = None, at: Sequence[float] = (6, 12, 24), until: float | None = None,
    since: int = 0, snapshot: bool = True, level: float = 0.95, **options: object,
) -> TenureCurves:  # fmt: skip
    r"""Kaplan-Meier survival of contracts, by group, with the log-rank test and its pairs.

    .. math:: S(t) = \prod_{t_j \le t} \left(1 - \frac{d_j}{n_j}\right), \quad
        S(t)^{\exp(\pm z \sqrt{V(t)} / |\ln S(t)|)}, \quad V(t) = \sum_{t_j \le t} \frac{d_j}{n_j (n_j - d_j)}

    Parameters
    ----------
    data : pandas.DataFrame
        Contracts, or tenures from `contract_tenures` (entry, tenure, ended, columns to group by).
    by : str, optional
        Column to group by; blank values are named ``not_stated``.
    at : sequence of float
        Times at which the table tells survival.
    until : float, optional
        Limit of the restricted means; by default the latest time to which all curves are known.
    since : int >= 0
        Start of the curves, for those still there by then: with late entries the few accounts seen from their first
        day may make a start that is not to be trusted.
    snapshot : bool
        Whether the group is known only as of the snapshot. Those who stayed had time to change it (a monthly
        contract becomes a yearly one), so the split describes and does not explain. False: known at the start.
    level : float in (0, 1)
    **options
        Of `contract_tenures`, where `data` are contracts: as_of, data_start, unit, max_gap_days.

    Returns
    -------
    TenureCurves

    Raises
    ------
    InputError
        If the data cannot be used, there is no column `by`, or nobody is there at `since`.

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Kalbfleisch & Prentice (2002), p. 18 (limits).
    .. [2] Mantel (1966). Cancer Chemotherapy Reports 50, 163-170 (log-rank). Holm (1979).

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 3, 3, 5, 6], "ended": [1, 1, 1, 0, 1, 0], "plan": list("aaabbb")})
    >>> found = tenure_curves(tenures, by="plan", at=(2,))
    >>> found.table[["accounts", "lost", "median_tenure", "survival_2"]].round(3).values.tolist()
    [[3.0, 3.0, 2.0, 0.333], [3.0, 1.0, 5.0, 1.0]]
    >>> round(found.test.p, 3)
    0.025
    """
    check_level(level)
    tenures = as_tenures(data, **options)
    if by is not None:
        check_group(tenures, "contracts", by)
    unit = tenures.attrs.get("unit", "month")
    if since:
        tenures = tenures[tenures["tenure"] > since].assign(entry=lambda rows: rows["entry"].clip(lower=since))
    if tenures.empty:
        raise InputError(f"nobody is still there after {since} periods", where="since", mend="take a smaller since",
                         zh="没有账户存续到起点")  # fmt: skip
    group = stated(tenures[by]) if by is not None else pd.Series("total", index=tenures.index)
    size = group.value_counts(sort=True)
    names = sorted(size.index, key=lambda name: (-size[name], str(name)))
    parts = {name: tenures[(group == name).to_numpy()] for name in names}
    late = bool((tenures["entry"] > 0).any())
    curves = {name: _curve(part, since, late, level) for name, part in parts.items()}
    limit = _common(curves) if until is None else until
    rows = [_measures(parts[name], curves[name], at, limit, since, level) for name in names]
    table = pd.DataFrame(rows, index=pd.Index(names, name=by or "group"))
    test, pairs = _tests(tenures, group.to_numpy(object), names, late)
    joined = pd.concat(curves, names=[by or "group"])
    return TenureCurves(joined, table, test, pairs, by, unit, float(limit), since, snapshot)


def _curve(part: pd.DataFrame, since: int, late: bool, level: float) -> pd.DataFrame:
    if not late:
        return survival.kaplan_meier(part["tenure"], part["ended"], level=level)
    curve = kaplan_meier_late(part["entry"], part["tenure"], part["ended"], level=level)
    return curve[curve.index >= since] if since else curve


def _common(curves: dict[object, pd.DataFrame]) -> float:
    """Latest time to which all curves are known: for ever, if they have come down to 0."""
    ends = [curve.index[-1] for curve in curves.values() if curve["survival"].iloc[-1] > 0]
    return float(min(ends, default=max(curve.index[-1] for curve in curves.values())))


def _measures(
    part: pd.DataFrame, curve: pd.DataFrame, at: Sequence[float], until: float, since: int, level: float
) -> dict[str, float]:
    row = {"accounts": len(part), "lost": int(part["ended"].sum())}
    row |= with_limits("median_tenure", curve_quantile(curve))
    moved = curve.set_axis(curve.index - since, axis=0)  # time since the start of the curve
    mean = curve_area(moved, until=until - since, level=level) if until > since else curve_area(moved, until=1e-9)
    row |= with_limits("restricted_mean_tenure", mean)
    for time in at:
        place = curve.index.searchsorted(time, side="right") - 1
        known = place >= 0 and (time <= curve.index[-1] or curve["survival"].iloc[-1] == 0)
        row |= with_limits(f"survival_{time:g}", _height(part, curve.iloc[place], time, level) if known else UNKNOWN)
    return row


def _height(part: pd.DataFrame, at: pd.Series, time: float, level: float) -> Estimate:
    """Survival at a time; if nobody has left so far, with Wilson's limits for those still at risk."""
    if at["survival"] < 1:
        return Estimate(float(at["survival"]), float(at["survival_low"]), float(at["survival_high"]))
    there = int(((part["entry"] < max(time, 1)) & (part["tenure"] >= time)).sum())
    return proportion(there, there, level=level)


def _tests(
    tenures: pd.DataFrame, group: np.ndarray, names: list, late: bool
) -> tuple[survival.LogRank | None, pd.DataFrame | None]:
    if len(names) < 2:
        return None, None
    arrays = [tenures[name].to_numpy() for name in ("entry", "tenure", "ended")]

    def test(rows: np.ndarray) -> survival.LogRank:
        entry, tenure, ended = (values[rows] for values in arrays)
        if late:
            return log_rank_late(entry, tenure, ended, group[rows])
        return survival.log_rank(tenure, ended, group[rows])

    whole = test(np.ones(len(group), bool))
    found = [(a, b, test((group == a) | (group == b))) for a, b in combinations(names, 2)]
    pairs = pd.DataFrame([(a, b, pair.statistic, pair.p) for a, b, pair in found],
                         columns=["first_group", "second_group", "chi_squared", "p"])  # fmt: skip
    return whole._replace(groups=whole.groups.reindex(names)), pairs.assign(p_holm=holm(pairs["p"]))


def _text(found: TenureCurves) -> Sentence:
    zh_unit, en_unit = UNITS.get(found.unit, UNITS["month"])
    zh, en = [], []
    for name, row in found.table.head(SHOWN).iterrows():
        half = row["median_tenure"]
        limits = "" if np.isnan(row["median_tenure_low"]) or np.isnan(row["median_tenure_high"]) else (
            f" [{row['median_tenure_low']:g}, {row['median_tenure_high']:g}]")  # fmt: skip
        zh.append(
            f"{word(name, 'zh')} {half:g} {zh_unit}{limits}"
            if half == half
            else f"{word(name, 'zh')}流失未过半，中位数未达到"
        )
        en.append(f"{word(name, 'en')} {half:g} {en_unit}{limits}" if half == half
                  else f"{word(name, 'en')} not reached")  # fmt: skip
    parts = [Sentence(f"在网时长中位数：{'；'.join(zh)}。", f"Median tenure: {'; '.join(en)}.")]
    if found.since:
        parts.append(
            Sentence(
                f"曲线自第 {found.since} {zh_unit}起，只含当时仍在约的账户。",
                f"The curves begin at {found.since} {en_unit}, with the accounts still there by then.",
            )
        )
    if found.test is not None and found.test.p == found.test.p:
        parts.append(Sentence(
            f"对数秩检验：卡方 {found.test.statistic:,.1f}，自由度 {found.test.df}，{p_text(found.test.p)}。",
            f"Log-rank test: chi-squared {found.test.statistic:,.1f}, df {found.test.df}, {p_text(found.test.p)}.",
        ))  # fmt: skip
    if found.test is not None:
        parts.append(SNAPSHOT_NOTE if found.snapshot else ASSOCIATION_NOTE)
    return join(parts)


SNAPSHOT_NOTE = Sentence(
    "分组取自快照日：留下的账户有更多时间变更合约，因此分组比较只作描述，不说明原因。",
    "The groups were read at the snapshot, and those who stayed had time to change: splitting describes only.",
)
ASSOCIATION_NOTE = Sentence(
    "分组在签约时已知；差异表示关联，不表示因果。",
    "The groups were known at the start; differences are associations, not effects.",
)
