"""All that is stated about the simulated company, in one object."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace

from crm_analysis.simulate.browsing import Browsing
from crm_analysis.simulate.campaigns import Campaigns
from crm_analysis.simulate.complaints import Complaints
from crm_analysis.simulate.dropout import Dropout
from crm_analysis.simulate.experience import Experience
from crm_analysis.simulate.market import Sellers
from crm_analysis.simulate.opinions import Opinions
from crm_analysis.simulate.people import People
from crm_analysis.simulate.purchases import Purchases, Spend
from crm_analysis.simulate.season import Season
from crm_analysis.simulate.survey import Survey
from crm_analysis.simulate.visits import Visits


@dataclass(frozen=True)
class Process:
    """The process that makes the data; each part is explained where it is used.

    Examples
    --------
    >>> Process().dropout.s, Process().plain().dropout.slow
    (0.8, 0.0)
    """

    season: Season = field(default_factory=Season)
    people: People = field(default_factory=People)
    purchases: Purchases = field(default_factory=Purchases)
    spend: Spend = field(default_factory=Spend)
    sellers: Sellers = field(default_factory=Sellers)
    experience: Experience = field(default_factory=Experience)
    complaints: Complaints = field(default_factory=Complaints)
    dropout: Dropout = field(default_factory=Dropout)
    campaigns: Campaigns = field(default_factory=Campaigns)
    browsing: Browsing = field(default_factory=Browsing)
    opinions: Opinions = field(default_factory=Opinions)
    survey: Survey = field(default_factory=Survey)
    visits: Visits = field(default_factory=Visits)

    def plain(self) -> Process:
        """Return the same company without seasons, effects on leaving and campaign effects: exactly Pareto/NBD."""
        season = replace(self.season, month=(1.0,) * 12, weekday=(1.0,) * 7, hour=(1.0,) * 24, promotions={})
        off = dict.fromkeys(("satisfaction", "late", "severity", "slow", "compensated", "closing"), 0.0)
        dropout = replace(
            self.dropout, kind=dict.fromkeys(self.dropout.kind, 0.0),
            complaint=dict.fromkeys(self.dropout.complaint, 0.0), **off,
        )  # fmt: skip
        campaigns = replace(self.campaigns, persuaded=(0.0, 0.0, 0.0), annoyed=(0.0, 0.0, 0.0))
        return replace(self, season=season, dropout=dropout, campaigns=campaigns)

    def stated(self) -> dict:
        """Return all parameters as plain numbers, texts, lists and dictionaries, for ``truth.yml``."""
        return _plain(asdict(self))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
