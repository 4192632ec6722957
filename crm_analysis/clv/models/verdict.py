"""What kind of maximum a fit has found, what that means for the model, and what can still be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models import verdict_texts as texts
from crm_analysis.clv.models.limits import PAIRS, WIDE, factor, read
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

if TYPE_CHECKING:
    from crm_analysis.clv.models.estimator import Estimator

FEW_BUYERS = 10


@dataclass(frozen=True)
class Verdict:
    """What a fit is worth.

    Parameters
    ----------
    kind : str
        ``converged``; ``boundary``: a parameter ran to 0 or infinity, so a simpler model does; ``not_identified``: the
        data do not determine a parameter; ``not_converged``; or ``given`` for a model that was not fitted.
    usable : bool
        Whether its predictions may be used; if not identified, for horizons up to the length of observation.
    zh, en : str
        What it means and what can still be said.
    limits, unknown : tuple of str
        Parameters at a boundary, and parameters the data do not determine.
    """

    kind: str
    usable: bool
    zh: str
    en: str
    limits: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """Return the meaning in Chinese (``zh``) or English (``en``)."""
        return self.zh if lang == "zh" else self.en


def judge(model: Estimator) -> Verdict:
    """Say what kind of maximum a fit has found.

    A maximum is reached where the mean log-likelihood has no slope. Parameters that ran to the end of the searched
    region, or on which the likelihood does not hang, are read as limits of the model; parameters whose 95 % interval
    spans more than a factor of 50 as not identified.

    Parameters
    ----------
    model : Estimator

    Returns
    -------
    Verdict

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> alike = pd.DataFrame({"frequency": [2] * 9, "recency": [20.0] * 9, "T": [40.0] * 9})
    >>> judge(BGNBD().fit(alike)).kind
    'not_identified'
    """
    if not model.fitted_:
        return Verdict("given", True, *texts.GIVEN)
    if isinstance(getattr(model, "_cases", None), Cases) and len(model._cases) == 1:
        return Verdict("not_identified", False, *texts.one_history(model), unknown=tuple(model.names))
    if not model.optimum_.reached:
        return Verdict("not_converged", False, *texts.not_reached(model))
    return _add_spend(model, _maximum(model))


def summary(model: Estimator, *, level: float = 0.95) -> pd.DataFrame:
    """Parameters with their standard errors and intervals.

    The interval is ``exp(ln estimate ± z SE(ln estimate))``; NaN where a parameter is not determined.

    Parameters
    ----------
    model : Estimator
        Fitted.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index parameter
        ``estimate`` with its limits, ``standard_error``; ``attrs``: model, unit, level, customers, log_likelihood,
        aic, bic, gradient_norm, eigenvalues (of the information in log-parameters) and verdict (its kind).

    Raises
    ------
    InputError
        If the model is not fitted, or the level not between 0 and 1.
    """
    if not model.fitted_:
        raise InputError(f"this {type(model).__name__} is not fitted: its parameters have no standard errors",
                         mend="call fit(summary) first", zh="模型尚未拟合，没有标准误")  # fmt: skip
    reach = ndtri((1 + check_level(level)) / 2) * np.sqrt(np.diag(model.log_covariance_))
    estimate = model.params_.to_numpy()
    with np.errstate(over="ignore"):
        columns = {
            "estimate": estimate,
            "estimate_low": estimate * np.exp(-reach),
            "estimate_high": estimate * np.exp(reach),
            "standard_error": model.standard_errors_.to_numpy(),
        }
    table = pd.DataFrame(columns, index=pd.Index(model.names, name="parameter"))
    found = model.optimum_
    table.attrs = {
        "model": model.key, "unit": model.unit_, "level": level, "customers": model.customers_,
        "log_likelihood": model.log_likelihood_, "aic": model.aic_, "bic": model.bic_,
        "gradient_norm": found.gradient_norm, "eigenvalues": found.eigenvalues.tolist(), "verdict": judge(model).kind,
    }  # fmt: skip
    return table


def _maximum(model: Estimator) -> Verdict:
    """Return the verdict on a maximum: converged, at a boundary or not identified."""
    names, found = list(model.names), model.optimum_
    errors = {name: found.log_error(axis) for name, axis in zip(names, np.eye(len(names)))}
    readings = [read(model, pair) for pair in PAIRS.get(model.key, ())]
    alone = [name for name in names if not any(name in reading.pair[:2] for reading in readings)]
    limits = [reading for reading in readings if reading.limit]
    rising = {name: bool(up) for name, up, at in zip(names, found.log_params > found.centre, found.at_limit)
              if at and name in alone}  # fmt: skip
    vague = [reading for reading in readings if reading.unknown and not reading.limit]
    unknown = [name for reading in vague for name in reading.unknown]
    unknown += [name for name in alone if name not in rising and factor(errors[name]) > WIDE]
    parts = [texts.limit(model, reading) for reading in limits]
    parts += [texts.stray(name, up=up) for name, up in rising.items()]
    parts += [texts.STANDS] if parts else []
    parts += [texts.vague(model, unknown, vague)] if unknown else []
    kind = "boundary" if limits or rising else "not_identified" if unknown else "converged"
    parts = parts or [texts.converged(errors)]
    buyers = getattr(model, "repeat_buyers_", FEW_BUYERS)
    parts += [texts.few(buyers)] if buyers < FEW_BUYERS else []
    zh, en = "".join(zh for zh, _ in parts), " ".join(en for _, en in parts)
    ends = [name for reading in limits for name in reading.pair[:2]] + [*rising]
    return Verdict(kind, buyers >= FEW_BUYERS, zh, en, tuple(ends), tuple(unknown))


def _add_spend(model: Estimator, verdict: Verdict) -> Verdict:
    """Add what a spend model says of itself."""
    own = model._spend_verdict() if hasattr(model, "_spend_verdict") else None
    if own is None:
        return verdict
    kind = own[0] if verdict.kind == "converged" else verdict.kind
    zh, en = verdict.zh + own[1], f"{verdict.en} {own[2]}"
    return Verdict(kind, verdict.usable, zh, en, verdict.limits, verdict.unknown)
