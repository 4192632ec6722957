"""What an importance-performance analysis was asked to do, checked, and what it measures in each resample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.priorities.ipa_importance import DERIVED, derived_importance, moments
from crm_analysis.satisfaction.priorities.ipa_quadrants import CROSSHAIRS

Importance = Mapping[str, str] | Mapping[str, float] | pd.Series | Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Setup:
    """What was asked for: attributes, importance and crosshair; the arguments of `ipa_table` of these names.

    Parameters
    ----------
    attributes : dict of attribute to column
    importance : as in `ipa_table`
    outcome : str, optional
    derived, crosshair : str
    ends : (low, high)
        Of the scale; None where unknown.
    """

    attributes: dict[str, str]
    importance: Importance | None
    outcome: str | None
    derived: str
    crosshair: str
    ends: tuple[float | None, float | None]

    @property
    def given(self) -> str:
        """Kind of the importance that was given: stated, as_given, own_function, or none."""
        if self.importance is None:
            return ""
        if callable(self.importance):
            return "own_function"
        if not isinstance(self.importance, Mapping | pd.Series):
            return "no_mapping"
        return "stated" if all(isinstance(value, str) for value in dict(self.importance).values()) else "as_given"

    @property
    def kinds(self) -> list[str]:
        """Kinds of importance, the main one first."""
        own = [self.given] if self.given else [self.derived]
        return own + [kind for kind in DERIVED if self.outcome is not None and kind not in own]

    @property
    def items(self) -> list[str]:
        """Columns of ratings."""
        columns = list(self.attributes.values())
        return columns + ([dict(self.importance)[name] for name in self.attributes] if self.given == "stated" else [])

    @property
    def scale(self) -> tuple[float, float] | None:
        """Ends of the scale, or None where one of them is unknown."""
        return None if None in self.ends else self.ends

    def check(self, weights: object) -> None:
        """Raise `InputError` with everything that cannot be done."""
        problems = [] if len(self.attributes) > 1 else ["at least two attributes are needed"]
        if self.importance is None and self.outcome is None:
            problems.append("neither importance nor an outcome to derive it from is given")
        if self.derived not in DERIVED:
            problems.append(f"derived={self.derived!r} is none of {', '.join(DERIVED)}")
        if self.crosshair not in CROSSHAIRS:
            problems.append(f"crosshair={self.crosshair!r} is none of {', '.join(CROSSHAIRS)}")
        if self.crosshair == "midpoint" and self.scale is None:
            problems.append("the midpoint needs the ends of the scale, low and high")
        if self.given == "own_function" and weights is not None:
            problems.append("a function for importance cannot take weights")
        if self.given == "no_mapping":
            problems.append("importance is neither a mapping, a Series nor a function")
        if self.given in ("stated", "as_given"):
            problems += self._lacking()
        if problems:
            raise InputError("; ".join(problems), where="the importance-performance analysis",
                             zh="重要性-绩效分析的设置有误")  # fmt: skip

    def _lacking(self) -> list[str]:
        known = dict(self.importance)
        lacking = [name for name in self.attributes if name not in known]
        hints = "; ".join(hint for name in lacking if (hint := nearest(name, map(str, known))))
        problems = [f"importance lacks {', '.join(lacking)}{f' ({hints})' if hints else ''}"] if lacking else []
        if self.given == "as_given" and not problems:
            wrong = [name for name in self.attributes if not _is_number(known[name])]
            problems += [f"importance of {', '.join(wrong)} is no number"] if wrong else []
        return problems

    def measure(
        self, frame: pd.DataFrame, weights: np.ndarray, *, counts: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Performance and every kind of importance, shape (draws, k), for weights (draws, respondents)."""
        columns, k = list(self.attributes.values()), len(self.attributes)
        wanted = columns + ([self.outcome] if self.outcome is not None else [])
        means, correlations = moments(frame[wanted].to_numpy(float), weights)
        found = {"ipa_performance": means[:, :k]}
        for kind in self.kinds:
            found[kind] = (
                derived_importance(correlations, kind=kind) if kind in DERIVED else self._own(frame, weights, counts)
            )
        return found

    def _own(self, frame: pd.DataFrame, weights: np.ndarray, counts: np.ndarray | None) -> np.ndarray:
        if self.given == "stated":
            values = frame[[dict(self.importance)[name] for name in self.attributes]].to_numpy(float)
            return weights @ values / weights.sum(axis=1, keepdims=True)
        if self.given == "as_given":
            numbers = [float(dict(self.importance)[name]) for name in self.attributes]
            return np.tile(numbers, (len(weights), 1))
        if counts is None:
            return self._found(frame)[None, :]
        rows = [np.repeat(np.arange(len(frame)), row.astype(int)) for row in counts]
        return np.array([self._found(frame.iloc[row].reset_index(drop=True)) for row in rows])

    def _found(self, frame: pd.DataFrame) -> np.ndarray:
        """Importance by the caller's function, from one sample."""
        values = self.importance(frame)
        if isinstance(values, pd.Series) and set(self.attributes) <= set(values.index):
            values = values.loc[list(self.attributes)]
        values = np.asarray(values, float)
        if values.shape != (len(self.attributes),):
            raise InputError(f"the function for importance returned {values.size} numbers", where="importance",
                             expected=f"one for each of the {len(self.attributes)} attributes",
                             zh="重要性函数返回的个数不对")  # fmt: skip
        return values


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and bool(np.isfinite(value))
