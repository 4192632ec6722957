"""What may be claimed of a measurement: one verdict for each claim, with its reason and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.measurement.replicates import Replicates
from crm_analysis.satisfaction.survey.model import PathModel

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

SEVERITIES = ("claim_ok", "claim_caution", "claim_refused")
OK, CAUTION, REFUSED = SEVERITIES
Limits = dict[str, float]


class Claim(NamedTuple):
    """A claim that someone may want to make, and whether these data allow it.

    Parameters
    ----------
    kind : str
        reliable_scores, one_idea, item_belongs, told_apart, separate_paths, model_fits, sample_enough, solution_usable.
    first, second : str
        What it is about: construct, item, pair, structure; the second may be empty.
    severity : {"claim_ok", "claim_caution", "claim_refused"}
    reason : str
        Key of a sentence in `crm_analysis.satisfaction.measurement.sentences`.
    numbers : dict
        What the sentence needs: estimates, limits, names.
    """

    kind: str
    first: str
    second: str
    severity: str
    reason: str
    numbers: dict[str, object]


def estimate(row: pd.Series, name: str) -> Estimate:
    """The columns x, x_low and x_high of a row as an estimate."""
    return Estimate(*(float(row[column]) for column in (name, f"{name}_low", f"{name}_high")))


def reliability_claims(reliability: pd.DataFrame, items: pd.DataFrame, limits: Limits) -> Iterator[Claim]:
    """Claims on each construct: its scores are reliable, its items share one idea."""
    for name, row in reliability.iterrows():
        if row["reliability_note"] == "single_item":
            yield Claim("reliable_scores", name, "", CAUTION, "single_item", {})
        elif row["reliability_note"] not in ("formative", "composite"):
            yield _reliable(name, row, items[items["construct"] == name], limits)
            yield _one_idea(name, row, limits)


def _reliable(name: str, row: pd.Series, own: pd.DataFrame, limits: Limits) -> Claim:
    alpha, least = estimate(row, "alpha_standardised"), limits["least_alpha"]
    worst = own["loading"].idxmin()
    numbers = {"alpha": alpha, "limit": least, "rho_c": row["rho_c"], "loadings": row["loadings_of"], "item": worst,
               "loading": own.loc[worst, "loading"]}  # fmt: skip
    if not np.isfinite(alpha.value):
        return Claim("reliable_scores", name, "", REFUSED, "no_alpha", numbers)
    if alpha.value >= limits["most_alpha"]:
        return Claim("reliable_scores", name, "", CAUTION, "redundant", numbers | {"limit": limits["most_alpha"]})
    if alpha.value < least and not alpha.high >= least:
        hidden = row["rho_c"] >= least
        weak = numbers["loading"] < limits["least_loading"]
        reason = ("hidden_by_item" if weak else "hidden") if hidden else "unreliable"
        return Claim("reliable_scores", name, "", REFUSED, reason, numbers)
    if alpha.low >= least:
        return Claim("reliable_scores", name, "", OK, "reliable", numbers)
    return Claim("reliable_scores", name, "", CAUTION, "reliability_open", numbers)


def _one_idea(name: str, row: pd.Series, limits: Limits) -> Claim:
    ave, least = estimate(row, "ave"), limits["least_ave"]
    numbers = {"ave": ave, "limit": least, "loadings": row["loadings_of"]}
    if ave.low >= least:
        return Claim("one_idea", name, "", OK, "shared", numbers)
    if ave.high < least:
        return Claim("one_idea", name, "", REFUSED, "not_shared", numbers)
    return Claim("one_idea", name, "", CAUTION, "shared_open", numbers)


def item_claims(items: pd.DataFrame, limits: Limits) -> Iterator[Claim]:
    """Claims on each item of a reflective block: it measures its construct, and not another one better."""
    for name, row in items[items["item_rest"].notna()].iterrows():
        numbers = {"loading": estimate(row, "loading"), "lead": estimate(row, "loading_lead"),
                   "construct": row["construct"], "other": row["other_construct"], "rest": row["item_rest"],
                   "other_loading": row["other_loading"], "alpha": row["alpha_standardised"],
                   "dropped": row["alpha_standardised_dropped"]}  # fmt: skip
        severity, reason = _item(row, limits)
        yield Claim("item_belongs", name, row["construct"], severity, reason, numbers)


def _item(row: pd.Series, limits: Limits) -> tuple[str, str]:
    if row["reversed_suspect"]:
        return REFUSED, "reversed_item"
    if row["loading"] < limits["least_loading"]:
        return REFUSED, "weak_item"
    if row["loading_lead"] < 0:
        return REFUSED, "loads_elsewhere"
    if row["loading_lead_low"] < 0:
        return CAUTION, "may_load_elsewhere"
    if row["loading"] < limits["good_loading"] and not row["loading_high"] >= limits["good_loading"]:
        return CAUTION, "low_loading"
    return OK, "item_fits"


def pair_claims(pairs: pd.DataFrame, model: PathModel, limits: Limits) -> Iterator[Claim]:
    """Claims on each pair of constructs: they can be told apart."""
    for (first, second), row in pairs[pairs["htmt"].notna()].iterrows():
        shared = [name for name in model.endogenous if {first, second} <= set(model.predecessors(name))]
        joined = (first, second) in model.paths or (second, first) in model.paths
        numbers = {"htmt": estimate(row, "htmt"), "upper": row["htmt_upper"], "test": row["p"], "shared": shared,
                   "joined": joined, "limit": limits["most_htmt"]}  # fmt: skip
        severity, reason = _pair(row, limits)
        yield Claim("told_apart", first, second, severity, reason, numbers)


def _pair(row: pd.Series, limits: Limits) -> tuple[str, str]:
    same, upper = limits["same_htmt"], row["htmt_upper"]
    if not np.isfinite(upper):
        return (REFUSED, "same_untested") if row["htmt"] >= same else (CAUTION, "apart_untested")
    if upper >= same or not row["p"] < limits["significance"]:
        return REFUSED, "same"
    if upper >= limits["most_htmt"]:
        return CAUTION, "close"
    return OK, "apart"


def path_claims(collinearity: pd.DataFrame, limits: Limits) -> Iterator[Claim]:
    """Claims on each path or formative item: its own effect can be separated from the others'."""
    for (outcome, predictor), row in collinearity.iterrows():
        numbers = {"vif": estimate(row, "vif")}
        if not row["vif"] < limits["most_vif"]:
            severity, reason, numbers["limit"] = REFUSED, "inflated", limits["most_vif"]
        elif row["vif"] >= limits["raised_vif"]:
            severity, reason, numbers["limit"] = CAUTION, "raised", limits["raised_vif"]
        else:
            severity, reason, numbers["limit"] = OK, "separable", limits["raised_vif"]
        yield Claim("separate_paths", predictor, outcome, severity, reason, numbers)


