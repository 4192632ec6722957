"""The house rules that a machine can check: who imports whom, quiet and quick imports, files, notebooks, links."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from crm_analysis.words import glossary

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "crm_analysis"
IGNORED = {".git", ".venv", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", "__pycache__", "out"}

FLOOR = {"errors", "intervals", "survival", "figures", "words"}
MAY_IMPORT = {  # room: the rooms it may import, besides itself
    "errors": set(),
    "intervals": set(),
    "survival": {"errors", "intervals"},
    "figures": FLOOR,
    "words": FLOOR,
    "fonts": set(),
    "tables": FLOOR,
    "sources": FLOOR | {"tables"},
    "simulate": FLOOR | {"tables"},
    "segments": FLOOR | {"tables"},
    "clv": FLOOR | {"tables"},
    "satisfaction": FLOOR | {"tables"},
    "churn": FLOOR | {"tables", "segments", "clv"},
    "marketing": FLOOR | {"tables", "segments", "clv", "churn"},
    "report": FLOOR | {"tables"},
}
KNOWS_ALL = {"cli", "__main__"}
MEASURES = ("segments", "clv", "satisfaction", "churn", "marketing")
LATE = {  # modules that subclass scikit-learn's estimators: loaded when first asked for
    "crm_analysis.churn.models.bg_nbd_churn",
    "crm_analysis.churn.models.calibration_estimator",
}
SLOW = ("papermill", "nbconvert", "sklearn", "statsmodels", "ibis", "lifetimes", "IPython", "scipy.stats")


@cache
def project_files() -> tuple[Path, ...]:
    """Files that belong to the project: those git knows or would add; without git, all but the usual leftovers."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout.split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not IGNORED & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def listed(wrong: list[str]) -> str:
    return "\n" + "\n".join(wrong)


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file of the project that is text."""
    for path in project_files():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            yield name(path), data.decode("utf-8", errors="replace")


def modules() -> list[tuple[str, ast.Module]]:
    paths = [path for path in project_files() if path.suffix == ".py" and PACKAGE in path.parents]
    return [(name(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


# Who imports whom


def imported(tree: ast.Module, module: str) -> set[str]:
    """Names of the rooms of this package that a module imports, wherever in it."""
    package = module.removesuffix(".py").split("/")
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else []
            start = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {start} if start != "crm_analysis" else {f"crm_analysis.{alias.name}" for alias in node.names}
    return {full.split(".")[1] for full in found if full.startswith("crm_analysis.")}


def test_nothing_imports_upward():
    wrong = []
    for module, tree in modules():
        room = module.split("/")[1].removesuffix(".py")
        if room in KNOWS_ALL | {"__init__"}:
            continue
        assert room in MAY_IMPORT, f"{room} is new: say in MAY_IMPORT and in docs/ARCHITECTURE.md what it may import"
        names = imported(tree, module) - {room, "__version__"}
        wrong += [f"{module} imports {other}" for other in sorted(names - MAY_IMPORT[room])]
    assert not wrong, listed(wrong)


# Quiet and quick imports

LOOK = """
import importlib, json, pkgutil, sys
import matplotlib, pandas
from pandas._config import config

def settings():
    keys = [key for key in config._registered_options if key not in config._deprecated_options]
    return dict(matplotlib.rcParams), {key: pandas.get_option(key) for key in keys}

before = settings()
late = set(sys.argv[1].split(","))
for room in sys.argv[2:]:
    package = importlib.import_module(f"crm_analysis.{room}")
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"crm_analysis.{room}."):
        if module.name not in late:
            importlib.import_module(module.name)
