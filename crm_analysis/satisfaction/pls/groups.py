"""Differences of paths between groups of respondents: permutation tests, and whether the groups may be compared."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.micom import PairFits, invariance, permutation_p
from crm_analysis.satisfaction.pls.resampling import STOP_ABOVE, refit
from crm_analysis.satisfaction.survey.model import PathModel

WHERE = "compare_groups"
CHUNK = 500  # permutations whose counts are in memory at once


@dataclass(frozen=True)
class GroupComparison:
    """Paths of groups side by side, and whether the groups' constructs are the same.

    Parameters
    ----------
    paths : pandas.DataFrame
        first_group, second_group, source, target, path_first, path_second, path_difference (first less second), p
        (permutation, two-sided) and p_holm (over all rows).
    invariance : pandas.DataFrame
        first_group, second_group, construct, invariance and the tests of MICOM; see
        `pls.micom.invariance`.
    respondents : pandas.DataFrame, index group
        respondents, left_out (gaps in the answers).
    failures : pandas.DataFrame
        first_group, second_group, replicates (permutations left out).
    unlabelled : int
        Respondents without a group.
    model : PathModel
    draws, seed, level
        As asked for.
    """

    paths: pd.DataFrame
    invariance: pd.DataFrame
    respondents: pd.DataFrame
    failures: pd.DataFrame
    unlabelled: int
    model: PathModel
    draws: int
    seed: int
    level: float

    def text(self, lang: str) -> str:
        """Return which differences are clear and which may not be claimed, in ``zh`` or ``en``."""
        from crm_analysis.satisfaction.pls.group_texts import group_text

        return group_text(self, lang)


def compare_groups(
    survey: pd.DataFrame,
    model: PathModel,
    *,
    by: str,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    scheme: str = "path",
    consistent: bool = False,
    missing: str = "listwise",
) -> GroupComparison:
    r"""Compare the paths of groups of respondents by permuting who belongs to which.

    .. math:: p = \frac{1 + \#\{|b^*_1 - b^*_2| \ge |b_1 - b_2|\}}{1 + \text{draws}}

    Before, MICOM asks in three steps whether a construct is the same thing in both groups: same set-up (which is so
    here by construction), same composition (partial invariance; without it differences of its paths mean nothing), and
    equal means and variances (full invariance; needed to pool the groups).

    Parameters
    ----------
    survey : pandas.DataFrame
    model : PathModel
    by : str
        Column of the survey that holds the group; two groups or more, each pair is compared.
    draws : int
        Permutations for each pair. No corrected p can be below comparisons / (draws + 1): a thousand for twelve paths.
    seed : int
    level : float in (0, 1)
        Of the tests of MICOM.
    scheme, consistent, missing
        As in `PLS`; a mean filled in is that of both groups.

    Raises
    ------
    InputError
        If the column is missing or names fewer than two groups, or a group is too small for the model.

    References
    ----------
    .. [1] Chin & Dibbern (2010). Handbook of Partial Least Squares, 171-193 (permutation test).
    .. [2] Henseler, Ringle & Sarstedt (2016). International Marketing Review 33, 405-431 (MICOM).

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.model import PathModel
    >>> rng = np.random.default_rng(1)
    >>> x, group = rng.normal(size=200), np.repeat(["a", "b"], 100)
    >>> survey = pd.DataFrame({"x1": x, "y1": np.where(group == "a", x, -x) + rng.normal(size=200), "group": group})
    >>> model = PathModel({"x": ["x1"], "y": ["y1"]}, [("x", "y")])
    >>> found = compare_groups(survey, model, by="group", draws=99).paths
    >>> found[["path_first", "path_second", "p"]].round(2).values.tolist()
    [[0.68, -0.73, 0.01]]
    """
    check_level(level)
    if draws < 1:
        raise InputError(f"draws={draws}", where=WHERE, expected="1 or more; 1,000 for a report",
                         zh="置换次数至少为 1")  # fmt: skip
    rows, labels, unlabelled = _labelled(survey, by)
    pls = PLS(model, scheme=scheme, consistent=consistent, missing=missing)
    counts = _count_groups(pls, rows, labels)
    paths, same, failures = [], [], []
    for number, pair in enumerate(combinations(counts.index, 2)):
        found = _compare_pair(pls, rows[labels.isin(pair)], labels, pair, draws, (seed, number))
        ends = {"first_group": pair[0], "second_group": pair[1]}
        paths.append(_differences(found).assign(**ends))
        same.append(invariance(found, level=level).reset_index().assign(**ends))
        failures.append(ends | {"replicates": found.dropped})
    table = _in_front(pd.concat(paths, ignore_index=True))
    return GroupComparison(table.assign(p_holm=holm(table["p"])), _in_front(pd.concat(same, ignore_index=True)), counts,
                           pd.DataFrame(failures), unlabelled, model, draws, seed, level)  # fmt: skip


def _labelled(survey: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.Series, int]:
    """Respondents with a group, numbered anew, their groups, and how many have none."""
    if by not in survey:
        raise InputError(f"the survey has no column {by!r}", where=WHERE, mend=nearest(by, map(str, survey.columns)),
                         zh=f"问卷中没有分组列 {by}")  # fmt: skip
    known = survey[by].notna().to_numpy()
    rows = survey.loc[known].reset_index(drop=True)
    if rows[by].nunique() < 2:
        raise InputError(f"column {by!r} names {rows[by].nunique()} groups", where=WHERE, expected="two or more",
                         zh=f"分组列 {by} 不足两组")  # fmt: skip
    return rows, rows[by].astype(object), int((~known).sum())


def _count_groups(pls: PLS, rows: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Respondents of each group with and without usable answers; an error where a group is too small."""
    used = labels.loc[pls.fit(rows).answers_.frame.index].value_counts()
    every = labels.value_counts().sort_index(key=lambda index: index.astype(str))
    table = pd.DataFrame({"respondents": used.reindex(every.index, fill_value=0), "left_out": 0}).rename_axis("group")
    table["left_out"] = every - table["respondents"]
    least = len(pls.model.items) + 1
    small = [f"{name} ({count})" for name, count in table["respondents"].items() if count < least]
    if small:
        raise InputError(f"too few respondents in {', '.join(small)}", where=WHERE, expected=f"{least} or more each",
                         mend="merge groups or leave them out",
                         zh=f"部分组的受访者过少：{'、'.join(small)}")  # fmt: skip
    return table


def _compare_pair(
    pls: PLS, rows: pd.DataFrame, labels: pd.Series, pair: tuple[Hashable, Hashable], draws: int, seed: tuple[int, int]
) -> PairFits:
    """Fit both groups, as they are and with labels permuted."""
    pooled = PLS(**pls.get_params()).fit(rows)
    first = (labels.loc[pooled.answers_.frame.index] == pair[0]).to_numpy().astype(int)
    streams = (np.random.SeedSequence(seed[0], spawn_key=(seed[1], k)) for k in range(draws))
    member = np.stack([first, *(np.random.default_rng(stream).permutation(first) for stream in streams)])
    fits = [refit(pooled, _pieces(counts), signs="construct") for counts in (member, 1 - member)]
    both = fits[0].kept & fits[1].kept
    if not both[0] or both.mean() < 1 - STOP_ABOVE:
        causes = " | ".join(f"{', '.join(map(' '.join, fit.failures.index))}" for fit in fits)
        raise InputError(f"{(~both).sum():,} of {len(both):,} fits of {pair[0]} and {pair[1]} have no usable solution "
                         f"({causes})", where=WHERE, mend="merge groups, or take a simpler model",
                         zh=f"{pair[0]} 与 {pair[1]} 的分组拟合多次无可用解")  # fmt: skip
    solutions = [fit.solution.take(both[fit.kept]) for fit in fits]
    return PairFits(pooled, member[both], *solutions, dropped=int((~both).sum()))


def _pieces(counts: np.ndarray) -> Iterator[np.ndarray]:
    return (counts[start : start + CHUNK] for start in range(0, len(counts), CHUNK))


def _differences(found: PairFits) -> pd.DataFrame:
    """Paths of both groups, their difference and its permutation p."""
    table, names = found.pooled.paths_[["source", "target"]].copy(), list(found.pooled.model.constructs)
    rows, columns = ([names.index(name) for name in table[end]] for end in ("source", "target"))
    first, second = (solution.paths[:, rows, columns] for solution in (found.first, found.second))
    difference = first - second
    table["path_first"], table["path_second"], table["path_difference"] = first[0], second[0], difference[0]
    return table.assign(p=permutation_p(np.abs(difference)))


def _in_front(table: pd.DataFrame) -> pd.DataFrame:
    ends = ["first_group", "second_group"]
    return table[[*ends, *(name for name in table if name not in ends)]]
