"""What the models of contracts share: customers renew or leave at known times, so who has left is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.clv.contracts.contract_draws import drawn, with_limits
from crm_analysis.clv.contracts.residual import residual_life, value_per_period
from crm_analysis.clv.contracts.tenures import Tenures, as_tenures
from crm_analysis.clv.models.estimator import Estimator, Theta
from crm_analysis.clv.models.fitting import maximise
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate

CELLS = 500_000  # draws times renewals worked on at once


class ContractModel(Estimator):
    """Base of the models of contracts; use `SBG` or `BdW`, not this.

    Everybody is a customer at the start (period 0) and renews or leaves at renewals 1, 2, ...; a customer with tenure n
    has renewed n times. A model states how many of them renew t times more; the rest is here.

    Beside what `Estimator` learns:

    tenures_ : Tenures
        Renewals and losses that the fit has seen.
    """

    reach: ClassVar[tuple[float, ...]]  # how far each parameter may go from its centre, in logarithms
    starts: ClassVar[tuple[tuple[float, ...], ...]]

    # What a model states

    @staticmethod
    def _log_kept(theta: Theta, tenure: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Return the log of the chance that a customer with this tenure renews t times more; all broadcast."""
        raise NotImplementedError

    @staticmethod
    def _slopes(theta: Theta, periods: int) -> tuple[list[np.ndarray], dict[tuple[int, int], np.ndarray]]:
        """Return first and second derivatives of ln r_t in log-parameters, for t = 1 ... periods."""
        raise NotImplementedError

    @staticmethod
    def _centre(tenures: Tenures) -> list[float]:
        """Return parameters of the right size, from which the search starts."""
        raise NotImplementedError

    @staticmethod
    def _leaving(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return each customer's own chance of leaving at the first renewal, and the renewal at which they leave."""
        raise NotImplementedError

    # Fitting

    def fit(self, data: object, y: None = None) -> Self:
        """Fit by maximum likelihood.

        ``ln L = sum_t renewed_t ln r_t + lost_t ln (1 - r_t)``, r_t the retention rate at renewal t: contracts that
        still run count for the renewals they have come to.

        Parameters
        ----------
        data : pandas.DataFrame, pandas.Series, array_like or Tenures
            A survival table (``period`` 0, 1, 2, ... and ``customers`` still there, optionally ``cohort``), the list
            of these customers, or one row per contract (``tenure``, ``ended``, optionally ``weights``); see
            `clv.tenures.as_tenures`. ``attrs["unit"]`` of a frame names the period.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If the data cannot be, nobody left, or there are fewer renewals than parameters.
        """
        tenures = as_tenures(data)
        self._accept(tenures)
        found = maximise(lambda u: self._derivatives(u, tenures), centre=self._centre(tenures),
                         customers=tenures.customers, starts=self.starts, reach=self.reach)  # fmt: skip
        self.tenures_ = tenures
        return self._learn(found, unit=tenures.unit)

    def _accept(self, tenures: Tenures) -> None:
        where = f"{tenures.customers:,.0f} customers, {tenures.periods} renewals"
        if tenures.periods < len(self.names):
            raise InputError(f"{len(self.names)} parameters cannot be told from {tenures.periods} renewals",
                             where=f"{type(self).__name__}, {where}", expected=f"{len(self.names)} renewals or more",
                             mend="observe for longer, or take shorter periods",
                             zh=f"续约期数（{tenures.periods}）少于模型参数个数（{len(self.names)}）")  # fmt: skip
        if tenures.lost.sum() == 0:
            raise InputError("nobody left: there is no churn to model", where=where,
                             expected="some customers who did not renew", mend="observe for longer",
                             zh="没有客户流失，无法建立留存模型")  # fmt: skip

    @classmethod
    def _derivatives(cls, log_params: np.ndarray, tenures: Tenures) -> Derivatives:
        """Return log-likelihood, gradient and Hessian in log-parameters, by the chain rule through ln r_t."""
        theta, count = tuple(np.exp(log_params)), len(log_params)
        log_rate = cls._log_kept(theta, np.arange(tenures.periods), np.ones(tenures.periods))
        slopes, curves = cls._slopes(theta, tenures.periods)
        odds = 1 / np.expm1(-log_rate)  # r / (1 - r)
        pull, bend = tenures.renewed - tenures.lost * odds, tenures.lost * odds * (1 + odds)
        hessian = np.empty((count, count))
        for i in range(count):
            for j in range(i, count):
                hessian[i, j] = hessian[j, i] = pull @ curves[i, j] - bend @ (slopes[i] * slopes[j])
        gradient = np.array([pull @ slope for slope in slopes])
        return Derivatives(float(_log_binary(log_rate, tenures)), gradient, hessian)

    def log_likelihood(self, data: object) -> float:
        """Log-likelihood of all customers together at the parameters of the model."""
        tenures = as_tenures(data)
        log_rate = self._log_kept(self.theta_, np.arange(tenures.periods), np.ones(tenures.periods))
        return float(_log_binary(log_rate, tenures))

    def _log_posterior(self, log_params: np.ndarray) -> np.ndarray:
        periods = np.arange(self.tenures_.periods)
        step = max(1, CELLS // len(periods))
        parts = []
        for at in range(0, len(log_params), step):
            theta = tuple(np.exp(log_params[at : at + step]).T[:, :, None])
            with np.errstate(all="ignore"):
                parts.append(_log_binary(self._log_kept(theta, periods, np.ones(len(periods))), self.tenures_))
        return np.concatenate(parts)

    # Predictions

    def survival(self, t: ArrayLike, *, tenure: ArrayLike = 0) -> float | pd.Series | pd.DataFrame:
        """Probability that a customer renews t times more: ``S(n+t) / S(n)`` for tenure n; a new customer has n = 0.

        Parameters
        ----------
        t : int or array_like of int >= 0
        tenure : int, array_like of int or pandas.Series of int, >= 0
            Renewals so far.

        Returns
        -------
        float, pandas.Series or pandas.DataFrame
            A number for two numbers; a Series over `t` (index ``period``) or over `tenure` (the caller's index); a
            frame with a row per tenure and a column per t.
        """
        return self._grid("survival", t, tenure, lambda n, t: np.exp(self._log_kept(self.theta_, n, t)))

    def churn_probability(self, t: ArrayLike, *, tenure: ArrayLike = 0) -> float | pd.Series | pd.DataFrame:
        """Probability that a customer leaves at the t-th renewal from now: ``(S(n+t-1) - S(n+t)) / S(n)``.

        Parameters and returns as for `survival`; t counts from 1.
        """

        def lost(n: np.ndarray, t: np.ndarray) -> np.ndarray:
            before, then = self._log_kept(self.theta_, n, t - 1), self._log_kept(self.theta_, n + t - 1, np.ones(()))
            return np.exp(before) * -np.expm1(then)

        return self._grid("churn_probability", t, tenure, lost, first=1)

    def retention_rate(self, t: ArrayLike, *, tenure: ArrayLike = 0) -> float | pd.Series | pd.DataFrame:
        """Share of the customers that come to the t-th renewal from now who renew: ``r_(n+t) = S(n+t) / S(n+t-1)``.

        Parameters and returns as for `survival`; t counts from 1.
        """

        def rate(n: np.ndarray, t: np.ndarray) -> np.ndarray:
            return np.exp(self._log_kept(self.theta_, n + t - 1, np.ones(())))

        return self._grid("retention_rate", t, tenure, rate, first=1)

    def discounted_lifetime(
        self, *, discount_per_period: float, horizon: float = float("inf"), level: float = 0.95, seed: int = 0
    ) -> Estimate:
        r"""Discounted expected lifetime of a new customer, in payments; the first is made now.

        .. math:: \mathrm{DEL}(d) = \sum_{t \ge 0} \frac{S(t)}{(1+d)^t}

        Times the margin of a period it is the value of a new customer.

        Parameters
        ----------
        discount_per_period : float in [0, 1]
            Effective rate per period: 10 % a year is ``1.1 ** (1/12) - 1`` a month.
        horizon : float
            Number of payments counted, the first included; all by default.
        level : float in (0, 1)
            Of the parameter interval (posterior draws).
        seed : int

        Raises
        ------
        InputError
            If nothing is discounted and no horizon given, and the sum has no end.
        """
        v, payments = value_per_period(discount_per_period), _whole("horizon", horizon, 1)
        new = np.zeros(1, int)

        def lifetime(theta: Theta) -> np.ndarray:
            return 1 + v * self._residual(theta, new, v, float(payments) - 1)

        found = with_limits(self, lifetime, drawn(self, seed), level=level)
        return Estimate(*(float(value[0]) for value in found))

    def residual_lifetime(
        self, tenure: ArrayLike = 0, *, discount_per_period: float, horizon: float = float("inf"), level: float = 0.95,
        seed: int = 0,
    ) -> pd.DataFrame:  # fmt: skip
        r"""Discounted expected residual lifetime of customers about to renew, in payments.

        .. math:: \mathrm{DERL}(d, n) = \sum_{k \ge 0} \frac{S(n+1+k)}{S(n)} \frac{1}{(1+d)^k}

        for tenure n: renewed n times, the next renewal, n + 1 in the count of [1]_, is due now. Times the margin of a
        period it is the residual value of a customer.

        Parameters
        ----------
        tenure : int, array_like of int or pandas.Series of int, >= 0
        discount_per_period : float in [0, 1]
        horizon : float
            Number of renewals counted, the one due now included; all by default.
        level : float in (0, 1)
            Of the parameter interval (posterior draws).
        seed : int

        Returns
        -------
        pandas.DataFrame
            Indexed as `tenure`: ``tenure``, ``residual_lifetime``, ``residual_lifetime_low``,
            ``residual_lifetime_high``.

        References
        ----------
        .. [1] Fader, Hardie (2010). Customer-base valuation in a contractual setting. Marketing Science 29(1), 85-93.
        """
        v, renewals = value_per_period(discount_per_period), float(_whole("horizon", horizon, 1))
        n, index = _tenures(tenure)
        known, row = np.unique(n, return_inverse=True)
        found = with_limits(
            self, lambda theta: self._residual(theta, known, v, renewals), drawn(self, seed), level=level
        )
        names = ("residual_lifetime", "residual_lifetime_low", "residual_lifetime_high")
        return pd.DataFrame({"tenure": n} | {name: part[row] for name, part in zip(names, found)}, index=index)

    def project(self, periods: int, **options: object) -> pd.DataFrame:
        """Retention, survival and customers still there in the periods to come: see `clv.projection.project`."""
        from crm_analysis.clv.contracts.projection import project

        return project(self, periods, **options)

    def simulate(self, customers: int = 1000, *, periods: int = 12, seed: int = 0) -> pd.DataFrame:
        """Simulated contracts of this model, watched for some renewals, with what no company knows.

        Parameters
        ----------
        customers, periods : int >= 1
        seed : int
            The same seed gives the same customers.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``customer_id`` (text): ``tenure`` and ``ended``, as `fit` takes them, and the truth:
            ``first_churn``, the customer's own chance of leaving at the first renewal, and ``leaves_at``, the renewal.
        """
        count, periods = int(_whole("customers", customers, 1)), int(_whole("periods", periods, 1))
        rng = np.random.default_rng(seed)
        chance, leaves = self._leaving(rng, tuple(map(float, self.theta_)), count)
        columns = {"tenure": np.minimum(leaves, periods).astype(int), "ended": leaves <= periods,
                   "first_churn": chance, "leaves_at": leaves}  # fmt: skip
        frame = pd.DataFrame(columns, index=pd.Index([str(k) for k in range(1, count + 1)], name="customer_id"))
        frame.attrs["unit"] = getattr(self, "unit_", "")
        return frame

    def _residual(self, theta: Theta, tenure: np.ndarray, v: float, horizon: float) -> np.ndarray:
        return residual_life(self._log_kept, theta, tenure, v, horizon)

    def _grid(
        self, name: str, t: ArrayLike, tenure: ArrayLike, rule: Callable, first: int = 0
    ) -> float | pd.Series | pd.DataFrame:
        self.theta_  # noqa: B018  says that the model is not fitted before anything else
        t, (n, index) = _whole("t", t, first), _tenures(tenure)
        over = pd.Index(t.astype(int), name="period") if t.ndim else None
        if np.ndim(tenure) == 0:
            values = rule(n[0], t)
            return float(values) if over is None else pd.Series(values, index=over, name=name)
        if over is None:
            return pd.Series(rule(n, t), index=index, name=name)
        return pd.DataFrame(rule(n[:, None], t), index=index, columns=over)


def _log_binary(log_rate: np.ndarray, tenures: Tenures) -> np.ndarray:
    """Return sum renewed ln r + lost ln(1 - r) along the last axis; what did not happen adds nothing."""
    renewed, lost = tenures.renewed, tenures.lost
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.where(renewed > 0, renewed * log_rate, 0.0)
        leaves = np.where(lost > 0, lost * np.log(-np.expm1(log_rate)), 0.0)
    return (stays + leaves).sum(axis=-1)


def _tenures(tenure: ArrayLike) -> tuple[np.ndarray, pd.Index]:
    values = np.atleast_1d(_whole("tenure", tenure, 0)).astype(int)
    return values, tenure.index if isinstance(tenure, pd.Series) else pd.RangeIndex(len(values))


def _whole(name: str, value: ArrayLike, least: int) -> np.ndarray:
    """Return whole numbers from `least`; only a horizon may be infinite."""
    try:
        number = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        number = np.array(np.nan)
    whole = (number == np.rint(number)) & (np.isfinite(number) | (name == "horizon"))
    if isinstance(value, str) or number.ndim > 1 or not np.all(whole & (number >= least)):
        raise InputError(f"{name} must be whole numbers from {least}, in periods of the contract; got {value!r}",
                         zh=f"{name} 应为不小于 {least} 的整数")  # fmt: skip
    return number
