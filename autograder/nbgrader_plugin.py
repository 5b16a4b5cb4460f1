"""The nbgrader side: what `nbgrader_config.py` puts in the place of nbgrader's own exporter and executor.

`nbgrader autograde` and the formgrader's button go through these; saving scores, late penalties, the formgrader,
feedback and export stay nbgrader's own. Notebooks that are not units of this course are left to nbgrader.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Unicode
from traitlets.config import Config

from autograder import pages, records, seeds
from autograder.grading import Graded, Job, grade
from autograder.restoring import ReleasedCell, Unreadable, read_cells, restore
from autograder.tasks import has_graders

SECRET = ".lossgrad-secret"
MAX_EXTRA_FILES = 50 * 2**20  # bytes of all files beside a submitted notebook


def configure(c: Config) -> None:
    """Let nbgrader grade this course's units through us. Called by `nbgrader_config.py`."""
    c.Autograde.exporter_class = RestoringExporter
    stock = Autograde.autograde_preprocessors.default_args[0]
    c.Autograde.autograde_preprocessors = [GradeTasks if step is Execute else step for step in stock]
    # The record stays with the lecturer: it is neither submitted, nor copied beside the feedback.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", f"*{records.SUFFIX}", ".home"]
    pages.configure(c)


class RestoringExporter(NotebookExporter):
    """Reads a submitted notebook however broken it is; see `autograder.restoring`."""

    def from_filename(self, filename, resources=None, **kw):
        place = (resources or {}).get("nbgrader", {})
        if not self._is_submission(filename, place):
            return super().from_filename(filename, resources=resources, **kw)
        resources = resources | {"metadata": {"name": place["notebook"], "path": os.path.dirname(filename)}}
        return self.from_notebook_node(self._restored(Path(filename), place), resources=resources, **kw)

    def _is_submission(self, filename, place) -> bool:
        if not place or not has_graders(place["notebook"]):
            return False
        coursedir = self.parent.coursedir
        graded = coursedir.format_path(coursedir.autograded_directory, place["student"], place["assignment"])
        return os.path.realpath(os.path.dirname(filename)) != os.path.realpath(graded)

    def _restored(self, path: Path, place) -> NotebookNode:
        released = released_cells(place["db_url"], place["notebook"], place["assignment"])
        try:
            cells, problem = read_cells(path), ""
        except Unreadable as error:
            cells, problem = [], str(error)
            self.log.warning("%s: %s", path, problem)
        notebook = restore(cells, released)
        if problem:
            notebook.cells.insert(0, new_markdown_cell(f"**{problem}**", id="unreadable"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        notebook.metadata["lossgrad"] = {"submission": digest, "problem": problem}
        return notebook


class GradeTasks(Execute):
    """Runs a submission's cells in a kernel of its own and the hidden checks in this process."""

    secret_file = Unicode(
        SECRET, help="File of the course's secret, relative to the course directory; made on first use."
    ).tag(config=True)

    def preprocess(self, nb, resources=None, km=None):
        place = resources["nbgrader"]
        if not has_graders(place["notebook"]):
            return super().preprocess(nb, resources, km)
        graded = _outside_event_loop(grade, self._job(nb, resources))
        for problem in graded.record.problems:
            self.log.warning("%s, %s: %s", place["student"], place["notebook"], problem)
        name = place["notebook"] + records.SUFFIX
        resources.setdefault("outputs", {})[name] = records.to_json(graded.record).encode()
        graded.notebook.metadata.pop("lossgrad", None)
        return graded.notebook, resources

    def _job(self, nb, resources) -> Job:
        place = resources["nbgrader"]
        about = nb.metadata.get("lossgrad", {})
        secret = seeds.course_secret(Path(self.secret_file).absolute())
        return Job(
            unit=place["notebook"],
            student=place["student"],
            notebook=nb,
            seed=seeds.student_seed(secret, place["student"], place["notebook"]),
            submission=about.get("submission", ""),
            files=read_files(Path(resources["metadata"]["path"])),
            problems=(about["problem"],) if about.get("problem") else (),
        )


def released_cells(db_url: str, notebook_id: str, assignment_id: str) -> list[ReleasedCell]:
    """Return the cells of a released notebook as the gradebook knows them."""
    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_notebook(notebook_id, assignment_id)
        points = {cell.name: cell.max_score for cell in notebook.grade_cells}
        solutions = {cell.name for cell in notebook.solution_cells}
        tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
        return [_released_cell(cell, points, solutions, tasks) for cell in notebook.source_cells]


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files beside a notebook by relative path: no notebooks, records, links, or special files."""
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        unwanted = path.suffix == ".ipynb" or path.name.endswith(records.SUFFIX)
        if unwanted or path.is_symlink() or not path.is_file():
            continue
        total += path.stat().st_size
        if total > MAX_EXTRA_FILES:
            break
        files[str(path.relative_to(folder))] = path.read_bytes()
    return files


def _released_cell(cell, points, solutions, tasks) -> ReleasedCell:
    metadata = {
        "schema_version": 3,
        "grade_id": cell.name,
        "cell_type": cell.cell_type,
        "checksum": cell.checksum,
        "grade": cell.name in points,
        "solution": cell.name in solutions,
        "task": cell.name in tasks,
        "locked": cell.locked,
    }
    worth = points.get(cell.name, tasks.get(cell.name))
    if worth is not None:
        metadata["points"] = worth
    return ReleasedCell(cell.name, cell.cell_type, metadata, cell.locked, cell.source)


def _outside_event_loop(function, *arguments) -> Graded:
    """Call a function that runs an event loop of its own, in a thread where this one runs one already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function(*arguments)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()
