"""What a user may say about a file: options of the command line, or a YAML file that holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import yaml

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.columns import parse_map
from crm_analysis.tables import TABLES, check_zone

KEEP_ASIDE = ("keep", "aside")
KEEP_DROP = ("keep", "drop")
OF_ABOUT = ("name", "name_zh", "company", "origin", "source", "licence")


def one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raise `InputError` if an option has a value that is not allowed."""
    if value not in allowed:
        raise InputError(f"{value!r} is no value of --{option}", expected=" or ".join(allowed),
                         mend=nearest(value, allowed) or f"--{option} {allowed[0]}")  # fmt: skip


@dataclass(frozen=True)
class Options:
    """Options of the source ``csv``; empty ones are found from the file.

    Parameters
    ----------
    columns : str
        ``target=column`` pairs, or the path of a YAML file with any of these options.
    table : str
    zone, currency, time_format, encoding, delimiter, decimal, sheet, name : str
    refunds, closed : {"keep", "aside"}
    duplicates : {"keep", "drop"}
    picked : dict of str to str
        The column map, read from `columns`.
    about : dict of str to str
        Entries of ``about.yml`` that the YAML file gives.

    Examples
    --------
    >>> Options(columns="amount=Total", currency="cny").settled().picked
    {'amount': 'Total'}
    """

    columns: str = ""
    table: str = "orders"
    zone: str = ""
    currency: str = ""
    time_format: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    sheet: str = ""
    name: str = ""
    refunds: str = "keep"
    closed: str = "keep"
    duplicates: str = "keep"
    picked: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    def settled(self) -> Options:
        """Return the options with the column map read, and all of them checked."""
        done = self._with_file() if self.columns.endswith((".yml", ".yaml")) else self
        if done is self and self.columns:
            done = replace(self, picked=parse_map(self.columns))
        one_of("refunds", done.refunds, KEEP_ASIDE)
        one_of("closed", done.closed, KEEP_ASIDE)
        one_of("duplicates", done.duplicates, KEEP_DROP)
        one_of("decimal", done.decimal, (".", ","))
        one_of("table", done.table, tuple(TABLES))
        if done.zone:
            check_zone(done.zone)
        if done.currency and not re.fullmatch(r"[A-Za-z]{3}", done.currency):
            raise InputError(f"the currency {done.currency!r} is not known", expected="three letters of ISO 4217",
                             mend="for example CNY, USD, GBP")  # fmt: skip
        return replace(done, currency=done.currency.upper())

    def _with_file(self) -> Options:
        """Return the options with those of the YAML file in place of the defaults."""
        given = _read_yaml(Path(self.columns))
        picked = given.pop("columns", None) or {}
        if isinstance(picked, str):
            picked = parse_map(picked)
        about = {key: str(given.pop(key)) for key in OF_ABOUT if key in given and key != "name"}
        default = Options()
        new = {key: str(value) for key, value in given.items() if getattr(self, key) == getattr(default, key)}
        return replace(self, **new, picked={str(k): str(v) for k, v in picked.items()}, about=about)


def _read_yaml(path: Path) -> dict:
    known = [entry.name for entry in fields(Options) if entry.name not in ("picked", "about")] + list(OF_ABOUT)
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError("there is no such file of columns", where=path, mend="check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("the file of columns cannot be read as YAML", where=path, mend=str(error)) from error
    if not isinstance(given, dict):
        raise InputError("the file of columns holds no keys", where=path, expected=f"keys among {', '.join(known)}",
                         mend="for example\ncolumns:\n  customer_id: Customer ID")  # fmt: skip
    for key in given:
        if key not in known:
            raise InputError(f"the file of columns has the unknown key {key!r}", where=path,
                             expected=f"keys among {', '.join(known)}", mend=nearest(key, known))  # fmt: skip
    return given