def fit_claims(fit: pd.DataFrame, limits: Limits) -> Iterator[Claim]:
    """Claims on the model: it reproduces the correlations of the items."""
    for (kind, structure), row in fit.iterrows():
        tested = np.isfinite(row["srmr_p"])
        finest = 1 / row["fit_draws"] if tested else np.nan
        numbers = {"srmr": row["srmr"], "limit": limits["most_srmr"], "test": row["srmr_p"], "finest": finest}
        if row["fit_note"] == "reproduced_exactly":
            severity, reason = CAUTION, "nothing_to_fit"
        elif not row["srmr"] <= limits["most_srmr"]:
            severity, reason = REFUSED, "poor_fit" if tested else "poor_fit_untested"
        elif not tested:
            severity, reason = CAUTION, "fit_untested"
        elif row["srmr_p"] < limits["significance"]:
            severity, reason = CAUTION, "some_misfit"
        else:
            severity, reason = OK, "fits"
        yield Claim("model_fits", structure, kind, severity, reason, numbers)


def sample_claims(fitted: PLS, replicates: Replicates | None, limits: Limits) -> Iterator[Claim]:
    """Claims on the survey: there are enough respondents, few left out, and the fits of the bootstrap hold."""
    n, p, model = fitted.moments_.n, len(fitted.moments_.items), fitted.model
    arrows = max([len(model.predecessors(name)) for name in model.endogenous]
                 + [len(block) for name, block in model.blocks.items() if model.mode(name) == "B"])  # fmt: skip
    wanted = int(np.ceil(max(limits["rows_per_item"] * p, limits["rows_per_arrow"] * arrows)))
    numbers = {"n": n, "items": p, "arrows": arrows, "wanted": wanted}
    severity, reason = (OK, "enough_rows") if n >= wanted else (CAUTION, "few_rows") if n > p else (REFUSED, "few_rows")
    yield Claim("sample_enough", "", "", severity, reason, numbers)
    yield _small_paths(fitted, limits)
    if fitted.answers_ is not None:
        ledger = fitted.answers_.ledger
        share = 1 - n / ledger.read
        some = share > limits["most_left_out"]
        numbers = {"n": n, "out": ledger.read - n, "read": ledger.read, "share": share}
        yield Claim("sample_enough", "", "", CAUTION if some else OK, "left_out" if some else "few_left_out", numbers)
        if filled := fitted.answers_.filled:
            numbers = {"n": n, "filled": filled, "share": filled / n}
            yield Claim("sample_enough", "", "", CAUTION, "answers_invented", numbers)
    yield from _solution(fitted, replicates, limits)


def _small_paths(fitted: PLS, limits: Limits) -> Claim:
    least = limits["inverse_root"] / np.sqrt(fitted.moments_.n)
    small = fitted.paths_[fitted.paths_["path"].abs() < least]
    arrows = list(zip(small["source"], small["target"], small["path"]))
    numbers = {"n": fitted.moments_.n, "least": least, "arrows": arrows}
    return Claim("sample_enough", "", "", CAUTION if arrows else OK, "small_paths" if arrows else "paths_seen", numbers)


def _solution(fitted: PLS, replicates: Replicates | None, limits: Limits) -> Iterator[Claim]:
    share = replicates.inadmissible if replicates else 0.0
    lost = replicates.lost if replicates else 0.0
    verdict = fitted.verdict_
    if not verdict.usable:
        yield Claim("solution_usable", "", "", REFUSED, f"solution_{verdict.kind}", {})
    elif share > limits["most_inadmissible"]:
        yield Claim("solution_usable", "", "", REFUSED, "often_inadmissible", {"share": share})
    elif lost > limits["most_failed"]:
        yield Claim("solution_usable", "", "", CAUTION, "often_failed", {"share": lost})
    else:
        yield Claim("solution_usable", "", "", OK, "solution_stands", {"share": share})
