"""Expectation against perception: the gap of each service dimension and who was served below expectation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm, mean_t, share_columns, with_limits
from crm_analysis.satisfaction.disconfirmation.sides import SIDES, Pairs, side_answers

STANDINGS = ("below_expectation", "as_expected", "above_expectation")


def gap_table(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Mean perception less expectation of each dimension, paired by respondent.

    .. math:: \bar D \pm t_{n-1}\, s_D / \sqrt n, \qquad D_i = P_i - E_i

    A negative gap: what respondents got falls short of what they expected. With
    several items on a side, their mean counts. The gap of an expectation near
    the top of the scale can hardly be positive (`ceiling.expectation_ceiling`), and
    the gap of one person is often noise (`reliability.gap_reliability`).

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item, all on one scale.
    pairs : dict of dimension to (expectation, perception)
        Item, or tuple of items, of each side; from a measurement model by `model_pairs`.
    low, high : float, optional
        Ends of the scale; an answer outside is an error.
    missing_codes : sequence of float
        Numbers that stand for "no answer", such as -99; counted as missing.
    level : float in (0, 1)
        Of each interval; the intervals are not corrected for their number, p_holm is.

    Returns
    -------
    pandas.DataFrame, index dimension
        In the order of `pairs`: respondents (with all items of the pair answered), unpaired (the others),
        expectation and perception (means), gap with limits, p (two-sided paired t test) and p_holm; d_z, the
        mean gap in standard deviations of the gaps. Limits, p and d_z are blank where all gaps are equal.

    Raises
    ------
    InputError
        If items are missing, not numbers or outside the scale, or a dimension has fewer than two respondents.

    References
    ----------
    .. [1] Parasuraman, Zeithaml & Berry (1988). SERVQUAL. Journal of Retailing 64, 12-40 (score = P - E).
    .. [2] Holm (1979). Scandinavian Journal of Statistics 6, 65-70.
    .. [3] Cohen (1988). Statistical Power Analysis, section 2.3.5 (d_z).

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    >>> gap_table(survey, {"reliability": ("e", "p")})[["respondents", "gap", "p"]].round(3).values.tolist()
    [[3.0, -1.0, 0.225]]
    """
    rows = {}
    scale = {"low": low, "high": high, "missing_codes": missing_codes}
    for name, (expected, perceived) in _means(survey, pairs, **scale).items():
        gap = (perceived - expected).round(9)  # means of several items: 1e-16 is no spread
        rows[name] = (
            {"respondents": len(gap), "unpaired": len(survey) - len(gap)}
            | {"expectation": expected.mean(), "perception": perceived.mean()}
            | with_limits("gap", mean_t(gap, level=level))
            | {"p": _p_of_mean(gap)}
            | {"d_z": gap.mean() / gap.std(ddof=1) if np.ptp(gap) > 0 else float("nan")}
        )
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="dimension"))
    table.insert(table.columns.get_loc("p") + 1, "p_holm", holm(table["p"]))
    return table


def standing_table(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Respondents whose perception lies below, at or above their expectation, by dimension.

    Parameters
    ----------
    survey, pairs, low, high, missing_codes, level
        As in `gap_table`.

    Returns
    -------
    pandas.DataFrame
        dimension, standing (below_expectation, as_expected, above_expectation), respondents, base (respondents of
        the dimension), share of the base with Wilson's limits. The three shares of a dimension add up to 1.

    Raises
    ------
    InputError
        As `gap_table`.

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    >>> standing_table(survey, {"reliability": ("e", "p")})["respondents"].tolist()
    [2, 1, 0]
    """
    rows, scale = [], {"low": low, "high": high, "missing_codes": missing_codes}
    for name, (expected, perceived) in _means(survey, pairs, **scale).items():
        sign = np.sign((perceived - expected).round(9))  # means of several items: 1e-16 is no difference
        count = sign.value_counts().reindex([-1, 0, 1], fill_value=0).to_numpy()
        rows += [(name, standing, hits, len(sign)) for standing, hits in zip(STANDINGS, count)]
    table = pd.DataFrame(rows, columns=["dimension", "standing", "respondents", "base"])
    table["standing"] = pd.Categorical(table["standing"], categories=list(STANDINGS), ordered=True)
    return table.assign(**share_columns("share", table["respondents"], table["base"], level=level))


def model_pairs(model: Mapping) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the pairs of a measurement model (``model.yml``), by dimension.

    Parameters
    ----------
    model : mapping
        With ``pairs``: dimension to ``{"items": [{"expectation": column, "perception": column}, ...]}``.

    Raises
    ------
    InputError
        If the model has no pairs of that form.

    Examples
    --------
    >>> model_pairs({"pairs": {"empathy": {"items": [{"expectation": "empathy_e1", "perception": "empathy_p1"}]}}})
    {'empathy': (('empathy_e1',), ('empathy_p1',))}
    """
    try:
        pairs = {
            str(name): tuple(tuple(str(item[side]) for item in entry["items"]) for side in SIDES)
            for name, entry in model["pairs"].items()
        }
    except (KeyError, TypeError, AttributeError):
        pairs = {}
    if not pairs or not all(expected for expected, _ in pairs.values()):
        raise InputError(
            "the measurement model names no pairs of expectation and perception",
            where="pairs",
            expected="pairs: {dimension: {items: [{expectation: column, perception: column}]}}",
            zh="测量模型中没有“期望-感知”成对题项",
        )
    return pairs


def _p_of_mean(values: pd.Series) -> float:
    """Two-sided p of Student's test that the mean is 0; NaN where all values are equal."""
    if np.ptp(values) == 0:
        return float("nan")
    t = values.mean() / (values.std(ddof=1) / np.sqrt(len(values)))
    return float(2 * stdtr(len(values) - 1, -abs(t)))


def _means(survey: pd.DataFrame, pairs: Pairs, **scale: object) -> dict[str, tuple[pd.Series, pd.Series]]:
    """Mean expectation and perception of each dimension, of those who answered all its items."""
    sides = side_answers(survey, pairs, **scale)
    return {name: (expected.mean(axis=1), perceived.mean(axis=1)) for name, (expected, perceived) in sides.items()}
