"""Which column of a file is which column of a table: as the user says, or guessed from the names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.spellings import bare, groups
from crm_analysis.tables import TABLES

MADE = ("order_id", "rating_id", "ticket_id", "contact_id", "visit_id", "post_id", "task_id", "respondent_id")
EXAMPLE = '--columns "customer_id=Customer ID,ordered_at=InvoiceDate,amount=Quantity*Price"'
LIKE_DATA = r"[-+¥$£€]?[\d,.]+|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*"

Factor = str | float
Picks = dict[str, list[Factor]]


def parse_map(text: str) -> dict[str, str]:
    """Read ``target=column,target=column``; a column's name may hold commas and ``=``.

    Examples
    --------
    >>> parse_map("customer_id=Customer ID, amount=Price, total")
    {'customer_id': 'Customer ID', 'amount': 'Price, total'}
    """
    found: dict[str, str] = {}
    for pair in re.split(r"[,\uff0c](?=[^=,\uff0c]*=)", text):
        target, equals, column = (part.strip() for part in pair.partition("="))
        if not (target and equals and column):
            raise InputError(f"the column map {pair.strip()!r} cannot be read", where="--columns",
                             expected="pairs of the table's column and the file's column", mend=EXAMPLE)  # fmt: skip
        if target in found:
            raise InputError(f"the column map names {target} twice", where="--columns", mend="name it once")
        found[target] = column
    return found


def parts(expression: str) -> list[str]:
    """Return the factors of a product.

    Examples
    --------
    >>> parts("Quantity * Price")
    ['Quantity', 'Price']
    """
    return [part.strip() for part in re.split(r"[*×]", expression)]


def guess(names: Sequence[str], table: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return which column each column of `table` is taken from, and those for which several could be meant.

    Examples
    --------
    >>> guess(["会员ID", "下单时间", "实付金额"], "orders")[0]
    {'customer_id': '会员ID', 'ordered_at': '下单时间', 'amount': '实付金额'}
    >>> guess(["Customer ID", "InvoiceDate", "Quantity", "Price"], "orders")[0]["amount"]
    'Quantity*Price'
    """
    taken: dict[str, str] = {}
    unclear: dict[str, list[str]] = {}
    for column in [column.name for column in TABLES[table].columns]:
        found = _candidates(names, column)
        if len(found) == 1:
            taken[column] = found[0]
        elif found:
            unclear[column] = found
    if table == "orders" and "amount" not in taken and "amount" not in unclear:
        price = _candidates(names, "unit_price")
        if len(price) == 1 and "quantity" not in unclear:
            taken["amount"] = f"{taken['quantity']}*{price[0]}" if "quantity" in taken else price[0]
        elif price:
            unclear["amount"] = price
    return taken, unclear


def _candidates(names: Sequence[str], column: str) -> list[str]:
    return next((hits for group in groups(column) if (hits := [name for name in names if bare(name) in group])), [])


def picks(given: Mapping[str, str], names: Sequence[str], table: str, *, where: str) -> Picks:
    """Return for each column of the table the columns of the file, or numbers, whose product it is.

    Parameters
    ----------
    given : mapping of str to str
        The user's map; guessed from `names` where empty.
    names : sequence of str
        Columns of the file.
    table : str
    where : str
        File and line of the header, for messages.

    Raises
    ------
    InputError
        One for all that is missing, ambiguous or misspelt, with a ``--columns`` line to paste.

    Examples
    --------
    >>> picks({"amount": "qty * price", "customer_id": "who", "ordered_at": "day"},
    ...       ["who", "day", "Qty", "Price"], "orders", where="shop.csv, line 1")["amount"]
    ['Qty', 'Price']
    """
    guessed, unclear = guess(names, table)
    problems = _backward(given, names, table)
    found: Picks = {}
    for target, expression in (given or guessed).items() if not problems else ():
        found[target], problem = _factors(expression, names, target, table)
        problems += [f"{target}: {problem}"] if problem else []
    for target in _needed(table) if not problems else ():
        if not given and target in unclear:
            problems.append(f"{target} could be {' or '.join(unclear[target])}")
        elif target not in found:
            problems.append(f"no column is known to be {target}")
    if problems:
        likely = {**{target: hits[0] for target, hits in unclear.items()}, **guessed}
        right = {target: expression for target, expression in given.items() if found.get(target)}
        what, mend = _shape(names) or ("; ".join(problems), _line_to_paste({**likely, **right}, table))
        raise InputError(what, where=f"{where} (has: {', '.join(filter(None, names))})",
                         expected=f"a column each for {', '.join(_needed(table))}", mend=mend)  # fmt: skip
    return found


def _needed(table: str) -> list[str]:
    return [name for name in TABLES[table].required if name not in MADE]


def _line_to_paste(known: Mapping[str, str], table: str) -> str:
    pairs = ",".join(f"{target}={known.get(target, '?')}" for target in _needed(table))
    return f'--columns "{pairs}"' + (" with the right names in place of ?" if "=?" in pairs else "")


def _shape(names: Sequence[str]) -> tuple[str, str] | None:
    """Return what is wrong with the header as a whole, and how to mend it."""
    given = [name for name in names if name]
    if any(re.fullmatch(LIKE_DATA, name) for name in given):
        return "the first line looks like data", "put a line with the names of the columns above it"
    if len(given) == 1:
        return f"the file has the one column {given[0]!r}", "name the mark between its columns: --delimiter"
    return None


def _backward(given: Mapping[str, str], names: Sequence[str], table: str) -> list[str]:
    known = {column.name for column in TABLES[table].columns}
    if known & set(given) or not known & set(given.values()):
        return []
    return [f"the map is the wrong way round: write {column}={target}" for target, column in list(given.items())[:1]]


def _factors(expression: str, names: Sequence[str], target: str, table: str) -> tuple[list[Factor], str]:
    """Return the factors of one column of the table, and what is wrong with the expression."""
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    if target not in kinds and (close := difflib.get_close_matches(target, kinds, 1, cutoff=0.8)):
        return [], f"the table {table} has no such column, did you mean {close[0]!r}?"
    whole, each = _match(expression, names), parts(expression)
    if whole:
        return [whole], ""
    if len(each) == 1:
        return [], _absent(expression, names)
    if kinds.get(target) not in ("number", "count"):
        return [], f"only a number can be a product, not {expression!r}"
    factors = [_match(part, names) or (float(part) if re.fullmatch(r"\d+(\.\d+)?", part) else "") for part in each]
    absent = [part for part, factor in zip(each, factors) if factor == ""]
    if absent:
        return [], "; ".join(_absent(part, names) for part in absent)
    named = any(isinstance(factor, str) for factor in factors)
    return (factors, "") if named else ([], f"the product {expression!r} names no column of the file")


def _match(wanted: str, names: Sequence[str]) -> str:
    """Return the column of that name, or the only one that differs in case, spaces and marks alone."""
    alike = [name for name in names if name and bare(name) == bare(wanted)]
    return wanted if wanted in names else alike[0] if len(alike) == 1 else ""


def _absent(name: str, names: Sequence[str]) -> str:
    hint = nearest(name, filter(None, names))
    return f"the file has no column {name!r}{', ' if hint else ''}{hint}"
