"""What a response surface says in words, and what may not be claimed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.disconfirmation.surface import ResponseSurface


def disconfirmation_of(mean_slopes: pd.DataFrame, alpha: float) -> str:
    """Name what the slopes at the mean of the respondents say about expectation and perception.

    Parameters
    ----------
    mean_slopes : pandas.DataFrame, index term
        Rows expectation and perception, columns estimate and p.
    alpha : float

    Returns
    -------
    str
        ``contrast``: more perception raises and more expectation lowers the outcome, as disconfirmation has it;
        ``perception_only``: perception raises it, expectation shows nothing; ``assimilation``: both raise it;
        ``expectation_only``; ``no_slope``: neither shows anything; ``reversed``: perception lowers it.

    Examples
    --------
    >>> slopes = pd.DataFrame({"estimate": [-0.3, 0.8], "p": [0.01, 0.001]}, index=["expectation", "perception"])
    >>> disconfirmation_of(slopes, 0.05), disconfirmation_of(slopes, 0.005)
    ('contrast', 'perception_only')
    """
    signs = np.sign(mean_slopes["estimate"]).where(mean_slopes["p"] < alpha, 0.0)
    expected, perceived = int(signs["expectation"]), int(signs["perception"])
    if perceived < 0:
        return "reversed"
    if perceived == 0:
        return "expectation_only" if expected else "no_slope"
    return {-1: "contrast", 0: "perception_only", 1: "assimilation"}[expected]


def congruence_of(slopes: pd.DataFrame, geometry: pd.DataFrame, alpha: float) -> str:
    """Name whether the outcome can be said to be best where perception equals expectation.

    Parameters
    ----------
    slopes : pandas.DataFrame, index term
        Rows a1 to a5, columns estimate and p.
    geometry : pandas.DataFrame, index term
        Rows p10 and p11: the first principal axis, which is the ridge of a surface that bends downwards across it.
    alpha : float

    Returns
    -------
    str
        ``congruence_broad``: a4 is below 0, nothing speaks against a3 = a5 = 0, and the ridge may be the line Y = X;
        ``congruence_strict``: moreover nothing speaks against a1 = a2 = 0; else ``congruence_not_shown``.
        "Nothing speaks against" is no proof: with few respondents nothing ever does.

    Examples
    --------
    >>> slopes = pd.DataFrame({"estimate": [0, 0, 0, -2.0, 0], "p": [0.9, 0.8, 0.7, 0.001, 0.6]},
    ...                       index=["a1", "a2", "a3", "a4", "a5"])
    >>> ridge = pd.DataFrame({"estimate_low": [-1, 0.8], "estimate_high": [1, 1.2]}, index=["p10", "p11"])
    >>> congruence_of(slopes, ridge, 0.05)
    'congruence_strict'
    """

    def free(*terms: str) -> bool:  # a perfect fit has no p: then the estimate decides
        rows = slopes.loc[list(terms)]
        return bool(((rows["p"] >= alpha) | (rows["p"].isna() & (rows["estimate"].abs() < 1e-9))).all())

    bends = slopes.loc["a4", "estimate"] < 0 and not free("a4")
    if not (bends and free("a3", "a5") and _covers(geometry, "p11", 1.0) and _covers(geometry, "p10", 0.0)):
        return "congruence_not_shown"
    return "congruence_strict" if free("a1", "a2") else "congruence_broad"


def _covers(geometry: pd.DataFrame, term: str, value: float) -> bool:
    low, high = geometry.loc[term, ["estimate_low", "estimate_high"]]
    return not (np.isfinite(low) and np.isfinite(high)) or bool(low - 1e-9 <= value <= high + 1e-9)


def surface_text(found: ResponseSurface, lang: str, alpha: float) -> str:
    """Tell what a surface says in Chinese (``zh``) or English (``en``)."""
    return "".join(_in_chinese(found, alpha)) if lang == "zh" else " ".join(_in_english(found, alpha))


def _slope(found: ResponseSurface, side: str) -> str:
    row = found.mean_slopes.loc[side]
    return f"{row['estimate']:+.2f} [{row['estimate_low']:+.2f}, {row['estimate_high']:+.2f}]"


def _bend(found: ResponseSurface, lang: str, alpha: float) -> str:
    """Tell the shape, or that the surface cannot be told from a plane."""
    if not found.constraints.loc["plane", "p"] < alpha:
        return {
            "zh": "看不出弯曲：不应解读曲面的形状、驻点和主轴。",
            "en": "No curvature is established: shape, stationary point and axes should not be read.",
        }[lang]
    shape, share = word("shape." + found.shape, lang), found.shapes[found.shape]
    return {"zh": f"曲面形状为{shape}（自助样本中占 {share:.0%}）。",
            "en": f"The surface is a {shape} (in {share:.0%} of the draws)."}[lang]  # fmt: skip


SAYS_ZH = {
    "contrast": "感知越高结果越好，期望越高结果越差：与期望不一致理论相符。",
    "perception_only": "结果随感知变化，看不出期望的作用：不能声称存在期望不一致效应，差距分数的解释力可能只来自感知。",
    "assimilation": "期望越高结果也越好（同化）：与期望不一致理论相反。",
    "expectation_only": "看不出感知的作用：不能声称存在期望不一致效应。",
    "no_slope": "看不出期望或感知的作用。",
    "reversed": "感知越高结果越差，请检查题项方向。",
}
SAYS_EN = {
    "contrast": "more perception goes with a better outcome, more expectation with a worse one, as disconfirmation "
                "has it.",
    "perception_only": "the outcome follows perception, and expectation shows nothing: no disconfirmation effect may "
                       "be claimed; what the gap explains may be due to perception alone.",
    "assimilation": "higher expectation goes with a better outcome, too (assimilation): the opposite of "
                    "disconfirmation.",
    "expectation_only": "perception shows nothing: no disconfirmation effect may be claimed.",
    "no_slope": "neither expectation nor perception shows anything.",
    "reversed": "more perception goes with a worse outcome: check the direction of the items.",
}  # fmt: skip
FIT_ZH = {
    "congruence_strict": "感知等于期望处结果最好的说法没有被数据反驳（严格一致性）；这不是证明。",
    "congruence_broad": "沿感知等于期望的脊线结果较好，同时随水平变化（广义一致性）；这不是证明。",
    "congruence_not_shown": "不能声称“感知等于期望时结果最好”（一致性效应）。",
}
FIT_EN = {
    "congruence_strict": "The data do not contradict that the outcome is best where perception equals expectation "
                         "(strict congruence); that is no proof.",
    "congruence_broad": "The outcome has its ridge where perception equals expectation and changes along it (broad "
                        "congruence); that is no proof.",
    "congruence_not_shown": "It may not be claimed that the outcome is best where perception equals expectation "
                            "(congruence).",
}  # fmt: skip


def _in_chinese(found: ResponseSurface, alpha: float) -> list[str]:
    p = found.constraints.loc["difference_score", "p"]
    parts = [
        f"{found.respondents} 名受访者（另有 {found.left_out} 名未答全），曲面解释了结果方差的 {found.r_squared:.0%}，"
        f"单用差距分数只解释 {found.r_squared_difference:.0%}。",
        f"在受访者均值处，期望的斜率为 {_slope(found, 'expectation')}，感知的斜率为 {_slope(found, 'perception')}："
        + SAYS_ZH[found.disconfirmation(alpha=alpha)],
        FIT_ZH[found.congruence(alpha=alpha)],
        "差距分数的约束被拒绝：不应只用感知减期望的差。"
        if p < alpha
        else "差距分数的约束没有被拒绝，但这不证明它成立。",
        _bend(found, "zh", alpha),
    ]
    parts += ["受访者不足 100 人，曲面大多是噪声。"] if found.too_few else []
    return [*parts, "没有数据的区域不可外推；同一问卷中的关联不是因果。"]


def _in_english(found: ResponseSurface, alpha: float) -> list[str]:
    p = found.constraints.loc["difference_score", "p"]
    parts = [
        f"{found.respondents} respondents ({found.left_out} more did not answer everything): the surface explains "
        f"{found.r_squared:.0%} of the variance of the outcome, the gap alone {found.r_squared_difference:.0%}.",
        f"At the mean of the respondents the slope is {_slope(found, 'expectation')} in expectation and "
        f"{_slope(found, 'perception')} in perception: " + SAYS_EN[found.disconfirmation(alpha=alpha)],
        FIT_EN[found.congruence(alpha=alpha)],
        "What a difference score assumes is rejected: perception less expectation alone will not do."
        if p < alpha
        else "What a difference score assumes is not rejected, which does not prove it.",
        _bend(found, "en", alpha),
    ]
    parts += ["With fewer than 100 respondents it is mostly noise."] if found.too_few else []
    return [*parts, "Where there are no data it says nothing; associations within one survey are no effects."]
