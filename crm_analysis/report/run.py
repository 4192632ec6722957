"""Run case notebooks through papermill: checked before a kernel starts, whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from crm_analysis.errors import InputError
from crm_analysis.report import cases
from crm_analysis.report.attachments import attached
from crm_analysis.report.parameters import check

LANGUAGES = ("zh", "en")
WORKERS = 2


@dataclass(frozen=True)
class Job:
    """One report to make: a case with its checked parameters.

    Parameters
    ----------
    case : str
    parameters : dict
        As given; `plan` checks them.
    """

    case: str
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """File name of the report without ending."""
        return f"{self.case}-{self.parameters['language']}"


@dataclass(frozen=True)
class Done:
    """A finished report: where its files are and how long it took."""

    job: Job
    files: tuple[Path, ...]
    seconds: float

    @property
    def page(self) -> Path:
        """The HTML page among the files."""
        return next(path for path in self.files if path.suffix == ".html")


def plan(names: Sequence[str], languages: Sequence[str], parameters: dict[str, object]) -> list[Job]:
    """Return the jobs for all cases and languages, every parameter checked.

    Raises
    ------
    InputError
        Listing all parameters that cannot be used.
    """
    jobs = []
    for name in names:
        case = cases.get(name)
        for language in languages:
            given = parameters | {"language": language}
            check(case.parameters, given, where=f"{case.path.name} (crm params {name} lists them)")
            jobs.append(Job(name, given))
    return jobs


def make(jobs: Sequence[Job], out: str | Path, *, tell: Callable[[Done], None] | None = None) -> list[Done]:
    """Run all jobs, two at a time, and put notebook and HTML of each, and the files it attaches, into `out`.

    A report appears in `out` complete or not at all; an interrupt removes what was
    half-made. Two runs into the same folder do not meet: each works in a folder of
    its own and moves its files at the end.

    Parameters
    ----------
    jobs : sequence of Job
        From `plan`.
    out : path
        Made if absent.
    tell : callable, optional
        Called with each report as it is done.

    Returns
    -------
    list of Done

    Raises
    ------
    InputError
        If `out` cannot be written or a notebook cannot use the data.
    RuntimeError
        If a cell fails; the message holds the cell and the error.
    """
    _prepare_jupyter()
    tell = tell or (lambda done: None)
    with _workshop(Path(out)) as work, ThreadPoolExecutor(min(WORKERS, len(jobs))) as pool:
        futures, finished = [], []
        try:
            futures += [pool.submit(_one, job, work, Path(out), row) for row, job in enumerate(jobs)]
            import nbconvert  # noqa: F401  loaded here while the kernels work, wanted when the first is done

            for future in futures:
                finished.append(future.result())
                tell(finished[-1])
        except KeyboardInterrupt:
            shutil.rmtree(work, ignore_errors=True)
            print("\ninterrupted: nothing half-made was left", file=sys.stderr)  # noqa: T201
            os._exit(130)  # kernels watch their parent and end with it
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return finished


def _prepare_jupyter() -> None:
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    from papermill.translators import papermill_translators

    from crm_analysis.report.translator import ReadablePython

    papermill_translators.register("python", ReadablePython)


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    except OSError as error:
        raise InputError(
            "the output folder cannot be written", where=out, mend=f"choose another with --out ({error.strerror})"
        ) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _one(job: Job, work: Path, out: Path, row: int) -> Done:
    from crm_analysis.report.page import page

    started = time.perf_counter()
    notebook = _execute(job, row)
    notebook = tidy(notebook, str(job.parameters["language"]))
    files = {f"{job.name}.ipynb": nbformat.writes(notebook), f"{job.name}.html": page(notebook, job)}
    files |= {f"{job.name}-{name}": text for name, text in attached(notebook.cells).items()}
    for name, text in files.items():
        (work / name).write_text(text, encoding="utf-8", newline="")
    for name in files:
        (work / name).replace(out / name)
    return Done(job, tuple(out / name for name in files), time.perf_counter() - started)


def _execute(job: Job, row: int) -> nbformat.NotebookNode:
    import papermill

    from crm_analysis.report.kernel import OwnKernel

    bar = {"desc": job.name, "position": row, "leave": False, "disable": None, "unit": "cell"}
    try:
        return papermill.execute_notebook(
            nbformat.read(cases.get(job.case).path, as_version=4),
            None,
            dict(job.parameters),
            progress_bar=bar,
            kernel_name="python3",
            kernel_manager_class=OwnKernel,
            shutdown_kernel="immediate",
        )
    except papermill.PapermillExecutionError as error:
        if error.ename == "InputError":
            raise InputError(error.evalue) from None
        cell = error.source.strip()
        raise RuntimeError(
            f"the notebook {job.case}.ipynb stopped at this cell:\n\n{cell}\n\n{error.ename}: {error.evalue}"
        ) from error


def tidy(notebook: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """Return the executed notebook with the prose of one language, without traces of this machine."""
    other = {"zh": "lang-en", "en": "lang-zh"}[language]
    clean = nbformat.from_dict(notebook)
    clean.cells = [cell for cell in clean.cells if other not in cell.metadata.get("tags", [])]
    clean.metadata.pop("papermill", None)
    for cell in clean.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return clean
