"""The coefficients of the logistic model: per standard deviation, and as odds ratios per step that people know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from crm_analysis.churn.models.fitted import FittedModel, fit
from crm_analysis.churn.reasons.given_model import estimator_for
from crm_analysis.churn.reasons.steps import natural_step
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import percentile_limits

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

NUMBER, DOUBLED, LEVEL, NOT_KNOWN = "per_step", "per_doubling", "against_usual", "not_known"
MOST_STEPS, CLOSE, SMALL = 60, 1e-6, 1e-9


class Term(NamedTuple):
    """A row of the table: what it is of, its column in the design (less that of the reference), factor of the step."""

    feature: str
    level: str
    kind: str
    column: int
    against: int | None
    step: float
    factor: float
    customers: int


def coefficient_table(
    model: FittedModel | Pipeline | str,
    sample: Sample,
    *,
    steps: Mapping[str, float] | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Return the coefficients of a fitted logistic pipeline with bootstrap intervals over customers.

    .. math:: OR = \exp\left(\beta_k \cdot \frac{\text{step}}{\text{scale}_k}\right)

    =============  ==================================================================================
    per_step       a number: log odds per standard deviation; the odds ratio is per step more
    per_doubling   a number taken as log(1 + x): the odds ratio is for 1 + x twice as large
    against_usual  a level of a text, against the most frequent level (odds ratio 1)
    not_known      of a number: against a customer of whom it is known and equals the median
    =============  ==================================================================================

    Each row holds all other features equal, so of features that go together the coefficients can have signs that
    nobody would expect; read them with `groups.feature_groups` beside. The ridge penalty of the model draws all
    coefficients towards 0, in the bootstrap too: the intervals are those of the shrunken coefficients. Preparation
    (medians, scales) is held fixed; customers are drawn again with all their rows. Associations, no effects.

    Parameters
    ----------
    model : FittedModel, fitted sklearn Pipeline or key
        From ``fit``, or from `models.pipelines.logistic`; ``"logistic"`` is fitted to the sample.
    sample : Sample
        What it was fitted on.
    steps : dict of feature to number, optional
        For the odds ratios of numbers, such as ``{"fee": 10}``. Default: 30 days, 12 months, ten points of a share, or
        the round number next to the standard deviation (`steps.natural_step`).
    draws : int >= 0
        0: no intervals.
    level : float in (0, 1)
    seed : int

    Returns
    -------
    pandas.DataFrame, index (feature, feature_level)
        In the order of the sample's features: kind, customers (with that level, or of whom the number is known),
        odds_step (NaN but for numbers), coefficient_scaled and churn_odds_ratio with limits (none for the most
        frequent level, with which the others are compared).

    Raises
    ------
    InputError
        If the model is no `logistic`, not fitted, or `steps` cannot be used.

    References
    ----------
    .. [1] Hosmer, Lemeshow & Sturdivant (2013). Applied Logistic Regression, 3rd ed., section 3.4 (odds ratio per c
           units).
    .. [2] Davison & Hinkley (1997). Bootstrap Methods and their Application, section 3.8 (clusters).

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"age": rng.integers(20, 60, 400), "plan": rng.choice(["a", "b"], 400)})
    >>> y = pd.Series(rng.random(400) < np.where(X["plan"] == "a", 0.7, 0.3)).astype(int)
    >>> table = coefficient_table(logistic().fit(X, y), Sample(X, y), draws=100)
    >>> table.loc["plan", "churn_odds_ratio"].round(1).to_dict()
    {'a': 3.8, 'b': 1.0}
    """
    if isinstance(model, str):
        model = fit(sample, model)
    model, sample = estimator_for(model, sample)
    prepare, logistic = _parts(model)
    _check_steps(steps or {}, sample)
    terms = _terms(prepare, sample.X, steps or {})
    contrast = np.zeros((len(terms), logistic.coef_.shape[1]))
    for row, term in enumerate(terms):
        contrast[row, term.column] += 1
        if term.against is not None:
            contrast[row, term.against] -= 1
    found = contrast @ logistic.coef_[0]
    drawn = _drawn(prepare, logistic, sample, draws, seed) @ contrast.T
    low, high = percentile_limits(drawn, level=level)
    given = [term.against == term.column for term in terms]  # the level the others are compared with
    low, high = np.where(given, np.nan, low), np.where(given, np.nan, high)
    factor = np.array([term.factor for term in terms])
    numbers = {"coefficient_scaled": found, "coefficient_scaled_low": low, "coefficient_scaled_high": high}
    ratios = {
        "churn_odds_ratio": found * factor,
        "churn_odds_ratio_low": low * factor,
        "churn_odds_ratio_high": high * factor,
    }
    facts = {"kind": [term.kind for term in terms], "customers": [term.customers for term in terms],
             "odds_step": [term.step for term in terms]}  # fmt: skip
    keys = [(term.feature, term.level) for term in terms]
    table = pd.DataFrame(facts | numbers | {name: np.exp(values) for name, values in ratios.items()},
                         index=pd.MultiIndex.from_tuples(keys, names=["feature", "feature_level"]))  # fmt: skip
    place = {name: at for at, name in enumerate(map(str, sample.X))}
    return table.iloc[np.argsort([place[term.feature] for term in terms], kind="stable")]


