"""Rows for uplift from the table contacts: what was known before the sending, what came after, who was drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.marketing.experiments.split import SRM_LIMIT
from crm_analysis.tables.needs import check_columns

KEYS = ["customer_id", "campaign"]
LATER = ("opened_at", "clicked_at", "converted_at", "value", "arm", "converted", "treated")


class UpliftSample(NamedTuple):
    """Features, good outcome and treatment of each customer and campaign; index (customer_id, campaign)."""

    X: pd.DataFrame
    y: pd.Series
    treated: pd.Series


def campaign_sample(contacts: pd.DataFrame, features: pd.DataFrame, *, holdout: str = "holdout") -> UpliftSample:
    """Turn the table ``contacts`` into rows for uplift: one per customer and campaign.

    The outcome is whether the customer converted at or after the sending (or the moment of being held out). Several
    contacts of a customer in one campaign are one row, from the first of them on. A customer may stand in several
    campaigns: `cross_fitted_uplift`, `qini` and others see it by the index and count customers, not rows.
    `campaign_features` and `campaign_risk` tell what was known on the evening before.

    Parameters
    ----------
    contacts : pandas.DataFrame
        campaign, customer_id, arm (the holdout and one other), sent_at, converted_at.
    features : pandas.DataFrame
        Either indexed by customer_id: attributes that never change, such as sex, or that were written down before the
        first sending; that is a promise which data cannot check. Or indexed by (customer_id, cutoff), what was known on
        the evening of the cutoff (a day): each contact takes the customer's last cutoff before the day of sending.
    holdout : str
        Name of the arm that was sent nothing.

    Returns
    -------
    UpliftSample
        X, y (``converted``) and treated, of 0 and 1.

    Raises
    ------
    InputError
        If a column is missing, there are not two arms, a customer stands in both arms of a campaign, campaigns have
        different splits, every conversion lies before its sending, a feature is known only after the sending, or a
        contact has no features.

    Examples
    --------
    >>> sent = pd.Timestamp("2012-11-01 10:00", tz="Asia/Shanghai")
    >>> contacts = pd.DataFrame({"campaign": "11.11", "customer_id": ["a", "b"], "arm": ["mail", "holdout"],
    ...                          "sent_at": sent, "converted_at": [sent, pd.NaT]})
    >>> people = pd.DataFrame({"customer_id": ["a", "b"], "age": [30, 50]}).set_index("customer_id")
    >>> sample = campaign_sample(contacts, people)
    >>> sample.X["age"].tolist(), sample.y.tolist(), sample.treated.tolist()
    ([30, 50], [1, 0], [1, 0])
    """
    check_columns(
        contacts,
        "contacts",
        ["campaign", "customer_id", "arm", "sent_at", "converted_at"][:4],
        times=["sent_at", "converted_at"],
    )
    if "converted_at" not in contacts:
        raise InputError("converted_at is missing", where="table contacts", zh="缺少 converted_at")
    _check_features(features)
    rows = _rows(contacts, holdout)
    X = _fixed(rows, features) if features.index.nlevels == 1 else _dated(rows, features)
    X.index = pd.MultiIndex.from_frame(rows[KEYS])
    y = pd.Series(rows["converted"].to_numpy("int64"), index=X.index, name="converted")
    return UpliftSample(X, y, pd.Series(rows["treated"].to_numpy("int64"), index=X.index, name="treated"))


def _rows(contacts: pd.DataFrame, holdout: str) -> pd.DataFrame:
    arms = [str(name) for name in pd.unique(contacts["arm"])]
    if len(arms) != 2 or holdout not in arms:
        raise InputError(
            f"the arms are {', '.join(arms)}",
            where="table contacts",
            expected=f"two arms, one of them {holdout!r}",
            zh="应恰有两组，其中一组为对照组",
            mend=nearest(holdout, arms) or "holdout=…; take the contacts of one treated arm at a time",
        )
    known = contacts["converted_at"].notna()
    converted = known & ~(contacts["converted_at"] < contacts["sent_at"])
    if known.any() and not converted.any():
        raise InputError(f"all {known.sum():,} conversions lie before the sending", where="table contacts",
                         expected="the first conversion at or after sent_at",
                         mend="see that the columns are not exchanged and that both have the right time zone",
                         zh=f"{known.sum():,} 次转化的时间都早于发送时间")  # fmt: skip
    part = contacts[[*KEYS, "sent_at"]].assign(converted=converted, treated=(contacts["arm"] != holdout).astype(int))
    found = part.groupby(KEYS, sort=False, observed=True).agg(
        sent_at=("sent_at", "min"), converted=("converted", "max"), treated=("treated", "max"),
        least=("treated", "min")).reset_index()  # fmt: skip
    twice = int((found["treated"] != found["least"]).sum())
    if twice:
        raise InputError(
            f"{twice:,} customers stand in both arms of one campaign",
            where="table contacts",
            mend="set these customers aside and say so",
            zh=f"有 {twice:,} 位客户在同一活动中分属两组",
        )
    _check_splits(found)
    return found


def _check_splits(rows: pd.DataFrame) -> None:
    """Raise if campaigns have different splits: pooled, the arms would hold different campaigns."""
    from scipy.special import chdtrc

    count = rows.groupby("campaign", sort=False, observed=True)["treated"].agg(["sum", "size"])
    share = rows["treated"].mean()
    alone = [str(name) for name in count.index[(count["sum"] == 0) | (count["sum"] == count["size"])]]
    statistic = ((count["sum"] - count["size"] * share) ** 2 / (count["size"] * share * (1 - share))).sum()
    if alone or chdtrc(max(1, len(count) - 1), statistic) < SRM_LIMIT * (len(count) > 1):
        listed = ", ".join(f"{name} {a / n:.0%}" for name, a, n in zip(count.index, count["sum"], count["size"]))
        raise InputError("the campaigns have different splits and cannot be pooled", where=f"treated: {listed}",
                         expected="one split by lot in all campaigns", mend="take one campaign at a time",
                         zh="各活动的分组比例不同，不能合并分析")  # fmt: skip


def _check_features(features: pd.DataFrame) -> None:
    names = list(features.index.names)
    if names not in (["customer_id"], ["customer_id", "cutoff"]) or not features.index.is_unique or features.empty:
        raise InputError(
            "the features have no usable index",
            where=f"index {names}",
            expected="customer_id, or (customer_id, cutoff), each once",
            mend='features.set_index("customer_id")',
            zh="特征表的索引应为 customer_id，且不重复",
        )
    late = [str(name) for name in features if name in LATER]
    if late:
        raise InputError(f"known only after the sending: {', '.join(late)}", where="features",
                         expected="what was known before", mend="leave these columns out",
                         zh=f"以下特征在发送之后才知道：{'、'.join(late)}")  # fmt: skip


def _fixed(rows: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    _all_found(rows["customer_id"].isin(features.index))
    return features.loc[rows["customer_id"]]


def _dated(rows: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Take of each customer the last cutoff on a day before the day of sending, in the zone of the sending."""
    zone = rows["sent_at"].dt.tz
    cutoff = pd.DatetimeIndex(features.index.get_level_values("cutoff"))
    cutoff = (cutoff.tz_convert(zone) if cutoff.tz is not None else cutoff.tz_localize(zone)).normalize()
    known = pd.DataFrame({"customer_id": features.index.get_level_values("customer_id"), "day": cutoff.as_unit("us"),
                          "place": np.arange(len(features))}).sort_values("day", kind="stable")  # fmt: skip
    left = rows[["customer_id"]].assign(day=rows["sent_at"].dt.normalize().dt.as_unit("us"), row=np.arange(len(rows)))
    met = pd.merge_asof(left.sort_values("day", kind="stable"), known, on="day", by="customer_id",
                        allow_exact_matches=False).sort_values("row")  # fmt: skip
    _all_found(met["place"].notna())
    return features.iloc[met["place"].astype(int)]


def _all_found(found: pd.Series) -> None:
    lost = int((~found).sum())
    if lost:
        raise InputError(f"{lost:,} of {len(found):,} contacts have no features known before the sending",
                         where="features", expected="a row for every customer contacted, held out or not",
                         mend="add these customers (or an earlier cutoff), or drop their contacts and say so",
                         zh=f"{lost:,} 次触达没有发送前已知的特征")  # fmt: skip
