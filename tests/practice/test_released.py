"""The learner's copy of a unit."""

import ast
import sys

import nbformat
import pytest

from autograder.mistakes import Mistake
from autograder.practice.answers import solution, unit_of
from tests.classroom import UNITS as RELEASED
from tests.practice.conftest import release
from tests.units import ROOT, UNITS

NEEDED = {"numpy", "matplotlib", "selfcheck"}


@pytest.mark.parametrize("unit", RELEASED)
def test_it_is_the_text_that_nbgrader_releases(released, unit):
    folder = released.folder / "release" / unit
    made = release(unit, released.root)
    assert made.notebook == (folder / f"{unit}.ipynb").read_text(encoding="utf-8")
    others = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".ipynb"}
    assert made.files == others


@pytest.mark.parametrize("unit", UNITS)
def test_it_needs_numpy_and_matplotlib_and_nothing_else(unit):
    made = release(unit, ROOT)
    notebook = nbformat.reads(made.notebook, as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    sources += [content.decode() for name, content in made.files.items() if name.endswith(".py")]
    imported = {name for source in sources for name in _imported(ast.parse(source))}
    assert imported - set(sys.stdlib_module_names) <= NEEDED
    assert "numpy" in imported


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def test_tasks_have_their_points_in_order():
    unit = release("mse", ROOT)
    assert list(unit.tasks)[:3] == ["squared_error", "squared_error_grad", "mse"]
    assert unit.tasks["mse_grad"] == 5
    locked = {cell.grade_id for cell in unit.cells if cell.locked}
    assert "mse_grad_checks" in locked


def test_an_unknown_unit_is_a_mistake():
    with pytest.raises(Mistake, match="there is no unit 'nix'; the units are derivatives, mse"):
        release("nix", ROOT)


def test_a_solution_is_shown_without_the_docstring():
    code = solution("mse", "mse", ROOT)
    assert code == "def mse(y, y_hat):\n    return np.mean((y - y_hat) ** 2)"
    assert solution("mse", "outliers", ROOT).startswith("The squared error's derivative")


def test_a_task_is_found_in_its_unit():
    assert unit_of("mse_grad", ROOT) == "mse"
    assert unit_of("outliers", ROOT) == "mse"
    with pytest.raises(Mistake, match="no task 'mse_gard'; did you mean mse_grad or"):
        unit_of("mse_gard", ROOT)
