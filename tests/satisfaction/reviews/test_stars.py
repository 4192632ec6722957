"""Stars checked, and means of reviews that are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t
from crm_analysis.satisfaction.reviews.stars import (
    check_stars,
    checked_counts,
    given_stars,
    mean_of,
    star_counts,
    sum_variance,
)

quick = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    ("stars", "what"),
    [
        ([5, 0, 6], "2 rows have stars other than 1 to 5: 0 in r1, 6 in r2"),
        ([5, 4.5, 1], "1 rows have stars other than 1 to 5: 4.5 in r1"),
        ([9, 9, 9], "3 rows have stars"),
        ([5, None, 1], "stars has blanks"),
        (["5", "4", "x"], "stars are no numbers"),
    ],
)
def test_stars_that_cannot_be_used(stars, what):
    ratings = pd.DataFrame({"rating_id": ["r0", "r1", "r2"], "stars": stars})
    with pytest.raises(InputError, match=what) as error:
        check_stars(ratings)
    assert error.value.zh != error.value.what


def test_rows_without_a_name_are_named_by_their_place():
    with pytest.raises(InputError, match="0 in 7, 0 in 8, 0 in 9, …"):
        check_stars(pd.DataFrame({"stars": [0] * 4}, index=[7, 8, 9, 10]))
    with pytest.raises(InputError, match="no rows"):
        check_stars(pd.DataFrame({"stars": pd.Series(dtype=float)}))


@pytest.mark.parametrize("counts", [[1, 2, 3], [0] * 5, [1, 2, 3, -1, 4], [np.nan, 1, 1, 1, 1]])
def test_counts_that_are_none(counts):
    with pytest.raises(InputError, match="no counts of stars"):
        checked_counts(counts)
    assert star_counts([1, 5, 5]).tolist() == [1, 0, 0, 0, 2]


@quick
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_without_clusters_the_mean_has_students_limits(values):
    found = mean_of(np.array(values, float), ends=(-np.inf, np.inf))
    assert found == pytest.approx(mean_t(values), nan_ok=True)
    rows = [np.arange(len(values))]
    assert mean_of(np.array(values, float), rows, ends=(-9, 99))[1:] == pytest.approx(
        tuple(np.clip(mean_t(values)[1:], -9, 99)), nan_ok=True
    )


def test_two_way_variance_agrees_with_statsmodels():
    import statsmodels.api as sm
    from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

    rng = np.random.default_rng(2)
    item, customer = rng.integers(0, 25, 400), rng.integers(0, 40, 400)
    y = rng.standard_normal(25)[item] + rng.standard_normal(40)[customer] + rng.standard_normal(400)
    fit = sm.OLS(y, np.ones(400)).fit()
    both, first, second = cov_cluster_2groups(fit, item, customer)
    ours = [sum_variance(y - y.mean(), codes)[0] / 400**2 for codes in ([item], [customer])]
    n = 400
    dof = [n / (n - 1) for _ in ours]  # statsmodels' further factor (n - 1) / (n - k) is 1 for a mean
    np.testing.assert_allclose(ours, [first[0, 0], second[0, 0]], rtol=0.01 * max(dof))
    assert sum_variance(y - y.mean(), [item, customer])[0] / n**2 == pytest.approx(both[0, 0], rel=0.01)
    assert sum_variance(y - y.mean(), [item, customer])[1] == 24


def test_true_and_false_are_no_stars():
    with pytest.raises(InputError, match="stars are no numbers"):
        check_stars(pd.DataFrame({"stars": [True, True]}))


def test_stars_in_text_are_stars():
    ratings = pd.DataFrame({"stars": ["5", "4", "1.0"]})
    assert check_stars(ratings)["stars"].tolist() == given_stars(ratings).tolist() == [5, 4, 1]
    assert ratings["stars"].tolist() == ["5", "4", "1.0"]
    with pytest.raises(InputError, match="'4 stars' in row 1 and 1 more"):
        check_stars(pd.DataFrame({"stars": ["5", "4 stars", "x"]}))
    with pytest.raises(InputError, match="a table is expected, got text"):
        check_stars("reviews.csv")


def test_stars_instead_of_counts_are_said_shortly():
    with pytest.raises(InputError, match=r"^3,000 values are no counts of stars") as error:
        checked_counts(pd.Series([5, 4, 3] * 1000))
    assert "star_counts" in str(error.value)
    assert "1 to 5 stars" in str(error.value)
    assert len(str(error.value)) < 250
