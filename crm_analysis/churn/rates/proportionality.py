"""Does the effect of a covariate stay the same over tenure? The likelihood-ratio test of a changing effect."""

from __future__ import annotations

import pandas as pd
from scipy.special import chdtrc

from crm_analysis.churn.rates.account_months import as_followed
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.intervals import holm


def proportionality(model: DiscreteHazard, data: pd.DataFrame, **options: object) -> pd.DataFrame:
    r"""Test, covariate by covariate, that its effect is the same in all months.

    .. math:: \chi^2 = 2 (\ell_{x \ln t} - \ell)

    The model is fitted once more with an effect of the covariate that changes with log(month). A small p says that
    one ratio for all months is too simple: tell it by month (`changing`), or look at `hazard_table` by group.

    Parameters
    ----------
    model : DiscreteHazard
        Its arguments say which model; it need not be fitted.
    data : pandas.DataFrame
        Contracts, tenures or rows of months, as in `DiscreteHazard.fit`.
    **options
        Of `contract_tenures`, where `data` are contracts.

    Returns
    -------
    pandas.DataFrame, index covariate
        chi_squared, df, p, p_holm.

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 2, 3, 1, 2, 3, 3], "ended": [1, 1, 0, 0, 1, 0, 1, 0],
    ...                         "plan": list("aaaabbbb")})
    >>> proportionality(DiscreteHazard(month="log", covariates=["plan"]), tenures)["df"].to_dict()
    {'plan': 1}
    """
    tenures = as_followed(data, **options)
    arguments = model.get_params() | {"changing": ()}
    plain = DiscreteHazard(**arguments).fit(tenures)
    rows = []
    for name in plain.encoder_.covariates:
        wider = DiscreteHazard(**arguments | {"changing": (name,)}).fit(tenures)
        df = len(wider.params_) - len(plain.params_)
        statistic = max(0.0, 2 * (wider.log_likelihood_ - plain.log_likelihood_))
        rows.append((name, statistic, df, float(chdtrc(df, statistic))))
    table = pd.DataFrame(rows, columns=["covariate", "chi_squared", "df", "p"]).set_index("covariate")
    return table.assign(p_holm=holm(table["p"]))
