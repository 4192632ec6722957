"""Whether constructs can be told apart: HTMT with its test against 1, HTMT2, and the Fornell-Larcker criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm
from crm_analysis.satisfaction.measurement.coefficients import average_variance
from crm_analysis.satisfaction.measurement.reliability import own_loadings
from crm_analysis.satisfaction.measurement.replicates import Replicates, columns, quantile
from crm_analysis.satisfaction.pls.design import Design

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

CONVENTIONS = ("absolute", "signed")
ONE_SIDED = 0.95  # level of the upper bound
BOUNDS = {"below_085": 0.85, "below_090": 0.90, "below_1": 1.0}  # Henseler et al. (2015): .85, .90, inference against 1


def htmt(correlations: np.ndarray, member: np.ndarray, *, convention: str = "absolute") -> np.ndarray:
    r"""Heterotrait-monotrait ratio of correlations between all constructs.

    .. math:: \mathrm{HTMT}_{ij} = \frac{\overline{|r|}_{ij}}{\sqrt{\overline{|r|}_{ii}\, \overline{|r|}_{jj}}}

    With means of correlations between the blocks and within each; the mean within a single item is 1.

    Parameters
    ----------
    correlations : ndarray, shape (B, p, p)
    member : ndarray, shape (p, q)
        1 where an item belongs to a construct.
    convention : {"absolute", "signed"}
        Mean of sizes of correlations (as seminr), or size of the mean of correlations as they are (as cSEM could);
        the second is NaN where a block's items disagree in the mean.

    Returns
    -------
    ndarray, shape (B, q, q)
        1 on the diagonal.

    References
    ----------
    .. [1] Henseler, Ringle & Sarstedt (2015). Journal of the Academy of Marketing Science 43, 115-135.

    Examples
    --------
    >>> matrix = np.array([[1, 0.5, 0.3], [0.5, 1, 0.3], [0.3, 0.3, 1]])
    >>> member = np.array([[1, 0], [1, 0], [0, 1]])
    >>> float(htmt(matrix[None], member)[0, 0, 1].round(4))
    0.4243
    """
    if convention not in CONVENTIONS:
        raise InputError(f"convention={convention!r} is none of {', '.join(CONVENTIONS)}", where="htmt")
    means = _block_means(np.abs(correlations) if convention == "absolute" else correlations, member, alone=1.0)
    return _ratio(np.abs(means), np.diagonal(means, axis1=1, axis2=2))


def htmt2(correlations: np.ndarray, member: np.ndarray) -> np.ndarray:
    """HTMT with geometric means, right also where loadings differ; NaN where a correlation of the pair is not positive.

    Parameters
    ----------
    correlations, member
        As in `htmt`.

    References
    ----------
    .. [1] Roemer, Schuberth & Henseler (2021). Industrial Management & Data Systems 121, 2637-2650.

    Examples
    --------
    >>> loadings = np.array([0.9, 0.6, 0.8, 0.5])
    >>> matrix = np.outer(loadings, loadings) * np.kron([[1, 0.4], [0.4, 1]], np.ones((2, 2)))
    >>> np.fill_diagonal(matrix, 1)
    >>> float(htmt2(matrix[None], np.kron(np.eye(2), np.ones((2, 1))))[0, 0, 1].round(6))
    0.4
    """
    positive = correlations > 0
    logs = np.log(np.where(positive, correlations, 1.0))
    geometric = np.exp(_block_means(logs, member, alone=0.0))
    lost = np.swapaxes(member, 0, 1) @ (~positive).astype(float) @ member > 0
    own = np.diagonal(lost, axis1=1, axis2=2)
    unknown = lost | own[:, :, None] | own[:, None, :]
    return np.where(unknown, np.nan, _ratio(geometric, np.diagonal(geometric, axis1=1, axis2=2)))


def discriminant_table(
    fitted: PLS, *, replicates: Replicates | None = None, convention: str = "absolute", level: float = 0.95
) -> pd.DataFrame:
    """Every pair of constructs: how closely related they are behind the error of measurement, tested against 1.

    Parameters
    ----------
    fitted : PLS
    replicates : Replicates, optional
        From `replicates.draw`; without them nothing is tested.
    convention : {"absolute", "signed"}
        Of HTMT, see `htmt`.
    level : float in (0, 1)
        Of the two-sided intervals; the upper bound is one-sided, 95 %.

    Returns
    -------
    pandas.DataFrame, index (first_construct, second_construct)
        htmt with limits; htmt_upper (one-sided bound) and whether it lies below_085, below_090, below_1; htmt_se,
        z = (1 - htmt) / se with p (one-sided, of an HTMT of 1 or more) and p_holm; htmt_distinct (both tests tell the
        pair apart: the bound lies below 1 and p below .05); htmt2 with limits and htmt2_upper;
        construct_correlation (between scores, or corrected with PLSc), root_ave_first, root_ave_second,
        fornell_larcker (both larger than the correlation); htmt_convention; htmt_note (formative, composite,
        mixed_signs, single_item); htmt2_note (not_positive: a correlation of the pair is 0 or less).

    References
    ----------
    .. [1] Henseler, Ringle & Sarstedt (2015). Journal of the Academy of Marketing Science 43, 115-135.
    .. [2] Fornell & Larcker (1981). Journal of Marketing Research 18, 39-50.

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = discriminant_table(PLS(ecsi()).fit_moments(mobi()))
    >>> float(table.loc[("quality", "satisfaction"), "htmt"].round(4))
    0.9536
    """
    names = list(fitted.model.constructs)
    first, second = np.triu_indices(len(names), 1)
    point = _pairs(fitted.moments_.correlations[None], fitted.design_, convention, first, second)
    drawn = _pairs(replicates.moments.correlations, fitted.design_, convention, first, second) if replicates else {}
    table = _tested("htmt", point["htmt"][0], drawn.get("htmt"), level)
    table |= columns("htmt2", point["htmt2"][0], drawn.get("htmt2"), level=level)
    table["htmt2_upper"] = quantile(drawn["htmt2"], ONE_SIDED) if drawn else np.nan
    index = pd.MultiIndex.from_arrays(
        [[names[i] for i in first], [names[j] for j in second]], names=["first_construct", "second_construct"]
    )
    table |= {name: _below(table["htmt_upper"], bound) for name, bound in BOUNDS.items()}
    table["htmt_distinct"] = _distinct(table["htmt_upper"], table["p"])
    found = pd.DataFrame(table | _fornell_larcker(fitted, first, second), index=index)
    not_positive = np.isnan(point["htmt2"][0]) & ~np.isnan(point["htmt"][0])
    lost = found["htmt2_low"].isna() & ~np.isnan(point["htmt2"][0]) & bool(drawn)
    return found.assign(
        htmt_convention=convention,
        htmt_note=[_note(fitted, i, j) for i, j in zip(first, second)],
        htmt2_note=np.where(not_positive, "not_positive", np.where(lost, "not_positive_replicates", "")),
    )


def _block_means(values: np.ndarray, member: np.ndarray, *, alone: float) -> np.ndarray:
    """Means of entries between and within blocks, shape (B, q, q), diagonal entries of the matrix left out."""
    values = values * (1 - np.eye(values.shape[1]))
    size = member.sum(axis=0)
    pairs = np.outer(size, size) - np.diag(size)
    single = np.diag(size == 1)
    means = (member.T @ values @ member) / np.where(single, 1, pairs)
    return np.where(single, alone, means)


def _ratio(between: np.ndarray, within: np.ndarray) -> np.ndarray:
    scale = np.where(within > 0, within, np.nan)
    found = between / np.sqrt(scale[:, :, None] * scale[:, None, :])
    places = np.arange(between.shape[1])
    found[:, places, places] = 1.0
    return found


def _pairs(
    correlations: np.ndarray, design: Design, convention: str, first: np.ndarray, second: np.ndarray
) -> dict[str, np.ndarray]:
    """HTMT and HTMT2 of each pair; NaN where a construct of the pair is not reflective."""
    fit = design.common | (design.member.sum(axis=0) == 1)
    able = (fit[:, None] & fit[None, :])[first, second]
    member = design.member
    found = {"htmt": htmt(correlations, member, convention=convention), "htmt2": htmt2(correlations, member)}
    return {name: np.where(able, values[:, first, second], np.nan) for name, values in found.items()}


def _tested(name: str, point: np.ndarray, drawn: np.ndarray | None, level: float) -> dict[str, np.ndarray]:
    table = columns(name, point, drawn, level=level)
    none = np.full(point.shape, np.nan)
    if drawn is None:
        return table | {f"{name}_upper": none, f"{name}_se": none, "z": none, "p": none, "p_holm": none}
    known = np.isfinite(table[f"{name}_low"])
    se = np.full(point.shape, np.nan)
    se[known] = np.nanstd(drawn[:, known], axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):  # no spread: no test
        z = np.where(se > 0, (1 - point) / se, np.nan)
    p = ndtr(-z)
    upper = np.where(known, quantile(drawn, ONE_SIDED), np.nan)
    return table | {f"{name}_upper": upper, f"{name}_se": se, "z": z, "p": p, "p_holm": holm(p)}


def _below(upper: np.ndarray, bound: float) -> pd.api.extensions.ExtensionArray:
    known = np.isfinite(upper)
    return pd.array(np.where(known, upper < bound, None), dtype="boolean")


def _distinct(upper: np.ndarray, p: np.ndarray) -> pd.api.extensions.ExtensionArray:
    known = np.isfinite(upper) & np.isfinite(p)
    return pd.array(np.where(known, (upper < 1) & (p < 1 - ONE_SIDED), None), dtype="boolean")


def _fornell_larcker(fitted: PLS, first: np.ndarray, second: np.ndarray) -> dict[str, object]:
    design, kind = fitted.design_, "plsc" if fitted.consistent else "pls"
    loadings = own_loadings(fitted.moments_.correlations[None], fitted.solution_, design, kind)[0]
    ave = np.array([average_variance(loadings[design.items(place)]) if common else np.nan
                    for place, common in enumerate(design.common)])  # fmt: skip
    size, relation = np.sqrt(ave), fitted.solution_.correlations[0][first, second]
    # a construct without AVE (a single item, a formative one) sets no condition
    meets = [np.isnan(size[side]) | (size[side] > np.abs(relation)) for side in (first, second)]
    judged = np.isfinite(size[first]) | np.isfinite(size[second])
    holds = pd.array(np.where(judged, meets[0] & meets[1], False), dtype="boolean")
    holds[~judged] = pd.NA
    return {"construct_correlation": relation, "root_ave_first": size[first], "root_ave_second": size[second],
            "fornell_larcker": holds}  # fmt: skip


def _note(fitted: PLS, first: int, second: int) -> str:
    model, names, design = fitted.model, fitted.model.constructs, fitted.design_
    for name in (names[first], names[second]):
        if len(model.blocks[name]) > 1 and not model.reflective(name):
            return "formative" if model.mode(name) == "B" else "composite"
    one, two = design.items(first), design.items(second)
    correlations = fitted.moments_.correlations
    cells = [correlations[np.ix_(a, b)] for a, b in ((one, two), (one, one), (two, two))]
    if any((cell < 0).any() and (cell > 0).any() for cell in cells):
        return "mixed_signs"
    return "single_item" if 1 in (len(one), len(two)) else ""
