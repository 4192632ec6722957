"""Covariates as numbers: groups against a reference, numbers centred and scaled; equal accounts become one profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.needs import BLANK

CELLS = 2_000_000  # profiles times periods worked on at once
MOST_LEVELS = 60


@dataclass(frozen=True)
class Encoder:
    """How covariates become columns.

    Parameters
    ----------
    covariates : tuple of str
    levels : dict of str to list
        Of each covariate of groups, its levels, the reference first; none for a number.
    centre, scale : dict of str to float
        Of each number: mean and standard deviation over accounts.
    """

    covariates: tuple[str, ...]
    levels: dict[str, list]
    centre: dict[str, float]
    scale: dict[str, float]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Covariate and level of each column; the level of a number is empty."""
        return [(name, str(level)) for name in self.covariates for level in self.levels.get(name, ["", ""])[1:]]

    @property
    def units(self) -> np.ndarray:
        """By what the coefficient of each column is divided to be per unit of the covariate."""
        return np.array([self.scale.get(name, 1.0) for name, _ in self.columns])

    def encode(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the columns of a frame, shape (rows, columns).

        Raises
        ------
        InputError
            If a covariate is missing, a number is blank or a level was not there when the model was fitted.
        """
        problems, parts = [], [np.zeros((len(frame), 0))]
        for name in self.covariates:
            if name not in frame:
                problems.append(f"column {name} is missing")
            elif name in self.levels:
                code, names = _texts(frame[name])
                known = [str(level) for level in self.levels[name]]
                new = sorted(set(names[np.unique(code)]) - set(known))
                problems += [f"{name} {new[0]!r} was not there when the model was fitted"] if new else []
                parts.append(np.column_stack([(names == level)[code] for level in known[1:]]).astype(float))
            else:
                numbers = _numbers(frame[name])
                problems += [f"{name} is blank or no number in {int((~np.isfinite(numbers)).sum()):,} rows"] * (
                    not np.isfinite(numbers).all()
                )
                parts.append(((numbers - self.centre[name]) / self.scale[name])[:, None])
        if problems:
            raise InputError("; ".join(problems), where="covariates", expected=", ".join(self.covariates),
                             mend="fill blanks, or leave the column out of covariates",
                             zh="协变量缺失或无法使用")  # fmt: skip
        return np.hstack(parts)


def encoder(frame: pd.DataFrame, covariates: Sequence[str], reference: Mapping[str, object] | None) -> Encoder:
    """Learn how to encode covariates: numbers stay numbers, anything else (and true/false) is a group.

    The reference is the most frequent level unless `reference` names one.

    Examples
    --------
    >>> frame = pd.DataFrame({"plan": ["a", "b", "b"], "fee": [1.0, 2.0, 3.0]})
    >>> found = encoder(frame, ["plan", "fee"], None)
    >>> found.columns, found.encode(frame)[:, 0].tolist()
    ([('plan', 'a'), ('fee', '')], [1.0, 0.0, 0.0])
    """
    names, wanted = tuple(covariates), dict(reference or {})
    problems = [f"there is no column {name!r}" + _hint(name, frame) for name in (*names, *wanted) if name not in frame]
    problems += ["a covariate is named twice"] * (len(set(names)) < len(names))
    if problems:
        raise InputError("; ".join(problems), where="covariates", expected=f"some of {', '.join(map(str, frame))}",
                         zh="协变量不在数据中")  # fmt: skip
    levels, centre, scale = {}, {}, {}
    for name in names:
        if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name]):
            numbers = _numbers(frame[name])
            known = numbers[np.isfinite(numbers)]
            centre[name], scale[name] = (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)
            problems += [f"{name} has the same value in all rows"] * (scale[name] == 0)
        else:
            levels[name] = _levels(frame[name], wanted.get(name), name, problems)
    if problems:
        raise InputError("; ".join(problems), where="covariates", expected="columns that differ between accounts",
                         mend="leave them out of covariates", zh="协变量没有差异或水平过多")  # fmt: skip
    return Encoder(names, levels, centre, scale)


@dataclass(frozen=True)
class Cells:
    """Accounts counted by profile and period: no row per account and period is ever made.

    Parameters
    ----------
    profiles : numpy.ndarray, shape (profiles, columns)
    code : numpy.ndarray, shape (accounts,)
        Profile of each account, in rising order.
    entry, tenure, ended : numpy.ndarray, shape (accounts,)
    periods : int
        Last period anybody came to.
    """

    profiles: np.ndarray
    code: np.ndarray
    entry: np.ndarray
    tenure: np.ndarray
    ended: np.ndarray
    periods: int

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield profiles with at_risk and lost, shape (profiles, periods), some profiles at a time."""
        step = max(1, CELLS // self.periods)
        for at in range(0, len(self.profiles), step):
            first, last = np.searchsorted(self.code, [at, at + step])
            size, rows = min(step, len(self.profiles) - at), slice(first, last)
            yield self.profiles[at : at + step], *self._counts(rows, at, size)

    def _counts(self, rows: slice, at: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        shape, code = (size, self.periods + 1), self.code[rows] - at
        entry, tenure, ended = self.entry[rows], self.tenure[rows], self.ended[rows]
        come = _tally(code, np.minimum(entry, tenure), shape)
        leave = _tally(code, tenure, shape)
        at_risk = np.cumsum(come - leave, axis=1)[:, : self.periods]
        lost = _tally(code[ended], tenure[ended] - 1, shape)[:, : self.periods]
        return at_risk.astype(float), lost.astype(float)

    def totals(self) -> tuple[np.ndarray, np.ndarray]:
        """Return at_risk and lost of each period over all profiles."""
        parts = [(at_risk.sum(axis=0), lost.sum(axis=0)) for _, at_risk, lost in self.blocks()]
        return tuple(np.sum(part, axis=0) for part in zip(*parts))


def cells(tenures: pd.DataFrame, columns: np.ndarray) -> Cells:
    """Count accounts with equal columns together.

    Examples
    --------
    >>> tenures = pd.DataFrame({"entry": 0, "tenure": [1, 2, 2], "ended": [True, True, False]})
    >>> [part.tolist() for part in cells(tenures, np.zeros((3, 1))).totals()]
    [[3.0, 2.0], [1.0, 1.0]]
    """
    profiles, code = _distinct_rows(columns)
    order = np.argsort(code, kind="stable")
    arrays = (tenures[name].to_numpy()[order] for name in ("entry", "tenure", "ended"))
    return Cells(profiles, code[order], *arrays, periods=int(tenures["tenure"].max()))


def _tally(code: np.ndarray, place: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.bincount(code * shape[1] + place, minlength=shape[0] * shape[1]).reshape(shape)


def _numbers(values: pd.Series) -> np.ndarray:
    return pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)


def _texts(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Number the values of a column, and give each number its text: few texts, however many rows."""
    code, found = pd.factorize(values)
    names = np.append(pd.Series(found).astype("str").to_numpy(object), BLANK)
    return np.where(code < 0, len(names) - 1, code), names


def _distinct_rows(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different rows in order and the number of each row among them; a column at a time, for speed."""
    code = np.zeros(len(columns), "int64")
    for column in columns.T:
        own = pd.factorize(column, sort=True)[0]
        code = pd.factorize(code * (own.max() + 1) + own, sort=True)[0]
    return columns[np.unique(code, return_index=True)[1]], code


def _levels(values: pd.Series, reference: object, name: str, problems: list[str]) -> list[str]:
    code, names = _texts(values)
    counts = pd.Series(np.bincount(code, minlength=len(names))).groupby(names).sum()
    listed = sorted(counts.index[counts > 0], key=lambda level: (-counts[level], level))
    if len(listed) < 2:
        problems.append(f"{name} has the same value in all rows")
    if len(listed) > MOST_LEVELS:
        problems.append(f"{name} has {len(listed):,} levels, more than {MOST_LEVELS}")
    if reference is not None and str(reference) not in listed:
        raise InputError(f"{name} has no level {reference!r} to refer to", where=f"reference, column {name}",
                         expected=", ".join(listed), mend=nearest(str(reference), listed) or "choose one of them",
                         zh=f"{name} 没有可作参照的水平 {reference}")  # fmt: skip
    if reference is not None:
        listed.sort(key=lambda level: level != str(reference))
    return listed


def _hint(name: str, frame: pd.DataFrame) -> str:
    hint = nearest(name, [str(column) for column in frame])
    return f" ({hint})" if hint else ""
