"""The gate at a glance: the worst verdict on each construct and kind of claim, with the number that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.measurement.claims import SEVERITIES

if TYPE_CHECKING:
    from crm_analysis.satisfaction.measurement.gate import Gate

CONSTRUCT_KINDS = ("reliable_scores", "one_idea", "item_belongs", "told_apart", "separate_paths")
WHOLE_KINDS = ("model_fits", "sample_enough", "solution_usable")
DECISIVE = {  # number of a claim that stands in its cell, and whether the worst is the largest
    "reliable_scores": ("alpha", False), "one_idea": ("ave", False), "item_belongs": ("loading", False),
    "told_apart": ("htmt", True), "separate_paths": ("vif", True), "model_fits": ("srmr", True),
    "sample_enough": ("n", False), "solution_usable": ("", False),
}  # fmt: skip


def light_table(gate: Gate) -> pd.DataFrame:
    """Return the worst verdict of each construct and kind of claim, and of the model as a whole.

    Parameters
    ----------
    gate : Gate

    Returns
    -------
    pandas.DataFrame
        claim_about (a construct; empty: the whole model), claim_kind, claim_verdict, reason_key, light_value (alpha,
        AVE, the item's loading, HTMT, VIF, SRMR or respondents), light_with (the item, the other construct or the
        outcome that the value belongs to), claims_behind. A construct has no row for a kind that does not apply to it.

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.gate import measurement_gate
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = light_table(measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=100))
    >>> table[(table["claim_about"] == "loyalty") & (table["claim_kind"] == "item_belongs")]["light_with"].item()
    'CUSL2'
    """
    rows = []
    for name in gate.model.constructs:
        rows += [_light(kind, name, _about(gate.claims, kind, name)) for kind in CONSTRUCT_KINDS]
    rows += [_light(kind, "", gate.claims[gate.claims["claim_kind"] == kind]) for kind in WHOLE_KINDS]
    return pd.DataFrame([row for row in rows if row])


def _about(claims: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    """Claims of a kind about a construct; of a path, those that it starts."""
    claims = claims[claims["claim_kind"] == kind]
    first, second = claims["claim_first"] == name, claims["claim_second"] == name
    if kind == "item_belongs":
        return claims[second]
    return claims[first | second] if kind == "told_apart" else claims[first]


def _light(kind: str, name: str, claims: pd.DataFrame) -> dict[str, object]:
    if not len(claims):
        return {}
    verdict = max(claims["claim_verdict"], key=SEVERITIES.index)
    worst = claims[claims["claim_verdict"] == verdict]
    key, largest = DECISIVE[kind]
    values = np.array([_number(numbers.get(key, np.nan)) for numbers in worst["numbers"]])
    known = np.isfinite(values)
    place = 0
    if known.any():
        place = int(np.nanargmax(values) if largest else np.nanargmin(values))
    row = worst.iloc[place]
    return {"claim_about": name, "claim_kind": kind, "claim_verdict": verdict, "reason_key": row["reason_key"],
            "light_value": values[place], "light_with": _partner(row, name),
            "claims_behind": len(claims)}  # fmt: skip


def _number(value: object) -> float:
    return float(getattr(value, "value", value))


def _partner(row: pd.Series, name: str) -> str:
    other = row["claim_first"] if row["claim_second"] == name else row["claim_second"]
    return str(other) if name else ""
