"""Against a company whose way of losing customers is known: what can be found, and what cannot.

Customers leave by hazards that the last order and the last complaint raise or lower. What a company sees is silence,
and silence is mostly explained by how long somebody has been silent: who is gone already. The causes show as small
additions to that. Only on the hidden label (of those still there, who leaves) do they stand out, and then as signs and
an order: features sum over the whole past, the process hangs on the last event alone, and everybody's own base hazard
is unknown. With 8,000 customers the effect of a late last order is not found in every simulated company.
"""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from crm_analysis.churn.features.customer_features import customer_features
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.reasons.coefficients import coefficient_table
from crm_analysis.churn.reasons.importance import group_importance
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.churn.windows.windows import Windows

CUTOFFS = ["2012-02-29", "2012-04-30", "2012-06-30", "2012-08-31", "2012-10-15"]
BUYING = ["days_since_last", "purchase_days", "tenure_days"]
SERVICE = [
    "complaints_slow",
    "complaints_compensated",
    "complaints",
    "last_complaint_reason",
    "mean_stars",
    "last_late",
]
NULL = ["city", "joining_channel", "sex"]
GROUPS = {"days_since_last": BUYING, "complaints": SERVICE[:4], "mean_stars": SERVICE[4:], "sex": NULL}


def features(tables: dict, windows: Windows) -> tuple[pd.DataFrame, pd.Series]:
    y, _ = label(qualifying(tables), windows)
    known = history(tables, windows)
    families = ("purchases", "delivery", "complaints", "satisfaction", "person")
    X = customer_features(known, windows, customers=y.index, families=families)
    X.attrs = {}
    return X.loc[y.index, [*BUYING, *SERVICE, "kind", *NULL]], y


@pytest.fixture(scope="module")
def silent(large_company) -> Sample:
    """What a company sees: no purchase in 60 days."""
    return Sample(*features(large_company.data.tables, Windows("2012-08-31", data_end="2012-12-23", outcome=60)))


@pytest.fixture(scope="module")
def leaving(large_company) -> Sample:
    """What nobody sees: of the customers still there at a cutoff, who leaves for good within 60 days."""
    people = large_company.hidden["customers"]
    left = pd.Series(people["left"].to_numpy(), [f"C{place + 1:05d}" for place in range(len(people))])
    start = pd.Timestamp(large_company.truth["process"]["season"]["first_day"])
    frames, labels = [], []
    for cutoff in CUTOFFS:
        X, _ = features(large_company.data.tables, Windows(cutoff, data_end="2012-12-23", outcome=60))
        day, end = (pd.Timestamp(cutoff) - start).days + 1, left.reindex(X.index)
        there = end > day
        key = pd.MultiIndex.from_product([X.index[there], [pd.Timestamp(cutoff)]], names=["customer_id", "cutoff"])
        frames.append(X[there].set_axis(key))
        labels.append((end[there] <= day + 60).astype(int).set_axis(key))
    return Sample(pd.concat(frames), pd.concat(labels))


def model() -> Pipeline:
    return logistic(log=BUYING, C=0.1)


def test_silence_is_foretold_by_buying_and_hardly_by_what_has_no_effect(silent):
    drop = group_importance(model(), silent, groups=GROUPS | {"city": ["city"], "sex": NULL[1:]}, repeats=3).table[
        "auc_drop"
    ]
    assert drop.index[0] == "days_since_last"
    assert drop.iloc[0] > 10 * drop.iloc[1]  # who is silent is mostly gone already
    assert drop[["city", "sex"]].max() < min(0.002, drop["complaints"])


def test_true_causes_of_leaving_are_found_above_the_null_ones(leaving):
    small = Sample(leaving.X.drop(columns="city"), leaving.y)
    table = group_importance(model(), small, groups=GROUPS | {"sex": NULL[1:]}, repeats=2).table
    assert table.loc["complaints", "visible"]
    assert table.loc[["complaints", "mean_stars"], "auc_drop"].min() > table.loc["sex", "auc_drop"]
    assert not table.loc["sex", "visible"]


def test_true_causes_of_leaving_have_the_right_sign(leaving):
    """Signs and order only: a feature of the whole past is a blurred view of "the last complaint" of the process."""
    leaving = Sample(leaving.X.drop(columns="city"), leaving.y)
    table = coefficient_table(model().fit(leaving.X, leaving.y), leaving, draws=25)
    beta, high = table["coefficient_scaled"], table["coefficient_scaled_high"]
    assert beta["complaints_slow", ""] > 0
    assert high["complaints_compensated", ""] < 0
    assert beta["last_late", ""] > 0
    assert high["mean_stars", ""] < 0
    assert max(beta["kind", "small_seller"], beta["kind", "large_merchant"]) < 0
    reasons = beta["last_complaint_reason"].drop("not_known")
    assert (reasons > 0).all()
    assert reasons["no_community"] == reasons.min()
    null = table.drop(index=[name for name in table.index if name[0] not in NULL])
    covered = (null["coefficient_scaled_low"] <= 0) & (null["coefficient_scaled_high"] >= 0)
    assert covered[null["coefficient_scaled_low"].notna()].mean() > 0.85
