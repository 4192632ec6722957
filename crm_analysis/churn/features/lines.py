"""One line per customer: the sums of all sources beside each other, and the arithmetic that features share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.features.cut import Cut
from crm_analysis.churn.features.plan import Part


@dataclass(frozen=True)
class Lines:
    """What the sources say of the customers asked for.

    Parameters
    ----------
    people : dict of str to pandas.DataFrame
        The sums of each source, rows by `index`, blank for customers it does not know.
    index : pandas.Index
        The customers.
    cut : Cut
    """

    people: Mapping[str, pd.DataFrame]
    index: pd.Index
    cut: Cut

    @classmethod
    def of(cls, parts: Mapping[str, Part], index: pd.Index, cut: Cut) -> Lines:
        """Line up the sources by the customers asked for."""
        return cls({name: part.people.reindex(index) for name, part in parts.items()}, index, cut)

    def has(self, source: str, name: str) -> bool:
        """Whether a source has such a sum."""
        return name in self.people[source]

    def _column(self, source: str, name: str) -> pd.Series:
        """Return a sum; a column without any value has none, and is blank."""
        return self.people[source][name] if self.has(source, name) else pd.Series(None, self.index, dtype="object")

    def value(self, source: str, name: str) -> pd.Series:
        """Return a number per customer, NaN where there is none."""
        return self._column(source, name).astype("float64")

    def count(self, source: str, name: str) -> pd.Series:
        """Return a whole number per customer, 0 where there is none."""
        return self.value(source, name).fillna(0).astype("int64")

    def total(self, source: str, name: str) -> pd.Series:
        """Return a sum per customer, 0 where there is nothing to sum."""
        return self.value(source, name).fillna(0.0)

    def text(self, source: str, name: str) -> pd.Series:
        """Return a text per customer, blank where there is none."""
        return self._column(source, name).astype("str")

    def since(self, source: str, name: str) -> pd.Series:
        """Return the days from a day to the cutoff."""
        return self.cut.day - self.value(source, name)

    def ratio(self, source: str, top: str, bottom: str) -> pd.Series:
        """Return one sum over another, NaN where the other is 0."""
        return over(self.value(source, top), self.value(source, bottom))

    def trend(self, source: str, age: str, weight: str) -> pd.Series:
        r"""Return where in the customer's time the weight lies: -1 all at its beginning, 0 evenly, 1 all at its end.

        .. math:: 1 - \frac{2}{s} \left(\frac{\sum_j w_j a_j}{\sum_j w_j} + \tfrac12\right)

        over the days j after the first, :math:`a_j` days before the cutoff, :math:`s` days from the first day to the
        cutoff. At a constant rate such days lie evenly over 1..s, and the mean is 0: it is the mean of Laplace's
        test for a trend (Cox & Lewis 1966, section 3.3), rescaled.
        """
        mean_age = over(self.value(source, age), self.value(source, weight))
        return 1 - 2 * (mean_age + 0.5) / self.since(source, "first")

    def years(self, source: str, name: str) -> pd.Series:
        """Return the full years from a day to the cutoff, by the calendar."""
        born = self.value(source, name)
        day = pd.Series(pd.to_datetime(born.fillna(0).to_numpy("int64"), unit="D"), index=born.index)
        today = pd.Timestamp(self.cut.day, unit="D")
        before = (day.dt.month > today.month) | ((day.dt.month == today.month) & (day.dt.day > today.day))
        years = (today.year - day.dt.year - before).astype("float64")
        return years.where(born.notna() & (years >= 0))


def over(top: pd.Series, bottom: pd.Series) -> pd.Series:
    """Return a quotient, NaN where the divisor is not above 0."""
    return top / bottom.where(bottom > 0, np.nan)