print(json.dumps({"unchanged": before == settings(), "modules": sorted(sys.modules)}))
"""


def present(rooms: Iterable[str]) -> list[str]:
    """Rooms that hold a module; some are planned, and fonts are no module."""
    return [room for room in rooms if (PACKAGE / f"{room}.py").exists() or (PACKAGE / room / "__init__.py").exists()]


def import_rooms(*rooms: str, late: Iterable[str] = ()) -> dict:
    command = [sys.executable, "-W", "error", "-c", LOOK, ",".join(late), *rooms]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1, "importing prints nothing"
    return json.loads(done.stdout)


def test_importing_everything_changes_no_setting():
    assert import_rooms(*present(MAY_IMPORT), "cli")["unchanged"]


def test_importing_the_measures_is_quick():
    modules = set(import_rooms("tables", *present(MEASURES), late=LATE)["modules"])
    slow = sorted(modules & set(SLOW))
    assert not slow, listed(slow)


def test_importing_the_command_is_quick():
    modules = set(import_rooms("cli")["modules"])
    assert sorted(modules & {*SLOW, "pandas", "nbformat", "duckdb", "crm_analysis.report"}) == ["pandas"]  # LOOK's own


# Code


def public(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.ClassDef, str]]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node, node.name
            for member in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    yield member, f"{node.name}.{member.name}"


def test_public_names_are_documented_and_annotated():
    wrong = []
    for module, tree in modules():
        for node, full in public(tree):
            wrong += [f"{module}: {full} has no docstring"] if not ast.get_docstring(node) else []
            if isinstance(node, ast.FunctionDef) and node.returns is None:
                wrong.append(f"{module}: {full} has no return annotation")
    assert not wrong, listed(wrong)


def test_modules_and_functions_are_short():
    wrong = []
    for module, tree in modules():
        lines = (ROOT / module).read_text(encoding="utf-8").count("\n")
        wrong += [f"{module}: {lines} lines"] if lines > 400 else []
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                start = node.body[1].lineno if ast.get_docstring(node) and len(node.body) > 1 else node.lineno
                length = node.end_lineno - start + 1
                wrong += [f"{module}: {node.name} has {length} lines"] if length > 50 else []
    assert not wrong, listed(wrong)


# Files

HOME = "|".join(["/" + "work/", "/" + r"home/\w", "/" + r"Users/\w", "/" + "root/", r"[A-Z]:\\" + r"Users\\"])
HOSTS = "|".join(["py" + r"pi\.", "python" + "hosted", "ana" + r"conda\.(?:org|com|cloud)", r"tuna\.tsing" + "hua"])
MACHINE = re.compile(rf"(?<![\w.:/])(?:{HOME})")
REGISTRY = re.compile(rf"(?:https?://|\b)[\w./-]*(?:{HOSTS})|file" + "://", re.I)


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["path of one machine", "address of a registry"])
def test_no_file_names_it(pattern):
    hits = [f"{file}: {hit[0]}" for file, text in texts() for hit in pattern.finditer(text)]
    assert not hits, listed(hits)


def test_files_are_small():
    large = [name(path) for path in project_files() if path.stat().st_size > 2_000_000]
    assert not large, listed(large)


def test_chinese_has_chinese_punctuation():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
    kinds = (".py", ".md", ".yml", ".ipynb")
    prose = [(file, text) for file, text in texts() if file.endswith(kinds) and "sources/" not in file]
    wrong = [f"{file}: {hit[0]}" for file, text in prose for hit in half.finditer(text)]  # sources quote raw files
    assert not wrong, listed(wrong)


LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


def anchors(text: str) -> set[str]:
    """Anchors that headings get: lower case, spaces to hyphens, signs dropped."""
    headings = re.findall(r"^#+ +(.*?) *$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_in_documents_lead_somewhere():
    broken = []
    for file, text in texts():
        if not file.endswith(".md"):
            continue
        for link in LINK.findall(text):
            path, _, anchor = link.partition("#")
            target = (ROOT / file).parent / path if path else ROOT / file
            if "://" in link or link.startswith("mailto:"):
                continue
            lost = not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8")))
            broken += [f"{file}: {link}"] if lost else []
    assert not broken, listed(broken)


def test_both_readmes_have_the_same_parts():
    def shape(file: str) -> list[str]:
        text = re.sub(r"```.*?```", "```", (ROOT / file).read_text(encoding="utf-8"), flags=re.S)
        return re.findall(r"^(#+|```|- |\| `\w+`)", text, re.M)

    assert shape("README.md") == shape("README.zh.md")
    assert all((ROOT / file).read_text(encoding="utf-8").count("\n") <= 150 for file in ("README.md", "README.zh.md"))


def test_folders_named_in_the_readmes_exist():
    for file in ("README.md", "README.zh.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        tree = re.search(r"```\n(crm_analysis/.*?)```", text, re.S)[1]
        parents = {"": ROOT, "  ": PACKAGE}
        for indent, folder in re.findall(r"^( *)([\w/]+/) ", tree, re.M):
            assert (parents[indent] / folder).is_dir(), folder


def test_the_glossary_is_in_step_with_the_words():
    stored = glossary.FILE.read_text(encoding="utf-8")
    assert stored == glossary.glossary(), "run: python -m crm_analysis.words.glossary"


def test_the_fonts_are_those_that_their_readme_names():
    for file, digest in re.findall(
        r"`(\S+\.otf)` .*`([0-9a-f]{64})`", (PACKAGE / "fonts/README.md").read_text("utf-8")
    ):
        assert hashlib.sha256((PACKAGE / "fonts" / file).read_bytes()).hexdigest() == digest
    assert "2014-2021 Adobe" in (PACKAGE / "fonts/OFL.txt").read_text(encoding="utf-8")


# Notebooks

NOTEBOOKS = [path for path in project_files() if path.suffix == ".ipynb"]
MOST_LINES, USUAL_LINES = 25, 12  # a sentence in two languages takes five lines


def cell_source(cell: dict) -> str:
    return "".join(cell["source"])


def breaches_of_code(cells: list[dict]) -> Iterator[str]:
    for index, cell in enumerate(cells):
        lines = [line for line in cell_source(cell).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            yield f"code cell {index}: {len(lines)} lines, at most {MOST_LINES}"
        kinds = {type(node) for node in ast.walk(ast.parse(cell_source(cell)))}
        if kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef}:
            yield f"code cell {index}: defines a function or class; it belongs in the package"
        if cell["outputs"] or cell["execution_count"] is not None:
            yield f"code cell {index}: stored with its output; run make format"


def heading(cell: dict) -> str:
    """Level of a cell's first heading."""
    return (re.findall(r"^#+(?= )", cell_source(cell), re.M) or [""])[0]


