"""An experiment planned before it starts: how many units, for how many days, and what it could find."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.words import Sentence

STEPS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
WEEK = 7


@dataclass(frozen=True)
class Plan:
    """Sizes, power and duration of an experiment with one treated arm and a control.

    Attributes
    ----------
    kind : str
        ``kind_share`` or ``kind_mean``.
    baseline, effect : float
        Value of the control, and the difference to be found.
    sd : float
        Standard deviation of a mean (NaN for a share).
    power, level : float
        `level` after the correction for several comparisons.
    control_units, treated_units : int
    saved : float
        Share of the units that earlier data save (CUPED), rho squared.
    days : int or None
        Days until all units have come, if the traffic is known.
    curve : pandas.DataFrame
        units (both arms), power for the planned effect, detectable_effect at the planned power; with traffic also days.
    """

    kind: str
    baseline: float
    effect: float
    sd: float
    power: float
    level: float
    control_units: int
    treated_units: int
    saved: float
    days: int | None
    curve: pd.DataFrame

    @property
    def units(self) -> int:
        """Units of both arms."""
        return self.control_units + self.treated_units

    def text(self, lang: str) -> str:
        """Return the plan in sentences."""
        from crm_analysis.marketing.experiments.text import amount

        base, gap = amount(self.baseline, self.kind), amount(self.effect, self.kind, sign=True)
        weeks = -(-self.days // WEEK) if self.days else 0
        time = Sentence(f"按现有流量需 {self.days:,} 天，宜取整周（{weeks * WEEK:,} 天）。",
                        f"With the present traffic that takes {self.days:,} days; take whole weeks"
                        f" ({weeks * WEEK:,} days).") if self.days else Sentence("", "")  # fmt: skip
        saved = Sentence(f"已计入实验前数据（CUPED）节省的 {self.saved:.0%} 样本。",
                         f" The {self.saved:.0%} of units that earlier data save (CUPED) are counted in."
                         ) if self.saved else Sentence("", "")  # fmt: skip
        return Sentence(
            f"对照组为 {base[0]} 时，要以 {self.power:.0%} 的把握发现 {gap[0]} 的差异（{self.level:.4g} 置信水平），"
            f"对照组需 {self.control_units:,} 个单位，处理组需 {self.treated_units:,} 个，共 {self.units:,} 个。"
            f"{time.zh}{saved.zh}样本量应事先定好，到量后只看一次。",
            f"To find a difference of {gap[1]} from a control of {base[1]} with a power of {self.power:.0%} (level"
            f" {self.level:.4g}), {self.control_units:,} units are needed in the control and {self.treated_units:,} in"
            f" the treated arm, {self.units:,} in all. {time.en}{saved.en} Fix the size beforehand and look once.",
        ).text(lang).replace("  ", " ")  # fmt: skip


def plan_experiment(
    baseline: float,
    *,
    effect: float | None = None,
    relative: float | None = None,
    units: int | None = None,
    sd: float | None = None,
    power: float = 0.8,
    level: float = 0.95,
    treated_share: float = 0.5,
    comparisons: int = 1,
    correlation: float = 0.0,
    units_per_day: float | None = None,
) -> Plan:
    r"""Plan an experiment: the size for an effect, or the effect that a size can find, or the power of both.

    .. math:: n_0 = \frac{\left[z_{1-\alpha/2}\sqrt{\bar p\bar q(1 + 1/\kappa)} +
              z_{power}\sqrt{p_0q_0 + p_1q_1/\kappa}\right]^2}{(p_1-p_0)^2}(1-\rho^2),\quad n_1 = \kappa n_0

    with :math:`\bar p = (p_0 + \kappa p_1)/(1 + \kappa)`; with equal arms this is `sample_size`. For means both roots
    hold :math:`\sigma\sqrt{1 + 1/\kappa}`. Sizes are rounded up.

    Parameters
    ----------
    baseline : float
        Share (in [0, 1]) or, with `sd`, mean of the control.
    effect : float, optional
        Difference to be found, treated less control: 0.02 is two percentage points.
    relative : float, optional
        The same relative to `baseline`: 0.1 is a tenth more. Give one of the two at most.
    units : int, optional
        Units of both arms. Without an effect the smallest detectable (positive) one is found, with one the power.
    sd : float, optional
        Standard deviation of the measure; makes it a mean.
    power : float in (0, 1)
        Chance to find the effect if it is there.
    level : float in (0, 1)
        One minus the chance to find one if it is not.
    treated_share : float in (0, 1)
    comparisons : int
        Arms × metrics that share the chance of a false find (Bonferroni: (1 - level) / comparisons each).
    correlation : float in (-1, 1)
        Of the measure with the same measure before (CUPED); saves its square of the units.
    units_per_day : float, optional
        Traffic, for the days needed.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        If neither size nor effect is given, or a number lies outside its range.

    References
    ----------
    .. [1] Fleiss, Levin & Paik (2003). Statistical Methods for Rates and Proportions, sections 4.2, 4.4.
    .. [2] Deng, Xu, Kohavi & Walker (2013). WSDM '13, 123-132 (CUPED).

    Examples
    --------
    >>> plan = plan_experiment(0.10, effect=0.02, units_per_day=500)
    >>> plan.control_units, plan.treated_units, plan.days
    (3841, 3841, 16)
    >>> round(plan_experiment(0.10, units=7682).effect, 4)
    0.02
    """
    effect = _effect(baseline, effect, relative, units)
    _check(baseline, effect, units, sd, power, treated_share, comparisons, correlation, units_per_day)
    level = 1 - (1 - check_level(level)) / comparisons
    task = _Task(baseline, sd, level, treated_share / (1 - treated_share), 1 - correlation**2)
    if units is None:
        control, treated = task.sizes(effect, power)
    else:
        control = max(1, round(units * (1 - treated_share)))
        treated = max(1, units - control)
        power = power if effect is None else task.power(effect, control, treated)
        effect = task.detectable(power, control, treated) if effect is None else effect
    plan = Plan("kind_share" if sd is None else "kind_mean", float(baseline), float(effect),
                float("nan") if sd is None else float(sd), float(power), level, control, treated, correlation**2,
                _days(control + treated, units_per_day), pd.DataFrame())  # fmt: skip
    return replace(plan, curve=_curve(plan, task, units_per_day))


@dataclass(frozen=True)
class _Task:
    """The numbers that all three questions share; `kappa` is treated units per control unit."""

    baseline: float
    sd: float | None
    level: float
    kappa: float
    factor: float

    def _spreads(self, effect: float, kappa: float) -> tuple[float, float]:
        """Standard error times the root of control units: without an effect, and with it."""
        if self.sd is not None:
            return (self.sd * np.sqrt((1 + 1 / kappa) * self.factor),) * 2
        p0, p1 = self.baseline, self.baseline + effect
        mean = (p0 + kappa * p1) / (1 + kappa)
        null = mean * (1 - mean) * (1 + 1 / kappa)
        return np.sqrt(null * self.factor), np.sqrt((p0 * (1 - p0) + p1 * (1 - p1) / kappa) * self.factor)

    def sizes(self, effect: float, power: float) -> tuple[int, int]:
        null, real = self._spreads(effect, self.kappa)
        exact = ((ndtri(0.5 + self.level / 2) * null + ndtri(power) * real) / effect) ** 2
        return int(np.ceil(exact - 1e-9)), int(np.ceil(exact * self.kappa - 1e-9))

    def power(self, effect: float, control: float, treated: float) -> float:
        null, real = self._spreads(effect, treated / control)
        away = abs(effect) * np.sqrt(control) - ndtri(0.5 + self.level / 2) * null
        return float(ndtr(away / real)) if real > 0 else float(away > 0)

    def detectable(self, power: float, control: float, treated: float) -> float:
        """Smallest positive effect found with this power; NaN where no effect is."""
        low, high = 0.0, 1 - self.baseline
        if self.sd is not None:
            null, _ = self._spreads(0.0, treated / control)
            return float((ndtri(0.5 + self.level / 2) + ndtri(power)) * null / np.sqrt(control))
        if not high > 0 or self.power(high, control, treated) < power:
            return float("nan")
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (low, middle) if self.power(middle, control, treated) >= power else (middle, high)
        return high


def _curve(plan: Plan, task: _Task, units_per_day: float | None) -> pd.DataFrame:
    rows = []
    for step in STEPS:
        control, treated = max(2, round(plan.control_units * step)), max(2, round(plan.treated_units * step))
        row = {"units": control + treated}
        if units_per_day:
            row["days"] = _days(control + treated, units_per_day)
        row |= {"power": task.power(plan.effect, control, treated) if np.isfinite(plan.effect) else float("nan"),
                "detectable_effect": task.detectable(plan.power, control, treated)}  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows).drop_duplicates("units", ignore_index=True)


def _days(units: int, per_day: float | None) -> int | None:
    return None if per_day is None else int(np.ceil(units / per_day))


def _effect(baseline: float, effect: float | None, relative: float | None, units: int | None) -> float | None:
    if effect is not None and relative is not None:
        raise InputError("effect and relative are both given", mend="give one", zh="effect 与 relative 只能给一个")
    if relative is not None:
        effect = baseline * relative
    if effect is None and units is None:
        raise InputError("neither an effect nor a size is given", mend="effect=0.02 or units=10000",
                         zh="请给出要发现的差异或样本量")  # fmt: skip
    return effect


def _check(
    baseline: float, effect: float | None, units: int | None, sd: float | None, power: float, share: float,
    comparisons: int, correlation: float, per_day: float | None,
) -> None:  # fmt: skip
    wrong = [] if sd is not None or 0 <= baseline <= 1 else [f"baseline {baseline} is no share (a mean needs sd=)"]
    moved = baseline if effect is None else baseline + effect
    wrong += [f"baseline + effect is {moved:g}, no share"] if sd is None and not wrong and not 0 <= moved <= 1 else []
    ranges = {"power": (power, 0, 1), "treated_share": (share, 0, 1), "correlation": (correlation, -1, 1),
              "sd": (sd, 0, np.inf), "units_per_day": (per_day, 0, np.inf)}  # fmt: skip
    wrong += [
        f"{name} {value} does not lie between {low} and {high}"
        for name, (value, low, high) in ranges.items()
        if value is not None and not low < value < high
    ]
    wrong += ["effect is 0"] if effect is not None and not abs(effect) > 0 else []
    wrong += [f"units {units} are fewer than 2"] if units is not None and not units >= 2 else []
    wrong += [f"comparisons {comparisons} are fewer than 1"] if not comparisons >= 1 else []
    if wrong:
        raise InputError("; ".join(wrong), where="plan_experiment", mend="5 % is written 0.05",
                         zh="实验计划的参数超出范围：" + "；".join(part.split(" ")[0] for part in wrong))  # fmt: skip
