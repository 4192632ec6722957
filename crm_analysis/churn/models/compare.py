"""Models beside naive baselines: which ones rank customers better, and by more than the luck of the folds."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from crm_analysis.churn.models.checks import check_sample, constant_columns, looked_at
from crm_analysis.churn.models.compare_texts import verdict_of
from crm_analysis.churn.models.contenders import Models, chosen_models
from crm_analysis.churn.models.folds import cross_validate, splits
from crm_analysis.churn.models.paired import best_models, model_table, paired_differences
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.intervals import check_level
from crm_analysis.words import Sentence, join


@dataclass(frozen=True)
class Comparison:
    """Models compared by repeated cross-validation; ``text(lang)`` says what may be concluded.

    Parameters
    ----------
    table : pandas.DataFrame, index model
        auc, average_precision, brier, log_loss and top_decile_lift: mean over folds with limits
        (`paired.corrected_interval`) and ``_sd``, the spread over folds; brier_skill, 1 - brier / prior_brier. Blank
        for a model that failed.
    differences : pandas.DataFrame
        The best against all others and every learned model against every baseline: `paired.paired_differences`.
    best : pandas.Series
        The best model on each measure.
    folds : pandas.DataFrame
        model, repeat, fold and the measures of each fold.
    out_of_fold : pandas.DataFrame
        Chances of the first repeat, one column per model that did not fail, with the index of the sample.
    y : pandas.Series
        The labels, 1 for churned.
    troubles : pandas.DataFrame
        model, trouble (failed or warned), cause, folds.
    constant : tuple of str
        Features with a single value in all rows; they stay in, and tell a model nothing.
    kind : {"forward", "snapshot"}
    cutoffs : int
        Different cutoffs in the sample; 0 for a snapshot.
    splits, repeats : int
    level : float
    warnings : pandas.DataFrame
        Rows of the audit of the sample that warned.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    best: pd.Series
    folds: pd.DataFrame
    out_of_fold: pd.DataFrame
    y: pd.Series
    troubles: pd.DataFrame
    constant: tuple[str, ...]
    kind: str
    cutoffs: int
    splits: int
    repeats: int
    level: float
    warnings: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def churn_rate(self) -> float:
        """Share of churned rows."""
        return float(self.y.mean())

    @property
    def prior_brier(self) -> float:
        """Brier score of the churn rate given to everybody, pi (1 - pi): what a useful model stays below."""
        return self.churn_rate * (1 - self.churn_rate)

    @property
    def verdict(self) -> list[Sentence]:
        """What may be concluded, and what not."""
        return verdict_of(self)

    def text(self, lang: str) -> str:
        """Return the verdict in ``zh`` or ``en``."""
        return join(self.verdict).text(lang)


def compare(
    sample: Sample,
    models: Models = None,
    *,
    folds: int = 10,
    repeats: int = 3,
    seed: int = 0,
    level: float = 0.95,
    allow_leaks: bool = False,
    progress: bool = False,
) -> Comparison:
    r"""Compare models and naive baselines by repeated stratified cross-validation.

    Everything learned from data, preparation included, is learned within the training folds. All models see the same
    folds, so differences are taken fold by fold, with the variance of Nadeau and Bengio,
    :math:`(1/J + n_{test}/n_{train})\,s^2`; a difference whose interval holds 0 is within the noise of the folds.

    Parameters
    ----------
    sample : Sample
        Rows of one customer (several cutoffs) are held out together.
    models : mapping of str to estimator, or keys of contenders, optional
        scikit-learn classifiers with predict_proba; copies are fitted. All `contenders` unless given. Keys of
        `contenders.BASELINES` count as baselines.
    folds, repeats : int
    seed : int
        Repeat j shuffles with ``seed + j``.
    level : float in (0, 1)
    allow_leaks : bool
        Go on although the audit of the sample failed. A sample that nobody audited is audited here.
    progress : bool
        Show a bar over fits.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If the audit failed, a class has fewer customers than folds, a column holds dates or ids, a model gives no
        probabilities, or all models fail.

    References
    ----------
    .. [1] Nadeau & Bengio (2003). Inference for the generalization error. Machine Learning 52, 239-281.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"days_since_last": rng.integers(0, 300, 200)}, index=[f"c{i}" for i in range(200)])
    >>> churned = (rng.random(200) < X["days_since_last"] / 300).astype(int)
    >>> found = compare(Sample(X, churned), ["prior", "recency_only"], folds=5, repeats=1)
    >>> found.best["auc"], bool(found.differences.loc[0, "within_noise"])
    ('recency_only', False)
    """
    sample = looked_at(sample)
    check_sample(sample, allow_leaks=allow_leaks)
    check_level(level)
    chosen = chosen_models(sample, models, seed=seed)
    parts = splits(sample, folds=folds, repeats=repeats, seed=seed)
    found = cross_validate(sample, chosen, parts, progress=progress)
    ratio = 1 / (folds - 1)
    table = model_table(found.scores, list(chosen), ratio=ratio, level=level)
    best = best_models(table)
    rate = float(sample.y.mean())
    table["brier_skill"] = 1 - table["brier"] / (rate * (1 - rate))
    cutoffs = sample.X.index.get_level_values(-1).nunique() if sample.X.index.nlevels > 1 else len(sample.windows)
    return Comparison(
        table, paired_differences(found.scores, best, ratio=ratio, level=level), best, found.scores, found.out_of_fold,
        sample.y, found.troubles, tuple(constant_columns(sample.X)), sample.kind, cutoffs, folds, repeats, level,
        sample.warnings,
    )  # fmt: skip
