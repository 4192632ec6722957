"""CUPED: what each customer did before the experiment takes noise out of the comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import with_limits
from crm_analysis.marketing.experiments.compare import Comparison, two_means
from crm_analysis.marketing.experiments.ratios import relative_means
from crm_analysis.marketing.experiments.split import SRM_LIMIT
from crm_analysis.words import Sentence


@dataclass(frozen=True)
class Cuped:
    """The comparison without and with what was known before.

    Attributes
    ----------
    theta : pandas.Series
        Slope of the outcome on each earlier variable, within arms.
    variance_reduction : float
        Share of the variance within arms that the earlier variables explain, rho squared; as many units are saved.
    plain, adjusted : Comparison
        Treatment less control.
    table : pandas.DataFrame
        Rows ``unadjusted`` and ``cuped``: effect and relative_effect with limits, p.
    """

    theta: pd.Series
    variance_reduction: float
    plain: Comparison
    adjusted: Comparison
    table: pd.DataFrame

    def text(self, lang: str) -> str:
        """Return what the adjustment saves and what it finds."""
        found, saved = self.adjusted.difference, self.variance_reduction
        return Sentence(
            f"用实验前数据调整（CUPED）后，组内方差减少 {saved:.1%}，相当于节省同样比例的样本；差异为 {found:+,.4g}，"
            f"未调整时为 {self.plain.difference:+,.4g}。调整不改变所估计的效果，只缩小误差。",
            f"Adjusting for what was known before (CUPED) takes out {saved:.1%} of the variance within arms, as if the"
            f" sample could be smaller by that share; the difference is {found:+,.4g}, unadjusted"
            f" {self.plain.difference:+,.4g}. The adjustment does not change what is estimated, only its error.",
        ).text(lang)


def cuped(
    outcome: pd.Series, before: pd.Series | pd.DataFrame, arm: pd.Series, *, control: object = "holdout",
    level: float = 0.95,
) -> Cuped:  # fmt: skip
    r"""Compare two arms after taking out what was known of each customer before the experiment.

    .. math:: y^*_i = y_i - \theta (x_i - \bar x),\quad \theta = \frac{\operatorname{cov}(x, y)}{\operatorname{var}(x)},
              \quad \frac{\operatorname{var}(y^*)}{\operatorname{var}(y)} = 1 - \rho^2

    with covariance and variance pooled within arms. As the arms were drawn by lot before, x does not depend on the arm;
    so the adjusted difference estimates the same effect, with less noise. A variable that the treatment could
    have changed takes part of the effect away: it must be from **before** the lot was drawn.

    Parameters
    ----------
    outcome : pandas.Series, shape (n,)
        One value per randomised unit, zeros included.
    before : Series or DataFrame, shape (n,) or (n, k)
        The same units before the experiment, as a rule the same measure. Rows meet by index.
    arm : pandas.Series, shape (n,)
        Arm of each unit: the control and one other.
    control : object
    level : float in (0, 1)

    Returns
    -------
    Cuped

    Raises
    ------
    InputError
        If there are not two arms, the control is missing, a value is blank or no number, indexes differ, an earlier
        variable never varies, or the arms differ in it by more than a lot explains (p < .001).

    References
    ----------
    .. [1] Deng, Xu, Kohavi & Walker (2013). WSDM '13, 123-132, equations 3-5.

    Examples
    --------
    >>> arm = pd.Series(["mail", "holdout"] * 4)
    >>> before = pd.Series([1.0, 1.2, 2.0, 2.1, 3.0, 2.9, 4.0, 4.1])
    >>> found = cuped(before + [0.6, 0, 0.4, 0.1, 0.5, 0, 0.5, -0.1], before, arm)
    >>> f"{found.adjusted.difference:.2f}", f"{found.variance_reduction:.1%}"
    ('0.50 [0.37, 0.62]', '99.7%')
    """
    y, x, treated = _checked(outcome, before, arm, control)
    inner_y, inner_x = y.copy(), x.copy()
    for side in (treated, ~treated):
        inner_y[side] -= y[side].mean()
        inner_x[side] -= x[side].mean(axis=0)
    theta = np.linalg.lstsq(inner_x, inner_y, rcond=None)[0]
    adjusted = y - (x - x.mean(axis=0)) @ theta
    total, left = (inner_y**2).sum(), ((inner_y - inner_x @ theta) ** 2).sum()
    rows, found = [], {}
    for name, values in (("unadjusted", y), ("cuped", adjusted)):
        one = two_means(values[treated], values[~treated], level=level)
        lift = relative_means(values[treated], values[~treated], level=level)
        found[name] = one._replace(lift=lift)
        rows.append(with_limits("effect", one.difference) | with_limits("relative_effect", lift) | {"p": one.p})
    names = [before.name if before.name is not None else "before"] if isinstance(before, pd.Series) else before.columns
    return Cuped(
        theta=pd.Series(theta, index=pd.Index(names, name="covariate"), name="theta"),
        variance_reduction=float(1 - left / total) if total > 0 else float("nan"),
        plain=found["unadjusted"],
        adjusted=found["cuped"],
        table=pd.DataFrame(rows, index=pd.Index(list(found), name="adjustment")),
    )


def _checked(
    outcome: pd.Series, before: pd.Series | pd.DataFrame, arm: pd.Series, control: object
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not (outcome.index.equals(before.index) and outcome.index.equals(arm.index)):
        raise InputError(
            "outcome, before and arm have different indexes",
            where="cuped",
            mend="take them from one frame, one row per unit",
            zh="结果、实验前数据与分组的索引不一致",
        )
    arms = list(arm.dropna().unique())
    if arm.isna().any() or len(arms) != 2 or control not in arms:
        raise InputError(f"the arms are {', '.join(map(str, arms))}", where="arm",
                         expected=f"two arms, one of them the control {control!r}",
                         mend="name the control with control=…, compare arms two by two",
                         zh=f"应恰有两组，其中一组为对照组 {control}")  # fmt: skip
    y = _numbers(outcome, "outcome")
    frame = before.to_frame() if isinstance(before, pd.Series) else before
    x = np.column_stack([_numbers(frame[name], str(name)) for name in frame])
    treated = (arm != control).to_numpy()
    for name, values in zip(frame, x.T):
        if not np.ptp(values) > 0:
            raise InputError(f"{name!r} never varies and explains nothing", where="before", zh=f"{name} 没有变化")
        p = two_means(values[treated], values[~treated]).p
        if p < SRM_LIMIT:
            raise InputError(
                f"{name!r} differs between the arms by more than a lot explains (p = {p:.1g})", where="before",
                expected="a variable from before the arms were drawn, which the treatment cannot have changed",
                mend="take the measure of the time before; if it is from before, the arms were not drawn by lot",
                zh=f"{name} 在两组间的差异超出随机分组所能解释的范围，可能已受处理影响",
            )  # fmt: skip
    return y, x, treated


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    numeric = pd.api.types.is_numeric_dtype(values.dtype)
    found = values.to_numpy("float64", na_value=np.nan) if numeric else np.array([np.nan])
    if not np.isfinite(found).all():
        wrong = f"{int((~np.isfinite(found)).sum()):,} values are blank" if numeric else "values are no numbers"
        raise InputError(f"{name}: {wrong}", where=name, expected="a number for each unit",
                         mend="0 where nothing happened; a unit that cannot be known must be set aside in all arms",
                         zh=f"{name} 有空值或不是数值")  # fmt: skip
    return found
