"""Sellers set beside each other: the good-rating share of each kind, and all sellers in one ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import design_effect, wilson
from crm_analysis.satisfaction.sellers.feedback import seller_table
from crm_analysis.tables.needs import check_group, check_table, stated


def kind_table(feedback: pd.DataFrame, sellers: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    r"""Good-rating share by kind of seller, with limits that know that verdicts on one seller are alike.

    .. math:: n^* = n / d

    The limits are Wilson's for the effective number n* of feedbacks; d is the design
    effect of sellers (`intervals.design_effect`, which names the references).

    Parameters
    ----------
    feedback : pandas.DataFrame
        As in `seller_table`.
    sellers : pandas.DataFrame
        Columns seller_id (unique), kind.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index kind
        The kind with most feedbacks first: sellers, rated_sellers (with feedback), feedbacks, good_share with
        limits, design_effect. Sellers that the table `sellers` does not hold are of the kind ``not_stated``.

    Raises
    ------
    InputError
        As `seller_table`; if the table `sellers` names a seller twice.

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": list("aabb"), "verdict": ["good", "good", "bad", "bad"]})
    >>> sellers = pd.DataFrame({"seller_id": list("abc"), "kind": "small"})
    >>> kind_table(feedback, sellers)[["sellers", "rated_sellers", "good_share", "design_effect"]].values.tolist()
    [[3.0, 2.0, 0.5, 3.0]]
    """
    table = seller_table(feedback)
    kinds = _kinds(sellers)
    known = stated(kinds.reindex(kinds.index.union(table.index)))
    listed = known.value_counts()
    rows = {}
    for kind, part in table.groupby(known.reindex(table.index)):
        good, count = part["good"].to_numpy(float), part["feedbacks"].to_numpy(float)
        effect = design_effect(good, count)
        low, high = wilson(good.sum() / effect, count.sum() / effect, level=level)
        rows[kind] = {
            "sellers": int(listed[kind]), "rated_sellers": len(part), "feedbacks": int(count.sum()),
            "good_share": good.sum() / count.sum(), "good_share_low": float(low), "good_share_high": float(high),
            "design_effect": effect,
        }  # fmt: skip
    for kind in listed.index.difference(list(rows)):
        rows[kind] = {"sellers": int(listed[kind]), "rated_sellers": 0, "feedbacks": 0}
    found = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="kind", dtype=object)).sort_index()
    return found.sort_values("feedbacks", ascending=False, kind="stable")


def seller_ranking(
    feedback: pd.DataFrame, sellers: pd.DataFrame, *, levels: int = 20, level: float = 0.95
) -> pd.DataFrame:
    """Rank sellers by the lower Wilson limit of their good-rating share.

    The limit rewards a high share and many feedbacks: 95 good of 100 stand
    before 5 of 5. Violations, refunds and complaints do not enter: `service.service_ranking` weighs them in.

    Parameters
    ----------
    feedback, sellers, levels, level
        As in `kind_table` and `credit_level`.

    Returns
    -------
    pandas.DataFrame
        seller_rank, seller_id, kind, feedbacks, good_share with limits, credit_score, credit_level. Of equal
        limits the seller with more feedbacks comes first, then the lower seller_id. Sellers without
        feedback have nothing to be ranked by and do not appear.

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": ["new"] * 5 + ["old"] * 100, "verdict": ["good"] * 100 + ["bad"] * 5})
    >>> sellers = pd.DataFrame({"seller_id": ["new", "old"], "kind": "small"})
    >>> seller_ranking(feedback, sellers)[["seller_id", "good_share_low"]].round(4).values.tolist()
    [['old', 0.8882], ['new', 0.5655]]
    """
    table = seller_table(feedback, levels=levels, level=level)
    table["kind"] = stated(_kinds(sellers).reindex(table.index))
    order = ["good_share_low", "feedbacks", "seller_id"]
    table = table.reset_index().sort_values(order, ascending=[False, False, True], ignore_index=True)
    table.insert(0, "seller_rank", np.arange(1, len(table) + 1))
    shares = ["good_share", "good_share_low", "good_share_high"]
    return table[["seller_rank", "seller_id", "kind", "feedbacks", *shares, "credit_score", "credit_level"]]


def seller_column(sellers: pd.DataFrame, column: str, seller_ids: pd.Series) -> np.ndarray:
    """Return a column of the table `sellers` for each seller of a table; what it does not state is ``not_stated``.

    Examples
    --------
    >>> seller_column(pd.DataFrame({"seller_id": ["a"], "kind": ["small"]}), "kind", pd.Series(["a", "b"])).tolist()
    ['small', 'not_stated']
    """
    return stated(_kinds(sellers, column).reindex(seller_ids)).to_numpy()


def _kinds(sellers: pd.DataFrame, column: str = "kind") -> pd.Series:
    check_table(sellers, "sellers", "seller_id", *([column] if column == "kind" else []), times=())
    check_group(sellers, "sellers", column)
    twice = sellers["seller_id"][sellers["seller_id"].duplicated()]
    if len(twice):
        raise InputError(f"{len(twice)} rows name a seller again (first: {twice.iloc[0]})", where="table sellers",
                         mend="keep one row per seller", zh="卖家表中有重复的卖家编号")  # fmt: skip
    return sellers.set_index("seller_id")[column].astype(object)