def breaches_of_prose(cells: list[dict]) -> Iterator[str]:
    languages = [tag for cell in cells for tag in cell["metadata"].get("tags", []) if tag.startswith("lang-")]
    told = [cell for cell in cells if any(tag.startswith("lang-") for tag in cell["metadata"].get("tags", []))]
    for first in range(0, len(told), 2):
        if set(languages[first : first + 2]) != {"lang-zh", "lang-en"}:
            yield f"prose cell {first}: its twin in the other language does not follow"
            return
        if heading(told[first]) != heading(told[first + 1]):
            yield f"prose cell {first}: the twins differ in the level of their heading"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_has_the_shape_of_the_house(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    wrong = [*breaches_of_code(code), *breaches_of_prose(book["cells"])]
    if book["metadata"].get("kernelspec", {}).get("name") != "python3":
        wrong.append("kernelspec is not python3")
    tagged = sum("parameters" in cell["metadata"].get("tags", []) for cell in code)
    if path.parent.name == "cases" and tagged != 1:
        wrong.append(f"{tagged} cells tagged `parameters`, not one")
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_cells_are_usually_short(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    lengths = [cell_source(cell).count("\n") + 1 for cell in book["cells"] if cell["cell_type"] == "code"]
    assert lengths, "a notebook without code"
    assert statistics.median(lengths) <= USUAL_LINES
