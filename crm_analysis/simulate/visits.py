"""Visits from other sites: creative, form and position of the advertisement, pages seen, purchases."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids, pick


@dataclass(frozen=True)
class Visits:
    """What visitors of each source do.

    Parameters
    ----------
    first_day, last_day : str
        Days of the advertisement log.
    per_customer : float
        Number of visits, as a multiple of the number of customers.
    sources : dict of str to (float, float, float, float)
        Share of the visits; probability to leave at once (one page); mean pages of the others beyond the
        first (geometric); probability to buy after a click.
    creatives, forms, positions : dict of str to float
        Log odds that a visitor who stays clicks the advertisement; they add up with `click`. Each
        visit is shown one of each, drawn at random with equal shares.
    click : float
        Log odds of a click where the others add nothing.
    """

    first_day: str = "2012-10-01"
    last_day: str = "2012-12-23"
    per_customer: float = 2.0
    sources: dict[str, tuple[float, float, float, float]] = field(
        default_factory=lambda: {
            "search_engine": (0.34, 0.34, 4.5, 0.2),
            "portal_site": (0.22, 0.55, 3.0, 0.12),
            "navigation_site": (0.18, 0.42, 3.5, 0.15),
            "microblog": (0.14, 0.6, 2.5, 0.08),
            "forum": (0.12, 0.38, 6.0, 0.17),
        }
    )
    creatives: dict[str, float] = field(default_factory=lambda: {"discount_ad": 0.0, "story_ad": -0.35})
    forms: dict[str, float] = field(default_factory=lambda: {"banner": 0.0, "text_link": -0.25, "video": 0.2})
    positions: dict[str, float] = field(
        default_factory=lambda: {"top_of_page": 0.0, "side_of_page": -0.6, "bottom_of_page": -1.0}
    )
    click: float = -0.3


def visits_table(
    rng: np.random.Generator, orders: pd.DataFrame, customers: int, clock: Clock, part: Visits
) -> pd.DataFrame:
    """Return the table ``visits``: one that ends in a purchase lands up to half an hour before a real order."""
    count = int(part.per_customer * customers)
    low, high = clock.day(part.first_day), clock.day(part.last_day) + 1
    t = clock.between(rng, np.full(count, low), np.full(count, high))
    source = pick(rng, {name: values[0] for name, values in part.sources.items()}, count)
    _, leave, more, buy = np.array([part.sources[name] for name in source]).T
    shown = {
        name: pick(rng, dict.fromkeys(getattr(part, f"{name}s"), 1.0), count)
        for name in ("creative", "form", "position")
    }
    odds = part.click + sum(pd.Series(shown[name]).map(getattr(part, f"{name}s")).to_numpy() for name in shown)
    stays = ~chance(rng, leave)
    clicked = stays & chance(rng, expit(odds))
    wants = np.flatnonzero(clicked & chance(rng, buy))
    within = orders[(orders["t"] >= low) & (orders["t"] < high)]
    wants = wants[: len(within)]
    order = within.iloc[rng.permutation(len(within))[: len(wants)]]
    t[wants] = np.maximum(order["t"].to_numpy() - rng.random(len(wants)) * 0.5 / 24, low)
    buyer = np.full(count, "", dtype=object)
    buyer[wants] = ids("C", order["customer"].to_numpy())
    made = pd.DataFrame(
        {
            "source": source, "t": t, "pages": np.where(stays, 1 + rng.geometric(1 / more), 1),
            "creative": shown["creative"], "form": shown["form"], "position": shown["position"], "clicked": clicked,
            "customer_id": buyer, "bought": buyer != "",
        }
    ).sort_values("t", kind="stable", ignore_index=True)  # fmt: skip
    moments = clock.moments(made.pop("t"))
    made.insert(1, "landed_at", moments)
    made.insert(0, "visit_id", ids("V", made.index.to_numpy()))
    return made