def _parts(model: Pipeline) -> tuple:
    """The preparation and the regression of a pipeline made by `logistic`."""
    steps = getattr(model, "named_steps", {})
    prepare, last = steps.get("prepare"), steps.get("model")
    plain = type(last).__name__ == "LogisticRegression" and last.class_weight is None
    parts = {name for name, *_ in getattr(prepare, "transformers", [("none",)])}
    if not (plain and parts <= {"logged", "numeric", "categorical"}):
        raise InputError("this model has no table of coefficients", where=type(model).__name__,
                         expected="a pipeline made by logistic()",
                         zh="该模型没有系数表；需要 logistic() 生成的流程")  # fmt: skip
    if not hasattr(last, "coef_"):
        raise InputError("the model is not fitted yet", where="Pipeline", mend="call fit(sample.X, sample.y) first",
                         zh="模型尚未拟合")  # fmt: skip
    return prepare, last


def _check_steps(steps: Mapping[str, float], sample: Sample) -> None:
    unknown = [name for name in steps if name not in sample.numeric]
    wrong = [name for name, step in steps.items() if not (isinstance(step, (int, float)) and 0 < step < np.inf)]
    if unknown or wrong:
        hints = "; ".join(filter(None, (nearest(name, sample.numeric) for name in unknown)))
        raise InputError(f"steps cannot be used: {', '.join(map(str, dict.fromkeys(unknown + wrong)))}", where="steps",
                         expected="a number above 0 for features that are numbers", mend=hints,
                         zh=f"步长无效：{'、'.join(map(str, dict.fromkeys(unknown + wrong)))}")  # fmt: skip


def _terms(prepare: object, X: pd.DataFrame, steps: Mapping[str, float]) -> list[Term]:
    terms = []
    for name, part, columns in prepare.transformers_:
        start = prepare.output_indices_[name].start
        columns = list(columns) if not isinstance(columns, slice) else []
        if name == "categorical":
            terms += _levels(part, columns, X, start) if columns else []
        elif name in ("logged", "numeric") and columns:
            terms += _numbers(part, columns, X, start, name == "logged", steps)
    return terms


def _numbers(
    part: Pipeline, columns: list[str], X: pd.DataFrame, start: int, logged: bool, steps: Mapping[str, float]
) -> list[Term]:
    imputer, scaler = part.named_steps["simpleimputer"], part.named_steps["standardscaler"]
    terms = []
    for place, column in enumerate(columns):
        step = np.nan if logged else float(steps.get(column) or natural_step(column, X[column]))
        wide = (np.log(2) if logged else step) / scaler.scale_[place]
        kind = DOUBLED if logged else NUMBER
        terms.append(Term(column, "", kind, start + place, None, step, wide, int(X[column].notna().sum())))
    marked = imputer.indicator_.features_ if imputer.indicator_ is not None else []
    for place, of in enumerate(marked, start=len(columns)):
        blank = int(X[columns[of]].isna().sum())
        terms.append(
            Term(columns[of], NOT_KNOWN, NOT_KNOWN, start + place, None, np.nan, 1 / scaler.scale_[place], blank)
        )
    return terms


def _levels(encoder: object, columns: list[str], X: pd.DataFrame, start: int) -> list[Term]:
    terms = []
    for column, levels in zip(columns, encoder.categories_):
        blank = X[column].isna()
        counts = [int(blank.sum() if pd.isna(one) else X[column].eq(one).sum()) for one in levels]
        most = start + int(np.argmax(counts))
        for place, (one, count) in enumerate(zip(levels, counts), start=start):
            name = NOT_KNOWN if pd.isna(one) else str(one)
            terms.append(Term(column, name, LEVEL, place, most, np.nan, 1.0, count))
        start += len(levels)
    return terms


def _drawn(prepare: object, logistic: object, sample: Sample, draws: int, seed: int) -> np.ndarray:
    """Coefficients of the model fitted to customers drawn again."""
    Z = np.column_stack([prepare.transform(sample.X), np.ones(len(sample))])
    y, start = sample.y.to_numpy("float64"), np.append(logistic.coef_[0], logistic.intercept_)
    customer, count = pd.factorize(sample.customers)[0], sample.customers.nunique()
    rng = np.random.default_rng(seed)
    usual = np.linalg.inv(_curve(Z, start, np.full(len(y), logistic.C)))
    found = np.full((draws, Z.shape[1] - 1), np.nan)
    for draw in range(draws):
        weight = np.bincount(rng.integers(0, count, count), minlength=count)[customer]
        found[draw] = _fitted(Z, y, logistic.C * weight, start, usual)[:-1]
    return found


def _fitted(Z: np.ndarray, y: np.ndarray, weight: np.ndarray, start: np.ndarray, usual: np.ndarray) -> np.ndarray:
    r"""Ridge logistic regression, least of :math:`\sum w_i \ell_i + \|\beta\|^2 / 2`.

    Steps of Newton with the curvature of all customers, which changes little from draw to draw; with the draw's own
    where these do not shrink to nothing.
    """
    ridge = np.append(np.ones(Z.shape[1] - 1), SMALL)
    for own in (False, True):
        beta, last = start.copy(), np.inf
        for _ in range(MOST_STEPS):
            slope = Z.T @ (weight * (expit(Z @ beta) - y)) + ridge * beta
            move = np.linalg.solve(_curve(Z, beta, weight), slope) if own else usual @ slope
            beta -= move
            size = float(np.abs(move).max())
            if size < CLOSE:
                return beta
            if not own and not size < last:
                break
            last = size
    return np.full(len(start), np.nan)


def _curve(Z: np.ndarray, beta: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Curvature of the penalised log loss at beta."""
    p = expit(Z @ beta)
    return Z.T @ (Z * (weight * p * (1 - p))[:, None]) + np.diag(np.append(np.ones(Z.shape[1] - 1), SMALL))
