"""Fits and gates that several tests of measurement read."""

from __future__ import annotations

import pytest

from crm_analysis.satisfaction.measurement.gate import Gate, measurement_gate
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.templates import ecsi
from crm_analysis.satisfaction.survey.moments import Moments, mobi
from tests.satisfaction.measurement.known import true_matrix


@pytest.fixture(scope="session")
def mobi_fit() -> PLS:
    return PLS(ecsi()).fit_moments(mobi())


@pytest.fixture(scope="session")
def mobi_gate(mobi_fit) -> Gate:
    return measurement_gate(mobi_fit, draws=400)


@pytest.fixture(scope="session")
def exact_moments() -> Moments:
    return Moments.from_correlations(true_matrix(), n=300)
