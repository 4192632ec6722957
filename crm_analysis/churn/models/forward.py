"""The forward test: models that know earlier cutoffs alone foretell a later one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.models.by_cutoff import Turn, turns
from crm_analysis.churn.models.checks import model_frame
from crm_analysis.churn.models.contenders import Models, chosen_models
from crm_analysis.churn.models.curves import redrawn
from crm_analysis.churn.models.folds import attempt, few_threads, shown, trouble_table
from crm_analysis.churn.models.forward_texts import verdict_of
from crm_analysis.churn.models.metrics import MEASURES, measures_of
from crm_analysis.churn.models.paired import best_models, judged, pairs_of
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, percentile_limits, proportion, with_limits
from crm_analysis.words import Sentence, join

Values = dict[str, np.ndarray]  # of each measure: one number, or one per draw
EXTRA = ("mean_probability", "churn_rate", "excess")
MOST_LOST = 0.5  # of draws without a value (no churner drawn), above which there are no limits


@dataclass(frozen=True)
class ForwardTest:
    """What models that know only earlier cutoffs said of later ones; ``text(lang)`` says what may be concluded.

    Parameters
    ----------
    table : pandas.DataFrame, index (cutoff, model)
        auc, average_precision, brier, log_loss, top_decile_lift, mean_probability, churn_rate and excess (the mean
        chance less the churn rate: calibration in the large), each with percentile limits over customers drawn again.
    pooled : pandas.DataFrame, index model
        The same over all test cutoffs together; a customer of several cutoffs is drawn as a whole.
    differences : pandas.DataFrame
        cutoff, measure, model, other_model, difference with limits (the same draws), within_noise, better.
    cutoffs : pandas.DataFrame, index cutoff
        train_cutoffs, train_rows, train_churn_rate and test_rows, test_churn_rate with Wilson's limits, known_share.
    predictions : pandas.DataFrame
        Chances of churn, index (customer_id, cutoff), one column per model.
    y : pandas.Series
        The labels of the test rows.
    troubles : pandas.DataFrame
        model, trouble (failed or warned), cause, folds (in how many test cutoffs).
    level : float
    warnings : pandas.DataFrame
        Rows of the audits of the samples that warned.
    """

    table: pd.DataFrame
    pooled: pd.DataFrame
    differences: pd.DataFrame
    cutoffs: pd.DataFrame
    predictions: pd.DataFrame
    y: pd.Series
    troubles: pd.DataFrame
    level: float
    warnings: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def verdict(self) -> list[Sentence]:
        """What may be concluded, and what not."""
        return verdict_of(self, self.warnings)

    def text(self, lang: str) -> str:
        """Return the verdict in ``zh`` or ``en``."""
        return join(self.verdict).text(lang)


def forward(
    samples: Sample | Iterable[Sample],
    models: Models = None,
    *,
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
    allow_leaks: bool = False,
    progress: bool = False,
) -> ForwardTest:
    """Train on earlier cutoffs, test on each later one.

    A cutoff is trained on only if its outcome ends by the test cutoff: on that evening its labels are known.
    Everything, preparation included, is learned from the training cutoffs.

    Parameters
    ----------
    samples : Sample or iterable of Sample
        One sample per cutoff, or one of several cutoffs (index customer_id, cutoff), all with the same features and
        lengths of windows.
    models : mapping of str to estimator, or keys of contenders, optional
        Copies are fitted; all `contenders` unless given.
    level : float in (0, 1)
    draws : int
        Of customers again, for limits; 0 for none.
    seed : int
    allow_leaks : bool
        Go on although the audit of a sample failed.
    progress : bool
        Show a bar over the test cutoffs.

    Returns
    -------
    ForwardTest

    Raises
    ------
    InputError
        If a sample is a snapshot, its audit failed, features or lengths differ, no cutoff has training labels in time,
        or all models fail.

    References
    ----------
    .. [1] Tashman (2000). Out-of-sample tests of forecasting accuracy. International Journal of Forecasting 16,
       437-450.

    Examples
    --------
    >>> from crm_analysis.churn.windows.windows import Windows
    >>> def made(cutoff, seed):
    ...     rng = np.random.default_rng(seed)
    ...     X = pd.DataFrame({"days_since_last": rng.integers(0, 90, 100)}, index=[f"c{i}" for i in range(100)])
    ...     y = (rng.random(100) < 0.2 + X["days_since_last"] / 150).astype(int)
    ...     return Sample(X, y, (Windows(cutoff, data_end="2012-12-31", outcome=60),), kind="forward")
    >>> test = forward([made("2012-03-31", 1), made("2012-06-30", 2)], ["prior", "recency_only"], draws=50)
    >>> test.cutoffs["train_cutoffs"].tolist(), bool(test.table["auc"].iloc[1] > 0.6)
    (['2012-03-31'], True)
    """
    check_level(level)
    samples = [samples] if isinstance(samples, Sample) else list(samples)
    found, rows, differences, troubles = [], {}, [], []
    for turn in shown(turns(samples, allow_leaks=allow_leaks), progress, "cutoffs"):
        chances, trouble = _foretold(turn, models, seed)
        troubles += trouble
        churned, customers = turn.test.y.to_numpy() == 1, np.asarray(turn.test.customers)
        table, pairs = measured(chances, churned, customers, level=level, draws=draws, seed=seed)
        rows |= {(turn.cutoff, key): row for key, row in table.to_dict("index").items()}
        differences.append(pairs.assign(cutoff=turn.cutoff))
        found.append((turn, chances))
    predictions, y = _stacked(found)
    if predictions.empty or not predictions.shape[1]:
        raise InputError(f"all models failed: {'; '.join(one['cause'] for one in troubles)}", where="forward test",
                         zh="所有模型都未能拟合")  # fmt: skip
    pooled = table  # with one test cutoff the two are the same
    if len(found) > 1:
        pooled = measured(predictions.dropna(axis=1), y.to_numpy() == 1, np.asarray(y.index.get_level_values(0)),
                          level=level, draws=draws, seed=seed)[0]  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["cutoff", "model"])
    pairs = pd.concat(differences, ignore_index=True)
    pairs.insert(0, "cutoff", pairs.pop("cutoff"))
    shift = pd.DataFrame([_shift(turn, level) for turn, _ in found],
                         index=pd.Index([turn.cutoff for turn, _ in found], name="cutoff"))  # fmt: skip
    warnings = pd.concat([each.warnings for each in samples])
    return ForwardTest(table, pooled, pairs, shift, predictions, y, trouble_table(troubles), level,
                       warnings[~warnings.index.duplicated()])  # fmt: skip


def measured(
    chances: pd.DataFrame, churned: np.ndarray, customers: np.ndarray, *, level: float, draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure models on the same customers, with limits and paired differences from the same draws.

    Returns
    -------
    table : pandas.DataFrame, index model
    differences : pandas.DataFrame
        measure, model, other_model, difference with limits, within_noise, better.
    """
    points = {key: _values(chances[key].to_numpy(float), churned, np.ones(len(churned))) for key in chances}
    drawn = _drawn(chances, churned, redrawn(customers, draws, seed))
    rows = {key: _row(points[key], drawn[key], level) for key in chances}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
    best = best_models(table) if len(table) else pd.Series(dtype=object)
    pairs = [
        {"measure": name, "model": model, "other_model": other} | with_limits("difference", _estimate(
            points[model][name] - points[other][name], drawn[model][name] - drawn[other][name], level))
        for name, first in best.items() for model, other in pairs_of(list(chances), first)
    ]  # fmt: skip
    columns = ["measure", "model", "other_model", "difference", "difference_low", "difference_high"]
    return table, judged(pd.DataFrame(pairs, columns=columns))


