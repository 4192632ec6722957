"""BG/NBD as a classifier of churn: the chance of no purchase in the outcome, learned without a single label."""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from crm_analysis.clv.models.bg_nbd import BGNBD
from crm_analysis.clv.models.special import beta_average
from crm_analysis.errors import InputError

NEEDED = ("purchase_days", "days_since_last", "tenure_days")
ANSWERS = ("no_purchase", "gone")


class BGNBDChurn(ClassifierMixin, BaseEstimator):
    r"""BG/NBD of purchase days as a classifier; labels are looked at only for their classes.

    .. math:: P(\text{churn}) = 1 - P(\text{alive}) \left[1 - \left(\frac{\alpha+T}{\alpha+T+H}\right)^{r+x}\right]

    x repeat purchase days, T days since the first purchase, H days of the outcome. With a gap g the bracket is
    the mean over the dropout probability p of ``(A / (A + p g))^(r+x) - (A / (A + p g + H))^(r+x)``, A = alpha + T.

    Parameters
    ----------
    horizon : int
        Days of the outcome.
    gap : int
        Days between cutoff and outcome.
    answer : {"no_purchase", "gone"}
        ``no_purchase``: the chance that the label asks for. ``gone``: 1 - P(alive), a poor ranker of churners: it
        asks who is gone for good, and in this model nobody with a single purchase ever is, who are the riskiest.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284.

    Examples
    --------
    >>> X = pd.DataFrame({"purchase_days": [1, 1, 3, 6, 2], "days_since_last": [300, 40, 20, 5, 90],
    ...                   "tenure_days": [300, 40, 200, 320, 250]})
    >>> model = BGNBDChurn(horizon=90).fit(X, [1, 1, 0, 0, 1])
    >>> chance = model.predict_proba(X)[:, 1]
    >>> bool(chance[0] > chance[1] > chance[3])
    True
    """

    def __init__(self, horizon: int = 90, gap: int = 0, answer: str = "no_purchase") -> None:
        self.horizon = horizon
        self.gap = gap
        self.answer = answer

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Fit the model to the histories in `X` (purchase_days, days_since_last, tenure_days)."""
        if self.answer not in ANSWERS or not self.horizon > 0 or not self.gap >= 0:
            raise InputError(f"BGNBDChurn cannot use {self.get_params()}",
                             expected=f"horizon above 0, gap from 0, answer one of {', '.join(ANSWERS)}")  # fmt: skip
        with _Quiet():
            self.model_ = BGNBD().fit(histories(X))
        self.classes_, self.n_features_in_ = np.array([0, 1]), X.shape[1]
        self.feature_names_in_ = np.asarray(X.columns, object)
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Chances of having stayed and of having churned, shape (n, 2)."""
        check_is_fitted(self)
        frame = histories(X)
        with _Quiet():
            alive = self.model_.probability_alive(frame).to_numpy()
        buys = np.ones(len(frame)) if self.answer == "gone" else self._buys(frame)
        churned = np.clip(1 - alive * buys, 0, 1)
        return np.column_stack([1 - churned, churned])

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """1 where churn is likelier than not."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)

    def expected_purchases(self, X: pd.DataFrame) -> pd.Series:
        """Expected purchase days of each customer in the outcome."""
        check_is_fitted(self)
        frame = histories(X)
        with _Quiet():
            late, early = (self.model_.expected_purchases(frame, horizon=float(days)).to_numpy()
                           for days in (self.gap + self.horizon, self.gap))  # fmt: skip
        return pd.Series(late - early, index=X.index, name="expected_purchases")

    def _buys(self, frame: pd.DataFrame) -> np.ndarray:
        """Chance of a purchase in the outcome of those alive at the cutoff."""
        r, alpha, a, b = self.model_.params_
        power, clock = r + frame["frequency"].to_numpy(), alpha + frame["T"].to_numpy()

        def bought(p: np.ndarray) -> np.ndarray:
            start = clock + p * self.gap
            return (clock / start) ** power - (clock / (start + self.horizon)) ** power

        if not self.gap:
            return bought(0.0)
        return beta_average(bought, np.full(len(frame), a), b + frame["frequency"].to_numpy())


def histories(X: pd.DataFrame) -> pd.DataFrame:
    """Return frequency, recency and T of the features of purchases, or say what is missing or cannot be.

    Examples
    --------
    >>> X = pd.DataFrame({"purchase_days": [3], "days_since_last": [20], "tenure_days": [200]})
    >>> histories(X).values.tolist()
    [[2.0, 180.0, 200.0]]
    """
    missing = [name for name in NEEDED if name not in X] if isinstance(X, pd.DataFrame) else list(NEEDED)
    if missing:
        raise InputError(f"BG/NBD needs the columns {', '.join(missing)}", expected=", ".join(NEEDED),
                         mend="give a frame with the features of purchases",
                         zh=f"BG/NBD 模型缺少列：{'、'.join(missing)}")  # fmt: skip
    days, since, tenure = (X[name].to_numpy("float64", na_value=np.nan) for name in NEEDED)
    unknown = int(np.isnan([days, since, tenure]).any(axis=0).sum())
    if unknown:
        raise InputError(f"{unknown:,} customers have no purchase that is known", where=", ".join(NEEDED),
                         expected="a first and a last purchase for each customer",
                         mend="BG/NBD serves samples of buyers only: leave it out",
                         zh=f"{unknown:,} 位客户没有购买记录，BG/NBD 模型不适用")  # fmt: skip
    return pd.DataFrame({"frequency": days - 1, "recency": tenure - since, "T": tenure})


class _Quiet(warnings.catch_warnings):
    """Silence the note that customers who first bought on the day of the cutoff tell nothing."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", message=".*customers have T = 0")
