"""The customer satisfaction index: each construct from 0 to 100, with the interval of the bootstrap."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.intervals import Estimate
from crm_analysis.intervals.means import t_half
from crm_analysis.satisfaction.index.points import (
    FULL,
    WEIGHTS,
    Points,
    find_construct,
    index_by,
    limits,
    point_fit,
    point_replicates,
    scale_of,
)
from crm_analysis.satisfaction.index.texts import index_text
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel


@dataclass(frozen=True)
class SatisfactionIndex:
    """Indices of constructs from 0 to 100, what they are made of, and how they were weighted.

    Parameters
    ----------
    table : pandas.DataFrame, index construct
        index_value with its bootstrap interval (weights estimated anew in each draw); index_sd (among respondents);
        index_se and index_se_fixed: standard error by the bootstrap, and SD / sqrt(n), which holds the weights
        fixed; index_fixed, the index again, with Student's interval from the latter; respondents.
    items : pandas.DataFrame, index item
        construct, item_share (weights of a block add up to 1), item_index (mean from 0 to 100).
    conventions : pandas.DataFrame, index construct
        The index by each convention of weighting: weights_unstandardised, weights_standardised, weights_equal; NaN
        where the weights of a convention nearly cancel out.
    scores : pandas.DataFrame or None, respondents x constructs
        Index of each respondent; None where only moments are known, or items are scores of parts (higher order).
    weights : str
        Convention of `table`, `items` and `scores`.
    negative : tuple of str
        Items with a weight below 0.
    level : float
    replicates : int
        Draws of which the intervals are made; 0 where there are no rows.
    failures : pandas.Series
        Draws left out, by cause.
    model : PathModel
    filled : int
        Respondents with answers filled in with means.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    conventions: pd.DataFrame
    scores: pd.DataFrame | None
    weights: str
    negative: tuple[str, ...]
    level: float
    replicates: int
    failures: pd.Series
    model: PathModel = field(repr=False)
    filled: int = 0

    def estimate(self, construct: str) -> Estimate:
        """Return the index of a construct with its bootstrap interval."""
        row = self.table.loc[construct]
        return Estimate(*(float(row[name]) for name in ("index_value", "index_value_low", "index_value_high")))

    def text(self, lang: str) -> str:
        """Say the indices in a paragraph, with the convention of weights and what not to make of them."""
        return index_text(self, lang)


def satisfaction_index(
    fitted: PLS,
    *,
    construct: str | Iterable[str] | None = None,
    weights: str = "unstandardised",
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.95,
) -> SatisfactionIndex:
    r"""Index of each construct from 0 to 100, with intervals.

    .. math:: I = \sum_i u_i\, 100\, \frac{\bar x_i - \min}{\max - \min}, \qquad \sum_i u_i = 1

    0 is the worst mark of all respondents on all items, 100 the best. The convention of weights belongs to the
    number, for it can matter by points: ``unstandardised`` weights w / s are those of ECSI, ACSI and SmartPLS;
    ``standardised`` takes w as if all items spread equally; ``equal`` is the plain mean.

    Parameters
    ----------
    fitted : PLS
        Of a model with low and high. With answers there is a bootstrap, from moments alone the interval that holds
        the weights fixed.
    construct : str or iterable of str, optional
        All when left out.
    weights : {"unstandardised", "standardised", "equal"}
    draws, seed : int
        Of the bootstrap; 0 draws for none.
    level : float in (0, 1)

    Returns
    -------
    SatisfactionIndex

    Raises
    ------
    InputError
        If the scale's ends or the items' means are not known, the weights cancel out, or a name is unknown.

    Warns
    -----
    UserWarning
        If an item has a negative weight.

    References
    ----------
    .. [1] Tenenhaus et al. (2005). Computational Statistics & Data Analysis 48, 159-205, section 2.3.4.
    .. [2] Fornell et al. (1996). Journal of Marketing 60(4), 7-18, appendix.

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> found = satisfaction_index(PLS(ecsi(low=1, high=10)).fit_moments(mobi()), construct="satisfaction")
    >>> found.conventions.round(3).values.tolist()
    [[72.454, 71.782, 71.97]]
    >>> found.table[["index_sd", "index_se_fixed"]].round(3).values.tolist()
    [[14.413, 0.912]]
    """
    model = fitted.model
    names = named_constructs(construct, model)
    here = point_fit(fitted, weights, names=names)
    place = [model.constructs.index(name) for name in names]
    drawn, resamples = point_replicates(fitted, weights, draws=draws, seed=seed)
    index = pd.Index(names, name="construct")
    table = _table(here, drawn, fitted.moments_.n, level).iloc[place].set_axis(index)
    items = item_table(fitted, here)
    items = items[items["construct"].isin(names)]
    negative = tuple(items.index[items["item_share"] < 0])
    if negative:
        warnings.warn(f"negative weight in the index: {', '.join(negative)}", stacklevel=2)
    kinds = {f"weights_{kind}": index_by(fitted, kind)[place] for kind in WEIGHTS}
    scores = respondent_scores(fitted, here.shares[0])[names] if has_answers(fitted) else None
    none = pd.Series(dtype="int64", name="replicates")
    failures = none if resamples is None else resamples.failures
    return SatisfactionIndex(table, items, pd.DataFrame(kinds, index=index), scores, weights, negative, level,
                             0 if drawn is None else len(drawn.index), failures, model,
                             0 if fitted.answers_ is None else fitted.answers_.filled)  # fmt: skip


def has_answers(fitted: PLS) -> bool:
    """Whether the answers to the model's own items are there: not for moments alone, nor where items are scores."""
    return fitted.answers_ is not None and tuple(map(str, fitted.answers_.frame)) == fitted.moments_.items


def respondent_scores(fitted: PLS, shares: np.ndarray) -> pd.DataFrame:
    """Index of each respondent, shape (respondents, constructs), for item weights of shape (p,)."""
    low, high = scale_of(fitted.model)
    frame = fitted.answers_.frame
    marks = (frame.to_numpy(float) - low) * FULL / (high - low)
    values = (marks * shares) @ fitted.design_.member
    return pd.DataFrame(values, index=frame.index, columns=list(fitted.model.constructs))


def item_table(fitted: PLS, here: Points) -> pd.DataFrame:
    """Weight in the index and mean from 0 to 100 of each item."""
    names = np.array(fitted.model.constructs, dtype=object)
    return pd.DataFrame(
        {"construct": names[fitted.design_.block], "item_share": here.shares[0], "item_index": here.items[0]},
        index=pd.Index(fitted.model.items, name="item"),
    )


def named_constructs(construct: str | Iterable[str] | None, model: PathModel) -> list[str]:
    """Return the constructs asked for, checked; all of them for None."""
    names = list(model.constructs) if construct is None else [construct] if isinstance(construct, str) else construct
    return [model.constructs[find_construct(model, name, "construct")] for name in names]


def _table(here: Points, drawn: Points | None, n: int, level: float) -> pd.DataFrame:
    value, sd = here.index[0], here.sds[0]
    low, high = limits(None if drawn is None else drawn.index, level, value.shape)
    error = np.full(value.shape, np.nan) if drawn is None else drawn.index.std(axis=0, ddof=1)
    half = t_half(sd, n, level=level)
    return pd.DataFrame(
        {
            "index_value": value, "index_value_low": low, "index_value_high": high, "index_sd": sd,
            "index_se": error, "index_se_fixed": sd / np.sqrt(n),
            "index_fixed": value, "index_fixed_low": value - half, "index_fixed_high": value + half,
            "respondents": n,
        }
    )  # fmt: skip
