"""The scorecard: models and rules of thumb against what customers did afterwards, and which differences matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.clv.holdout.baselines import Baseline, Rate, SameAgain, Zero
from crm_analysis.clv.holdout.calibration import calibration_by_decile
from crm_analysis.clv.holdout.contrasts import Measured, best_of, differences_of
from crm_analysis.clv.holdout.holdout import Holdout, as_holdout
from crm_analysis.clv.holdout.lessons import lessons, verdict
from crm_analysis.clv.holdout.metrics import limits
from crm_analysis.clv.holdout.sheet import SCORED, Contender, Sheet, drawn_again, in_sample, measured
from crm_analysis.clv.models.bg_nbd import BGNBD
from crm_analysis.clv.models.mbg_nbd import MBGNBD
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.models.nbd import NBD
from crm_analysis.clv.models.pareto_nbd import ParetoNBD
from crm_analysis.clv.units import PER_YEAR, check_unit
from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level
from crm_analysis.words import Sentence, join

KNOWN = (ParetoNBD, BGNBD, MBGNBD, NBD, Zero, SameAgain, Rate)


@dataclass(frozen=True)
class Scorecard:
    """What a holdout says about models.

    Parameters
    ----------
    table : pandas.DataFrame, index model
        total (predicted) and actual purchases; bias, mae, rmse, msle, normalised_gini, top_decile, log_score with
        intervals; mean_p_alive, mean_p_zero, coverage_90 with Wilson's interval; log_likelihood of the calibration,
        aic and bic where the model was fitted on it; mape of the tracking where `days` were given. NaN where a rule
        of thumb states no probability.
    differences : pandas.DataFrame
        measure, model, other_model, difference (the first minus the other; of the bias its absolute size) with its
        interval, matters, better. The intervals of one measure hold together for all pairs at the level of the card.
    best : pandas.DataFrame, index measure
        model, best_value, tied: the models that this holdout cannot tell from the best.
    calibration : pandas.DataFrame
        model, and the columns of `calibration_by_decile`.
    coverage : pandas.DataFrame
        model, and the columns of `coverage`.
    tracking : pandas.DataFrame
        From `clv.tracking.tracking`; empty without `days`.
    models : dict
        The fitted models by key.
    horizon, unit, customers
        Length of the holdout and its unit; customers.
    zero_share, one_time_share
        Shares of customers who bought nothing in the holdout, and nothing again in the calibration.
    level
        Of the intervals.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    best: pd.DataFrame
    calibration: pd.DataFrame
    coverage: pd.DataFrame
    tracking: pd.DataFrame
    models: dict[str, Contender]
    horizon: float
    unit: str
    customers: float
    zero_share: float
    one_time_share: float
    level: float

    @property
    def verdict(self) -> Sentence:
        """Which model does best on what, which differences matter and which are noise; no more."""
        return join(verdict(self))

    @property
    def findings(self) -> list[Sentence]:
        """The sentences of the verdict one by one: one per measure."""
        return verdict(self)

    @property
    def lessons(self) -> list[Sentence]:
        """What these data show about the measures themselves."""
        return lessons(self)


