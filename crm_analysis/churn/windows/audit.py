"""The audit for leaks: whether features know what they cannot know, in a table of checks passed and failed."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.auc import auc
from crm_analysis.churn.windows.check import FAILED, PASSED, WARNED, Check, all_said, check_table
from crm_analysis.churn.windows.feature_frame import Features
from crm_analysis.churn.windows.function_checks import repeatable_check, truncation_check, undated_check
from crm_analysis.churn.windows.futures import undated
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.sample_checks import ceiling_check, sample_checks
from crm_analysis.churn.windows.truncation import Move, moves
from crm_analysis.churn.windows.window_checks import window_checks
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet
from crm_analysis.words import Sentence, join, word

FOLDS = 5
HAN = "[\u4e00-\u9fff]"  # beside quotation marks it needs no blank


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Parameters
    ----------
    checks : tuple of Check
    features : pandas.DataFrame
        How well each feature alone tells the churned (`alarms.feature_aucs`).
    moves : pandas.DataFrame
        Features that move with the time after the cutoff: feature, moved_table, moved_by, customers, call_error.
    """

    checks: tuple[Check, ...]
    features: pd.DataFrame = field(default_factory=pd.DataFrame)
    moves: pd.DataFrame = field(default_factory=lambda: move_table([]))

    @property
    def table(self) -> pd.DataFrame:
        """One row per check, index audit_check.

        Columns: verdict, passed (a warning passes), examined, flagged_count, flagged_items, audit_value, audit_limit.
        """
        return check_table(self.checks)

    @property
    def passed(self) -> bool:
        """Whether no check failed; warnings may stand."""
        return all(each.verdict != FAILED for each in self.checks)

    def text(self, lang: str) -> str:
        """Return what failed and what is to be heeded; in one sentence where nothing is."""
        failed, warned = all_said(self.checks, FAILED), all_said(self.checks, WARNED)
        count, good = len(self.checks), sum(each.verdict == PASSED for each in self.checks)
        head = Sentence(
            f"泄漏审计：{count} 项检查中 {good} 项通过。", f"Audit for leaks: {good} of {count} checks passed."
        )
        parts = [head, _prefixed(failed, "未通过：", "Failed: "), _prefixed(warned, "请注意：", "To be heeded: ")]
        return self._in_words(join([part for part in parts if part.en]).text(lang), lang)

    def _in_words(self, text: str, lang: str) -> str:
        """Put the terms of features and tables for their names in code; a user's own names stay."""
        terms = {str(name): word(str(name), lang) for name in [*self.features.index, *self.moves["feature"]]}
        terms |= {str(name): word(f"table.{name}", lang) for name in self.moves["moved_table"]}
        terms = {name: term for name, term in terms.items() if term not in (name, f"table.{name}")}
        if not terms:
            return text
        names = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
        before, after = (f"(?:(?<={HAN}) )?", f"(?: (?={HAN}))?") if lang == "zh" else ("", "")
        pattern = rf"{before}(?<![\w.])({names})(?!\w){after}"
        return re.sub(pattern, lambda found: f"“{terms[found[1]]}”", text)


class LeakError(InputError):
    """Features know the outcome; `audit` holds what was found.

    Examples
    --------
    >>> X = pd.DataFrame({"closed": [1] * 10 + [0] * 10})
    >>> found = audit_sample(Sample(X, X["closed"]))
    >>> raise LeakError.of(found)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    crm_analysis.churn.windows.audit.LeakError: A single feature tells who churned...
    """

    audit: Audit | None = None

    @classmethod
    def of(cls, audit: Audit, *, where: str = "") -> LeakError:
        """Return the error of an audit that failed."""
        failed = [each for each in audit.checks if each.verdict == FAILED]
        said = all_said(failed, FAILED)
        mend = "; ".join(dict.fromkeys(each.mend.en for each in failed if each.mend.en))
        error = cls(said.en, where=where, expected="features of what was known on the evening of the cutoff",
                    mend=mend, zh=said.zh)  # fmt: skip
        error.audit = audit
        return error

    def __reduce__(self) -> tuple:
        """Pickle with what was found."""
        return functools.partial(_rebuild, self.what, self.where, self.expected, self.mend, self.zh, self.audit), ()


