"""Are clusters of customers there, or made by the sample? Bootstrap stability of k-means on RFM."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError

LIMITS = {"unstable": 0.0, "doubtful": 0.6, "stable": 0.75, "very_stable": 0.85}


def cluster_stability(
    table: pd.DataFrame, *, clusters: int, draws: int = 30, scale: bool = True, rng: int = 0
) -> pd.DataFrame:
    """K-means clusters of RFM values with the stability of each.

    The values become ``log1p`` and are scaled to one standard deviation, for raw money lets a handful of
    customers make a cluster of their own. Each bootstrap sample of customers is clustered anew, all
    customers are given to its clusters, and each original cluster is compared with the one it
    resembles most (Jaccard: customers in both / customers in either).

    Parameters
    ----------
    table : pandas.DataFrame, shape (n_customers, n_measures)
        Values that are not negative, such as ``scores.table[["recency", "frequency", "monetary"]]``.
    clusters : int >= 2
    draws : int
        Bootstrap samples.
    scale : bool
        False leaves the values as they are, to show what that does.
    rng : int
        Seed.

    Returns
    -------
    pandas.DataFrame, index cluster
        customers, share, the means of the measures, jaccard (mean over the samples), stability: below .60
        unstable, to .75 doubtful, to .85 stable, above very stable. ``attrs`` holds silhouette
        (on at most 5,000 customers) and adjusted_rand (mean agreement with the samples).

    References
    ----------
    .. [1] Hennig (2007). Computational Statistics & Data Analysis 52, 258-271.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> table = pd.DataFrame({"recency": np.r_[rng.integers(1, 9, 50), rng.integers(200, 300, 50)]})
    >>> cluster_stability(table, clusters=2, draws=5)["stability"].tolist()
    ['very_stable', 'very_stable']
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score
    from threadpoolctl import threadpool_limits

    values = _points(table, clusters, scale)
    source = np.random.default_rng(rng)
    jaccard, agreement = np.zeros((draws, clusters)), np.zeros(draws)
    with threadpool_limits(1):  # threads cost more than they bring on tables of this size
        labels = KMeans(clusters, n_init=10, random_state=rng).fit_predict(values)
        for draw in range(draws):
            sample = values[source.integers(0, len(values), len(values))]
            again = KMeans(clusters, n_init=10, random_state=rng + draw + 1).fit(sample).predict(values)
            jaccard[draw] = _best_jaccard(labels, again, clusters)
            agreement[draw] = adjusted_rand_score(labels, again)
    found = table.groupby(labels).mean()
    found.insert(0, "customers", np.bincount(labels, minlength=clusters))
    found.insert(1, "share", found["customers"] / len(table))
    found["jaccard"] = jaccard.mean(axis=0)
    position = np.searchsorted(list(LIMITS.values()), found["jaccard"], "right") - 1
    found["stability"] = np.array(list(LIMITS))[position]
    sample_size = min(len(values), 5000)
    found.attrs["silhouette"] = float(silhouette_score(values, labels, sample_size=sample_size, random_state=rng))
    found.attrs["adjusted_rand"] = float(agreement.mean())
    return found.rename_axis("cluster")


def _points(table: pd.DataFrame, clusters: int, scale: bool) -> np.ndarray:
    values = table.to_numpy("float64")
    if not np.isfinite(values).all() or (values < 0).any():
        raise InputError("the values to cluster are blank or negative", expected="0 or more in each cell")
    if not 2 <= clusters <= len(np.unique(values, axis=0)):
        raise InputError(f"{clusters} clusters cannot be made of these rows", expected="2 or more, fewer than the rows")
    if not scale:
        return values
    logs = np.log1p(values)
    spread = logs.std(axis=0)
    return (logs - logs.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _best_jaccard(labels: np.ndarray, again: np.ndarray, clusters: int) -> np.ndarray:
    both = np.bincount(labels * clusters + again, minlength=clusters**2).reshape(clusters, clusters)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return (both / either).max(axis=1)
