"""Whether predicted chances of churn mean what they say: of customers given 30 %, 30 % should leave."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import logit, ndtr, ndtri

from crm_analysis.churn.models.calibration_input import Pairs, check_pairs, inner
from crm_analysis.churn.models.calibration_line import Line, calibration_line, log_loss_rows
from crm_analysis.churn.models.calibration_table import bin_table, brier_parts, error_by_chance, expected_error
from crm_analysis.churn.models.calibration_table import quantile_bins as _bins_of
from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level

FOLDS = 5
FEWEST = 10  # churners, and others, for a judgement out of fold
AS_IS, MEND, TOO_SMALL, NOT_KNOWN = "as_is", "mend", "too_small_to_mend", "calibration_not_known"


@dataclass(frozen=True)
class Calibration:
    """How well probabilities keep their word.

    Parameters
    ----------
    table : pandas.DataFrame, index bin
        From `calibration_table.bin_table`: predicted and observed churn by bin.
    parts : pandas.Series
        Brier's score taken apart, from `calibration_table.brier_parts`.
    line : Line
        Calibration in the large and slope.
    brier, log_loss : Estimate
        Means over rows.
    ece, ece_by_chance : float
        Expected calibration error over the bins, and what perfectly calibrated probabilities would show.
    spiegelhalter_z, spiegelhalter_p : float
        Spiegelhalter's test that the probabilities are right; p is two-sided.
    gain : Estimate
        Log loss saved per row by moving the probabilities onto their line, fitted on other rows.
    verdict : {"as_is", "mend", "too_small_to_mend", "calibration_not_known"}
    pairs : Pairs
        The probabilities and labels.
    at_edge, impossible : int
        Probabilities of exactly 0 or 1; those of them that were wrong.
    level : float
    """

    table: pd.DataFrame
    parts: pd.Series
    line: Line
    brier: Estimate
    log_loss: Estimate
    ece: float
    ece_by_chance: float
    spiegelhalter_z: float
    spiegelhalter_p: float
    gain: Estimate
    verdict: str
    pairs: Pairs = field(repr=False)
    at_edge: int
    impossible: int
    level: float

    @property
    def intercept(self) -> Estimate:
        """Calibration in the large: how far log odds are off on average (0 is right, below 0: predicted too high)."""
        return self.line.large

    @property
    def slope(self) -> Estimate:
        """Slope of observed on predicted log odds (1 is right, below 1: predicted too extreme)."""
        return self.line.slope

    @property
    def suspicious(self) -> bool:
        """Whether the slope's limits leave out 1 or those of the intercept leave out 0."""
        return _leaves_out(self.slope, 1.0) or _leaves_out(self.intercept, 0.0)

    @property
    def needs_mending(self) -> bool:
        """Whether the probabilities are off, and mending them is proven to help on other rows."""
        return self.verdict == MEND

    @property
    def skill(self) -> float:
        """Brier skill: share of the churn rate's own Brier score that the probabilities save (1 perfect, 0 none)."""
        base = self.parts["brier_uncertainty"]
        return float(1 - self.brier.value / base) if base > 0 else float("nan")

    @property
    def measures(self) -> pd.DataFrame:
        """All measures as a table: estimate with limits where there are any, index measure."""
        rows = {
            "mean_probability": float(self.pairs.p.mean()), "observed_churn": float(self.pairs.y.mean()),
            "calibration_intercept": self.intercept, "calibration_slope": self.slope, "brier": self.brier,
            "brier_skill": self.skill, "log_loss": self.log_loss, "ece": self.ece,
            "ece_by_chance": self.ece_by_chance, "spiegelhalter_z": self.spiegelhalter_z,
            "spiegelhalter_p": self.spiegelhalter_p, "log_loss_saved": self.gain,
        }  # fmt: skip
        full = [value if isinstance(value, Estimate) else (value, np.nan, np.nan) for value in rows.values()]
        columns = ["estimate", "estimate_low", "estimate_high"]
        return pd.DataFrame(full, columns=columns, index=pd.Index(list(rows), name="measure"), dtype="float64")

    def text(self, lang: str) -> str:
        """Return what was found, and whether to mend, in ``zh`` or ``en``."""
        from crm_analysis.churn.models.calibration_texts import calibration_text

        return calibration_text(self).text(lang)


