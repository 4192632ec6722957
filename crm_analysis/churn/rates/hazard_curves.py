"""What a discrete hazard model foretells: hazard, survival, remaining tenure, each with delta-method limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.churn.rates.binomial_fit import inverse
from crm_analysis.churn.rates.book import check_sizes
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

if TYPE_CHECKING:
    from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard


def hazard(
    model: DiscreteHazard, profiles: pd.DataFrame | None = None, *, months: Sequence[int] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """Hazard of each month for each profile, with Wald limits on the scale of the link.

    Parameters
    ----------
    model : DiscreteHazard
    profiles : pandas.DataFrame, optional
        One row per profile, with the covariates; not needed without covariates.
    months : sequence of int >= 1, optional
        By default all that the model has seen.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index tenure_month (with `profiles`: their index, then tenure_month)
        hazard with limits, extrapolated (later than anybody was seen). Months in which nobody left have hazard 0 under
        ``month="dummies"`` and no limits.

    Raises
    ------
    InputError
        If the model is not fitted, profiles lack a covariate, or month dummies are asked for later months.
    """
    z = ndtri(0.5 + check_level(level) / 2)
    frame, at = _checked(model, profiles), _months(model, months)
    tables = []
    for design, fixed in _designs(model, frame, at):
        free = fixed == 0
        eta = np.where(free, design @ model.params_, fixed)
        half = z * np.sqrt(np.einsum("ij,jk,ik->i", design, model.covariance_, design))
        limits = (np.where(free, inverse(model.link, eta + side * half), np.nan) for side in (-1, 1))
        low, high = limits
        tables.append(pd.DataFrame({"hazard": inverse(model.link, eta), "hazard_low": low, "hazard_high": high}))
    return _stacked(model, frame, profiles is not None, at, tables)


def survival(
    model: DiscreteHazard, profiles: pd.DataFrame | None = None, *, months: Sequence[int] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    r"""Survival after each month for each profile, :math:`S(t) = \prod_{u \le t} (1 - h_u)`, with limits.

    Limits by the delta method on the scale of log(-log S); none where S is 0 or 1.

    Parameters
    ----------
    model, profiles, level
        As in `hazard`.
    months : sequence of int >= 1, optional
        Months to tell; survival counts from month 1 on.

    Returns
    -------
    pandas.DataFrame
        Indexed as in `hazard`: survival with limits, extrapolated.

    Raises
    ------
    InputError
        As `hazard`.
    """
    z = ndtri(0.5 + check_level(level) / 2)
    frame, at = _checked(model, profiles), _months(model, months)
    every, tables = np.arange(1, at.max() + 1), []
    for design, fixed in _designs(model, frame, every):
        log_s, slope = _log_survival(model, design, fixed)
        deviation = np.sqrt(np.einsum("ij,jk,ik->i", slope, model.covariance_, slope))
        with np.errstate(divide="ignore", invalid="ignore"):
            width = z * deviation / -log_s
            low, high = np.exp(log_s * np.exp(width)), np.exp(log_s * np.exp(-width))
        unsure = (log_s < 0) & np.isfinite(log_s) & (deviation > 0)
        whole = pd.DataFrame({"survival": np.exp(log_s), "survival_low": np.where(unsure, low, np.nan),
                              "survival_high": np.where(unsure, high, np.nan)})  # fmt: skip
        tables.append(whole.iloc[at - 1])
    return _stacked(model, frame, profiles is not None, at, tables)


def remaining(
    model: DiscreteHazard, profiles: pd.DataFrame, *, horizon: int, tenure: object = None, level: float = 0.95
) -> pd.DataFrame:
    r"""Chance of leaving, and expected remaining tenure, within a horizon, given the tenure so far.

    .. math:: P = 1 - \frac{S(n + H)}{S(n)}, \qquad E = \sum_{t=0}^{H-1} \frac{S(n + t)}{S(n)}

    for an account that has completed n months; E counts the months it pays for, at most H.

    Parameters
    ----------
    model : DiscreteHazard
    profiles : pandas.DataFrame
        One row per account, with the covariates.
    horizon : int >= 1
        H, in months.
    tenure : array_like of int >= 0, optional
        n of each account; by default the column ``tenure``, and 0 (a new account) where there is none.
    level : float in (0, 1)
        Of the parameter interval (delta method; on the logit scale for P, cut to 0 and H for E).

    Returns
    -------
    pandas.DataFrame, index of `profiles`
        churn_probability and remaining_tenure with limits; extrapolated. Limits are NaN where nothing is unsure.

    Raises
    ------
    InputError
        As `hazard`; if a tenure is no whole number from 0.

    Examples
    --------
    >>> from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
    >>> model = DiscreteHazard(month="constant").fit(pd.DataFrame({"tenure": [1, 2, 3, 4], "ended": [1, 0, 0, 0]}))
    >>> found = remaining(model, pd.DataFrame(index=["a"]), horizon=2)
    >>> found[["churn_probability", "remaining_tenure"]].round(3).values.tolist()
    [[0.19, 1.9]]
    """
    z = ndtri(0.5 + check_level(level) / 2)
    check_sizes(horizon=horizon)
    frame = _checked(model, profiles)
    so_far = _so_far(frame, tenure)
    codes, keys = _distinct(model, frame, so_far)
    rows = []
    for at in keys:
        start = int(so_far[at])
        ((design, fixed),) = _designs(model, frame.iloc[[at]], np.arange(start + 1, start + horizon + 1))
        rows.append((*_remaining(model, design, fixed, z), start + horizon > model.periods_))
    names = [f"{name}{side}" for name in ("churn_probability", "remaining_tenure") for side in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=[*names, "extrapolated"]).iloc[codes]
    return table.set_axis(frame.index, axis=0)


def _remaining(model: DiscreteHazard, design: np.ndarray, fixed: np.ndarray, z: float) -> tuple[float, ...]:
    log_s, slope = _log_survival(model, design, fixed)
    horizon, kept = len(log_s), np.exp(log_s)
    gone = -np.expm1(log_s[-1])
    push = slope[-1] / -gone if 0 < gone < 1 else slope[-1] * 0  # d logit(P) = -S dlogS / (P (1 - P))
    wide = z * float(np.sqrt(push @ model.covariance_ @ push))
    odds = gone / (1 - gone) if gone < 1 else np.inf
    limits = [odds * np.exp(side * wide) for side in (-1, 1)]
    low, high = (o / (1 + o) for o in limits) if wide > 0 else (np.nan, np.nan)
    mean, lean = 1 + kept[:-1].sum(), (kept[:-1, None] * slope[:-1]).sum(axis=0)
    half = z * float(np.sqrt(lean @ model.covariance_ @ lean))
    around = (max(1.0, mean - half), min(float(horizon), mean + half)) if half > 0 else (np.nan, np.nan)
    return float(gone), float(low), float(high), float(mean), *map(float, around)


def _log_survival(model: DiscreteHazard, design: np.ndarray, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log survival after each month, and its derivatives by the parameters."""
    free = fixed == 0
    eta = np.where(free, design @ model.params_, fixed)
    chance = inverse(model.link, eta)
    pull = chance if model.link == "logit" else np.exp(np.minimum(eta, 30))  # -d log(1 - h) / d eta
    with np.errstate(divide="ignore"):
        step = np.log1p(-chance)
    slope = -np.where(free, pull, 0.0)[:, None] * design
    return np.cumsum(step), np.cumsum(slope, axis=0)


