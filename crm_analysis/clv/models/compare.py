"""How models fit the data they were fitted on: criteria side by side, and likelihood ratios of nested models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from crm_analysis.clv.models.estimator import Estimator
from crm_analysis.errors import InputError
from crm_analysis.words import Sentence, word

NESTED = {("nbd", "pareto_nbd"): True, ("nbd", "bg_nbd"): True, ("nbd", "mbg_nbd"): True, ("sbg", "bdw"): False}
"""Pairs of a model and one that contains it, and whether it lies on the boundary of that one's parameters."""

KINDS = (("pareto_nbd", "bg_nbd", "mbg_nbd", "nbd"), ("sbg", "bdw"), ("bg_bb",), ("gamma_gamma",))
SHORT = 1e-5  # per customer: a search stops a little before the boundary, so the larger model may end below by this


def compare(models: Iterable[Estimator]) -> pd.DataFrame:
    """Log-likelihood and information criteria of models fitted on the same customers, the least AIC first.

    ``AIC = 2 k - 2 LL``, ``BIC = k ln(customers) - 2 LL``; the Akaike weight ``exp(-d/2) / sum exp(-d/2)``, d the
    AIC less the least one, is how likely each is the best of these at describing such data. A good fit in the
    calibration is no promise for the holdout: see `clv.scorecard`.

    Parameters
    ----------
    models : iterable of fitted models
        Of one kind: repeat buying in time (Pareto/NBD, BG/NBD, MBG/NBD, NBD), or contracts (sBG, BdW), and so on.

    Returns
    -------
    pandas.DataFrame, index model
        parameters (how many), log_likelihood, aic, aic_difference, akaike_weight, bic, bic_difference.

    Raises
    ------
    InputError
        If a model is not fitted, or they have not seen the same data or do not model the same.

    References
    ----------
    .. [1] Burnham & Anderson (2002). Model Selection and Multimodel Inference, 2nd ed., section 2.9.

    Examples
    --------
    >>> from crm_analysis.clv import NBD, ParetoNBD
    >>> customers = pd.DataFrame({"frequency": [0, 1, 4] * 20, "recency": [0.0, 9.0, 30.0] * 20, "T": 39.0})
    >>> compare([NBD().fit(customers), ParetoNBD().fit(customers)])["parameters"].to_dict()
    {'pareto_nbd': 4, 'nbd': 2}
    """
    models = _checked(models)
    table = pd.DataFrame(
        {
            "parameters": [len(model.names) for model in models],
            "log_likelihood": [model.log_likelihood_ for model in models],
            "aic": [model.aic_ for model in models],
            "bic": [model.bic_ for model in models],
        },
        index=pd.Index([model.key for model in models], name="model"),
    ).sort_values("aic", kind="stable")
    for name in ("aic", "bic"):
        table[f"{name}_difference"] = table[name] - table[name].min()
    weight = np.exp(-table["aic_difference"] / 2)
    table["akaike_weight"] = weight / weight.sum()
    order = ["parameters", "log_likelihood", "aic", "aic_difference", "akaike_weight", "bic", "bic_difference"]
    return table[order]


@dataclass(frozen=True)
class LikelihoodRatio:
    """Whether the larger of two nested models fits better than chance.

    Parameters
    ----------
    small, large : str
        Keys of the models.
    statistic : float
        ``2 (LL of the large - LL of the small)``.
    more_parameters : int
    boundary : bool
        Whether the small model lies on the boundary of the large one's parameters.
    p_value : float
        Of the statistic if the small model were true.
    """

    small: str
    large: str
    statistic: float
    more_parameters: int
    boundary: bool
    p_value: float

    @property
    def verdict(self) -> Sentence:
        """What the test says, and against what the statistic was held."""
        p = "p < 0.0001" if self.p_value < 1e-4 else f"p = {self.p_value:.4f}"
        zh, en = ({key: word(key, lang) for key in (self.small, self.large)} for lang in ("zh", "en"))
        held_zh, held_en = f"卡方分布（自由度 {self.more_parameters}）", f"chi-square ({self.more_parameters} df)"
        if self.boundary:
            held_zh = "卡方分布（自由度 1 与 2 各占一半，因为小模型位于参数边界，近似）"
            held_en = (
                "half chi-square (1 df), half chi-square (2 df): the small model lies on the boundary; approximate"
            )
        sure = self.p_value < 0.05
        return Sentence(
            f"{zh[self.large]} 的拟合{'优于' if sure else '未见优于'} {zh[self.small]}："
            f"似然比 {self.statistic:.2f}，{p}，参照{held_zh}。",
            f"{en[self.large]} {'fits better than' if sure else 'does not fit beyond chance better than'} "
            f"{en[self.small]}: likelihood ratio {self.statistic:.2f}, {p}, held against {held_en}.",
        )

    def text(self, lang: str) -> str:
        """Return the verdict in ``zh`` or ``en``."""
        return self.verdict.text(lang)


