"""How many respondents a survey needs: shares, net promoter scores, means, comparisons, structural models."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

SLACK = 1e-9  # 100 (1 + 1e-16) respondents are 100
GOALS = ("satisfied_share", "nps", "nps_difference", "mean_score", "smallest_path")


def sample_size_share(
    margin: float, *, share: float = 0.5, level: float = 0.95, population: int | None = None,
    design_effect: float = 1.0, response_rate: float = 1.0,
) -> int:  # fmt: skip
    r"""People to ask so that a share is known to within plus or minus `margin`.

    .. math:: n = \frac{z^2\, p (1 - p)}{e^2}, \qquad n_N = \frac{n}{1 + (n - 1)/N}

    times the design effect, rounded up, divided by the response rate, rounded up.

    Parameters
    ----------
    margin : float in (0, 1)
        e, half the width of the interval; 0.05 is five points.
    share : float in [0, 1]
        p as expected; one half needs most.
    level : float in (0, 1)
    population : int, optional
        N, all customers there are; endless if not given.
    design_effect : float >= 1
        n sum w^2 / (sum w)^2 of the weights to come, or that of clusters.
    response_rate : float in (0, 1]
        Share of those asked who answer. More answers do not mend who does not answer.

    Returns
    -------
    int
        With a response rate of 1 the answers needed.

    Raises
    ------
    InputError
        If an argument is out of range, or the population is too small to give so many answers.

    References
    ----------
    .. [1] Cochran (1977). Sampling Techniques, 3rd edition, sections 4.4 and 4.6.

    Examples
    --------
    >>> sample_size_share(0.05), sample_size_share(0.05, population=1000)
    (385, 278)
    """
    _check(margin=margin, share=share)
    return _people(_needed(share * (1 - share), margin, level), population, design_effect, response_rate)


def sample_size_nps(
    margin: float, *, promoters: float = 0.5, detractors: float = 0.5, level: float = 0.95,
    population: int | None = None, design_effect: float = 1.0, response_rate: float = 1.0,
) -> int:  # fmt: skip
    r"""People to ask so that a net promoter score is known to within plus or minus `margin`.

    .. math:: n = \frac{z^2 \left(p + d - (p - d)^2\right)}{e^2}

    Parameters
    ----------
    margin : float in (0, 1)
        0.05 is five points of the score.
    promoters, detractors : float
        p and d as expected. The default, half and half, needs most.
    level, population, design_effect, response_rate
        As in `sample_size_share`.

    Examples
    --------
    >>> sample_size_nps(0.05, promoters=0.5, detractors=0.2), sample_size_nps(0.05)
    (938, 1537)
    """
    _check(margin=margin)
    return _people(
        _needed(nps_variance(promoters, detractors), margin, level), population, design_effect, response_rate
    )


def sample_size_mean(
    margin: float, *, sd: float, level: float = 0.95, population: int | None = None, design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> int:  # fmt: skip
    r"""People to ask so that a mean is known to within plus or minus `margin`, :math:`n = (z s / e)^2`.

    Parameters
    ----------
    margin : float > 0
        In points of the scale.
    sd : float > 0
        Standard deviation of answers as expected, in the same points.
    level, population, design_effect, response_rate
        As in `sample_size_share`.

    Examples
    --------
    >>> sample_size_mean(0.2, sd=2)
    385
    """
    _check(positive={"margin": margin, "sd": sd})
    return _people(_needed(sd**2, margin, level), population, design_effect, response_rate)


def sample_size_two_groups(
    difference: float, *, first_variance: float, second_variance: float, level: float = 0.95, power: float = 0.8,
    design_effect: float = 1.0, response_rate: float = 1.0,
) -> int:  # fmt: skip
    r"""People to ask in **each** of two groups so that a true difference is found with probability `power`.

    .. math:: n = \frac{(z_{1 - \alpha/2} + z_{\text{power}})^2\, (v_1 + v_2)}{\delta^2}

    Parameters
    ----------
    difference : float > 0
        The smallest difference worth finding, in the unit of the score.
    first_variance, second_variance : float >= 0
        Of one answer: p(1 - p) of a share, `nps_variance` of a net promoter score, s^2 of a mean.
    level, power : float in (0, 1)
    design_effect, response_rate
        As in `sample_size_share`. There is no correction for a finite population: a comparison asks for what makes
        groups differ, not for what those happen to think who are customers today.

    Examples
    --------
    >>> sample_size_two_groups(0.10, first_variance=0.61, second_variance=0.61)
    958
    """
    _check(positive={"difference": difference}, at_least={"first_variance": (first_variance, 0),
                                                          "second_variance": (second_variance, 0)})  # fmt: skip
    z = ndtri(0.5 + check_level(level) / 2) + ndtri(check_level(power))
    n = z**2 * (first_variance + second_variance) / difference**2
    return _people(n, None, design_effect, response_rate)


def sample_size_pls(
    smallest_path: float, *, level: float = 0.95, power: float = 0.8, design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> int:  # fmt: skip
    r"""People to ask so that a path coefficient of a PLS model is found: the inverse square root method.

    .. math:: n = \left(\frac{z_{1-\alpha} + z_{\text{power}}}{|p_{\min}|}\right)^2

    One-sided; at 5 % and power 0.8 the sum of the two z is 2.486. It tends to ask for too many rather than too few.

    Parameters
    ----------
    smallest_path : float, between -1 and 1, not 0
        Standardised coefficient of the weakest path that should be found.
    level, power : float in (0, 1)
    design_effect, response_rate
        As in `sample_size_share`; no correction for a finite population.

    References
    ----------
    .. [1] Kock & Hadaya (2018). Information Systems Journal 28, 227-261.

    Examples
    --------
    >>> sample_size_pls(0.15), sample_size_pls(0.2)
    (275, 155)
    """
    if not 0 < abs(smallest_path) < 1:
        raise InputError(f"smallest_path={smallest_path} is no path to be found", expected="between -1 and 1, not 0")
    z = ndtri(check_level(level)) + ndtri(check_level(power))
    return _people((z / abs(smallest_path)) ** 2, None, design_effect, response_rate)


def nps_variance(promoters: float, detractors: float) -> float:
    """Variance of one answer as it enters a net promoter score, p + d - (p - d)^2.

    Examples
    --------
    >>> round(nps_variance(0.5, 0.2), 2)
    0.61
    """
    if promoters < 0 or detractors < 0 or promoters + detractors > 1 + SLACK:
        raise InputError(f"promoters={promoters} and detractors={detractors} are no shares of one whole",
                         expected="two shares that add up to at most 1")  # fmt: skip
    return promoters + detractors - (promoters - detractors) ** 2


def plan(
    *,
    margins: Iterable[float] = (0.03, 0.05, 0.10),
    share: float = 0.5,
    promoters: float = 0.5,
    detractors: float = 0.5,
    sd: float | None = None,
    mean_margins: Iterable[float] = (0.1, 0.2, 0.5),
    smallest_path: float | None = None,
    groups: int = 1,
    level: float = 0.95,
    power: float = 0.8,
    population: int | None = None,
    design_effect: float = 1.0,
    response_rate: float = 1.0,
) -> pd.DataFrame:
    """What each precision costs: answers and invitations for the goals of a survey, in one table.

    Parameters
    ----------
    margins : iterable of float in (0, 1)
        For shares and scores plus or minus so much; for the difference of two scores the difference to be found.
    share, promoters, detractors : float
        As expected; the defaults need most.
    sd : float, optional
        Standard deviation of answers; with it, rows for a mean with each of `mean_margins` (points of the scale).
    mean_margins : iterable of float
    smallest_path : float, optional
        With it, a row for a PLS model.
    groups : int >= 1
        Segments that are each to be known so well; the population is taken to be spread evenly over them.
    level, power : float in (0, 1)
    population, design_effect, response_rate
        As in `sample_size_share`; of all groups together. For differences and paths the population only says
        whether there are enough.

    Returns
    -------
    pandas.DataFrame
        plan_goal (satisfied_share, nps, nps_difference, mean_score, smallest_path), plan_precision, answers_per_group,
        needed_answers, invitations, feasible (the population has so many). A difference of two scores needs two groups
        at least.

    Examples
    --------
    >>> found = plan(margins=[0.05], population=2000, response_rate=0.25)
    >>> found[["plan_goal", "needed_answers", "invitations", "feasible"]].values.tolist()
    [['satisfied_share', 323, 1292, True], ['nps', 870, 3480, False], ['nps_difference', 12560, 50240, False]]
    """
    _check(at_least={"groups": (groups, 1)})
    variance = nps_variance(promoters, detractors)
    each = None if population is None else max(1, population // groups)
    rows = []

    def add(goal: str, precision: float, needed: float, count: int, there: int | None) -> None:
        answers = _answers(needed, there, design_effect)
        invited = math.ceil(answers / _rate(response_rate) - SLACK) * count
        fits = population is None or invited <= population
        rows.append((goal, precision, answers, answers * count, invited, fits))

    for margin in margins:
        _check(margin=margin, share=share)
        add("satisfied_share", margin, _needed(share * (1 - share), margin, level), groups, each)
        add("nps", margin, _needed(variance, margin, level), groups, each)
        two = max(2, groups)
        z = ndtri(0.5 + level / 2) + ndtri(check_level(power))
        add("nps_difference", margin, 2 * variance * (z / margin) ** 2, two, None)
    for margin in mean_margins if sd is not None else ():
        _check(positive={"sd": sd, "margin": margin})
        add("mean_score", margin, _needed(sd**2, margin, level), groups, each)
    if smallest_path is not None:
        n = sample_size_pls(smallest_path, level=level, power=power)
        add("smallest_path", abs(smallest_path), n, groups, None)
    table = pd.DataFrame(
        rows, columns=["plan_goal", "plan_precision", "answers_per_group", "needed_answers", "invitations", "feasible"]
    )
    order = table["plan_goal"].map({goal: place for place, goal in enumerate(GOALS)})
    return table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def precision_table(
    sizes: Iterable[int], *, share: float = 0.5, promoters: float = 0.5, detractors: float = 0.5, level: float = 0.95,
    population: int | None = None, design_effect: float = 1.0,
) -> pd.DataFrame:  # fmt: skip
    """What each number of answers buys: half the width of the intervals of a share and of a net promoter score.

    Parameters
    ----------
    sizes : iterable of int
        Numbers of answers.
    share, promoters, detractors, level, population, design_effect
        As in `sample_size_share` and `sample_size_nps`.

    Returns
    -------
    pandas.DataFrame, index needed_answers
        share_margin, nps_margin (as in planning, by the plain formula).

    Examples
    --------
    >>> precision_table([100, 400], promoters=0.5, detractors=0.2).round(3).values.tolist()
    [[0.098, 0.153], [0.049, 0.077]]
    """
    n = np.asarray(list(sizes), float)
    if (n < 1).any() or (population is not None and (n > population).any()):
        raise InputError("the numbers of answers are out of range", expected="1 or more, no more than the population")
    _check(share=share, at_least={"design_effect": (design_effect, 1)})
    left = 1.0 if population is None else (population - n) / max(1, population - 1)
    error = ndtri(0.5 + check_level(level) / 2) * np.sqrt(design_effect * left / n)
    margins = {"share_margin": np.sqrt(share * (1 - share)) * error,
               "nps_margin": np.sqrt(nps_variance(promoters, detractors)) * error}  # fmt: skip
    return pd.DataFrame(margins, index=pd.Index(n.astype(int), name="needed_answers"))


def _needed(variance: float, margin: float, level: float) -> float:
    return ndtri(0.5 + check_level(level) / 2) ** 2 * variance / margin**2


def _answers(n: float, population: int | None, design_effect: float) -> int:
    """Answers needed after correction for a finite population and the design effect, rounded up, 1 at least."""
    _check(
        at_least={"design_effect": (design_effect, 1)} | ({} if population is None else {"population": (population, 1)})
    )
    finite = n if population is None else n / (1 + (n - 1) / population)
    return max(1, math.ceil(finite * design_effect - SLACK))


def _people(n: float, population: int | None, design_effect: float, response_rate: float) -> int:
    people = math.ceil(_answers(n, population, design_effect) / _rate(response_rate) - SLACK)
    if population is not None and people > population:
        raise InputError(f"{people:,} people would have to be asked, the population has {population:,}",
                         mend="allow a wider margin, raise the response rate, or ask everybody and accept what comes",
                         zh=f"需要邀请 {people:,} 人，而总体只有 {population:,} 人")  # fmt: skip
    return people


def _rate(response_rate: float) -> float:
    if not 0 < response_rate <= 1:
        raise InputError(f"response_rate={response_rate} is no share of those asked", expected="above 0, at most 1")
    return response_rate


def _check(
    *, margin: float | None = None, share: float | None = None, positive: dict[str, float] | None = None,
    at_least: dict[str, tuple[float, float]] | None = None,
) -> None:  # fmt: skip
    """Raise one `InputError` with all arguments that are out of range."""
    problems = []
    if margin is not None and not 0 < margin < 1:
        hint = f" (if {margin:g} points were meant, pass {margin / 100:g})" if 1 <= margin < 100 else ""
        problems.append(f"margin={margin} does not lie between 0 and 1{hint}")
    if share is not None and not 0 <= share <= 1:
        problems.append(f"share={share} does not lie between 0 and 1")
    problems += [f"{name}={value} is not above 0" for name, value in (positive or {}).items() if not value > 0]
    problems += [
        f"{name}={value} is below {low}" for name, (value, low) in (at_least or {}).items() if not value >= low
    ]
    if problems:
        raise InputError("; ".join(problems), where="the plan of the survey", zh="抽样计划的参数有误")
