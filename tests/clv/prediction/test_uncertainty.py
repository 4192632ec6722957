import numpy as np
import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD, posterior
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.prediction.uncertainty import LINKS, Ahead, chunks, parameter_intervals, part, points, quantities


def missed(model, cases, ahead, level=0.95):
    """By how much of its width each interval misses that from all draws worked out."""
    found = posterior(model)
    got = parameter_intervals(model, found, cases, ahead, level=level)
    drawn = quantities(model, found.draws.to_numpy(), cases, ahead)
    errors = []
    for name, values in zip(LINKS, drawn):
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
        off = np.maximum(abs(got[f"{name}_low"] - low), abs(got[f"{name}_high"] - high))
        errors.append(off / (high - low + 1e-9))
    return np.array(errors)


@pytest.mark.parametrize("model", [ParetoNBD, BGNBD, MBGNBD, NBD])
def test_intervals_equal_those_from_every_draw(model, cx):
    fitted = model().fit(cx)
    some = part(fitted._cases, np.arange(0, len(fitted._cases), 12))
    errors = missed(fitted, some, Ahead(52.0, 0.0018))
    assert errors.max() < 0.08
    assert np.quantile(errors, 0.9) < 0.05


def test_with_few_customers_every_draw_is_worked_out(cx):
    fitted = ParetoNBD().fit(cx.sample(200, random_state=1))
    errors = missed(fitted, part(fitted._cases, np.arange(0, 140, 5)), Ahead(52.0, 0.0018))
    assert errors[:3].max() < 1e-6
    assert errors[3].max() < 0.05


def test_a_case_alone_has_the_same_interval(cx):
    fitted = BGNBD().fit(cx)
    found, ahead = posterior(fitted), Ahead(26.0, 0.001)
    all_, row = parameter_intervals(fitted, found, fitted._cases, ahead, level=0.9), 500
    alone = parameter_intervals(fitted, found, part(fitted._cases, np.array([row])), ahead, level=0.9)
    for name, values in all_.items():
        assert alone[name][0] == pytest.approx(values[row], rel=1e-5)


def test_points_equal_the_methods_of_the_model(cx):
    fitted = ParetoNBD().fit(cx)
    cases = as_cases(cx.head(200))
    found = points(fitted, cases, Ahead(39.0, 0.0027))
    np.testing.assert_allclose(found["p_alive"][cases.row], fitted.probability_alive(cx.head(200)))
    np.testing.assert_allclose(found["p_alive_end"][cases.row], fitted.probability_alive(cx.head(200), ahead=39.0))
    np.testing.assert_allclose(found["expected_purchases"][cases.row],
                               fitted.expected_purchases(cx.head(200), horizon=39.0))  # fmt: skip
    discounted = fitted.discounted_purchases(cx.head(200), discount=0.0027, horizon=39.0)
    np.testing.assert_allclose(found["discounted_purchases"][cases.row], discounted)


def test_progress_is_shown_only_where_there_is_much_to_do(capsys):
    assert sum(cut.stop - cut.start for cut in chunks(5000, 1000, "few")) == 5000
    assert capsys.readouterr().err == ""
    assert len(list(chunks(200_000, 50_000, "many"))) == 4
    assert "many" in capsys.readouterr().err
