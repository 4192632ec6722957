"""The response surface: an outcome over the plane of expectation and perception, instead of their difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.intervals import check_level, percentile_limits
from crm_analysis.satisfaction.disconfirmation.regression import Fit, contrast_table, least_squares, wald
from crm_analysis.satisfaction.disconfirmation.sides import Items
from crm_analysis.satisfaction.disconfirmation.surface_verdict import congruence_of, disconfirmation_of, surface_text
from crm_analysis.satisfaction.disconfirmation.triple import resampled, triple

TERMS = ("b0", "b1", "b2", "b3", "b4", "b5")
SLOPES = {  # sums of b0..b5 (Edwards 2002): slope and curvature along Y = X and along Y = -X, and their tilt
    "a1": [0, 1, 1, 0, 0, 0],
    "a2": [0, 0, 0, 1, 1, 1],
    "a3": [0, 1, -1, 0, 0, 0],
    "a4": [0, 0, 0, 1, -1, 1],
    "a5": [0, 0, 0, 1, 0, -1],
}
CONSTRAINTS = {  # sums of b0..b5 that are 0 if a simpler model holds
    "difference_score": [[0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]],
    "squared_difference": [[0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, -1], [0, 0, 0, 0, 1, 2]],
    "plane": [[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]],
}
GEOMETRY = ("x0", "y0", "p10", "p11", "p20", "p21")
SHAPES = ("peak", "bowl", "saddle")
FEW_RESPONDENTS = 100  # six coefficients of correlated squares: below, the surface is mostly noise


@dataclass(frozen=True)
class ResponseSurface:
    """A polynomial regression on expectation X and perception Y, both centred at the midpoint of the scale.

    Parameters
    ----------
    coefficients : pandas.DataFrame, index term
        b0 to b5: estimate with limits, standard_error, t_value, p.
    slopes : pandas.DataFrame, index term
        a1 and a2, slope and curvature along Y = X; a3 and a4 along Y = -X; a5 = b3 - b5. Columns as above.
    mean_slopes : pandas.DataFrame, index term
        Slope of the outcome in expectation and in perception at the mean of the respondents. Columns as above.
    geometry : pandas.DataFrame, index term
        x0, y0 (stationary point, centred), p10 and p11 (intercept and slope of the first principal axis), p20 and
        p21 (of the second): estimate with percentile limits, draws in which it exists.
    shapes : pandas.Series
        Share of draws in which the surface is a peak, a bowl or a saddle.
    constraints : pandas.DataFrame, index constraint
        difference_score, squared_difference, plane: f_value, df1, df2, p of the test that the simpler model holds.
    shape : str
        peak, bowl or saddle, as estimated.
    r_squared, r_squared_difference : float
        Of the surface, and of the regression on P - E alone.
    means : tuple of float
        Mean expectation and perception, centred.
    low, high, midpoint : float
        Scale of expectation and perception.
    respondents, left_out : int
    failed : int
        Draws in which the coefficients could not be estimated.
    points : pandas.DataFrame
        expectation, perception (in points of the scale) and outcome of each respondent.
    fit : Fit
    covariance : str
    """

    coefficients: pd.DataFrame
    slopes: pd.DataFrame
    mean_slopes: pd.DataFrame
    geometry: pd.DataFrame
    shapes: pd.Series
    constraints: pd.DataFrame
    shape: str
    r_squared: float
    r_squared_difference: float
    means: tuple[float, float]
    low: float
    high: float
    midpoint: float
    respondents: int
    left_out: int
    failed: int
    points: pd.DataFrame
    fit: Fit
    covariance: str

    @property
    def too_few(self) -> bool:
        """Whether there are too few respondents for six coefficients."""
        return self.respondents < FEW_RESPONDENTS

    def height(self, expectation: np.ndarray, perception: np.ndarray) -> np.ndarray:
        """Return the fitted outcome at answers in points of the scale."""
        x, y = np.broadcast_arrays(np.asarray(expectation, float), np.asarray(perception, float))
        design = _design(x.ravel() - self.midpoint, y.ravel() - self.midpoint)
        return (design @ self.fit.beta).reshape(x.shape)

    def disconfirmation(self, *, alpha: float = 0.05) -> str:
        """Return what the slopes at the mean say: ``contrast``, ``perception_only``, ``assimilation`` or others."""
        return disconfirmation_of(self.mean_slopes, alpha)

    def congruence(self, *, alpha: float = 0.05) -> str:
        """Return whether the outcome may be best where P = E: ``congruence_strict``, ``_broad`` or ``_not_shown``."""
        return congruence_of(self.slopes, self.geometry, alpha)

    def text(self, lang: str, *, alpha: float = 0.05) -> str:
        """Say what the surface says and what it does not, in Chinese (``zh``) or English (``en``)."""
        return surface_text(self, lang, alpha)


def response_surface(
    survey: pd.DataFrame,
    *,
    outcome: Items,
    expectation: Items,
    perception: Items,
    low: float = 1,
    high: float = 10,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    covariance: str = "HC3",
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> ResponseSurface:
    r"""Polynomial regression of an outcome on expectation and perception, with response-surface analysis.

    .. math:: Z = b_0 + b_1 X + b_2 Y + b_3 X^2 + b_4 XY + b_5 Y^2

    X is expectation and Y perception less the midpoint of the scale. The difference Y - X assumes
    :math:`b_1 = -b_2` and no curvature, and mixes an effect of perception with one of expectation: customers who
    perceive more are more satisfied whatever they expected, and P - E then "explains" it. Here both stand apart:

    - a1 = b1 + b2 and a2 = b3 + b4 + b5: slope and curvature where both agree (Y = X);
    - a3 = b1 - b2 and a4 = b3 - b4 + b5: slope and curvature across (Y = -X);
    - stationary point and principal axes: where the surface is flat, and along which lines it bends most and least.

    A congruence effect (best where P = E) needs a4 < 0 and a ridge along Y = X. A disconfirmation effect needs a
    positive slope in perception **and** a negative one in expectation; a3 < 0 alone does not show it.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    outcome, expectation, perception : str or tuple of str
        Item, or items of which the mean counts. The outcome may have a scale of its own.
    low, high : float
        Ends of the scale of expectation and perception.
    missing_codes, reversed_items
        As in `triple.triple`.
    covariance : {"HC3", "OLS"}
        Of all standard errors and tests.
    level : float in (0, 1)
    draws : int
        Bootstrap samples of respondents for the stationary point and the axes.
    seed : int

    Returns
    -------
    ResponseSurface

    Raises
    ------
    InputError
        If items cannot be used, or the answers do not spread in both directions.

    References
    ----------
    .. [1] Edwards & Parry (1993). Academy of Management Journal 36, 1577-1613. Edwards (2002). In Drasgow & Schmitt
           (eds), Measuring and Analyzing Behavior in Organizations, 350-400 (a1 to a4, axes).
    .. [2] Humberg, Nestler & Back (2019). Social Psychological and Personality Science 10, 409-419 (congruence).
    .. [3] Humberg et al. (2018). Journal of Personality and Social Psychology 114, 303-322 (difference effects).

    Examples
    --------
    >>> grid = [(e, p) for e in range(1, 6) for p in range(1, 6)]
    >>> survey = pd.DataFrame(grid, columns=["e", "p"]).assign(z=lambda t: 7 - 0.5 * (t["p"] - t["e"]) ** 2)
    >>> found = response_surface(survey, outcome="z", expectation="e", perception="p", high=5, draws=10)
    >>> found.slopes["estimate"].round(6).abs().to_dict(), round(found.r_squared, 6)
    ({'a1': 0.0, 'a2': 0.0, 'a3': 0.0, 'a4': 2.0, 'a5': 0.0}, 1.0)
    """
    check_level(level)
    made = triple(
        survey, outcome=outcome, expectation=expectation, perception=perception, low=low, high=high,
        missing_codes=missing_codes, reversed_items=reversed_items, at_least=7,
    )  # fmt: skip
    z, e, p = (made.frame[name].to_numpy() for name in ("outcome", "expectation", "perception"))
    midpoint = (low + high) / 2
    x, y = e - midpoint, p - midpoint
    fit = least_squares(_design(x, y), z, covariance=covariance)
    geometry, shapes, failed = _geometry(fit, np.column_stack([x, y, z]), draws=draws, seed=seed, level=level)
    alone = least_squares(np.column_stack([np.ones(len(z)), y - x]), z, covariance="OLS") if np.ptp(y - x) else None
    return ResponseSurface(
        coefficients=contrast_table(fit, dict(zip(TERMS, np.eye(6))), level=level),
        slopes=contrast_table(fit, SLOPES, level=level),
        mean_slopes=contrast_table(fit, _slopes_at(x.mean(), y.mean()), level=level),
        geometry=geometry, shapes=shapes, constraints=_constraints(fit), shape=_shape(fit.beta),
        r_squared=fit.r_squared, r_squared_difference=alone.r_squared if alone else float("nan"),
        means=(float(x.mean()), float(y.mean())), low=float(low), high=float(high), midpoint=float(midpoint),
        respondents=len(z), left_out=made.ledger.set_aside, failed=failed, points=made.frame, fit=fit,
        covariance=covariance,
    )  # fmt: skip


def stationary(beta: np.ndarray) -> np.ndarray:
    r"""Return x0, y0 and the principal axes p10, p11, p20, p21 of a surface with coefficients b0 to b5.

    .. math:: X_0 = \frac{b_2 b_4 - 2 b_1 b_5}{4 b_3 b_5 - b_4^2}, \quad
        Y_0 = \frac{b_1 b_4 - 2 b_2 b_3}{4 b_3 b_5 - b_4^2}, \quad
        p_{11} = \frac{b_5 - b_3 + \sqrt{(b_3 - b_5)^2 + b_4^2}}{b_4}

    The axes are the lines through the stationary point with the slopes p11 (along which the surface bends most
    upwards) and p21 = -1/p11. Where b4 = 0 they are parallel to the scales: the slope is 0, or infinite for the
    line that stands upright. A surface that bends alike in all directions has no axes; one that does not bend
    in some direction has no stationary point.

    Examples
    --------
    >>> stationary(np.array([7, 0, 0, -0.5, 1, -0.5])).tolist()  # 7 - (Y - X)^2 / 2: a ridge, no single point
    [nan, nan, nan, 1.0, nan, -1.0]
    >>> stationary(np.array([0, 2, 4, -1, 0, -2])).tolist()  # b4 = 0
    [1.0, 1.0, 1.0, 0.0, nan, inf]
    """
    _, b1, b2, b3, b4, b5 = beta
    size = max(abs(b3), abs(b4), abs(b5))
    determinant = 4 * b3 * b5 - b4**2
    if size == 0 or abs(determinant) <= 1e-10 * size**2:
        x0 = y0 = np.nan
    else:
        x0, y0 = (b2 * b4 - 2 * b1 * b5) / determinant, (b1 * b4 - 2 * b2 * b3) / determinant
    first, second = _axis_slopes(b3, b4, b5, size)
    intercepts = [y0 - slope * x0 if np.isfinite(slope) else np.nan for slope in (first, second)]
    return np.array([x0, y0, intercepts[0], first, intercepts[1], second])


def _axis_slopes(b3: float, b4: float, b5: float, size: float) -> tuple[float, float]:
    """Slopes of the first and second principal axis."""
    if abs(b4) > 1e-10 * size:
        root = np.hypot(b3 - b5, b4)
        return (b5 - b3 + root) / b4, (b5 - b3 - root) / b4
    if abs(b3 - b5) <= 1e-10 * size:
        return np.nan, np.nan
    return (0.0, np.inf) if b3 > b5 else (np.inf, 0.0)


def _design(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x, y, x**2, x * y, y**2])


def _slopes_at(x: float, y: float) -> dict[str, list[float]]:
    """Gradient of the surface, as sums of b0 to b5."""
    return {"expectation": [0, 1, 0, 2 * x, y, 0], "perception": [0, 0, 1, 0, x, 2 * y]}


def _shape(beta: np.ndarray) -> str:
    least, most = np.linalg.eigvalsh([[2 * beta[3], beta[4]], [beta[4], 2 * beta[5]]])
    return "peak" if most < 0 else "bowl" if least > 0 else "saddle"


def _constraints(fit: Fit) -> pd.DataFrame:
    rows = {name: wald(fit, restrictions) for name, restrictions in CONSTRAINTS.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["f_value", "df1", "p"]).rename_axis("constraint")
    table.insert(2, "df2", fit.df)
    return table


def _geometry(
    fit: Fit, rows: np.ndarray, *, draws: int, seed: int, level: float
) -> tuple[pd.DataFrame, pd.Series, int]:
    """Stationary point and axes with percentile limits, share of each shape, and the draws that failed."""
    betas = np.array(list(resampled(_beta, rows, draws=draws, seed=seed))).reshape(-1, 6)
    betas = betas[np.isfinite(betas).all(axis=1)]
    drawn = np.array([stationary(beta) for beta in betas]).reshape(-1, 6)
    low, high = percentile_limits(drawn, level=level)
    table = pd.DataFrame(
        {"estimate": stationary(fit.beta), "estimate_low": low, "estimate_high": high,
         "draws": np.isfinite(drawn).sum(axis=0)}, index=pd.Index(GEOMETRY, name="term")
    )  # fmt: skip
    shapes = pd.Series([_shape(beta) for beta in betas], dtype=object).value_counts(normalize=True)
    return (
        table,
        shapes.reindex(SHAPES, fill_value=0.0).rename("share").rename_axis("surface_shape"),
        draws - len(betas),
    )


def _beta(rows: np.ndarray) -> np.ndarray:
    beta, _, rank, _ = np.linalg.lstsq(_design(rows[:, 0], rows[:, 1]), rows[:, 2], rcond=None)
    return beta if rank == 6 else np.full(6, np.nan)
