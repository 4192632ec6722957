"""Gamma-Gamma: how much a customer spends per purchase, learned from few purchases of each."""

from __future__ import annotations

import math
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv, betaln, gammaincc, gammainccinv, gammaln

from crm_analysis.clv.models.estimator import Estimator, Theta
from crm_analysis.clv.spend.cases import SpendCases, as_spend_cases
from crm_analysis.clv.spend.likelihood import log_likelihoods, search
from crm_analysis.errors import InputError

NEAR_ONE = 1e-5  # the truncated mean is interpolated across its removable pole at q = 1
RARE = 1e-9  # share of customers below a cap that counts as nobody


class GammaGamma(Estimator):
    r"""Gamma-Gamma model of spend per purchase (Fader & Hardie 2013, after Colombo & Jiang 1999).

    Each purchase of a customer costs Gamma(p, nu); nu varies between customers as Gamma(q, v). With m the mean of
    x purchases and ``s = x m / (v + x m)``

    .. math:: \ln L = p x \ln s + q \ln(1 - s) - \ln B(p x, q) - \ln m

    which is equation (1a) of [1]_ in a form that does not overflow. A customer's long-run mean spend is p / nu: the
    more purchases are known, the closer its estimate moves from the mean of all to the customer's own mean. The model
    takes spend as independent of how often a customer buys; `clv.spend.independence` measures what that costs.

    p is how even the purchases of one customer are (their coefficient of variation is 1 / sqrt(p)), q how alike
    customers are, v a scale in money. The mean over customers ``p v / (q - 1)`` exists only for q > 1; for q <= 1 the
    spend of a few customers is so large that no mean settles, and the median stands in (see `spend_basis`).

    Parameters
    ----------
    nonpositive : {"error", "set_aside"}
        What to do with customers who bought again but whose mean amount is missing, zero or negative: refuse them
        with a list, or count them in `ledger_` and treat them as customers without known spend.

    Attributes
    ----------
    ledger_ : pandas.DataFrame
        ``rule``, ``customers``: read, left out by rule (one-time buyers leave only this model), modelled.
    customers_ : float
        Customers with repeat purchases, whose spend was modelled.

    References
    ----------
    .. [1] Fader, Hardie (2013). The Gamma-Gamma model of monetary value. Note 025, eqs. (1a), (3), (5).
    .. [2] Fader, Hardie, Lee (2005). RFM and CLV. Journal of Marketing Research 42, 415-430.

    Examples
    --------
    >>> model = GammaGamma.with_params(p=6.248802, q=3.744589, v=15.447751)
    >>> frame = pd.DataFrame({"frequency": [2, 1, 0], "monetary_value": [22.35, 11.77, float("nan")]})
    >>> model.expected_spend(frame).round(2).tolist()
    [24.66, 18.91, 35.17]
    """

    names: ClassVar[tuple[str, ...]] = ("p", "q", "v")
    key: ClassVar[str] = "gamma_gamma"
    currency_: str = ""

    def __init__(self, *, nonpositive: str = "error") -> None:
        self.nonpositive = nonpositive

    def get_params(self, deep: bool = True) -> dict[str, str]:
        """Return the constructor's arguments."""
        return {"nonpositive": self.nonpositive}

    def set_params(self, **params: object) -> Self:
        """Change the constructor's arguments."""
        unknown = sorted(set(params) - {"nonpositive"})
        if unknown:
            raise ValueError(f"GammaGamma has the argument nonpositive alone; got {unknown}")
        self.nonpositive = params.get("nonpositive", self.nonpositive)
        return self

    def fit(self, data: object, y: None = None) -> Self:
        """Fit by maximum likelihood on the customers with repeat purchases.

        Parameters
        ----------
        data : pandas.DataFrame or Summary
            One row per customer: ``frequency`` (repeat purchases), ``monetary_value`` (their mean amount, in money),
            optionally ``weights``.

        Returns
        -------
        self
            With the learned attributes; `verdict_` says what kind of maximum was found.

        Raises
        ------
        InputError
            If rows are impossible, nobody bought twice, or all customers spend the same.

        Examples
        --------
        >>> model = GammaGamma.with_params(p=6, q=4, v=15)
        >>> frame = pd.DataFrame({"frequency": [0, 1, 2, 5] * 200})
        >>> frame["monetary_value"] = model.simulate(frame["frequency"], seed=1)
        >>> fitted = GammaGamma().fit(frame)
        >>> fitted.customers_, bool((abs(fitted.params_ - [6, 4, 15]) < 3 * fitted.standard_errors_).all())
        (600.0, True)
        """
        everybody = as_spend_cases(data, nonpositive=self.nonpositive)
        buyers = everybody.take(everybody.x > 0)
        _accept(buyers, everybody)
        self.ledger_, self._cases = everybody.ledger, buyers
        self.currency_ = str(getattr(data, "currency", "") or "")
        return self._learn(search(buyers))

    def log_likelihood(self, data: object) -> pd.Series:
        """Log-likelihood of each customer at the parameters of the model; NaN without repeat purchases."""
        cases = self._cases_of(data)
        with np.errstate(invalid="ignore", divide="ignore"):
            rows = self._rows(self.theta_, cases.x, cases.m)
        return pd.Series(np.where(cases.x > 0, rows, np.nan), index=cases.index, name="log_likelihood")

    # The population

    @property
    def population_mean_(self) -> float:
        """Mean spend per purchase over customers, ``p v / (q - 1)``; NaN for q <= 1, where no mean exists."""
        mean = float(self._expected(self.theta_, 0.0, np.nan))
        return mean if math.isfinite(mean) else math.nan

    @property
    def population_median_(self) -> float:
        """Half of the customers have a mean spend below this; exists for every q."""
        return float(self._quantile(self.theta_, 0.0, np.nan, 0.5))

    def truncated_mean(self, *, upper: float) -> float:
        r"""Mean spend over the customers whose mean spend is below `upper`: exists for every q.

        .. math:: E[M | M < u] = \frac{p v}{q - 1} \left(1 - \frac{z^{q-1} e^{-z}}{\Gamma(q, z)}\right),
                  \qquad z = p v / u

        It answers for q <= 1, where the mean of all does not exist, as long as the cap is stated with the number:
        for instance the largest mean spend that was observed.

        Parameters
        ----------
        upper : float
            The cap, in money.

        Raises
        ------
        InputError
            If the cap is not a positive number, or lies below the spend of practically all customers.

        Examples
        --------
        >>> model = GammaGamma.with_params(p=6.248802, q=3.744589, v=15.447751)
        >>> round(model.truncated_mean(upper=300), 2), round(model.truncated_mean(upper=1e9), 2)
        (34.91, 35.17)
        """
        p, q, v = (float(value) for value in self.theta_)
        if not (isinstance(upper, (int, float, np.number)) and 0 < upper < math.inf):
            raise InputError(f"upper must be a positive amount of money; got {upper!r}", zh="上限必须是正数")
        z = p * v / float(upper)
        if gammaincc(q, z) < RARE:
            raise InputError(f"practically no customer of this model has a mean spend below {upper:,.6g}",
                             where=repr(self), expected=f"a cap above {self.spend_quantile(prob=RARE):,.2g}",
                             zh="上限低于几乎所有客户的平均消费金额")  # fmt: skip
        if abs(q - 1) >= NEAR_ONE:
            return _below(p, q, v, z)
        share = (q - 1 + NEAR_ONE) / (2 * NEAR_ONE)
        return (1 - share) * _below(p, 1 - NEAR_ONE, v, z) + share * _below(p, 1 + NEAR_ONE, v, z)

    # Customers

    def expected_spend(self, data: object = None) -> pd.Series | float:
        """Expected mean spend per purchase of each customer, given the purchases so far.

        ``E[M | x, m] = p (v + x m) / (p x + q - 1)``: a weighted mean of the customer's own mean and the
        population's. Without known repeat purchases it is the population mean. Where no mean exists (p x + q <= 1)
        the median is given instead; `spend_basis` says for whom.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            ``frequency``, ``monetary_value``; without it the answer is for a new customer.

        Returns
        -------
        pandas.Series
            In money, with the caller's index (for a new customer a number).

        References
        ----------
        .. [1] Fader, Hardie (2013). The Gamma-Gamma model of monetary value. Note 025, eqs. (3), (5).
        """
        return self._answer(data, "expected_spend", self._value)

    def spend_quantile(self, data: object = None, *, prob: float) -> pd.Series | float:
        """Quantile of each customer's long-run mean spend, given the purchases so far.

        ``M = p / nu`` with nu ~ Gamma(p x + q, v + x m). Exists for every q. Without known repeat purchases it
        is the quantile over all customers.

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            ``frequency``, ``monetary_value``; without it the answer is for a new customer.
        prob : float in (0, 1)

        Examples
        --------
        >>> model = GammaGamma.with_params(p=6.248802, q=3.744589, v=15.447751)
        >>> frame = pd.DataFrame({"frequency": [2], "monetary_value": [22.35]})
        >>> [round(float(model.spend_quantile(frame, prob=prob).iloc[0]), 2) for prob in (0.05, 0.5, 0.95)]
        [16.07, 23.62, 36.75]
        """
        prob = _probability(prob)
        return self._answer(data, "spend_quantile", lambda theta, x, m: self._quantile(theta, x, m, prob))

    def median_spend(self, data: object = None) -> pd.Series | float:
        """Median of each customer's long-run mean spend, given the purchases so far: see `spend_quantile`."""
        return self._answer(data, "median_spend", lambda theta, x, m: self._quantile(theta, x, m, 0.5))

    def order_quantile(self, data: object = None, *, prob: float) -> pd.Series | float:
        """Quantile of the amount of a customer's next purchase, given the purchases so far.

        One purchase varies more than the customer's mean: ``Z = (v + x m) B / (1 - B)`` with B ~ Beta(p, p x + q).

        Parameters
        ----------
        data : pandas.DataFrame or Summary, optional
            ``frequency``, ``monetary_value``; without it the answer is for a new customer.
        prob : float in (0, 1)

        Examples
        --------
        >>> model = GammaGamma.with_params(p=6.248802, q=3.744589, v=15.447751)
        >>> frame = pd.DataFrame({"frequency": [2], "monetary_value": [22.35]})
        >>> [round(float(model.order_quantile(frame, prob=prob).iloc[0]), 2) for prob in (0.05, 0.5, 0.95)]
        [9.6, 22.38, 47.43]
        """
        prob = _probability(prob)
        return self._answer(data, "order_quantile", lambda theta, x, m: self._order_quantile(theta, x, m, prob))

    def spend_basis(self, data: object = None) -> pd.Series | str:
        """On what each number of `expected_spend` rests.

        ``own_history`` (the customer's purchases, with the population's), ``population_mean`` (no purchases known),
        and where no mean exists ``own_median`` and ``population_median``.
        """
        _, q, _ = self.theta_
        if data is None:
            return "population_mean" if q > 1 else "population_median"
        cases = self._cases_of(data)
        exists = np.isfinite(self._expected(self.theta_, cases.x, cases.m))
        of_all = np.where(exists, "population_mean", "population_median")
        own = np.where(exists, "own_history", "own_median")
        return pd.Series(np.where(cases.x > 0, own, of_all), index=cases.index, name="spend_basis", dtype=object)

    def simulate(self, frequency: ArrayLike, *, seed: int = 0) -> pd.Series:
        """Mean spend of simulated customers with these numbers of repeat purchases; NaN where there are none.

        Parameters
        ----------
        frequency : pandas.Series or array of int, shape (customers,)
        seed : int

        Returns
        -------
        pandas.Series
            ``monetary_value``, with the index of `frequency`.

        Examples
        --------
        >>> GammaGamma.with_params(p=6, q=4, v=15).simulate([0, 1, 50], seed=1).round(2).tolist()
        [nan, 35.86, 20.78]
        """
        p, q, v = self.theta_
        index = frequency.index if isinstance(frequency, pd.Series) else None
        try:
            x = np.atleast_1d(np.asarray(frequency, dtype=float))
        except (TypeError, ValueError) as error:
            raise InputError("frequency must be whole numbers from 0", zh="frequency 必须是非负整数") from error
        if not (np.isfinite(x) & (x >= 0) & (x == np.rint(x))).all():
            raise InputError("frequency must be whole numbers from 0", zh="frequency 必须是非负整数")
        rng = np.random.default_rng(seed)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            m = rng.gamma(p * x) / x / rng.gamma(q, 1 / v, len(x))
        return pd.Series(np.where(x > 0, m, np.nan), index=index, name="monetary_value")

    # Formulas: parameters broadcast against customers, (draws, 1) against (customers,)

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, m: np.ndarray) -> np.ndarray:
        """Log-likelihood; x > 0 and m > 0."""
        p, q, v = theta
        odds = x * m / v
        return -betaln(p * x, q) - p * x * np.log1p(1 / odds) - q * np.log1p(odds) - np.log(m)

    @staticmethod
    def _expected(theta: Theta, x: np.ndarray, m: np.ndarray) -> np.ndarray:
        """E[M | x, m]; at x = 0 (whatever m) the population mean; infinite where it does not exist: p x + q <= 1.

        Quantiles over draws that may be infinite need a method that does not interpolate ("higher", "lower").
        """
        p, q, v = theta
        shape = p * x + q
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(shape > 1, p * (v + _spent(x, m)) / (shape - 1), np.inf)

    @staticmethod
    def _quantile(theta: Theta, x: np.ndarray, m: np.ndarray, prob: float) -> np.ndarray:
        """Quantile of M given x, m; at x = 0 (whatever m) of the population."""
        p, q, v = theta
        with np.errstate(divide="ignore", over="ignore"):
            return p * (v + _spent(x, m)) / gammainccinv(p * x + q, prob)

    @classmethod
    def _value(cls, theta: Theta, x: np.ndarray, m: np.ndarray) -> np.ndarray:
        """E[M | x, m] where it exists, else the median."""
        mean = cls._expected(theta, x, m)
        return mean if np.isfinite(mean).all() else np.where(np.isfinite(mean), mean, cls._quantile(theta, x, m, 0.5))

    @staticmethod
    def _order_quantile(theta: Theta, x: np.ndarray, m: np.ndarray, prob: float) -> np.ndarray:
        p, q, v = theta
        rest = p * x + q
        with np.errstate(divide="ignore", over="ignore"):
            return (v + _spent(x, m)) * betaincinv(p, rest, prob) / betainccinv(rest, p, prob)

    def _log_posterior(self, log_params: np.ndarray) -> np.ndarray:
        return log_likelihoods(log_params, self._cases)

    def _answer(self, data: object, name: str, rule: object) -> pd.Series | float:
        if data is None:
            return float(rule(self.theta_, 0.0, np.nan))
        cases = self._cases_of(data)
        return pd.Series(rule(self.theta_, cases.x, cases.m), index=cases.index, name=name)

    def _cases_of(self, data: object) -> SpendCases:
        return as_spend_cases(data, nonpositive=self.nonpositive)

    def _spend_verdict(self) -> tuple[str, str, str] | None:
        """Say what cannot be said where the mean over customers does not exist, or may not."""
        from crm_analysis.clv.spend.verdict import doubtful_mean

        return doubtful_mean(self)


