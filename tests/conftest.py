"""What every test shares: the root of the project, and the real data where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture
def real_data():
    """Path of a public data file, or a skip where the folder of real data is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"the public file {name} is not on this machine")
        return path

    return find
