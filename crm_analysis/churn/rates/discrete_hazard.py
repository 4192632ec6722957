"""Discrete-time hazard model: who leaves in which month of tenure, given covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, ndtri

from crm_analysis.churn.rates import hazard_curves
from crm_analysis.churn.rates.account_months import as_followed
from crm_analysis.churn.rates.binomial_fit import LINKS, maximise
from crm_analysis.churn.rates.book import check_sizes
from crm_analysis.churn.rates.month_basis import basis
from crm_analysis.churn.rates.profiles import cells, encoder
from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level, holm

ACCOUNT = "number of the account"
RATIO = {"logit": "leaving_odds_ratio", "cloglog": "leaving_hazard_ratio"}


class DiscreteHazard:
    r"""Hazard of each month of tenure given covariates, by maximum likelihood.

    .. math:: g(h_{it}) = \gamma(t) + x_i'\beta + \ln(t)\, z_i'\delta

    with :math:`h_{it}` the chance that account i, come to month t, leaves in it. With the logit link
    :math:`e^\beta` multiplies the odds of leaving in every month; with the complementary log-log link it multiplies
    the hazard of the proportional hazards model whose times are grouped by months. The likelihood is that of a
    logistic regression on a row per account and month, but rows are counted, not made: cost grows with the
    number of different covariate profiles times months.

    Parameters
    ----------
    month : {"dummies", "constant", "log", "polynomial", "spline"}
        Course of the baseline: free in every month (without covariates the hazards are d/n exactly), constant,
        linear in log(month), a polynomial of `degree`, or a restricted cubic spline of log(month) with `knots`.
    covariates : sequence of str
        Columns of the tenures, known at the start or never changing. Numbers enter linearly, anything else as
        groups. What is read at the snapshot describes only; what changes (complaints) needs rows of months, see
        `fit`: "ever complained" as one value per account makes complaints look as if they kept accounts, because
        those who stay have longer to complain.
    changing : sequence of str
        Those of the covariates whose effect may change with log(month).
    link : {"logit", "cloglog"}
    reference : dict of covariate to level, optional
        By default the most frequent level.
    knots, degree : int

    Attributes
    ----------
    coef_, standard_errors_ : pandas.Series, index (covariate, covariate_level)
        Of the covariates, on the scale of the link, per unit.
    params_ : numpy.ndarray
        All coefficients, baseline first, as the fit uses them (numbers centred and scaled).
    covariance_ : numpy.ndarray
        Of `params_`, from the expected information.
    log_likelihood_, aic_ : float
    n_iter_ : int
    converged_ : bool
    gradient_norm_ : float
        In standard errors.
    accounts_, lost_, periods_, cells_ : int
        Accounts, losses, the last month anybody came to, profiles times months.
    unit_ : str

    References
    ----------
    .. [1] Singer & Willett (1993). Journal of Educational Statistics 18, 155-195.
    .. [2] Prentice & Gloeckler (1978). Biometrics 34, 57-67 (grouped proportional hazards).

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 2, 3, 1, 2, 3, 3], "ended": [1, 1, 0, 0, 1, 0, 1, 0],
    ...                         "plan": list("aaaabbbb")})
    >>> DiscreteHazard().fit(tenures).hazard(level=0.95)["hazard"].round(3).tolist()  # 2/8, 1/6, 1/3
    [0.25, 0.167, 0.333]
    >>> model = DiscreteHazard(month="constant", covariates=["plan"]).fit(tenures)
    >>> model.effects().loc[("plan", "b"), "leaving_odds_ratio"].round(3).item()  # (2/7) / (2/6)
    0.857
    """

    def __init__(
        self, *, month: str = "dummies", covariates: Sequence[str] = (), changing: Sequence[str] = (),
        link: str = "logit", reference: Mapping[str, object] | None = None, knots: int = 4, degree: int = 2,
    ) -> None:  # fmt: skip
        self.month, self.covariates, self.changing, self.link = month, covariates, changing, link
        self.reference, self.knots, self.degree = reference, knots, degree

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments."""
        names = ("month", "covariates", "changing", "link", "reference", "knots", "degree")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: object) -> Self:
        """Set arguments of the constructor by name."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"DiscreteHazard has no argument {name!r}; {nearest(name, self.get_params())}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return "DiscreteHazard(" + ", ".join(f"{name}={value!r}" for name, value in self.get_params().items()) + ")"

    def fit(self, data: pd.DataFrame, y: None = None, **options: object) -> Self:
        """Fit to contracts, to tenures, or to rows of months with covariates that change.

        Parameters
        ----------
        data : pandas.DataFrame
            Contracts, or tenures from `contract_tenures`, with the columns of `covariates`; or a row per account and
            month at risk, as `account_months` writes them: account_id, tenure_month, ended, and covariates whose value
            may differ from month to month. They must have been known before the month was over, or they tell the
            future. `effects` then counts in `accounts` those with such a month, and curves of a profile are those
            of an account that keeps it in all months.
        **options
            Of `contract_tenures`, where `data` are contracts.

        Raises
        ------
        InputError
            If the data or the arguments cannot be used, nobody left, a level lost nobody or everybody, covariates
            say the same, or predict losses without fail.
        """
        self._check_arguments()
        tenures = as_followed(data, **options)
        monthly = "tenure_month" in data and "tenure" not in data  # else each row is an account
        tenures = tenures.assign(**{ACCOUNT: pd.factorize(tenures.index)[0] if monthly else np.arange(len(tenures))})
        followed = tenures[tenures["tenure"] > tenures["entry"]]
        if not followed["ended"].any():
            where = f"{tenures[ACCOUNT].nunique():,} accounts"
            raise InputError("nobody left: there is no hazard to model", where=where,
                             expected="some accounts that ended", mend="observe for longer; hazard_table still counts",
                             zh="没有账户流失，无法建立风险率模型")  # fmt: skip
        self.encoder_ = encoder(followed, self.covariates, self.reference)
        columns = self.encoder_.encode(followed)
        self._check_levels(followed, columns)
        counted = cells(followed, columns)
        at_risk, lost = counted.totals()
        self.basis_ = basis(self.month, at_risk, lost, knots=self.knots, degree=self.degree)
        month = self.basis_.columns(np.arange(1, counted.periods + 1))
        use = (at_risk > 0) & (self.basis_.edge == 0 if self.month == "dummies" else True)
        self.changing_ = np.flatnonzero([name in self.changing for name, _ in self.encoder_.columns])
        found = maximise(counted, month, use, changing=self.changing_, link=self.link)
        return self._learn(found, counted, tenures, int(lost.sum()))

    def effects(self, *, month: int = 1, level: float = 0.95) -> pd.DataFrame:
        """Odds ratios (hazard ratios with cloglog) of the covariates, with Wald limits.

        Parameters
        ----------
        month : int >= 1
            Month for which the ratios of `changing` covariates are told; the others are the same in all months.
        level : float in (0, 1)
            Of each interval; p_holm is corrected for the number of tests.

        Returns
        -------
        pandas.DataFrame, index (covariate, covariate_level)
            accounts, lost (of the level; of all for a number), log_ratio, standard_error, leaving_odds_ratio (or
            leaving_hazard_ratio) with limits, p (Wald), p_holm, is_reference. A reference has ratio 1 and no limits.
            The level of a number is ``per_unit``. Of `changing` covariates, rows ``<level>|log_month`` tell by what the
            ratio is multiplied each time the month grows e-fold.

        Raises
        ------
        InputError
            If the model is not fitted or has no covariates.
        """
        hazard_curves.check_fitted(self)
        z = ndtri(0.5 + check_level(level) / 2)
        check_sizes(periods=month)
        name, rows, (coef, deviation) = RATIO[self.link], {}, self._at(month)
        for covariate in self.encoder_.covariates:
            for label in self.encoder_.levels.get(covariate, ["", ""])[: 1 if covariate in self.encoder_.levels else 0]:
                row = {"log_ratio": 0.0, name: 1.0, "is_reference": True}
                rows[covariate, label] = row | self.counts_[covariate, label]
            for column in [key for key in self.coef_.index if key[0] == covariate]:
                b, se = coef[column], deviation[column]
                row = {
                    "log_ratio": b,
                    "standard_error": se,
                    name: np.exp(b),
                    f"{name}_low": np.exp(b - z * se),
                    f"{name}_high": np.exp(b + z * se),
                    "p": 2 * ndtr(-abs(b / se)),
                    "is_reference": False,
                }
                rows[column] = row | self.counts_[covariate, column[1].split("|")[0]]
        order = [
            "accounts",
            "lost",
            "log_ratio",
            "standard_error",
            name,
            f"{name}_low",
            f"{name}_high",
            "p",
            "is_reference",
        ]
        if not rows:
            raise InputError("the model has no covariates, so there are no ratios", mend="covariates=[...]",
                             zh="模型没有协变量")  # fmt: skip
        index = pd.MultiIndex.from_tuples(list(rows), names=["covariate", "covariate_level"])
        table = pd.DataFrame(list(rows.values()), index=index).reindex(columns=order)
        table.insert(order.index("p") + 1, "p_holm", holm(table["p"]))
        return table

    def tests(self) -> pd.DataFrame:
        """Wald test of each covariate as a whole: covariate, chi_squared, df, p, p_holm."""
        hazard_curves.check_fitted(self)
        first, found = len(self.params_) - len(self.coef_), []
        for covariate in self.encoder_.covariates:
            at = first + np.flatnonzero(self.coef_.index.get_level_values(0) == covariate)
            b = self.params_[at]
            statistic = float(b @ np.linalg.solve(self.covariance_[np.ix_(at, at)], b))
            found.append((covariate, statistic, len(at), float(chdtrc(len(at), statistic))))
        table = pd.DataFrame(found, columns=["covariate", "chi_squared", "df", "p"]).set_index("covariate")
        return table.assign(p_holm=holm(table["p"]))

    def hazard(self, profiles: pd.DataFrame | None = None, **options: object) -> pd.DataFrame:
        """Hazard by month of given profiles: see `hazard_curves.hazard`."""
        return hazard_curves.hazard(self, profiles, **options)

    def survival(self, profiles: pd.DataFrame | None = None, **options: object) -> pd.DataFrame:
        """Survival by month of given profiles: see `hazard_curves.survival`."""
        return hazard_curves.survival(self, profiles, **options)

    def predict(self, profiles: pd.DataFrame, **options: object) -> pd.DataFrame:
        """Chance of leaving and expected remaining tenure within a horizon: see `hazard_curves.remaining`."""
        return hazard_curves.remaining(self, profiles, **options)

    def _at(self, month: int) -> tuple[pd.Series, pd.Series]:
        """Coefficients and their standard errors, those that change with log(month) at this month."""
        first, fixed = len(self.params_) - len(self.coef_), len(self.encoder_.columns)
        turn = np.eye(len(self.coef_))
        turn[self.changing_, fixed + np.arange(len(self.changing_))] = np.log(month)
        units = np.r_[self.encoder_.units, self.encoder_.units[self.changing_]]
        cover = turn @ self.covariance_[first:, first:] @ turn.T
        coef = pd.Series(turn @ self.params_[first:] / units, index=self.coef_.index)
        return coef, pd.Series(np.sqrt(np.diag(cover)) / units, index=self.coef_.index)

    def _check_arguments(self) -> None:
        problems = [] if self.link in LINKS else [f"link={self.link!r} is not known ({', '.join(LINKS)})"]
        for name in ("covariates", "changing"):
            problems += [f"{name} must be a list of columns, not a text"] * isinstance(getattr(self, name), str)
        strange = [] if problems else [name for name in self.changing if name not in self.covariates]
        problems += [f"changing names {', '.join(strange)}, not among the covariates"] * bool(strange)
        if problems:
            raise InputError("; ".join(problems), where="DiscreteHazard", zh="模型参数无法使用")

    def _check_levels(self, followed: pd.DataFrame, columns: np.ndarray) -> None:
        """Count accounts and losses of each level; one that lost nobody, or all at once, has no odds ratio."""
        ended, counts, stuck = followed["ended"].to_numpy(), {}, []
        account = followed[ACCOUNT].to_numpy()
        months = (followed["tenure"] - followed["entry"]).to_numpy()
        keys = [key for key in self.encoder_.columns if key[0] in self.encoder_.levels]
        place = [at for at, key in enumerate(self.encoder_.columns) if key in keys]
        hits = {key: columns[:, at] == 1 for key, at in zip(keys, place)}
        for name, levels in self.encoder_.levels.items():
            others = np.any([hits[name, str(level)] for level in levels[1:]], axis=0)
            hits[name, str(levels[0])] = ~others
        for key, hit in hits.items():
            counts[key] = {"accounts": len(np.unique(account[hit])), "lost": int(ended[hit].sum())}
            stuck += [key] if counts[key]["lost"] in (0, months[hit].sum()) else []
        for name in self.encoder_.centre:
            counts[name, "per_unit"] = {"accounts": len(np.unique(account)), "lost": int(ended.sum())}
        self.counts_ = counts
        if stuck:
            raise InputError(
                "; ".join(
                    f"{name} {level!r}: {counts[name, level]['lost']:,} of "
                    f"{counts[name, level]['accounts']:,} accounts left"
                    for name, level in stuck
                ),
                where="covariates",
                expected="in each level some accounts that left, and months without a loss",
                mend="join the level with another, or leave the column out",
                zh="有的水平无人流失或全部流失，无法估计优势比",
            )

    def _learn(self, found: Any, counted: Any, tenures: pd.DataFrame, lost: int) -> Self:
        keys = [(name, level or "per_unit") for name, level in self.encoder_.columns]
        keys += [(keys[at][0], f"{keys[at][1]}|log_month") for at in self.changing_]
        units = np.r_[self.encoder_.units, self.encoder_.units[self.changing_]]
        index = pd.MultiIndex.from_tuples(keys, names=["covariate", "covariate_level"]) if keys else pd.MultiIndex(
            levels=[[], []], codes=[[], []], names=["covariate", "covariate_level"])  # fmt: skip
        first = len(found.coef) - len(keys)
        self.params_, self.covariance_ = found.coef, found.covariance
        self.coef_ = pd.Series(found.coef[first:] / units, index=index, name="log_ratio")
        deviation = np.sqrt(np.diag(found.covariance))[first:] / units
        self.standard_errors_ = pd.Series(deviation, index=index, name="standard_error")
        self.log_likelihood_, self.aic_ = found.log_likelihood, 2 * len(found.coef) - 2 * found.log_likelihood
        self.n_iter_, self.converged_, self.gradient_norm_ = found.iterations, found.converged, found.gradient_norm
        self.accounts_, self.lost_, self.periods_ = tenures[ACCOUNT].nunique(), lost, counted.periods
        self.cells_ = len(counted.profiles) * counted.periods
        self.unit_ = str(tenures.attrs.get("unit", "month"))
        return self
