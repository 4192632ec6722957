"""Predictions that need no model: what a model must beat before it is worth anything."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import as_cases
from crm_analysis.errors import InputError


class Baseline:
    """Base of the rules of thumb: nothing is learned, so `fit` only checks the customers.

    A rule of your own is a subclass with a `key` and a `_rule`.
    """

    key: ClassVar[str]

    @staticmethod
    def _rule(x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
        """Return predicted purchases from repeat purchases and length of observation."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """Return the constructor's arguments: there are none."""
        return {}

    def fit(self, data: object, y: None = None) -> Self:
        """Check the customers; there is nothing to learn."""
        as_cases(data)
        return self

    def expected_purchases(self, data: object, *, horizon: float) -> pd.Series:
        """Predicted purchases of each customer in the horizon after T.

        Parameters
        ----------
        data : pandas.DataFrame or Summary
            One row per customer: ``frequency``, ``recency``, ``T``.
        horizon : float
            In the unit of the data.

        Returns
        -------
        pandas.Series
            With the caller's index.
        """
        if not (isinstance(horizon, (int, float, np.number)) and 0 <= horizon < np.inf):
            raise InputError(f"horizon must be a number of time units, 0 or more; got {horizon!r}",
                             zh="horizon 必须是非负数字")  # fmt: skip
        cases = as_cases(data)
        return cases.spread(self._rule(cases.x, cases.T, float(horizon)), "expected_purchases")


class Zero(Baseline):
    """Nobody buys again.

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [2], "recency": [30.4], "T": [38.9]})
    >>> Zero().expected_purchases(frame, horizon=39).tolist()
    [0.0]
    """

    key: ClassVar[str] = "zero_baseline"

    @staticmethod
    def _rule(x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
        return np.zeros_like(x)


class SameAgain(Baseline):
    """Everybody buys as often again as so far: x, whatever the horizon. Meant for a horizon about as long as T.

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [2], "recency": [30.4], "T": [38.9]})
    >>> SameAgain().expected_purchases(frame, horizon=39).tolist()
    [2.0]
    """

    key: ClassVar[str] = "same_again"

    @staticmethod
    def _rule(x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
        return x


class Rate(Baseline):
    """Everybody goes on at the rate so far: ``horizon x / T``; 0 for who came on the last day (T = 0).

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [2], "recency": [30.0], "T": [39.0]})
    >>> Rate().expected_purchases(frame, horizon=78).tolist()
    [4.0]
    """

    key: ClassVar[str] = "same_rate"

    @staticmethod
    def _rule(x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
        return horizon * np.divide(x, T, out=np.zeros_like(x), where=T > 0)
