"""What every model of this room shares: parameters by name, standard errors, criteria, a verdict on the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from crm_analysis.clv.models.fitting import Optimum
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from crm_analysis.clv.models.verdict import Verdict
    from crm_analysis.clv.prediction.posterior import Posterior

Theta = tuple[np.ndarray, ...]  # the parameters, each a number or an array of posterior draws


class Estimator:
    """Base of all models here; scikit-learn's contract without its import.

    Learned by `fit` (or, for `params_`, set by `with_params`):

    params_ : pandas.Series
        The parameters by name.
    log_likelihood_ : float
    covariance_, standard_errors_ : pandas.DataFrame, pandas.Series
        Of the parameters (from the exact information in log-parameters, by the delta method); NaN for parameters
        that the data do not determine.
    log_covariance_ : pandas.DataFrame
        Covariance of the logarithms of the parameters.
    optimum_ : Optimum
        Where the search ended.
    customers_ : float
        Customers the fit has seen, weights included.
    """

    names: ClassVar[tuple[str, ...]]
    key: ClassVar[str]  # the name of the model in crm_analysis.words

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments: there are none."""
        return {}

    def set_params(self, **params: object) -> Self:
        """Accept no arguments."""
        if params:
            raise ValueError(f"{type(self).__name__} has no arguments to set; got {sorted(params)}")
        return self

    def __repr__(self) -> str:
        known = getattr(self, "params_", None)
        inside = "" if known is None else ", ".join(f"{name}={value:.4g}" for name, value in known.items())
        return f"{type(self).__name__}({inside})"

    @classmethod
    def with_params(cls, *, unit: str = "", **params: float) -> Self:
        """Return the model at known parameters: published ones, or the truth of a simulation.

        Examples
        --------
        >>> from crm_analysis.clv import ParetoNBD
        >>> model = ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
        >>> round(float(model.expected_purchases(horizon=5)), 8)
        0.23247466
        """
        if set(params) != set(cls.names):
            raise InputError(f"{cls.__name__} has the parameters {', '.join(cls.names)}; got {', '.join(params)}")
        wrong = [f"{name}={value!r}" for name, value in params.items() if not _positive(value)]
        if wrong:
            raise InputError(f"parameters must be positive numbers: {', '.join(wrong)}", where=cls.__name__)
        model = cls()
        model.params_ = pd.Series({name: float(params[name]) for name in cls.names}, name=cls.__name__)
        model.unit_ = unit
        return model

    def _learn(self, found: Optimum, *, unit: str = "") -> Self:
        names = list(self.names)
        self.params_ = pd.Series(found.params, index=names, name=type(self).__name__)
        self.log_likelihood_ = found.derivatives.value
        self.log_covariance_ = pd.DataFrame(found.log_covariance, index=names, columns=names)
        self.covariance_ = self.log_covariance_ * np.outer(found.params, found.params)
        self.standard_errors_ = pd.Series(np.sqrt(np.diag(self.covariance_)), index=names, name="standard_error")
        self.optimum_, self.customers_, self.unit_ = found, found.customers, unit
        return self

    @property
    def theta_(self) -> Theta:
        """The parameters as a tuple of numbers."""
        if not hasattr(self, "params_"):
            raise InputError(f"this {type(self).__name__} is not fitted yet", mend="call fit(summary) first")
        return tuple(np.asarray(value) for value in self.params_.to_numpy())

    @property
    def fitted_(self) -> bool:
        """Whether the parameters come from data (and not from `with_params`)."""
        return hasattr(self, "optimum_")

    @property
    def aic_(self) -> float:
        """Akaike's criterion ``2 k - 2 LL``; less is better."""
        return 2 * len(self.names) - 2 * self.log_likelihood_

    @property
    def bic_(self) -> float:
        """Bayesian criterion ``k ln(customers) - 2 LL``; less is better."""
        return float(np.log(self.customers_)) * len(self.names) - 2 * self.log_likelihood_

    @property
    def verdict_(self) -> Verdict:
        """What kind of maximum the fit has found: converged, at a boundary, or not identified, and what that means."""
        from crm_analysis.clv.models.verdict import judge

        return judge(self)

    def summary(self, *, level: float = 0.95) -> pd.DataFrame:
        """One row per parameter with its standard error and interval (from the log scale); the rest in ``attrs``.

        ``attrs`` holds log_likelihood, aic, bic, customers, gradient_norm, eigenvalues and the verdict.
        """
        from crm_analysis.clv.models.verdict import summary

        return summary(self, level=level)

    def posterior(self, *, draws: int = 1000, seed: int = 0) -> Posterior:
        """Draws from the posterior under a flat prior on the log-parameters; see `clv.posterior.Posterior`."""
        from crm_analysis.clv.prediction.posterior import posterior

        return posterior(self, draws=draws, seed=seed)

    def _log_posterior(self, log_params: np.ndarray) -> np.ndarray:
        """Return the log-likelihood of all data at each row of log-parameters, shape (draws, k) to (draws,)."""
        raise NotImplementedError


def _positive(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and bool(np.isfinite(value)) and value > 0