def audit(
    features: Features | None,
    tables: Mapping[str, pd.DataFrame] | DataSet,
    windows: Windows | Iterable[Windows],
    *,
    event: str = "purchase",
    ceiling: float | None = None,
) -> Audit:
    """Audit a function of features: whether it knows, at the cutoff, what comes after.

    - ``truncation_invariance``: rows after the cutoff are dropped, doubled, changed, dated later, and what became known
      later of earlier rows is blanked or changed; features must stay the same to the last bit. (At the first of several
      cutoffs, which has the longest future.)
    - ``repeatable_features``, ``undated_tables``: what would keep that check from meaning anything.
    - ``single_feature_alarm``: a feature alone with max(AUC, 1 - AUC) above .97.
    - ``tautology``: a feature of which a threshold is the label.
    - ``id_features``: features that name customers.
    - ``silent_end``, ``short_observation``, ``shared_outcome_days``: windows that do not fit the data or each other.
    - ``auc_ceiling``: with `ceiling`, the out-of-fold AUC of a plain logistic regression against it.

    Parameters
    ----------
    features : callable or None
        ``features(tables, windows)`` -> frame with index customer_id; None for those of the house.
    tables : mapping of str to pandas.DataFrame, or DataSet
    windows : Windows or iterable of Windows
    event : {"purchase", "any"}
        What keeps a customer from being churned.
    ceiling : float in (0.5, 1), optional
        The highest AUC that you would believe, declared before looking.

    Returns
    -------
    Audit

    Raises
    ------
    InputError
        As `make_sample`.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-05-20", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": list("123"), "customer_id": list("aba"), "ordered_at": at, "amount": 9.0})
    >>> count = lambda tables, windows: tables["orders"].groupby("customer_id").size().to_frame("orders")
    >>> found = audit(count, {"orders": orders}, Windows("2012-05-31", data_end="2012-12-31", outcome=5))
    >>> found.passed, found.moves[["feature", "moved_table", "moved_by"]].values.tolist()
    (False, [['orders', 'orders', 'rows_dropped'], ['orders', 'orders', 'rows_doubled']])
    """
    from crm_analysis.churn.windows.make_sample import audited

    return audited(tables, windows, features=features, event=event, ceiling=ceiling)[1]


def audit_sample(sample: Sample, *, ceiling: float | None = None) -> Audit:
    """Audit a sample made by hand: features that tell too much, ids, a snapshot.

    What the features are made of cannot be seen in a sample: `audit` looks at the function.

    Parameters
    ----------
    sample : Sample
    ceiling : float in (0.5, 1), optional
        As in `audit`.

    Returns
    -------
    Audit

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": range(20), "closed": [1] * 10 + [0] * 10})
    >>> found = audit_sample(Sample(X, X["closed"]))
    >>> found.table.loc["single_feature_alarm", ["verdict", "flagged_items"]].tolist()
    ['audit_failed', 'tenure, closed']
    """
    checks, aucs = sample_checks(sample)
    return Audit((*checks, *_ceiling(sample, ceiling)), aucs)


def function_audit(
    sample: Sample, features: Features, tables: Mapping[str, pd.DataFrame], event_times: pd.Series, *,
    base: pd.DataFrame, ceiling: float | None = None,
) -> Audit:  # fmt: skip
    """Audit a sample together with the function and the tables it came from; `base` is X at the first cutoff."""
    found = moves(features, tables, sample.windows[0], base.index, base=base)
    count, unknown = sample.X.shape[1], undated(tables)
    own, aucs = sample_checks(sample)
    checks = [truncation_check(found, count), repeatable_check(found, count),
              *([undated_check(found, unknown)] if unknown else []), *own,
              *window_checks(sample.windows, event_times), *_ceiling(sample, ceiling)]  # fmt: skip
    return Audit(tuple(checks), aucs, move_table(found))


def move_table(found: Sequence[Move]) -> pd.DataFrame:
    """Return moves as a table: feature, moved_table, moved_by, customers, call_error."""
    return pd.DataFrame(list(found), columns=["feature", "moved_table", "moved_by", "customers", "call_error"])


def _ceiling(sample: Sample, ceiling: float | None) -> list[Check]:
    if ceiling is None:
        return []
    if not (isinstance(ceiling, float) and 0.5 < ceiling <= 1):
        raise InputError(f"ceiling={ceiling!r} is no AUC", expected="a number between 0.5 and 1, such as 0.86",
                         zh="ceiling 应为 0.5 到 1 之间的 AUC")  # fmt: skip
    return [ceiling_check(logistic_auc(sample), ceiling)]


def logistic_auc(sample: Sample) -> float:
    """Out-of-fold AUC of a plain logistic regression, five folds, rows of a customer together.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": range(40)})
    >>> logistic_auc(Sample(X, (X["tenure"] < 20).astype(int)))
    1.0
    """
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    from crm_analysis.churn.models.pipelines import logistic

    y = sample.y.to_numpy()
    folds = min(FOLDS, int(min(y.sum(), len(y) - y.sum())))
    if folds < 2:
        return float("nan")
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    groups = pd.factorize(sample.customers)[0]
    p = cross_val_predict(logistic(), sample.X, y, groups=groups, cv=split, method="predict_proba")
    return auc(np.asarray(p)[:, 1], y)


def _prefixed(sentence: Sentence, zh: str, en: str) -> Sentence:
    return Sentence(zh + sentence.zh, en + sentence.en) if sentence.en else sentence


def _rebuild(what: str, where: str, expected: str, mend: str, zh: str, found: Audit | None) -> LeakError:
    error = LeakError(what, where=where, expected=expected, mend=mend, zh=zh)
    error.audit = found
    return error
