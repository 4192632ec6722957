"""The PLS path model as an estimator: fit to answers or to a correlation matrix, learned values as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.algorithm import MAX_ROUNDS, SCHEMES, TOLERANCE, Solution, solve
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.pls.effects import effect_table
from crm_analysis.satisfaction.pls.verdict import Verdict, judge, reason_table, refuse_singular
from crm_analysis.satisfaction.survey.answers import read_answers
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.resampling import Resamples


class PLS:
    """PLS path modelling (PLS-SEM): scores as weighted items, paths as regressions between scores.

    Parameters
    ----------
    model : PathModel
    scheme : {"path", "centroid", "factorial"}
        Inner weights.
    consistent : bool
        PLSc: correct reflective constructs for their reliability rho_A.
    dominant : dict of construct to item, optional
        Item whose loading is to be positive; else the sum of the block's loadings is.
    missing : {"listwise", "mean"}
        What to do with respondents who left an item out.
    tolerance, max_rounds : float, int
        Rounds stop when no weight changes by more than `tolerance`.

    Attributes
    ----------
    paths_ : pandas.DataFrame
        source, target, path: standardised coefficients, in the order of the model's paths.
    effects_ : pandas.DataFrame
        source, target, direct_effect, indirect_effect, total_effect: of every pair that a way of paths joins.
    r_squared_ : pandas.DataFrame, index construct
        r_squared, adjusted_r_squared, predecessors.
    weights_ : pandas.DataFrame, index item
        construct, mode, weight (for standardised items), loading.
    cross_loadings_ : pandas.DataFrame, items x constructs
    correlations_ : pandas.DataFrame, constructs x constructs
        Corrected for PLSc.
    scores_ : pandas.DataFrame or None, respondents x constructs
        Mean 0, variance 1; None after `fit_moments`.
    moments_, solution_, answers_ : Moments, Solution, Answers or None
    converged_ : bool
    rounds_ : int
    reasons_ : pandas.DataFrame
        cause, name, measured: why the numbers of PLSc cannot be (a reliability above 1, ...); empty where they can.
    verdict_ : pls.verdict.Verdict
        converged, not_converged or inadmissible, and in words what that means; warns of negative loadings.

    References
    ----------
    .. [1] Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005). Computational Statistics & Data Analysis 48, 159-205.

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> model = PathModel({"Image": [f"IMAG{k}" for k in range(1, 6)], "Expectation": ["CUEX1", "CUEX2", "CUEX3"],
    ...     "Value": ["PERV1", "PERV2"], "Satisfaction": ["CUSA1", "CUSA2", "CUSA3"]},
    ...     [(name, "Satisfaction") for name in ("Image", "Expectation", "Value")])
    >>> PLS(model).fit_moments(mobi()).paths_["path"].round(9).tolist()
    [0.447003897, 0.171830104, 0.316425319]
    """

    def __init__(
        self,
        model: PathModel,
        *,
        scheme: str = "path",
        consistent: bool = False,
        dominant: dict[str, str] | None = None,
        missing: str = "listwise",
        tolerance: float = TOLERANCE,
        max_rounds: int = MAX_ROUNDS,
    ) -> None:
        self.model = model
        self.scheme = scheme
        self.consistent = consistent
        self.dominant = dominant
        self.missing = missing
        self.tolerance = tolerance
        self.max_rounds = max_rounds

    def __repr__(self) -> str:
        state = f"fitted to {self.moments_.n:,} respondents" if hasattr(self, "moments_") else "not fitted"
        options = f"scheme={self.scheme!r}" + ", consistent=True" * self.consistent
        return f"PLS({len(self.model.blocks)} constructs, {len(self.model.items)} items, {options}; {state})"

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments."""
        names = ("model", "scheme", "consistent", "dominant", "missing", "tolerance", "max_rounds")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: object) -> Self:
        """Replace constructor's arguments by name."""
        unknown = sorted(set(params) - set(self.get_params()))
        if unknown:
            raise ValueError(f"PLS has no argument {', '.join(unknown)}")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def fit(self, survey: pd.DataFrame) -> Self:
        """Fit to answers, one row per respondent.

        Parameters
        ----------
        survey : pandas.DataFrame
            A column of numbers for each item of the model; other columns do not matter.

        Raises
        ------
        InputError
            If items are missing, constant, outside the scale or not numbers, or fewer respondents than items remain.
        """
        model = self.answered_
        if self.missing not in ("listwise", "mean"):
            raise InputError(f"missing={self.missing!r}", where="PLS", expected="listwise or mean",
                             zh="缺失回答只能成列删除（listwise，略去未答全者）或以均值填补（mean）")  # fmt: skip
        answers = read_answers(
            survey, model.items, low=model.low, high=model.high, missing_codes=model.missing_codes,
            reversed_items=model.reversed_items, missing=self.missing, at_least=len(model.items) + 1,
        )  # fmt: skip
        self.fit_moments(Moments.of(answers.frame))
        self.answers_ = answers
        self.scores_ = self._scores(answers.frame)
        return self

    def fit_moments(self, moments: Moments) -> Self:
        """Fit to the correlations of the items (`Moments.from_correlations`); there are no scores then.

        They are taken as they are: reversed items must have been turned round and codes taken out before.

        Raises
        ------
        InputError
            If an item is missing, or the matrix leaves a regression without a solution.
        """
        if self.scheme not in SCHEMES:
            raise InputError(f"scheme={self.scheme!r} is none of {', '.join(SCHEMES)}", where="PLS",
                             zh=f"内部权重方案 {self.scheme} 不存在")  # fmt: skip
        self.design_ = Design.of(self.model)
        self.answers_, self.scores_ = None, None
        self.moments_ = self.prepare(moments)
        self.solution_ = self.solve(self.moments_.correlations[None])
        refuse_singular(self)
        self._learn()
        return self

    def prepare(self, moments: Moments) -> Moments:
        """Return the moments of the model's items, in its order, from those of the answers; leading axes are kept."""
        return moments.take(self.model.items)

    def solve(self, correlations: np.ndarray, *, oriented: bool = True) -> Solution:
        """Return the solutions for correlation matrices of the model's items, shape (B, p, p)."""
        return solve(correlations, self.design_, scheme=self.scheme, consistent=self.consistent, oriented=oriented,
                     dominant=self._dominant(), tolerance=self.tolerance, max_rounds=self.max_rounds)  # fmt: skip

    @property
    def answered_(self) -> PathModel:
        """The model whose items were answered."""
        return self.model

    @property
    def verdict_(self) -> Verdict:
        """What the fit is worth, in words."""
        return judge(self)

    def resample(self, *, draws: int = 5000, seed: int = 0, signs: str = "orient") -> Resamples:
        """Draw the respondents again and fit each time; see `pls.resampling.resample`."""
        from crm_analysis.satisfaction.pls.resampling import resample

        return resample(self, draws=draws, seed=seed, signs=signs)

    def _dominant(self) -> dict[int, int]:
        names, items = list(self.model.constructs), list(self.model.items)
        wrong = [f"{item} for {name}" for name, item in (self.dominant or {}).items()
                 if item not in self.model.blocks.get(name, ())]  # fmt: skip
        if wrong:
            raise InputError(f"dominant names {', '.join(wrong)}", where="PLS", expected="an item of the construct",
                             zh="dominant 须为该潜变量的题项")  # fmt: skip
        return {names.index(name): items.index(item) for name, item in (self.dominant or {}).items()}

    def _learn(self) -> None:
        model, found = self.model, self.solution_
        names, items = list(model.constructs), list(model.items)
        place = {name: index for index, name in enumerate(names)}
        self.converged_, self.rounds_ = bool(found.converged[0]), int(found.rounds[0])
        rows = [(source, target, found.paths[0, place[source], place[target]]) for source, target in model.paths]
        self.paths_ = pd.DataFrame(rows, columns=["source", "target", "path"])
        self.effects_ = effect_table(found.paths[0], self.design_, names)
        own = [names[block] for block in self.design_.block]
        self.weights_ = pd.DataFrame(
            {"construct": own, "mode": [model.mode(name) for name in own],
             "weight": found.weights[0].sum(axis=1), "loading": found.loadings[0]},
            index=pd.Index(items, name="item"),
        )  # fmt: skip
        self.cross_loadings_ = pd.DataFrame(found.cross_loadings[0], index=self.weights_.index, columns=names)
        self.correlations_ = pd.DataFrame(found.correlations[0], index=names, columns=names)
        self.r_squared_ = self._fit_table(place)
        self.reasons_ = reason_table(self)

    def _scores(self, frame: pd.DataFrame) -> pd.DataFrame:
        scaled = (frame.to_numpy() - self.moments_.means) / self.moments_.sds
        return pd.DataFrame(scaled @ self.solution_.weights[0], frame.index, list(self.model.constructs))

    def _fit_table(self, place: dict[str, int]) -> pd.DataFrame:
        names, n = list(self.model.endogenous), self.moments_.n
        r_squared = self.solution_.r_squared[0, [place[name] for name in names]]
        count = np.array([len(self.model.predecessors(name)) for name in names])
        adjusted = 1 - (1 - r_squared) * (n - 1) / (n - count - 1)
        table = {"r_squared": r_squared, "adjusted_r_squared": adjusted, "predecessors": count}
        return pd.DataFrame(table, index=pd.Index(names, name="construct"))
