"""What a CRM data set is: one schema per table, loading and saving, and the ledger of rows.

>>> from crm_analysis import tables
>>> sorted(tables.TABLES)[:3]
['contacts', 'contracts', 'customers']
"""

from crm_analysis.tables.about import About, check_zone
from crm_analysis.tables.conform import conform
from crm_analysis.tables.dataset import DataSet, from_frames
from crm_analysis.tables.files import checksum, find_tables, finish, load, save, whole_folder
from crm_analysis.tables.ledger import NOTED, SET_ASIDE, Ledger, Line, TableLedger
from crm_analysis.tables.schema import ACTIONS, TABLES, Column, Table
from crm_analysis.tables.text import find_delimiter, find_encoding, head, open_text, read_csv
from crm_analysis.tables.times import guess_formats, localize, parse_times

__all__ = [
    "ACTIONS", "NOTED", "SET_ASIDE", "TABLES", "About", "Column", "DataSet", "Ledger", "Line", "Table", "TableLedger",
    "check_zone", "checksum", "conform", "find_delimiter", "find_encoding", "find_tables", "finish", "from_frames",
    "guess_formats", "head", "load", "localize", "open_text", "parse_times", "read_csv", "save", "whole_folder",
]  # fmt: skip
