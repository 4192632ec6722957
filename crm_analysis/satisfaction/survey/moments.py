"""Means, standard deviations and correlations of items: all that most models of a survey need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest

WHERE = "the correlation matrix"


@dataclass(frozen=True)
class Moments:
    """Means, standard deviations and correlations of items; leading axes, if any, count resamples.

    Parameters
    ----------
    items : tuple of str
    correlations : ndarray, shape (..., p, p)
    means, sds : ndarray, shape (..., p)
        In points of the scale; NaN where only correlations are known. Standard deviations with n - 1.
    n : int
        Respondents.
    """

    items: tuple[str, ...]
    correlations: np.ndarray
    means: np.ndarray
    sds: np.ndarray
    n: int

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Moments:
        """Moments of complete answers, one column per item.

        Raises
        ------
        InputError
            If there are fewer than two respondents, or an item has blanks or the same answer throughout.

        Examples
        --------
        >>> Moments.of(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})).correlations.round(2).tolist()
        [[1.0, 0.5], [0.5, 1.0]]
        """
        values = frame.to_numpy(float)
        _check_answers(frame, values)
        sds = values.std(axis=0, ddof=1)
        scaled = (values - values.mean(axis=0)) / sds
        correlations = scaled.T @ scaled / (len(values) - 1)
        np.fill_diagonal(correlations, 1.0)
        return cls(tuple(map(str, frame)), correlations, values.mean(axis=0), sds, len(values))

    @classmethod
    def from_correlations(
        cls, correlations: pd.DataFrame, *, n: int, means: pd.Series | None = None, sds: pd.Series | None = None
    ) -> Moments:
        """Moments from a published correlation matrix, checked.

        Parameters
        ----------
        correlations : pandas.DataFrame, shape (p, p)
            Named by item in rows and columns.
        n : int
            Respondents behind it.
        means, sds : pandas.Series, optional
            By item.

        Raises
        ------
        InputError
            If rows and columns differ, or the matrix is not symmetric with ones on its diagonal, has an entry
            outside -1..1 or is no correlation matrix at all (a negative eigenvalue); if means or sds lack an item.

        Examples
        --------
        >>> matrix = pd.DataFrame([[1, 0.5], [0.5, 1]], index=["a", "b"], columns=["a", "b"])
        >>> Moments.from_correlations(matrix, n=100).items
        ('a', 'b')
        """
        items = tuple(map(str, correlations.columns))
        if sorted(items) != sorted(map(str, correlations.index)) or len(set(items)) < len(items):
            raise InputError("rows and columns name different items, or one twice", where=WHERE,
                             zh="相关矩阵的行列名称不一致或有重复")  # fmt: skip
        matrix = correlations.set_axis(map(str, correlations.index)).loc[list(items)].to_numpy(float)
        _check_matrix(matrix)
        values = [_by_item(part, items, name) for part, name in ((means, "means"), (sds, "sds"))]
        if (values[1] <= 0).any():
            raise InputError("a standard deviation is not above 0", where="sds", zh="标准差必须大于 0")
        return cls(items, matrix, *values, int(n))

    def take(self, items: Iterable[str]) -> Moments:
        """Return the moments of some items, in the order named.

        Examples
        --------
        >>> mobi().take(["CUSA1", "PERQ1"]).correlations.shape
        (2, 2)
        """
        wanted = list(items)
        absent = [item for item in wanted if item not in self.items]
        if absent:
            hints = "; ".join(hint for item in absent if (hint := nearest(item, self.items)))
            raise InputError(f"{', '.join(absent)} is missing", where=WHERE, mend=hints,
                             zh=f"缺少题项：{'、'.join(absent)}")  # fmt: skip
        place = [self.items.index(item) for item in wanted]
        matrix = self.correlations[..., place, :][..., place]
        return Moments(tuple(wanted), matrix, self.means[..., place], self.sds[..., place], self.n)


def mobi() -> Moments:
    """Moments of the ECSI survey of mobile-phone customers: 250 respondents, 24 items from 1 to 10.

    IMAG1-5 image, CUEX1-3 expectation, PERQ1-7 perceived quality, PERV1-2 perceived value, CUSA1-3 satisfaction,
    CUSCO complaints, CUSL1-3 loyalty. The answers themselves are not part of this package.

    References
    ----------
    .. [1] Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005). Computational Statistics & Data Analysis 48, 159-205.

    Examples
    --------
    >>> moments = mobi()
    >>> moments.n, len(moments.items), round(float(moments.take(["CUSA1"]).means[0]), 3)
    (250, 24, 7.988)
    """
    path = files("crm_analysis.satisfaction.survey") / "mobi_moments.csv"
    table = pd.read_csv(path, index_col="item")
    correlations = table.drop(columns=["mean", "sd"])
    return Moments.from_correlations(correlations, n=250, means=table["mean"], sds=table["sd"])


def _by_item(values: pd.Series | None, items: tuple[str, ...], name: str) -> np.ndarray:
    """Values in the order of the items; NaN where none were given."""
    if values is None:
        return np.full(len(items), np.nan)
    absent = items if not isinstance(values, pd.Series) else [item for item in items if item not in values.index]
    if absent or not values.index.is_unique:
        raise InputError(f"{name} must have one number for each item; {', '.join(absent) or 'an item'} is missing or "
                         "named twice", where=name, expected="a Series named by item",
                         zh=f"{name} 须为以题项命名的 Series，每个题项一个数")  # fmt: skip
    return values.loc[list(items)].to_numpy(float)


def _check_answers(frame: pd.DataFrame, values: np.ndarray) -> None:
    blank = [str(item) for item, bad in zip(frame, ~np.isfinite(values).all(axis=0)) if bad]
    same = [str(item) for item, column in zip(frame, values.T) if len(values) and np.ptp(column) == 0]
    problems = [f"{len(values)} respondents"] if len(values) < 2 else []
    problems += [f"{', '.join(blank)} has blanks"] if blank else []
    problems += [f"{', '.join(same)} has the same answer throughout"] if same and len(values) > 1 else []
    if problems:
        raise InputError("; ".join(problems), where="the answers", expected="two or more complete answers that differ",
                         mend="take the frame of read_answers(survey, items)",
                         zh="回答须完整且有差异，至少两位受访者")  # fmt: skip


def _check_matrix(matrix: np.ndarray) -> None:
    problems = []
    if not np.isfinite(matrix).all():
        problems.append("it has blanks")
    elif not np.allclose(matrix, matrix.T, atol=1e-8) or not np.allclose(np.diag(matrix), 1, atol=1e-8):
        problems.append("it is not symmetric with ones on its diagonal")
    elif np.abs(matrix).max() > 1 + 1e-8:
        problems.append("an entry lies outside -1 to 1")
    elif np.linalg.eigvalsh(matrix)[0] < -1e-8:
        problems.append("it has a negative eigenvalue, as no correlations of complete answers have")
    if problems:
        raise InputError(f"this is no correlation matrix: {problems[0]}", where=WHERE,
                         mend="use correlations of the same complete respondents",
                         zh="这不是有效的相关矩阵")  # fmt: skip
