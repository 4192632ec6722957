"""Reason codes: for each customer the few features that go with a higher risk than the average customer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.contributions import Contributions
from crm_analysis.churn.reasons.groups import Groups, as_groups
from crm_analysis.churn.reasons.naming import feature_list
from crm_analysis.churn.reasons.sense import SIDES, can_be_told
from crm_analysis.churn.reasons.topics import PERSONAL, reason_topics
from crm_analysis.churn.reasons.wording import phrase
from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.words import Sentence, join, word

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
    left_out : tuple of str
        Features that count but are not named.
    """

    table: pd.DataFrame
    X: pd.DataFrame
    contributions: Contributions
    against: bool = False
    currency: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def reasons(self) -> pd.DataFrame:
        """The columns reason_1, reason_2, ..."""
        return self.table[[name for name in self.table if name.startswith("reason_")]]

    def texts(self, lang: str, *, blank: bool = False) -> pd.Series:
        """Return one text per customer, the strongest reason first; where none is strong enough, the word for that.

        With `blank` such a customer's text is left empty.
        """
        said = {column: [one.text(lang) if one else "" for one in self._phrases(column)] for column in self.reasons}
        sign = "；" if lang == "zh" else "; "
        joined = [sign.join(filter(None, ones)) for ones in zip(*said.values())]
        joined = joined if blank else [one or word(NO_REASON, lang) for one in joined]
        return pd.Series(joined, index=self.table.index, name="reasons", dtype="str")

    def note(self, lang: str) -> str:
        """Return the sentence that belongs beside the texts: what a reason is, and what it is not."""
        way = Sentence("较低", "lower") if self.against else Sentence("较高", "higher")
        rough = Sentence(
            "" if self.contributions.exact else "（逐一替换为一般值，为近似）",
            "" if self.contributions.exact else " (one feature at a time set to its typical value: approximate)",
        )
        named = Sentence(
            f"所列为与{way.zh}流失风险相关的特征，按其与平均客户相比对预测的贡献排列{rough.zh}；是相关，不是因果。",
            f"Named are the features that go with a {way.en} predicted risk than the average customer's, the strongest "
            f"first{rough.en}; association, not cause.",
        )
        silent = Sentence(
            f"参与预测但不列出：{feature_list(self.left_out, 'zh')}。",
            f"Counted in the prediction but not named: {feature_list(self.left_out, 'en')}.",
        )
        return join([named, silent] if self.left_out else [named]).text(lang)

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

    def _phrases(self, column: str) -> list[Sentence | None]:
        """What is said of each customer's reason in a column; customers with the same value share a phrase."""
        found, said = self.contributions, [None] * len(self.table)
        names = self.table[column].to_numpy()
        for feature in pd.unique(names[self.table[column].notna().to_numpy()]):
            rows = np.flatnonzero(names == feature)
            values, tells = self.X[feature].iloc[rows].tolist(), found.tell(feature)[rows].tolist()
            binary, made = _is_mark(self.X[feature]), {}
            for row, value, tell in zip(rows, values, tells):
                key = (str(value), tell)
                if key not in made:
                    made[key] = phrase(feature, value, typical=found.typical.get(feature) if tell else None,
                                       mean=found.mean.get(feature, np.nan) if tell else np.nan,
                                       binary=binary, currency=self.currency)  # fmt: skip
                said[row] = made[key]
        return said


