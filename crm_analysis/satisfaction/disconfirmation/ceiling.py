"""Whether expectation leaves room for a gap above 0: answers near the top of the scale, and when they were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t, share_columns, with_limits
from crm_analysis.satisfaction.disconfirmation.sides import Pairs, check_ends, side_answers
from crm_analysis.words import word

NEAR = 0.1  # of the scale: a mean expectation closer to the top leaves hardly any room
MANY = 0.3  # of the respondents: so many at the top make the scale too short


@dataclass(frozen=True)
class Ceiling:
    """How near to the top of the scale expectation lies.

    Parameters
    ----------
    table : pandas.DataFrame, index dimension
        respondents; expectation with limits; room, the largest mean gap possible; top_share with Wilson's limits,
        the respondents whose expectation rounds to the top; unable_share, those who cannot have a gap of a whole
        point above 0; near_ceiling.
    answers : dict of dimension to pandas.Series
        Expectation of each respondent.
    low, high : float
        Ends of the scale.
    asked_afterwards : bool
        Whether expectation was asked together with, or after, perception.
    """

    table: pd.DataFrame
    answers: dict[str, pd.Series]
    low: float
    high: float
    asked_afterwards: bool

    def text(self, lang: str) -> str:
        """Say what the ceiling and the time of asking mean for the gaps, in Chinese (``zh``) or English (``en``)."""
        return _in_chinese(self) if lang == "zh" else _in_english(self)


def expectation_ceiling(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    low: float,
    high: float,
    missing_codes: Sequence[float] = (),
    asked_afterwards: bool,
    near: float = NEAR,
    many: float = MANY,
    level: float = 0.95,
) -> Ceiling:
    """Check whether expectations lie so near to the top of the scale that gaps cannot be positive.

    Who expects 10 of 10 can only be met or disappointed: then a negative mean gap says as much of the scale as of
    the service. And an expectation asked after the purchase is a memory coloured by what came.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    pairs : dict of dimension to (expectation, perception)
        As in `gaps.gap_table`; the same respondents count.
    low, high : float
        Ends of the scale.
    missing_codes : sequence of float
    asked_afterwards : bool
        Whether expectation was asked together with, or after, perception. There is no default: the data
        cannot tell.
    near : float
        Part of the scale: a mean closer to the top flags the dimension.
    many : float
        Share of respondents at the top that flags it.
    level : float in (0, 1)

    Returns
    -------
    Ceiling

    Raises
    ------
    InputError
        As `gaps.gap_table`, or if the scale is wrong.

    References
    ----------
    .. [1] Yi (1990). In Zeithaml (ed.), Review of Marketing 4, 68-123 (ceiling and order of asking). Teas (1993).
           Journal of Marketing 57, 18-34.

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [10, 10, 9, 10], "p": [9, 8, 9, 10]})
    >>> found = expectation_ceiling(survey, {"reliability": ("e", "p")}, low=1, high=10, asked_afterwards=True)
    >>> found.table[["room", "top_share", "near_ceiling"]].values.tolist()
    [[0.25, 0.75, True]]
    """
    check_ends(low, high)
    if not (0 < near < 1 and 0 < many <= 1):
        raise InputError(
            f"near is {near}, many is {many}", expected="shares between 0 and 1", zh="阈值应介于 0 与 1 之间"
        )
    sides = side_answers(survey, pairs, low=low, high=high, missing_codes=missing_codes)
    answers = {name: pair.expected.mean(axis=1) for name, pair in sides.items()}
    rows = {}
    for name, expected in answers.items():
        at_top = expected >= high - 0.5 - 1e-9
        rows[name] = (
            {"respondents": len(expected)}
            | with_limits("expectation", mean_t(expected, level=level))
            | {"room": float(high - expected.mean())}
            | {key: float(x) for key, x in share_columns("top_share", at_top.sum(), len(expected), level=level).items()}
            | {"unable_share": float((expected > high - 1 + 1e-9).mean())}
            | {"near_ceiling": bool(expected.mean() > high - near * (high - low) or at_top.mean() >= many)}
        )
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="dimension"))
    return Ceiling(table, answers, float(low), float(high), asked_afterwards)


def ceiling_counts(found: Ceiling, dimension: str) -> pd.DataFrame:
    """Respondents by expectation of one dimension, in steps of one point: the histogram of `plots.plot_ceiling`.

    Parameters
    ----------
    found : Ceiling
    dimension : str

    Returns
    -------
    pandas.DataFrame, index expectation
        respondents and share; each point of the scale takes what lies within half a point.

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [4, 5, 5], "p": [3, 4, 4]})
    >>> found = expectation_ceiling(survey, {"x": ("e", "p")}, low=3, high=5, asked_afterwards=False)
    >>> ceiling_counts(found, "x")["respondents"].to_dict()
    {3.0: 0, 4.0: 1, 5.0: 2}
    """
    if dimension not in found.answers:
        raise InputError(f"there is no dimension {dimension!r}", expected=f"one of {', '.join(found.answers)}",
                         zh=f"没有“{dimension}”这一维度")  # fmt: skip
    points = np.arange(found.low, found.high + 0.5)
    place = np.floor(found.answers[dimension] - found.low + 0.5).clip(0, len(points) - 1).astype(int)
    count = np.bincount(place, minlength=len(points))
    index = pd.Index(points, name="expectation")
    return pd.DataFrame({"respondents": count, "share": count / count.sum()}, index=index)


def _flagged(found: Ceiling, lang: str) -> list[str]:
    rows = found.table[found.table["near_ceiling"]]
    return [f"{word(name, lang)} {row['expectation']:.2f}" for name, row in rows.iterrows()]


def _in_chinese(found: Ceiling) -> str:
    flagged = _flagged(found, "zh")
    if flagged:
        first = (f"期望接近量表上限（{found.high:g} 分）或大量集中于上限：{'、'.join(flagged)}。"
                 "这些维度出现正差距的余地有限，负差距可能部分来自量表，不应单独归因于服务。")  # fmt: skip
    else:
        first = f"期望离量表上限（{found.high:g} 分）尚有余地，正差距可以出现。"
    after = "期望是与感知同时或事后询问的，可能已随实际感受改变：不得称为购买前的期望。"
    return first + (after if found.asked_afterwards else "")


def _in_english(found: Ceiling) -> str:
    flagged = _flagged(found, "en")
    if flagged:
        first = (f"Expectation lies near the top of the scale ({found.high:g}), or often at it: {', '.join(flagged)}. "
                 "There is little room for a positive gap, and a negative one may come in part from the scale: do not "
                 "lay it to the service alone.")  # fmt: skip
    else:
        first = f"Expectation leaves room below the top of the scale ({found.high:g}): gaps can be positive."
    after = (" Expectation was asked with or after perception and may follow the experience: it must not be called "
             "the expectation before buying.")  # fmt: skip
    return first + (after if found.asked_afterwards else "")
