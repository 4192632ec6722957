"""Which model a scorecard speaks for, by a rule stated beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.errors import InputError
from crm_analysis.words import Sentence, join, names, word

if TYPE_CHECKING:
    from crm_analysis.clv.holdout.scorecard import Scorecard

ACCURACY = "rmse"
BY_ASSUMPTION = ("bg_nbd", "nbd")  # P(alive) is 1 by assumption: for one-time buyers, for everybody


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


def choose(card: Scorecard, *, among: Iterable[str] | None = None) -> Choice:
    """Choose the model for valuing customers: accurate first, then right in total.

    Candidates are the models with a usable fit that no other model beats beyond chance on the root mean squared
    error. Among them the one whose total is nearest to what happened is chosen. Models that hold one-time buyers
    active by assumption (BG/NBD) or everybody (NBD) cannot say who is still active; they take part only if asked.

    Parameters
    ----------
    card : Scorecard
        With differences (``draws`` above 0).
    among : iterable of str, optional
        Keys of the models to choose from; by default all purchase models of the card but ``bg_nbd`` and ``nbd``, and
        these if there are no others.

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
    >>> from crm_analysis.clv import NBD
    >>> from crm_analysis.clv.holdout.scorecard import scorecard
    >>> customers = pd.DataFrame({"frequency": [0, 1, 4, 2] * 40, "recency": [0.0, 9.0, 30.0, 20.0] * 40, "T": 39.0,
    ...     "frequency_holdout": [0, 1, 4, 2] * 40, "duration_holdout": 39.0})
    >>> choose(scorecard([NBD()], customers)).key
    'nbd'
    """
    models = {key: model for key, model in card.models.items() if isinstance(model, PurchaseModel)}
    asked = set(models if among is None else among)
    usable = [key for key, model in models.items() if key in asked and model.verdict_.usable]
    if among is None:
        usable = [key for key in usable if key not in BY_ASSUMPTION] or usable
    if not usable:
        raise InputError("no model of this scorecard has a usable fit", where=", ".join(models) or "no models",
                         mend="read model.verdict_; observe for longer or take more customers",
                         zh="没有一个模型的拟合可用")  # fmt: skip
    beaten = card.differences[card.differences["matters"] & (card.differences["measure"] == ACCURACY)]
    rivals = beaten[beaten["model"].isin(usable) & beaten["other_model"].isin(usable)]
    losers = set(np.where(rivals["better"] == rivals["model"], rivals["other_model"], rivals["model"]))
    left = [key for key in usable if key not in losers]
    key = card.table.loc[left, "bias"].abs().idxmin()
    passed = [name for name in models if name in BY_ASSUMPTION and name not in usable]
    return Choice(
        key, models[key], tuple(left), join([_reason(card, key, left, alone=len(usable) == 1), *_passed_over(passed)])
    )


def _reason(card: Scorecard, key: str, left: list[str], *, alone: bool) -> Sentence:
    bias = f"{card.table.loc[key, 'bias']:+.1%}"
    zh, en = word(key, "zh"), word(key, "en")
    others = [name for name in left if name != key]
    if alone:
        return Sentence(
            f"选用 {zh}：候选模型只有它的拟合可用；总量偏差 {bias}。",
            f"The {en} is chosen: it is the only candidate with a usable fit; its total is off by {bias}.",
        )
    if not others:
        return Sentence(
            f"选用 {zh}：它的均方根误差最小，与其他候选的差异显著；总量偏差 {bias}。",
            f"The {en} is chosen: its root mean squared error is the smallest, and beyond chance; its total is off by "
            f"{bias}.",
        )
    return Sentence(
        f"选用 {zh}：它与 {names(others, 'zh')} 的均方根误差没有显著差别，其中它的总量最接近实际（偏差 {bias}）。",
        f"The {en} is chosen: this holdout cannot tell its root mean squared error from that of {names(others, 'en')}, "
        f"and among these its total is nearest to what happened ({bias}).",
    )


def _passed_over(keys: list[str]) -> list[Sentence]:
    if not keys:
        return []
    return [Sentence(
        f"{names(keys, 'zh')} 不参与选择：它们假定只买过一次的客户（或所有客户）一定活跃，回答不了“谁还在”。",
        f"Passed over: {names(keys, 'en')}. Of one-time buyers (or of everybody) they assume activity, so they cannot "
        "say who is still there.",
    )]  # fmt: skip
