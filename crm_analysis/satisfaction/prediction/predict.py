"""PLSpredict: how well a path model predicts the answers of respondents it has not seen."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.index.index import has_answers
from crm_analysis.satisfaction.index.texts import prediction_text
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.prediction.folds import Fold, draw_folds, fold_moments
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments

TECHNIQUES = {"direct": "direct_antecedents", "earliest": "earliest_antecedents"}
POWERS = ("no_power", "low_power", "medium_power", "high_power")


@dataclass(frozen=True)
class Prediction:
    """Errors of cross-validated predictions of the items of endogenous constructs, against two benchmarks.

    Parameters
    ----------
    items : pandas.DataFrame, index item
        construct, q_squared (1 - SSE / SSE of the training mean), rmse_pls, rmse_lm, rmse_mean, mae_pls, mae_lm,
        mae_mean, beats_lm (RMSE below the linear model's; a tie does not count).
    squared : dict of {"pls", "lm", "mean"} to DataFrame, respondents x items
        Mean squared error of each respondent over the repeats.
    technique : str
        direct_antecedents or earliest_antecedents.
    benchmark : str
        Regressors of the linear model: items of the direct antecedents, or of the exogenous constructs.
    folds, repeats, seed : int
        `repeats` are those that could be fitted.
    failed_repeats : int
        Left out whole, because a training fold had no solution.
    model : PathModel
    """

    items: pd.DataFrame
    squared: dict[str, pd.DataFrame] = field(repr=False)
    technique: str
    benchmark: str
    folds: int
    repeats: int
    failed_repeats: int
    seed: int
    model: PathModel = field(repr=False)

    def power(self, construct: str | None = None) -> str:
        """Predictive power by how many items beat the linear model: none, a minority, half or more, all."""
        known = list(self.items["construct"].unique())
        if construct is not None and construct not in known:
            raise InputError(f"{construct!r} is no predicted construct", where="power", expected=", ".join(known),
                             mend=nearest(construct, known), zh=f"没有对潜变量 {construct} 的预测")  # fmt: skip
        items = self.items if construct is None else self.items[self.items["construct"] == construct]
        good, every = int(items["beats_lm"].sum()), len(items)
        return POWERS[0 if not good else 3 if good == every else 2 if 2 * good >= every else 1]

    def text(self, lang: str) -> str:
        """Say how well the model predicts, and what the verdict does not show."""
        return prediction_text(self, lang)


def pls_predict(
    fitted: PLS, *, folds: int = 10, repeats: int = 10, technique: str = "direct", seed: int = 0
) -> Prediction:
    r"""Predict each respondent's answers from models fitted without them.

    .. math:: \hat x = \hat y_k\, \lambda\, s + \bar x, \qquad \hat y_k = \sum_j b_{jk}\, y_j, \qquad
              Q^2 = 1 - \frac{\sum (x - \hat x)^2}{\sum (x - \bar x_{\text{training}})^2}

    Weights, loadings, paths, means and standard deviations come from the training folds. ``direct`` takes the scores
    of the antecedents as answered; ``earliest`` has only the exogenous constructs' answers and predicts the rest one
    after another. The linear model regresses each item on the antecedents' items: those of direct antecedents, or of
    exogenous constructs. Errors are pooled over repeats, so they are those of one fitted model, not of an average of
    many.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers; not consistent (PLSc corrects paths for errors that scores still have). With
        ``missing="mean"`` answers that nobody gave are predicted too, filled in from all respondents: take "listwise".
    folds : int
        Parts of about equal size, each left out once.
    repeats : int
        Random divisions into folds.
    technique : {"direct", "earliest"}
    seed : int
        Each repeat has its own stream.

    Returns
    -------
    Prediction

    Raises
    ------
    InputError
        If the model has no rows or is PLSc, there are too few respondents for the folds, or no repeat can be fitted.

    References
    ----------
    .. [1] Shmueli, Ray, Velasquez Estrada & Chatla (2016). Journal of Business Research 69, 4552-4564.
    .. [2] Shmueli et al. (2019). European Journal of Marketing 53, 2322-2347 (verdict by items that beat the LM).

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.model import PathModel
    >>> x = np.random.default_rng(1).normal(size=(60, 2))
    >>> survey = pd.DataFrame({"a1": x[:, 0], "b1": x[:, 0] + 0.5 * x[:, 1]})
    >>> fitted = PLS(PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")])).fit(survey)
    >>> found = pls_predict(fitted, repeats=2)
    >>> found.items["q_squared"].round(2).to_dict(), found.power()  # with single items PLS is the linear model
    ({'b1': 0.83}, 'no_power')
    """
    values = _checked(fitted, folds, repeats, technique)
    cut = draw_folds(len(values), folds, repeats, seed)
    moments = fold_moments(values, cut, fitted.moments_.items)
    solution = fitted.solve(moments.correlations)
    fine = (solution.converged & np.isfinite(solution.paths).all(axis=(1, 2))).reshape(repeats, folds).all(axis=1)
    if not fine.any():
        raise InputError("no repeat could be fitted: in each a training fold has no solution", where="pls_predict",
                         mend="use fewer folds, or leave out items that hardly vary",
                         zh="交叉验证的训练数据无法拟合模型")  # fmt: skip
    squared, absolute, columns = _errors(fitted, values, cut, moments, solution, technique, fine)
    names, index = [fitted.moments_.items[i] for i in columns], fitted.answers_.frame.index
    own = [fitted.model.constructs[fitted.design_.block[i]] for i in columns]
    by_kind = {kind: pd.DataFrame(part, index, names) for kind, part in squared.items()}
    table = _table(squared, absolute, pd.Index(names, name="item"), own)
    regressors = {"direct": "items_of_direct_antecedents", "earliest": "items_of_exogenous"}[technique]
    return Prediction(table, by_kind, TECHNIQUES[technique], regressors, folds, int(fine.sum()),
                      int((~fine).sum()), seed, fitted.model)  # fmt: skip


Errors = dict[str, np.ndarray]


def _errors(
    fitted: PLS, values: np.ndarray, cut: np.ndarray, moments: Moments, solution: Solution, technique: str,
    fine: np.ndarray,
) -> tuple[Errors, Errors, np.ndarray]:  # fmt: skip
    """Mean squared and absolute error of each respondent and endogenous item over the repeats that could be fitted."""
    design, folds = fitted.design_, cut.max() + 1
    columns = np.flatnonzero(design.edges.any(axis=0)[design.block])
    shape = (len(values), len(columns))
    squared = {kind: np.zeros(shape) for kind in ("pls", "lm", "mean")}
    absolute = {kind: np.zeros(shape) for kind in squared}
    for repeat in np.flatnonzero(fine):
        for part in range(folds):
            held = cut[repeat] == part
            fold = Fold.of(moments, solution, design, repeat * folds + part)
            for kind, predicted in fold.predict(values[held], technique).items():
                error = values[held][:, columns] - predicted[:, columns]
                squared[kind][held] += error**2
                absolute[kind][held] += np.abs(error)
    count = fine.sum()
    return {k: v / count for k, v in squared.items()}, {k: v / count for k, v in absolute.items()}, columns


def _table(squared: Errors, absolute: Errors, items: pd.Index, own: list[str]) -> pd.DataFrame:
    total = {kind: part.mean(axis=0) for kind, part in squared.items()}
    columns = {"construct": own, "q_squared": 1 - total["pls"] / total["mean"]}
    columns |= {f"rmse_{kind}": np.sqrt(part) for kind, part in total.items()}
    columns |= {f"mae_{kind}": part.mean(axis=0) for kind, part in absolute.items()}
    return pd.DataFrame(columns | {"beats_lm": total["pls"] < total["lm"] * (1 - 1e-9)}, index=items)


def _checked(fitted: PLS, folds: int, repeats: int, technique: str) -> np.ndarray:
    where = "pls_predict"
    if technique not in TECHNIQUES:
        raise InputError(f"technique={technique!r} is none of {', '.join(TECHNIQUES)}", where=where)
    if not has_answers(fitted):
        raise InputError("prediction leaves respondents out, and the answers to this model's items are not there",
                         where=where, mend="fit a model of items, not of parts, to the answers with fit(survey)",
                         zh="预测需要逐人数据")  # fmt: skip
    if fitted.consistent:
        raise InputError("PLSc paths are corrected for errors that the scores still have; they do not predict answers",
                         where=where, mend="PLS(model) without consistent=True",
                         zh="预测请使用未校正的 PLS 模型（consistent=False）")  # fmt: skip
    values = fitted.answers_.frame.to_numpy(float)
    if folds < 2 or repeats < 1 or len(values) < 2 * folds:
        raise InputError(f"{len(values)} respondents, {folds} folds, {repeats} repeats", where=where,
                         expected="at least 2 folds of 2 respondents, and 1 repeat",
                         zh="受访者太少，无法分折")  # fmt: skip
    return values
