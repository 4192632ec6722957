"""The data dictionary of features: what each column means, and how its values lie."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crm_analysis.churn.features.catalogue import CATALOGUE, FAMILIES
from crm_analysis.errors import InputError
from crm_analysis.words import all_words, word

OTHER = "other"
PLACES = {"minimum": 0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "maximum": 1}


def families_of(columns: Iterable[str]) -> dict[str, str]:
    """Return the family of each column; ``other`` for columns that are not in the catalogue.

    Examples
    --------
    >>> families_of(["spend", "late_share", "shoe_size"])
    {'spend': 'money', 'late_share': 'delivery', 'shoe_size': 'other'}
    """
    return {name: CATALOGUE[name].family if name in CATALOGUE else OTHER for name in map(str, columns)}


def feature_label(name: str, lang: str) -> str:
    """Return the term for a feature in the language; `word` may know another sense of the same name.

    Examples
    --------
    >>> feature_label("complaints", "zh"), feature_label("spend", "en"), feature_label("shoe_size", "en")
    ('投诉次数', 'spend', 'shoe_size')
    """
    return CATALOGUE[name].label(lang) if name in CATALOGUE else word(name, lang)


def feature_table(X: pd.DataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Return the data dictionary of features: term, meaning, family, unit, share missing, and quantiles.

    A missing value means that the thing never happened to the customer, or that it is not known; it is never a 0 that
    was forgotten. Texts have no quantiles.

    Parameters
    ----------
    X : pandas.DataFrame
        From `customer_features`; further columns may stand beside.
    lang : {"zh", "en"}
        Language of terms and meanings.

    Returns
    -------
    pandas.DataFrame, index feature
        feature_term, meaning, family, measured_in (in the language), missing_share, zero_share, different_values,
        minimum,
        lower_quartile, median, upper_quartile, maximum; in the order of families.

    Raises
    ------
    InputError
        If there are no customers or no features.

    Examples
    --------
    >>> X = pd.DataFrame({"spend": [0.0, 10.0, 30.0], "days_since_last": [float("nan"), 3.0, 5.0]}, index=list("abc"))
    >>> table = feature_table(X)
    >>> table[["feature_term", "missing_share", "median"]].values.tolist()
    [['days since the last purchase', 0.3333333333333333, 4.0], ['spend', 0.0, 10.0]]
    """
    if X.empty:
        raise InputError("there are no features to describe", expected="at least one customer and one column",
                         zh="没有可描述的特征")  # fmt: skip
    family = families_of(X)
    order = sorted(X, key=lambda name: (*FAMILIES, OTHER).index(family[str(name)]))
    rows = [_described(str(name), family[str(name)], lang) | _values(X[name]) for name in order]
    return pd.DataFrame(rows, index=pd.Index(order, name="feature"))


def _described(name: str, family: str, lang: str) -> dict[str, str]:
    one = CATALOGUE.get(name)
    entry = all_words().get(one.word if one else name)
    meaning = getattr(entry, f"{lang}_note") if entry else ""
    return {
        "feature_term": feature_label(name, lang), "meaning": meaning, "family": word(f"family.{family}", lang),
        "measured_in": word(f"unit.{one.unit}", lang) if one else "",
    }  # fmt: skip


def _values(column: pd.Series) -> dict[str, float]:
    there = column.dropna()
    found = {"missing_share": float(column.isna().mean()), "zero_share": float((column == 0).mean()),
             "different_values": int(there.nunique())}  # fmt: skip
    is_number = pd.api.types.is_numeric_dtype(column.dtype)
    numbers = there.to_numpy("float64") if is_number else np.array([])
    return found | {name: float(np.quantile(numbers, q)) if len(numbers) else np.nan for name, q in PLACES.items()}
