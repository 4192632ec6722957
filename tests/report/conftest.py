"""A folder of cases that holds only a small one."""

from __future__ import annotations

import nbformat
import pytest

from crm_analysis.report import cases
from tests.helpers.small_case import small_notebook


@pytest.fixture
def small_case(tmp_path, monkeypatch):
    """A folder of cases that holds only `small`; the kernel finds it through the environment."""
    folder = tmp_path / "cases"
    folder.mkdir()
    nbformat.write(small_notebook(), folder / "small.ipynb")
    monkeypatch.setenv("CRM_CASES", str(folder))
    return cases.get("small")
