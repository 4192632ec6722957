"""Checks of a function of features, from how they moved with another future."""

from __future__ import annotations

from collections.abc import Sequence

from crm_analysis.churn.windows.check import FAILED, WARNED, Check, decided, first
from crm_analysis.churn.windows.truncation import TWICE, UNDATED, Move
from crm_analysis.words import Sentence, join

MOST = 4  # changes told in words; the table of moves has them all
HOW = {
    "rows_dropped": Sentence("删去截止日之后的行", "rows after the cutoff are dropped"),
    "rows_doubled": Sentence("重复截止日之后的行", "rows after the cutoff are doubled"),
    "rows_revalued": Sentence("改动截止日之后各行的数值", "values of rows after the cutoff are changed"),
    "rows_redated": Sentence("推迟截止日之后各行的日期", "rows after the cutoff are dated later"),
    "columns_blanked": Sentence("清空截止日之后才知道的内容", "what became known after the cutoff is blanked"),
    "columns_filled": Sentence("改写截止日之后才知道的内容", "what becomes known after the cutoff is changed"),
}


def truncation_check(moves: Sequence[Move], features: int) -> Check:
    """Return the check of features that change with what comes after the cutoff.

    Examples
    --------
    >>> truncation_check([Move("spend", "orders", "rows_dropped", 9)], 3).said.en
    'spend changes when in orders rows after the cutoff are dropped.'
    """
    found = [move for move in moves if move.cause in HOW]
    changes: dict[tuple[str, str], list[Move]] = {}
    for move in found:
        changes.setdefault((move.table, move.cause), []).append(move)
    return decided(
        "truncation_invariance", dict.fromkeys(move.feature or move.error for move in found), verdict=FAILED,
        examined=features, bad=join([_told(rows) for rows in list(changes.values())[:MOST]]),
        good=Sentence(f"截止日之后的数据无论怎样改动，{features} 个特征均不变。",
                      f"All {features} features stay the same whatever is changed after the cutoff."),
        mend=Sentence("在特征函数开头调用 history(tables, windows)，只用截止日前已知的信息",
                      "begin the function with tables = history(tables, windows)"),
    )  # fmt: skip


def _told(rows: list[Move]) -> Sentence:
    """One change of one table, and what moved by it."""
    table, how = rows[0].table, HOW[rows[0].cause]
    errors = [move.error for move in rows if move.error]
    if errors:
        return Sentence(f"在 {table} 中{how.zh}时，特征函数出错（{errors[0]}）。",
                        f"The function fails when in {table} {how.en} ({errors[0]}).")  # fmt: skip
    names, verb = first(move.feature for move in rows), "changes" if len(rows) == 1 else "change"
    return Sentence(f"在 {table} 中{how.zh}时，{names.zh} 会变化。", f"{names.en} {verb} when in {table} {how.en}.")


def repeatable_check(moves: Sequence[Move], features: int) -> Check:
    """Return the check of features that differ from call to call."""
    found = [move.feature for move in moves if move.cause == TWICE]
    names = first(found)
    return decided(
        "repeatable_features", found, verdict=WARNED, examined=features,
        bad=Sentence(f"同样的数据调用两次，结果不同：{names.zh}。",
                     f"Two calls on the same data differ in {names.en}."),
        good=Sentence("同样的数据得到同样的特征。", "The same data give the same features."),
        mend=Sentence("固定随机种子", "fix the seed"),
    )  # fmt: skip


def undated_check(moves: Sequence[Move], unknown: Sequence[str]) -> Check:
    """Return the check of tables that are used although no row says when it became known."""
    used = list(dict.fromkeys(move.table for move in moves if move.cause == UNDATED))
    tables = first(used)
    return decided(
        "undated_tables", used, verdict=WARNED, examined=len(unknown),
        bad=Sentence(f"特征用到了 {tables.zh}，其各行何时可知并无记录，无法核查。",
                     f"Features use {tables.en}, of which no row says when it became known: not checked."),
        good=Sentence("没有用到时间未知的表。", "No table without known times is used."),
    )  # fmt: skip
