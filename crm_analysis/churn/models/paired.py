"""Whether two models differ by more than the luck of the folds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from crm_analysis.churn.models.contenders import BASELINES
from crm_analysis.churn.models.metrics import LARGER_IS_BETTER, MEASURES
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, holm, with_limits

COLUMNS = ["measure", "model", "other_model", "difference", "difference_low", "difference_high", "p", "p_holm",
           "within_noise", "better"]  # fmt: skip
SAME = 1e-12  # a spread below this is none


def corrected_interval(values: ArrayLike, *, ratio: float, level: float = 0.95) -> tuple[Estimate, float]:
    r"""Mean over folds with Student's interval for folds that share their training rows, and the p of mean 0.

    .. math:: \bar d \pm t_{J-1} \sqrt{\left(\frac1J + \frac{n_{test}}{n_{train}}\right) s^2}

    J folds (times repeats) are not J experiments: any two share most of what they learned from. With the plain
    :math:`s^2 / J` more repeats would make any difference significant; the correction keeps
    :math:`n_{test} / n_{train}` however many there are.

    Parameters
    ----------
    values : array_like, shape (J,)
        One measure, or one difference of two models, per fold.
    ratio : float > 0
        Test rows over training rows: 1 / (k - 1) in k-fold cross-validation.
    level : float in (0, 1)

    Returns
    -------
    estimate : Estimate
        Without limits where there is one fold.
    p : float
        Two-sided; 1 where all folds give 0, NaN with one fold.

    References
    ----------
    .. [1] Nadeau & Bengio (2003). Inference for the generalization error. Machine Learning 52, 239-281, equation 9.
    .. [2] Bouckaert & Frank (2004). PAKDD, 3-12 (repeated cross-validation).

    Examples
    --------
    >>> estimate, p = corrected_interval([0.01, 0.02, 0.03, 0.02], ratio=1 / 3)
    >>> f"{estimate:.4f}", round(p, 3)
    ('0.0200 [0.0002, 0.0398]', 0.049)
    """
    x, check = np.asarray(values, float), check_level(level)
    mean, J = float(x.mean()), len(x)
    if J < 2:
        return Estimate(mean, float("nan"), float("nan")), float("nan")
    error = np.sqrt((1 / J + ratio) * x.var(ddof=1))
    if error <= SAME:
        return Estimate(mean, mean, mean), 1.0 if abs(mean) <= SAME else 0.0
    half = stdtrit(J - 1, 0.5 + check / 2) * error
    p = 2 * stdtr(J - 1, -abs(mean) / error)
    return Estimate(mean, float(mean - half), float(mean + half)), float(p)


def model_table(scores: pd.DataFrame, models: Sequence[str], *, ratio: float, level: float = 0.95) -> pd.DataFrame:
    """Mean of each measure over folds, with its interval and the spread over folds (``_sd``); a row per model.

    Parameters
    ----------
    scores : pandas.DataFrame
        model, repeat, fold and measures.
    models : sequence of str
        Rows in this order; one without scores is blank.
    ratio, level
        As in `corrected_interval`.
    """
    rows = {}
    for key in models:
        part, row = scores[scores["model"] == key], {}
        for name in MEASURES:
            values = part[name].to_numpy(float)
            estimate = corrected_interval(values, ratio=ratio, level=level)[0] if len(values) else UNKNOWN
            row |= with_limits(name, estimate)
            row[f"{name}_sd"] = values.std(ddof=1) if len(values) > 1 else np.nan
        rows[key] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def best_models(table: pd.DataFrame) -> pd.Series:
    """Return the model with the best mean on each measure; the first listed of equals.

    Examples
    --------
    >>> best_models(pd.DataFrame({"auc": [0.7, 0.8], "brier": [0.1, 0.2]}, index=["a", "b"])).to_dict()
    {'auc': 'b', 'brier': 'a'}
    """
    known = {name: table[name].dropna() for name in MEASURES if name in table}
    return pd.Series({name: values.idxmax() if name in LARGER_IS_BETTER else values.idxmin()
                      for name, values in known.items() if len(values)}, name="model", dtype=object)  # fmt: skip


def pairs_of(models: Sequence[str], best: str) -> list[tuple[str, str]]:
    """Return who is held against whom: the best against all others, every learned model against every baseline.

    Examples
    --------
    >>> pairs_of(["prior", "logistic", "boosting"], "boosting")
    [('boosting', 'prior'), ('boosting', 'logistic'), ('logistic', 'prior')]
    """
    found = [(best, other) for other in models if other != best]
    weak = [key for key in models if key in BASELINES]
    found += [(key, base) for key in models if key not in BASELINES and key != best for base in weak if base != best]
    return found


def paired_differences(scores: pd.DataFrame, best: pd.Series, *, ratio: float, level: float = 0.95) -> pd.DataFrame:
    """Differences of models fold by fold on every measure, with `corrected_interval`.

    Parameters
    ----------
    scores : pandas.DataFrame
        model, repeat, fold and measures.
    best : pandas.Series
        From `best_models`.
    ratio, level
        As in `corrected_interval`.

    Returns
    -------
    pandas.DataFrame
        measure, model, other_model, difference (the first less the other) with limits, p, p_holm (corrected for the
        pairs of that measure), within_noise (the interval holds 0), better (empty within noise).
    """
    rows, models = [], list(dict.fromkeys(scores["model"]))
    wide = {name: scores.pivot_table(values=name, index=["repeat", "fold"], columns="model") for name in best.index}
    for name, first in best.items():
        part = []
        for model, other in pairs_of(models, first):
            found, p = corrected_interval(wide[name][model] - wide[name][other], ratio=ratio, level=level)
            part.append({"measure": name, "model": model, "other_model": other, **with_limits("difference", found),
                         "p": p})  # fmt: skip
        corrected = holm([row["p"] for row in part])
        rows += [row | {"p_holm": p} for row, p in zip(part, corrected)]
    return judged(pd.DataFrame(rows, columns=COLUMNS[:8]))


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Add within_noise and better to a table of differences; without limits nothing is told apart."""
    apart = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    first = (table["difference"] > 0) == table["measure"].isin(LARGER_IS_BETTER)
    better = table["model"].where(first, table["other_model"]).where(apart, "")
    return table.assign(within_noise=~apart, better=better)
