"""Notebooks into reports: parameters, language, figures and tables with their origin, running and publishing."""

from __future__ import annotations

from collections.abc import Mapping

from crm_analysis.report import cases
from crm_analysis.report.book import Book
from crm_analysis.report.parameters import check
from crm_analysis.tables import DataSet

__all__ = ["Book", "begin"]


def begin(case: str, data: DataSet, variables: Mapping[str, object]) -> Book:
    """Open the report of a case inside its notebook.

    Parameters
    ----------
    case : str
        Name of the case, the notebook's file name without its ending.
    data : DataSet
    variables : mapping
        The notebook's variables, as a rule ``globals()``: the parameters are taken from them
        by the names in its parameters cell and checked by the same rules as on the command line.

    Returns
    -------
    Book

    Raises
    ------
    InputError
        Listing every parameter that cannot be used.
    """
    spec = cases.get(case).parameters
    given = {name: variables[name] for name in spec if name in variables}
    checked = check(spec, given, where=f"{case}.ipynb")
    return Book(case, data, str(checked["language"]), checked)
