"""One check of an audit: what was looked at, what was found, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from crm_analysis.words import Sentence, join, word

PASSED, WARNED, FAILED = "audit_passed", "audit_warned", "audit_failed"
COLUMNS = ("verdict", "passed", "examined", "flagged_count", "flagged_items", "audit_value", "audit_limit")
NOTHING = Sentence("", "")


@dataclass(frozen=True)
class Check:
    """What one check found.

    Parameters
    ----------
    name : str
    verdict : {"audit_passed", "audit_warned", "audit_failed"}
    said : Sentence
        The finding in words.
    examined : int
        Features (or rows, or cutoffs) that were looked at.
    flagged : tuple of str
        Those that the check names.
    value, limit : float
        The worst value and its limit, where the check has them.
    mend : Sentence
        What to do; blank where nothing is to be done.
    """

    name: str
    verdict: str
    said: Sentence
    examined: int = 0
    flagged: tuple[str, ...] = ()
    value: float = float("nan")
    limit: float = float("nan")
    mend: Sentence = field(default=NOTHING)


def decided(
    name: str, flagged: Iterable[str], *, bad: Sentence, good: Sentence, verdict: str = WARNED,
    mend: Sentence = NOTHING, examined: int = 0, value: float = float("nan"), limit: float = float("nan"),
) -> Check:  # fmt: skip
    """Return a check that passed if nothing is flagged, and else has the `verdict`.

    Examples
    --------
    >>> decided("id_features", ["account"], bad=Sentence("", "An id."), good=Sentence("", "No id.")).said.en
    'An id.'
    """
    flagged = tuple(map(str, flagged))
    if not flagged:
        return Check(name, PASSED, good, examined, (), value, limit)
    return Check(name, verdict, bad, examined, flagged, value, limit, mend)


def check_table(checks: Iterable[Check]) -> pd.DataFrame:
    """Return checks as a table, index ``audit_check``.

    Examples
    --------
    >>> check_table([Check("tautology", PASSED, NOTHING, 3)])[["verdict", "examined"]].values.tolist()
    [['audit_passed', 3]]
    """
    checks = list(checks)
    rows = [(c.verdict, c.verdict != FAILED, c.examined, len(c.flagged), ", ".join(c.flagged), c.value, c.limit)
            for c in checks]  # fmt: skip
    index = pd.Index([c.name for c in checks], name="audit_check", dtype="object")
    return pd.DataFrame(rows, index=index, columns=list(COLUMNS))


def first(names: Iterable[str], *, most: int = 5) -> Sentence:
    """Return names as a list in both languages, the rest as a number.

    Examples
    --------
    >>> first("abcd", most=2)
    Sentence(zh='a、b 等 4 项', en='a, b and 2 more')
    """
    names = list(dict.fromkeys(map(str, names)))
    shown, rest = names[:most], len(names) - most
    if rest > 0:
        return Sentence(f"{'、'.join(shown)} 等 {len(names)} 项", f"{', '.join(shown)} and {rest} more")
    return Sentence("、".join(shown), ", ".join(shown))


def all_said(checks: Iterable[Check], *verdicts: str) -> Sentence:
    """Return what the checks of these verdicts say, one after the other."""
    return join([each.said for each in checks if each.verdict in verdicts])


def heeded(warned: pd.DataFrame) -> list[Sentence]:
    """Return one sentence on the rows of an audit that warned; none where there are none.

    Examples
    --------
    >>> warned = check_table([Check("silent_end", WARNED, NOTHING, 1, ("47 d",))])
    >>> [each.en for each in heeded(warned)]
    ['To be heeded: silent end of the data (47 d).']
    """
    return listed(warned, Sentence("请注意审计提示：", "To be heeded: "))


def listed(rows: pd.DataFrame, head: Sentence) -> list[Sentence]:
    """Return checks of an audit, each with what it flagged, in one sentence after `head`; none where there are none."""
    if rows.empty:
        return []
    names = [str(name) for name in dict.fromkeys(rows.index)]
    flagged = [str(rows["flagged_items"].get(name, "")) if "flagged_items" in rows else "" for name in names]
    zh = "、".join(word(name, "zh") + f"（{items}）" * bool(items) for name, items in zip(names, flagged))
    en = ", ".join(word(name, "en") + f" ({items})" * bool(items) for name, items in zip(names, flagged))
    return [Sentence(f"{head.zh}{zh}。", f"{head.en}{en}.")]
