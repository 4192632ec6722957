"""What a customer is worth who is kept: lifetime value without the chance that he has left already."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError


def value_if_kept(prediction: pd.DataFrame) -> pd.Series:
    r"""Lifetime value of each customer, given that he is still a customer.

    .. math:: E[\mathrm{CLV} \mid \text{alive}] = \frac{\mathrm{CLV}}{P(\text{alive})}

    Who has left brings nothing, so that the value of a model of repeat buying is the value of an active customer times
    P(alive). A campaign multiplies by the chance of churn once more: taken as it is, leaving would count twice, and the
    customers at risk would look worthless. Leaving later, within the horizon, stays in the value.

    Parameters
    ----------
    prediction : pandas.DataFrame, index customer_id
        From `clv.value`: ``clv`` (take its `margin` below 1: what is kept is margin, not revenue) and ``p_alive``.

    Returns
    -------
    pandas.Series
        ``clv``, index as given, in the currency of the data; blank where P(alive) is 0 and nothing can be said: leave
        these customers out. Where P(alive) is tiny the value says what the customer *was* worth, and a campaign that
        is assumed to win back every churner alike ranks him first: see `exclude` and `accept` of
        `crm_analysis.segments.worklist`.

    Raises
    ------
    InputError
        If a column is missing or blank, P(alive) lies outside 0 to 1, or a customer stands in two rows.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). RFM and CLV: using iso-value curves for customer base analysis. Journal of
       Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> prediction = pd.DataFrame({"clv": [90.0, 20.0], "p_alive": [0.9, 0.1]}, index=["a", "b"])
    >>> value_if_kept(prediction).round(2).to_dict()
    {'a': 100.0, 'b': 200.0}
    """
    columns = prediction.columns if isinstance(prediction, pd.DataFrame) else []
    problems = [f"column {name!r} is missing" for name in ("clv", "p_alive") if name not in columns]
    if not problems:
        problems = [f"column {name!r} holds {prediction[name].dtype}, not numbers" for name in ("clv", "p_alive")
                    if not pd.api.types.is_numeric_dtype(prediction[name].dtype)]  # fmt: skip
    if not problems:
        value, alive = (prediction[name].to_numpy("float64", na_value=np.nan) for name in ("clv", "p_alive"))
        problems += [] if np.isfinite(value).all() else ["column 'clv' is blank or infinite"]
        problems += [] if ((alive >= 0) & (alive <= 1)).all() else ["column 'p_alive' is blank or outside 0 to 1"]
        problems += [] if prediction.index.is_unique else ["a customer stands in two rows"]
    if problems:
        raise InputError("; ".join(problems), where="value_if_kept", expected="the table of clv.value: clv and p_alive",
                         mend="value_if_kept(clv.value(model, spend, summary, horizon='12 months', margin=0.3))",
                         zh="需要 clv.value 的预测表：clv 与 p_alive 两列，不能有空值")  # fmt: skip
    kept = np.divide(value, alive, out=np.full(len(value), np.nan), where=alive > 0)
    return pd.Series(kept, index=prediction.index, name="clv")
