"""The one error a user's mistake may raise: what, where, what was expected, how to mend it."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable


class InputError(ValueError):
    """Something the user gave cannot be used; the message says how to mend it.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    where : str
        File, line, table, column or option in which it was found.
    expected : str
        What would have been right.
    mend : str
        What to type or change.
    zh : str
        `what` in Chinese, for errors that a report shows as a line instead of stopping.

    Examples
    --------
    >>> print(InputError("the file is empty", where="log.csv", mend="download it again"))
    the file is empty
      where: log.csv
      how to mend: download it again
    """

    def __init__(self, what: str, *, where: object = "", expected: str = "", mend: str = "", zh: str = "") -> None:
        self.what, self.where, self.expected, self.mend, self.zh = what, str(where), expected, mend, zh or what
        lines = [what]
        lines += [f"  where: {where}"] if str(where) else []
        lines += [f"  expected: {expected}"] if expected else []
        lines += [f"  how to mend: {mend}"] if mend else []
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple:
        """Pickle with the keyword parts, so that the message survives another process."""
        return _rebuild, (self.what, self.where, self.expected, self.mend, self.zh)


class MissingData(InputError):
    """A data set lacks a table, or a column has no value; a report shows it as one line.

    Parameters
    ----------
    missing : list of str
        Tables (``tickets``) and columns (``orders.margin``) that are not there.
    where : str
        Name of the data set.
    expected : str

    Examples
    --------
    >>> print(MissingData(["tickets"]))
    the data do not hold tickets
    """

    def __init__(self, missing: list[str], *, where: object = "", expected: str = "") -> None:
        self.missing = list(missing)
        super().__init__(f"the data do not hold {', '.join(missing)}", where=where, expected=expected)

    def __reduce__(self) -> tuple:
        """Pickle with the list of what is missing."""
        return functools.partial(MissingData, self.missing, where=self.where, expected=self.expected), ()


def _rebuild(what: str, where: str, expected: str, mend: str, zh: str) -> InputError:
    return InputError(what, where=where, expected=expected, mend=mend, zh=zh)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint naming the closest known spelling, or an empty string.

    Examples
    --------
    >>> nearest("langauge", ["language", "data"])
    "did you mean 'language'?"
    >>> nearest("zzz", ["language", "data"])
    ''
    """
    found = difflib.get_close_matches(str(name), list(known), 1)
    return f"did you mean {found[0]!r}?" if found else ""