def _foretold(turn: Turn, models: Models, seed: int) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    X, y, later = model_frame(turn.train.X), turn.train.y.to_numpy(), model_frame(turn.test.X)
    found, troubles = {}, []
    for key, model in chosen_models(turn.train, models, seed=seed).items():
        p, trouble = attempt(model, X, y, later)
        troubles += [{"model": key} | one for one in trouble]
        if p is not None:
            found[key] = p
    return pd.DataFrame(found, index=turn.test.X.index), troubles


def _values(p: np.ndarray, churned: np.ndarray, weight: np.ndarray) -> Values:
    both = weight @ np.column_stack([p, churned.astype(float)]) / weight.sum(axis=-1, keepdims=True)
    mean, rate = both[..., 0], both[..., 1]
    return measures_of(p, churned, weight) | {"mean_probability": mean, "churn_rate": rate, "excess": mean - rate}


def _drawn(chances: pd.DataFrame, churned: np.ndarray, weights: Iterable[np.ndarray]) -> dict[str, Values]:
    """Measure all models at the same weights, block by block: drawing customers costs more than measuring a model."""
    given = {key: chances[key].to_numpy(float) for key in chances}
    with few_threads(len(churned)):
        blocks = [{key: _values(p, churned, block) for key, p in given.items()} for block in weights]
    return {key: {name: np.concatenate([np.empty(0), *(block[key][name] for block in blocks)])
                  for name in (*MEASURES, *EXTRA)} for key in given}  # fmt: skip


def _row(point: Values, drawn: Values, level: float) -> dict[str, float]:
    row: dict[str, float] = {}
    for name in (*MEASURES, *EXTRA):
        row |= with_limits(name, _estimate(point[name], drawn[name], level))
    return row


def _estimate(point: float, drawn: np.ndarray, level: float) -> Estimate:
    low, high = percentile_limits(drawn[:, None], level=level, most_lost=MOST_LOST)
    return Estimate(float(point), float(low[0]), float(high[0]))


def _shift(turn: Turn, level: float) -> dict[str, object]:
    """Rows and churn rates of training and test of one turn."""
    train, test = turn.train, turn.test
    return (
        {"train_cutoffs": ", ".join(f"{day:%Y-%m-%d}" for day in turn.trained_on), "train_rows": len(train)}
        | with_limits("train_churn_rate", proportion(int(train.y.sum()), len(train), level=level))
        | {"test_rows": len(test)}
        | with_limits("test_churn_rate", proportion(int(test.y.sum()), len(test), level=level))
        | {"known_share": float(test.customers.isin(train.customers).mean())}
    )


def _stacked(found: list[tuple[Turn, pd.DataFrame]]) -> tuple[pd.DataFrame, pd.Series]:
    """Predictions and labels of all turns, by customer and cutoff."""
    frames = [chances.set_axis(_index(turn), axis=0) for turn, chances in found]
    return pd.concat(frames), pd.concat([turn.test.y.set_axis(_index(turn)) for turn, _ in found])


def _index(turn: Turn) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([turn.test.customers, [turn.cutoff] * len(turn.test)],
                                     names=["customer_id", "cutoff"])  # fmt: skip
