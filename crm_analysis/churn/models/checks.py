"""What a sample must be before models are tried on it: audited, wide enough, of numbers and terms."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype, is_timedelta64_dtype

from crm_analysis.churn.windows.audit import audit_sample
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError

MOST_LEVELS, NEARLY_ALL = 50, 0.5  # a text with more levels than both is an id or free text


def check_sample(sample: Sample, *, allow_leaks: bool = False) -> None:
    """Raise one `InputError` with all that keeps models from being tried on a sample.

    Parameters
    ----------
    sample : Sample
    allow_leaks : bool
        Go on although the audit for leaks failed: to show what a leak does.

    Raises
    ------
    InputError
        If the audit failed, there is no feature, or a column holds dates, or texts that are nearly all different.
    """
    if not isinstance(sample, Sample):
        raise InputError(f"a sample was expected, not {type(sample).__name__}",
                         expected="churn.Sample with features X and labels y",
                         mend="build it with Sample(X, y) or contract_sample(contracts)",
                         zh="需要 Sample 样本")  # fmt: skip
    leaks = sample.leaks
    if len(leaks) and not allow_leaks:
        items = leaks["flagged_items"] if "flagged_items" in leaks else [""] * len(leaks)
        said = [f"{name} ({flagged})" if flagged else str(name) for name, flagged in zip(leaks.index, items)]
        raise InputError(f"the audit for leaks failed: {'; '.join(said)}", where="sample.audit",
                         expected="features that know nothing of the time after the cutoff",
                         mend="repair the features named in sample.audit; allow_leaks=True shows what the leak does",
                         zh=f"样本未通过信息泄漏检查：{'；'.join(said)}")  # fmt: skip
    problems = _columns(sample.X)
    if problems:
        raise InputError("; ".join(problems), where="features of the sample", expected="numbers, booleans and terms",
                         mend="turn dates into days up to the cutoff; leave out ids and free text",
                         zh="特征列不可用：含日期、编号或自由文本")  # fmt: skip


def looked_at(sample: Sample) -> Sample:
    """Return a sample with an audit: its own, or that of features and labels alone where nobody looked.

    Examples
    --------
    >>> X = pd.DataFrame({"closed": [1] * 10 + [0] * 10})
    >>> looked_at(Sample(X, X["closed"])).leaks.index.tolist()
    ['single_feature_alarm', 'tautology']
    """
    if not isinstance(sample, Sample) or sample.audit is not None or _columns(sample.X):
        return sample  # check_sample says what is wrong
    return replace(sample, audit=audit_sample(sample).table)


def constant_columns(X: pd.DataFrame) -> list[str]:
    """Return the columns with one value, or none, in all rows: they stay, and tell a model nothing.

    Examples
    --------
    >>> constant_columns(pd.DataFrame({"a": [1, 1], "b": [1, None], "c": [None, None], "d": [1, 2]}))
    ['a', 'c']
    """
    return [str(name) for name in X if len(X[name].unique()) <= 1]


def model_frame(X: pd.DataFrame) -> pd.DataFrame:
    """Return features as models take them: numbers and booleans as float64, blanks NaN; others as text, blanks None.

    Examples
    --------
    >>> X = pd.DataFrame({"paid": pd.array([True, None], "boolean"), "plan": pd.Categorical(["a", None])})
    >>> model_frame(X).values.tolist()
    [[1.0, 'a'], [nan, None]]
    """
    columns = {}
    for name in X:
        column = X[name]
        if is_numeric_dtype(column.dtype) or is_bool_dtype(column.dtype):
            columns[name] = column.to_numpy("float64", na_value=float("nan"))
        else:
            text = column.astype("object")
            columns[name] = text.map(str, na_action="ignore").astype("object").where(text.notna().to_numpy(), None)
    return pd.DataFrame(columns, index=X.index)


def _columns(X: pd.DataFrame) -> list[str]:
    found = ["there is no feature"] if not X.shape[1] else []
    found += [f"a column has the name {name!r}, which is no text" for name in X if not isinstance(name, str)]
    for name in X:
        if is_datetime64_any_dtype(X[name].dtype) or is_timedelta64_dtype(X[name].dtype):
            found.append(f"{name} holds times")
        elif not is_numeric_dtype(X[name].dtype):
            levels = X[name].astype("object").map(str, na_action="ignore").nunique()
            if levels > max(MOST_LEVELS, NEARLY_ALL * len(X)):
                found.append(f"{name} holds {levels:,} different texts in {len(X):,} rows")
    return found
