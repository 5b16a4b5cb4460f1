"""`lossgrad new`: a unit that works at once, and names that would not."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder import new_unit
from autograder.assignments import build_unit, units
from autograder.new_unit import FILES, NewUnitError, add_to_syllabus, make_unit
from tests.test_repository import ROOMS
from tests.units import ROOT

SHORTEST, LONGEST = "zig", "loss_with_18_chars"


def copied(folder, *rooms):
    for room in rooms:
        others = shutil.ignore_patterns("__pycache__", "class")
        shutil.copytree(ROOT / room, folder / room, ignore=others)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The texts of the course, in a folder from which the program seems to run."""
    copied(tmp_path, "course", "exercises", "solutions")
    module = str(tmp_path / "autograder" / "__init__.py")
    monkeypatch.setattr(new_unit.autograder, "__file__", module)
    return tmp_path


def run(checkout, *command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment["PYTHONPATH"] = str(checkout)
    result = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def files_in(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_a_new_unit_builds_and_passes_the_tests_of_a_unit_as_it_is(checkout):
    for exercise in (checkout / "exercises").glob("*.md"):
        exercise.unlink()  # the tests of other units need not be collected
    copied(checkout, "autograder", "tests")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    for name in (SHORTEST, LONGEST):
        made = make_unit(name, checkout)
        assert made == [path for path in made if (checkout / path).is_file()]
        assert build_unit(name, checkout, checkout / "source").exists()
        python = [str(path) for path in made if path.suffix == ".py"]
        run(checkout, "ruff", "check", *python)
        run(checkout, "ruff", "format", "--check", *python)
    tests = [f"tests/test_{name}.py" for name in ("alternatives", "misconceptions", "oracles")]
    printed = run(checkout, "pytest", "-q", "-p", "no:cacheprovider", "-k", LONGEST, *tests)
    assert "63 passed" in printed


def test_it_has_a_file_in_every_room():
    rooms = {f"{room}/{name}" for room, (name, _) in ROOMS.items()}
    assert rooms <= FILES.keys()


def test_nothing_of_the_template_is_left(checkout):
    for path in make_unit("zig_zag", checkout):
        text = (checkout / path).read_text(encoding="utf-8")
        assert "UNIT" not in text
        assert "TITLE" not in text
    assert "# Zig zag\n" in (checkout / "exercises" / "zig_zag.md").read_text(encoding="utf-8")


def test_it_is_the_last_unit_of_the_syllabus(checkout):
    make_unit("zig", checkout)
    before = units(checkout)
    assert add_to_syllabus("zig", checkout)
    assert units(checkout) == (*[unit for unit in before if unit != "zig"], "zig")
    rows = (checkout / "course" / "syllabus.md").read_text(encoding="utf-8").splitlines()
    assert rows[-1].startswith("| [zig](lessons/zig.md) |")


def test_a_syllabus_without_a_table_is_left_alone(tmp_path):
    assert not add_to_syllabus("zig", tmp_path)
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "syllabus.md").write_text("Nothing yet.\n")
    assert not add_to_syllabus("zig", tmp_path)
    assert (tmp_path / "course" / "syllabus.md").read_text() == "Nothing yet.\n"


@pytest.mark.parametrize("path", FILES)
def test_it_overwrites_nothing(checkout, path):
    mine = checkout / path.format("zig")
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    before = files_in(checkout)
    with pytest.raises(NewUnitError, match="exists already"):
        make_unit("zig", checkout)
    assert files_in(checkout) == before
    assert mine.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Huber", "small letters"),
        ("log-cosh", "small letters"),
        ("2fast", "small letters"),
        ("../../etc", "small letters"),
        ("", "small letters"),
        ("größe", "small letters"),
        ("a" * 19, "19 letters"),
        ("lambda", "a word of Python's"),
        ("match", "a word of Python's"),
        ("sum", "a function of this name"),
        ("random", "a Python module"),
        ("numpy", "a Python module"),
        ("solutions", "a Python module"),
        ("misconceptions", "something else"),
        ("np", "something else"),
        ("selfcheck", "something else"),
    ],
)
def test_a_name_that_would_not_work_is_refused_with_its_reason(checkout, name, why):
    before = files_in(checkout)
    with pytest.raises(NewUnitError, match=why) as caught:
        make_unit(name, checkout)
    assert len(str(caught.value).splitlines()) == 2
    assert files_in(checkout) == before


@pytest.mark.parametrize(("name", "why"), [("huber", "regression has"), ("mse", "exists already")])
def test_a_name_that_is_taken_is_refused(checkout, name, why):
    before = files_in(checkout)
    with pytest.raises(NewUnitError, match=why):
        make_unit(name, checkout)
    assert files_in(checkout) == before


def test_it_is_made_where_the_program_runs_from(tmp_path):
    with pytest.raises(NewUnitError, match="runs from"):
        make_unit("zig", tmp_path)
    assert not files_in(tmp_path)
