"""What each feature of a customer adds to the log odds of churn, against the average customer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit

from crm_analysis.churn.models.checks import model_frame
from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.log_odds import log_odds
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from crm_analysis.churn.models.fitted import FittedModel

AT_ONCE = 50_000  # rows handed to the model in one call
ENOUGH = 30  # customers from whom it is told with what a feature goes
EXACT = 1e-8  # how far base and contributions may be from the log odds of a model that adds up


@dataclass(frozen=True)
class Contributions:
    """What each feature adds to each customer's log odds of churn.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n_customers, n_features)
        Log odds added; above 0 goes with a higher risk than the average customer's.
    base : float
        Mean log odds of the reference customers.
    log_odds : pandas.Series
        The model's; where `exact`, base + the sum of the row, to rounding.
    typical : pandas.Series, index feature
        Of the reference customers: the median, of texts the most frequent level.
    mean : pandas.Series, index feature
        Mean of the reference customers; NaN for texts.
    exact : bool
        False for `what_if_typical`: then rows do not add up.
    at_typical : pandas.Series, index feature
        What the typical value itself adds: the median customer is not the average one.
    with_risk : pandas.Series, index feature
        Covariance of what the feature adds with the log odds, among the reference customers; the sum over features is
        the variance of the log odds (Pratt's division of it). Below 0 the feature's sign comes from its companions:
        alone it goes with the opposite.

    Examples
    --------
    >>> found = Contributions(pd.DataFrame({"orders": [1.0]}), 0.0, pd.Series([1.0]), pd.Series(), pd.Series())
    >>> found.probability.round(3).tolist()
    [0.731]
    """

    table: pd.DataFrame
    base: float
    log_odds: pd.Series
    typical: pd.Series
    mean: pd.Series
    exact: bool = True
    at_typical: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))
    with_risk: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))

    def tells(self, customer: Hashable, feature: str) -> bool:
        """Whether the value lies on the side of the typical one that its contribution says; else saying both misleads.

        The average of a logarithm lies below the median: 63 days of silence can add to the risk where 70 are typical.
        """
        return bool(self.tell(feature)[self.table.index.get_loc(customer)])

    def tell(self, feature: str) -> np.ndarray:
        """Return for all customers whether `tells`."""
        added = self.table[feature].to_numpy()
        return (added - self.at_typical.get(feature, 0.0)) * np.sign(added) >= -EXACT

    @property
    def probability(self) -> pd.Series:
        """The model's chance of churn of each customer."""
        return pd.Series(expit(self.log_odds.to_numpy()), index=self.log_odds.index, name="churn_probability")

    def of(self, customer: Hashable) -> pd.Series:
        """Return the contributions of one customer (a label of the index), the strongest first."""
        if customer not in self.table.index:
            raise InputError(f"there is no customer {customer!r}", where="the contributions",
                             expected=f"an id such as {self.table.index[0]!r}",
                             zh=f"没有客户 {customer!r}")  # fmt: skip
        row = self.table.loc[customer]
        return row[row.abs().sort_values(ascending=False, kind="stable").index].rename("contribution")


def contributions(
    model: FittedModel | Pipeline, X: pd.DataFrame, *, reference: pd.DataFrame | None = None
) -> Contributions:
    r"""Return exact contributions to the log odds of a model in which features add up, such as logistic regression.

    .. math:: \operatorname{logit} p_i = \text{base} + \sum_j c_{ij}, \qquad
              c_{ij} = \sum_{k \in j} \beta_k (z_{ik} - \bar z_k)

    k runs over all columns that the preparation makes of feature j: its logarithm and scaling, the mark "not known",
    the one-hot set of a text. Means are over the reference customers, so that contributions of a feature average 0
    over them and the base is their mean log odds.

    The columns themselves are not needed: where features add up, changing one feature alone changes the log odds by
    the difference of its contributions. So each is read off by handing the column to one and the same customer, and
    whether it all adds up to the model's log odds is checked. A model with interactions (boosting) fails that check and
    is refused: of such a model there is no one exact division. Take the reasons of the logistic model, or
    `what_if_typical`, which is approximate.

    A contribution says what goes with a higher predicted risk, not why customers leave; of features that go together
    (`groups.feature_groups`) the division between them is loose.

    Parameters
    ----------
    model : FittedModel or fitted sklearn Pipeline
        A `FittedModel` (from ``fit``) takes of `X` the features it knows, and reads blanks as in its training.
    X : pandas.DataFrame
        Customers to explain. A level the model has not seen is none of those it knows.
    reference : pandas.DataFrame, optional
        Customers who make the average, as a rule those the model was fitted on; default `X`.

    Returns
    -------
    Contributions

    Raises
    ------
    InputError
        If the model is not fitted or not additive, or cannot read the features.

    References
    ----------
    .. [1] Štrumbelj & Kononenko (2014). Knowledge and Information Systems 41, 647-665, equation 3 (additive models).
    .. [2] Thomas, Hughes & Zumbo (1998). Social Indicators Research 45, 253-275 (Pratt's division, `with_risk`).

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> X = pd.DataFrame({"orders": [1, 2, 3, 9.0], "plan": ["a", "a", "b", None]}, index=list("wxyz"))
    >>> found = contributions(logistic().fit(X, [1, 1, 0, 0]), X)
    >>> found.table.round(2).loc["w"].to_dict(), bool(np.isclose(found.base + found.table.loc["w"].sum(),
    ...     found.log_odds["w"]))
    ({'orders': 0.57, 'plan': 0.44}, True)
    """
    model, X, reference = _as_trained(model, X, reference)
    _check(X, X if reference is None else reference)
    first = X.iloc[:1] if reference is None else reference.iloc[:1]
    start, whole, alone = float(log_odds(model, first)[0]), log_odds(model, X), _alone(model, X, first)
    those = alone if reference is None else _alone(model, reference, first)
    average = those.mean()
    table, base = alone - average, float(start + (average - start).sum())
    gap = np.abs(base + table.sum(axis=1).to_numpy() - whole).max()
    if not gap < EXACT * max(1.0, float(np.abs(whole).max())):
        raise InputError(
            f"the features do not add up in this model (off by {gap:.2g} in log odds): it has no exact contributions",
            where=type(model).__name__, expected="an additive model such as logistic()",
            mend="take the reasons of the logistic model, or what_if_typical, which is approximate",
            zh="该模型的特征作用不可相加，没有精确的贡献分解；请用逻辑回归的原因，或近似的 what_if_typical",
        )  # fmt: skip
    center = _center(X if reference is None else reference)
    usual = first.assign(**{name: _constant(first[name], value) for name, value in center[0].items()})
    at_typical = _alone(model, usual, first).iloc[0] - average
    return Contributions(table, base, pd.Series(whole, X.index), *center, at_typical=at_typical,
                         with_risk=_with_risk(those, those.sum(axis=1)))  # fmt: skip


def what_if_typical(
    model: FittedModel | Pipeline, X: pd.DataFrame, *, reference: pd.DataFrame | None = None
) -> Contributions:
    r"""How the log odds change when one feature at a time is set to its typical value: approximate, for any model.

    .. math:: \tilde c_{ij} = \operatorname{logit} p(x_i) - \operatorname{logit} p(x_i \text{ with } x_j = \tilde x_j)

    These do not add up to the log odds: what features do only together is counted for each of them, or for none.
    For logistic regression they equal `contributions` but for a constant per feature.

    Parameters
    ----------
    model, X, reference
        As in `contributions`.

    Returns
    -------
    Contributions
        ``exact`` is False; the base is the mean log odds of the reference customers.

    Raises
    ------
    InputError
        If the model is not fitted or cannot read the features.

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import boosting
    >>> X = pd.DataFrame({"orders": range(100), "age": 30})
    >>> found = what_if_typical(boosting().fit(X, X["orders"] < 50), X)
    >>> bool(found.table["orders"].iloc[-1] < -1), bool(found.table["age"].eq(0).all()), found.exact
    (True, True, False)
    """
    model, X, reference = _as_trained(model, X, reference)
    reference = X if reference is None else reference
    _check(X, reference)
    typical, mean = _center(reference)
    whole = log_odds(model, X)
    table = pd.DataFrame({name: whole - log_odds(model, X.assign(**{name: _constant(X[name], typical[name])}))
                          for name in X}, index=X.index)  # fmt: skip
    base = float(log_odds(model, reference).mean())
    return Contributions(table, base, pd.Series(whole, X.index), typical, mean, exact=False,
                         with_risk=_with_risk(table, whole))  # fmt: skip


def _alone(model: Pipeline, X: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Log odds of one and the same customer with each feature, alone, taken from each row of `X`: each value once."""
    code, made, waiting, rows = {}, {}, {}, 0
    for name in X:
        code[name], waiting[name] = _values(X[name])
        rows += len(waiting[name])
        if rows >= AT_ONCE or name == X.columns[-1]:
            made |= _scored(model, waiting, first)
            waiting, rows = {}, 0
    return pd.DataFrame({name: made[name][code[name]] for name in X}, index=X.index)


def _scored(model: Pipeline, values: dict[str, pd.Series], first: pd.DataFrame) -> dict[str, np.ndarray]:
    """Log odds of one and the same customer with each of the values of each feature, in one call of the model."""
    sizes = [len(ones) for ones in values.values()]
    ends = np.cumsum([0, *sizes])
    stack = first.iloc[[0] * ends[-1]].reset_index(drop=True)
    for (name, ones), start in zip(values.items(), ends):
        before, after = stack[name].iloc[:start], stack[name].iloc[start + len(ones) :]
        stack[name] = pd.concat([before, ones, after], ignore_index=True)
    found = log_odds(model, stack)
    return {name: found[start : start + size] for name, start, size in zip(values, ends, sizes)}


def _values(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return the different values of a column, of its type, and which of them each row has."""
    code, _ = pd.factorize(column, use_na_sentinel=False)
    return code, column.iloc[np.unique(code, return_index=True)[1]]


def _with_risk(table: pd.DataFrame, whole: np.ndarray | pd.Series) -> pd.Series:
    """Covariance of each column with the log odds; of a few customers it would be noise, and nothing is returned."""
    if len(table) < ENOUGH:
        return pd.Series(dtype="float64")
    aside = np.asarray(whole) - np.mean(whole)
    return pd.Series((table - table.mean()).to_numpy().T @ aside / (len(table) - 1), index=table.columns)


def _as_trained(
    model: FittedModel | Pipeline, X: pd.DataFrame, reference: pd.DataFrame | None
) -> tuple[Pipeline, pd.DataFrame, pd.DataFrame | None]:
    """The estimator, and the customers as a `FittedModel` (or its bare estimator) was trained on them."""
    columns = getattr(model, "columns", None)
    if not hasattr(model, "estimator") or not isinstance(columns, dict):
        frames = [_blanks_as_none(one) for one in (X, reference)] if _knows_none(model) else (X, reference)
        return model, *frames
    for where, frame in (("X", X), ("reference", reference)):
        missing = [name for name in columns if isinstance(frame, pd.DataFrame) and name not in frame]
        if missing:
            raise InputError(f"features the model was trained on are missing: {', '.join(missing)}", where=where,
                             mend="build them with the function that built the training sample",
                             zh=f"缺少模型训练时的特征：{'、'.join(missing)}")  # fmt: skip
    known = [model_frame(one[list(columns)]) if isinstance(one, pd.DataFrame) else one for one in (X, reference)]
    return model.estimator, *known


def _center(reference: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Median or most frequent level, and mean, of each feature."""
    typical, mean = {}, {}
    for name in reference:
        values = reference[name]
        number = is_number(values)
        often = values.mode(dropna=False)
        typical[name] = float(values.astype("Float64").median()) if number and values.notna().any() else often.iloc[0]
        mean[name] = float(values.astype("Float64").mean()) if number and values.notna().any() else np.nan
    return pd.Series(typical, dtype=object), pd.Series(mean, dtype="float64")


def _constant(values: pd.Series, value: object) -> pd.Series:
    """A column that holds one value, of the type of `values`; a half between whole numbers stays a half."""
    kept = pd.Series([value] * len(values), index=values.index)
    if not is_number(values):
        return kept.astype(values.dtype)
    return kept.astype("float64" if not pd.api.types.is_bool_dtype(values.dtype) else values.dtype)


def _check(X: pd.DataFrame, reference: pd.DataFrame) -> None:
    frames = [isinstance(one, pd.DataFrame) and len(one) > 0 for one in (X, reference)]
    if not all(frames):
        raise InputError("there are no customers to explain", where="X and reference",
                         expected="DataFrames with one row per customer",
                         zh="没有可以解释的客户")  # fmt: skip
    if list(X) != list(reference):
        differ = sorted(map(str, set(X).symmetric_difference(reference)))
        raise InputError(f"X and reference have different features: {', '.join(differ) or 'another order'}",
                         where="reference", mend="reference[X.columns]", zh="X 与参照客户的特征不一致")  # fmt: skip
    if not X.index.is_unique:
        raise InputError("a customer stands twice", where="the index of X", mend="keep one row per customer and cutoff",
                         zh="客户编号重复")  # fmt: skip


def _knows_none(model: Pipeline) -> bool:
    """Whether a blank text was None in the training, as `fit` has it: a NaN would be a level never seen."""
    prepare = getattr(model, "named_steps", {}).get("prepare")
    encoder = getattr(prepare, "named_transformers_", {}).get("categorical")
    return any(level is None for levels in getattr(encoder, "categories_", []) for level in levels)


def _blanks_as_none(X: pd.DataFrame | None) -> pd.DataFrame | None:
    return model_frame(X) if isinstance(X, pd.DataFrame) else X
