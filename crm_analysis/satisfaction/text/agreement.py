"""Hand labels against each other, the engine and rules of thumb: what tells whether the engine is good enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.text.engine import LABELS
from crm_analysis.satisfaction.text.verdict import decide, verdict_text

SYNONYMS = {
    "positive": ("positive", "pos", "p", "+", "1", "正面", "正", "好评", "积极"),
    "negative": ("negative", "neg", "n", "-", "-1", "负面", "负", "差评", "消极"),
    "neither": ("neither", "neutral", "0", "中性", "中", "中立", "mixed"),
}
READ = {spelling: name for name, spellings in SYNONYMS.items() for spelling in spellings}
BLANK = ("", "nan", "none", "<na>")
MEASURES = ("raters_same", "raters_kappa", "raters_kappa_weighted", "engine_accuracy", "engine_kappa",
            "engine_kappa_weighted", "macro_f1", "majority_accuracy", "stars_accuracy", "over_majority",
            "over_stars")  # fmt: skip
STEP = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2  # linear disagreement weights


@dataclass(frozen=True)
class Agreement:
    """How far raters, engine and rules of thumb agree.

    Parameters
    ----------
    measures : pandas.DataFrame, index measure
        measured with limits: raters_same, raters_kappa, raters_kappa_weighted (between the raters, lines that both
        labelled); engine_accuracy, engine_kappa, engine_kappa_weighted, macro_f1 (engine against hand labels);
        majority_accuracy, stars_accuracy (always the most frequent label; the stars as label); over_majority,
        over_stars (accuracy of the engine less theirs).
    classes : pandas.DataFrame, index text_label
        hand_share, engine_share, precision, recall and f1, each with limits.
    confusion : pandas.DataFrame
        Hand labels (rows) against the engine (columns), as shares of all reviews.
    rater_confusion : pandas.DataFrame
        First against second rater, lines.
    account : pandas.Series
        lines, labelled, unlabelled, labelled_twice, disputed_labels (of these),
        settled_labels (with a final label), n_eff.
    verdict : str
        ``too_few``, ``raters_disagree``, ``no_better``, ``coarse`` or ``usable`` (`verdict.decide`).
    """

    measures: pd.DataFrame
    classes: pd.DataFrame
    confusion: pd.DataFrame
    rater_confusion: pd.DataFrame
    account: pd.Series
    verdict: str

    def text(self, lang: str = "en") -> str:
        """Say in words whether the engine may be used on these data, and what may not be claimed."""
        return verdict_text(self.verdict, self.measures, self.account, lang)


def agreement(
    sheet: pd.DataFrame, key: pd.DataFrame, *, draws: int = 1000, seed: int = 0, level: float = 0.95
) -> Agreement:
    r"""Compare hand labels with each other, with the engine, and with two rules of thumb.

    .. math:: \kappa_w = 1 - \frac{\sum_{ij} d_{ij}\, p_{ij}}{\sum_{ij} d_{ij}\, p_{i\cdot}\, p_{\cdot j}}

    with :math:`d_{ij} = 1(i \ne j)` for Cohen's kappa and :math:`|i-j|/2` (negative, neither, positive) for the
    weighted one. Where two raters differ and no final label settles it, each counts half: to drop such lines would
    leave the easy ones. Every line counts for the reviews it stands for. Limits are percentiles of lines drawn again
    within their strata.

    Parameters
    ----------
    sheet : pandas.DataFrame
        Filled: line_number, label_first, [label_second, label_final]. positive, negative, neither, their usual
        short forms and 正面, 负面, 中性 are read; blanks are counted and left out.
    key : pandas.DataFrame
        From `labelling_sheet`.
    draws : int
    seed : int
    level : float in (0, 1)

    Returns
    -------
    Agreement

    Raises
    ------
    InputError
        If columns are missing, labels or lines are unknown or named twice, or nothing is labelled.

    References
    ----------
    .. [1] Cohen (1960). Educational and Psychological Measurement 20, 37-46. Weighted: Cohen (1968), Psychological
       Bulletin 70, 213-220.

    Examples
    --------
    >>> key = pd.DataFrame({"stratum": "all", "weight": 1.0, "text_label": ["positive", "negative"] * 2},
    ...                    index=pd.RangeIndex(1, 5, name="line_number"))
    >>> sheet = pd.DataFrame({"line_number": [1, 2, 3, 4], "label_first": ["p", "n", "p", "p"], "label_second": "p"})
    >>> float(agreement(sheet, key, draws=50).measures.loc["engine_accuracy", "measured"])
    0.625
    """
    check_level(level)
    labels = _read(sheet, key)
    truth = _truth(labels)
    known = truth.sum(axis=1) > 0
    if not known.any():
        raise InputError("no line is labelled", where="the labelling sheet", mend="fill label_first",
                         zh="标注表还没有填写")  # fmt: skip
    rows, labels, truth = key[known], labels[known], truth[known]
    tables = _tables(rows, labels, truth)
    weight = rows["weight"].to_numpy(float)
    counts = np.vstack([np.ones(len(rows)), _redrawn(rows["stratum"], draws, seed)])
    found = _statistics(
        {name: (counts * (1 if name == "raters" else weight)) @ table for name, table in tables.items()}
    )
    account = _account(sheet, known, labels, weight)
    measures = _limits({name: found[name] for name in MEASURES}, "measured", "measure", level)
    shown = (weight @ tables["engine"]).reshape(3, 3) / weight.sum()
    twice = pd.DataFrame(tables["raters"].sum(axis=0).reshape(3, 3), index=LABELS, columns=LABELS).astype("int64")
    return Agreement(measures, _classes(found, level), pd.DataFrame(shown, index=LABELS, columns=LABELS), twice,
                     account, decide(measures, account))  # fmt: skip


def _read(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Labels of the sheet in the order of the key, with the names of this room; blank ones NaN."""
    missing = [name for name in ("line_number", "label_first") if name not in sheet]
    missing += [f"key.{name}" for name in ("weight", "stratum", "text_label") if name not in key]
    if missing:
        raise InputError(
            f"{', '.join(missing)} is missing",
            where="the labelling sheet",
            expected="the sheet and the key from labelling_sheet",
            zh="标注表或答案表缺少必要的列",
        )
    columns = [name for name in ("label_first", "label_second", "label_final") if name in sheet]
    spelled = (
        sheet[columns]
        .astype(object)
        .map(lambda one: "" if pd.isna(one) else str(one).strip().lower().removesuffix(".0"))
    )
    wrong = sorted(set(spelled.to_numpy().ravel()) - set(READ) - set(BLANK))
    line = pd.to_numeric(sheet["line_number"], errors="coerce")
    strange = sheet["line_number"][~line.isin(key.index)]
    problems = [f"labels {', '.join(map(repr, wrong[:5]))} are unknown"] if wrong else []
    problems += [f"{len(strange)} lines are not in the key (first: {strange.iloc[0]})"] if len(strange) else []
    problems += [f"line {line[line.duplicated()].iloc[0]:g} stands twice"] if line.duplicated().any() else []
    if problems:
        raise InputError(
            "; ".join(problems),
            where="the labelling sheet",
            expected=", ".join(LABELS),
            mend="write positive, negative or neither; keep one row per line",
            zh="标注表中有无法识别的标注",
        )
    read = spelled.apply(lambda column: column.map(READ)).set_index(line.astype("int64"))
    return read.reindex(key.index).reindex(columns=["label_first", "label_second", "label_final"])


