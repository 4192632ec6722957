"""Companies with known truth: whole data sets whose making is stated, for teaching and for tests.

>>> sorted(CASES)
['taobao', 'telecom']
"""

from __future__ import annotations

from pathlib import Path

from crm_analysis.errors import InputError, nearest
from crm_analysis.simulate import taobao, telecom
from crm_analysis.simulate.write import write_tables, write_truth
from crm_analysis.tables import DataSet, finish, whole_folder

CASES = {"taobao": taobao.make, "telecom": telecom.make}

__all__ = ["CASES", "run", "taobao", "telecom"]


def run(case: str, folder: str | Path, *, seed: int = 2012, customers: int = 2000) -> DataSet:
    """Simulate a company and write it to `folder`, whole or not at all.

    The folder gets a CSV file per table, ``about.yml`` with checksums, ``ledger.csv``,
    ``truth.yml`` (the process and its figures), ``truth.md`` (the same in words, English
    and Chinese) and ``model.yml`` where there is a questionnaire.

    Parameters
    ----------
    case : str
        Name of the company, a key of `CASES`.
    folder : path
        New, empty, or one that holds a data set, which is replaced.
    seed : int
        The same seed writes the same bytes.
    customers : int
        Number of registered customers.

    Returns
    -------
    DataSet

    Raises
    ------
    InputError
        If there is no such company, a number lies outside its range, or the folder holds other things.

    Examples
    --------
    >>> run("taobo", "somewhere")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: there is no simulated company 'taobo'
      expected: one of taobao, telecom
      how to mend: did you mean 'taobao'?
    """
    if case not in CASES:
        raise InputError(f"there is no simulated company {case!r}", expected=f"one of {', '.join(CASES)}",
                         mend=nearest(case, CASES) or "crm simulate --help")  # fmt: skip
    data, truth = CASES[case](seed=seed, customers=customers)
    with whole_folder(folder) as work:
        write_tables(data, work)
        write_truth(truth, work)
        finish(work, data.about, data.ledger)
    return data
