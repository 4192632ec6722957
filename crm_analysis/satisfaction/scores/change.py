"""Why a net promoter score changed: other customers answered, or the same kinds of customers answer differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, with_limits
from crm_analysis.satisfaction.scores.nps import HIGH, LOW, PromoterScore, classes, nps
from crm_analysis.satisfaction.scores.sample import TOO_FEW, known_answers, question_of, take_sample, weights_of
from crm_analysis.satisfaction.scores.segments import check_by
from crm_analysis.tables.needs import stated

PARTS = ("mix_part", "within_part")


@dataclass(frozen=True)
class NpsChange:
    """A change of the net promoter score in two parts, by segment.

    Parameters
    ----------
    before, after : PromoterScore
    parts : pandas.DataFrame, index change_part
        mix_part, within_part and total: nps_change with limits. The first two add up to the third. Without limits
        where all draws are alike, as with answers that do not differ: then nothing shows how far chance reaches.
    table : pandas.DataFrame, index segment
        respondents_before, respondents_after, share_before, share_after (weighted), nps_before, nps_after, mix_part
        and within_part with limits, too_few. Their sums are the rows of `parts`.
    draws : int
    """

    before: PromoterScore
    after: PromoterScore
    parts: pd.DataFrame
    table: pd.DataFrame
    draws: int

    def text(self, lang: str) -> str:
        """Return the two parts in words, with what may not be claimed."""
        found = {name: Estimate(*self.parts.loc[name]) for name in self.parts.index}
        mix, within, total = (format(found[name], "+.1%") for name in (*PARTS, "total"))
        sure = [name for name in PARTS if found[name].low > 0 or found[name].high < 0]
        few = int(self.table["too_few"].sum())
        if lang == "zh":
            said = (f"净推荐值从 {self.before.nps.value:+.1%} 变为 {self.after.nps.value:+.1%}，变化 {total}："
                    f"其中客群构成变化贡献 {mix}，群内评价变化贡献 {within}。")  # fmt: skip
            sure_of = {0: "两部分都不能断定不为零。", 2: "两部分的区间都不包含零。"}
            one = {"mix_part": "只有构成部分可以断定。", "within_part": "只有群内部分可以断定。"}
            note = f"{few} 个客群的有效样本不足 {TOO_FEW} 人。" * bool(few)
            return said + (one[sure[0]] if len(sure) == 1 else sure_of[len(sure)]) + note
        said = (f"The net promoter score went from {self.before.nps.value:+.1%} to {self.after.nps.value:+.1%}, a "
                f"change of {total}: {mix} because the mix of segments changed, {within} because segments answered "
                f"differently. ")  # fmt: skip
        sure_of = {0: "Neither part can be told from zero.", 2: "Neither interval holds zero."}
        one = {
            "mix_part": "Only the part of the mix is shown.",
            "within_part": "Only the part within segments is shown.",
        }
        note = f" {few} segments have fewer than {TOO_FEW} effective respondents." * bool(few)
        return said + (one[sure[0]] if len(sure) == 1 else sure_of[len(sure)]) + note


def nps_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    by: str,
    question: str = "nps",
    weights: str | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
    scale: tuple[float, float] | None = None,
    missing_codes: float | Sequence[float] = (),
) -> NpsChange:
    r"""Split the change of a net promoter score into mix of segments and scores within segments.

    .. math:: N_1 - N_0 = \underbrace{\sum_g (w_{1g} - w_{0g})\,(\bar N_g - \bar N)}_{\text{mix}}
              + \underbrace{\sum_g \bar w_g\,(N_{1g} - N_{0g})}_{\text{within}}

    with :math:`\bar N_g = (N_{0g} + N_{1g})/2`, :math:`\bar w_g = (w_{0g} + w_{1g})/2` and
    :math:`\bar N = (N_0 + N_1)/2`; taking :math:`\bar N` off changes no sum, but makes growth of a
    segment below average count as a loss. The parts add up exactly. A segment that answered on
    one side only is all mix, at the score it has there.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Two surveys of different respondents, one row each.
    by : str
        Column of segments in both; blanks are ``not_stated``.
    question : str
    weights : str, optional
        Column of weights in both.
    level : float in (0, 1)
    draws : int
        Bootstrap draws: respondents of each survey drawn again.
    seed : int
    scale, missing_codes
        As in `nps`.

    Returns
    -------
    NpsChange
        Segments in the order of their mean share, the largest first.

    Raises
    ------
    InputError
        As `nps`; if a survey has no column `by`.

    References
    ----------
    .. [1] Kitagawa (1955). Components of a difference between two rates. JASA 50, 1168-1194.

    Examples
    --------
    >>> before = pd.DataFrame({"kind": ["new"] * 20 + ["old"] * 80, "nps": [0] * 20 + [10] * 80})
    >>> after = pd.DataFrame({"kind": ["new"] * 40 + ["old"] * 60, "nps": [0] * 40 + [10] * 60})
    >>> nps_change(before, after, by="kind").parts["nps_change"].round(6).to_dict()
    {'mix_part': -0.4, 'within_part': 0.0, 'total': -0.4}
    """
    if draws < 1:
        raise InputError(f"draws={draws} is below 1", where="nps_change", zh="自助抽样次数须不小于 1")
    sides = [_read(frame, by, question, weights, missing_codes) for frame in (before, after)]
    whole = [
        nps(question_of(frame, question), weights=weights_of(frame, weights), level=level, scale=scale,
            missing_codes=missing_codes)
        for frame in (before, after)
    ]  # fmt: skip
    names = sorted({name for segment, *_ in sides for name in segment}, key=str)
    coded = [(np.array([names.index(name) for name in segment]), score, weight) for segment, score, weight in sides]
    point = _split(*(_sums(*side, len(names)) for side in coded))
    rng = np.random.default_rng(seed)
    drawn = [_split(*(_again(rng, *side, len(names)) for side in coded)) for _ in range(draws)]
    tails = [(1 - check_level(level)) / 2, (1 + level) / 2]
    limits = {name: _limits(np.array([draw[name] for draw in drawn]), tails) for name in PARTS}
    table = _table(names, coded, point, limits)
    return NpsChange(*whole, _parts(point, drawn, tails), table.rename_axis(by), draws)


def _read(
    frame: pd.DataFrame, by: str, question: str, weights: str | None, codes: float | Sequence[float]
) -> tuple[list, np.ndarray, np.ndarray]:
    """Segment, score (1, 0, -1) and weight of each who answered."""
    answers = question_of(frame, question)
    check_by(frame, "survey", by)
    sample = take_sample(answers, low=LOW, high=HIGH, weights=weights_of(frame, weights), missing_codes=codes)
    rows = known_answers(answers, codes)[0].notna().to_numpy()
    promoter, _, detractor = classes(sample.values)
    return stated(frame[by])[rows].tolist(), promoter.astype(float) - detractor, sample.weights


def _sums(segment: np.ndarray, score: np.ndarray, weight: np.ndarray, count: int) -> np.ndarray:
    """Weights and weighted scores of each segment, shape (2, segments)."""
    return np.array([np.bincount(segment, weight, count), np.bincount(segment, weight * score, count)])


def _again(
    rng: np.random.Generator, segment: np.ndarray, score: np.ndarray, weight: np.ndarray, count: int
) -> np.ndarray:
    rows = rng.integers(0, len(segment), len(segment))
    return _sums(segment[rows], score[rows], weight[rows], count)


def _split(before: np.ndarray, after: np.ndarray) -> dict[str, np.ndarray]:
    """Shares, scores and the two parts of each segment."""
    shares = [side[0] / side[0].sum() for side in (before, after)]
    overall = (before[1].sum() / before[0].sum() + after[1].sum() / after[0].sum()) / 2
    with np.errstate(invalid="ignore"):  # a segment without answers: 0 / 0, replaced in the next line
        scores = [side[1] / side[0] for side in (before, after)]
    filled = [np.where(np.isnan(own), np.nan_to_num(other), own) for own, other in (scores, scores[::-1])]
    return {
        "share_before": shares[0], "share_after": shares[1], "nps_before": scores[0], "nps_after": scores[1],
        "mix_part": (shares[1] - shares[0]) * ((filled[0] + filled[1]) / 2 - overall),
        "within_part": (shares[0] + shares[1]) / 2 * (filled[1] - filled[0]),
    }  # fmt: skip


def _limits(drawn: np.ndarray, tails: list[float]) -> np.ndarray:
    """Percentile limits over draws, NaN where all draws are alike."""
    return np.where(np.ptp(drawn, axis=0) > 1e-12, np.quantile(drawn, tails, axis=0), np.nan)


def _parts(point: dict[str, np.ndarray], drawn: list[dict[str, np.ndarray]], tails: list[float]) -> pd.DataFrame:
    """Sums over segments with percentile limits."""
    sums = {name: (point[name].sum(), np.array([draw[name].sum() for draw in drawn])) for name in PARTS}
    sums["total"] = tuple(sum(pair) for pair in zip(*sums.values()))
    rows = {
        name: with_limits("nps_change", Estimate(float(value), *map(float, _limits(again, tails))))
        for name, (value, again) in sums.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("change_part")


def _table(
    names: list, coded: list[tuple], point: dict[str, np.ndarray], limits: dict[str, np.ndarray]
) -> pd.DataFrame:
    sizes = [np.bincount(segment, minlength=len(names)) for segment, *_ in coded]
    effective = []
    for segment, _, weight in coded:
        total, squares = (np.bincount(segment, weight**power, len(names)) for power in (1, 2))
        effective.append(total**2 / np.where(squares > 0, squares, 1))
    columns = {"respondents_before": sizes[0], "respondents_after": sizes[1]}
    columns |= {name: point[name] for name in ("share_before", "share_after", "nps_before", "nps_after")}
    for name in PARTS:
        columns |= {name: point[name], f"{name}_low": limits[name][0], f"{name}_high": limits[name][1]}
    table = pd.DataFrame(columns | {"too_few": np.minimum(*effective) < TOO_FEW}, index=pd.Index(names, dtype=object))
    order = np.argsort(-(point["share_before"] + point["share_after"]), kind="stable")
    return table.iloc[order]
