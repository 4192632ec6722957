"""Columns of an engine as the features read them: ids, numbers and texts; what cannot be read is null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.tables.plain import BLANK

if TYPE_CHECKING:
    import ibis.expr.types as ir

FIRST_SIGN = "!"  # what begins with white space comes before it
LARGEST = float(np.finfo("float64").max)  # databases sort NaN above it, and not all have a test for NaN


def id_of(column: ir.Value) -> ir.Value:
    """Return ids as they are, blanks null."""
    import ibis

    kind = column.type()
    if kind.is_integer():
        return column
    if kind.is_floating():
        return ibis.ifelse(column.isnan(), ibis.null("float64"), column)
    text = column.cast("string")
    blank = ibis.ifelse(text < FIRST_SIGN, text.strip() == "", False)  # trimming every id would cost more than the sums
    return ibis.ifelse(blank, ibis.null("string"), text)


def number_of(column: ir.Value) -> ir.Value:
    """Return finite numbers as float64."""
    import ibis

    if column.type().is_string():
        column = column.strip().try_cast("float64")
    number = column.cast("float64")
    return ibis.ifelse(number.abs() <= LARGEST, number, ibis.null("float64"))


def text_of(column: ir.Value, *, lower: bool) -> ir.Value:
    """Return trimmed texts."""
    import ibis

    text = column.cast("string").strip()
    text = text.lower() if lower else text
    return ibis.ifelse(text.isin(BLANK), ibis.null("string"), text)
