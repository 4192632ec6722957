"""Reason codes: for each customer the few features that go with a higher risk than the average customer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.contributions import Contributions
from crm_analysis.churn.reasons.groups import Groups, as_groups
from crm_analysis.churn.reasons.wording import phrase
from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.words import Sentence

NO_REASON = "no_reason"


@dataclass(frozen=True)
class ReasonCodes:
    """The reasons named for each customer.

    Parameters
    ----------
    table : pandas.DataFrame, index of the customers
        reason_1, contribution_1, reason_2, ...: the feature and what it (or its group) adds to the log odds; blank
        where there are fewer.
    X : pandas.DataFrame
        The features, for the words.
    contributions : Contributions
        What the reasons were made from.
    against : bool
        True: features that go with a lower risk.
    currency : str
    """

    table: pd.DataFrame
    X: pd.DataFrame
    contributions: Contributions
    against: bool = False
    currency: str = ""

    @property
    def reasons(self) -> pd.DataFrame:
        """The columns reason_1, reason_2, ..."""
        return self.table[[name for name in self.table if name.startswith("reason_")]]

    def texts(self, lang: str) -> pd.Series:
        """Return one text per customer, the strongest reason first; empty where none is strong enough."""
        marks = {str(name): _is_mark(self.X[name]) for name in self.X}
        said = {}
        for column in self.reasons:
            rows = self.table[column].notna().to_numpy()
            said[column] = [
                self._phrase(place, name, marks).text(lang) if known else ""
                for place, (name, known) in enumerate(zip(self.table[column], rows))
            ]
        sign = "；" if lang == "zh" else "; "
        joined = [sign.join(filter(None, ones)) for ones in zip(*said.values())]
        return pd.Series(joined, index=self.table.index, name="reasons", dtype="str")

    def note(self, lang: str) -> str:
        """Return the sentence that belongs beside the texts: what a reason is, and what it is not."""
        way = Sentence("较低", "lower") if self.against else Sentence("较高", "higher")
        rough = Sentence(
            "" if self.contributions.exact else "（逐一替换为一般值，为近似）",
            "" if self.contributions.exact else " (one feature at a time set to its typical value: approximate)",
        )
        return Sentence(
            f"所列为与{way.zh}流失风险相关的特征，按其与平均客户相比对预测的贡献排列{rough.zh}；是相关，不是因果。",
            f"Named are the features that go with a {way.en} predicted risk than the average customer's, the strongest "
            f"first{rough.en}; association, not cause.",
        ).text(lang)  # fmt: skip

    def first(self, *, level: float = 0.95) -> pd.DataFrame:
        """Return how often each feature is the first reason: customers, share with Wilson's limits; the most first.

        Customers without a reason stand in the last row, ``no_reason``.
        """
        counts = self.table["reason_1"].value_counts()
        counts = counts.sort_index().sort_values(ascending=False, kind="stable")
        none = int(self.table["reason_1"].isna().sum())
        names = [*counts.index, *([NO_REASON] if none else [])]
        found = pd.DataFrame(
            {"customers": [*counts, *([none] if none else [])]}, index=pd.Index(names, name="reason_1")
        )
        return found.assign(**share_columns("share", found["customers"], len(self.table), level=level))

    def _phrase(self, place: int, feature: str, marks: Mapping[str, bool]) -> Sentence:
        found = self.contributions
        said = found.tells(self.X.index[place], feature)
        return phrase(feature, self.X[feature].iloc[place], typical=found.typical.get(feature) if said else None,
                      mean=found.mean.get(feature, np.nan) if said else np.nan, binary=marks[feature],
                      currency=self.currency)  # fmt: skip


def reason_codes(
    contributions: Contributions,
    X: pd.DataFrame,
    *,
    most: int = 3,
    against: bool = False,
    groups: Groups | Mapping[str, Sequence[str]] | None = None,
    least: float = 0.1,
    leave_out: Sequence[str] = (),
    currency: str = "",
) -> ReasonCodes:
    """Name for each customer the features that push the predicted risk up most, with words for both languages.

    A group of features that go together gives one reason: what the group adds as a whole, said by the member that
    pushes most. A reason weaker than `least` is not named, so that a customer of ordinary risk may have none. All
    features count in the prediction, those of `leave_out` too: they are only not named.

    A reason is what goes with the risk in the model. Not why the customer leaves, and not what to change.

    Parameters
    ----------
    contributions : Contributions
        From `contributions` (exact) or `what_if_typical` (approximate).
    X : pandas.DataFrame
        The same customers and features.
    most : int >= 1
        Reasons per customer.
    against : bool
        Name the features that pull the risk down instead.
    groups : Groups, mapping of name to features, or None
        None: each feature stands for itself. As a rule ``feature_groups(X)``.
    least : float >= 0
        In log odds; 0.1 is odds about 10 % higher.
    leave_out : sequence of str
        Features that are not to be named, such as sex or age.
    currency : str
        Behind amounts of money in the texts.

    Returns
    -------
    ReasonCodes

    Raises
    ------
    InputError
        If customers or features do not meet, or an argument cannot be used.

    Examples
    --------
    >>> X = pd.DataFrame({"days_since_last": [96, 10], "orders": [1, 9]}, index=["a", "b"])
    >>> table = pd.DataFrame({"days_since_last": [1.2, -0.5], "orders": [0.4, -0.3]}, index=["a", "b"])
    >>> found = Contributions(table, -1.0, table.sum(axis=1) - 1, X.median(), X.mean())
    >>> codes = reason_codes(found, X)
    >>> codes.texts("en").tolist()
    ['96 days since the last purchase (typical 53); 1 order in all (typical 5)', '']
    >>> codes.first()["customers"].to_dict()
    {'days_since_last': 1, 'no_reason': 1}
    """
    _check(contributions, X, most, least, leave_out)
    alone = {str(name): [str(name)] for name in X}
    found = as_groups(alone if groups is None else groups, X)
    sign = -1.0 if against else 1.0
    pushes = sign * contributions.table
    strength, speaker = {}, {}
    for name, ones in found.members.items():
        named = [one for one in ones if one not in leave_out]
        strength[name] = pushes[ones].sum(axis=1).to_numpy() if named else np.full(len(X), -np.inf)
        speaker[name] = np.array(named, dtype=object)[pushes[named].to_numpy().argmax(axis=1)] if named else None
    strong, names = np.column_stack(list(strength.values())), list(strength)
    order = np.argsort(-strong, axis=1, kind="stable")[:, :most]
    columns: dict[str, object] = {}
    for place in range(min(most, len(names))):
        which = order[:, place]
        value = np.take_along_axis(strong, which[:, None], axis=1)[:, 0]
        said = [speaker[names[at]][row] if size >= least and size > 0 else None
                for row, (at, size) in enumerate(zip(which, value))]  # fmt: skip
        columns[f"reason_{place + 1}"] = pd.Series(said, index=X.index, dtype=object)
        columns[f"contribution_{place + 1}"] = np.where([one is not None for one in said], sign * value, np.nan)
    return ReasonCodes(pd.DataFrame(columns, index=X.index), X, contributions, against, currency)


def _is_mark(values: pd.Series) -> bool:
    return is_number(values) and set(values.dropna().unique()) <= {0, 1}


def _check(found: Contributions, X: pd.DataFrame, most: int, least: float, leave_out: Sequence[str]) -> None:
    problems = []
    if not isinstance(found, Contributions):
        raise InputError(f"reasons are made from contributions, not from a {type(found).__name__}",
                         where="reason_codes", mend="pass contributions(model, X)",
                         zh="原因须由 contributions(model, X) 得到")  # fmt: skip
    if not X.index.equals(found.table.index) or set(X) != set(found.table):
        problems.append("X and the contributions do not have the same customers and features")
    if not (isinstance(most, (int, np.integer)) and most >= 1):
        problems.append(f"most={most!r} is no number of reasons")
    if not (isinstance(least, (int, float)) and least >= 0):
        problems.append(f"least={least!r} is no contribution")
    if isinstance(leave_out, str) or [one for one in leave_out if one not in X]:
        problems.append(f"leave_out={leave_out!r} names features that are not there")
    if problems:
        raise InputError("; ".join(problems), where="reason_codes",
                         expected="the X given to contributions; most 1 or more, least 0 or more; a list of features",
                         zh="原因代码的参数与数据不符")  # fmt: skip