def _accept(buyers: SpendCases, everybody: SpendCases) -> None:
    if not len(buyers.x):
        raise InputError("no customer has a repeat purchase with an amount: there is no spend to model",
                         where=f"{everybody.customers:,.0f} customers",
                         expected="some customers with frequency and monetary_value above 0",
                         mend="observe for longer, or check that orders carry amounts",
                         zh="没有客户有带金额的重复购买，无法建立消费金额模型")  # fmt: skip
    if buyers.m.max() - buyers.m.min() <= 1e-12 * buyers.m.max():
        raise InputError("all customers have the same mean spend: there is nothing to model",
                         where=f"{buyers.customers:,.0f} customers with repeat purchases, all at {buyers.m[0]:,.6g}",
                         mend="use that amount for everybody",
                         zh="所有客户的平均消费金额相同，无需建立模型")  # fmt: skip


def _spent(x: np.ndarray, m: np.ndarray) -> np.ndarray:
    return np.where(np.asarray(x) > 0, x * np.asarray(m), 0.0)


def _below(p: float, q: float, v: float, z: float) -> float:
    log_edge = (q - 1) * math.log(z) - z - float(gammaln(q)) - math.log(float(gammaincc(q, z)))
    return p * v / (q - 1) * -math.expm1(log_edge)


def _probability(prob: float) -> float:
    if not (isinstance(prob, (int, float, np.number)) and 0 < prob < 1):
        raise InputError(f"prob must lie between 0 and 1; got {prob!r}", zh="概率必须在 0 与 1 之间")
    return float(prob)
