"""Two scores set beside each other: the signed difference, and whether "no change" may be claimed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from crm_analysis import intervals
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level
from crm_analysis.satisfaction.scores.limits import nps_moments
from crm_analysis.satisfaction.scores.nps import PromoterScore, nps
from crm_analysis.satisfaction.scores.sample import TOO_FEW

NEAR_LEVEL = 0.90  # two one-sided tests at 5 % each
DELTA = 0.05
NO_LIMITS = (
    "两方的回答没有差异或人数太少，得不到区间，不能断定有无差异。",
    "Answers without spread, or too few, give no interval: neither a difference nor the lack of one is shown.",
)
VERDICTS = {
    "diff_higher": ("前者高于后者。", "The first is higher."),
    "diff_lower": ("前者低于后者。", "The first is lower."),
    "diff_higher_small": (
        "前者高于后者，但差异在 ±{delta} 以内，没有实际意义。",
        "The first is higher, but by less than ±{delta}, which does not matter.",
    ),
    "diff_lower_small": (
        "前者低于后者，但差异在 ±{delta} 以内，没有实际意义。",
        "The first is lower, but by less than ±{delta}, which does not matter.",
    ),
    "diff_none": (
        "90% 区间全部落在 ±{delta} 以内，可以认为没有实际意义的差异。",
        "The 90% interval lies within ±{delta}: there is no difference that matters.",
    ),
    "diff_undecided": (
        "不能断定有差异，也不能断定没有变化：区间既包含零，又超出 ±{delta}。",
        "Neither a difference nor the lack of one is shown: the interval holds zero and reaches beyond ±{delta}.",
    ),
}


@dataclass(frozen=True)
class Difference:
    """The first score less the second.

    Parameters
    ----------
    first, second : Estimate
    difference : Estimate
        Signed, with limits at `level`.
    near : Estimate
        The same with limits at 90 %, which decide on "no change".
    p : float
        Two-sided.
    delta : float
        The largest difference that does not matter.
    level : float
    n_eff : float
        Effective respondents on the smaller side.
    style : str
        Format of the numbers.
    """

    first: Estimate
    second: Estimate
    difference: Estimate
    near: Estimate
    p: float
    delta: float
    level: float
    n_eff: float
    style: str = "+.1%"

    @property
    def too_few(self) -> bool:
        """Whether one side has fewer than 30 effective respondents."""
        return self.n_eff < TOO_FEW

    @property
    def verdict(self) -> str:
        """``diff_higher``, ``diff_lower`` (with ``_small`` if within delta), ``diff_none`` or ``diff_undecided``."""
        small = -self.delta <= self.near.low and self.near.high <= self.delta
        if self.difference.low > 0 or self.difference.high < 0:
            return ("diff_higher" if self.difference.value > 0 else "diff_lower") + "_small" * small
        return "diff_none" if small else "diff_undecided"

    def text(self, lang: str) -> str:
        """Return the comparison in words, with what may not be claimed."""
        plain, place = self.style.lstrip("+"), int(lang == "en")
        first, second, delta = (format(x, plain) for x in (self.first.value, self.second.value, self.delta))
        by, p = format(self.difference, self.style), p_text(self.p, lang)
        said = {
            "zh": f"{first} 与 {second} 相差 {by}{p}。",
            "en": f"{first} against {second}: a difference of {by}{p}. ",
        }
        known = np.isfinite([self.difference.low, self.difference.high]).all()
        verdict = VERDICTS[self.verdict][place].format(delta=delta) if known else NO_LIMITS[place]
        few = {"zh": f"一方的有效样本不足 {TOO_FEW} 人，结论不可靠。",
               "en": f" One side has fewer than {TOO_FEW} effective respondents: do not rely on it."}[lang]  # fmt: skip
        return said[lang] + verdict + few * self.too_few


def nps_difference(
    first: PromoterScore | ArrayLike,
    second: PromoterScore | ArrayLike,
    *,
    level: float = 0.95,
    delta: float = DELTA,
) -> Difference:
    r"""Difference of two independent net promoter scores, the first less the second.

    .. math:: \tilde N_1 - \tilde N_2 \pm z \sqrt{\mathrm{var}(\tilde N_1) + \mathrm{var}(\tilde N_2)}

    Both sides are adjusted as in `nps`; the value shown is the plain difference. An interval that
    holds zero does not show that nothing changed: that is said only where the 90 % interval lies
    within -delta to delta (two one-sided tests).

    Parameters
    ----------
    first, second : PromoterScore or answers as for `nps`
        With weights, pass ``nps(answers, weights=...)``.
    level : float in (0, 1)
    delta : float > 0
        Largest difference without practical meaning; 0.05 is five points. State it before looking.

    Returns
    -------
    Difference

    References
    ----------
    .. [1] Rocks (2016). The American Statistician 70, 365-372.
    .. [2] Schuirmann (1987). Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680 (two one-sided tests).

    Examples
    --------
    >>> found = nps_difference([10] * 50 + [8] * 30 + [0] * 20, [10] * 35 + [8] * 40 + [0] * 25)
    >>> f"{found.difference:.3f}", round(found.p, 4), found.verdict
    ('0.200 [-0.017, 0.405]', 0.0717, 'diff_undecided')
    """
    a, b = (side if isinstance(side, PromoterScore) else nps(side) for side in (first, second))
    (x, v), (y, w) = (nps_moments(*side.effective_counts) for side in (a, b))
    plain, spread = a.nps.value - b.nps.value, float(np.sqrt(v + w))
    return make_difference(a.nps, b.nps, plain, float(x - y), spread, level=level, delta=delta, bound=2.0,
                           n_eff=min(a.n_eff, b.n_eff))  # fmt: skip


def make_difference(
    first: Estimate, second: Estimate, plain: float, centre: float, spread: float, *, level: float, delta: float,
    bound: float, n_eff: float, style: str = "+.1%",
) -> Difference:  # fmt: skip
    """Normal limits around `centre`, cut to -bound..bound and widened to hold the plain difference."""
    check_delta(delta)

    def around(at: float) -> Estimate:
        half = ndtri(0.5 + check_level(at) / 2) * spread
        low, high = min(centre - half, plain), max(centre + half, plain)
        return Estimate(plain, float(max(low, -bound)), float(min(high, bound)))

    p = float(2 * ndtr(-abs(centre) / spread)) if spread > 0 else float("nan")
    return Difference(first, second, around(level), around(NEAR_LEVEL), p, delta, level, n_eff, style)


def p_text(p: float, lang: str) -> str:
    """Return ", p = 0.012" as it follows a number in a sentence; nothing without a test.

    Examples
    --------
    >>> p_text(0.0123, "en"), p_text(1e-9, "zh"), p_text(float("nan"), "en")
    (', p = 0.012', '，p < 0.001', '')
    """
    if np.isnan(p):
        return ""
    return {"zh": "，", "en": ", "}[lang] + intervals.p_text(p)


def check_delta(delta: float) -> None:
    """Raise an `InputError` unless the difference that does not matter is above 0."""
    if not delta > 0:
        raise InputError(
            f"delta={delta} is no difference that does not matter", expected="a number above 0, such as 0.05"
        )