def _designs(model: DiscreteHazard, frame: pd.DataFrame, months: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Columns of each profile at each month, and what stands fixed there."""
    base, fixed = model.basis_.columns(months), model.basis_.fixed(months)
    log_month = np.log(months)[:, None]
    found = []
    for x in model.encoder_.encode(frame):
        rows = np.broadcast_to(x, (len(months), len(x)))
        found.append((np.hstack([base, rows, rows[:, model.changing_] * log_month]), fixed))
    return found


def check_fitted(model: DiscreteHazard) -> None:
    """Raise an `InputError` unless the model has been fitted."""
    if not hasattr(model, "params_"):
        raise InputError("the model is not fitted", where="DiscreteHazard", mend="call fit(contracts) first",
                         zh="模型尚未拟合")  # fmt: skip


def _checked(model: DiscreteHazard, profiles: pd.DataFrame | None) -> pd.DataFrame:
    check_fitted(model)
    if profiles is None and model.encoder_.covariates:
        raise InputError("the model has covariates, so a profile must say what they are", where="profiles",
                         expected=f"a frame with {', '.join(model.encoder_.covariates)}",
                         zh="模型含协变量，请给出客户特征")  # fmt: skip
    frame = pd.DataFrame(index=[0]) if profiles is None else profiles
    if frame.empty and not len(frame):
        raise InputError("there is no profile", where="profiles", expected="one row or more", zh="没有客户特征")
    return frame


def _months(model: DiscreteHazard, months: Sequence[int] | None) -> np.ndarray:
    if months is None:
        return np.arange(1, model.periods_ + 1)
    at = np.asarray(list(months))
    if not (at.size and at.dtype.kind in "iu" and (at >= 1).all() and (at <= 10_000).all()):
        raise InputError(f"months={list(months)[:5]!r} must be whole numbers from 1", zh="月份应为不小于 1 的整数")
    return at.astype(int)


def _so_far(frame: pd.DataFrame, tenure: object) -> np.ndarray:
    given = frame.get("tenure", 0) if tenure is None else tenure
    values = pd.to_numeric(pd.Series(np.broadcast_to(np.asarray(given), len(frame))), errors="coerce").to_numpy(float)
    if not ((values >= 0) & (values % 1 == 0)).all():
        raise InputError("tenure must be whole numbers from 0, one for each profile", where="tenure",
                         zh="在网时长应为不小于 0 的整数")  # fmt: skip
    return values.astype(int)


def _distinct(model: DiscreteHazard, frame: pd.DataFrame, so_far: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of each row among the different rows, and where each of these first stands."""
    whole = np.column_stack([model.encoder_.encode(frame), so_far])
    _, first, codes = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    return codes.ravel(), first


def _stacked(
    model: DiscreteHazard, frame: pd.DataFrame, named: bool, at: np.ndarray, tables: list[pd.DataFrame]
) -> pd.DataFrame:
    index, beyond = pd.Index(at, name="tenure_month"), at > model.periods_
    tables = [table.set_axis(index, axis=0).assign(extrapolated=beyond) for table in tables]
    if not named:
        return tables[0]
    if frame.index.nlevels > 1 or not frame.index.is_unique:
        raise InputError("profiles need an index of one level whose names differ", where="profiles",
                         mend="profiles.reset_index(drop=True)", zh="客户特征的索引应唯一")  # fmt: skip
    return pd.concat(dict(zip(frame.index, tables)), names=[frame.index.name or "profile"])
