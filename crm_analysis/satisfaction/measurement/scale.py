"""A plain scale without any path model: alpha and omega of its items, and what each item adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.satisfaction.measurement.coefficients import alpha_of, composite_reliability, feldt
from crm_analysis.satisfaction.measurement.factor import one_factor
from crm_analysis.satisfaction.measurement.items import drop_columns, suspects
from crm_analysis.satisfaction.measurement.replicates import columns
from crm_analysis.satisfaction.pls.resampled_moments import Products, draw_counts
from crm_analysis.satisfaction.survey.answers import Answers, read_answers
from crm_analysis.satisfaction.survey.moments import Moments

AT_ONCE = 10_000_000  # counts of respondents held in memory at once


def alpha(
    survey: pd.DataFrame,
    *,
    items: Iterable[str],
    standardised: bool = False,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    **reading: object,
) -> Estimate:
    """Cronbach's alpha of a scale, with an interval.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    items : iterable of str
        Two or more columns, all pointing the same way (see `reversed_items`).
    standardised : bool
        False: raw alpha, of a sum of answers as they are, with Feldt's interval. True: of a sum of items each scaled
        to variance 1, with a bootstrap interval.
    draws, seed : int
        Of the bootstrap; with draws=0 its limits are blank.
    level : float in (0, 1)
    **reading
        low, high, missing_codes, reversed_items, missing ("listwise" or "mean") of `read_answers`.

    Raises
    ------
    InputError
        If fewer than two items are named, draws are negative, gaps are to be kept, or as `read_answers`.

    Examples
    --------
    >>> survey = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 3, 3, 4]})
    >>> f"{alpha(survey, items=['a', 'b', 'c']):.3f}"
    '0.824 [-0.159, 0.988]'
    """
    answers = _read(survey, items, reading)
    moments = Moments.of(answers.frame)
    if standardised:
        drawn = alpha_of(_drawn(answers, draws, seed).correlations)
        return _estimate("alpha", alpha_of(moments.correlations), drawn, level)
    return feldt(float(alpha_of(_covariance(moments))), k=len(moments.items), n=moments.n, level=level)


def omega(
    survey: pd.DataFrame,
    *,
    items: Iterable[str],
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    **reading: object,
) -> Estimate:
    """McDonald's omega of a scale of three or more items: alpha without the assumption that all load alike.

    Parameters
    ----------
    survey, items, draws, seed, level, **reading
        As in `alpha`.

    Returns
    -------
    Estimate
        NaN with a Heywood case (an item that shares all its variance with the factor); no limits where more than a
        tenth of the replicates has one.

    Raises
    ------
    InputError
        If fewer than three items are named, or as `alpha`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> trait = rng.normal(size=300)
    >>> survey = pd.DataFrame({name: trait + rng.normal(size=300) for name in "abcd"})
    >>> f"{omega(survey, items='abcd', draws=200):.2f}"
    '0.83 [0.80, 0.86]'
    """
    answers = _read(survey, items, reading, least=3)
    point = _omega(Moments.of(answers.frame).correlations[None])[0]
    return _estimate("omega", point, _omega(_drawn(answers, draws, seed).correlations), level)


def scale_table(
    survey: pd.DataFrame,
    *,
    scales: Mapping[str, Iterable[str]],
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    **reading: object,
) -> pd.DataFrame:
    """Reliability of several scales side by side, each of the respondents who answered all its items.

    Parameters
    ----------
    survey : pandas.DataFrame
    scales : dict of name to items
        Two or more items each.
    draws, seed, level, **reading
        As in `alpha`; reversed_items may name items of any of the scales.

    Returns
    -------
    pandas.DataFrame, index scale
        item_count, respondents, left_out; alpha_raw (Feldt's limits), alpha_standardised and omega (bootstrap limits).

    Raises
    ------
    InputError
        If a scale has fewer than two items, an item to be reversed is in none of the scales, or as `alpha`.

    Examples
    --------
    >>> survey = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 3, 3, None]})
    >>> scale_table(survey, scales={"ab": ["a", "b"], "abc": "abc"}, draws=50)["left_out"].to_dict()
    {'ab': 0, 'abc': 1}
    """
    rows, parts = {}, {name: list(items) for name, items in scales.items()}
    turned = list(reading.pop("reversed_items", ()))
    strange = [item for item in turned if not any(item in items for items in parts.values())]
    if strange:
        raise InputError(f"{', '.join(strange)} is to be reversed but is in none of the scales", where="reversed_items",
                         zh=f"反向题 {'、'.join(strange)} 不属于任何量表")  # fmt: skip
    for name, items in parts.items():
        own = reading | {"reversed_items": [item for item in turned if item in items]}
        answers = _read(survey, items, own, name=f"the scale {name}")
        moments, drawn = Moments.of(answers.frame), _drawn(answers, draws, seed).correlations
        raw = feldt(float(alpha_of(_covariance(moments))), k=len(moments.items), n=moments.n, level=level)
        even = _estimate("alpha", alpha_of(moments.correlations), alpha_of(drawn), level)
        free = _estimate("omega", _omega(moments.correlations[None])[0], _omega(drawn), level)
        rows[name] = (
            {"item_count": len(moments.items), "respondents": moments.n, "left_out": answers.ledger.set_aside}
            | with_limits("alpha_raw", raw)
            | with_limits("alpha_standardised", even)
            | with_limits("omega", free)
        )
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="scale"))


def scale_items(
    survey: pd.DataFrame,
    *,
    items: Iterable[str],
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    **reading: object,
) -> pd.DataFrame:
    """What each item adds to a scale: its relation with the rest, and alpha without it.

    Parameters
    ----------
    survey, items, draws, seed, level, **reading
        As in `alpha`.

    Returns
    -------
    pandas.DataFrame, index item
        factor_loading (of one common factor, maximum likelihood) and item_rest, with limits; alpha_raw and
        alpha_raw_dropped, alpha_standardised and alpha_standardised_dropped; reversed_suspect (see `items.suspects`).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> trait = rng.normal(size=100)
    >>> survey = pd.DataFrame({name: sign * trait + rng.normal(size=100) for name, sign in zip("abcd", (1, 1, 1, -1))})
    >>> scale_items(survey, items="abcd", draws=50)["reversed_suspect"].to_dict()
    {'a': False, 'b': False, 'c': False, 'd': True}
    """
    answers = _read(survey, items, reading)
    moments, drawn = Moments.of(answers.frame), _drawn(answers, draws, seed)
    point = drop_columns(moments.correlations[None], moments.sds[None])
    many = drop_columns(drawn.correlations, drawn.sds)
    table = columns("factor_loading", one_factor(moments.correlations[None]).loadings[0],
                    one_factor(drawn.correlations).loadings, level=level)  # fmt: skip
    table |= columns("item_rest", point["item_rest"][0], many["item_rest"], level=level)
    names = ("alpha_raw", "alpha_raw_dropped", "alpha_standardised", "alpha_standardised_dropped")
    table |= {name: point[name][0] for name in names}
    found = pd.DataFrame(table, index=pd.Index(moments.items, name="item"))
    block = pd.Series(0, index=found.index)
    return found.assign(reversed_suspect=suspects(found["factor_loading"], found["item_rest"], block))


def _read(
    survey: pd.DataFrame, items: Iterable[str], reading: dict[str, object], least: int = 2, name: str = "the scale"
) -> Answers:
    items = list(items)
    if len(items) < least:
        raise InputError(f"{len(items)} item named, at least {least} are needed", where=name,
                         mend="name all items of the scale", zh=f"量表至少需要 {least} 个题项")  # fmt: skip
    if reading.get("missing") == "keep":
        raise InputError("missing='keep' leaves gaps, and a scale needs complete answers", where=name,
                         expected="listwise or mean", zh="量表分析需要完整的回答，不能保留缺失值")  # fmt: skip
    return read_answers(survey, items, **{"at_least": 3, **reading})


def _drawn(answers: Answers, draws: int, seed: int) -> Moments:
    """Moments of respondents drawn again; correlations with an item that is constant in a replicate are NaN."""
    if draws < 0:
        raise InputError(f"draws must be 0 or more; got {draws}", where="the bootstrap", zh="重抽样次数不能为负")
    values = answers.frame.to_numpy(float)
    n, parts = len(values), Products.of(values, tuple(map(str, answers.frame)))
    if not draws:  # one replicate of blanks, which gives no limits
        blank = np.full((1, values.shape[1]), np.nan)
        return Moments(parts.items, blank[:, :, None] * blank[:, None, :], blank, blank, n)
    step = max(1, AT_ONCE // n)
    counts = (draw_counts(n, min(step, draws - first), seed, first=first) for first in range(0, draws, step))
    pieces = [parts.counted(part) for part in counts]
    joined = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("correlations", "means", "sds"))
    return Moments(parts.items, *joined, n)


def _covariance(moments: Moments) -> np.ndarray:
    return moments.correlations * moments.sds[..., :, None] * moments.sds[..., None, :]


def _omega(correlations: np.ndarray) -> np.ndarray:
    factor = one_factor(correlations)
    return np.where(factor.heywood, np.nan, composite_reliability(factor.loadings))


def _estimate(name: str, point: np.ndarray, drawn: np.ndarray, level: float) -> Estimate:
    found = columns(name, np.asarray(point), drawn, level=level)
    return Estimate(*(float(value) for value in found.values()))
