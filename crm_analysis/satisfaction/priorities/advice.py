"""The rules by which the findings of several methods become advice, open to argument."""

from __future__ import annotations

import pandas as pd

from crm_analysis.satisfaction.priorities.clouds import DECIDED

ADVICE = ("improve_first", "keep", "do_not_invest", "not_decided")
REASONS = ("matters_rated_low", "basic_rated_low", "matters_rated_high", "matters_little", "not_wanted",
           "methods_disagree", "rating_open", "importance_open")  # fmt: skip
YES, NO = "matters_yes", "matters_no"
CLASSED = ("nature_basic", "nature_performance", "nature_excitement", "nature_indifferent", "nature_reverse")


def advise(table: pd.DataFrame) -> pd.DataFrame:
    """Turn what the methods say of each attribute into advice.

    *Nature*: what Kano and the contrasts say, if they say the same or only one has decided; ``contradictory`` if
    they differ. *Matters*: yes by a driver above the average share, by importance in 80 % of the resamples, or by
    a nature basic or performance; no by the opposites, or a nature indifferent. Yes and no together are
    ``methods_disagree``, as is a no for an exciting attribute; but a basic nature outweighs a small linear importance,
    which averages over ratings at which it does not show. *Rated*: high or low in
    80 % of the resamples of importance-performance. Then:

    ==================  ==========  ===================================
    matters             rated       advice
    ==================  ==========  ===================================
    yes                 low         improve_first
    yes                 high        keep
    no, or not wanted   any         do_not_invest
    else                any         not_decided
    ==================  ==========  ===================================

    Parameters
    ----------
    table : pandas.DataFrame, index attribute
        Columns of `triangulate`: kano_says, prca_says, driver_says, ipa_rated_p, ipa_matters_p; any may be missing.

    Returns
    -------
    pandas.DataFrame, index attribute
        nature, agreement, matters_verdict (matters_yes, matters_no, matters_open, methods_disagree), rated (rated_high,
        rated_low, rated_open), advice, advice_reason.

    Examples
    --------
    >>> table = pd.DataFrame({"kano_says": ["nature_basic"], "ipa_rated_p": [0.1], "ipa_matters_p": [0.1]})
    >>> advise(table)[["advice", "advice_reason"]].values.tolist()
    [['improve_first', 'basic_rated_low']]
    """
    rows = [_row(row) for row in table.to_dict("records")]
    return pd.DataFrame(rows, index=table.index)


def _row(row: dict) -> dict[str, str]:
    nature, agreement = _nature(row.get("kano_says", ""), row.get("prca_says", ""))
    matters, override = _matters(row, nature)
    rated = _side(row.get("ipa_rated_p"), "rated_high", "rated_low", "rated_open")
    advice, reason = _advice(nature, matters, rated, override)
    return {"nature": nature, "agreement": agreement, "matters_verdict": matters, "rated": rated, "advice": advice,
            "advice_reason": reason}  # fmt: skip


def _nature(kano: str, prca: str) -> tuple[str, str]:
    """Nature of an attribute, and whether two methods agree on it."""
    decided = [says for says in (kano, prca) if says in CLASSED]
    if not decided:
        return "not_decided", "none_decided"
    if len(decided) == 1:
        return decided[0], "one_decided"
    return (decided[0], "agree") if decided[0] == decided[1] else ("contradictory", "disagree")


def _matters(row: dict, nature: str) -> tuple[str, bool]:
    """Whether an attribute matters, and whether only its basic nature says so against the others."""
    says = {
        {"above_average": YES, "below_average": NO}.get(row.get("driver_says", ""), ""),
        _side(row.get("ipa_matters_p"), YES, NO),
        {"nature_performance": YES, "nature_indifferent": NO}.get(nature, ""),
    }
    if nature == "nature_basic":
        return YES, NO in says
    if NO in says and (YES in says or nature == "nature_excitement"):
        return "methods_disagree", False
    return (YES if YES in says else NO if NO in says else "matters_open"), False


def _side(chance: float | None, high: str, low: str, between: str = "") -> str:
    """The side of a line on which an attribute lies in 80 % of the resamples, or `between`."""
    if chance is None or chance != chance:  # NaN
        return between
    return high if chance >= DECIDED else low if 1 - chance >= DECIDED else between


def _advice(nature: str, matters: str, rated: str, override: bool) -> tuple[str, str]:
    if nature == "nature_reverse":
        return "do_not_invest", "not_wanted"
    if matters == NO:
        return "do_not_invest", "matters_little"
    if matters != YES:
        return "not_decided", "methods_disagree" if matters == "methods_disagree" else "importance_open"
    if rated == "rated_low":
        return "improve_first", "basic_rated_low" if override else "matters_rated_low"
    return ("keep", "matters_rated_high") if rated == "rated_high" else ("not_decided", "rating_open")
