"""A learner's desk in a temporary folder, with kernels that run in this process."""

import functools
import io
import types

import nbformat
import pytest
from rich.console import Console

from autograder.practice import answers, released
from autograder.practice import desk as desks
from autograder.practice.folder import Folder
from tests.grading import Here
from tests.units import ROOT

release = functools.cache(released.release)  # which takes a moment, and always makes the same


@pytest.fixture(autouse=True)
def _release_once(monkeypatch):
    monkeypatch.setattr(released, "release", release)


class Quick(Here):
    """Runs cells in this process, remembers which, and lets those fail that fail."""

    ran: list[str] = []  # noqa: RUF012 (shared on purpose)

    def run_cell(self, index):
        source = self.notebook.cells[index].source
        self.ran.append(source)
        self.names["__builtins__"] = dict(vars(__import__("builtins")), __import__=_import)
        exec(source, self.names)


def _import(name, *rest):
    if name == "selfcheck":
        return types.SimpleNamespace(check_value=None, check_gradient=None, check_text=None)
    return __import__(name, *rest)


class Learner:
    """Somebody with a desk, who writes answers into a notebook and saves it."""

    def __init__(self, folder, root=ROOT):
        self.told = []
        self.folder = Folder(folder)
        self.desk = desks.prepare(root, self.folder, ["mse"], self.told.append)

    @property
    def path(self):
        return self.folder.notebook("mse")

    def write(self, **bodies):
        """Write functions' bodies into their cells, `True` for the right one, and save."""
        notebook = nbformat.read(self.path, as_version=4)
        functions = answers.solutions_of("mse", ROOT).functions
        for cell in notebook.cells:
            task = cell.metadata.get("nbgrader", {}).get("grade_id")
            if task in bodies:
                body = bodies[task]
                body = functions[task].body if body is True else f"    {body}"
                cell.source = f"{functions[task].head}\n{body}"
        nbformat.write(notebook, self.path)

    def check(self):
        """Check what changed, and return the tasks by name."""
        saved, files = self.desk.saved_notebook("mse")
        checked = self.desk.check(saved, files, self.desk.changed(saved), Quick)
        return {each.task: each for each in checked}

    def progress(self, task):
        return self.desk.file.read().task("mse", task)


@pytest.fixture
def learner(tmp_path):
    return Learner(tmp_path / "practice")


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=100)
