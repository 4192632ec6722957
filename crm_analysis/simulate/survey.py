"""The satisfaction survey: an ECSI model among the blocks, and a gain-loss model of the pairs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import ids
from crm_analysis.simulate.survey_model import BLOCKS, PAIRS


@dataclass(frozen=True)
class Survey:
    """Who answers, and what stands behind the answers.

    All blocks are standardised hidden variables. An item is ``mean + sd * (loading * block + noise)``
    with noise of variance ``1 - loading ** 2``, rounded and cut to 1..10.

    Parameters
    ----------
    first_day, last_day : str
        Days on which the answers come in.
    share : float
        Respondents, drawn at random among customers with a delivered order, as a share of all customers.
    paths : dict of str to dict
        Coefficients: target block, then source block.
    experience : float
        Correlation of what quality adds to expectations with the mean perception of the customer's own orders.
    means, sds, loadings : dict of str to float
        By block.
    expected, perceived : dict of str to float
        Mean expectation and perception by dimension of the pairs; standard deviations 1.1 and 1.6.
    overall : tuple of float
        ``overall`` = first + second * max(D, 0) + third * min(D, 0) + noise of sd .7, where D is the
        respondent's mean gap of the ten pairs as answered; rounded and cut to 1..10.
    """

    first_day: str = "2012-12-03"
    last_day: str = "2012-12-16"
    share: float = 0.25
    paths: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "expectations": {"image": 0.5},
            "quality": {"expectations": 0.55},
            "value": {"expectations": 0.05, "quality": 0.55},
            "satisfaction": {"image": 0.2, "expectations": 0.05, "quality": 0.5, "value": 0.2},
            "complaints": {"satisfaction": 0.5},
            "loyalty": {"image": 0.2, "satisfaction": 0.5, "complaints": 0.05},
        }
    )
    experience: float = 0.6
    means: dict[str, float] = field(
        default_factory=lambda: {
            "image": 7.3,
            "expectations": 7.4,
            "quality": 6.8,
            "value": 6.4,
            "satisfaction": 6.6,
            "complaints": 5.8,
            "loyalty": 6.3,
        }
    )
    sds: dict[str, float] = field(
        default_factory=lambda: {
            "image": 1.4,
            "expectations": 1.3,
            "quality": 1.5,
            "value": 1.7,
            "satisfaction": 1.5,
            "complaints": 2.0,
            "loyalty": 1.9,
        }
    )
    loadings: dict[str, float] = field(
        default_factory=lambda: {
            "image": 0.75,
            "expectations": 0.7,
            "quality": 0.8,
            "value": 0.85,
            "satisfaction": 0.85,
            "complaints": 1.0,
            "loyalty": 0.75,
        }
    )
    expected: dict[str, float] = field(
        default_factory=lambda: {
            "tangibles": 6.9,
            "reliability": 8.0,
            "responsiveness": 7.6,
            "assurance": 7.8,
            "empathy": 6.8,
        }
    )
    perceived: dict[str, float] = field(
        default_factory=lambda: {
            "tangibles": 7.3,
            "reliability": 7.0,
            "responsiveness": 6.3,
            "assurance": 7.4,
            "empathy": 6.1,
        }
    )
    overall: tuple[float, float, float] = (7.4, 0.5, 1.3)


def survey_table(
    rng: np.random.Generator, orders: pd.DataFrame, people: pd.DataFrame, clock: Clock, part: Survey
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table ``survey``, and the respondents' hidden blocks with the same rows."""
    low, high = clock.day(part.first_day), clock.day(part.last_day) + 1
    felt = orders[orders["delivered"] < low].groupby("customer")["perception"].mean()
    who = np.sort(rng.permutation(len(felt))[: int(part.share * len(people))])
    t = clock.between(rng, np.full(len(who), low), np.full(len(who), high))
    who = felt.index.to_numpy()[who]
    mean = felt[who].to_numpy()
    mean = (mean - mean.mean()) / mean.std()
    blocks = _blocks(rng, people.loc[who], mean, part)
    answers = _items(rng, blocks, part) | _pairs(rng, blocks, part)
    gap = pair_gap(answers)
    centre, gain, loss = part.overall
    overall = centre + gain * np.maximum(gap, 0) + loss * np.minimum(gap, 0) + 0.7 * rng.standard_normal(len(who))
    nps = 7.2 + 1.9 * (0.9 * blocks["loyalty"] + np.sqrt(1 - 0.9**2) * rng.standard_normal(len(who)))
    answers = answers | {"overall": _scale(overall, 1), "nps": _scale(nps, 0)}
    order = np.argsort(t, kind="stable")
    table = pd.DataFrame({"customer_id": ids("C", who), **answers}).iloc[order].reset_index(drop=True)
    table.insert(0, "respondent_id", ids("Q", table.index.to_numpy()))
    table.insert(1, "answered_at", clock.moments(t[order]))
    return table, pd.DataFrame(blocks).iloc[order].reset_index(drop=True)


def pair_gap(answers: dict[str, np.ndarray]) -> np.ndarray:
    """Mean perception less expectation over all pairs, as answered."""
    return np.mean([answers[f"{name}_p{k}"] - answers[f"{name}_e{k}"] for name in PAIRS for k in (1, 2)], axis=0)


def _blocks(rng: np.random.Generator, people: pd.DataFrame, felt: np.ndarray, part: Survey) -> dict[str, np.ndarray]:
    """Hidden blocks of variance 1, one after the other along the paths."""
    names = list(BLOCKS)
    made = {"image": people["image"].to_numpy(), "expectations": people["expected"].to_numpy()}
    known = {("image", "image"): 1.0}
    for target in names[1:]:
        paths = part.paths[target]
        for other in names[: names.index(target)]:
            known[target, other] = known[other, target] = sum(b * known[source, other] for source, b in paths.items())
        known[target, target] = 1.0
        if target in made:
            continue
        explained = sum(b * known[target, source] for source, b in paths.items())
        rest = rng.standard_normal(len(people))
        if target == "quality":
            rest = part.experience * felt + np.sqrt(1 - part.experience**2) * rest
        made[target] = sum(b * made[source] for source, b in paths.items()) + np.sqrt(1 - explained) * rest
    return made


def _items(rng: np.random.Generator, blocks: dict[str, np.ndarray], part: Survey) -> dict[str, np.ndarray]:
    answers = {}
    for name, block in blocks.items():
        loading = part.loadings[name]
        for item in BLOCKS[name]["items"]:
            noise = np.sqrt(1 - loading**2) * rng.standard_normal(len(block))
            answers[item] = _scale(part.means[name] + part.sds[name] * (loading * block + noise), 1)
    return answers


def _pairs(rng: np.random.Generator, blocks: dict[str, np.ndarray], part: Survey) -> dict[str, np.ndarray]:
    answers, count = {}, len(blocks["image"])
    for name in PAIRS:
        own = rng.standard_normal((2, count))
        for k in (1, 2):
            noise = rng.standard_normal((2, count))
            expected = 0.6 * blocks["expectations"] + 0.5 * own[0] + np.sqrt(0.39) * noise[0]
            perceived = 0.6 * blocks["quality"] + 0.5 * own[1] + np.sqrt(0.39) * noise[1]
            answers[f"{name}_e{k}"] = _scale(part.expected[name] + 1.1 * expected, 1)
            answers[f"{name}_p{k}"] = _scale(part.perceived[name] + 1.6 * perceived, 1)
    return answers


def _scale(values: np.ndarray, low: int) -> np.ndarray:
    return np.clip(np.rint(values), low, 10).astype(int)
