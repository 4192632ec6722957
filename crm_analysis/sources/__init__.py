"""Public file formats into tables: one file per format, each with a `SOURCE`.

>>> "taobao-userbehavior" in names()
True
"""

from __future__ import annotations

from importlib import import_module

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.open import check_data, open_data
from crm_analysis.sources.source import Source

__all__ = ["NAMES", "Source", "check_data", "get", "names", "open_data"]

NAMES = (
    "taobao-userbehavior",
    "taobao-mobile",
    "online-retail",
    "cdnow",
    "amazon-reviews",
    "telco",
    "csv",
)


def names() -> tuple[str, ...]:
    """Return the names of all sources."""
    return NAMES


def get(name: str) -> Source:
    """Return the source called `name`; an unknown name is an `InputError` with the nearest spelling."""
    if name not in NAMES:
        raise InputError(f"there is no source {name!r}", expected=", ".join(NAMES), mend=nearest(name, NAMES))
    return import_module(f"crm_analysis.sources.{name.replace('-', '_')}").SOURCE
