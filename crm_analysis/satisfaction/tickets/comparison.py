"""Whether groups of tickets wait equally long: the log-rank test, pair by pair with Holm's correction, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.survival import log_rank, pairwise_log_rank
from crm_analysis.words import word

FEW_ENDS = 10  # per group: below, the chi-squared law of the log-rank test is rough


@dataclass(frozen=True)
class Comparison:
    """Waits of several groups compared.

    Parameters
    ----------
    by : str
        What the groups are.
    statistic, df, p : float, int, float
        Log-rank test over all groups.
    groups : pandas.DataFrame, index `by`
        units, occurred, expected_ends (if all groups ended at the same rate).
    pairs : pandas.DataFrame
        first_group, second_group, chi_squared, p, p_holm.
    few : tuple
        Groups with fewer than 10 ends, for which the test is rough.
    """

    by: str
    statistic: float
    df: int
    p: float
    groups: pd.DataFrame
    pairs: pd.DataFrame
    few: tuple

    def text(self, lang: str, *, alpha: float = 0.05) -> str:
        """Say what the test says and what it does not, in Chinese (``zh``) or English (``en``).

        Parameters
        ----------
        lang : {"zh", "en"}
        alpha : float
            Limit of the corrected p-values of the pairs.
        """
        zh = lang == "zh"
        parts = [self._test(zh)]
        tested, limit = self.pairs["p_holm"].notna().any(), f"{alpha:g}"
        named = self.pairs[self.pairs["p_holm"] < alpha]
        names = [(word(a, lang), word(b, lang)) for a, b in zip(named["first_group"], named["second_group"])]
        if names:
            listed = "；".join(f"{a}与{b}" for a, b in names) if zh else "; ".join(f"{a} and {b}" for a, b in names)
            parts.append(
                f"Holm 校正后差异显著的组别（p < {limit}）：{listed}。" if zh else
                f"Different after Holm's correction (p < {limit}): {listed}."
            )  # fmt: skip
        elif tested:
            parts.append(
                f"Holm 校正后没有一对组别的差异显著（p < {limit}），但不能据此认为各组速度相同。" if zh else
                f"After Holm's correction no pair of groups differs significantly (p < {limit}), which does not show "
                "that they are equally quick."
            )  # fmt: skip
        if self.few:
            listed = ("、" if zh else ", ").join(word(name, lang) for name in self.few)
            parts.append(f"结束数不足 {FEW_ENDS} 的组别（检验较粗略）：{listed}。" if zh else
                         f"Fewer than {FEW_ENDS} ends, so that the test is rough: {listed}.")  # fmt: skip
        parts.append("组别并非随机分配，差异是关联，不等于该因素的作用。" if zh else
                     "Nothing was assigned at random: a difference is an association, not an effect.")  # fmt: skip
        return ("" if zh else " ").join(parts)

    def _test(self, zh: bool) -> str:
        if self.df == 0:
            return "各组没有同时等待的时段，无法检验。" if zh else "The groups never waited at the same time: no test."
        p = "p < 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"
        numbers = f"χ² = {self.statistic:.1f}, df = {self.df}, {p}"
        return f"对数秩检验：{numbers.replace(', ', '，')}。" if zh else f"Log-rank test: {numbers}."


def compare_groups(waited: pd.Series, ended: pd.Series, groups: pd.Series, *, order: list) -> Comparison:
    """Compare the waits of groups by log-rank tests.

    Parameters
    ----------
    waited, ended, groups : pandas.Series
        One row per ticket or customer.
    order : list
        The groups, in the order in which tables show them.

    Raises
    ------
    InputError
        If there are fewer than two groups.

    Examples
    --------
    >>> waited, ended = pd.Series([1.0, 2, 3, 4, 5, 6]), pd.Series([True] * 6)
    >>> found = compare_groups(waited, ended, pd.Series(list("aaabbb"), name="channel"), order=["a", "b"])
    >>> found.text("en").split(".  ")[0][:40]
    'Log-rank test: χ² = 5.1, df = 1, p = 0.0'
    """
    if len(order) < 2:
        raise InputError(f"there is one group of {groups.name} only", where="table tickets",
                         expected="two or more groups", mend="group by another column",
                         zh=f"{word(str(groups.name), 'zh')}只有一组，无法比较")  # fmt: skip
    place = groups.map({name: k for k, name in enumerate(order)}).sort_values(kind="stable").index
    times, happened, names = waited.loc[place], ended.loc[place], groups.loc[place]
    found = log_rank(times, happened, names)
    few = tuple(name for name, count in found.groups["occurred"].items() if count < FEW_ENDS)
    return Comparison(
        by=str(groups.name), statistic=found.statistic, df=found.df, p=found.p,
        groups=found.groups.rename_axis(str(groups.name)), pairs=pairwise_log_rank(times, happened, names), few=few,
    )  # fmt: skip
