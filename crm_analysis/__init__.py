"""From a company's data tables to a customer-relationship report.

The rooms: `tables` (what a data set is), `sources` (public formats into tables),
`simulate` (companies with known truth), `segments`, `marketing` (measures) and
`report` (notebooks into documents). Importing this package loads none of them.
"""

__version__ = "0.1.0"
