"""Higher-order constructs in two stages: the parts are scored first, their scores are the items of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.pls.algorithm import MAX_ROUNDS, TOLERANCE
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments

WHERE = "the higher-order construct"


class HigherOrderPLS(PLS):
    """PLS in which some items are themselves constructs, estimated in two stages.

    Stage 1 has the parts in place of the whole, each with all of the whole's neighbours, and scores them. Stage 2 takes
    the scores of the parts as items of the whole and estimates all weights anew. Tables, scores and bootstrap are those
    of stage 2; the bootstrap runs through both stages. `bundle` makes both models from one.

    Parameters
    ----------
    model : PathModel
        Of stage 2: the items of a higher-order construct are names of constructs of `first`.
    first : PathModel
        Of stage 1; its scale, codes and reversed items are those of the answers.
    scheme, dominant, missing, tolerance, max_rounds
        As in `PLS`; `dominant` is about stage 2. PLSc is not offered: it would take part scores for answers.

    Attributes
    ----------
    first_ : PLS
        Stage 1, with the weights and loadings of the parts' items.
    paths_, effects_, weights_, ...
        Of stage 2, as in `PLS`. ``moments_`` are those of its items; a part is a weighted mean of its items, in points
        of the scale.

    References
    ----------
    .. [1] Becker, Klein & Wetzels (2012). Long Range Planning 45, 359-394.
    .. [2] Sarstedt et al. (2019). Australasian Marketing Journal 27, 197-211 (disjoint two-stage approach).

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> blocks = {"Expectation": ["CUEX1", "CUEX2", "CUEX3"], "Image": [f"IMAG{k}" for k in range(1, 6)],
    ...     "Value": ["PERV1", "PERV2"], "Complaints": ["CUSCO"]}
    >>> paths = [("Expectation", "Satisfaction"), ("Satisfaction", "Complaints")]
    >>> two = bundle(blocks, paths, {"Satisfaction": ["Image", "Value"]}).fit_moments(mobi())
    >>> two.weights_.loc["Image", "construct"], two.first_.model.predecessors("Complaints")
    ('Satisfaction', ('Image', 'Value'))
    """

    def __init__(
        self,
        model: PathModel,
        *,
        first: PathModel,
        scheme: str = "path",
        dominant: dict[str, str] | None = None,
        missing: str = "listwise",
        tolerance: float = TOLERANCE,
        max_rounds: int = MAX_ROUNDS,
    ) -> None:
        super().__init__(model, scheme=scheme, dominant=dominant, missing=missing, tolerance=tolerance,
                         max_rounds=max_rounds)  # fmt: skip
        self.first = first

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments."""
        params = super().get_params(deep) | {"first": self.first}
        return {name: value for name, value in params.items() if name != "consistent"}

    @property
    def answered_(self) -> PathModel:
        """The model whose items were answered: that of stage 1."""
        return self.first

    def fit_moments(self, moments: Moments) -> Self:
        """Fit both stages to the correlations of the items; there are no scores then.

        Raises
        ------
        InputError
            If an item is missing, or a matrix leaves a regression without a solution.
        """
        self._check_items()
        self.first_ = PLS(self.first, scheme=self.scheme, tolerance=self.tolerance, max_rounds=self.max_rounds)
        self.first_.fit_moments(moments)
        super().fit_moments(moments)
        self.converged_ = self.converged_ and self.first_.converged_
        return self

    def prepare(self, moments: Moments) -> Moments:
        """Score the parts and return the moments of the items of stage 2."""
        given = moments.take(self.first.items)
        matrix = given.correlations.reshape(-1, *given.correlations.shape[-2:])
        sds = given.sds.reshape(len(matrix), -1)
        solution = self.first_.solve(matrix)
        usable = solution.converged | (given.correlations.ndim == 2)  # a fit shows what it has and is flagged
        weights = np.where(usable[:, None, None], solution.weights, np.nan)
        each = self._mix(weights)
        joined = np.swapaxes(each, 1, 2) @ matrix @ each
        places = np.arange(joined.shape[1])
        constant = np.isnan(np.diagonal(matrix, axis1=1, axis2=2)) @ self._mix(self.first_.design_.member[None])[0] > 0
        joined[:, places, places] = np.where(constant, np.nan, 1.0)
        points = each / sds[:, :, None]  # weights of answers, not of standardised answers
        scale = 1 / points.sum(axis=1)
        means = np.squeeze(given.means.reshape(len(matrix), 1, -1) @ points, 1) * scale
        shape = given.means.shape[:-1]
        return Moments(self.model.items, joined.reshape(*shape, *joined.shape[1:]), means.reshape(*shape, -1),
                       scale.reshape(*shape, -1), given.n)  # fmt: skip

    def _mix(self, weights: np.ndarray) -> np.ndarray:
        """Columns that make the items of stage 2 of those of stage 1: a part's weights, or 1 for an item kept."""
        first, names = self.first, list(self.first.constructs)
        one = np.broadcast_to(np.eye(len(first.items)), (len(weights), len(first.items), len(first.items)))
        columns = [
            weights[:, :, names.index(item)] if item in names else one[:, :, first.items.index(item)]
            for item in self.model.items
        ]
        return np.stack(columns, axis=2)

    def _scores(self, frame: pd.DataFrame) -> pd.DataFrame:
        own = self.first_.moments_
        scaled = (frame.to_numpy() - own.means) / own.sds
        second = scaled @ self._mix(self.first_.solution_.weights)[0]
        return pd.DataFrame(second @ self.solution_.weights[0], frame.index, list(self.model.constructs))

    def _check_items(self) -> None:
        known = {*self.first.constructs, *self.first.items}
        problems = [f"{item} is neither an item nor a construct of the first stage {nearest(item, known)}".rstrip()
                    for item in self.model.items if item not in known]  # fmt: skip
        problems += [f"{item} is the name of an item and of a construct with other items" for item in self.model.items
                     if item in self.first.items and self.first.blocks.get(item, (item,)) != (item,)]  # fmt: skip
        if problems:
            raise InputError("; ".join(problems), where=WHERE,
                             zh="高阶潜变量的组成部分在第一阶段模型中不存在，或名称有歧义")  # fmt: skip


