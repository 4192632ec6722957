"""The cross-validated predictive ability test (CVPAT): whether a model predicts better than a benchmark."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.prediction.predict import Prediction

WEIGHTINGS = ("item_equal", "construct_equal")
BENCHMARKS = {"mean": "indicator_average", "lm": "linear_model"}
ALL = "all_constructs"


def cvpat(
    prediction: Prediction, *, other: Prediction | None = None, weighting: str = "item_equal", level: float = 0.95
) -> pd.DataFrame:
    r"""Compare the loss of a model's predictions with that of benchmarks, respondent by respondent.

    .. math:: D_r = L_r^{\text{benchmark}} - L_r^{\text{PLS}}, \qquad t = \frac{\bar D}{s_D / \sqrt n},\ n - 1
              \text{ degrees of freedom}

    The loss of a respondent is the mean squared error over items (``item_equal``), or over constructs of the mean
    over their items (``construct_equal``). A positive difference: the model predicts better. Respondents share most
    of their training data, so the test is approximate.

    Parameters
    ----------
    prediction : Prediction
    other : Prediction, optional
        Of another path model for the same respondents and folds: compared as a further benchmark, on the items that
        both predict.
    weighting : {"item_equal", "construct_equal"}
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        benchmark (indicator_average, linear_model, other_model), construct (all_constructs, then each), loss_pls,
        loss_benchmark, loss_difference with Student's interval, t_statistic, p (two-sided), p_holm over all rows,
        respondents, loss_weighting. t_statistic and p are blank where all differences are equal.

    Raises
    ------
    InputError
        If the weighting is unknown, or the other prediction has other respondents, folds or no item in common.

    References
    ----------
    .. [1] Liengaard et al. (2021). Decision Sciences 52, 362-392.
    .. [2] Sharma et al. (2023). European Journal of Marketing 57, 1662-1677 (benchmarks, by construct).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.prediction.predict import pls_predict
    >>> from crm_analysis.satisfaction.survey.model import PathModel
    >>> x = np.random.default_rng(1).normal(size=(60, 2))
    >>> survey = pd.DataFrame({"a1": x[:, 0], "b1": x[:, 0] + 0.5 * x[:, 1]})
    >>> fitted = PLS(PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")])).fit(survey)
    >>> found = cvpat(pls_predict(fitted, repeats=2))
    >>> found[["benchmark", "construct", "loss_difference"]].round(2).iloc[0].tolist()
    ['indicator_average', 'all_constructs', np.float64(0.87)]
    """
    if weighting not in WEIGHTINGS:
        raise InputError(f"weighting={weighting!r} is none of {', '.join(WEIGHTINGS)}", where="cvpat")
    pairs = [(name, prediction.squared[kind], prediction.squared["pls"]) for kind, name in BENCHMARKS.items()]
    if other is not None:
        common = _common(prediction, other)
        pairs.append(("other_model", other.squared["pls"][common], prediction.squared["pls"][common]))
    rows = [
        {"benchmark": name, "construct": construct} | _compare(theirs, ours, level)
        for name, bench, pls in pairs
        for construct, theirs, ours in _losses(bench, pls, prediction.items["construct"], weighting)
    ]
    table = pd.DataFrame(rows)
    table.insert(list(table).index("p") + 1, "p_holm", holm(table["p"]))
    return table.assign(loss_weighting=weighting)


def _losses(
    bench: pd.DataFrame, pls: pd.DataFrame, construct: pd.Series, weighting: str
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Loss of each respondent under benchmark and model, over all constructs and by construct."""
    own = construct.loc[pls.columns]
    parts = [(name, *(frame.loc[:, (own == name).to_numpy()].mean(axis=1).to_numpy() for frame in (bench, pls)))
             for name in own.unique()]  # fmt: skip
    if weighting == "item_equal":
        whole = bench.mean(axis=1).to_numpy(), pls.mean(axis=1).to_numpy()
    else:
        whole = tuple(np.mean([part[side] for part in parts], axis=0) for side in (1, 2))
    return [(ALL, *whole), *parts]


def _compare(theirs: np.ndarray, ours: np.ndarray, level: float) -> dict[str, float]:
    gap, n = theirs - ours, len(ours)
    mean, error = gap.mean(), gap.std(ddof=1) / np.sqrt(n)
    flat = error < 1e-12 * (1 + np.abs(gap).max())
    half = np.nan if flat else stdtrit(n - 1, 0.5 + check_level(level) / 2) * error
    t = np.nan if flat else mean / error
    return {"loss_pls": ours.mean(), "loss_benchmark": theirs.mean(), "loss_difference": mean,
            "loss_difference_low": mean - half, "loss_difference_high": mean + half, "t_statistic": t,
            "p": np.nan if flat else 2 * stdtr(n - 1, -abs(t)), "respondents": n}  # fmt: skip


def _common(prediction: Prediction, other: Prediction) -> list[str]:
    setting = [(found.folds, found.repeats, found.failed_repeats, found.seed) for found in (prediction, other)]
    same = prediction.squared["pls"].index.equals(other.squared["pls"].index)
    common = [item for item in prediction.items.index if item in other.items.index]
    problems = ["they have other respondents"] if not same else []
    problems += ["they were made with other folds, repeats or seed"] if setting[0] != setting[1] else []
    problems += ["they predict no item in common"] if not common else []
    if problems:
        raise InputError(f"the two predictions cannot be compared: {'; '.join(problems)}", where="cvpat",
                         expected="the same survey, folds, repeats and seed",
                         zh="两个模型的预测不可比")  # fmt: skip
    return common
