"""The files that describe the project to installers agree with each other, and set-up explains itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import crm_analysis

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb"}
TOOLS = {"make", "pip", "python"}  # in environment.yml only
NAMED = {"jupyterlab", "pandas", "seaborn", "scikit-learn", "lifetimes", "papermill", "pytest"}
TARGET = re.compile(r"^([a-z]+):", re.M)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads(read("pyproject.toml"))["project"]


@pytest.fixture(scope="module")
def asked(project) -> dict[str, Requirement]:
    """Requirements of pyproject.toml, those of development included."""
    texts = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {canonicalize_name((need := Requirement(text)).name): need for text in texts}


@pytest.fixture(scope="module")
def conda() -> dict[str, Requirement]:
    """Requirements of environment.yml by the name they have on conda-forge."""
    entries = yaml.safe_load(read("environment.yml"))["dependencies"]
    nested = [text for entry in entries if isinstance(entry, dict) for text in entry["pip"] if text != "-e ."]
    texts = [entry for entry in entries if isinstance(entry, str)] + nested
    return {canonicalize_name((need := Requirement(text)).name): need for text in texts}


@pytest.fixture(scope="module")
def lock() -> list[tuple[Requirement, str]]:
    """Entries of requirements.lock, each with its whole text."""
    entries = re.split(r"\n(?=\S)", read("requirements.lock").strip())
    return [(Requirement(entry.split(" \\")[0]), entry) for entry in entries if not entry.startswith("#")]


def test_environment_and_pyproject_name_the_same_packages_and_bounds(asked, conda):
    expected = {CONDA_NAMES.get(name, name): need.specifier for name, need in asked.items()}
    assert {name: need.specifier for name, need in conda.items() if name not in TOOLS} == expected


def test_environment_installs_the_project_itself_on_the_same_python(project):
    environment = yaml.safe_load(read("environment.yml"))
    assert environment["channels"] == ["conda-forge"]
    assert "-e ." in environment["dependencies"][-1]["pip"]
    python = next(Requirement(x) for x in environment["dependencies"] if isinstance(x, str) and x.startswith("python>"))
    assert project["requires-python"].split(",")[0] in str(python.specifier).split(",")


def test_lock_satisfies_every_bound(asked, lock):
    locked: dict[str, list[str]] = {}
    for need, _ in lock:
        locked.setdefault(canonicalize_name(need.name), []).extend(spec.version for spec in need.specifier)
    assert sorted(set(asked) - set(locked)) == []
    wrong = [f"{name} {v}" for name, need in asked.items() for v in locked[name] if not need.specifier.contains(v)]
    assert wrong == []


def test_lock_pins_and_hashes_every_line_and_names_no_address(lock):
    assert [need.name for need, _ in lock if [spec.operator for spec in need.specifier] != ["=="]] == []
    assert [need.name for need, text in lock if "--hash=sha256:" not in text] == []
    assert "//" not in read("requirements.lock")


def test_packages_this_project_is_known_for_are_in_all_three(asked, conda, lock):
    for names in (set(asked), set(conda), {canonicalize_name(need.name) for need, _ in lock}):
        assert sorted(NAMED - names) == []


def test_one_version_everywhere(project):
    version = project["version"]
    assert crm_analysis.__version__ == version
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert f"\n## {version}" in read("CHANGELOG.md")


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md", ".ci/run"])
def test_make_commands_in_documents_exist(name):
    targets = set(TARGET.findall(read("Makefile")))
    used = set(re.findall(r"(?:^|`)make ([a-z]+)", read(name), re.M))
    assert used
    assert sorted(used - targets) == []


def test_ci_runs_the_commands_of_the_readme():
    lines = read(".ci/run").splitlines()
    assert lines[-1] == "make test"  # its closing line is the last thing seen
    for command in ("make report", "make test"):
        assert command in lines
        assert f"\n{command}" in read("README.md")
        assert f"\n{command}" in read("README.zh.md")
    assert os.access(ROOT / ".ci" / "run", os.X_OK) or os.name == "nt"


def test_help_lists_every_target():
    makefile = read("Makefile")
    explained = set(re.findall(r"^([a-z]+):.*## \S", makefile, re.M))
    assert explained == set(TARGET.findall(makefile))
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
    assert set(phony) == explained


def test_commands_of_both_readmes_are_the_same():
    def commands(name: str) -> list[str]:
        blocks = re.findall(r"```(?:sh|powershell)\n(.*?)```", read(name), re.S)
        lines = (re.split(r"(?:^|  +)#", line)[0].rstrip() for block in blocks for line in block.splitlines())
        return [line for line in lines if line]

    assert commands("README.md") == commands("README.zh.md")


def run_setup(folder: Path, *, pythons: dict[str, str], **env: str) -> subprocess.CompletedProcess:
    """Run a copy of setup.sh with nothing on PATH but a few tools and the given scripts in place of Python."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "cat", "cksum", "dirname", "rm"):
        (tools / tool).symlink_to(shutil.which(tool))
    for name, script in pythons.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    for name in ("setup.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return subprocess.run(
        ["sh", "setup.sh"], cwd=folder, env={"PATH": str(tools), **env}, capture_output=True, text=True, check=False
    )