def bundle(
    blocks: Mapping[str, Iterable[str]],
    paths: Iterable[tuple[str, str]],
    wholes: Mapping[str, Iterable[str]],
    *,
    modes: Mapping[str, str] | None = None,
    scheme: str = "path",
    missing: str = "listwise",
    **options: object,
) -> HigherOrderPLS:
    """Make a two-stage estimator from blocks of items, the wholes that some blocks are parts of, and paths.

    Parameters
    ----------
    blocks : dict of construct to items
        Of the parts and of all other constructs.
    paths : iterable of (source, target)
        Between constructs that are no parts, and wholes.
    wholes : dict of higher-order construct to parts
        Every part is a construct of `blocks`.
    modes : dict of construct to {"A", "B"}, optional
        Of parts, wholes and others; Mode A when left out.
    scheme, missing
        As in `PLS`.
    **options
        Of `PathModel`: low, high, missing_codes, reversed_items, labels.

    Raises
    ------
    InputError
        If a part is no construct, belongs to two wholes, or has paths of its own.
    """
    named = {str(name): tuple(items) for name, items in blocks.items()}
    parts = {str(whole): tuple(inside) for whole, inside in wholes.items()}
    edges = [(str(source), str(target)) for source, target in paths]
    _check_parts(named, parts, edges)
    inside = {part for group in parts.values() for part in group}
    expanded = [(a, b) for source, target in edges for a in parts.get(source, (source,))
                for b in parts.get(target, (target,))]  # fmt: skip
    modes = dict(modes or {})
    first = PathModel(named, tuple(expanded), modes=_only(modes, named), **options)
    second = {name: items for name, items in named.items() if name not in inside} | parts
    kept = {name: value for name, value in options.items() if name in ("low", "high", "labels")}
    return HigherOrderPLS(PathModel(second, tuple(edges), modes=_only(modes, second), **kept), first=first,
                          scheme=scheme, missing=missing)  # fmt: skip


def _only(modes: Mapping[str, str], names: Mapping) -> dict[str, str]:
    return {name: mode for name, mode in modes.items() if name in names}


def _check_parts(
    blocks: dict[str, tuple[str, ...]], wholes: dict[str, tuple[str, ...]], edges: list[tuple[str, str]]
) -> None:
    every = [part for group in wholes.values() for part in group]
    ends = {name for edge in edges for name in edge}
    problems = [f"{part} is no construct {nearest(part, blocks)}".rstrip() for part in every if part not in blocks]
    problems += [f"{part} is a part twice" for part in sorted({part for part in every if every.count(part) > 1})]
    problems += [f"the whole {whole} has the name of a block" for whole in wholes if whole in blocks]
    problems += [f"a path touches the part {part}; name its whole instead" for part in every if part in ends]
    if problems:
        raise InputError("; ".join(problems), where=WHERE, zh="高阶潜变量的设定有误")
