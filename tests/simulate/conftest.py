"""The simulated companies that the tests of this folder share; each is made once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from crm_analysis.simulate import taobao
from crm_analysis.simulate.process import Process
from crm_analysis.simulate.season import Clock


def company(customers: int, seed: int, process: Process | None = None) -> SimpleNamespace:
    """Tables (`data`), what only the simulation knows (`hidden`) and the process of one company."""
    data, truth = taobao.make(customers=customers, seed=seed, process=process)
    process = process or Process()
    return SimpleNamespace(data=data, truth=truth, hidden=truth["hidden"], process=process, clock=Clock(process.season))


@pytest.fixture(scope="session")
def sample():
    return company(2000, 2012)


@pytest.fixture(scope="session")
def large():
    return company(15_000, 7)


@pytest.fixture(scope="session")
def plain():
    return company(5000, 11, Process().plain())
