"""Predicted and observed churn bin by bin, and Brier's score taken apart along the bins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.models.calibration_input import Pairs
from crm_analysis.intervals import design_effect, share_columns

TYPICAL = np.sqrt(2 / np.pi)  # mean distance of a normal variable from its mean, in standard deviations


def quantile_bins(p: np.ndarray, bins: int) -> np.ndarray:
    """Number the bins of equal size, the lowest probabilities first; equal probabilities stay together.

    A block of ties goes where its middle lies, so the order of rows does not matter; bins may differ in size or be
    missing, and those left are numbered 0, 1, ...

    Examples
    --------
    >>> quantile_bins(np.array([0.1, 0.2, 0.3, 0.4]), 2).tolist(), quantile_bins(np.full(3, 0.2), 10).tolist()
    ([0, 0, 1, 1], [0, 0, 0])
    """
    code = np.unique(p, return_inverse=True)[1]
    size = np.bincount(code)
    middle = (np.cumsum(size) - size / 2) / size.sum()
    place = np.minimum((middle * bins).astype(int), bins - 1)
    return np.unique(place[code], return_inverse=True)[1]


def bin_table(pairs: Pairs, bins: int, *, level: float = 0.95) -> pd.DataFrame:
    """Mean predicted and observed churn of each bin, with Wilson's limits.

    Where customers have several rows, Wilson's limits are those of the effective number of rows.

    Returns
    -------
    pandas.DataFrame, index bin (1 has the lowest probabilities)
        rows, probability_from, probability_to (lowest and highest of the bin), mean_probability, churners,
        effective_rows, observed_churn with limits.

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration_input import check_pairs
    >>> bin_table(check_pairs([0.1, 0.2, 0.6, 0.8], [0, 0, 1, 1]), 2)["observed_churn_low"].round(3).tolist()
    [0.0, 0.342]
    """
    frame = pd.DataFrame({"bin": quantile_bins(pairs.p, bins) + 1, "p": pairs.p, "y": pairs.y})
    table = frame.groupby("bin").agg(
        rows=("y", "size"), probability_from=("p", "min"), probability_to=("p", "max"),
        mean_probability=("p", "mean"), churners=("y", "sum"),
    )  # fmt: skip
    table["churners"] = table["churners"].astype("int64")
    table["effective_rows"] = table["rows"] / _effects(frame, pairs.customer)
    share = table["churners"] / table["rows"]
    limits = share_columns("observed_churn", share * table["effective_rows"], table["effective_rows"], level=level)
    return table.assign(**limits)


def brier_parts(p: np.ndarray, y: np.ndarray, group: np.ndarray) -> pd.Series:
    r"""Brier's score, taken apart along bins; the parts add up to it exactly.

    .. math:: \overline{(p-y)^2} = \underbrace{\sum_k \tfrac{n_k}{n}(\bar p_k-\bar y_k)^2}_{reliability}
              - \underbrace{\sum_k \tfrac{n_k}{n}(\bar y_k-\bar y)^2}_{resolution} + \underbrace{\bar y(1-\bar y)}_{
              uncertainty} + \underbrace{\tfrac1n\sum (p-\bar p_k)^2 - \tfrac2n\sum (p-\bar p_k)(y-\bar y_k)}_{within}

    Reliability is what miscalibration costs, resolution what telling customers apart earns, uncertainty the score of
    the churn rate alone. What p says within bins (usually an earning, so negative) is the rest.

    Returns
    -------
    pandas.Series
        brier_uncertainty, brier_resolution, brier_reliability, brier_within, brier.

    References
    ----------
    .. [1] Murphy (1973). A new vector partition of the probability score. J. Applied Meteorology 12, 595-600.
    .. [2] Stephenson, Coelho & Jolliffe (2008). Two extra components in the Brier score decomposition. Weather and
       Forecasting 23, 752-757.

    Examples
    --------
    >>> parts = brier_parts(np.array([0.1, 0.2, 0.6, 0.8]), np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    >>> parts.round(4).tolist()
    [0.25, 0.25, 0.0563, 0.0063, 0.0625]
    """
    size = np.bincount(group)
    mean_p, mean_y, rate = np.bincount(group, p) / size, np.bincount(group, y) / size, y.mean()
    share, apart = size / len(p), p - mean_p[group]
    within = (apart**2).mean() - 2 * (apart * (y - mean_y[group])).mean()
    return pd.Series({
        "brier_uncertainty": rate * (1 - rate), "brier_resolution": float(share @ (mean_y - rate) ** 2),
        "brier_reliability": float(share @ (mean_p - mean_y) ** 2), "brier_within": float(within),
        "brier": float(((p - y) ** 2).mean()),
    })  # fmt: skip


def expected_error(table: pd.DataFrame) -> float:
    r"""Expected calibration error: :math:`\sum_k \frac{n_k}{n}|\bar p_k - \bar y_k|` over the bins of a table.

    Examples
    --------
    >>> table = pd.DataFrame({"rows": [3, 1], "mean_probability": [0.2, 0.6], "observed_churn": [0.3, 1.0]})
    >>> round(expected_error(table), 4)
    0.175
    """
    gap = (table["mean_probability"] - table["observed_churn"]).abs()
    return float((gap * table["rows"]).sum() / table["rows"].sum())


def error_by_chance(pairs: Pairs, table: pd.DataFrame, bins: int) -> float:
    r"""ECE that perfectly calibrated probabilities of this sample would show on average.

    .. math:: \sum_k \frac{n_k}{n}\sqrt{\frac{2}{\pi}\,\frac{\overline{p(1-p)}_k}{n^*_k}}

    The ECE of a finite sample is never 0: the bins of true probabilities scatter as well.
    n* is the effective number of rows; the scatter is taken as normal.

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration_input import check_pairs
    >>> pairs = check_pairs([0.5] * 100, [0, 1] * 50)
    >>> round(error_by_chance(pairs, bin_table(pairs, 10), 10), 4)
    0.0399
    """
    spread = pd.Series(pairs.p * (1 - pairs.p)).groupby(quantile_bins(pairs.p, bins) + 1).mean()
    return float((TYPICAL * np.sqrt(spread / table["effective_rows"]) * table["rows"]).sum() / table["rows"].sum())


def _effects(frame: pd.DataFrame, customer: np.ndarray | None) -> pd.Series | float:
    """Design effect of each bin; 1 where nobody repeats."""
    if customer is None:
        return 1.0
    found = {}
    for name, part in frame.assign(customer=customer).groupby("bin"):
        by = part.groupby("customer")["y"].agg(["sum", "size"])
        found[name] = design_effect(by["sum"], by["size"])
    return pd.Series(found)
