"""What is known about the drivers of an outcome: tables, and what may be said about them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.drivers.dominance import Dominance
from crm_analysis.tables.ledger import TableLedger

FEW_PER_DRIVER = 10  # respondents per driver: with so many, pure noise reaches an R2 of 10 %
OVERLAP = 5.0  # VIF from which drivers overlap so much that dividing their common part is largely convention


@dataclass(frozen=True)
class Drivers:
    """Importance of the drivers of an outcome.

    Parameters
    ----------
    outcome : str
    kind : {"ols", "ordinal_logit", "ordinal_probit"}
    measure : {"r_squared", "mcfadden", "nagelkerke"}
        The fit that is shared out.
    table : pandas.DataFrame, index driver
        The largest share first: lmg and lmg_share (of the fit) with bootstrap limits; of least squares
        relative_weight and relative_weight_share likewise, betasq, pratt; entered_first, entered_last; coefficient
        with limits (HC3; Wald of an ordinal outcome), correlation, vif; importance_rank with limits and
        chance_first, the share of draws in which the driver ranks first. Measures of single drivers are blank for
        groups.
    coefficients : pandas.DataFrame, index driver
        Of every column with all others in the model, members of groups too: with p and p_holm.
    fit : Estimate
        R2 or pseudo-R2 of all drivers, limits corrected for bias.
    adjusted : float
        Adjusted R2; NaN for an ordinal outcome.
    ranks : pandas.DataFrame, index driver, columns 1, ..., m
        Share of draws in which the driver has that rank.
    comparisons : pandas.DataFrame, index (driver, lower_driver)
        All pairs: lmg_difference with limits that hold for all pairs together, chance_higher (share of draws),
        distinguishable (the limits exclude 0).
    dominance : Dominance or None
        None with more than 15 drivers.
    account : pandas.DataFrame, index item
        Answers given and missing.
    ledger : TableLedger
        Respondents used and left out.
    n_eff : float
        Effective number of respondents under weights.
    draws : int
    failed : pandas.DataFrame, index cause
        Draws that gave nothing.
    level : float
    """

    outcome: str
    kind: str
    measure: str
    table: pd.DataFrame
    coefficients: pd.DataFrame
    fit: Estimate
    adjusted: float
    ranks: pd.DataFrame
    comparisons: pd.DataFrame
    dominance: Dominance | None
    account: pd.DataFrame
    ledger: TableLedger
    n_eff: float
    draws: int
    failed: pd.DataFrame
    level: float

    @property
    def respondents(self) -> int:
        """Respondents used."""
        return self.ledger.kept

    @property
    def left_out(self) -> int:
        """Respondents left out, with the reasons in the ledger."""
        return self.ledger.set_aside

    @property
    def too_few(self) -> bool:
        """Whether there are fewer than ten (effective) respondents per driver."""
        return self.n_eff < FEW_PER_DRIVER * len(self.coefficients)

    @property
    def first_place(self) -> list[str]:
        """The fewest drivers, by share, to which the first rank falls in 97.5 % of the draws (at level 95 %).

        One name: the leader is settled. So much is asked because of two equal drivers either may lead by chance.
        Empty if nothing was drawn.
        """
        if not self.draws:
            return []
        chance = self.table["chance_first"].sort_values(ascending=False, kind="stable")
        needed = int((chance.cumsum() < (1 + self.level) / 2 - 1e-9).sum()) + 1
        return [name for name in self.table.index if name in set(chance.index[:needed])]

    @property
    def turned(self) -> list[str]:
        """Drivers whose coefficient is clearly of the other sign than their correlation."""
        found = self.coefficients
        clear = (found["coefficient_low"] > 0) | (found["coefficient_high"] < 0)
        return list(found.index[clear & (found["coefficient"] * found["correlation"] < 0)])

    def text(self, lang: str = "en") -> str:
        """What may be said, and what not, in Chinese (``zh``) or English (``en``)."""
        from crm_analysis.satisfaction.drivers.wording import describe_drivers

        return describe_drivers(self, lang)
