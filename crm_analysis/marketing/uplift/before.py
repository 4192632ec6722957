"""What was known of customers on the evening before each campaign: their features, and their risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift.sample import KEYS
from crm_analysis.tables.days import day_number, day_stamp
from crm_analysis.tables.needs import check_columns

if TYPE_CHECKING:
    from crm_analysis.churn.windows.windows import Windows
    from crm_analysis.tables import DataSet

    Tables = Mapping[str, pd.DataFrame] | DataSet

RISK = "churn_probability"


def campaign_features(tables: Tables, *, families: Iterable[str] | None = None) -> pd.DataFrame:
    """Features of everybody contacted or held out, on the evening before each campaign was sent.

    Parameters
    ----------
    tables : DataSet, or mapping of str to pandas.DataFrame
        With ``contacts`` (campaign, customer_id, sent_at) and those that features are made of.
    families : str or iterable of str, optional
        Some of `churn.features.catalogue.FAMILIES`; all if not given. Few features serve uplift better than many:
        each one that does not matter adds noise to a difference that is small.

    Returns
    -------
    pandas.DataFrame, index (customer_id, cutoff)
        For `campaign_sample`: the columns that every campaign has.

    Raises
    ------
    InputError
        If there is no table contacts, or `churn.customer_features` cannot use the tables.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30 09:00", "2012-06-12 10:00"]).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": at[:1], "amount": [9.0]})
    >>> contacts = pd.DataFrame({"campaign": ["june"], "customer_id": ["a"], "sent_at": at[1:]})
    >>> campaign_features({"orders": orders, "contacts": contacts}, families="purchases")["days_since_last"].tolist()
    [12.0]
    """
    from crm_analysis.churn.features.customer_features import customer_features

    frames = _frames(tables)
    parts = {day_stamp(day): customer_features(frames, _evening(day), customers=rows["customer_id"].unique(),
                                               families=families)
             for day, rows in _rows(frames["contacts"]).groupby("day")}  # fmt: skip
    return pd.concat(parts, names=["cutoff"], join="inner").swaplevel()


def campaign_risk(
    tables: Tables,
    *,
    outcome: int = 90,
    observation: int | None = None,
    model: str | Any = "logistic",
    features: Callable[..., pd.DataFrame] | None = None,
    seed: int = 0,
) -> pd.Series:
    """Chance that each customer is lost, from a churn model fitted before each campaign was sent.

    For a campaign sent on day d the model learns from the customers known on day d - 1 - `outcome`, whose outcome has
    ended on day d - 1, and scores everybody contacted or held out by what was known on that day. So neither the
    sending nor anything after it has a part in the risk. Without a campaign before, it is the risk if left alone;
    earlier campaigns belong to what customers have lived through.

    Parameters
    ----------
    tables : DataSet, or mapping of str to pandas.DataFrame
        With ``contacts`` (campaign, customer_id, sent_at) and ``orders``.
    outcome : int
        Days without a purchase that mean lost.
    observation : int, optional
        Days before the cutoff that are looked at; all unless given.
    model : key of a contender or scikit-learn classifier
        As in `churn.fit`.
    features : callable, optional
        ``features(tables, windows)`` -> frame, audited for leaks; those of `churn.customer_features` unless given.
    seed : int

    Returns
    -------
    pandas.Series, index (customer_id, campaign)
        ``churn_probability``, in the order of `campaign_sample`.

    Raises
    ------
    InputError
        If there is no table contacts, or the data before a campaign are too short or too few for a model.

    References
    ----------
    .. [1] Ascarza (2018). Retention Futility. Journal of Marketing Research 55, 80-98.

    Examples
    --------
    >>> at = pd.date_range("2012-01-02 12:00", periods=8, freq="7D", tz="Asia/Shanghai")
    >>> orders = pd.DataFrame({"order_id": list("abcdefgh"), "customer_id": list("qrstqrqr"), "ordered_at": at,
    ...                        "amount": 9.0})
    >>> contacts = pd.DataFrame({"campaign": "march", "customer_id": ["s", "q"],
    ...                          "sent_at": pd.Timestamp("2012-03-01 10:00", tz="Asia/Shanghai")})
    >>> tables = {"orders": orders, "contacts": contacts}
    >>> def count(tables, windows):
    ...     known = tables["orders"]["ordered_at"] < windows.ends(tables["orders"]["ordered_at"])
    ...     return tables["orders"][known].groupby("customer_id").size().to_frame("orders")
    >>> campaign_risk(tables, outcome=28, features=count).index.tolist()
    [('s', 'march'), ('q', 'march')]
    """
    from crm_analysis.churn.models.fitted import fit
    from crm_analysis.churn.windows.feature_frame import default_features, feature_frame
    from crm_analysis.churn.windows.make_sample import make_sample
    from crm_analysis.churn.windows.windows import Windows

    frames, own = _frames(tables), features is not None
    features = features if own else default_features()
    rows = _rows(frames["contacts"])
    found = pd.Series(float("nan"), index=rows.index, name=RISK)
    for day, part in rows.groupby("day"):
        trained = Windows(day_stamp(day - outcome), data_end=day_stamp(day), outcome=outcome, observation=observation)
        learned = fit(make_sample(frames, trained, features=features, audit=own), model, seed=seed)
        who = pd.Index(sorted(part["customer_id"].unique()), name="customer_id")
        known = feature_frame(features, frames, _evening(day, observation), who)
        chance = learned.predict(known, unknown_levels="ignore")
        found[part.index] = chance.reindex(part["customer_id"]).to_numpy()
    found.index = pd.MultiIndex.from_frame(rows[KEYS])
    return found


def _frames(tables: Tables) -> dict[str, pd.DataFrame]:
    frames = dict(getattr(tables, "tables", tables))
    if "contacts" not in frames:
        raise InputError("the table contacts is missing", where=", ".join(map(str, frames)),
                         expected="tables with contacts", zh="缺少触达表（contacts）")  # fmt: skip
    check_columns(frames["contacts"], "contacts", [*KEYS, "sent_at"], times=["sent_at"])
    return frames


def _rows(contacts: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and campaign, as in `campaign_sample`; `day` is the one before the first sending."""
    sent = contacts.groupby("campaign", observed=True)["sent_at"].min()
    rows = contacts[KEYS].drop_duplicates(ignore_index=True)
    days = {name: day_number(at) - 1 for name, at in sent.items()}
    return rows.assign(day=rows["campaign"].map(days).astype("int64"))


def _evening(day: int, observation: int | None = None) -> Windows:
    from crm_analysis.churn.models.scoring import ScoringWindows

    return ScoringWindows(day_stamp(day), data_end=day_stamp(day), observation=observation)