def likelihood_ratio(small: Estimator, large: Estimator) -> LikelihoodRatio:
    """Test a model against one that contains it.

    The sBG is the BdW with c = 1, inside its parameters: the statistic is held against chi-square (1 df). The NBD is
    the Pareto/NBD (BG/NBD, MBG/NBD) in which nobody drops out, s = 0 (a = 0): the boundary. There the usual
    chi-square does not hold; the statistic is held against half chi-square (1 df) and half chi-square (2 df), the
    case of one parameter on the boundary and one inside of [1]_. It is an approximation, for without dropout the
    other parameter (beta, b) cannot be told from the data: in simulated NBD customers it rejects 3 to 5 % of the
    time at a level of 5 %, while half zero and half chi-square (1 df) rejects 10 to 14 %.

    Parameters
    ----------
    small, large : fitted models
        NBD and Pareto/NBD, BG/NBD or MBG/NBD; or sBG and BdW.

    Raises
    ------
    InputError
        If the models are not nested, not fitted on the same data, or the large one ends below the small one.

    References
    ----------
    .. [1] Self & Liang (1987). Journal of the American Statistical Association 82, 605-610, case 6.
    .. [2] Davies (1977). Biometrika 64, 247-254 (a parameter that the small model does not have).

    Examples
    --------
    >>> from crm_analysis.clv import NBD, ParetoNBD
    >>> customers = pd.DataFrame({"frequency": [0, 1, 4] * 20, "recency": [0.0, 9.0, 30.0] * 20, "T": 39.0})
    >>> likelihood_ratio(NBD().fit(customers), ParetoNBD().fit(customers)).boundary
    True
    """
    pair = (getattr(small, "key", ""), getattr(large, "key", ""))
    if pair not in NESTED:
        turned = pair[::-1] in NESTED
        raise InputError(f"{pair[0] or small!r} is not a special case of {pair[1] or large!r}",
                         expected="; ".join(f"{a} in {b}" for a, b in NESTED),
                         mend="give the smaller model first" if turned else "compare them with clv.compare (AIC, BIC)",
                         zh="两个模型不存在嵌套关系，不能做似然比检验")  # fmt: skip
    _checked([small, large])
    statistic, more = 2 * (large.log_likelihood_ - small.log_likelihood_), len(large.names) - len(small.names)
    if statistic < -2 * SHORT * max(1000.0, small.customers_):
        raise InputError(f"{pair[1]} ends below {pair[0]}, which it contains: its fit has not found the maximum",
                         where=f"log-likelihoods {large.log_likelihood_:.4f} and {small.log_likelihood_:.4f}",
                         mend="see its verdict_", zh="大模型的似然低于小模型，拟合未达到最大值")  # fmt: skip
    statistic, boundary = max(statistic, 0.0), NESTED[pair]
    p = (chdtrc(1, statistic) + chdtrc(2, statistic)) / 2 if boundary else chdtrc(more, statistic)
    return LikelihoodRatio(*pair, statistic=statistic, more_parameters=more, boundary=boundary, p_value=float(p))


def _checked(models: Iterable[Estimator]) -> list[Estimator]:
    models = [models] if isinstance(models, Estimator) else list(models)
    if not models or not all(isinstance(model, Estimator) for model in models):
        raise InputError("models to compare must be fitted models of this room", expected="a list such as [NBD(), ...]",
                         zh="请给出已拟合的模型列表")  # fmt: skip
    loose = [model.key for model in models if not model.fitted_]
    if loose:
        raise InputError(f"not fitted: {', '.join(loose)}", expected="models fitted on the same customers",
                         mend="call fit(summary) first", zh="部分模型尚未拟合")  # fmt: skip
    keys = [model.key for model in models]
    if len(set(keys)) < len(keys):
        raise InputError(f"a model stands twice: {', '.join(keys)}", expected="one of each kind", zh="模型重复出现")
    kinds = {next((kind for kind in KINDS if model.key in kind), (model.key,)) for model in models}
    if len(kinds) > 1:
        raise InputError(f"{', '.join(keys)} do not model the same: their likelihoods cannot be compared",
                         expected="; or ".join(", ".join(kind) for kind in KINDS),
                         zh="这些模型描述的对象不同，似然不可比较")  # fmt: skip
    _same_data(models)
    return models


def _same_data(models: list[Estimator]) -> None:
    counts = {model.key: model.customers_ for model in models}
    if len(set(counts.values())) > 1:
        seen = ", ".join(f"{key}: {count:,.0f} customers" for key, count in counts.items())
        raise InputError("the models were fitted on different data", where=seen, mend="fit all on the same summary",
                         zh="模型拟合所用的数据不同")  # fmt: skip
    first, *others = (_seen(model) for model in models)
    if any(len(first) != len(other) or not all(map(np.array_equal, first, other)) for other in others):
        raise InputError("the models were fitted on different data", where="as many customers, but not the same ones",
                         mend="fit all on the same summary", zh="模型拟合所用的数据不同")  # fmt: skip


def _seen(model: Estimator) -> list[np.ndarray]:
    """Return the distinct cases the model was fitted on, as far as it keeps them."""
    cases = getattr(model, "_cases", None) or getattr(model, "tenures_", None)
    return [] if cases is None else [getattr(cases, name) for name in ("x", "tx", "T", "weight", "renewed", "lost")
                                     if hasattr(cases, name)]  # fmt: skip
