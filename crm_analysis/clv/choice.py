"""Which model a scorecard speaks for, by a rule stated beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.clv.lessons import Sentence
from crm_analysis.clv.model import PurchaseModel
from crm_analysis.errors import InputError
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.clv.scorecard import Scorecard

ACCURACY = ("rmse", "log_score")


@dataclass(frozen=True)
class Choice:
    """The chosen model, and why.

    Parameters
    ----------
    key : str
        Name of the model in the scorecard.
    model : PurchaseModel
        Fitted on the calibration.
    candidates : tuple of str
        Models that the holdout cannot tell from the best on accuracy.
    reason : Sentence
    """

    key: str
    model: PurchaseModel
    candidates: tuple[str, ...]
    reason: Sentence


def choose(card: Scorecard) -> Choice:
    """Choose the model for valuing customers: accurate first, then right in total.

    Candidates are the models with a usable fit that no other model beats beyond chance on the root mean squared
    error and on the log score. Among them the one whose total is nearest to what happened is chosen. Where the
    criteria leave nobody, the best log score decides.

    Parameters
    ----------
    card : Scorecard
        With differences (``draws`` above 0).

    Returns
    -------
    Choice

    Raises
    ------
    InputError
        If no model of the scorecard has a usable fit.

    Examples
    --------
    >>> import pandas as pd
    >>> from crm_analysis.clv import NBD, BGNBD
    >>> from crm_analysis.clv.scorecard import scorecard
    >>> customers = pd.DataFrame({"frequency": [0, 1, 4, 2] * 40, "recency": [0.0, 9.0, 30.0, 20.0] * 40, "T": 39.0,
    ...     "frequency_holdout": [0, 1, 4, 2] * 40, "duration_holdout": 39.0})
    >>> choose(scorecard([NBD()], customers)).key
    'nbd'
    """
    models = {key: model for key, model in card.models.items() if isinstance(model, PurchaseModel)}
    usable = [key for key, model in models.items() if model.verdict_.usable]
    if not usable:
        raise InputError("no model of this scorecard has a usable fit", where=", ".join(models) or "no models",
                         mend="read model.verdict_; observe for longer or take more customers",
                         zh="没有一个模型的拟合可用")  # fmt: skip
    beaten = card.differences[card.differences["matters"] & card.differences["measure"].isin(ACCURACY)]
    rivals = beaten[beaten["model"].isin(usable) & beaten["other_model"].isin(usable)]
    losers = set(np.where(rivals["better"] == rivals["model"], rivals["other_model"], rivals["model"]))
    left = [key for key in usable if key not in losers]
    if not left:
        left = [card.table.loc[usable, "log_score"].idxmin()]
    key = card.table.loc[left, "bias"].abs().idxmin()
    return Choice(key, models[key], tuple(left), _reason(card, key, left))


def _reason(card: Scorecard, key: str, left: list[str]) -> Sentence:
    bias = f"{card.table.loc[key, 'bias']:+.1%}"
    zh, en = word(key, "zh"), word(key, "en")
    if len(left) == 1:
        return Sentence(
            f"选用 {zh}：在均方根误差和对数得分上，没有其他模型显著优于它，总量偏差 {bias}。",
            f"The {en} is chosen: no other model beats it beyond chance on the root mean squared error or the log "
            f"score; its total is off by {bias}.",
        )
    others_zh = "、".join(word(name, "zh") for name in left if name != key)
    others_en = ", ".join(word(name, "en") for name in left if name != key)
    return Sentence(
        f"选用 {zh}：它与 {others_zh} 的预测精度在留出期上没有显著差别，其中它的总量最接近实际（偏差 {bias}）。",
        f"The {en} is chosen: this holdout cannot tell its accuracy from that of {others_en}, and among these its "
        f"total is nearest to what happened ({bias}).",
    )
