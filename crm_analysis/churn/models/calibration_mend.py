"""Mend probabilities only where they need it and where it is proven to help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import logit

from crm_analysis.churn.models.calibration import Calibration, calibration, mean_over_customers
from crm_analysis.churn.models.calibration_folds import chances_out_of_fold
from crm_analysis.churn.models.calibration_input import inner
from crm_analysis.churn.models.calibration_line import log_loss_rows
from crm_analysis.churn.models.calibration_maps import AS_IS, ISOTONIC, SIGMOID, fit_map
from crm_analysis.churn.models.checks import check_sample, model_frame
from crm_analysis.churn.models.contenders import unfitted
from crm_analysis.churn.models.folds import Split, chances_of, splits
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.words import Sentence, join, word

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from crm_analysis.churn.models.fitted import FittedModel

METHODS = ("auto", SIGMOID, ISOTONIC, "none")
ENOUGH = 1000  # rows from which a free curve is tried


@dataclass(frozen=True)
class Mended:
    """A fitted model, mended or not, and why.

    Parameters
    ----------
    estimator : fitted classifier
        As given, or `calibration_estimator.MendedClassifier` around it.
    method : {"as_is", "sigmoid", "isotonic"}
        What was done.
    asked : {"auto", "sigmoid", "isotonic", "none"}
    predictions : pandas.DataFrame, index of the sample
        probability_before, probability_after: out of fold both, the map too.
    before, after : Calibration
    candidates : pandas.DataFrame, index mending
        log_loss, brier, ece, calibration_slope, calibration_intercept out of fold; log_loss_saved with limits; applied.
    """

    estimator: BaseEstimator
    method: str
    asked: str
    predictions: pd.DataFrame
    before: Calibration
    after: Calibration
    candidates: pd.DataFrame

    @property
    def is_mended(self) -> bool:
        """Whether the probabilities were changed."""
        return self.method != AS_IS

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Return the chance of churn of each row of `X`, its index kept."""
        return pd.Series(chances_of(self.estimator, model_frame(X)), index=X.index, name="churn_probability")

    def text(self, lang: str) -> str:
        """Return what was tried, what was gained, and what was done, in ``zh`` or ``en``."""
        return _text(self).text(lang)


def mend(
    sample: Sample,
    estimator: BaseEstimator | FittedModel | str,
    *,
    method: str = "auto",
    folds: int = 5,
    seed: int = 0,
    bins: int = 10,
    level: float = 0.95,
    progress: bool = False,
) -> Mended:
    r"""Judge a model's probabilities out of fold, and mend them if that is called for and helps.

    Probabilities of each fold come from a model fitted on the others; a map from them to what happened
    (`calibration_maps.fit_map`) is fitted on the other folds again, so that before and after are both measured on rows
    that had no part. With ``auto`` the line of log odds is taken if calibration is off
    (`Calibration.suspicious`) and the line saves log loss beyond noise; a free rising curve, from 1,000 rows on, only
    if it saves log loss beyond noise, and beyond what the line saves. Else the model is left as it is: the usual
    answer for a plain logistic regression.

    Parameters
    ----------
    sample : Sample
    estimator : classifier with predict_proba, FittedModel, or key of a contender
        A pipeline with its preparation inside; copies are fitted.
    method : {"auto", "sigmoid", "isotonic", "none"}
        A named method is applied whether it helps or not, and the text says which.
    folds : int >= 2
    seed : int
    bins : int
        Of both calibrations.
    level : float in (0, 1)
    progress : bool
        Show a bar.

    Returns
    -------
    Mended
        Its ``estimator`` is fitted on all rows.

    Raises
    ------
    InputError
        If the method is not known, the estimator gives no probabilities, or a fold would lack a class.

    References
    ----------
    .. [1] Niculescu-Mizil & Caruana (2005). Predicting good probabilities with supervised learning. ICML, 625-632.

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> x = np.random.default_rng(0).normal(size=600)
    >>> y = pd.Series((np.random.default_rng(1).random(600) < 1 / (1 + np.exp(1 - x))).astype(int))
    >>> mend(Sample(pd.DataFrame({"x": x}), y), logistic()).method
    'as_is'
    """
    if method not in METHODS:
        raise InputError(f"method={method!r} is not known", expected=", ".join(METHODS),
                         mend=nearest(str(method), METHODS), zh=f"未知的校准方法 {method!r}")  # fmt: skip
    check_sample(sample)
    estimator = unfitted(sample, estimator, seed=seed)
    parts = splits(sample, folds=folds, seed=seed)
    p = chances_out_of_fold(estimator, sample, parts, progress=progress)
    y = sample.y.to_numpy(float)
    tried = [AS_IS] + [
        name for name in (SIGMOID, ISOTONIC) if method == name or (method == "auto" and _enough(name, y))
    ]
    mended = {name: _cross_mapped(name, p, y, parts) for name in tried}
    found = {name: calibration(q, y, bins=bins, level=level, customers=sample.customers) for name, q in mended.items()}
    saved = {name: _saved(p, q, found[AS_IS], level) for name, q in mended.items()}
    better = _saved(mended[SIGMOID], mended[ISOTONIC], found[AS_IS], level).low > 0 if len(tried) == 3 else True
    chosen = _choose(saved, found[AS_IS].suspicious, better) if method == "auto" else tried[-1]
    names = {"probability_before": p, "probability_after": mended[chosen]}
    return Mended(
        estimator=_final(estimator, sample, chosen, p, folds, seed), method=chosen, asked=method,
        predictions=pd.DataFrame(names, index=sample.X.index), before=found[AS_IS], after=found[chosen],
        candidates=_candidates(found, saved, chosen),
    )  # fmt: skip


