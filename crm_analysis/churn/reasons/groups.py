"""Groups of features that say nearly the same: their importance can only be told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.association import associations, check_features
from crm_analysis.churn.reasons.naming import feature_list
from crm_analysis.errors import InputError, nearest
from crm_analysis.words import Sentence, join

LINKAGES = ("complete", "average")


@dataclass(frozen=True)
class Groups:
    """Features in groups, and how closely each pair goes together.

    Parameters
    ----------
    members : dict of str to list of str
        Features of each group, the group's name being one of them.
    associations : pandas.DataFrame
        From `association.associations`; empty for groups given by hand.
    threshold : float
        Association from which features stand in one group.

    Examples
    --------
    >>> groups = Groups({"orders": ["orders", "spend"], "age": ["age"]})
    >>> groups.table["feature_group"].to_dict()
    {'orders': 'orders', 'spend': 'orders', 'age': 'age'}
    """

    members: dict[str, list[str]]
    associations: pd.DataFrame = field(default_factory=pd.DataFrame)
    threshold: float = float("nan")

    @property
    def table(self) -> pd.DataFrame:
        """One row per feature: feature_group, group_size, and association with the feature the group is named after."""
        rows = [(one, name, len(ones)) for name, ones in self.members.items() for one in ones]
        table = pd.DataFrame(rows, columns=["feature", "feature_group", "group_size"]).set_index("feature")
        if len(self.associations):
            table["association"] = [self.associations.loc[one, name] for one, name, _ in rows]
        return table

    @property
    def within(self) -> pd.DataFrame:
        """Pairs inside the groups, the closest first: feature_group, feature, other_feature, association."""
        rows = [(name, a, b, self.associations.loc[a, b])
                for name, ones in self.members.items() for place, a in enumerate(ones) for b in ones[place + 1 :]
                if len(self.associations)]  # fmt: skip
        table = pd.DataFrame(rows, columns=["feature_group", "feature", "other_feature", "association"])
        return table.sort_values("association", ascending=False, kind="stable", ignore_index=True)

    def text(self, lang: str) -> str:
        """Return in words which features stand together."""
        together = [ones for ones in self.members.values() if len(ones) > 1]
        count = sum(map(len, self.members.values()))
        if not together:
            return Sentence(f"{count} 个特征中没有关联达到 {self.threshold:g} 的，各自单独成组。",
                            f"None of the {count} features go together at {self.threshold:g} or more: each stands "
                            f"alone.").text(lang)  # fmt: skip
        known = bool(np.isfinite(self.threshold))
        said = Sentence(f"（组内两两关联不低于 {self.threshold:g}）", f" (association {self.threshold:g} or more)")
        head = Sentence(f"{count} 个特征归为 {len(self.members)} 组{said.zh * known}，同组特征的作用无法分开：",
                        f"{count} features form {len(self.members)} groups{said.en * known}; what features of one "
                        f"group do cannot be told apart:")  # fmt: skip
        lists = Sentence("；".join(feature_list(ones, "zh") for ones in together) + "。",
                         "; ".join(feature_list(ones, "en") for ones in together) + ".")  # fmt: skip
        return join([head, lists]).text(lang)


def feature_groups(X: pd.DataFrame, *, threshold: float = 0.7, linkage: str = "complete") -> Groups:
    """Put features that go together into groups by hierarchical clustering of 1 - association.

    With ``complete`` linkage any two features of a group have at least the association `threshold`; with
    ``average`` linkage the mean over pairs does. A group is named after its most central member, the one with the
    highest mean association with the others (the first in `X` where several are equal).

    Parameters
    ----------
    X : pandas.DataFrame, one row per customer
    threshold : float in (0, 1]
    linkage : {"complete", "average"}

    Returns
    -------
    Groups
        In the order of `X`.

    Raises
    ------
    InputError
        As `association.associations`, or if the threshold or linkage is not known.

    References
    ----------
    .. [1] Gordon (1999). Classification, 2nd ed., chapter 4.
    .. [2] Strobl et al. (2008). Conditional variable importance. BMC Bioinformatics 9, 307 (correlated features).

    Examples
    --------
    >>> X = pd.DataFrame({"orders": [1, 2, 3, 4, 5], "spend": [9, 20, 31, 45, 52], "age": [30, 21, 60, 44, 25]})
    >>> feature_groups(X).members
    {'orders': ['orders', 'spend'], 'age': ['age']}
    """
    check_features(X)
    number = isinstance(threshold, (int, float)) and not isinstance(threshold, bool)
    if not (number and 0 < threshold <= 1) or linkage not in LINKAGES:
        raise InputError(f"threshold={threshold!r}, linkage={linkage!r} cannot be used",
                         expected=f"a threshold above 0 and up to 1; linkage {' or '.join(LINKAGES)}",
                         zh=f"分组参数无效：threshold={threshold!r}，linkage={linkage!r}")  # fmt: skip
    strength = associations(X)
    label = _clusters(strength.to_numpy(), threshold, linkage)
    members = {}
    for one in dict.fromkeys(label):
        ones = [str(name) for name, of in zip(X, label) if of == one]
        inside = strength.loc[ones, ones].sum().round(9)
        members[str(inside.idxmax())] = ones
    return Groups(members, strength, threshold)


def as_groups(groups: Groups | Mapping[str, Sequence[str]] | None, X: pd.DataFrame) -> Groups:
    """Return groups that hold each feature of `X` once: found, given, or given in part and the rest alone.

    Examples
    --------
    >>> X = pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2], "c": [2, 9, 4]})
    >>> as_groups({"both": ["a", "b"]}, X).members
    {'both': ['a', 'b'], 'c': ['c']}
    """
    if groups is None:
        return feature_groups(X)
    given = groups if isinstance(groups, Groups) else Groups({str(k): list(ones) for k, ones in groups.items()})
    listed = [one for ones in given.members.values() for one in ones]
    unknown = [one for one in dict.fromkeys(listed) if one not in X.columns]
    problems = [f"groups name features that are not there: {', '.join(map(str, unknown))}"] if unknown else []
    twice = sorted({str(one) for one in listed if listed.count(one) > 1})
    problems += [f"features stand in two groups: {', '.join(twice)}"] if twice else []
    problems += ["a group has no feature"] if not all(given.members.values()) else []
    if problems:
        raise InputError("; ".join(problems), where="groups", expected=f"features of X: {', '.join(map(str, X))}",
                         mend="; ".join(filter(None, (nearest(one, X.columns) for one in unknown))),
                         zh="特征分组与数据不符")  # fmt: skip
    rest = {str(name): [str(name)] for name in X if name not in listed}
    clash = [name for name in rest if name in given.members]
    if clash:
        raise InputError(f"a group is named after a feature that is not in it: {', '.join(clash)}", where="groups",
                         mend="name the group after one of its features", zh="组名与组外特征同名")  # fmt: skip
    return Groups(given.members | rest, given.associations, given.threshold) if rest else given


def _clusters(strength: np.ndarray, threshold: float, linkage: str) -> np.ndarray:
    if len(strength) < 2:
        return np.zeros(len(strength), dtype="int64")
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform

    distance = squareform(np.round(1 - strength, 12), checks=False)
    tree = hierarchy.linkage(distance, linkage)
    return hierarchy.fcluster(tree, 1 - threshold + 1e-9, "distance")
