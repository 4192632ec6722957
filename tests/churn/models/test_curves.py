from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from crm_analysis.churn.models.curves import gains, precision_recall_curve, redrawn, roc_curve
from crm_analysis.churn.models.metrics import auc, average_precision, lift
from crm_analysis.errors import InputError


@pytest.fixture
def scored():
    rng = np.random.default_rng(3)
    p = rng.integers(0, 40, 400) / 40
    return p, (rng.random(400) < p).astype(int)


def test_the_area_under_the_roc_curve_is_the_auc(scored):
    p, y = scored
    curve = roc_curve(p, y)
    assert np.trapezoid(curve["recall"], curve["false_alarms"]) == pytest.approx(auc(p, y))
    false, true, _ = sk.roc_curve(y, p, drop_intermediate=False)
    np.testing.assert_allclose(curve[["false_alarms", "recall"]], np.column_stack([false, true]))


def test_precision_and_recall_are_those_of_scikit_learn(scored):
    p, y = scored
    curve = precision_recall_curve(p, y)
    precision, recall, threshold = sk.precision_recall_curve(y, p)
    np.testing.assert_allclose(curve["precision"][::-1], precision[:-1])
    np.testing.assert_allclose(curve["recall"][::-1], recall[:-1])
    np.testing.assert_allclose(curve["threshold"][::-1], threshold)
    steps = np.diff(curve["recall"], prepend=0) @ curve["precision"]
    assert steps == pytest.approx(average_precision(p, y))


def test_gains_add_up_and_agree_with_the_lift(scored):
    p, y = scored
    table = gains(p, y, draws=100)
    assert table["churners"].sum() == pytest.approx(y.sum())
    assert table["captured"].iloc[-1] == pytest.approx(1)
    assert table["captured"].is_monotonic_increasing
    for row in table.itertuples():
        assert row.lift == pytest.approx(lift(p, y, row.contacted_share))
        assert row.captured_low <= row.captured <= row.captured_high
    assert table["lift"].iloc[-1] == pytest.approx(1)
    order = np.random.default_rng(0).permutation(len(p))
    np.testing.assert_allclose(gains(p[order], y[order], draws=0)["captured"], table["captured"])


def test_limits_widen_when_customers_give_several_equal_rows(scored):
    p, y = scored
    alone = gains(np.tile(p, 4), np.tile(y, 4), draws=200)
    whole = gains(np.tile(p, 4), np.tile(y, 4), customers=np.tile(np.arange(400), 4), draws=200)
    width = (whole["captured_high"] - whole["captured_low"]) / (alone["captured_high"] - alone["captured_low"])
    assert 1.5 < width.iloc[2] < 2.6  # twice: a quarter of the customers


def test_limits_of_the_parts_are_those_of_whole_customers(scored):
    p, y = scored
    single = gains(p, y, draws=0)
    whole = gains(np.repeat(p, 3), np.repeat(y, 3), customers=np.repeat(np.arange(400), 3), draws=0)
    columns = ["churn_rate", "churn_rate_low", "churn_rate_high"]
    np.testing.assert_allclose(whole[columns], single[columns], atol=0.012)
    tied = gains(np.full(1200, 0.3), np.repeat(y, 3), customers=np.repeat(np.arange(400), 3), draws=0)
    assert (tied["churn_rate_high"] > gains(np.full(1200, 0.3), np.repeat(y, 3), draws=0)["churn_rate_high"]).all()


def test_a_chance_for_all_captures_its_share():
    table = gains([0.3] * 20, [1] * 5 + [0] * 15, draws=0)
    np.testing.assert_allclose(table["captured"], table["contacted_share"])
    assert table["captured_low"].isna().all()


def test_redrawn_keeps_customers_whole():
    weights = np.concatenate(list(redrawn(["a", "b", "a"], 50, 0)))
    assert weights.shape == (50, 3)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert ((weights[:, 0] + weights[:, 1]) == 2).all()


def test_bad_input_is_named():
    with pytest.raises(InputError, match="all 2 customers stayed"):
        roc_curve([0.1, 0.2], [0, 0])
    with pytest.raises(InputError, match="cut into 10 parts"):
        gains([0.1, 0.2], [0, 1])
    with pytest.raises(InputError, match="outside 0 to 1"):
        gains([1, 20], [0, 1], parts=2)