needs_sh = pytest.mark.skipif(os.name == "nt", reason="setup.sh is for POSIX; Windows follows the README")
BROKEN_SHIM = "echo 'command not found' >&2; exit 127"
NO_VENV = 'case "$2" in *ensurepip*) exit 1;; esac; exit 0'
GOOD = """case "$1" in
  --version) echo Python 3.12.9 ;;
  -m) [ "$2" = venv ] && /bin/mkdir -p .venv/bin && /bin/cp "$0" .venv/bin/python ;;
esac
[ "$2" != pip ] || echo "pip $*" >>pip.log"""


@needs_sh
def test_setup_without_a_fitting_python_says_what_to_install(tmp_path):
    done = run_setup(tmp_path, pythons={"python3.12": BROKEN_SHIM, "python3": "exit 1"})
    assert done.returncode == 1
    assert "Python 3.11, 3.12, 3.13 or 3.14 is needed" in done.stderr
    assert "需要 Python 3.11" in done.stderr
    assert not (tmp_path / ".venv").exists()


@needs_sh
def test_setup_without_venv_says_what_to_install(tmp_path):
    done = run_setup(tmp_path, pythons={"python3": NO_VENV})
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr


@needs_sh
def test_setup_skips_broken_shims_and_installs_only_hashed_packages(tmp_path):
    folder = tmp_path / "with space"
    folder.mkdir()
    done = run_setup(folder, pythons={"python3.13": BROKEN_SHIM, "python3.12": GOOD})
    assert done.returncode == 0, done.stderr
    assert "Making .venv with Python 3.12.9" in done.stdout
    first, second = (folder / "pip.log").read_text().splitlines()
    assert first.endswith("--require-hashes -r requirements.lock")
    assert second.endswith("--no-deps --no-build-isolation -e .")
    assert (folder / ".venv" / ".ready").read_text().startswith(str(folder.resolve()))


@needs_sh
def test_setup_does_nothing_when_ready_and_starts_over_when_broken_or_moved(tmp_path):
    folder, moved = tmp_path / "here", tmp_path / "there"
    folder.mkdir()

    def installs(place: Path) -> int:
        shutil.rmtree(place / "tools", ignore_errors=True)
        done = run_setup(place, pythons={"python3": GOOD})
        assert done.returncode == 0, done.stderr
        return len((place / "pip.log").read_text().splitlines())

    assert [installs(folder), installs(folder)] == [2, 2]
    (folder / ".venv" / "bin" / "python").unlink()
    assert installs(folder) == 4
    (folder / ".venv" / ".ready").unlink()
    assert installs(folder) == 6
    folder.rename(moved)
    assert [installs(moved), installs(moved)] == [8, 8]
