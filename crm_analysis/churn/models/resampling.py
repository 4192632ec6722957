"""The leak lesson: what resampling before cross-validation claims, and what it is worth on customers kept out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.churn.models.checks import check_sample, model_frame
from crm_analysis.churn.models.contenders import check_estimators
from crm_analysis.churn.models.folds import Split, chances_of, shown, splits
from crm_analysis.churn.models.resampling_protocols import (
    BEFORE,
    COPIES,
    INSIDE,
    NONE,
    PROTOCOLS,
    Rows,
    known_rows,
    numbers,
    original,
    with_copies,
    with_smote,
)
from crm_analysis.churn.windows.auc import auc
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

TREES = 200
MEASURED = ("auc", "accuracy", "f1_score", "brier", "mean_probability")
ADDERS = {INSIDE: with_smote, BEFORE: with_smote, COPIES: with_copies}


@dataclass(frozen=True)
class Lesson:
    """What four ways of resampling claim, and what they are worth.

    Parameters
    ----------
    table : pandas.DataFrame, index protocol
        auc_claimed, accuracy_claimed, f1_claimed: as the way itself measures them, on its own test folds.
        auc_kept_out, accuracy_kept_out, f1_kept_out, brier_kept_out, probability_kept_out: the same model, trained
        the same way, on customers kept out before anything was resampled. auc_overstated is the difference.
        test_rows, leaked_rows, leaked_share: rows of the test folds, and those of them the training knew: a copy of
        them, a point made of them, or what they were made of.
    folds : pandas.DataFrame
        protocol, side (claimed, kept_out), fold, and each measure.
    customers, churners : int
        Rows of the sample used.
    """

    table: pd.DataFrame
    folds: pd.DataFrame
    customers: int
    churners: int

    @property
    def churn_share(self) -> float:
        """Share of churners: what the mean probability should be."""
        return self.churners / self.customers

    def text(self, lang: str) -> str:
        """Return the lesson in ``zh`` or ``en``."""
        from crm_analysis.churn.models.resampling_texts import lesson_text

        return lesson_text(self).text(lang)


def resampling_lesson(
    sample: Sample,
    *,
    model: BaseEstimator | None = None,
    folds: int = 5,
    seed: int = 0,
    trees: int = TREES,
    rows: int | None = None,
    scaled: bool = False,
    n_jobs: int = 1,
    progress: bool = False,
) -> Lesson:
    """Measure, on this sample, what oversampling before cross-validation pretends, beside the honest number.

    Four protocols: no resampling; SMOTE in each training fold, tested on untouched rows; SMOTE on all rows first, then
    cross-validation; copies of churners on all rows first, then cross-validation. After the last two, copies of test
    rows, or points made of them, stand in the training: the score measures memory. The same models are therefore also
    scored on folds kept out before anything was resampled. Both classes are made equal.

    Parameters
    ----------
    sample : Sample
    model : classifier of numbers, optional
        A random forest of `trees` trees unless given; it sees numbers and one-hot columns, blanks filled.
    folds : int >= 2
    seed : int
    trees : int
        Of the random forest.
    rows : int, optional
        Rows drawn from the sample (churn share kept): for a quick look take ``trees=60, rows=2500``.
    scaled : bool
        See `resampling_protocols.numbers`.
    n_jobs : int
        Of the random forest.
    progress : bool
        Show a bar.

    Returns
    -------
    Lesson

    Raises
    ------
    InputError
        If the sample cannot be used, is too small for the folds, or the model gives no probabilities.

    References
    ----------
    .. [1] Santos et al. (2018). Cross-validation for imbalanced datasets. IEEE Computational Intelligence Magazine
       13(4), 59-76.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"x": rng.normal(size=200)})
    >>> sample = Sample(X, pd.Series((rng.random(200) < 0.2).astype(int)))  # nothing to learn
    >>> lesson = resampling_lesson(sample, trees=5)
    >>> bool(lesson.table.loc["oversampling_before", "auc_claimed"] > 0.8)
    True
    """
    check_sample(sample)
    sample = _drawn(sample, rows, seed)
    model = _forest(trees, seed, n_jobs) if model is None else model
    check_estimators({"model": model})
    jobs = _jobs(sample, folds=folds, seed=seed, scaled=scaled)
    found, known = [], []
    for protocol, side, fold, make in shown(jobs, progress, "protocols"):
        train, test = make()
        measured = _measures(model, train, test)
        found += [{"protocol": name, "side": side, "fold": fold} | measured for name in protocol]
        if side == "claimed":
            seen = int(known_rows(train, test).sum())
            known += [{"protocol": name, "test_rows": len(test.y), "leaked_rows": seen} for name in protocol]
    frame = pd.DataFrame(found)
    return Lesson(_table(frame, pd.DataFrame(known)), frame, len(sample), int(sample.y.sum()))


Job = tuple[tuple[str, ...], str, int, Callable[[], tuple[Rows, Rows]]]


def _jobs(sample: Sample, *, folds: int, seed: int, scaled: bool) -> list[Job]:
    """List the fits: for whom they count (a protocol's claim may be another's honest score), and their rows."""
    from sklearn.model_selection import StratifiedKFold

    X, y = model_frame(sample.X), sample.y.to_numpy("int64")
    jobs: list[Job] = []
    for part in splits(sample, folds=folds, seed=seed):
        rows = original(np.asarray(numbers(scaled=scaled).fit(X.iloc[part.train]).transform(X)), y)
        for name, side, add in (
            (NONE, "claimed", None), (INSIDE, "claimed", with_smote), (COPIES, "kept_out", with_copies)
        ):  # fmt: skip
            jobs.append(((name,), side, part.fold, partial(_kept_apart, rows, part, add, seed)))
    everything = original(np.asarray(numbers(scaled=scaled).fit_transform(X)), y)
    for name in (BEFORE, COPIES):
        enlarged = ADDERS[name](everything, np.random.default_rng(seed))
        dealt = StratifiedKFold(folds, shuffle=True, random_state=seed).split(enlarged.X, enlarged.y)
        for fold, (train, test) in enumerate(dealt):
            jobs.append(((name,), "claimed", fold, lambda e=enlarged, a=train, b=test: (e.take(a), e.take(b))))
    return jobs


def _kept_apart(rows: Rows, part: Split, add: Callable | None, seed: int) -> tuple[Rows, Rows]:
    """Return training rows, resampled if asked for, and test rows that had no part in it."""
    train, test = rows.take(part.train), rows.take(part.test)
    return train if add is None else add(train, np.random.default_rng([seed, part.fold])), test


def _measures(model: BaseEstimator, train: Rows, test: Rows) -> dict[str, float]:
    from sklearn.base import clone

    p = chances_of(clone(model).fit(train.X, train.y), test.X)
    called, y = p > 0.5, test.y == 1
    hits = int((called & y).sum())
    f1 = 2 * hits / max(1, int(called.sum() + y.sum()))
    values = (auc(p, test.y), float((called == y).mean()), f1, float(((p - y) ** 2).mean()), float(p.mean()))
    return dict(zip(MEASURED, values))


def _table(found: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    means = found.groupby(["protocol", "side"])[list(MEASURED)].mean()
    honest = {NONE: (NONE, "claimed"), INSIDE: (INSIDE, "claimed"), BEFORE: (INSIDE, "claimed"),
              COPIES: (COPIES, "kept_out")}  # fmt: skip
    counts = known.groupby("protocol")[["test_rows", "leaked_rows"]].sum()
    rows = []
    for name in PROTOCOLS:
        claimed, kept = means.loc[(name, "claimed")], means.loc[honest[name]]
        rows.append({
            "auc_claimed": claimed["auc"], "accuracy_claimed": claimed["accuracy"], "f1_claimed": claimed["f1_score"],
            "auc_kept_out": kept["auc"], "accuracy_kept_out": kept["accuracy"], "f1_kept_out": kept["f1_score"],
            "brier_kept_out": kept["brier"], "probability_kept_out": kept["mean_probability"],
            "auc_overstated": claimed["auc"] - kept["auc"],
        } | counts.loc[name].to_dict())  # fmt: skip
    table = pd.DataFrame(rows, index=pd.Index(PROTOCOLS, name="protocol"))
    table[["test_rows", "leaked_rows"]] = table[["test_rows", "leaked_rows"]].astype("int64")
    return table.assign(leaked_share=table["leaked_rows"] / table["test_rows"])


def _drawn(sample: Sample, rows: int | None, seed: int) -> Sample:
    """Draw rows of each class in the proportion of the sample; all where that is no fewer."""
    if rows is None or (isinstance(rows, int) and rows >= len(sample)):
        return sample
    if isinstance(rows, bool) or not isinstance(rows, int) or rows < 4:
        raise InputError(f"rows={rows!r}", expected="a whole number of rows, 4 or more", zh=f"行数 {rows!r} 无效")
    rng, y = np.random.default_rng(seed), sample.y.to_numpy()
    churned = min(max(2, round(rows * sample.churn_rate)), rows - 2)
    parts = [rng.choice(np.flatnonzero(y == label), min(n, int((y == label).sum())), replace=False)
             for label, n in ((1, churned), (0, rows - churned))]  # fmt: skip
    return sample.take(np.sort(np.concatenate(parts)))


def _forest(trees: int, seed: int, n_jobs: int) -> BaseEstimator:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(trees, random_state=seed, n_jobs=n_jobs)