def _enough(name: str, y: np.ndarray) -> bool:
    return name == SIGMOID or len(y) >= ENOUGH


def _cross_mapped(name: str, p: np.ndarray, y: np.ndarray, parts: list[Split]) -> np.ndarray:
    """Return probabilities, those of each fold moved by a map fitted on the others."""
    q = np.empty(len(p))
    for part in parts:
        q[part.test] = fit_map(name, p[part.train], y[part.train])(p[part.test])
    return q


def _saved(before: np.ndarray, after: np.ndarray, found: Calibration, level: float) -> Estimate:
    """Log loss saved per row, whole customers as units."""
    y = found.pairs.y
    loss = [log_loss_rows(logit(inner(p)[0]), y) for p in (before, after)]
    return mean_over_customers(loss[0] - loss[1], found.pairs.clusters, level=level)


def _choose(saved: dict[str, Estimate], suspicious: bool, isotonic_better: bool) -> str:
    """Return the method `mend` describes."""
    line = SIGMOID in saved and suspicious and saved[SIGMOID].low > 0
    curve = ISOTONIC in saved and saved[ISOTONIC].low > 0 and isotonic_better
    return ISOTONIC if curve else SIGMOID if line else AS_IS


def _final(
    estimator: BaseEstimator, sample: Sample, chosen: str, p: np.ndarray, folds: int, seed: int
) -> BaseEstimator:
    from sklearn.base import clone

    X, y = model_frame(sample.X), sample.y.to_numpy("int64")
    if chosen == AS_IS:
        return clone(estimator).fit(X, y)
    from crm_analysis.churn.models.calibration_estimator import MendedClassifier

    model = MendedClassifier(estimator, method=chosen, folds=folds, seed=seed)
    return model.finish(X, y, fit_map(chosen, p, y.astype(float)))


def _candidates(found: dict[str, Calibration], saved: dict[str, Estimate], chosen: str) -> pd.DataFrame:
    rows = [
        {"log_loss": card.log_loss.value, "brier": card.brier.value, "ece": card.ece,
         "calibration_slope": card.slope.value, "calibration_intercept": card.intercept.value}
        | with_limits("log_loss_saved", saved[name]) | {"applied": name == chosen}
        for name, card in found.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, index=pd.Index(list(found), name="mending"))


def _text(found: Mended) -> Sentence:
    rows = found.candidates.drop(AS_IS)
    parts = [_state(found.before)]
    for name, row in rows.iterrows():
        change = Estimate(-row["log_loss_saved"], -row["log_loss_saved_high"], -row["log_loss_saved_low"])
        shown = f"{change:+z.{_digits(change)}f}"
        parts.append(Sentence(f"{word(name, 'zh')}在交叉验证中使每行的对数损失变化 {shown}。",
                              f"Out of fold, {word(name, 'en')} changes the log loss per row by {shown}."))  # fmt: skip
    return join([*parts, _done(found)])


def _digits(change: Estimate) -> int:
    """Digits to print, more where a limit on one side of 0 would be printed as 0."""
    nearest_limit = min(abs(change.low), abs(change.high))
    return 6 if change.low * change.high > 0 and round(nearest_limit, 4) == 0 else 4


def _state(before: Calibration) -> Sentence:
    slope, intercept = f"{before.slope:z.3f}", f"{before.intercept:z.3f}"
    return Sentence(f"交叉验证所得概率的校准斜率为 {slope}，截距为 {intercept}，"
                    f"Brier 分数为 {before.brier.value:.4f}。",
                    f"Out of fold the probabilities have slope {slope}, intercept {intercept} and Brier score"
                    f" {before.brier.value:.4f}.")  # fmt: skip


def _done(found: Mended) -> Sentence:
    if not found.is_mended:
        return _left(found)
    before, after = f"{found.before.brier.value:.4f}", f"{found.after.brier.value:.4f}"
    zh, en = word(found.method, "zh"), word(found.method, "en")
    en = en[0].upper() + en[1:]
    if not found.candidates.loc[found.method, "log_loss_saved_low"] > 0:
        return Sentence(f"按要求采用{zh}，但未见超出误差的改善（Brier 分数 {before} → {after}）。",
                        f"{en} is applied as asked, without a gain beyond noise (Brier score {before} to"
                        f" {after}).")  # fmt: skip
    return Sentence(f"采用{zh}：Brier 分数由 {before} 变为 {after}。",
                    f"{en} is applied: the Brier score goes from {before} to {after}.")  # fmt: skip


def _left(found: Mended) -> Sentence:
    if found.asked == "none":
        return Sentence("按要求保持原样。", "They are left as they are, as asked.")
    if found.before.suspicious:
        return Sentence(
            "保持原样：修正的好处未超出误差范围。", "They are left as they are: mending helps no more than noise."
        )
    return Sentence("保持原样：无需修正。", "They are left as they are: they need no mending.")
