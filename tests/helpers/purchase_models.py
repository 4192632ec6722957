"""The purchase models a second time, from the single customer upwards: sums over a grid of rates and dropouts.

A customer buys at rate lam and leaves at rate mu (Pareto/NBD) or with probability p after a purchase (BG, MBG). What is
known of one customer with given rates is elementary; the mean over customers is a trapezoid sum over ln lam and ln mu
or ln(p/(1-p)). Nothing of the package is used.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln, gammainc, gammaln, xlogy

STEP, TAIL = 0.2, 32.0


def gamma_grid(shape: float, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Values and weights of a gamma variate, on even steps of its logarithm."""
    most = np.log((shape + 12 * np.sqrt(shape) + TAIL) / rate)
    least = np.log(shape / rate) - 30 / np.sqrt(shape) - TAIL / shape
    step = min(STEP, 0.3 / np.sqrt(shape))
    u = np.arange(least, most, step)
    return np.exp(u), step * np.exp(shape * (u + np.log(rate)) - rate * np.exp(u) - gammaln(shape))


def beta_grid(a: float, b: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values p and 1 - p, and weights, of a beta variate, on even steps of ln(p/(1-p))."""
    centre, spread = np.log(a / b), 12 * np.sqrt(1 / a + 1 / b)
    step = min(STEP, 0.3 * np.sqrt(1 / a + 1 / b))
    y = np.arange(centre - spread - TAIL / a, centre + spread + TAIL / b, step)
    in_p, in_q = -np.logaddexp(0, -y), -np.logaddexp(0, y)
    return np.exp(in_p), np.exp(in_q), step * np.exp(a * in_p + b * in_q - betaln(a, b))


class Truth:
    """Likelihood and predictions of one customer (x, tx, T); with zeros, of a new one."""

    def __init__(self, key: str, params: tuple[float, ...], x: int = 0, tx: float = 0.0, T: float = 0.0) -> None:
        r, alpha = params[:2]
        lam, weight = gamma_grid(r + x, alpha + tx)  # lam^x exp(-lam tx) belongs to every history
        self.scale = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + tx)
        self.lam, weight = lam[:, None], weight[:, None]
        idle = np.exp(-self.lam * (T - tx))
        self.drop = self.stay = np.zeros((1, 1))
        self.rate = self.drop  # of leaving
        if key == "nbd":
            stayed, left = idle, np.zeros_like(idle)
        elif key == "pareto_nbd":
            mu, more = gamma_grid(*params[2:])
            self.rate, weight = mu[None], weight * more[None]
            both = self.lam + mu
            stayed = idle * np.exp(-mu * T)
            left = mu / both * (np.exp(-mu * tx) - idle * np.exp(-mu * T))
        else:
            p, q, more = beta_grid(*params[2:])
            self.drop, self.stay, weight = p[None], q[None], weight * more[None]
            self.rate = self.lam * p
            chances = x + (key == "mbg_nbd")
            stayed = idle * q**chances
            left = p * q ** (chances - 1) if chances else 0 * p
        self.key, self.weight = key, weight * stayed
        self.likelihood = float((weight * (stayed + left)).sum())
        self.alive = float(self.weight.sum()) / self.likelihood

    @property
    def log_likelihood(self) -> float:
        return float(np.log(self.likelihood) + self.scale)

    def _mean(self, values: np.ndarray) -> float:
        return float((self.weight * values).sum()) / self.likelihood

    def alive_ahead(self, t: float) -> float:
        return self._mean(np.exp(-self.rate * t))

    def purchases(self, t: float, discount: float = 0.0) -> float:
        """Expected purchases in (T, T + t], discounted."""
        fading = self.rate + discount
        return self._mean(self.lam * np.where(fading > 0, -np.expm1(-fading * t) / np.where(fading > 0, fading, 1), t))

    def probability(self, n: int, t: float) -> float:
        poisson = np.exp(xlogy(n, self.lam * t) - self.lam * t - gammaln(n + 1))
        if self.key == "nbd":
            found = poisson
        elif self.key == "pareto_nbd":
            both = self.lam + self.rate
            died = self.rate / both * np.exp(n * np.log(self.lam / both)) * gammainc(n + 1, both * t)
            found = poisson * np.exp(-self.rate * t) + died
        else:
            found = self.stay**n * poisson
            if n:
                found = found + self.drop * self.stay ** (n - 1) * gammainc(n, self.lam * t)
        return self._mean(found) + (1 - self.alive) * (n == 0)


def simulate(key: str, params: tuple[float, ...], T: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Repeat purchases and time of the last one of one customer per T."""
    rng, n = np.random.default_rng(seed), len(T)
    lam = rng.gamma(params[0], 1 / params[1], n)
    life = T
    if key == "pareto_nbd":
        life = np.minimum(T, rng.exponential(1 / rng.gamma(params[2], 1 / params[3], n)))
    bought = rng.poisson(lam * life)
    last = np.where(bought > 0, bought, 1)
    x = bought
    if key in ("bg_nbd", "mbg_nbd"):
        leaves_after = rng.geometric(np.maximum(rng.beta(*params[2:], n), 1e-12)) - (key == "mbg_nbd")
        x = np.minimum(bought, leaves_after)
        last = np.where(x > 0, x, 1)
    tx = life * rng.beta(last, np.maximum(bought - last, 0) + 1)
    return x.astype(float), np.where(x > 0, tx, 0.0)


def customers(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """A table of customers (x, tx, T)."""
    return pd.DataFrame(rows, columns=["frequency", "recency", "T"])


HISTORIES = [(0, 0, 38.86), (2, 30.43, 38.86), (26, 216 / 7, 31.0), (7, 29.43, 38.86), (3, 20.0, 20.0), (200, 20, 39)]


def check_all(model: object, rel: float = 1e-9) -> None:
    """Compare every prediction, of a new customer and given a history, with the sums over single customers."""
    params = tuple(model.params_)
    for history in (None, *HISTORIES):
        truth = Truth(model.key, params, *history or ())
        data = None if history is None else customers(history)
        found, expected = answers(model, data), truths(truth)
        if history is not None:
            found["log_likelihood"] = model.log_likelihood(data)
            expected["log_likelihood"] = truth.log_likelihood
        for name, value in expected.items():
            assert np.ravel(found[name])[0] == pytest.approx(value, rel=rel, abs=1e-12), (name, history, params)


def answers(model: object, data: pd.DataFrame | None) -> dict[str, object]:
    """All predictions of a model."""
    found = {"alive": model.probability_alive(data), "ahead": model.probability_alive(data, ahead=39)}
    found |= {f"mean {t}": model.expected_purchases(data, horizon=t) for t in (0.1, 39, 520)}
    found |= {f"P({n})": model.purchase_probability(data, n=n, horizon=39) for n in (0, 1, 2, 7)}
    found |= {f"discounted {d}": model.discounted_purchases(data, discount=d) for d in (0.0027, 0.1)}
    return found | {"discounted to 52": model.discounted_purchases(data, discount=0.0027, horizon=52)}


def truths(truth: Truth) -> dict[str, float]:
    """The same from single customers."""
    found = {"alive": truth.alive, "ahead": truth.alive_ahead(39)}
    found |= {f"mean {t}": truth.purchases(t) for t in (0.1, 39, 520)}
    found |= {f"P({n})": truth.probability(n, 39) for n in (0, 1, 2, 7)}
    found |= {f"discounted {d}": truth.purchases(np.inf, d) for d in (0.0027, 0.1)}
    return found | {"discounted to 52": truth.purchases(52, 0.0027)}


def check_fit(model: object, params: list[float], log_likelihood: float, rel: float = 1e-4) -> None:
    """Compare a fit with published numbers: the likelihood first, then the parameters."""
    assert model.log_likelihood_ == pytest.approx(log_likelihood, abs=1e-3)
    np.testing.assert_allclose(model.params_, params, rtol=rel)


def correlation(model: object, first: str, second: str) -> float:
    """Correlation of two estimates."""
    errors = model.standard_errors_
    return model.covariance_.loc[first, second] / (errors[first] * errors[second])
