"""What the data leave open about a model's parameters: draws from their posterior, and whether they can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.clv.models.estimator import Estimator, Theta
from crm_analysis.clv.models.fitting import FLAT, Likelihood
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.models.search import add_up, pieces_of
from crm_analysis.clv.prediction.expansion import Expansion
from crm_analysis.clv.prediction.importance import Proposal, Sample, around, sample
from crm_analysis.clv.prediction.psis import TRUSTED, resample
from crm_analysis.clv.prediction.ridge import ridge
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

MANY_CASES, NARROW = 3_000, 0.5  # with more, and no wider, the likelihood is expanded around its maximum
CHECKED, AGREED = 12, 0.05  # draws at which it is checked; allowed difference in log-likelihood (root mean square)
LEAST_DRAWS = 50
TEMPERED = 0.7  # power of the mass of a place, by which points are drawn there

LogDensity = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Posterior:
    """Draws of a model's parameters, all of equal weight.

    Parameters
    ----------
    draws : pandas.DataFrame of shape (draws, parameters)
    pareto_k : float
        How heavy the tail of the importance weights is; below 0.7 the draws are trusted.
    effective_size : float
        How many independent draws the weighted points behind them are worth.
    undetermined : tuple of str
        Parameters whose size the data do not determine; their draws reach to the ends of the searched region.
    """

    draws: pd.DataFrame
    pareto_k: float
    effective_size: float
    undetermined: tuple[str, ...] = ()

    @property
    def reliable(self) -> bool:
        """Whether intervals from these draws can be trusted."""
        return self.pareto_k < TRUSTED

    @property
    def theta(self) -> Theta:
        """The draws as one array of shape (draws, 1) per parameter: they broadcast against cases."""
        return tuple(self.draws[name].to_numpy()[:, None] for name in self.draws)

    @property
    def zh(self) -> str:
        """What the draws are worth, in Chinese."""
        size = f"Pareto k = {self.pareto_k:.2f}，相当于 {self.effective_size:,.0f} 次独立抽样"
        first = f"参数的后验抽样可靠（{size}）。" if self.reliable else (
            f"数据太少，参数的后验抽样不稳定（{size}；k 应低于 {TRUSTED}），各参数区间只能作粗略参考。")  # fmt: skip
        names = "、".join(self.undetermined)
        return first + (f"数据无法确定参数 {names} 的大小，抽样覆盖整个搜索范围。" if names else "")

    @property
    def en(self) -> str:
        """What the draws are worth, in English."""
        size = f"Pareto k = {self.pareto_k:.2f}, worth {self.effective_size:,.0f} independent draws"
        first = f"The draws of the parameters can be trusted ({size})." if self.reliable else (
            f"The data are too few for stable draws of the parameters ({size}; k should be below {TRUSTED}): "
            "take the parameter intervals as rough.")  # fmt: skip
        names = ", ".join(self.undetermined)
        rest = f" The data do not determine the size of {names}; the draws cover the whole searched region."
        return first + (rest if names else "")

    def text(self, lang: str) -> str:
        """What the draws are worth, in Chinese (``zh``) or English (``en``)."""
        return self.zh if lang == "zh" else self.en

    def interval(self, level: float = 0.95) -> pd.DataFrame:
        """Median and equal-tailed interval of each parameter.

        Returns
        -------
        pandas.DataFrame
            Rows: parameters; columns ``median``, ``low``, ``high``.
        """
        tail = (1 - check_level(level)) / 2
        found = self.draws.quantile([0.5, tail, 1 - tail]).T
        return found.set_axis(["median", "low", "high"], axis="columns").rename_axis("parameter")


def posterior(model: Estimator, *, draws: int = 1000, seed: int = 0) -> Posterior:
    r"""Draw from the posterior of a model's parameters under a flat prior on their logarithms.

    The prior is flat on the region in which `fit` searches, so the mode is the maximum-likelihood estimate. Points
    from multivariate t distributions along the ridge of the likelihood are weighted by the exact likelihood; the
    weights are Pareto smoothed and the points resampled.

    With more than 3,000 distinct cases and a narrow posterior, the log-likelihood is taken from its expansion to
    fourth order around the mode, and compared with the exact one at 12 of the draws; where they differ by more than
    0.05, all is done exactly.

    Parameters
    ----------
    model : a fitted model
    draws : int
        At least 50.
    seed : int

    Returns
    -------
    Posterior

    Raises
    ------
    InputError
        If the model is not fitted (`with_params` knows parameters, not how sure they are).

    References
    ----------
    .. [1] Vehtari, Simpson, Gelman, Yao, Gabry (2024). Pareto smoothed importance sampling. Journal of Machine
       Learning Research 25(72), 1-58.

    Examples
    --------
    >>> from crm_analysis.clv import NBD
    >>> frame = pd.DataFrame({"frequency": [0, 1, 2, 5] * 50, "recency": [0, 9, 20, 29] * 50, "T": [30.0] * 200})
    >>> found = posterior(NBD().fit(frame), draws=500)
    >>> found.reliable, found.draws.shape
    (True, (500, 2))
    """
    if not model.fitted_:
        raise InputError(f"this {type(model).__name__} is not fitted: how sure its parameters are is not known",
                         mend="call fit(summary) first", zh="模型尚未拟合，无法给出参数的不确定性")  # fmt: skip
    if not isinstance(draws, (int, np.integer)) or draws < LEAST_DRAWS:
        raise InputError(f"draws must be a whole number of at least {LEAST_DRAWS}; got {draws!r}",
                         zh=f"抽样次数应为不小于 {LEAST_DRAWS} 的整数")  # fmt: skip
    rng = np.random.default_rng(seed)
    found, places = _draw(model, int(draws), rng)
    values = pd.DataFrame(np.exp(found.points[places]), columns=list(model.names))
    return Posterior(values, found.pareto_k, found.effective_size, _undetermined(model))


def _draw(model: Estimator, draws: int, rng: np.random.Generator) -> tuple[Sample, np.ndarray]:
    centre, root = _start(model)
    exact = _exact(model)
    if not isinstance(model, PurchaseModel):
        return _sampled(_within(model, exact), around(centre, root, draws=draws), draws, rng)
    likelihood = _likelihood(model)
    if len(model._cases) > MANY_CASES and np.linalg.norm(root, 2) < NARROW:
        expanded = Expansion.around(likelihood, centre, root)
        found, places = _sampled(_within(model, expanded), around(centre, root, draws=3 * draws), draws, rng)
        some = found.points[places[:: max(1, draws // CHECKED)]]
        if np.std(expanded(some) - exact(some)) < AGREED:
            return found, places
    return _sampled(_within(model, exact), _along(model, likelihood, centre, draws), draws, rng)


def _likelihood(model: PurchaseModel) -> Likelihood:
    """Return the log-likelihood of the model's data with its derivatives."""
    pieces = pieces_of(model._cases)

    def whole(log_params: np.ndarray) -> Derivatives:
        with np.errstate(all="ignore"):
            return add_up(model._derivatives(log_params, piece) for piece in pieces)

    return whole


