"""The gate between a fitted model and what may be said of it: all checks of measurement, a verdict on each claim."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.satisfaction.measurement.claims import (
    SEVERITIES,
    Claim,
    fit_claims,
    item_claims,
    pair_claims,
    path_claims,
    reliability_claims,
    sample_claims,
)
from crm_analysis.satisfaction.measurement.collinearity import collinearity_table
from crm_analysis.satisfaction.measurement.fit import fit_table
from crm_analysis.satisfaction.measurement.gate_text import claim_text, gate_text
from crm_analysis.satisfaction.measurement.items import item_table
from crm_analysis.satisfaction.measurement.reliability import reliability_table
from crm_analysis.satisfaction.measurement.replicates import Replicates, draw
from crm_analysis.satisfaction.measurement.thresholds import chosen_limits, limit_table
from crm_analysis.satisfaction.measurement.validity import discriminant_table
from crm_analysis.satisfaction.pls.fitted import check_fitted
from crm_analysis.satisfaction.survey.model import PathModel

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS


@dataclass(frozen=True)
class Gate:
    """Everything that was checked, and what follows.

    Parameters
    ----------
    reliability : pandas.DataFrame, index construct
        See `reliability_table`.
    items : pandas.DataFrame, index item
        See `item_table`.
    discriminant : pandas.DataFrame, index (first_construct, second_construct)
        See `discriminant_table`.
    fit : pandas.DataFrame, index (blocks_as, structure)
        See `fit_table`; with plain PLS once with composites and once, by PLSc, with common factors.
    collinearity : pandas.DataFrame, index (outcome, predictor)
        See `collinearity_table`.
    claims : pandas.DataFrame
        claim_kind, claim_first, claim_second, claim_verdict (claim_ok, claim_caution, claim_refused), allowed (not
        refused), reason_key, numbers (a dictionary: what the sentence of that reason needs).
    limits : pandas.DataFrame, index limit_name
        The thresholds used, with sources.
    model : PathModel
    respondents, left_out : int
    drawn : {"rows", "normal", ""}
        Where the intervals come from; empty: there are none.
    draws : int
    """

    reliability: pd.DataFrame
    items: pd.DataFrame
    discriminant: pd.DataFrame
    fit: pd.DataFrame
    collinearity: pd.DataFrame
    claims: pd.DataFrame
    limits: pd.DataFrame
    model: PathModel
    respondents: int
    left_out: int
    drawn: str
    draws: int

    @property
    def verdict(self) -> str:
        """The worst severity of all claims: claim_ok, claim_caution or claim_refused."""
        return max(self.claims["claim_verdict"], key=SEVERITIES.index)

    def text(self, lang: str) -> str:
        """What these data do not allow, what they allow with caution and what they allow, in plain sentences.

        Parameters
        ----------
        lang : {"zh", "en"}
        """
        return gate_text(self, lang)

    def sentences(self, lang: str) -> pd.DataFrame:
        """Return every claim with its verdict and its sentence, for a table in a report.

        Returns
        -------
        pandas.DataFrame
            claim_kind, claim_verdict, claim_sentence; the worst verdicts first.
        """
        rows = self.claims.to_dict("records")
        said = self.claims[["claim_kind", "claim_verdict"]].assign(
            claim_sentence=[claim_text(row, self.model, lang) for row in rows]
        )
        order = said["claim_verdict"].map(SEVERITIES.index).sort_values(ascending=False, kind="stable").index
        return said.loc[order].reset_index(drop=True)

    def refused(self) -> pd.DataFrame:
        """Return the claims that are not allowed."""
        return self.claims[~self.claims["allowed"]]


def measurement_gate(
    fitted: PLS,
    *,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    convention: str = "absolute",
    thresholds: Mapping[str, float] | None = None,
) -> Gate:
    """Check everything that must hold before paths are interpreted, and say claim by claim what may not be said.

    Two constructs count as told apart only if both tests of HTMT against 1 say so: its one-sided 95 % bootstrap bound
    lies below 1, and z = (1 - HTMT) / SE is significant.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers, or to a correlation matrix: then intervals rest on normal answers.
    draws : int
        Replicates; 0 for no intervals and no tests, which leaves most claims to caution.
    seed : int
    level : float in (0, 1)
        Of the intervals.
    convention : {"absolute", "signed"}
        Of HTMT, see `validity.htmt`.
    thresholds : dict, optional
        Limits to use instead of the usual ones, such as ``{"most_htmt": 0.85}``; see `thresholds.THRESHOLDS`.

    Returns
    -------
    Gate

    Raises
    ------
    InputError
        If a threshold is unknown, or no bootstrap is possible.

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> gate = measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=200)
    >>> gate.verdict
    'claim_refused'
    >>> gate.refused().loc[lambda t: t["claim_kind"] == "reliable_scores", "claim_first"].tolist()
    ['expectations', 'loyalty']
    """
    check_fitted(fitted)
    limits = chosen_limits(thresholds)
    replicates = draw(fitted, draws=draws, seed=seed) if draws else None
    reliability = reliability_table(fitted, replicates=replicates, level=level)
    items = item_table(fitted, replicates=replicates, level=level)
    pairs = discriminant_table(fitted, replicates=replicates, convention=convention, level=level)
    paths = collinearity_table(fitted, replicates=replicates, level=level)
    fit = _fit(fitted, draws, seed, level)
    claims = [*reliability_claims(reliability, items, limits), *item_claims(items, limits),
              *pair_claims(pairs, fitted.model, limits), *path_claims(paths, limits), *fit_claims(fit, limits),
              *sample_claims(fitted, replicates, limits)]  # fmt: skip
    ledger = fitted.answers_.ledger if fitted.answers_ is not None else None
    return Gate(
        reliability, items, pairs, fit, paths, _claim_table(claims), limit_table(limits), fitted.model,
        fitted.moments_.n, ledger.read - fitted.moments_.n if ledger else 0, _drawn(replicates), draws,
    )  # fmt: skip


def _fit(fitted: PLS, draws: int, seed: int, level: float) -> pd.DataFrame:
    """Fit as the model was estimated; with plain PLS also with common factors behind reflective blocks, by PLSc."""
    tables = [fit_table(fitted, draws=draws, seed=seed, level=level)]
    if not fitted.consistent and fitted.design_.common.any():
        twin = copy(fitted).set_params(consistent=True)
        twin.solution_ = twin.solve(fitted.moments_.correlations[None])
        tables.append(fit_table(twin, draws=draws, seed=seed, level=level))
    return pd.concat(tables).reset_index().set_index(["blocks_as", "structure"])


def _claim_table(claims: list[Claim]) -> pd.DataFrame:
    columns = ["claim_kind", "claim_first", "claim_second", "claim_verdict", "reason_key", "numbers"]
    table = pd.DataFrame([tuple(claim) for claim in claims], columns=columns)
    table.insert(4, "allowed", table["claim_verdict"] != SEVERITIES[-1])
    return table


def _drawn(replicates: Replicates | None) -> str:
    return replicates.drawn if replicates else ""
