import numpy as np

from crm_analysis.clv import MBGNBD
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.models.search import add_up
from crm_analysis.clv.prediction.ridge import ridge


def banana(u):
    """A ridge along y = x^2 / 2, three wide in x."""
    x, y = u
    off = y - x**2 / 2
    slope_x = -x / 9 + 20 * off * x
    bend = -1 / 9 + 20 * off - 20 * x**2
    return Derivatives(
        -(x**2) / 18 - 10 * off**2, np.array([slope_x, -20 * off]), np.array([[bend, 20 * x], [20 * x, -20.0]])
    )


def test_places_lie_on_a_curved_ridge_and_span_it():
    places = np.array([place.at for place in ridge(banana, np.zeros(2), low=np.full(2, -99.0), high=np.full(2, 99.0))])
    assert np.abs(places[:, 1] - places[:, 0] ** 2 / 2).max() < 0.1
    assert places[:, 0].min() < -5
    assert places[:, 0].max() > 5


def test_the_walk_stays_in_the_searched_region():
    places = np.array([place.at for place in ridge(banana, np.zeros(2), low=np.full(2, -2.0), high=np.full(2, 2.0))])
    assert np.abs(places).max() <= 2
    assert len(places) > 3


def test_a_plateau_is_walked_to_the_end_of_the_region(cx):
    """With 600 customers the likelihood hardly falls as a and b grow without end."""
    model = MBGNBD().fit(cx.sample(600, random_state=1))
    optimum = model.optimum_
    places = ridge(
        lambda u: add_up([model._derivatives(u, model._cases)]), optimum.log_params,
        low=optimum.centre - optimum.reach, high=optimum.centre + optimum.reach,
    )  # fmt: skip
    assert max(place.at[2] for place in places) > (optimum.centre + optimum.reach)[2] - 2
    assert max(place.height for place in places) <= 1e-6
