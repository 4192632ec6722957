"""What the plots of churn models share: the look of each model, and which side of a measure is better."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crm_analysis.churn.models.metrics import LARGER_IS_BETTER, MEASURES
from crm_analysis.clv.plots.parts import pick
from crm_analysis.errors import InputError, nearest
from crm_analysis.figures import PALETTE

BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, GREY = PALETTE


class Look(NamedTuple):
    """How one model is drawn, in every plot alike."""

    color: str
    marker: str
    linestyle: str


OWN = {
    "prior": Look(GREY, "X", ":"), "recency_only": Look(YELLOW, "v", "-."), "tenure_only": Look(YELLOW, "v", "-."),
    "single_feature": Look(YELLOW, "v", "-."), "bg_nbd": Look(PURPLE, "D", (0, (5, 1, 1, 1, 1, 1))),
    "logistic": Look(BLUE, "o", "-"), "boosting": Look(ORANGE, "s", "--"),
}  # fmt: skip
OTHERS = [Look(GREEN, "^", "-."), Look(SKY, "P", "--"), Look(GREY, "h", "-"), Look(GREEN, "<", ":")]


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return colour, marker and line of each model: contenders keep theirs, others take what is free.

    Examples
    --------
    >>> looks(["logistic", "mine"])["logistic"].marker
    'o'
    """
    listed = list(dict.fromkeys(names))
    unknown = [name for name in listed if name not in OWN]
    return {name: OWN[name] if name in OWN else OTHERS[unknown.index(name) % len(OTHERS)] for name in listed}


def direction(measure: str, lang: str) -> str:
    """Say whether more or less of a measure is better."""
    zh, en = ("越大越好", "more is better") if measure in LARGER_IS_BETTER else ("越小越好", "less is better")
    return pick(lang, zh=zh, en=en)


def check_measure(measure: str) -> None:
    """Raise `InputError` unless the measure is known."""
    if measure not in MEASURES:
        raise InputError(f"measure={measure!r} is not known", expected=", ".join(MEASURES),
                         mend=nearest(measure, MEASURES), zh=f"未知的指标：{measure}")  # fmt: skip
