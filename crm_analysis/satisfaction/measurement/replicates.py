"""What the survey could have been: respondents drawn again, or normal samples where only correlations are known."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import percentile_limits, quantile_of_draws
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.faults import INADMISSIBLE, find_faults
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

MOST_LOST = 0.10  # of the replicates; beyond this share those left are no fair picture, and there is no interval


@dataclass(frozen=True)
class Replicates:
    """Moments and solutions of the replicates that could be fitted.

    Parameters
    ----------
    moments : Moments
        With a leading axis of replicates.
    solution : Solution
        Corrected for a PLSc model; inadmissible solutions (a correlation above 1, say) stay in, since to leave them
        out would make a doubtful measurement look better than it is.
    failures : pandas.Series
        Replicates left out for having no solution at all, by cause.
    inadmissible : float
        Share of the replicates with an inadmissible PLSc solution; 0 for plain PLS.
    draws : int
        Replicates asked for.
    drawn : {"rows", "normal"}
        Respondents drawn again, or normal answers with the correlations known.
    """

    moments: Moments
    solution: Solution
    failures: pd.Series
    inadmissible: float
    draws: int
    drawn: str

    @property
    def lost(self) -> float:
        """Share of the replicates that could not be fitted."""
        return 1 - len(self.moments.correlations) / self.draws


def draw(fitted: PLS, *, draws: int = 1000, seed: int = 0, truth: np.ndarray | None = None) -> Replicates:
    r"""Draw the survey again and fit each time; all checks of a model can share one such drawing.

    A model fitted to answers is drawn from its respondents. One fitted to a correlation matrix is drawn from the
    Wishart distribution of n normal respondents. With `truth` the world is one in which that matrix is the true
    one: rows become :math:`Z S^{-1/2} \Sigma^{1/2}` before they are drawn.

    Parameters
    ----------
    fitted : PLS
    draws : int
    seed : int
    truth : ndarray, shape (p, p), optional
        Correlation matrix that holds under a hypothesis.

    Raises
    ------
    InputError
        If draws are fewer than two, there are not more respondents than items, more than 10 % of the replicates have no
        solution, or `truth` is given for a model whose items are not the answers themselves.

    References
    ----------
    .. [1] Beran & Srivastava (1985). Annals of Statistics 13, 95-115 (drawing under a hypothesis).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> draw(PLS(ecsi()).fit_moments(mobi()), draws=20).moments.correlations.shape
    (20, 24, 24)
    """
    _check_rows(fitted.moments_)
    if draws < 2:
        raise InputError(f"draws={draws}", where="the bootstrap", expected="2 or more; 1,000 for a report",
                         zh=f"重抽样次数为 {draws}，至少需要 2 次")  # fmt: skip
    if fitted.answers_ is None:
        moments, solution, failures = _normal(fitted, draws, seed, truth)
    else:
        plain = copy(fitted if truth is None else _moved(fitted, truth)).set_params(consistent=False)
        drawn = plain.resample(draws=draws, seed=seed)
        moments, solution, failures = drawn.moments, drawn.solution, drawn.failures
    if fitted.consistent:
        solution = fitted.solve(moments.correlations)
    kind = "normal" if fitted.answers_ is None else "rows"
    return Replicates(moments, solution, failures, _inadmissible(fitted, moments, solution), draws, kind)


def quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Quantile along the first axis; NaN where more than a tenth of the replicates has no value."""
    return quantile_of_draws(values, share, most_lost=MOST_LOST)


def columns(name: str, values: np.ndarray, drawn: np.ndarray | None, *, level: float = 0.95) -> dict[str, np.ndarray]:
    """Columns x, x_low and x_high of a table; limits are NaN without replicates, or where there is no value."""
    none = np.full(np.shape(values), np.nan)
    low, high = (none, none) if drawn is None else percentile_limits(drawn, level=level, most_lost=MOST_LOST)
    known = np.isfinite(values)
    return {name: values, f"{name}_low": np.where(known, low, np.nan), f"{name}_high": np.where(known, high, np.nan)}