def _truth(labels: pd.DataFrame) -> np.ndarray:
    """Share of each label in what the raters say of a line: 1 where settled or agreed, halves where not."""
    one_hot = {name: np.array([(labels[name] == label).to_numpy() for label in LABELS], float).T for name in labels}
    both = one_hot["label_first"] + one_hot["label_second"]
    total = both.sum(axis=1, keepdims=True)
    shared = np.divide(both, total, out=np.zeros_like(both), where=total > 0)
    return np.where(one_hot["label_final"].any(axis=1)[:, None], one_hot["label_final"], shared)


def _tables(rows: pd.DataFrame, labels: pd.DataFrame, truth: np.ndarray) -> dict[str, np.ndarray]:
    """For each line its part of the tables hand x engine, hand x stars and first x second rater, flattened."""

    def cross(hand: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (hand[:, :, None] * other[:, None, :]).reshape(len(hand), 9)

    def hot(column: pd.Series) -> np.ndarray:
        return np.array([(column == label).to_numpy() for label in LABELS], float).T

    tables = {"engine": cross(truth, hot(rows["text_label"])),
              "raters": cross(hot(labels["label_first"]), hot(labels["label_second"]))}  # fmt: skip
    if "stars" in rows and rows["stars"].notna().all():
        named = pd.cut(rows["stars"], [-np.inf, 2, 3.999, np.inf], labels=list(LABELS)).astype(object)
        tables["stars"] = cross(truth, hot(named))
    return tables


def _redrawn(stratum: pd.Series, draws: int, seed: int) -> np.ndarray:
    """How often each line is drawn, in each of `draws` samples within strata."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((draws, len(stratum)))
    for _, places in sorted(
        stratum.reset_index(drop=True).groupby(stratum.to_numpy()).groups.items(), key=lambda x: str(x[0])
    ):
        size = len(places)
        counts[:, places] = rng.multinomial(size, np.full(size, 1 / size), size=draws)
    return counts


def _statistics(flat: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return all measures of the sample (first) and of the samples drawn again."""
    engine, raters = flat["engine"].reshape(-1, 3, 3), flat["raters"].reshape(-1, 3, 3)
    total = engine.sum(axis=(1, 2))
    hand, said, hit = engine.sum(axis=2), engine.sum(axis=1), engine.diagonal(axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):  # a class that does not occur has no precision or recall
        found = {
            "raters_same": raters.diagonal(axis1=1, axis2=2).sum(axis=1) / raters.sum(axis=(1, 2)),
            "raters_kappa": kappa(raters), "raters_kappa_weighted": kappa(raters, STEP),
            "engine_accuracy": hit.sum(axis=1) / total,
            "engine_kappa": kappa(engine), "engine_kappa_weighted": kappa(engine, STEP),
            "majority_accuracy": hand.max(axis=1) / total,
            "hand_share": hand / total[:, None], "engine_share": said / total[:, None],
            "precision": hit / said, "recall": hit / hand, "f1": 2 * hit / (hand + said),
        }  # fmt: skip
        stars = flat["stars"].reshape(-1, 3, 3) if "stars" in flat else np.full_like(engine, np.nan)
        found["stars_accuracy"] = stars.diagonal(axis1=1, axis2=2).sum(axis=1) / stars.sum(axis=(1, 2))
    present = hand > 0
    found["macro_f1"] = np.where(present, np.nan_to_num(found["f1"]), 0).sum(axis=1) / present.sum(axis=1)
    found["over_majority"] = found["engine_accuracy"] - found["majority_accuracy"]
    found["over_stars"] = found["engine_accuracy"] - found["stars_accuracy"]
    return found


def kappa(tables: np.ndarray, distance: np.ndarray | None = None) -> np.ndarray:
    """Cohen's kappa of square tables; weighted where a table of distances is given. NaN where chance explains all.

    Examples
    --------
    >>> kappa(np.array([[20, 5], [10, 15]])).round(3).tolist()
    0.4
    """
    distance = 1 - np.eye(tables.shape[-1]) if distance is None else distance
    with np.errstate(divide="ignore", invalid="ignore"):  # no line, or one label only: no kappa
        share = tables / tables.sum(axis=(-2, -1), keepdims=True)
        chance = share.sum(axis=-1)[..., :, None] * share.sum(axis=-2)[..., None, :]
        apart = (distance * chance).sum(axis=(-2, -1))
        return np.where(apart > 1e-12, 1 - (distance * share).sum(axis=(-2, -1)) / apart, np.nan)


def _limits(found: dict[str, np.ndarray], name: str, index: str, level: float) -> pd.DataFrame:
    """Values of the sample and percentiles of the draws; limits blank where half the draws or more have no value."""
    rows, tail = [], (1 - level) / 2
    for values in found.values():
        drawn = values[1:][~np.isnan(values[1:])]
        low, high = np.quantile(drawn, [tail, 1 - tail]) if len(drawn) > len(values) / 2 else (np.nan, np.nan)
        rows.append((values[0], low, high))
    return pd.DataFrame(rows, columns=[name, f"{name}_low", f"{name}_high"], index=pd.Index(list(found), name=index))


def _classes(found: dict[str, np.ndarray], level: float) -> pd.DataFrame:
    parts = [_limits({label: found[name][:, at] for at, label in enumerate(LABELS)}, name, "text_label", level)
             for name in ("hand_share", "engine_share", "precision", "recall", "f1")]  # fmt: skip
    return pd.concat(parts, axis=1)


def _account(sheet: pd.DataFrame, known: np.ndarray, labels: pd.DataFrame, weight: np.ndarray) -> pd.Series:
    twice = labels[["label_first", "label_second"]].notna().all(axis=1)
    disputed = twice & (labels["label_first"] != labels["label_second"])
    return pd.Series(
        {
            "lines": len(sheet), "labelled": int(known.sum()), "unlabelled": int(len(sheet) - known.sum()),
            "labelled_twice": int(twice.sum()), "disputed_labels": int(disputed.sum()),
            "settled_labels": int((disputed & labels["label_final"].notna()).sum()),
            "n_eff": float(weight.sum() ** 2 / (weight**2).sum()),
        }, dtype=object,
    )  # fmt: skip