def scorecard(
    models: Iterable[Contender] | None,
    data: object,
    *,
    horizon: float | None = None,
    days: pd.DataFrame | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Scorecard:
    """Hold models and rules of thumb against a holdout.

    Intervals come from drawing whole customers again (the same draw for all models), with predictions as they are;
    they say what another sample of customers might have given in the same period, not what another period would.
    The difference of two models on a measure has the interval ``d -+ c s``, s its bootstrap standard deviation and c
    the quantile of the largest ``|d* - d| / s`` over all pairs, so that the chance of one false difference among all
    pairs of a measure stays at ``1 - level``.

    Parameters
    ----------
    models : iterable of models and baselines, or None
        Instances; one that is not fitted is fitted on the calibration (a copy, yours stays as it is). None takes
        Pareto/NBD, BG/NBD, MBG/NBD, NBD, and the rules of thumb: zero, same again, same rate.
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T``, ``frequency_holdout``, ``duration_holdout``.
    horizon : float, optional
        Length of the holdout, if the data do not say.
    days : pandas.DataFrame, optional
        ``customer_id`` and ``day``, one row per customer and day with a purchase, to the end of the holdout: adds
        how the models track purchases week by week.
    level : float in (0, 1)
    draws : int
        0 leaves intervals and differences out.
    seed : int

    Returns
    -------
    Scorecard

    Raises
    ------
    InputError
        If there is no holdout, or a model is unknown or named twice.

    References
    ----------
    .. [1] Romano & Wolf (2005). Econometrica 73, 1237-1282 (all differences at once by the bootstrap).
    .. [2] Wübben & von Wangenheim (2008). Journal of Marketing 72(3), 82-93 (rules of thumb against models).

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> customers = pd.DataFrame({"frequency": [0, 1, 4] * 20, "recency": [0.0, 9.0, 30.0] * 20, "T": 39.0,
    ...     "frequency_holdout": [0, 0, 3] * 20, "duration_holdout": 39.0})
    >>> card = scorecard([BGNBD(), Zero()], customers)
    >>> card.table["total"].round(1).to_dict()
    {'bg_nbd': 88.3, 'zero_baseline': 0.0}
    """
    held = as_holdout(data, horizon=horizon)
    check_level(level)
    fitted = _fitted(models, held)
    sheets = {key: Sheet.of(model, held) for key, model in fitted.items()}
    point, drawn = measured(sheets, held, held.weight), drawn_again(sheets, held, draws, seed)
    differences = differences_of(point, drawn, level=level)
    followed = _tracked(fitted, data, days, held)
    table = _table(fitted, sheets, point, drawn, held, level)
    table = table.join(_error(followed)) if len(followed) else table
    groups = {key: calibration_by_decile(sheet.predicted, held.actual, weight=held.weight, level=level)
              for key, sheet in sheets.items()}  # fmt: skip
    covered = {key: sheet.covered for key, sheet in sheets.items() if sheet.covered is not None}
    return Scorecard(
        table=table, differences=differences, best=best_of(table, differences), calibration=_stacked(groups),
        coverage=_stacked(covered), tracking=followed, models=fitted, horizon=held.horizon, unit=held.unit,
        customers=held.calibration.customers, zero_share=held.zero_share, one_time_share=held.one_time_share,
        level=level,
    )  # fmt: skip


def _fitted(models: Iterable[Contender] | None, held: Holdout) -> dict[str, Contender]:
    chosen = [kind() for kind in KNOWN] if models is None else list(checked_models(models))
    fitted = {}
    for model in chosen:
        if model.key in fitted:
            raise InputError(f"two models are named {model.key}", expected="one of a kind in a scorecard",
                             mend="make one scorecard for each", zh=f"模型 {model.key} 重复出现")  # fmt: skip
        known = isinstance(model, Baseline) or hasattr(model, "params_")
        fitted[model.key] = model if known else type(model)(**model.get_params()).fit(held.calibration)
        unit = getattr(fitted[model.key], "unit_", "")
        if unit and held.unit and unit != held.unit:
            raise InputError(f"{model.key} counts time in {unit}s, the data in {held.unit}s",
                             mend=f"fit it on data in {held.unit}s", zh="模型与数据的时间单位不一致")  # fmt: skip
    return fitted


def checked_models(models: Iterable[Contender]) -> list[Contender]:
    """Return the models as a list, or raise `InputError` naming what is not one."""
    listed = [models] if isinstance(models, (PurchaseModel, Baseline, str)) else list(models)
    wrong = [item for item in listed if not isinstance(item, (PurchaseModel, Baseline))]
    if wrong or not listed:
        names = {kind.key: kind.__name__ for kind in KNOWN} | {kind.__name__: kind.__name__ for kind in KNOWN}
        hint = nearest(str(wrong[0]), names) if wrong and isinstance(wrong[0], str) else ""
        raise InputError(f"these are no models: {', '.join(map(repr, wrong))}" if wrong else "no model was given",
                         expected=f"instances such as {', '.join(f'{kind.__name__}()' for kind in KNOWN)}", mend=hint,
                         zh="未知的模型")  # fmt: skip
    return listed


def _table(
    fitted: dict[str, Contender], sheets: dict[str, Sheet], point: Measured, drawn: Measured, held: Holdout,
    level: float,
) -> pd.DataFrame:  # fmt: skip
    rows = {}
    for key, sheet in sheets.items():
        row = {"total": held.weight @ sheet.predicted, "actual": held.weight @ held.actual}
        for name in SCORED:
            row[name] = float(point[key].get(name, np.nan))
            row[f"{name}_low"], row[f"{name}_high"] = limits(drawn[key].get(name, np.empty(0)), level=level)
        rows[key] = row | sheet.described() | in_sample(fitted[key], held)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def _tracked(fitted: dict[str, Contender], data: object, days: pd.DataFrame | None, held: Holdout) -> pd.DataFrame:
    """Return the tracking table of the models; without a date of its own the calibration ends T after the first day."""
    models = {key: model for key, model in fitted.items() if isinstance(model, PurchaseModel)}
    if days is None or not models:
        return pd.DataFrame()
    from crm_analysis.clv.views.tracking import tracking

    unit, index = check_unit(held.unit), held.calibration.index
    mine = days[days["customer_id"].isin(index)]
    if mine.empty:
        raise InputError("days holds none of the customers of the summary", expected="the same customer_id in both",
                         zh="购买日表与客户表没有共同的客户")  # fmt: skip
    longest, per_unit = held.calibration.T.max(), PER_YEAR["day"] / PER_YEAR[unit]
    split, until = (mine["day"].min().tz_localize(None) + pd.Timedelta(days=round(length * per_unit))
                    for length in (longest, longest + held.horizon))  # fmt: skip
    known = {"calibration_end": getattr(data, "calibration_end", None) or split,
             "until": getattr(data, "until", None) or until}  # fmt: skip
    return tracking(models, mine, **known, unit=unit)


def _error(followed: pd.DataFrame) -> pd.Series:
    from crm_analysis.clv.views.tracking import tracking_error

    return tracking_error(followed).set_index("model")["mape"]


def _stacked(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    named = [part.assign(model=key)[["model", *part.columns]] for key, part in parts.items()]
    return pd.concat(named, ignore_index=True) if named else pd.DataFrame()
