"""Notebooks into reports: parameters, language, figures and tables with their origin, running and publishing."""

from __future__ import annotations

from crm_analysis.report import cases
from crm_analysis.report.book import Book
from crm_analysis.report.parameters import check
from crm_analysis.tables import DataSet

__all__ = ["Book", "begin"]


def begin(case: str, data: DataSet, **parameters: object) -> Book:
    """Open the report of a case inside its notebook.

    Parameters
    ----------
    case : str
        Name of the case, the notebook's file name without its ending.
    data : DataSet
    **parameters
        The parameters of the notebook; checked by the same rules as on the command line.

    Returns
    -------
    Book

    Raises
    ------
    InputError
        Listing every parameter that cannot be used.
    """
    checked = check(cases.get(case).parameters, parameters, where=f"{case}.ipynb")
    return Book(case, data, str(checked["language"]), checked)
