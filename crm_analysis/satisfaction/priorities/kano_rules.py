"""Kano's rules as data: the answers, the evaluation table, the class of an attribute, Better and Worse."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError

ANSWERS = ("answer.like", "answer.must_be", "answer.neutral", "answer.live_with", "answer.dislike")
CLASSES = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable")
LETTERS = dict(zip("MOAIRQ", CLASSES))
VARIANTS = ("standard", "strict")
RULES = ("majority", "grouped")
_ROWS = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
_STRICT = ("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ")


def evaluation_table(variant: str = "standard") -> pd.DataFrame:
    """Return Kano's evaluation table: the class of a pair of answers.

    ``standard`` is the table in common use. ``strict`` calls two more pairs questionable: expecting a feature to be
    there and not to be there, and putting up with both. A changed copy may be passed to `kano_table`.

    Parameters
    ----------
    variant : {"standard", "strict"}

    Returns
    -------
    pandas.DataFrame, shape (5, 5)
        Rows: answer to the functional question (the feature is there); columns: to the dysfunctional one; both from
        like to dislike. Cells: must_be, one_dimensional, attractive, indifferent, reverse, questionable.

    Raises
    ------
    InputError
        If there is no such variant.

    References
    ----------
    .. [1] Kano, Seraku, Takahashi & Tsuji (1984). Hinshitsu 14(2), 39-48.
    .. [2] Berger et al. (1993). Center for Quality of Management Journal 2(4), 3-35 (the table and its variants).

    Examples
    --------
    >>> evaluation_table().loc["answer.like", "answer.dislike"], evaluation_table("strict").iloc[1, 1]
    ('one_dimensional', 'questionable')
    """
    if variant not in VARIANTS:
        raise InputError(f"there is no evaluation table {variant!r}", where="evaluation",
                         expected=" or ".join(VARIANTS), zh=f"没有名为“{variant}”的 Kano 评价表")  # fmt: skip
    rows = _ROWS if variant == "standard" else _STRICT
    cells = [[LETTERS[letter] for letter in row] for row in rows]
    return pd.DataFrame(cells, index=pd.Index(ANSWERS, name="functional"),
                        columns=pd.Index(ANSWERS, name="dysfunctional"))  # fmt: skip


def read_evaluation(evaluation: pd.DataFrame) -> np.ndarray:
    """Return the cells of an evaluation table as codes of `CLASSES`; letters M, O, A, I, R, Q do as well.

    Examples
    --------
    >>> read_evaluation(evaluation_table())[0].tolist()
    [5, 2, 2, 2, 1]
    """
    known = dict(zip(CLASSES, range(6))) | dict(zip(LETTERS, range(6)))
    cells = [[known.get(str(cell), -1) for cell in row] for row in np.asarray(evaluation, object)]
    codes = np.array(cells if len({len(row) for row in cells}) == 1 else [[-1]])
    if codes.shape != (5, 5) or (codes < 0).any():
        raise InputError("this is no evaluation table", where="evaluation",
                         expected=f"5 rows and 5 columns from like to dislike, cells {', '.join(CLASSES)} or their "
                         "letters", mend="change a copy of evaluation_table()", zh="Kano 评价表无效")  # fmt: skip
    return codes


def classify(counts: ArrayLike, *, rule: str = "majority") -> np.ndarray:
    """Class of attributes from counts of the six classes, as codes of `CLASSES`; -1 without any answer.

    ``majority`` takes the most frequent class, ties going to must-be, then one-dimensional, attractive, indifferent
    (the more serious error is to overlook a must-be). ``grouped`` first asks whether must-be, one-dimensional and
    attractive together outnumber the rest, and takes the mode among the larger group.

    Parameters
    ----------
    counts : array_like, shape (..., 6)
        In the order of `CLASSES`; may be weighted.
    rule : {"majority", "grouped"}

    References
    ----------
    .. [1] Berger et al. (1993). Center for Quality of Management Journal 2(4), 3-35.

    Examples
    --------
    >>> classify([[30, 30, 10, 30, 0, 0], [20, 20, 15, 40, 5, 0]]).tolist()
    [0, 3]
    >>> classify([20, 20, 15, 40, 5, 0], rule="grouped").tolist()
    0
    """
    x = np.round(np.asarray(counts, float), 9)
    first, rest = np.argmax(x[..., :3], axis=-1), 3 + np.argmax(x[..., 3:], axis=-1)
    grouped = np.where(x[..., :3].sum(axis=-1) > x[..., 3:].sum(axis=-1), first, rest)
    found = grouped if rule == "grouped" else np.argmax(x, axis=-1)
    return np.where(x.sum(axis=-1) > 0, found, -1)


def better_worse(counts: ArrayLike) -> np.ndarray:
    r"""Coefficients of satisfaction and dissatisfaction, shape (..., 2); NaN where nobody counts.

    .. math:: \text{Better} = \frac{A+O}{A+O+M+I}, \qquad \text{Worse} = -\frac{O+M}{A+O+M+I}

    Better is the share of respondents who are pleased by the feature, minus Worse the share who are displeased by
    its absence. Reverse and questionable answers stand outside.

    References
    ----------
    .. [1] Berger et al. (1993). Center for Quality of Management Journal 2(4), 3-35 (Timko).

    Examples
    --------
    >>> better_worse([49.3, 32.3, 7.0, 9.5, 0, 0]).round(4).tolist()  # edge grip, Sauerwein et al. (1996)
    [0.4006, -0.8318]
    """
    must, one, attractive, indifferent = np.moveaxis(np.asarray(counts, float)[..., :4], -1, 0)
    total = must + one + attractive + indifferent
    top = np.stack([attractive + one, -(one + must)], axis=-1)
    return np.divide(top, total[..., None], out=np.full_like(top, np.nan), where=total[..., None] > 0)


def diagram_class(better: ArrayLike, worse: ArrayLike, *, cut: ArrayLike = 0.5) -> np.ndarray:
    """Quadrant of the Better-Worse diagram as codes of `CLASSES`; -1 where the coefficients are unknown.

    Parameters
    ----------
    better, worse : array_like
    cut : array_like
        Lines of the diagram: one number, or an array whose last axis is Better, minus Worse.

    Examples
    --------
    >>> diagram_class([0.4, 0.9], [-0.8, -0.2]).tolist()
    [0, 2]
    """
    better, worse = np.asarray(better, float), np.abs(np.asarray(worse, float))
    lines = np.asarray(cut, float) * np.ones(2)
    up, right = better >= lines[..., 0] - 1e-9, worse >= lines[..., 1] - 1e-9
    found = np.where(up & right, 1, np.where(up, 2, np.where(right, 0, 3)))
    return np.where(np.isfinite(better), found, -1)


def class_names(codes: np.ndarray) -> list[str]:
    """Return the names of class codes, blank for -1.

    Examples
    --------
    >>> class_names(np.array([0, -1]))
    ['must_be', '']
    """
    return [CLASSES[code] if code >= 0 else "" for code in codes]
