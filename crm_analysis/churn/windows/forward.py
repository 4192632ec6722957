"""The plan of a forward test: which cutoffs may train a model that is tested at a later one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral

import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, day_number, day_stamp
from crm_analysis.words import Sentence, join

TEST, TRAINING, REFUSED = "forward_test", "forward_training", "forward_refused"
REASONS = {
    "runs_past_test": Sentence("结果期晚于测试截止日，当时还不知道标签",
                               "the outcome runs past the test cutoff, when its labels were not known yet"),
    "before_data": Sentence("截止日早于数据起点", "the cutoff lies before the data"),
    "short_history": Sentence("截止日之前的数据短于观察期（未设观察期时短于结果期）",
                              "the data before it are shorter than the observation, or the outcome where none is set"),
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """Cutoffs to train on, the one to test on, and those refused.

    Parameters
    ----------
    test : Windows
    training : tuple of Windows
        By cutoff; for `make_sample`, which keys their rows (customer_id, cutoff).
    table : pandas.DataFrame, index cutoff
        forward_role, outcome_start, outcome_end, forward_reason (blank where none).
    """

    test: Windows
    training: tuple[Windows, ...]
    table: pd.DataFrame

    def text(self, lang: str) -> str:
        """Return the plan in words: what trains, what tests, what is refused and why."""
        days = [f"{each.cutoff_date:%Y-%m-%d}" for each in self.training]
        test = f"{self.test.cutoff_date:%Y-%m-%d}"
        last = max((each.outcome_end_day for each in self.training), default=0)
        head = Sentence(
            f"用 {len(days)} 个截止日训练（{'、'.join(days)}），在 {test} 测试；训练结果期最晚到 {_day(last)}。",
            f"Train on {len(days)} {'cutoff' if len(days) == 1 else 'cutoffs'} ({', '.join(days)}), test on {test}; the"
            f" last training outcome ends on {_day(last)}.",
        ) if days else Sentence(f"没有截止日可用于训练，测试截止日为 {test}。",
                                f"No cutoff can train a model to be tested on {test}.")  # fmt: skip
        refused = self.table[self.table["forward_role"] == REFUSED]
        parts = [_refusal(rows.index, reason) for reason, rows in refused.groupby("forward_reason", sort=False)]
        return join([head, *parts]).text(lang)


def forward_plan(windows: Windows, *, cutoffs: int | Iterable[Moment] = 3, step: int | None = None) -> Plan:
    r"""Choose training cutoffs for a test cutoff, as one would have had to choose them then.

    .. math:: c_{train} + gap + outcome \le c_{test}

    A training label that was not known on the evening of the test cutoff is of no use in practice, and a leak in a
    test. Going back by `step` days from the test cutoff, the first `cutoffs` that satisfy this and lie within the
    data are taken; those on the way that do not are listed with the reason. Unless the windows say where the data
    begin (``data_start``), that is not checked.

    Parameters
    ----------
    windows : Windows
        Around the test cutoff.
    cutoffs : int >= 1, or iterable of days
        How many training cutoffs; or the days themselves, to be judged.
    step : int >= 1, optional
        Days between cutoffs. Default gap + outcome: outcomes of training and test share no day. A shorter step gives
        more rows of the same customers on nearly the same days, not more evidence.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        If `cutoffs` or `step` is no such number, or no cutoff is left to train on.

    References
    ----------
    .. [1] Tashman (2000). Out-of-sample tests of forecasting accuracy. International Journal of Forecasting 16,
       437-450 (rolling origins).

    Examples
    --------
    >>> test = Windows("2010-08-31", data_end="2010-12-09", outcome=90, data_start="2009-12-01")
    >>> plan = forward_plan(test, cutoffs=["2010-05-31", "2010-07-31"])
    >>> plan.table["forward_role"].tolist()
    ['forward_training', 'forward_refused', 'forward_test']
    >>> print(plan.text("en").split("; ")[0])
    Train on 1 cutoff (2010-05-31), test on 2010-08-31
    """
    length = windows.gap + windows.outcome
    if step is not None and not _is_count(step):
        raise InputError(
            f"step={step!r} is no number of days", expected="a whole number from 1", zh="step 应为正整数天数"
        )
    if isinstance(cutoffs, (Integral, float)):
        judged = _counted(windows, cutoffs, length if step is None else int(step))
    else:
        judged = _named(windows, cutoffs)
    training = tuple(windows.at(day_stamp(day)) for day, reason in sorted(judged.items()) if not reason)
    table = _table(windows, judged)
    plan = Plan(windows, training, table)
    if not training:
        raise InputError(plan.text("en"),
                         expected=f"a cutoff within the data, up to {_day(windows.cutoff_day - length)}",
                         mend="take a later test cutoff, a shorter outcome or a shorter observation",
                         zh=plan.text("zh"))  # fmt: skip
    return plan


def _counted(windows: Windows, cutoffs: object, step: int) -> dict[int, str]:
    """Judge cutoffs going back by `step`, until enough are found or the data begin."""
    if not _is_count(cutoffs):
        raise InputError(f"cutoffs={cutoffs!r} is no number", expected="a whole number from 1, or a list of days",
                         zh="cutoffs 应为正整数，或日期列表")  # fmt: skip
    judged: dict[int, str] = {}
    day = windows.cutoff_day - step
    while sum(not reason for reason in judged.values()) < int(cutoffs):
        judged[day] = _reason(windows, day)
        if judged[day] in ("short_history", "before_data"):
            break
        day -= step
    return judged


def _named(windows: Windows, cutoffs: Iterable[Moment]) -> dict[int, str]:
    days = [day_number(each) for each in ([cutoffs] if isinstance(cutoffs, (str, pd.Timestamp)) else cutoffs)]
    wrong = [_day(day) for day in days if day >= windows.cutoff_day]
    if wrong or not days or len(set(days)) < len(days):
        raise InputError(f"not before the test cutoff: {', '.join(wrong)}" if wrong else
                         "a cutoff stands twice" if days else "no cutoff is named",
                         expected=f"different days before {_day(windows.cutoff_day)}",
                         zh="训练截止日应早于测试截止日，且互不相同")  # fmt: skip
    return {day: _reason(windows, day) for day in days}


def _reason(windows: Windows, day: int) -> str:
    """Why a cutoff cannot train; blank where it can."""
    if day + windows.gap + windows.outcome > windows.cutoff_day:
        return "runs_past_test"
    if windows.data_start is None:
        return ""
    known = day - day_number(windows.data_start) + 1
    if known < 1:
        return "before_data"
    return "short_history" if known < (windows.observation or windows.outcome) else ""


def _table(windows: Windows, judged: dict[int, str]) -> pd.DataFrame:
    roles = {day: (REFUSED if reason else TRAINING, reason) for day, reason in judged.items()}
    roles[windows.cutoff_day] = (TEST, "")
    rows = [
        {
            "forward_role": role, "outcome_start": day_stamp(day + windows.gap + 1),
            "outcome_end": day_stamp(day + windows.gap + windows.outcome), "forward_reason": reason,
        }
        for day, (role, reason) in sorted(roles.items())
    ]  # fmt: skip
    return pd.DataFrame(rows, index=pd.Index([day_stamp(day) for day in sorted(roles)], name="cutoff"))


def _refusal(days: pd.Index, reason: str) -> Sentence:
    listed = [f"{day:%Y-%m-%d}" for day in days]
    return Sentence(f"不可用：{'、'.join(listed)}（{REASONS[reason].zh}）。",
                    f"Refused: {', '.join(listed)} ({REASONS[reason].en}).")  # fmt: skip


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= 1


def _day(number: int) -> str:
    return f"{day_stamp(number):%Y-%m-%d}"
