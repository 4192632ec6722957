"""The effect by groups of the score, and what can be said of the four kinds of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.marketing.uplift.rows import difference, read_rows, score_groups
from crm_analysis.words import Sentence, join

FEW_ROWS, FEW_RESPONSES = 30, 5
KINDS = ("persuadables", "sure_things", "lost_causes", "sleeping_dogs")


def uplift_by_decile(
    score: ArrayLike,
    y: ArrayLike,
    treated: ArrayLike,
    *,
    groups: int = 10,
    customer: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Effect of the treatment in each tenth of the customers by score, 1 the highest.

    In a good order the effect falls from the first group to the last. The score is not used for the effect: within a
    group, treated and control customers are compared as the lot left them. Equal scores stay in one group.

    Parameters
    ----------
    score, y, treated, customer
        As in `qini`.
    groups : int
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        score_group, customers, treated, control, score_mean, treated_rate, control_rate, uplift with Newcombe's
        limits, few_customers (fewer than 30 in an arm, or fewer than 5 good outcomes in all).

    Raises
    ------
    InputError
        As `qini`, or if there are more groups than customers.

    Examples
    --------
    >>> score = np.repeat([0.2, 0.0], 200)
    >>> y, treated = np.tile([1, 0, 1, 1, 0, 0, 0, 1], 50), np.tile([1, 0, 1, 0], 100)
    >>> uplift_by_decile(score, y, treated, groups=2)[["score_group", "customers", "uplift"]].values.tolist()
    [[1.0, 200.0, 0.0], [2.0, 200.0, 0.0]]
    """
    rows = read_rows(score, y, treated, customer=customer)
    group, found = score_groups(rows.score, groups), []
    for place in np.unique(group):
        part = group == place
        y_part, t_part = rows.y[part], rows.treated[part]
        n = int(t_part.sum())
        few = min(n, len(t_part) - n) < FEW_ROWS or y_part.sum() < FEW_RESPONSES
        codes = None if rows.customer is None else rows.customer[part]
        found.append(
            {"score_group": int(place), "customers": len(t_part), "treated": n, "control": len(t_part) - n}
            | {"score_mean": rows.score[part].mean(), "treated_rate": _rate(y_part[t_part == 1])}
            | {"control_rate": _rate(y_part[t_part == 0])}
            | with_limits("uplift", difference(y_part, t_part, codes, level=level))
            | {"few_customers": bool(few)}
        )
    return pd.DataFrame(found)


def customer_kinds(
    score: ArrayLike,
    y: ArrayLike,
    treated: ArrayLike,
    *,
    groups: int = 5,
    customer: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Bounds of the shares of the four kinds of customers, by group of the score.

    .. math:: \max(0, p_t - p_c) \le P(\text{persuadable}) \le \min(p_t, 1 - p_c),\quad
              P(\text{persuadable}) - P(\text{sleeping dog}) = p_t - p_c

    *Persuadables* have the good outcome only if treated, *sure things* with and without, *lost causes* in neither
    case, *sleeping dogs* only if left alone. Nobody is seen both treated and untreated, so no individual can be put
    into a kind, by any model. Even shares of kinds are only bounded; what an experiment does tell is persuadables
    less sleeping dogs, the uplift. The bounds take the shares of treated and control as they are, without their
    sampling error; the uplift beside them has its limits. `kinds_text` puts the table into words.

    Parameters
    ----------
    score, y, treated, customer
        As in `qini`.
    groups : int
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        score_group, customers, uplift with limits, and the least and most of each kind: persuadables_least,
        persuadables_most, sure_things_least, ..., sleeping_dogs_most.

    Raises
    ------
    InputError
        As `qini`.

    References
    ----------
    .. [1] Tian & Pearl (2000). Annals of Mathematics and Artificial Intelligence 28, 287-313, section 4 (bounds).

    Examples
    --------
    >>> y, treated = np.repeat([1, 0, 1, 0], [30, 70, 10, 90]), np.repeat([1, 0], 100)
    >>> table = customer_kinds(np.ones(200), y, treated, groups=1)
    >>> table[["persuadables_least", "persuadables_most", "sleeping_dogs_least"]].round(2).values.tolist()
    [[0.2, 0.3, 0.0]]
    """
    table = uplift_by_decile(score, y, treated, groups=groups, customer=customer, level=level)
    t, c = table["treated_rate"].to_numpy(), table["control_rate"].to_numpy()
    bounds = {
        "persuadables": (np.maximum(0, t - c), np.minimum(t, 1 - c)),
        "sure_things": (np.maximum(0, t + c - 1), np.minimum(t, c)),
        "lost_causes": (np.maximum(0, 1 - t - c), np.minimum(1 - t, 1 - c)),
        "sleeping_dogs": (np.maximum(0, c - t), np.minimum(c, 1 - t)),
    }
    sides = {f"{kind}_{side}": bounds[kind][k] for kind in KINDS for k, side in enumerate(("least", "most"))}
    return table[["score_group", "customers", "uplift", "uplift_low", "uplift_high"]].assign(**sides)


def kinds_text(table: pd.DataFrame, lang: str) -> str:
    """Say what an experiment tells of the four kinds in the highest and the lowest group of the score.

    The least shares come from the limits of the uplift, so that chance alone makes no persuadables or sleeping dogs.

    Parameters
    ----------
    table : pandas.DataFrame
        From `customer_kinds`.
    lang : {"zh", "en"}

    Examples
    --------
    >>> y, treated = np.repeat([1, 0, 1, 0], [30, 70, 10, 90]), np.repeat([1, 0], 100)
    >>> print(kinds_text(customer_kinds(np.ones(200), y, treated, groups=1), "en")[:88])
    All (200 rows): uplift +20.0% [+9.0%, +30.6%], which is persuadables less sleeping dogs;
    """
    ends = [table.iloc[0]] if len(table) == 1 else [table.iloc[0], table.iloc[-1]]
    names = [("全部", "All")] if len(table) == 1 else [("得分最高组", "Highest score"), ("得分最低组", "Lowest score")]
    parts = [_kinds_of(row, *name) for row, name in zip(ends, names)]
    parts.append(Sentence(
        "各型占比只有上下界，下界取自增量的区间，上界未计抽样误差；没有人能同时被观察到处理与不处理的结果，因此不能判定某位客户属于哪一型。",
        "The shares are only bounded, from below by the limits of the uplift, from above without sampling error; nobody"
        " is seen both treated and untreated, so no customer can be put into a kind.",
    ))  # fmt: skip
    return join(parts).text(lang)


def _kinds_of(row: pd.Series, zh: str, en: str) -> Sentence:
    uplift = Estimate(*(float(row[f"uplift{end}"]) for end in ("", "_low", "_high")))
    a, b = f"{max(0.0, uplift.low):.1%}", f"{row['persuadables_most']:.1%}"
    c, d = f"{max(0.0, -uplift.high):.1%}", f"{row['sleeping_dogs_most']:.1%}"
    return Sentence(
        f"{zh}（{row['customers']:,.0f} 行）：增量 {uplift:+.1%}，即敏感型减去反感型的占比；敏感型占 {a} 至 {b}，"
        f"反感型占 {c} 至 {d}。",
        f"{en} ({row['customers']:,.0f} rows): uplift {uplift:+.1%}, which is persuadables less sleeping dogs;"
        f" {a} to {b} persuadables, {c} to {d} sleeping dogs.",
    )


def _rate(y: np.ndarray) -> float:
    return float(y.mean()) if len(y) else float("nan")
