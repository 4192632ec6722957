"""Expectation against perception: the gap of each service dimension and who was served below expectation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import stdtr

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import holm, mean_t, share_columns, with_limits

SIDES = ("expectation", "perception")
STANDINGS = ("below_expectation", "as_expected", "above_expectation")
Items = str | tuple[str, ...]


def gap_table(survey: pd.DataFrame, pairs: Mapping[str, tuple[Items, Items]], *, level: float = 0.95) -> pd.DataFrame:
    r"""Mean perception less expectation of each dimension, paired by respondent.

    .. math:: \bar D \pm t_{n-1}\, s_D / \sqrt n, \qquad D_i = P_i - E_i

    A negative gap: what respondents got falls short of what they expected. With
    several items on a side, their mean counts. The gap of an expectation near
    the top of the scale can hardly be positive.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item, all on one scale.
    pairs : dict of dimension to (expectation, perception)
        Item, or tuple of items, of each side; from a measurement model by `model_pairs`.
    level : float in (0, 1)
        Of each interval; the intervals are not corrected for their number, p_holm is.

    Returns
    -------
    pandas.DataFrame, index dimension
        In the order of `pairs`: respondents (with all items of the pair answered), unpaired (the others),
        expectation and perception (means), gap with limits, p (two-sided paired t test) and p_holm.
        Limits and p are blank where all gaps are equal.

    Raises
    ------
    InputError
        If items are missing or not numbers, or a dimension has fewer than two respondents.

    References
    ----------
    .. [1] Parasuraman, Zeithaml & Berry (1988). SERVQUAL. Journal of Retailing 64, 12-40 (score = P - E).
    .. [2] Holm (1979). Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    >>> gap_table(survey, {"reliability": ("e", "p")})[["respondents", "gap", "p"]].round(3).values.tolist()
    [[3.0, -1.0, 0.225]]
    """
    rows = {}
    for name, (expected, perceived) in _answers(survey, pairs).items():
        gap = perceived - expected
        rows[name] = (
            {"respondents": len(gap), "unpaired": len(survey) - len(gap)}
            | {"expectation": expected.mean(), "perception": perceived.mean()}
            | with_limits("gap", mean_t(gap, level=level))
            | {"p": _p_of_mean(gap)}
        )
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="dimension"))
    return table.assign(p_holm=holm(table["p"]))


def standing_table(
    survey: pd.DataFrame, pairs: Mapping[str, tuple[Items, Items]], *, level: float = 0.95
) -> pd.DataFrame:
    """Respondents whose perception lies below, at or above their expectation, by dimension.

    Parameters
    ----------
    survey, pairs, level
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
    rows = []
    for name, (expected, perceived) in _answers(survey, pairs).items():
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


def _answers(survey: pd.DataFrame, pairs: Mapping[str, tuple[Items, Items]]) -> dict[str, tuple[pd.Series, pd.Series]]:
    """Expectation and perception of each dimension, of those who answered all its items."""
    sides = {name: [[side] if isinstance(side, str) else list(side) for side in pair] for name, pair in pairs.items()}
    _check_items(survey, [item for expected, perceived in sides.values() for item in (*expected, *perceived)])
    found, few = {}, []
    for name, (expected, perceived) in sides.items():
        rows = survey[[*expected, *perceived]].dropna().astype(float)
        found[name] = rows[expected].mean(axis=1), rows[perceived].mean(axis=1)
        few += [name] if len(rows) < 2 else []
    if few:
        raise InputError(f"fewer than two respondents answered both sides of {', '.join(few)}", where="table survey",
                         mend="leave these dimensions out or use a larger survey",
                         zh=f"回答了成对题项的受访者不足两人：{'、'.join(few)}")  # fmt: skip
    return found


def _check_items(survey: pd.DataFrame, items: list[str]) -> None:
    if not items:
        raise InputError("no pair of items was named", where="pairs", zh="没有给出成对题项")
    missing = [item for item in items if item not in survey]
    texts = [item for item in items if item in survey and not pd.api.types.is_numeric_dtype(survey[item].dtype)]
    if missing or texts:
        hints = [f"{item}: {hint}" for item in missing if (hint := nearest(item, map(str, survey.columns)))]
        problems = [f"{item} is missing" for item in missing] + [f"{item} holds no numbers" for item in texts]
        raise InputError("; ".join(problems), where="table survey", expected="a column of numbers for each item",
                         mend="; ".join(hints) or "name the columns as in the measurement model",
                         zh=f"问卷缺少可用的题项：{'、'.join(missing + texts)}")  # fmt: skip
