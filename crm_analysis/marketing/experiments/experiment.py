"""A whole experiment in one call: the split first, then the balance, then every metric with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, holm, with_limits
from crm_analysis.marketing.experiments.balance import balance_table, balance_test
from crm_analysis.marketing.experiments.compare import NO_COMPARISON, Comparison, two_means, two_proportions
from crm_analysis.marketing.experiments.ratios import ratio_of_totals, relative_means, two_ratios
from crm_analysis.marketing.experiments.split import SampleRatio, sample_ratio
from crm_analysis.marketing.experiments.units import Metric, Metrics, read_arms, read_metrics, same_arm

NAN = float("nan")
FEW_UNITS, FEW_HITS = 30, 10
ADVICE = "name every arm once, each planned size above 0, such as {'mail': 0.9, 'holdout': 0.1}"


@dataclass(frozen=True)
class Experiment:
    """What an experiment found.

    Attributes
    ----------
    control : object
        Name of the control arm.
    outcome : str
        The primary metric.
    arms : pandas.DataFrame, index arm
        units, share, planned_share (NaN where no plan was given).
    split : SampleRatio
        Check of the sizes; ``stop`` is true where all measures are NaN because of it. NaN without a plan.
    effects : pandas.DataFrame
        metric, metric_kind, arm, units, control_units, arm_value, control_value, effect and relative_effect with
        limits (arm less control), p, p_holm (over arms × metrics), few_units.
    balance : pandas.DataFrame
        From `balance_table`; no rows without covariates.
    balance_statistic, balance_p : float
        Joint check of the covariates.
    level : float
    looks : int
        How often the data were looked at before.
    """

    control: object
    outcome: str
    arms: pd.DataFrame
    split: SampleRatio
    effects: pd.DataFrame
    balance: pd.DataFrame
    balance_statistic: float
    balance_p: float
    level: float
    looks: int

    def text(self, lang: str) -> str:
        """Return the result in sentences that carry the intervals, ``zh`` or ``en``."""
        from crm_analysis.marketing.experiments.text import experiment_text

        return experiment_text(self).text(lang)


def experiment(
    customers: pd.DataFrame,
    *,
    arm: str = "arm",
    outcome: str,
    metrics: Metrics = (),
    control: object = "holdout",
    planned: Mapping[object, float] | None = None,
    covariates: Sequence[str] | None = None,
    looks: int = 1,
    level: float = 0.95,
    seed: int = 0,
) -> Experiment:
    """Compare every arm of an experiment with its control, on every metric.

    The split is checked first: sizes unlike the plan (p < .001) mean that units were lost or added on the way, and
    then nothing is compared. A metric of 0 and 1 is a share (Newcombe's limits of the difference, Katz's of the
    ratio), another column a mean (Welch; Fieller), a pair of columns a ratio of totals such as revenue per session
    (delta method on the units; Fieller). Differences in `covariates` show whether the lot did its work; they are not
    adjusted for (`cuped` does that).

    Parameters
    ----------
    customers : pandas.DataFrame
        One row per unit that was drawn by lot, reached or not (column ``customer_id``, or the index).
    arm : str
        Column of the arms.
    outcome : str
        The primary metric, decided on before: a column, or a name in `metrics`.
    metrics : sequence of columns, or mapping of name to column or (numerator, denominator)
        Further metrics.
    control : object
        Name of the control arm.
    planned : mapping of arm to float, optional
        Planned split, such as ``{"mail": 0.9, "holdout": 0.1}``. Without it the split is not checked.
    covariates : sequence of str, optional
        Columns known before the lot was drawn.
    looks : int
        How often the result was looked at, this time included; more than once and the text warns.
    level : float in (0, 1)
        Of each interval; p_holm is corrected for arms × metrics, the intervals are not.
    seed : int
        Of the joint balance check.

    Returns
    -------
    Experiment

    Raises
    ------
    InputError
        If the control or a column is missing, a unit stands twice, an arm or outcome is blank, arms differ only in
        spaces or capitals, or the plan does not name the arms.

    References
    ----------
    .. [1] Kohavi, Tang & Xu (2020). Trustworthy Online Controlled Experiments, chapters 3, 17-22.

    Examples
    --------
    >>> people = pd.DataFrame({"arm": ["mail", "holdout"] * 200, "bought": [1, 0, 1, 1, 0, 0, 0, 0] * 50})
    >>> found = experiment(people, outcome="bought", planned={"mail": 1, "holdout": 1})
    >>> found.effects[["arm_value", "control_value", "effect", "effect_low"]].round(3).values.tolist()
    [[0.5, 0.25, 0.25, 0.156]]
    """
    check_level(level)
    if isinstance(looks, bool) or not isinstance(looks, (int, np.integer)) or looks < 1:
        raise InputError(f"looks must be a whole number from 1; got {looks!r}", zh="查看次数应为正整数")
    arms = read_arms(customers, arm=arm, control=control)
    control = same_arm(control, list(arms.cat.categories))
    chosen = read_metrics(customers, outcome=outcome, metrics=metrics)
    table, split = _split(arms, planned)
    before = [] if covariates is None else [covariates] if isinstance(covariates, str) else list(covariates)
    balance = balance_table(customers, arms=arms, covariates=before)
    statistic, p, _ = balance_test(customers, arms=arms, covariates=before, seed=seed) if before else (NAN, NAN, NAN)
    return Experiment(control, outcome, table, split, _effects(arms, chosen, split.stop, level), balance, statistic, p,
                      level, int(looks))  # fmt: skip


def _split(arms: pd.Series, planned: Mapping[object, float] | None) -> tuple[pd.DataFrame, SampleRatio]:
    count = arms.value_counts(sort=False).reindex(arms.cat.categories)
    table = pd.DataFrame({"units": count.to_numpy()}, index=pd.Index(arms.cat.categories, name="arm"))
    table["share"] = table["units"] / len(arms)
    if planned is None:
        return table.assign(planned_share=NAN), SampleRatio(NAN, NAN, False)
    planned = {same_arm(name, list(table.index)): size for name, size in planned.items()}
    if set(planned) != set(table.index):
        raise InputError("the planned split does not name the arms", expected=ADVICE,
                         where=f"planned: {', '.join(map(str, planned))}; found: {', '.join(map(str, table.index))}",
                         zh="计划比例与实验组别不符")  # fmt: skip
    plan = np.array([float(planned[name]) for name in table.index])
    found = sample_ratio(table["units"], plan)
    return table.assign(planned_share=plan / plan.sum()), found


def _effects(arms: pd.Series, metrics: list[Metric], stopped: bool, level: float) -> pd.DataFrame:
    codes, rows = arms.cat.codes.to_numpy(), []
    for metric in metrics:
        base = metric.values(codes == 0)
        for place, name in enumerate(arms.cat.categories[1:], start=1):
            part = metric.values(codes == place)
            found = NO_COMPARISON if stopped else compare(metric.kind, part, base, level=level)
            shown = (NAN, NAN) if stopped else (_value(metric.kind, part), _value(metric.kind, base))
            rows.append(
                {"metric": metric.name, "metric_kind": metric.kind, "arm": name, "units": len(part[0])}
                | {"control_units": len(base[0]), "arm_value": shown[0], "control_value": shown[1]}
                | with_limits("effect", found.difference)
                | with_limits("relative_effect", found.lift)
                | {"p": found.p, "few_units": _few(metric.kind, part, base)}
            )
    table = pd.DataFrame(rows)
    table.insert(table.columns.get_loc("p") + 1, "p_holm", holm(table["p"]))
    return table


def compare(
    kind: str, part: tuple[np.ndarray, ...], base: tuple[np.ndarray, ...], *, level: float = 0.95
) -> Comparison:
    """Compare one metric of two groups by its kind.

    Parameters
    ----------
    kind : {"kind_share", "kind_mean", "kind_ratio"}
    part, base : tuple of arrays
        The values of each group; numerator and denominator for a ratio.
    level : float in (0, 1)

    Examples
    --------
    >>> f"{compare('kind_share', (np.repeat([1, 0], [56, 14]),), (np.repeat([1, 0], [48, 32]),)).difference:.4f}"
    '0.2000 [0.0524, 0.3339]'
    """
    if kind == "kind_ratio":
        return two_ratios(*part, *base, level=level)
    (a,), (b,) = part, base
    if kind == "kind_share":
        return two_proportions(float(a.sum()), len(a), float(b.sum()), len(b), level=level)
    return two_means(a, b, level=level)._replace(lift=relative_means(a, b, level=level))


def _value(kind: str, values: tuple[np.ndarray, ...]) -> float:
    return ratio_of_totals(*values)[0] if kind == "kind_ratio" else float(values[0].mean())


def _few(kind: str, part: tuple[np.ndarray, ...], base: tuple[np.ndarray, ...]) -> bool:
    """Tell whether a group is too small for its interval to be trusted."""
    if min(len(part[0]), len(base[0])) < FEW_UNITS:
        return True
    hits = [count for (values,) in (part, base) for count in (values.sum(), (1 - values).sum())] if (
        kind == "kind_share") else [FEW_HITS]  # fmt: skip
    return bool(min(hits) < FEW_HITS)
