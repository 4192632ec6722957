"""Simple estimators, written here, find the stated truth again within their standard errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit, gammaln, logsumexp

ERRORS = 4.0  # standard errors; about one false alarm in 16,000 comparisons


def close(found, truth, error, slack=0.0):
    return abs(found - truth) <= ERRORS * error + slack


def share_error(p, n):
    return np.sqrt(p * (1 - p) / n)


def test_rates_are_gamma(large):
    rate, part = large.hidden["customers"]["rate"], large.process.purchases
    assert close(rate.mean(), part.r / part.alpha_days, rate.std() / np.sqrt(len(rate)))
    spread = (rate - rate.mean()) ** 2
    assert close(spread.mean(), part.r / part.alpha_days**2, spread.std() / np.sqrt(len(rate)))


def test_repeat_orders_are_poisson_while_active(large):
    people, orders = large.hidden["customers"].dropna(subset="first"), large.hidden["orders"]
    counts = orders["customer"][orders["origin"] == "repeat"].value_counts().reindex(people.index, fill_value=0)
    end = people["left"].clip(upper=large.clock.days)
    expected = people["rate"] * (large.clock.busy(end) - large.clock.busy(people["first"]))
    mail = large.hidden["contacts"]
    lost = (mail["annoyed"] & mail["treated"] & mail["without"]).sum()  # repeat orders dropped because of an e-mail
    assert close(counts.sum(), expected.sum(), np.sqrt(expected.sum()), slack=lost)
    high = people["rate"] > people["rate"].quantile(0.8)
    assert close(counts[high].sum(), expected[high].sum(), np.sqrt(expected[high].sum()), slack=lost)


def test_the_plain_company_is_pareto_nbd(plain):
    orders, part = plain.data["orders"], plain.process
    days = (orders["ordered_at"] - pd.Timestamp("2011-07-01", tz="Asia/Shanghai")) / pd.Timedelta(days=1)
    by = days.groupby(orders["customer_id"]).agg(["min", "max", "count"])
    x, last, age = by["count"].to_numpy() - 1, (by["max"] - by["min"]).to_numpy(), 550 - by["min"].to_numpy()
    truth = np.log([part.purchases.r, part.purchases.alpha_days, part.dropout.s, part.dropout.beta_days])
    best = minimize(lambda q: -pareto_nbd(q, x, last, age), truth, method="L-BFGS-B", options={"maxiter": 40})
    gain = 2 * (-best.fun - pareto_nbd(truth, x, last, age))
    assert 0 <= gain < 18.5  # likelihood ratio, chi-square with 4 degrees of freedom at .999


def pareto_nbd(logs, x, last, age):
    """Log likelihood by quadrature over the moment of leaving (Fader & Hardie 2005, equation 18)."""
    r, alpha, s, beta = np.exp(logs)
    node, weight = np.polynomial.legendre.leggauss(16)
    low = np.log(alpha + last)[:, None]
    span = np.log(alpha + age)[:, None] - low
    u = low + span * (node + 1) / 2
    tau = np.exp(u) - alpha
    with np.errstate(divide="ignore"):
        dead = np.log(s) - (r + x)[:, None] * u - (s + 1) * np.log(beta + tau) + np.log(weight / 2 * span) + u
    alive = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
    front = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return (front + np.logaddexp(alive, logsumexp(dead, axis=1))).sum()


def test_spending_is_gamma_gamma_and_free_of_frequency(large):
    by = large.data["orders"].groupby("customer_id")["amount"].agg(["mean", "count"])
    assert close(by["mean"].mean(), large.process.spend.mean, by["mean"].std() / np.sqrt(len(by)))
    once = large.data["orders"].drop_duplicates("customer_id").set_index("customer_id")["amount"]
    assert abs(np.corrcoef(np.log(once), np.log(by["count"][once.index]))[0, 1]) < ERRORS / np.sqrt(len(by))
    part, nu = large.process.spend, large.hidden["customers"]["nu"]
    assert close(nu.mean(), part.q / part.gamma, nu.std() / np.sqrt(len(nu)))
    for amount in (50, 150, 400):
        p = float(part.quantile(amount))
        assert close((once < amount).mean(), p, share_error(p, len(once)))


def test_evening_peak_and_promotion_day(large):
    at, season = large.data["orders"]["ordered_at"], large.process.season
    hours = at.dt.hour.value_counts(normalize=True)
    assert hours.idxmax() == 21
    share = season.hour[21] / sum(season.hour)
    assert close(hours[21], share, share_error(share, len(at)))
    by_day = at.dt.strftime("%Y-%m-%d").value_counts()
    others = by_day[["2012-11-04", "2012-11-18", "2012-11-25"]]
    ratio = np.log(by_day["2012-11-11"] / others.mean())
    error = np.sqrt(1 / by_day["2012-11-11"] + 1 / others.sum())
    assert close(ratio, np.log(season.promotions["2012-11-11"]), error, slack=0.03)


def test_delivery_costs_satisfaction(large):
    orders, part = large.hidden["orders"], large.process.experience
    x = sm.add_constant(np.column_stack([orders["days"] - orders["promised"]]))
    fit = sm.OLS(orders["delivery"].to_numpy(), x).fit()
    assert close(fit.params[1], -part.delivery_per_day, fit.bse[1])
    late = orders["late"]
    assert orders["satisfaction"][late].mean() < orders["satisfaction"][~late].mean() - 0.3
    gap = orders["gap"].to_numpy()
    slopes = np.linalg.lstsq(np.column_stack([gap.clip(0), gap.clip(max=0)]), orders["satisfaction"], rcond=None)[0]
    assert slopes == pytest.approx([part.gain, part.loss])


def test_complaints_follow_satisfaction_and_lateness(large):
    orders = large.hidden["orders"]
    complained = orders.index.isin(large.hidden["tickets"]["order"])
    x = sm.add_constant(orders[["satisfaction", "late"]].astype(float).to_numpy())
    fit = sm.Logit(complained, x).fit(disp=0)
    for found, truth, error in zip(fit.params, large.process.complaints.complain, fit.bse):
        assert close(found, truth, error)


def test_hazard_ratios_of_leaving(large):
    """Poisson regression of leaving on intervals cut from orders and tickets, the base hazard known."""
    steps = intervals(large)
    part = large.process.dropout
    names = {"satisfaction": part.satisfaction, "late": part.late, "severity": part.severity, "slow": part.slow,
             "compensated": part.compensated, **part.complaint}  # fmt: skip
    offset = np.log(steps["base"] * steps["length"])
    fit = sm.GLM(steps["left"], steps[list(names)].astype(float), family=sm.families.Poisson(), offset=offset).fit()
    assert steps["left"].sum() > 4000
    for name, truth in names.items():
        assert close(fit.params[name], truth, fit.bse[name]), name
    assert fit.bse["slow"] < 0.1


def intervals(company):
    """Customer-intervals with the state of the last delivered order and of the last complaint at their start."""
    people = company.hidden["customers"].dropna(subset="first")
    orders, tickets = company.hidden["orders"], company.hidden["tickets"]
    end = people["left"].clip(upper=company.clock.days)
    cuts = pd.concat(
        [
            pd.DataFrame({"customer": people.index, "at": people["first"].to_numpy()}),
            orders[["customer", "delivered"]].set_axis(["customer", "at"], axis=1),
            tickets[["customer", "opened"]].set_axis(["customer", "at"], axis=1),
            pd.DataFrame({"customer": tickets["customer"], "at": tickets["opened"] + 7.0}),
            tickets[["customer", "resolved"]].set_axis(["customer", "at"], axis=1),
        ]
    )
    cuts = cuts[cuts["at"] < cuts["customer"].map(end)].drop_duplicates().sort_values("at", ignore_index=True)
    felt = orders[["customer", "delivered", "satisfaction", "late"]].sort_values("delivered")
    steps = pd.merge_asof(cuts, felt, left_on="at", right_on="delivered", by="customer")
    steps = pd.merge_asof(steps, tickets.sort_values("opened"), left_on="at", right_on="opened", by="customer")
    steps = steps.sort_values(["customer", "at"], ignore_index=True)
    until = steps.groupby("customer")["at"].shift(-1).fillna(steps["customer"].map(end))
    closing = company.hidden["closings"].set_index("customer")["time"].groupby(level=0).agg(set)
    gone = people["left"][people["left"] < company.clock.days]
    gone = gone[[left not in closing.get(customer, ()) for customer, left in gone.items()]]
    made = pd.DataFrame(
        {
            "base": steps["customer"].map(people["dropout_rate"]),
            "length": until - steps["at"],
            "left": until.eq(steps["customer"].map(gone)).astype(float),
            "satisfaction": steps["satisfaction"].astype(float).fillna(0.0),
            "late": steps["late"].eq(True),
            "severity": (steps["severity"] - 1).fillna(0.0),
            "slow": (steps["at"] >= steps["opened"] + 7.0) & (steps["resolved"] > steps["opened"] + 7.0),
            "compensated": steps["compensated"].eq(True) & (steps["at"] >= steps["resolved"]),
        }
    )
    for reason in company.process.dropout.complaint:
        made[reason] = steps["reason"].eq(reason)
    return made[made["length"] > 0]


def test_kinds_leave_at_their_own_rates(large):
    people, part = large.hidden["customers"], large.process.dropout
    for kind, effect in part.kind.items():
        own = np.log(people["dropout_rate"][people["kind"] == kind]).to_numpy() - effect
        consumers = np.log(people["dropout_rate"][people["kind"] == "consumer"]).to_numpy()
        error = np.hypot(own.std() / np.sqrt(len(own)), consumers.std() / np.sqrt(len(consumers)))
        assert close(own.mean(), consumers.mean(), error)


def test_customers_of_closing_sellers_leave_with_the_stated_probability(large):
    closings = large.hidden["closings"]
    left = large.hidden["customers"]["left"].loc[closings["customer"]].to_numpy()
    there = left >= closings["time"]
    gone = left[there] == closings["time"][there]
    p = large.process.dropout.closing
    assert there.sum() > 300
    assert close(gone.mean(), p, share_error(p, there.sum()))


def test_holdout_share_and_uplift(large):
    contacts, part = large.data["contacts"], large.process.campaigns
    treated = contacts["arm"] == "treatment"
    assert close((~treated).mean(), part.holdout, share_error(part.holdout, len(contacts)))
    hidden = large.hidden["contacts"]
    uplift = hidden["with_mail"].astype(float) - hidden["without"]
    found = contacts["converted_at"].notna()
    for band in (None, 0, 1, 2):
        rows = np.ones(len(hidden), bool) if band is None else hidden["band"].to_numpy() == band
        sides = [found[rows & treated], found[rows & ~treated]]
        error = np.sqrt(sum(share_error(side.mean(), len(side)) ** 2 for side in sides))
        assert close(sides[0].mean() - sides[1].mean(), uplift.to_numpy()[rows].mean(), error)
    by = uplift.groupby(hidden["band"]).mean()
    assert by[0] > 0.05
    assert 0.01 < by[1] < by[0]
    assert by[2] < -0.02


def test_shown_outcomes_are_the_potential_ones(large):
    hidden, shown = large.hidden["contacts"], large.data["contacts"]["converted_at"].notna().to_numpy()
    potential = np.where(hidden["treated"], hidden["with_mail"], hidden["without"])
    assert (shown == potential).mean() > 0.999


def test_opens_and_clicks(large):
    sent = large.data["contacts"][large.data["contacts"]["arm"] == "treatment"]
    part = large.process.campaigns
    opened, clicked = sent["opened_at"].notna(), sent["clicked_at"].notna()
    assert close(opened.mean(), part.open, share_error(part.open, len(sent)))
    assert close(clicked[opened].mean(), part.click, share_error(part.click, opened.sum()))


def test_steps_of_the_funnel(large):
    events, part = large.data["events"], large.process.browsing
    acts = pd.crosstab([events["customer_id"], events["item_id"]], events["action"]) > 0
    marked, bought = acts["cart"] | acts["favourite"], acts["buy"]
    # a user who looks at an item twice is one user-item: that costs up to a tenth of a small share
    assert close(marked.mean(), part.interest, share_error(part.interest, len(acts)), slack=0.003)
    p = part.buy_if_interest
    assert close(bought[marked].mean(), p, share_error(p, marked.sum()), slack=0.02)
    p = part.buy_if_not
    assert close(bought[~marked].mean(), p, share_error(p, (~marked).sum()), slack=0.003)
    chains = large.hidden["chains"]
    assert close(chains["bought"].mean(), part.buy, share_error(part.buy, len(chains)), slack=0.002)


def test_who_writes_a_review(large):
    """Selection by stars: shares written to felt, against five stars; who writes late is cut for all alike."""
    felt = large.hidden["orders"]["stars"][large.hidden["orders"]["delivered"] < large.clock.days].value_counts()
    ratings = large.data["ratings"]
    written = ratings["stars"][ratings["verified"]].astype(int).value_counts()
    chosen = large.process.opinions.review
    for stars in (1, 2, 3, 4):
        ratio = np.log(written[stars] / felt[stars]) - np.log(written[5] / felt[5])
        error = np.sqrt(sum(1 / written[k] - 1 / felt[k] for k in (stars, 5)))
        assert close(ratio, np.log(chosen[stars - 1] / chosen[4]), error)
    shares = written / written.sum()
    assert shares[1] > shares[2]
    assert shares[5] > shares[4] > shares[3]
    assert (felt[1], felt[5]) == (felt.min(), felt.max())


def test_paths_among_the_survey_blocks(large):
    blocks, part = large.hidden["blocks"], large.process.survey
    assert blocks.std().to_numpy() == pytest.approx(np.ones(7), abs=ERRORS / np.sqrt(2 * len(blocks)) + 0.01)
    for target, sources in part.paths.items():
        fit = sm.OLS(blocks[target], sm.add_constant(blocks[list(sources)])).fit()
        for source, path in sources.items():
            assert close(fit.params[source], path, fit.bse[source]), (source, target)


def test_gain_and_loss_in_the_survey(large):
    survey, part = large.data["survey"], large.process.survey
    gap = np.mean([survey[c].astype(float) - survey[c.replace("_p", "_e")].astype(float)
                   for c in survey if c.endswith(("_p1", "_p2"))], axis=0)  # fmt: skip
    x = np.column_stack([np.ones(len(gap)), gap.clip(0), gap.clip(max=0)])
    fit = sm.OLS(survey["overall"].astype(float).to_numpy(), x).fit(cov_type="HC3")
    for found, truth, error in zip(fit.params, part.overall, fit.bse):
        assert close(found, truth, error, slack=0.05)  # cut off at 1 and 10


def test_visits_by_source_creative_form_and_position(large):
    visits, part = large.data["visits"], large.process.visits
    for source, (share, leave, more, buy) in part.sources.items():
        own = visits[visits["source"] == source]
        assert close(len(own) / len(visits), share, share_error(share, len(visits)))
        assert close((own["pages"] == 1).mean(), leave, share_error(leave, len(own)))
        stay = own["pages"][own["pages"] > 1] - 1
        assert close(stay.mean(), more, stay.std() / np.sqrt(len(stay)))
        clicked = own[own["clicked"]]
        assert close(clicked["bought"].mean(), buy, share_error(buy, len(clicked)))
    stay = visits[visits["pages"] > 1]
    levels = part.creatives | part.forms | part.positions
    effects = {name: value for name, value in levels.items() if value}
    shown = pd.get_dummies(stay[["creative", "form", "position"]], prefix="", prefix_sep="")[list(effects)]
    fit = sm.Logit(stay["clicked"].astype(float), sm.add_constant(shown.astype(float))).fit(disp=0)
    assert close(fit.params["const"], part.click, fit.bse["const"])
    for name, effect in effects.items():
        assert close(fit.params[name], effect, fit.bse[name]), name
    assert expit(part.click) > 0.4