def calibration(
    p: ArrayLike, y: ArrayLike, *, bins: int = 10, level: float = 0.95, customers: ArrayLike | None = None
) -> Calibration:
    r"""Judge predicted probabilities against what happened.

    Probabilities must be out of fold, or of customers the model has not seen; in-sample ones look too good.
    They need mending if the line of calibration says so (slope not 1 or intercept not 0, by their limits) **and**
    moving them onto the line lowers the log loss of rows on which the line was not fitted, beyond noise. Both are
    asked because in a large sample a harmless deviation is significant, and in a small one mending does harm.

    Parameters
    ----------
    p : array_like of shape (rows,)
        Predicted chance of churn, 0 to 1.
    y : array_like of shape (rows,)
        1 churned, 0 stayed; as a Series with the index of `p`.
    bins : int >= 2
        Quantile bins of the table. Equal probabilities stay together, so there may be fewer.
    level : float in (0, 1)
    customers : array_like of shape (rows,), optional
        Customer of each row, where customers have several rows; the level ``customer_id`` of an index of several
        levels is found by itself. All limits are then those of whole customers.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        If rows do not pair, or a value is blank, no number, or outside its range.

    Notes
    -----
    A probability of exactly 0 or 1 has no log odds; it counts as 1 / (2 n) from the edge (`calibration_input.inner`)
    for slope, intercept and log loss, and is counted in `at_edge`. A constant p (the prior) has no slope.

    References
    ----------
    .. [1] Spiegelhalter (1986). Probabilistic prediction in patient management. Statistics in Medicine 5, 421-433.
    .. [2] Van Calster et al. (2019). Calibration: the Achilles heel of predictive analytics. BMC Medicine 17:230.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.uniform(0.05, 0.6, 2000)
    >>> y = (rng.random(2000) < p).astype(int)
    >>> calibration(p, y).verdict, calibration(p**2, y).verdict
    ('as_is', 'mend')
    """
    if isinstance(bins, bool) or not isinstance(bins, int | np.integer) or bins < 2:
        raise InputError(f"bins={bins!r} is no number of bins", expected="a whole number, 2 or more",
                         zh=f"分箱数 {bins!r} 无效，应为不小于 2 的整数")  # fmt: skip
    pairs = check_pairs(p, y, customers=customers)
    moved, at_edge = inner(pairs.p)
    z = logit(moved)
    table, line = (
        bin_table(pairs, bins, level=level),
        calibration_line(z, pairs.y, customer=pairs.customer, level=level),
    )
    gain = out_of_fold_gain(z, pairs, level=level)
    test_z, test_p = _spiegelhalter(pairs)
    return Calibration(
        table=table, parts=brier_parts(pairs.p, pairs.y, _bins_of(pairs.p, bins)), line=line,
        brier=mean_over_customers((pairs.p - pairs.y) ** 2, pairs.clusters, level=level),
        log_loss=mean_over_customers(log_loss_rows(z, pairs.y), pairs.clusters, level=level),
        ece=expected_error(table), ece_by_chance=error_by_chance(pairs, table, bins), spiegelhalter_z=test_z,
        spiegelhalter_p=test_p, gain=gain, verdict=_verdict(line, gain), pairs=pairs, at_edge=at_edge,
        impossible=_impossible(pairs), level=level,
    )  # fmt: skip


def out_of_fold_gain(z: np.ndarray, pairs: Pairs, *, level: float = 0.95) -> Estimate:
    """Log loss saved per row by the line of calibration fitted on the other folds; unknown with fewer than 10 churners.

    Folds are made of customers sorted by their probabilities, so that they do not depend on the order of rows.
    """
    if min(pairs.y.sum(), (1 - pairs.y).sum()) < FEWEST:
        return UNKNOWN
    fold, saved = fair_folds(pairs), np.zeros(len(z))
    for k in range(FOLDS):
        out = fold == k
        if pairs.y[~out].min() == pairs.y[~out].max():
            return UNKNOWN
        line = calibration_line(z[~out], pairs.y[~out])
        saved[out] = log_loss_rows(z[out], pairs.y[out]) - log_loss_rows(line.mend(z[out]), pairs.y[out])
    return mean_over_customers(saved, pairs.clusters, level=level)


def fair_folds(pairs: Pairs, *, folds: int = FOLDS) -> np.ndarray:
    """Deal customers, sorted by label and probability, to folds in turn.

    Examples
    --------
    >>> fair_folds(check_pairs([0.1, 0.3, 0.2, 0.4], [0, 0, 1, 1]), folds=2).tolist()
    [0, 1, 0, 1]
    """
    size = np.bincount(pairs.clusters)
    mean_y, mean_p = (np.bincount(pairs.clusters, values) / size for values in (pairs.y, pairs.p))
    turn = np.empty(len(size), int)
    turn[np.lexsort((size, mean_p, mean_y))] = np.arange(len(size))
    return (turn % folds)[pairs.clusters]


def mean_over_customers(values: np.ndarray, customer: np.ndarray, *, level: float = 0.95) -> Estimate:
    """Mean over rows with a normal interval that takes whole customers as its units.

    Examples
    --------
    >>> f"{mean_over_customers(np.array([1.0, 3.0]), np.array([0, 1])):.2f}"
    '2.00 [0.04, 3.96]'
    """
    mean = float(values.mean())
    apart = np.bincount(customer, values - mean)
    units = len(apart)
    if units < 2 or not np.any(np.abs(apart) > 1e-12):
        return Estimate(mean, float("nan"), float("nan"))
    half = float(ndtri(0.5 + check_level(level) / 2) * np.sqrt((apart**2).sum() * units / (units - 1)) / len(values))
    return Estimate(mean, mean - half, mean + half)


def _impossible(pairs: Pairs) -> int:
    """Count probabilities of exactly 0 whose customers churned, and of exactly 1 whose customers stayed."""
    return int((((pairs.p == 0) & (pairs.y == 1)) | ((pairs.p == 1) & (pairs.y == 0))).sum())


def _leaves_out(estimate: Estimate, truth: float) -> bool:
    return bool(estimate.low > truth or estimate.high < truth)


def _verdict(line: Line, gain: Estimate) -> str:
    if not np.isfinite(line.large.value):
        return NOT_KNOWN
    if not (_leaves_out(line.slope, 1.0) or _leaves_out(line.large, 0.0)):
        return AS_IS
    return MEND if gain.low > 0 else TOO_SMALL


def _spiegelhalter(pairs: Pairs) -> tuple[float, float]:
    r"""Z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p(1 - p)); over customers where they repeat."""
    p, y = pairs.p, pairs.y
    excess = (y - p) * (1 - 2 * p)
    variance = ((1 - 2 * p) ** 2 * p * (1 - p)).sum()
    if pairs.customer is not None:
        sums = np.bincount(pairs.customer, excess)
        variance = (sums**2).sum()
    z = float(excess.sum() / np.sqrt(variance)) if variance > 0 else float("nan")
    return z, float(2 * ndtr(-abs(z)))