def reason_codes(
    contributions: Contributions,
    X: pd.DataFrame,
    *,
    most: int = 3,
    against: bool = False,
    groups: Groups | Mapping[str, Sequence[str]] | None = None,
    least: float = 0.1,
    leave_out: Sequence[str] | None = None,
    contrary: bool = False,
    currency: str = "",
) -> ReasonCodes:
    """Name for each customer the features that push the predicted risk up most, with words for both languages.

    Features of one topic give one reason: what the topic adds as a whole (but no more than those of its members add
    that can be told), said by the member that pushes most. A reason weaker than `least` is not named, so that a
    customer of ordinary risk may have none. All features count in the prediction; not named are

    - personal attributes (`topics.PERSONAL`: age, sex, city, joining channel, ...), unless `leave_out` says otherwise.
      Nobody can act on them, and to treat a customer by them can be unfair or unlawful. `ReasonCodes.note` says that
      they count: to leave them out of the prediction, leave them out of the features.
    - what nobody would take for a reason (`sense.can_be_told`), unless `contrary`: what is not known, the absence of
      trouble ("has never complained"), and the good side of a feature. A model of many features may add risk for
      money spent lately and take it off for the days since, to an amount that is right together; said alone, either
      would be nonsense. Of features that are not in the catalogue those are not named whose contributions run
      against the risk as a whole (`Contributions.with_risk` below 0): their sign comes from their companions.

    A reason is what goes with the risk in the model. Not why the customer leaves, and not what to change.

    Parameters
    ----------
    contributions : Contributions
        From `contributions` (exact) or `what_if_typical` (approximate).
    X : pandas.DataFrame
        The same customers; the features, and maybe others.
    most : int >= 1
        Reasons per customer.
    against : bool
        Name the features that pull the risk down instead.
    groups : Groups, mapping of name to features, or None
        None: `topics.reason_topics`; ``{}``: each feature stands for itself; or ``feature_groups(X)``.
    least : float >= 0
        In log odds; 0.1 is odds about 10 % higher.
    leave_out : sequence of str, optional
        Features that are not to be named. None: personal attributes; ``()``: none.
    contrary : bool
        Name also what the model adds against common sense: to look at the model, not to give reasons.
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
    ['96 days since the last purchase (typical 53); 1 order in all (typical 5)', 'no reason strong enough']
    >>> codes.first()["customers"].to_dict()
    {'days_since_last': 1, 'no_reason': 1}
    """
    X = _check(contributions, X, most, least, leave_out)
    left_out = tuple(name for name in (PERSONAL if leave_out is None else leave_out) if name in X)
    members = (reason_topics(X) if groups is None else as_groups(groups, X)).members
    sign = -1.0 if against else 1.0
    strength, speaker = _strengths(contributions, X, members, sign, left_out, contrary)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :most]
    value = np.take_along_axis(strength, order, axis=1)
    feature = np.array(list(X), dtype=object)[np.take_along_axis(speaker, order, axis=1)]
    named = (value >= least) & (value > 0)
    columns: dict[str, object] = {}
    for place in range(order.shape[1]):
        columns[f"reason_{place + 1}"] = np.where(named[:, place], feature[:, place], None)
        columns[f"contribution_{place + 1}"] = np.where(named[:, place], sign * value[:, place], np.nan)
    table = pd.DataFrame(columns, index=X.index).astype({name: object for name in columns if name.startswith("r")})
    return ReasonCodes(table, X, contributions, against, currency, left_out)


def _strengths(
    found: Contributions, X: pd.DataFrame, members: Mapping[str, Sequence[str]], sign: float,
    left_out: Sequence[str], contrary: bool,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """What each group pushes (-inf where none of its members can be named), and the place of the one that says it."""
    place = {str(name): at for at, name in enumerate(X)}
    pushes = sign * found.table[list(X)].to_numpy()
    own = np.where(pushes > 0, pushes, -np.inf)
    for name, at in place.items():
        if name in left_out:
            own[:, at] = -np.inf
        elif not contrary:
            own[~_tellable(found, name, X[name], against=sign < 0), at] = -np.inf
    strength = np.full((len(X), len(members)), -np.inf)
    speaker = np.zeros(strength.shape, dtype="int64")
    for group, ones in enumerate(members.values()):
        at = np.array([place[str(one)] for one in ones])
        whole, best = pushes[:, at].sum(axis=1), own[:, at].argmax(axis=1)
        speaker[:, group] = at[best]
        told = own[:, at].clip(min=0).sum(axis=1)
        strength[:, group] = np.where(told > 0, np.minimum(whole, told), -np.inf)
    return strength, speaker


def _tellable(found: Contributions, feature: str, values: pd.Series, *, against: bool) -> np.ndarray:
    """Of which customers a feature can be told: on its bad side, or (if it has none) where its own sign is right."""
    can = can_be_told(feature, values, typical=found.typical.get(feature), mean=found.mean.get(feature, np.nan),
                      against=against)  # fmt: skip
    if is_number(values):
        can &= found.tell(feature) | values.isna().to_numpy()
    return can & (feature in SIDES or not found.with_risk.get(feature, 0.0) < 0)


def _is_mark(values: pd.Series) -> bool:
    return is_number(values) and set(values.dropna().unique()) <= {0, 1}


def _check(
    found: Contributions, X: pd.DataFrame, most: int, least: float, leave_out: Sequence[str] | None
) -> pd.DataFrame:
    problems = []
    if not isinstance(found, Contributions):
        raise InputError(f"reasons are made from contributions, not from a {type(found).__name__}",
                         where="reason_codes", mend="pass contributions(model, X)",
                         zh="原因须由 contributions(model, X) 得到")  # fmt: skip
    missing = [str(name) for name in found.table if name not in X]
    if not X.index.equals(found.table.index) or missing:
        problems.append("X and the contributions do not have the same customers and features"
                        + f" (missing: {', '.join(missing)})" * bool(missing))  # fmt: skip
    if not (isinstance(most, (int, np.integer)) and not isinstance(most, bool) and most >= 1):
        problems.append(f"most={most!r} is no number of reasons")
    if not (isinstance(least, (int, float)) and least >= 0):
        problems.append(f"least={least!r} is no contribution")
    if isinstance(leave_out, str) or [one for one in leave_out or () if one not in X]:
        problems.append(f"leave_out={leave_out!r} names features that are not there")
    if problems:
        raise InputError("; ".join(problems), where="reason_codes",
                         expected="the X given to contributions; most 1 or more, least 0 or more; a list of features",
                         zh="原因代码的参数与数据不符")  # fmt: skip
    return X[list(found.table)]
