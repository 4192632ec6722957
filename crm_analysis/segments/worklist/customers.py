"""The customers of a worklist: checked, with ids as texts, and who may not be contacted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments.worklist.action import Action, is_number
from crm_analysis.tables.plain import plain


def as_ids(index: Iterable) -> pd.Index:
    """Return ids as texts, a whole float as a whole number; leading zeros stay.

    Examples
    --------
    >>> as_ids(["00123", 7.0]).tolist()
    ['00123', '7']
    """
    return pd.Index(plain(pd.Series(list(index), dtype=object)).to_numpy(dtype=object), name="customer_id")


def check_customers(customers: pd.DataFrame, *, clv: float | None) -> pd.DataFrame:
    """Return the customers with ids as texts, in their order, and numbers as floats.

    Parameters
    ----------
    customers : pandas.DataFrame, index customer_id
        churn_probability, clv unless given as one number, any uplift columns.
    clv : float, optional

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    if not isinstance(customers, pd.DataFrame):
        raise InputError("the customers are no DataFrame", where="worklist",
                         expected="index customer_id, column churn_probability", zh="客户数据不是表格")  # fmt: skip
    frame = customers.set_index("customer_id") if "customer_id" in customers else customers
    problems = ["several index levels"] if frame.index.nlevels > 1 else []
    problems += ["a column has its name twice"] if not frame.columns.is_unique else []
    ids = as_ids(frame.index) if not problems else pd.Index([])
    problems += ["an id is blank"] if ids.hasnans else []
    twice = ids[ids.duplicated()].unique()
    problems += [f"customers stand in two rows: {', '.join(map(str, twice[:3]))}"] if len(twice) else []
    problems += [] if len(frame) else ["there is no customer"]
    problems += [] if clv is None or is_number(clv) else [f"clv={clv!r} is no number"]
    needed = ["churn_probability"] if clv is not None else ["churn_probability", "clv"]
    problems += [f"column {name!r} is missing" for name in needed if name not in frame]
    if not problems:
        frame = frame.set_axis(ids, axis=0)
        frame = frame if clv is None else frame.assign(clv=float(clv))
        uplifts = uplift_columns(frame)
        for name in dict.fromkeys(["churn_probability", "clv", *uplifts]):
            problems += _wrong_numbers(frame[name], str(name))
    if problems:
        raise InputError("; ".join(problems), where="customers of the worklist",
                         expected="one row per customer: churn_probability from 0 to 1, clv (margin), perhaps uplift",
                         mend="set blank rows aside, or pass clv=... as one number for all",
                         zh="名单的客户数据有误：" + "；".join(problems))  # fmt: skip
    numbers = {name: frame[name].to_numpy("float64") for name in ["churn_probability", "clv", *uplifts]}
    return frame.assign(**numbers).sort_index()


def uplift_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of effects: ``uplift`` and ``uplift_<action key>``; limits of an interval are none.

    Examples
    --------
    >>> uplift_columns(pd.DataFrame(columns=["uplift", "uplift_low", "uplift_call"]))
    ['uplift', 'uplift_call']
    """
    limits = ("uplift_low", "uplift_high")
    return [name for name in frame if name == "uplift" or (str(name).startswith("uplift_") and name not in limits)]


def barred(
    ids: pd.Index,
    actions: Sequence[Action],
    *,
    exclude: Iterable = (),
    recent_contacts: pd.Series | pd.DataFrame | None = None,
    most_contacts: int | None = None,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return who is excluded, which actions the caps forbid (customers by actions), and how many ids match nobody."""
    excluded, unmatched = _excluded(ids, exclude)
    counts, each = _contacts(ids, actions, recent_contacts, most_contacts)
    capped = np.zeros((len(ids), len(actions)), bool)
    if most_contacts is not None:
        capped |= (counts >= most_contacts)[:, None]
    for column, action in enumerate(actions):
        if action.most_per_customer is not None:
            capped[:, column] |= each[action.key] >= action.most_per_customer
    return excluded, capped, unmatched