def stacked(moments: Moments) -> Moments:
    """Moments with a leading axis, added if it is not there."""
    if moments.correlations.ndim == 3:
        return moments
    return replace(moments, correlations=moments.correlations[None], means=moments.means[None], sds=moments.sds[None])


def root(matrix: np.ndarray, power: float = 0.5) -> np.ndarray:
    """Symmetric power of positive definite matrices, shape (..., p, p); NaN where one is not."""
    values, vectors = np.linalg.eigh(matrix)
    positive = (values > 1e-12).all(axis=-1)
    scale = np.where(positive[..., None], np.abs(values) + (~positive[..., None]), np.nan) ** power
    return (vectors * scale[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def _check_rows(moments: Moments) -> None:
    n, p = moments.n, len(moments.items)
    if n <= p:
        raise InputError(f"{n} respondents answered {p} items; a bootstrap needs more respondents than items",
                         where="the survey", mend="ask more respondents or use fewer items",
                         zh=f"受访者 {n} 人，不多于题项数 {p}，无法重抽样")  # fmt: skip


def _inadmissible(fitted: PLS, moments: Moments, solution: Solution) -> float:
    if not fitted.consistent:
        return 0.0
    faults = find_faults(moments.correlations, solution, fitted.design_, consistent=True)
    hits = [fault.hit.any(axis=1) for fault in faults if fault.code in INADMISSIBLE]
    return float(np.any(hits, axis=0).mean())


def _moved(fitted: PLS, truth: np.ndarray) -> PLS:
    """The model fitted to the same respondents, moved so that `truth` is their correlation matrix."""
    frame = fitted.answers_.frame
    if tuple(map(str, frame)) != fitted.moments_.items:
        raise InputError("the items of this model are scores of other items; answers cannot be moved to its truth",
                         where="the bootstrap under a hypothesis",
                         zh="模型的题项是其他题项的得分，无法按假设移动回答")  # fmt: skip
    moments = Moments.of(frame)
    scaled = (frame.to_numpy(float) - moments.means) / moments.sds
    rows = scaled @ root(moments.correlations, -0.5) @ root(truth)
    plain = fitted.model.change(low=None, high=None, missing_codes=(), reversed_items=())
    world = type(fitted)(**{**fitted.get_params(), "model": plain})
    return world.fit(pd.DataFrame(rows, columns=frame.columns))


def _normal(fitted: PLS, draws: int, seed: int, truth: np.ndarray | None) -> tuple[Moments, Solution, pd.Series]:
    """Moments of n normal respondents, by Bartlett's decomposition of the Wishart distribution, and plain PLS."""
    moments = fitted.moments_
    p, rng = len(moments.items), np.random.default_rng(np.random.SeedSequence(seed))
    lower = np.tril(rng.standard_normal((draws, p, p)), -1)
    lower[:, range(p), range(p)] = np.sqrt(rng.chisquare(moments.n - 1 - np.arange(p), (draws, p)))
    spread = root(moments.correlations if truth is None else truth) @ lower
    covariance = spread @ np.swapaxes(spread, 1, 2) / (moments.n - 1)
    sds = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    correlations = covariance / (sds[:, :, None] * sds[:, None, :])
    correlations[:, range(p), range(p)] = 1.0
    solution = copy(fitted).set_params(consistent=False).solve(correlations)
    kept = solution.converged & np.isfinite(solution.weights).all(axis=(1, 2))
    found = Moments(moments.items, correlations[kept], np.broadcast_to(moments.means, (int(kept.sum()), p)),
                    moments.sds * sds[kept], moments.n)  # fmt: skip
    failures = pd.Series({"not_converged": int((~kept).sum())}, name="replicates")
    return found, solution.take(kept), failures[failures > 0]
