"""The layout of the repository: four rooms with the same units, and no stray files."""

import importlib
import importlib.metadata
import inspect
import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder
from tests.units import ROOT, UNITS

TOP_LEVEL = {
    *("course", "exercises", "solutions", "autograder", "tests", "nbgrader_config.py"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *("pyproject.toml", "requirements.txt", "Makefile", ".ci", ".pre-commit-config.yaml"),
    *(".editorconfig", ".gitattributes", ".gitignore"),
}
TOP_LEVEL_OPTIONAL = {"benchmarks", "docs", ".github"}

# Folder: the file of a unit, and the other files that belong there.
ROOMS = {
    "course/lessons": ("{}.md", set()),
    "exercises": ("{}.md", {"selfcheck.py"}),
    "solutions": ("{}.py", {"__init__.py"}),
    "solutions/misconceptions": ("{}.py", {"__init__.py"}),
    "tests/alternatives": ("{}.py", {"__init__.py"}),
    "tests/oracles": ("{}.py", {"__init__.py"}),
    "autograder/graders": ("test_{}.py", {"__init__.py", "conftest.py"}),
}
TARGETS = [
    *("help", "setup", "demo", "test", "screenshots", "lint", "format", "guides", "bench"),
    *("lock", "clean", "distclean"),
]


def git_files(*options):
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", *options]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {PurePosixPath(name) for name in names.split("\0") if name and (ROOT / name).exists()}


@pytest.fixture(scope="module")
def files():
    """The files of the repository, committed or about to be."""
    return git_files("--cached", "--others", "--exclude-standard")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_top_level_has_what_it_should_and_nothing_else(files):
    found = {file.parts[0] for file in files}
    assert TOP_LEVEL - found == set()
    assert found - TOP_LEVEL - TOP_LEVEL_OPTIONAL == set()


def test_there_are_units():
    assert {"derivatives", "mse", "cross_entropy", "hinge"} <= set(UNITS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_unit_is_in_every_room_and_nothing_else_is(files, room):
    name, others = ROOMS[room]
    expected = {name.format(unit) for unit in UNITS}
    found = {file.name for file in files if str(file.parent) == room}
    assert expected - found == set()
    assert found - expected - others == set()


def test_build_products_and_personal_data_are_not_committed():
    tracked = git_files("--cached")
    assert {file for file in tracked if file.parts[0] == "classroom"} == set()
    assert {
        file for file in tracked if file.suffix in {".ipynb", ".db", ".sqlite", ".pyc"}
    } == set()
    pictures = {file for file in tracked if file.suffix == ".png"}
    assert {file for file in pictures if file.parts[:2] != ("docs", "images")} == set()


def test_version_is_the_same_everywhere(project):
    assert autograder.__version__ == project["version"]
    assert importlib.metadata.version("lossgrad") == project["version"]


def test_every_requirement_is_pinned_exactly():
    assert [
        str(pin) for pin in pins() if pin.url or [s.operator for s in pin.specifier] != ["=="]
    ] == []


def test_the_pins_satisfy_the_project(project):
    pinned = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins()}
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in map(Requirement, chain.from_iterable(groups)):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{name} is not pinned: run `make lock`"
        assert requirement.specifier.contains(pinned[name]), f"{name}: run `make lock`"


@pytest.mark.parametrize("unit", UNITS)
def test_every_public_function_of_a_solution_is_documented(unit):
    module = importlib.import_module(f"solutions.{unit}")
    functions = {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert functions
    assert [
        name for name, function in functions.items() if not (function.__doc__ or "").strip()
    ] == []


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_make_help_lists_every_target():
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^ +make (\w+)", listed, flags=re.M) == TARGETS
