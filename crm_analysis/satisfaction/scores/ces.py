"""Customer effort score (CES): the mean answer, and the share of customers to whom it was easy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import UNKNOWN, Estimate, t_half, wilson, with_limits
from crm_analysis.satisfaction.scores.csat import scale_of
from crm_analysis.satisfaction.scores.difference import NEAR_LEVEL, Difference, check_delta
from crm_analysis.satisfaction.scores.sample import TOO_FEW, Sample, take_sample
from crm_analysis.satisfaction.scores.segments import take_segments

DIRECTIONS = ("high_is_easy", "low_is_easy")
EASY_BOXES = {5: 2, 7: 3}  # answers at the easy end that count, by the number of answers on the scale
ALIKE = 1e-9  # a standard deviation below it is rounding: all answers are alike


@dataclass(frozen=True)
class EffortScore:
    """A customer effort score with all that it rests on.

    Parameters
    ----------
    ces : Estimate
        Mean answer in points of the scale, with Student's limits; without limits where all answers are alike.
    easy : Estimate
        Share of answers that count as easy, with Wilson's limits.
    direction : str
    counted : tuple of float
        The answers that count as easy.
    scale : tuple of float
    sd : float
    respondents, not_answered : int
    n_eff : float
    """

    ces: Estimate
    easy: Estimate
    direction: str
    counted: tuple[float, ...]
    scale: tuple[float, float]
    sd: float
    respondents: int
    not_answered: int
    n_eff: float

    @property
    def too_few(self) -> bool:
        """Whether fewer than 30 (effective) respondents answered."""
        return self.n_eff < TOO_FEW

    def row(self) -> dict[str, float]:
        """Return the score as a row of a table."""
        size = {"respondents": self.respondents, "not_answered": self.not_answered, "n_eff": self.n_eff}
        both = with_limits("ces", self.ces) | with_limits("easy_share", self.easy)
        return size | both | {"too_few": self.too_few}

    def text(self, lang: str) -> str:
        """Return the score in a sentence that says which end of the scale is the easy one."""
        low, high = self.scale
        easy = high if self.direction == "high_is_easy" else low
        few = {"zh": f"有效样本不足 {TOO_FEW} 人，只宜作参考。",
               "en": f" With fewer than {TOO_FEW} effective respondents it is a hint only."}  # fmt: skip
        said = {"zh": f"费力度均值为 {self.ces:.2f} 分（{low:g} 到 {high:g} 分，{easy:g} 分表示最省力），"
                      f"{self.easy:.1%} 的受访者觉得省力。",
                "en": f"The mean effort score is {self.ces:.2f} (scale {low:g} to {high:g}, {easy:g} is easiest); to "
                      f"{self.easy:.1%} of respondents it was easy."}  # fmt: skip
        return said[lang] + few[lang] * self.too_few


def ces(
    answers: ArrayLike | pd.Series,
    *,
    direction: str,
    low: float,
    high: float,
    easy: Iterable[float] | None = None,
    weights: ArrayLike | pd.Series | None = None,
    level: float = 0.95,
    missing_codes: float | Sequence[float] = (),
) -> EffortScore:
    r"""Customer effort score: mean with Student's interval, and the share of easy answers with Wilson's.

    .. math:: \bar x \pm t_{n^* - 1}\, s / \sqrt{n^*}

    Half of all questionnaires ask for effort (a low answer is good), half for ease (a high one is):
    the direction cannot be seen in the answers and must be stated. n* is the number of respondents,
    with weights the effective sample size.

    Parameters
    ----------
    answers : Series or array_like
        Whole numbers from `low` to `high`; blanks are counted and left out.
    direction : {"high_is_easy", "low_is_easy"}
    low, high : float
        Ends of the scale.
    easy : iterable of float, optional
        Answers that count as easy. Default: the two at the easy end of a scale of five answers, three of seven
        ("somewhat agree" and better); other scales have none.
    weights, level, missing_codes
        As in `csat`.

    Returns
    -------
    EffortScore

    Raises
    ------
    InputError
        If the direction is none, answers lie outside the scale, or the easy answers are not stated.

    References
    ----------
    .. [1] Dixon, Freeman & Toman (2010). Stop trying to delight your customers. Harvard Business Review 88(7), 116-122.

    Examples
    --------
    >>> found = ces([1, 2, 2, 5], direction="low_is_easy", low=1, high=5)
    >>> f"{found.ces:.2f}", found.easy.value
    ('2.50 [-0.26, 5.26]', 0.75)
    """
    ends, counted = _rules(direction, low, high, easy)
    sample = take_sample(answers, low=low, high=high, weights=weights, missing_codes=missing_codes)
    return _score(sample, direction, counted, ends, level)


def ces_table(
    survey: pd.DataFrame,
    *,
    question: str,
    direction: str,
    low: float,
    high: float,
    by: str | None = None,
    easy: Iterable[float] | None = None,
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    missing_codes: float | Sequence[float] = (),
) -> pd.DataFrame:
    """Customer effort score of each segment and of all.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    question : str
    by : str, optional
        Column of segments; blanks are ``not_stated``.
    direction, low, high, easy, weights, level, missing_codes
        As in `ces`.

    Returns
    -------
    pandas.DataFrame, index `by`
        The largest segment first, ``total`` last: respondents, not_answered, n_eff, ces (mean) and easy_share with
        limits, too_few.

    Examples
    --------
    >>> survey = pd.DataFrame({"q": [7, 6, 1], "channel": ["web", "web", "phone"]})
    >>> found = ces_table(survey, question="q", by="channel", direction="high_is_easy", low=1, high=7)
    >>> found["ces"].round(2).to_dict()
    {'web': 6.5, 'phone': 1.0, 'total': 4.67}
    """
    ends, counted = _rules(direction, low, high, easy)
    found = take_segments(survey, question, by, ends, weights=weights, missing_codes=missing_codes)
    n, x = found.n_eff, found.values
    share, mean = found.mean(np.isin(x, counted)), found.mean(x)
    low, high = wilson(np.where(found.n > 0, np.minimum(share, 1.0), 0.0) * n, n, level=level)
    sd = np.sqrt(found.mean((x - mean[found.place]) ** 2) * n / np.where(n > 1, n - 1, np.nan))
    half = t_half(np.where(sd > ALIKE, sd, np.nan), np.maximum(n, 1), level=level)
    means = {"ces": mean, "ces_low": mean - half, "ces_high": mean + half}
    return found.frame(means | {"easy_share": share, "easy_share_low": low, "easy_share_high": high}, by)


def ces_difference(first: EffortScore, second: EffortScore, *, delta: float, level: float = 0.95) -> Difference:
    """Difference of two mean effort scores in points of the scale, the first less the second, by Welch's t.

    Parameters
    ----------
    first, second : EffortScore
        On the same scale, in the same direction.
    delta : float > 0
        Largest difference that does not matter, in points of the scale.
    level : float in (0, 1)

    Returns
    -------
    Difference
        ``diff_higher`` means a higher number, which is more effort where ``low_is_easy``.

    References
    ----------
    .. [1] Welch (1947). Biometrika 34, 28-35.

    Examples
    --------
    >>> how = {"direction": "high_is_easy", "low": 1, "high": 5}
    >>> f"{ces_difference(ces([5, 4, 5], **how), ces([1, 2, 2], **how), delta=0.5).difference:.2f}"
    '3.00 [1.69, 4.31]'
    """
    if (first.scale, first.direction) != (second.scale, second.direction):
        raise InputError("the two effort scores are not on the same scale in the same direction",
                         where=f"{first.scale} {first.direction} and {second.scale} {second.direction}",
                         zh="两个费力度得分的量表或方向不同")  # fmt: skip
    check_delta(delta)
    parts = [(side.sd**2 / side.n_eff, side.n_eff) for side in (first, second)]
    variance, gap = sum(part for part, _ in parts), first.ces.value - second.ces.value
    if not variance > 0 or min(n for _, n in parts) <= 1:
        blank = Estimate(gap, UNKNOWN.low, UNKNOWN.high)
        return Difference(
            first.ces, second.ces, blank, blank, float("nan"), delta, level, min(n for _, n in parts), "+.2f"
        )
    df = variance**2 / sum(part**2 / (n - 1) for part, n in parts)
    halves = [float(stdtrit(df, 0.5 + at / 2) * np.sqrt(variance)) for at in (level, NEAR_LEVEL)]
    far, near = (Estimate(gap, gap - half, gap + half) for half in halves)
    p = float(2 * stdtr(df, -abs(gap) / np.sqrt(variance)))
    return Difference(first.ces, second.ces, far, near, p, delta, level, min(n for _, n in parts), "+.2f")


def _rules(
    direction: str, low: float, high: float, easy: Iterable[float] | None
) -> tuple[tuple[float, float], tuple[float, ...]]:
    """Ends of the scale and the answers that count as easy."""
    if direction not in DIRECTIONS:
        raise InputError(f"direction={direction!r} does not say which answers are the easy ones",
                         expected=" or ".join(DIRECTIONS), mend=nearest(direction, DIRECTIONS),
                         zh="没有说明量表方向：高分省力还是低分省力")  # fmt: skip
    ends = scale_of(low, high, None)
    answers = np.arange(low, high + 1)
    if easy is not None:
        counted = tuple(sorted({float(answer) for answer in ([easy] if np.isscalar(easy) else easy)}))
        if not counted or not set(counted) <= set(answers.tolist()):
            raise InputError(f"the easy answers {counted} are not all on the scale", expected=f"from {low} to {high}",
                             zh="计为省力的回答不在量表上")  # fmt: skip
        return ends, counted
    if len(answers) not in EASY_BOXES:
        raise InputError(f"no rule says which answers from {low:g} to {high:g} count as easy", expected="easy=(...)",
                         zh="没有说明哪些回答计为省力")  # fmt: skip
    boxes = EASY_BOXES[len(answers)]
    return ends, tuple(map(float, answers[-boxes:] if direction == "high_is_easy" else answers[:boxes]))


def _score(
    sample: Sample, direction: str, counted: tuple[float, ...], ends: tuple[float, float], level: float
) -> EffortScore:
    x, n = sample.values, sample.n_eff
    share = sample.share(np.isin(x, counted))
    low, high = wilson(min(share, 1.0) * n if sample.n else 0.0, n, level=level)
    mean = float(np.average(x, weights=sample.weights)) if sample.n else float("nan")
    spread = float(np.average((x - mean) ** 2, weights=sample.weights)) if sample.n else float("nan")
    sd = np.sqrt(spread * n / (n - 1)) if n > 1 else float("nan")
    half = float(t_half(sd, n, level=level)) if n > 1 and sd > ALIKE else float("nan")
    return EffortScore(
        Estimate(mean, mean - half, mean + half), Estimate(share, float(low), float(high)), direction, counted, ends,
        float(sd), sample.n, sample.not_answered, n,
    )  # fmt: skip
