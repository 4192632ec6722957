"""From counts of Kano classes and their resamples to the tables of a result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import holm, share_columns
from crm_analysis.satisfaction.priorities import kano_rules as rules
from crm_analysis.satisfaction.priorities.clouds import DECIDED, chances, region_frame
from crm_analysis.satisfaction.priorities.kano_margin import margin_table
from crm_analysis.satisfaction.priorities.respondents import FEW

Frames = dict[str, pd.DataFrame]
COEFFICIENTS = ("kano_better", "kano_worse")


def assess(
    account: pd.DataFrame,
    counts: np.ndarray,
    clouds: np.ndarray,
    choices: dict[str, np.ndarray],
    *,
    rule: str,
    test: str,
    crosshair: str,
    level: float,
) -> Frames:
    """Return table, shares, choices, regions and failures of `Kano`.

    Parameters
    ----------
    account : pandas.DataFrame, index attribute
        respondents, kano_unpaired, effective_n.
    counts : ndarray, shape (attributes, 6)
        Effective counts.
    clouds : ndarray, shape (draws, attributes, 6)
    choices : dict of choice to class codes
    """
    codes, margin = rules.classify(counts, rule=rule), margin_table(counts, test=test, rule=rule)
    coefficients = rules.better_worse(clouds)
    found = rules.classify(clouds, rule=rule)
    table = account.assign(kano_class=rules.class_names(codes), p_class=_own_chance(codes, found))
    table["too_few"] = table["effective_n"] < FEW
    table["decided"] = (table["p_class"] >= DECIDED) & margin["distinct"] & ~table["too_few"]
    table["second_class"] = rules.class_names(margin.pop("second_class"))
    table = table.assign(**{name: margin[name] for name in ("category_strength", "strength_limit", "distinct", "p")})
    table = table.assign(p_holm=holm(margin["p"]), total_strength=margin["total_strength"])
    table = table.assign(**_coefficients(counts, level), **_diagram(counts, coefficients, crosshair))
    wide = pd.DataFrame({name: rules.class_names(code) for name, code in choices.items()}, index=account.index)
    same = np.array([code == codes for code in choices.values()])
    table["share_same"] = np.where(codes >= 0, same.mean(axis=0), np.nan)
    regions = region_frame(account.index, coefficients, COEFFICIENTS, level=level)
    regions[list(COEFFICIENTS)] = regions[list(COEFFICIENTS)].clip([0, -1], [1, 0], axis=1)
    return {"table": table, "shares": _shares(counts, account.index, level), "choices": wide, "regions": regions,
            "failures": _failures(account.index, found, coefficients)}  # fmt: skip


def choices_of_counts(counts: np.ndarray, evaluation: str) -> dict[str, np.ndarray]:
    """Class codes under every rule for one evaluation table.

    Examples
    --------
    >>> list(choices_of_counts(np.ones((1, 6)), "standard"))
    ['majority_standard', 'grouped_standard']
    """
    return {f"{rule}_{evaluation}": rules.classify(counts, rule=rule) for rule in rules.RULES}


def _own_chance(codes: np.ndarray, found: np.ndarray) -> np.ndarray:
    share = chances(found, len(rules.CLASSES))[np.arange(len(codes)), np.maximum(codes, 0)]
    return np.where(codes >= 0, share, np.nan)


def _coefficients(counts: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Better and Worse with Wilson's limits given those who count, and shares of those who do not."""
    base = counts[:, :4].sum(axis=1)
    pleased = np.minimum(counts[:, 1] + counts[:, 2], base)
    displeased = np.minimum(counts[:, 0] + counts[:, 1], base)
    better = share_columns("kano_better", pleased, base, level=level)
    worse = share_columns("kano_worse", displeased, base, level=level)
    signed = {"kano_worse": 0.0 - worse["kano_worse"], "kano_worse_low": 0.0 - worse["kano_worse_high"],
              "kano_worse_high": 0.0 - worse["kano_worse_low"]}  # fmt: skip
    whole = counts.sum(axis=1)
    odd = share_columns("questionable_share", np.minimum(counts[:, 5], whole), whole, level=level)
    odd |= share_columns("reverse_share", np.minimum(counts[:, 4], whole), whole, level=level)
    return better | signed | odd


def _diagram(counts: np.ndarray, coefficients: np.ndarray, crosshair: str) -> dict[str, object]:
    """Quadrant of the Better-Worse diagram and the share of resamples in it; the lines move with the resample."""
    point = rules.better_worse(counts)
    code = rules.diagram_class(point[:, 0], point[:, 1], cut=diagram_lines(point[None], crosshair)[0])
    again = rules.diagram_class(coefficients[..., 0], coefficients[..., 1], cut=diagram_lines(coefficients, crosshair))
    return {"diagram_class": rules.class_names(code), "p_diagram": _own_chance(code, again)}


def diagram_lines(coefficients: np.ndarray, crosshair: str) -> np.ndarray:
    """Lines of the diagram for Better and minus Worse, shape (draws, 1, 2), from coefficients (draws, k, 2).

    Examples
    --------
    >>> diagram_lines(np.array([[[0.2, -0.6], [0.4, -0.8]]]), "mean").round(2).tolist()
    [[[0.3, 0.7]]]
    """
    if crosshair == "half":
        return np.full((len(coefficients), 1, 2), 0.5)
    size, known = np.abs(np.nan_to_num(coefficients)), np.isfinite(coefficients)
    count = known.sum(axis=1, keepdims=True)
    return np.divide(size.sum(axis=1, keepdims=True), count, out=np.full(count.shape, np.nan), where=count > 0)


def _shares(counts: np.ndarray, names: pd.Index, level: float) -> pd.DataFrame:
    whole = np.repeat(counts.sum(axis=1), counts.shape[1])
    table = pd.DataFrame(
        {"attribute": np.repeat(np.asarray(names, object), counts.shape[1]),
         "kano_class": pd.Categorical(list(rules.CLASSES) * len(counts), categories=list(rules.CLASSES), ordered=True),
         "answers": counts.ravel() if (counts % 1).any() else counts.ravel().astype(int)}
    )  # fmt: skip
    return table.assign(**share_columns("share", np.minimum(counts.ravel(), whole), whole, level=level))


def _failures(names: pd.Index, found: np.ndarray, coefficients: np.ndarray) -> pd.DataFrame:
    """Resamples without any pair of an attribute, and those in which nobody counts for Better and Worse."""
    empty = found < 0
    nobody = np.isnan(coefficients[..., 0]) & ~empty
    parts = [
        pd.DataFrame({"attribute": list(names), "cause": cause, "failed_draws": bad.sum(axis=0)})
        for cause, bad in (("no_pair_drawn", empty), ("nobody_counts", nobody))
    ]
    failures = pd.concat(parts, ignore_index=True)
    return failures[failures["failed_draws"] > 0].reset_index(drop=True)
