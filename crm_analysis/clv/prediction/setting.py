"""For whom, how far ahead, at which discount, in which unit: the arguments of a prediction, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import Cases, as_cases
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.prediction.uncertainty import Ahead
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.units import PER_YEAR, check_unit, rate_per_unit
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level


@dataclass(frozen=True)
class Setting:
    """How far to look ahead and how sure to be, checked."""

    unit: str
    horizon: float
    annual: float
    discount: float
    level: float
    draws: int
    seed: int

    @classmethod
    def of(
        cls,
        model: PurchaseModel,
        data: object,
        *,
        horizon: float | str,
        annual_discount: float,
        level: float,
        draws: int,
        seed: int,
        unit: str,
    ) -> Self:
        """Check the arguments and bring them to the unit of the model."""
        unit = _unit(model, data, unit)
        try:
            check_level(level)
        except (TypeError, ValueError) as error:
            raise InputError(str(error), zh="置信水平应在 0 与 1 之间") from error
        if annual_discount != 0 and not unit:
            raise InputError("the unit of time is not known, so a yearly discount cannot be turned into one per unit",
                             where=repr(model), expected=f"unit = one of {', '.join(PER_YEAR)}",
                             mend="give unit='week' (what T is counted in), or annual_discount=0",
                             zh="时间单位未知，无法换算年折现率，请给出 unit")  # fmt: skip
        rate = rate_per_unit(annual_discount, unit=unit) if unit else 0.0
        return cls(unit, _length(horizon, unit), annual_discount, rate, level, draws, seed)

    @property
    def ahead(self) -> Ahead:
        """Horizon and discount per unit."""
        return Ahead(self.horizon, self.discount)


def customers_of(model: PurchaseModel, data: object) -> tuple[pd.DataFrame, Cases]:
    """Return customers as a table and as distinct cases, or raise if model or customers cannot be used."""
    if not isinstance(model, PurchaseModel):
        raise InputError(f"a purchase model was expected, not {type(model).__name__}",
                         expected="a fitted ParetoNBD, BGNBD, MBGNBD, NBD or BGBB", zh="需要购买模型")  # fmt: skip
    model.theta_  # noqa: B018  (tells if the model is not fitted)
    if not model.discrete:
        cases = as_cases(data)
        return getattr(data, "frame", data), cases
    from crm_analysis.clv.models.occasions import occasions, with_occasions

    data = with_occasions(data)
    cases = occasions(data)
    return getattr(data, "frame", data), cases


def check_money(spend: object, margin: object) -> None:
    """Raise unless there is a spend model and the margin is a share."""
    if not isinstance(spend, GammaGamma):
        raise InputError(f"a spend model was expected, not {type(spend).__name__}", expected="a fitted GammaGamma",
                         zh="需要消费金额模型")  # fmt: skip
    spend.theta_  # noqa: B018  (tells if the model is not fitted)
    number = isinstance(margin, (int, float, np.number)) and not isinstance(margin, bool)
    if not (number and 0 < margin <= 1):
        hint = f"if {margin:g} % was meant, give {margin / 100:g}" if number and 1 < margin <= 100 else ""
        raise InputError(f"margin must be a share of spend above 0 and at most 1; got {margin!r}", mend=hint,
                         zh="毛利率应大于 0 且不超过 1")  # fmt: skip


def _unit(model: PurchaseModel, data: object, unit: str) -> str:
    frame = getattr(data, "frame", data)
    stated = getattr(data, "unit", "") or getattr(frame, "attrs", {}).get("unit", "")
    known = {name: check_unit(text) for name, text in
             {"model": getattr(model, "unit_", ""), "data": stated, "unit": unit}.items() if text}  # fmt: skip
    if len(set(known.values())) > 1:
        raise InputError("the units of time differ: " + ", ".join(f"{name} {text!r}" for name, text in known.items()),
                         mend="summarize the customers in the unit the model was fitted in",
                         zh="模型与数据的时间单位不一致")  # fmt: skip
    return next(iter(known.values()), "")


def _length(horizon: object, unit: str) -> float:
    """Return a horizon in the unit of the data."""
    text = re.fullmatch(r"\s*([\d.]+)\s*(day|week|month|year)s?\s*", horizon) if isinstance(horizon, str) else None
    if text and not unit:
        raise InputError(f"the horizon {horizon!r} needs the unit of time of the data, which is not known",
                         mend="give unit='week' (what T is counted in), or a number", zh="时间单位未知")  # fmt: skip
    try:
        if text:
            length = float(text[1]) * PER_YEAR[unit] / PER_YEAR[text[2]]
        else:
            length = float("nan") if isinstance(horizon, (str, bool)) else float(horizon)
    except (TypeError, ValueError):
        length = float("nan")
    if not (np.isfinite(length) and length > 0):
        raise InputError(f"horizon must be a number of time units above 0; got {horizon!r}",
                         expected="a number, or a text such as '12 months'",
                         zh="期限应为大于 0 的数字，或如 '12 months' 的文字")  # fmt: skip
    return length
