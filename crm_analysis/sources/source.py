"""What a source is: a public file format and the function that turns such a file into tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import About, Ledger, finish, whole_folder

SAMPLES = Path(__file__).resolve().parents[2] / "data"  # the sample companies of the project


@dataclass(frozen=True)
class Source:
    """A file format that `crm import` reads.

    Parameters
    ----------
    name : str
        What the user types, such as ``taobao-userbehavior``.
    zh, en : str
        One line on what the file is and where it is published.
    example : str
        A command that a user could type.
    convert : callable
        ``convert(path, folder, *, option=default, ...)`` reads `path`, writes
        ``<table>.parquet`` (or ``.csv``) files into the existing `folder` and returns
        ``(About, Ledger)``. Its keyword-only parameters are the options of the source.
    """

    name: str
    zh: str
    en: str
    example: str
    convert: Callable[..., tuple[About, Ledger]]

    @property
    def options(self) -> dict[str, object]:
        """Names of the options and their defaults."""
        parameters = inspect.signature(self.convert).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}

    def run(self, path: str | Path, target: str | Path, **options: object) -> Ledger:
        """Import `path` into the folder `target`, whole or not at all, and return the ledger.

        Raises
        ------
        InputError
            If an option is not one of this source, or the file cannot be used.
        """
        for name in options:
            if name not in self.options:
                raise InputError(
                    f"the source {self.name} has no option --{name.replace('_', '-')}",
                    expected=", ".join(f"--{known.replace('_', '-')}" for known in self.options) or "no options",
                    mend=nearest(name, self.options) or "leave it out",
                )
        if Path(target).resolve().parent == SAMPLES and Path(target, "truth.yml").is_file():
            raise InputError("that folder holds the sample company of the project", where=target,
                             mend=f"name another, such as data/{self.name}")  # fmt: skip
        with whole_folder(target) as work:
            about, ledger = self.convert(Path(path), work, **options)
            finish(work, about, ledger)
        return ledger
