"""Rolling origins: each origin is the scorecard of its own split; dates that cannot be are named."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, NBD
from crm_analysis.clv.holdout.baselines import SameAgain
from crm_analysis.clv.holdout.rolling import rolling_origins
from crm_analysis.clv.holdout.scorecard import scorecard
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import load_cdnow

ENDS = ["1997-12-30", "1997-06-30"]


def summarized(orders, *, calibration_end, until, unit):
    """RFM-T and holdout by plain pandas."""
    per = {"week": 7, "day": 1}[unit]
    days = orders.assign(day=orders["ordered_at"].dt.tz_localize(None).dt.normalize())
    days = days[["customer_id", "day"]].drop_duplicates()
    seen = days[days["day"] <= calibration_end].groupby("customer_id")["day"].agg(["min", "max", "count"])
    later = days[(days["day"] > calibration_end) & (days["day"] <= until)].groupby("customer_id").size()
    frame = pd.DataFrame({"frequency": seen["count"] - 1, "recency": (seen["max"] - seen["min"]).dt.days / per,
                          "T": (calibration_end - seen["min"]).dt.days / per})  # fmt: skip
    frame["frequency_holdout"] = later.reindex(frame.index).fillna(0)
    frame["duration_holdout"] = (until - calibration_end).days / per
    frame.attrs["unit"] = unit
    return frame


@pytest.fixture(scope="module")
def orders():
    return load_cdnow(sample=True)["orders"]


@pytest.fixture(scope="module")
def table(orders):
    return rolling_origins(orders, [BGNBD(), NBD(), SameAgain()], ends=ENDS, horizon=26, summarizer=summarized)


def test_each_origin_is_the_scorecard_of_its_split(table, orders):
    assert table["origin"].drop_duplicates().tolist() == [pd.Timestamp("1997-06-30"), pd.Timestamp("1997-12-30")]
    assert table["model"].tolist() == ["bg_nbd", "nbd", "same_again"] * 2
    assert table.attrs == {"horizon": 26.0, "unit": "week"}
    split, last = pd.Timestamp("1997-12-30"), pd.Timestamp("1998-06-30")
    card = scorecard([BGNBD()], summarized(orders, calibration_end=split, until=last, unit="week"), draws=0)
    row = table[(table["origin"] == split) & (table["model"] == "bg_nbd")].iloc[0]
    for name in ("total", "actual", "bias", "mae", "normalised_gini", "log_score", "coverage_90", "log_likelihood"):
        assert row[name] == pytest.approx(card.table.loc["bg_nbd", name]), name
    assert row["customers"] == 2357


def test_the_own_summary_gives_the_same(table, orders):
    from crm_analysis.clv.summary.summary import summarize

    again = rolling_origins(orders, [BGNBD(), NBD(), SameAgain()], ends=ENDS, horizon=26)
    pd.testing.assert_frame_equal(again, table, rtol=1e-6)
    summary = summarize(orders, unit="day")
    by_day = rolling_origins(summary, [NBD()], ends=ENDS[:1], horizon=182)
    assert by_day.attrs["unit"] == "day"
    assert by_day["bias"][0] == pytest.approx(table[table["model"] == "nbd"]["bias"].iloc[1], rel=1e-4)


def test_models_are_fitted_anew_and_the_callers_stay(orders):
    mine = NBD.with_params(r=1.0, alpha=99.0)
    found = rolling_origins(orders, mine, ends="1997-09-30", horizon=39, summarizer=summarized)
    assert found["total"].tolist() == pytest.approx([2929.82], abs=0.01)
    assert mine.params_["alpha"] == 99


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ends": ["1998-01-01"], "horizon": 26}, r"1 holdouts end after the data do: 1998-01-01 \(to 1998-07-02\)"),
        ({"ends": ["1997-06-30", "1997-06-30"], "horizon": 4}, "a date stands twice"),
        ({"ends": [], "horizon": 4}, "no date was given"),
        ({"ends": ["soon"], "horizon": 4}, "'soon' is not a date"),
        ({"ends": [None], "horizon": 4}, "a date is empty"),
        ({"ends": ["1997-06-30"], "horizon": 0}, "longer than 0"),
        ({"ends": ["1997-06-30"], "horizon": 1.5}, "1.5 weeks are not whole days"),
        ({"ends": ["1997-06-30"], "horizon": 1, "unit": "fortnight"}, "'fortnight' is not known"),
        ({"ends": ["1997-01-01"], "horizon": 4}, "nobody bought twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*have T = 0")
def test_dates_that_cannot_be_are_named(orders, options, message):
    with pytest.raises(InputError, match=message):
        rolling_origins(orders, [NBD()], summarizer=summarized, **options)


def test_the_origin_of_a_failure_is_named(orders):
    with pytest.raises(InputError, match="origin 1997-01-01"), pytest.warns(UserWarning, match="T = 0"):
        rolling_origins(orders, [NBD()], ends=["1997-01-01"], horizon=4, summarizer=summarized)


def test_months_end_on_the_day_of_the_calendar(orders):
    spans = []

    def noted(orders, *, calibration_end, until, unit):
        spans.append((calibration_end, until, unit))
        frame = summarized(orders, calibration_end=calibration_end, until=until, unit="week")
        frame.attrs["unit"] = unit
        return frame

    rolling_origins(orders, [SameAgain()], ends=["1997-11-30"], horizon=3, unit="month", summarizer=noted)
    assert spans == [(pd.Timestamp("1997-11-30"), pd.Timestamp("1998-02-28"), "month")]
