"""What every model of repeat buying shares: fitting, and one rule from which all predictions follow.

A customer who is alive at T is a new customer with updated parameters. So a model states its likelihood, P(alive)
and the update, and for a new customer the mean, the survival and the probability of n purchases; the rest is here.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.clv.cases import NOBODY, Cases, as_cases
from crm_analysis.clv.models.estimator import Estimator, Theta
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.models.search import search
from crm_analysis.clv.models.special import along_nodes, gauss_legendre
from crm_analysis.errors import InputError

TIME_NODES, FAR = 32, 40.0
CELLS = 750  # cases x draws at once: small enough for the processor's cache
RATE_REACH, LIFE_REACH, SHAPE_REACH = 20.0, 12.0, 7.5  # with a shape of e^7.5 / 2 rates differ by 3 %


class PurchaseModel(Estimator):
    """Base of the models of repeat buying; use one of them, not this.

    Beside what `Estimator` learns:

    repeat_buyers_ : float
        How many of the customers bought again.
    unit_ : str
        Unit of time of the data, if they say.
    """

    discrete: ClassVar[bool] = False
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ()

    # What a model states

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        """Return parameters of the right size, from which the search starts."""
        raise NotImplementedError

    @staticmethod
    def _derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
        """Return log-likelihood, gradient and Hessian in log-parameters."""
        raise NotImplementedError

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Return the log-likelihood of each case; parameters and cases broadcast."""
        raise NotImplementedError

    @staticmethod
    def _alive(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Return P(alive at T)."""
        raise NotImplementedError

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        """Return the parameters of a customer who is alive at T."""
        raise NotImplementedError

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        """Return expected purchases in (0, t] of somebody alive at 0, under updated parameters."""
        raise NotImplementedError

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        """Return the probability of being alive at t of somebody alive at 0, under updated parameters."""
        raise NotImplementedError

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Return P(n purchases in (0, t]) of somebody alive at 0, under updated parameters."""
        raise NotImplementedError

    @staticmethod
    def _clock(theta: Theta) -> np.ndarray:
        """Return the time scale on which buying fades: the step of quadrature over time."""
        raise NotImplementedError

    @staticmethod
    def _lives(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return purchase rates, times of death and numbers of repeat purchases after which a customer is dead."""
        raise NotImplementedError

    @staticmethod
    def _endless(theta: Theta) -> bool:
        """Say whether the expected number of purchases grows without end."""
        raise NotImplementedError

    def fit(self, data: object, y: None = None) -> Self:
        """Fit by maximum likelihood on the distinct cases.

        Parameters
        ----------
        data : pandas.DataFrame or Summary
            One row per customer: ``frequency``, ``recency``, ``T``, optionally ``weights``.

        Returns
        -------
        self
            With the learned attributes; `verdict_` says what kind of maximum was found.

        Raises
        ------
        InputError
            If rows are impossible, or nobody bought twice.
        """
        cases = as_cases(data)
        self._accept(cases)
        found = search(
            self._derivatives, cases, centre=self._centre(cases), reach=self._reach(cases), starts=self.starts
        )
        self.repeat_buyers_ = float(cases.weight[cases.x > 0].sum())
        self._cases = cases
        return self._learn(found, unit=cases.unit)

    def _accept(self, cases: Cases) -> None:
        if not (cases.x > 0).any():
            raise InputError("nobody bought twice: there is no repeat buying to model",
                             where=f"{cases.customers:,.0f} customers, all with frequency 0",
                             expected="some customers with frequency above 0; frequency counts repeat purchases",
                             mend="observe for longer, or check that orders carry the customer's id",
                             zh="没有客户买过第二次，无法建立复购模型")  # fmt: skip

    def _reach(self, cases: Cases) -> list[float]:
        """Return how far to search, in logarithms: times far, shapes until customers are as good as alike.

        The more purchases customers make, the finer differences show: of rates beside Poisson's own spread, of chances
        to leave at each purchase, but not of dropout rates, for a customer leaves once.
        """
        bought = cases.x > 0
        usual = np.log(max(1.0, float(np.average(cases.x[bought], weights=cases.weight[bought]))))
        special = {"r": SHAPE_REACH + usual / 2, "s": SHAPE_REACH} | (
            {} if self.discrete else {"alpha": RATE_REACH, "beta": LIFE_REACH}
        )
        return [special.get(name, SHAPE_REACH + usual) for name in self.names]

    def log_likelihood(self, data: object) -> pd.Series:
        """Log-likelihood of each customer at the parameters of the model."""
        cases = as_cases(data)
        return cases.spread(self._rows(self.theta_, cases.x, cases.tx, cases.T), "log_likelihood")

    def _log_posterior(self, log_params: np.ndarray) -> np.ndarray:
        cases = self._cases
        cuts = [slice(at, at + CELLS) for at in range(0, len(cases), CELLS)]
        step, found = max(1, CELLS // len(cases)), np.empty(len(log_params))
        for at in range(0, len(log_params), step):
            theta = tuple(np.exp(log_params[at : at + step]).T[:, :, None])
            with np.errstate(all="ignore"):
                parts = [self._rows(theta, cases.x[cut], cases.tx[cut], cases.T[cut]) @ cases.weight[cut]
                         for cut in cuts]  # fmt: skip
            found[at : at + step] = sum(parts)
        return found

    # Predictions

    def probability_alive(self, data: object = None, *, ahead: ArrayLike = 0.0) -> pd.Series:
        """Probability that a customer is still active at T + ahead.

        ``P(alive at T + t) = P(alive at T) S'(t)``, where S' is the survival of a new customer with updated
        parameters.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            Customers; without them the answer is for a new customer.
        ahead : float or array of shape (customers,)
            Time after T, in the unit of the data.

        Returns
        -------
        pandas.Series
            With the caller's index (for a new customer: one number, or one per value of `ahead`).
        """
        ahead = _times(ahead, "ahead", data)
        return self._answer(data, "p_alive", ahead, lambda theta, now, t: now * self._survival(theta, t))

    def expected_purchases(self, data: object = None, *, horizon: ArrayLike) -> pd.Series:
        """Expected number of purchases in (T, T + horizon], given the customer's history.

        ``CET(t) = P(alive) E'(t)``, where E' is the mean of a new customer with updated parameters.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            Customers; without them the answer is for a new customer (repeat purchases, the first not counted).
        horizon : float or array of shape (customers,)
            In the unit of the data.

        Returns
        -------
        pandas.Series
            With the caller's index (for a new customer: one number, or one per value of `horizon`).
        """
        horizon = _times(horizon, "horizon", data)
        return self._answer(data, "expected_purchases", horizon, lambda theta, now, t: now * self._mean(theta, t))

    def purchase_probability(self, data: object = None, *, n: ArrayLike, horizon: float) -> pd.Series | pd.DataFrame:
        """Probability of exactly n purchases in (T, T + horizon].

        ``P(n) = (1 - P(alive)) [n = 0] + P(alive) pmf'(n, t)``.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            Customers; without them the answer is for a new customer.
        n : int or sequence of int
        horizon : float

        Returns
        -------
        pandas.Series or pandas.DataFrame
            One column per value of a sequence `n`.
        """
        horizon, counts = _times(horizon, "horizon", data), _counts(n)
        if data is None and horizon.ndim and np.ndim(n):
            raise InputError("for a new customer give one n, or one horizon", where=f"horizon={horizon.tolist()[:5]}")
        columns = {
            int(k): self._answer(data, "probability", horizon, lambda theta, now, t, k=k:
                                 (1 - now) * (k == 0) + now * self._pmf(theta, np.asarray(float(k)), t))
            for k in counts
        }  # fmt: skip
        if np.ndim(n) == 0:
            return columns[int(n)]
        if data is None:
            return pd.Series({k: float(value) for k, value in columns.items()}, name="probability")
        return pd.DataFrame(columns)

    def discounted_purchases(self, data: object = None, *, discount: float, horizon: float = float("inf")) -> pd.Series:
        """Expected purchases after T, each weighted by its discount: DERT without a horizon, else up to it.

        ``d int_0^H exp(-d t) CET(t) dt + exp(-d H) CET(H)``, by 32-node quadrature in log-time.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
        discount : float
            Continuous rate per unit of time: ``ln(1 + annual) / units per year`` (see `clv.rate_per_unit`).
        horizon : float
            In the unit of the data; infinite by default.

        Raises
        ------
        InputError
            If nothing is discounted and the expectation grows without end.

        References
        ----------
        .. [1] Fader, Hardie, Lee (2005). RFM and CLV. Journal of Marketing Research 42, 415-430 (DERT).
        """
        check_discount(discount, horizon)
        if discount == 0 and np.isinf(horizon) and self._endless(self.theta_):
            raise InputError("without discounting these customers are expected to buy without end",
                             where=repr(self), mend="give a horizon, or a discount above 0",
                             zh="不折现时，预期购买次数没有上限，请给出期限或折现率")  # fmt: skip
        return self._answer(data, "discounted_purchases", np.asarray(0.0), lambda theta, now, t:
                            now * self._discounted(theta, discount, horizon))  # fmt: skip

    def predict(self, data: object, *, horizon: float, **options: Any) -> pd.DataFrame:
        """The prediction table of customers, with intervals: see `clv.prediction.predict`."""
        from crm_analysis.clv.prediction.prediction import predict

        return predict(self, data, horizon=horizon, **options)

    def simulate(
        self, customers: int = 1000, *, T: ArrayLike = 52.0, holdout: float = 0.0, seed: int = 0
    ) -> pd.DataFrame:
        """Simulated customers of this model with their truth: see `clv.histories.simulate`."""
        from crm_analysis.clv.models.histories import simulate

        return simulate(self, customers, T=T, holdout=holdout, seed=seed)

    def to_lifetimes(self) -> Any:
        """The same model as a fitted object of lifetimes: see `clv.lifetimes_adapter.to_lifetimes`."""
        from crm_analysis.clv.models.lifetimes_adapter import to_lifetimes

        return to_lifetimes(self)

    def _discounted(self, theta: Theta, discount: float, horizon: float) -> np.ndarray:
        """Return discounted purchases of somebody alive at 0, under updated parameters."""
        clock = np.asarray(self._clock(theta))
        if discount == 0:
            return self._mean(theta, np.full(clock.shape, horizon))
        end = np.minimum(horizon, FAR / discount)
        nodes, weights = (along_nodes(values, max(clock.ndim, theta[0].ndim)) for values in gauss_legendre(TIME_NODES))
        reach = np.log1p(end / clock)
        t = clock * np.expm1(reach * nodes)
        inside = discount * np.exp(-discount * t) * self._mean(theta, t) * (clock + t) * reach * weights
        last = np.exp(-discount * end) * self._mean(theta, np.broadcast_to(end, clock.shape))
        return inside.sum(axis=0) + last

    def _answer(self, data: object, name: str, time: np.ndarray, rule: Any) -> pd.Series:
        """Apply `rule(updated parameters, P(alive), time)` to each distinct case."""
        theta = self.theta_
        if data is None:
            x, tx, T = NOBODY.x[0], NOBODY.tx[0], NOBODY.T[0]
            answer = rule(self._updated(theta, x, T), self._alive(theta, x, tx, T), time)
            return np.asarray(answer)[()]
        cases = as_cases(data)
        if time.ndim == 0:
            x, tx, T = cases.x, cases.tx, cases.T
            return cases.spread(self._whole(rule, theta, x, tx, T, time), name)
        if time.shape != (len(cases.row),):
            raise InputError(f"{len(time)} times were given for {len(cases.row)} customers",
                             expected="one number, or one per customer")  # fmt: skip
        x, tx, T = (values[cases.row] for values in (cases.x, cases.tx, cases.T))
        return pd.Series(self._whole(rule, theta, x, tx, T, time), index=cases.index, name=name)

    def _whole(self, rule: Any, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray, t: Any) -> np.ndarray:
        updated = self._updated(theta, x, T)
        return np.broadcast_to(rule(updated, self._alive(theta, x, tx, T), t), x.shape)


def check_discount(discount: float, horizon: float) -> None:
    """Raise unless the discount is a rate per unit of time and the horizon a positive time."""
    if not (isinstance(discount, (int, float, np.number)) and 0 <= discount < 1):
        raise InputError(f"discount must be a continuous rate per unit of time from 0 to below 1; got {discount!r}",
                         mend="clv.rate_per_unit(0.10, unit='week') turns 10 % a year into a rate per week",
                         zh="折现率应是每单位时间的连续利率")  # fmt: skip
    if _times(horizon, "horizon", finite=False).ndim:
        raise InputError(f"horizon must be one number; got {horizon!r}", zh="期限必须是一个数字")


def _counts(n: ArrayLike) -> np.ndarray:
    counts = np.atleast_1d(n)
    numbers = counts.dtype.kind in "iuf"
    if not numbers or not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.rint(counts)).any():
        raise InputError(f"n must be whole numbers from 0; got {n!r}", zh="n 必须是非负整数")
    return counts


def _times(values: ArrayLike, name: str, data: object = None, *, finite: bool = True) -> np.ndarray:
    """Return times as numbers; a Series is put in the order of the customers by its index."""
    frame = getattr(data, "frame", data)
    if isinstance(values, pd.Series) and isinstance(frame, pd.DataFrame) and not values.index.equals(frame.index):
        if not (values.index.is_unique and len(values) == len(frame) and frame.index.isin(values.index).all()):
            raise InputError(f"{name} has not the index of the customers", expected="one number per customer",
                             mend=f"pass {name}.reindex(customers.index), or one number")  # fmt: skip
        values = values.reindex(frame.index)
    try:
        times = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be a number in the unit of the data; got {values!r}",
                         zh=f"{name} 必须是数字") from error  # fmt: skip
    if isinstance(values, str) or np.isnan(times).any() or (times < 0).any() or (finite and np.isinf(times).any()):
        raise InputError(
            f"{name} must be a number of time units, 0 or more; got {values!r}", zh=f"{name} 必须是非负数字"
        )
    return times
