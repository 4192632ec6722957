"""Partitions of the RFM cells into named groups: a rule table counts only if it covers each cell exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments.rfm import LEVELS, Scores

EIGHT = {
    "RFM": {
        (1, 1, 1): "important_value", (1, 0, 1): "important_develop", (0, 1, 1): "important_keep",
        (0, 0, 1): "important_win_back", (1, 1, 0): "general_value", (1, 0, 0): "general_develop",
        (0, 1, 0): "general_keep", (0, 0, 0): "general_win_back",
    },
    "RF": {
        (1, 1): "important_value", (1, 0): "important_develop", (0, 1): "important_keep", (0, 0): "important_win_back",
    },
}  # fmt: skip
GRID = {
    5: ("grid_new", "grid_potential", "grid_potential", "grid_champions", "grid_champions"),
    4: ("grid_new", "grid_potential", "grid_potential", "grid_loyal", "grid_champions"),
    3: ("grid_cooling", "grid_cooling", "grid_attention", "grid_loyal", "grid_loyal"),
    2: ("grid_hibernating", "grid_hibernating", "grid_at_risk", "grid_at_risk", "grid_cannot_lose"),
    1: ("grid_lost", "grid_lost", "grid_at_risk", "grid_at_risk", "grid_cannot_lose"),
}  # recency score -> names for combined frequency and monetary score 1 to 5
GRID_ORDER = ("grid_champions", "grid_loyal", "grid_potential", "grid_new", "grid_attention", "grid_cooling",
              "grid_at_risk", "grid_cannot_lose", "grid_hibernating", "grid_lost")  # fmt: skip


def eight_groups(*, high: int = 4, mode: str = "RFM") -> pd.Series:
    """Eight groups by high or low recency, frequency and monetary score; four where there is no money.

    Parameters
    ----------
    high : int, 2 to 5
        A score from here on is high.
    mode : str
        ``RFM`` or ``RF``.

    Returns
    -------
    pandas.Series of categories, index the cells
        Name of the group of each cell (r, f, m) or (r, f).

    Examples
    --------
    >>> eight_groups()[(5, 5, 1)], eight_groups(mode="RF")[(5, 1)]
    ('general_value', 'important_develop')
    """
    if high not in LEVELS[1:]:
        raise InputError(f"high={high!r} does not part the scores", expected="2, 3, 4 or 5")
    names = EIGHT[_mode(mode)]
    return _cells(lambda cell: names[tuple(int(score >= high) for score in cell)], mode, tuple(names.values()))


def grid_groups(*, mode: str = "RFM") -> pd.Series:
    r"""Ten groups on the grid of recency by frequency and monetary value together.

    .. math:: FM = \lfloor (F + M + 1) / 2 \rfloor

    Without money FM is the frequency score.

    Parameters
    ----------
    mode : str
        ``RFM`` or ``RF``.

    Returns
    -------
    pandas.Series of categories, index the cells

    Examples
    --------
    >>> grid_groups()[(5, 3, 5)], grid_groups(mode="RF")[(1, 1)]
    ('grid_champions', 'grid_lost')
    """
    return _cells(lambda cell: GRID[cell[0]][(cell[1] + cell[-1] + 1) // 2 - 1], mode, GRID_ORDER)


def partition(rules: pd.DataFrame | Iterable[Mapping[str, object]], *, mode: str = "RFM") -> pd.Series:
    """Check a table of rules and return the group of each cell.

    Parameters
    ----------
    rules : pandas.DataFrame or rows as mappings
        Columns group, r, f, m (no m in mode RF). A score is written ``4``, ``"4-5"``, ``"1,3"`` or ``"*"``.
    mode : str
        ``RFM`` (125 cells) or ``RF`` (25 cells).

    Returns
    -------
    pandas.Series of categories, index the cells
        In the order of the rules.

    Raises
    ------
    InputError
        If a cell matches no rule or more than one; the message lists those cells.

    Examples
    --------
    >>> rules = [{"group": "recent", "r": "4-5", "f": "*"}, {"group": "gone", "r": "1-3", "f": "*"}]
    >>> partition(rules, mode="RF").value_counts().to_dict()
    {'gone': 15, 'recent': 10}
    >>> partition(rules[:1], mode="RF")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the rules do not part the 25 cells: 15 cells match no rule
      where: no rule: (1,1) (1,2) (1,3) (1,4) (1,5) (2,1) (2,2) (2,3) (2,4) (2,5) …
      expected: each cell matches exactly one rule
    """
    table = pd.DataFrame(rules if isinstance(rules, pd.DataFrame) else list(rules))
    keys = list(_mode(mode).lower())
    lacking = [name for name in ("group", *keys) if name not in table]
    if lacking:
        raise InputError(f"the rules lack the column {', '.join(lacking)}", expected=", ".join(("group", *keys)))
    matches: dict[tuple, list[str]] = {cell: [] for cell in product(LEVELS, repeat=len(keys))}
    for rule in table.to_dict("records"):
        for cell in product(*(_scores(rule[key]) for key in keys)):
            matches[cell].append(str(rule["group"]))
    _prove(matches)
    return _cells(lambda cell: matches[cell][0], mode, tuple(dict.fromkeys(table["group"].astype(str))))


def assign_groups(scores: Scores, cells: pd.Series) -> pd.Series:
    """Group of each customer.

    Parameters
    ----------
    scores : Scores
        From `rfm`.
    cells : pandas.Series
        From `eight_groups`, `grid_groups` or `partition`, of the same mode.

    Returns
    -------
    pandas.Series of categories, index customer_id
        Named ``group``.

    Examples
    --------
    >>> table = pd.DataFrame({"r": [5], "f": [1]}, index=["a"])
    >>> assign_groups(Scores(table, {}, "RF", pd.Timestamp("2010-12-10")), eight_groups(mode="RF")).to_dict()
    {'a': 'important_develop'}
    """
    keys = list(scores.mode.lower())
    if cells.index.nlevels != len(keys):
        raise InputError(f"the scores are of mode {scores.mode}, the groups of {cells.index.nlevels} scores",
                         mend=f"pass mode={scores.mode!r} to the function that makes the groups")  # fmt: skip
    ordered = cells.sort_index()
    position = np.ravel_multi_index(tuple(scores.table[keys].to_numpy().T - 1), (len(LEVELS),) * len(keys))
    return ordered.iloc[position].set_axis(scores.table.index).rename("group")


def group_table(scores: Scores, cells: pd.Series) -> pd.DataFrame:
    r"""Size, share and worth of each group.

    The interval of the share of customers is Wilson's; that of the share of money is the
    ratio estimator's, with customers as the units:
    :math:`se = \sqrt{\sum_i x_i^2 (1[i \in g] - p_g)^2} / \sum_i x_i`.

    Parameters
    ----------
    scores : Scores
        From `rfm`.
    cells : pandas.Series
        From `eight_groups`, `grid_groups` or `partition`.

    Returns
    -------
    pandas.DataFrame, index group
        customers, share, recency and frequency (medians), in mode RFM monetary (mean), and where
        that is a sum money and money_share; the shares with ``_low`` and ``_high``. Empty groups have 0 customers.

    Examples
    --------
    >>> table = pd.DataFrame({"recency": [1, 9], "frequency": [2, 1], "r": [5, 1], "f": [5, 1]}, index=["a", "b"])
    >>> found = group_table(Scores(table, {}, "RF", pd.Timestamp("2010-12-10")), eight_groups(mode="RF"))
    >>> found["customers"].tolist(), found["share"].tolist()
    ([1, 0, 0, 1], [0.5, 0.0, 0.0, 0.5])
    """
    group = assign_groups(scores, cells)
    grouped = scores.table.groupby(group, observed=False)
    found = pd.DataFrame({"customers": grouped.size()})
    found = found.assign(**share_columns("share", found["customers"], len(group)))
    found["recency"], found["frequency"] = grouped["recency"].median(), grouped["frequency"].median()
    if scores.mode == "RFM":
        found["monetary"] = grouped["monetary"].mean()
    if scores.mode == "RFM" and scores.monetary == "sum":
        found["money"] = grouped["monetary"].sum()
        shares = money_shares(scores.table["monetary"], group)
        found[shares.columns] = shares
    return found


def money_shares(money: pd.Series, group: pd.Series) -> pd.DataFrame:
    """Share of all money that each group brings, with a 95 % interval; see `group_table` for the formula.

    Parameters
    ----------
    money : pandas.Series
        Money of each customer.
    group : pandas.Series of categories
        Group of each customer, same index.

    Returns
    -------
    pandas.DataFrame, index group
        money_share, money_share_low, money_share_high.

    Examples
    --------
    >>> money_shares(pd.Series([3.0, 1.0]), pd.Series(["a", "b"], dtype="category"))["money_share"].to_dict()
    {'a': 0.75, 'b': 0.25}
    """
    total = money.sum()
    share = money.groupby(group, observed=False).sum() / total
    own = (money**2).groupby(group, observed=False).sum()
    error = np.sqrt(own * (1 - share) ** 2 + ((money**2).sum() - own) * share**2) / abs(total)
    found = pd.DataFrame({"money_share": share})
    found["money_share_low"] = (share - 1.959964 * error).clip(lower=0)
    found["money_share_high"] = (share + 1.959964 * error).clip(upper=1)
    return found


def _mode(mode: str) -> str:
    if mode not in EIGHT:
        raise InputError(f"there is no mode {mode!r}", expected="RFM or RF")
    return mode


def _cells(name: Callable[[tuple], str], mode: str, order: tuple[str, ...]) -> pd.Series:
    keys = list(_mode(mode).lower())
    index = pd.MultiIndex.from_product([LEVELS] * len(keys), names=keys)
    names = pd.Categorical([name(cell) for cell in index], categories=list(dict.fromkeys(order)), ordered=True)
    return pd.Series(names, index=index, name="group")


def _scores(written: object) -> list[int]:
    text = str(written).strip()
    found: list[int] = []
    for part in ["1-5"] if text in ("*", "any") else text.split(","):
        low, _, high = part.strip().partition("-")
        if not (low.strip().isdigit() and (high.strip() or low.strip()).isdigit()):
            raise InputError(f"the score {text!r} cannot be read", expected="for example 4, 4-5, 1,3 or *")
        found += range(int(low), int(high or low) + 1)
    if not found or not set(found) <= set(LEVELS):
        raise InputError(f"the score {text!r} is outside 1 to 5", expected="for example 4, 4-5, 1,3 or *")
    return sorted(set(found))


def _prove(matches: dict[tuple, list[str]]) -> None:
    none = [cell for cell, names in matches.items() if not names]
    many = [cell for cell, names in matches.items() if len(names) > 1]
    if not none and not many:
        return
    counts = [f"{len(none)} cells match no rule"] * bool(none) + [f"{len(many)} match more than one"] * bool(many)
    where = [f"no rule: {_list(none)}"] * bool(none)
    where += [f"more than one: {_list(many)}, such as {' and '.join(matches[many[0]])}"] if many else []
    raise InputError(f"the rules do not part the {len(matches)} cells: {' and '.join(counts)}",
                     where="; ".join(where), expected="each cell matches exactly one rule")  # fmt: skip


def _list(cells: list[tuple], most: int = 10) -> str:
    shown = " ".join(f"({','.join(map(str, cell))})" for cell in cells[:most])
    return shown + " …" * (len(cells) > most)
