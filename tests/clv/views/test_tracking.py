"""Weekly purchases against the reference of CDNOW, against a loop over customers, and with bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.summary.calendar import elapsed
from crm_analysis.clv.views.tracking import ACTUAL, as_day, tracking, tracking_error
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import load_cdnow

PARETO = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
START = pd.Timestamp("2024-03-01")


@pytest.fixture(scope="module")
def days() -> pd.DataFrame:
    orders = load_cdnow(sample=True)["orders"]
    return orders.assign(day=orders["ordered_at"].dt.normalize())[["customer_id", "day"]].drop_duplicates()


@pytest.fixture(scope="module")
def cdnow(cx, days) -> pd.DataFrame:
    models = [model().fit(cx) for model in (ParetoNBD, BGNBD, MBGNBD, NBD)]
    return tracking(models, days, calibration_end="1997-09-30", until="1998-06-30")


def random_days(seed: int, *, customers: int = 12, span: int = 70) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"customer_id": rng.integers(0, customers, 60).astype(str), "day": rng.integers(0, span, 60)})
    return frame.drop_duplicates().assign(day=lambda table: START + pd.to_timedelta(table["day"], unit="D"))


def by_hand(model, days: pd.DataFrame, split: pd.Timestamp, last: pd.Timestamp, unit: str) -> pd.DataFrame:
    """One customer and one week at a time."""
    days = days[days["day"] <= last]
    start, rows = days["day"].min(), []
    week = 1
    while start + pd.Timedelta(days=7 * week - 1) <= last:
        end, actual, expected = start + pd.Timedelta(days=7 * week - 1), 0, 0.0
        for _, own in days.groupby("customer_id")["day"]:
            if own.min() <= split:
                actual += int((own <= end).sum() - (own.min() <= end))
            if own.min() <= min(end, split):
                first, stop = ((day - pd.Timestamp(0)).days for day in (own.min(), end))
                expected += float(model.expected_purchases(horizon=float(elapsed(first, stop, unit=unit))))
        rows.append((week, end, end > split, actual, expected))
        week += 1
    return pd.DataFrame(rows, columns=["week", "week_end", "in_holdout", "actual", "expected"])


def totals(table: pd.DataFrame, model: str) -> np.ndarray:
    return table.loc[table["model"] == model, "repeat_purchases_total"].to_numpy()


def test_cdnow_has_the_errors_of_the_reference(cdnow):
    error = tracking_error(cdnow).set_index("model")
    assert error["weeks"].eq(39).all()
    np.testing.assert_allclose(
        error.loc[["pareto_nbd", "bg_nbd", "mbg_nbd"], "mape"], [0.0131, 0.0263, 0.0411], atol=5e-5
    )
    assert error["actual"].eq(1882).all()


def test_cdnow_has_the_totals_of_the_reference(cdnow):
    assert cdnow.attrs["customers"] == 2357
    assert cdnow.attrs["customers_later"] == 0
    known = {"pareto_nbd": (2524.93, 4270.04), "bg_nbd": (2493.96, 4160.61), "mbg_nbd": (2475.64, 4049.95),
             "nbd": (2457.73, 5387.55), ACTUAL: (2457, 4339)}  # fmt: skip
    for name, (calibration, end) in known.items():
        assert totals(cdnow, name)[[38, 77]] == pytest.approx([calibration, end], abs=0.01)
    weeks = cdnow[cdnow["model"] == ACTUAL]
    assert weeks["week_end"].iloc[[38, 77]].tolist() == [pd.Timestamp("1997-09-30"), pd.Timestamp("1998-06-30")]
    assert weeks["in_holdout"].sum() == 39


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize("seed", range(3))
def test_any_log_gives_what_a_loop_over_customers_gives(seed, unit):
    days, split, last = random_days(seed), START + pd.Timedelta(days=30), START + pd.Timedelta(days=65)
    table = tracking(PARETO, days, calibration_end=split, until=last, unit=unit)
    known = by_hand(PARETO, days, split, last, unit)
    np.testing.assert_array_equal(totals(table, ACTUAL), known["actual"])
    np.testing.assert_allclose(totals(table, "pareto_nbd"), known["expected"], rtol=1e-10)
    weeks = table[table["model"] == ACTUAL].reset_index(drop=True)
    pd.testing.assert_frame_equal(weeks[["week", "week_end", "in_holdout"]], known[["week", "week_end", "in_holdout"]],
                                  check_dtype=False)  # fmt: skip


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_order_of_rows_and_kind_of_ids_are_irrelevant(seed):
    days, split = random_days(seed), START + pd.Timedelta(days=40)
    until = START + pd.Timedelta(days=60)
    other = days.sample(frac=1, random_state=seed).assign(customer_id=lambda table: table["customer_id"].astype(int))
    first, second = (tracking(PARETO, table, calibration_end=split, until=until) for table in (days, other))
    pd.testing.assert_frame_equal(first, second)


def test_weekly_numbers_add_up_and_a_model_in_days_agrees_with_one_in_weeks():
    days = random_days(5)
    in_days = ParetoNBD.with_params(r=0.553277, alpha=7 * 10.577684, s=0.606240, beta=7 * 11.668738, unit="day")
    table = tracking(PARETO, days, calibration_end="2024-04-15")
    other = tracking(in_days, days, calibration_end="2024-04-15", unit="day")
    for _, part in table.groupby("model"):
        np.testing.assert_allclose(part["repeat_purchases"].cumsum(), part["repeat_purchases_total"])
    np.testing.assert_allclose(table["repeat_purchases_total"], other["repeat_purchases_total"])


def test_customers_who_come_after_the_calibration_are_counted_apart():
    days = pd.DataFrame({"customer_id": list("aabb"), "day": pd.to_datetime(["2024-01-01", "2024-01-05", "2024-01-10",
                                                                             "2024-01-12"])})  # fmt: skip
    table = tracking(PARETO, days, calibration_end="2024-01-07", until="2024-01-14")
    assert table.attrs == {"calibration_end": pd.Timestamp("2024-01-07"), "customers": 1, "customers_later": 1}
    assert totals(table, ACTUAL).tolist() == [1, 1]


def test_hours_and_zones_do_not_matter_and_the_callers_frame_stays():
    days = random_days(2)
    zoned = days.assign(day=days["day"].dt.tz_localize("Asia/Shanghai") + pd.Timedelta(hours=21))
    before = zoned.copy()
    limits = {"calibration_end": pd.Timestamp("2024-04-01", tz="Asia/Shanghai"), "until": "2024-05-01 23:59"}
    pd.testing.assert_frame_equal(tracking(PARETO, zoned, **limits), tracking(PARETO, days, **limits))
    pd.testing.assert_frame_equal(zoned, before)


def test_the_error_by_hand():
    weeks = {"week": [1, 2, 3] * 2, "in_holdout": [False, True, True] * 2}
    table = pd.DataFrame({"model": ["actual"] * 3 + ["mine"] * 3, **weeks, "repeat_purchases": [5, 5, 10, 4, 8, 8],
                          "repeat_purchases_total": [5, 10, 20, 4, 12, 20]})  # fmt: skip
    found = tracking_error(table).iloc[0].to_dict()
    assert found == pytest.approx({"model": "mine", "weeks": 2, "mape": 0.1, "expected": 16, "actual": 15,
                                   "tracking_bias": 1 / 15})  # fmt: skip
    nothing = table.assign(repeat_purchases=0.0, repeat_purchases_total=0.0)
    assert tracking_error(nothing)[["mape", "tracking_bias"]].isna().all(axis=None)
    with pytest.raises(InputError, match="no week lies after the calibration"):
        tracking_error(table.assign(in_holdout=False))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda days: days.drop(columns="day"), "the columns day are missing"),
        (lambda days: days.assign(day=days["day"].astype(str)), "not days"),
        (lambda days: pd.concat([days, days.iloc[:2]]), "2 rows that stand twice"),
        (
            lambda days: days.assign(day=days["day"].where(days.index != days.index[0])),
            "1 rows without customer or day",
        ),
        (lambda days: days.iloc[:0], "there are none"),
        (lambda days: days[days["day"] < START + pd.Timedelta(days=3)], "no whole week"),
    ],
)
def test_days_that_cannot_be_used_are_named(change, message):
    with pytest.raises(InputError, match=message):
        tracking(PARETO, change(random_days(1)), calibration_end="2024-04-01")


def test_models_that_cannot_be_tracked_are_named():
    days, end = random_days(1), {"calibration_end": "2024-04-01"}
    weekly = ParetoNBD.with_params(r=0.5, alpha=10, s=0.6, beta=11, unit="week")
    with pytest.raises(InputError, match="counts occasions"):
        tracking(BGBB.with_params(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8), days, **end)
    with pytest.raises(InputError, match="other units than day"):
        tracking(weekly, days, unit="day", **end)
    with pytest.raises(InputError, match="unit of time 'fortnight' is not known"):
        tracking(PARETO, days, unit="fortnight", **end)
    with pytest.raises(InputError, match="stands for what happened"):
        tracking({"actual": PARETO}, days, **end)
    with pytest.raises(InputError, match="no whole week"):
        tracking(PARETO, days, calibration_end="2023-01-01")


@pytest.mark.parametrize("given", ["soon", None, float("nan")])
def test_what_is_no_day_is_named(given):
    with pytest.raises(InputError, match="until"):
        as_day(given, "until")
