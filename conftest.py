"""What tests and doctests share: no screen, and figures closed after each."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Close all figures when a test ends."""
    yield
    plt.close("all")
