"""The worklist: one action at most per customer, within a budget, with a holdout, and nobody left out silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.segments.worklist.action import Action, check_actions, is_number
from crm_analysis.segments.worklist.allocation import Allocation, allocate
from crm_analysis.segments.worklist.customers import as_ids, barred, check_customers, one_row_each
from crm_analysis.segments.worklist.gains import Options, options_of
from crm_analysis.segments.worklist.lots import drawn_lots

CAUSES = ("excluded", "contact_cap", "harmed_by_contact", "no_positive_gain", "list_full", "budget_spent")
KEPT = ("state",)  # shown where there is such a column


@dataclass(frozen=True)
class Worklist:
    """Who is to be contacted, how and why, and who is held out.

    Parameters
    ----------
    table : pandas.DataFrame, index customer_id
        The selected customers, highest gain first: columns kept from the input, churn_probability, clv, next_action,
        churn_reduction (assumed fall of the chance of churn), cost (expected), expected_gain (after cost), reasons,
        holdout (drawn by lot: do not contact).
    options : pandas.DataFrame
        Every customer and action: customer_id, next_action, churn_reduction, cost, expected_gain, allowed.
    account : pandas.DataFrame, index list_standing
        All customers: to_contact, holdout, and the others by cause.
    actions : tuple of Action
    budget, most_customers : float
        inf for no limit.
    shortfall_bound : float
        The best list possible gains at most so much more (before the holdout).
    largest_step : float
        The largest single step of gain; never below the bound, unless `most_customers` cuts the list.
    assumed : bool
        Whether some gain rests on an assumed effect, not on an uplift column.
    holdout_share, seed : float, int
    unmatched : int
        Ids to exclude that are not among the customers.
    """

    table: pd.DataFrame
    options: pd.DataFrame
    account: pd.DataFrame
    actions: tuple[Action, ...]
    budget: float
    most_customers: float
    shortfall_bound: float
    largest_step: float
    assumed: bool
    holdout_share: float
    seed: int
    unmatched: int = 0

    @property
    def to_contact(self) -> pd.DataFrame:
        """The rows of `table` to be contacted, without the holdout."""
        return self.table[~self.table["holdout"]].drop(columns="holdout")

    def shown(self, lang: str, most: int | None = None) -> pd.DataFrame:
        """Return the top of the list as a report's table takes it: actions by name, no empty column of reasons.

        Columns keep their keys, which a report puts into words; pick some with ``found.shown("zh", 8)[[...]]``.

        Parameters
        ----------
        lang : {"en", "zh"}
        most : int, optional
            Rows at most; by default all.
        """
        table = self.table.assign(next_action=self.table["next_action"].map(self._names(lang)))
        table = table if table["reasons"].ne("").any() else table.drop(columns="reasons")
        return table.head(most) if most is not None else table

    def _names(self, lang: str) -> dict[str, str]:
        if lang not in ("zh", "en"):
            raise InputError(f"lang={lang!r} is not known", expected="zh or en", zh="语言应为 zh 或 en")
        return {one.key: one.name(lang) for one in self.actions}

    def summary(self, by: str = "next_action", *, lang: str | None = None) -> pd.DataFrame:
        """Selected customers by action, or by another column of `table` such as ``state``.

        With `lang` actions stand there by name in ``zh`` or ``en``, for a report; else by key.

        Returns
        -------
        pandas.DataFrame, index `by`
            customers, to_contact, held_out, churn_probability (mean), cost and expected_gain (totals of those to
            contact); actions in their order, other values by gain.
        """
        if by not in self.table:
            raise InputError(f"the worklist has no column {by!r}", expected=", ".join(map(str, self.table.columns)),
                             mend="name it in keep=[...] when making the worklist",
                             zh=f"名单中没有“{by}”列")  # fmt: skip
        contact = ~self.table["holdout"]
        rows = self.table.assign(customers=1, to_contact=contact.astype("int64"), held_out=(~contact).astype("int64"),
                                 cost=self.table["cost"] * contact,
                                 gain=self.table["expected_gain"] * contact)  # fmt: skip
        grouped = rows.groupby(rows[by].astype(object).fillna("not_stated"), sort=True)
        found = grouped[["customers", "to_contact", "held_out"]].sum()
        found["churn_probability"] = grouped["churn_probability"].mean()
        found[["cost", "expected_gain"]] = grouped[["cost", "gain"]].sum().to_numpy()
        found.index.name = by
        if by == "next_action":
            found = found.reindex([one.key for one in self.actions if one.key in found.index])
            return found.rename(index=self._names(lang)) if lang is not None else found
        return found.sort_values("expected_gain", ascending=False, kind="stable")

    def text(self, lang: str) -> str:
        """Say what the list holds, what it rests on and what can be learned from it, in ``zh`` or ``en``."""
        from crm_analysis.segments.worklist.texts import worklist_text

        return worklist_text(self).text(lang)

    def to_csv(self, path: str | PathLike, *, lang: str = "en", who: str = "all") -> None:
        """Write the list as CSV: see `export.write_csv`."""
        from crm_analysis.segments.worklist.export import write_csv

        write_csv(self, path, lang=lang, who=who)

    def csv_text(self, lang: str = "en", *, who: str = "all") -> str:
        """Return what `to_csv` writes, for an attachment of a report: see `export.csv_text`."""
        from crm_analysis.segments.worklist.export import csv_text

        return csv_text(self, lang=lang, who=who)

    def to_xlsx(self, path: str | PathLike, *, lang: str = "en", who: str = "all") -> None:
        """Write the list as a workbook, in which ids keep their leading zeros: see `workbook.write_xlsx`."""
        from crm_analysis.segments.worklist.workbook import write_xlsx

        write_xlsx(self, path, lang=lang, who=who)


def worklist(
    customers: pd.DataFrame,
    actions: Sequence[Action],
    *,
    budget: float | None = None,
    most_customers: int | None = None,
    clv: float | None = None,
    recent_contacts: pd.Series | pd.DataFrame | None = None,
    most_contacts: int | None = None,
    exclude: Iterable = (),
    accept: pd.Series | pd.DataFrame | None = None,
    reasons: pd.Series | None = None,
    keep: Sequence[str] = KEPT,
    holdout: float = 0.1,
    seed: int = 0,
) -> Worklist:
    r"""Choose at most one action for each customer, for the highest expected gain within a budget.

    .. math:: \text{gain}_{ia} = u_{ia}\,\mathrm{CLV}_i - \text{cost}_{ia}, \qquad
              \text{cost}_{ia} = f_a + d_a\,(1 - p_i + u_{ia})

    u is the fall of the chance of churn p: from the column ``uplift_<key>`` or ``uplift`` where there is one, else
    *assumed* from the action (``accept * p``, or ``effect``). f is the contact, d the offer to all who stay. A high
    risk alone is no reason to contact: risk is not uplift. Nobody with a gain of 0 or less is chosen, and nobody whom a
    contact would drive away (u < 0), whatever the value.

    The value must be that of a customer *kept*. A lifetime value of a model of repeat buying is multiplied by P(alive)
    already, and would count leaving twice: divide it by P(alive) (`value_if_kept` in `crm_analysis.churn.money.kept`).
    Then somebody silent for 500 days, with a chance of churn near 1 and a value from better times, gains most under one
    share `accept` for all. If that is not believed, cap the silence, ``exclude=customers["days_since_last"] > 365``, or
    let acceptance fade with it, ``accept=0.3 * 0.5 ** (customers["days_since_last"] / 180)``.

    Steps along each customer's concave hull of (cost, gain) are taken by gain per cost until one does not fit; ties go
    by id. A holdout is drawn among the selected from a hash of seed and id. Held-out customers are *not* contacted: a
    later comparison shows what the actions achieved.

    Parameters
    ----------
    customers : pandas.DataFrame, index customer_id
        churn_probability, clv (margin of a customer kept, in money), optionally uplift or uplift_<action key>, and
        columns to `keep`.
    actions : sequence of Action
    budget : float >= 0, optional
        Expected cost of the selected; no limit by default.
    most_customers : int >= 0, optional
        At most so many are selected, those with the highest gain.
    clv : float, optional
        One value for all customers, instead of the column.
    recent_contacts : pandas.Series or pandas.DataFrame, optional
        Contacts lately made, by customer_id; a DataFrame has a column per action key.
    most_contacts : int, optional
        Customers with so many recent contacts get no other.
    exclude : iterable of ids, or Series of bool by id
        Never to be contacted: no consent, open complaint, gone for too long. Ids that are not among the customers are
        counted in the text; if none of them is, that is an error.
    accept : pandas.Series or pandas.DataFrame, optional
        Share of churners who stay, by customer_id, in place of the `accept` of the actions that have one (a DataFrame
        has a column per action key); customers who are not in it keep that of the action. An assumption as well.
    reasons : pandas.Series of str, optional
        By customer_id, in the report's language.
    keep : sequence of str
        Columns of `customers` to show; by default ``state``, if there is one.
    holdout : float in [0, 1)
        Share of the selected that is held out.
    seed : int

    Returns
    -------
    Worklist

    Raises
    ------
    InputError
        If customers, actions, caps or limits cannot be used; all problems of a part in one message.

    References
    ----------
    .. [1] Ascarza (2018). Retention futility: targeting high-risk customers might be ineffective. JMR 55(1), 80-98.
    .. [2] Kellerer, Pferschy, Pisinger (2004). Knapsack Problems, section 11.2.

    Examples
    --------
    >>> customers = pd.DataFrame({"churn_probability": [0.6, 0.5, 0.05], "clv": [400, 100, 100]}, index=["a", "b", "c"])
    >>> mail = Action("mail", "短信", "text message", cost=1, accept=0.05)
    >>> call = Action("call", "电话", "phone call", cost=8, accept=0.2)
    >>> found = worklist(customers, [mail, call], budget=10, holdout=0)
    >>> found.table[["next_action", "cost", "expected_gain"]].to_dict("index")
    {'a': {'next_action': 'call', 'cost': 8.0, 'expected_gain': 40.0},
     'b': {'next_action': 'mail', 'cost': 1.0, 'expected_gain': 1.5}}
    >>> found.account["customers"].to_dict()
    {'to_contact': 2, 'holdout': 0, 'no_positive_gain': 1}
    """
    listed = check_actions(actions)
    limits = _limits(budget, most_customers, holdout, seed)
    frame = check_customers(customers, clv=clv)
    keep = _kept(frame, keep)
    excluded, capped, unmatched = barred(frame.index, listed, exclude=exclude, recent_contacts=recent_contacts,
                                         most_contacts=most_contacts)  # fmt: skip
    found = options_of(frame, listed, accept)
    open_to = ~excluded[:, None] & ~capped & (found.effect >= 0)
    chosen = allocate(found.cost, np.where(open_to, found.gain, -np.inf), budget=limits[0], most=limits[1])
    table = _table(frame, listed, found, chosen.action, reasons=_reasons(reasons, frame.index), keep=keep)
    table["holdout"] = drawn_lots(table.index, seed=int(seed)) < holdout
    account = _account(found, chosen, excluded, capped, table["holdout"])
    return Worklist(table, _options(frame.index, listed, found, open_to), account, tuple(listed), *limits,
                    chosen.shortfall_bound, chosen.largest_step, found.assumed, float(holdout), int(seed),
                    unmatched)  # fmt: skip


def _limits(budget: object, most: object, holdout: object, seed: object) -> tuple[float, float]:
    problems = (
        []
        if budget is None or (is_number(budget) and budget >= 0)
        else [f"budget={budget!r} is no amount of 0 or more"]
    )
    whole = most is None or (isinstance(most, (int, np.integer)) and not isinstance(most, bool) and most >= 0)
    problems += [] if whole else [f"most_customers={most!r} is no whole number of 0 or more"]
    if not (is_number(holdout) and 0 <= holdout < 1):
        hint = f" (if {holdout:g} % was meant, pass {holdout / 100:g})" if is_number(holdout) and holdout > 1 else ""
        problems.append(f"holdout={holdout!r} is no share from 0 to below 1{hint}")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        problems.append(f"seed={seed!r} is no whole number")
    if problems:
        raise InputError("; ".join(problems), where="worklist", zh="名单的参数有误：" + "；".join(problems))
    return (np.inf if budget is None else float(budget)), (np.inf if most is None else float(most))


def _kept(frame: pd.DataFrame, keep: Sequence[str]) -> list[str]:
    """Return the columns to show; one that is asked for and not there is an `InputError`."""
    listed = [keep] if isinstance(keep, str) else list(keep)
    missing = [str(name) for name in listed if name not in frame]
    if missing and tuple(listed) != KEPT:
        known = [str(name) for name in frame.columns]
        raise InputError(f"columns to keep are missing: {', '.join(missing)}", where="keep",
                         expected=f"columns of the customers: {', '.join(known)}",
                         mend=nearest(missing[0], known) or "leave them out of keep",
                         zh=f"客户数据中没有 keep 所列的列：{'、'.join(missing)}")  # fmt: skip
    return [name for name in dict.fromkeys(listed) if name in frame and name not in ("churn_probability", "clv")]


def _table(
    frame: pd.DataFrame, actions: list[Action], found: Options, action: np.ndarray, *, reasons: pd.Series,
    keep: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    rows = np.flatnonzero(action >= 0)
    at = rows, action[rows]
    table = frame.iloc[rows][[*keep, "churn_probability", "clv"]]
    table = table.assign(next_action=[actions[one].key for one in at[1]], churn_reduction=found.effect[at],
                         cost=found.cost[at], expected_gain=found.gain[at],
                         reasons=reasons.reindex(table.index).tolist())  # fmt: skip
    table["next_action"] = table["next_action"].astype(object)
    return table.iloc[np.argsort(-table["expected_gain"].to_numpy(), kind="stable")]


def _reasons(reasons: pd.Series | None, ids: pd.Index) -> pd.Series:
    if reasons is None:
        return pd.Series("", index=ids, dtype=object)
    series = isinstance(reasons, pd.Series)
    problem = one_row_each(reasons, ids, "reasons") if series else "reasons is no Series of texts"
    if problem:
        raise InputError(problem, where="reasons", expected="one text per customer, index customer_id",
                         mend="codes.texts('en'); join several reasons of a customer to one text",
                         zh="理由应为以客户编号为索引的文本序列，每位客户一条")  # fmt: skip
    texts = pd.Series(reasons.to_numpy(dtype=object), index=as_ids(reasons.index)).reindex(ids)
    return texts.fillna("").astype(str).astype(object)


def _account(
    found: Options, chosen: Allocation, excluded: np.ndarray, capped: np.ndarray, held: pd.Series
) -> pd.DataFrame:
    """Count every customer once; the first cause that holds is named."""
    left = chosen.action < 0
    usable = ~capped
    harmed = (np.where(usable, found.effect, -1.0) < 0).all(axis=1)
    worthless = ~((found.gain > 0) & usable & (found.effect >= 0)).any(axis=1)
    holds = [excluded, capped.all(axis=1), harmed, worthless, chosen.affordable, np.ones(len(left), bool)]
    cause = np.select(holds, CAUSES, default="")[left]
    counts = {"to_contact": int((~held).sum()), "holdout": int(held.sum())}
    counts |= {name: int((cause == name).sum()) for name in CAUSES if (cause == name).any()}
    table = pd.DataFrame({"customers": counts})
    table.index.name = "list_standing"
    return table.assign(share=table["customers"] / len(left))


def _options(ids: pd.Index, actions: list[Action], found: Options, allowed: np.ndarray) -> pd.DataFrame:
    k = len(actions)
    return pd.DataFrame({"customer_id": np.repeat(ids.to_numpy(), k),
                         "next_action": [one.key for one in actions] * len(ids),
                         "churn_reduction": found.effect.ravel(), "cost": found.cost.ravel(),
                         "expected_gain": found.gain.ravel(), "allowed": allowed.ravel()})  # fmt: skip
