from __future__ import annotations

import math

import pytest

from crm_analysis.clv.units import PER_YEAR, check_unit, rate_per_unit
from crm_analysis.errors import InputError


@pytest.mark.parametrize("unit", PER_YEAR)
def test_a_rate_per_unit_compounds_to_the_yearly_rate(unit):
    assert check_unit(unit) == unit
    assert math.expm1(rate_per_unit(0.15, unit=unit) * PER_YEAR[unit]) == pytest.approx(0.15, rel=1e-12)
    assert rate_per_unit(0, unit=unit) == 0


def test_a_year_is_the_calendars_mean_year():
    assert PER_YEAR["day"] == pytest.approx((400 * 365 + 97) / 400)
    assert PER_YEAR["week"] * 7 == pytest.approx(PER_YEAR["day"])
    assert rate_per_unit(0.15, unit="week") * PER_YEAR["week"] == pytest.approx(math.log(1.15))


@pytest.mark.parametrize("annual", [-0.01, 1.5, float("nan"), "10%", None])
def test_an_impossible_rate_is_refused(annual):
    with pytest.raises(InputError, match="between 0 and 1"):
        rate_per_unit(annual, unit="week")


def test_per_cent_instead_of_a_share_is_told():
    with pytest.raises(InputError, match=r"10 % is 0\.1"):
        rate_per_unit(10, unit="week")


def test_an_unknown_unit_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'week'"):
        check_unit("weeks")
    with pytest.raises(InputError, match="day, week, month, year"):
        rate_per_unit(0.1, unit="fortnight")
