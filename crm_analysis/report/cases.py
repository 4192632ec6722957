"""The case notebooks and the lessons: where they are, what they are called, which parameters they take.

They lie in ``notebooks/cases`` and ``notebooks/lessons`` of the project, or in the folder
that the environment variable ``CRM_CASES`` names.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crm_analysis.errors import InputError, nearest
from crm_analysis.report.parameters import Parameter, read_parameters

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CASES, LESSONS = NOTEBOOKS / "cases", NOTEBOOKS / "lessons"


@dataclass(frozen=True)
class Case:
    """A case study or a lesson: a notebook with a ``parameters`` cell and a title in both languages.

    Parameters
    ----------
    name : str
        What the user types, the notebook's file name without its ending.
    path : pathlib.Path
    """

    name: str
    path: Path

    @cached_property
    def notebook(self) -> dict:
        """The notebook as stored; read as JSON, for nbformat takes a second to load."""
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError("the notebook is no JSON", where=self.path.name, mend=str(error)) from error

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters that the notebook takes."""
        cells = [cell for cell in self.notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
        if len(cells) != 1:
            raise InputError(
                f"the notebook has {len(cells)} cells tagged `parameters`", where=self.path.name, expected="exactly one"
            )
        try:
            return read_parameters("".join(cells[0]["source"]))
        except (ValueError, SyntaxError) as error:
            raise InputError("the parameters cell cannot be read", where=self.path.name, mend=str(error)) from error

    def title(self, lang: str) -> str:
        """Return the title of the case, from the notebook's metadata."""
        return self.notebook["metadata"].get("crm", {}).get("title", {}).get(lang, self.name)

    @property
    def is_lesson(self) -> bool:
        """Whether this is a lesson, whose page shows the code."""
        return self.path.parent == LESSONS


def folders() -> tuple[Path, ...]:
    """Return the folders of notebooks: cases, then lessons."""
    chosen = os.environ.get("CRM_CASES")
    return (Path(chosen),) if chosen else (CASES, LESSONS)


def folder() -> Path:
    """Return the folder of case notebooks, where their files (claims) lie too."""
    return folders()[0]


def names() -> list[str]:
    """Return the names of all case notebooks, then of all lessons."""
    return [path.stem for folder in folders() for path in sorted(folder.glob("*.ipynb"))]


def get(name: str) -> Case:
    """Return the case or lesson called `name`; an unknown name is an `InputError` with the nearest spelling."""
    for folder in folders():
        if (folder / f"{name}.ipynb").is_file():
            return Case(name, folder / f"{name}.ipynb")
    raise InputError(f"there is no case {name!r}", expected=", ".join(names()), mend=nearest(name, names()))
