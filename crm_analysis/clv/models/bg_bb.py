"""BG/BB: on each occasion (a yearly appeal, a market day) a customer buys or not, until dropping out unseen."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.contracts.beta_geometric import discounted_life, log_beta_rise
from crm_analysis.clv.models.bg_bb_likelihood import derivatives
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.models.model import PurchaseModel, Theta
from crm_analysis.clv.models.occasions import occasions, with_occasions
from crm_analysis.errors import InputError


class BGBB(PurchaseModel):
    """Beta-geometric/beta-binomial model of buying on discrete occasions (Fader, Hardie & Shang 2010).

    A customer who is alive buys on each occasion with a chance p, which varies over customers as Beta(alpha, beta).
    At the start of each occasion the customer drops out with a chance theta, which varies as Beta(gamma, delta). With
    x purchases on n occasions, the last of them on occasion tx,

    ``L = B(alpha+x, beta+n-x)/B(alpha, beta) B(gamma, delta+n)/B(gamma, delta)
    + sum_i=0^(n-tx-1) B(alpha+x, beta+tx-x+i)/B(alpha, beta) B(gamma+1, delta+tx+i)/B(gamma, delta)``

    the sum of "still alive at n" and "dropped out after occasion tx+i". alpha / (alpha + beta) is the mean chance of
    buying, gamma / (gamma + delta) the mean chance of dropping out before an occasion; small sums alpha + beta and
    gamma + delta mean that customers differ much.

    Time is counted in occasions: ``frequency`` and ``recency`` are the number of purchases and the number of the
    occasion of the last one, ``T`` (also called ``n_periods``, ``periods`` or ``n``) the occasions so far; horizons
    are whole. The first purchase, which makes the customer, is not among the occasions. In `discounted_purchases` a
    purchase i occasions ahead counts ``exp(-discount i)``, which is ``(1 + d)^-i`` for ``discount = ln(1 + d)``.
    `probability_alive` is P(alive) at the last occasion; the tables of [1]_ show it one occasion ahead.

    References
    ----------
    .. [1] Fader, Hardie, Shang (2010). Customer-base analysis in a discrete-time noncontractual setting. Marketing
       Science 29(6), 1086-1108, eqs. (5), (7), (8), (11), (13), (14).

    Examples
    --------
    >>> model = BGBB.with_params(alpha=1.203522, beta=0.749716, gamma=0.656718, delta=2.783441)
    >>> donors = pd.DataFrame({"frequency": [0, 4], "recency": [0, 5], "n_periods": [6, 6]})
    >>> model.probability_alive(donors, ahead=1).round(6).tolist()
    [0.108133, 0.6968]
    >>> model.expected_purchases(donors, horizon=10).round(6).tolist()
    [0.130218, 3.627968]
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    key: ClassVar[str] = "bg_bb"
    discrete: ClassVar[bool] = True
    starts: ClassVar[tuple[tuple[float, ...], ...]] = (
        (5.0, 5.0, 5.0, 5.0),
        (0.2, 0.2, 0.2, 0.5),
        (1.0, 1.0, 0.1, 3.0),
    )

    def fit(self, data: object, y: None = None) -> Self:
        """Fit by maximum likelihood on the distinct cases.

        Parameters
        ----------
        data : pandas.DataFrame or Summary
            One row per customer: ``frequency``, ``recency``, ``T`` (or ``n_periods``, ``periods``, ``n``) in
            occasions, optionally ``weights``: how many customers a row stands for.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If rows are impossible or not in whole occasions, or nobody bought again.
        """
        return super().fit(occasions(data))

    def log_likelihood(self, data: object) -> pd.Series:
        """Log-likelihood of each customer at the parameters of the model, equation (5)."""
        return super().log_likelihood(occasions(data))

    def predict(self, data: object, *, horizon: float, **options: object) -> pd.DataFrame:
        """The prediction table of customers, with intervals: see `clv.prediction.predict`."""
        return super().predict(with_occasions(data), horizon=horizon, **options)

    def _answer(self, data: object, name: str, time: np.ndarray, rule: object) -> pd.Series:
        return super()._answer(None if data is None else occasions(data), name, time, rule)

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        rate = float(cases.weight @ cases.x) / max(float(cases.weight @ cases.T), 1.0)
        return [1.0, 1.0 / np.clip(rate, 0.02, 0.98) - 1.0, 0.5, 2.0]

    @staticmethod
    def _derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
        return derivatives(log_params, cases)

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        return np.logaddexp(*_fates(theta, x, tx, T))

    @staticmethod
    def _alive(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        stayed, left = _fates(theta, x, tx, T)
        return expit(stayed - left)

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        alpha, beta, gamma, delta = theta
        return alpha + x, beta + T - x, gamma, delta + T

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        alpha, beta, gamma, delta = theta
        return alpha / (alpha + beta) * _alive_occasions(gamma, delta, _whole(t))

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        return np.exp(log_beta_rise(theta[2], theta[3], _whole(t)))

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        alpha, beta, gamma, delta, n, t = np.broadcast_arrays(*theta, n, _whole(t))
        lost = np.maximum(t - n, 0)  # occasions without a purchase, if all are lived
        bought = gammaln(n + lost + 1) - gammaln(n + 1) - gammaln(lost + 1)
        bought = bought + log_beta_rise(alpha, beta, lost) + log_beta_rise(beta + lost, alpha, n)
        chance = np.exp(bought + log_beta_rise(gamma, delta, n + lost))
        term = log_beta_rise(beta, alpha, n) + log_beta_rise(gamma, delta, n) + np.log(gamma / (gamma + delta + n))
        for i in range(int(lost.max(initial=0))):  # dropped out after occasion n + i
            chance = chance + np.where(i < lost, np.exp(term), 0.0)
            missed = (n + i + 1) / (i + 1) * (beta + i) / (alpha + beta + n + i)
            term = term + np.log(missed * (delta + n + i) / (gamma + 1 + delta + n + i))
        return np.where(n <= t, chance, 0.0)

    def _discounted(self, theta: Theta, discount: float, horizon: float) -> np.ndarray:
        alpha, beta, gamma, delta = theta
        value = float(np.exp(-discount))
        if np.isfinite(horizon):
            lived = _alive_occasions(gamma, delta, _whole(horizon), value)
        else:
            lived = value * delta / (gamma + delta) * discounted_life(gamma, delta + 1, value)
        return alpha / (alpha + beta) * lived

    @staticmethod
    def _clock(theta: Theta) -> np.ndarray:
        return theta[3]

    @staticmethod
    def _endless(theta: Theta) -> bool:
        return bool((theta[2] <= 1).any())

    @staticmethod
    def _occasions(
        rng: np.random.Generator, theta: Theta, count: int, n: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return who buys on which of n occasions (count, n), each one's chance of buying, and occasions lived."""
        alpha, beta, gamma, delta = theta
        buying, leaving = rng.beta(alpha, beta, count), rng.beta(gamma, delta, count)
        with np.errstate(divide="ignore"):
            lived = np.floor(-rng.standard_exponential(count) / np.log1p(-leaving))
        bought = np.empty((count, n), bool)
        for i in range(n):
            bought[:, i] = (i < lived) & (rng.random(count) < buying)
        return bought, buying, lived


def _whole(t: np.ndarray) -> np.ndarray:
    t = np.asarray(t, float)
    if (t != np.rint(t)).any():
        raise InputError(f"BG/BB counts time in occasions; {t[t != np.rint(t)].flat[0]:g} is not a whole number",
                         expected="a whole number of occasions", zh="BG/BB 模型的期限应为整数次购买机会")  # fmt: skip
    return t


def _alive_occasions(gamma: np.ndarray, delta: np.ndarray, t: np.ndarray, value: float = 1.0) -> np.ndarray:
    """Return the expected number of occasions lived in (0, t], occasion i counted with value^i."""
    alive = np.ones(np.broadcast_shapes(*map(np.shape, (gamma, delta, t))))
    total = np.zeros_like(alive)
    for i in range(int(np.max(t, initial=0))):
        alive = alive * value * (delta + i) / (gamma + delta + i)
        total = total + np.where(i < t, alive, 0.0)
    return total


def _fates(theta: Theta, x: np.ndarray, tx: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the logs of both ways to the history: still alive at n, and dropped out before."""
    alpha, beta, gamma, delta = theta
    stayed = _log_binary(alpha, beta, x, n - x) + log_beta_rise(gamma, delta, n)
    first = _log_binary(alpha, beta, x, tx - x) + log_beta_rise(gamma, delta, tx) + np.log(gamma / (gamma + delta + tx))
    lapse = np.asarray(n - tx)
    part, total = np.ones(np.broadcast_shapes(first.shape, lapse.shape)), 0.0
    for i in range(int(lapse.max(initial=0))):
        total = total + np.where(i < lapse, part, 0.0)
        missed = (beta + tx - x + i) / (alpha + beta + tx + i)
        part = part * missed * (delta + tx + i) / (gamma + 1 + delta + tx + i)
    with np.errstate(divide="ignore"):
        return stayed, first + np.log(total)


def _log_binary(alpha: np.ndarray, beta: np.ndarray, yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """Return ln B(alpha + yes, beta + no) / B(alpha, beta): one order of so many yes and no."""
    return log_beta_rise(alpha, beta, no) + log_beta_rise(beta + no, alpha, yes)
