"""Customers of today: the cutoff is the last day of the data, and the outcome has yet to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd

from crm_analysis.churn.windows.feature_frame import Features, default_features, feature_frame
from crm_analysis.churn.windows.labels import qualifying
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet
from crm_analysis.tables.days import Moment, day_number, day_stamp, local_days
from crm_analysis.words import Sentence


@dataclass(frozen=True)
class ScoringWindows(Windows):
    """Windows whose outcome lies ahead: features can be built, labels cannot.

    `windows.history` and functions of features take them as any windows. Whatever asks for the outcome (`label`)
    raises: unobserved days are never taken for silence.

    Parameters as in `Windows`; the cutoff may be any day up to the end of the data.

    Examples
    --------
    >>> print(ScoringWindows("2012-12-31", data_end="2012-12-31", observation=365).text("en"))
    known from 2012-01-02 to 2012-12-31, the next 90 days are foretold
    """

    def _check_end(self) -> None:
        last = day_number(self.data_end)
        if self.cutoff_day > last:
            raise InputError(f"the cutoff {day_stamp(self.cutoff_day):%Y-%m-%d} lies outside the data",
                             where=f"data up to {day_stamp(last):%Y-%m-%d}", mend="take an earlier cutoff",
                             zh=f"截止日 {day_stamp(self.cutoff_day):%Y-%m-%d} 超出数据范围")  # fmt: skip

    @property
    def outcome_first_day(self) -> int:
        """Not known: raises."""
        raise _ahead(self)

    @property
    def outcome_end_day(self) -> int:
        """Not known: raises."""
        raise _ahead(self)

    @property
    def latest_day(self) -> int:
        """Last day that could serve as the cutoff: the last of the data."""
        return day_number(self.data_end)

    def text(self, lang: str) -> str:
        """Return the windows in words."""
        first = "" if self.first_day is None else f"{day_stamp(self.first_day):%Y-%m-%d}"
        cut = f"{day_stamp(self.cutoff_day):%Y-%m-%d}"
        known = Sentence(f"观察期 {first} 至 {cut}", f"known from {first} to {cut}") if first else Sentence(
            f"已知信息截至 {cut}", f"known up to {cut}")  # fmt: skip
        gap = Sentence("此后", "")
        if self.gap:
            gap = Sentence(f"间隔 {self.gap} 天后的", f"after a gap of {self.gap} days ")
        return Sentence(f"{known.zh}，预测{gap.zh} {self.outcome} 天",
                        f"{known.en}, {gap.en}the next {self.outcome} days are foretold").text(lang)  # fmt: skip


def scoring_windows(windows: Windows, cutoff: Moment | None = None) -> ScoringWindows:
    """Return the same lengths with the cutoff at the end of the data, or at another day without an outcome.

    Parameters
    ----------
    windows : Windows
        Those a model was trained with.
    cutoff : str or Timestamp, optional
        The last day of the data unless given.

    Examples
    --------
    >>> trained = Windows("2012-06-30", data_end="2012-12-31", outcome=90, observation=180)
    >>> str(scoring_windows(trained).cutoff.date())
    '2012-12-31'
    """
    parts = {field.name: getattr(windows, field.name) for field in fields(Windows)}
    return ScoringWindows(**parts | {"cutoff": day_stamp(day_number(windows.data_end)) if cutoff is None else cutoff})


def scoring_features(
    tables: Mapping[str, pd.DataFrame] | DataSet,
    windows: Windows,
    *,
    features: Features | None = None,
    event: str = "purchase",
) -> pd.DataFrame:
    """Features of the customers who can be scored: those with an event in the observation, as in training.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame, or DataSet
    windows : Windows
        From `scoring_windows`; the outcome is not looked at.
    features : callable, optional
        The function that built the training sample; that of the house unless given.
    event : {"purchase", "any"}
        What made a customer eligible in training.

    Returns
    -------
    pandas.DataFrame, index customer_id
        For `FittedModel.predict`.

    Raises
    ------
    InputError
        If nobody has an event in the observation, or tables or features cannot be used.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2011-05-20"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": list("12"), "customer_id": list("ab"), "ordered_at": at, "amount": 9.0})
    >>> today = ScoringWindows("2012-05-31", data_end="2012-05-31", observation=180)
    >>> count = lambda tables, windows: tables["orders"].groupby("customer_id").size().to_frame("orders")
    >>> scoring_features({"orders": orders}, today, features=count)["orders"].to_dict()
    {'a': 1}
    """
    frames = dict(tables.tables if isinstance(tables, DataSet) else tables)
    events = qualifying(frames, event=event)
    day = local_days(events["at"])
    known = (day <= windows.cutoff_day) & (windows.first_day is None or day >= windows.first_day)
    customers = pd.Index(sorted(events["customer_id"][known].unique()), name="customer_id")
    if customers.empty:
        raise InputError(f"no customer has an event in the observation ({windows.text('en')})",
                         mend="take another cutoff or a longer observation",
                         zh=f"观察期内没有客户（{windows.text('zh')}）")  # fmt: skip
    return feature_frame(features or default_features(), frames, windows, customers)


def _ahead(windows: Windows) -> InputError:
    return InputError(f"the outcome after {day_stamp(windows.cutoff_day):%Y-%m-%d} has not happened yet",
                      expected="windows with an outcome within the data, for labels",
                      mend="score customers with FittedModel.predict; label an earlier cutoff",
                      zh="结果期尚未发生，无法标注流失")  # fmt: skip
