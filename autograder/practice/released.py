"""A unit as students get it, made from its texts alone: without a gradebook, and without answers.

nbgrader's own steps cut the source notebook down, all but the one that writes to the gradebook, so
that the text is the same as that of `nbgrader generate_assignment`.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells

from autograder import assignments
from autograder.grading import graded_task
from autograder.mistakes import Mistake
from autograder.restoring import ReleasedCell


@dataclass(frozen=True)
class Unit:
    """A unit as it is released.

    `notebook` is the text of `<unit>.ipynb`, `files` are the others beside it; `cells` are those
    that nbgrader knows, `tasks` the points of the tasks, in order.
    """

    name: str
    notebook: str
    files: dict[str, bytes]
    cells: tuple[ReleasedCell, ...]
    tasks: dict[str, float]

    @property
    def digest(self) -> str:
        """The SHA-256 by which a changed exercise is noticed."""
        return hashlib.sha256(self.notebook.encode()).hexdigest()


def release(name: str, root: Path) -> Unit:
    """Return a unit as it is released from the course at `root`.

    Raises Mistake if the course has no such unit, AuthorError if its texts have a mistake.
    """
    known = assignments.units(root)
    if name not in known:
        raise Mistake(f"there is no unit {name!r}; the units are {', '.join(known)}")
    with tempfile.TemporaryDirectory(prefix="lossgrad-") as folder:
        path = assignments.build_unit(name, root, Path(folder))
        notebook = nbformat.read(path, as_version=4)
        files = {
            other.name: other.read_bytes()
            for other in sorted(path.parent.iterdir())
            if other != path
        }
    notebook = _without_answers(notebook, name)
    cells = tuple(_released(cell) for cell in notebook.cells if "nbgrader" in cell.metadata)
    graded = [(graded_task(cell, name), cell) for cell in notebook.cells]
    tasks = {task: float(cell.metadata.nbgrader.points) for task, cell in graded if task}
    return Unit(name, nbformat.writes(notebook) + "\n", files, cells, tasks)


def _without_answers(notebook: NotebookNode, name: str) -> NotebookNode:
    resources = {"nbgrader": {"notebook": name, "assignment": name, "student": "."}}
    for step in GenerateAssignment.preprocessors.default_args[0]:
        if step is not SaveCells:
            notebook, resources = step().preprocess(notebook, resources)
    return notebook


def _released(cell: NotebookNode) -> ReleasedCell:
    about = cell.metadata.nbgrader
    return ReleasedCell(about.grade_id, cell.cell_type, dict(about), about.locked, cell.source)