def _excluded(ids: pd.Index, exclude: Iterable) -> tuple[np.ndarray, int]:
    """Tell who is excluded, and how many ids match nobody; what would exclude nobody by mistake is refused."""
    listed = [exclude] if isinstance(exclude, str) or not np.iterable(exclude) else list(exclude)
    values = pd.Series(listed, dtype=object)
    marks = bool(listed) and bool((values.isna() | values.map(lambda one: isinstance(one, (bool, np.bool_)))).all())
    by_id = isinstance(exclude, pd.Series)
    problem = "exclude is a table, not ids" if isinstance(exclude, pd.DataFrame) else ""
    if marks and by_id:
        problem = f"exclude is blank for {exclude.isna().sum():,} customers" if exclude.isna().any() else ""
        problem = problem or one_row_each(exclude, ids, "exclude")
        listed = list(exclude.index[exclude.astype(bool)]) if not problem else []
    elif marks:
        problem = "exclude holds True, False or blanks without ids"
    named = as_ids(listed)
    hit = np.asarray(ids.isin(named))
    if listed and not marks and not problem and not hit.any():
        problem = _nobody(ids, named, by_index=by_id and bool(as_ids(exclude.index).isin(ids).any()))
    if problem:
        raise InputError(problem, where="exclude", expected="ids, or a Series of True and False, index customer_id",
                         mend="exclude=days_since_last > 365, for example, or .fillna(True) where it is not known",
                         zh=f"排除名单无法使用：{problem}")  # fmt: skip
    return hit, 0 if marks else int((~named.unique().isin(ids)).sum())  # a mask may be of all customers there are


def _nobody(ids: pd.Index, named: pd.Index, *, by_index: bool) -> str:
    """Say why ids to exclude match no customer."""
    if by_index:
        return "the values of exclude are no ids, but its index is"
    bare = {str(one).lstrip("0") for one in named}
    if any(str(one).lstrip("0") in bare for one in ids):
        return "ids of exclude differ from those of the customers by leading zeros"
    return f"none of the {named.nunique():,} ids of exclude is among the customers (first: {named[0]!r}; {ids[0]!r})"


def one_row_each(given: pd.Series | pd.DataFrame, ids: pd.Index, name: str) -> str:
    """Return what is wrong with a table by customer_id that goes with the customers, or nothing."""
    if given.index.nlevels > 1:
        return f"{name} has several index levels"
    known = as_ids(given.index)
    if known.has_duplicates or known.hasnans:
        return f"{name} has a customer in two rows, or a blank id"
    return f"no customer of {name} is among the customers" if len(known) and not known.isin(ids).any() else ""


def _contacts(
    ids: pd.Index, actions: Sequence[Action], recent: pd.Series | pd.DataFrame | None, most: int | None
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the number of recent contacts of each customer, in all and by action."""
    by_action = [one.key for one in actions if one.most_per_customer is not None]
    problems = []
    if most is not None and (isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 0):
        problems.append(f"most_contacts={most!r} is no whole number of 0 or more")
    if recent is None:
        capped = most is not None or by_action
        problems += ["there is a cap on contacts, but recent_contacts is not given"] if capped else []
        recent = pd.Series(dtype="float64")
    elif by_action and not (isinstance(recent, pd.DataFrame) and set(by_action) <= set(recent)):
        problems.append(f"most_per_customer needs recent_contacts with a column for each of {', '.join(by_action)}")
    frame = recent if isinstance(recent, pd.DataFrame) else recent.to_frame("contacts")
    counts = frame.apply(pd.to_numeric, errors="coerce").set_axis(as_ids(frame.index), axis=0)
    if not (counts.fillna(-1) >= 0).all(axis=None):
        problems.append("recent_contacts has blanks, texts or negative counts")
    strange = one_row_each(recent, ids, "recent_contacts")
    problems += [strange] if strange else []
    if problems:
        raise InputError("; ".join(problems), where="recent_contacts and caps",
                         expected="a Series (or a DataFrame by action key) of counts, index customer_id",
                         mend="events.groupby('customer_id').size(), for example",
                         zh="近期联系次数或上限有误：" + "；".join(problems))  # fmt: skip
    known = counts.reindex(ids, fill_value=0)
    return known.sum(axis=1).to_numpy(float), {name: known[name].to_numpy(float) for name in by_action}


def _wrong_numbers(values: pd.Series, name: str) -> list[str]:
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return [f"column {name!r} holds {values.dtype}, not numbers"]
    numbers = values.to_numpy("float64", na_value=np.nan)
    low, high = {"churn_probability": (0, 1), "clv": (-np.inf, np.inf)}.get(name, (-1, 1))
    blank = int((~np.isfinite(numbers)).sum())
    outside = int(((numbers < low) | (numbers > high)).sum())
    found = [f"column {name!r} is blank or infinite in {blank:,} rows"] if blank else []
    return found + (
        [f"column {name!r} lies outside {low} to {high} in {outside:,} rows"] if outside and not blank else []
    )
