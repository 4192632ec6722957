"""Key-driver analysis of a survey: shares of the fit with intervals, ranks and their chances, dominance, signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import Estimate, check_level
from crm_analysis.satisfaction.drivers.cases import Cases, Weights, read_cases
from crm_analysis.satisfaction.drivers.dominance import dominance
from crm_analysis.satisfaction.drivers.grouping import Groups
from crm_analysis.satisfaction.drivers.importance import measures, ranks
from crm_analysis.satisfaction.drivers.ordinal import fit_ordinal
from crm_analysis.satisfaction.drivers.ordinal_shares import Progress, drawn_ordinal_shares
from crm_analysis.satisfaction.drivers.regression import coefficient_table, weighted_correlations
from crm_analysis.satisfaction.drivers.resampling import Draws, bias_corrected, drawn_shares, failures
from crm_analysis.satisfaction.drivers.result import Drivers
from crm_analysis.satisfaction.drivers.shapley import alone, at_last, shapley
from crm_analysis.satisfaction.drivers.uncertainty import compare, with_draws

KINDS = ("ols", "ordinal_logit", "ordinal_probit")
DRAWS = {"ols": 1000, "ordinal_logit": 200, "ordinal_probit": 200}  # an ordinal draw costs all subsets anew
PAIRED = 15  # drivers up to which all pairs are compared over all subsets
SINGLE = ["coefficient", "coefficient_low", "coefficient_high", "correlation", "vif"]


def driver_table(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    groups: Groups = None,
    weights: Weights = None,
    kind: str = "ols",
    measure: str | None = None,
    draws: int | None = None,
    level: float = 0.95,
    seed: int = 0,
    missing: str = "listwise",
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    low: float | None = None,
    high: float | None = None,
    progress: Progress = None,
) -> Drivers:
    """Share out the fit of an outcome among its drivers, with the uncertainty of shares and ranks.

    LMG (Shapley, general dominance) averages what a driver adds over all orders of entry; Johnson's relative weights
    come close at no cost. Respondents are drawn again with replacement, and every draw gives shares and ranks. Limits
    of shares are percentiles; those of the whole fit are corrected for its bias in small samples. All of it is
    association: none of the measures tells what a change of a driver would bring.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    outcome : str
        Column of numbers; for the ordinal kinds also an ordered categorical.
    drivers : iterable of str
        Columns, at most 25 drivers or groups (12 for the ordinal kinds).
    groups : mapping of str to iterable of str, optional
        Drivers that enter together and get one share.
    weights : str or pandas.Series, optional
        Positive weights of the respondents.
    kind : {"ols", "ordinal_logit", "ordinal_probit"}
    measure : {"r_squared", "mcfadden", "nagelkerke"}, optional
        Fit to share out: R2 of least squares; McFadden's (default) or Nagelkerke's pseudo-R2 of an ordinal outcome.
    draws : int, optional
        By default 1,000, for the ordinal kinds 200; 0 leaves limits blank.
    level : float in (0, 1)
    seed : int
    missing, missing_codes, reversed_items, low, high
        As in `read_cases`.
    progress : callable, optional
        Called by the ordinal kinds after each draw with draws done and their number.

    Returns
    -------
    Drivers

    Raises
    ------
    InputError
        As `read_cases`; unknown kind or measure; separated answers; more than a tenth of the draws without result.

    References
    ----------
    .. [1] Groemping (2006). Relative importance for linear regression in R: the package relaimpo.
       Journal of Statistical Software 17(1).
    .. [2] Tonidandel, LeBreton & Johnson (2009). Determining the statistical significance of relative weights.
       Psychological Methods 14, 387-399.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> quality, value = rng.normal(size=(2, 300))
    >>> survey = pd.DataFrame({"quality": quality, "value": value, "satisfied": quality + rng.normal(size=300)})
    >>> found = driver_table(survey, outcome="satisfied", drivers=["value", "quality"], draws=200)
    >>> found.table.index[0], float(found.table["chance_first"].iloc[0]), found.first_place
    ('quality', 1.0, ['quality'])
    """
    measure, draws = _settings(kind, measure, draws)
    check_level(level)
    cases = read_cases(survey, outcome=outcome, drivers=drivers, groups=groups, weights=weights, low=low, high=high,
                       missing=missing, missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    if kind == "ols":
        table, coefficients, fit, drawn = _least_squares(cases, draws=draws, level=level, seed=seed)
    else:
        table, coefficients, fit, drawn = _ordinal(cases, kind.removeprefix("ordinal_"), measure, draws=draws,
                                                   level=level, seed=seed, progress=progress)  # fmt: skip
    total, names = float(table["lmg"].sum()), list(table.index)
    order = np.argsort(-table["lmg"].to_numpy(), kind="stable")
    table, ranked = with_draws(table, drawn, level)
    return Drivers(
        outcome=outcome, kind=kind, measure=measure, table=table.iloc[order], coefficients=coefficients,
        fit=Estimate(total, *bias_corrected(drawn.total, total, level=level)),
        adjusted=_adjusted(total, cases) if kind == "ols" else float("nan"), ranks=ranked.iloc[order],
        comparisons=compare(table.iloc[order], drawn.shares["lmg"][:, order], level),
        dominance=dominance(fit, names) if len(names) <= PAIRED else None, account=cases.account, ledger=cases.ledger,
        n_eff=cases.n_eff, draws=drawn.asked, failed=drawn.failed, level=level,
    )  # fmt: skip


def _settings(kind: str, measure: str | None, draws: int | None) -> tuple[str, int]:
    """Measure and draws of the kind."""
    possible = ("r_squared",) if kind == "ols" else ("mcfadden", "nagelkerke")
    problems = [f"there is no kind {kind!r}"] if kind not in KINDS else []
    if kind in KINDS and measure not in (None, *possible):
        problems.append(f"{measure!r} is no measure of {kind}: {' or '.join(possible)}")
    if draws is not None and (draws < 0 or 0 < draws < 20):
        problems.append(f"draws must be 0 or at least 20; got {draws}")
    if problems:
        raise InputError("; ".join(problems), where="driver_table", expected=f"kind: {', '.join(KINDS)}",
                         mend=nearest(kind, KINDS) if kind not in KINDS else "",
                         zh="驱动因素分析的参数有误")  # fmt: skip
    return measure or possible[0], DRAWS[kind] if draws is None else int(draws)


def _adjusted(total: float, cases: Cases) -> float:
    """Adjusted R2; NaN where no degree of freedom is left."""
    room = cases.n_eff - cases.drivers.shape[1] - 1
    return 1 - (1 - total) * (cases.n_eff - 1) / room if room > 0 else float("nan")


def _least_squares(
    cases: Cases, *, draws: int, level: float, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray | None, Draws]:
    values = np.column_stack([cases.outcome, cases.drivers])
    table, fit = measures(weighted_correlations(values, cases.weights), cases.groups, seed=seed)
    coefficients = coefficient_table(cases.outcome, cases.drivers, weights=cases.weights, level=level)
    names, m = [cases.outcome.name, *cases.drivers.columns], len(cases.groups)
    if draws:
        drawn = drawn_shares(values, cases.weights, names=names, sizes=cases.sizes, draws=draws, seed=seed)
    else:
        drawn = Draws(np.empty(0), dict.fromkeys(("lmg", "relative_weight"), np.empty((0, m))), 0, failures({}))
    return table.assign(**_of_single(coefficients, cases)), coefficients, fit, drawn


def _ordinal(
    cases: Cases, link: str, measure: str, *, draws: int, level: float, seed: int, progress: Progress
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, Draws]:
    model = fit_ordinal(cases, link=link, level=level)
    fit, drawn = drawn_ordinal_shares(cases, link=link, measure=measure, draws=draws, seed=seed, progress=progress)
    shares = shapley(fit)
    plain = coefficient_table(cases.outcome, cases.drivers, weights=cases.weights, level=level)
    coefficients = model.table.assign(correlation=plain["correlation"], vif=plain["vif"])
    table = pd.DataFrame(
        {"lmg": shares, "lmg_error": 0.0, "lmg_share": shares / shares.sum(), "entered_first": alone(fit),
         "entered_last": at_last(fit), "importance_rank": ranks(shares)},
        index=pd.Index(list(cases.groups), name="driver"),
    )  # fmt: skip
    return table.assign(**_of_single(coefficients, cases)), coefficients, fit, drawn


def _of_single(coefficients: pd.DataFrame, cases: Cases) -> dict[str, np.ndarray]:
    """Coefficient and the like of drivers that stand alone; blank for groups."""
    single = [part[0] if len(part) == 1 else None for part in cases.groups.values()]
    return {name: coefficients[name].reindex(single).to_numpy() for name in SINGLE}