def _along(model: Estimator, likelihood: Likelihood, centre: np.ndarray, draws: int) -> list[Proposal]:
    """Return proposals along the ridge: fewer where less is, but more than its share, for the tails matter."""
    optimum = model.optimum_
    places = ridge(likelihood, centre, low=optimum.centre - optimum.reach, high=optimum.centre + optimum.reach)
    mass = np.array([place.log_mass for place in places])
    share = np.exp(TEMPERED * (mass - mass.max()))
    counts = np.ceil(draws * share / share.sum()).astype(int)
    return [Proposal(int(count), place.at, place.root) for count, place in zip(counts, places)]


def _sampled(
    log_density: LogDensity, first: list[Proposal], draws: int, rng: np.random.Generator
) -> tuple[Sample, np.ndarray]:
    found = sample(log_density, first=first, draws=draws, rng=rng)
    return found, resample(found.log_weights, draws, rng)


def _start(model: Estimator) -> tuple[np.ndarray, np.ndarray]:
    """Return the mode and a root of the inverse information; where the likelihood is flat, a wide one."""
    optimum = model.optimum_
    centre = np.clip(optimum.log_params, optimum.centre - optimum.reach, optimum.centre + optimum.reach)
    size, axes = np.linalg.eigh(np.nan_to_num(-optimum.derivatives.hessian))
    return centre, axes / np.sqrt(np.maximum(size, FLAT))


def _undetermined(model: Estimator) -> tuple[str, ...]:
    unknown = model.optimum_.at_limit | ~np.isfinite(np.diag(model.log_covariance_))
    return tuple(np.array(model.names)[unknown].tolist())


def _within(model: Estimator, log_density: LogDensity) -> LogDensity:
    """Return the density inside the searched region, 0 outside."""
    optimum = model.optimum_

    def inside(points: np.ndarray) -> np.ndarray:
        known = (np.abs(points - optimum.centre) <= optimum.reach).all(axis=1)
        values = np.full(len(points), -np.inf)
        if known.any():
            values[known] = log_density(points[known])
        return np.where(np.isnan(values), -np.inf, values)

    return inside


def _exact(model: Estimator) -> LogDensity:
    """Return the log-likelihood over its maximum."""
    best = model.optimum_.derivatives.value
    return lambda points: model._log_posterior(points) - best
