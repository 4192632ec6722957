"""What may be done for a customer, what it costs, and what it is assumed to achieve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crm_analysis.errors import InputError


@dataclass(frozen=True)
class Action:
    """One way to contact a customer.

    Parameters
    ----------
    key : str
        Short name, used in columns.
    zh, en : str
        Name in lists; by default the key.
    cost : float >= 0
        Of the contact itself.
    offer : float >= 0
        Paid for each customer contacted who stays.
    accept : float in [0, 1], optional
        Share of churners who stay because of it: the chance of churn falls by ``accept * churn_probability``. One
        share for all means that who is all but gone is won back as easily as who wavers, and ranks first; give
        `accept` of `worklist` by customer where that is not so.
    effect : float in [-1, 1], optional
        Fall of the chance of churn in points, as found in an experiment; never below zero chance. Give one of the two.
    most_per_customer : int >= 0, optional
        Not for customers who had it so often lately (see `recent_contacts` of `worklist`).

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> Action("call", "电话回访", "phone call", cost=8, accept=0.3).name("zh")
    '电话回访'
    >>> Action("mail", cost=-1)
    Traceback (most recent call last):
    crm_analysis.errors.InputError: cost=-1 is no amount of 0 or more; neither accept nor effect is given
      where: action 'mail'
      expected: cost and offer in money, and what the action achieves: accept (share of churners) or effect (points)
    """

    key: str
    zh: str = ""
    en: str = ""
    cost: float = 0.0
    offer: float = 0.0
    accept: float | None = None
    effect: float | None = None
    most_per_customer: int | None = None

    def __post_init__(self) -> None:
        problems = _problems(self)
        if problems:
            raise InputError("; ".join(problems), where=f"action {self.key!r}",
                             expected="cost and offer in money, and what the action achieves: accept (share of "
                                      "churners) or effect (points)",
                             zh=f"行动“{self.zh or self.key}”的设定有误：" + "；".join(problems))  # fmt: skip

    def name(self, lang: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return (self.zh if lang == "zh" else self.en) or self.key


def check_actions(actions: Sequence[Action]) -> list[Action]:
    """Return the actions as a list; none, or one key twice, is an `InputError`.

    Examples
    --------
    >>> check_actions([Action("call", accept=0.1), Action("call", accept=0.2)])
    Traceback (most recent call last):
    crm_analysis.errors.InputError: two actions have one key: call
      where: actions
      how to mend: give each action a key of its own
    """
    listed = [actions] if isinstance(actions, Action) else list(actions)
    strange = [one for one in listed if not isinstance(one, Action)]
    if strange or not listed:
        raise InputError(f"{strange[0]!r} is no Action" if strange else "there is no action", where="actions",
                         mend='Action("call", cost=8, accept=0.3)', zh="没有可用的行动")  # fmt: skip
    keys = [one.key for one in listed]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InputError(f"two actions have one key: {', '.join(twice)}", where="actions",
                         mend="give each action a key of its own", zh=f"行动的键重复：{'、'.join(twice)}")  # fmt: skip
    return listed


def is_number(value: object) -> bool:
    """Tell whether a value is one finite number, not a truth value."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))


def _problems(action: Action) -> list[str]:
    found = [] if isinstance(action.key, str) and action.key.strip() else ["the key is blank"]
    for name in ("cost", "offer"):
        value = getattr(action, name)
        found += [] if is_number(value) and value >= 0 else [f"{name}={value!r} is no amount of 0 or more"]
    if (action.accept is None) == (action.effect is None):
        found.append(
            "neither accept nor effect is given" if action.accept is None else "both accept and effect are given"
        )
    for name, least in (("accept", 0), ("effect", -1)):
        value = getattr(action, name)
        if value is not None and not (is_number(value) and least <= value <= 1):
            found.append(f"{name}={value!r} does not lie between {least} and 1")
    most = action.most_per_customer
    if most is not None and (isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 0):
        found.append(f"most_per_customer={most!r} is no whole number of 0 or more")
    return found
